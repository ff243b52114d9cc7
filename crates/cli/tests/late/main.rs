//! What became due while nobody served is told once somebody does, in the order in which it was due (reliability Q9).
//!
//! A company sells, then nothing runs for two weeks, then the built binary is started on what is there. In the worst
//! way: the calendar changed as the last thing, so that every handoff has to be looked at anew before it is even known
//! what was due first. Each handoff was to be told of twice meanwhile: the introduction a day after the deal closed, the
//! booking of a kickoff nine days after. `THROUGHLINE_TIMERS` sets how many times that is in all; the seconds it takes
//! are printed (`--no-capture`) and judged by whoever reads them: they hang on the machine and on the build.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "figures are printed for whoever asks for them")]

#[path = "../cli/bench.rs"]
#[expect(dead_code, reason = "shared with the tests of each command, which use the rest")]
mod bench;
mod company;
#[path = "../killed/node.rs"]
#[expect(dead_code, reason = "shared with the tests that kill servers, which use the rest")]
mod node;
mod soon;
mod told;

use std::time::Duration;

use bench::Bench;
use company::Company;
use node::{Node, now};

/// How long it may take at most, on any machine; what it should take is smaller by far.
const PATIENCE: Duration = Duration::from_secs(900);

#[test]
fn what_became_due_in_two_weeks_without_a_server_is_told_once_and_in_order() {
    after_two_weeks(Bench::bare(), 600);
}

#[test]
fn on_a_server_it_is_told_once_and_in_order_too() {
    after_two_weeks(Bench::bare_on_postgres(), 600);
}

#[test]
#[ignore = "takes minutes: part of the long run"]
fn a_hundred_thousand_overdue_timers_are_told_once_and_in_order() {
    after_two_weeks(Bench::bare(), 100_000);
}

#[test]
#[ignore = "takes minutes: part of the long run"]
fn a_hundred_thousand_overdue_timers_on_a_server_are_told_once_and_in_order() {
    after_two_weeks(Bench::bare_on_postgres(), 100_000);
}

#[test]
fn what_becomes_due_while_a_node_serves_is_told_once_and_not_before() {
    soon::strikes(&Bench::bare(), 4);
}

#[test]
#[ignore = "takes minutes: part of the long run"]
fn five_hundred_clocks_strike_while_a_node_serves() {
    soon::strikes(&Bench::bare(), 500);
}

fn after_two_weeks(bench: Bench, timers: u32) {
    let timers = std::env::var("THROUGHLINE_TIMERS").map_or(timers, |text| text.parse().unwrap());
    let company = Company::found(&bench);
    let begun = now();
    let sold = company.sell(timers / 2);
    let facts = company.facts();
    println!("{} handoffs made in {:.1} s", sold.len(), begun.elapsed().as_secs_f64());

    let begun = now();
    let _node = Node::start(&bench);
    let wait = |what: &str, done: &dyn Fn() -> bool| {
        while !done() {
            assert!(begun.elapsed() < PATIENCE, "{what} after {PATIENCE:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        begun.elapsed().as_secs_f64()
    };
    let told = wait("not everything is told", &|| company.facts() >= facts + u64::from(timers));
    let written = wait("not every letter is there", &|| company.outbox_is_empty());
    println!(
        "{timers} overdue timers of {} handoffs told {told:.1} s after the start, their letters written after {written:.1} s",
        sold.len()
    );
    told::check(&company, &sold);
}
