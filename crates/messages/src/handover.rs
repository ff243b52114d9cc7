//! What goes along when an account gets another AE or CSM: open promises, unanswered questions, the plan (R0.7).

use serde::Serialize;
use throughline_domain::{
    Role,
    handoff::Handoff,
    record::{PromiseState, Side},
};

use crate::{brief, view::Milestone};

/// Most lines of each part.
const LINES: usize = 20;

/// A change of AE or CSM, as a template sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// In which role: `AE` or `CSM`.
    pub role: &'static str,
    /// Who had it.
    pub from: String,
    /// Who follows.
    pub to: String,
    /// Why.
    pub reason: Option<String>,
    /// Whether the customer is to be introduced again.
    pub introduce: bool,
    /// Whom the introduction greets.
    pub greets: Option<String>,
    /// Promises that have not ended, each with how it stands.
    pub promises: Vec<String>,
    /// Questions without an answer.
    pub questions: Vec<String>,
    /// Milestones not reached yet.
    pub milestones: Vec<Milestone>,
}

impl Handover {
    /// What goes along on a handoff, from one to another by name.
    pub fn of(handoff: &Handoff, role: Role, from: &str, to: &str) -> Self {
        let named = match role {
            Role::Csm => handoff.successor.as_ref(),
            _ => handoff.next_seller.as_ref(),
        };
        let introduce = match role {
            Role::Csm => handoff.reintroduction.is_some(),
            // Once customer success owns the account, the customer's person is the CSM.
            _ => !handoff.stage.is_owned(),
        };
        Self {
            role: role.title(),
            from: from.to_owned(),
            to: to.to_owned(),
            reason: named.map(|named| named.reason.to_string()),
            introduce,
            greets: brief::addressees(handoff).0,
            promises: promises(handoff),
            questions: questions(handoff),
            milestones: milestones(handoff),
        }
    }
}

fn promises(handoff: &Handoff) -> Vec<String> {
    let open = handoff.record.promises().filter(|(_, promise)| is_open(promise.life.state()));
    open.map(|(_, promise)| format!("{} ({})", promise.what, standing(promise.life.state())))
        .take(LINES)
        .collect()
}

/// What somebody still has to see to.
fn is_open(state: PromiseState) -> bool {
    use PromiseState::*;
    match state {
        Captured | AwaitingDecision | Approved | Countered | ToBeCorrected | Transferred => true,
        Declined | Kept | Late | Broken | Released => false,
    }
}

fn standing(state: PromiseState) -> &'static str {
    use PromiseState::*;
    match state {
        Captured => "written down",
        AwaitingDecision => "awaits a decision",
        Approved => "approved",
        Countered => "stands changed",
        Declined => "declined",
        ToBeCorrected => "the customer is still to be told",
        Transferred => "handed over",
        Kept => "kept",
        Late => "kept late",
        Broken => "broken",
        Released => "released",
    }
}

fn questions(handoff: &Handoff) -> Vec<String> {
    let open = handoff.questions.values().filter(|asked| asked.answer.is_none());
    open.map(|asked| asked.text.to_string()).take(LINES).collect()
}

fn milestones(handoff: &Handoff) -> Vec<Milestone> {
    let all = handoff.plan.iter().flat_map(|plan| plan.milestones.values());
    let ahead = all.filter(|milestone| milestone.reached_on.is_none());
    ahead
        .map(|milestone| Milestone {
            title: milestone.title.to_string(),
            owner: milestone
                .owner
                .as_ref()
                .map(ToString::to_string)
                .or_else(|| (milestone.side == Side::Customer).then(|| "the customer".to_owned())),
            due: milestone.due_on.map(|on| on.strftime("%-d %b %Y").to_string()),
        })
        .take(LINES)
        .collect()
}
