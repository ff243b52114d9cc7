//! Changes of what waits: the outbox, the post and the events from outside.

use jiff::Timestamp;
use throughline_domain::PersonId;
use throughline_store::{DELIVERED, EVENT_IS_HERE, EVENT_IS_OVER, EventRow, EventState, GONE_FROM_POST};
use uuid::Uuid;

use super::apply::{Halt, Tables, conflict};
use crate::{sql::Sql, values::plain};

/// Says why when not everything was there to be changed.
fn there(changed: u64, wanted: usize, why: &str) -> Result<(), Halt> {
    if changed == wanted as u64 { Ok(()) } else { conflict(why) }
}

pub(super) async fn delivered(to: &mut Tables<'_, '_>, outbox: Uuid) -> Result<(), Halt> {
    let sql = Sql::of("DELETE FROM outbox WHERE org_id = $1 AND outbox_id = $2");
    there(to.run(&sql.bind(to.org).bind(outbox)).await?, 1, DELIVERED)
}

pub(super) async fn post(
    to: &mut Tables<'_, '_>,
    letter: Uuid,
    person: PersonId,
    at: Timestamp,
) -> Result<(), Halt> {
    let sql = Sql::of(
        "INSERT INTO post (org_id, letter_id, person_id, at_key, claimed_key, tries) VALUES ($1, $2, $3, $4, 0, 0)
         ON CONFLICT (org_id, letter_id) DO NOTHING",
    );
    to.run(&sql.bind(to.org).bind(letter).bind(person.0).bind(at.as_millisecond())).await?;
    Ok(())
}

/// Letters in an order of their own, so that two batches never wait for each other's.
fn sorted(letters: &[Uuid]) -> Vec<Uuid> {
    let mut letters = letters.to_vec();
    letters.sort();
    letters
}

pub(super) async fn take_off_post(to: &mut Tables<'_, '_>, letters: &[Uuid]) -> Result<(), Halt> {
    let sql = Sql::of(
        "WITH taken AS MATERIALIZED (
             SELECT letter_id FROM post WHERE org_id = $1 AND letter_id = ANY ($2) ORDER BY letter_id FOR UPDATE)
         DELETE FROM post USING taken WHERE org_id = $1 AND post.letter_id = taken.letter_id",
    );
    let changed = to.run(&sql.bind(to.org).bind(sorted(letters))).await?;
    there(changed, letters.len(), GONE_FROM_POST)
}

pub(super) async fn put_off_post(
    to: &mut Tables<'_, '_>,
    letters: &[Uuid],
    at: Timestamp,
) -> Result<(), Halt> {
    let sql = Sql::of(
        "WITH taken AS MATERIALIZED (
             SELECT letter_id FROM post WHERE org_id = $1 AND letter_id = ANY ($2) ORDER BY letter_id FOR UPDATE)
         UPDATE post SET at_key = $3, claimed_key = 0, tries = tries + 1 FROM taken
         WHERE org_id = $1 AND post.letter_id = taken.letter_id",
    );
    let changed = to.run(&sql.bind(to.org).bind(sorted(letters)).bind(at.as_millisecond())).await?;
    there(changed, letters.len(), GONE_FROM_POST)
}

/// What is at hand somewhere stays: it is being mailed.
pub(super) async fn time_post_anew(
    to: &mut Tables<'_, '_>,
    now: Timestamp,
    letters: &[(Uuid, Option<Timestamp>)],
) -> Result<(), Halt> {
    let mut letters = letters.to_vec();
    letters.sort();
    let (ids, at): (Vec<Uuid>, Vec<Option<i64>>) =
        letters.into_iter().map(|(letter, at)| (letter, at.map(Timestamp::as_millisecond))).unzip();
    let taken = concat!("WITH taken AS MATERIALIZED (
             SELECT post.letter_id, wish.at_key AS at FROM unnest($3::uuid[], $4::bigint[]) AS wish (letter_id, at_key)
                 JOIN post ON org_id = $1 AND post.letter_id = wish.letter_id
             WHERE ", throughline_store::claim_is_free!("claimed_key", "$2"), " ORDER BY post.letter_id FOR UPDATE OF post),
         gone AS (
             DELETE FROM post USING taken
             WHERE org_id = $1 AND post.letter_id = taken.letter_id AND taken.at IS NULL)
         UPDATE post SET at_key = taken.at FROM taken
         WHERE org_id = $1 AND post.letter_id = taken.letter_id AND taken.at IS NOT NULL");
    to.run(&Sql::of(taken).bind(to.org).bind(now.as_millisecond()).bind(ids).bind(at)).await?;
    Ok(())
}

pub(super) async fn receive(to: &mut Tables<'_, '_>, event: &EventRow) -> Result<(), Halt> {
    let EventRow { source, id, received_at, tries, body } = event;
    let sql = Sql::of(
        "INSERT INTO event (org_id, source, event_id, received_at, received_key, due_key, claimed_key, tries, state,
             body)
         VALUES ($1, $2, $3, $4, $5, $5, 0, $6, 'new', $7) ON CONFLICT (org_id, source, event_id) DO NOTHING",
    );
    let sql = sql.bind(to.org).bind(plain(source)).bind(plain(id)).bind(received_at.to_string());
    let sql = sql.bind(received_at.as_millisecond()).bind(i64::from(*tries)).bind(body.as_slice());
    there(to.run(&sql).await?, 1, EVENT_IS_HERE)
}

pub(super) async fn settle(
    to: &mut Tables<'_, '_>,
    source: &str,
    id: &str,
    state: EventState,
    note: &str,
) -> Result<(), Halt> {
    let sql = Sql::of(
        "UPDATE event SET state = $4, note = $5, body = ''
         WHERE org_id = $1 AND source = $2 AND event_id = $3 AND state = 'new'",
    );
    let sql = sql.bind(to.org).bind(plain(source)).bind(plain(id)).bind(state.name()).bind(plain(note));
    there(to.run(&sql).await?, 1, EVENT_IS_OVER)
}

pub(super) async fn put_off_event(
    to: &mut Tables<'_, '_>,
    source: &str,
    id: &str,
    at: Timestamp,
    note: &str,
) -> Result<(), Halt> {
    let sql = Sql::of(
        "UPDATE event SET due_key = $4, claimed_key = 0, tries = tries + 1, note = $5
         WHERE org_id = $1 AND source = $2 AND event_id = $3 AND state = 'new'",
    );
    let sql = sql.bind(to.org).bind(plain(source)).bind(plain(id)).bind(at.as_millisecond());
    there(to.run(&sql.bind(plain(note))).await?, 1, EVENT_IS_OVER)
}

pub(super) async fn look_again(to: &mut Tables<'_, '_>) -> Result<(), Halt> {
    to.run(&Sql::of("UPDATE org SET looks_from = version WHERE org_id = $1").bind(to.org)).await?;
    // With rows in their order, so that two who do this never wait for each other crosswise.
    let sql = Sql::of(
        "WITH live AS MATERIALIZED (
             SELECT handoff_id FROM handoff WHERE org_id = $1 AND life = 'live' ORDER BY handoff_id
             FOR NO KEY UPDATE)
         UPDATE handoff SET look_key = 0, look_claimed = 0,
             looks_from = coalesce((SELECT looks_from FROM org WHERE org_id = $1), 0)
         FROM live WHERE org_id = $1 AND handoff.handoff_id = live.handoff_id",
    );
    to.run(&sql.bind(to.org)).await?;
    Ok(())
}
