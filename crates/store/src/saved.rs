//! Saved views: a list or board with its filters under a name, of one person or shared; and what each reader made of
//! them: pinned, shown first.
//!
//! Absent on purpose: what a filter may say (pages know), and who may share with whom (access says).

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{OrgId, PersonId, TeamId};
use uuid::Uuid;

use crate::commit::StoreError;

/// Said when a view was changed or removed since it was read.
pub const VIEW_MOVED_ON: &str = "the view was changed meanwhile";
/// The most views one reader is shown.
pub const MOST_VIEWS: u32 = 500;

/// Which page a view is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewPlace {
    /// The list of deals.
    Deals,
    /// The board.
    Board,
}

impl ViewPlace {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Deals, Self::Board];

    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deals => "deals",
            Self::Board => "board",
        }
    }
}

/// Who sees a view beside its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "with", rename_all = "snake_case")]
pub enum Shared {
    /// Nobody.
    Nobody,
    /// A team.
    Team {
        /// Which.
        team: TeamId,
    },
    /// Everybody of the organisation.
    Organisation,
}

/// A list or board with its filters, under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub owner: PersonId,
    /// What it is called.
    pub name: String,
    /// Of which page.
    pub place: ViewPlace,
    /// Its filters and order: names and values, as an address has them.
    pub filter: Vec<(String, String)>,
    /// Who sees it.
    pub shared: Shared,
    /// Counts its changes, from 1.
    pub version: u64,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// What a reader made of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ViewChoice {
    /// It stands above the list.
    pub pinned: bool,
    /// Its page opens with it.
    pub first: bool,
}

/// A change of saved views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewChange {
    /// Puts a view's next version. Conflicts unless what is there is the version before it.
    Put(SavedView),
    /// Removes a view, and what anybody made of it. Conflicts unless it is at this version.
    Remove {
        /// Which.
        view: Uuid,
        /// Its version.
        version: u64,
    },
    /// Says what a reader makes of a view; of their views of one page one is first at most. Conflicts when the view is
    /// not there.
    Choose {
        /// Who.
        person: PersonId,
        /// Of which.
        view: Uuid,
        /// What.
        choice: ViewChoice,
    },
}

/// Looking at saved views.
#[async_trait]
pub trait Viewing: Send + Sync {
    /// The views a person may see: their own, those shared with one of these teams, and with everybody; with what they
    /// made of each. By name without regard to case, then by id; at most [`MOST_VIEWS`].
    async fn views(
        &self,
        org: OrgId,
        person: PersonId,
        teams: &BTreeSet<TeamId>,
    ) -> Result<Vec<(SavedView, ViewChoice)>, StoreError>;
    /// One view.
    async fn view(&self, org: OrgId, id: Uuid) -> Result<Option<SavedView>, StoreError>;
}

impl SavedView {
    /// Where it stands among others: by name, then id.
    pub fn place_among(&self) -> (String, Uuid) {
        (self.name.to_lowercase(), self.id)
    }
}
