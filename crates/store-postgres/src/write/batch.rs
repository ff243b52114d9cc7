//! Batches of changes, each in a transaction: begun, written, ended; and what became of it when nobody heard the end.

use throughline_domain::OrgId;
use throughline_store::{ApplyError, Audit, Change, StoreError};

use super::apply::{Halt, Tables};
use crate::{
    driver::Row,
    faults::{Fault, Kind},
    pool::{Lease, Pool, Tries},
    sql::Sql,
};

/// Makes all changes or none; tries again while others are in the way or connections break.
pub(crate) async fn apply(
    pool: &Pool,
    org: OrgId,
    changes: &[Change],
    audit: &Audit,
) -> Result<(), ApplyError> {
    let mut tries = Tries::default();
    loop {
        let fault = match attempt(pool, org, changes, audit).await {
            Ok(()) => return Ok(()),
            Err(Ended::Refused(why)) => return Err(why),
            Err(Ended::Undone(fault)) => fault,
            Err(Ended::Unknown { transaction, fault }) => match outcome(pool, &transaction).await? {
                Some(true) => return Ok(()),
                Some(false) => fault,
                None => return Err(fault.into()),
            },
        };
        if !tries.again(&fault).await {
            return Err(fault.into());
        }
    }
}

/// How an attempt ended, if not well.
enum Ended {
    Refused(ApplyError),
    /// Nothing of it is left.
    Undone(Fault),
    /// The connection broke at the very end.
    Unknown {
        transaction: String,
        fault: Fault,
    },
}

async fn attempt(pool: &Pool, org: OrgId, changes: &[Change], audit: &Audit) -> Result<(), Ended> {
    let mut lease = pool.lease().await.map_err(Ended::Undone)?;
    let begun = lease.script("BEGIN").await;
    let written = match begun {
        Ok(()) => Tables::of(&mut lease, org).write(org, changes, audit).await,
        Err(fault) => Err(Halt::Fault(fault)),
    };
    match written {
        Ok(transaction) => {
            let ended = lease.script("COMMIT").await;
            lease.end(ended).map_err(|fault| Ended::Unknown { transaction, fault })
        }
        Err(Halt::Conflict(what)) => Err(undone(lease, ApplyError::Conflict(what)).await),
        Err(Halt::Stale(current)) => Err(undone(lease, ApplyError::Stale { current }).await),
        Err(Halt::Fault(fault)) if fault.kind() == Kind::Lost => lease.end(Err(fault)).map_err(Ended::Undone),
        // Closing the connection undoes what was begun on it.
        Err(Halt::Fault(fault)) => Err(Ended::Undone(fault)),
    }
}

/// Told either way: a connection that breaks now has nothing left to lose.
async fn undone(mut lease: Lease<'_>, why: ApplyError) -> Ended {
    let undone = lease.script("ROLLBACK").await;
    drop(lease.end(undone));
    Ended::Refused(why)
}

/// Whether a transaction whose end nobody heard was committed; none when that cannot be known now.
async fn outcome(pool: &Pool, transaction: &str) -> Result<Option<bool>, StoreError> {
    let sql = Sql::of("SELECT pg_xact_status($1::text::xid8)").bind(transaction);
    let mut tries = Tries::default();
    loop {
        let row = pool.rows(&sql).await?.pop();
        let status: Option<String> = match row {
            Some(row) => row.try_get(0).map_err(Fault::from)?,
            None => None,
        };
        match status.as_deref() {
            Some("committed") => return Ok(Some(true)),
            Some("aborted") => return Ok(Some(false)),
            Some("in progress") if tries.wait().await => {}
            _ => return Ok(None),
        }
    }
}
