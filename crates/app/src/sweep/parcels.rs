//! Parcels are sent: mail to any mailbox, one mail each, with its calendar file where it has one.
//!
//! A parcel waits in the transaction that made it necessary and goes as letters do: handed over before it is taken off,
//! under a name that stays, and tried again, less and less often, while the server asks for patience.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use throughline_domain::{Actor, HandoffId, OrgId};
use throughline_messages::{CalendarPart, Kind, Mail, Mailbox, MessageId, PostError, Subject};
use throughline_store::{Audit, Change, ParcelChange, ParcelRow, ParcelState, ports::ApplyError};

use super::{
    Outgoing, Swept,
    post::{WAITS, goes_on},
};
use crate::{App, AppError};

/// Mails sent in one pass.
const MAILS: usize = 10;

/// A mail to any mailbox. To one on purpose: everybody gets their own words and their own address to answer to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// To whom.
    pub to: Mailbox,
    /// Who writes, by name; the address is always the server's.
    #[serde(default)]
    pub in_name_of: Option<String>,
    /// Where an answer goes; none: to the server's address.
    #[serde(default)]
    pub reply_to: Option<Mailbox>,
    /// Its subject.
    pub subject: String,
    /// Its words, as plain text.
    pub text: String,
    /// The meeting it is about.
    #[serde(default)]
    pub calendar: Option<CalendarPart>,
    /// Its words have room for a key to the portal, which is made when it is handed over.
    #[serde(default)]
    pub with_key: bool,
}

impl App {
    /// Lets a mail wait to be sent; to be applied with whatever makes it necessary.
    pub(crate) fn parcel(&self, handoff: HandoffId, kind: Kind, parcel: &Parcel) -> Result<Change, AppError> {
        Ok(Change::Parcel(ParcelChange::Send(ParcelRow {
            id: self.fresh_id(),
            handoff,
            what: kind.name().to_owned(),
            at: self.now(),
            tries: 0,
            to: parcel.to.address.to_string(),
            subject: parcel.subject.clone(),
            mail: serde_json::to_string(parcel).map_err(AppError::broken)?,
        })))
    }

    /// Sends parcels that are due, of all organisations.
    pub async fn sweep_parcels(&self) -> Result<Swept, AppError> {
        let Some(outgoing) = &self.outgoing else { return Ok(Swept::default()) };
        let (begun, mut swept) = (self.now(), Swept::default());
        while swept.taken < MAILS && goes_on(begun, self.now()) {
            let claim = outgoing.claim(begun, self.now());
            let Some((org, row)) = self.store.claim_parcels(claim).await?.pop() else { break };
            swept.taken += 1;
            if let Err(why) = self.send_parcel(outgoing, org, &row).await {
                tracing::warn!(%org, parcel = %row.id, %why, "a mail cannot be sent");
                swept.failed += 1;
            }
        }
        Ok(swept)
    }

    /// Nobody in a sample is real, whatever their address is.
    async fn never_sent(&self, org: OrgId, row: &ParcelRow) -> Result<(), AppError> {
        let note = "nothing leaves a sample".to_owned();
        let audit = Audit {
            at: self.now(),
            by: Actor::System,
            action: "send-mail".to_owned(),
            subject: row.id.to_string(),
            detail: serde_json::json!({ "what": row.what, "handoff": row.handoff, "became": ParcelState::GivenUp }),
        };
        let change = Change::Parcel(ParcelChange::GivenUp { id: row.id, note });
        match self.store.apply(org, vec![change], audit).await {
            Ok(()) | Err(ApplyError::Conflict(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    async fn send_parcel(&self, outgoing: &Outgoing, org: OrgId, row: &ParcelRow) -> Result<(), AppError> {
        let id = row.id;
        if self.organisation(org).await?.sample_of.is_some() {
            return self.never_sent(org, row).await;
        }
        let sent = match self.as_mail(outgoing, org, row).await? {
            Ok(mail) => {
                // Where an answer is awaited, it has an address of its own, made for this very mail.
                let reply_to = self.answer_address(org, id).await?.or(mail.reply_to);
                outgoing.post.send(&Mail { reply_to, ..mail }).await
            }
            Err(why) => Err(PostError::never(why)),
        };
        let (change, became) = match sent {
            Ok(()) => (ParcelChange::Sent { id }, ParcelState::Sent),
            Err(PostError::Never { reason }) => {
                (ParcelChange::GivenUp { id, note: reason }, ParcelState::GivenUp)
            }
            Err(PostError::Later { reason }) => match WAITS.get(row.tries as usize) {
                Some(minutes) => {
                    let at = self.now() + SignedDuration::from_mins(*minutes);
                    (ParcelChange::Later { id, at, note: reason }, ParcelState::Waiting)
                }
                None => (ParcelChange::GivenUp { id, note: reason }, ParcelState::GivenUp),
            },
        };
        let audit = Audit {
            at: self.now(),
            by: Actor::System,
            action: "send-mail".to_owned(),
            subject: id.to_string(),
            detail: serde_json::json!({ "what": row.what, "handoff": row.handoff, "became": became }),
        };
        match self.store.apply(org, vec![Change::Parcel(change)], audit).await {
            // Its claim had run out, and another node was faster.
            Ok(()) | Err(ApplyError::Conflict(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    /// The mail, or why it can be none.
    async fn as_mail(
        &self,
        outgoing: &Outgoing,
        org: OrgId,
        row: &ParcelRow,
    ) -> Result<Result<Mail, String>, AppError> {
        let mut parcel: Parcel = match serde_json::from_str(&row.mail) {
            Ok(parcel) => parcel,
            Err(why) => return Ok(Err(why.to_string())),
        };
        if parcel.with_key {
            match self.words_with_key(org, row.id, &parcel.text).await? {
                Some(text) => parcel.text = text,
                None => {
                    return Ok(
                        Err("its key is over, or whoever it is for is not let in any more".to_owned()),
                    );
                }
            }
        }
        Ok(self.addressed(outgoing, row, parcel))
    }

    fn addressed(&self, outgoing: &Outgoing, row: &ParcelRow, parcel: Parcel) -> Result<Mail, String> {
        let address = outgoing.from.address.clone();
        let id = MessageId::of(row.id, address.domain()).map_err(|why| why.to_string())?;
        Ok(Mail {
            id,
            at: self.now(),
            from: parcel
                .in_name_of
                .map_or_else(|| outgoing.from.clone(), |name| Mailbox::new(&name, address)),
            to: parcel.to,
            reply_to: parcel.reply_to,
            subject: Subject::of(&parcel.subject).ok_or("it has no subject")?,
            text: parcel.text,
            follows: Vec::new(),
            calendar: parcel.calendar,
        })
    }
}
