//! Who may do what: role × action × scope in one table (R0.15).
//!
//! Absent on purpose: what the state allows; a CSM may accept, and [`crate::handoff::decide()`] says whether now.

mod customer;

use std::collections::BTreeSet;

pub use customer::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{handoff::Handoff, ids::PersonId, people::Role};

/// How far a right reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Handoffs the person has a seat on, is nominated for, or was offered.
    Own,
    /// Those of their team's people too.
    Team,
    /// All of the organisation's.
    Organisation,
}

/// A role with its scope, as given to a person or a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Grant {
    /// Which role.
    pub role: Role,
    /// How far it reaches at most; the table may say less.
    pub scope: Scope,
}

/// Everything that can be done. A command's action is its verb; the others are the application's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read a handoff: record, gates, steps, timeline.
    Read,
    /// Read scores of people: ratings by AE.
    ReadScores,
    /// Open a record for a deal by hand.
    Open,
    /// Send deals from a CRM, in bulk or one by one.
    SendDeals,
    /// Choose another route.
    Reroute,
    /// Give seats on a handoff.
    SetSeat,
    /// Fill the record.
    Fill,
    /// Open an offered record again.
    Reopen,
    /// Acknowledge amendments.
    AcknowledgeAmendments,
    /// Decide promises.
    DecidePromise,
    /// Record the talk about a promise that does not stand.
    CorrectPromise,
    /// Record how a promise ended.
    SettlePromise,
    /// Record what the customer says to a criterion.
    ConfirmCriterion,
    /// Nominate a CSM.
    Nominate,
    /// Offer the record.
    Offer,
    /// Answer an offer.
    AnswerOffer,
    /// Answer a return.
    AnswerReturn,
    /// Mark the scorecard.
    Mark,
    /// Ask the AE.
    Ask,
    /// Answer a question.
    AnswerQuestion,
    /// Ask a gate without leaving a trace.
    PreviewGate,
    /// Ask a gate for real.
    AttemptGate,
    /// Ask for a waiver.
    AskWaiver,
    /// Decide a waiver.
    DecideWaiver,
    /// Report steps, and plan when they will be.
    ReportStep,
    /// Confirm or dispute steps.
    ConfirmStep,
    /// Take an account over.
    TakeOver,
    /// Name who follows the CSM.
    Reassign,
    /// Work on the plan.
    Plan,
    /// Confirm the kickoff.
    ConfirmKickoff,
    /// Rate.
    Rate,
    /// Call it done.
    Finish,
    /// See people and teams.
    ReadPeople,
    /// Invite, change, deactivate people; teams.
    ManagePeople,
    /// See playbooks.
    ReadPlaybooks,
    /// Publish playbooks.
    ManagePlaybooks,
    /// Change settings: mode, calendar, go-live date.
    ManageSettings,
    /// Make and revoke API tokens.
    ManageTokens,
    /// Verify and export the journal.
    Audit,
    /// See what was sent, and what came in.
    ReadMessages,
    /// Bring mail that arrived: for the program that takes it from a mail server.
    BringMail,
    /// Share saved views with a team, or with everybody.
    ShareViews,
}

impl Action {
    /// Every action, in order.
    pub const ALL: [Action; 42] = [
        Action::Read,
        Action::ReadScores,
        Action::Open,
        Action::SendDeals,
        Action::Reroute,
        Action::SetSeat,
        Action::Fill,
        Action::Reopen,
        Action::AcknowledgeAmendments,
        Action::DecidePromise,
        Action::CorrectPromise,
        Action::SettlePromise,
        Action::ConfirmCriterion,
        Action::Nominate,
        Action::Offer,
        Action::AnswerOffer,
        Action::AnswerReturn,
        Action::Mark,
        Action::Ask,
        Action::AnswerQuestion,
        Action::PreviewGate,
        Action::AttemptGate,
        Action::AskWaiver,
        Action::DecideWaiver,
        Action::ReportStep,
        Action::ConfirmStep,
        Action::TakeOver,
        Action::Reassign,
        Action::Plan,
        Action::ConfirmKickoff,
        Action::Rate,
        Action::Finish,
        Action::ReadPeople,
        Action::ManagePeople,
        Action::ReadPlaybooks,
        Action::ManagePlaybooks,
        Action::ManageSettings,
        Action::ManageTokens,
        Action::Audit,
        Action::ReadMessages,
        Action::BringMail,
        Action::ShareViews,
    ];

