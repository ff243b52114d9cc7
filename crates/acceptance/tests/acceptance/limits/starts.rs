//! How a handoff comes to where a clock runs.

use serde_json::json;

use super::shifted;
use crate::story::*;

/// Brings a handoff to where a clock runs.
#[derive(Clone, Copy)]
pub struct Start {
    /// How many days before the moment the clock counts from.
    pub days_before: i64,
    /// Brings it about; the clock is set, and the moment is told.
    pub bring: for<'c> fn(&'c Company, &str, &str) -> Case<'c>,
}

impl Start {
    /// When it is brought about.
    pub fn at(&self, since: &str) -> String {
        shifted(since, -self.days_before * 24 * 60)
    }

    /// Brings it about, at its time.
    #[track_caller]
    pub fn brings<'c>(&self, company: &'c Company, id: &str, since: &str) -> Case<'c> {
        company.at(&self.at(since));
        (self.bring)(company, id, since)
    }
}

/// A deal known 30 days before the day its signature is expected on, its CSM named.
pub const EXPECTED: Start = Start {
    days_before: 30,
    bring: |company, id, since| {
        let case = (EXPECTED_ALONE.bring)(company, id, since);
        case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
        case
    },
};

/// The same, no CSM named.
pub const EXPECTED_ALONE: Start =
    Start { days_before: 30, bring: |company, id, since| company.deal(id).closing(day(since)).case() };

/// A deal just won, its CSM named.
pub const WON: Start = Start {
    days_before: 0,
    bring: |company, id, since| {
        let case = (WON_ALONE.bring)(company, id, since);
        case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
        case
    },
};

/// A deal just won, of an account that matters more than others.
pub const WON_STRATEGIC: Start = Start {
    days_before: 0,
    bring: |company, id, since| {
        let news = company.deal(id).closing(day(since)).with("segment", json!("Strategic"));
        news.won_at(since).case()
    },
};

/// A deal just won, no CSM named.
pub const WON_ALONE: Start = Start {
    days_before: 0,
    bring: |company, id, since| company.deal(id).closing(day(since)).won_at(since).case(),
};

/// A complete record, its CSM named, nothing offered.
pub const COMPLETE: Start = Start {
    days_before: 0,
    bring: |company, id, _| {
        let case = company.deal(id).closing("2026-06-30").case();
        case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
        fills(&case);
        case
    },
};

/// A promise just written down that somebody has to decide.
pub const PROMISED: Start = Start {
    days_before: 0,
    bring: |company, id, _| {
        let case = company.deal(id).closing("2026-06-30").case();
        case.promises(AVA, &promise("price", false, true));
        case
    },
};

/// A record just offered.
pub const OFFERED: Start = Start {
    days_before: 0,
    bring: |company, id, since| {
        let case = (COMPLETE.bring)(company, id, since);
        case.offers(AVA, MAYA);
        case
    },
};

/// A record just sent back.
pub const RETURNED: Start = Start {
    days_before: 0,
    bring: |company, id, since| {
        let case = (OFFERED.bring)(company, id, since);
        case.does(MAYA, "return", json!({ "code": "incomplete", "reason": "The measure is missing." }));
        case
    },
};

/// A customer just introduced, in every form that can be wanted.
pub const INTRODUCED: Start = Start {
    days_before: 0,
    bring: |company, id, since| {
        let case = (WON.bring)(company, id, since);
        happens(&case, "warm_intro", since);
        case
    },
};

/// A kickoff booked two weeks ahead.
pub const BOOKED: Start = Start {
    days_before: 14,
    bring: |company, id, since| {
        let now = shifted(since, -14 * 24 * 60);
        let case = (WON.bring)(company, id, &now);
        let booked = json!({ "booked_for": company.instant(since) });
        case.reports(MAYA, "kickoff_booked", &now, booked);
        case
    },
};

/// A kickoff that just ended, of a deal won a week before.
pub const KICKED_OFF: Start = Start {
    days_before: 0,
    bring: |company, id, since| {
        let case = (WON.bring)(company, id, &shifted(since, -7 * 24 * 60));
        fills(&case);
        case.offers(AVA, MAYA);
        case.reviews(MAYA);
        case.does(MAYA, "accept", json!({}));
        let held = json!({ "ended_at": company.instant(since) });
        case.reports(MAYA, "kickoff", &shifted(since, -50), held);
        case
    },
};

/// Fills the record and has its promises decided.
#[track_caller]
pub fn fills(case: &Case<'_>) {
    for _ in 0..5 {
        let gaps = case.gate("handoff").gaps();
        if gaps.is_empty() {
            return;
        }
        gaps.iter().for_each(|gap| case.closes(gap));
    }
    panic!("the record cannot be filled: {:?}", case.gate("handoff").missing());
}

/// Reports a step as the CSM, whose word counts at once, in every form that can be wanted.
#[track_caller]
pub fn happens(case: &Case<'_>, step: &str, at: &str) {
    for form in forms(case, step) {
        case.reports(MAYA, step, at, form);
    }
}

/// What a report says of its form: one for each that a step knows, unless one alone is enough.
pub fn forms(case: &Case<'_>, step: &str) -> Vec<serde_json::Value> {
    let forms: &[&str] = match (case.company.playbook.playbook.value.as_str(), step) {
        ("default" | "account-truth", "warm_intro") => &["mail", "bridge_call"],
        ("governed-gate", "warm_intro") => &["bridge_call"],
        ("full-context" | "enterprise-protocol", "warm_intro") => &["mail"],
        ("default" | "governed-gate" | "full-context" | "enterprise-protocol", "internal_call") => &["live"],
        _ => return vec![json!({})],
    };
    forms.iter().map(|form| json!({ "form": form })).collect()
}

fn day(since: &str) -> &str {
    &since[..10]
}
