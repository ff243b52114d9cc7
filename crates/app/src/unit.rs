//! From facts to a unit of work: the state they lead to, the rows that follow, and who must hear of it, to be stored
//! whole or not at all.

use jiff::Timestamp;
use throughline_domain::{
    Actor, HandoffId, OrgId,
    calendar::Calendars,
    handoff::{self, Fact, Handoff, Recorded},
    playbook::Playbook,
};
use throughline_store::{Commit, DealRow, GENESIS, OutboxRow, chain::chain};

use crate::{
    AppError,
    chance::{Chance, draw},
    handle::Loaded,
    project::{When, project},
    secrets,
};

/// What facts are added to.
pub(crate) struct Ground<'a> {
    /// What ids and salts are drawn by.
    pub chance: &'a dyn Chance,
    /// In which organisation.
    pub org: OrgId,
    /// Which handoff.
    pub id: HandoffId,
    /// The organisation's version, its calendars with it.
    pub as_of: u64,
    /// Whose days and hours count for whom.
    pub calendars: &'a Calendars,
    /// By which playbook the rows are worked out.
    pub playbook: Option<&'a Playbook>,
    /// What is there; none before the first fact.
    pub before: Option<Loaded>,
}

/// Facts with all that follows from them.
pub(crate) struct Unit {
    /// The facts in their places.
    pub facts: Vec<Recorded>,
    /// The state after them.
    pub state: Handoff,
    /// The version after them.
    pub version: u64,
    /// The hash of the last of them.
    pub head: String,
    /// What is to be stored.
    pub commit: Commit,
}

impl Ground<'_> {
    /// The unit of work that adds facts, at least one.
    pub(crate) fn add(self, by: Actor, now: Timestamp, facts: Vec<Fact>) -> Result<Unit, AppError> {
        let Self { chance, org, id, as_of, calendars, playbook, before } = self;
        let (expected, head, mut state) = match before {
            Some(Loaded { version, head, handoff, .. }) => (version, head, Some(handoff)),
            None => (0, GENESIS.to_owned(), None),
        };
        let deal_before = state.as_ref().map(|handoff| handoff.deal.clone());
        let facts: Vec<Recorded> = facts
            .into_iter()
            .zip(expected + 1..)
            .map(|(fact, seq)| Recorded { seq, at: now, by, fact })
            .collect();
        let mut outbox = Vec::new();
        for recorded in &facts {
            state = handoff::evolve(state, recorded);
            if let Some(state) = &state {
                let told = handoff::react(state, playbook, recorded);
                outbox.extend(told.into_iter().map(|intent| OutboxRow {
                    id: secrets::id_by(chance, now),
                    handoff: id,
                    at: now,
                    seq: recorded.seq,
                    intent,
                }));
            }
        }
        let state = state.ok_or_else(|| AppError::broken("facts led to no state"))?;
        let version = expected + facts.len() as u64;
        let mut salt = || (uuid::Uuid::from_bytes(draw(chance)), draw(chance));
        let (journal, texts) = chain(id, &head, &facts, &mut salt).map_err(AppError::broken)?;
        let head = journal.last().map_or(head, |row| row.hash.clone());
        let projection = project(&state, playbook, calendars, version, When::changing(now));
        let after_any = |touches: fn(&Fact) -> bool| facts.iter().any(|recorded| touches(&recorded.fact));
        let deal = if deal_before.as_ref() == Some(&state.deal) { None } else { Some(reading(&state)?) };
        let commit = Commit {
            org,
            id,
            expected,
            as_of,
            journal,
            texts,
            erase: None,
            snapshot: serde_json::to_string(&state).map_err(AppError::broken)?,
            row: projection.row,
            dues: projection.dues,
            look_at: projection.look_at,
            promises: after_any(touches_promises).then_some(projection.promises),
            parts: after_any(touches_parts).then_some(projection.parts),
            deal,
            outbox,
            idempotency: None,
        };
        Ok(Unit { facts, state, version, head, commit })
    }
}

/// The deal's newest reading, as the store keeps it.
pub(crate) fn reading(state: &Handoff) -> Result<DealRow, AppError> {
    Ok(DealRow {
        key: state.deal.key.clone(),
        source_time: state.deal.source_time,
        handoff: Some(state.id),
        body: serde_json::to_string(&state.deal).map_err(AppError::broken)?,
    })
}

/// Facts after which the promise rows differ. The account's and AE's names stand in them too.
fn touches_promises(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ItemAdded { .. }
            | Fact::ItemChanged { .. }
            | Fact::ItemRemoved { .. }
            | Fact::PromiseRouted { .. }
            | Fact::PromiseDecided { .. }
            | Fact::PromiseCorrected { .. }
            | Fact::PromiseSettled { .. }
            | Fact::OwnershipMoved { .. }
            | Fact::DealRead { .. }
            | Fact::Seated { .. }
            | Fact::TextsErased { .. }
    )
}

/// Facts after which somebody else may have a part.
fn touches_parts(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Opened { .. }
            | Fact::Seated { .. }
            | Fact::Nominated { .. }
            | Fact::Offered { .. }
            | Fact::OfferWithdrawn { .. }
            | Fact::Returned { .. }
            | Fact::Accepted { .. }
            | Fact::OwnershipMoved { .. }
    )
}
