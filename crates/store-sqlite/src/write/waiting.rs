//! Changes of what waits: the post and the events from outside.

use jiff::Timestamp;
use rusqlite::params;
use throughline_domain::PersonId;
use throughline_store::{
    ApplyError, DELIVERED, EVENT_IS_HERE, EVENT_IS_OVER, EventRow, EventState, GONE_FROM_POST,
};
use uuid::Uuid;

use super::apply::{Tables, conflict};
use crate::{faults::Fault, values::blob};

/// Says why when nothing was changed.
fn there(changed: usize, why: &str) -> Result<(), ApplyError> {
    if changed == 0 { conflict(why) } else { Ok(()) }
}

pub(super) fn delivered(to: &Tables<'_>, outbox: Uuid) -> Result<(), ApplyError> {
    let sql = "DELETE FROM outbox WHERE org_id = ?1 AND outbox_id = ?2";
    there(to.run(sql, params![to.org, blob(outbox)])?, DELIVERED)
}

pub(super) fn post(to: &Tables<'_>, letter: Uuid, person: PersonId, at: Timestamp) -> Result<(), Fault> {
    let sql = "INSERT INTO post (org_id, letter_id, person_id, at_key, claimed_key, tries)
               VALUES (?1, ?2, ?3, ?4, 0, 0) ON CONFLICT (org_id, letter_id) DO NOTHING";
    to.run(sql, params![to.org, blob(letter), blob(person), at.as_millisecond()])?;
    Ok(())
}

pub(super) fn take_off_post(to: &Tables<'_>, letters: &[Uuid]) -> Result<(), ApplyError> {
    for letter in letters {
        let sql = "DELETE FROM post WHERE org_id = ?1 AND letter_id = ?2";
        there(to.run(sql, params![to.org, blob(*letter)])?, GONE_FROM_POST)?;
    }
    Ok(())
}

pub(super) fn put_off_post(to: &Tables<'_>, letters: &[Uuid], at: Timestamp) -> Result<(), ApplyError> {
    for letter in letters {
        let sql = "UPDATE post SET at_key = ?3, claimed_key = 0, tries = tries + 1
                   WHERE org_id = ?1 AND letter_id = ?2";
        there(to.run(sql, params![to.org, blob(*letter), at.as_millisecond()])?, GONE_FROM_POST)?;
    }
    Ok(())
}

/// What is at hand somewhere stays: it is being mailed.
pub(super) fn time_post_anew(
    to: &Tables<'_>,
    now: Timestamp,
    letters: &[(Uuid, Option<Timestamp>)],
) -> Result<(), Fault> {
    let now = now.as_millisecond();
    for (letter, at) in letters {
        let letter = blob(*letter);
        match at {
            Some(at) => {
                let sql = concat!(
                    "UPDATE post SET at_key = ?4 WHERE org_id = ?1 AND letter_id = ?2
                           AND ",
                    throughline_store::claim_is_free!("claimed_key", "?3")
                );
                to.run(sql, params![to.org, letter, now, at.as_millisecond()])?
            }
            None => {
                let sql = concat!(
                    "DELETE FROM post WHERE org_id = ?1 AND letter_id = ?2
                           AND ",
                    throughline_store::claim_is_free!("claimed_key", "?3")
                );
                to.run(sql, params![to.org, letter, now])?
            }
        };
    }
    Ok(())
}

pub(super) fn receive(to: &Tables<'_>, event: &EventRow) -> Result<(), ApplyError> {
    let sql =
        "INSERT INTO event (org_id, source, event_id, received_at, received_key, due_key, claimed_key, tries,
                   state, note, body)
               VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0, ?6, 'new', NULL, ?7)
               ON CONFLICT (org_id, source, event_id) DO NOTHING";
    let EventRow { source, id, received_at, tries, body } = event;
    let (at, key) = (received_at.to_string(), received_at.as_millisecond());
    there(to.run(sql, params![to.org, source, id, at, key, tries, body])?, EVENT_IS_HERE)
}

pub(super) fn settle(
    to: &Tables<'_>,
    source: &str,
    id: &str,
    state: EventState,
    note: &str,
) -> Result<(), ApplyError> {
    let sql = "UPDATE event SET state = ?4, note = ?5, body = X''
               WHERE org_id = ?1 AND source = ?2 AND event_id = ?3 AND state = 'new'";
    there(to.run(sql, params![to.org, source, id, state.name(), note])?, EVENT_IS_OVER)
}

pub(super) fn put_off_event(
    to: &Tables<'_>,
    source: &str,
    id: &str,
    at: Timestamp,
    note: &str,
) -> Result<(), ApplyError> {
    let sql = "UPDATE event SET due_key = ?4, claimed_key = 0, tries = tries + 1, note = ?5
               WHERE org_id = ?1 AND source = ?2 AND event_id = ?3 AND state = 'new'";
    there(to.run(sql, params![to.org, source, id, at.as_millisecond(), note])?, EVENT_IS_OVER)
}

pub(super) fn look_again(to: &Tables<'_>) -> Result<(), Fault> {
    let sql = "UPDATE handoff SET look_key = 0, look_claimed = 0 WHERE org_id = ?1 AND life = 'live'";
    to.run(sql, params![to.org])?;
    to.run("UPDATE org SET looks_from = version WHERE org_id = ?1", params![to.org])?;
    Ok(())
}
