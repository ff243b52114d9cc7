//! Who of a customer is let in: granted and revoked by whoever works on the plan with them.

use std::collections::{BTreeMap, BTreeSet};

use throughline_domain::{
    AccountId, HandoffId, OrgId, PortalPersonId,
    access::Action,
    handoff::{Message, Recipient},
};
use throughline_messages::{Kind, Mailbox, View, Written};
use throughline_store::{Change, OutboxRow, PORTAL_PEOPLE, PortalChange, PortalPerson};

use crate::{
    App, AppError, Caller,
    handle::{Loaded, TRIES},
    orgs::line,
    people::mail_address,
    sweep::Parcel,
};

/// Somebody as they are to be let in.
#[derive(Debug, Clone)]
pub struct NewPortalPerson {
    /// Their name.
    pub name: String,
    /// Their mail address: whoever reads its mail is them.
    pub email: String,
    /// Whether they may sign for the customer.
    pub may_sign: bool,
    /// Whether they are let in again, where they were once and are no more.
    pub again: bool,
}

/// What changes of somebody who is in; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct PortalPersonChange {
    /// Another name.
    pub name: Option<String>,
    /// Whether they may sign for the customer.
    pub may_sign: Option<bool>,
}

/// A mail that nobody answers, without a file and without a secret.
fn plain(to: Mailbox, written: Written) -> Parcel {
    Parcel {
        to,
        in_name_of: None,
        reply_to: None,
        subject: written.subject.as_str().to_owned(),
        text: written.text,
        calendar: None,
        with_key: false,
    }
}

/// Said of who was let in no more, to whoever takes them for somebody who is in.
const LET_IN_NO_MORE: &str = "they are let in no more; say that they are let in again";
/// Said of who is in, to whoever takes them for somebody who was let in no more.
const IN_ALREADY: &str = "they are let in already; change their name or their right instead";

impl App {
    /// Who was let in for an account, revoked or not, by when.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the asker works on no plan of the account.
    pub async fn portal_people(
        &self,
        caller: &Caller,
        account: AccountId,
    ) -> Result<Vec<PortalPerson>, AppError> {
        self.plans_with(caller, account).await?;
        Ok(self.store.portal_people(caller.org, account).await?)
    }

    /// Lets somebody in, or, where that is said, in again, and mails them the way: no secret, only where to ask for a link.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when this server does not mail, for without it nobody comes in; when they are let in no more
    /// and it is not said that they are again; and when they are in under another name or right.
    pub async fn grant_portal(
        &self,
        caller: &Caller,
        account: AccountId,
        new: NewPortalPerson,
    ) -> Result<PortalPerson, AppError> {
        let handoff = self.plans_with(caller, account).await?;
        let Some(outgoing) = &self.outgoing else {
            let why = "this server does not send mail, and the portal opens by mail: whoever runs it sees to that with --smtp";
            return Err(AppError::Conflict(why.to_owned()));
        };
        let (name, email) = (line("name", &new.name, 200)?, mail_address(&new.email)?);
        let address = email.parse().map_err(|why| AppError::invalid("email", format!("{why}")))?;
        let known = self.store.portal_people(caller.org, account).await?;
        if known.len() >= PORTAL_PEOPLE as usize && known.iter().all(|one| one.email != email) {
            return Err(AppError::Conflict(format!(
                "at most {PORTAL_PEOPLE} people of an account are let in"
            )));
        }
        let before = known.into_iter().find(|one| one.email == email);
        match &before {
            Some(one) if one.revoked_at.is_none() && one.name == name && one.may_sign == new.may_sign => {
                return Ok(one.clone());
            }
            Some(one) if one.revoked_at.is_none() => return Err(AppError::Conflict(IN_ALREADY.to_owned())),
            Some(_) if !new.again => return Err(AppError::Conflict(LET_IN_NO_MORE.to_owned())),
            _ => {}
        }
        let person = PortalPerson {
            id: before.as_ref().map_or_else(|| PortalPersonId(self.fresh_id()), |one| one.id),
            version: before.map_or(0, |one| one.version) + 1,
            account,
            name,
            email,
            may_sign: new.may_sign,
            granted_by: caller.actor,
            granted_at: self.now(),
            revoked_at: None,
        };
        let link = format!("{}/portal?at={account}", outgoing.public_url);
        let org = self.organisation(caller.org).await?;
        let view = View::portal(&org.name, &person.name, link);
        let (written, noted) =
            self.templates(org.id).await?.write(Kind::PortalInvitation, &view, self.now())?;
        let parcel = plain(Mailbox::new(&person.name, address), written);
        let puts = Change::Portal(PortalChange::Put(person.clone()));
        let mails = self.parcel(handoff, Kind::PortalInvitation, &parcel)?;
        let changes = [puts, mails].into_iter().chain(noted).collect();
        let detail = serde_json::json!({ "account": account, "may_sign": person.may_sign });
        let audit = self.audit(caller, "grant-portal", &person.id.to_string(), detail);
        self.apply(caller, changes, audit).await?;
        Ok(person)
    }

