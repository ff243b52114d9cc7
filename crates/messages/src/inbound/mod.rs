//! Mail that comes in, understood as far as it can be without trusting it.
//!
//! Whoever writes can put any name on the envelope and any address into `From`: neither proves who they are. What
//! counts is the token in the address the mail was sent to, which only somebody who got our mail can know; what it
//! opens is the application's to decide. Absent on purpose: attachments, which nobody asked for.

pub mod automatic;
pub mod envelope;
mod markup;
pub mod reply_address;
pub mod words;

use std::borrow::Cow;

use jiff::Timestamp;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders, PartType};

use crate::{
    Address, Assent, Automatic, CalendarReply, Envelope, MessageId, ReplyAddress, TokenFound,
    address::one_line, calendar::reply,
};

/// A mail as understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Its name, for taking it once.
    pub id: Option<MessageId>,
    /// What it answers, the nearest first.
    pub answers: Vec<MessageId>,
    /// What it claims to come from. It proves nothing.
    pub claims_from: Option<Address>,
    /// When it claims to have been written.
    pub claims_at: Option<Timestamp>,
    /// The token of the address it was sent to.
    pub token: TokenFound,
    /// Its subject, one line.
    pub subject: String,
    /// What is new in it: without what it quotes and how it is signed, at most 8,000 characters.
    pub text: String,
    /// Whether that says yes and nothing else.
    pub assent: Assent,
    /// Its whole text, at most 50,000 characters.
    pub whole: String,
    /// No person wrote it: it is never an answer.
    pub automatic: Option<Automatic>,
    /// Answers of calendars to our invitations.
    pub calendar: Vec<CalendarReply>,
}

/// Why a mail was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InboundError {
    /// Larger than [`Inbound::LARGEST`].
    #[error("the mail has {0} bytes; at most {largest} are read", largest = Inbound::LARGEST)]
    TooLarge(usize),
    /// More parts than any mail needs.
    #[error("the mail has more than {0} parts")]
    TooManyParts(usize),
    /// Nothing in it looks like the header of a mail.
    #[error("this is no mail: it has no header")]
    NoMail,
}

/// Most parts of a mail, counted roughly before it is read.
const PARTS: usize = 500;
/// Most answers kept of one mail, and most earlier mails named.
const MOST: usize = 50;

impl Inbound {
    /// The largest mail read, in bytes.
    pub const LARGEST: usize = 10 * 1024 * 1024;

    /// Reads a raw mail (RFC 5322). `ours` is where answers are sent to; `envelope` what is known beside the mail.
    pub fn read(raw: &[u8], envelope: &Envelope, ours: &ReplyAddress) -> Result<Self, InboundError> {
        if raw.len() > Self::LARGEST {
            return Err(InboundError::TooLarge(raw.len()));
        }
        if raw.windows(13).filter(|bytes| bytes.eq_ignore_ascii_case(b"content-type:")).count() > PARTS {
            return Err(InboundError::TooManyParts(PARTS));
        }
        let message = MessageParser::default().parse(raw).filter(|message| !message.headers().is_empty());
        let message = message.ok_or(InboundError::NoMail)?;
        let whole = words::clean(&markup::body(&message));
        let text = words::new_in(&whole);
        Ok(Self {
            id: message.message_id().and_then(|id| id.parse().ok()),
            answers: answers(&message),
            claims_from: envelope::one(message.from()),
            claims_at: message.date().and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()),
            token: ours.find(envelope::recipients(&message, envelope)),
            subject: one_line(message.subject().unwrap_or_default(), 500),
            assent: words::assent(&text),
            text,
            automatic: automatic::look(&message, envelope),
            calendar: calendars(&message),
            whole,
        })
    }

    /// Whether a person wrote it: only then is it an answer to anything.
    pub fn is_from_a_person(&self) -> bool {
        self.automatic.is_none() && self.calendar.is_empty()
    }
}

/// What a mail answers: `In-Reply-To`, then `References` from the newest back.
fn answers(message: &Message<'_>) -> Vec<MessageId> {
    let mut found: Vec<MessageId> = Vec::new();
    let references = ids(message.references());
    for id in ids(message.in_reply_to()).into_iter().chain(references.into_iter().rev()) {
        if found.len() < MOST && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn ids(value: &HeaderValue<'_>) -> Vec<MessageId> {
    match value {
        HeaderValue::Text(id) => id.parse().into_iter().collect(),
        HeaderValue::TextList(ids) => ids.iter().filter_map(|id| id.parse().ok()).collect(),
        _ => Vec::new(),
    }
}

fn calendars(message: &Message<'_>) -> Vec<CalendarReply> {
    let files = message.parts.iter().filter(|part| part.is_content_type("text", "calendar"));
    let mut found: Vec<CalendarReply> = Vec::new();
    for part in files.take(5) {
        let text: Cow<'_, str> = match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.clone(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes),
            PartType::Message(_) | PartType::Multipart(_) => continue,
        };
        for answer in reply::read(&text) {
            // Programs send the same file twice: beside the words and as an attachment.
            if found.len() < MOST && !found.contains(&answer) {
                found.push(answer);
            }
        }
    }
    found
}
