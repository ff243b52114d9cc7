//! What is new in an answer. Careful rather than clever: a line too many is read over, a line too few is lost; so only
//! what is surely quoted or a signature goes, and an answer written between the quoted lines stays whole.

use serde::{Deserialize, Serialize};

use crate::address::is_unseen;

/// The longest new text kept, in characters.
pub const LONGEST: usize = 8_000;
/// The longest whole text kept, in characters.
pub const LONGEST_WHOLE: usize = 50_000;

/// A mail's text with one sort of line end, without what cannot be seen, bounded.
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let seen = |letter: &char| *letter == '\n' || *letter == '\t' || !is_unseen(*letter);
    text.chars().filter(seen).take(LONGEST_WHOLE).collect()
}

/// What is new in a text that was cleaned before.
pub fn new_in(whole: &str) -> String {
    let lines: Vec<&str> = whole.lines().collect();
    let end = (0..lines.len()).find(|at| is_signature(&lines, *at)).unwrap_or(lines.len());
    let signed = &lines[..end];
    let quote = (0..signed.len()).find(|at| quote_begins(signed, *at));
    let fresh = match quote {
        None => signed,
        Some(at) if has_words_after(&signed[at..]) => below(signed, at).unwrap_or(signed),
        Some(at) => &signed[..at],
    };
    let mut fresh = fresh.to_vec();
    while fresh.last().is_some_and(|line| line.trim().is_empty() || is_sent_from(line) || is_rule(line)) {
        fresh.pop();
    }
    fresh.join("\n").trim().chars().take(LONGEST).collect()
}

/// `-- `. Many programs drop the blank; then it is a signature only where little follows, for people draw such lines too.
fn is_signature(lines: &[&str], at: usize) -> bool {
    let little = || lines[at + 1..].iter().filter(|line| is_words(line)).count() <= 8;
    match lines[at] {
        "-- " | "-- \u{a0}" => true,
        "--" => little(),
        _ => false,
    }
}

/// A line drawn above what is quoted.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 8 && line.bytes().all(|byte| byte == b'_')
}

fn is_sent_from(line: &str) -> bool {
    let line = line.trim();
    let begins = [
        "Sent from my ",
        "Get Outlook for ",
        "Von meinem iPhone gesendet",
        "Envoyé de mon ",
        "Enviado desde mi ",
    ];
    line.len() < 80 && begins.iter().any(|begin| line.starts_with(begin))
}

/// Whether what is quoted begins at a line: `> …`, or the line a program writes above it.
fn quote_begins(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    if line.starts_with('>') || is_divider(line) {
        return true;
    }
    if is_headline(line) || (is_attribution(line) && is_quoted_next(&lines[at + 1..])) {
        return true;
    }
    // Programs break the line above a quote where they like.
    let after = lines.get(at + 1).map(|next| next.trim()).unwrap_or_default();
    (begins_headline(line) && !after.is_empty() && is_headline(&format!("{line} {after}")))
        || (is_field(line)
            && lines[at + 1..].iter().take(3).filter(|line| is_field(line.trim())).count() >= 2)
}

/// `-----Original Message-----` in the languages programs write it in.
fn is_divider(line: &str) -> bool {
    let inner = line.trim_matches(['-', '_', ' ']);
    let known = [
        "Original Message",
        "Original message",
        "Forwarded message",
        "Ursprüngliche Nachricht",
        "Originalnachricht",
        "Message d'origine",
        "Message original",
        "Mensaje original",
        "Messaggio originale",
        "Oorspronkelijk bericht",
    ];
    line.starts_with("--") && known.contains(&inner)
}

const HEADLINES: [(&str, &str); 8] = [
    ("On ", " wrote:"),
    ("Am ", " schrieb:"),
    ("Am ", ":"),
    ("Le ", " a écrit :"),
    ("Le ", " a écrit:"),
    ("El ", " escribió:"),
    ("Il ", " ha scritto:"),
    ("Op ", ":"),
];

/// `On Tue, 24 Nov 2026 at 17:00, Dana Ruiz <dana@example.com> wrote:`. It has a digit of a date in it, so that a
/// sentence of a person hardly looks like it.
fn is_headline(line: &str) -> bool {
    let dated = line.chars().any(|letter| letter.is_ascii_digit());
    let said = |end: &str| match end {
        // Where the verb stands before the name, it is asked for apart.
        ":" => line.ends_with(':') && (line.contains(" schrieb ") || line.contains(" schreef ")),
        end => line.ends_with(end),
    };
    dated && line.len() < 300 && HEADLINES.iter().any(|(begin, end)| line.starts_with(begin) && said(end))
}

fn begins_headline(line: &str) -> bool {
    HEADLINES.iter().any(|(begin, _)| line.starts_with(begin))
}

/// A line of the block of headers some programs put above what they quote.
fn is_field(line: &str) -> bool {
    let line = line.trim_start_matches('*');
    let names = [
        "From:",
        "Sent:",
        "To:",
        "Cc:",
        "Subject:",
        "Date:",
        "Von:",
        "Gesendet:",
        "An:",
        "Betreff:",
        "De :",
        "De:",
        "Envoyé :",
        "À :",
        "Objet :",
        "Enviado:",
        "Para:",
        "Asunto:",
        "Da:",
        "Inviato:",
        "A:",
        "Oggetto:",
    ];
    names.iter().any(|name| line.starts_with(name))
}

