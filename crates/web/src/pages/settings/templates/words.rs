//! Kinds of messages and their groups, in the reader's words.

use throughline_messages::{Group, Kind};

use crate::{i18n::Key, key};

/// A group's heading.
pub fn heading(group: Group) -> Key {
    match group {
        Group::Handoff => key!("templates-group-handoff"),
        Group::Decisions => key!("templates-group-decisions"),
        Group::Clocks => key!("templates-group-clocks"),
        Group::Customer => key!("templates-group-customer"),
        Group::Meetings => key!("templates-group-meetings"),
        Group::Access => key!("templates-group-access"),
        Group::Wrapping => key!("templates-group-wrapping"),
    }
}

/// What a kind is called, and what it is for.
pub fn words(kind: Kind) -> (Key, Key) {
    match kind {
        Kind::RecordOpened => (key!("templates-kind-record-opened"), key!("templates-purpose-record-opened")),
        Kind::Nominated => (key!("templates-kind-nominated"), key!("templates-purpose-nominated")),
        Kind::HandoverAsked => {
            (key!("templates-kind-handover-asked"), key!("templates-purpose-handover-asked"))
        }
        Kind::HandedOver => (key!("templates-kind-handed-over"), key!("templates-purpose-handed-over")),
        Kind::HandoverDeclined => {
            (key!("templates-kind-handover-declined"), key!("templates-purpose-handover-declined"))
        }
        Kind::Offered => (key!("templates-kind-offered"), key!("templates-purpose-offered")),
        Kind::IntroductionDraft => {
            (key!("templates-kind-introduction-draft"), key!("templates-purpose-introduction-draft"))
        }
        Kind::Returned => (key!("templates-kind-returned"), key!("templates-purpose-returned")),
        Kind::GateRefused => (key!("templates-kind-gate-refused"), key!("templates-purpose-gate-refused")),
        Kind::Bypassed => (key!("templates-kind-bypassed"), key!("templates-purpose-bypassed")),
        Kind::PromiseRouted => {
            (key!("templates-kind-promise-routed"), key!("templates-purpose-promise-routed"))
        }
        Kind::PromiseDecided => {
            (key!("templates-kind-promise-decided"), key!("templates-purpose-promise-decided"))
        }
        Kind::Question => (key!("templates-kind-question"), key!("templates-purpose-question")),
        Kind::QuestionAnswered => {
            (key!("templates-kind-question-answered"), key!("templates-purpose-question-answered"))
        }
        Kind::WaiverAsked => (key!("templates-kind-waiver-asked"), key!("templates-purpose-waiver-asked")),
        Kind::WaiverDecided => {
            (key!("templates-kind-waiver-decided"), key!("templates-purpose-waiver-decided"))
        }
        Kind::PleaseConfirm => {
            (key!("templates-kind-please-confirm"), key!("templates-purpose-please-confirm"))
        }
        Kind::OwnershipMoved => {
            (key!("templates-kind-ownership-moved"), key!("templates-purpose-ownership-moved"))
        }
        Kind::Reopened => (key!("templates-kind-reopened"), key!("templates-purpose-reopened")),
        Kind::Amended => (key!("templates-kind-amended"), key!("templates-purpose-amended")),
        Kind::KickoffConfirmed => {
            (key!("templates-kind-kickoff-confirmed"), key!("templates-purpose-kickoff-confirmed"))
        }
        Kind::Rated => (key!("templates-kind-rated"), key!("templates-purpose-rated")),
        Kind::CustomerActed => {
            (key!("templates-kind-customer-acted"), key!("templates-purpose-customer-acted"))
        }
        Kind::PortalInvitation => {
            (key!("templates-kind-portal-invitation"), key!("templates-purpose-portal-invitation"))
        }
        Kind::PortalLink => (key!("templates-kind-portal-link"), key!("templates-purpose-portal-link")),
        Kind::PortalCode => (key!("templates-kind-portal-code"), key!("templates-purpose-portal-code")),
        Kind::PortalSignature => {
            (key!("templates-kind-portal-signature"), key!("templates-purpose-portal-signature"))
        }
        Kind::PortalAnswer => (key!("templates-kind-portal-answer"), key!("templates-purpose-portal-answer")),
        Kind::PortalComment => {
            (key!("templates-kind-portal-comment"), key!("templates-purpose-portal-comment"))
        }
        Kind::Stopped => (key!("templates-kind-stopped"), key!("templates-purpose-stopped")),
        Kind::RoutedToNone => {
            (key!("templates-kind-routed-to-none"), key!("templates-purpose-routed-to-none"))
        }
        Kind::Reminder => (key!("templates-kind-reminder"), key!("templates-purpose-reminder")),
        Kind::Escalation => (key!("templates-kind-escalation"), key!("templates-purpose-escalation")),
        Kind::Invitation => (key!("templates-kind-invitation"), key!("templates-purpose-invitation")),
        Kind::Reset => (key!("templates-kind-reset"), key!("templates-purpose-reset")),
        Kind::Introduction => (key!("templates-kind-introduction"), key!("templates-purpose-introduction")),
        Kind::Recap => (key!("templates-kind-recap"), key!("templates-purpose-recap")),
        Kind::PlanToConfirm => {
            (key!("templates-kind-plan-to-confirm"), key!("templates-purpose-plan-to-confirm"))
        }
        Kind::Meeting => (key!("templates-kind-meeting"), key!("templates-purpose-meeting")),
        Kind::MeetingCancelled => {
            (key!("templates-kind-meeting-cancelled"), key!("templates-purpose-meeting-cancelled"))
        }
        Kind::StandIn => (key!("templates-kind-stand-in"), key!("templates-purpose-stand-in")),
        Kind::CameByMail => (key!("templates-kind-came-by-mail"), key!("templates-purpose-came-by-mail")),
        Kind::Mail => (key!("templates-kind-mail"), key!("templates-purpose-mail")),
        Kind::Digest => (key!("templates-kind-digest"), key!("templates-purpose-digest")),
    }
}
