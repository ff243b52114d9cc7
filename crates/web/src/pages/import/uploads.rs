//! Files between their check and their import: kept in memory, one for each person, bounded and for an hour. Nothing
//! of a file is written anywhere before it is imported.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use throughline_app::importing::{ImportReport, LARGEST_FILE, Progress, Summary};
use throughline_domain::{OrgId, PersonId};
use uuid::Uuid;

/// How long a file waits for its import, in minutes.
const KEPT_MINUTES: i64 = 60;
/// All files together, in bytes.
const ALL: usize = 5 * LARGEST_FILE;

/// Whose a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    pub org: OrgId,
    pub person: PersonId,
}

/// How far a file is.
#[derive(Debug, Clone)]
pub enum State {
    /// Uploaded; nothing was tried.
    Waiting,
    /// Being checked or imported.
    Running { dry: bool, progress: Option<Progress> },
    /// Checked or imported.
    Done(Arc<ImportReport>),
    /// It stopped: what is wrong, and what to do.
    Failed { dry: bool, text: String, hint: String },
}

/// A file as it was uploaded, with what was chosen for it.
#[derive(Debug, Clone)]
pub struct Upload {
    pub key: Uuid,
    pub name: String,
    pub bytes: Arc<[u8]>,
    /// What was found out about it before any choice.
    pub summary: Arc<Summary>,
    /// The choices as they were typed.
    pub chosen: Arc<Vec<(String, String)>>,
    pub state: State,
    whose: Whose,
    used_at: Timestamp,
}

/// Why a file is not taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// The person's last file is still being imported.
    Busy,
    /// Others' files fill the room there is.
    Full,
}

/// All files.
#[derive(Default)]
pub struct Uploads(Mutex<Vec<Upload>>);

impl Uploads {
    fn held(&self) -> MutexGuard<'_, Vec<Upload>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a file in place of the person's last one.
    pub fn keep(
        &self,
        whose: Whose,
        (key, name, bytes): (Uuid, String, Arc<[u8]>),
        summary: Summary,
        chosen: Vec<(String, String)>,
        now: Timestamp,
    ) -> Result<(), NotTaken> {
        let mut held = self.held();
        let busy = |upload: &Upload| matches!(upload.state, State::Running { .. });
        if held.iter().any(|upload| upload.whose == whose && busy(upload)) {
            return Err(NotTaken::Busy);
        }
        let oldest = now - SignedDuration::from_mins(KEPT_MINUTES);
        held.retain(|upload| upload.whose != whose && (busy(upload) || upload.used_at >= oldest));
        let room: usize = held.iter().map(Upload::size).sum();
        if room + bytes.len() > ALL {
            return Err(NotTaken::Full);
        }
        let (summary, chosen) = (Arc::new(summary), Arc::new(chosen));
        held.push(Upload { key, name, bytes, summary, chosen, state: State::Waiting, whose, used_at: now });
        Ok(())
    }

    /// The person's file by its key; another's is not there.
    pub fn get(&self, whose: Whose, key: Uuid, now: Timestamp) -> Option<Upload> {
        let mut held = self.held();
        let upload = held.iter_mut().find(|upload| upload.whose == whose && upload.key == key)?;
        upload.used_at = now;
        Some(upload.clone())
    }

    /// The person's file, whichever it is.
    pub fn last_of(&self, whose: Whose) -> Option<(Uuid, String)> {
        let held = self.held();
        let upload = held.iter().find(|upload| upload.whose == whose)?;
        Some((upload.key, upload.name.clone()))
    }

    /// Notes what was chosen.
    pub fn choose(&self, key: Uuid, chosen: Vec<(String, String)>) {
        if let Some(upload) = self.held().iter_mut().find(|upload| upload.key == key) {
            upload.chosen = Arc::new(chosen);
        }
    }

