//! A unit of work on one handoff. All checks come before the first write.

use rusqlite::{Connection, OptionalExtension, params};
use throughline_domain::HandoffId;
use throughline_store::{
    Commit, CommitError, DealRow, IdempotencyRow, PartRow, PromiseRow, StoreError, Version,
};

use super::handoff_row::{self, Keys};
use crate::{
    faults::Fault,
    values::{Blob, blob, count, hash, hash_bytes, maybe_id},
};

pub(super) fn write(conn: &Connection, commit: &Commit) -> Result<Version, CommitError> {
    let whose = Whose { conn, org: blob(commit.org), id: blob(commit.id) };
    if let Some(row) = &commit.idempotency
        && whose.is_answered(&row.key)?
    {
        return Err(CommitError::KeyUsed);
    }
    let held = whose.held()?;
    let current = held.as_ref().map_or(0, |held| held.version);
    if current != commit.expected {
        return Err(CommitError::Stale { current });
    }
    if let Some(deal) = &commit.deal
        && let Some(other) = whose.handoff_of(deal)?.filter(|other| *other != commit.id)
    {
        return Err(CommitError::DealTaken(other));
    }
    let (version, head) = commit.follows(held.as_ref().map(|held| held.head.as_str()))?;
    whose.keep(commit, held.is_some(), version, &head)?;
    Ok(version)
}

/// The handoff a commit is about.
struct Whose<'a> {
    conn: &'a Connection,
    org: Blob,
    id: Blob,
}

/// What is known of it before.
struct Held {
    version: Version,
    head: String,
}

