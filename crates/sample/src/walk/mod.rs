//! The walk: what somebody of the made-up company does first, step by step, on deals that are prepared for it.
//!
//! Whether a step is done is read from the handoffs themselves, not from what was clicked: who has done it otherwise, or
//! before, finds it done, and on another day it is where it was left. Pure but for [`walk`], which finds the deals.
//! Absent on purpose: words, and who hides the walk or leaves a step out; that is the page's.

mod found;
mod task;

use std::collections::{BTreeMap, BTreeSet};

use throughline_domain::{Actor, HandoffId, Role, handoff::Handoff};

pub use self::{
    found::{walk, walk_of_customer},
    task::Task,
};

/// Whose walk it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Who sold the deal.
    Ae,
    /// Who receives the account.
    Csm,
    /// Who knows the technical side of the deal.
    Se,
    /// Who decides what was promised about price and terms.
    DealDesk,
    /// Who decides what was promised about the product.
    Product,
    /// Who owns the process.
    ProcessOwner,
    /// Who leads customer success.
    CsLeader,
    /// Who manages AEs.
    AeManager,
    /// Who leads sales.
    SalesLeader,
    /// Somebody at the customer.
    Customer,
}

/// One step of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is to be done.
    pub task: Task,
    /// The customer it is about.
    pub account: String,
    /// Where it is done, as a path.
    pub place: String,
    /// Whether it is done.
    pub done: bool,
}

/// A walk as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// Whose.
    pub part: Part,
    /// Its steps, in their order.
    pub steps: Vec<Step>,
}

/// A deal that is prepared, by its id in the stand-in CRM.
type Deal = &'static str;

const KESTREL: Deal = "D-1038";
const HALDEN: Deal = crate::STORY_DEAL;
const UMBER: Deal = "D-1043";
const VERANO: Deal = "D-1045";
const SOLVANE: Deal = "D-1031";
const PELLWORTH: Deal = "D-1019";
const QUILLON: Deal = "D-1012";
const NORDHAVN: Deal = "D-1036";
const BRIGHTWATER: Deal = "D-1047";

impl Part {
    /// Every part.
    pub const ALL: [Part; 10] = [
        Part::Ae,
        Part::Csm,
        Part::Se,
        Part::DealDesk,
        Part::Product,
        Part::ProcessOwner,
        Part::CsLeader,
        Part::AeManager,
        Part::SalesLeader,
        Part::Customer,
    ];

