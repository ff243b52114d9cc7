//! Bytes into text. An export says its encoding by a mark, by being valid UTF-8, or not at all; in the last case
//! the reading is a guess and the report says so.

use std::borrow::Cow;

use encoding_rs::{MACINTOSH, WINDOWS_1252};
use serde::Serialize;

/// How the bytes of a file were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, low byte first: what Excel calls Unicode text.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// What western Windows programs write when nobody asks for Unicode.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// What Excel on a Mac writes as "CSV (Macintosh)".
    Macintosh,
}

impl Encoding {
    /// The encoding's usual name.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16 (little-endian)",
            Encoding::Utf16Be => "UTF-16 (big-endian)",
            Encoding::Windows1252 => "Windows-1252",
            Encoding::Macintosh => "Mac OS Roman",
        }
    }
}

/// How lines end. Where a file mixes them (line feeds inside cells, say), the commonest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEnding {
    /// `\n`, also for a file of a single line.
    Lf,
    /// `\r\n`
    Crlf,
    /// `\r` alone, as old Macs wrote it.
    Cr,
}

/// A file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a mark; borrowed where the bytes already were UTF-8.
    pub text: Cow<'a, str>,
    /// How the bytes were read.
    pub encoding: Encoding,
    /// Whether the file began with a byte order mark.
    pub had_bom: bool,
    /// Whether the encoding is a guess: nothing in the file proves it.
    pub guessed: bool,
    /// How its lines end.
    pub line_ending: LineEnding,
}

/// Why a file is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No bytes, or only blanks.
    #[error("the file is empty")]
    Empty,
    /// A known kind of file that is no text export.
    #[error("this is {what}, not a CSV or JSON export")]
    OtherFormat {
        /// What it is, with its article.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// Bytes that no text has.
    #[error("line {line} holds a byte ({byte:#04x}) that no text file has: the file is binary or damaged")]
    Binary {
        /// Counted from 1.
        line: u64,
        /// The byte.
        byte: u8,
    },
    /// Text of one encoding with bytes of another in it.
    #[error("line {line}, character {column}: the bytes here are not valid {encoding}")]
    Undecodable {
        /// Counted from 1.
        line: u64,
        /// Counted from 1.
        column: u64,
        /// What the rest of the file is.
        encoding: &'static str,
    },
}

impl DecodeError {
    /// What the reader can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            DecodeError::Empty => "Export again, and look whether the report shows rows.",
            DecodeError::OtherFormat { hint, .. } => hint,
            DecodeError::Binary { .. } => "Export again as CSV (UTF-8).",
            DecodeError::Undecodable { .. } => {
                "Export again as CSV (UTF-8), or open the file in an editor, mend the line and save it as UTF-8."
            }
        }
    }

    /// The line it is about.
    pub fn line(&self) -> Option<u64> {
        match self {
            DecodeError::Empty | DecodeError::OtherFormat { .. } => None,
            DecodeError::Binary { line, .. } | DecodeError::Undecodable { line, .. } => Some(*line),
        }
    }
}

const SAVE_AS_CSV: &str =
    "Open it in a spreadsheet program and save it as \"CSV UTF-8\", or export again as CSV.";
const UNPACK: &str = "Unpack it and hand over the CSV file inside.";

/// How known files that are no text begin.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", SAVE_AS_CSV),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook (.xls)", SAVE_AS_CSV),
    (b"\x1F\x8B", "a gzip archive", UNPACK),
    (b"7z\xBC\xAF", "a 7-Zip archive", UNPACK),
    (b"%PDF", "a PDF", "Export again as CSV."),
    (b"SQLite format 3", "a SQLite database", "Export again as CSV."),
    (b"PAR1", "a Parquet file", "Export again as CSV."),
    (b"\xFF\xFE\x00\x00", "UTF-32 text", "Save it as UTF-8."),
    (b"\x00\x00\xFE\xFF", "UTF-32 text", "Save it as UTF-8."),
];

