//! What changes something.
//!
//! Absent on purpose: a queue in front. Many nodes write at once, so it is the server that puts commits under one
//! write of its log.

mod apply;
mod batch;
mod commit;
mod handoff_row;
mod people;
mod views;

pub(crate) use self::{batch::apply, commit::commit};
