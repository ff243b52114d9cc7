//! Probabilities: percent, or a share of one.

use serde::{Deserialize, Serialize};

use super::number::{DecimalMark, lex};
use crate::fault::Reason;

/// A share between nothing and all, kept in hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent(u16);

impl Percent {
    /// In hundredths of a percent, 0 to 10,000.
    pub fn hundredths(self) -> u16 {
        self.0
    }

    /// In whole percent, rounded down: what has not reached 50 % is not 50 %.
    pub fn whole(self) -> u8 {
        u8::try_from(self.0 / 100).unwrap_or(100)
    }
}

/// Reads a probability; none where the cell is blank. `of_one` says that the column counts to one, not to a hundred.
///
/// # Errors
/// A [`Reason`] for what is no number or lies outside 0 to 100 %.
pub(crate) fn read_percent(
    cell: &str,
    of_one: bool,
    either: Option<DecimalMark>,
) -> Result<Option<Percent>, Reason> {
    let Some(lexed) = lex(cell)? else { return Ok(None) };
    if lexed.unit.is_some() {
        return Err(Reason::NotANumber);
    }
    // Nobody groups a probability by thousands, so a lone mark is a decimal mark.
    let value = lexed.value(either.or(Some(DecimalMark::Point)))?;
    let digits = if of_one && !lexed.percent { 4 } else { 2 };
    let hundredths = value.in_units(digits).ok_or(Reason::NumberTooLarge)?;
    match u16::try_from(hundredths) {
        Ok(hundredths) if hundredths <= 10_000 => Ok(Some(Percent(hundredths))),
        _ => Err(Reason::NotAProbability),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str, of_one: bool) -> Result<Option<u16>, Reason> {
        read_percent(cell, of_one, None).map(|percent| percent.map(Percent::hundredths))
    }

    #[test]
    fn percent_and_shares_of_one() {
        assert_eq!(read("90", false), Ok(Some(9_000)));
        assert_eq!(read("90%", false), Ok(Some(9_000)));
        assert_eq!(read("90 %", true), Ok(Some(9_000)));
        assert_eq!(read("0.9", true), Ok(Some(9_000)));
        assert_eq!(read("1", true), Ok(Some(10_000)));
        assert_eq!(read("1.0", true), Ok(Some(10_000)));
        assert_eq!(read("0,75", true), Ok(Some(7_500)));
        assert_eq!(read("33.333", false), Ok(Some(3_333)));
        assert_eq!(read("", false), Ok(None));
        assert_eq!(read("49.99", false).map(|percent| percent.map(|it| Percent(it).whole())), Ok(Some(49)));
    }

    #[test]
    fn more_than_all_and_less_than_nothing_are_refused() {
        for cell in ["1000", "101", "-1", "100.01%"] {
            assert_eq!(read(cell, false), Err(Reason::NotAProbability), "{cell}");
        }
        assert_eq!(read("likely", false), Err(Reason::NotANumber));
    }
}
