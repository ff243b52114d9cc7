//! When people have agreed to meet, before they have.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{people::Actor, personal::Personal};

/// A meeting of a step, as it was last planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingState {
    /// When it begins.
    pub starts_at: Timestamp,
    /// How long it takes, where that is not what the playbook says.
    pub minutes: Option<u16>,
    /// Where: a room, or a link to follow.
    pub place: Option<Personal>,
    /// Who planned it.
    pub by: Actor,
    /// When they did.
    pub at: Timestamp,
    /// It does not take place after all.
    pub called_off: Option<CalledOff>,
}

/// A meeting was called off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalledOff {
    /// Who did.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<Personal>,
}
