//! Guessing passwords gets slow: a few quick tries, then waits that double (reliability §5, 6.3.1).
//!
//! By mail address and by client address, so that neither many passwords for one person nor one password for many
//! people is quick. A try counts from its beginning: a hundred at once are a hundred tries.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Quick tries for one mail address.
const TRIES_BY_MAIL: u32 = 5;
/// Quick tries from one address: an office shares one.
const TRIES_BY_CLIENT: u32 = 20;
/// The longest wait, so that nobody can lock somebody else out for good.
const LONGEST: u64 = 300;
/// After this long without a try, all is forgotten.
const FORGET: Duration = Duration::from_secs(3_600);
/// How many addresses are remembered.
const MOST: usize = 20_000;

#[derive(Debug, Clone, Copy)]
struct Tried {
    times: u32,
    last: Instant,
    until: Instant,
}

/// Tries by whom and from where.
#[derive(Default)]
pub struct SignIns {
    hasher: RandomState,
    tried: Mutex<HashMap<u64, Tried>>,
}

/// A try under way.
#[derive(Debug)]
pub struct Attempt([u64; 2]);

impl SignIns {
    /// Counts a try.
    ///
    /// # Errors
    /// The seconds to wait, when it comes too soon. Such a try does not count.
    pub fn begin(&self, email: &str, client: IpAddr) -> Result<Attempt, u64> {
        let by_mail = self.key(("mail", email.trim().to_lowercase()));
        let by_client = self.key(("client", client));
        let now = Instant::now();
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = [by_mail, by_client].iter().filter_map(|key| tried.get(key)).map(|held| held.until).max();
        if let Some(left) =
            wait.map(|until| until.saturating_duration_since(now)).filter(|left| !left.is_zero())
        {
            return Err(left.as_secs_f64().ceil() as u64);
        }
        if tried.len() >= MOST {
            tried.retain(|_, held| now.saturating_duration_since(held.last) < FORGET);
            if tried.len() >= MOST {
                // Under attack from everywhere: keep who has to wait.
                tried.retain(|_, held| held.until > now);
            }
        }
        for (key, quick) in [(by_mail, TRIES_BY_MAIL), (by_client, TRIES_BY_CLIENT)] {
            let held = tried.entry(key).or_insert(Tried { times: 0, last: now, until: now });
            if now.saturating_duration_since(held.last) >= FORGET {
                held.times = 0;
            }
            held.times = held.times.saturating_add(1);
            held.last = now;
            held.until = now + Duration::from_secs(wait_after(held.times, quick));
        }
        Ok(Attempt([by_mail, by_client]))
    }

    /// The try was right: its mail address starts afresh; its client address gets the one try back.
    pub fn succeeded(&self, attempt: &Attempt) {
        let [by_mail, by_client] = attempt.0;
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.remove(&by_mail);
        if let Some(held) = tried.get_mut(&by_client) {
            held.times = held.times.saturating_sub(1);
            held.until = held.last;
        }
    }

    fn key(&self, of: impl Hash) -> u64 {
        self.hasher.hash_one(of)
    }
}

/// Seconds to wait after so many tries.
fn wait_after(times: u32, quick: u32) -> u64 {
    match times.checked_sub(quick) {
        None => 0,
        Some(more) => 2u64.saturating_pow(more + 1).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    #[tokio::test(start_paused = true)]
    async fn the_sixth_try_waits_and_waits_double_up_to_five_minutes() {
        let sign_ins = SignIns::default();
        for _ in 0..5 {
            sign_ins.begin("Ada@example.com", HERE).unwrap();
        }
        let mut waits = Vec::new();
        for _ in 0..10 {
            let wait = sign_ins.begin(" ada@EXAMPLE.com", "198.51.100.7".parse().unwrap()).unwrap_err();
            waits.push(wait);
            tokio::time::advance(Duration::from_secs(wait)).await;
            sign_ins.begin("ada@example.com", "198.51.100.7".parse().unwrap()).unwrap();
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_guessing_at_many_people_waits_too() {
        let sign_ins = SignIns::default();
        for number in 0..20 {
            sign_ins.begin(&format!("p{number}@example.com"), HERE).unwrap();
        }
        assert_eq!(sign_ins.begin("another@example.com", HERE).unwrap_err(), 2);
        assert!(sign_ins.begin("another@example.com", "198.51.100.7".parse().unwrap()).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn signing_in_starts_afresh() {
        let sign_ins = SignIns::default();
        for _ in 0..50 {
            let attempt = sign_ins.begin("ada@example.com", HERE).unwrap();
            sign_ins.succeeded(&attempt);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_hour_without_a_try_forgets() {
        let sign_ins = SignIns::default();
        for _ in 0..5 {
            sign_ins.begin("ada@example.com", HERE).unwrap();
        }
        tokio::time::advance(FORGET).await;
        for _ in 0..5 {
            sign_ins.begin("ada@example.com", HERE).unwrap();
        }
        assert!(sign_ins.begin("ada@example.com", HERE).is_err());
    }
}
