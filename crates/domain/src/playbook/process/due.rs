//! Due rules: the moments clocks are tied to, and how far from them something is due.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Span;

/// A moment clocks can be tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The handoff was opened.
    Opened,
    /// The signature; the CRM's close date until the real one is known (R0.5).
    Signature,
    /// The deal entered its won stage.
    Closed,
    /// A CSM was nominated.
    Nominated,
    /// The record was offered to a CSM.
    Offered,
    /// The record came back from the CSM.
    Returned,
    /// The record became complete.
    RecordComplete,
    /// The CSM accepted: the implementation SLA clock starts (R0.3).
    Assigned,
    /// Ownership moved.
    Owned,
    /// The internal call ended.
    InternalCall,
    /// The introduction was sent or the bridge call ended.
    WarmIntro,
    /// The CSM's first contact.
    FirstContact,
    /// The kickoff's beginning: booked, then held.
    Kickoff,
    /// The kickoff's end.
    KickoffEnd,
    /// The plan was confirmed.
    PlanConfirmed,
    /// First measurable value.
    FirstValue,
}

/// A due rule: either `within` a time after the anchor, or a window `from`…`to` before it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// What the clock is tied to.
    pub anchor: Moment,
    /// With `within`: cannot be done sooner than this after the anchor (a rating after sixty days).
    pub opens: Option<Span>,
    /// Due this long after the anchor.
    pub within: Option<Span>,
    /// The window opens this long before the anchor: the target.
    pub from: Option<Span>,
    /// The window closes this long before the anchor; after it is late.
    pub to: Option<Span>,
    /// An elapsed due time outside working hours rolls to the next opening (R0.12).
    #[serde(default)]
    pub roll: bool,
}
