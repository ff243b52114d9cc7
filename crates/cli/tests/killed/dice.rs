//! Chance that a seed repeats, as far as threads and processes let it.

use std::{ops::Range, time::Duration};

/// SplitMix64.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of so many, from 0.
    pub fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(sides).unwrap()).unwrap()
    }

    /// A time within a range.
    pub fn time(&mut self, millis: &Range<u64>) -> Duration {
        Duration::from_millis(millis.start + self.next() % (millis.end - millis.start))
    }

    pub fn one_of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        if things.is_empty() { None } else { things.get(self.roll(things.len())) }
    }
}

/// A number from the environment, else the usual one.
pub fn wanted(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .map_or(usual, |text| text.parse().unwrap_or_else(|why| panic!("{name}={text}: {why}")))
}

/// Where chance begins.
pub fn seed() -> u64 {
    wanted("THROUGHLINE_SEED", 1)
}

/// The figure that so many in a hundred do not pass.
pub fn percentile(mut figures: Vec<Duration>, of: usize) -> Duration {
    figures.sort_unstable();
    let place = (figures.len() * of / 100).min(figures.len().saturating_sub(1));
    figures.get(place).copied().unwrap_or_default()
}
