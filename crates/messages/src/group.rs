//! Kinds of messages by what they are for, as lists of templates show them.

use crate::Kind;

/// What messages are for, roughly: who writes templates looks for one here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// From the first ask of the record to whose account it is.
    Handoff,
    /// What is decided: gates, promises, waivers, questions.
    Decisions,
    /// What is due, and what is late.
    Clocks,
    /// What goes to the customer.
    Customer,
    /// The words beside calendar files.
    Meetings,
    /// Coming in: invitations and fresh links.
    Access,
    /// What mail is wrapped in.
    Wrapping,
}

impl Group {
    /// Every group, in the order pages list them.
    pub const ALL: [Group; 7] = [
        Group::Handoff,
        Group::Decisions,
        Group::Clocks,
        Group::Customer,
        Group::Meetings,
        Group::Access,
        Group::Wrapping,
    ];

    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Group::Handoff => "handoff",
            Group::Decisions => "decisions",
            Group::Clocks => "clocks",
            Group::Customer => "customer",
            Group::Meetings => "meetings",
            Group::Access => "access",
            Group::Wrapping => "wrapping",
        }
    }
}

impl Kind {
    /// What it is for.
    pub fn group(self) -> Group {
        match self {
            Kind::RecordOpened
            | Kind::Nominated
            | Kind::HandoverAsked
            | Kind::HandedOver
            | Kind::HandoverDeclined
            | Kind::Offered
            | Kind::IntroductionDraft
            | Kind::Returned
            | Kind::PleaseConfirm
            | Kind::OwnershipMoved
            | Kind::Reopened
            | Kind::Amended
            | Kind::KickoffConfirmed
            | Kind::Rated
            | Kind::CustomerActed
            | Kind::Stopped
            | Kind::RoutedToNone => Group::Handoff,
            Kind::GateRefused
            | Kind::Bypassed
            | Kind::PromiseRouted
            | Kind::PromiseDecided
            | Kind::Question
            | Kind::QuestionAnswered
            | Kind::CameByMail
            | Kind::WaiverAsked
            | Kind::WaiverDecided => Group::Decisions,
            Kind::Reminder | Kind::Escalation => Group::Clocks,
            Kind::Introduction
            | Kind::Recap
            | Kind::PlanToConfirm
            | Kind::PortalAnswer
            | Kind::PortalComment => Group::Customer,
            Kind::Meeting | Kind::MeetingCancelled => Group::Meetings,
            Kind::Invitation
            | Kind::Reset
            | Kind::PortalInvitation
            | Kind::PortalLink
            | Kind::PortalCode
            | Kind::PortalSignature => Group::Access,
            Kind::StandIn | Kind::Mail | Kind::Digest => Group::Wrapping,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_has_a_kind_and_a_name_of_its_own() {
        for group in Group::ALL {
            assert!(Kind::ALL.iter().any(|kind| kind.group() == group), "{group:?}");
        }
        let names: std::collections::BTreeSet<_> = Group::ALL.iter().map(|group| group.name()).collect();
        assert_eq!(names.len(), Group::ALL.len());
    }
}
