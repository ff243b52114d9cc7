//! The time on the wall, and what each node takes it for.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use throughline_app::{Clock, ManualClock};

/// A node's clock: the wall's, and as wrong as it is set.
pub struct NodeClock {
    wall: Arc<ManualClock>,
    wrong_by: Mutex<SignedDuration>,
}

impl NodeClock {
    pub fn new(wall: Arc<ManualClock>) -> Self {
        Self { wall, wrong_by: Mutex::new(SignedDuration::ZERO) }
    }

    /// From here on it is so much ahead of the wall, or behind.
    pub fn set_wrong_by(&self, by: SignedDuration) {
        *self.wrong_by.lock().unwrap_or_else(PoisonError::into_inner) = by;
    }
}

impl Clock for NodeClock {
    fn now(&self) -> Timestamp {
        self.wall.now() + *self.wrong_by.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
