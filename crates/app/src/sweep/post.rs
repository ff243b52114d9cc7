//! Letters are mailed: one mail to a person in a pass, whatever waits for them (R3.13).
//!
//! A mail is handed over before its letters are taken off the post: a node that dies in between hands it over again,
//! and its name, which follows from the first letter, lets the receiver tell. What a server refuses for good is given
//! up with its reason in the audit log; everything else is tried again, less and less often.

use std::sync::Arc;

use jiff::SignedDuration;
use throughline_domain::{Actor, HandoffId, OrgId, PersonId};
use throughline_messages::{
    Digest, DigestLetter, Kind, Mail, Mailbox, MessageId, Post, PostError, View, Written,
};
use throughline_store::{Audit, Bag, Change, Claim, Letter, Org, Person, ports::ApplyError};
use uuid::Uuid;

use super::Swept;
use crate::{App, AppError};

/// How long a node may take for the mails it claims: a slow server is waited for.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// People mailed in one pass.
const PEOPLE: u32 = 10;
/// How long letters wait after each failure, in minutes; after the last they are given up.
const WAITS: [i64; 9] = [1, 5, 15, 60, 120, 240, 480, 720, 1_440];

/// How mail leaves.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Who takes it.
    pub post: Arc<dyn Post>,
    /// Who it is from; its domain names every mail.
    pub from: Mailbox,
    /// Where people reach the product: links begin with it.
    pub public_url: String,
}

impl App {
    /// With a way for mail to leave. Without one letters lie in the product alone.
    #[must_use]
    pub fn with_mail(self, outgoing: Outgoing) -> Self {
        Self { outgoing: Some(Arc::new(outgoing)), ..self }
    }

    /// Whether mail leaves.
    pub fn mails(&self) -> bool {
        self.outgoing.is_some()
    }

    /// Mails what is due, of all organisations.
    pub async fn sweep_post(&self) -> Result<Swept, AppError> {
        let Some(outgoing) = &self.outgoing else { return Ok(Swept::default()) };
        let now = self.now();
        let bags = self.store.claim_post(Claim { now, until: now + LEASE, limit: PEOPLE }).await?;
        let mut swept = Swept::of(bags.len());
        for bag in bags {
            let (org, person) = (bag.org, bag.person);
            if let Err(why) = self.mail(outgoing, bag).await {
                tracing::warn!(%org, %person, %why, "letters cannot be mailed");
                swept.failed += 1;
            }
        }
        Ok(swept)
    }

    async fn mail(&self, outgoing: &Outgoing, bag: Bag) -> Result<(), AppError> {
        let ids: Vec<Uuid> = bag.letters.iter().map(|posting| posting.letter).collect();
        let tries = bag.letters.iter().map(|posting| posting.tries).max().unwrap_or(0);
        let sent = match self.composed(outgoing, bag.org, bag.person, &ids).await? {
            Ok(mail) => outgoing.post.send(&mail).await,
            Err(never) => Err(never),
        };
        let (change, detail) = match sent {
            Ok(()) => (Change::Posted { letters: ids.clone() }, serde_json::json!({ "mailed": ids.len() })),
            Err(PostError::Never { reason }) => {
                (Change::PostNever { letters: ids }, serde_json::json!({ "given_up": reason }))
            }
            Err(PostError::Later { reason }) => match WAITS.get(tries as usize) {
                Some(minutes) => {
                    let at = self.now() + SignedDuration::from_mins(*minutes);
                    (Change::PostLater { letters: ids, at }, serde_json::json!({ "later": reason }))
                }
                None => (Change::PostNever { letters: ids }, serde_json::json!({ "given_up": reason })),
            },
        };
        let audit = Audit {
            at: self.now(),
            by: Actor::System,
            action: "mail".to_owned(),
            subject: bag.person.to_string(),
            detail,
        };
        match self.store.apply(bag.org, vec![change], audit).await {
            // Its claim had run out, and another node was faster.
            Ok(()) | Err(ApplyError::Conflict(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    /// The mail, or why there can be none.
    async fn composed(
        &self,
        outgoing: &Outgoing,
        org: OrgId,
        person: PersonId,
        ids: &[Uuid],
    ) -> Result<Result<Mail, PostError>, AppError> {
        let to = self.store.person(org, person).await?.filter(|person| person.status.signs_in());
        let address = to.as_ref().and_then(|to| to.email.as_deref()?.parse().ok());
        let (Some(to), Some(address)) = (to, address) else {
            return Ok(Err(PostError::never("nobody to mail to: they left, or have no mail address")));
        };
        let letters = self.letters_of(org, person, ids).await?;
        let Some(first) = letters.first() else {
            return Ok(Err(PostError::never("the letters are not there any more")));
        };
        let org = self.organisation(org).await?;
        let written = self.wrapped(outgoing, &org, &to, &letters).await?;
        let id = MessageId::of(first.id, outgoing.from.address.domain()).map_err(AppError::broken)?;
        Ok(Ok(Mail {
            id,
            at: self.now(),
            from: outgoing.from.clone(),
            to: Mailbox::new(&to.name, address),
            reply_to: None,
            subject: written.subject,
            text: written.text,
            follows: Vec::new(),
            calendar: None,
        }))
    }

    async fn wrapped(
        &self,
        outgoing: &Outgoing,
        org: &Org,
        to: &Person,
        letters: &[Letter],
    ) -> Result<Written, AppError> {
        let link = |path: &Option<String>| path.as_ref().map(|path| format!("{}{path}", outgoing.public_url));
        let (kind, view) = match letters {
            [letter] => {
                let words = (letter.subject.as_str(), letter.body.as_str());
                (Kind::Mail, View::mail(&org.name, &to.name, words, link(&letter.link), None))
            }
            several => {
                let mut listed = Vec::new();
                for letter in several {
                    listed.push(DigestLetter {
                        account: self.account_of(org.id, letter.handoff).await?,
                        subject: letter.subject.clone(),
                        link: link(&letter.link),
                    });
                }
                let digest = Digest { link: link(&Some("/letters".to_owned())), ..Digest::of(listed) };
                (Kind::Digest, View::digest(&org.name, &to.name, digest))
            }
        };
        self.templates.write(kind, &view).map_err(AppError::broken)
    }

    async fn account_of(&self, org: OrgId, handoff: Option<HandoffId>) -> Result<Option<String>, AppError> {
        let Some(id) = handoff else { return Ok(None) };
        Ok(self.store.row(org, id).await?.map(|row| row.account))
    }

    /// Somebody's letters by their ids, oldest first. What waits is young: it is found among their newest.
    async fn letters_of(&self, org: OrgId, person: PersonId, ids: &[Uuid]) -> Result<Vec<Letter>, AppError> {
        let (mut found, mut before) = (Vec::new(), None);
        while found.len() < ids.len() {
            let page = self.store.letters(org, Some(person), before, throughline_store::PAGE).await?;
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            found.extend(page.into_iter().filter(|letter| ids.contains(&letter.id)));
        }
        found.reverse();
        Ok(found)
    }
}
