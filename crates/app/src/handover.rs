//! What goes along when an account gets another AE or CSM: what was learned, what is owed, what is ahead (R0.7).

use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::{HandoffId, Role, access::Action, handoff::Handoff};
use throughline_messages::{Brief, Handover};

use crate::{App, AppError, Caller};

/// What goes along, shortened to what a mail holds.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct GoesAlong {
    /// Success, in the customer's words.
    pub criteria: Vec<String>,
    /// Who matters at the customer, with their parts.
    pub people: Vec<String>,
    /// Open promises, each with how it stands.
    pub promises: Vec<String>,
    /// What could derail it.
    pub risks: Vec<String>,
    /// Questions nobody has answered.
    pub questions: Vec<String>,
    /// Milestones still ahead: what, whose, by when.
    pub milestones: Vec<String>,
}

impl GoesAlong {
    /// Of a handoff.
    pub fn of(handoff: &Handoff) -> Self {
        let Brief { criteria, people, risks, .. } = Brief::of(handoff);
        let owed = Handover::of(handoff, Role::Csm, "", "");
        let person = |one: throughline_messages::Known| match one.parts.is_empty() {
            true => one.name,
            false => format!("{} ({})", one.name, one.parts.join(", ")),
        };
        let milestone = |one: throughline_messages::Milestone| {
            [Some(one.title), one.owner, one.due].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        };
        Self {
            criteria,
            people: people.into_iter().map(person).collect(),
            promises: owed.promises,
            risks,
            questions: owed.questions,
            milestones: owed.milestones.into_iter().map(milestone).collect(),
        }
    }
}

impl App {
    /// What would go along with a change of AE or CSM now: as the letter to whoever is named tells it.
    pub async fn goes_along(&self, caller: &Caller, id: HandoffId) -> Result<GoesAlong, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Read, &loaded.handoff)?;
        Ok(GoesAlong::of(&loaded.handoff))
    }
}
