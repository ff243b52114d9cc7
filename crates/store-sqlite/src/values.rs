//! How values lie in columns: ids as 16 bytes, hashes as 32, times as text, the rest as JSON documents.

use jiff::Timestamp;
use rusqlite::{Row, types::Type};
use serde::de::DeserializeOwned;
use uuid::Uuid;

pub(crate) type Blob = [u8; 16];

/// An id as stored.
pub(crate) fn blob(id: impl Into<Id>) -> Blob {
    id.into().0
}

/// Any of the product's ids.
pub(crate) struct Id(Blob);

impl From<Uuid> for Id {
    fn from(id: Uuid) -> Self {
        Self(id.into_bytes())
    }
}

macro_rules! ids {
    ($($name:ident)*) => {$(
        impl From<throughline_domain::$name> for Id {
            fn from(id: throughline_domain::$name) -> Self {
                Self(id.0.into_bytes())
            }
        }
    )*};
}
ids! { OrgId PersonId TeamId AccountId HandoffId ItemId TokenId PlaybookId }

/// A column's id.
pub(crate) fn id<T: From<Uuid>>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    Ok(T::from(Uuid::from_bytes(row.get(column)?)))
}

/// A column's id, where there is one.
pub(crate) fn maybe_id<T: From<Uuid>>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<Blob>>(column)?.map(|bytes| T::from(Uuid::from_bytes(bytes))))
}

/// A column's time.
pub(crate) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get_ref(column)?.as_str()?.parse().map_err(|error| unreadable(column, error))
}

/// A column's JSON document.
pub(crate) fn doc<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| unreadable(column, error))
}

/// A count, as the engine's integers are signed.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|error| unreadable(column, error))
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// The day of an updated key, later days smaller: never smaller for a greater key.
pub(crate) fn touched(updated_key: i64) -> i64 {
    updated_key.div_euclid(24 * 60 * 60 * 1_000)
}

/// A hash in hexadecimal as 32 bytes; none when it is no such hash.
pub(crate) fn hash_bytes(hex: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let text: &[u8; 64] = hex.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// A column's hash in hexadecimal.
pub(crate) fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes: [u8; 32] = row.get(column)?;
    let digits =
        bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    Ok(digits.map(char::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_hashes_are_hashes() {
        let hex = "00ff10".to_owned() + &"ab".repeat(29);
        assert_eq!(hash_bytes(&hex).map(|bytes| bytes[..4].to_vec()), Some(vec![0, 255, 16, 0xab]));
        assert_eq!(hash_bytes(&hex.to_uppercase()), None);
        assert_eq!(hash_bytes("00"), None);
    }
}
