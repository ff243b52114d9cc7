//! The driver's two crates as one. Its front crate would bring its own SQLite into the build beside ours, which the
//! linker does not take; so the versions are pinned and named here only.

pub(crate) use sqlx_core::{
    Error,
    arguments::Arguments,
    connection::{ConnectOptions, Connection},
    encode::Encode,
    error::BoxDynError,
    query::query_with,
    raw_sql::raw_sql,
    row::Row,
    sql_str::{AssertSqlSafe, SqlSafeStr, SqlStr},
    types::Type,
};
pub(crate) use sqlx_postgres::{
    PgArguments, PgConnectOptions, PgConnection, PgListener, PgPoolOptions, PgRow, Postgres,
};
