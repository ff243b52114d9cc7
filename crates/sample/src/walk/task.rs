//! What there is to do, when it is done, and where.

use throughline_domain::{
    Actor, HandoffId, PersonId, Role,
    handoff::{Handoff, Stage, WaiverState},
    playbook::Gate,
    record::{Body, DecisionVerdict, List, StakeholderRole},
};

use super::view;

/// The categories that are marked before an offer is answered.
const REVIEWED: [&str; 4] =
    ["customer_intent", "stakeholder_map", "scope_expectations", "implementation_risk"];

/// One thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    /// The AE names the executive sponsor.
    NameSponsor,
    /// The AE writes down what could derail it, or that nothing could.
    NoteRisks,
    /// The AE says why the customer chose us.
    SayWhyUs,
    /// The AE asks the handoff gate again, and it opens.
    PassGate,
    /// The AE offers the record to the CSM.
    Offer,
    /// The record is offered to the CSM.
    BeOffered,
    /// The CSM marks every category of the scorecard.
    MarkScorecard,
    /// They ask the AE something.
    AskAe,
    /// The CSM accepts.
    Accept,
    /// The CSM plans the internal call.
    PlanCall,
    /// The deal desk lets a promise stand.
    ApprovePromise,
    /// The deal desk lets one stand changed.
    CounterPromise,
    /// The deal desk does not let one stand.
    DeclinePromise,
    /// No promise waits for the deal desk.
    LeaveNoneWaiting,
    /// The SE says what it must work with, or that there is nothing.
    NameIntegrations,
    /// The SE says which data must move, or that none must.
    NoteDataMoves,
    /// The SE says which technical rules bind us.
    SayConstraints,
    /// Product lets a promise stand.
    ApproveFeature,
    /// Product lets one stand changed.
    CounterFeature,
    /// Product does not let one stand.
    DeclineFeature,
    /// Product says how a promise ended.
    SettleFeature,
    /// Somebody answers the CSM's question.
    AnswerQuestion,
    /// The handoff gate is asked.
    AskGate,
    /// An SE is named.
    SeatEngineer,
    /// Whoever may, grants or denies the waiver.
    DecideWaiver,
    /// They ask for a waiver.
    AskWaiver,
    /// Who is to follow the AE is named.
    NameNextAe,
    /// A CSM is nominated.
    Nominate,
    /// The first meeting of CSM and customer is planned.
    PlanIntroduction,
    /// The customer says whether what success means is still right.
    ConfirmGoals,
    /// The customer says something to the plan.
    CommentPlan,
    /// The customer proposes a milestone.
    ProposeMilestone,
    /// The customer signs the plan.
    SignPlan,
}

impl Task {
    /// Every task.
    pub const ALL: [Task; 33] = [
        Task::NameSponsor,
        Task::NoteRisks,
        Task::SayWhyUs,
        Task::PassGate,
        Task::Offer,
        Task::BeOffered,
        Task::MarkScorecard,
        Task::AskAe,
        Task::Accept,
        Task::PlanCall,
        Task::ApprovePromise,
        Task::CounterPromise,
        Task::DeclinePromise,
        Task::LeaveNoneWaiting,
        Task::NameIntegrations,
        Task::NoteDataMoves,
        Task::SayConstraints,
        Task::ApproveFeature,
        Task::CounterFeature,
        Task::DeclineFeature,
        Task::SettleFeature,
        Task::AnswerQuestion,
        Task::AskGate,
        Task::SeatEngineer,
        Task::DecideWaiver,
        Task::AskWaiver,
        Task::NameNextAe,
        Task::Nominate,
        Task::PlanIntroduction,
        Task::ConfirmGoals,
        Task::CommentPlan,
        Task::ProposeMilestone,
        Task::SignPlan,
    ];

