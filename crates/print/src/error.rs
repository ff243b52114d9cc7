//! Why nothing is printed.

/// Why a document is not set.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// A typeface cannot be read.
    #[error("the {0} typeface cannot be read")]
    Typeface(&'static str),
    /// More pages than are set.
    #[error("it would be more than {} pages", crate::MOST_PAGES)]
    TooLong,
    /// The result would not be what its standards demand.
    #[error("it cannot be written as PDF: {0}")]
    Unwritten(String),
}
