//! Claims on what waits. Each is one statement: rows that another node is just taking are passed by, rows it has taken
//! are seen as such once its claim is written, so no two get the same. A claim whose answer is lost takes nothing from
//! anybody for longer than it lasts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use throughline_domain::{HandoffId, OrgId, PersonId};
use throughline_store::{
    BAG, Bag, Claim, EventRow, Look, OutboxRow, POST_WINDOW, Posting, STRETCH, SortKeys, StoreError, bounded,
    columns::{at_millis, signed},
};
use uuid::Uuid;

use super::{
    handoff_row::{self, NextLook},
    views,
};
use crate::{
    driver::{Error, PgRow, Row},
    faults::{Fault, store_error},
    pool::Pool,
    read::limit,
    sql::Sql,
    values::{count, doc, id, small, time},
};

/// `$1` is now, `$2` until when, `$3` how many.
pub(super) fn claiming(text: &'static str, claim: Claim) -> Sql {
    let (now, until) = (claim.now.as_millisecond(), claim.until.as_millisecond());
    Sql::of(text).bind(now).bind(until).bind(limit(bounded(claim.limit, STRETCH)))
}

/// What a claim took, in order: the server gives rows as it comes to them.
pub(super) async fn take<K: Ord, T>(
    pool: &Pool,
    sql: &Sql,
    read: impl Fn(&PgRow) -> Result<(K, T), Error>,
) -> Result<Vec<T>, StoreError> {
    let rows = pool.rows(sql).await?;
    let taken: Result<BTreeMap<K, T>, Error> = rows.iter().map(read).collect();
    Ok(taken.map_err(|error| store_error(&error))?.into_values().collect())
}

pub(crate) fn looks_sql(claim: Claim) -> Sql {
    claiming(
        concat!(
            "WITH taken AS MATERIALIZED (
             SELECT org_id, handoff_id FROM handoff WHERE look_key <= $1 AND ",
            throughline_store::claim_is_free!("look_claimed", "$1"),
            "
             ORDER BY look_key, org_id, handoff_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
         UPDATE handoff SET look_claimed = $2 FROM taken
         WHERE handoff.org_id = taken.org_id AND handoff.handoff_id = taken.handoff_id
         RETURNING look_key, handoff.org_id, handoff.handoff_id"
        ),
        claim,
    )
}

pub(crate) async fn looks(
    pool: &Pool,
    claim: Claim,
) -> Result<Vec<(OrgId, HandoffId, Timestamp)>, StoreError> {
    take(pool, &looks_sql(claim), |row| {
        let (key, org, handoff): (i64, OrgId, HandoffId) = (row.try_get(0)?, id(row, 1)?, id(row, 2)?);
        Ok(((key, org, handoff), (org, handoff, at_millis(key))))
    })
    .await
}

pub(crate) fn outbox_sql(claim: Claim) -> Sql {
    claiming(
        concat!(
            "WITH taken AS MATERIALIZED (
             SELECT org_id, outbox_id FROM outbox WHERE ",
            throughline_store::claim_is_free!("claimed_key", "$1"),
            "
             ORDER BY outbox_id, org_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
         UPDATE outbox SET claimed_key = $2 FROM taken
         WHERE outbox.org_id = taken.org_id AND outbox.outbox_id = taken.outbox_id
         RETURNING outbox.org_id, outbox.outbox_id, handoff_id, at, seq, intent"
        ),
        claim,
    )
}

pub(crate) async fn outbox(pool: &Pool, claim: Claim) -> Result<Vec<(OrgId, OutboxRow)>, StoreError> {
    take(pool, &outbox_sql(claim), |row| {
        let (org, outbox): (OrgId, Uuid) = (id(row, 0)?, id(row, 1)?);
        let (handoff, at, seq) = (id(row, 2)?, time(row, 3)?, count(row, 4)?);
        Ok(((outbox, org), (org, OutboxRow { id: outbox, handoff, at, seq, intent: doc(row, 5)? })))
    })
    .await
}

pub(crate) fn events_sql(claim: Claim) -> Sql {
    claiming(
        concat!(
            "WITH taken AS MATERIALIZED (
             SELECT org_id, source, event_id FROM event
             WHERE state = 'new' AND due_key <= $1 AND ",
            throughline_store::claim_is_free!("claimed_key", "$1"),
            "
             ORDER BY received_key, org_id, source, event_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
         UPDATE event SET claimed_key = $2 FROM taken
         WHERE event.org_id = taken.org_id AND event.source = taken.source AND event.event_id = taken.event_id
         RETURNING received_key, event.org_id, event.source, event.event_id, received_at, tries, body"
        ),
        claim,
    )
}

