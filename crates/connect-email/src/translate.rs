//! From a mail as a value to the bytes that travel. Pure: what a mail looks like is seen without a server.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use throughline_messages::{CalendarPart, Mail, PostError};

/// The mail in the form in which it travels. It fails for a mail that could not have been built from valid parts.
pub fn message(mail: &Mail) -> Result<Message, PostError> {
    if mail.at < Timestamp::UNIX_EPOCH {
        return Err(PostError::never(format!("a mail of {} is older than mail", mail.at)));
    }
    let mut builder = Message::builder()
        .message_id(Some(mail.id.to_string()))
        .date(SystemTime::from(mail.at))
        .from(mailbox(&mail.from)?)
        .to(mailbox(&mail.to)?)
        .subject(mail.subject.as_str())
        // A program wrote it: out-of-office programs need not answer (RFC 3834, and what Exchange reads instead).
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("X-Auto-Response-Suppress", "All"));
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(mailbox(reply_to)?);
    }
    if let Some(last) = mail.follows.last() {
        let all: Vec<String> = mail.follows.iter().map(ToString::to_string).collect();
        builder = builder.in_reply_to(last.to_string()).references(all.join(" "));
    }
    let text = SinglePart::plain(mail.text.clone());
    let message = match &mail.calendar {
        None => builder.singlepart(text),
        Some(calendar) => {
            builder.multipart(MultiPart::alternative().singlepart(text).singlepart(part(calendar)?))
        }
    };
    message.map_err(PostError::never)
}

/// RFC 6047: the header names the method, and the file is the richer form of the words.
fn part(calendar: &CalendarPart) -> Result<SinglePart, PostError> {
    let kind = format!("text/calendar; method={}; charset=UTF-8", calendar.method.name());
    let kind = ContentType::parse(&kind).map_err(PostError::never)?;
    Ok(SinglePart::builder().header(kind).body(calendar.file.clone()))
}

fn mailbox(of: &throughline_messages::Mailbox) -> Result<Mailbox, PostError> {
    Ok(Mailbox::new(of.name.as_ref().map(|name| name.as_str().to_owned()), address(&of.address)?))
}

/// An address as the envelope wants it.
pub fn address(of: &throughline_messages::Address) -> Result<Address, PostError> {
    of.as_str().parse().map_err(|why| PostError::never(format!("{of}: {why}")))
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
