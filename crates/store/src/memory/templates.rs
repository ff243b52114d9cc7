//! A company's templates, in memory.

use async_trait::async_trait;
use throughline_domain::OrgId;

use super::{MemoryStore, Tables, apply::conflict};
use crate::{commit::StoreError, ports::ApplyError, templates::*};

#[async_trait]
impl Wording for MemoryStore {
    async fn templates(&self, org: OrgId) -> Result<Vec<TemplateRow>, StoreError> {
        Ok(self.read(org, |tables| tables.templates.values().cloned().collect()))
    }

    async fn templates_mark(&self, org: OrgId) -> Result<u64, StoreError> {
        Ok(self.read(org, |tables| tables.templates.values().map(|row| row.version).sum()))
    }
}

impl Tables {
    pub fn template(&mut self, change: TemplateChange) -> Result<(), ApplyError> {
        match change {
            TemplateChange::Put(row) => {
                let held = self.templates.get(&row.kind).map_or(0, |held| held.version);
                if row.version != held + 1 {
                    return conflict(TEMPLATE_MOVED_ON);
                }
                self.templates.insert(row.kind.clone(), row);
            }
            TemplateChange::Failed { kind, version, failure } => {
                let held = self.templates.get_mut(&kind);
                if let Some(held) = held.filter(|held| held.version == version) {
                    held.failed.get_or_insert(failure);
                }
            }
        }
        Ok(())
    }
}
