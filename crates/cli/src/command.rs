//! The commands, a file each: its arguments, what it does, how it tells.

pub mod calendar;
pub mod gate;
pub mod import;
pub mod journal;
pub mod migrate;
pub mod openapi;
pub mod org;
pub mod people;
pub mod plan;
pub mod playbook;
pub mod source;
pub mod template;
pub mod token;
