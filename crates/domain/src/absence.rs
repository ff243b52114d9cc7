//! Who is away, until when, and who stands in for them (R0.7).
//!
//! Days are days of the calendar on the wall where the absent person is. Absent on purpose: what a stand-in may do
//! (the application gives them the absent person's rights where the absent person has a part), and who stands in for
//! a stand-in: that takes looking people up.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ids::PersonId, people::Actor};

/// Most days of one absence: whoever is away for longer hands over instead.
pub const MOST_DAYS: i32 = 366;

/// How many days ahead an absence may begin.
pub const FARTHEST_DAYS: i32 = 730;

/// Most people one person may stand in for.
pub const MOST_STOOD_FOR: usize = 50;

/// A stretch of days on which somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Absence {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Who does meanwhile what cannot wait.
    pub stand_in: PersonId,
    /// Who entered it.
    pub set_by: Actor,
    /// When.
    pub set_at: Timestamp,
}

impl Absence {
    /// Whether somebody is away on a day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    /// Whether it lies behind.
    pub fn is_over(&self, day: Date) -> bool {
        self.until < day
    }

    /// Whether two people are away on a same day.
    pub fn meets(&self, other: &Absence) -> bool {
        self.from <= other.until && other.from <= self.until
    }
}

/// When somebody is away, and for whom they stand in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Away {
    /// The absence entered last, also once it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absence: Option<Absence>,
    /// Who may have named them: where to look. Each absent person's own entry says whether it is so.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub stands_in_for: BTreeSet<PersonId>,
}

impl Away {
    /// The absence somebody is on, on a day.
    pub fn on(&self, day: Date) -> Option<&Absence> {
        self.absence.as_ref().filter(|absence| absence.covers(day))
    }

    /// The absence somebody is on or goes on, seen from a day.
    pub fn from(&self, day: Date) -> Option<&Absence> {
        self.absence.as_ref().filter(|absence| !absence.is_over(day))
    }
}

/// Checks the days of an absence; the error names the field and says why.
pub fn check_days(from: Date, until: Date, today: Date) -> Result<(), (&'static str, String)> {
    let days = |one: Date, other: Date| one.until(other).map(|span| span.get_days()).unwrap_or(i32::MAX);
    if until < from {
        return Err(("until", "lies before the first day".to_owned()));
    }
    if until < today {
        return Err(("until", "lies in the past".to_owned()));
    }
    if days(from, until) >= MOST_DAYS {
        return Err(("until", format!("is more than {MOST_DAYS} days after the first; hand over instead")));
    }
    if days(today, from) > FARTHEST_DAYS {
        return Err(("from", format!("is more than {FARTHEST_DAYS} days ahead")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn away(from: Date, until: Date) -> Absence {
        let nobody = PersonId(uuid::Uuid::nil());
        Absence { from, until, stand_in: nobody, set_by: Actor::System, set_at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn the_first_and_the_last_day_are_days_away() {
        let week = away(date(2026, 3, 2), date(2026, 3, 6));
        let covered = |day| week.covers(date(2026, 3, day));
        assert_eq!([1, 2, 6, 7].map(covered), [false, true, true, false]);
        assert!(!week.is_over(date(2026, 3, 6)) && week.is_over(date(2026, 3, 7)));
    }

    #[test]
    fn two_absences_meet_on_one_day_in_common() {
        let week = away(date(2026, 3, 2), date(2026, 3, 6));
        assert!(week.meets(&away(date(2026, 3, 6), date(2026, 3, 9))));
        assert!(!week.meets(&away(date(2026, 3, 7), date(2026, 3, 9))));
    }

    #[test]
    fn days_that_cannot_be_are_told_with_their_field() {
        let today = date(2026, 3, 2);
        let told = |from, until| check_days(from, until, today).map_err(|(field, _)| field);
        assert_eq!(told(date(2026, 2, 20), date(2026, 3, 2)), Ok(()), "it has begun already");
        assert_eq!(told(date(2026, 3, 5), date(2026, 3, 4)), Err("until"));
        assert_eq!(told(date(2026, 2, 20), date(2026, 3, 1)), Err("until"));
        assert_eq!(told(date(2026, 3, 2), date(2027, 3, 3)), Err("until"));
        assert_eq!(told(date(2026, 3, 2), date(2027, 3, 2)), Ok(()));
        assert_eq!(told(date(2029, 3, 2), date(2029, 3, 3)), Err("from"));
    }

    #[test]
    fn who_was_never_away_takes_no_room() {
        assert_eq!(serde_json::to_string(&Away::default()).unwrap(), "{}");
        assert_eq!(serde_json::from_str::<Away>("{}").unwrap(), Away::default());
    }
}
