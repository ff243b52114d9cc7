//! From bytes to rows of cells: nothing here knows what a deal is.

pub mod decode;
pub mod header;
pub(crate) mod scan;
pub mod sheet;
pub mod sniff;
pub(crate) mod tree;
