//! Addresses and names that are safe in a header because nothing else can be built.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A mail address, `local@domain`: plain ASCII, no quotes, no comments, at most 254 octets (RFC 5321 §4.5.3.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Address(String);

/// Text that is no [`Address`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no mail address: {why}")]
pub struct NotAnAddress {
    text: String,
    why: &'static str,
}

impl Address {
    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands after the `@`, in lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let fault =
            |why| NotAnAddress { text: text.chars().filter(|c| !c.is_control()).take(80).collect(), why };
        let Some((local, domain)) = text.rsplit_once('@') else { return Err(fault("there is no @")) };
        if text.len() > 254 || local.len() > 64 {
            return Err(fault("it is too long"));
        }
        let atom = |part: &str| !part.is_empty() && part.bytes().all(is_atom);
        if !local.split('.').all(atom) {
            return Err(fault("what stands before the @ is not plain"));
        }
        if !is_domain(domain) {
            return Err(fault(
                "what stands after the @ is no host name (write other scripts in their xn-- form)",
            ));
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }
}

/// RFC 5322 `atext`.
fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// Labels of letters, digits and inner hyphens. One label is enough: inside a company that is a host.
pub(crate) fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A name beside an address: one line without control characters or quotes, at most [`DisplayName::MAX`] characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DisplayName(String);

impl DisplayName {
    /// The longest name kept, in characters.
    pub const MAX: usize = 120;

    /// Takes what can stand in a header from any text; none when nothing is left.
    pub fn of(text: &str) -> Option<Self> {
        let name = one_line(text, Self::MAX).replace(['"', '<', '>'], "'");
        (!name.is_empty()).then_some(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for DisplayName {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::of(&text).ok_or_else(|| serde::de::Error::custom("a name must not be blank"))
    }
}

/// Somebody mail goes to or comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mailbox {
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayName>,
    /// Their address.
    pub address: Address,
}

impl Mailbox {
    /// A name, as far as it can stand in a header, with an address.
    pub fn new(name: &str, address: Address) -> Self {
        Self { name: DisplayName::of(name), address }
    }
}

impl From<Address> for Mailbox {
    fn from(address: Address) -> Self {
        Self { name: None, address }
    }
}

/// Any text as one line: line ends and other controls become blanks, blanks are single, the rest is bounded.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut out = String::new();
    for word in
        text.split(|letter: char| letter.is_whitespace() || is_unseen(letter)).filter(|word| !word.is_empty())
    {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    match out.char_indices().nth(most) {
        None => out,
        Some(_) => {
            let mut short: String = out.chars().take(most.saturating_sub(1)).collect();
            short.truncate(short.trim_end().len());
            short.push('…');
            short
        }
    }
}

/// Controls, line and paragraph separators, and the marks that turn the direction of what follows.
pub(crate) fn is_unseen(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_written_but_for_its_domain() {
        let address: Address = "Dana.O'Neil+cs@Mail.EXAMPLE.com".parse().unwrap();
        assert_eq!(address.as_str(), "Dana.O'Neil+cs@mail.example.com");
        assert_eq!((address.local(), address.domain()), ("Dana.O'Neil+cs", "mail.example.com"));
    }

    #[test]
    fn nothing_that_breaks_out_of_a_header_is_an_address() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "dana",
            "@example.com",
            "dana@",
            "a b@example.com",
            "dana@example.com\r\nBcc: eve@example.com",
            "dana\0@example.com",
            "\"dana\"@example.com",
            "dana@exa mple.com",
            "dana@example..com",
            ".dana@example.com",
            "dana@-example.com",
            "däna@example.com",
            "dana@exämple.com",
            "dana@example.com>",
            "<dana@example.com>",
            "dana,eve@example.com",
            &long,
        ] {
            assert!(text.parse::<Address>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_name_is_one_line_without_quotes() {
        let name = DisplayName::of("  Dana \"D\"\r\nBcc: eve@example.com\u{202e} <x> ").unwrap();
        assert_eq!(name.as_str(), "Dana 'D' Bcc: eve@example.com 'x'");
        assert_eq!(DisplayName::of(" \r\n "), None);
        assert_eq!(DisplayName::of(&"ä".repeat(500)).unwrap().as_str().chars().count(), DisplayName::MAX);
    }
}
