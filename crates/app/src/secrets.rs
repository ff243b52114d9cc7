//! Ids and secrets. An id is never a secret; a secret has 256 random bits and is kept only as a hash.

use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    AppError,
    chance::{Chance, SystemChance, draw},
};

/// A UUIDv7 born at an instant. Those born in one millisecond sort in the order they were asked for: 42 bits count,
/// 32 are random, so that two processes do not make the same.
pub fn id_at(now: Timestamp) -> Uuid {
    id_by(&SystemChance, now)
}

/// The same by a chance that was handed in.
pub(crate) fn id_by(chance: &dyn Chance, now: Timestamp) -> Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    let count = chance.count() & ((1 << 42) - 1);
    let mut bytes = [0; 10];
    // The version and variant bits lie in between: twelve bits before them, thirty after.
    bytes[..2].copy_from_slice(&((count >> 30) as u16).to_be_bytes());
    bytes[2..6].copy_from_slice(&((count & ((1 << 30) - 1)) as u32).to_be_bytes());
    bytes[6..].copy_from_slice(&draw::<4>(chance));
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

/// A new secret with its prefix, such as `tl_…`: shown once.
pub fn secret(prefix: &str) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
}

/// What is kept of a secret.
pub fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The fewest characters a password has.
pub const SHORTEST_PASSWORD: usize = 12;
/// The most: enough for any passphrase, too few to be a burden.
pub const LONGEST_PASSWORD: usize = 256;

/// Whether a password is long enough, and not too long.
pub fn password_fits(password: &str) -> Result<(), AppError> {
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(AppError::invalid(
            "password",
            format!("is too short; take at least {SHORTEST_PASSWORD} characters"),
        ));
    }
    if length > LONGEST_PASSWORD {
        return Err(AppError::invalid("password", format!("has more than {LONGEST_PASSWORD} characters")));
    }
    Ok(())
}

/// Hashes a password with Argon2id. Slow on purpose: runs off the async threads.
pub async fn hash_password(password: String) -> Result<String, AppError> {
    password_fits(&password)?;
    let hashed = tokio::task::spawn_blocking(move || {
        let params = Params::DEFAULT;
        let salt = Salt::new(&rand::random::<[u8; 16]>())?;
        let hash = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(salt),
            hash: Some(stretched(password.as_bytes(), &salt, params)?),
        };
        Ok::<_, argon2::password_hash::Error>(hash.to_string())
    });
    hashed.await.map_err(AppError::broken)?.map_err(AppError::broken)
}

/// Kibibytes an allocator no longer keeps for later: from here on it gives memory back when it is freed.
const TOO_LARGE_TO_KEEP: usize = 40 * 1024;

/// What Argon2id makes of a password. Its memory is taken from the system and goes back at once: the pieces it would
/// take otherwise do not fit where the last ones were, and a few sign-ins would hold 200 MB for good.
fn stretched(password: &[u8], salt: &[u8], params: Params) -> argon2::password_hash::Result<Output> {
    let blocks = params.block_count();
    let mut memory = Vec::with_capacity(blocks.max(TOO_LARGE_TO_KEEP));
    memory.resize(blocks, Block::new());
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into_with_memory(password, salt, &mut out, &mut memory)?;
    Ok(Output::new(&out)?)
}

/// Whether a password gives a hash. Comparing takes the same time wherever they differ.
fn gives(password: &[u8], kept: &str) -> bool {
    let Ok(kept) = PasswordHash::new(kept) else { return false };
    let (Some(salt), Some(hash), Ok(params)) = (&kept.salt, &kept.hash, Params::try_from(&kept)) else {
        return false;
    };
    let ours = kept.algorithm == ARGON2ID_IDENT && kept.version == Some(Version::V0x13.into());
    ours && stretched(password, salt, params).is_ok_and(|made| made == *hash)
}

/// Checks a password against its hash; against a decoy where there is none, so that both take as long.
pub async fn check_password(password: String, kept: Option<String>) -> Result<bool, AppError> {
    if password.len() > 4 * LONGEST_PASSWORD {
        return Ok(false);
    }
    let checked = tokio::task::spawn_blocking(move || {
        let known = kept.is_some();
        let fits = gives(password.as_bytes(), kept.as_deref().unwrap_or(DECOY));
        known && fits
    });
    checked.await.map_err(AppError::broken)
}

const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$9Hh3Xr0bD6nY0z0m8tS3bq2oG0z1m3rN1b0c2v4T5uE";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_millisecond_sort_as_they_were_born_and_later_ones_after_them() {
        let now: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
        let mut ids: Vec<Uuid> = (0..5_000).map(|_| id_at(now)).collect();
        ids.push(id_at(now + jiff::SignedDuration::from_millis(1)));
        assert!(ids.is_sorted_by(|one, next| one < next));
        assert_eq!(ids[0].get_version_num(), 7);
        assert_eq!(ids[0].get_variant(), uuid::Variant::RFC4122);
    }

    #[tokio::test]
    async fn a_password_fits_only_its_own_hash() {
        let hash = hash_password("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(check_password("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!check_password("correct horse batterz".into(), Some(hash)).await.unwrap());
        assert!(!check_password("correct horse battery".into(), None).await.unwrap());
        assert!(hash_password("short".into()).await.is_err());
        assert!(PasswordHash::new(DECOY).is_ok(), "the decoy must cost as much as a real hash");
    }

    #[tokio::test]
    async fn hashes_are_what_any_argon2id_makes_and_reads() {
        use argon2::{PasswordHasher, PasswordVerifier};
        let ours = hash_password("correct horse battery".into()).await.unwrap();
        Argon2::default().verify_password(b"correct horse battery", ours.as_str()).unwrap();
        let theirs = Argon2::default().hash_password(b"correct horse battery").unwrap().to_string();
        assert!(gives(b"correct horse battery", &theirs) && !gives(b"another one altogether", &theirs));
        let settings = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(settings(&ours), settings(&theirs));
        assert_eq!(settings(&ours), settings(DECOY));
        assert!(!gives(b"correct horse battery", "no hash at all"));
    }

    #[test]
    fn ids_sort_by_the_time_they_were_born() {
        let early = id_at("2026-01-01T00:00:00Z".parse().unwrap());
        let late = id_at("2026-01-01T00:00:01Z".parse().unwrap());
        assert!(early < late);
        assert_eq!(early.get_version_num(), 7);
    }
}
