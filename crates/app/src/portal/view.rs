//! What a visitor sees: put together field by field from what is theirs to see.
//!
//! Theirs: their goals in their words, the plan with what both sides said to it, what they are asked for, who is
//! answerable, and what happens next. Absent on purpose, and held absent by a test that plants words everywhere: the
//! deal and its numbers, promises, risks, stakeholders, what anybody noted of them, questions, marks, scores, gates,
//! waivers, steps that are ours alone, evidence, and reasons that were not written for them.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::{
    Actor, HandoffId, ItemId, Key, MilestoneId, PersonId, PortalPersonId, ProposalId, Role,
    handoff::{Handoff, Milestone, Plan, PlanForm, Signature, meeting},
    playbook::StepKind,
    record::{Body, Criterion, Side},
};

use super::{
    Visitor,
    sign::{consent, consent_hash},
};
use crate::{App, AppError, handle::Loaded};

/// One handoff of the visitor's account, as the portal lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalListed {
    /// Which.
    pub id: HandoffId,
    /// Since when somebody looks after it.
    pub since: Timestamp,
}

/// The one page of the portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalView {
    /// Which handoff.
    pub id: HandoffId,
    /// The company that looks after them.
    pub company: String,
    /// What they are called there.
    pub account: String,
    /// Who looks at it.
    pub reader: String,
    /// Who is answerable to them (R4.4).
    pub answerable: PortalContact,
    /// Their CSM, where somebody else is answerable still.
    pub csm: Option<PortalContact>,
    /// What is asked of them, the nearest first.
    pub needs: Vec<PortalNeed>,
    /// What happens next (R4.4).
    pub next: Vec<PortalNext>,
    /// What success is, in their words (R4.1).
    pub criteria: Vec<PortalCriterion>,
    /// The plan, once it is open.
    pub plan: Option<PortalPlan>,
}

/// Somebody to turn to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalContact {
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Their address.
    pub email: Option<String>,
}

/// Something asked of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "need", rename_all = "snake_case")]
pub enum PortalNeed {
    /// Say whether a criterion is still right.
    Criterion {
        /// Which.
        item: ItemId,
    },
    /// Commit to a prerequisite.
    Prerequisite {
        /// Which.
        prerequisite: Key,
    },
    /// Say who owns a milestone of their side.
    Owner {
        /// Which.
        milestone: MilestoneId,
    },
    /// Read and sign the plan.
    Signature,
}

/// Something that is to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "next", rename_all = "snake_case")]
pub enum PortalNext {
    /// A meeting they take part in.
    Meeting {
        /// What it is called.
        title: String,
        /// When it begins.
        starts_at: Timestamp,
        /// When it ends.
        ends_at: Timestamp,
    },
    /// A milestone.
    Milestone {
        /// Which.
        milestone: MilestoneId,
        /// By when.
        due_on: Date,
    },
}

/// A success criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalCriterion {
    /// Which.
    pub item: ItemId,
    /// What an answer to it is bound to.
    pub imprint: String,
    /// As they said it.
    pub words: String,
    /// How they will measure it.
    pub measure: Option<String>,
    /// By when they expect it.
    pub by_on: Option<Date>,
    /// When they last said something to it.
    pub answered_at: Option<Timestamp>,
}

/// The plan as both sides see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalPlan {
    /// What a signature is bound to.
    pub imprint: String,
    /// The milestones, the nearest first.
    pub milestones: Vec<PortalMilestone>,
    /// What it needs from them.
    pub prerequisites: Vec<PortalPrerequisite>,
    /// What they proposed, newest first.
    pub proposals: Vec<PortalProposal>,
    /// What was said to the whole plan, oldest first.
    pub comments: Vec<PortalComment>,
    /// The confirmation in force.
    pub confirmed: Option<PortalConfirmed>,
    /// Who signed what stands now.
    pub signatures: Vec<PortalSignature>,
    /// Who signed what stood before, oldest first.
    pub earlier: Vec<PortalSignature>,
    /// Whether the visitor may sign.
    pub may_sign: bool,
    /// Whether they can: they may, and there is something that is not signed.
    pub can_sign: bool,
    /// The words they would sign under.
    pub consent: String,
    /// SHA-256 of those words, in hexadecimal: what whoever signs has to have read.
    pub consent_sha256: String,
}

/// A milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalMilestone {
    /// Which.
    pub id: MilestoneId,
    /// What is reached.
    pub title: String,
    /// Whose it is.
    pub side: Side,
    /// Who owns it, by name.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<Date>,
    /// When it was reached.
    pub reached_on: Option<Date>,
    /// What was said to it, oldest first.
    pub comments: Vec<PortalComment>,
}

/// A prerequisite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalPrerequisite {
    /// Which.
    pub id: Key,
    /// What.
    pub label: String,
    /// When they committed to it.
    pub committed_at: Option<Timestamp>,
}