/// `"Dana Ruiz" <dana@example.com> wrote:`, without a date. Only what is quoted right below it tells it from a sentence.
fn is_attribution(line: &str) -> bool {
    let verbs =
        [" wrote:", " schrieb:", " a écrit :", " a écrit:", " escribió:", " ha scritto:", " schreef:"];
    line.len() < 300 && verbs.iter().any(|verb| line.ends_with(verb))
}

fn is_quoted_next(lines: &[&str]) -> bool {
    lines
        .iter()
        .map(|line| line.trim())
        .find(|line| !line.is_empty())
        .is_some_and(|line| line.starts_with('>'))
}

/// The answer below all of what is quoted, where it begins with the quote and has nobody's words in between: as people
/// answer who learned it early.
fn below<'l, 't>(lines: &'l [&'t str], quote: usize) -> Option<&'l [&'t str]> {
    let (before, quoted) = lines.split_at(quote);
    let marked = |line: &&str| line.trim_start().starts_with('>');
    let (first, last) = (quoted.iter().position(marked)?, quoted.iter().rposition(marked)?);
    let alone = !before.iter().any(|line| is_words(line))
        && !quoted[first..last].iter().any(|line| is_words(line))
        // Above the marks stands who is quoted, on a line that a program may have broken.
        && quoted[..first].iter().filter(|line| is_words(line)).count() <= 2;
    alone.then(|| &quoted[last + 1..])
}

/// Whether a person wrote below the beginning of a quote marked with `>`: then they answer line by line.
fn has_words_after(quoted: &[&str]) -> bool {
    let marked = quoted.iter().take(4).any(|line| line.trim_start().starts_with('>'));
    let last = quoted.iter().rposition(|line| line.trim_start().starts_with('>'));
    marked
        && last.is_some_and(|last| {
            let begins = quoted.iter().position(|line| line.trim_start().starts_with('>')).unwrap_or(0);
            let between = quoted[begins..last].iter().any(|line| is_words(line));
            between || quoted[last + 1..].iter().any(|line| is_words(line))
        })
}

fn is_words(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('>') && !is_sent_from(line)
}

/// What an answer says to a question that can be answered with yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assent {
    /// It says yes and nothing else.
    Yes,
    /// Anything more, less or different: for a person to read.
    Unclear,
}

const YES: [&str; 20] = [
    "confirmed",
    "confirm",
    "i confirm",
    "we confirm",
    "yes",
    "yes confirmed",
    "yes i confirm",
    "yes we confirm",
    "agreed",
    "we agree",
    "i agree",
    "approved",
    "confirmed thanks",
    "confirmed thank you",
    "looks good",
    "looks good to me",
    "yes looks good",
    "looks good confirmed",
    "confirmed looks good",
    "yes this is accurate",
];

/// What may stand beside a yes.
const THANKS: [&str; 6] =
    ["thanks", "thank you", "many thanks", "thanks a lot", "thank you very much", "best regards"];

/// Reads it from the new words of an answer. `Yes, but …` is not yes.
pub fn assent(text: &str) -> Assent {
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).skip_while(|line| is_greeting(line));
    let first = lines.next().unwrap_or_default().to_lowercase();
    // A name below, a greeting above: what else there is must be no sentence.
    let rest: Vec<&str> = lines.collect();
    let signed = rest.len() <= 3
        && rest.iter().all(|line| line.len() <= 40 && !line.ends_with(['?', ':']) && is_signing(line));
    if says_yes(&first) && signed { Assent::Yes } else { Assent::Unclear }
}

/// Whether a line in small letters is a yes as a whole, or in pieces of which some say yes and the others only thanks.
fn says_yes(line: &str) -> bool {
    let words = |piece: &str| piece.split_whitespace().collect::<Vec<_>>().join(" ");
    let mark = |letter: char| ",.!".contains(letter);
    let pieces: Vec<String> = line.split(mark).map(words).filter(|piece| !piece.is_empty()).collect();
    let is_yes = |piece: &str| YES.contains(&piece);
    is_yes(&pieces.join(" "))
        || pieces.iter().any(|piece| is_yes(piece))
            && pieces.iter().all(|piece| is_yes(piece) || THANKS.contains(&piece.as_str()))
}

/// `Hi Luca,` above the answer.
fn is_greeting(line: &str) -> bool {
    let mut words = line.trim_end_matches([',', '.', '!']).split_whitespace();
    let greets = words.next().is_some_and(|word| ["Hi", "Hello", "Dear", "Hey"].contains(&word));
    let names: Vec<&str> = words.collect();
    let is_name = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|letter| letter.is_alphabetic() || ".-'’".contains(letter))
    };
    greets && names.len() <= 3 && names.iter().all(is_name)
}

/// A closing word or a name, such as `Best regards,` or `Ines Calloway`.
fn is_signing(line: &str) -> bool {
    let closing = [
        "best",
        "regards",
        "best regards",
        "kind regards",
        "warm regards",
        "many thanks",
        "thanks",
        "thank you",
        "cheers",
        "sincerely",
        "yours",
    ];
    let plain = line.trim_end_matches([',', '.', '!']).to_lowercase();
    let name = line.split_whitespace().count() <= 3
        && line.split_whitespace().all(|word| word.chars().next().is_some_and(char::is_uppercase))
        && line.chars().all(|letter| letter.is_alphabetic() || " .-'’".contains(letter));
    let against = ["But", "However", "Not", "No", "Except", "Wait", "Never", "Unless"];
    closing.contains(&plain.as_str())
        || (name && !line.split_whitespace().any(|word| against.contains(&word.trim_end_matches('.'))))
}
