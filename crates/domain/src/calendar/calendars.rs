//! Whose calendar counts: that of the team of whoever owes the step, else the organisation's (R0.12).
//!
//! Absent on purpose: teams. Who is in which team, and which team has a calendar of its own, is found out where
//! people are kept; here only the outcome is known.

use std::{collections::BTreeMap, sync::Arc};

use super::Calendar;
use crate::ids::PersonId;

/// Calendars of people whose team has one of its own.
pub type OwnCalendars = BTreeMap<PersonId, Arc<Calendar>>;

/// The calendars of one organisation: its own, and those of people whose team keeps another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendars {
    house: Arc<Calendar>,
    own: Arc<OwnCalendars>,
}

impl Calendars {
    /// The organisation's calendar, and the others by person.
    #[must_use]
    pub fn new(house: impl Into<Arc<Calendar>>, own: impl Into<Arc<OwnCalendars>>) -> Self {
        Self { house: house.into(), own: own.into() }
    }

    /// The organisation's: what is about the deal and not about somebody's step is counted by it.
    #[must_use]
    pub fn house(&self) -> &Calendar {
        &self.house
    }

    /// The one by which somebody works; the organisation's for nobody in particular.
    #[must_use]
    pub fn of(&self, person: Option<PersonId>) -> &Calendar {
        person.and_then(|person| self.own.get(&person)).unwrap_or(&self.house)
    }
}

impl From<Calendar> for Calendars {
    /// Everybody works by this one.
    fn from(house: Calendar) -> Self {
        Self::new(house, OwnCalendars::new())
    }
}
