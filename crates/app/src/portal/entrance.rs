//! How somebody at a customer comes in: they ask for a link with their address, and the link comes by mail.
//!
//! The link alone opens nothing. Its browser is the one that asked; another one gets a code, mailed anew to the same
//! mailbox, so that a link that was passed on lets nobody else in. Looking at a link uses nothing up: scanners do. A
//! secret is made when its mail is handed over, and only its hash is kept. Whoever asks hears the same, known or not; a
//! front end answers without waiting for what comes of it.

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{AccountId, OrgId};
use throughline_messages::{Kind, Mailbox, View};
use throughline_store::{
    Change, ParcelChange, PortalChange, PortalKey, PortalKeyKind, PortalPerson, PortalSession,
    ports::ApplyError,
};
use uuid::Uuid;

use super::{CODE_TRIES, KEY_MINUTES, KEYS_AN_HOUR, Visitor, WAITS};
use crate::{
    App, AppError,
    handle::Loaded,
    people::{IDLE_HOURS, SESSION_HOURS, mail_address},
    secrets,
    sweep::Parcel,
};

/// Where the words of a mail have room for the secret that is made when it is handed over.
const PLACE: &str = "{portal-key}";
/// At how many accounts one address is sent a link when it names none.
const ACCOUNTS: usize = 10;
/// The longest secret that is looked up.
const LONGEST: usize = 200;

/// A link as it is shown before anybody presses anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkShown {
    /// Whose.
    pub name: String,
    /// The company whose portal it opens.
    pub company: String,
    /// It is looked at in the browser that asked for it.
    pub same_browser: bool,
}

/// A code that was mailed: which. Not its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeOf {
    /// In which organisation.
    pub org: OrgId,
    /// Which key.
    pub key: Uuid,
}

/// What came of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// They are in; the secret of the new session.
    In(String),
    /// Another browser than the one that asked: a code is on its way to the mailbox.
    NeedsCode(CodeOf),
}

/// What a key is asked for.
#[derive(Clone, Copy)]
pub(super) struct For<'a> {
    /// What it opens.
    pub kind: PortalKeyKind,
    /// The hash of what the asking browser holds.
    pub browser: &'a str,
    /// The plan it signs.
    pub plan: Option<&'a Loaded>,
}

impl App {
    /// Lets a link be mailed to an address, where somebody of it is let in; at one account, or at each. `browser` is
    /// the secret the asking browser holds. The same answer for every address.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for what can be no address.
    pub async fn ask_portal_link(
        &self,
        email: &str,
        account: Option<AccountId>,
        browser: &str,
    ) -> Result<(), AppError> {
        let email = mail_address(email)?;
        let known = self.store.portal_people_by_email(&email).await?;
        let let_in = known.into_iter().filter(|(_, one)| {
            one.revoked_at.is_none() && account.is_none_or(|account| account == one.account)
        });
        for (org, person) in let_in.take(ACCOUNTS) {
            let (kind, browser) = (PortalKeyKind::Link, &secrets::hash(browser));
            let asked = self.mail_key(org, &person, For { kind, browser, plan: None }).await;
            if let Err(why) = asked {
                tracing::warn!(%org, person = %person.id, %why, "a portal link cannot be mailed");
            }
        }
        Ok(())
    }

    /// What a link is, without using it.
    pub async fn portal_link(&self, secret: &str, browser: Option<&str>) -> Result<LinkShown, AppError> {
        let (org, key, person) = self.good_link(secret).await?;
        let same_browser = browser.is_some_and(|browser| secrets::hash(browser) == key.browser);
        let company = self.organisation(org).await?.name;
        Ok(LinkShown { name: person.name, company, same_browser })
    }

    /// Uses a link: in the browser that asked for it they are in, in another a code is mailed. Either way it is used up.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a link that is none, not any more, or was used.
    pub async fn enter_portal(&self, secret: &str, browser: &str) -> Result<Entered, AppError> {
        let (org, key, person) = self.good_link(secret).await?;
        let hashed = secrets::hash(browser);
        if hashed == key.browser {
            return Ok(Entered::In(self.open_portal(org, &key, &person).await?));
        }
        let uses = Change::Portal(PortalChange::Use { key: key.id, at: self.now() });
        let kind = PortalKeyKind::Code;
        match self.mail_key_with(org, &person, For { kind, browser: &hashed, plan: None }, Some(uses)).await?
        {
            Some(key) => Ok(Entered::NeedsCode(CodeOf { org, key })),
            None => Err(AppError::TooMany { seconds: WAITS.as_secs().unsigned_abs() }),
        }
    }

    /// Uses a code, in the browser it was mailed for.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for other digits, [`AppError::NotFound`] once it is over: used, too old, or tried too often.
    pub async fn enter_portal_by_code(
        &self,
        of: CodeOf,
        code: &str,
        browser: &str,
    ) -> Result<String, AppError> {
        let (kind, browser) = (PortalKeyKind::Code, &secrets::hash(browser));
        let (key, person) = self.tried(of.org, of.key, For { kind, browser, plan: None }, code).await?;
        self.open_portal(of.org, &key, &person).await
    }

