//! An invitation as a value, its changes, and the file it becomes.
//!
//! A calendar tells an invitation from its change by `UID` and `SEQUENCE` alone, so both are part of the value, and the
//! way to a change or a cancellation goes through the invitation before it.

use icalendar::{Calendar, Component, Event, EventLike, Property};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Mailbox,
    address::{is_unseen, one_line},
};

/// Most people one invitation goes to.
const PEOPLE: usize = 100;
/// The longest description, in characters.
const DESCRIPTION: usize = 8_000;
/// The longest meeting, in hours: longer is a mistyped date.
const HOURS: i64 = 24 * 7;

/// A meeting as calendars are told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// Its name in every calendar; see [`uid`](crate::uid).
    pub uid: String,
    /// How often it has changed.
    pub sequence: u32,
    /// What the calendar is asked to do.
    pub method: Method,
    /// Who invites. Answers go to their address, so it must be one that is read.
    pub organizer: Mailbox,
    /// Who is invited.
    pub attendees: Vec<Party>,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Its title.
    pub summary: String,
    /// What it is about, as plain text.
    pub description: String,
    /// Where it takes place, in words.
    #[serde(default)]
    pub location: Option<String>,
    /// Where to find it.
    pub url: Option<String>,
}

/// What a calendar file asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Come, or come at another time.
    Request,
    /// It does not take place, or without you.
    Cancel,
}

impl Method {
    /// The name used in the file and in the mail's header.
    pub fn name(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
        }
    }
}

/// Somebody invited.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    #[serde(flatten)]
    pub mailbox: Mailbox,
    /// They may stay away.
    #[serde(default)]
    pub optional: bool,
}

/// Why an invitation is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// It ends before it begins, or a week later.
    #[error("a meeting ends after it begins, and within a week: {start} to {end}")]
    Times {
        /// The beginning.
        start: Timestamp,
        /// The end.
        end: Timestamp,
    },
    /// Nobody, or too many.
    #[error("a meeting has 1 to {PEOPLE} guests, not {0}")]
    Guests(usize),
    /// No title.
    #[error("a meeting has a title")]
    Title,
    /// No name that calendars could keep.
    #[error("`{0}` cannot name a meeting")]
    Uid(String),
    /// An address that leads nowhere safe.
    #[error("`{0}` is no web address")]
    Url(String),
}

impl Invite {
    /// This meeting as a change of the one sent before; none when a calendar would see no difference.
    pub fn after(&self, sent: &Invite) -> Option<Invite> {
        let same = Invite { sequence: sent.sequence, ..self.clone() } == *sent;
        (!same).then(|| Invite {
            uid: sent.uid.clone(),
            sequence: sent.sequence.saturating_add(1),
            ..self.clone()
        })
    }

    /// The cancellation of this meeting for all who were invited.
    pub fn cancelled(&self) -> Invite {
        Invite { method: Method::Cancel, sequence: self.sequence.saturating_add(1), ..self.clone() }
    }

    /// The cancellation for those who are invited no more; none when everybody still is. It goes with the change's own
    /// number, to them alone (RFC 5546 §3.2.5).
    pub fn without(&self, sent: &Invite) -> Option<Invite> {
        let stays =
            |party: &Party| self.attendees.iter().any(|other| other.mailbox.address == party.mailbox.address);
        let gone: Vec<Party> = sent.attendees.iter().filter(|party| !stays(party)).cloned().collect();
        (!gone.is_empty() && sent.method == Method::Request).then(|| Invite {
            method: Method::Cancel,
            sequence: self.sequence,
            attendees: gone,
            ..sent.clone()
        })
    }

    /// The calendar file, stamped with when it was made.
    pub fn file(&self, stamp: Timestamp) -> Result<String, InviteError> {
        self.check()?;
        let mut event = Event::new();
        event.uid(&self.uid);
        event.add_property("SEQUENCE", self.sequence.to_string());
        event.add_property("DTSTAMP", utc(stamp));
        event.add_property("DTSTART", utc(self.start));
        event.add_property("DTEND", utc(self.end));
        event.summary(&one_line(&self.summary, 200));
        let description = text(&self.description);
        if !description.is_empty() {
            event.description(&description);
        }
        if let Some(location) = self.location.as_deref().map(|place| one_line(place, 200)) {
            event.location(&location);
        }
        if let Some(url) = &self.url {
            event.add_property("URL", url);
        }
        event.add_property(
            "STATUS",
            match self.method {
                Method::Request => "CONFIRMED",
                Method::Cancel => "CANCELLED",
            },
        );
        event.add_property("TRANSP", "OPAQUE");
        event.append_property(cal_address("ORGANIZER", &self.organizer));
        for party in &self.attendees {
            let mut attendee = cal_address("ATTENDEE", &party.mailbox);
            attendee.add_parameter("CUTYPE", "INDIVIDUAL");
            attendee
                .add_parameter("ROLE", if party.optional { "OPT-PARTICIPANT" } else { "REQ-PARTICIPANT" });
            if self.method == Method::Request {
                attendee.add_parameter("PARTSTAT", "NEEDS-ACTION");
                attendee.add_parameter("RSVP", "TRUE");
            }
            event.append_multi_property(attendee);
        }
        let mut calendar = Calendar::empty();
        calendar.append_property(Property::new("VERSION", "2.0"));
        calendar.append_property(Property::new("PRODID", "-//Throughline//Handoffs//EN"));
        calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
        calendar.append_property(Property::new("METHOD", self.method.name()));
        calendar.push(event.done());
        Ok(calendar.to_string())
    }

