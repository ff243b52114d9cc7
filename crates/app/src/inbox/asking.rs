//! The customer is asked by mail to confirm the plan; answering that mail with yes does it (R3.9).

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{
    HandoffId, ItemId,
    access::Action,
    handoff::{Handoff, Plan},
    record::{Body, Stakeholder},
};
use throughline_messages::{Agreed, Kind, Mailbox, Milestone};
use throughline_store::{Change, ParcelChange, ParcelSeen, ParcelState};
use uuid::Uuid;

use super::answers::Asked;
use crate::{App, AppError, Caller, handle::Loaded, meetings::address_in, sweep::Parcel};

/// Most milestones and prerequisites a mail names.
const LINES: usize = 50;
/// How long one person is not asked again for the same, in minutes: twice pressed is once asked.
const PAUSE_MINUTES: i64 = 10;

/// How long a mail that a person sends from a page waits before it leaves, and can be taken back.
pub const HELD: SignedDuration = SignedDuration::from_secs(10);
/// Why a mail that somebody took back was given up.
pub const TAKEN_BACK: &str = "taken back before it was sent";
/// How long before that it cannot be any more: another node's clock may be ahead.
const TOO_LATE: SignedDuration = SignedDuration::from_secs(1);

/// Those asked that are looked at.
const ASKED: usize = 10;

/// A mail that asks to confirm the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanMail {
    /// To whom.
    pub to: Mailbox,
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub text: String,
}

/// A mail that asks to confirm the plan, on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSent {
    /// To whom.
    pub to: Mailbox,
    /// Which mail.
    pub mail: Uuid,
    /// Not before when it leaves.
    pub leaves_at: Timestamp,
}

/// Somebody who was asked by mail to confirm the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanAsked {
    /// The mail: to whom, when, and whether it left.
    pub parcel: ParcelSeen,
    /// Until when their yes confirms the plan; none: it does not any more.
    pub awaited_until: Option<Timestamp>,
    /// The plan has changed since, so that a yes to it confirms nothing.
    pub changed: bool,
    /// Until when the mail can be taken back: it has not left yet.
    pub held_until: Option<Timestamp>,
}

/// Somebody who could be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanContact {
    /// Which item of the record.
    pub item: ItemId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
}

/// A mail with what its answer is held against.
struct Prepared {
    mail: PlanMail,
    name: String,
    plan: String,
    in_name_of: Option<String>,
    noted: Option<Change>,
}

/// The stakeholders of a record who could be asked: those with a mail address.
pub fn plan_contacts(handoff: &Handoff) -> Vec<PlanContact> {
    let people = handoff.record.items.iter().filter_map(|(id, item)| match &item.body {
        Body::Stakeholder(person) => Some((*id, person)),
        _ => None,
    });
    let contacts = people.filter_map(|(item, person)| {
        let address = address_in(person.contact.as_ref()?.as_str())?.to_string();
        Some(PlanContact { item, name: person.name.to_string(), address })
    });
    contacts.collect()
}

impl App {
    /// Whether the customer can be asked by mail here: mail leaves, and answers are taken.
    pub fn asks_by_mail(&self) -> bool {
        self.mails() && self.takes_mail()
    }

