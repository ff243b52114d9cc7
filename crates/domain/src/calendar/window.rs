//! The working hours of a day.

use jiff::civil::Time;

use super::error::{CalendarError, Excerpt};

/// Working hours by the clock on the wall, within one day: the start is before the end, the end at most 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    start: TimeOfDay,
    end: TimeOfDay,
}

impl Window {
    /// Takes two times of day.
    ///
    /// # Errors
    /// [`CalendarError::EmptyWindow`] unless the end comes after the start.
    pub fn new(start: TimeOfDay, end: TimeOfDay) -> Result<Self, CalendarError> {
        if start < end {
            Ok(Self { start, end })
        } else {
            Err(CalendarError::EmptyWindow { start: start.to_string(), end: end.to_string() })
        }
    }

    /// When work starts.
    #[must_use]
    pub fn start(self) -> TimeOfDay {
        self.start
    }

    /// When work ends; 24:00 is the end of the day.
    #[must_use]
    pub fn end(self) -> TimeOfDay {
        self.end
    }
}

/// A full minute of a day, 00:00 to 24:00, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    hour: i8,
    minute: i8,
}

impl TimeOfDay {
    /// The time on the clock; nothing at 24:00, which the clock shows as midnight of the next day.
    pub(crate) fn on_the_clock(self) -> Option<Time> {
        Time::new(self.hour, self.minute, 0, 0).ok()
    }
}

impl std::str::FromStr for TimeOfDay {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = match text.as_bytes() {
            [h1, h2, b':', m1, m2] => two_digits(*h1, *h2).zip(two_digits(*m1, *m2)),
            _ => None,
        };
        match parsed {
            Some((hour, minute)) if minute < 60 && (hour < 24 || (hour, minute) == (24, 0)) => {
                Ok(Self { hour, minute })
            }
            _ => Err(CalendarError::NoSuchTime { found: Excerpt::of(text) }),
        }
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

fn two_digits(tens: u8, ones: u8) -> Option<i8> {
    let digit = |byte: u8| char::from(byte).to_digit(10).and_then(|digit| i8::try_from(digit).ok());
    Some(digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(start: &str, end: &str) -> Result<Window, CalendarError> {
        Window::new(start.parse()?, end.parse()?)
    }

    #[test]
    fn a_window_may_end_with_the_day_and_not_later() {
        assert_eq!(window("00:00", "24:00").unwrap().end().to_string(), "24:00");
        assert_eq!(window("09:00", "17:30").unwrap().start().to_string(), "09:00");
        assert_eq!(window("23:59", "24:00").unwrap().end().on_the_clock(), None);
    }

    #[test]
    fn a_text_that_is_no_time_of_day_is_refused() {
        for text in
            ["", "9:00", "09:60", "24:01", "25:00", "09.00", "09:00:00", "-1:00", "+9:00", "a9:00", "０９:00"]
        {
            let error = window(text, "24:00").unwrap_err();
            assert_eq!(error, CalendarError::NoSuchTime { found: Excerpt::of(text) });
        }
    }

    #[test]
    fn a_window_without_length_is_refused() {
        for (start, end) in [("09:00", "09:00"), ("17:00", "09:00"), ("22:00", "00:00"), ("24:00", "24:00")] {
            assert!(matches!(window(start, end), Err(CalendarError::EmptyWindow { .. })), "{start} to {end}");
        }
    }
}
