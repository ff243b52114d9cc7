//! Changes of plain tables with their audit row, inside a transaction.

use std::collections::BTreeSet;

use serde::Serialize;
use throughline_domain::{HandoffId, OrgId};
use throughline_store::{
    Audit, Change, DealRow, EventState, Letter, Link, Org, PublishedPlaybook, Session, Team, Token, Version,
    columns::signed,
};
use uuid::Uuid;

use super::{drafts, mails, parcels, people, portal, sample, saved, templates, views, waiting};
use crate::{
    driver::Row,
    faults::{Fault, Kind},
    pool::Lease,
    sql::Sql,
    values::{count, doc, maybe_id, plain, time},
};

/// Why a batch came to an end before its end.
pub(super) enum Halt {
    Conflict(String),
    /// The organisation, or the handoff, is at another version.
    Stale(u64),
    Fault(Fault),
}

impl<F: Into<Fault>> From<F> for Halt {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

pub(super) fn conflict<T>(what: impl Into<String>) -> Result<T, Halt> {
    Err(Halt::Conflict(what.into()))
}

pub(super) fn json(value: &impl Serialize) -> Result<String, Fault> {
    Ok(serde_json::to_string(value)?)
}

/// Whose names a batch puts.
struct Named {
    people: Vec<Uuid>,
    accounts: Vec<Uuid>,
}

impl Named {
    fn of(changes: &[Change]) -> Self {
        let person = |change: &Change| match change {
            Change::PutPerson(person) => Some(person.id.0),
            _ => None,
        };
        let account = |change: &Change| match change {
            Change::PutAccount(account) => Some(account.id.0),
            _ => None,
        };
        Self {
            people: changes.iter().filter_map(person).collect(),
            accounts: changes.iter().filter_map(account).collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.people.is_empty() && self.accounts.is_empty()
    }
}

/// The tables of one organisation, in a transaction.
pub(super) struct Tables<'a, 'p> {
    lease: &'a mut Lease<'p>,
    pub org: Uuid,
    /// Whose names this batch has put already.
    met: BTreeSet<Uuid>,
}

impl<'a, 'p> Tables<'a, 'p> {
    /// On a connection with a transaction begun.
    pub fn of(lease: &'a mut Lease<'p>, org: OrgId) -> Self {
        Self { lease, org: org.0, met: BTreeSet::new() }
    }

    /// Makes the changes; gives the transaction's name.
    pub async fn write(&mut self, org: OrgId, changes: &[Change], audit: &Audit) -> Result<String, Halt> {
        // Addresses and aliases are let go first, so that one batch can move them from one person to another.
        let named = Named::of(changes);
        if !named.is_empty() {
            self.take_turns().await?;
            people::let_go(self, &named.people).await?;
            people::let_go_accounts(self, &named.accounts).await?;
        }
        for change in changes {
            if matches!(change, Change::PutOrg(put) if put.id != org) {
                return conflict("an organisation changes only itself");
            }
            self.change(change).await?;
        }
        let sql =
            Sql::of("INSERT INTO audit (org_id, doc) VALUES ($1, $2) RETURNING pg_current_xact_id()::text");
        let row = self.lease.rows(&sql.bind(self.org).bind(json(audit)?)).await?.pop();
        Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or_default())
    }

    /// Batches that move names between many rows would hold them crosswise; in an organisation they come one by one.
    async fn take_turns(&mut self) -> Result<(), Fault> {
        let sql = Sql::of("SELECT 1 FROM org WHERE org_id = $1 FOR NO KEY UPDATE");
        self.lease.rows(&sql.bind(self.org)).await.map(drop)
    }

    /// The rows of a question.
    pub async fn rows(&mut self, sql: &Sql) -> Result<Vec<crate::driver::PgRow>, Fault> {
        self.lease.rows(sql).await
    }

    /// Whether the batch puts the same person or account a second time: then it has to let go of its own first.
    pub fn meets_again(&mut self, id: Uuid) -> bool {
        !self.met.insert(id)
    }

