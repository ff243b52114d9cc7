//! A unit of work on one handoff. All refusals come before the first write, so a refused unit has nothing to undo.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use throughline_domain::HandoffId;
use throughline_store::{
    Commit, CommitError, DealRow, Erase, SortKeys, Version,
    columns::{hash_bytes, signed},
};

use super::{handoff_row, views};
use crate::{
    faults::Fault,
    values::{Blob, blob, count, hash, maybe_id, time},
};

/// Writes a unit, or says why not with nothing written. The outer error is one that left it half done: the
/// transaction must be undone.
pub(super) fn write(conn: &Connection, commit: &Commit) -> Result<Result<Version, CommitError>, Fault> {
    let whose = Whose { conn, org: blob(commit.org), id: blob(commit.id) };
    let (before, version, head) = match whose.check(commit) {
        Ok(checked) => checked,
        Err(refused) => return Ok(Err(refused)),
    };
    whose.keep(commit, before.map(|held| held.place), version, head)?;
    Ok(Ok(version))
}

/// The handoff a commit is about.
struct Whose<'a> {
    conn: &'a Connection,
    org: Blob,
    id: Blob,
}

/// What is known of it before.
struct Held {
    /// Where its snapshot lies: found once, used twice.
    place: i64,
    version: Version,
    head: String,
}

