//! Answers of calendars to an invitation (`METHOD:REPLY`, RFC 5546 §3.2.3). What they say is a claim of whoever sent it.

use icalendar::parser::{Component, Property, read_calendar, unfold};
use serde::{Deserialize, Serialize};

use crate::{Address, address::one_line};

/// The largest file read, in bytes.
const LARGEST: usize = 256 * 1024;
/// Most parts inside of parts, and most answers kept.
const MOST: usize = 50;

/// One person's answer to one invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarReply {
    /// Which meeting; see [`uid`](crate::uid).
    pub uid: String,
    /// Which change of it was answered.
    pub sequence: u32,
    /// Who answers, as the file says.
    pub attendee: Address,
    /// What.
    pub answer: PartStat,
}

/// What somebody answers to an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartStat {
    /// They come.
    Accepted,
    /// They do not.
    Declined,
    /// Perhaps.
    Tentative,
    /// Somebody else comes for them.
    Delegated,
}

/// The answers in a calendar file; none when it is no answer, or cannot be read.
pub(crate) fn read(file: &str) -> Vec<CalendarReply> {
    let nested = file.to_ascii_uppercase().matches("BEGIN:").count();
    if file.len() > LARGEST || nested > MOST {
        return Vec::new();
    }
    let lines = unfold(file);
    let Ok(calendar) = read_calendar(&lines) else { return Vec::new() };
    if !is(&calendar.properties, "METHOD", "REPLY") {
        return Vec::new();
    }
    calendar.components.iter().filter(|part| part.name == "VEVENT").flat_map(answers).take(MOST).collect()
}

fn is(properties: &[Property<'_>], name: &str, value: &str) -> bool {
    find(properties, name).is_some_and(|found| found.val.as_str().trim().eq_ignore_ascii_case(value))
}

fn find<'p>(properties: &'p [Property<'_>], name: &str) -> Option<&'p Property<'p>> {
    properties.iter().find(|property| property.name.as_str().eq_ignore_ascii_case(name))
}

fn answers(event: &Component<'_>) -> Vec<CalendarReply> {
    let Some(uid) = find(&event.properties, "UID").map(|uid| one_line(uid.val.as_str(), 255)) else {
        return Vec::new();
    };
    let sequence =
        find(&event.properties, "SEQUENCE").and_then(|number| number.val.as_str().trim().parse().ok());
    let attendees =
        event.properties.iter().filter(|property| property.name.as_str().eq_ignore_ascii_case("ATTENDEE"));
    attendees
        .filter_map(|attendee| {
            let value = attendee.val.as_str().trim();
            let address =
                value.get(..7).filter(|lead| lead.eq_ignore_ascii_case("mailto:")).map(|_| &value[7..])?;
            let answer = attendee
                .params
                .iter()
                .find(|parameter| parameter.key.as_str().eq_ignore_ascii_case("PARTSTAT"))
                .and_then(|parameter| parameter.val.as_ref())?;
            Some(CalendarReply {
                uid: uid.clone(),
                sequence: sequence.unwrap_or(0),
                attendee: address.parse().ok()?,
                answer: PartStat::read(answer.as_str())?,
            })
        })
        .collect()
}

impl PartStat {
    fn read(text: &str) -> Option<Self> {
        match text.trim_matches('"').to_ascii_uppercase().as_str() {
            "ACCEPTED" => Some(Self::Accepted),
            "DECLINED" => Some(Self::Declined),
            "TENTATIVE" => Some(Self::Tentative),
            "DELEGATED" => Some(Self::Delegated),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "BEGIN:VCALENDAR\r\nPRODID:-//Some//Mail Program//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\n\
        BEGIN:VEVENT\r\nUID:7.kickoff@throughline\r\nSEQUENCE:2\r\nDTSTAMP:20261123T080000Z\r\n\
        DTSTART:20261124T150000Z\r\nORGANIZER:mailto:dana@example.com\r\n\
        ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;CN=\"Calloway,\r\n  Ines\";X-NUM-GUESTS=0:MAILTO:ines@customer.example\r\n\
        SUMMARY:Declined: Kickoff\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn an_answer_is_read_with_its_meeting_its_change_and_who_gave_it() {
        let expected = CalendarReply {
            uid: "7.kickoff@throughline".to_owned(),
            sequence: 2,
            attendee: "ines@customer.example".parse().unwrap(),
            answer: PartStat::Declined,
        };
        assert_eq!(read(ANSWER), [expected]);
        assert_eq!(read(&ANSWER.replace("\r\n", "\n")).len(), 1, "some programs write bare line ends");
    }

    #[test]
    fn what_is_no_answer_says_nothing() {
        for file in [
            "".to_owned(),
            "BEGIN:VCALENDAR".to_owned(),
            ANSWER.replace("METHOD:REPLY", "METHOD:REQUEST"),
            ANSWER.replace("PARTSTAT=DECLINED", "PARTSTAT=NEEDS-ACTION"),
            ANSWER.replace("MAILTO:ines@customer.example", "urn:uuid:7"),
            ANSWER.replace("END:VEVENT", ""),
            "BEGIN:VEVENT\r\n".repeat(10_000),
            format!("{ANSWER}{}", " ".repeat(LARGEST)),
        ] {
            assert_eq!(read(&file), [], "{file:.200}");
        }
    }
}
