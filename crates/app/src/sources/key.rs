//! The server's key: what secrets are worked out of, so that none has to be kept (reliability §4).

use ring::hkdf::{HKDF_SHA256, Salt};
use throughline_connect::signature::Key;
use throughline_domain::OrgId;
use uuid::Uuid;

/// The fewest bytes a key has.
pub const SHORTEST_KEY: usize = 32;
/// The most.
pub const LONGEST_KEY: usize = 4_096;
/// How many bytes a secret has.
const SECRET: usize = 32;
/// What the secrets are for, so that nothing else worked out of the same key is ever the same.
const USE: &[u8] = b"throughline event source v1";
/// The same for what plans are sealed with.
const SEALS: &[u8] = b"throughline plan seal v1";

/// A key of the server's own. It leaves the machine in no answer, no log and no backup of the database.
pub struct ServerKey(Box<[u8]>);

/// Bytes that are too few or too many for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has {SHORTEST_KEY} to {LONGEST_KEY} bytes; this has {0}")]
pub struct OddKey(usize);

impl ServerKey {
    /// Reads a key as it stands in a file; blanks and line ends after it do not count.
    ///
    /// # Errors
    /// [`OddKey`] says how long it is.
    pub fn read(bytes: &[u8]) -> Result<Self, OddKey> {
        let bytes = bytes.trim_ascii_end();
        if !(SHORTEST_KEY..=LONGEST_KEY).contains(&bytes.len()) {
            return Err(OddKey(bytes.len()));
        }
        Ok(Self(bytes.into()))
    }

    /// A new key, as a line of text for a file.
    pub fn fresh() -> String {
        format!("{}\n", crate::secrets::secret(""))
    }

    /// The secret of a source: the same on every node that has this key, another for every organisation, name and `of`.
    pub(super) fn secret(&self, org: OrgId, name: &str, of: Uuid) -> Option<[u8; SECRET]> {
        // Only the name's length varies, and it stands last: no two sources are written alike.
        self.drawn(&[USE, org.0.as_bytes(), of.as_bytes(), name.as_bytes()])
    }

    /// The seed of the key that an organisation's signed plans are sealed with.
    pub(crate) fn seed(&self, org: OrgId) -> Option<[u8; SECRET]> {
        self.drawn(&[SEALS, org.0.as_bytes()])
    }

    fn drawn(&self, info: &[&[u8]]) -> Option<[u8; SECRET]> {
        let mut secret = [0; SECRET];
        let drawn = Salt::new(HKDF_SHA256, &[]).extract(&self.0);
        drawn.expand(info, HKDF_SHA256).ok()?.fill(&mut secret).ok()?;
        Some(secret)
    }

    /// The same as a key to check signatures with.
    pub(super) fn key(&self, org: OrgId, name: &str, of: Uuid) -> Option<Key> {
        Key::secret(&self.secret(org, name, of)?).ok()
    }
}

impl std::fmt::Debug for ServerKey {
    /// Never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ServerKey {
        ServerKey::read(b"0123456789abcdef0123456789abcdef\n").unwrap()
    }

    #[test]
    fn a_secret_is_the_same_again_and_another_for_every_other_source() {
        let (org, of) = (OrgId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let secret = key().secret(org, "crm", of);
        assert_eq!(secret, key().secret(org, "crm", of));
        let others = [
            key().secret(OrgId(Uuid::from_u128(2)), "crm", of),
            key().secret(org, "cr", of),
            key().secret(org, "crm", Uuid::from_u128(3)),
            ServerKey::read(b"0123456789abcdef0123456789abcdeF").unwrap().secret(org, "crm", of),
        ];
        for other in others {
            assert!(other.is_some() && other != secret);
        }
    }

    #[test]
    fn the_secret_is_what_another_implementation_works_out() {
        // HKDF-SHA256 by Python's `cryptography` 50.0.2, from the same key and the same parts.
        let secret = key().secret(OrgId(Uuid::from_u128(1)), "crm", Uuid::from_u128(2)).unwrap();
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "fd3b4da41e19903a69d308e9ffc13b06a8b7faa88e98eca69043b95b1462c1f3");
    }

    #[test]
    fn keys_too_short_or_too_long_are_none_and_a_fresh_one_is() {
        assert_eq!(ServerKey::read(&[b'x'; 31]).unwrap_err(), OddKey(31));
        assert_eq!(ServerKey::read(&[b'\n'; 40]).unwrap_err(), OddKey(0));
        assert_eq!(ServerKey::read(&[b'x'; 4_097]).unwrap_err(), OddKey(4_097));
        assert!(ServerKey::read(ServerKey::fresh().as_bytes()).is_ok());
        assert_ne!(ServerKey::fresh(), ServerKey::fresh());
        assert_eq!(format!("{:?}", key()), "ServerKey");
    }
}
