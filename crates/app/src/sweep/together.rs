//! What handoffs of one batch share: their organisation and whose days count in it are read once for all of them.

use std::collections::HashMap;

use throughline_domain::{HandoffId, OrgId, calendar::Calendars};
use throughline_store::Org;

use crate::{App, AppError, handle::Loaded};

/// Organisations with their calendars, as they were when a batch was begun. Who changed one since sees to it that what
/// was worked out before is looked at again.
pub(super) struct Together(HashMap<OrgId, (Org, Calendars)>);

impl App {
    /// Reads what a batch shares. An organisation that cannot be read is left out, so that it holds up no other.
    pub(super) async fn together(&self, orgs: impl Iterator<Item = OrgId>) -> Together {
        let mut found = HashMap::new();
        for id in orgs {
            if found.contains_key(&id) {
                continue;
            }
            let Ok(org) = self.organisation(id).await else { continue };
            if let Ok(calendars) = self.calendars(&org).await {
                found.insert(id, (org, calendars));
            }
        }
        Together(found)
    }

    /// Loads a handoff of a batch.
    pub(super) async fn load_of(
        &self,
        batch: &Together,
        org: OrgId,
        id: HandoffId,
    ) -> Result<Loaded, AppError> {
        match batch.0.get(&org) {
            Some((org, calendars)) => self.load_by(org.clone(), calendars.clone(), id).await,
            None => self.load(org, id).await,
        }
    }
}
