//! Letters: messages in words, made from the state at the time of sending.
//!
//! Absent on purpose: the words themselves (templates have them), transport, and who is told what: `sweep` asks for a
//! letter to somebody, keeps it, and says when it is mailed.

use jiff::tz::TimeZone;
use throughline_domain::{
    HandoffId, OrgId, PersonId, Role,
    clock::Matter,
    handoff::{Handoff, Intent, Message, Recipient, owner_of},
    notify::Topic,
};
use throughline_messages::{Handover, Kind, Matter as InWords, Names, Told, ToldAs, View, Written};
use throughline_store::{Change, Letter, Org, OutboxRow, Person};
use uuid::Uuid;

use crate::{
    App, AppError, Caller,
    handle::Loaded,
    stead::{Absent, Reader},
};

impl App {
    /// The letter that tells somebody of an intent, and what is to be kept beside it. Its id follows from the intent and
    /// the reader, so that however often it is made, it is one letter.
    pub(crate) async fn letter(
        &self,
        loaded: &Loaded,
        row: &OutboxRow,
        to: &Reader,
    ) -> Result<(Letter, Option<Change>), AppError> {
        let Reader { person: to, instead_of } = to;
        let names = self.names(loaded).await?;
        let matter = self.matter(loaded, &row.intent, to, instead_of.as_ref()).await?;
        let handover = self.handover(loaded, &row.intent.message).await?;
        let told = Told {
            company: &loaded.org.name,
            reader: &to.name,
            handoff: &loaded.handoff,
            names: &names,
            matter: matter.as_ref(),
            handover: handover.as_ref(),
        };
        let templates = self.templates(loaded.org.id).await?;
        let (mut written, mut noted) = templates.message(&told, &row.intent.message, self.now())?;
        if let Some(absent) = instead_of {
            let letter = (written.subject.as_str(), written.text.as_str());
            let view = View::in_stead(&loaded.org.name, &to.name, letter, &absent.name, absent.until);
            let (around, also) = templates.write(Kind::StandIn, &view, self.now())?;
            (written, noted) = (around, noted.or(also));
        }
        let letter = Letter {
            id: letter_id(row.id, to.id),
            outbox: Some(row.id),
            to: Some(to.id),
            handoff: Some(row.handoff),
            follows: Some(row.seq),
            subject: written.subject.as_str().to_owned(),
            body: written.text,
            topic: Some(Topic::of(&row.intent.message)),
            link: Some(link(row.handoff, &row.intent.message)),
            at: self.now(),
            read_at: None,
        };
        Ok((letter, noted))
    }

    pub(crate) async fn names(&self, loaded: &Loaded) -> Result<Names, AppError> {
        let handoff: &Handoff = &loaded.handoff;
        let ids: Vec<PersonId> = [Some(handoff.seller()), handoff.csm(), Some(handoff.answerable())]
            .into_iter()
            .flatten()
            .collect();
        let people = self.named(loaded.org.id, ids).await?;
        let name = |id: PersonId| {
            people.get(&id).map_or_else(|| "somebody".to_owned(), |person| person.name.clone())
        };
        Ok(Names {
            seller: name(handoff.seller()),
            csm: handoff.csm().map(name),
            answerable: name(handoff.answerable()),
        })
    }

    /// What a reminder or an escalation is about, for one reader.
    async fn matter(
        &self,
        loaded: &Loaded,
        intent: &Intent,
        to: &Person,
        instead_of: Option<&Absent>,
    ) -> Result<Option<InWords>, AppError> {
        let (Message::Reminder { about, due_at } | Message::Escalation { about, due_at }) = &intent.message
        else {
            return Ok(None);
        };
        let (handoff, zone) = (&loaded.handoff, zone_of(&loaded.org, to));
        let owner = owner_of(handoff, loaded.playbook.as_deref(), about);
        let (owned_by, owner_id) = match owner {
            Recipient::Person { id } | Recipient::ManagerOf { id } => {
                (self.reader_name(loaded.org.id, id).await?, Some(id))
            }
            Recipient::Role { role } => (role.title().to_owned(), None),
            Recipient::Guests | Recipient::Customer { .. } | Recipient::Customers => {
                ("somebody".to_owned(), None)
            }
        };
        let told = match intent.to {
            Recipient::Person { id }
                if instead_of.is_some_and(|absent| absent.id == id) && Some(id) == owner_id =>
            {
                ToldAs::StandInFor(owned_by.clone())
            }
            Recipient::Person { id } if Some(id) == owner_id => ToldAs::Owner,
            to if to == owner => ToldAs::Owner,
            Recipient::ManagerOf { .. } => ToldAs::ManagerOf(owned_by.clone()),
            Recipient::Role { role } => ToldAs::Role(role),
            Recipient::Person { .. }
            | Recipient::Guests
            | Recipient::Customer { .. }
            | Recipient::Customers => ToldAs::Role(process_owner(loaded)),
        };
        let matter = InWords::new(&title(loaded, about), &owned_by, *due_at, self.now(), &zone, told);
        Ok(Some(match handoff.notice(about) {
            Some(notice) if matches!(intent.message, Message::Escalation { .. }) => {
                matter.reminded_at(notice.reminded_at, &zone)
            }
            _ => matter,
        }))
    }

