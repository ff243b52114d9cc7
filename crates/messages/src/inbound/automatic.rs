//! Mail that no person wrote: out-of-office answers, bounces, newsletters. It is never an answer, and is never answered
//! (RFC 3834), or two programs would talk for ever.

use mail_parser::{HeaderName, HeaderValue, Message, MimeHeaders, PartType};

use super::envelope::Envelope;
use crate::MessageId;

/// What sort of mail no person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Automatic {
    /// An answer made by a program: somebody is away.
    Reply,
    /// A mail of ours did not arrive.
    Bounce {
        /// Which mail of ours, where the report says.
        of: Option<MessageId>,
        /// It never will (status 5.x.x); false: not yet, or nobody says.
        for_good: bool,
    },
    /// Made by a program for another reason.
    Generated,
    /// Sent to many.
    List,
}

/// Recognises it; none: nothing speaks against a person.
pub fn look(message: &Message<'_>, envelope: &Envelope) -> Option<Automatic> {
    if is_report(message) {
        return Some(bounce(message));
    }
    let header = |name: &str| message.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
    let submitted = header("Auto-Submitted");
    match submitted.as_deref().map(|value| value.split([';', ' ']).next().unwrap_or_default()) {
        None | Some("no" | "") => {}
        Some("auto-replied") => return Some(Automatic::Reply),
        Some(_) => return Some(Automatic::Generated),
    }
    let replies = ["X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Mail-Autoreply"];
    if replies.iter().any(|name| header(name).is_some_and(|value| value != "no")) {
        return Some(Automatic::Reply);
    }
    if nobody_sent(message, envelope) {
        return Some(bounce(message));
    }
    match header("Precedence").as_deref() {
        Some("auto_reply") => return Some(Automatic::Reply),
        Some("bulk" | "junk") => return Some(Automatic::Generated),
        Some("list") => return Some(Automatic::List),
        _ => {}
    }
    let listed =
        message.header(HeaderName::ListId).is_some() || message.header(HeaderName::ListUnsubscribe).is_some();
    listed.then_some(Automatic::List)
}

/// A report about delivery (RFC 6522): its kind says so in the header.
fn is_report(message: &Message<'_>) -> bool {
    message.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
            && kind
                .attribute("report-type")
                .is_none_or(|report| report.eq_ignore_ascii_case("delivery-status"))
    })
}

/// The null sender, or the mail server itself.
fn nobody_sent(message: &Message<'_>, envelope: &Envelope) -> bool {
    let null = |text: &str| text.trim().trim_start_matches('<').trim_end_matches('>').trim().is_empty();
    let returned = match message.header_raw("Return-Path") {
        Some(path) => null(path),
        None => false,
    };
    let from = super::envelope::one(message.from());
    let by_server = from.is_some_and(|from| {
        let local = from.local().to_ascii_lowercase();
        local == "mailer-daemon" || local == "postmaster"
    });
    envelope.from.as_deref().is_some_and(null) || returned || by_server
}

fn bounce(message: &Message<'_>) -> Automatic {
    let mut of = None;
    let mut for_good = false;
    for part in message.parts.iter().take(20) {
        if part.is_content_type("message", "delivery-status") {
            for_good |= text_of(&part.body).lines().any(|line| {
                line.split_once(':').is_some_and(|(name, value)| {
                    name.trim().eq_ignore_ascii_case("status") && value.trim().starts_with("5.")
                })
            });
        } else if let PartType::Message(original) = &part.body {
            of = of.or_else(|| original.message_id().and_then(|id| id.parse().ok()));
        } else if part.is_content_type("text", "rfc822-headers") {
            of = of.or_else(|| header_id(&text_of(&part.body)));
        }
    }
    let replied = match message.in_reply_to() {
        HeaderValue::Text(id) => id.parse().ok(),
        _ => None,
    };
    Automatic::Bounce { of: of.or(replied), for_good }
}

fn header_id(headers: &str) -> Option<MessageId> {
    headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if name.trim().eq_ignore_ascii_case("message-id") { value.parse().ok() } else { None }
    })
}

fn text_of(body: &PartType<'_>) -> String {
    match body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8_lossy(bytes.get(..64 * 1024).unwrap_or(bytes)).into_owned()
        }
        PartType::Message(_) | PartType::Multipart(_) => String::new(),
    }
}