    /// The mail that would go to a stakeholder of the record. Nothing is sent.
    ///
    /// # Errors
    /// As [`Self::ask_plan_by_mail`], but for having been asked just now.
    pub async fn plan_mail(
        &self,
        caller: &Caller,
        id: HandoffId,
        stakeholder: ItemId,
    ) -> Result<PlanMail, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Plan, &loaded.handoff)?;
        Ok(self.plan_mail_to(&loaded, stakeholder).await?.mail)
    }

    /// Sends the plan to a stakeholder of the record, who confirms it by answering.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the stakeholder has no mail address; [`AppError::Conflict`] when this server does not
    /// mail or take answers, when there is nothing to confirm, and when they were asked just now.
    pub async fn ask_plan_by_mail(
        &self,
        caller: &Caller,
        id: HandoffId,
        stakeholder: ItemId,
    ) -> Result<PlanSent, AppError> {
        self.anew(|| self.ask_on_what_is_there(caller, id, stakeholder, SignedDuration::ZERO)).await
    }

    /// The same for whoever may think again, as a person at a page: the mail leaves after [`HELD`], and until then can be taken back.
    ///
    /// # Errors
    /// As [`Self::ask_plan_by_mail`].
    pub async fn ask_plan_by_mail_soon(
        &self,
        caller: &Caller,
        id: HandoffId,
        stakeholder: ItemId,
    ) -> Result<PlanSent, AppError> {
        self.anew(|| self.ask_on_what_is_there(caller, id, stakeholder, HELD)).await
    }

    /// Takes a mail that asks to confirm the plan back before it has left. Gives the address it would have gone to.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such mail; [`AppError::Conflict`] when it has left or is about to.
    pub async fn take_plan_mail_back(
        &self,
        caller: &Caller,
        id: HandoffId,
        mail: Uuid,
    ) -> Result<String, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Plan, &loaded.handoff)?;
        let parcels = self.store.parcels(caller.org, id, None, throughline_store::PAGE).await?;
        let asks = |parcel: &ParcelSeen| parcel.id == mail && parcel.what == Kind::PlanToConfirm.name();
        let parcel = parcels.into_iter().find(asks).ok_or(AppError::NotFound("mail"))?;
        if self.held_until(&parcel).is_none() {
            return Err(AppError::Conflict("the mail has left already".to_owned()));
        }
        let note = TAKEN_BACK.to_owned();
        let change = Change::Parcel(ParcelChange::GivenUp { id: mail, note });
        let audit = self.audit(caller, "take-mail-back", &mail.to_string(), serde_json::Value::Null);
        self.apply(caller, vec![change], audit).await?;
        Ok(parcel.to)
    }

    /// Until when a mail waits for its time and nobody can be sending it yet.
    fn held_until(&self, parcel: &ParcelSeen) -> Option<Timestamp> {
        let until = parcel.at - TOO_LATE;
        (parcel.state == ParcelState::Waiting && self.now() < until).then_some(until)
    }

    /// The mail once, if the handoff has not moved on when it is to be kept: a mail written on texts that were erased
    /// meanwhile would bring them back.
    async fn ask_on_what_is_there(
        &self,
        caller: &Caller,
        id: HandoffId,
        stakeholder: ItemId,
        held: SignedDuration,
    ) -> Result<PlanSent, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Plan, &loaded.handoff)?;
        let Prepared { mail, name, plan, in_name_of, noted } =
            self.plan_mail_to(&loaded, stakeholder).await?;
        let PlanMail { to, subject, text } = mail;
        self.not_just_asked(caller, id, &to).await?;
        let parcel = Parcel {
            to: to.clone(),
            in_name_of,
            reply_to: None,
            subject,
            text,
            calendar: None,
            with_key: false,
        };
        let mut sends = self.parcel(id, Kind::PlanToConfirm, &parcel)?;
        let Change::Parcel(ParcelChange::Send(row)) = &mut sends else {
            return Err(AppError::broken("a parcel is something else"));
        };
        row.at += held;
        let (mail, leaves_at) = (row.id, row.at);
        let awaits = self.awaits(mail, id, to.address.as_str(), &Asked::Plan { plan, name })?;
        let audit = self.audit(caller, "ask-plan-by-mail", &id.to_string(), serde_json::Value::Null);
        let still = Change::Still { handoff: id, version: loaded.version };
        let changes = [still, sends].into_iter().chain(awaits).chain(noted).collect();
        self.apply(caller, changes, audit).await?;
        Ok(PlanSent { to, mail, leaves_at })
    }

    /// Who was asked by mail to confirm the plan, newest first, and whether their answer still counts.
    pub async fn plan_asked(&self, caller: &Caller, id: HandoffId) -> Result<Vec<PlanAsked>, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Read, &loaded.handoff)?;
        let plan = loaded.handoff.plan.as_ref();
        let standing = plan.filter(|plan| plan.confirmed.is_none()).map(Plan::imprint);
        let parcels = self.store.parcels(caller.org, id, None, throughline_store::PAGE).await?;
        let asked = parcels.into_iter().filter(|parcel| parcel.what == Kind::PlanToConfirm.name());
        let mut found = Vec::new();
        for parcel in asked.take(ASKED) {
            let awaited = self.store.awaited(caller.org, parcel.id).await?;
            let mut awaited_until = None;
            let mut changed = false;
            if let Some(awaited) = awaited.filter(|awaited| awaited.until > self.now())
                && let Some(standing) = &standing
                && let Asked::Plan { plan, .. } =
                    serde_json::from_str(&awaited.what).map_err(AppError::broken)?
            {
                changed = plan != *standing;
                awaited_until = (!changed).then_some(awaited.until);
            }
            let held_until = self.held_until(&parcel);
            found.push(PlanAsked { parcel, awaited_until, changed, held_until });
        }
        Ok(found)
    }

    /// What a stakeholder would get, where everything for it is there.
    async fn plan_mail_to(&self, loaded: &Loaded, stakeholder: ItemId) -> Result<Prepared, AppError> {
        let handoff = &loaded.handoff;
        if !self.asks_by_mail() {
            let why = "this server does not send mail and take answers: whoever runs it sees to that with --smtp and --answers-to";
            return Err(AppError::Conflict(why.to_owned()));
        }
        if !handoff.life.is_live() {
            return Err(AppError::Conflict("the handoff is over".to_owned()));
        }
        let plan = open_plan(handoff)?;
        let (person, to) = whom(handoff, stakeholder)?;
        let view =
            self.told_by_mail(loaded, person.name.as_str(), |told| told.agreed(agreed(loaded, plan))).await?;
        let (written, noted) =
            self.templates(loaded.org.id).await?.write(Kind::PlanToConfirm, &view, self.now())?;
        Ok(Prepared {
            mail: PlanMail { to, subject: written.subject.as_str().to_owned(), text: written.text },
            name: person.name.to_string(),
            plan: plan.imprint(),
            in_name_of: view.case.map(|case| case.answerable).filter(|name| !name.is_empty()),
            noted,
        })
    }

    async fn not_just_asked(&self, caller: &Caller, id: HandoffId, to: &Mailbox) -> Result<(), AppError> {
        let since = self.now() - SignedDuration::from_mins(PAUSE_MINUTES);
        let parcels = self.store.parcels(caller.org, id, None, throughline_store::PAGE).await?;
        let lately = parcels.iter().any(|parcel| {
            let asks = parcel.what == Kind::PlanToConfirm.name() && parcel.to == to.address.as_str();
            asks && parcel.at > since && parcel.state != ParcelState::GivenUp
        });
        if !lately {
            return Ok(());
        }
        Err(AppError::Conflict(format!("{} was asked just now; wait {PAUSE_MINUTES} minutes", to.address)))
    }
}