impl Whose<'_> {
    fn is_answered(&self, key: &str) -> Result<bool, Fault> {
        let mut find = self.conn.prepare_cached("SELECT 1 FROM answer WHERE org_id = ?1 AND key = ?2")?;
        Ok(find.exists(params![self.org, key])?)
    }

    fn held(&self) -> Result<Option<Held>, Fault> {
        let sql = "SELECT version, head FROM snapshot WHERE org_id = ?1 AND handoff_id = ?2";
        let mut find = self.conn.prepare_cached(sql)?;
        let held = |row: &rusqlite::Row<'_>| Ok(Held { version: count(row, 0)?, head: hash(row, 1)? });
        Ok(find.query_row(params![self.org, self.id], held).optional()?)
    }

    fn handoff_of(&self, deal: &DealRow) -> Result<Option<HandoffId>, Fault> {
        let sql = "SELECT handoff_id FROM deal WHERE org_id = ?1 AND source = ?2 AND external_id = ?3";
        let mut find = self.conn.prepare_cached(sql)?;
        let key = params![self.org, deal.key.source, deal.key.external_id];
        Ok(find.query_row(key, |row| maybe_id(row, 0)).optional()?.flatten())
    }

    fn keep(&self, commit: &Commit, exists: bool, version: Version, head: &str) -> Result<(), Fault> {
        let (org, id) = (self.org, self.id);
        let keys = Keys::of(&commit.row);
        let before =
            if exists { Some(handoff_row::update(self.conn, org, id, &commit.row, &keys)?) } else { None };
        if !exists {
            handoff_row::insert(self.conn, org, id, &commit.row, &keys)?;
        }
        self.keep_journal(commit)?;
        self.keep_snapshot(commit, exists, version, head)?;
        if let Some(promises) = &commit.promises {
            self.keep_promises(promises)?;
        }
        match &commit.parts {
            Some(parts) => self.keep_parts(parts, &keys)?,
            None if before.is_some_and(|(due, updated)| (due, updated) != (keys.due, keys.updated)) => {
                let sql =
                    "UPDATE part SET due_key = ?3, updated_key = ?4 WHERE org_id = ?1 AND handoff_id = ?2";
                self.conn.prepare_cached(sql)?.execute(params![org, id, keys.due, keys.updated])?;
            }
            None => {}
        }
        if let Some(deal) = &commit.deal {
            put_deal(self.conn, org, deal)?;
        }
        self.keep_outbox(commit)?;
        if let Some(row) = &commit.idempotency {
            put_answer(self.conn, org, row)?;
        }
        Ok(())
    }

    fn keep_journal(&self, commit: &Commit) -> Result<(), Fault> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO journal (org_id, handoff_id, seq, at, kind, body, prev, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for row in &commit.journal {
            let (seq, at) = (signed(row.seq)?, row.at.to_string());
            let (prev, hash) = (bytes(&row.prev)?, bytes(&row.hash)?);
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
        exists: bool,
        version: Version,
        head: &str,
    ) -> Result<(), Fault> {
        let sql = if exists {
            "UPDATE snapshot SET version = ?3, head = ?4, dues = ?5, body = ?6 WHERE org_id = ?1 AND handoff_id = ?2"
        } else {
            "INSERT INTO snapshot (org_id, handoff_id, version, head, dues, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        };
        let (version, head, dues) = (signed(version)?, bytes(head)?, serde_json::to_string(&commit.dues)?);
        let mut keep = self.conn.prepare_cached(sql)?;
        keep.execute(params![self.org, self.id, version, head, dues, commit.snapshot])?;
        Ok(())
    }

    fn keep_promises(&self, promises: &[PromiseRow]) -> Result<(), Fault> {
        put_promises(self.conn, self.org, self.id, promises)
    }

    /// Replaces the parts; where the same people keep the same parts, only their keys move.
    fn keep_parts(&self, parts: &[PartRow], keys: &Keys) -> Result<(), Fault> {
        let mut wanted: std::collections::BTreeMap<Blob, String> = Default::default();
        for part in parts {
            let roles = wanted.entry(blob(part.person)).or_default();
            if !roles.is_empty() {
                roles.push(',');
            }
            roles.push_str(part.role.name());
        }
        let sql = "SELECT person_id FROM part WHERE org_id = ?1 AND handoff_id = ?2";
        let mut find = self.conn.prepare_cached(sql)?;
        let held = find.query_map(params![self.org, self.id], |row| row.get::<_, Blob>(0))?;
        let gone: Vec<Blob> =
            held.filter(|id| !matches!(id, Ok(id) if wanted.contains_key(id))).collect::<Result<_, _>>()?;
        let sql = "DELETE FROM part WHERE org_id = ?1 AND handoff_id = ?2 AND person_id = ?3";
        let mut delete = self.conn.prepare_cached(sql)?;
        for person in gone {
            delete.execute(params![self.org, self.id, person])?;
        }
        let mut put = self.conn.prepare_cached(
            "INSERT INTO part (org_id, handoff_id, person_id, roles, due_key, updated_key)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (org_id, handoff_id, person_id) DO UPDATE SET
                 roles = excluded.roles, due_key = excluded.due_key, updated_key = excluded.updated_key",
        )?;
        for (person, roles) in &wanted {
            put.execute(params![self.org, self.id, person, roles, keys.due, keys.updated])?;
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

pub(super) fn put_promises(
    conn: &Connection,
    org: Blob,
    id: Blob,
    promises: &[PromiseRow],
) -> Result<(), Fault> {
    conn.prepare_cached("DELETE FROM promise WHERE org_id = ?1 AND handoff_id = ?2")?
        .execute(params![org, id])?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO promise (org_id, handoff_id, item_id, decide_key, routed_to, state, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for promise in promises {
        let (role, doc) = (promise.routed_to.map(|role| role.name()), serde_json::to_string(promise)?);
        insert.execute(params![org, id, blob(promise.item), promise.place().0, role, promise.state, doc])?;
    }
    Ok(())
}

pub(super) fn put_deal(conn: &Connection, org: Blob, deal: &DealRow) -> Result<(), Fault> {
    let mut put = conn.prepare_cached(
        "INSERT INTO deal (org_id, source, external_id, source_time, handoff_id, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (org_id, source, external_id) DO UPDATE SET
             source_time = excluded.source_time, handoff_id = excluded.handoff_id, body = excluded.body",
    )?;
    let (source_time, handoff) = (deal.source_time.to_string(), deal.handoff.map(blob));
    put.execute(params![org, deal.key.source, deal.key.external_id, source_time, handoff, deal.body])?;
    Ok(())
}

/// Fails on a key that was used.
pub(super) fn put_answer(conn: &Connection, org: Blob, row: &IdempotencyRow) -> Result<(), Fault> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO answer (org_id, key, request, status, body, at, at_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let (at, at_key) = (row.at.to_string(), row.at.as_millisecond());
    insert.execute(params![org, row.key, row.request, row.status, row.body, at, at_key])?;
    Ok(())
}

fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Unreadable(format!("{number} is no count")))
}

fn bytes(hash: &str) -> Result<[u8; 32], StoreError> {
    hash_bytes(hash).ok_or_else(|| StoreError::Unreadable("a hash must be 64 hexadecimal digits".to_owned()))
}
