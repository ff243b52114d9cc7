//! Token buckets: so many requests a second, with a burst.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use tokio::time::Instant;

/// How many callers a shard remembers.
const MOST: usize = 4_096;
const SHARDS: usize = 16;

/// So many requests a second on average, and so many at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Refilled each second.
    pub per_second: f64,
    /// The bucket's size.
    pub burst: f64,
}

/// The limits of a server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// One token or session; none: no limit.
    pub caller: Option<Rate>,
    /// One address without a credential; none: no limit.
    pub stranger: Option<Rate>,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            caller: Some(Rate { per_second: 500.0, burst: 2_000.0 }),
            stranger: Some(Rate { per_second: 50.0, burst: 500.0 }),
        }
    }
}

impl Rates {
    /// No limits: behind something that limits, and for measuring.
    pub const NONE: Rates = Rates { caller: None, stranger: None };
}

/// Whether a request may go on, for its answer's headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Whether it may.
    pub allowed: bool,
    /// The bucket's size.
    pub limit: u64,
    /// How many more may come at once.
    pub remaining: u64,
    /// Seconds until one more may come; 0 when it may now.
    pub wait: u64,
}

/// What one customer of a provider has: one address, or a whole /64 of IPv6.
pub(super) fn network(client: IpAddr) -> u64 {
    match client {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64,
    }
}

struct Bucket {
    left: f64,
    at: Instant,
}

/// Buckets by caller.
pub struct Requests {
    rates: Rates,
    hasher: RandomState,
    shards: [Mutex<HashMap<u64, Bucket>>; SHARDS],
}

impl Requests {
    /// Empty buckets with these limits.
    pub fn new(rates: Rates) -> Self {
        Self { rates, hasher: RandomState::new(), shards: std::array::from_fn(|_| Mutex::default()) }
    }

    /// Counts a request of whoever shows this credential.
    pub fn caller(&self, credential: &[u8]) -> Option<Allowance> {
        self.rates.caller.map(|rate| self.take(rate, ("caller", credential)))
    }

    /// Counts a request without a credential. An IPv6 customer has a whole /64.
    pub fn stranger(&self, client: IpAddr) -> Option<Allowance> {
        self.rates.stranger.map(|rate| self.take(rate, ("stranger", network(client))))
    }

    fn take(&self, rate: Rate, of: impl Hash) -> Allowance {
        let key = self.hasher.hash_one(of);
        let shard = &self.shards[(key % SHARDS as u64) as usize];
        let mut buckets = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if buckets.len() >= MOST && !buckets.contains_key(&key) {
            // Whoever has had time to refill need not be remembered.
            buckets.retain(|_, bucket| refilled(rate, bucket, now) < rate.burst);
            if buckets.len() >= MOST {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(key).or_insert(Bucket { left: rate.burst, at: now });
        bucket.left = refilled(rate, bucket, now);
        bucket.at = now;
        let allowed = bucket.left >= 1.0;
        if allowed {
            bucket.left -= 1.0;
        }
        let short = (1.0 - bucket.left).max(0.0);
        Allowance {
            allowed,
            limit: rate.burst as u64,
            remaining: bucket.left as u64,
            wait: if allowed { 0 } else { (short / rate.per_second).ceil().max(1.0) as u64 },
        }
    }
}

fn refilled(rate: Rate, bucket: &Bucket, now: Instant) -> f64 {
    let since = now.saturating_duration_since(bucket.at).as_secs_f64();
    (bucket.left + since * rate.per_second).min(rate.burst)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow() -> Rates {
        let rate = Some(Rate { per_second: 2.0, burst: 3.0 });
        Rates { caller: rate, stranger: rate }
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_then_the_bucket_fills_at_its_rate() {
        let requests = Requests::new(slow());
        for left in [2, 1, 0] {
            assert_eq!(requests.caller(b"one").map(|one| (one.allowed, one.remaining)), Some((true, left)));
        }
        let refused = requests.caller(b"one").unwrap();
        assert!(!refused.allowed);
        assert_eq!(refused.wait, 1);
        tokio::time::advance(std::time::Duration::from_millis(500)).await;
        assert!(requests.caller(b"one").unwrap().allowed);
        assert!(!requests.caller(b"one").unwrap().allowed);
    }

    #[tokio::test(start_paused = true)]
    async fn one_caller_does_not_use_up_anothers_bucket() {
        let requests = Requests::new(slow());
        while requests.caller(b"noisy").unwrap().allowed {}
        assert!(requests.caller(b"quiet").unwrap().allowed);
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_of_one_ipv6_network_share_a_bucket() {
        let requests = Requests::new(slow());
        for last in 1..=3 {
            assert!(requests.stranger(format!("2001:db8::{last}").parse().unwrap()).unwrap().allowed);
        }
        assert!(!requests.stranger("2001:db8::4".parse().unwrap()).unwrap().allowed);
        assert!(requests.stranger("2001:db8:0:1::4".parse().unwrap()).unwrap().allowed);
    }

    #[tokio::test(start_paused = true)]
    async fn the_memory_for_callers_is_bounded() {
        let requests = Requests::new(slow());
        for number in 0..(MOST * SHARDS * 2) {
            requests.caller(&number.to_be_bytes());
        }
        assert!(requests.shards.iter().all(|shard| shard.lock().unwrap().len() <= MOST));
    }
}
