//! The clock. Nothing else asks the machine for the time.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that is set by hand: tests and simulations.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that stands at an instant.
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Sets it.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }

    /// Moves it on.
    pub fn advance(&self, by: SignedDuration) {
        let mut held = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *held = held.checked_add(by).unwrap_or(*held);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