/// Something they proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalProposal {
    /// Which.
    pub id: ProposalId,
    /// The milestone it would change.
    pub of: Option<MilestoneId>,
    /// What would be reached.
    pub title: String,
    /// Whose it would be.
    pub side: Side,
    /// Who would own it.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<Date>,
    /// Who proposed it.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Whether it was accepted; none while nobody answered.
    pub accepted: Option<bool>,
    /// What they were told of it.
    pub reason: Option<String>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalComment {
    /// Who, by name; none where they are not known any more.
    pub by: Option<String>,
    /// It is the customer's own.
    pub ours: bool,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// How the plan was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalConfirmed {
    /// How.
    pub form: PlanForm,
    /// When.
    pub at: Timestamp,
}

/// A signature under the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortalSignature {
    /// Its number among all of this plan, from 1.
    pub number: usize,
    /// The name as typed.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// Everybody the page names.
struct Names {
    ours: BTreeMap<PersonId, throughline_store::Person>,
    theirs: BTreeMap<PortalPersonId, String>,
}

impl Names {
    fn of(&self, actor: Actor) -> Option<String> {
        match actor {
            Actor::Person { id } | Actor::StandIn { id, .. } => {
                self.ours.get(&id).map(|one| one.name.clone())
            }
            Actor::Customer { id } => self.theirs.get(&id).cloned(),
            Actor::Token { .. } | Actor::System => None,
        }
    }
}

