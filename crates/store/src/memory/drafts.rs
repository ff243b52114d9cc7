//! Drafts of playbooks, in memory.

use async_trait::async_trait;
use throughline_domain::OrgId;

use super::{MemoryStore, Tables, apply::conflict};
use crate::{commit::StoreError, drafts::*, ports::ApplyError};

#[async_trait]
impl Drafting for MemoryStore {
    async fn draft(&self, org: OrgId, name: &str) -> Result<Option<DraftRow>, StoreError> {
        Ok(self.read(org, |tables| tables.drafts.get(name).cloned()))
    }

    async fn drafts(&self, org: OrgId) -> Result<Vec<DraftRow>, StoreError> {
        let without_text =
            |row: &DraftRow| DraftRow { source: row.source.as_ref().map(|_| String::new()), ..row.clone() };
        Ok(self.read(org, |tables| tables.drafts.values().map(without_text).collect()))
    }
}

impl Tables {
    pub fn keep_draft(&mut self, row: DraftRow) -> Result<(), ApplyError> {
        let held = self.drafts.get(&row.name).map_or(0, |held| held.version);
        if row.version != held + 1 {
            return conflict(DRAFT_MOVED_ON);
        }
        self.drafts.insert(row.name.clone(), row);
        Ok(())
    }
}
