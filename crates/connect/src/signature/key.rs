//! The keys signatures are made and checked with, as people copy them about: `whsec_…` and `whpk_…`.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use ring::{
    hmac,
    signature::{ED25519, UnparsedPublicKey},
};

const SECRET: &str = "whsec_";
const PUBLIC: &str = "whpk_";
/// How many bytes a secret has.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// How many bytes the public half of an Ed25519 key has.
const PUBLIC_BYTES: usize = 32;

/// Base64 with or without the signs that fill it up: senders differ.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What signatures are checked with.
#[derive(Clone)]
pub enum Key {
    /// A secret both sides know.
    Secret(hmac::Key),
    /// The public half of a key whose private half only the sender has.
    Public(UnparsedPublicKey<[u8; PUBLIC_BYTES]>),
}

/// Text that is no key. It is not repeated: it may be one that was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither beginning is there.
    #[error("begins neither with whsec_ nor with whpk_")]
    Beginning,
    /// What follows is no base64.
    #[error("is not base64 after its beginning")]
    Base64,
    /// Too short to be safe, or too long.
    #[error("a secret has 24 to 64 bytes, a public key 32; this has {0}")]
    Length(usize),
}

impl Key {
    /// Reads a key by its beginning.
    ///
    /// # Errors
    /// [`KeyError`] says what it is not.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let read = |text: &str| BASE64.decode(text).map_err(|_| KeyError::Base64);
        if let Some(text) = text.strip_prefix(SECRET) {
            return Self::secret(&read(text)?);
        }
        let bytes = read(text.strip_prefix(PUBLIC).ok_or(KeyError::Beginning)?)?;
        let bytes = bytes.try_into().map_err(|bytes: Vec<u8>| KeyError::Length(bytes.len()))?;
        Ok(Self::Public(UnparsedPublicKey::new(&ED25519, bytes)))
    }

    /// A secret from its bytes.
    ///
    /// # Errors
    /// [`KeyError::Length`] when they are too few or too many.
    pub fn secret(bytes: &[u8]) -> Result<Self, KeyError> {
        if !SECRET_BYTES.contains(&bytes.len()) {
            return Err(KeyError::Length(bytes.len()));
        }
        Ok(Self::Secret(hmac::Key::new(hmac::HMAC_SHA256, bytes)))
    }

    /// A secret's bytes as people copy them about.
    pub fn written(bytes: &[u8]) -> String {
        format!("{SECRET}{}", BASE64.encode(bytes))
    }

    /// How its signatures are marked.
    pub fn kind(&self) -> &'static str {
        match self {
            Key::Secret(_) => "v1",
            Key::Public(_) => "v1a",
        }
    }

    /// Whether a signature, as written after its mark, is this key's on these bytes.
    pub(super) fn fits(&self, signed: &[u8], signature: &str) -> bool {
        let Ok(signature) = BASE64.decode(signature) else { return false };
        match self {
            Key::Secret(key) => hmac::verify(key, signed, &signature).is_ok(),
            Key::Public(key) => key.verify(signed, &signature).is_ok(),
        }
    }

    pub(super) fn sign(&self, content: &[u8]) -> Option<String> {
        match self {
            Key::Secret(key) => Some(format!("v1,{}", BASE64.encode(hmac::sign(key, content)))),
            Key::Public(_) => None,
        }
    }
}

impl std::fmt::Debug for Key {
    /// Never a secret, not even by accident in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.kind())
    }
}
