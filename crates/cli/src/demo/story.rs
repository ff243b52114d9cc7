//! The plays: each deal is led to where the demo finds it, by the people and commands that would lead it there.

use jiff::Timestamp;
use throughline_domain::{
    HandoffId, Role,
    deal::Standing,
    handoff::{Covers, KnownBy, Mark, Milestone, PlanForm, command},
    playbook::Gate,
    record::{DecisionVerdict, Side},
};

use super::{
    STORY_DEAL,
    brief::Brief,
    customers::*,
    stage::{Sold, Stage, heard, id_of, key, say},
};
use crate::failure::Failure;

const AMARA: &str = "Amara Osei";
const JONAS: &str = "Jonas Brandt";

fn sold(id: &'static str, account: &'static str, name: &'static str, owner: &'static str, arr: i64) -> Sold {
    Sold {
        id,
        name,
        account,
        stage: "Negotiation",
        arr,
        probability: 60,
        owner,
        plan: "Business",
        deal_type: "New business",
        competitor: None,
    }
}

/// Plays everything and ends now.
pub async fn play(stage: Stage<'_>) -> Result<(), Failure> {
    tarn_valley(&stage).await?;
    quillon(&stage).await?;
    pellworth(&stage).await?;
    ridgeway(&stage).await?;
    solvane(&stage).await?;
    ostrava(&stage).await?;
    nordhavn(&stage).await?;
    kestrel(&stage).await?;
    umber(&stage).await?;
    verano(&stage).await?;
    brightwater(&stage).await?;
    wexford(&stage).await?;
    yarrow(&stage).await?;
    halden(&stage).await
}