    /// Its name in data.
    pub fn name(self) -> &'static str {
        match self {
            Task::NameSponsor => "name-sponsor",
            Task::NoteRisks => "note-risks",
            Task::SayWhyUs => "say-why-us",
            Task::PassGate => "pass-gate",
            Task::Offer => "offer",
            Task::BeOffered => "be-offered",
            Task::MarkScorecard => "mark-scorecard",
            Task::AskAe => "ask-ae",
            Task::Accept => "accept",
            Task::PlanCall => "plan-call",
            Task::ApprovePromise => "approve-promise",
            Task::CounterPromise => "counter-promise",
            Task::DeclinePromise => "decline-promise",
            Task::LeaveNoneWaiting => "leave-none-waiting",
            Task::NameIntegrations => "name-integrations",
            Task::NoteDataMoves => "note-data-moves",
            Task::SayConstraints => "say-constraints",
            Task::ApproveFeature => "approve-feature",
            Task::CounterFeature => "counter-feature",
            Task::DeclineFeature => "decline-feature",
            Task::SettleFeature => "settle-feature",
            Task::AnswerQuestion => "answer-question",
            Task::AskGate => "ask-gate",
            Task::SeatEngineer => "seat-engineer",
            Task::DecideWaiver => "decide-waiver",
            Task::AskWaiver => "ask-waiver",
            Task::NameNextAe => "name-next-ae",
            Task::Nominate => "nominate",
            Task::PlanIntroduction => "plan-introduction",
            Task::ConfirmGoals => "confirm-goals",
            Task::CommentPlan => "comment-plan",
            Task::ProposeMilestone => "propose-milestone",
            Task::SignPlan => "sign-plan",
        }
    }

    /// The task of a name.
    pub fn named(name: &str) -> Option<Task> {
        Task::ALL.into_iter().find(|task| task.name() == name)
    }

    /// Whether a handoff is one the task can be done on by whoever walks: an AE's own, an SE's own, a CSM's own.
    pub fn is_for(self, me: Actor, handoff: &Handoff) -> bool {
        let Some(me) = me.person() else { return true };
        let engineers = handoff.holder(Role::Se) == Some(me);
        match self {
            Task::NameSponsor | Task::SayWhyUs | Task::PassGate | Task::Offer => handoff.seller() == me,
            Task::NoteRisks => handoff.seller() == me || engineers,
            Task::NameIntegrations | Task::NoteDataMoves | Task::SayConstraints => engineers,
            Task::BeOffered | Task::MarkScorecard | Task::Accept | Task::PlanCall => {
                handoff.csm() == Some(me)
            }
            _ => true,
        }
    }

    /// Whether it is done, by what the handoff says.
    pub fn is_done(self, me: Actor, handoff: &Handoff) -> bool {
        let record = &handoff.record;
        let asked = |key: &str| record.answers.keys().any(|ask| ask.as_str() == key);
        let none = |key: &str| record.none.keys().any(|ask| ask.as_str() == key);
        let routed = |to| {
            let lives = record.promises().map(|(_, promise)| &promise.life);
            lives.filter(move |life| life.routed.as_ref().is_some_and(|routed| routed.to == to))
        };
        let decided = |by, verdict| {
            routed(by).any(|life| life.decision.as_ref().is_some_and(|decision| decision.verdict == verdict))
        };
        let (desk, product) = (Role::DealDesk, Role::Product);
        let gate = handoff.gates.get(&Gate::Handoff);
        let planned = |step: &str| {
            let meetings = handoff.meetings.iter().filter(|(key, _)| key.as_str() == step);
            let happened = handoff.steps.keys().any(|key| key.as_str() == step);
            happened || meetings.into_iter().any(|(_, meeting)| meeting.called_off.is_none())
        };
        match self {
            Task::NameSponsor => none("executive_sponsor") || has_sponsor(handoff),
            Task::NoteRisks => none("risks") || record.list(List::Risks).next().is_some(),
            Task::SayWhyUs => asked("why_us"),
            Task::PassGate => gate.is_some_and(|gate| gate.passed.is_some()),
            Task::Offer => !handoff.offers.is_empty(),
            Task::BeOffered => me.person().is_some_and(|me| offered_to(handoff, me)),
            Task::MarkScorecard => {
                REVIEWED.iter().all(|key| handoff.marks.keys().any(|marked| marked.as_str() == *key))
            }
            Task::AskAe => handoff.questions.values().any(|question| question.by.person() == me.person()),
            Task::Accept => matches!(handoff.stage, Stage::Assigned { .. } | Stage::Owned { .. }),
            Task::PlanCall => planned("internal_call"),
            Task::ApprovePromise => decided(desk, DecisionVerdict::Approved),
            Task::CounterPromise => decided(desk, DecisionVerdict::Countered),
            Task::DeclinePromise => decided(desk, DecisionVerdict::Declined),
            Task::LeaveNoneWaiting => routed(desk).all(|life| life.decision.is_some()),
            Task::NameIntegrations => {
                none("integrations") || record.list(List::Integrations).next().is_some()
            }
            Task::NoteDataMoves => none("data_moves") || record.list(List::DataMoves).next().is_some(),
            Task::SayConstraints => asked("constraints"),
            Task::ApproveFeature => decided(product, DecisionVerdict::Approved),
            Task::CounterFeature => decided(product, DecisionVerdict::Countered),
            Task::DeclineFeature => decided(product, DecisionVerdict::Declined),
            Task::SettleFeature => routed(product).any(|life| life.settled.is_some()),
            Task::AnswerQuestion => handoff.questions.values().all(|question| question.answer.is_some()),
            Task::AskGate => gate.is_some_and(|gate| gate.first_attempt_at.is_some()),
            Task::SeatEngineer => handoff.seats.contains_key(&Role::Se),
            Task::DecideWaiver => handoff.waivers.values().all(|waiver| waiver.state != WaiverState::Asked),
            Task::AskWaiver => handoff.waivers.values().any(|waiver| waiver.asked_by.person() == me.person()),
            // Once they have accepted nobody is named any more: the first to be answerable was the AE before.
            Task::NameNextAe => {
                let first = handoff.tenures.first().map(|tenure| tenure.person);
                handoff.next_seller.is_some() || first.is_some_and(|first| first != handoff.seller())
            }
            Task::Nominate => handoff.csm().is_some(),
            Task::PlanIntroduction => planned("early_intro"),
            Task::ConfirmGoals => {
                let mut goals = record.list(List::Criteria).peekable();
                goals.peek().is_some() && goals.all(|item| is_confirmed(&item.body))
            }
            Task::CommentPlan => {
                handoff.plan.as_ref().is_some_and(|plan| plan.comments.iter().any(|said| said.by == me))
            }
            Task::ProposeMilestone => {
                handoff.plan.as_ref().is_some_and(|plan| plan.proposals.values().any(|one| one.by == me))
            }
            Task::SignPlan => handoff.plan.as_ref().is_some_and(|plan| !plan.signatures.is_empty()),
        }
    }

    /// Where it is done.
    pub fn place(self, id: HandoffId) -> String {
        match self {
            Task::NameSponsor => view(id, "#ask-executive_sponsor"),
            Task::NoteRisks => view(id, "#ask-risks"),
            Task::SayWhyUs => view(id, "#ask-why_us"),
            Task::PassGate | Task::AskGate => view(id, "/gates"),
            Task::DecideWaiver => view(id, "/gates#waivers"),
            Task::Offer | Task::BeOffered | Task::Accept => view(id, "/review#offer"),
            Task::MarkScorecard => view(id, "/review#scorecard"),
            Task::AskAe | Task::AnswerQuestion => view(id, "/questions"),
            Task::PlanCall => view(id, "/steps#step-internal_call"),
            Task::PlanIntroduction => view(id, "/steps#step-early_intro"),
            Task::NameIntegrations => view(id, "#ask-integrations"),
            Task::NoteDataMoves => view(id, "#ask-data_moves"),
            Task::SayConstraints => view(id, "#ask-constraints"),
            Task::ApprovePromise
            | Task::CounterPromise
            | Task::DeclinePromise
            | Task::LeaveNoneWaiting
            | Task::ApproveFeature
            | Task::CounterFeature
            | Task::DeclineFeature
            | Task::SettleFeature => view(id, "/promises"),
            Task::AskWaiver => view(id, "/gates#gate-handoff"),
            Task::NameNextAe => view(id, "/people#change-ae"),
            Task::SeatEngineer => view(id, "/steps#seats"),
            Task::Nominate => view(id, "/review#offer"),
            Task::ConfirmGoals => format!("/portal/plans/{id}#goals"),
            Task::CommentPlan => format!("/portal/plans/{id}#conversation"),
            Task::ProposeMilestone => format!("/portal/plans/{id}#proposals"),
            Task::SignPlan => format!("/portal/plans/{id}/sign"),
        }
    }
}

fn has_sponsor(handoff: &Handoff) -> bool {
    handoff.record.list(List::Stakeholders).any(|item| match &item.body {
        Body::Stakeholder(person) => person.parts.contains(&StakeholderRole::ExecutiveSponsor),
        _ => false,
    })
}

fn is_confirmed(body: &Body) -> bool {
    matches!(body, Body::Criterion(criterion) if criterion.confirmation.is_some())
}

fn offered_to(handoff: &Handoff, me: PersonId) -> bool {
    handoff.stage.csm() == Some(me)
}
