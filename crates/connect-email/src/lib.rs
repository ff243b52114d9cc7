//! Mail, handed over to a mail server by SMTP, and answers fetched from a mailbox by IMAP.
//!
//! One server, given as a URL, takes all mail; it answers for the rest of the way. A mail it does not take comes back as
//! *later* or *never*, and the difference is who is at fault: a server that is away, full or wrongly set up is *later*,
//! an addressee or a mail that is refused is *never*.
//!
//! Answers stay in their mailbox until somebody says that they are done.
//!
//! Absent on purpose: reading mail (that is `messages`), retries, queues and delivery to the addressee's own server. Whoever hands a mail over keeps it
//! until somebody else answers for it.

mod imap;
mod settings;
mod smtp;
mod stream;
mod tls;
pub mod translate;

pub use imap::{Imap, client::ImapSettings};
pub use settings::{Authorities, Password, Security, Settings, SettingsError};
pub use smtp::Smtp;
