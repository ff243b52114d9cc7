//! The meetings of a handoff that reach a calendar, and the name each keeps there.

use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, Key};

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

/// The name of a meeting in every calendar it reaches: the same for the same step of the same handoff, whatever moves,
/// whoever sends, wherever the product is found later (RFC 5545 §3.8.4.7).
pub fn uid(handoff: HandoffId, step: &Key) -> String {
    format!("{handoff}.{step}@throughline")
}
