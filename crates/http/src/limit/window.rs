//! So many within an hour from one network: for what costs others something, such as a mail to somebody's mailbox.
//!
//! Counted in windows that begin with the first of each network. Kept in memory, bounded, forgotten on restart.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::bucket::network;

/// How long a window is.
const HOUR: Duration = Duration::from_secs(3_600);
/// How many networks are remembered.
const MOST: usize = 20_000;

#[derive(Debug, Clone, Copy)]
struct Window {
    since: Instant,
    times: u32,
}

/// What was asked for within the hour, by network.
pub struct Hourly {
    most: u32,
    hasher: RandomState,
    windows: Mutex<HashMap<u64, Window>>,
}

impl Hourly {
    /// At most so many within an hour.
    pub fn new(most: u32) -> Self {
        Self { most, hasher: RandomState::new(), windows: Mutex::default() }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// The seconds to wait, when there were as many already. Such a one does not count.
    pub fn count(&self, client: IpAddr) -> Result<(), u64> {
        let key = self.hasher.hash_one(network(client));
        let now = Instant::now();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |window: &Window| now.saturating_duration_since(window.since) >= HOUR;
        if windows.len() >= MOST && !windows.contains_key(&key) {
            windows.retain(|_, window| !over(window));
            if windows.len() >= MOST {
                // Under attack from everywhere: keep who has to wait.
                windows.retain(|_, window| window.times >= self.most);
            }
            if windows.len() >= MOST {
                windows.clear();
            }
        }
        let window = windows.entry(key).or_insert(Window { since: now, times: 0 });
        if over(window) {
            *window = Window { since: now, times: 0 };
        }
        if window.times >= self.most {
            let left = HOUR.saturating_sub(now.saturating_duration_since(window.since));
            return Err(left.as_secs_f64().ceil() as u64);
        }
        window.times += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "192.0.2.1";

    fn count(hourly: &Hourly, from: &str) -> Result<(), u64> {
        hourly.count(from.parse().unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn the_fourth_within_an_hour_waits_for_the_hour_to_end_and_another_network_does_not() {
        let hourly = Hourly::new(3);
        for _ in 0..3 {
            count(&hourly, HERE).unwrap();
        }
        tokio::time::advance(Duration::from_secs(600)).await;
        assert_eq!(count(&hourly, HERE), Err(3_000));
        count(&hourly, "198.51.100.7").unwrap();
        tokio::time::advance(Duration::from_secs(3_000)).await;
        count(&hourly, HERE).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_a_whole_network_of_ipv6_counts_as_one() {
        let hourly = Hourly::new(2);
        count(&hourly, "2001:db8:1:2::1").unwrap();
        count(&hourly, "2001:db8:1:2:ffff::9").unwrap();
        assert!(count(&hourly, "2001:db8:1:2::3").is_err());
        count(&hourly, "2001:db8:1:3::1").unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_is_bounded() {
        let hourly = Hourly::new(1);
        for number in 0..(MOST as u32 + 5) {
            hourly.count(IpAddr::V4(number.into())).unwrap();
        }
        assert!(hourly.windows.lock().unwrap().len() <= MOST);
    }
}
