//! A mail as a value. Its parts are types that hold nothing but what may stand there, so that no text from a CRM or a
//! template ends up as a header of its own.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Mailbox, Method,
    address::{is_domain, is_unseen, one_line},
};

/// A mail to one person. One addressee on purpose: everybody gets their own words, links and reply address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its name for ever: handed over twice, it is still one mail.
    pub id: MessageId,
    /// Its date.
    pub at: Timestamp,
    /// From whom.
    pub from: Mailbox,
    /// To whom.
    pub to: Mailbox,
    /// Where an answer goes.
    pub reply_to: Option<Mailbox>,
    /// What it is about.
    pub subject: Subject,
    /// Its words, as plain text.
    pub text: String,
    /// What it follows, oldest first; mail programs show them as one thread.
    pub follows: Vec<MessageId>,
    /// The meeting it is about.
    pub calendar: Option<CalendarPart>,
}

/// A calendar file beside the words (RFC 6047).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarPart {
    /// What it asks of the calendar; the same as in the file.
    pub method: Method,
    /// The file.
    pub file: String,
}

/// A subject: one line without control characters, never blank, at most [`Subject::MAX`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// The longest subject kept, in characters.
    pub const MAX: usize = 200;

    /// Takes what can stand in a subject from any text; none when nothing is left.
    pub fn of(text: &str) -> Option<Self> {
        let line = one_line(text, Self::MAX);
        (!line.is_empty()).then_some(Self(line))
    }

    /// The subject.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A mail's name, without its angle brackets: `local@domain`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MessageId(String);

/// Text that is no [`MessageId`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no message id")]
pub struct NotAMessageId(String);

impl MessageId {
    /// The name of the mail of a letter. It follows from the letter, so that sending again names the same mail.
    pub fn of(letter: Uuid, domain: &str) -> Result<Self, NotAMessageId> {
        if is_domain(domain) {
            Ok(Self(format!("{letter}@{domain}")))
        } else {
            Err(NotAMessageId(shown(domain)))
        }
    }

    /// The id without brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The letter's id, when it is one of ours: made by [`MessageId::of`] for this domain.
    pub fn letter(&self, domain: &str) -> Option<Uuid> {
        let (local, at) = self.0.rsplit_once('@')?;
        if at.eq_ignore_ascii_case(domain) { Uuid::parse_str(local).ok() } else { None }
    }
}

impl FromStr for MessageId {
    type Err = NotAMessageId;

    /// Reads what other mail programs write, with or without brackets: anything printable without blanks.
    fn from_str(text: &str) -> Result<Self, NotAMessageId> {
        let inner = text.trim();
        let inner = inner.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(inner);
        let fits = (1..=900).contains(&inner.len())
            && inner.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte));
        if fits { Ok(Self(inner.to_owned())) } else { Err(NotAMessageId(shown(text))) }
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

impl<'de> Deserialize<'de> for MessageId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

fn shown(text: &str) -> String {
    text.chars().filter(|letter| !is_unseen(*letter)).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_bounded_line() {
        let subject = Subject::of("Acme\r\nBcc: eve@example.com\u{2028}\tmoved\0").unwrap();
        assert_eq!(subject.as_str(), "Acme Bcc: eve@example.com moved");
        assert_eq!(Subject::of("\r\n\t"), None);
        let long = Subject::of(&"word ".repeat(100)).unwrap();
        assert!(long.as_str().chars().count() <= Subject::MAX && long.as_str().ends_with('…'));
    }

    #[test]
    fn a_mails_name_leads_back_to_its_letter() {
        let letter = Uuid::from_u128(7);
        let id = MessageId::of(letter, "handoffs.example").unwrap();
        assert_eq!(id.to_string(), "<00000000-0000-0000-0000-000000000007@handoffs.example>");
        assert_eq!(id.to_string().parse::<MessageId>().unwrap(), id);
        assert_eq!(id.letter("Handoffs.Example"), Some(letter));
        assert_eq!(id.letter("elsewhere.example"), None);
        assert!(MessageId::of(letter, "bad domain\r\n").is_err());
    }

    #[test]
    fn a_foreign_name_may_look_odd_but_breaks_nothing() {
        for text in ["<CAF=x+y@mail.gmail.com>", "<AM0PR0.1@EUR.prod.outlook.com>", "nothing-at-all"] {
            assert!(text.parse::<MessageId>().is_ok(), "{text}");
        }
        for text in ["", "<>", "<a b@c>", "<a@b>\r\nBcc: x", "<a@b> <c@d>", "<ä@b>"] {
            assert!(text.parse::<MessageId>().is_err(), "{text:?}");
        }
    }
}