impl App {
    /// The handoffs a visitor may look at, newest first.
    pub async fn portal_handoffs(&self, visitor: &Visitor) -> Result<Vec<PortalListed>, AppError> {
        let mut found = Vec::new();
        for row in self.store.of_account(visitor.org, visitor.person.account).await? {
            match self.visited(visitor, row.id).await {
                Ok(loaded) => {
                    let since = loaded.handoff.stage.assigned_at();
                    found.extend(since.map(|since| PortalListed { id: row.id, since }));
                }
                Err(AppError::NotFound(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(found)
    }

    /// The page of a handoff.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for one that is not theirs to see, whoever's it is.
    pub async fn portal_view(&self, visitor: &Visitor, id: HandoffId) -> Result<PortalView, AppError> {
        let loaded = self.visited(visitor, id).await?;
        let names = self.portal_names(visitor, &loaded.handoff).await?;
        Ok(seen(visitor, &loaded, &names, self.now()))
    }

    async fn portal_names(&self, visitor: &Visitor, handoff: &Handoff) -> Result<Names, AppError> {
        let spoke = handoff.plan.iter().flat_map(|plan| &plan.comments).filter_map(|one| one.by.person());
        let shown = [handoff.answerable()].into_iter().chain(handoff.csm());
        let ours = self.named(visitor.org, spoke.chain(shown)).await?;
        let theirs = self.store.portal_people(visitor.org, visitor.person.account).await?;
        Ok(Names { ours, theirs: theirs.into_iter().map(|one| (one.id, one.name)).collect() })
    }
}

fn seen(visitor: &Visitor, loaded: &Loaded, names: &Names, now: Timestamp) -> PortalView {
    let handoff = &loaded.handoff;
    let contact = |id: PersonId| {
        let known = names.ours.get(&id);
        let role = if handoff.csm() == Some(id) {
            Role::Csm
        } else if handoff.seller() == id {
            Role::Ae
        } else {
            Role::RevOps
        };
        PortalContact {
            name: known.map(|one| one.name.clone()).unwrap_or_default(),
            role,
            email: known.and_then(|one| one.email.clone()),
        }
    };
    let answerable = handoff.answerable();
    let criteria: Vec<(ItemId, &Criterion)> = handoff
        .record
        .items
        .iter()
        .filter_map(|(id, item)| match &item.body {
            Body::Criterion(criterion) => Some((*id, criterion)),
            _ => None,
        })
        .collect();
    let plan = handoff.plan.as_ref().map(|plan| plan_of(visitor, loaded, plan, names));
    PortalView {
        id: handoff.id,
        company: loaded.org.name.clone(),
        account: handoff.deal.account.clone(),
        reader: visitor.person.name.clone(),
        answerable: contact(answerable),
        csm: handoff.csm().filter(|csm| *csm != answerable).map(contact),
        needs: needs(&criteria, plan.as_ref()),
        next: next(loaded, plan.as_ref(), now),
        criteria: criteria
            .into_iter()
            .map(|(item, criterion)| PortalCriterion {
                item,
                imprint: criterion.imprint(),
                words: criterion.words.to_string(),
                measure: criterion.measure.as_ref().map(ToString::to_string),
                by_on: criterion.by_on,
                answered_at: criterion.confirmation.as_ref().map(|said| said.at),
            })
            .collect(),
        plan,
    }
}

fn needs(criteria: &[(ItemId, &Criterion)], plan: Option<&PortalPlan>) -> Vec<PortalNeed> {
    let unanswered = criteria.iter().filter(|(_, criterion)| criterion.confirmation.is_none());
    let mut needs: Vec<_> = unanswered.map(|(item, _)| PortalNeed::Criterion { item: *item }).collect();
    let Some(plan) = plan else { return needs };
    let open = plan.prerequisites.iter().filter(|one| one.committed_at.is_none());
    needs.extend(open.map(|one| PortalNeed::Prerequisite { prerequisite: one.id.clone() }));
    let unowned = plan
        .milestones
        .iter()
        .filter(|one| one.side == Side::Customer && one.owner.is_none() && one.reached_on.is_none());
    needs.extend(unowned.map(|one| PortalNeed::Owner { milestone: one.id }));
    // What was confirmed by mail can be signed, too; nobody waits for it.
    if plan.can_sign && plan.confirmed.is_none() {
        needs.push(PortalNeed::Signature);
    }
    needs
}

fn next(loaded: &Loaded, plan: Option<&PortalPlan>, now: Timestamp) -> Vec<PortalNext> {
    let with_them = [StepKind::EarlyIntro, StepKind::WarmIntro, StepKind::Kickoff];
    let playbook = loaded.playbook.iter();
    let meetings = playbook.flat_map(|playbook| meeting::going_ahead(&loaded.handoff, playbook));
    let mut next: Vec<_> = meetings
        .filter(|one| with_them.contains(&one.step.kind) && one.ends_at > now)
        .map(|one| PortalNext::Meeting {
            title: one.step.title.clone(),
            starts_at: one.starts_at,
            ends_at: one.ends_at,
        })
        .collect();
    let open = plan.into_iter().flat_map(|plan| &plan.milestones).filter(|one| one.reached_on.is_none());
    let due = open.filter_map(|one| Some(PortalNext::Milestone { milestone: one.id, due_on: one.due_on? }));
    next.extend(due.take(3));
    next
}

fn plan_of(visitor: &Visitor, loaded: &Loaded, plan: &Plan, names: &Names) -> PortalPlan {
    let said_to = |milestone: Option<MilestoneId>| {
        let said = plan.comments.iter().filter(|one| one.milestone == milestone);
        let shown = said.map(|one| PortalComment {
            by: names.of(one.by),
            ours: one.by.is_customer(),
            at: one.at,
            text: one.text.to_string(),
        });
        shown.collect::<Vec<_>>()
    };
    let owner = |milestone: &Milestone| milestone.owner.as_ref().map(ToString::to_string);
    let milestones: Vec<_> = plan
        .by_due()
        .into_iter()
        .map(|(id, one)| PortalMilestone {
            id,
            title: one.title.to_string(),
            side: one.side,
            owner: owner(one),
            due_on: one.due_on,
            reached_on: one.reached_on,
            comments: said_to(Some(id)),
        })
        .collect();
    let wanted = loaded.playbook.iter().flat_map(|playbook| &playbook.plan.prerequisites);
    let signed = |list: Vec<(usize, &Signature)>| {
        let shown = |(number, one): (usize, &Signature)| PortalSignature {
            number,
            name: one.name.to_string(),
            at: one.at,
        };
        list.into_iter().map(shown).collect()
    };
    let may_sign = visitor.person.may_sign;
    let stands = plan.confirmed.as_ref().is_some_and(|held| held.form == PlanForm::Signed);
    PortalPlan {
        milestones,
        prerequisites: wanted
            .map(|one| PortalPrerequisite {
                id: one.id.clone(),
                label: one.label.clone(),
                committed_at: plan.prerequisites.get(&one.id).map(|held| held.at),
            })
            .collect(),
        proposals: plan
            .proposals
            .iter()
            .rev()
            .map(|(id, one)| PortalProposal {
                id: *id,
                of: one.of,
                title: one.milestone.title.to_string(),
                side: one.milestone.side,
                owner: owner(&one.milestone),
                due_on: one.milestone.due_on,
                by: names.of(one.by),
                at: one.at,
                accepted: one.answer.as_ref().map(|answer| answer.accepted),
                reason: one
                    .answer
                    .as_ref()
                    .and_then(|answer| answer.reason.as_ref())
                    .map(ToString::to_string),
            })
            .collect(),
        comments: said_to(None),
        confirmed: plan.confirmed.as_ref().map(|held| PortalConfirmed { form: held.form, at: held.at }),
        signatures: signed(plan.in_force()),
        earlier: signed(plan.superseded()),
        may_sign,
        can_sign: may_sign && !stands && !plan.milestones.is_empty(),
        consent: consent(&loaded.org.name, &loaded.handoff.deal.account),
        consent_sha256: consent_hash(loaded),
        imprint: plan.imprint(),
    }
}

#[cfg(test)]
mod tests;
