//! Companies played by chance that a seed repeats.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod clocks;
mod company;
mod dice;
mod faults;
mod judge;
mod news;
mod post;
mod turns;
mod watch;
mod weather;
mod work;
mod world;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{judge::judged, weather::Lie, world::World};

/// Turns of one world.
const TURNS: u64 = 2_500;

/// What became of one world.
struct Played {
    trace: u64,
    turns: u64,
    crashes: u64,
    seen: BTreeMap<String, u64>,
    wrong: Vec<String>,
    last: String,
}

fn played(seed: u64, lie: Option<Lie>) -> Played {
    let mut world = World::new(seed, lie);
    world.goes_on(TURNS);
    world.comes_to_rest();
    world.sleeps_and_wakes(6);
    Played {
        wrong: judged(&world),
        trace: world.weather.trace(),
        turns: world.turns,
        crashes: world.crashes,
        seen: world.weather.watching(|watch| watch.seen.clone()),
        last: world.weather.last(),
    }
}

/// A number from the environment.
fn wanted(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|why| panic!("{name}={text}: {why}")))
}

/// Plays worlds on all cores; the sums of what was seen. `SIM_SEED` plays that one alone.
fn play(seeds: std::ops::RangeInclusive<u64>) -> (u64, u64, BTreeMap<String, u64>) {
    let seeds = wanted("SIM_SEED").map_or(seeds, |seed| seed..=seed);
    let next = AtomicU64::new(*seeds.start());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let one_after_another = || {
        let mut all = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > *seeds.end() {
                return all;
            }
            let played = played(seed, None);
            assert!(
                played.wrong.is_empty(),
                "SIM_SEED={seed} replays this:\n{}\nafter\n{}",
                played.wrong.join("\n"),
                played.last
            );
            all.push(played);
        }
    };
    let all: Vec<Played> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(one_after_another)).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        joined.flat_map(|done| done.unwrap_or_else(|why| std::panic::resume_unwind(why))).collect()
    });
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for (what, times) in all.iter().flat_map(|played| &played.seen) {
        *seen.entry(what.clone()).or_default() += times;
    }
    (all.iter().map(|one| one.turns).sum(), all.iter().map(|one| one.crashes).sum(), seen)
}

#[test]
fn whatever_falls_or_is_late_everything_happens_once_and_nothing_is_lost() {
    let (turns, crashes, seen) = play(1..=50);
    eprintln!("{turns} turns, {crashes} crashes, {seen:?}");
    if wanted("SIM_SEED").is_some() {
        return;
    }
    assert!(crashes * 250 >= turns, "{crashes} crashes in {turns} turns");
    for kind in [
        "accepted",
        "answered",
        "asked",
        "deal_heard",
        "deal_read",
        "escalated",
        "gate_passed",
        "gate_refused",
        "offered",
        "opened",
        "ownership_moved",
        "plan_opened",
        "reminded",
        "unavailable",
    ] {
        assert!(seen.contains_key(kind), "no world reached `{kind}`: {seen:?}");
    }
}

/// A quarter of two thousand worlds, or of `SIM_SEEDS`: a quarter takes some minutes, so that one which fails is soon
/// known, and none runs into the end of a test's time.
fn a_quarter(place: u64) {
    let quarter = wanted("SIM_SEEDS").unwrap_or(2_000).div_ceil(4);
    let (turns, crashes, seen) = play(place * quarter + 1..=(place + 1) * quarter);
    eprintln!("{turns} turns, {crashes} crashes, {seen:?}");
    assert!(wanted("SIM_SEED").is_some() || crashes * 250 >= turns, "{crashes} crashes in {turns} turns");
}

#[test]
#[ignore = "minutes; cargo xtask long runs it"]
fn the_first_five_hundred_of_two_thousand_worlds_keep_their_promises() {
    a_quarter(0);
}

#[test]
#[ignore = "minutes; cargo xtask long runs it"]
fn the_second_five_hundred_keep_their_promises() {
    a_quarter(1);
}

#[test]
#[ignore = "minutes; cargo xtask long runs it"]
fn the_third_five_hundred_keep_their_promises() {
    a_quarter(2);
}

#[test]
#[ignore = "minutes; cargo xtask long runs it"]
fn the_last_five_hundred_keep_their_promises() {
    a_quarter(3);
}

#[test]
fn a_seed_gives_the_same_trace_again_and_another_seed_another() {
    for seed in [7, 8, 9] {
        let (one, other) = (played(seed, None), played(seed, None));
        assert_eq!(one.trace, other.trace, "seed {seed}:\n{}\nthen\n{}", one.last, other.last);
    }
    assert_ne!(played(7, None).trace, played(8, None).trace);
}

#[test]
fn a_store_that_does_not_keep_its_word_is_found_out() {
    for (lie, found) in [
        (Lie::Forgets, "is not in the journal"),
        (Lie::Doubles, "times"),
        (Lie::LosesMessages, "reached nobody"),
    ] {
        let wrong: Vec<String> = (1..=6).flat_map(|seed| played(seed, Some(lie)).wrong).collect();
        assert!(wrong.iter().any(|wrong| wrong.contains(found)), "a store that {lie:?} passes: {wrong:?}");
    }
}