/// Reads bytes as text.
///
/// # Errors
/// [`DecodeError`] for empty, binary and foreign files, and for bytes that fit no encoding, with the line.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, DecodeError> {
    for (start, what, hint) in SIGNATURES {
        if bytes.starts_with(start) {
            return Err(DecodeError::OtherFormat { what, hint });
        }
    }
    let (text, encoding, had_bom, guessed) = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        (Cow::Borrowed(marked_utf8(rest)?), Encoding::Utf8, true, false)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        (Cow::Owned(utf16(rest, u16::from_le_bytes, Encoding::Utf16Le)?), Encoding::Utf16Le, true, false)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        (Cow::Owned(utf16(rest, u16::from_be_bytes, Encoding::Utf16Be)?), Encoding::Utf16Be, true, false)
    } else {
        match unmarked_utf16(bytes) {
            Some(encoding @ Encoding::Utf16Be) => {
                (Cow::Owned(utf16(bytes, u16::from_be_bytes, encoding)?), encoding, false, false)
            }
            Some(encoding) => {
                (Cow::Owned(utf16(bytes, u16::from_le_bytes, encoding)?), encoding, false, false)
            }
            None => unmarked(bytes)?,
        }
    };
    let text = without_end_mark(text);
    refuse_binary(&text)?;
    if text.trim().is_empty() {
        return Err(DecodeError::Empty);
    }
    refuse_markup(&text)?;
    let line_ending = line_ending(&text);
    Ok(Decoded { text, encoding, had_bom, guessed, line_ending })
}

fn marked_utf8(bytes: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(bytes).map_err(|error| undecodable(bytes, error.valid_up_to(), Encoding::Utf8))
}

fn undecodable(bytes: &[u8], at: usize, encoding: Encoding) -> DecodeError {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let (line, column) = place(&before);
    DecodeError::Undecodable { line, column, encoding: encoding.name() }
}

/// The line and character that come right after `before`, counted from 1.
fn place(before: &str) -> (u64, u64) {
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    (count_lines(before) + 1, before[start..].chars().count() as u64 + 1)
}

/// How many line ends a text holds, whichever way they are written.
pub(crate) fn count_lines(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut count = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            count += 1;
        }
    }
    count
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, encoding: Encoding) -> Result<String, DecodeError> {
    let mut text = String::with_capacity(bytes.len());
    let (pairs, rest) = bytes.as_chunks::<2>();
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => {
                let (line, column) = place(&text);
                return Err(DecodeError::Undecodable { line, column, encoding: encoding.name() });
            }
        }
    }
    // Half a character at the end: a download that was cut off, or not UTF-16 after all.
    if rest.iter().any(|byte| !matches!(byte, 0 | b'\n')) {
        let (line, column) = place(&text);
        return Err(DecodeError::Undecodable { line, column, encoding: encoding.name() });
    }
    Ok(text)
}

/// Mostly western text in UTF-16 has a zero in every other byte, always on the same side.
fn unmarked_utf16(bytes: &[u8]) -> Option<Encoding> {
    let (pairs, _) = bytes[..bytes.len().min(4096)].as_chunks::<2>();
    let high_first = pairs.iter().filter(|pair| pair[0] == 0 && pair[1] != 0).count();
    let low_first = pairs.iter().filter(|pair| pair[1] == 0 && pair[0] != 0).count();
    let many = pairs.len() * 3 / 10;
    if low_first > many && high_first * 10 <= low_first {
        Some(Encoding::Utf16Le)
    } else if high_first > many && low_first * 10 <= high_first {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

type Unmarked<'a> = (Cow<'a, str>, Encoding, bool, bool);

fn unmarked(bytes: &[u8]) -> Result<Unmarked<'_>, DecodeError> {
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let (line, _) = place(&String::from_utf8_lossy(&bytes[..at]));
        return Err(DecodeError::Binary { line, byte: 0 });
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok((Cow::Borrowed(text), Encoding::Utf8, false, false)),
        Err(error) => error,
    };
    // One bad byte among good UTF-8 is damage; reading the whole as Windows-1252 would garble every good letter.
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good > bad * 2 {
        return Err(undecodable(bytes, error.valid_up_to(), Encoding::Utf8));
    }
    let encoding = if looks_macintosh(bytes) { Encoding::Macintosh } else { Encoding::Windows1252 };
    if encoding == Encoding::Windows1252 {
        // The five bytes Windows-1252 leaves undefined.
        if let Some(at) = bytes.iter().position(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)) {
            let (before, _) = WINDOWS_1252.decode_without_bom_handling(&bytes[..at]);
            let (line, column) = place(&before);
            return Err(DecodeError::Undecodable { line, column, encoding: "UTF-8 nor Windows-1252" });
        }
    }
    let table = if encoding == Encoding::Macintosh { MACINTOSH } else { WINDOWS_1252 };
    let (text, _) = table.decode_without_bom_handling(bytes);
    Ok((text, encoding, false, true))
}

