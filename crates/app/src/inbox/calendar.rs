//! Answers of calendars to our invitations. They prove nothing and change nothing: who declines is told to whoever is
//! answerable for the handoff, so that a person may ask.

use throughline_domain::{OrgId, access::parts, record::Body};
use throughline_messages::{CameByMail, Inbound, PartStat, meeting_of};

use super::{answers::is_from, reading::Meaning};
use crate::{App, AppError, handle::Loaded, meetings::address_in};

impl App {
    pub(super) async fn calendars_answer(&self, org: OrgId, mail: &Inbound) -> Result<Meaning, AppError> {
        // A program answers for one person, and for one meeting at a time; of more than one, the first counts.
        let Some((reply, (id, step))) =
            mail.calendar.iter().find_map(|reply| Some((reply, meeting_of(&reply.uid)?)))
        else {
            return Ok(Meaning::unused(None, "a calendar answers an invitation that is none of ours"));
        };
        let loaded = match self.load(org, id).await {
            Ok(loaded) => loaded,
            Err(AppError::NotFound(_)) => {
                return Ok(Meaning::unused(None, "a calendar answers an invitation that is none of ours"));
            }
            Err(other) => return Err(other),
        };
        let title = loaded
            .playbook
            .as_ref()
            .and_then(|playbook| playbook.step(&step))
            .map_or_else(|| step.to_string(), |step| step.title.clone());
        let attendee = reply.attendee.as_str();
        if !is_from(mail.claims_from.as_ref(), attendee) {
            return Ok(Meaning::unused(
                Some(id),
                format!("answers to “{title}” in another name than its sender's"),
            ));
        }
        if !self.takes_part(&loaded, attendee).await? {
            return Ok(Meaning::unused(Some(id), format!("answers to “{title}”, and was not invited")));
        }
        let note = |did: &str| format!("{did} the invitation to “{title}”");
        Ok(match reply.answer {
            PartStat::Accepted => Meaning::noted(Some(id), note("accepts")),
            PartStat::Tentative => Meaning::noted(Some(id), note("accepts for now")),
            PartStat::Delegated => Meaning::noted(Some(id), note("passes on"))
                .shown_to(loaded.handoff.answerable(), CameByMail::declined(attendee, &title, true)),
            PartStat::Declined => Meaning::noted(Some(id), note("declines"))
                .shown_to(loaded.handoff.answerable(), CameByMail::declined(attendee, &title, false)),
        })
    }

    /// Whether an address is of somebody with a part in a handoff, on either side.
    async fn takes_part(&self, loaded: &Loaded, address: &str) -> Result<bool, AppError> {
        let named = |contact: &str| is_from(address_in(contact).as_ref(), address);
        let known = loaded.handoff.record.items.values().any(|item| match &item.body {
            Body::Stakeholder(person) => {
                person.contact.as_ref().is_some_and(|contact| named(contact.as_str()))
            }
            _ => false,
        });
        if known {
            return Ok(true);
        }
        let ours = parts(&loaded.handoff);
        let people = self.store.people_by_email(&address.to_lowercase()).await?;
        Ok(people.iter().any(|(org, person)| *org == loaded.org.id && ours.contains(&person.id)))
    }
}
