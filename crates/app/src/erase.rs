//! Forgetting: personal texts of a handoff are erased, with every copy the product made of them (architecture:
//! personal text beside the journal). The journal keeps its facts and its chain; what was said reads as erased.
//!
//! That it happened is a fact of the journal, committed on a version like any other: whoever decided on the words
//! before it is overtaken and decides anew without them. Letters and mail are blanked right after. An erasure that is
//! cut off in between is finished by asking for it again.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{
    HandoffId, OrgId,
    access::Action,
    handoff::{Fact, Handoff, Recorded, replay},
};
use throughline_messages::Address;
use throughline_store::{Change, Erase, Letter, MailChange, ParcelChange, PortalChange, PortalPerson};
use uuid::Uuid;

use crate::{
    App, AppError, Caller,
    handle::{Loaded, TRIES},
    unit::{Ground, reading},
};

/// Which texts are forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forget {
    /// Every personal text of the handoff.
    Everything,
    /// Every text that contains this name, mail address or phrase, without regard to case.
    Mentioning(String),
}

/// Journal rows read at a time.
const PAGE: u32 = 500;
/// Letters read at a time.
const LETTERS: u32 = 200;
/// The kind of the fact that tells of an erasure.
const ERASED: &str = "texts_erased";
/// What the audit log calls an erasure.
const NOTED: &str = "erase-texts";
/// Rows of the audit log read at a time.
const ROWS: u32 = 200;
/// What a blanked letter says.
const BLANK: &str = "[erased]";
/// How long after an erasure a letter may still come out that was begun before it.
const WRITING: SignedDuration = SignedDuration::from_mins(1);

/// What is to be taken beside the texts.
struct Left {
    /// Letters until then: they quote what stood there before, and later ones cannot. Where nothing was erased, none.
    until: Option<Timestamp>,
    /// Who wrote by mail, and what is awaited.
    mail: bool,
    /// What waits to leave, and what calendars were told.
    parcels: bool,
}

impl App {
    /// Erases texts of one handoff. Answers how many; the audit row names the count, never the words. Asked again, it
    /// finds none, and finishes what an earlier one left undone.
    ///
    /// # Errors
    /// [`AppError::Stale`] when others changed the handoff again and again meanwhile; then nothing was erased.
    pub async fn erase(&self, caller: &Caller, id: HandoffId, forget: &Forget) -> Result<usize, AppError> {
        caller.may(Action::ManageSettings)?;
        // Whose right reaches their own handoffs only erases nothing in those of others.
        caller.may_on(Action::ManageSettings, &self.load(caller.org, id).await?.handoff)?;
        let wanted = match forget {
            Forget::Everything => None,
            Forget::Mentioning(phrase) if phrase.trim().chars().count() < 3 => {
                return Err(AppError::invalid("mentioning", "give at least three characters"));
            }
            Forget::Mentioning(phrase) => Some(phrase.trim().to_lowercase()),
        };
        let mut attempt = 1;
        let texts = loop {
            match self.erase_texts(caller, id, wanted.as_deref()).await {
                Err(AppError::Stale { .. }) if attempt < TRIES => attempt += 1,
                other => break other?,
            }
        };
        let left = match texts {
            0 => match self.erased_since(caller.org, id, 0).await? {
                Some(at) => self.left_by(caller.org, id, at).await?,
                None => Left { until: None, mail: false, parcels: false },
            },
            _ => Left { until: Some(Timestamp::MAX), mail: true, parcels: true },
        };
        let letters = match left.until {
            Some(until) => self.blanked_letters(caller.org, id, until).await?,
            None => Vec::new(),
        };
        let people = self.portal_people_to_forget(caller.org, id, wanted.as_deref()).await?;
        let mailed = self.mail_to_forget(caller.org, id, &people, wanted.as_deref()).await?;
        let people: Vec<_> =
            people.into_iter().map(|one| Change::Portal(PortalChange::Forget(one.id))).collect();
        let some = !letters.is_empty() || !people.is_empty() || !mailed.is_empty();
        if left.mail || left.parcels || some {
            let detail = serde_json::json!({
                "texts": texts, "letters": letters.len(), "portal_people": people.len(),
            });
            let audit = self.audit(caller, NOTED, &id.to_string(), detail);
            // Who wrote about it by mail, and whose answer is awaited, goes too.
            let quoted = left.mail || left.parcels || !letters.is_empty();
            let mail = quoted.then_some(Change::Mail(MailChange::Forget { handoff: id }));
            // So does mail that waits to leave, and what calendars were told; meetings are told anew by the sweep.
            let parcels = left.parcels.then_some(Change::Parcel(ParcelChange::Forget { handoff: id }));
            let changes =
                letters.into_iter().chain(mail).chain(parcels).chain(mailed).chain(people).collect();
            self.store.apply(caller.org, changes, audit).await?;
        }
        Ok(texts)
    }