fn open_plan(handoff: &Handoff) -> Result<&Plan, AppError> {
    let conflict = |why: &str| Err(AppError::Conflict(why.to_owned()));
    match &handoff.plan {
        None => conflict("the plan is not open yet"),
        Some(plan) if plan.milestones.is_empty() => {
            conflict("an empty plan cannot be confirmed; add a milestone")
        }
        Some(plan) if plan.confirmed.is_some() => conflict("the plan is confirmed already"),
        Some(plan) => Ok(plan),
    }
}

fn whom(handoff: &Handoff, stakeholder: ItemId) -> Result<(&Stakeholder, Mailbox), AppError> {
    let person = match handoff.record.items.get(&stakeholder).map(|item| &item.body) {
        Some(Body::Stakeholder(person)) => person,
        _ => return Err(AppError::NotFound("stakeholder")),
    };
    let address = person.contact.as_ref().and_then(|contact| address_in(contact.as_str()));
    let address = address.ok_or_else(|| {
        AppError::invalid("stakeholder", "has no mail address in the record; add one under contact")
    })?;
    Ok((person, Mailbox::new(person.name.as_str(), address)))
}

/// The plan as the customer reads it.
fn agreed(loaded: &Loaded, plan: &Plan) -> Agreed {
    let handoff = &loaded.handoff;
    let goal = handoff.record.items.values().find_map(|item| match &item.body {
        Body::Criterion(criterion) => Some(criterion.words.to_string()),
        _ => None,
    });
    let milestones = plan.by_due().into_iter().take(LINES).map(|(_, milestone)| Milestone {
        title: milestone.title.to_string(),
        owner: milestone.owner.as_ref().map(ToString::to_string),
        due: milestone.due_on.map(|on| on.strftime("%-d %b %Y").to_string()),
    });
    let wanted = loaded.playbook.iter().flat_map(|playbook| &playbook.plan.prerequisites);
    let open = wanted.filter(|wanted| !plan.prerequisites.contains_key(&wanted.id));
    Agreed {
        goal,
        milestones: milestones.collect(),
        next_steps: open.take(LINES).map(|wanted| wanted.label.clone()).collect(),
        ..Agreed::default()
    }
}