/// Only old Mac programs end lines with `\r` alone, and there the accented letters lie in 0x80..=0x9F, where
/// Windows-1252 has typographic signs.
fn looks_macintosh(bytes: &[u8]) -> bool {
    let low = bytes.iter().filter(|byte| (0x80..=0x9F).contains(*byte)).count();
    let high = bytes.iter().filter(|byte| (0xC0..=0xFF).contains(*byte)).count();
    bytes.contains(&b'\r') && !bytes.contains(&b'\n') && low > high
}

/// Old DOS programs end a text with Ctrl-Z; some exporters with a zero.
fn without_end_mark(text: Cow<'_, str>) -> Cow<'_, str> {
    let end = text.trim_end_matches('\u{1A}').len();
    if end == text.len() {
        return text;
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    }
}

fn refuse_binary(text: &str) -> Result<(), DecodeError> {
    let no_text = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1B);
    if let Some(at) = text.as_bytes().iter().position(|byte| *byte == 0) {
        return Err(DecodeError::Binary { line: place(&text[..at]).0, byte: 0 });
    }
    // A stray control character inside a note is a note's business; many of them are another kind of file.
    let head = &text.as_bytes()[..text.len().min(4096)];
    let strange = head.iter().filter(|byte| no_text(**byte)).count();
    if strange * 50 > head.len()
        && let Some(at) = head.iter().position(|byte| no_text(*byte))
    {
        return Err(DecodeError::Binary { line: place(&text[..at]).0, byte: head[at] });
    }
    Ok(())
}

/// Some CRMs' "Excel" export is a web page in disguise.
fn refuse_markup(text: &str) -> Result<(), DecodeError> {
    let start: String = text.trim_start().chars().take(12).collect::<String>().to_ascii_lowercase();
    if ["<html", "<!doctype", "<table", "<meta", "<head", "<?xml", "<div"]
        .iter()
        .any(|tag| start.starts_with(tag))
    {
        return Err(DecodeError::OtherFormat {
            what: "a web page or XML document (some CRMs' .xls export is one)",
            hint: SAVE_AS_CSV,
        });
    }
    if start.starts_with("{\\rtf") {
        return Err(DecodeError::OtherFormat { what: "a rich-text document", hint: "Export again as CSV." });
    }
    Ok(())
}

