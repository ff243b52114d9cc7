//! What the parser complains of, in words that fit beside a playbook's line.

/// The parser's complaint without its grammar's names.
pub(super) fn plain(message: &str) -> String {
    let message = message.trim_start_matches("Syntax error: ");
    let quoted =
        message.split_once('\'').and_then(|(_, rest)| rest.split_once('\'')).map_or("", |(inner, _)| inner);
    if quoted.ends_with("<EOF>") {
        return "it ends too early".to_owned();
    }
    let token: String =
        quoted.trim().chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    match message.split_whitespace().next() {
        Some("missing") => format!("`{token}` is missing here"),
        Some("token") => format!("`{token}` means nothing here"),
        Some("extraneous" | "mismatched" | "no") => format!("`{token}` does not belong here"),
        _ => message.lines().next().unwrap_or_default().chars().take(200).collect(),
    }
}

/// The byte of a line and a column that count from 1, the column in characters.
pub(super) fn offset(source: &str, line: isize, column: isize) -> usize {
    let line = usize::try_from(line).unwrap_or(1).max(1) - 1;
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let passed = usize::try_from(column).unwrap_or(0).saturating_sub(1);
    before + source[before..].chars().take(passed).map(char::len_utf8).sum::<usize>()
}
