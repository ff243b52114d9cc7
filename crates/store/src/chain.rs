//! The journal's hash chain: each row carries the hash of the one before it in its handoff.
//!
//! The hash covers the bytes as stored, so verifying needs neither the playbook nor the personal texts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use throughline_domain::{
    HandoffId,
    handoff::Recorded,
    personal::{self, SideRow},
};
use uuid::Uuid;

use crate::columns;

/// A SHA-256 in lower-case hexadecimal.
pub type Hash = String;

/// What the first row of every chain points to.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One fact as it is kept: sealed, in place, chained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRow {
    /// Whose.
    pub handoff: HandoffId,
    /// Its place, from 1.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// The fact's kind, for reading without parsing.
    pub kind: String,
    /// The recorded fact as JSON, personal texts replaced by pointers. These exact bytes are hashed.
    pub body: String,
    /// The hash of the row before.
    pub prev: Hash,
    /// The hash of `prev`, handoff, seq and body.
    pub hash: Hash,
}

impl JournalRow {
    /// The hash the row should carry.
    pub fn expected_hash(&self) -> Hash {
        let mut hash = Sha256::new();
        hash.update(self.prev.as_bytes());
        hash.update(self.handoff.0.as_bytes());
        hash.update(self.seq.to_be_bytes());
        hash.update(self.body.as_bytes());
        columns::hash_text(&hash.finalize().into())
    }

    /// The fact with its personal texts put back; a text whose row is gone reads as erased.
    pub fn open(&self, text_of: &dyn Fn(Uuid) -> Option<String>) -> Result<Recorded, serde_json::Error> {
        let mut value = serde_json::from_str(&self.body)?;
        personal::unseal(&mut value, text_of);
        serde_json::from_value(value)
    }
}

/// Seals and chains facts after `head`. `fresh` gives a random id and salt for each personal text.
pub fn chain(
    handoff: HandoffId,
    head: &str,
    facts: &[Recorded],
    fresh: &mut dyn FnMut() -> (Uuid, [u8; 16]),
) -> Result<(Vec<JournalRow>, Vec<SideRow>), serde_json::Error> {
    let mut prev = head.to_owned();
    let (mut rows, mut texts) = (Vec::with_capacity(facts.len()), Vec::new());
    for recorded in facts {
        let mut value = serde_json::to_value(recorded)?;
        texts.extend(personal::seal(&mut value, fresh));
        let kind = value["fact"]["kind"].as_str().unwrap_or_default().to_owned();
        let body = serde_json::to_string(&value)?;
        let mut row =
            JournalRow { handoff, seq: recorded.seq, at: recorded.at, kind, body, prev, hash: String::new() };
        row.hash = row.expected_hash();
        prev = row.hash.clone();
        rows.push(row);
    }
    Ok((rows, texts))
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("handoff {handoff}, fact {seq}: {reason}")]
pub struct Broken {
    /// In which handoff.
    pub handoff: HandoffId,
    /// At which fact.
    pub seq: u64,
    /// What is wrong.
    pub reason: String,
}

/// Checks one row against the row before it: (seq, hash), or none for the first.
pub fn verify(row: &JournalRow, before: Option<(u64, &str)>) -> Result<(), Broken> {
    let broken = |reason: &str| Broken { handoff: row.handoff, seq: row.seq, reason: reason.to_owned() };
    let (seq, prev) = before.map_or((1, GENESIS), |(seq, hash)| (seq + 1, hash));
    if row.seq != seq {
        return Err(broken(&format!("expected fact {seq}: one is missing or doubled")));
    }
    if row.prev != prev {
        return Err(broken("does not follow the fact before it"));
    }
    if row.hash != row.expected_hash() {
        return Err(broken("its content was changed"));
    }
    Ok(())
}
