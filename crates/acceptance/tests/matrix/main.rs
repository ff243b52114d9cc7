//! Who may do what, over every address there is: role × how far it reaches × what they have to do with a handoff ×
//! whose organisation × how they prove who they are (reliability Q20).
//!
//! What is expected is worked out from the table of rights and from the right each address declares; the addresses of
//! the API come from its document, those of the pages from where they are routed, so that a new one is in the matrix,
//! or fails it, the day it is made.
//!
//! Absent on purpose: what the state of a handoff allows. A conflict or a body that does not fit is no refusal here:
//! whoever is told so was let in.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "figures are printed for whoever asks for them")]

mod api;
#[path = "../acceptance/keeping.rs"]
mod keeping;
mod pages;
#[path = "../../../api/tests/common/sample.rs"]
#[expect(dead_code, reason = "shared with the API's own tests, which use the rest")]
mod sample;
mod table;
mod wire;
mod world;

use world::Place;

#[test]
fn every_address_of_the_api_lets_in_whom_the_table_lets_in() {
    api::lets_in_whom_it_should();
}

#[test]
fn every_address_of_the_api_wants_a_proof_that_is_good_now() {
    api::wants_a_good_proof();
}

#[test]
fn every_page_lets_in_whom_the_table_lets_in() {
    pages::let_in_whom_they_should();
}

#[test]
fn every_page_wants_a_session_that_is_good_now() {
    pages::want_a_good_session();
}
