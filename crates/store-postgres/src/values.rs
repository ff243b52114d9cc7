//! How values lie in columns: ids as `uuid`, hashes as 32 bytes, times as text to the nanosecond, the rest as JSON
//! documents, byte for byte as they were given.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use throughline_store::StoreError;
use uuid::Uuid;

use crate::driver::{Error, PgRow, Row};

/// A column's id.
pub(crate) fn id<T: From<Uuid>>(row: &PgRow, column: usize) -> Result<T, Error> {
    Ok(T::from(row.try_get::<Uuid, _>(column)?))
}

/// A column's id, where there is one.
pub(crate) fn maybe_id<T: From<Uuid>>(row: &PgRow, column: usize) -> Result<Option<T>, Error> {
    Ok(row.try_get::<Option<Uuid>, _>(column)?.map(T::from))
}

/// A column's time.
pub(crate) fn time(row: &PgRow, column: usize) -> Result<Timestamp, Error> {
    row.try_get::<&str, _>(column)?.parse().map_err(|error| unreadable(column, error))
}

/// A column's JSON document.
pub(crate) fn doc<T: DeserializeOwned>(row: &PgRow, column: usize) -> Result<T, Error> {
    serde_json::from_str(row.try_get::<&str, _>(column)?).map_err(|error| unreadable(column, error))
}

/// A count, as the server's integers are signed.
pub(crate) fn count(row: &PgRow, column: usize) -> Result<u64, Error> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(|error| unreadable(column, error))
}

/// A column's hash in hexadecimal.
pub(crate) fn hash(row: &PgRow, column: usize) -> Result<String, Error> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes: [u8; 32] = row.try_get(column)?;
    let digits =
        bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    Ok(digits.map(char::from).collect())
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::ColumnDecode { index: column.to_string(), source: Box::new(error) }
}

/// A hash in hexadecimal as 32 bytes.
pub(crate) fn bytes(hex: &str) -> Result<[u8; 32], StoreError> {
    let no_hash = || StoreError::Unreadable("a hash must be 64 hexadecimal digits".to_owned());
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        _ => Err(no_hash()),
    };
    let text: &[u8; 64] = hex.as_bytes().try_into().map_err(|_| no_hash())?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Ok(bytes)
}

/// A number as the server counts.
pub(crate) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Unreadable(format!("{number} is no count")))
}

/// Text the server can hold. NUL is the one character it cannot; the product's borders refuse it, so this only keeps
/// a question with one in it from being an error: it finds nothing.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// The day of an updated key, later days smaller: never smaller for a greater key.
pub(crate) fn touched(updated_key: i64) -> i64 {
    updated_key.div_euclid(24 * 60 * 60 * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_hashes_are_hashes() {
        let hex = "00ff10".to_owned() + &"ab".repeat(29);
        assert_eq!(bytes(&hex).unwrap()[..4], [0, 255, 16, 0xab]);
        assert!(bytes(&hex.to_uppercase()).is_err());
        assert!(bytes("00").is_err());
    }

    #[test]
    fn a_later_day_is_never_a_greater_one() {
        let day = 24 * 60 * 60 * 1_000;
        assert_eq!([-day - 1, -day, -1, 0, day - 1, day].map(touched), [-2, -1, -1, 0, 0, 1]);
    }
}
