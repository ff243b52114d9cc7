//! How values lie in columns: ids as `uuid`, hashes as 32 bytes, times as text to the nanosecond, the rest as JSON
//! documents, byte for byte as they were given.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use throughline_store::columns::hash_text;
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
    Ok(hash_text(&row.try_get(column)?))
}

/// A number that is never large.
pub(crate) fn small(row: &PgRow, column: usize) -> Result<u32, Error> {
    u32::try_from(row.try_get::<i64, _>(column)?).map_err(|error| unreadable(column, error))
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::ColumnDecode { index: column.to_string(), source: Box::new(error) }
}

/// Text the server can hold. NUL is the one character it cannot; the product's borders refuse it, so this only keeps
/// a question with one in it from being an error: it finds nothing.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}
