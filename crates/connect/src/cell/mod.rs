//! One cell into one value. A cell is blank, a value, or a fault that says what is wrong with it; nothing is guessed
//! here: what depends on the rest of the column comes in as an argument.

pub mod date;
pub mod flag;
pub mod money;
pub mod number;
pub mod percent;

/// Words that exports write where there is nothing. Only for typed cells: a deal may be called "None".
pub(crate) fn is_nothing(cell: &str) -> bool {
    let cell = cell.trim();
    cell.is_empty()
        || matches!(cell, "-" | "--" | "—" | "–" | "#N/A" | "\\N")
        || (cell.len() <= 12
            && ["null", "none", "n/a", "na", "nan", "nat", "(no value)", "(blank)", "(null)", "no value"]
                .iter()
                .any(|word| cell.eq_ignore_ascii_case(word)))
}