    /// Who of the customer came into the portal and is to be forgotten: whoever the phrase names; without one everybody,
    /// where the account has no other handoff they may be in for.
    async fn portal_people_to_forget(
        &self,
        org: OrgId,
        id: HandoffId,
        wanted: Option<&str>,
    ) -> Result<Vec<PortalPerson>, AppError> {
        let account = self.load(org, id).await?.handoff.account;
        if wanted.is_none() && self.store.of_account(org, account).await?.len() > 1 {
            return Ok(Vec::new());
        }
        let named = |one: &PortalPerson| {
            wanted.is_none_or(|phrase| {
                one.name.to_lowercase().contains(phrase) || one.email.to_lowercase().contains(phrase)
            })
        };
        Ok(self.store.portal_people(org, account).await?.into_iter().filter(named).collect())
    }

    /// Mail to who is to be forgotten, of every handoff of the account: what lets them in goes with the newest, whichever
    /// is erased.
    async fn mail_to_forget(
        &self,
        org: OrgId,
        id: HandoffId,
        people: &[PortalPerson],
        wanted: Option<&str>,
    ) -> Result<Vec<Change>, AppError> {
        // Who asks by their address may be let in no more, or never was.
        let asked = wanted.filter(|phrase| phrase.parse::<Address>().is_ok()).map(str::to_owned);
        let addresses: BTreeSet<String> = people.iter().map(|one| one.email.clone()).chain(asked).collect();
        if addresses.is_empty() {
            return Ok(Vec::new());
        }
        let account = self.load(org, id).await?.handoff.account;
        let mut changes = Vec::new();
        for row in self.store.of_account(org, account).await? {
            let (handoff, mut found, mut before) = (row.id, BTreeSet::new(), None);
            loop {
                let page = self.store.parcels(org, handoff, before, LETTERS).await?;
                before = page.last().map(|last| last.id);
                let full = page.len() == LETTERS as usize;
                let to = page.into_iter().map(|one| one.to.to_ascii_lowercase());
                found.extend(to.filter(|to| addresses.contains(to)));
                if !full {
                    break;
                }
            }
            let forgets = |address| Change::Parcel(ParcelChange::ForgetTo { handoff, address });
            changes.extend(found.into_iter().map(forgets));
        }
        Ok(changes)
    }

    /// What an erasure at that time has still to take.
    async fn left_by(&self, org: OrgId, id: HandoffId, erased: Timestamp) -> Result<Left, AppError> {
        Ok(Left {
            until: Some(erased.saturating_add(WRITING).map_err(AppError::broken)?),
            mail: !self.is_finished(org, id, erased).await?,
            parcels: self.remembers(org, id, erased).await?,
        })
    }

    /// Whether an erasure came to its end: its row in the audit log is written with the last of it.
    async fn is_finished(&self, org: OrgId, id: HandoffId, erased: Timestamp) -> Result<bool, AppError> {
        let (subject, mut before) = (id.to_string(), None);
        loop {
            let page = self.store.audit(org, before, ROWS).await?;
            let mut since = page.iter().filter(|(_, row)| row.at >= erased);
            if since.any(|(_, row)| row.action == NOTED && row.subject == subject) {
                return Ok(true);
            }
            match page.last() {
                Some((seq, row)) if page.len() == ROWS as usize && row.at >= erased => before = Some(*seq),
                _ => return Ok(false),
            }
        }
    }