    /// The name used in data.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The action a command needs, by its verb.
    pub fn of_verb(verb: &str) -> Option<Action> {
        Some(match verb {
            "open" => Action::Open,
            "take-news" => Action::SendDeals,
            "reroute" => Action::Reroute,
            "set-seat" | "hand-over" | "take-on" | "decline" => Action::SetSeat,
            "answer" | "clear" | "declare-none" | "add-item" | "change-item" | "remove-item" => Action::Fill,
            "reopen" => Action::Reopen,
            "acknowledge-amendments" => Action::AcknowledgeAmendments,
            "decide-promise" => Action::DecidePromise,
            "correct-promise" => Action::CorrectPromise,
            "settle-promise" => Action::SettlePromise,
            "confirm-criterion" => Action::ConfirmCriterion,
            "nominate" => Action::Nominate,
            "offer" | "withdraw-offer" => Action::Offer,
            "accept" | "return" => Action::AnswerOffer,
            "answer-return" => Action::AnswerReturn,
            "mark" => Action::Mark,
            "ask" => Action::Ask,
            "answer-question" => Action::AnswerQuestion,
            "attempt-gate" => Action::AttemptGate,
            "ask-waiver" => Action::AskWaiver,
            "grant-waiver" | "deny-waiver" => Action::DecideWaiver,
            "report-step" | "correct-step" | "plan-meeting" | "call-off-meeting" => Action::ReportStep,
            "confirm-step" | "dispute-step" => Action::ConfirmStep,
            "take-over" => Action::TakeOver,
            "reassign" => Action::Reassign,
            "open-plan" | "set-milestone" | "remove-milestone" | "commit-prerequisite" | "confirm-plan" => {
                Action::Plan
            }
            "propose-milestone" | "answer-proposal" | "own-milestone" | "complete-milestone"
            | "comment-plan" | "sign-plan" => Action::Plan,
            "confirm-kickoff" => Action::ConfirmKickoff,
            "rate" | "note-sign" | "take-back-sign" => Action::Rate,
            "finish" => Action::Finish,
            _ => return None,
        })
    }
}

/// The table: how far a role may do an action; none: not at all.
pub fn reach(role: Role, action: Action) -> Option<Scope> {
    use {Action as A, Role as R, Scope::*};
    match (role, action) {
        // Everybody who works here may see people, playbooks and the handoffs they have a part in.
        (R::Finance, A::Read | A::PreviewGate) => Some(Organisation),
        (
            R::Auditor,
            A::Read
            | A::ReadScores
            | A::ReadPeople
            | A::ReadPlaybooks
            | A::Audit
            | A::PreviewGate
            | A::ReadMessages,
        ) => Some(Organisation),
        (R::Auditor, _) => None,
        (_, A::ReadPeople | A::ReadPlaybooks) => Some(Organisation),

        (
            R::Admin,
            A::Read
            | A::PreviewGate
            | A::ManagePeople
            | A::ManageSettings
            | A::ManageTokens
            | A::ManagePlaybooks
            | A::ReadMessages
            | A::Audit
            | A::ShareViews,
        ) => Some(Organisation),
        (R::Admin, _) => None,

        (R::AeManager, A::ShareViews) => Some(Team),
        (R::SalesLeader | R::CsLeader, A::ShareViews) => Some(Organisation),

        // The process owner may do whatever keeps the process moving, but not what others vouch for.
        (
            R::RevOps,
            A::Mark | A::AnswerOffer | A::Rate | A::TakeOver | A::ConfirmStep | A::AcknowledgeAmendments,
        ) => None,
        (R::RevOps, _) => Some(Organisation),

        (
            R::Ae,
            A::Read
            | A::Open
            | A::Fill
            | A::Reopen
            | A::CorrectPromise
            | A::AnswerReturn
            | A::AnswerQuestion
            | A::Nominate
            | A::Offer
            | A::PreviewGate
            | A::AttemptGate
            | A::AskWaiver
            | A::ReportStep
            | A::SetSeat
            | A::ConfirmStep,
        ) => Some(Own),
        (
            R::AeManager,
            A::Read
            | A::ReadScores
            | A::Open
            | A::Fill
            | A::Reopen
            | A::CorrectPromise
            | A::AnswerReturn
            | A::AnswerQuestion
            | A::Nominate
            | A::Offer
            | A::PreviewGate
            | A::AttemptGate
            | A::AskWaiver
            | A::DecideWaiver
            | A::ReportStep
            | A::SetSeat,
        ) => Some(Team),
        (R::Se, A::Read | A::Fill | A::AnswerQuestion | A::PreviewGate | A::ReportStep) => Some(Own),
        (
            R::SalesLeader,
            A::Read
            | A::ReadScores
            | A::PreviewGate
            | A::DecideWaiver
            | A::AskWaiver
            | A::Reroute
            | A::SetSeat,
        ) => Some(Organisation),
        (R::DealDesk | R::Product, A::Read | A::DecidePromise | A::PreviewGate | A::SettlePromise) => {
            Some(Organisation)
        }
        (R::Enablement, A::Read | A::ReadScores) => Some(Organisation),

        (
            R::Csm,
            A::Read
            | A::Fill
            | A::AnswerOffer
            | A::Mark
            | A::Ask
            | A::PreviewGate
            | A::AttemptGate
            | A::AskWaiver
            | A::ReportStep
            | A::ConfirmStep
            | A::Plan
            | A::ConfirmKickoff
            | A::Rate
            | A::Finish
            | A::SettlePromise
            | A::ConfirmCriterion
            | A::AcknowledgeAmendments
            | A::SetSeat
            | A::Reassign,
        ) => Some(Own),
        (
            R::Implementation,
            A::Read
            | A::Fill
            | A::Ask
            | A::Mark
            | A::PreviewGate
            | A::ReportStep
            | A::Plan
            | A::SettlePromise,
        ) => Some(Own),
        (
            R::CsLeader,
            A::Read
            | A::ReadScores
            | A::Fill
            | A::Nominate
            | A::Offer
            | A::AnswerOffer
            | A::Mark
            | A::Ask
            | A::PreviewGate
            | A::AttemptGate
            | A::AskWaiver
            | A::DecideWaiver
            | A::ReportStep
            | A::ConfirmStep
            | A::TakeOver
            | A::Reassign
            | A::Plan
            | A::ConfirmKickoff
            | A::Rate
            | A::Finish
            | A::SettlePromise
            | A::ConfirmCriterion
            | A::AcknowledgeAmendments
            | A::SetSeat
            | A::Reroute,
        ) => Some(Organisation),
        _ => None,
    }
}

