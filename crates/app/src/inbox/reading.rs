//! Mail that waits is read, each once, by whichever node claims it.
//!
//! What it asks for is one commit, which uses the awaited answer up; what became of it is written down after that,
//! together with the letter to whoever should look. A node that dies in between leaves the mail to the next, which finds
//! the answer used by this very mail.

use jiff::SignedDuration;
use throughline_domain::{HandoffId, OrgId, PersonId, notify::Topic};
use throughline_messages::{
    Assent, Automatic, CameByMail, Envelope, Inbound, InboundError, Kind, ReplyAddress, TokenFound,
};
use throughline_store::{
    AwaitedRow, Change, Claim, Letter, MailChange, MailRead, MailRow, MailState, ports::ApplyError,
};

use super::answers::{Asked, hashed, is_from};
use crate::{
    App, AppError, Caller,
    events::{TRIES, wait_after},
    handle::Loaded,
    letters::{letter_id, zone_of},
    sweep::Swept,
};

/// How long a node has for the mails it claims.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Mails read at a time: the largest of them fill some memory.
const BATCH: u32 = 4;

/// What a mail came to.
pub(super) struct Meaning {
    /// What became of it.
    pub state: MailState,
    /// Why, in words that quote nobody.
    pub note: String,
    /// The handoff it is about.
    pub handoff: Option<HandoffId>,
    /// Who should look at it, and why.
    pub look: Option<(PersonId, CameByMail)>,
}

impl Meaning {
    pub fn used(handoff: HandoffId, note: &str) -> Self {
        Self { state: MailState::Used, note: note.to_owned(), handoff: Some(handoff), look: None }
    }

    pub fn noted(handoff: Option<HandoffId>, note: impl Into<String>) -> Self {
        Self { state: MailState::Noted, note: note.into(), handoff, look: None }
    }

    pub fn unused(handoff: Option<HandoffId>, note: impl Into<String>) -> Self {
        Self { state: MailState::Unused, note: note.into(), handoff, look: None }
    }

    /// The same, and somebody is told.
    pub fn shown_to(self, person: PersonId, why: CameByMail) -> Self {
        Self { look: Some((person, why)), ..self }
    }
}

/// What is known of a mail that may be an answer.
pub(super) struct Answer<'a> {
    pub org: OrgId,
    pub row: &'a MailRow,
    pub mail: &'a Inbound,
    pub awaited: &'a AwaitedRow,
}

impl App {
    /// Reads mail that waits, of all organisations.
    pub async fn sweep_mails(&self) -> Result<Swept, AppError> {
        let Some(ours) = &self.answers else { return Ok(Swept::default()) };
        let now = self.now();
        let claimed = self.store.claim_mails(Claim { now, until: now + LEASE, limit: BATCH }).await?;
        let mut swept = Swept { taken: claimed.len(), failed: 0 };
        for (org, row) in claimed {
            let id = row.id;
            if let Err(why) = self.take_up(ours, org, row).await {
                tracing::warn!(mail = %id, %why, "a mail cannot be acted on");
                swept.failed += 1;
            }
        }
        Ok(swept)
    }

    async fn take_up(&self, ours: &ReplyAddress, org: OrgId, row: MailRow) -> Result<(), AppError> {
        let mail = match read(&row, ours).await {
            Ok(mail) => mail,
            Err(why) => return self.settle_mail(org, &row, None, Meaning::unused(None, why)).await,
        };
        match self.meaning_of(org, &row, &mail).await {
            Ok(meaning) => self.settle_mail(org, &row, Some(&mail), meaning).await,
            Err(why) if row.tries + 1 >= TRIES => {
                let note = format!("given up after {TRIES} tries: {why}");
                self.settle_mail(org, &row, Some(&mail), Meaning::unused(None, note)).await
            }
            Err(why) => {
                if let AppError::Broken(detail) = &why {
                    tracing::error!(mail = %row.id, %detail, "a mail cannot be acted on");
                }
                let (at, note) = (self.now() + wait_after(row.tries), why.to_string());
                self.write_mail(org, &row, vec![Change::Mail(MailChange::Later { id: row.id, at, note })])
                    .await
            }
        }
    }

