//! The address answers are sent to: `reply+TOKEN@our.domain`. The token is the proof, so it is long and a secret.
//!
//! Some mail servers write addresses in lower case on their way; so tokens have no upper case to lose.

use std::{collections::BTreeSet, fmt, str::FromStr};

use crate::{Address, address::is_domain};

/// What is known by whoever got our mail, and by nobody else: 26 to 56 of `a`–`z` and `0`–`9`. 26 of 32 letters are
/// 130 bits. Printing it for debugging does not show it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyToken(String);

/// Text that is no [`ReplyToken`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a reply token has 26 to 56 of a–z and 0–9")]
pub struct NotAToken;

impl ReplyToken {
    /// The secret, to be hashed or to stand in an address.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReplyToken {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let token = text.to_ascii_lowercase();
        let fits = (26..=56).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self(token)) } else { Err(NotAToken) }
    }
}

impl fmt::Debug for ReplyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyToken(…)")
    }
}

/// Where answers go: the mailbox before the `+`, and the domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyAddress {
    local: String,
    domain: String,
}

impl ReplyAddress {
    /// From an address without token, such as `reply@handoffs.example`. None when there is no room for a token.
    pub fn new(mailbox: &Address) -> Option<Self> {
        let (local, domain) = (mailbox.local().to_ascii_lowercase(), mailbox.domain().to_owned());
        (local.len() <= 7 && !local.contains('+') && is_domain(&domain)).then_some(Self { local, domain })
    }

    /// The address that carries a token.
    pub fn with(&self, token: &ReplyToken) -> Result<Address, crate::NotAnAddress> {
        format!("{}+{}@{}", self.local, token.secret(), self.domain).parse()
    }

    /// The token among the addresses a mail was sent to.
    pub fn find(&self, sent_to: impl IntoIterator<Item = String>) -> TokenFound {
        let tokens: BTreeSet<ReplyToken> = sent_to.into_iter().filter_map(|text| self.token(&text)).collect();
        let mut tokens = tokens.into_iter();
        match (tokens.next(), tokens.next()) {
            (None, _) => TokenFound::Missing,
            (Some(token), None) => TokenFound::One(token),
            (Some(_), Some(_)) => TokenFound::Several,
        }
    }

    fn token(&self, address: &str) -> Option<ReplyToken> {
        let bare = address.trim().trim_start_matches('<').trim_end_matches('>');
        let (local, domain) = bare.rsplit_once('@')?;
        let (mailbox, token) = local.split_once('+')?;
        let ours = mailbox.eq_ignore_ascii_case(&self.local) && domain.eq_ignore_ascii_case(&self.domain);
        if ours { token.parse().ok() } else { None }
    }
}

/// What the addresses of a mail say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenFound {
    /// None of them carries a token.
    Missing,
    /// Exactly one token.
    One(ReplyToken),
    /// More than one: it is not clear what is answered, so nothing is.
    Several,
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "k3v9q2m8w5x7t4r6z1y0p3n8b2";

    fn ours() -> ReplyAddress {
        ReplyAddress::new(&"reply@handoffs.example".parse().unwrap()).unwrap()
    }

    fn find(addresses: &[&str]) -> TokenFound {
        ours().find(addresses.iter().map(|text| (*text).to_owned()))
    }

    #[test]
    fn a_token_goes_out_in_an_address_and_comes_back_from_it_in_any_case() {
        let token: ReplyToken = TOKEN.parse().unwrap();
        let address = ours().with(&token).unwrap();
        assert_eq!(address.as_str(), format!("reply+{TOKEN}@handoffs.example"));
        assert_eq!(find(&[address.as_str()]), TokenFound::One(token.clone()));
        assert_eq!(
            find(&[&address.as_str().to_uppercase(), &format!("<{address}>")]),
            TokenFound::One(token)
        );
    }

    #[test]
    fn another_domain_mailbox_or_a_short_token_is_none_and_two_are_too_many() {
        for address in [
            format!("reply+{TOKEN}@handoffs.example.evil.example"),
            format!("reply+{TOKEN}@evil.example"),
            format!("other+{TOKEN}@handoffs.example"),
            "reply+short@handoffs.example".to_owned(),
            format!("reply+{TOKEN}-x@handoffs.example"),
            "reply@handoffs.example".to_owned(),
        ] {
            assert_eq!(find(&[&address]), TokenFound::Missing, "{address}");
        }
        let other = TOKEN.replace('k', "j");
        let both = [format!("reply+{TOKEN}@handoffs.example"), format!("reply+{other}@handoffs.example")];
        assert_eq!(find(&[&both[0], &both[1]]), TokenFound::Several);
    }

    #[test]
    fn a_token_does_not_show_in_logs() {
        let token: ReplyToken = TOKEN.parse().unwrap();
        assert!(!format!("{:?}", TokenFound::One(token)).contains(TOKEN));
    }
}
