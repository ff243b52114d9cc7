//! How much of a stranger's file is read at most. The size of the whole file is bounded by whoever hands it over.

/// Columns in a file; CRMs allow some hundred fields on an object, so a file with more is damaged or hostile.
pub const COLUMNS: usize = 1_000;
/// Bytes in one cell; the longest text area of a CRM holds 131,072 characters.
pub const CELL_BYTES: usize = 128 * 1024;
/// Bytes in an id, a name or any other short text that is mapped to a field.
pub const TEXT_BYTES: usize = 4 * 1024;
/// Unmapped columns kept with each deal.
pub const EXTRA_COLUMNS: usize = 200;
/// Bytes kept of one unmapped cell.
pub const EXTRA_BYTES: usize = 4 * 1024;
/// Stages listed in a summary.
pub const STAGES: usize = 200;
/// Examples given in a note.
pub const EXAMPLES: usize = 5;
/// Characters of a cell repeated in a message.
pub const SHOWN_CHARS: usize = 80;
/// Rows looked at before delimiter and header row are decided.
pub const SAMPLE_ROWS: usize = 200;
/// Bytes looked at before delimiter and header row are decided.
pub const SAMPLE_BYTES: usize = 512 * 1024;
/// Rows that may stand before the header row.
pub const PREAMBLE_ROWS: usize = 60;

/// Shortens text for a message, at a character's end, and shows control characters.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN_CHARS {
            out.push('…');
            break;
        }
        match character {
            '\n' | '\r' | '\t' => out.push(' '),
            control if control.is_control() => out.extend(control.escape_default()),
            other => out.push(other),
        }
    }
    out
}

/// Cuts text to at most `bytes` bytes, at a character's end.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}
