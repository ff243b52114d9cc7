//! A nudge inside one process: whoever wrote something that waits rings, whoever sweeps wakes.

use std::time::Duration;

use tokio::sync::Notify;

/// Rung from any thread; heard by all who listen, or by the next who does.
#[derive(Debug, Default)]
pub struct Bell(Notify);

impl Bell {
    /// Wakes everybody who listens. When nobody does, the next who does is woken at once: between a look and the wait
    /// after it nothing is missed.
    pub fn ring(&self) {
        self.0.notify_waiters();
        self.0.notify_one();
    }

    /// Waits until it rings, at most so long.
    pub async fn heard(&self, at_most: Duration) {
        // Either way the caller looks.
        let _ = tokio::time::timeout(at_most, self.0.notified()).await;
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
    }

    #[tokio::test]
    async fn whoever_comes_late_hears_it_too() {
        let bell = Bell::default();
        bell.ring();
        bell.ring();
        bell.heard(LONG).await;
    }

    #[tokio::test]
    async fn silence_ends() {
        Bell::default().heard(Duration::from_millis(1)).await;
    }
}
