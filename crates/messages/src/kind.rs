//! Every sort of text there is a template for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use throughline_domain::handoff::Message;

macro_rules! kinds {
    ($($kind:ident $name:literal $purpose:literal)*) => {
        /// A sort of text with a template of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $(#[doc = $purpose] $kind,)*
        }

        impl Kind {
            /// Every kind, in the order pages list them.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// The name used in data and of the shipped file.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)* }
            }

            /// What it is for, in a sentence.
            pub fn purpose(self) -> &'static str {
                match self { $(Kind::$kind => $purpose,)* }
            }

            /// The shipped template.
            pub fn shipped(self) -> &'static str {
                match self { $(Kind::$kind => include_str!(concat!("../templates/en/", $name, ".txt")),)* }
            }
        }
    };
}

kinds! {
    RecordOpened "record_opened" "Tells the AE that a record waits for what they know."
    Nominated "nominated" "Tells a CSM that they are to receive an account, with its brief."
    HandoverAsked "handover_asked" "Asks somebody to follow an AE or CSM, with the brief and what is open."
    HandedOver "handed_over" "Tells that another is AE or CSM, with the brief, what is open and a draft for the customer."
    HandoverDeclined "handover_declined" "Tells that who was named to follow declined."
    Offered "offered" "Offers a CSM the account, with its brief."
    IntroductionDraft "introduction_draft" "Tells the AE that the CSM accepted, with a draft of the warm introduction."
    Returned "returned" "Tells the AE, and after the second time those who help, that the record came back."
    GateRefused "gate_refused" "Tells the AE that a gate refused."
    Bypassed "bypassed" "Tells that a deal was found past a gate."
    PromiseRouted "promise_routed" "Asks product or the deal desk to decide a promise."
    PromiseDecided "promise_decided" "Tells the AE how their promise was decided."
    Question "question" "Brings the AE a question of the CSM."
    QuestionAnswered "question_answered" "Tells whoever asked that the answer is there."
    WaiverAsked "waiver_asked" "Asks for a decision on a waiver."
    WaiverDecided "waiver_decided" "Tells whoever asked how their waiver was decided."
    PleaseConfirm "please_confirm" "Asks the receiving side to confirm what was reported."
    OwnershipMoved "ownership_moved" "Tells that somebody else answers for the account now."
    Reopened "reopened" "Tells the CSM that parts of the record are open again."
    Amended "amended" "Tells the CSM that the record changed after they took over."
    KickoffConfirmed "kickoff_confirmed" "Tells that the kickoff goes ahead."
    Rated "rated" "Tells the AE and their manager that the handoff was rated."
    CustomerActed "customer_acted" "Tells whoever is answerable what the customer did in the portal."
    Stopped "stopped" "Tells that the deal was lost, deleted or undone."
    RoutedToNone "routed_to_none" "Tells the CSM of record about a deal that takes no handoff."
    Reminder "reminder" "Reminds whoever owes something before it is late."
    Escalation "escalation" "Tells the next in line that something is late, after a reminder."
    Invitation "invitation" "Greets somebody who was invited to the product."
    Reset "reset" "Goes with a fresh link to sign in."
    Introduction "introduction" "The draft of the warm introduction, from the AE to the customer's executive."
    Recap "recap" "The draft of the summary after the bridge call or the kickoff, to the customer."
    PlanToConfirm "plan_to_confirm" "Asks the customer to confirm the plan by answering."
    Meeting "meeting" "The words beside a calendar invitation, and beside each change of it."
    MeetingCancelled "meeting_cancelled" "The words beside the cancellation of a meeting."
    PortalInvitation "portal_invitation" "Asks somebody at the customer into the portal, with the way in."
    PortalLink "portal_link" "Brings somebody at the customer the link they asked for."
    PortalCode "portal_code" "Brings the code that lets another browser into the portal."
    PortalSignature "portal_signature" "Brings the code that proves who signs the plan."
    PortalAnswer "portal_answer" "Tells somebody at the customer that what they proposed is answered."
    PortalComment "portal_comment" "Tells somebody at the customer that something was said to them in the portal."
    StandIn "stand_in" "Stands around a message that goes to a stand-in: who is away, until when."
    CameByMail "came_by_mail" "Shows somebody a mail that came in and needs a look: an answer that could not be used, an invitation declined."
    Mail "mail" "Wraps one message into a mail: the message, where it leads, why it came."
    Digest "digest" "Wraps several messages to one person into one mail, by account."
}

impl Kind {
    /// The kind of a message of the domain.
    pub fn of(message: &Message) -> Self {
        match message {
            Message::RecordOpened => Kind::RecordOpened,
            Message::Nominated => Kind::Nominated,
            Message::Offered => Kind::Offered,
            Message::HandoverAsked { .. } => Kind::HandoverAsked,
            Message::HandedOver { .. } => Kind::HandedOver,
            Message::HandoverDeclined { .. } => Kind::HandoverDeclined,
            Message::IntroductionDraft => Kind::IntroductionDraft,
            Message::Returned { .. } => Kind::Returned,
            Message::GateRefused { .. } => Kind::GateRefused,
            Message::Bypassed { .. } => Kind::Bypassed,
            Message::PromiseRouted => Kind::PromiseRouted,
            Message::PromiseDecided { .. } => Kind::PromiseDecided,
            Message::Question => Kind::Question,
            Message::QuestionAnswered => Kind::QuestionAnswered,
            Message::WaiverAsked { .. } => Kind::WaiverAsked,
            Message::WaiverDecided { .. } => Kind::WaiverDecided,
            Message::PleaseConfirm => Kind::PleaseConfirm,
            Message::OwnershipMoved => Kind::OwnershipMoved,
            Message::Reopened => Kind::Reopened,
            Message::Amended => Kind::Amended,
            Message::KickoffConfirmed => Kind::KickoffConfirmed,
            Message::Rated => Kind::Rated,
            Message::CustomerActed { .. } => Kind::CustomerActed,
            Message::ProposalAnswered { .. } => Kind::PortalAnswer,
            Message::PlanCommented => Kind::PortalComment,
            Message::Stopped => Kind::Stopped,
            Message::RoutedToNone => Kind::RoutedToNone,
            Message::Meetings => Kind::Meeting,
            Message::Reminder { .. } => Kind::Reminder,
            Message::Escalation { .. } => Kind::Escalation,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Text that names no kind of message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no message; one of {known}", known = names())]
pub struct NotAKind(String);

impl FromStr for Kind {
    type Err = NotAKind;

    fn from_str(text: &str) -> Result<Self, NotAKind> {
        let found = Kind::ALL.iter().copied().find(|kind| kind.name() == text);
        found.ok_or_else(|| NotAKind(text.chars().take(40).collect()))
    }
}

fn names() -> String {
    Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_its_name_and_a_stranger_is_told_the_names() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(*kind));
        }
        let said = "offerd".parse::<Kind>().unwrap_err().to_string();
        assert!(
            said.starts_with("`offerd` is no message; one of record_opened, nominated, handover_asked,"),
            "{said}"
        );
    }
}