    /// What goes along with a change of AE or CSM.
    async fn handover(&self, loaded: &Loaded, message: &Message) -> Result<Option<Handover>, AppError> {
        let handoff = &loaded.handoff;
        let holder = |role| handoff.holder(role).unwrap_or(handoff.process_owner);
        let (role, from, to) = match message {
            Message::HandoverAsked { role } => {
                let named = if *role == Role::Csm { &handoff.successor } else { &handoff.next_seller };
                // Who was named may have accepted or declined by the time this is told.
                (*role, holder(*role), named.as_ref().map_or_else(|| holder(*role), |named| named.to))
            }
            Message::HandedOver { role, from, to } => (*role, *from, *to),
            Message::HandoverDeclined { role, to } => (*role, holder(*role), *to),
            _ => return Ok(None),
        };
        let (from, to) =
            (self.reader_name(loaded.org.id, from).await?, self.reader_name(loaded.org.id, to).await?);
        Ok(Some(Handover::of(handoff, role, &from, &to)))
    }

    async fn reader_name(&self, org: OrgId, id: PersonId) -> Result<String, AppError> {
        let people = self.named(org, vec![id]).await?;
        Ok(people.get(&id).map_or_else(|| "somebody".to_owned(), |person| person.name.clone()))
    }

    /// Words that are about no handoff, such as an invitation or a fresh link, and what is to be kept beside them.
    pub(crate) async fn plain(
        &self,
        kind: Kind,
        org: &Org,
        reader: &str,
    ) -> Result<(Written, Option<Change>), AppError> {
        let templates = self.templates(org.id).await?;
        templates.write(kind, &View::plain(&org.name, reader), self.now())
    }

    /// The draft of the warm introduction for a handoff (R3.5): subject and text.
    pub async fn introduction_draft(
        &self,
        caller: &Caller,
        id: HandoffId,
    ) -> Result<(String, String), AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(throughline_domain::access::Action::Read, &loaded.handoff)?;
        let names = self.names(&loaded).await?;
        let told = Told {
            company: &loaded.org.name,
            reader: &names.seller,
            handoff: &loaded.handoff,
            names: &names,
            matter: None,
            handover: None,
        };
        let templates = self.templates(caller.org).await?;
        let (written, _) = templates.write(Kind::Introduction, &told.introduction(), self.now())?;
        Ok((written.subject.as_str().to_owned(), written.text.trim_end().to_owned()))
    }
}

/// By whose clock somebody reads times: their own, else the organisation's.
pub(crate) fn zone_of(org: &Org, person: &Person) -> TimeZone {
    let own = person.zone.as_deref().and_then(|zone| zone.parse::<throughline_domain::calendar::Zone>().ok());
    own.as_ref().unwrap_or_else(|| org.calendar.zone()).time_zone().clone()
}

/// The role the process is owned in, for telling somebody why they are told.
fn process_owner(loaded: &Loaded) -> Role {
    loaded.playbook.as_ref().map_or(Role::RevOps, |playbook| playbook.process_owner)
}

/// What a clock runs on, in the playbook's words.
pub fn title(loaded: &Loaded, about: &Matter) -> String {
    let playbook = loaded.playbook.as_deref();
    match about {
        Matter::Step { step } => playbook
            .and_then(|playbook| playbook.step(step))
            .map_or_else(|| step.to_string(), |step| step.title.clone()),
        Matter::Promise { item } => {
            let mut promises = loaded.handoff.record.promises();
            let found = promises.find(|(one, _)| one.id == *item);
            found.map_or_else(
                || "A promise".to_owned(),
                |(_, promise)| format!("Deciding the promise “{}”", short(promise.what.as_str())),
            )
        }
        Matter::Waiver { waiver } => {
            let gate = loaded.handoff.waivers.get(waiver).map(|waiver| waiver.gate);
            gate.map_or_else(
                || "A waiver".to_owned(),
                |gate| format!("What was waived at {}", throughline_messages::gate_title(gate)),
            )
        }
    }
}

/// As much of a promise as a subject can hold.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= MOST {
        return line.to_owned();
    }
    let cut: String = line.chars().take(MOST - 1).collect();
    format!("{}…", cut.trim_end())
}

/// A letter's id follows from its intent and its reader, so that making it twice makes it once.
pub(crate) fn letter_id(outbox: Uuid, to: PersonId) -> Uuid {
    // The time in front stays, so that letters sort by birth; the rest tells readers apart.
    let (mut bytes, other) = (*outbox.as_bytes(), to.0.as_bytes());
    for place in 9..16 {
        bytes[place] ^= other[place];
    }
    Uuid::from_bytes(bytes)
}

fn link(id: HandoffId, message: &Message) -> String {
    let part = match message {
        Message::HandoverAsked { .. } | Message::HandedOver { .. } | Message::HandoverDeclined { .. } => {
            "/people"
        }
        Message::Nominated | Message::Offered | Message::Returned { .. } | Message::Rated => "/review",
        Message::PromiseRouted | Message::PromiseDecided { .. } => "/promises",
        Message::Question | Message::QuestionAnswered => "/questions",
        Message::WaiverAsked { .. }
        | Message::WaiverDecided { .. }
        | Message::GateRefused { .. }
        | Message::Bypassed { .. } => "/gates",
        Message::PleaseConfirm | Message::IntroductionDraft | Message::OwnershipMoved => "/steps",
        Message::KickoffConfirmed
        | Message::CustomerActed { .. }
        | Message::ProposalAnswered { .. }
        | Message::PlanCommented => "/plan",
        Message::Reminder { about, .. } | Message::Escalation { about, .. } => match about {
            Matter::Step { .. } => "/steps",
            Matter::Promise { .. } => "/promises",
            Matter::Waiver { .. } => "/gates",
        },
        Message::RecordOpened
        | Message::Reopened
        | Message::Amended
        | Message::Stopped
        | Message::RoutedToNone => "",
        Message::Meetings => "/steps",
    };
    format!("/handoffs/{id}{part}")
}
