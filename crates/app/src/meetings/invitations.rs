//! What calendars are told now: the difference between the invitation that should stand and the one that was sent.

use jiff::Timestamp;
use throughline_domain::{HandoffId, Key, OrgId, handoff::Handoff};
use throughline_messages::{
    CalendarPart, Invite, Kind, Mailbox, Meeting as InWords, Method, Party, Told as Telling,
};
use throughline_store::{Change, FORGOTTEN, InviteRow, OutboxRow, PAGE, ParcelChange};

use super::{Wanted, guests::Guest, told_by};
use crate::{App, AppError, handle::Loaded, sweep::Parcel};

/// The fact after which whatever was written down before is written anew.
const ERASED: &str = "texts_erased";

/// What came of laying two invitations side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    /// What calendars hold from now on.
    now: Invite,
    /// The same for those who are not invited any more.
    farewell: Option<Invite>,
}

/// What is to be told of one meeting; none: calendars know what there is to know. A meeting that is over stays as it was.
fn difference(
    wanted: Option<&Invite>,
    sent: Option<&Invite>,
    number: Option<u32>,
    now: Timestamp,
) -> Option<Told> {
    match (wanted, sent) {
        (Some(wanted), _) if wanted.end <= now => None,
        (Some(wanted), Some(sent)) => {
            // An agenda that grew with the record is no reason to ask everybody again.
            let same = Invite { description: sent.description.clone(), ..wanted.clone() };
            same.after(sent)?;
            let changed = wanted.after(sent)?;
            let farewell = changed.without(sent);
            Some(Told { now: changed, farewell })
        }
        // What was told before is forgotten, or nothing was.
        (Some(wanted), None) => {
            let sequence = number.map_or(0, |number| number.saturating_add(1));
            Some(Told { now: Invite { sequence, ..wanted.clone() }, farewell: None })
        }
        (None, Some(sent)) if sent.method == Method::Request && sent.end > now => {
            Some(Told { now: sent.cancelled(), farewell: None })
        }
        (None, _) => None,
    }
}

impl App {
    /// What calendars of those who take part have to be told of a handoff's meetings now: the mails, and what is to be
    /// remembered of them. After an erasure everything that was written down is forgotten and told anew without it.
    pub(crate) async fn invitations(
        &self,
        loaded: &Loaded,
        row: &OutboxRow,
        again: bool,
    ) -> Result<Vec<Change>, AppError> {
        let (org, id) = (loaded.org.id, row.handoff);
        let forgets = again || self.is_erasure(org, row).await?;
        let mut changes = Vec::new();
        // An erasure does that itself, unless it was cut off; what was written since is without the erased words.
        if again || forgets && self.remembers(org, id, row.at).await? {
            changes.push(Change::Parcel(ParcelChange::Forget { handoff: id }));
        }
        // Where no mail leaves, nobody is invited.
        if self.outgoing.is_none() {
            return Ok(changes);
        }
        let held = self.store.invites(org, id).await?;
        let wanted = self.wanted(loaded).await?;
        let mut steps: Vec<&Key> = wanted.iter().map(|one| &one.step.id.value).collect();
        let gone = held.iter().map(|row| &row.step).filter(|step| !steps.contains(step));
        let gone: Vec<&Key> = gone.collect();
        steps.extend(gone);
        for step in steps {
            let meant = wanted.iter().find(|one| one.step.id.value == *step);
            let before = held.iter().find(|row| row.step == *step);
            let sent = before.filter(|_| !forgets).map(told_by).transpose()?.flatten();
            let number = before.map(|row| row.sequence);
            let invite = meant.map(|one| &one.invite);
            let Some(told) = difference(invite, sent.as_ref(), number, self.now()) else { continue };
            changes.extend(self.meeting_mails(loaded, meant, sent.as_ref(), &told).await?);
            let row = InviteRow {
                handoff: id,
                step: step.clone(),
                sequence: told.now.sequence,
                told: serde_json::to_string(&told.now).map_err(AppError::broken)?,
            };
            changes.push(Change::Parcel(ParcelChange::Invite { row, after: number }));
        }
        Ok(changes)
    }