    /// Whoever is in with a session's secret. Who was revoked is out.
    pub async fn portal_visitor(&self, secret: &str) -> Result<Visitor, AppError> {
        if secret.len() > LONGEST {
            return Err(AppError::NotSignedIn);
        }
        let session = secrets::hash(secret);
        let (org, held) = self.store.portal_session(&session).await?.ok_or(AppError::NotSignedIn)?;
        let now = self.now();
        let over = |since: Timestamp, hours| now.duration_since(since) > SignedDuration::from_hours(hours);
        if over(held.created_at, SESSION_HOURS) || over(held.seen_at, IDLE_HOURS) {
            return Err(AppError::NotSignedIn);
        }
        let person = self.store.portal_person(org, held.person).await?;
        let person = person.filter(|one| one.revoked_at.is_none()).ok_or(AppError::NotSignedIn)?;
        let visitor = Visitor { org, person, session };
        // Noting the use of a session on every request would turn each read into a write.
        if now.duration_since(held.seen_at) > SignedDuration::from_mins(5) {
            let change = Change::Portal(PortalChange::SeeSession { secret: held.secret, at: now });
            self.portal_apply(&visitor, "use-portal-session", vec![change]).await?;
        }
        Ok(visitor)
    }

    /// Ends a visitor's session.
    pub async fn leave_portal(&self, visitor: &Visitor) -> Result<(), AppError> {
        let ends = Change::Portal(PortalChange::EndSession(visitor.session.clone()));
        self.portal_apply(visitor, "leave-portal", vec![ends]).await
    }

    async fn portal_apply(
        &self,
        visitor: &Visitor,
        action: &str,
        changes: Vec<Change>,
    ) -> Result<(), AppError> {
        let id = visitor.person.id.to_string();
        let audit = self.audit(&visitor.caller(), action, &id, serde_json::Value::Null);
        Ok(self.store.apply(visitor.org, changes, audit).await?)
    }

    /// Uses a key and opens a session, in one transaction.
    async fn open_portal(
        &self,
        org: OrgId,
        key: &PortalKey,
        person: &PortalPerson,
    ) -> Result<String, AppError> {
        let (secret, now) = (secrets::secret(""), self.now());
        let session = secrets::hash(&secret);
        let opens =
            PortalSession { secret: session.clone(), person: person.id, created_at: now, seen_at: now };
        let visitor = Visitor { org, person: person.clone(), session };
        let changes = [PortalChange::Use { key: key.id, at: now }, PortalChange::PutSession(opens)];
        let opened = self.portal_apply(&visitor, "enter-portal", changes.map(Change::Portal).into()).await;
        match opened {
            Ok(()) => Ok(secret),
            // Somebody was faster with it.
            Err(AppError::Conflict(_)) => Err(AppError::NotFound("link")),
            Err(other) => Err(other),
        }
    }

    async fn good_link(&self, secret: &str) -> Result<(OrgId, PortalKey, PortalPerson), AppError> {
        let not_there = || AppError::NotFound("link");
        if secret.len() > LONGEST {
            return Err(not_there());
        }
        let found = self.store.portal_key_of(&secrets::hash(secret)).await?;
        let (org, key) = found.filter(|(_, key)| key.kind == PortalKeyKind::Link).ok_or_else(not_there)?;
        let person = self.holder_of(org, &key).await?.ok_or_else(not_there)?;
        Ok((org, key, person))
    }

    /// Whose a key is, while it is good.
    async fn holder_of(&self, org: OrgId, key: &PortalKey) -> Result<Option<PortalPerson>, AppError> {
        if key.used_at.is_some() || key.expires_at <= self.now() {
            return Ok(None);
        }
        let person = self.store.portal_person(org, key.person).await?;
        Ok(person.filter(|one| one.revoked_at.is_none()))
    }

