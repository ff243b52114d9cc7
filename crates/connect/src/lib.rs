//! What comes from other systems: CRM exports, read into deals; days off, as calendar files and countries have them;
//! messages, and whether their signatures are good.
//!
//! A RevOps person hands over the file their CRM wrote. It is decoded, its delimiter and header found, the system and
//! the object recognised, its columns mapped to fields, and each row becomes a [`DealRow`] or a [`Reject`] that says
//! where, why and what to do. Everything skipped, assumed or decided on the way is a [`Note`].
//!
//! Absent on purpose: files, the network, the clock and the domain's own types; the application layer turns a
//! [`DealRow`] into a command. No vendor's name stands outside the tables in `vocabulary`.

mod cell;
mod choose;
mod deal;
mod duplicates;
mod export;
mod fault;
mod field;
pub mod holidays;
mod kind;
mod limits;
mod mapping;
mod neutral;
mod note;
mod outcome;
mod recognise;
mod rejects;
mod row;
pub mod signature;
mod summary;
mod survey;
mod tell;
mod text;
mod vocabulary;

pub use cell::{
    date::{DayOrder, Moment},
    money::{Amount, Currency, NotACurrency},
    number::DecimalMark,
    percent::Percent,
};
pub use deal::{DealRow, Person};
pub use export::{Export, Options, Rows, inspect};
pub use fault::{Fault, Reason, Reject};
pub use field::{Field, UnknownField};
pub use mapping::{NoSuchColumn, Overrides};
pub use neutral::neutralise;
pub use note::{Because, Note};
pub use outcome::{Outcome, StageReading, read_stage};
pub use recognise::{Confidence, Recognised};
pub use rejects::RejectsWriter;
pub use summary::{MappedColumn, ReadError, Refusal, Stage, Summary};
pub use text::{
    decode::{DecodeError, Decoded, Encoding, LineEnding, decode},
    sheet::{Column, Format, SheetError},
    sniff::Delimiter,
    tree::TreeError,
};
pub use vocabulary::{Object, System};
