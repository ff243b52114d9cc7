//! A mail that came in and that somebody should look at, as a template sees it.

use serde::Serialize;

use crate::Inbound;

/// Most characters shown of what somebody wrote.
const LONGEST: usize = 4_000;

/// What a letter says of a mail that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CameByMail {
    /// Who wrote, as far as the mail says: it proves nothing.
    pub from: Option<String>,
    /// Whom an answer was awaited from.
    pub awaited: String,
    /// Its subject.
    pub subject: String,
    /// What is new in it.
    pub text: Option<String>,
    /// Why it should be looked at: `stranger`, `unclear`, `changed`, `refused`, `declined`, `delegated` or `bounced`.
    pub reason: &'static str,
    /// What was declined.
    pub meeting: Option<String>,
}

impl CameByMail {
    /// It comes from somebody else than it was awaited from.
    pub const STRANGER: &str = "stranger";
    /// It does not say what was asked for.
    pub const UNCLEAR: &str = "unclear";
    /// What it answers has changed, or was answered, since.
    pub const CHANGED: &str = "changed";
    /// What it asks for cannot be done.
    pub const REFUSED: &str = "refused";

    /// An answer that could not be used.
    pub fn of(reason: &'static str, mail: &Inbound, awaited: &str) -> Self {
        let text: String = mail.text.chars().take(LONGEST).collect();
        Self {
            from: mail.claims_from.as_ref().map(ToString::to_string),
            awaited: awaited.to_owned(),
            subject: mail.subject.clone(),
            text: Some(text).filter(|text| !text.is_empty()),
            reason,
            meeting: None,
        }
    }

    /// A guest's calendar says that they do not come, or that somebody else does.
    pub fn declined(guest: &str, meeting: &str, delegated: bool) -> Self {
        Self {
            from: Some(guest.to_owned()),
            awaited: guest.to_owned(),
            subject: String::new(),
            text: None,
            reason: if delegated { "delegated" } else { "declined" },
            meeting: Some(meeting.to_owned()),
        }
    }

    /// What asked for an answer cannot be delivered.
    pub fn bounced(awaited: &str) -> Self {
        Self {
            from: None,
            awaited: awaited.to_owned(),
            subject: String::new(),
            text: None,
            reason: "bounced",
            meeting: None,
        }
    }
}
