//! Letters are mailed: one mail to a person in a pass, whatever waits for them (R3.13).
//!
//! A mail is handed over before its letters are taken off the post: a node that dies in between hands it over again,
//! and its name, which follows from the first letter, lets the receiver tell. What a server refuses for good is given
//! up with its reason in the audit log; everything else is tried again, less and less often.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{Actor, HandoffId, OrgId, PersonId, notify::Notify};
use throughline_messages::{
    Digest, DigestLetter, Kind, Mail, Mailbox, MessageId, Post, PostError, View, Written,
};
use throughline_store::{Audit, Bag, Change, Claim, Letter, Org, Person, ports::ApplyError};
use uuid::Uuid;

use super::Swept;
use crate::{App, AppError, letters::zone_of};

/// How long a node may take for a mail beside handing it over: to write it, and to note what became of it.
const BESIDE: SignedDuration = SignedDuration::from_secs(5);
/// People mailed in one pass.
const PEOPLE: usize = 10;
/// How long one pass claims: far less than the longest claim there may be.
const LONGEST_PASS: SignedDuration = SignedDuration::from_mins(10);
/// How long letters wait after each failure, in minutes; after the last they are given up.
pub(super) const WAITS: [i64; 9] = [1, 5, 15, 60, 120, 240, 480, 720, 1_440];

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

impl Outgoing {
    /// A claim on one mail that was due when a pass began. One at a time, and for no longer than it can take: a node that
    /// dies holds up what it had in its hands, and nothing behind it.
    pub(super) fn claim(&self, begun: Timestamp, now: Timestamp) -> Claim {
        let patience =
            SignedDuration::try_from(self.post.patience()).unwrap_or(SignedDuration::from_mins(10));
        Claim { now: begun, until: now + patience + BESIDE, limit: 1 }
    }
}