    /// Notes that a file runs; false when it does already.
    pub fn start(&self, key: Uuid, dry: bool) -> bool {
        let mut held = self.held();
        let Some(upload) = held.iter_mut().find(|upload| upload.key == key) else { return false };
        if matches!(upload.state, State::Running { .. }) {
            return false;
        }
        upload.state = State::Running { dry, progress: None };
        true
    }

    /// Notes how far it is, or how it ended.
    pub fn set(&self, key: Uuid, state: State) {
        if let Some(upload) = self.held().iter_mut().find(|upload| upload.key == key) {
            upload.state = state;
        }
    }

    /// Forgets the person's file, unless it runs.
    pub fn forget(&self, whose: Whose, key: Uuid) {
        let gone = |upload: &Upload| {
            upload.whose == whose && upload.key == key && !matches!(upload.state, State::Running { .. })
        };
        self.held().retain(|upload| !gone(upload));
    }
}

impl Upload {
    fn size(&self) -> usize {
        let rejects = match &self.state {
            State::Done(report) => report.rejects.as_ref().map_or(0, Vec::len),
            _ => 0,
        };
        self.bytes.len() + rejects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_connect::{Options, inspect};

    fn summary() -> Summary {
        let file = b"Opportunity ID,Opportunity Name,Stage,Close Date\n006000000000001,Lindner,Closed Won,2026-11-02\n";
        let options = Options {
            zone: jiff::tz::TimeZone::UTC,
            currency: None,
            day_order: None,
            decimal_mark: None,
            mapping: Default::default(),
            outcomes: Default::default(),
        };
        inspect(file, &options).unwrap()
    }

    fn whose(number: u128) -> Whose {
        Whose { org: OrgId(Uuid::nil()), person: PersonId(Uuid::from_u128(number)) }
    }

    fn keep(uploads: &Uploads, person: u128, key: u128, size: usize, now: Timestamp) -> Result<(), NotTaken> {
        let file = (Uuid::from_u128(key), "deals.csv".to_owned(), Arc::from(vec![0; size]));
        uploads.keep(whose(person), file, summary(), Vec::new(), now)
    }

    #[test]
    fn a_person_has_one_file_and_sees_no_other() {
        let (uploads, now) = (Uploads::default(), Timestamp::UNIX_EPOCH);
        keep(&uploads, 1, 10, 5, now).unwrap();
        keep(&uploads, 2, 20, 5, now).unwrap();
        keep(&uploads, 1, 11, 5, now).unwrap();
        assert!(uploads.get(whose(1), Uuid::from_u128(10), now).is_none(), "the newer file took its place");
        assert!(uploads.get(whose(1), Uuid::from_u128(20), now).is_none(), "it is somebody else's");
        assert!(uploads.get(whose(2), Uuid::from_u128(20), now).is_some());
    }

    #[test]
    fn a_file_that_runs_is_not_replaced_or_forgotten_and_starts_once() {
        let (uploads, now) = (Uploads::default(), Timestamp::UNIX_EPOCH);
        keep(&uploads, 1, 10, 5, now).unwrap();
        assert!(uploads.start(Uuid::from_u128(10), false));
        assert!(!uploads.start(Uuid::from_u128(10), true));
        assert_eq!(keep(&uploads, 1, 11, 5, now), Err(NotTaken::Busy));
        uploads.forget(whose(1), Uuid::from_u128(10));
        assert!(uploads.get(whose(1), Uuid::from_u128(10), now).is_some());
    }

    #[test]
    fn files_together_are_bounded_and_old_ones_make_room() {
        let (uploads, now) = (Uploads::default(), Timestamp::UNIX_EPOCH);
        for person in 0..5 {
            keep(&uploads, person, person, LARGEST_FILE, now).unwrap();
        }
        assert_eq!(keep(&uploads, 9, 9, 1, now), Err(NotTaken::Full));
        let later = now + SignedDuration::from_mins(KEPT_MINUTES + 1);
        assert_eq!(keep(&uploads, 9, 9, 1, later), Ok(()));
    }
}
