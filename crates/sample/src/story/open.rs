//! Deals still being sold, each held up by something else; and one that was lost.

use throughline_domain::{
    Role,
    deal::Standing,
    handoff::{Covers, Mark, command},
    playbook::Gate,
};

use super::{AMARA, JONAS, sold};
use crate::{
    PlayError, STORY_DEAL,
    brief::Brief,
    customers::*,
    stage::{Sold, Stage, id_of, key, say},
};

/// Lost in the last week.
pub(super) async fn ridgeway(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1023", "Ridgeway Schools", "Caretaker rounds", AMARA, 15_000);
    let close = script.ahead(2);
    let id = stage.opens(script.back(20, 11, 0), deal, close).await?;
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

/// Sent back yesterday, and the AE owes an answer.
pub(super) async fn nordhavn(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1036", "Nordhavn Foods", "Cold chain alerts", JONAS, 27_000);
    let id = stage.opens(script.back(12, 10, 0), deal, script.ahead(4)).await?;
    stage.nominates(script.back(11, 10, 0), id, &cast.mei).await?;
    stage.fills(script.back(6, 13, 30), &cast.jonas, id, &NORDHAVN).await?;
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
pub(super) async fn kestrel(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1038", "Kestrel Energy", "Technician guides", AMARA, 33_000);
    let id = stage.opens(script.back(11, 9, 0), deal, script.ahead(3)).await?;
    stage.nominates(script.back(10, 9, 30), id, &cast.luca).await?;
    stage.meets(script.back(8, 11, 0), id, &cast.luca).await?;
    stage.fills(script.back(4, 10, 0), &cast.amara, id, &KESTREL).await?;
    stage.at(script.minutes_ago(190)).await?;
    stage.pass(&cast.amara, id, command::Offer { to: id_of(&cast.luca)? }).await?;
    stage.deliver().await
}

/// Promises wait: three for the deal desk, two for product.
pub(super) async fn umber(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1043", "Umber & Co Textiles", "Sample approval", JONAS, 31_000);
    let id = stage.opens(script.back(9, 14, 0), deal, script.ahead(6)).await?;
    stage.fills(script.back(1, 16, 45), &cast.jonas, id, &UMBER).await?;
    stage.deliver().await
}

/// The nominated CSM asks something; the AE asks for a waiver.
pub(super) async fn verano(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = sold("D-1045", "Verano Hospitality", "Seasonal teams", AMARA, 24_000);
    let id = stage.opens(script.back(8, 9, 0), deal, script.ahead(5)).await?;
    stage.nominates(script.back(7, 9, 20), id, &cast.mei).await?;
    stage.fills(script.back(3, 10, 50), &cast.amara, id, &VERANO).await?;
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

/// Nominated; half of the record is there, and its SE is asked something.
pub(super) async fn brightwater(stage: &Stage<'_>) -> Result<(), PlayError> {
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
    stage.nominates(script.back(4, 9, 0), id, &cast.mei).await?;
    stage.fills(script.back(2, 14, 25), &cast.jonas, id, &BRIGHTWATER).await?;
    stage.at(script.back(1, 10, 20)).await?;
    let text = say("Can the wards sign in with the badges they have, or does everybody need a password?")?;
    stage.pass(&cast.mei, id, command::AskQuestion { text }).await?;
    stage.deliver().await
}

/// A small deal on the short way, complete.
pub(super) async fn wexford(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = Sold { plan: "Starter", ..sold("D-1049", "Wexford Dental", "Recall lists", AMARA, 6_000) };
    let id = stage.opens(script.back(4, 15, 0), deal, script.ahead(7)).await?;
    stage.fills(script.back(3, 15, 30), &cast.amara, id, &WEXFORD).await?;
    stage.deliver().await
}

/// Far from signing: known, not opened yet.
pub(super) async fn yarrow(stage: &Stage<'_>) -> Result<(), PlayError> {
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
pub(super) async fn halden(stage: &Stage<'_>) -> Result<(), PlayError> {
    let Stage { script, cast, .. } = stage;
    let deal = Sold {
        competitor: Some("Routefinder"),
        ..sold(STORY_DEAL, "Halden Logistics", "Day planning", AMARA, 48_000)
    };
    let id = stage.opens(script.back(10, 9, 5), deal, script.ahead(2)).await?;
    stage.nominates(script.back(9, 10, 0), id, &cast.mei).await?;
    stage.meets(script.back(6, 14, 0), id, &cast.mei).await?;
    stage.fills(script.back(3, 11, 30), &cast.amara, id, &HALDEN).await?;
    stage.at(script.minutes_ago(12)).await?;
    stage.act(&cast.amara, id, command::AttemptGate { gate: Gate::Handoff }).await?;
    stage.deliver().await
}
