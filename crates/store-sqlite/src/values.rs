//! How values lie in columns: ids as 16 bytes, hashes as 32, times as text, the rest as JSON documents.

use jiff::Timestamp;
use rusqlite::{Row, types::Type};
use serde::de::DeserializeOwned;
use throughline_store::columns::hash_text;
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
ids! { OrgId PersonId TeamId AccountId HandoffId ItemId TokenId PlaybookId PortalPersonId }

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

/// A number that is never large.
pub(crate) fn small(row: &Row<'_>, column: usize) -> rusqlite::Result<u32> {
    row.get(column)
}

pub(crate) fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// A column's hash in hexadecimal.
pub(crate) fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(hash_text(&row.get(column)?))
}
