//! Chance, as ids and salts need it. Beside the clock it is all that makes two runs of the same work differ, so it is
//! handed in like the clock: a simulation whose seed gives both repeats itself to the byte.
//!
//! Absent on purpose: secrets. They are drawn from the machine, whoever asks ([`crate::secrets`]).

use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering},
};

/// Draws what nobody chooses.
pub trait Chance: Send + Sync {
    /// Fills bytes by chance.
    fn fill(&self, bytes: &mut [u8]);
    /// How many ids this process has made, counted from anywhere: no number comes twice.
    fn count(&self) -> u64;
}

/// So many bytes by chance.
pub(crate) fn draw<const N: usize>(chance: &dyn Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes
}

/// The machine's chance.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

/// Where ids of this process are in their counting. It begins anywhere in the lower half, so that it does not run over.
static BORN: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(rand::random::<u64>() >> 23));

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes);
    }

    fn count(&self) -> u64 {
        BORN.fetch_add(1, Ordering::Relaxed)
    }
}
