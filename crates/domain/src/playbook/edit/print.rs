//! Values written as YAML, in the manner of the shipped playbooks.

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A name, a number, true or false: written as it is.
    Word(String),
    /// A text: in quotes where it needs them, over several lines where it is long.
    Text(String),
    /// `[a, b]`
    Row(Vec<Value>),
    /// Lines of `- item`.
    List(Vec<Value>),
    /// `{ key: value }`
    Inline(Vec<(String, Value)>),
    /// Lines of `key: value`.
    Map(Vec<(String, Value)>),
}

/// The longest line a text is put on.
const WIDTH: usize = 100;

/// A value behind a key or a dash: begins on the line it stands on. `indent` is the column of that key or dash.
pub(super) fn behind(value: &Value, indent: usize, used: usize) -> String {
    match value {
        Value::Text(text) => block_text(text, indent, used),
        Value::List(items) if !items.is_empty() => {
            let inner = indent + 2;
            let lines = items.iter().map(|item| format!("\n{}{}", " ".repeat(inner), dashed(item, inner)));
            lines.collect()
        }
        Value::Map(entries) if !entries.is_empty() => {
            let inner = indent + 2;
            let lines = entries.iter().map(|entry| format!("\n{}{}", " ".repeat(inner), pair(entry, inner)));
            lines.collect()
        }
        flat => inline(flat),
    }
}

/// `key: value`, the key in column `indent`.
pub(super) fn pair((key, value): &(String, Value), indent: usize) -> String {
    let written = behind(value, indent, indent + key.len() + 2);
    if written.starts_with('\n') { format!("{key}:{written}") } else { format!("{key}: {written}") }
}

/// `- item`, the dash in column `indent`.
pub(super) fn dashed(value: &Value, indent: usize) -> String {
    match value {
        Value::Map(entries) if !entries.is_empty() => {
            let inner = indent + 2;
            let lines: Vec<String> = entries.iter().map(|entry| pair(entry, inner)).collect();
            format!("- {}", lines.join(&format!("\n{}", " ".repeat(inner))))
        }
        other => format!("- {}", behind(other, indent, indent + 2).trim_start_matches('\n')),
    }
}

/// On one line, as it stands between brackets.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::Word(word) => word.clone(),
        Value::Text(text) if is_plain(text, true) => text.clone(),
        Value::Text(text) => quoted(text),
        Value::Row(items) | Value::List(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Value::Inline(entries) | Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Inline(entries) | Value::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key}: {}", inline(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// A text outside of brackets.
fn block_text(text: &str, indent: usize, used: usize) -> String {
    let long = used + text.chars().count() > WIDTH;
    if long && folds(text) {
        return folded(text, indent + 2);
    }
    if text.contains('\n') && stands_as_lines(text) {
        let pad = " ".repeat(indent + 2);
        let lines: Vec<String> = text
            .split('\n')
            .map(|line| if line.is_empty() { String::new() } else { format!("{pad}{line}") })
            .collect();
        return format!("|-\n{}", lines.join("\n"));
    }
    if is_plain(text, false) { text.to_owned() } else { quoted(text) }
}

/// Whether breaking lines at its blanks and folding them gives the text again.
fn folds(text: &str) -> bool {
    !text.is_empty()
        && !text.contains("  ")
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.chars().any(char::is_control)
}

fn stands_as_lines(text: &str) -> bool {
    let sound = |line: &str| line.trim() == line && !line.chars().any(char::is_control);
    !text.starts_with('\n') && !text.ends_with('\n') && text.split('\n').all(sound)
}

fn folded(text: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut written = String::from(">-");
    let mut column = usize::MAX;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column.saturating_add(1 + length) > WIDTH + 10 {
            written.push('\n');
            written.push_str(&pad);
            column = indent;
        } else {
            written.push(' ');
            column += 1;
        }
        written.push_str(word);
        column += length;
    }
    written
}

/// Whether a text can stand without quotes and is still read as that text.
fn is_plain(text: &str, flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let indicators = "-?:,[]{}#&*!|>'\"%@`=~<";
    let looks_like_something_else =
        ["null", "true", "false", "yes", "no", "on", "off", "y", "n", ".nan", ".inf"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
            || first.is_ascii_digit()
            || matches!(first, '+' | '.');
    !looks_like_something_else
        && !indicators.contains(first)
        && text.trim() == text
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(|c| c.is_control() || c == '\u{feff}' || c == '\u{2028}' || c == '\u{2029}')
        && !(flow && text.contains([',', '[', ']', '{', '}', ':', '#', '"']))
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
