//! Saved views, in memory.

use std::collections::BTreeSet;

use async_trait::async_trait;
use throughline_domain::{OrgId, PersonId, TeamId};
use uuid::Uuid;

use super::{MemoryStore, Tables, apply::conflict};
use crate::{commit::StoreError, ports::ApplyError, saved::*};

#[async_trait]
impl Viewing for MemoryStore {
    async fn views(
        &self,
        org: OrgId,
        person: PersonId,
        teams: &BTreeSet<TeamId>,
    ) -> Result<Vec<(SavedView, ViewChoice)>, StoreError> {
        Ok(self.read(org, |tables| {
            let seen = |view: &&SavedView| match view.shared {
                _ if view.owner == person => true,
                Shared::Nobody => false,
                Shared::Team { team } => teams.contains(&team),
                Shared::Organisation => true,
            };
            let mut views: Vec<_> = tables.views.values().filter(seen).cloned().collect();
            views.sort_by_cached_key(SavedView::place_among);
            let choice = |view: SavedView| {
                let made = tables.view_choices.get(&(person, view.id)).copied().unwrap_or_default();
                (view, made)
            };
            views.into_iter().take(MOST_VIEWS as usize).map(choice).collect()
        }))
    }

    async fn view(&self, org: OrgId, id: Uuid) -> Result<Option<SavedView>, StoreError> {
        Ok(self.read(org, |tables| tables.views.get(&id).cloned()))
    }
}

impl Tables {
    pub fn view(&mut self, change: ViewChange) -> Result<(), ApplyError> {
        match change {
            ViewChange::Put(view) => {
                let held = self.views.get(&view.id).map_or(0, |held| held.version);
                if view.version != held + 1 {
                    return conflict(VIEW_MOVED_ON);
                }
                self.views.insert(view.id, view);
            }
            ViewChange::Remove { view, version } => {
                if self.views.get(&view).is_none_or(|held| held.version != version) {
                    return conflict(VIEW_MOVED_ON);
                }
                self.views.remove(&view);
                self.view_choices.retain(|(_, of), _| *of != view);
            }
            ViewChange::Choose { person, view, choice } => {
                let Some(place) = self.views.get(&view).map(|held| held.place) else {
                    return conflict(VIEW_MOVED_ON);
                };
                if choice.first {
                    let views = &self.views;
                    let of_place = |of: &Uuid| views.get(of).is_some_and(|other| other.place == place);
                    let others =
                        self.view_choices.iter_mut().filter(|((who, of), _)| *who == person && of_place(of));
                    others.for_each(|(_, other)| other.first = false);
                }
                self.view_choices.insert((person, view), choice);
            }
        }
        Ok(())
    }
}
