//! Numbered forward migrations. A database knows its version; a newer one than this program knows is refused.
//!
//! Nodes that start together take turns by a lock on the server, which goes with their transaction.

use crate::{
    driver::{Error, Row},
    faults::{Fault, Kind, OpenError},
    pool::{Lease, Pool, Tries},
    sql::Sql,
    write::fill,
};

/// Each brings a database one version on; never changed once shipped.
const STEPS: [&str; 8] = [
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
    include_str!("schema/0005.sql"),
    include_str!("schema/0006.sql"),
    include_str!("schema/0007.sql"),
    include_str!("schema/0008.sql"),
];

/// The version from which on the words of names are kept.
const WORDS: i64 = 5;

/// The newest version this program knows.
pub const SCHEMA_VERSION: u32 = STEPS.len() as u32;

/// The lock whoever migrates holds: "TLin".
const LOCK: i64 = 0x544c_696e;

const FIRST: &str = "CREATE TABLE schema_version (version bigint PRIMARY KEY);
    COMMENT ON TABLE schema_version IS 'Throughline'";

/// Brings the database up to date in one transaction; says from which version to which.
pub(crate) async fn migrate(pool: &Pool) -> Result<(u32, u32), OpenError> {
    let mut tries = Tries::default();
    loop {
        let mut lease = match pool.lease().await {
            Ok(lease) => lease,
            // A server that starts beside us is waited for.
            Err(fault) if fault.kind() == Kind::Lost && tries.wait().await => continue,
            Err(fault) => return Err(fault.into()),
        };
        let done = bring_forward(&mut lease).await;
        match done {
            Ok(versions) => {
                lease.give_back();
                return Ok(versions);
            }
            Err(Stopped::Fault(fault)) if tries.again(&fault).await => {}
            Err(Stopped::Fault(fault)) => return Err(fault.into()),
            Err(Stopped::Refused(why)) => return Err(why),
        }
    }
}

/// Whether the database holds a store of ours.
pub(crate) async fn exists(pool: &Pool) -> Result<bool, OpenError> {
    let mut lease = pool.lease().await?;
    let found = found(&mut lease).await;
    match found {
        Ok(found) => {
            lease.give_back();
            Ok(found > 0)
        }
        Err(Stopped::Refused(OpenError::Foreign)) => Ok(false),
        Err(Stopped::Refused(why)) => Err(why),
        Err(Stopped::Fault(fault)) => Err(fault.into()),
    }
}

enum Stopped {
    Fault(Fault),
    Refused(OpenError),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Fault(error.into())
    }
}

async fn bring_forward(lease: &mut Lease<'_>) -> Result<(u32, u32), Stopped> {
    demand_durability(lease).await?;
    if found(lease).await? == SCHEMA_VERSION {
        return Ok((SCHEMA_VERSION, SCHEMA_VERSION));
    }
    lease.script("BEGIN; SET LOCAL lock_timeout = '5min'; SET LOCAL statement_timeout = '0'").await?;
    lease.rows_in_time(&Sql::of("SELECT pg_advisory_xact_lock($1)").bind(LOCK)).await?;
    // Somebody may have been here while we waited.
    let from = found(lease).await?;
    if from == 0 {
        lease.script(FIRST).await?;
    }
    for (version, step) in (1_i64..).zip(STEPS).skip(from as usize) {
        lease.script(step).await?;
        if version == WORDS {
            fill(lease).await?;
        }
        lease.run(&Sql::of("INSERT INTO schema_version (version) VALUES ($1)").bind(version)).await?;
    }
    lease.script("COMMIT").await?;
    Ok((from, SCHEMA_VERSION))
}

/// The version of what is there; 0 for an empty database.
async fn found(lease: &mut Lease<'_>) -> Result<u32, Stopped> {
    let tables = Sql::of(
        "SELECT count(*), coalesce(bool_or(obj_description(oid, 'pg_class') = 'Throughline'), false)
         FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
             -- What an extension of the server's brought is nobody's data.
             AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')",
    );
    let Some(row) = lease.rows(&tables).await?.pop() else { return Ok(0) };
    let (tables, ours): (i64, bool) = (row.try_get(0)?, row.try_get(1)?);
    match (tables, ours) {
        (0, _) => return Ok(0),
        (_, false) => return Err(Stopped::Refused(OpenError::Foreign)),
        (_, true) => {}
    }
    let newest = lease.rows(&Sql::of("SELECT max(version) FROM schema_version")).await?.pop();
    let newest: Option<i64> = newest.map(|row| row.try_get(0)).transpose()?.flatten();
    let found = newest.and_then(|version| u32::try_from(version).ok()).unwrap_or(0);
    if found > SCHEMA_VERSION {
        return Err(Stopped::Refused(OpenError::Newer { found, known: SCHEMA_VERSION }));
    }
    Ok(found)
}

/// Refuses a server whose commits could be lost in a power cut, and text it would change.
async fn demand_durability(lease: &mut Lease<'_>) -> Result<(), Stopped> {
    let settings = Sql::of(
        "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
             current_setting('server_encoding')",
    );
    let Some(row) = lease.rows(&settings).await?.pop() else { return Ok(()) };
    for (column, setting) in ["fsync", "full_page_writes", "synchronous_commit"].into_iter().enumerate() {
        if row.try_get::<&str, _>(column)? == "off" {
            let why = format!("the server runs with {setting} = off");
            return Err(Stopped::Refused(OpenError::NotDurable(why)));
        }
    }
    match row.try_get::<&str, _>(3)? {
        "UTF8" => Ok(()),
        other => Err(Stopped::Refused(OpenError::Encoding(other.to_owned()))),
    }
}
