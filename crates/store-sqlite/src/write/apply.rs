//! Changes of plain tables with their audit row: all of them or none.

use rusqlite::{Connection, OptionalExtension, ToSql, params};
use serde::Serialize;
use throughline_domain::HandoffId;
use throughline_store::{
    ApplyError, Change, DealRow, EventState, Letter, Link, Org, PublishedPlaybook, Session, Team, Token,
    Version, columns::signed,
};

use super::{Batch, drafts, mails, parcels, people, portal, sample, saved, templates, views, waiting};
use crate::{
    faults::{Fault, is_taken},
    values::{Blob, blob, count, maybe_id, time},
};

pub(super) fn write(conn: &Connection, batch: &Batch) -> Result<(), ApplyError> {
    let to = Tables { conn, org: blob(batch.org) };
    // Addresses and aliases are let go first, so that one batch can move them from one person to another.
    for change in &batch.changes {
        to.let_go(change)?;
    }
    for change in &batch.changes {
        if matches!(change, Change::PutOrg(put) if put.id != batch.org) {
            return conflict("an organisation changes only itself");
        }
        to.change(change)?;
    }
    let sql = "INSERT INTO audit (org_id, seq, doc)
               SELECT ?1, 1 + coalesce((SELECT max(seq) FROM audit WHERE org_id = ?1), 0), ?2";
    to.run(sql, params![to.org, json(&batch.audit)?])?;
    Ok(())
}

pub(super) fn conflict<T>(what: impl Into<String>) -> Result<T, ApplyError> {
    Err(ApplyError::Conflict(what.into()))
}

pub(super) fn json(value: &impl Serialize) -> Result<String, Fault> {
    Ok(serde_json::to_string(value)?)
}

/// The tables of one organisation.
pub(super) struct Tables<'a> {
    pub conn: &'a Connection,
    pub org: Blob,
}

