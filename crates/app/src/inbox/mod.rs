//! Mail that comes in: kept as it came, answered, and only then understood.
//!
//! Anybody can write to us, in any name. A mail is taken in once, before anybody reads it; a sweep reads it, on whichever
//! node. It counts as an answer when two things hold: it was sent to an address that only somebody who got our mail can
//! know, and it comes from whom that mail was sent to. Neither alone is enough. What cannot be used leads to nothing but
//! a line in a list, and to a letter where somebody should look at it; whoever wrote hears nothing of why.
//!
//! Absent on purpose: answers to mail. A program that answers programs does so for ever.

mod answers;
mod asking;
mod calendar;
mod effect;
mod mailbox;
mod reading;

use sha2::{Digest, Sha256};
use throughline_domain::{OrgId, access::Action};
use throughline_messages::{Inbound, ReplyAddress, Told, View};
use throughline_store::{Change, MailChange, MailRow, MailSeen, MailState, ports::ApplyError};
use uuid::Uuid;

pub use answers::Asked;
pub use asking::{HELD, PlanAsked, PlanContact, PlanMail, PlanSent, TAKEN_BACK, plan_contacts};
pub use mailbox::{Looked, Mailbox};

use crate::{App, AppError, Caller, events::Received, handle::Loaded};

/// The largest mail taken, in bytes.
pub const LARGEST_MAIL: usize = Inbound::LARGEST;
/// The longest address of an envelope that is kept, in bytes (RFC 5321 §4.5.3.1.3).
const LONGEST_PATH: usize = 256;

/// A mail as it arrives.
#[derive(Debug, Clone, Copy)]
pub struct Arriving<'a> {
    /// Its bytes (RFC 5322).
    pub raw: &'a [u8],
    /// The envelope's sender, where whoever brings it knows; empty: the null sender of bounces.
    pub sent_by: Option<&'a str>,
    /// The envelope's recipient.
    pub sent_to: Option<&'a str>,
}

impl App {
    /// With an address that answers are sent to. Without one no answer by mail is awaited or taken.
    #[must_use]
    pub fn with_answers(self, at: ReplyAddress) -> Self {
        Self { answers: Some(std::sync::Arc::new(at)), ..self }
    }

    /// Whether answers by mail are taken.
    pub fn takes_mail(&self) -> bool {
        self.answers.is_some()
    }

    /// Takes a mail in. Once this is answered it is not lost, and it is acted on once however often it comes.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when this server has no address for answers.
    pub async fn receive_mail(&self, caller: &Caller, mail: Arriving<'_>) -> Result<Received, AppError> {
        caller.may(Action::BringMail)?;
        if !self.takes_mail() {
            let why = "this server has no address that answers are sent to: whoever runs it gives it one with --answers-to";
            return Err(AppError::Conflict(why.to_owned()));
        }
        self.keep(caller, mail).await
    }

    async fn keep(&self, caller: &Caller, mail: Arriving<'_>) -> Result<Received, AppError> {
        if mail.raw.is_empty() {
            return Err(AppError::invalid("body", "is empty; send the mail as it came"));
        }
        if mail.raw.len() > LARGEST_MAIL {
            let reason = format!("has {} bytes; at most {LARGEST_MAIL} are taken", mail.raw.len());
            return Err(AppError::invalid("body", reason));
        }
        let row = MailRow {
            id: self.fresh_id(),
            key: imprint(mail.raw),
            received_at: self.now(),
            tries: 0,
            sent_by: path("from", mail.sent_by)?,
            sent_to: path("to", mail.sent_to)?,
            raw: mail.raw.to_vec(),
        };
        self.keep_row(caller, row).await
    }

    async fn keep_row(&self, caller: &Caller, row: MailRow) -> Result<Received, AppError> {
        let audit = self.audit(caller, "receive-mail", &row.id.to_string(), serde_json::Value::Null);
        // At once, also where the request has a key: taken again it is the same mail.
        let change = Change::Mail(MailChange::Receive(row));
        match self.store.apply(caller.org, vec![change], audit).await {
            Ok(()) => Ok(Received::New),
            Err(ApplyError::Conflict(_)) => Ok(Received::Again),
            Err(other) => Err(other.into()),
        }
    }

