//! Who of a customer is let in: granted and revoked by whoever works on the plan with them.

use std::collections::{BTreeMap, BTreeSet};

use throughline_domain::{
    AccountId, HandoffId, OrgId, PortalPersonId,
    access::Action,
    handoff::{Message, Recipient},
};
use throughline_messages::{Kind, Mailbox, View};
use throughline_store::{Change, OutboxRow, PORTAL_PEOPLE, PortalChange, PortalPerson};

use crate::{App, AppError, Caller, handle::Loaded, orgs::line, people::mail_address, sweep::Parcel};

/// Somebody as they are to be let in.
#[derive(Debug, Clone)]
pub struct NewPortalPerson {
    /// Their name.
    pub name: String,
    /// Their mail address: whoever reads its mail is them.
    pub email: String,
    /// Whether they may sign for the customer.
    pub may_sign: bool,
}

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

    /// Lets somebody in, or again, and mails them the way: no secret, only where to ask for a link. Who is in already
    /// gets another name or the right to sign.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when this server does not mail: without it nobody comes in.
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
        let stands = before.as_ref().is_some_and(|one| one.revoked_at.is_none());
        let person = match before {
            Some(one) if stands => PortalPerson { name, may_sign: new.may_sign, ..one },
            before => PortalPerson {
                id: before.map_or_else(|| PortalPersonId(self.fresh_id()), |one| one.id),
                account,
                name,
                email,
                may_sign: new.may_sign,
                granted_by: caller.actor,
                granted_at: self.now(),
                revoked_at: None,
            },
        };
        let mut changes = vec![Change::Portal(PortalChange::Put(person.clone()))];
        if !stands {
            let link = format!("{}/portal?at={account}", outgoing.public_url);
            let org = self.organisation(caller.org).await?;
            let view = View::portal(&org.name, &person.name, link);
            let (written, noted) =
                self.templates(org.id).await?.write(Kind::PortalInvitation, &view, self.now())?;
            let parcel = Parcel {
                to: Mailbox::new(&person.name, address),
                in_name_of: None,
                reply_to: None,
                subject: written.subject.as_str().to_owned(),
                text: written.text,
                calendar: None,
                with_key: false,
            };
            changes.push(self.parcel(handoff, Kind::PortalInvitation, &parcel)?);
            changes.extend(noted);
        }
        let detail = serde_json::json!({ "account": account, "may_sign": person.may_sign });
        let audit = self.audit(caller, "grant-portal", &person.id.to_string(), detail);
        self.apply(caller, changes, audit).await?;
        Ok(person)
    }

    /// Lets somebody in no more: what they hold ends at once.
    pub async fn revoke_portal(
        &self,
        caller: &Caller,
        account: AccountId,
        id: PortalPersonId,
    ) -> Result<PortalPerson, AppError> {
        self.plans_with(caller, account).await?;
        let known = self.store.portal_person(caller.org, id).await?;
        let mut person = known.filter(|one| one.account == account).ok_or(AppError::NotFound("person"))?;
        if person.revoked_at.is_some() {
            return Ok(person);
        }
        person.revoked_at = Some(self.now());
        let changes = [PortalChange::Put(person.clone()), PortalChange::Leave(id)].map(Change::Portal);
        let detail = serde_json::json!({ "account": account });
        let audit = self.audit(caller, "revoke-portal", &id.to_string(), detail);
        self.apply(caller, changes.into(), audit).await?;
        Ok(person)
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
        let parcel = Parcel {
            to: Mailbox::new(&person.name, person.email.parse().map_err(AppError::broken)?),
            in_name_of: None,
            reply_to: None,
            subject: written.subject.as_str().to_owned(),
            text: written.text,
            calendar: None,
            with_key: false,
        };
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