    /// Whether mail from before an erasure at that time still has its words.
    pub(crate) async fn remembers(
        &self,
        org: OrgId,
        id: HandoffId,
        erased: Timestamp,
    ) -> Result<bool, AppError> {
        let mut before = None;
        loop {
            let page = self.store.parcels(org, id, before, PAGE).await?;
            if page.iter().any(|parcel| parcel.at <= erased && parcel.to != FORGOTTEN) {
                return Ok(true);
            }
            before = page.last().map(|last| last.id);
            if page.len() < PAGE as usize {
                return Ok(false);
            }
        }
    }

    async fn is_erasure(&self, org: OrgId, row: &OutboxRow) -> Result<bool, AppError> {
        let facts = self.store.journal(org, row.handoff, row.seq.saturating_sub(1), 1).await?;
        Ok(facts.first().is_some_and(|fact| fact.kind == ERASED))
    }

    /// A mail to each who is told, in their own words and by their own clock.
    async fn meeting_mails(
        &self,
        loaded: &Loaded,
        meant: Option<&Wanted<'_>>,
        sent: Option<&Invite>,
        told: &Told,
    ) -> Result<Vec<Change>, AppError> {
        let mut changes = Vec::new();
        for invite in std::iter::once(&told.now).chain(&told.farewell) {
            let file = invite.file(self.now()).map_err(AppError::broken)?;
            for party in &invite.attendees {
                let part = CalendarPart { method: invite.method, file: file.clone() };
                changes.extend(self.mail_to(loaded, meant, sent, invite, party, part).await?);
            }
        }
        Ok(changes)
    }

    async fn mail_to(
        &self,
        loaded: &Loaded,
        meant: Option<&Wanted<'_>>,
        sent: Option<&Invite>,
        invite: &Invite,
        party: &Party,
        part: CalendarPart,
    ) -> Result<Vec<Change>, AppError> {
        let handoff: &Handoff = &loaded.handoff;
        let is_party = |guest: &&Guest| guest.mailbox.as_ref().is_some_and(|one| *one == party.mailbox);
        let guest = meant.and_then(|one| one.guests.all.iter().find(is_party));
        let house = loaded.org.calendar.zone().time_zone();
        let zone = guest.map_or(house, |guest| &guest.zone);
        let reader = party.mailbox.name.as_ref().map_or(party.mailbox.address.as_str(), |name| name.as_str());
        let title = step_title(loaded, invite);
        let mut meeting = InWords::new(&title, invite.start, invite.end, zone);
        meeting.changed = sent.is_some_and(|sent| sent.method == Method::Request);
        meeting.without_you = invite.method == Method::Cancel && meant.is_some();
        meeting.link = invite.location.clone();
        if let Some(one) = meant {
            meeting.people = one.guests.names();
            meeting.agenda = one.points.clone();
        }
        let names = self.names(loaded).await?;
        let telling = Telling {
            company: &loaded.org.name,
            reader,
            handoff,
            names: &names,
            matter: None,
            handover: None,
        };
        let kind = match invite.method {
            Method::Request => Kind::Meeting,
            Method::Cancel => Kind::MeetingCancelled,
        };
        let (written, noted) =
            self.templates(loaded.org.id).await?.write(kind, &telling.meeting(meeting), self.now())?;
        let host = meant.and_then(|one| one.guests.host.as_ref());
        let reply_to: Option<Mailbox> = host.and_then(|host| host.mailbox.clone());
        let parcel = Parcel {
            to: party.mailbox.clone(),
            in_name_of: invite.organizer.name.as_ref().map(|name| name.as_str().to_owned()),
            reply_to,
            subject: written.subject.as_str().to_owned(),
            text: written.text,
            calendar: Some(part),
            with_key: false,
        };
        Ok([self.parcel(handoff.id, kind, &parcel)?].into_iter().chain(noted).collect())
    }
}

