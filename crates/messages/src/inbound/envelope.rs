//! Where a mail was sent: what the mail server says, and what headers say who may have kept it.

use mail_parser::{Address as Addresses, HeaderValue, Message};

use crate::Address;

/// What is known of a mail beside its bytes, where whoever brings it knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// The sender of the envelope (`MAIL FROM`); an empty text is the null sender of bounces.
    pub from: Option<String>,
    /// The recipients of the envelope (`RCPT TO`).
    pub to: Vec<String>,
}

/// Headers in which mail servers keep the address a mail reached them by.
const REACHED: [&str; 4] = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"];
/// Most recipients looked at.
const MOST: usize = 200;

/// Every address the mail was sent to, as far as anybody says.
pub fn recipients(message: &Message<'_>, envelope: &Envelope) -> Vec<String> {
    let named = [message.to(), message.cc(), message.bcc()].into_iter().flatten();
    let named = named.flat_map(|list| list.iter()).filter_map(|one| one.address()).map(str::to_owned);
    let reached = REACHED.iter().flat_map(|name| message.header_values(*name)).flat_map(texts);
    envelope.to.iter().cloned().chain(reached).chain(named).take(MOST).collect()
}

/// A header's texts, whatever the reader made of it.
fn texts(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(text) => vec![text.to_string()],
        HeaderValue::TextList(all) => all.iter().map(ToString::to_string).collect(),
        HeaderValue::Address(list) => {
            list.iter().filter_map(|one| one.address()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// The only address of a list.
pub fn one(list: Option<&Addresses<'_>>) -> Option<Address> {
    let mut all = list?.iter().filter_map(|one| one.address());
    let first = all.next()?.parse().ok();
    if all.next().is_some() { None } else { first }
}