fn line_ending(text: &str) -> LineEnding {
    let bytes = text.as_bytes();
    let (mut lf, mut crlf, mut cr) = (0_u64, 0_u64, 0_u64);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' if at > 0 && bytes[at - 1] == b'\r' => crlf += 1,
            b'\n' => lf += 1,
            b'\r' if bytes.get(at + 1) != Some(&b'\n') => cr += 1,
            _ => {}
        }
    }
    if crlf > 0 && crlf >= lf && crlf >= cr {
        LineEnding::Crlf
    } else if cr > lf {
        LineEnding::Cr
    } else {
        LineEnding::Lf
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_unicode_form_gives_the_same_text() {
        let text = "Id,Name\r\n1,Käse & Söhne €😀\r\n";
        for (mark, unit, encoding) in [
            (true, u16::to_le_bytes as fn(u16) -> [u8; 2], Encoding::Utf16Le),
            (false, u16::to_le_bytes, Encoding::Utf16Le),
            (true, u16::to_be_bytes, Encoding::Utf16Be),
            (false, u16::to_be_bytes, Encoding::Utf16Be),
        ] {
            let bytes = utf16(&format!("{}{text}", if mark { "\u{FEFF}" } else { "" }), unit);
            let decoded = decode(&bytes).unwrap();
            assert_eq!((&*decoded.text, decoded.encoding, decoded.had_bom), (text, encoding, mark));
            assert!(!decoded.guessed);
            assert_eq!(decoded.line_ending, LineEnding::Crlf);
        }
        let marked = format!("\u{FEFF}{text}");
        let decoded = decode(marked.as_bytes()).unwrap();
        assert_eq!((&*decoded.text, decoded.encoding, decoded.had_bom), (text, Encoding::Utf8, true));
        assert!(matches!(decoded.text, Cow::Borrowed(_)));
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_read_as_windows_1252_and_called_a_guess() {
        let decoded = decode(b"Id;Name\r\n1;M\xFCller \x80 \x96\r\n").unwrap();
        assert_eq!(decoded.text, "Id;Name\r\n1;Müller € –\r\n");
        assert_eq!((decoded.encoding, decoded.guessed), (Encoding::Windows1252, true));
    }

    #[test]
    fn carriage_returns_alone_with_low_accents_are_an_old_mac() {
        let decoded = decode(b"Id;Name\r1;M\x9Fller\r").unwrap();
        assert_eq!(decoded.text, "Id;Name\r1;Müller\r");
        assert_eq!((decoded.encoding, decoded.line_ending), (Encoding::Macintosh, LineEnding::Cr));
    }

    #[test]
    fn a_byte_of_no_encoding_is_named_with_its_line() {
        let error = decode(b"Id,Name\n1,ok\n2,a\x81b\n").unwrap_err();
        assert_eq!((error.line(), error.to_string().contains("character 4")), (Some(3), true));
    }

    #[test]
    fn one_bad_byte_in_good_utf_8_is_damage_and_not_another_encoding() {
        let mut bytes = "Id,Name\n1,Größe äöü éè\n2,Ünïcödé\n".as_bytes().to_vec();
        bytes.extend_from_slice(b"3,br\xC3ken\n");
        let error = decode(&bytes).unwrap_err();
        assert_eq!(error, DecodeError::Undecodable { line: 4, column: 5, encoding: "UTF-8" });
        assert!(matches!(
            decode(b"\xEF\xBB\xBFId\n\xFF\n"),
            Err(DecodeError::Undecodable { line: 2, column: 1, encoding: "UTF-8" })
        ));
    }

    #[test]
    fn binary_files_and_other_formats_are_refused_by_name() {
        assert!(matches!(decode(b"Id,Name\n1,a\0b\n"), Err(DecodeError::Binary { line: 2, byte: 0 })));
        assert!(matches!(decode(b"PK\x03\x04rest"), Err(DecodeError::OtherFormat { .. })));
        assert!(matches!(decode(b"  <html><table>"), Err(DecodeError::OtherFormat { .. })));
        assert!(matches!(decode(b"\x01\x02\x03\x04\x05abc"), Err(DecodeError::Binary { line: 1, byte: 1 })));
        assert_eq!(decode(b""), Err(DecodeError::Empty));
        assert_eq!(decode(b"\xEF\xBB\xBF \r\n"), Err(DecodeError::Empty));
    }

    #[test]
    fn half_a_surrogate_pair_is_named_with_its_line() {
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend(utf16("a\nb", u16::to_le_bytes));
        bytes.extend([0x00, 0xD8, b'x', 0]);
        assert!(matches!(decode(&bytes), Err(DecodeError::Undecodable { line: 2, column: 2, .. })));
    }
}