    fn check(&self) -> Result<(), InviteError> {
        let seconds = self.end.as_second() - self.start.as_second();
        if seconds <= 0 || seconds > HOURS * 3_600 {
            return Err(InviteError::Times { start: self.start, end: self.end });
        }
        if self.attendees.is_empty() || self.attendees.len() > PEOPLE {
            return Err(InviteError::Guests(self.attendees.len()));
        }
        if one_line(&self.summary, 1).is_empty() {
            return Err(InviteError::Title);
        }
        let plain = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if !plain(&self.uid, 255) {
            return Err(InviteError::Uid(one_line(&self.uid, 80)));
        }
        match self
            .url
            .as_deref()
            .filter(|url| !plain(url, 2_000) || !(url.starts_with("https://") || url.starts_with("http://")))
        {
            Some(url) => Err(InviteError::Url(one_line(url, 80))),
            None => Ok(()),
        }
    }
}

/// An instant as calendars write it: `20261124T160000Z`, whole seconds.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Text of several lines, without what no calendar should keep.
fn text(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String =
        lines.chars().filter(|letter| *letter == '\n' || !is_unseen(*letter)).take(DESCRIPTION).collect();
    kept.trim_end().to_owned()
}

fn cal_address(name: &str, mailbox: &Mailbox) -> Property {
    let mut property = Property::new(name, format!("mailto:{}", mailbox.address));
    if let Some(name) = &mailbox.name {
        property.add_parameter("CN", name.as_str());
    }
    property
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(name: &str, address: &str) -> Party {
        Party { mailbox: Mailbox::new(name, address.parse().unwrap()), optional: false }
    }

    fn kickoff() -> Invite {
        Invite {
            uid: "7.kickoff@throughline".to_owned(),
            sequence: 0,
            method: Method::Request,
            organizer: Mailbox::new("Dana Ruiz", "dana@example.com".parse().unwrap()),
            attendees: vec![party("Ines", "ines@customer.example"), party("Tom", "tom@customer.example")],
            start: "2026-11-24T15:00:00Z".parse().unwrap(),
            end: "2026-11-24T15:50:00Z".parse().unwrap(),
            summary: "Kickoff".to_owned(),
            description: String::new(),
            location: None,
            url: None,
        }
    }

    #[test]
    fn a_change_keeps_the_name_and_raises_the_number_and_no_change_is_none() {
        let sent = kickoff();
        assert_eq!(kickoff().after(&sent), None);
        let moved =
            Invite { end: "2026-11-24T16:00:00Z".parse().unwrap(), ..kickoff() }.after(&sent).unwrap();
        assert_eq!((moved.uid.as_str(), moved.sequence), ("7.kickoff@throughline", 1));
        let cancelled = moved.cancelled();
        assert_eq!((cancelled.uid.as_str(), cancelled.sequence), ("7.kickoff@throughline", 2));
        assert_eq!(cancelled.method, Method::Cancel);
        let again = kickoff().after(&cancelled).unwrap();
        assert_eq!((again.method, again.sequence), (Method::Request, 3), "it takes place after all");
    }

    #[test]
    fn who_is_invited_no_more_is_told_and_nobody_else() {
        let sent = kickoff();
        let smaller =
            Invite { attendees: vec![sent.attendees[0].clone()], ..kickoff() }.after(&sent).unwrap();
        let farewell = smaller.without(&sent).unwrap();
        assert_eq!((farewell.method, farewell.sequence), (Method::Cancel, 1));
        assert_eq!(farewell.attendees, [sent.attendees[1].clone()]);
        assert_eq!(kickoff().without(&sent), None);
    }

    #[test]
    fn impossible_meetings_are_refused() {
        let stamp = Timestamp::UNIX_EPOCH;
        let bad = [
            Invite { end: kickoff().start, ..kickoff() },
            Invite { end: "2027-11-24T15:50:00Z".parse().unwrap(), ..kickoff() },
            Invite { attendees: Vec::new(), ..kickoff() },
            Invite { summary: "\r\n".to_owned(), ..kickoff() },
            Invite { uid: "a\r\nATTENDEE:x".to_owned(), ..kickoff() },
            Invite { url: Some("javascript:alert(1)".to_owned()), ..kickoff() },
            Invite { url: Some("https://a\r\nX: y".to_owned()), ..kickoff() },
        ];
        for invite in bad {
            assert!(invite.file(stamp).is_err(), "{invite:?}");
        }
    }
}
