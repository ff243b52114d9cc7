//! Yes and no, as exports write them.

use super::is_nothing;
use crate::{fault::Reason, text::header::key};

/// Reads a yes or no; none where the cell is blank.
///
/// # Errors
/// [`Reason::NotAFlag`] for anything else.
pub fn read_flag(cell: &str) -> Result<Option<bool>, Reason> {
    if is_nothing(cell) {
        return Ok(None);
    }
    let trimmed = cell.trim();
    match trimmed {
        "1" | "1.0" | "✓" | "✔" | "☑" => return Ok(Some(true)),
        "0" | "0.0" | "☐" | "✗" => return Ok(Some(false)),
        _ => {}
    }
    match key(trimmed).as_str() {
        "true" | "t" | "yes" | "y" | "x" | "checked" | "on" | "ja" | "wahr" | "oui" | "vrai" | "si" => {
            Ok(Some(true))
        }
        "false" | "f" | "no" | "n" | "unchecked" | "off" | "nein" | "falsch" | "non" | "faux" => {
            Ok(Some(false))
        }
        _ => Err(Reason::NotAFlag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_in_their_many_forms() {
        for yes in ["1", "true", "TRUE", "Yes", " y ", "Wahr", "oui", "✓"] {
            assert_eq!(read_flag(yes), Ok(Some(true)), "{yes}");
        }
        for no in ["0", "false", "FALSE", "No", "Nein", "faux"] {
            assert_eq!(read_flag(no), Ok(Some(false)), "{no}");
        }
        for blank in ["", "  ", "null", "(No value)"] {
            assert_eq!(read_flag(blank), Ok(None), "{blank}");
        }
        assert_eq!(read_flag("2"), Err(Reason::NotAFlag));
        assert_eq!(read_flag("maybe"), Err(Reason::NotAFlag));
    }
}
