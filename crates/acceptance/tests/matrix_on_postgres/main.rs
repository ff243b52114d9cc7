//! The same matrix, word for word, kept on a PostgreSQL server instead of in a file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "figures are printed for whoever asks for them")]

#[path = "../matrix/api.rs"]
mod api;
#[path = "../on_postgres/keeping.rs"]
mod keeping;
#[path = "../matrix/pages/mod.rs"]
mod pages;
#[path = "../../../api/tests/common/sample.rs"]
#[expect(dead_code, reason = "shared with the API's own tests, which use the rest")]
mod sample;
#[path = "../matrix/table.rs"]
mod table;
#[path = "../matrix/wire.rs"]
mod wire;
#[path = "../matrix/world.rs"]
mod world;

use world::Place;

#[test]
#[ignore = "takes a minute: part of the long run"]
fn every_address_of_the_api_lets_in_whom_the_table_lets_in() {
    api::lets_in_whom_it_should();
}

#[test]
#[ignore = "takes a minute: part of the long run"]
fn every_page_lets_in_whom_the_table_lets_in() {
    pages::let_in_whom_they_should();
}

#[test]
#[ignore = "part of the long run"]
fn every_address_wants_a_proof_that_is_good_now() {
    api::wants_a_good_proof();
    pages::want_a_good_session();
}
