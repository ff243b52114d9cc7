//! What changes something.
//!
//! Absent on purpose: a queue in front. Many nodes write at once, so it is the server that puts commits under one
//! write of its log.

mod apply;
mod batch;
mod commit;
mod drafts;
mod handoff_row;
pub(crate) mod mails;
pub(crate) mod parcels;
mod people;
mod portal;
mod sample;
mod saved;
pub(crate) mod sweeps;
mod templates;
mod views;
mod waiting;
mod words;

pub(crate) use self::{batch::apply, commit::commit, words::fill};