pub(crate) async fn events(pool: &Pool, claim: Claim) -> Result<Vec<(OrgId, EventRow)>, StoreError> {
    take(pool, &events_sql(claim), |row| {
        let (received, org): (i64, OrgId) = (row.try_get(0)?, id(row, 1)?);
        let (source, id): (String, String) = (row.try_get(2)?, row.try_get(3)?);
        let key = (received, org, source.clone(), id.clone());
        let (received_at, tries, body) = (time(row, 4)?, small(row, 5)?, row.try_get(6)?);
        Ok((key, (org, EventRow { source, id, received_at, tries, body })))
    })
    .await
}

/// A person's earliest letter stands for all of theirs: who has that row locked takes the others, so that one mail
/// carries them and not two.
pub(crate) fn post_sql(claim: Claim) -> Sql {
    let sql = claiming(
        concat!("WITH due AS MATERIALIZED (
             SELECT org_id, person_id, letter_id, at_key FROM post WHERE at_key <= $1 AND ", throughline_store::claim_is_free!("claimed_key", "$1"), "
             ORDER BY at_key, org_id, letter_id LIMIT $4),
         first AS MATERIALIZED (
             SELECT * FROM (
                 SELECT DISTINCT ON (org_id, person_id) * FROM due ORDER BY org_id, person_id, at_key, letter_id) AS one
             ORDER BY at_key, org_id, person_id LIMIT $3),
         led AS MATERIALIZED (
             SELECT post.org_id, post.person_id FROM first JOIN post
                 ON post.org_id = first.org_id AND post.letter_id = first.letter_id
             WHERE ", throughline_store::claim_is_free!("post.claimed_key", "$1"), " FOR NO KEY UPDATE OF post SKIP LOCKED),
         taken AS MATERIALIZED (
             SELECT org_id, letter_id FROM led CROSS JOIN LATERAL (
                 SELECT letter_id FROM post WHERE post.org_id = led.org_id AND post.person_id = led.person_id
                     AND at_key <= $1 AND ", throughline_store::claim_is_free!("claimed_key", "$1"), "
                 ORDER BY at_key, letter_id LIMIT $5) AS theirs)
         UPDATE post SET claimed_key = $2 FROM taken
         WHERE post.org_id = taken.org_id AND post.letter_id = taken.letter_id AND ", throughline_store::claim_is_free!("claimed_key", "$1"), "
         RETURNING post.org_id, person_id, at_key, post.letter_id, tries"),
        claim,
    );
    sql.bind(i64::from(POST_WINDOW)).bind(i64::from(BAG))
}

pub(crate) async fn post(pool: &Pool, claim: Claim) -> Result<Vec<Bag>, StoreError> {
    let sql = post_sql(claim);
    let taken = take(pool, &sql, |row| {
        let (org, person): (OrgId, PersonId) = (id(row, 0)?, id(row, 1)?);
        let (at, letter): (i64, Uuid) = (row.try_get(2)?, row.try_get(3)?);
        Ok(((at, org, person, letter), ((org, person), Posting { letter, tries: small(row, 4)? })))
    });
    let mut bags: Vec<Bag> = Vec::new();
    let mut places: BTreeMap<(OrgId, PersonId), usize> = BTreeMap::new();
    for ((org, person), posting) in taken.await? {
        let place = *places.entry((org, person)).or_insert(bags.len());
        if place == bags.len() {
            bags.push(Bag { org, person, letters: Vec::new() });
        }
        if let Some(bag) = bags.get_mut(place) {
            bag.letters.push(posting);
        }
    }
    Ok(bags)
}

/// Writes what a look found, if the handoff is as it was looked at.
pub(crate) async fn looked(pool: &Pool, look: &Look) -> Result<bool, StoreError> {
    let sql = looked_sql(look).map_err(StoreError::from)?;
    Ok(!pool.rows(&sql).await?.is_empty())
}

/// As a commit does, it begins with the snapshot's row: who changes a handoff holds that first.
fn looked_sql(look: &Look) -> Result<Sql, Fault> {
    let keys = SortKeys::of(&look.row);
    let sql = Sql::of(
        "WITH still AS MATERIALIZED (
             SELECT 1 FROM snapshot WHERE org_id = $1 AND handoff_id = $2 AND version = $3 FOR NO KEY UPDATE),
         ours AS MATERIALIZED (
             SELECT 1 FROM still, handoff WHERE org_id = $1 AND handoff_id = $2 AND look_claimed = $4
             FOR NO KEY UPDATE OF handoff),
         held AS (UPDATE snapshot SET dues = $5 FROM ours WHERE org_id = $1 AND handoff_id = $2 RETURNING 1)",
    );
    let sql = sql.bind(look.org.0).bind(look.id.0).bind(signed(look.version)?);
    let mut sql = sql.bind(look.until.as_millisecond()).bind(serde_json::to_string(&look.dues)?);
    handoff_row::put(&mut sql, &look.row, &keys, NextLook::found(look))?;
    views::move_parts(&mut sql, &keys);
    sql.push(" SELECT 1 FROM held");
    Ok(sql)
}
