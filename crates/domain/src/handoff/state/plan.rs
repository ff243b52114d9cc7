//! The mutual success plan (R4.2).

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ids::*,
    people::Actor,
    personal::Personal,
    record::{Evidence, Side},
};

/// The mutual success plan (R4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Milestones.
    pub milestones: BTreeMap<MilestoneId, Milestone>,
    /// What the customer committed to.
    pub prerequisites: BTreeMap<Key, Committed>,
    /// The confirmation in force; a change of the plan ends it.
    pub confirmed: Option<PlanConfirmed>,
    /// The first confirmation, which the clock reads.
    pub first_confirmed_at: Option<Timestamp>,
    /// What the customer proposed, answered or not.
    #[serde(default)]
    pub proposals: BTreeMap<ProposalId, Proposal>,
    /// What both sides said to it, oldest first.
    #[serde(default)]
    pub comments: Vec<Comment>,
    /// Every time the customer signed, oldest first.
    #[serde(default)]
    pub signatures: Vec<Signature>,
}

impl Plan {
    /// What the customer proposed and nobody answered.
    pub fn open_proposals(&self) -> impl Iterator<Item = (&ProposalId, &Proposal)> {
        self.proposals.iter().filter(|(_, proposal)| proposal.answer.is_none())
    }

    /// What a confirmation is bound to: the milestones as they are agreed on. Reaching one changes nothing of it.
    /// SHA-256 in hexadecimal.
    pub fn imprint(&self) -> String {
        imprint(self.milestones.iter().map(|(id, milestone)| {
            let owner = milestone.owner.as_ref().map(Personal::as_str);
            (*id, milestone.title.as_str(), milestone.side, owner, milestone.due_on)
        }))
    }

    /// The milestones, the nearest first, those without a day last.
    pub fn by_due(&self) -> Vec<(MilestoneId, &Milestone)> {
        let mut sorted: Vec<_> = self.milestones.iter().map(|(id, one)| (*id, one)).collect();
        sorted.sort_by_key(|(id, one)| (one.due_on.is_none(), one.due_on, *id));
        sorted
    }

    /// The signatures under the plan as it stands, with their numbers among all of it, from 1. None once a change ended
    /// what was agreed.
    pub fn in_force(&self) -> Vec<(usize, &Signature)> {
        let imprint = self.imprint();
        let stands = |one: &Signature| self.confirmed.is_some() && one.imprint == imprint;
        (1..).zip(&self.signatures).filter(|(_, one)| stands(one)).collect()
    }

    /// Those under an earlier state of it, which its files still show.
    pub fn superseded(&self) -> Vec<(usize, &Signature)> {
        let in_force = self.in_force();
        let old = |number: &usize| in_force.iter().all(|(held, _)| held != number);
        (1..).zip(&self.signatures).filter(|(number, _)| old(number)).collect()
    }
}

/// What a signature is bound to, of a milestone: which, its title, whose it is, its owner, and its day.
pub type Agreed<'a> = (MilestoneId, &'a str, Side, Option<&'a str>, Option<jiff::civil::Date>);

/// The imprint of milestones as they are agreed on, by id: SHA-256 in hexadecimal.
pub fn imprint<'a>(milestones: impl IntoIterator<Item = Agreed<'a>>) -> String {
    let agreed: Vec<_> = milestones.into_iter().collect();
    // Ids, texts and days can always be written.
    let written = serde_json::to_string(&agreed).unwrap_or_else(|_| format!("{agreed:?}"));
    Sha256::digest(written).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the customer proposes to the plan (R4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// The milestone it would change; none: a new one.
    pub of: Option<MilestoneId>,
    /// What it would be.
    pub milestone: Milestone,
    /// The milestone it would change as it stood then; none in what was written before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Milestone>,
    /// Who proposes it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub answer: Option<ProposalAnswer>,
}

/// What came of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalAnswer {
    /// Whether it is in the plan.
    pub accepted: bool,
    /// Who answered.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<Personal>,
}

/// Something said to the plan, for both sides to read (R4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comment {
    /// To which milestone; none: to the whole plan.
    pub milestone: Option<MilestoneId>,
    /// What.
    pub text: Personal,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// The customer's signature under the plan (R3.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// Who signed.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Their name as they typed it.
    pub name: Personal,
    /// The imprint of the plan they signed.
    pub imprint: String,
    /// SHA-256 of the words they agreed to, in hexadecimal.
    pub consent: String,
    /// How it is known who signed.
    pub proof: Proof,
    /// What the company was called then; none in what was written before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
}

/// How it is known who signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Proof {
    /// A code was mailed for this signature, and came back.
    MailedCode {
        /// To which address.
        mailbox: Personal,
        /// When it came back.
        at: Timestamp,
    },
}

/// A milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Milestone {
    /// What is reached.
    pub title: Personal,
    /// Whose it is.
    pub side: Side,
    /// Who owns it, by name.
    pub owner: Option<Personal>,
    /// By when.
    pub due_on: Option<jiff::civil::Date>,
    /// When it was reached.
    pub reached_on: Option<jiff::civil::Date>,
}

/// The customer committed to a prerequisite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Committed {
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Where the customer said so.
    pub evidence: Evidence,
}

/// The plan's contents were confirmed (R3.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanConfirmed {
    /// How.
    pub form: PlanForm,
    /// When the customer did so.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: Actor,
    /// Where it is found.
    pub evidence: Evidence,
}

/// How a plan is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanForm {
    /// Signed.
    Signed,
    /// Contents confirmed by mail.
    Mail,
}