    async fn meaning_of(&self, org: OrgId, row: &MailRow, mail: &Inbound) -> Result<Meaning, AppError> {
        if !mail.calendar.is_empty() {
            return self.calendars_answer(org, mail).await;
        }
        if let Some(automatic) = &mail.automatic {
            return self.nobody_wrote(org, automatic).await;
        }
        let token = match &mail.token {
            TokenFound::One(token) => token,
            TokenFound::Missing => {
                return Ok(Meaning::unused(None, "sent to no address that awaits an answer"));
            }
            TokenFound::Several => {
                return Ok(Meaning::unused(
                    None,
                    "sent to several addresses that await answers: not clear which it answers",
                ));
            }
        };
        let awaited = self.store.awaited_at(&hashed(token)).await?;
        let awaited = awaited.filter(|(whose, _)| *whose == org).map(|(_, awaited)| awaited);
        let Some(awaited) = awaited else {
            return Ok(Meaning::unused(None, "nothing is awaited at the address it was sent to"));
        };
        self.answered(Answer { org, row, mail, awaited: &awaited }).await
    }

    /// A mail at an address that awaits one.
    async fn answered(&self, answer: Answer<'_>) -> Result<Meaning, AppError> {
        let about = Some(answer.awaited.handoff);
        if let Some(before) = self.store.remembered(answer.org, &answer.key()).await? {
            // Cut off between its effect and writing so down.
            return Ok(if before.request == answer.row.id.to_string() {
                Meaning::used(answer.awaited.handoff, "taken as the answer")
            } else {
                self.answered_again(&answer).await?
            });
        }
        if answer.awaited.until <= answer.row.received_at {
            return Ok(Meaning::unused(about, "too late: its answer was awaited until before"));
        }
        let known = is_from(answer.mail.claims_from.as_ref(), &answer.awaited.from);
        self.effect(&answer, known).await
    }

    /// A further mail at an address that is used up. It changes nothing; unless it says the same once more, somebody sees
    /// it: a customer who thinks better of it writes to where they wrote before.
    async fn answered_again(&self, answer: &Answer<'_>) -> Result<Meaning, AppError> {
        let about = answer.awaited.handoff;
        let meaning = Meaning::noted(Some(about), "what it answers was answered by mail before");
        let asked: Asked = serde_json::from_str(&answer.awaited.what).map_err(AppError::broken)?;
        let known = is_from(answer.mail.claims_from.as_ref(), &answer.awaited.from);
        let reason = if known { CameByMail::CHANGED } else { CameByMail::STRANGER };
        let person = match asked {
            Asked::Plan { .. } if known && answer.mail.assent == Assent::Yes => return Ok(meaning),
            Asked::Plan { .. } => self.load(answer.org, about).await?.handoff.answerable(),
            Asked::Question { person, .. } => person,
        };
        Ok(meaning.shown_to(person, CameByMail::of(reason, answer.mail, &answer.awaited.from)))
    }

    async fn nobody_wrote(&self, org: OrgId, automatic: &Automatic) -> Result<Meaning, AppError> {
        let (what, of, for_good) = match automatic {
            Automatic::Reply => ("an automatic reply", None, false),
            Automatic::Generated => ("written by a program", None, false),
            Automatic::List => ("sent to many", None, false),
            Automatic::Bounce { of, for_good: true } => {
                ("a mail of ours cannot be delivered", of.as_ref(), true)
            }
            Automatic::Bounce { of, for_good: false } => {
                ("a mail of ours is not delivered yet", of.as_ref(), false)
            }
        };
        let domain = self.outgoing.as_ref().map(|outgoing| outgoing.from.address.domain().to_owned());
        let letter = of.zip(domain).and_then(|(of, domain)| of.letter(&domain));
        let awaited = match letter {
            Some(letter) => self.store.awaited(org, letter).await?,
            None => None,
        };
        let Some(awaited) = awaited else { return Ok(Meaning::noted(None, what)) };
        let meaning = Meaning::noted(Some(awaited.handoff), what);
        if !for_good {
            return Ok(meaning);
        }
        let loaded = self.load(org, awaited.handoff).await?;
        let whom = loaded.handoff.answerable();
        Ok(meaning.shown_to(whom, CameByMail::bounced(&awaited.from)))
    }

