//! Checking one handoff.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use throughline_domain::{
    HandoffId, OrgId,
    handoff::{Handoff, evolve},
    personal::{self, SideRow},
};
use uuid::Uuid;

use super::Depth;
use crate::{
    chain::{self, Broken, GENESIS, Hash, JournalRow},
    commit::StoreError,
    ports::{Handoffs, Stored},
    query::STRETCH,
};

/// How often a handoff that changes under the check is looked at again.
const PATIENCE: u32 = 5;

/// What was found in one handoff.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// How many facts it says it has; 0 where that cannot be read.
    pub version: u64,
    /// How many facts were seen.
    pub facts: u64,
    /// How many texts are there and match.
    pub texts: u64,
    /// How many are erased.
    pub erased: u64,
    /// The first broken place.
    pub broken: Option<Broken>,
}

/// Checks one handoff as it was when the check began.
///
/// # Errors
/// When the store cannot answer.
pub async fn verify_one(
    store: &dyn Handoffs,
    org: OrgId,
    id: HandoffId,
    depth: Depth,
) -> Result<Checked, StoreError> {
    let mut tries = 0;
    loop {
        let stored = match readable(store.load(org, id).await)? {
            Ok(stored) => stored,
            Err(text) => return Ok(broken_at(id, 0, text)),
        };
        let checked = check(store, org, id, stored.as_ref(), depth).await?;
        // An erasure in between leaves a snapshot that was read with texts that are gone: look once more.
        tries += 1;
        let unmoved = checked.broken.is_none()
            || tries >= PATIENCE
            || matches!(readable(store.load(org, id).await)?, Ok(now) if now == stored);
        if unmoved {
            return Ok(checked);
        }
    }
}

async fn check(
    store: &dyn Handoffs,
    org: OrgId,
    id: HandoffId,
    stored: Option<&Stored>,
    depth: Depth,
) -> Result<Checked, StoreError> {
    let version = stored.map_or(0, |stored| stored.version);
    let found = Checked { version, ..Checked::default() };
    let mut run = Run { last: (0, GENESIS.to_owned()), texts: None, state: None, found };
    while run.last.0 < version || version == 0 {
        let rows = match readable(store.journal(org, id, run.last.0, STRETCH).await)? {
            Ok(rows) => rows,
            Err(text) => return Ok(run.broken(id, text)),
        };
        if rows.is_empty() {
            break;
        }
        for row in rows {
            // What was written since the check began is the next check's.
            if version != 0 && run.last.0 >= version {
                break;
            }
            if let Err(broken) = run.take(store, org, &row, depth).await? {
                return Ok(Checked { broken: Some(broken), ..run.found });
            }
        }
    }
    Ok(run.end(id, stored, depth))
}

/// The check of one chain, fact by fact.
struct Run {
    last: (u64, Hash),
    texts: Option<BTreeMap<Uuid, ([u8; 16], String)>>,
    state: Option<Handoff>,
    found: Checked,
}

/// What a fact says of itself.
#[derive(Deserialize)]
struct Said {
    seq: u64,
    at: Timestamp,
    fact: Kind,
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
}

impl Run {
    async fn take(
        &mut self,
        store: &dyn Handoffs,
        org: OrgId,
        row: &JournalRow,
        depth: Depth,
    ) -> Result<Result<(), Broken>, StoreError> {
        let broken = |reason: &str| Broken { handoff: row.handoff, seq: row.seq, reason: reason.to_owned() };
        let before = (self.last.0 > 0).then_some((self.last.0, self.last.1.as_str()));
        if let Err(broken) = chain::verify(row, before) {
            return Ok(Err(broken));
        }
        let Ok(said) = serde_json::from_str::<Said>(&row.body) else {
            return Ok(Err(broken("its content cannot be read")));
        };
        if (said.seq, said.at, &said.fact.kind) != (row.seq, row.at, &row.kind) {
            return Ok(Err(broken("its place, time or kind was changed beside its content")));
        }
        if row.body.contains("\"$personal\"") {
            let texts = match readable(self.texts_of(store, org, row.handoff).await)? {
                Ok(texts) => texts,
                Err(text) => return Ok(Err(broken(&text))),
            };
            let value: serde_json::Value = serde_json::from_str(&row.body).unwrap_or_default();
            let (mut there, mut erased) = (0, 0);
            for (id, hash) in personal::pointers(&value) {
                match texts.get(&id) {
                    None => erased += 1,
                    Some((salt, text)) => {
                        let side = SideRow { id, salt: *salt, text: text.clone() };
                        if personal::salted(&side) != hash {
                            return Ok(Err(broken("a personal text was changed")));
                        }
                        there += 1;
                    }
                }
            }
            self.found.texts += there;
            self.found.erased += erased;
        }
        if depth == Depth::Replay {
            let texts = self.texts.as_ref();
            let text_of = |id| texts.and_then(|texts| texts.get(&id)).map(|(_, text)| text.clone());
            match row.open(&text_of) {
                Ok(recorded) => self.state = evolve(self.state.take(), &recorded),
                Err(error) => return Ok(Err(broken(&format!("cannot be read as a fact: {error}")))),
            }
        }
        self.found.facts += 1;
        self.last = (row.seq, row.hash.clone());
        Ok(Ok(()))
    }

    async fn texts_of(
        &mut self,
        store: &dyn Handoffs,
        org: OrgId,
        id: HandoffId,
    ) -> Result<&BTreeMap<Uuid, ([u8; 16], String)>, StoreError> {
        let texts = match self.texts.take() {
            Some(texts) => texts,
            None => store.texts(org, id).await?,
        };
        Ok(self.texts.insert(texts))
    }

    /// Checks the snapshot against the last fact.
    fn end(self, id: HandoffId, stored: Option<&Stored>, depth: Depth) -> Checked {
        let Some(stored) = stored else { return self.broken(id, "its snapshot is missing".to_owned()) };
        if stored.version > self.last.0 {
            let text = format!("facts up to {} are missing at the end", stored.version);
            return self.broken(id, text);
        }
        if stored.head != self.last.1 {
            return self.broken(id, "the snapshot is not of the last fact".to_owned());
        }
        if depth == Depth::Replay {
            let replayed = serde_json::to_value(&self.state).ok();
            if replayed.is_none() || replayed != serde_json::from_str(&stored.snapshot).ok() {
                return self.broken(id, "folding the facts does not give the snapshot".to_owned());
            }
        }
        self.found
    }

    fn broken(self, handoff: HandoffId, reason: String) -> Checked {
        let broken = Some(Broken { handoff, seq: self.last.0, reason });
        Checked { broken, ..self.found }
    }
}

fn broken_at(handoff: HandoffId, seq: u64, reason: String) -> Checked {
    Checked { broken: Some(Broken { handoff, seq, reason }), ..Checked::default() }
}

/// Something unreadable is a finding; a store that cannot answer is an error.
fn readable<T>(result: Result<T, StoreError>) -> Result<Result<T, String>, StoreError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(StoreError::Unreadable(text)) => Ok(Err(text)),
        Err(error) => Err(error),
    }
}
