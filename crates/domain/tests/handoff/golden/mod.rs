//! Tables and files that change only on purpose.

mod access;
mod facts;
mod refusals;
mod table;

/// Rows under a heading, each column as wide as its widest entry.
fn as_table(heading: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let all: Vec<&Vec<String>> = std::iter::once(&heading).chain(&rows).collect();
    let columns = heading.len();
    let wide = |column: usize| all.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width)).collect();
        cells.join("  ").trim_end().to_owned()
    };
    all.into_iter().map(line).collect::<Vec<_>>().join("\n")
}
