//! Meetings in people's calendars: who is invited, what the invitation says, and what calendars have to be told now
//! (R3.3, R3.4, R3.5, R3.7).
//!
//! Nothing here follows a single change. Whenever something may have moved a meeting, the invitation that should stand is
//! worked out from the state and laid beside the one calendars were told last; the difference is what goes out, as
//! parcels, in the transaction that notes it. So a change told twice goes out once, and a missed one with the next.

mod agenda;
mod draft;
mod guests;
mod invitations;

use jiff::Timestamp;
use throughline_domain::{
    HandoffId, Key,
    access::Action,
    handoff::meeting::{self, Meeting},
    playbook::{Step, StepKind},
};
use throughline_messages::{Invite, Mailbox, MeetingKind, Method, uid};
use throughline_store::{InviteRow, ParcelSeen};
use uuid::Uuid;

use self::guests::Guests;
pub(crate) use self::guests::address_in;
pub use self::{
    draft::{Draft, DraftKind, was_held},
    guests::Guest,
};
use crate::{App, AppError, Caller, handle::Loaded};

/// A meeting as people look at it.
#[derive(Debug, Clone)]
pub struct MeetingView {
    /// Which step's.
    pub step: Key,
    /// What kind of meeting.
    pub kind: MeetingKind,
    /// What it is called.
    pub title: String,
    /// When it begins; none: no time is planned.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Where, as it was said.
    pub place: Option<String>,
    /// Whether it goes ahead as things stand: only then is anybody invited.
    pub goes_ahead: bool,
    /// What it is about, point by point.
    pub agenda: Vec<String>,
    /// Who takes part.
    pub guests: Vec<Guest>,
    /// The number of what calendars were told last; none: nothing yet.
    pub told: Option<u32>,
}

impl App {
    /// The meetings of a handoff, in the order of the playbook, planned or not.
    pub async fn meetings(&self, caller: &Caller, id: HandoffId) -> Result<Vec<MeetingView>, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Read, &loaded.handoff)?;
        let Some(playbook) = &loaded.playbook else { return Ok(Vec::new()) };
        let told = self.store.invites(caller.org, id).await?;
        let ahead = meeting::going_ahead(&loaded.handoff, playbook);
        let mut views = Vec::new();
        for step in &playbook.steps {
            let Some(kind) = MeetingKind::of(step.kind) else { continue };
            let step_id = &step.id.value;
            let planned = meeting::meeting(&loaded.handoff, playbook, step_id);
            views.push(MeetingView {
                step: step_id.clone(),
                kind,
                title: step.title.clone(),
                starts_at: planned.as_ref().map(|planned| planned.starts_at),
                ends_at: planned.as_ref().map(|planned| planned.ends_at),
                place: planned.as_ref().and_then(|planned| planned.place).map(ToString::to_string),
                goes_ahead: ahead.iter().any(|one| one.step.id.value == *step_id),
                agenda: agenda::points(&loaded.handoff, playbook, step),
                guests: self.guests(&loaded, step).await?.all,
                told: told.iter().find(|row| row.step == *step_id).map(|row| row.sequence),
            });
        }
        Ok(views)
    }

    /// The calendar file of a meeting that goes ahead, as whoever takes part is sent it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where no such meeting goes ahead, and where nobody who takes part has a mail address.
    pub async fn meeting_file(
        &self,
        caller: &Caller,
        id: HandoffId,
        kind: MeetingKind,
    ) -> Result<String, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Read, &loaded.handoff)?;
        let planned = self.wanted(&loaded).await?;
        let found = planned.into_iter().find(|one| one.step.kind == kind.step());
        let Wanted { step, invite, .. } = found.ok_or(AppError::NotFound("meeting that goes ahead"))?;
        let told = self.store.invites(caller.org, id).await?;
        let sequence = told.iter().find(|row| row.step == step.id.value).map_or(0, |row| row.sequence);
        Invite { sequence, ..invite }.file(self.now()).map_err(AppError::broken)
    }

    /// Mail that was sent about a handoff, newest first.
    pub async fn sent_mail(
        &self,
        caller: &Caller,
        id: HandoffId,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<ParcelSeen>, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Read, &loaded.handoff)?;
        Ok(self.store.parcels(caller.org, id, before, limit).await?)
    }

    /// The invitations that should stand now: of each meeting that goes ahead and has somebody to invite.
    async fn wanted<'a>(&self, loaded: &'a Loaded) -> Result<Vec<Wanted<'a>>, AppError> {
        let Some(playbook) = &loaded.playbook else { return Ok(Vec::new()) };
        let mut wanted = Vec::new();
        for planned in meeting::going_ahead(&loaded.handoff, playbook) {
            let guests = self.guests(loaded, planned.step).await?;
            if let Some(invite) = self.first_invite(loaded, &planned, &guests) {
                let points = agenda::points(&loaded.handoff, playbook, planned.step);
                wanted.push(Wanted { step: planned.step, invite, guests, points });
            }
        }
        Ok(wanted)
    }

    /// The first invitation to a meeting; none where nobody can be reached.
    fn first_invite(&self, loaded: &Loaded, planned: &Meeting<'_>, guests: &Guests) -> Option<Invite> {
        let handoff = &loaded.handoff;
        let step = planned.step;
        let host = guests.host.as_ref();
        // The server's address stands as the organiser's: so the host's own calendar takes the invitation too, and
        // answers of calendars come to where they are read. Without one the host invites.
        let address = match &self.outgoing {
            Some(outgoing) => outgoing.from.address.clone(),
            None => host?.mailbox.clone()?.address,
        };
        let host_name = host.map_or(loaded.org.name.as_str(), |host| host.name.as_str());
        let attendees: Vec<_> = guests.parties().into_iter().map(|(party, _)| party).collect();
        let account = &handoff.deal.account;
        let summary = match step.kind {
            StepKind::InternalCall => format!("{account}: {}", step.title),
            _ => format!("{} and {account}: {}", loaded.org.name, step.title),
        };
        let place = planned.place.map(|place| place.as_str().trim().to_owned());
        let is_link = |place: &String| {
            let plain = place.bytes().all(|byte| byte.is_ascii_graphic());
            plain && (place.starts_with("https://") || place.starts_with("http://"))
        };
        let playbook = loaded.playbook.as_deref()?;
        let invite = Invite {
            uid: uid(handoff.id, &step.id.value),
            sequence: 0,
            method: Method::Request,
            organizer: Mailbox::new(&format!("{host_name} ({})", loaded.org.name), address),
            attendees,
            start: planned.starts_at,
            end: planned.ends_at,
            summary,
            description: agenda::points(handoff, playbook, step).join("\n"),
            url: place.clone().filter(is_link),
            location: place,
        };
        // What cannot be written is not promised: too many guests, a time out of reach.
        invite.file(self.now()).is_ok().then_some(invite)
    }
}

/// An invitation that should stand.
struct Wanted<'a> {
    step: &'a Step,
    invite: Invite,
    guests: Guests,
    points: Vec<String>,
}

/// What calendars were told, as far as it was not forgotten.
fn told_by(row: &InviteRow) -> Result<Option<Invite>, AppError> {
    if row.told.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(&row.told).map(Some).map_err(AppError::broken)
}
