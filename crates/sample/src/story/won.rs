//! Deals that were won: from history to a handoff that is done.

use throughline_app::portal::PortalAct;
use throughline_domain::{
    HandoffId, Role,
    deal::Standing,
    handoff::{Covers, KnownBy, Mark, Milestone, PlanForm, command},
    playbook::Gate,
    record::{DecisionVerdict, Side},
};

use super::{AMARA, JONAS, sold};
use crate::{
    PlayError,
    customers::*,
    stage::{Sold, Stage, heard, key, say},
};

/// Closed last winter: history.
pub(super) async fn tarn_valley(stage: &Stage<'_>) -> Result<(), PlayError> {
    stage.at(stage.script.back(66, 9, 0)).await?;
    let close = stage.script.date(stage.script.back(180, 9, 0));
    let mut deal = stage.reading(
        sold("D-1007", "Tarn Valley Water", "Leak reports", JONAS, 22_000),
        Standing::Won,
        close,
    );
    let closed = stage.script.back(180, 15, 0);
    (deal.closed_at, deal.signed_at, deal.stage) = (Some(closed), Some(closed), "Closed won".to_owned());
    stage.open(deal).await?;
    stage.deliver().await
}

/// The whole way: opened before the signature, handed over, kicked off, done, and the next deal stays with the CSM.
pub(super) async fn quillon(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1012", "Quillon Retail Group", "Store operations", AMARA, 42_000);
    let close = script.date(script.back(36, 9, 0));
    let id = stage.opens(script.back(48, 9, 10), deal, close).await?;
    stage.nominates(script.back(46, 10, 0), id, &cast.mei).await?;
    stage.meets(script.back(44, 14, 0), id, &cast.mei).await?;
    stage.fills(script.back(43, 11, 20), &cast.amara, id, &QUILLON).await?;
    stage.at(script.back(42, 16, 5)).await?;
    let promise = stage.waiting(id, Role::Product).await?;
    let reason = say("It is on the roadmap for the spring release; say early summer, nothing sooner.")?;
    stage
        .pass(
            &cast.piotr,
            id,
            command::DecidePromise { item: promise, verdict: DecisionVerdict::Approved, reason },
        )
        .await?;
    stage.wins(script.back(36, 15, 40), deal, close).await?;
    stage.offered_and_accepted(id, &cast.amara, &cast.mei, (36, 16), (35, 11)).await?;
    stage.introduced(id, &cast.amara, &cast.mei, 35).await?;
    stage.at(script.back(34, 9, 30)).await?;
    stage.books(id, &cast.mei, script.back(26, 10, 0)).await?;
    stage.prepared(id, &cast.amara, &cast.mei, 32).await?;
    stage.at(script.back(26, 10, 0)).await?;
    let held = stage.happened("kickoff", None, KnownBy::Calendar)?;
    stage.at(script.back(26, 11, 5)).await?;
    stage
        .pass(&cast.mei, id, command::ReportStep { ended_at: Some(script.back(26, 10, 55)), ..held })
        .await?;
    let evidence = heard("Kickoff", "Beatriz Lemos")?;
    for prerequisite in ["owner_named", "access_given"] {
        let command =
            command::CommitPrerequisite { prerequisite: key(prerequisite)?, evidence: evidence.clone() };
        stage.pass(&cast.mei, id, command).await?;
    }
    let mark = command::MarkCategory { category: key("transition_quality")?, mark: Mark::Clear, note: None };
    stage.pass(&cast.mei, id, mark).await?;
    let comment = say("I could start where Amara stopped. The photo promise was new to nobody.")?;
    stage
        .pass(
            &cast.mei,
            id,
            command::Rate { rating: key("kickoff")?, score: 5, reason: None, comment: Some(comment) },
        )
        .await?;
    stage.at(script.back(25, 9, 15)).await?;
    let confirmed = command::ConfirmPlan { form: PlanForm::Mail, at: stage.app.now(), evidence };
    stage.pass(&cast.mei, id, confirmed).await?;
    stage.pass(&cast.mei, id, command::Finish {}).await?;
    stage.at(script.back(14, 16, 0)).await?;
    stage.report(&cast.mei, id, "first_value", None, KnownBy::Attested).await?;
    // The same customer buys more: it stays with the CSM who has the account.
    stage.at(script.back(6, 11, 0)).await?;
    let more = Sold { id: "D-1052", name: "Twelve more stores", deal_type: "Expansion", arr: 12_000, ..deal };
    stage.tell(stage.reading(more, Standing::Open, script.ahead(10))).await?;
    stage.deliver().await
}