/// Whether a pass may claim more. What it claims was due when it began, and claims of others are held against that time,
/// too: far from it, those of slow nodes would look as if nobody could have made them.
pub(super) fn goes_on(begun: Timestamp, now: Timestamp) -> bool {
    (SignedDuration::ZERO..LONGEST_PASS).contains(&now.duration_since(begun))
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
        let (begun, mut swept) = (self.now(), Swept::default());
        while swept.taken < PEOPLE && goes_on(begun, self.now()) {
            let claim = outgoing.claim(begun, self.now());
            let Some(bag) = self.store.claim_post(claim).await?.pop() else { break };
            swept.taken += 1;
            let (org, person) = (bag.org, bag.person);
            if let Err(why) = self.mail(outgoing, bag).await {
                tracing::warn!(%org, %person, %why, "letters cannot be mailed");
                swept.failed += 1;
            }
        }
        Ok(swept)
    }

    async fn mail(&self, outgoing: &Outgoing, bag: Bag) -> Result<(), AppError> {
        let Some(bag) = self.still_wanted(bag).await? else { return Ok(()) };
        let ids: Vec<Uuid> = bag.letters.iter().map(|posting| posting.letter).collect();
        let tries = bag.letters.iter().map(|posting| posting.tries).max().unwrap_or(0);
        let (sent, mut changes) = match self.composed(outgoing, bag.org, bag.person, &ids).await? {
            Ok((mail, noted)) => (outgoing.post.send(&mail).await, Vec::from_iter(noted)),
            Err(never) => (Err(never), Vec::new()),
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
        changes.push(change);
        self.settle_post(bag.org, bag.person, changes, detail).await?;
        Ok(())
    }

    /// What of a bag is to be mailed now. Wishes may have changed since a letter was put there, and what came late, by
    /// a server that was down or ours that was, does not come in the night.
    async fn still_wanted(&self, mut bag: Bag) -> Result<Option<Bag>, AppError> {
        let Some(to) = self.store.person(bag.org, bag.person).await? else { return Ok(Some(bag)) };
        if to.notify == Notify::default() {
            return Ok(Some(bag));
        }
        let ids: Vec<Uuid> = bag.letters.iter().map(|posting| posting.letter).collect();
        let letters = self.letters_of(bag.org, bag.person, &ids).await?;
        let unwanted = letters.into_iter().filter(|letter| !to.notify.wants(letter.topic));
        let unwanted: Vec<Uuid> = unwanted.map(|letter| letter.id).collect();
        bag.letters.retain(|posting| !unwanted.contains(&posting.letter));
        let zone = zone_of(&self.organisation(bag.org).await?, &to);
        let rests_until = to.notify.rests_until(self.now(), &zone).filter(|_| !bag.letters.is_empty());
        let (mut changes, mut detail) = (Vec::new(), serde_json::json!({}));
        if !unwanted.is_empty() {
            detail["not_wanted"] = unwanted.len().into();
            changes.push(Change::PostNever { letters: unwanted });
        }
        if let Some(at) = rests_until {
            detail["rests_until"] = at.to_string().into();
            let letters = bag.letters.drain(..).map(|posting| posting.letter).collect();
            changes.push(Change::PostLater { letters, at });
        }
        let ours = changes.is_empty() || self.settle_post(bag.org, bag.person, changes, detail).await?;
        Ok((ours && !bag.letters.is_empty()).then_some(bag))
    }

    /// Writes what became of letters. False: the claim on them had run out, and another node was faster.
    async fn settle_post(
        &self,
        org: OrgId,
        person: PersonId,
        changes: Vec<Change>,
        detail: serde_json::Value,
    ) -> Result<bool, AppError> {
        let audit = Audit {
            at: self.now(),
            by: Actor::System,
            action: "mail".to_owned(),
            subject: person.to_string(),
            detail,
        };
        match self.store.apply(org, changes, audit).await {
            Ok(()) => Ok(true),
            Err(ApplyError::Conflict(_)) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    /// The mail and what is to be kept beside it, or why there can be none.
    async fn composed(
        &self,
        outgoing: &Outgoing,
        org: OrgId,
        person: PersonId,
        ids: &[Uuid],
    ) -> Result<Result<(Mail, Option<Change>), PostError>, AppError> {
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
        // One message can be answered; of several it would not be clear which.
        let reply_to = match letters.as_slice() {
            [only] => self.answer_address(org.id, only.id).await?,
            _ => None,
        };
        let (written, noted) = self.wrapped(outgoing, &org, &to, &letters, reply_to.is_some()).await?;
        let id = MessageId::of(first.id, outgoing.from.address.domain()).map_err(AppError::broken)?;
        let mail = Mail {
            id,
            at: self.now(),
            from: outgoing.from.clone(),
            to: Mailbox::new(&to.name, address),
            reply_to,
            subject: written.subject,
            text: written.text,
            follows: Vec::new(),
            calendar: None,
        };
        Ok(Ok((mail, noted)))
    }

    async fn wrapped(
        &self,
        outgoing: &Outgoing,
        org: &Org,
        to: &Person,
        letters: &[Letter],
        answered: bool,
    ) -> Result<(Written, Option<Change>), AppError> {
        let link = |path: &Option<String>| path.as_ref().map(|path| format!("{}{path}", outgoing.public_url));
        let settings = link(&Some("/settings/notifications".to_owned()));
        let (kind, view) = match letters {
            [letter] => {
                let words = (letter.subject.as_str(), letter.body.as_str());
                let view = View::mail(&org.name, &to.name, words, link(&letter.link), settings);
                (Kind::Mail, if answered { view.to_be_answered() } else { view })
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
                let digest =
                    Digest { link: link(&Some("/letters".to_owned())), settings, ..Digest::of(listed) };
                (Kind::Digest, View::digest(&org.name, &to.name, digest))
            }
        };
        self.templates(org.id).await?.write(kind, &view, self.now())
    }

    async fn account_of(&self, org: OrgId, handoff: Option<HandoffId>) -> Result<Option<String>, AppError> {
        let Some(id) = handoff else { return Ok(None) };
        Ok(self.store.row(org, id).await?.map(|row| row.account))
    }

    /// Somebody's letters by their ids, oldest first. What waits is young: it is found among their newest.
    pub(crate) async fn letters_of(
        &self,
        org: OrgId,
        person: PersonId,
        ids: &[Uuid],
    ) -> Result<Vec<Letter>, AppError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, ManualClock};

    #[test]
    fn a_pass_claims_for_its_longest_time_and_not_by_a_clock_set_back() {
        let clock = ManualClock::at("2026-03-02T08:00:00Z".parse().unwrap());
        let begun = clock.now();
        assert!(goes_on(begun, clock.now()));
        clock.advance(LONGEST_PASS - SignedDuration::from_nanos(1));
        assert!(goes_on(begun, clock.now()));
        clock.advance(SignedDuration::from_nanos(1));
        assert!(!goes_on(begun, clock.now()));
        clock.set(begun - SignedDuration::from_nanos(1));
        assert!(!goes_on(begun, clock.now()));
    }
}
