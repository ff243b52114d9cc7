//! Whole lines that belong to a part: with the comments right above it, and what stands behind it on its last line.

/// Where the line of a byte begins.
pub(super) fn line_start(source: &str, byte: usize) -> usize {
    source[..byte].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Behind the line break of the line of a byte.
pub(super) fn line_end(source: &str, byte: usize) -> usize {
    source[byte..].find('\n').map_or(source.len(), |newline| byte + newline + 1)
}

/// The column of a byte, in bytes from 0; playbooks indent with blanks.
pub(super) fn column(source: &str, byte: usize) -> usize {
    byte - line_start(source, byte)
}

/// The first line of a part, with the comments that stand right above it in its column.
pub(super) fn lead(source: &str, first: usize) -> usize {
    let (mut start, column) = (line_start(source, first), column(source, first));
    while start > 0 {
        let above = line_start(source, start - 1);
        let line = &source[above..start];
        let indent = line.len() - line.trim_start_matches(' ').len();
        if !line.trim_start().starts_with('#') || indent != column {
            break;
        }
        start = above;
    }
    start
}

/// The dash of a list's item, whose first byte this is.
pub(super) fn dash(source: &str, item: usize) -> Option<usize> {
    let before = source[..item].trim_end_matches([' ', '\t']);
    (before.ends_with('-')).then(|| before.len() - 1)
}

/// Whether nothing but blanks stands before a byte on its line.
pub(super) fn begins_its_line(source: &str, byte: usize) -> bool {
    source[line_start(source, byte)..byte].bytes().all(|byte| byte == b' ')
}