/// Owned; the plan is open and the kickoff is in a few days.
pub(super) async fn pellworth(stage: &Stage<'_>) -> Result<HandoffId, PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = Sold {
        competitor: Some("Fieldline"),
        ..sold("D-1019", "Pellworth Insurance", "Adjusters in the field", JONAS, 46_000)
    };
    let close = script.date(script.back(9, 9, 0));
    let id = stage.opens(script.back(24, 9, 0), deal, close).await?;
    stage.nominates(script.back(22, 10, 15), id, &cast.luca).await?;
    stage.meets(script.back(18, 13, 0), id, &cast.luca).await?;
    stage.fills(script.back(16, 10, 40), &cast.jonas, id, &PELLWORTH).await?;
    stage.at(script.back(15, 9, 30)).await?;
    let text = say("Derek wants it to work without a signal. For how many hours, did he say?")?;
    let asked = stage.pass(&cast.luca, id, command::AskQuestion { text }).await?;
    stage.at(script.back(15, 14, 0)).await?;
    if let Some(question) = asked.questions.keys().next() {
        let text = say("A whole day. They drive out in the morning and have a signal again at the hotel.")?;
        stage.pass(&cast.jonas, id, command::AnswerQuestion { question: *question, text }).await?;
    }
    stage.wins(script.back(9, 17, 10), deal, close).await?;
    stage.offered_and_accepted(id, &cast.jonas, &cast.luca, (8, 9), (8, 14)).await?;
    stage.introduced(id, &cast.jonas, &cast.luca, 7).await?;
    stage.at(script.back(6, 10, 0)).await?;
    stage.books(id, &cast.luca, script.ahead_at(3, 10, 0)).await?;
    stage.prepared(id, &cast.jonas, &cast.luca, 3).await?;
    Ok(id)
}

/// Their side of the plan: two are let in, and one has been there.
pub(super) async fn pellworths_own_part(stage: &Stage<'_>, id: HandoffId) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    stage.at(script.back(2, 11, 20)).await?;
    let (yusuf, clara) = ("yusuf.demir@pellworth.example", "clara.whitmore@pellworth.example");
    stage.lets_in(&cast.luca, id, ("Yusuf Demir", yusuf), false).await?;
    stage.lets_in(&cast.luca, id, ("Clara Whitmore", clara), true).await?;
    stage.at(script.back(1, 15, 5)).await?;
    let visitor = stage.comes_in(id, yusuf).await?;
    let text = say("Derek takes part on Thursday. Can we show him a report filed without a signal?")?;
    let comment = command::CommentPlan { milestone: None, text };
    stage.there(&visitor, id, PortalAct::Comment(comment)).await?;
    let milestone = Milestone {
        title: say("Every adjuster has filed a whole day offline")?,
        side: Side::Customer,
        owner: Some(say("Derek Lyle")?),
        due_on: Some(script.ahead(28)),
        reached_on: None,
    };
    let wish = command::ProposeMilestone { of: None, milestone };
    stage.there(&visitor, id, PortalAct::Propose(wish)).await
}

/// Signed past the gate: bypassed, its steps are late, and the AE asks for his credit all the same.
pub(super) async fn solvane(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1031", "Solvane Chemicals", "Permits to work", JONAS, 58_000);
    let close = script.date(script.back(5, 9, 0));
    let id = stage.opens(script.back(14, 9, 45), deal, close).await?;
    stage.fills(script.back(12, 16, 30), &cast.jonas, id, &SOLVANE).await?;
    stage.wins(script.back(5, 18, 20), deal, close).await?;
    stage.nominates(script.back(3, 10, 0), id, &cast.mei).await?;
    stage.at(script.back(2, 9, 40)).await?;
    let waiver = command::AskWaiver {
        gate: Gate::Credit,
        covers: [Covers::Ask { ask: key("executive_sponsor")? }].into(),
        reason: say("Their board changes in January. Until then nobody stands behind it by name.")?,
    };
    stage.pass(&cast.jonas, id, waiver).await?;
    stage.deliver().await
}

/// Accepted yesterday; the customer has not been introduced yet.
pub(super) async fn ostrava(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1034", "Ostrava Rail Parts", "Spare parts hall", AMARA, 38_000);
    let close = script.date(script.back(2, 9, 0));
    let id = stage.opens(script.back(16, 8, 50), deal, close).await?;
    stage.nominates(script.back(13, 9, 0), id, &cast.mei).await?;
    stage.fills(script.back(10, 11, 0), &cast.amara, id, &OSTRAVA).await?;
    stage.at(script.back(9, 10, 30)).await?;
    let promise = stage.waiting(id, Role::Product).await?;
    let reason =
        say("The scanners' maker has no interface. We can take their nightly file by then, no more.")?;
    let verdict = DecisionVerdict::Countered;
    stage.pass(&cast.piotr, id, command::DecidePromise { item: promise, verdict, reason }).await?;
    stage.at(script.back(7, 15, 0)).await?;
    let evidence = heard("Call about the scanners", "Tereza Dvořáková")?;
    stage.pass(&cast.amara, id, command::CorrectPromise { item: promise, evidence }).await?;
    stage.wins(script.back(2, 16, 0), deal, close).await?;
    stage.offered_and_accepted(id, &cast.amara, &cast.mei, (2, 16), (1, 10)).await
}