    /// How many rows it changed.
    pub async fn run(&mut self, sql: &Sql) -> Result<u64, Fault> {
        self.lease.run(sql).await
    }

    /// The same where something unique may be taken.
    pub async fn claim(&mut self, sql: &Sql, taken: impl FnOnce() -> String) -> Result<(), Halt> {
        match self.run(sql).await {
            Ok(_) => Ok(()),
            Err(fault) if fault.kind() == Kind::Taken => conflict(taken()),
            Err(fault) => Err(fault.into()),
        }
    }

    async fn change(&mut self, change: &Change) -> Result<(), Halt> {
        match change {
            Change::PutOrg(org) => self.put_org(org).await,
            Change::PutPerson(person) => people::put(self, person).await,
            Change::PutTeam(team) => self.put_team(team).await,
            Change::PutAccount(account) => people::put_account(self, account).await,
            Change::Publish(playbook) => self.publish(playbook).await,
            Change::PutToken(token) => self.put_token(token).await,
            Change::PutSession(session) => self.put_session(session).await,
            Change::SeeSession { secret, at } => {
                let sql = Sql::of(
                    "UPDATE session
                     SET seen_key = $3, doc = jsonb_set(doc::jsonb, '{seen_at}', to_jsonb($4::text))::text
                     WHERE org_id = $1 AND secret = $2",
                );
                let sql = sql.bind(self.org).bind(plain(secret)).bind(at.as_millisecond());
                self.run(&sql.bind(at.to_string())).await?;
                Ok(())
            }
            Change::EndSession(secret) => {
                let sql = Sql::of("DELETE FROM session WHERE org_id = $1 AND secret = $2");
                self.run(&sql.bind(self.org).bind(plain(secret))).await?;
                Ok(())
            }
            Change::EndSessionsOf(person) => {
                let sql = Sql::of("DELETE FROM session WHERE org_id = $1 AND person_id = $2");
                self.run(&sql.bind(self.org).bind(person.0)).await?;
                Ok(())
            }
            Change::PutLink(link) => self.put_link(link).await,
            Change::UseLink(secret) => {
                let sql = Sql::of("DELETE FROM link WHERE org_id = $1 AND secret = $2");
                match self.run(&sql.bind(self.org).bind(plain(secret))).await? {
                    0 => conflict("the link was used already"),
                    _ => Ok(()),
                }
            }
            Change::PutDeal(deal) => self.put_deal(deal).await,
            Change::PutAnswer(row) => {
                let mut sql = Sql::of("WITH held AS (SELECT 1)").bind(self.org);
                views::put_answer(&mut sql, row);
                sql.push(" SELECT 1");
                self.claim(&sql, || "the idempotency key was used already".to_owned()).await
            }
            Change::Delivered { outbox, .. } => waiting::delivered(self, *outbox).await,
            Change::Deliver(letter) => self.deliver(letter).await,
            Change::Post { letter, person, at } => waiting::post(self, *letter, *person, *at).await,
            Change::Posted { letters } | Change::PostNever { letters } => {
                waiting::take_off_post(self, letters).await
            }
            Change::PostLater { letters, at } => waiting::put_off_post(self, letters, *at).await,
            Change::PostAnew { now, letters } => waiting::time_post_anew(self, *now, letters).await,
            Change::Receive(event) => waiting::receive(self, event).await,
            Change::EventDone { source, id, note } => {
                waiting::settle(self, source, id, EventState::Done, note).await
            }
            Change::EventRefused { source, id, note } => {
                waiting::settle(self, source, id, EventState::Refused, note).await
            }
            Change::EventLater { source, id, at, note } => {
                waiting::put_off_event(self, source, id, *at, note).await
            }
            Change::LookAgain => waiting::look_again(self).await,
            Change::Still { handoff, version } => self.still(*handoff, *version).await,
            Change::Parcel(change) => parcels::change(self, change).await,
            Change::Mail(change) => mails::change(self, change).await,
            Change::Draft(row) => drafts::keep(self, row).await,
            Change::Template(change) => templates::change(self, change).await,
            Change::View(change) => saved::change(self, change).await,
            Change::Portal(change) => portal::change(self, change).await,
            Change::TakeSampleAway(sample) => sample::take_away(self, *sample).await,
            Change::Tidy { answers_before, links_before, sessions_before, events_before } => {
                let times = [
                    ("DELETE FROM answer WHERE org_id = $1 AND at_key < $2", answers_before),
                    ("DELETE FROM link WHERE org_id = $1 AND expires_key < $2", links_before),
                    ("DELETE FROM session WHERE org_id = $1 AND seen_key < $2", sessions_before),
                    (
                        "DELETE FROM event WHERE org_id = $1 AND received_key < $2 AND state <> 'new'",
                        events_before,
                    ),
                ];
                for (sql, time) in times {
                    self.run(&Sql::of(sql).bind(self.org).bind(time.as_millisecond())).await?;
                }
                Ok(())
            }
        }
    }

