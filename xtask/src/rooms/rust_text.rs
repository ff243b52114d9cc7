//! A Rust file without what a rule about words must not stumble over: comments, texts in quotes, tests.
//!
//! Everything left out becomes blanks, so positions and line numbers stay. No parser: a scanner that knows where
//! comments, strings and characters begin and end is enough, and cannot fail on syntax it has not met.

/// A file in two readings.
pub struct RustText {
    /// Without comments, string contents and test modules.
    pub code: String,
    /// Without comments and test modules; strings are there.
    pub with_strings: String,
}

impl RustText {
    /// Reads a file.
    pub fn read(source: &str) -> Self {
        let mut code = source.as_bytes().to_vec();
        let mut with_strings = code.clone();
        for (start, end, what) in spans(source) {
            blank(&mut code, start, end);
            if what == What::Comment {
                blank(&mut with_strings, start, end);
            }
        }
        for (start, end) in test_items(&String::from_utf8_lossy(&code)) {
            blank(&mut code, start, end);
            blank(&mut with_strings, start, end);
        }
        Self {
            code: String::from_utf8_lossy(&code).into_owned(),
            with_strings: String::from_utf8_lossy(&with_strings).into_owned(),
        }
    }
}

fn blank(bytes: &mut [u8], start: usize, end: usize) {
    bytes[start..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Comment,
    Quoted,
}

/// Where comments and quoted texts are, in bytes. Spans begin and end at character borders.
fn spans(source: &str) -> Vec<(usize, usize, What)> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &source[at..];
        let (length, what) = match bytes[at] {
            b'/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), What::Comment),
            b'/' if rest.starts_with("/*") => (block_comment(rest), What::Comment),
            b'"' => (string(rest), What::Quoted),
            b'\'' => match character(rest) {
                Some(length) => (length, What::Quoted),
                None => {
                    at += 1;
                    continue;
                }
            },
            b'r' | b'b' | b'c' if !in_a_word(bytes, at) => match raw_string(rest) {
                Some(length) => (length, What::Quoted),
                None => {
                    at += 1;
                    continue;
                }
            },
            _ => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
        };
        found.push((at, at + length, what));
        at += length;
    }
    found
}

fn in_a_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`; none when it is just a name.
fn raw_string(rest: &str) -> Option<usize> {
    let after =
        rest.strip_prefix("br").or_else(|| rest.strip_prefix("cr")).or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let text = after[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let begins = rest.len() - text.len();
    Some(text.find(&close).map_or(rest.len(), |at| begins + at + close.len()))
}

/// The length of a character in quotes; none when the quote begins a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut letters = rest.char_indices().skip(1);
    let (_, first) = letters.next()?;
    if first == '\\' {
        letters.next()?;
        return letters.find(|(_, letter)| *letter == '\'').map(|(at, _)| at + 1);
    }
    letters.next().filter(|(_, letter)| *letter == '\'').map(|(at, _)| at + 1)
}

/// Where items for tests only stand, from their attribute to their closing brace.
fn test_items(code: &str) -> Vec<(usize, usize)> {
    const MARK: &str = "#[cfg(test)]";
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = code[at..].find(MARK) {
        let start = at + next;
        let body = start + MARK.len();
        let end = match code[body..].find(['{', ';']) {
            Some(offset) if code[body + offset..].starts_with('{') => closing(code, body + offset),
            Some(offset) => body + offset + 1,
            None => code.len(),
        };
        found.push((start, end));
        at = end;
    }
    found
}

fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_fall_away_and_lines_keep_their_numbers() {
        let text = RustText::read("a /* now /* nested */ still */ b\n// gone\nc \"kept // text\"\n");
        assert!(!text.with_strings.contains("now") && !text.with_strings.contains("gone"));
        assert_eq!(text.with_strings.lines().nth(2), Some("c \"kept // text\""));
        assert_eq!(text.code.lines().count(), 3);
        assert!(!text.code.contains("kept"));
    }

    #[test]
    fn strings_of_every_sort_end_where_they_end() {
        let source = r###"f("a\"Q", r#"Q"Q"#, br"Q\", '"', '\'', b'Q', &'static str) g"###;
        let text = RustText::read(source);
        assert!(!text.code.contains('Q') && !text.code.contains('"'), "{}", text.code);
        assert!(text.code.starts_with("f(") && text.code.ends_with("&'static str) g"), "{}", text.code);
        assert_eq!(text.with_strings, source);
    }

    #[test]
    fn a_name_that_begins_like_a_raw_string_is_a_name() {
        assert!(RustText::read("let result = r; bread(break_at)").code.contains("bread(break_at)"));
    }

    #[test]
    fn items_for_tests_are_left_out_and_what_follows_is_not() {
        let text = RustText::read(
            "fn kept() {}\n#[cfg(test)]\n#[expect(x)]\nmod tests { fn gone() { \"}\" } }\n#[cfg(test)]\nmod more;\nfn also() {}",
        );
        assert!(text.code.contains("kept") && text.code.contains("also"), "{}", text.code);
        assert!(!text.code.contains("gone") && !text.code.contains("more"), "{}", text.code);
    }

    #[test]
    fn an_unfinished_file_is_read_to_its_end() {
        for source in
            ["\"never closed", "/* never closed", "r#\"never closed\"", "'", "#[cfg(test)]", "é'é'é /* é"]
        {
            assert_eq!(RustText::read(source).code.len(), source.len(), "{source}");
        }
    }
}