    /// Gives somebody who is in another name, or gives or takes the right to sign. No mail is due for it.
    ///
    /// # Errors
    /// [`AppError::Conflict`] for who is let in no more, and when others changed them meanwhile.
    pub async fn change_portal(
        &self,
        caller: &Caller,
        account: AccountId,
        id: PortalPersonId,
        change: PortalPersonChange,
    ) -> Result<PortalPerson, AppError> {
        self.plans_with(caller, account).await?;
        let held = self.portal_person_of(caller, account, id).await?;
        if held.revoked_at.is_some() {
            return Err(AppError::Conflict(LET_IN_NO_MORE.to_owned()));
        }
        let name = change.name.map_or_else(|| Ok(held.name.clone()), |name| line("name", &name, 200))?;
        let may_sign = change.may_sign.unwrap_or(held.may_sign);
        if (&name, may_sign) == (&held.name, held.may_sign) {
            return Ok(held);
        }
        let person = PortalPerson { version: held.version + 1, name, may_sign, ..held };
        let detail = serde_json::json!({ "account": account, "may_sign": person.may_sign });
        let audit = self.audit(caller, "change-portal", &id.to_string(), detail);
        self.apply(caller, vec![Change::Portal(PortalChange::Put(person.clone()))], audit).await?;
        Ok(person)
    }

    /// Lets somebody in no more: what they hold ends at once, whatever others change of them meanwhile.
    pub async fn revoke_portal(
        &self,
        caller: &Caller,
        account: AccountId,
        id: PortalPersonId,
    ) -> Result<PortalPerson, AppError> {
        self.plans_with(caller, account).await?;
        for _ in 0..TRIES {
            let held = self.portal_person_of(caller, account, id).await?;
            if held.revoked_at.is_some() {
                return Ok(held);
            }
            let person = PortalPerson { version: held.version + 1, revoked_at: Some(self.now()), ..held };
            let changes = [PortalChange::Put(person.clone()), PortalChange::Leave(id)].map(Change::Portal);
            let detail = serde_json::json!({ "account": account });
            let audit = self.audit(caller, "revoke-portal", &id.to_string(), detail);
            match self.apply(caller, changes.into(), audit).await {
                Err(AppError::Conflict(_)) => {}
                other => return other.map(|()| person),
            }
        }
        Err(AppError::Unavailable("others are always faster".to_owned()))
    }

    async fn portal_person_of(
        &self,
        caller: &Caller,
        account: AccountId,
        id: PortalPersonId,
    ) -> Result<PortalPerson, AppError> {
        let known = self.store.portal_person(caller.org, id).await?;
        known.filter(|one| one.account == account).ok_or(AppError::NotFound("person"))
    }

    /// The mails to people at the customer about what came of something they did, or was said to them. They quote nothing
    /// of the plan, and lead to where it is read by the same way as every visit. None to who is not let in any more.
    pub(crate) async fn told_customers(
        &self,
        loaded: &Loaded,
        row: &OutboxRow,
    ) -> Result<Vec<Change>, AppError> {
        let org = loaded.org.id;
        let people = match row.intent.to {
            Recipient::Customer { id } => self.store.portal_person(org, id).await?.into_iter().collect(),
            Recipient::Customers => self.store.portal_people(org, loaded.handoff.account).await?,
            _ => Vec::new(),
        };
        let mut changes = Vec::new();
        for person in people.iter().filter(|one| one.revoked_at.is_none()) {
            changes.extend(self.told_customer(loaded, row, person).await?);
        }
        Ok(changes)
    }

    async fn told_customer(
        &self,
        loaded: &Loaded,
        row: &OutboxRow,
        person: &PortalPerson,
    ) -> Result<Vec<Change>, AppError> {
        let Some(outgoing) = &self.outgoing else { return Ok(Vec::new()) };
        let org = &loaded.org;
        let link = format!("{}/portal?at={}", outgoing.public_url, person.account);
        let (kind, view) = match row.intent.message {
            Message::ProposalAnswered { accepted } => {
                (Kind::PortalAnswer, View::answered(&org.name, &person.name, link, accepted))
            }
            Message::PlanCommented => (Kind::PortalComment, View::portal(&org.name, &person.name, link)),
            _ => return Ok(Vec::new()),
        };
        let (written, noted) = self.templates(org.id).await?.write(kind, &view, self.now())?;
        let to = Mailbox::new(&person.name, person.email.parse().map_err(AppError::broken)?);
        let parcel = plain(to, written);
        let mail = self.parcel(row.handoff, kind, &parcel)?;
        Ok(std::iter::once(mail).chain(noted).collect())
    }

    /// People at customers by id; who is not there any more is left out.
    pub async fn portal_named(
        &self,
        org: OrgId,
        ids: impl IntoIterator<Item = PortalPersonId>,
    ) -> Result<BTreeMap<PortalPersonId, PortalPerson>, AppError> {
        let mut people = BTreeMap::new();
        for id in ids.into_iter().collect::<BTreeSet<_>>() {
            if let Some(person) = self.store.portal_person(org, id).await? {
                people.insert(id, person);
            }
        }
        Ok(people)
    }

    /// The newest handoff of an account on whose plan the asker works; where there is none, there is no account.
    async fn plans_with(&self, caller: &Caller, account: AccountId) -> Result<HandoffId, AppError> {
        caller.may(Action::Plan)?;
        let mut forbidden = false;
        for row in self.store.of_account(caller.org, account).await? {
            let loaded = self.load(caller.org, row.id).await?;
            match caller.may_on(Action::Plan, &loaded.handoff) {
                Ok(()) => return Ok(row.id),
                Err(AppError::Forbidden(_)) => forbidden = true,
                Err(_) => {}
            }
        }
        Err(if forbidden { AppError::Forbidden(Action::Plan) } else { AppError::NotFound("account") })
    }
}