/// What the meeting is called: by its step, or as calendars know it where the playbook has no such step any more.
fn step_title(loaded: &Loaded, invite: &Invite) -> String {
    let steps = loaded.playbook.iter().flat_map(|playbook| &playbook.steps);
    let mut named =
        steps.filter(|step| throughline_messages::uid(loaded.handoff.id, &step.id.value) == invite.uid);
    named.next().map_or_else(|| invite.summary.clone(), |step| step.title.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn party(address: &str) -> Party {
        Party { mailbox: Mailbox { name: None, address: address.parse().unwrap() }, optional: false }
    }

    fn kickoff() -> Invite {
        Invite {
            uid: "7.kickoff@throughline".to_owned(),
            sequence: 0,
            method: Method::Request,
            organizer: party("handoffs@us.example").mailbox,
            attendees: vec![party("maya@us.example"), party("ines@customer.example")],
            start: at("2026-11-24T15:00:00Z"),
            end: at("2026-11-24T15:50:00Z"),
            summary: "Kickoff".to_owned(),
            description: "15 min: success".to_owned(),
            location: None,
            url: None,
        }
    }

    const BEFORE: &str = "2026-11-20T08:00:00Z";

    #[test]
    fn a_first_invitation_begins_at_zero_and_the_same_again_is_nothing() {
        let first = difference(Some(&kickoff()), None, None, at(BEFORE)).unwrap();
        assert_eq!((first.now.sequence, first.now.method), (0, Method::Request));
        assert_eq!(difference(Some(&kickoff()), Some(&first.now), Some(0), at(BEFORE)), None);
        let grown = Invite { description: "more".to_owned(), ..kickoff() };
        assert_eq!(
            difference(Some(&grown), Some(&first.now), Some(0), at(BEFORE)),
            None,
            "nobody is asked again"
        );
    }

    #[test]
    fn a_moved_meeting_and_other_guests_are_told_under_the_next_number() {
        let moved = Invite { start: at("2026-11-24T14:00:00Z"), ..kickoff() };
        let told = difference(Some(&moved), Some(&kickoff()), Some(0), at(BEFORE)).unwrap();
        assert_eq!((told.now.sequence, told.farewell), (1, None));
        let smaller = Invite { attendees: vec![party("maya@us.example")], ..kickoff() };
        let told = difference(Some(&smaller), Some(&kickoff()), Some(0), at(BEFORE)).unwrap();
        let farewell = told.farewell.unwrap();
        assert_eq!((farewell.method, farewell.sequence), (Method::Cancel, 1));
        assert_eq!(farewell.attendees, [party("ines@customer.example")]);
    }

    #[test]
    fn what_does_not_take_place_is_cancelled_once_and_comes_back_above_it() {
        let off = difference(None, Some(&kickoff()), Some(0), at(BEFORE)).unwrap().now;
        assert_eq!((off.method, off.sequence), (Method::Cancel, 1));
        assert_eq!(difference(None, Some(&off), Some(1), at(BEFORE)), None);
        let back = difference(Some(&kickoff()), Some(&off), Some(1), at(BEFORE)).unwrap();
        assert_eq!((back.now.method, back.now.sequence), (Method::Request, 2));
    }

    #[test]
    fn what_is_over_stays_as_it_was() {
        let after = at("2026-11-24T15:50:00Z");
        assert_eq!(difference(Some(&kickoff()), None, None, after), None);
        assert_eq!(difference(None, Some(&kickoff()), Some(0), after), None);
    }

    #[test]
    fn what_was_forgotten_is_told_anew_under_the_next_number() {
        let anew = difference(Some(&kickoff()), None, Some(4), at(BEFORE)).unwrap();
        assert_eq!(anew.now.sequence, 5);
        assert_eq!(difference(None, None, Some(4), at(BEFORE)), None);
    }
}
