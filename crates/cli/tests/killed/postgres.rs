//! The same promises on a server, also where two nodes share it.

use crate::{
    bench::Bench,
    dice::wanted,
    edits,
    kills::{Plan, endure},
    repeats,
};

#[test]
fn twenty_kills_and_cut_connections_lose_nothing_that_was_acknowledged() {
    endure(Bench::founded_on_postgres(), &alone(wanted("THROUGHLINE_KILLS", 20)));
}

#[test]
#[ignore = "takes minutes: part of the long run"]
fn a_hundred_kills_and_cut_connections_lose_nothing_that_was_acknowledged() {
    endure(Bench::founded_on_postgres(), &alone(wanted("THROUGHLINE_KILLS", 100)));
}

fn alone(kills: u64) -> Plan {
    Plan { nodes: 1, writers: 4, kills, pause: 5..400, cut_each: 5 }
}

#[test]
fn sixty_equal_requests_at_two_nodes_have_one_effect_that_survives_a_kill() {
    repeats::one_effect(Bench::founded_on_postgres(), 2, 60);
}

#[test]
#[ignore = "takes a minute: part of the long run"]
fn a_thousand_equal_requests_at_two_nodes_have_one_effect_that_survives_a_kill() {
    repeats::one_effect(Bench::founded_on_postgres(), 2, 1_000);
}

#[test]
fn fifty_writers_at_two_nodes_lose_no_update() {
    edits::none_is_lost(Bench::founded_on_postgres(), 2, wanted("THROUGHLINE_EDITS", 2));
}