    /// A page of the mail that came, newest first, of one state or of all; `before` is the last one seen.
    pub async fn mails_received(
        &self,
        caller: &Caller,
        state: Option<MailState>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<MailSeen>, AppError> {
        caller.may(Action::ReadMessages)?;
        Ok(self.store.mails(caller.org, state, before, limit.clamp(1, 200)).await?)
    }

    /// What a template is told of a handoff.
    async fn told_by_mail(
        &self,
        loaded: &Loaded,
        reader: &str,
        view: impl FnOnce(&Told<'_>) -> View,
    ) -> Result<View, AppError> {
        let names = self.names(loaded).await?;
        let (company, handoff) = (loaded.org.name.as_str(), &loaded.handoff);
        Ok(view(&Told { company, reader, handoff, names: &names, matter: None, handover: None }))
    }

    /// Whose a mail is that was found in a mailbox: the organisation that awaits it, else the only one there is.
    async fn whose(&self, secret: Option<&str>) -> Result<Option<OrgId>, AppError> {
        if let Some(secret) = secret
            && let Some((org, _)) = self.store.awaited_at(secret).await?
        {
            return Ok(Some(org));
        }
        let orgs = self.store.orgs().await?.into_iter();
        let orgs: Vec<_> = orgs.filter(|org| org.sample_of.is_none()).collect();
        Ok(match orgs.as_slice() {
            [only] => Some(only.id),
            _ => None,
        })
    }
}

/// A path of the envelope, as it is kept.
fn path(field: &str, given: Option<&str>) -> Result<Option<String>, AppError> {
    match given {
        Some(text) if text.len() > LONGEST_PATH || text.chars().any(char::is_control) => {
            Err(AppError::invalid(field, "is no mail address"))
        }
        given => Ok(given.map(str::to_owned)),
    }
}

/// What tells a mail from every other: its name and what its writer wrote. Every server on the way adds lines above and
/// may change how lines end, so those do not count; a mail without a name is taken whole.
fn imprint(raw: &[u8]) -> String {
    let (head, body) = parts(raw);
    let mut digest = Sha256::new();
    match name_of(head) {
        Some(name) => {
            digest.update(name);
            digest.update(b"\n\n");
            without_returns(body, &mut digest);
        }
        None => without_returns(raw, &mut digest),
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn without_returns(bytes: &[u8], digest: &mut Sha256) {
    bytes.split(|byte| *byte == b'\r').for_each(|piece| digest.update(piece));
}

/// A mail's header and its body.
fn parts(raw: &[u8]) -> (&[u8], &[u8]) {
    let ends = raw.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    for end in ends {
        let rest = &raw[end..];
        if rest.starts_with(b"\n") || rest.starts_with(b"\r\n") {
            return raw.split_at(end);
        }
    }
    (raw, &[])
}

/// The first `Message-ID` of a header, without blanks around it.
fn name_of(head: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"message-id:";
    let mut lines = head.split(|byte| *byte == b'\n');
    while let Some(line) = lines.next() {
        if line.get(..NAME.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(NAME)) {
            let here = line[NAME.len()..].trim_ascii();
            // Some programs fold the line before the name.
            let name = if here.is_empty() { lines.next()?.trim_ascii() } else { here };
            return Some(name).filter(|name| !name.is_empty());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: ines@customer.example\r\nMessage-ID: <1@x>\r\n\r\nConfirmed.\r\n";

    #[test]
    fn a_mail_that_came_another_way_is_the_same_mail() {
        let same = [
            MAIL.to_owned(),
            MAIL.replace("\r\n", "\n"),
            format!("Received: from a by b\r\nDelivered-To: reply@h\r\n{MAIL}"),
            MAIL.replace("Message-ID: <1@x>", "message-id:\r\n <1@x>"),
        ];
        for mail in &same {
            assert_eq!(imprint(mail.as_bytes()), imprint(MAIL.as_bytes()), "{mail}");
        }
    }

    #[test]
    fn another_name_or_other_words_are_another_mail() {
        let other = [
            MAIL.replace("<1@x>", "<2@x>"),
            MAIL.replace("Confirmed", "No"),
            MAIL.replace("Message-ID: <1@x>\r\n", ""),
            MAIL.replace("Message-ID: <1@x>\r\n", "Message-ID:\r\n"),
            // A name in the body names nothing.
            "From: a@b.example\r\n\r\nMessage-ID: <1@x>\r\n\r\nConfirmed.\r\n".to_owned(),
        ];
        let all: std::collections::BTreeSet<String> =
            other.iter().map(|mail| imprint(mail.as_bytes())).chain([imprint(MAIL.as_bytes())]).collect();
        assert_eq!(all.len(), other.len() + 1);
    }

    #[test]
    fn any_bytes_have_an_imprint() {
        for raw in [&b""[..], b"\n", b"\r\n\r\n", b"Message-ID:", b"Message-ID:\n", b"\xff\0\n\n\xfe"] {
            assert_eq!(imprint(raw).len(), 64);
        }
    }
}