    /// Writes down what became of a mail, with the letter to whoever should look at it.
    async fn settle_mail(
        &self,
        org: OrgId,
        row: &MailRow,
        mail: Option<&Inbound>,
        meaning: Meaning,
    ) -> Result<(), AppError> {
        let Meaning { state, note, handoff, look } = meaning;
        let read = MailRead {
            from: mail.and_then(|mail| mail.claims_from.as_ref()).map(ToString::to_string),
            subject: mail.map(|mail| mail.subject.clone()).filter(|subject| !subject.is_empty()),
            handoff,
            state,
            note,
        };
        let mut changes = vec![Change::Mail(MailChange::Read { id: row.id, read })];
        if let (Some((person, why)), Some(handoff)) = (look, handoff) {
            let loaded = self.load(org, handoff).await?;
            changes.extend(self.letter_to_look(&loaded, row, person, why).await?);
        }
        self.write_mail(org, row, changes).await
    }

    /// Another node may have been faster: what it wrote is as good.
    async fn write_mail(&self, org: OrgId, row: &MailRow, changes: Vec<Change>) -> Result<(), AppError> {
        // What became of it stands with the mail: it may be forgotten, and the log is for ever.
        let audit =
            self.audit(&Caller::system(org), "read-mail", &row.id.to_string(), serde_json::Value::Null);
        match self.store.apply(org, changes, audit).await {
            Ok(()) | Err(ApplyError::Conflict(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    /// The letter to somebody who should look at a mail.
    async fn letter_to_look(
        &self,
        loaded: &Loaded,
        row: &MailRow,
        person: PersonId,
        why: CameByMail,
    ) -> Result<Vec<Change>, AppError> {
        let org = loaded.org.id;
        let found = self.store.person(org, person).await?.filter(|person| person.status.signs_in());
        let to = match found {
            Some(to) => to,
            // Nobody there any more: whoever is answerable for the handoff looks.
            None => match self.store.person(org, loaded.handoff.answerable()).await? {
                Some(to) => to,
                None => return Ok(Vec::new()),
            },
        };
        let view = self.told_by_mail(loaded, &to.name, |told| told.came_by_mail(why)).await?;
        let (written, noted) = self.templates(org).await?.write(Kind::CameByMail, &view, self.now())?;
        let letter = Letter {
            id: letter_id(row.id, to.id),
            outbox: None,
            to: Some(to.id),
            handoff: Some(loaded.handoff.id),
            follows: None,
            subject: written.subject.as_str().to_owned(),
            body: written.text,
            topic: Some(Topic::Questions),
            link: Some(format!("/handoffs/{}", loaded.handoff.id)),
            at: self.now(),
            read_at: None,
        };
        let mailed = to.notify.mail_at(Topic::Questions, self.now(), &zone_of(&loaded.org, &to));
        let mailed = mailed.filter(|_| to.email.is_some() && self.outgoing.is_some());
        let post = mailed.map(|at| Change::Post { letter: letter.id, person: to.id, at });
        Ok(std::iter::once(Change::Deliver(letter)).chain(post).chain(noted).collect())
    }
}

impl Answer<'_> {
    /// The key under which the commit it leads to uses the awaited answer up.
    pub fn key(&self) -> String {
        format!("answer:{}", self.awaited.id)
    }
}

/// Reads a mail apart from everything else: hostile bytes may take their time, and whatever they do to the reader, they
/// do to this one mail.
async fn read(row: &MailRow, ours: &ReplyAddress) -> Result<Inbound, String> {
    let (raw, ours) = (row.raw.clone(), ours.clone());
    let envelope = Envelope { from: row.sent_by.clone(), to: row.sent_to.iter().cloned().collect() };
    let read = tokio::task::spawn_blocking(move || Inbound::read(&raw, &envelope, &ours)).await;
    match read {
        Ok(read) => read.map_err(|why: InboundError| why.to_string()),
        Err(why) => {
            tracing::error!(mail = %row.id, %why, "a mail broke its reader");
            Err("it cannot be read".to_owned())
        }
    }
}
