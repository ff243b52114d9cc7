//! Sheets of paper: a document becomes a PDF (U8), without a browser.
//!
//! A [`Document`] is words in order: headings, paragraphs, facts, lists, tables, panels. [`set`] breaks its lines, lays it
//! out on pages, and writes them as PDF/A-3a and PDF/UA-1: with the typeface within, a tree of what is what for those who
//! listen, and text that can be searched and copied. The same document gives the same bytes, always.
//!
//! A letter the typeface has no shape for is drawn as a box with its code; whoever copies or listens gets the letter.
//! A row of a table is never cut by the end of a page, unless it is taller than one.
//!
//! Absent on purpose: the clock, chance and files (times and typefaces come in), pictures, and what any document says.

mod error;
mod fonts;
mod layout;
mod lines;
mod model;
mod paint;
mod piece;
mod place;
mod style;
mod table;
mod tree;

pub use error::PrintError;
pub use fonts::Fonts;
pub use model::{
    Attachment, Block, Cell, Column, Document, Fact, Figure, Paper, Size, Span, SpanStyle, Table, Text, Tone,
};

/// Sets a document on paper: the bytes of a PDF.
///
/// # Errors
/// [`PrintError::TooLong`] above [`MOST_PAGES`] or [`MOST_TEXT`]; [`PrintError::Unwritten`] where the result would not be as its standards
/// demand.
pub fn set(document: &Document, paper: Paper, fonts: &Fonts) -> Result<Vec<u8>, PrintError> {
    if document.weight() > MOST_TEXT {
        return Err(PrintError::TooLong);
    }
    let laid = layout::lay(document, paper, fonts)?;
    paint::paint(document, paper, fonts, laid)
}

/// More text than this is not set, in bytes.
pub const MOST_TEXT: usize = 1_000_000;
/// More pages than this are not set.
pub const MOST_PAGES: usize = 400;