impl Tables<'_> {
    /// How many rows it changed.
    pub fn run(&self, sql: &str, params: &[&dyn ToSql]) -> Result<usize, Fault> {
        Ok(self.conn.prepare_cached(sql)?.execute(params)?)
    }

    /// The same where something unique may be taken.
    pub fn claim(
        &self,
        sql: &str,
        params: &[&dyn ToSql],
        taken: impl FnOnce() -> String,
    ) -> Result<(), ApplyError> {
        match self.run(sql, params) {
            Ok(_) => Ok(()),
            Err(Fault::Engine(error)) if is_taken(&error) => conflict(taken()),
            Err(fault) => Err(fault.into()),
        }
    }

    fn let_go(&self, change: &Change) -> Result<(), Fault> {
        match change {
            Change::PutPerson(person) => people::let_go(self, person),
            Change::PutAccount(account) => people::let_go_account(self, account),
            _ => Ok(()),
        }
    }

    fn change(&self, change: &Change) -> Result<(), ApplyError> {
        match change {
            Change::PutOrg(org) => self.put_org(org),
            Change::PutPerson(person) => people::put(self, person),
            Change::PutTeam(team) => Ok(self.put_team(team)?),
            Change::PutAccount(account) => people::put_account(self, account),
            Change::Publish(playbook) => self.publish(playbook),
            Change::PutToken(token) => self.put_token(token),
            Change::PutSession(session) => self.put_session(session),
            Change::SeeSession { secret, at } => {
                let sql = "UPDATE session SET seen_key = ?3, doc = json_set(doc, '$.seen_at', ?4)
                           WHERE org_id = ?1 AND secret = ?2";
                self.run(sql, params![self.org, secret, at.as_millisecond(), at.to_string()])?;
                Ok(())
            }
            Change::EndSession(secret) => {
                self.run("DELETE FROM session WHERE org_id = ?1 AND secret = ?2", params![self.org, secret])?;
                Ok(())
            }
            Change::EndSessionsOf(person) => {
                let sql = "DELETE FROM session WHERE org_id = ?1 AND person_id = ?2";
                self.run(sql, params![self.org, blob(*person)])?;
                Ok(())
            }
            Change::PutLink(link) => self.put_link(link),
            Change::UseLink(secret) => {
                let sql = "DELETE FROM link WHERE org_id = ?1 AND secret = ?2";
                match self.run(sql, params![self.org, secret])? {
                    0 => conflict("the link was used already"),
                    _ => Ok(()),
                }
            }
            Change::PutDeal(deal) => self.put_deal(deal),
            Change::PutAnswer(row) => match views::put_answer(self.conn, self.org, row) {
                Err(Fault::Engine(error)) if is_taken(&error) => {
                    conflict("the idempotency key was used already")
                }
                other => Ok(other?),
            },
            Change::Delivered { outbox, .. } => waiting::delivered(self, *outbox),
            Change::Deliver(letter) => Ok(self.deliver(letter)?),
            Change::Post { letter, person, at } => Ok(waiting::post(self, *letter, *person, *at)?),
            Change::Posted { letters } | Change::PostNever { letters } => {
                waiting::take_off_post(self, letters)
            }
            Change::PostLater { letters, at } => waiting::put_off_post(self, letters, *at),
            Change::PostAnew { now, letters } => Ok(waiting::time_post_anew(self, *now, letters)?),
            Change::Receive(event) => waiting::receive(self, event),
            Change::EventDone { source, id, note } => {
                waiting::settle(self, source, id, EventState::Done, note)
            }
            Change::EventRefused { source, id, note } => {
                waiting::settle(self, source, id, EventState::Refused, note)
            }
            Change::EventLater { source, id, at, note } => {
                waiting::put_off_event(self, source, id, *at, note)
            }
            Change::LookAgain => Ok(waiting::look_again(self)?),
            Change::Still { handoff, version } => self.still(*handoff, *version),
            Change::Parcel(change) => parcels::change(self, change),
            Change::Mail(change) => mails::change(self, change),
            Change::Draft(row) => drafts::keep(self, row),
            Change::Template(change) => templates::change(self, change),
            Change::View(change) => saved::change(self, change),
            Change::Portal(change) => portal::change(self, change),
            Change::TakeSampleAway(sample) => sample::take_away(self, *sample),
            Change::Tidy { answers_before, links_before, sessions_before, events_before } => {
                let before =
                    |table: &str, key: &str| format!("DELETE FROM {table} WHERE org_id = ?1 AND {key} < ?2");
                let times = [
                    (before("answer", "at_key"), answers_before),
                    (before("link", "expires_key"), links_before),
                    (before("session", "seen_key"), sessions_before),
                ];
                for (sql, time) in times {
                    self.run(&sql, params![self.org, time.as_millisecond()])?;
                }
                let sql = "DELETE FROM event WHERE org_id = ?1 AND received_key < ?2 AND state <> 'new'";
                self.run(sql, params![self.org, events_before.as_millisecond()])?;
                Ok(())
            }
        }
    }

    fn still(&self, handoff: HandoffId, version: Version) -> Result<(), ApplyError> {
        let sql = "SELECT version FROM snapshot WHERE org_id = ?1 AND handoff_id = ?2";
        let mut find = self.conn.prepare_cached(sql).map_err(Fault::from)?;
        let current = find.query_row(params![self.org, blob(handoff)], |row| count(row, 0)).optional();
        match current.map_err(Fault::from)?.unwrap_or(0) {
            current if current == version => Ok(()),
            current => Err(ApplyError::Stale { current }),
        }
    }

    fn put_org(&self, org: &Org) -> Result<(), ApplyError> {
        let mut find =
            self.conn.prepare_cached("SELECT version FROM org WHERE org_id = ?1").map_err(Fault::from)?;
        let current =
            find.query_row(params![self.org], |row| count(row, 0)).optional().map_err(Fault::from)?;
        let current = current.unwrap_or(0);
        if org.version != current + 1 {
            return Err(ApplyError::Stale { current });
        }
        let sql = "INSERT INTO org (org_id, slug, doc, version) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (org_id) DO UPDATE SET
                       slug = excluded.slug, doc = excluded.doc, version = excluded.version";
        self.claim(sql, params![self.org, org.slug, json(org)?, signed(org.version)?], || {
            format!("the name `{}` is taken", org.slug)
        })
    }

    fn put_team(&self, team: &Team) -> Result<(), Fault> {
        let sql = "INSERT INTO team (org_id, team_id, name_key, doc) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (org_id, team_id) DO UPDATE SET name_key = excluded.name_key, doc = excluded.doc";
        self.run(sql, params![self.org, blob(team.id), team.name.to_lowercase(), json(team)?])?;
        Ok(())
    }

    fn publish(&self, playbook: &PublishedPlaybook) -> Result<(), ApplyError> {
        let PublishedPlaybook { id, name, version, source, at } = playbook;
        let sql = "INSERT INTO playbook (org_id, name, version, playbook_id, at, source)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = params![self.org, name, version, blob(*id), at.to_string(), source];
        self.claim(sql, values, || format!("playbook {name} {version} is published already"))
    }

    fn put_token(&self, token: &Token) -> Result<(), ApplyError> {
        let sql = "INSERT INTO token (org_id, token_id, secret, made_key, doc) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (org_id, token_id) DO UPDATE SET
                       secret = excluded.secret, made_key = excluded.made_key, doc = excluded.doc";
        let made_key = token.created_at.as_millisecond();
        let values = params![self.org, blob(token.id), token.secret, made_key, json(token)?];
        self.claim(sql, values, || "the token's secret is taken".to_owned())
    }

    fn put_session(&self, session: &Session) -> Result<(), ApplyError> {
        let sql = "INSERT INTO session (org_id, secret, person_id, made_key, seen_key, doc)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (org_id, secret) DO UPDATE SET person_id = excluded.person_id,
                       made_key = excluded.made_key, seen_key = excluded.seen_key, doc = excluded.doc";
        let (made, seen) = (session.created_at.as_millisecond(), session.seen_at.as_millisecond());
        let values = params![self.org, session.secret, blob(session.person), made, seen, json(session)?];
        self.claim(sql, values, || "the session's secret is taken".to_owned())
    }

    fn put_link(&self, link: &Link) -> Result<(), ApplyError> {
        let sql = "INSERT INTO link (org_id, secret, expires_key, doc) VALUES (?1, ?2, ?3, ?4)";
        let values = params![self.org, link.secret, link.expires_at.as_millisecond(), json(link)?];
        self.claim(sql, values, || "the link's secret is taken".to_owned())
    }

    fn put_deal(&self, deal: &DealRow) -> Result<(), ApplyError> {
        let sql =
            "SELECT source_time, handoff_id FROM deal WHERE org_id = ?1 AND source = ?2 AND external_id = ?3";
        let mut find = self.conn.prepare_cached(sql).map_err(Fault::from)?;
        let key = params![self.org, deal.key.source, deal.key.external_id];
        let held = find.query_row(key, |row| Ok((time(row, 0)?, maybe_id::<HandoffId>(row, 1)?)));
        match held.optional().map_err(Fault::from)? {
            Some((_, Some(handoff))) => conflict(format!("the deal has a handoff: {handoff}")),
            Some((newest, None)) if newest > deal.source_time => Ok(()),
            _ => Ok(views::put_deal(self.conn, self.org, deal)?),
        }
    }

    fn deliver(&self, letter: &Letter) -> Result<(), Fault> {
        let mut find =
            self.conn.prepare_cached("SELECT doc FROM letter WHERE org_id = ?1 AND letter_id = ?2")?;
        let held =
            find.query_row(params![self.org, blob(letter.id)], |row| crate::values::doc::<Letter>(row, 0));
        let read_at = letter.read_at.or(held.optional()?.and_then(|held| held.read_at));
        let letter = Letter { read_at, ..letter.clone() };
        let sql = "INSERT INTO letter (org_id, letter_id, to_person, doc) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (org_id, letter_id) DO UPDATE SET to_person = excluded.to_person, doc = excluded.doc";
        self.run(sql, params![self.org, blob(letter.id), letter.to.map(blob), json(&letter)?])?;
        Ok(())
    }
}
