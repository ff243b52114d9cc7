//! Whether a message was signed by who says they sent it: Standard Webhooks, over the bytes as they came.
//!
//! A sender signs `id.timestamp.body`, with a secret both sides know (`v1`, HMAC-SHA256) or with a private key of its
//! own (`v1a`, Ed25519), and may sign several times over while keys change. One good signature by one good key is
//! enough; a message older or newer than five minutes is no message, whoever signed it.
//!
//! Absent on purpose: whether the message came before (its id tells, and somebody who remembers), what it says, the
//! clock.

mod key;

use jiff::{SignedDuration, Timestamp};

pub use key::{Key, KeyError};

/// How far a message's time may lie from ours, either way.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// The longest id of a message, in bytes.
pub const LONGEST_ID: usize = 255;
/// The longest list of signatures, in bytes.
const LONGEST_SIGNATURES: usize = 2_048;
/// The most signatures looked at.
const MOST_SIGNATURES: usize = 16;
/// Digits of a time in seconds that any date fits in.
const LONGEST_TIME: usize = 12;

/// The header that names the message.
pub const ID: &str = "webhook-id";
/// The header that says when it was sent, in seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures.
pub const SIGNATURE: &str = "webhook-signature";

/// What a message claims of itself: its three headers, each none where it is missing, doubled or no text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Claims<'a> {
    /// [`ID`]
    pub id: Option<&'a str>,
    /// [`TIMESTAMP`]
    pub timestamp: Option<&'a str>,
    /// [`SIGNATURE`]
    pub signatures: Option<&'a str>,
}

/// Why a message is not believed. For whoever runs the server: a sender is told only that it is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A header is missing, or there twice.
    #[error("there is not one readable header {0}")]
    Missing(&'static str),
    /// The id is empty, too long, or has blanks, dots or signs in it that no id has.
    #[error("the id is not 1 to {LONGEST_ID} letters, digits and signs without dots and blanks")]
    OddId,
    /// The time is no count of seconds.
    #[error("the time is no count of seconds since 1970")]
    OddTime,
    /// Sent too long ago: perhaps somebody's who listened, sent once more.
    #[error("it was sent {0} s ago, or its sender's clock is slow")]
    TooOld(i64),
    /// Sent in what is our future.
    #[error("it says it was sent in {0} s: its sender's clock is fast, or ours is slow")]
    TooNew(i64),
    /// More signatures than anybody needs.
    #[error("it has too many signatures")]
    TooMany,
    /// None that our keys could have made.
    #[error("it has no signature of the kind {0}")]
    NoneOfKind(&'static str),
    /// Signed, but not with our key, or not this.
    #[error("none of its {0} signatures fits: it was changed on the way, or another key made them")]
    Wrong(usize),
}

/// Checks a message against the keys that count now. Gives its id.
///
/// Every signature is held against every key, in constant time each, so that how long it takes tells nothing of how
/// close a forgery came.
///
/// # Errors
/// [`Refused`] says what does not fit.
pub fn verify<'a>(keys: &[Key], claims: Claims<'a>, body: &[u8], now: Timestamp) -> Result<&'a str, Refused> {
    let id = claims.id.ok_or(Refused::Missing(ID))?;
    let time = claims.timestamp.ok_or(Refused::Missing(TIMESTAMP))?;
    let signatures = claims.signatures.ok_or(Refused::Missing(SIGNATURE))?;
    // With a dot in an id the same signed bytes could be cut into another message.
    let shaped = (1..=LONGEST_ID).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.');
    if !shaped {
        return Err(Refused::OddId);
    }
    fresh(time, now)?;
    if signatures.len() > LONGEST_SIGNATURES {
        return Err(Refused::TooMany);
    }
    let signed = content(id, time, body);
    let (mut of_kind, mut good) = (0, false);
    for (number, signature) in signatures.split(' ').filter(|one| !one.is_empty()).enumerate() {
        if number == MOST_SIGNATURES {
            return Err(Refused::TooMany);
        }
        let Some((kind, text)) = signature.split_once(',') else { continue };
        for key in keys.iter().filter(|key| key.kind() == kind) {
            of_kind += 1;
            good |= key.fits(&signed, text);
        }
    }
    match (good, of_kind) {
        (true, _) => Ok(id),
        (false, 0) => Err(Refused::NoneOfKind(keys.first().map_or("v1", Key::kind))),
        (false, _) => Err(Refused::Wrong(of_kind)),
    }
}

/// Signs a message with a secret, as a sender does: what goes into [`SIGNATURE`]. None for the public half of a key.
pub fn sign(key: &Key, id: &str, sent_at: Timestamp, body: &[u8]) -> Option<String> {
    key.sign(&content(id, &sent_at.as_second().to_string(), body))
}

fn content(id: &str, time: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), time.as_bytes(), body].join(&b'.')
}

fn fresh(time: &str, now: Timestamp) -> Result<(), Refused> {
    let digits = (1..=LONGEST_TIME).contains(&time.len()) && time.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: i64 = time.parse().ok().filter(|_| digits).ok_or(Refused::OddTime)?;
    let ago = now.as_second() - seconds;
    let most = TOLERANCE.as_secs();
    if ago > most {
        return Err(Refused::TooOld(ago));
    }
    if ago < -most {
        return Err(Refused::TooNew(-ago));
    }
    Ok(())
}