/// Closed last winter: history.
async fn tarn_valley(stage: &Stage<'_>) -> Result<(), Failure> {
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
async fn quillon(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1012", "Quillon Retail Group", "Store operations", AMARA, 42_000);
    stage.at(script.back(48, 9, 10)).await?;
    let close = script.date(script.back(36, 9, 0));
    let id = stage.open(stage.reading(deal, Standing::Open, close)).await?;
    stage.at(script.back(46, 10, 0)).await?;
    nominate(stage, id, &cast.mei).await?;
    stage.at(script.back(44, 14, 0)).await?;
    stage.report(&cast.mei, id, "early_intro", None, KnownBy::Calendar).await?;
    stage.at(script.back(43, 11, 20)).await?;
    stage.fill(&cast.amara, id, &QUILLON).await?;
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
    stage.at(script.back(36, 15, 40)).await?;
    let won = Sold { stage: "Closed won", ..deal };
    stage.tell(stage.reading(won, Standing::Won, close)).await?;
    offered_and_accepted(stage, id, &cast.amara, &cast.mei, (36, 16), (35, 11)).await?;
    introduced(stage, id, &cast.amara, &cast.mei, 35).await?;
    stage.at(script.back(34, 9, 30)).await?;
    book(stage, id, script.back(26, 10, 0)).await?;
    prepared(stage, id, &cast.amara, &cast.mei, 32).await?;
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
async fn pellworth(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = Sold {
        competitor: Some("Fieldline"),
        ..sold("D-1019", "Pellworth Insurance", "Adjusters in the field", JONAS, 46_000)
    };
    stage.at(script.back(24, 9, 0)).await?;
    let close = script.date(script.back(9, 9, 0));
    let id = stage.open(stage.reading(deal, Standing::Open, close)).await?;
    stage.at(script.back(22, 10, 15)).await?;
    nominate(stage, id, &cast.luca).await?;
    stage.at(script.back(18, 13, 0)).await?;
    stage.report(&cast.luca, id, "early_intro", None, KnownBy::Calendar).await?;
    stage.at(script.back(16, 10, 40)).await?;
    stage.fill(&cast.jonas, id, &PELLWORTH).await?;
    stage.at(script.back(15, 9, 30)).await?;
    let text = say("Derek wants it to work without a signal. For how many hours, did he say?")?;
    let asked = stage.pass(&cast.luca, id, command::AskQuestion { text }).await?;
    stage.at(script.back(15, 14, 0)).await?;
    if let Some(question) = asked.questions.keys().next() {
        let text = say("A whole day. They drive out in the morning and have a signal again at the hotel.")?;
        stage.pass(&cast.jonas, id, command::AnswerQuestion { question: *question, text }).await?;
    }
    stage.at(script.back(9, 17, 10)).await?;
    let won = Sold { stage: "Closed won", ..deal };
    stage.tell(stage.reading(won, Standing::Won, close)).await?;
    offered_and_accepted(stage, id, &cast.jonas, &cast.luca, (8, 9), (8, 14)).await?;
    introduced(stage, id, &cast.jonas, &cast.luca, 7).await?;
    stage.at(script.back(6, 10, 0)).await?;
    book_by(stage, id, &cast.luca, script.ahead_at(3, 10, 0)).await?;
    prepared(stage, id, &cast.jonas, &cast.luca, 3).await
}

/// Lost in the last week.
async fn ridgeway(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1023", "Ridgeway Schools", "Caretaker rounds", AMARA, 15_000);
    stage.at(script.back(20, 11, 0)).await?;
    let close = script.ahead(2);
    let id = stage.open(stage.reading(deal, Standing::Open, close)).await?;
    stage.at(script.back(17, 15, 0)).await?;
    let known = Brief {
        triggers: &["budget_window"],
        use_case: "Rounds of the caretakers in four schools.",
        ..Brief::BLANK
    };
    stage.fill(&cast.amara, id, &known).await?;
    stage.at(script.back(5, 12, 0)).await?;
    stage.tell(stage.reading(Sold { stage: "Closed lost", ..deal }, Standing::Lost, close)).await?;
    stage.deliver().await
}

/// Signed past the gate: bypassed, and its steps are late.
async fn solvane(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1031", "Solvane Chemicals", "Permits to work", JONAS, 58_000);
    stage.at(script.back(14, 9, 45)).await?;
    let close = script.date(script.back(5, 9, 0));
    let id = stage.open(stage.reading(deal, Standing::Open, close)).await?;
    stage.at(script.back(12, 16, 30)).await?;
    stage.fill(&cast.jonas, id, &SOLVANE).await?;
    stage.at(script.back(5, 18, 20)).await?;
    stage.tell(stage.reading(Sold { stage: "Closed won", ..deal }, Standing::Won, close)).await?;
    stage.at(script.back(3, 10, 0)).await?;
    nominate(stage, id, &cast.mei).await
}

/// Accepted yesterday; the customer has not been introduced yet.
async fn ostrava(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1034", "Ostrava Rail Parts", "Spare parts hall", AMARA, 38_000);
    stage.at(script.back(16, 8, 50)).await?;
    let close = script.date(script.back(2, 9, 0));
    let id = stage.open(stage.reading(deal, Standing::Open, close)).await?;
    stage.at(script.back(13, 9, 0)).await?;
    nominate(stage, id, &cast.mei).await?;
    stage.at(script.back(10, 11, 0)).await?;
    stage.fill(&cast.amara, id, &OSTRAVA).await?;
    stage.at(script.back(9, 10, 30)).await?;
    let promise = stage.waiting(id, Role::Product).await?;
    let reason =
        say("The scanners' maker has no interface. We can take their nightly file by then, no more.")?;
    let verdict = DecisionVerdict::Countered;
    stage.pass(&cast.piotr, id, command::DecidePromise { item: promise, verdict, reason }).await?;
    stage.at(script.back(7, 15, 0)).await?;
    let evidence = heard("Call about the scanners", "Tereza Dvořáková")?;
    stage.pass(&cast.amara, id, command::CorrectPromise { item: promise, evidence }).await?;
    stage.at(script.back(2, 16, 0)).await?;
    stage.tell(stage.reading(Sold { stage: "Closed won", ..deal }, Standing::Won, close)).await?;
    offered_and_accepted(stage, id, &cast.amara, &cast.mei, (2, 16), (1, 10)).await
}

/// Sent back yesterday, and the AE owes an answer.
async fn nordhavn(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1036", "Nordhavn Foods", "Cold chain alerts", JONAS, 27_000);
    stage.at(script.back(12, 10, 0)).await?;
    let id = stage.open(stage.reading(deal, Standing::Open, script.ahead(4))).await?;
    stage.at(script.back(11, 10, 0)).await?;
    nominate(stage, id, &cast.mei).await?;
    stage.at(script.back(6, 13, 30)).await?;
    stage.fill(&cast.jonas, id, &NORDHAVN).await?;
    stage.at(script.back(2, 9, 20)).await?;
    stage.pass(&cast.jonas, id, command::Offer { to: id_of(&cast.mei)? }).await?;
    stage.at(script.back(1, 15, 10)).await?;
    for category in ["customer_intent", "stakeholder_map"] {
        let mark = command::MarkCategory { category: key(category)?, mark: Mark::Clear, note: None };
        stage.pass(&cast.mei, id, mark).await?;
    }
    let note = say(
        "“Soon” is no timeline. What did Mads tell his board, and what happens if it slips into January?",
    )?;
    let mark =
        command::MarkCategory { category: key("scope_expectations")?, mark: Mark::Unclear, note: Some(note) };
    stage.pass(&cast.mei, id, mark).await?;
    stage.deliver().await
}

/// Offered this morning; the CSM has to answer.
async fn kestrel(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1038", "Kestrel Energy", "Technician guides", AMARA, 33_000);
    stage.at(script.back(11, 9, 0)).await?;
    let id = stage.open(stage.reading(deal, Standing::Open, script.ahead(3))).await?;
    stage.at(script.back(10, 9, 30)).await?;
    nominate(stage, id, &cast.luca).await?;
    stage.at(script.back(8, 11, 0)).await?;
    stage.report(&cast.luca, id, "early_intro", None, KnownBy::Calendar).await?;
    stage.at(script.back(4, 10, 0)).await?;
    stage.fill(&cast.amara, id, &KESTREL).await?;
    stage.at(script.minutes_ago(190)).await?;
    stage.pass(&cast.amara, id, command::Offer { to: id_of(&cast.luca)? }).await?;
    stage.deliver().await
}

/// Two promises wait: one for the deal desk, one for product.
async fn umber(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1043", "Umber & Co Textiles", "Sample approval", JONAS, 31_000);
    stage.at(script.back(9, 14, 0)).await?;
    let id = stage.open(stage.reading(deal, Standing::Open, script.ahead(6))).await?;
    stage.at(script.back(1, 16, 45)).await?;
    stage.fill(&cast.jonas, id, &UMBER).await?;
    stage.deliver().await
}

/// The nominated CSM asks something; the AE asks for a waiver.
async fn verano(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1045", "Verano Hospitality", "Seasonal teams", AMARA, 24_000);
    stage.at(script.back(8, 9, 0)).await?;
    let id = stage.open(stage.reading(deal, Standing::Open, script.ahead(5))).await?;
    stage.at(script.back(7, 9, 20)).await?;
    nominate(stage, id, &cast.mei).await?;
    stage.at(script.back(3, 10, 50)).await?;
    stage.fill(&cast.amara, id, &VERANO).await?;
    stage.at(script.back(1, 11, 15)).await?;
    let text =
        say("Who decides there when Lucía is on the islands? I would like to meet them before the season.")?;
    stage.pass(&cast.mei, id, command::AskQuestion { text }).await?;
    stage.at(script.minutes_ago(75)).await?;
    let waiver = command::AskWaiver {
        gate: Gate::Handoff,
        covers: [Covers::Ask { ask: key("executive_sponsor")? }].into(),
        reason: say("The owner is away until Monday; Lucía will introduce us in her first call back.")?,
    };
    stage.pass(&cast.amara, id, waiver).await?;
    stage.deliver().await
}

/// Nominated; half of the record is there.
async fn brightwater(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = Sold {
        competitor: Some("Wardwise"),
        ..sold("D-1047", "Brightwater Clinics", "Shift handover", JONAS, 64_000)
    };
    stage.at(script.back(6, 10, 10)).await?;
    let mut reading = stage.reading(deal, Standing::Open, script.ahead(11));
    reading.se_involved = Some(true);
    let id = stage.open(reading).await?;
    let seat =
        command::SetSeat { role: Role::Se, person: cast.tom, contributors: Default::default(), reason: None };
    stage.pass(&cast.sofia, id, seat).await?;
    stage.at(script.back(4, 9, 0)).await?;
    nominate(stage, id, &cast.mei).await?;
    stage.at(script.back(2, 14, 25)).await?;
    stage.fill(&cast.jonas, id, &BRIGHTWATER).await?;
    stage.deliver().await
}

/// A small deal on the short way, complete.
async fn wexford(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = Sold { plan: "Starter", ..sold("D-1049", "Wexford Dental", "Recall lists", AMARA, 6_000) };
    stage.at(script.back(4, 15, 0)).await?;
    let id = stage.open(stage.reading(deal, Standing::Open, script.ahead(7))).await?;
    stage.at(script.back(3, 15, 30)).await?;
    stage.fill(&cast.amara, id, &WEXFORD).await?;
    stage.deliver().await
}

/// Far from signing: known, not opened yet.
async fn yarrow(stage: &Stage<'_>) -> Result<(), Failure> {
    stage.at(stage.script.back(3, 9, 0)).await?;
    let deal = Sold {
        probability: 20,
        stage: "Discovery",
        ..sold("D-1055", "Yarrow Publishing", "Print runs", JONAS, 19_000)
    };
    stage.tell(stage.reading(deal, Standing::Open, stage.script.ahead(70))).await?;
    Ok(())
}

/// The tour's deal: refused a moment ago, three answers missing.
async fn halden(stage: &Stage<'_>) -> Result<(), Failure> {
    let Stage { script, cast, .. } = stage;
    let deal = Sold {
        competitor: Some("Routefinder"),
        ..sold(STORY_DEAL, "Halden Logistics", "Day planning", AMARA, 48_000)
    };
    stage.at(script.back(10, 9, 5)).await?;
    let id = stage.open(stage.reading(deal, Standing::Open, script.ahead(2))).await?;
    stage.at(script.back(9, 10, 0)).await?;
    nominate(stage, id, &cast.mei).await?;
    stage.at(script.back(6, 14, 0)).await?;
    stage.report(&cast.mei, id, "early_intro", None, KnownBy::Calendar).await?;
    stage.at(script.back(3, 11, 30)).await?;
    stage.fill(&cast.amara, id, &HALDEN).await?;
    stage.at(script.minutes_ago(12)).await?;
    stage.act(&cast.amara, id, command::AttemptGate { gate: Gate::Handoff }).await?;
    stage.deliver().await
}

async fn nominate(stage: &Stage<'_>, id: HandoffId, csm: &throughline_app::Caller) -> Result<(), Failure> {
    stage.pass(&stage.cast.ruth, id, command::Nominate { csm: id_of(csm)? }).await?;
    stage.deliver().await
}

/// Offered on one day and hour, reviewed and accepted on another.
async fn offered_and_accepted(
    stage: &Stage<'_>,
    id: HandoffId,
    ae: &throughline_app::Caller,
    csm: &throughline_app::Caller,
    offered: (u32, i8),
    accepted: (u32, i8),
) -> Result<(), Failure> {
    stage.at(stage.script.back(offered.0, offered.1, 25)).await?;
    stage.pass(ae, id, command::Offer { to: id_of(csm)? }).await?;
    stage.at(stage.script.back(accepted.0, accepted.1, 40)).await?;
    stage.review(csm, id).await?;
    stage.pass(csm, id, command::Accept {}).await?;
    stage.deliver().await
}

/// The AE introduces the CSM by mail, who writes a few hours later: ownership moves.
async fn introduced(
    stage: &Stage<'_>,
    id: HandoffId,
    ae: &throughline_app::Caller,
    csm: &throughline_app::Caller,
    back: u32,
) -> Result<(), Failure> {
    stage.at(stage.script.back(back, 13, 0)).await?;
    stage.report(ae, id, "warm_intro", Some("mail"), KnownBy::Mail).await?;
    stage.at(stage.script.back(back, 16, 30)).await?;
    stage.report(csm, id, "first_contact", None, KnownBy::Mail).await?;
    stage.deliver().await
}

async fn book(stage: &Stage<'_>, id: HandoffId, at: Timestamp) -> Result<(), Failure> {
    book_by(stage, id, &stage.cast.mei, at).await
}

async fn book_by(
    stage: &Stage<'_>,
    id: HandoffId,
    csm: &throughline_app::Caller,
    at: Timestamp,
) -> Result<(), Failure> {
    let booked = stage.happened("kickoff_booked", None, KnownBy::Calendar)?;
    stage.pass(csm, id, command::ReportStep { booked_for: Some(at), ..booked }).await?;
    stage.deliver().await
}

/// The internal call is held, the plan opened, the kickoff confirmed.
async fn prepared(
    stage: &Stage<'_>,
    id: HandoffId,
    ae: &throughline_app::Caller,
    csm: &throughline_app::Caller,
    back: u32,
) -> Result<(), Failure> {
    stage.at(stage.script.back(back, 10, 30)).await?;
    stage.report(ae, id, "internal_call", Some("live"), KnownBy::Calendar).await?;
    stage.at(stage.script.back(back, 11, 15)).await?;
    stage.pass(csm, id, command::ConfirmStep { step: key("internal_call")?, number: 0 }).await?;
    stage.pass(csm, id, command::OpenPlan {}).await?;
    let milestone = Milestone {
        title: say("The first team works with it for a whole week")?,
        side: Side::Customer,
        owner: None,
        due_on: Some(stage.script.ahead(20)),
        reached_on: None,
    };
    stage.pass(csm, id, command::SetMilestone { id: None, milestone }).await?;
    stage.pass(csm, id, command::ConfirmKickoff {}).await?;
    stage.deliver().await
}
