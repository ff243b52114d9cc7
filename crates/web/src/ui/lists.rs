//! Rows and figures: gaps, steps, the track, the meter, tabs, crumbs, pages.

use super::{GateMark, Person, Reading};
use crate::{i18n::Key, key};

/// A page above this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
}

impl Crumb {
    /// A page above this one.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// One of several views of the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// Whether it is the one shown.
    pub current: bool,
    /// How many things wait there, when that matters.
    pub count: Option<u64>,
}

/// The neighbours of one page of a long list (keyset: there are no page numbers).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    /// The page before this one.
    pub newer: Option<String>,
    /// The page after this one.
    pub older: Option<String>,
}

impl Pager {
    /// Whether there is anything but this page.
    pub fn is_needed(&self) -> bool {
        self.newer.is_some() || self.older.is_some()
    }
}

/// How far a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// Asks answered.
    pub done: u64,
    /// Asks required.
    pub all: u64,
    /// The next missing one: name and address.
    pub next: Option<(String, String)>,
}

impl Meter {
    const MOST_CELLS: u64 = 24;

    /// One cell for each ask, filled or not; nothing when there are too many to be told apart.
    pub fn cells(&self) -> Option<Vec<bool>> {
        (1..=Self::MOST_CELLS).contains(&self.all).then(|| (0..self.all).map(|ask| ask < self.done).collect())
    }

    /// Whether nothing is missing.
    pub fn is_full(&self) -> bool {
        self.done >= self.all
    }
}

/// Something a gate misses (R2.1, R2.12): what, why here, who owes it, where to fill it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What is missing.
    pub what: String,
    /// Why it is required of this deal.
    pub why: String,
    /// Who owes it.
    pub owes: Person,
    /// Where it can be filled.
    pub href: String,
}

impl Gap {
    /// What the way there says: by where it leads.
    pub fn verb(&self) -> Key {
        if self.href.contains("#category-") {
            key!("gap-mark")
        } else if self.href.contains("#ask-") {
            key!("gap-fill")
        } else {
            key!("gap-see")
        }
    }
}

/// One step of the sequence with its clock (R3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// What its clock says.
    pub reading: Reading,
    /// Who has to do it.
    pub owner: Option<Person>,
    /// When: due, done, how it is known. Each a short phrase.
    pub facts: Vec<String>,
    /// Where it can be reported or seen.
    pub href: Option<String>,
}

impl Step {
    /// Whether it lies behind us.
    pub fn is_over(&self) -> bool {
        matches!(self.reading, Reading::Early | Reading::Met | Reading::Late | Reading::Missed)
    }
}

/// The way of a handoff: stages, and the gates between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Track {
    /// A stage.
    Stop {
        /// Its name.
        name: String,
        /// Since when, or until when.
        note: Option<String>,
        /// Behind us, where we are, or ahead.
        position: Position,
    },
    /// A gate.
    Gate {
        /// Its name.
        name: String,
        /// What it said.
        mark: GateMark,
    },
}

/// Where a stop of the track lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Behind us.
    Past,
    /// Here.
    Now,
    /// Ahead.
    Ahead,
}

impl Track {
    /// The CSS class that draws the line at this point.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Stop { position: Position::Past, .. } => "track-stop is-past",
            Self::Stop { position: Position::Now, .. } => "track-stop is-now",
            Self::Stop { position: Position::Ahead, .. } => "track-stop is-ahead",
            Self::Gate { mark: GateMark::Pass | GateMark::NotRequired, .. } => "track-gate is-past",
            Self::Gate { mark: GateMark::Waived | GateMark::Bypassed | GateMark::WouldRefuse, .. } => {
                "track-gate is-waived"
            }
            Self::Gate { mark: GateMark::Refused, .. } => "track-gate is-shut",
            Self::Gate { mark: GateMark::Ahead, .. } => "track-gate is-ahead",
        }
    }
}

/// Where a track stands, in words, where there is no room for its names: the stage, and the next gate with what it
/// said.
pub fn track_says(stops: &[Track]) -> Option<(&str, Option<(&str, &GateMark)>)> {
    let here = |stop: &Track| matches!(stop, Track::Stop { position: Position::Now, .. });
    let place = stops.iter().position(here)?;
    let Some(Track::Stop { name: now, .. }) = stops.get(place) else { return None };
    let next = stops.iter().skip(place + 1).find_map(|stop| match stop {
        Track::Gate { name, mark } => Some((name.as_str(), mark)),
        Track::Stop { .. } => None,
    });
    Some((now, next))
}

/// What was said, by whom, when, and where it can be heard or read (R5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Word for word.
    pub quote: String,
    /// Who said it.
    pub speaker: Person,
    /// When: a date, a place in the recording.
    pub when: String,
    /// Where: `Discovery call, 00:31:07`.
    pub source: String,
    /// The passage itself.
    pub href: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_has_a_cell_for_each_ask_while_they_can_be_told_apart() {
        let cells = |done, all| Meter { done, all, next: None }.cells();
        assert_eq!(cells(1, 3), Some(vec![true, false, false]));
        assert_eq!(cells(5, 3), Some(vec![true; 3]));
        assert_eq!(cells(0, 0), None);
        assert_eq!(cells(9, 200), None);
        assert!(Meter { done: 0, all: 0, next: None }.is_full());
    }

    #[test]
    fn a_track_without_room_says_the_stage_and_the_next_gate() {
        let stop = |name: &str, position| Track::Stop { name: name.to_owned(), note: None, position };
        let gate = |name: &str, mark| Track::Gate { name: name.to_owned(), mark };
        let track = [
            stop("Preparing", Position::Past),
            gate("Handoff", GateMark::Pass),
            stop("Offered", Position::Now),
            gate("CSM assignment", GateMark::Refused),
        ];
        assert_eq!(track_says(&track), Some(("Offered", Some(("CSM assignment", &GateMark::Refused)))));
        assert_eq!(track_says(&track[..2]), None);
    }

    #[test]
    fn the_line_is_solid_only_where_a_gate_was_passed_or_not_asked() {
        let line = |mark| Track::Gate { name: String::new(), mark }.class();
        for mark in GateMark::ALL {
            let solid = matches!(mark, GateMark::Pass | GateMark::NotRequired);
            assert_eq!(line(*mark).contains("is-past"), solid, "{mark:?}");
        }
    }
}
