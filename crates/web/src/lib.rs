//! Pages: what a person sees and presses.
//!
//! A page is a struct with an askama template; every action is a plain form that htmx and a few small modules
//! only quicken. `README.md` beside this crate shows how a page is made. Absent on purpose: rules. Whether
//! something may be done is asked of the application; a page shows the answer.

pub mod answer;
pub mod chrome;
pub mod failure;
pub mod form;
pub mod i18n;
pub mod pages;
pub mod ui;
pub mod visit;

pub use pages::{readable, router};

/// Whether sheets can be had as PDF.
pub const PDF: bool = cfg!(feature = "pdf");
