//! The same promises on a server, and those of several nodes that share one (Q5).

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
fn three_nodes_of_which_one_is_always_being_killed_lose_nothing() {
    // Twenty seconds or so.
    let plan = Plan {
        nodes: 3,
        writers: 6,
        kills: wanted("THROUGHLINE_KILLS", 10),
        pause: 1_500..2_000,
        cut_each: 0,
    };
    endure(Bench::founded_on_postgres(), &plan);
}

#[test]
#[ignore = "takes ten minutes: part of the long run"]
fn three_nodes_lose_nothing_in_ten_minutes_with_a_kill_every_five_seconds() {
    let plan = Plan {
        nodes: 3,
        writers: 6,
        kills: wanted("THROUGHLINE_KILLS", 120),
        pause: 4_500..5_000,
        cut_each: 7,
    };
    endure(Bench::founded_on_postgres(), &plan);
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
