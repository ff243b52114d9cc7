//! The meetings of a handoff that reach a calendar, and the name each keeps there.

use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, Key, playbook::StepKind};

/// A meeting the process asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingKind {
    /// The CSM meets the customer before signature (R3.3).
    EarlyIntroduction,
    /// AE, CSM and SE among themselves (R3.4).
    InternalCall,
    /// AE, CSM and the customer's executive (R3.5, R3.14).
    BridgeCall,
    /// The working session with the customer (R3.7).
    Kickoff,
}

impl MeetingKind {
    /// Every kind, in the order of the process.
    pub const ALL: [Self; 4] = [Self::EarlyIntroduction, Self::InternalCall, Self::BridgeCall, Self::Kickoff];

    /// What a step of a playbook is, as a meeting.
    pub fn of(step: StepKind) -> Option<Self> {
        match step {
            StepKind::EarlyIntro => Some(Self::EarlyIntroduction),
            StepKind::InternalCall => Some(Self::InternalCall),
            StepKind::WarmIntro => Some(Self::BridgeCall),
            StepKind::Kickoff => Some(Self::Kickoff),
            _ => None,
        }
    }

    /// The step it is a meeting of.
    pub fn step(self) -> StepKind {
        match self {
            Self::EarlyIntroduction => StepKind::EarlyIntro,
            Self::InternalCall => StepKind::InternalCall,
            Self::BridgeCall => StepKind::WarmIntro,
            Self::Kickoff => StepKind::Kickoff,
        }
    }

    /// The name used in addresses and data.
    pub fn name(self) -> &'static str {
        match self {
            Self::EarlyIntroduction => "early_introduction",
            Self::InternalCall => "internal_call",
            Self::BridgeCall => "bridge_call",
            Self::Kickoff => "kickoff",
        }
    }
}

/// The name of a meeting in every calendar it reaches: the same for the same step of the same handoff, whatever moves,
/// whoever sends, wherever the product is found later (RFC 5545 §3.8.4.7).
pub fn uid(handoff: HandoffId, step: &Key) -> String {
    format!("{handoff}.{step}@throughline")
}

/// Which handoff's meeting of which step a calendar names; none: it is none of ours.
pub fn meeting_of(uid: &str) -> Option<(HandoffId, Key)> {
    let (handoff, step) = uid.strip_suffix("@throughline")?.split_once('.')?;
    Some((handoff.parse().ok()?, step.parse().ok()?))
}