    /// The part of somebody with these roles: the one that works on deals most. None: there is no walk for them.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Option<Part> {
        let part = |role| match role {
            Role::Ae => Some(Part::Ae),
            Role::Csm => Some(Part::Csm),
            Role::Se => Some(Part::Se),
            Role::DealDesk => Some(Part::DealDesk),
            Role::Product => Some(Part::Product),
            Role::RevOps => Some(Part::ProcessOwner),
            Role::CsLeader => Some(Part::CsLeader),
            Role::AeManager => Some(Part::AeManager),
            Role::SalesLeader => Some(Part::SalesLeader),
            _ => None,
        };
        roles.into_iter().filter_map(part).min()
    }

    /// The deals any of its ways needs.
    fn deals(self) -> BTreeSet<Deal> {
        self.ways().iter().flat_map(|way| way.iter()).map(|(deal, _)| *deal).collect()
    }

    /// The deals it may be walked on, the best first. Who has no part in one walks on the next.
    pub fn ways(self) -> &'static [&'static [(Deal, Task)]] {
        use Task as T;
        match self {
            Part::Ae => &[&[
                (HALDEN, T::NameSponsor),
                (HALDEN, T::NoteRisks),
                (HALDEN, T::SayWhyUs),
                (HALDEN, T::PassGate),
                (HALDEN, T::Offer),
            ]],
            Part::Csm => &[&RECEIVES_KESTREL, &RECEIVES_HALDEN],
            Part::Se => &[&[
                (BRIGHTWATER, T::NameIntegrations),
                (BRIGHTWATER, T::NoteDataMoves),
                (BRIGHTWATER, T::SayConstraints),
                (BRIGHTWATER, T::NoteRisks),
                (BRIGHTWATER, T::AnswerQuestion),
            ]],
            Part::Product => &[&[
                (UMBER, T::ApproveFeature),
                (UMBER, T::CounterFeature),
                (SOLVANE, T::DeclineFeature),
                (QUILLON, T::SettleFeature),
            ]],
            Part::DealDesk => &[&[
                (UMBER, T::ApprovePromise),
                (UMBER, T::CounterPromise),
                (UMBER, T::DeclinePromise),
                (UMBER, T::LeaveNoneWaiting),
            ]],
            Part::ProcessOwner => &[&[
                (UMBER, T::Nominate),
                (SOLVANE, T::SeatEngineer),
                (VERANO, T::AnswerQuestion),
                (VERANO, T::AskGate),
            ]],
            Part::CsLeader => &[&[
                (VERANO, T::DecideWaiver),
                (UMBER, T::Nominate),
                (UMBER, T::PlanIntroduction),
                (SOLVANE, T::AskAe),
            ]],
            Part::AeManager => &[&[
                (VERANO, T::DecideWaiver),
                (UMBER, T::Nominate),
                (UMBER, T::PlanIntroduction),
                (SOLVANE, T::SeatEngineer),
            ]],
            Part::SalesLeader => &[&[
                (SOLVANE, T::DecideWaiver),
                (SOLVANE, T::SeatEngineer),
                (BRIGHTWATER, T::AskWaiver),
                (NORDHAVN, T::NameNextAe),
            ]],
            Part::Customer => &[&[
                (PELLWORTH, T::ConfirmGoals),
                (PELLWORTH, T::CommentPlan),
                (PELLWORTH, T::ProposeMilestone),
                (PELLWORTH, T::SignPlan),
            ]],
        }
    }
}

const RECEIVES_KESTREL: [(Deal, Task); 5] = receives(KESTREL);
const RECEIVES_HALDEN: [(Deal, Task); 5] = receives(HALDEN);

const fn receives(deal: Deal) -> [(Deal, Task); 5] {
    [
        (deal, Task::BeOffered),
        (deal, Task::MarkScorecard),
        (deal, Task::AskAe),
        (deal, Task::Accept),
        (deal, Task::PlanCall),
    ]
}

impl Walk {
    /// A walk over handoffs as they stand, each with its deal's id; none where one it needs is not the walker's to see,
    /// or not theirs to walk on.
    pub fn over(part: Part, me: Actor, handoffs: &BTreeMap<Deal, Handoff>) -> Option<Walk> {
        let way = part.ways().iter().find(|way| {
            way.iter().all(|(deal, task)| handoffs.get(deal).is_some_and(|handoff| task.is_for(me, handoff)))
        })?;
        let step = |(deal, task): &(Deal, Task)| {
            let handoff = handoffs.get(deal)?;
            Some(Step {
                task: *task,
                account: handoff.deal.account.clone(),
                place: task.place(handoff.id),
                done: task.is_done(me, handoff),
            })
        };
        Some(Walk { part, steps: way.iter().filter_map(step).collect() })
    }

    /// How many steps are done.
    pub fn done(&self) -> usize {
        self.steps.iter().filter(|step| step.done).count()
    }

    /// The first step that is neither done nor left out, by its place from 0.
    pub fn next(&self, left_out: impl Fn(Task) -> bool) -> Option<(usize, &Step)> {
        let mut steps = self.steps.iter().enumerate();
        steps.find(|(_, step)| !step.done && !left_out(step.task))
    }
}

/// The page of a handoff's view.
fn view(id: HandoffId, view: &str) -> String {
    format!("/handoffs/{id}{view}")
}

#[cfg(test)]
mod tests;
