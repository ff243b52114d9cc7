//! A clock that can be held in the past while the company is made, and goes with the application's from then on.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use throughline_app::{Clock, SystemClock};

/// Held at an instant, or live.
#[derive(Debug)]
pub struct StagedClock(Mutex<Option<Timestamp>>);

impl StagedClock {
    /// One that tells the machine's time.
    pub fn live() -> Self {
        Self(Mutex::new(None))
    }

    /// Holds it; none lets it go.
    pub fn set(&self, held: Option<Timestamp>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = held;
    }
}

impl Clock for StagedClock {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(|| SystemClock.now())
    }
}
