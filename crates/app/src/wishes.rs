//! How somebody wants to be told (R3.13): their wishes, and the mail that waits for them under older ones.
//!
//! New wishes hold for what waits too, as if it arose in that moment: what they mute is not mailed, what they put
//! together comes with their next daily mail, and what no quiet hours hold back any more comes at once. A mail that a
//! server put off keeps its turn unless it is later still. What a node has in hand is mailed.

use throughline_domain::{OrgId, PersonId, notify::Notify};
use throughline_store::{Change, Letter, OnPost, Org, PAGE, Person};

use crate::{App, AppError, Caller, letters::zone_of, secrets};

impl App {
    /// How the caller wants to be told.
    pub async fn my_wishes(&self, caller: &Caller) -> Result<Notify, AppError> {
        Ok(self.myself(caller).await?.notify)
    }

    /// Sets how the caller wants to be told; with `if_mark` only while their wishes bear that mark (see [`mark_of`]).
    pub async fn set_my_wishes(
        &self,
        caller: &Caller,
        wishes: Notify,
        if_mark: Option<u64>,
    ) -> Result<Notify, AppError> {
        let mut person = self.myself(caller).await?;
        let current = mark_of(&person.notify);
        if if_mark.is_some_and(|mark| mark != current) {
            return Err(AppError::Stale { current });
        }
        if wishes.quiet.is_some_and(|quiet| quiet.is_empty()) {
            return Err(AppError::invalid("quiet.until", "must be another time than the one they begin at"));
        }
        if person.notify == wishes {
            return Ok(wishes);
        }
        person.notify = wishes.clone();
        let anew = self.post_anew(caller.org, &person).await?;
        let detail = serde_json::json!({ "timed_anew": anew.as_ref().map_or(0, |(timed, _)| *timed) });
        let audit = self.audit(caller, "set-wishes", &person.id.to_string(), detail);
        let changes = std::iter::once(Change::PutPerson(person)).chain(anew.map(|(_, change)| change));
        self.apply(caller, changes.collect(), audit).await?;
        Ok(wishes)
    }

    /// What waits to be mailed to the caller.
    pub async fn my_post(&self, caller: &Caller) -> Result<Vec<OnPost>, AppError> {
        self.on_post(caller.org, caller.person().ok_or(AppError::NotSignedIn)?).await
    }

    /// Times anew what waits to be mailed to somebody, as they want it now: how much it is, and the change to be made
    /// with theirs.
    pub(crate) async fn post_anew(
        &self,
        org: OrgId,
        person: &Person,
    ) -> Result<Option<(usize, Change)>, AppError> {
        let waiting = self.on_post(org, person.id).await?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let org = self.organisation(org).await?;
        let ids: Vec<_> = waiting.iter().map(|posting| posting.letter).collect();
        let letters = self.letters_of(org.id, person.id, &ids).await?;
        let mut anew = Vec::new();
        for letter in &letters {
            let Some(posting) = waiting.iter().find(|posting| posting.letter == letter.id) else { continue };
            let at = self.wanted_at(&org, person, letter, posting);
            if at.map(jiff::Timestamp::as_millisecond) != Some(posting.at.as_millisecond()) {
                anew.push((letter.id, at));
            }
        }
        let timed = anew.len();
        Ok((timed > 0).then(|| (timed, Change::PostAnew { now: self.now(), letters: anew })))
    }

    fn wanted_at(
        &self,
        org: &Org,
        person: &Person,
        letter: &Letter,
        posting: &OnPost,
    ) -> Option<jiff::Timestamp> {
        let wanted = person.notify.mail_at(letter.topic, self.now(), &zone_of(org, person));
        wanted.map(|at| if posting.tries > 0 { at.max(posting.at) } else { at })
    }

    async fn on_post(&self, org: OrgId, person: PersonId) -> Result<Vec<OnPost>, AppError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.on_post(org, person, after, PAGE).await?;
            let full = page.len() == PAGE as usize;
            after = page.last().map(|last| last.letter);
            all.extend(page);
            if !full {
                return Ok(all);
            }
        }
    }

    async fn myself(&self, caller: &Caller) -> Result<Person, AppError> {
        let me = caller.person().ok_or(AppError::NotFound("person behind a token"))?;
        self.store.person(caller.org, me).await?.ok_or(AppError::NotSignedIn)
    }
}

/// What tells wishes from others, for `ETag`: the same wishes always bear the same mark.
pub fn mark_of(wishes: &Notify) -> u64 {
    let text = serde_json::to_string(wishes).unwrap_or_default();
    // As much of the hash as every program can hold in a number.
    secrets::hash(&text).get(..13).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}
