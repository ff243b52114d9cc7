//! Chance that a seed repeats.

use std::{
    cell::Cell,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use throughline_app::Chance;

/// SplitMix64, rolled by one thread.
#[derive(Debug)]
pub struct Dice(Cell<u64>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d))
    }

    pub fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut z = self.0.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number in a range.
    pub fn within(&self, from: i64, until: i64) -> i64 {
        from + i64::try_from(self.next() % u64::try_from(until - from).unwrap()).unwrap()
    }

    /// One of so many, from 0.
    pub fn roll(&self, sides: usize) -> usize {
        usize::try_from(self.next() % sides as u64).unwrap()
    }

    pub fn one_in(&self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    pub fn one_of<'t, T>(&self, things: &'t [T]) -> Option<&'t T> {
        if things.is_empty() { None } else { things.get(self.roll(things.len())) }
    }
}

/// The chance of one node: its ids and salts.
pub struct Drawn {
    drawn: Mutex<u64>,
    counted: AtomicU64,
}

impl Drawn {
    pub fn new(seed: u64) -> Self {
        Self { drawn: Mutex::new(seed), counted: AtomicU64::new(seed >> 24) }
    }
}

impl Chance for Drawn {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let dice = Dice(Cell::new(*state));
        for eight in bytes.chunks_mut(8) {
            let drawn = dice.next().to_le_bytes();
            eight.copy_from_slice(&drawn[..eight.len()]);
        }
        *state = dice.0.get();
    }

    fn count(&self) -> u64 {
        self.counted.fetch_add(1, Ordering::Relaxed)
    }
}
