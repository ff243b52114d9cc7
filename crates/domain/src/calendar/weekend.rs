//! The days off of every week.

use jiff::civil::Weekday;

use super::error::CalendarError;

/// Weekdays off: none to six of them, for a week without a business day is no week to promise anything in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekend([bool; 7]);

impl Weekend {
    /// Takes ISO weekday numbers, Monday 1 to Sunday 7; naming one twice changes nothing.
    ///
    /// # Errors
    /// [`CalendarError::WeekdayOutOfRange`] for another number, [`CalendarError::NoBusinessDay`] for all seven.
    pub fn new(days: impl IntoIterator<Item = i64>) -> Result<Self, CalendarError> {
        let mut off = [false; 7];
        for found in days {
            *slot(&mut off, found)? = true;
        }
        if off == [true; 7] { Err(CalendarError::NoBusinessDay) } else { Ok(Self(off)) }
    }

    /// Whether this day of the week is off.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.days().any(|off| off == i64::from(day.to_monday_one_offset()))
    }

    /// The days off as ISO numbers, in order.
    pub fn days(self) -> impl Iterator<Item = i64> {
        (1..).zip(self.0).filter_map(|(number, off)| off.then_some(number))
    }

    /// How many days of a week are worked: 1 to 7.
    pub(super) fn worked_days(self) -> u32 {
        self.0.iter().map(|off| u32::from(!off)).sum()
    }
}

fn slot(off: &mut [bool; 7], found: i64) -> Result<&mut bool, CalendarError> {
    usize::try_from(found)
        .ok()
        .and_then(|number| off.get_mut(number.checked_sub(1)?))
        .ok_or(CalendarError::WeekdayOutOfRange { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekend_is_a_set_of_at_most_six_days() {
        let weekend = Weekend::new([7, 5, 7]).unwrap();
        assert_eq!(weekend.days().collect::<Vec<_>>(), [5, 7]);
        assert_eq!(weekend.worked_days(), 5);
        assert!(weekend.contains(Weekday::Friday) && weekend.contains(Weekday::Sunday));
        assert!(!weekend.contains(Weekday::Saturday) && !weekend.contains(Weekday::Monday));
        assert_eq!(Weekend::new(1..=7), Err(CalendarError::NoBusinessDay));
        assert_eq!(Weekend::new(1..=6).unwrap().worked_days(), 1);
        assert_eq!(Weekend::new([]).unwrap().worked_days(), 7);
    }

    #[test]
    fn a_number_that_is_no_weekday_is_refused() {
        for found in [0, 8, -1, i64::MIN, i64::MAX] {
            assert_eq!(Weekend::new([6, found]), Err(CalendarError::WeekdayOutOfRange { found }));
        }
    }
}
