//! Mail fetched from a mailbox, by one node at a time.
//!
//! A mail is kept by us before it is marked as read there: a node that dies in between fetches it again, and what was
//! kept is known. Absent on purpose: anything kept of a mailbox between two looks.

use jiff::{SignedDuration, Timestamp};
use throughline_messages::{Arrivals, Arrived, Envelope, Inbound, PostError, ReplyAddress, TokenFound};
use throughline_store::{Change, MailChange, MailRead, MailRow, MailState};

use super::{Arriving, answers::hashed};
use crate::{App, AppError, Caller, secrets};

/// How long a node may take beside waiting for the mailbox: to keep what it fetched.
const BESIDE: SignedDuration = SignedDuration::from_secs(10);
/// How often a mailbox is looked at, by whichever node.
const EACH: SignedDuration = SignedDuration::from_secs(20);
/// Mails fetched in a look.
const MOST: usize = 20;

/// A mailbox that answers arrive in.
#[derive(Debug)]
pub struct Mailbox {
    /// What it is known by among the nodes: the same on all that look at it.
    pub name: String,
    /// The way to it.
    pub arrivals: Box<dyn Arrivals>,
}

/// What a look at a mailbox came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// It was not our turn.
    NotNow,
    /// So many mails were taken in; a full look means that more may wait.
    Took(usize),
}

impl Looked {
    /// Whether more may wait.
    pub fn is_full(self) -> bool {
        matches!(self, Self::Took(mails) if mails >= MOST)
    }
}

impl App {
    /// Takes in what waits in a mailbox, if no other node is at it and none was just before.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the mailbox does not answer: whoever asks waits before they ask again.
    pub async fn look_into(&self, mailbox: &Mailbox) -> Result<Looked, AppError> {
        let Some(ours) = &self.answers else { return Ok(Looked::NotNow) };
        let what = format!("mailbox {}", mailbox.name);
        let Some(mut until) = self.turn(mailbox, &what, None).await? else { return Ok(Looked::NotNow) };
        let taken = match mailbox.arrivals.waiting(MOST).await.map_err(|why| away(mailbox, &why)) {
            Ok(waiting) => {
                // Each wait has its time, so that a node that dies in one of them holds up no more than that one.
                match self.turn(mailbox, &what, Some(until)).await? {
                    Some(later) => until = later,
                    None => return Ok(Looked::NotNow),
                }
                self.take_in(mailbox, ours, waiting).await
            }
            Err(why) => Err(why),
        };
        // A full look is followed by the next at once; also of another node.
        let rest = match &taken {
            Ok(mails) if Looked::Took(*mails).is_full() => SignedDuration::ZERO,
            _ => EACH,
        };
        let now = self.now();
        // A turn that had run out is somebody else's now.
        self.store.take_turn(&what, Some(until), now, now + rest).await?;
        taken.map(Looked::Took)
    }

    /// The turn at a mailbox, for one wait for it: taken, or held on to. Gives until when.
    async fn turn(
        &self,
        mailbox: &Mailbox,
        what: &str,
        held: Option<Timestamp>,
    ) -> Result<Option<Timestamp>, AppError> {
        let now = self.now();
        let patience = SignedDuration::try_from(mailbox.arrivals.patience());
        let until = now + patience.unwrap_or(SignedDuration::from_mins(5)) + BESIDE;
        Ok(self.store.take_turn(what, held, now, until).await?.then_some(until))
    }

    async fn take_in(
        &self,
        mailbox: &Mailbox,
        ours: &ReplyAddress,
        waiting: Vec<Arrived>,
    ) -> Result<usize, AppError> {
        let many = waiting.len();
        let mut kept = Vec::with_capacity(many);
        let mut failed = None;
        for arrived in waiting {
            let ticket = arrived.ticket;
            match self.take(&mailbox.name, ours, arrived).await {
                Ok(()) => kept.push(ticket),
                Err(why) => {
                    tracing::warn!(mailbox = mailbox.name, mail = %ticket, %why, "a mail cannot be kept");
                    failed = Some(why);
                }
            }
        }
        mailbox.arrivals.done(&kept).await.map_err(|why| away(mailbox, &why))?;
        match failed {
            Some(why) => Err(why),
            None => Ok(many),
        }
    }

    async fn take(&self, name: &str, ours: &ReplyAddress, arrived: Arrived) -> Result<(), AppError> {
        let Arrived { ticket, size, raw } = arrived;
        let secret = match &raw {
            Some(raw) => secret_of(raw.clone(), ours.clone()).await,
            None => None,
        };
        let Some(org) = self.whose(secret.as_deref()).await? else {
            tracing::warn!(mailbox = name, mail = %ticket, "a mail is for none of several organisations: it stays where it is");
            return Ok(());
        };
        let caller = Caller::system(org);
        match raw {
            Some(raw) if !raw.is_empty() => {
                self.keep(&caller, Arriving { raw: &raw, sent_by: None, sent_to: None }).await.map(drop)
            }
            _ => self.too_large(&caller, &format!("{name} {ticket}"), size).await,
        }
    }

    /// A mail that was not fetched leaves a line in the list.
    async fn too_large(&self, caller: &Caller, key: &str, size: u32) -> Result<(), AppError> {
        let row = MailRow {
            id: self.fresh_id(),
            key: secrets::hash(key),
            received_at: self.now(),
            tries: 0,
            sent_by: None,
            sent_to: None,
            raw: Vec::new(),
        };
        let read = MailRead {
            from: None,
            subject: None,
            handoff: None,
            state: MailState::Unused,
            note: format!("not fetched: it has {size} bytes, and at most {} are read", Inbound::LARGEST),
        };
        let audit = self.audit(caller, "receive-mail", &row.id.to_string(), serde_json::Value::Null);
        let id = row.id;
        let changes = [MailChange::Receive(row), MailChange::Read { id, read }].map(Change::Mail).to_vec();
        match self.store.apply(caller.org, changes, audit).await {
            Ok(()) | Err(throughline_store::ApplyError::Conflict(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }
}

fn away(mailbox: &Mailbox, why: &PostError) -> AppError {
    tracing::warn!(mailbox = mailbox.name, %why, "the mailbox does not answer");
    AppError::Unavailable(why.to_string())
}

/// The hash of the secret in the address a mail was sent to, as far as it can be read.
async fn secret_of(raw: Vec<u8>, ours: ReplyAddress) -> Option<String> {
    let read = tokio::task::spawn_blocking(move || Inbound::read(&raw, &Envelope::default(), &ours));
    match read.await.ok()?.ok()?.token {
        TokenFound::One(token) => Some(hashed(&token)),
        TokenFound::Missing | TokenFound::Several => None,
    }
}