    /// Whoever would move the handoff on waits until this batch is through.
    async fn still(&mut self, handoff: HandoffId, version: Version) -> Result<(), Halt> {
        let sql = Sql::of("SELECT version FROM snapshot WHERE org_id = $1 AND handoff_id = $2 FOR SHARE");
        let row = self.lease.rows(&sql.bind(self.org).bind(handoff.0)).await?.pop();
        match row.map(|row| count(&row, 0)).transpose()?.unwrap_or(0) {
            current if current == version => Ok(()),
            current => Err(Halt::Stale(current)),
        }
    }

    async fn put_org(&mut self, org: &Org) -> Result<(), Halt> {
        let sql = Sql::of(
            "INSERT INTO org (org_id, slug, doc, version) SELECT $1, $2, $3, $4
             WHERE $4 = 1 OR EXISTS (SELECT FROM org WHERE org_id = $1)
             ON CONFLICT (org_id) DO UPDATE SET
                 slug = excluded.slug, doc = excluded.doc, version = excluded.version
                 WHERE org.version = excluded.version - 1",
        );
        let sql = sql.bind(self.org).bind(plain(&org.slug)).bind(json(org)?).bind(signed(org.version)?);
        match self.run(&sql).await {
            Ok(0) => {
                let sql = Sql::of("SELECT version FROM org WHERE org_id = $1").bind(self.org);
                let row = self.lease.rows(&sql).await?.pop();
                Err(Halt::Stale(row.map(|row| count(&row, 0)).transpose()?.unwrap_or(0)))
            }
            Ok(_) => Ok(()),
            Err(fault) if fault.kind() == Kind::Taken => {
                conflict(format!("the name `{}` is taken", org.slug))
            }
            Err(fault) => Err(fault.into()),
        }
    }

    async fn put_team(&mut self, team: &Team) -> Result<(), Halt> {
        let sql = Sql::of(
            "INSERT INTO team (org_id, team_id, name_key, doc) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org_id, team_id) DO UPDATE SET name_key = excluded.name_key, doc = excluded.doc",
        );
        let sql = sql.bind(self.org).bind(team.id.0).bind(plain(&team.name.to_lowercase())).bind(json(team)?);
        self.run(&sql).await?;
        Ok(())
    }

    async fn publish(&mut self, playbook: &PublishedPlaybook) -> Result<(), Halt> {
        let PublishedPlaybook { id, name, version, source, at } = playbook;
        let sql = Sql::of(
            "INSERT INTO playbook (org_id, name, version, playbook_id, at, source) VALUES ($1, $2, $3, $4, $5, $6)",
        );
        let sql = sql.bind(self.org).bind(plain(name)).bind(i64::from(*version)).bind(id.0);
        let sql = sql.bind(at.to_string()).bind(plain(source));
        self.claim(&sql, || format!("playbook {name} {version} is published already")).await
    }

    async fn put_token(&mut self, token: &Token) -> Result<(), Halt> {
        let sql = Sql::of(
            "INSERT INTO token (org_id, token_id, secret, made_key, doc) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (org_id, token_id) DO UPDATE SET
                 secret = excluded.secret, made_key = excluded.made_key, doc = excluded.doc",
        );
        let sql = sql.bind(self.org).bind(token.id.0).bind(plain(&token.secret));
        let sql = sql.bind(token.created_at.as_millisecond()).bind(json(token)?);
        self.claim(&sql, || "the token's secret is taken".to_owned()).await
    }

