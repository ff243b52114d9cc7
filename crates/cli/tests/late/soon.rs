//! What becomes due while a node serves and deals come in is told within seconds (reliability Q9).

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};
use throughline_domain::HandoffId;

use crate::{
    bench::Bench,
    company::Company,
    node::{Node, now, wall},
    told::{Told, told},
};

/// Between two deals.
const EACH: Duration = Duration::from_millis(250);
/// How long before its clock strikes a deal is told of.
const AHEAD: SignedDuration = SignedDuration::from_secs(15);
/// From the close until the seller is reminded of the introduction.
const REMINDED: SignedDuration = SignedDuration::from_hours(24);
/// How long the last of them is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// Deals come in one after the other, each with a clock that strikes a little later; how late each was told is printed.
pub fn strikes(bench: &Bench, deals: u32) {
    let company = Company::found(bench);
    let _node = Node::start(bench);
    let mut strikes: BTreeMap<HandoffId, Timestamp> = BTreeMap::new();
    for number in 0..deals {
        let known = wall();
        let sold = company.sells(number, known + AHEAD - REMINDED, known);
        strikes.insert(sold.id, sold.closed + REMINDED);
        std::thread::sleep(EACH);
    }
    let begun = now();
    let mut found = company.runtime.block_on(told(&company));
    while found.len() < strikes.len() {
        assert!(begun.elapsed() < PATIENCE, "{} of {} told", found.len(), strikes.len());
        std::thread::sleep(Duration::from_millis(500));
        found = company.runtime.block_on(told(&company));
    }
    let mut late: Vec<SignedDuration> = Vec::new();
    for Told { handoff, at, .. } in found {
        let strikes = strikes.remove(&handoff).unwrap_or_else(|| panic!("{handoff} was told of twice"));
        assert!(at >= strikes, "{handoff} was told of at {at}, before {strikes}");
        late.push(at.duration_since(strikes));
    }
    late.sort();
    let of = |hundredth: usize| late.get(late.len() * hundredth / 100).or(late.last()).unwrap().as_millis();
    println!(
        "{} clocks struck: p50 {} ms, p99 {} ms, latest {} ms late",
        late.len(),
        of(50),
        of(99),
        of(100)
    );
}
