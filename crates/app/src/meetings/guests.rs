//! Who takes part in a meeting, as mailboxes: our side from the seats, the customer's from the record.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use throughline_domain::{
    PersonId,
    handoff::{Handoff, meeting},
    playbook::Step,
};
use throughline_messages::{Address, Mailbox, Party};
use throughline_store::Person;

use crate::{App, AppError, handle::Loaded, letters::zone_of};

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Their name.
    pub name: String,
    /// Their mailbox; none is known: they cannot be invited from here.
    pub mailbox: Option<Mailbox>,
    /// They may also stay away.
    pub optional: bool,
    /// Somebody of ours, as opposed to the customer's.
    pub ours: bool,
    /// By whose clock they read times.
    pub(crate) zone: TimeZone,
}

/// Who takes part in a meeting, and who invites.
#[derive(Debug, Clone)]
pub(crate) struct Guests {
    /// Whose meeting it is: the owner of the step, else who is answerable.
    pub host: Option<Guest>,
    /// Everybody, the host too.
    pub all: Vec<Guest>,
}

impl Guests {
    /// Those who can be invited.
    pub(crate) fn parties(&self) -> Vec<(Party, &Guest)> {
        let reachable = self.all.iter().filter_map(|guest| Some((guest.mailbox.clone()?, guest)));
        reachable.map(|(mailbox, guest)| (Party { mailbox, optional: guest.optional }, guest)).collect()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.all.iter().map(|guest| guest.name.clone()).collect()
    }
}

impl App {
    pub(crate) async fn guests(&self, loaded: &Loaded, step: &Step) -> Result<Guests, AppError> {
        let handoff = &loaded.handoff;
        let ours = ours(handoff, step);
        let host = handoff.holder(step.owner).unwrap_or_else(|| handoff.answerable());
        let people = self.named(loaded.org.id, ours.iter().copied().chain([host])).await?;
        let guest = |id: &PersonId| Some(of_ours(loaded, people.get(id)?));
        let mut all: Vec<Guest> = ours.iter().filter_map(guest).collect();
        let house = loaded.org.calendar.zone().time_zone().clone();
        for (person, optional) in meeting::their_side(handoff, step) {
            let name = person.name.to_string();
            let address = person.contact.as_ref().and_then(|contact| address_in(contact.as_str()));
            let mailbox = address.map(|address| Mailbox::new(&name, address));
            all.push(Guest { name, mailbox, optional, ours: false, zone: house.clone() });
        }
        Ok(Guests { host: guest(&host), all: once_each(all) })
    }
}

fn ours(handoff: &Handoff, step: &Step) -> Vec<PersonId> {
    let mut people = Vec::new();
    for person in meeting::our_side(step).into_iter().filter_map(|role| handoff.holder(role)) {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    people
}

fn of_ours(loaded: &Loaded, person: &Person) -> Guest {
    let signs_in = person.email.as_deref().filter(|_| person.status.signs_in());
    let address: Option<Address> = signs_in.and_then(|email| email.parse().ok());
    Guest {
        name: person.name.clone(),
        mailbox: address.map(|address| Mailbox::new(&person.name, address)),
        optional: false,
        ours: true,
        zone: zone_of(&loaded.org, person),
    }
}

/// One address is invited once, as whoever comes first: a person in two parts is one person.
fn once_each(all: Vec<Guest>) -> Vec<Guest> {
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    let mut new = |guest: &Guest| {
        let address = guest.mailbox.as_ref().map(|mailbox| mailbox.address.as_str().to_lowercase());
        address.is_none_or(|address| seen.insert(address, ()).is_none())
    };
    all.into_iter().filter(|guest| new(guest)).collect()
}

/// The first mail address in what people write about how somebody is reached: `+49 30 1234, ines@customer.example`.
pub(crate) fn address_in(contact: &str) -> Option<Address> {
    let parts = contact.split(|letter: char| letter.is_whitespace() || ",;<>()[]\"|/".contains(letter));
    let bare = |part: &str| part.trim_start_matches("mailto:").trim_end_matches(['.', ':']).to_owned();
    parts.map(bare).find_map(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_whatever_people_write() {
        for text in [
            "ines@customer.example",
            "Ines Calloway <ines@customer.example>",
            "+49 30 1234, ines@customer.example.",
            "mail: mailto:ines@customer.example (never call)",
            "ines@customer.example; tom@customer.example",
        ] {
            assert_eq!(address_in(text).unwrap().as_str(), "ines@customer.example", "{text}");
        }
        for text in ["", "+49 30 1234", "ask Tom", "@", "ines@", "a@b\r\nc"] {
            let found = address_in(text).map(|address| address.to_string());
            assert!(found.is_none_or(|found| found == "a@b"), "{text}");
        }
    }

    #[test]
    fn one_address_is_invited_once() {
        let guest = |name: &str, address: Option<&str>| Guest {
            name: name.to_owned(),
            mailbox: address.map(|address| Mailbox::new(name, address.parse().unwrap())),
            optional: false,
            ours: false,
            zone: TimeZone::UTC,
        };
        let all = vec![
            guest("Ines", Some("ines@customer.example")),
            guest("I. Calloway", Some("Ines@customer.example")),
            guest("Tom", None),
            guest("Tim", None),
        ];
        let names: Vec<String> = once_each(all).into_iter().map(|guest| guest.name).collect();
        assert_eq!(names, ["Ines", "Tom", "Tim"]);
    }
}
