//! What people and programs ask for. Bodies are what the API takes; pages build the same values.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::state::*;
use crate::{deal::Deal, ids::*, people::Role, personal::Personal, playbook::Gate, record::*};

/// Declares the bodies and the enum that holds them, so that each verb has one name everywhere.
macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident $verb:literal { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        /// Something asked of a handoff.
        #[expect(clippy::large_enum_variant, reason = "one command is held at a time")]
        #[derive(Debug, Clone, PartialEq)]
        pub enum Command {
            $($(#[$doc])* $name($name),)*
        }

        impl Command {
            /// Every verb with its sentence, in the order of declaration.
            pub const VERBS: &'static [&'static str] = &[$($verb),*];

            /// The verb: as in API addresses, the access table and refusals.
            pub fn verb(&self) -> &'static str {
                match self { $(Command::$name(_) => $verb,)* }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $($(#[$fdoc])* pub $field: $ty,)* }

            impl $name {
                /// The verb: as in API addresses.
                pub const VERB: &'static str = $verb;
            }

            impl From<$name> for Command {
                fn from(body: $name) -> Self { Command::$name(body) }
            }
        )*
    };
}

commands! {
    /// Opens a record for a deal. Built by the application from a deal, its route and the people it maps to.
    Open "open" {
        /// The new handoff's id.
        id: HandoffId,
        /// The customer.
        account: AccountId,
        /// The deal.
        deal: Deal,
        /// Its way.
        route: RouteTaken,
        /// Live, history or out of scope.
        life: Life,
        /// The AE.
        seller: Seat,
        /// Who stands for people not yet mapped.
        process_owner: PersonId,
        /// The customer's CSM of record, for routes that go to them.
        #[serde(default)]
        csm_of_record: Option<PersonId>,
        /// What the account's last handoff leaves to start from (R0.7).
        #[serde(default)]
        carried: Vec<Carried>,
    }
    /// Chooses another way for a deal, with a reason (R0.8).
    Reroute "reroute" {
        /// The new way.
        route: RouteTaken,
        /// Why.
        reason: Personal,
    }
    /// Takes news from the CRM, in whatever order they come.
    TakeNews "take-news" {
        /// The deal as the source now tells it.
        deal: Deal,
        /// The AE the CRM names, as mapped here.
        #[serde(default)]
        seller: Option<Seat>,
        /// The CSM the CRM shows, where it shows one.
        #[serde(default)]
        csm: Option<PersonId>,
    }
    /// Gives a job on the handoff to somebody (R0.7).
    SetSeat "set-seat" {
        /// Which job.
        role: Role,
        /// The accountable person.
        person: PersonId,
        /// Who works along.
        #[serde(default)]
        contributors: BTreeSet<PersonId>,
        /// Why.
        #[serde(default)]
        reason: Option<Personal>,
    }

    /// Answers an ask.
    GiveAnswer "answer" {
        /// Which ask.
        ask: Key,
        /// The answer.
        answer: Answer,
        /// Why it changes; wanted once the record was offered (R1.12).
        #[serde(default)]
        reason: Option<Personal>,
    }
    /// Takes an answer back.
    Clear "clear" {
        /// Which ask.
        ask: Key,
        /// Why, once the record was offered.
        #[serde(default)]
        reason: Option<Personal>,
    }
    /// Says that a list is empty, with what makes one sure.
    DeclareNone "declare-none" {
        /// Which ask.
        ask: Key,
        /// What makes one sure.
        #[serde(default)]
        note: Option<Personal>,
    }
    /// Adds an item to a list of the record.
    AddItem "add-item" {
        /// What it says.
        body: Body,
        /// Where it was said.
        #[serde(default)]
        evidence: Evidence,
        /// Why, once the record was offered.
        #[serde(default)]
        reason: Option<Personal>,
    }
    /// Changes an item.
    ChangeItem "change-item" {
        /// Which.
        item: ItemId,
        /// What it says now.
        body: Body,
        /// Where it was said.
        #[serde(default)]
        evidence: Evidence,
        /// Why, once the record was offered.
        #[serde(default)]
        reason: Option<Personal>,
    }
    /// Removes an item.
    RemoveItem "remove-item" {
        /// Which.
        item: ItemId,
        /// Why.
        #[serde(default)]
        reason: Option<Personal>,
    }
    /// Opens parts of an offered record again (R0.11, R1.12).
    Reopen "reopen" {
        /// Which asks.
        asks: BTreeSet<Key>,
        /// Why.
        reason: Personal,
    }
    /// Says that the changes after the transfer were seen (R0.11).
    AcknowledgeAmendments "acknowledge-amendments" {}

    /// Decides a promise (R2.6).
    DecidePromise "decide-promise" {
        /// Which.
        item: ItemId,
        /// What.
        verdict: DecisionVerdict,
        /// Why; for a counter, what stands instead.
        reason: Personal,
    }
    /// Records the talk with the customer about a promise that does not stand.
    CorrectPromise "correct-promise" {
        /// Which.
        item: ItemId,
        /// Where the talk is found.
        evidence: Evidence,
    }
    /// Records how a promise ended.
    SettlePromise "settle-promise" {
        /// Which.
        item: ItemId,
        /// How.
        outcome: PromiseOutcome,
        /// When.
        on: Date,
        /// What there is to say.
        #[serde(default)]
        note: Option<Personal>,
    }
    /// Records what the customer says to a criterion now (R4.1).
    ConfirmCriterion "confirm-criterion" {
        /// Which.
        item: ItemId,
        /// It is still right as it was.
        still_accurate: bool,
        /// The imprint of the criterion that was read: SHA-256, in hexadecimal, of the JSON array of its words, its
        /// measure or null, and its day or null. Another one is not answered by it. The customer always names it.
        #[serde(default)]
        read: Option<String>,
        /// Their new words, when it is not.
        #[serde(default)]
        words: Option<Personal>,
        /// When they said so.
        at: Timestamp,
        /// Where they said so.
        evidence: Evidence,
    }

    /// Nominates a CSM (R0.3).
    Nominate "nominate" {
        /// Whom.
        csm: PersonId,
    }
    /// Offers the record to a CSM; asks gate `handoff`.
    Offer "offer" {
        /// To whom.
        to: PersonId,
    }
    /// Takes the offer back.
    WithdrawOffer "withdraw-offer" {
        /// Why.
        reason: Personal,
    }
    /// Accepts an offer, which asks gate `csm_assignment`; or an account one is to follow in.
    Accept "accept" {}
    /// Refuses the assignment with a coded reason (R2.10).
    SendBack "return" {
        /// The code.
        code: Key,
        /// In words.
        reason: Personal,
    }
    /// Says what was done about a return.
    AnswerReturn "answer-return" {
        /// What.
        text: Personal,
    }
    /// Marks a category of the scorecard (R6.7).
    MarkCategory "mark" {
        /// Which.
        category: Key,
        /// How.
        mark: Mark,
        /// What was missing.
        #[serde(default)]
        note: Option<Personal>,
    }
    /// Asks the AE something (R3.11).
    AskQuestion "ask" {
        /// What.
        text: Personal,
    }
    /// Answers a question.
    AnswerQuestion "answer-question" {
        /// Which.
        question: QuestionId,
        /// With what.
        text: Personal,
    }

    /// Asks a gate on behalf of another system, and remembers the answer.
    AttemptGate "attempt-gate" {
        /// Which.
        gate: Gate,
    }
    /// Asks for a waiver (R2.8).
    AskWaiver "ask-waiver" {
        /// At which gate.
        gate: Gate,
        /// For what.
        covers: BTreeSet<Covers>,
        /// Why.
        reason: Personal,
    }
    /// Grants a waiver somebody else asked for.
    GrantWaiver "grant-waiver" {
        /// Which.
        waiver: WaiverId,
        /// Until when; left out when what it covers can no longer happen.
        #[serde(default)]
        expires_at: Option<Timestamp>,
    }
    /// Denies a waiver.
    DenyWaiver "deny-waiver" {
        /// Which.
        waiver: WaiverId,
        /// Why.
        reason: Personal,
    }

    /// Reports that a step happened. Always recorded (R0.1).
    ReportStep "report-step" {
        /// Which step.
        step: Key,
        /// When it happened.
        happened_at: Timestamp,
        /// When it ended.
        #[serde(default)]
        ended_at: Option<Timestamp>,
        /// For a booking: for when.
        #[serde(default)]
        booked_for: Option<Timestamp>,
        /// In which form.
        #[serde(default)]
        form: Option<Key>,
        /// How it is known.
        known_by: KnownBy,
        /// What was ticked off.
        #[serde(default)]
        outcomes: BTreeSet<Key>,
        /// What there is to say.
        #[serde(default)]
        note: Option<Personal>,
    }
    /// Confirms a reported step, from the receiving side (R0.10).
    ConfirmStep "confirm-step" {
        /// Which step.
        step: Key,
        /// Which report.
        number: u32,
    }
    /// Disputes a reported step.
    DisputeStep "dispute-step" {
        /// Which step.
        step: Key,
        /// Which report.
        number: u32,
        /// Why.
        reason: Personal,
    }
    /// Corrects a report: it did not happen, or at another time (R0.11).
    CorrectStep "correct-step" {
        /// Which step.
        step: Key,
        /// Which report.
        number: u32,
        /// Why.
        reason: Personal,
        /// When it did happen; left out when it did not.
        #[serde(default)]
        happened_at: Option<Timestamp>,
        /// For a booking: for when.
        #[serde(default)]
        booked_for: Option<Timestamp>,
    }
    /// Plans when a step's meeting takes place, or moves it: those who take part are invited. For the kickoff, whose date
    /// is booked, it says where and how long.
    PlanMeeting "plan-meeting" {
        /// Which step: an early introduction, an internal call, a warm introduction or the kickoff.
        step: Key,
        /// When it begins.
        starts_at: Timestamp,
        /// How long it takes; left out, as long as the playbook says.
        #[serde(default)]
        minutes: Option<u16>,
        /// Where: a room, or a link to follow.
        #[serde(default)]
        place: Option<Personal>,
    }
    /// Calls a planned meeting off: those who were invited are told.
    CallOffMeeting "call-off-meeting" {
        /// Which step.
        step: Key,
        /// Why.
        #[serde(default)]
        reason: Option<Personal>,
    }
    /// Takes the account over, with a reason (R0.4).
    TakeOver "take-over" {
        /// Who owns it from now on.
        by: PersonId,
        /// Why.
        reason: Personal,
    }

    /// Names who follows the CSM of an account that has one (R0.7). They are CSM once they accept.
    Reassign "reassign" {
        /// Whom.
        to: PersonId,
        /// Why.
        reason: Personal,
    }

    /// Names who follows the AE (R0.7). They are AE once they accept.
    HandOver "hand-over" {
        /// Whom.
        to: PersonId,
        /// Why.
        reason: Personal,
    }
    /// Takes on an account one is named to follow in, as AE or CSM: brief, open promises and plan go along.
    TakeOn "take-on" {}
    /// Declines to follow: who has the account keeps it.
    Decline "decline" {
        /// Why.
        reason: Personal,
    }

    /// Opens the mutual success plan; asks gate `cs_access`.
    OpenPlan "open-plan" {}
    /// Adds or changes a milestone.
    SetMilestone "set-milestone" {
        /// Which; left out for a new one.
        #[serde(default)]
        id: Option<MilestoneId>,
        /// What.
        milestone: Milestone,
    }
    /// Removes a milestone.
    RemoveMilestone "remove-milestone" {
        /// Which.
        id: MilestoneId,
        /// Why.
        #[serde(default)]
        reason: Option<Personal>,
    }
    /// Records that the customer committed to a prerequisite (R4.1).
    CommitPrerequisite "commit-prerequisite" {
        /// Which.
        prerequisite: Key,
        /// Where they said so.
        evidence: Evidence,
    }
    /// Confirms the kickoff so that agenda and invitation go out; asks gate `kickoff`.
    ConfirmKickoff "confirm-kickoff" {}
    /// Records that the customer confirmed the plan (R3.9).
    ConfirmPlan "confirm-plan" {
        /// How.
        form: PlanForm,
        /// When they did.
        at: Timestamp,
        /// Where it is found.
        evidence: Evidence,
    }
    /// Proposes a milestone, or another shape of one: in the plan once it is accepted. For the customer (R4.2).
    ProposeMilestone "propose-milestone" {
        /// The milestone it would change; left out for a new one.
        #[serde(default)]
        of: Option<MilestoneId>,
        /// What it would be.
        milestone: Milestone,
    }
    /// Accepts what the customer proposes, so that it is in the plan, or declines it.
    AnswerProposal "answer-proposal" {
        /// Which.
        proposal: ProposalId,
        /// Whether it is accepted.
        accept: bool,
        /// Why; wanted when it is declined. The customer reads it.
        #[serde(default)]
        reason: Option<Personal>,
    }
    /// Says who owns a milestone; the customer, of those of their side (R4.2).
    OwnMilestone "own-milestone" {
        /// Which.
        id: MilestoneId,
        /// Who, by name; left out: nobody yet.
        #[serde(default)]
        owner: Option<Personal>,
    }
    /// Says that a milestone was reached; the customer, of those of their side (R4.2).
    CompleteMilestone "complete-milestone" {
        /// Which.
        id: MilestoneId,
        /// On which day; left out: it was not reached after all.
        #[serde(default)]
        on: Option<Date>,
    }
    /// Says something to the plan or to a milestone. Both sides read it (R4.2).
    CommentPlan "comment-plan" {
        /// Which milestone; left out: the whole plan.
        #[serde(default)]
        milestone: Option<MilestoneId>,
        /// What.
        text: Personal,
    }
    /// Signs the plan, by name and with a fresh proof of who signs. For the customer (R3.9, R4.2).
    SignPlan "sign-plan" {
        /// The name as it was typed.
        name: Personal,
        /// The imprint of the plan that was read: another is not signed by it.
        imprint: String,
        /// SHA-256 of the words that were agreed to, in hexadecimal.
        consent: String,
        /// How it is known who signs.
        proof: Proof,
        /// What the company was called in those words.
        #[serde(default)]
        company: Option<String>,
    }
    /// Rates the handoff (R3.12).
    Rate "rate" {
        /// Which rating.
        rating: Key,
        /// 1 to 5.
        score: u8,
        /// The coded reason a low one asks for.
        #[serde(default)]
        reason: Option<Key>,
        /// In words.
        #[serde(default)]
        comment: Option<Personal>,
    }
    /// Notes an early sign, good or bad (R6.8). Each time it is seen counts.
    NoteSign "note-sign" {
        /// Which.
        sign: EarlySign,
        /// What there is to say.
        #[serde(default)]
        note: Option<Personal>,
    }
    /// Takes an early sign back: it was none after all (R0.11).
    TakeBackSign "take-back-sign" {
        /// Which, by its number.
        number: u32,
        /// Why.
        #[serde(default)]
        reason: Option<Personal>,
    }
    /// Calls the handoff done; asks gate `done`.
    Finish "finish" {}
}
