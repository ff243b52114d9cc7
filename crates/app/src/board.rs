//! The board: handoffs by stage, the late ones first, and how many there are of each; the words lists are narrowed by.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{PersonId, TeamId, access::Action};
use throughline_store::{Cursor, DealWords, HandoffFilter, HandoffRow, Lateness, Sort, Spread};

use crate::{App, AppError, Caller};

/// The stages a handoff goes through, in order, as data names them.
pub const STAGES: [&str; 4] = ["preparing", "offered", "assigned", "owned"];
/// What is due within this counts as due soon.
pub const SOON: SignedDuration = SignedDuration::from_hours(48);

/// A stage with its first handoffs.
#[derive(Debug, Clone)]
pub struct Column {
    /// How many there are, late and soon.
    pub spread: Spread,
    /// The first by due time: late ones, then those due soon, then the others.
    pub rows: Vec<HandoffRow>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

impl App {
    /// What counts as late and as soon now.
    pub fn lateness(&self) -> Lateness {
        let now = self.now();
        Lateness { now, soon: now.checked_add(SOON).unwrap_or(Timestamp::MAX) }
    }

    /// The board of what a filter finds within the asker's reach; of each stage as many as `shown` says, at most 200.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who may read no handoff at all.
    pub async fn board(
        &self,
        caller: &Caller,
        filter: &HandoffFilter,
        shown: impl Fn(&str) -> u32,
    ) -> Result<Vec<Column>, AppError> {
        let reach = caller.reach(Action::Read)?;
        let counted = self.store.spread(caller.org, &reach, filter, self.lateness()).await?;
        let mut columns = Vec::new();
        let wanted = STAGES.iter().filter(|stage| filter.stage.is_empty() || filter.stage.contains(**stage));
        for stage in wanted {
            let spread = counted.iter().find(|spread| spread.stage == *stage).cloned();
            let Some(spread) = spread else {
                let spread = Spread { stage: (*stage).to_owned(), all: 0, late: 0, soon: 0 };
                columns.push(Column { spread, rows: Vec::new(), next: None });
                continue;
            };
            let narrowed = HandoffFilter { stage: BTreeSet::from([(*stage).to_owned()]), ..filter.clone() };
            let page = self.handoffs(caller, narrowed, Sort::Due, None, shown(stage)).await?;
            columns.push(Column { spread, rows: page.rows, next: page.next });
        }
        Ok(columns)
    }

    /// The words the organisation's handoffs are told apart by.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who may read no handoff at all.
    pub async fn deal_words(&self, caller: &Caller) -> Result<DealWords, AppError> {
        caller.may(Action::Read)?;
        Ok(self.store.words(caller.org).await?)
    }

    /// Everybody in a team: whose parts a list of the team's handoffs is about.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who may not see people.
    pub async fn people_of_team(
        &self,
        caller: &Caller,
        team: TeamId,
    ) -> Result<BTreeSet<PersonId>, AppError> {
        caller.may(Action::ReadPeople)?;
        Ok(self.store.team_people(caller.org, &BTreeSet::from([team])).await?)
    }
}