impl Whose<'_> {
    fn check(&self, commit: &Commit) -> Result<(Option<Held>, Version, [u8; 32]), CommitError> {
        if let Some(row) = &commit.idempotency
            && self.is_answered(&row.key)?
        {
            return Err(CommitError::KeyUsed);
        }
        let held = self.held()?;
        let current = held.as_ref().map_or(0, |held| held.version);
        if current != commit.expected {
            return Err(CommitError::Stale { current });
        }
        if let Some(deal) = &commit.deal {
            match self.kept(deal)? {
                Some((_, Some(other))) if other != commit.id => return Err(CommitError::DealTaken(other)),
                Some((newest, None)) if newest > deal.source_time => {
                    return Err(CommitError::Stale { current });
                }
                _ => {}
            }
        }
        let (version, head) = commit.follows(held.as_ref().map(|held| held.head.as_str()))?;
        signed(version)?;
        for row in &commit.journal {
            hash_bytes(&row.hash)?;
        }
        Ok((held, version, hash_bytes(&head)?))
    }

    fn is_answered(&self, key: &str) -> Result<bool, Fault> {
        let mut find = self.conn.prepare_cached("SELECT 1 FROM answer WHERE org_id = ?1 AND key = ?2")?;
        Ok(find.exists(params![self.org, key])?)
    }

    fn held(&self) -> Result<Option<Held>, Fault> {
        let sql = "SELECT rowid, version, head FROM snapshot WHERE org_id = ?1 AND handoff_id = ?2";
        let mut find = self.conn.prepare_cached(sql)?;
        let held = |row: &rusqlite::Row<'_>| {
            Ok(Held { place: row.get(0)?, version: count(row, 1)?, head: hash(row, 2)? })
        };
        Ok(find.query_row(params![self.org, self.id], held).optional()?)
    }

    /// The time of the reading that is kept of a deal, and the deal's handoff.
    fn kept(&self, deal: &DealRow) -> Result<Option<(Timestamp, Option<HandoffId>)>, Fault> {
        let sql =
            "SELECT source_time, handoff_id FROM deal WHERE org_id = ?1 AND source = ?2 AND external_id = ?3";
        let mut find = self.conn.prepare_cached(sql)?;
        let key = params![self.org, deal.key.source, deal.key.external_id];
        Ok(find.query_row(key, |row| Ok((time(row, 0)?, maybe_id(row, 1)?))).optional()?)
    }

    fn keep(
        &self,
        commit: &Commit,
        place: Option<i64>,
        version: Version,
        head: [u8; 32],
    ) -> Result<(), Fault> {
        let (org, id) = (self.org, self.id);
        let keys = SortKeys::of(&commit.row);
        let look_at = if self.looks_again(commit)? { Some(Timestamp::UNIX_EPOCH) } else { commit.look_at };
        let moved = handoff_row::put(self.conn, org, id, &commit.row, &keys, look_at)?;
        match &commit.parts {
            Some(parts) => views::put_parts(self.conn, org, id, parts, &keys)?,
            None if moved => views::move_parts(self.conn, org, id, &keys)?,
            None => {}
        }
        if let Some(promises) = &commit.promises {
            views::put_promises(self.conn, org, id, promises)?;
        }
        if let Some(deal) = &commit.deal {
            views::put_deal(self.conn, org, deal)?;
        }
        if let Some(erase) = &commit.erase {
            self.erase(commit.id, erase)?;
        }
        if let Some(row) = &commit.idempotency {
            views::put_answer(self.conn, org, row)?;
        }
        self.keep_snapshot(commit, place, version, head)?;
        self.keep_journal(commit)?;
        self.keep_tally(u64::from(place.is_none()), commit.journal.len() as u64)?;
        self.keep_outbox(commit)
    }

    /// Whether all clocks were to be looked at again since this was worked out.
    fn looks_again(&self, commit: &Commit) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM org WHERE org_id = ?1 AND looks_from > ?2";
        Ok(commit.row.life == "live"
            && self.conn.prepare_cached(sql)?.exists(params![self.org, signed(commit.as_of)?])?)
    }

    fn erase(&self, id: HandoffId, erase: &Erase) -> Result<(), Fault> {
        // Answers that show it may quote it. Their keys stay, so that nothing is done twice.
        let sql = "UPDATE answer SET body = '' WHERE org_id = ?1 AND instr(body, ?2) > 0";
        self.conn.prepare_cached(sql)?.execute(params![self.org, id.to_string()])?;
        match erase {
            Erase::Everything => {
                let sql = "DELETE FROM text WHERE org_id = ?1 AND handoff_id = ?2";
                self.conn.prepare_cached(sql)?.execute(params![self.org, self.id])?;
            }
            Erase::These(texts) => {
                let sql = "DELETE FROM text WHERE org_id = ?1 AND handoff_id = ?2 AND text_id = ?3";
                let mut delete = self.conn.prepare_cached(sql)?;
                for text in texts {
                    delete.execute(params![self.org, self.id, blob(*text)])?;
                }
            }
        }
        Ok(())
    }

    /// Counts what the organisation was ever told, so that a handoff cannot vanish whole.
    fn keep_tally(&self, handoffs: u64, facts: u64) -> Result<(), Fault> {
        let sql = "INSERT INTO tally (org_id, handoffs, facts) VALUES (?1, ?2, ?3)
                   ON CONFLICT (org_id) DO UPDATE SET
                       handoffs = handoffs + excluded.handoffs, facts = facts + excluded.facts";
        self.conn.prepare_cached(sql)?.execute(params![self.org, signed(handoffs)?, signed(facts)?])?;
        Ok(())
    }

    fn keep_journal(&self, commit: &Commit) -> Result<(), Fault> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO journal (org_id, handoff_id, seq, at, kind, body, prev, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for row in &commit.journal {
            let (seq, at) = (signed(row.seq)?, row.at.to_string());
            let (prev, hash) = (hash_bytes(&row.prev)?, hash_bytes(&row.hash)?);
            insert.execute(params![self.org, self.id, seq, at, row.kind, row.body, prev, hash])?;
        }
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO text (org_id, handoff_id, text_id, salt, text) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for text in &commit.texts {
            insert.execute(params![self.org, self.id, blob(text.id), text.salt, text.text])?;
        }
        Ok(())
    }

    fn keep_snapshot(
        &self,
        commit: &Commit,
        place: Option<i64>,
        version: Version,
        head: [u8; 32],
    ) -> Result<(), Fault> {
        let (version, dues, body) =
            (signed(version)?, serde_json::to_string(&commit.dues)?, &commit.snapshot);
        match place {
            Some(place) => {
                let sql =
                    "UPDATE snapshot SET version = ?2, head = ?3, dues = ?4, body = ?5 WHERE rowid = ?1";
                self.conn.prepare_cached(sql)?.execute(params![place, version, head, dues, body])?;
            }
            None => {
                let sql = "INSERT INTO snapshot (org_id, handoff_id, version, head, dues, body)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                let values = params![self.org, self.id, version, head, dues, body];
                self.conn.prepare_cached(sql)?.execute(values)?;
            }
        }
        Ok(())
    }

    fn keep_outbox(&self, commit: &Commit) -> Result<(), Fault> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO outbox (org_id, outbox_id, handoff_id, at, seq, intent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for row in &commit.outbox {
            let (at, seq, intent) =
                (row.at.to_string(), signed(row.seq)?, serde_json::to_string(&row.intent)?);
            insert.execute(params![self.org, blob(row.id), blob(row.handoff), at, seq, intent])?;
        }
        Ok(())
    }
}