    /// When texts of a handoff were last erased, counting from the fact after `after`.
    pub(crate) async fn erased_since(
        &self,
        org: OrgId,
        id: HandoffId,
        mut after: u64,
    ) -> Result<Option<Timestamp>, AppError> {
        let mut erased = None;
        loop {
            let rows = self.store.journal(org, id, after, PAGE).await?;
            erased = rows.iter().rev().find(|row| row.kind == ERASED).map(|row| row.at).or(erased);
            match rows.last() {
                Some(last) if rows.len() == PAGE as usize => after = last.seq,
                _ => return Ok(erased),
            }
        }
    }

    /// Erases the texts that contain a phrase, or all, on the version that is there now. How many there were.
    async fn erase_texts(
        &self,
        caller: &Caller,
        id: HandoffId,
        wanted: Option<&str>,
    ) -> Result<usize, AppError> {
        let loaded = self.load(caller.org, id).await?;
        let mut texts = self.store.texts(caller.org, id).await?;
        let gone: BTreeSet<Uuid> = texts
            .iter()
            .filter(|(_, (_, text))| wanted.is_none_or(|phrase| text.to_lowercase().contains(phrase)))
            .map(|(text, _)| *text)
            .collect();
        if gone.is_empty() {
            return Ok(0);
        }
        texts.retain(|text, _| !gone.contains(text));
        let text_of = |text: Uuid| texts.get(&text).map(|(_, words)| words.clone());
        // Facts that came meanwhile are read too; then the version is another and the commit comes too late.
        let handoff = self.reread(caller.org, id, &text_of).await?;
        let (calendars, playbook) = (loaded.calendars.clone(), loaded.playbook.clone());
        let (org, as_of, playing) = (loaded.org.id, loaded.org.version, playbook.as_deref());
        let before = Some(Loaded { handoff, ..loaded });
        let chance = &*self.chance;
        let ground = Ground { chance, org, id, as_of, calendars: &calendars, playbook: playing, before };
        let told = Fact::TextsErased { texts: u32::try_from(gone.len()).unwrap_or(u32::MAX) };
        let mut unit = ground.add(caller.actor, self.now(), vec![told])?;
        unit.commit.deal = Some(reading(&unit.state)?);
        let count = gone.len();
        unit.commit.erase = Some(if wanted.is_none() { Erase::Everything } else { Erase::These(gone) });
        self.store.commit(unit.commit).await?;
        self.meter.committed(unit.facts.len());
        Ok(count)
    }

    /// The state as the journal tells it with these texts.
    async fn reread(
        &self,
        org: OrgId,
        id: HandoffId,
        text_of: &(dyn Fn(Uuid) -> Option<String> + Sync),
    ) -> Result<Handoff, AppError> {
        let mut facts: Vec<Recorded> = Vec::new();
        loop {
            let after = facts.last().map_or(0, |last| last.seq);
            let rows = self.store.journal(org, id, after, PAGE).await?;
            let full = rows.len() == PAGE as usize;
            for row in rows {
                facts.push(row.open(text_of).map_err(AppError::broken)?);
            }
            if !full {
                break;
            }
        }
        replay(&facts).ok_or_else(|| AppError::broken("the journal leads to no state"))
    }

    /// Letters about the handoff, sent until then, quote its texts: they keep address and time, and lose their words.
    async fn blanked_letters(
        &self,
        org: OrgId,
        id: HandoffId,
        until: Timestamp,
    ) -> Result<Vec<Change>, AppError> {
        let mut changes = Vec::new();
        let mut before = None;
        loop {
            let page = self.store.letters(org, None, before, LETTERS).await?;
            before = page.last().map(|last| last.id);
            let done = page.len() < LETTERS as usize;
            let quoting = page
                .into_iter()
                .filter(|letter| letter.handoff == Some(id) && letter.at <= until && letter.body != BLANK);
            changes.extend(quoting.map(|letter| {
                let (subject, body) = (BLANK.to_owned(), BLANK.to_owned());
                Change::Deliver(Letter { outbox: None, subject, body, ..letter })
            }));
            if done {
                return Ok(changes);
            }
        }
    }
}
