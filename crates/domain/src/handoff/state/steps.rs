//! What happened in the world, as it was reported (R0.1, R0.10).

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ids::*, people::Actor, personal::Personal};

/// What is known of one step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct StepState {
    /// Reports, oldest first; a correction replaces one.
    pub reports: Vec<Report>,
}

impl StepState {
    /// Reports that stand: not corrected by a later one.
    pub fn standing(&self) -> impl Iterator<Item = &Report> {
        self.reports.iter().filter(|report| report.corrected.is_none())
    }

    /// Of those, the ones nobody disputes: what clocks go by until the dispute ends.
    pub fn undisputed(&self) -> impl Iterator<Item = &Report> {
        self.standing().filter(|report| report.disputed.is_none())
    }

    /// The first time it happened, as now known.
    pub fn happened(&self) -> Option<&Report> {
        self.undisputed().min_by_key(|report| report.happened_at)
    }
}

/// Somebody said that something happened (R0.1: always recorded).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Its number within the step, from 0.
    pub number: u32,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When it ended, where that matters.
    pub ended_at: Option<Timestamp>,
    /// For a booking: for when.
    pub booked_for: Option<Timestamp>,
    /// In which form.
    pub form: Option<Key>,
    /// How it is known.
    pub known_by: KnownBy,
    /// Who said so.
    pub by: Actor,
    /// When they said so.
    pub at: Timestamp,
    /// What was ticked off.
    pub outcomes: BTreeSet<Key>,
    /// What there is to say.
    pub note: Option<Personal>,
    /// When the receiving side confirmed it, or what confirmed it.
    pub counts_since: Option<Timestamp>,
    /// Somebody disputes it.
    pub disputed: Option<Personal>,
    /// A later report says otherwise.
    pub corrected: Option<Personal>,
}

impl Report {
    /// When it was over, as far as anybody said.
    pub fn ends_at(&self) -> Timestamp {
        self.ended_at.unwrap_or(self.happened_at)
    }
}

/// How a step is known to be done (R0.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// A mail shows it.
    Mail,
    /// The calendar shows it.
    Calendar,
    /// A transcript shows it.
    Transcript,
    /// The CRM says so.
    Crm,
    /// Somebody says so.
    Attested,
}
