//! Early signs: what the receiving team notices in the first weeks, good and bad (R6.8). Noticed and counted; what they
//! mean is for measurement to say.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{people::Actor, personal::Personal};

/// What can be noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EarlySign {
    /// Something had to be asked inside after the close.
    Clarification,
    /// An expectation of the customer had to be corrected.
    Correction,
    /// The customer told again what they had told sales.
    RepeatedContext,
    /// Something important was found late.
    Surprise,
    /// Nobody was sure what is in scope.
    ScopeConfusion,
    /// The champion went quiet.
    ChampionQuiet,
    /// Onboarding goes by the book, without a purpose.
    Procedural,
    /// Inside, people disagree about what was bought.
    Disagreement,
    /// What made them buy is no longer urgent.
    UrgencyGone,
    /// They want it for something else than it was bought for.
    UseCaseDrift,
    /// Nobody from above stands behind the champion.
    WeakBacking,
    /// They expect a date that nobody agreed to.
    TimelineImplied,
    /// The kickoff was booked soon.
    KickoffSoon,
    /// The success criteria were agreed on soon.
    CriteriaAgreed,
    /// The first milestone was reached soon.
    MilestoneSoon,
    /// The customer knows who owns what.
    OwnerClear,
    /// The people who matter answer.
    Responsive,
}

impl EarlySign {
    /// Every sign, warnings first, in the order pages list them.
    pub const ALL: [EarlySign; 17] = [
        EarlySign::Clarification,
        EarlySign::Correction,
        EarlySign::RepeatedContext,
        EarlySign::Surprise,
        EarlySign::ScopeConfusion,
        EarlySign::ChampionQuiet,
        EarlySign::Procedural,
        EarlySign::Disagreement,
        EarlySign::UrgencyGone,
        EarlySign::UseCaseDrift,
        EarlySign::WeakBacking,
        EarlySign::TimelineImplied,
        EarlySign::KickoffSoon,
        EarlySign::CriteriaAgreed,
        EarlySign::MilestoneSoon,
        EarlySign::OwnerClear,
        EarlySign::Responsive,
    ];

    /// Whether it is a good one.
    pub fn is_good(self) -> bool {
        matches!(
            self,
            EarlySign::KickoffSoon
                | EarlySign::CriteriaAgreed
                | EarlySign::MilestoneSoon
                | EarlySign::OwnerClear
                | EarlySign::Responsive
        )
    }
}

/// A sign somebody noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignSeen {
    /// Its number within the handoff, from 0.
    pub number: u32,
    /// Which.
    pub sign: EarlySign,
    /// What there is to say.
    pub note: Option<Personal>,
    /// Who noticed it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// It was none after all.
    pub taken_back: Option<SignTakenBack>,
}

/// A sign was none after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignTakenBack {
    /// Who says so.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<Personal>,
}
