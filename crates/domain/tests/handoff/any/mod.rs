//! Any command at all: plausible ones often enough to get far, absurd ones often enough to hurt.

mod command;
mod parts;
mod turn;

use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};
use throughline_domain::{PersonId, Role};
use throughline_testkit::people::*;

pub use self::{command::command, turn::sets};

/// A command before it is known what there is to point at: places are indices into whatever exists by then.
#[derive(Debug, Clone)]
pub struct Draft {
    pub who: PersonId,
    pub extra_role: Option<Role>,
    pub wait: Wait,
    pub verb: Verb,
    pub at: Index,
    pub other: Index,
    pub coin: bool,
    pub dice: u8,
    pub words: Option<String>,
}

impl Draft {
    /// So often something odd is done.
    fn one_in(&self, sides: u8) -> bool {
        self.dice.is_multiple_of(sides)
    }
}

/// How long until the command.
#[derive(Debug, Clone, Copy)]
pub enum Wait {
    None,
    Minutes(i64),
    Hours(i64),
    Days(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Open,
    Reroute,
    TakeNews,
    SetSeat,
    GiveAnswer,
    Clear,
    DeclareNone,
    AddItem,
    ChangeItem,
    RemoveItem,
    Reopen,
    Acknowledge,
    DecidePromise,
    CorrectPromise,
    SettlePromise,
    ConfirmCriterion,
    Nominate,
    Offer,
    WithdrawOffer,
    Accept,
    SendBack,
    AnswerReturn,
    Mark,
    Ask,
    AnswerQuestion,
    AttemptGate,
    AskWaiver,
    GrantWaiver,
    DenyWaiver,
    ReportStep,
    ConfirmStep,
    DisputeStep,
    CorrectStep,
    PlanMeeting,
    CallOffMeeting,
    TakeOver,
    Reassign,
    HandOver,
    TakeOn,
    Decline,
    OpenPlan,
    SetMilestone,
    RemoveMilestone,
    CommitPrerequisite,
    ConfirmKickoff,
    ConfirmPlan,
    ProposeMilestone,
    AnswerProposal,
    OwnMilestone,
    CompleteMilestone,
    CommentPlan,
    SignPlan,
    Rate,
    NoteSign,
    TakeBackSign,
    Finish,
    /// Not a verb: whatever the first open gap of the record asks for.
    FillNext,
}

/// Verbs with their weights. Commands that end things or start them over are rarer, so that plays get far.
const VERBS: &[(u32, Verb)] = &[
    (1, Verb::Open),
    (1, Verb::Reroute),
    (3, Verb::TakeNews),
    (1, Verb::SetSeat),
    (3, Verb::GiveAnswer),
    (1, Verb::Clear),
    (2, Verb::DeclareNone),
    (4, Verb::AddItem),
    (2, Verb::ChangeItem),
    (1, Verb::RemoveItem),
    (1, Verb::Reopen),
    (1, Verb::Acknowledge),
    (3, Verb::DecidePromise),
    (2, Verb::CorrectPromise),
    (1, Verb::SettlePromise),
    (1, Verb::ConfirmCriterion),
    (2, Verb::Nominate),
    (4, Verb::Offer),
    (1, Verb::WithdrawOffer),
    (4, Verb::Accept),
    (1, Verb::SendBack),
    (1, Verb::AnswerReturn),
    (8, Verb::Mark),
    (1, Verb::Ask),
    (1, Verb::AnswerQuestion),
    (4, Verb::AttemptGate),
    (3, Verb::AskWaiver),
    (3, Verb::GrantWaiver),
    (1, Verb::DenyWaiver),
    (6, Verb::ReportStep),
    (4, Verb::ConfirmStep),
    (1, Verb::DisputeStep),
    (1, Verb::CorrectStep),
    (2, Verb::PlanMeeting),
    (1, Verb::CallOffMeeting),
    (1, Verb::TakeOver),
    (1, Verb::Reassign),
    (1, Verb::HandOver),
    (1, Verb::TakeOn),
    (1, Verb::Decline),
    (2, Verb::OpenPlan),
    (2, Verb::SetMilestone),
    (1, Verb::RemoveMilestone),
    (1, Verb::CommitPrerequisite),
    (2, Verb::ConfirmKickoff),
    (2, Verb::ConfirmPlan),
    (2, Verb::ProposeMilestone),
    (2, Verb::AnswerProposal),
    (1, Verb::OwnMilestone),
    (1, Verb::CompleteMilestone),
    (1, Verb::CommentPlan),
    (2, Verb::SignPlan),
    (3, Verb::Rate),
    (1, Verb::NoteSign),
    (1, Verb::TakeBackSign),
    (2, Verb::Finish),
    (24, Verb::FillNext),
];

/// Any sequence of drafts.
pub fn any_drafts(most: usize) -> impl Strategy<Value = Vec<Draft>> {
    vec(any_draft(), 0..most)
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let verbs: Vec<(u32, Just<Verb>)> = VERBS.iter().map(|(weight, verb)| (*weight, Just(*verb))).collect();
    let verb = proptest::strategy::Union::new_weighted(
        verbs.into_iter().map(|(weight, verb)| (weight, verb.boxed())).collect(),
    );
    let who = select(EVERYBODY.iter().map(|(id, ..)| *id).collect::<Vec<_>>());
    let wait = prop_oneof![
        6 => Just(Wait::None),
        4 => (1i64..30).prop_map(Wait::Minutes),
        3 => (1i64..30).prop_map(Wait::Hours),
        2 => (1i64..12).prop_map(Wait::Days),
    ];
    let words = option::weighted(0.85, "[a-zA-Z0-9 äß'.]{1,20}[a-z]");
    let extra_role = option::weighted(0.15, select(Role::ALL.to_vec()));
    (who, extra_role, wait, verb, any::<Index>(), any::<Index>(), any::<bool>(), any::<u8>(), words).prop_map(
        |(who, extra_role, wait, verb, at, other, coin, dice, words)| Draft {
            who,
            extra_role,
            wait,
            verb,
            at,
            other,
            coin,
            dice,
            words,
        },
    )
}
