//! Cells that a spreadsheet would run as a formula, made harmless when we write them and given back when we read
//! our own file again. What we read is text in any case: nothing here or elsewhere evaluates a cell.

use std::borrow::Cow;

/// Whether a cell, apostrophes before it aside, begins like a formula.
fn begins_like_a_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\0'])
}

/// The cell as it is safe to open in a spreadsheet: with one more apostrophe before what looks like a formula.
pub fn neutralise(cell: &str) -> Cow<'_, str> {
    if begins_like_a_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Takes off the apostrophe that [`neutralise`] put on.
pub(crate) fn restore(cell: &mut Cow<'_, str>) {
    if cell.starts_with('\'') && begins_like_a_formula(cell) {
        *cell = match std::mem::take(cell) {
            Cow::Borrowed(text) => Cow::Borrowed(&text[1..]),
            Cow::Owned(mut text) => {
                text.remove(0);
                Cow::Owned(text)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_get_an_apostrophe_and_words_do_not() {
        for cell in ["=SUM(A1)", "+1", "-1", "@x", "\tx", "\rx", "\0x"] {
            assert_eq!(neutralise(cell), format!("'{cell}"));
        }
        for cell in ["", "5", "a=b", "'tis", "O'Neil"] {
            assert_eq!(neutralise(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn any_cell_comes_back_as_it_was(cell in "['=+\\-@\\t\\ra ]{0,6}") {
            let mut there = Cow::Owned(neutralise(&cell).into_owned());
            restore(&mut there);
            prop_assert_eq!(there, cell);
        }
    }
}
