//! Mail, handed over to a mail server by SMTP.
//!
//! One server, given as a URL, takes all mail; it answers for the rest of the way. A mail it does not take comes back as
//! *later* or *never*, and the difference is who is at fault: a server that is away, full or wrongly set up is *later*,
//! an addressee or a mail that is refused is *never*.
//!
//! Absent on purpose: retries, queues and delivery to the addressee's own server. Whoever hands a mail over keeps it
//! until somebody else answers for it.

mod settings;
mod smtp;
pub mod translate;

pub use settings::{Password, Security, Settings, SettingsError};
pub use smtp::Smtp;
