//! A nudge inside one process: whoever wrote something that waits rings, whoever sweeps wakes.

use std::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::sync::Notify;

/// Rung from any thread; heard by all who listen, or by the next who does.
#[derive(Debug, Default)]
pub struct Bell {
    listeners: Notify,
    /// Rung, and nobody has heard it yet.
    rung: AtomicBool,
}

impl Bell {
    /// Wakes everybody who listens. When nobody does, the next who does is woken at once: what rings between a look and
    /// the wait after it is not missed.
    pub fn ring(&self) {
        self.rung.store(true, Ordering::Release);
        self.listeners.notify_waiters();
    }

    /// Waits until it rings, at most so long.
    pub async fn heard(&self, at_most: Duration) {
        let mut listening = pin!(self.listeners.notified());
        // From here on nothing rings unheard.
        listening.as_mut().enable();
        if !self.rung.swap(false, Ordering::AcqRel) {
            // Woken or not, the caller looks now.
            let _ = tokio::time::timeout(at_most, listening).await;
            self.rung.store(false, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3_600);

    #[tokio::test]
    async fn everybody_who_listens_hears_it() {
        let bell = Bell::default();
        let (mut one, mut other) = (Box::pin(bell.heard(LONG)), Box::pin(bell.heard(LONG)));
        for listening in [&mut one, &mut other] {
            assert!(tokio::time::timeout(Duration::ZERO, listening).await.is_err());
        }
        bell.ring();
        one.await;
        other.await;
        let again = tokio::time::timeout(Duration::from_millis(1), bell.heard(LONG)).await;
        assert!(again.is_err(), "it was heard by all");
    }

    #[tokio::test]
    async fn whoever_comes_late_hears_it_too() {
        let bell = Bell::default();
        bell.ring();
        bell.ring();
        bell.heard(LONG).await;
        let again = tokio::time::timeout(Duration::from_millis(1), bell.heard(LONG)).await;
        assert!(again.is_err(), "it was heard once");
    }

    #[tokio::test]
    async fn silence_ends() {
        Bell::default().heard(Duration::from_millis(1)).await;
    }
}