    async fn put_session(&mut self, session: &Session) -> Result<(), Halt> {
        let sql = Sql::of(
            "INSERT INTO session (org_id, secret, person_id, made_key, seen_key, doc)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (org_id, secret) DO UPDATE SET person_id = excluded.person_id,
                 made_key = excluded.made_key, seen_key = excluded.seen_key, doc = excluded.doc",
        );
        let sql = sql.bind(self.org).bind(plain(&session.secret)).bind(session.person.0);
        let sql = sql.bind(session.created_at.as_millisecond()).bind(session.seen_at.as_millisecond());
        self.claim(&sql.bind(json(session)?), || "the session's secret is taken".to_owned()).await
    }

    async fn put_link(&mut self, link: &Link) -> Result<(), Halt> {
        let sql = Sql::of("INSERT INTO link (org_id, secret, expires_key, doc) VALUES ($1, $2, $3, $4)");
        let sql = sql.bind(self.org).bind(plain(&link.secret)).bind(link.expires_at.as_millisecond());
        self.claim(&sql.bind(json(link)?), || "the link's secret is taken".to_owned()).await
    }

    async fn put_deal(&mut self, deal: &DealRow) -> Result<(), Halt> {
        let (source, external_id) = (plain(&deal.key.source), plain(&deal.key.external_id));
        let of_deal = |sql: &'static str| Sql::of(sql).bind(self.org).bind(&*source).bind(&*external_id);
        let values = |sql: Sql| {
            let sql = sql.bind(deal.source_time.to_string()).bind(deal.handoff.map(|id| id.0));
            sql.bind(deal.body.as_str())
        };
        let insert = values(of_deal(
            "INSERT INTO deal (org_id, source, external_id, source_time, handoff_id, body)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org_id, source, external_id) DO NOTHING",
        ));
        let find = of_deal(
            "SELECT source_time, handoff_id FROM deal WHERE org_id = $1 AND source = $2 AND external_id = $3
             FOR UPDATE",
        );
        let update = values(of_deal(
            "UPDATE deal SET source_time = $4, handoff_id = $5, body = $6
             WHERE org_id = $1 AND source = $2 AND external_id = $3",
        ));
        if self.run(&insert).await? > 0 {
            return Ok(());
        }
        let Some(held) = self.lease.rows(&find).await?.pop() else { return Ok(()) };
        match maybe_id::<HandoffId>(&held, 1)? {
            Some(handoff) => return conflict(format!("the deal has a handoff: {handoff}")),
            None if time(&held, 0)? > deal.source_time => return Ok(()),
            None => {}
        }
        self.run(&update).await?;
        Ok(())
    }

    async fn deliver(&mut self, letter: &Letter) -> Result<(), Halt> {
        let insert = Sql::of(
            "INSERT INTO letter (org_id, letter_id, to_person, doc) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org_id, letter_id) DO NOTHING",
        );
        let to = letter.to.map(|person| person.0);
        let insert = insert.bind(self.org).bind(letter.id).bind(to).bind(json(letter)?);
        if self.run(&insert).await? > 0 {
            return Ok(());
        }
        let find = Sql::of("SELECT doc FROM letter WHERE org_id = $1 AND letter_id = $2 FOR UPDATE");
        let held = self.lease.rows(&find.bind(self.org).bind(letter.id)).await?.pop();
        let held: Option<Letter> = held.map(|row| doc(&row, 0)).transpose()?;
        let read_at = letter.read_at.or(held.and_then(|held| held.read_at));
        let letter = Letter { read_at, ..letter.clone() };
        let update =
            Sql::of("UPDATE letter SET to_person = $3, doc = $4 WHERE org_id = $1 AND letter_id = $2");
        self.run(&update.bind(self.org).bind(letter.id).bind(to).bind(json(&letter)?)).await?;
        Ok(())
    }
}
