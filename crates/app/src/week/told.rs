//! Who was told of which clock, when, by which rule: reminders and rungs of the ladder, with the letters they became.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::{
    PersonId, Role,
    clock::{Matter, Whom},
    handoff::{Fact, Recipient, owner_of},
};
use throughline_store::{JournalRow, Page, ToldPlace, ToldQuery};
use uuid::Uuid;

use super::{
    DAYS, Names, Narrow, Somebody, Subject, Why,
    clocked::{still_open, why},
};
use crate::{App, AppError, Caller, letters::title};

/// One time at which somebody was told of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ToldOf {
    /// About which handoff.
    pub handoff: Subject,
    /// What the clock runs on.
    pub matter: Matter,
    /// The same in the playbook's words.
    pub title: String,
    /// When they were told.
    pub at: Timestamp,
    /// For which due time.
    pub due_at: Timestamp,
    /// Which reminder it was, from 1; none: it went up the ladder.
    pub reminder: Option<u32>,
    /// The rung that was told; none: it was a reminder.
    pub rung: Option<Whom>,
    /// Who owes it now; none: everybody of the role.
    pub owner: Option<Somebody>,
    /// As what.
    pub owner_role: Option<Role>,
    /// The letters it became.
    pub letters: Vec<Sent>,
    /// Whether the clock runs still.
    pub open: bool,
    /// Where the due time comes from; none where it has changed since.
    pub why: Option<Why>,
}

/// One reader's letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sent {
    /// Which letter.
    pub id: Uuid,
    /// Who it is to.
    pub to: Somebody,
    /// When it was put into their inbox.
    pub at: Timestamp,
    /// When they read it here.
    pub read_at: Option<Timestamp>,
    /// Until when its mail waits, as its reader wishes; none: it was mailed, or is not mailed.
    pub mail_waits_until: Option<Timestamp>,
}

/// A fact that told somebody.
struct Telling {
    row: JournalRow,
    matter: Matter,
    due_at: Timestamp,
    reminder: Option<u32>,
    rung: Option<Whom>,
}

impl App {
    /// A page of who was told of which clock in the last seven days, the newest first.
    pub async fn week_told(
        &self,
        caller: &Caller,
        narrow: &Narrow,
        after: Option<ToldPlace>,
        limit: u32,
    ) -> Result<Page<ToldOf, ToldPlace>, AppError> {
        let now = self.now();
        let query = ToldQuery {
            reach: self.week_reach(caller, narrow).await?,
            playbook: narrow.playbook.clone(),
            from: now.checked_sub(DAYS).unwrap_or(Timestamp::MIN),
            // The second that runs is part of it.
            until: now.checked_add(jiff::SignedDuration::from_secs(1)).unwrap_or(now),
            after,
            limit,
        };
        let page = self.store.told(caller.org, &query).await?;
        let mut told = Vec::new();
        for row in page.rows {
            told.extend(telling(row)?);
        }
        let places: BTreeSet<_> = told.iter().map(|it| (it.row.handoff, it.row.seq)).collect();
        let mut letters = self.store.letters_of(caller.org, &places).await?;
        let ids: BTreeSet<Uuid> = letters.values().flatten().map(|letter| letter.id).collect();
        let waiting = self.store.waiting_post(caller.org, &ids).await?;
        let loaded = self.load_several(caller, &places.iter().map(|(id, _)| *id).collect()).await?;

        let owner = |it: &Telling| {
            let loaded = loaded.get(&it.row.handoff)?;
            Some(owner_of(&loaded.handoff, loaded.playbook.as_deref(), &it.matter))
        };
        let owners = told.iter().filter_map(|it| person(owner(it)?));
        let readers = letters.values().flatten().filter_map(|letter| letter.to);
        let names = Names(self.named(caller.org, owners.chain(readers).collect::<Vec<_>>()).await?);
        let mut rows = Vec::new();
        for it in told {
            let Some(of) = loaded.get(&it.row.handoff) else { continue };
            let copies = letters.remove(&(it.row.handoff, it.row.seq)).unwrap_or_default();
            let owner = owner(&it);
            rows.push(ToldOf {
                handoff: Subject::of(&of.handoff),
                title: title(of, &it.matter),
                at: it.row.at,
                due_at: it.due_at,
                reminder: it.reminder,
                rung: it.rung,
                owner: owner.and_then(person).map(|id| names.somebody(id)),
                owner_role: role(owner, of, &it.matter),
                letters: copies
                    .into_iter()
                    .filter_map(|letter| {
                        Some(Sent {
                            id: letter.id,
                            to: names.somebody(letter.to?),
                            at: letter.at,
                            read_at: letter.read_at,
                            mail_waits_until: waiting.get(&letter.id).copied(),
                        })
                    })
                    .collect(),
                open: still_open(&of.handoff, of, &it.matter, now),
                why: why(of, &it.matter, it.due_at, now),
                matter: it.matter,
            });
        }
        Ok(Page { rows, next: page.next })
    }
}

/// What a fact told; none for a fact that tells nobody of a clock.
fn telling(row: JournalRow) -> Result<Option<Telling>, AppError> {
    let recorded = row.open(&|_| None).map_err(AppError::broken)?;
    Ok(match recorded.fact {
        Fact::Reminded { matter, due_at, nth } => {
            Some(Telling { row, matter, due_at, reminder: Some(nth), rung: None })
        }
        Fact::Escalated { matter, due_at, whom } => {
            Some(Telling { row, matter, due_at, reminder: None, rung: Some(whom) })
        }
        _ => None,
    })
}

fn person(owner: Recipient) -> Option<PersonId> {
    match owner {
        Recipient::Person { id } | Recipient::ManagerOf { id } => Some(id),
        _ => None,
    }
}

/// As what somebody owes it.
fn role(owner: Option<Recipient>, of: &crate::handle::Loaded, matter: &Matter) -> Option<Role> {
    match (owner, matter) {
        (Some(Recipient::Role { role }), _) => Some(role),
        (_, Matter::Step { step }) => Some(of.playbook.as_ref()?.step(step)?.owner),
        (_, Matter::Promise { .. } | Matter::Waiver { .. }) => None,
    }
}