    /// A code that was typed in: counted first, then compared. The key is not used up by it.
    pub(super) async fn tried(
        &self,
        org: OrgId,
        id: Uuid,
        what: For<'_>,
        code: &str,
    ) -> Result<(PortalKey, PortalPerson), AppError> {
        let over = || AppError::NotFound("code");
        let key = self.store.portal_key(org, id).await?.ok_or_else(over)?;
        let plan = what.plan.map(|loaded| loaded.handoff.id);
        if (key.kind, key.browser.as_str(), key.handoff) != (what.kind, what.browser, plan) {
            return Err(over());
        }
        let person = self.holder_of(org, &key).await?.ok_or_else(over)?;
        let visitor = Visitor { org, person: person.clone(), session: String::new() };
        let tries = Change::Portal(PortalChange::Try { key: id, most: CODE_TRIES });
        match self.portal_apply(&visitor, "try-portal-code", vec![tries]).await {
            Err(AppError::Conflict(_)) => return Err(over()),
            other => other?,
        }
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).take(LONGEST).collect();
        if key.secret.as_deref() == Some(secrets::hash(&written(id, &digits)).as_str()) {
            Ok((key, person))
        } else {
            Err(AppError::invalid("code", "is another; look at the newest mail"))
        }
    }

    /// Lets a key be mailed, unless they have asked too often.
    pub(super) async fn mail_key(
        &self,
        org: OrgId,
        person: &PortalPerson,
        what: For<'_>,
    ) -> Result<Option<Uuid>, AppError> {
        self.mail_key_with(org, person, what, None).await
    }

    async fn mail_key_with(
        &self,
        org: OrgId,
        person: &PortalPerson,
        what: For<'_>,
        also: Option<Change>,
    ) -> Result<Option<Uuid>, AppError> {
        let For { kind, browser, plan } = what;
        let Some(outgoing) = &self.outgoing else { return Ok(None) };
        let now = self.now();
        let lately = now.saturating_sub(WAITS).unwrap_or(Timestamp::MIN);
        if self.store.portal_asked(org, person.id, kind, lately).await? >= KEYS_AN_HOUR {
            return Ok(None);
        }
        let newest = self.store.of_account(org, person.account).await?.into_iter().next().map(|row| row.id);
        let Some(about) = plan.map(|loaded| loaded.handoff.id).or(newest) else { return Ok(None) };
        let (company, name, place) = (self.organisation(org).await?.name, &person.name, PLACE.to_owned());
        let (what, view) = match (kind, plan) {
            (PortalKeyKind::Link, _) => {
                let link = format!("{}/portal/enter?key={PLACE}", outgoing.public_url);
                (Kind::PortalLink, View::portal(&company, name, link))
            }
            (PortalKeyKind::Code, _) => (Kind::PortalCode, View::code(&company, name, place)),
            (PortalKeyKind::Signature, Some(loaded)) => {
                let handoff = &loaded.handoff;
                // As their portal lists it.
                let since = handoff.stage.assigned_at().unwrap_or(handoff.opened_at);
                let since = loaded.calendars.house().local_date(since);
                let view = View::signature(&company, name, place, &handoff.deal.account, since);
                (Kind::PortalSignature, view)
            }
            (PortalKeyKind::Signature, None) => {
                return Err(AppError::broken("a code to sign is for one plan"));
            }
        };
        let (written, noted) = self.templates(org).await?.write(what, &view, now)?;
        let parcel = Parcel {
            to: Mailbox::new(&person.name, person.email.parse().map_err(AppError::broken)?),
            in_name_of: None,
            reply_to: None,
            subject: written.subject.as_str().to_owned(),
            text: written.text,
            calendar: None,
            with_key: true,
        };
        let sends = self.parcel(about, what, &parcel)?;
        let Change::Parcel(ParcelChange::Send(row)) = &sends else {
            return Err(AppError::broken("a parcel is something else"));
        };
        let key = PortalKey {
            id: row.id,
            person: person.id,
            kind,
            handoff: plan.map(|loaded| loaded.handoff.id),
            browser: browser.to_owned(),
            secret: None,
            tries: 0,
            asked_at: now,
            expires_at: now.saturating_add(WAITS).unwrap_or(Timestamp::MAX),
            used_at: None,
        };
        let id = key.id;
        let visitor = Visitor { org, person: person.clone(), session: String::new() };
        let asks = Change::Portal(PortalChange::Ask(key));
        let changes = also.into_iter().chain([asks, sends]).chain(noted).collect();
        match self.portal_apply(&visitor, "ask-portal-key", changes).await {
            Ok(()) => Ok(Some(id)),
            Err(AppError::Conflict(_)) => Err(AppError::NotFound("link")),
            Err(other) => Err(other),
        }
    }

    /// The words of a mail with the key they have room for, made now. None: whoever it is for may not come in any more,
    /// or it waited for too long.
    pub(crate) async fn words_with_key(
        &self,
        org: OrgId,
        id: Uuid,
        words: &str,
    ) -> Result<Option<String>, AppError> {
        let now = self.now();
        let Some(key) = self.store.portal_key(org, id).await? else { return Ok(None) };
        if self.holder_of(org, &key).await?.is_none() || now.duration_since(key.asked_at) > WAITS {
            return Ok(None);
        }
        let (secret, hashed) = match key.kind {
            PortalKeyKind::Link => {
                let secret = secrets::secret("");
                let hashed = secrets::hash(&secret);
                (secret, hashed)
            }
            PortalKeyKind::Code | PortalKeyKind::Signature => {
                let digits = format!("{:06}", rand::random_range(0..1_000_000_u32));
                let hashed = secrets::hash(&written(id, &digits));
                (digits, hashed)
            }
        };
        let expires_at = now.saturating_add(SignedDuration::from_mins(KEY_MINUTES)).unwrap_or(Timestamp::MAX);
        let hands = Change::Portal(PortalChange::Hand { key: id, secret: hashed, expires_at });
        let audit = self.audit(
            &crate::Caller::system(org),
            "hand-portal-key",
            &key.person.to_string(),
            serde_json::Value::Null,
        );
        match self.store.apply(org, vec![hands], audit).await {
            Ok(()) => Ok(Some(words.replace(PLACE, &secret))),
            Err(ApplyError::Conflict(_)) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }
}

/// What is hashed of a code: with its key's id, so that the same digits twice are two secrets.
fn written(key: Uuid, digits: &str) -> String {
    format!("{key}:{digits}")
}