/// Whether somebody of these roles may say who sits in a role's seat: who only receives does not choose who sells.
/// Without a role it is the product itself.
pub fn gives_seat(roles: &BTreeSet<Role>, seat: Role) -> bool {
    !seat.sells() || roles.is_empty() || roles.iter().any(|role| !role.receives())
}

/// How somebody stands to a handoff: what scopes reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// They have a part in it.
    pub own: bool,
    /// Somebody of their team has.
    pub team: bool,
}

/// Everybody with a part in a handoff.
pub fn parts(handoff: &Handoff) -> BTreeSet<PersonId> {
    let seats =
        handoff.seats.values().flat_map(|seat| seat.contributors.iter().copied().chain([seat.person]));
    let named = [&handoff.successor, &handoff.next_seller];
    let named = named.into_iter().flatten().map(|named| named.to);
    let csm = handoff.csm().into_iter().chain(named);
    let tenures = handoff.tenures.iter().map(|tenure| tenure.person);
    seats.chain(csm).chain(tenures).collect()
}

/// Whether any of the grants allows an action at this relation.
pub fn allowed(grants: &[Grant], action: Action, relation: Relation) -> bool {
    grants.iter().any(|grant| {
        reach(grant.role, action).is_some_and(|reach| match reach.min(grant.scope) {
            Scope::Own => relation.own,
            Scope::Team => relation.own || relation.team,
            Scope::Organisation => true,
        })
    })
}

/// Whether any of the grants allows an action somewhere: enough for what concerns no single handoff.
pub fn allowed_somewhere(grants: &[Grant], action: Action) -> bool {
    grants.iter().any(|grant| reach(grant.role, action).is_some())
}

/// How far a role reaches at most, for what concerns handoffs; the directory of people and the playbooks are everybody's.
pub fn reaches_at_most(role: Role) -> Scope {
    let directory = [Action::ReadPeople, Action::ReadPlaybooks];
    let concerns = Action::ALL.into_iter().filter(|action| !directory.contains(action));
    concerns.filter_map(|action| reach(role, action)).max().unwrap_or(Scope::Own)
}

/// The widest reach the grants give for an action: what lists may show.
pub fn widest(grants: &[Grant], action: Action) -> Option<Scope> {
    grants.iter().filter_map(|grant| Some(reach(grant.role, action)?.min(grant.scope))).max()
}
