//! Calendar files, read back by a reader that has nothing to do with their writer.

use calcard::{
    Entry, Parser,
    icalendar::{ICalendar, ICalendarComponentType, ICalendarParameterName, ICalendarProperty},
};
use jiff::Timestamp;
use throughline_domain::{HandoffId, Key};
use throughline_messages::{Invite, Mailbox, Method, Party, uid};

const TITLE: &str = "Kickoff, Würth; \\n & Söhne: „alles klar“";

fn invite() -> Invite {
    let party = |name: &str, address: &str, optional| Party {
        mailbox: Mailbox::new(name, address.parse().unwrap()),
        optional,
    };
    let handoff: HandoffId = "01890000-0000-7000-8000-000000000007".parse().unwrap();
    let step: Key = "kickoff".parse().unwrap();
    Invite {
        uid: uid(handoff, &step),
        sequence: 3,
        method: Method::Request,
        organizer: Mailbox::new("Dana Ruiz", "dana@example.com".parse().unwrap()),
        attendees: vec![
            party("Calloway, Ines; \"CFO\"", "ines@customer.example", false),
            party("", "tom@customer.example", true),
        ],
        start: "2026-11-24T15:00:00.5Z".parse().unwrap(),
        end: "2026-11-24T15:50:00Z".parse().unwrap(),
        summary: TITLE.to_owned(),
        description: "15 min: success criteria\r\n20 min: the plan, with Äpfel und Birnen und noch viel mehr davon, immer weiter 🍐🍐🍐🍐🍐🍐🍐🍐🍐🍐🍐🍐🍐🍐🍐\u{7}\n\n15 min: next steps".to_owned(),
        location: Some("Room 7, Würth; 2nd floor".to_owned()),
        url: Some("https://handoffs.example/handoffs/7?a=b,c;d".to_owned()),
    }
}

fn stamp() -> Timestamp {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

fn read(file: &str) -> ICalendar {
    match Parser::new(file).entry() {
        Entry::ICalendar(calendar) => calendar,
        other => panic!("{other:?}\n{file}"),
    }
}

fn text(calendar: &ICalendar, kind: ICalendarComponentType, name: ICalendarProperty) -> String {
    let component = calendar.components.iter().find(|component| component.component_type == kind).unwrap();
    let entry = component.property(&name).unwrap_or_else(|| panic!("no {name:?}"));
    entry.values[0].as_text().map(str::to_owned).unwrap_or_else(|| format!("{:?}", entry.values[0]))
}

#[test]
fn another_reader_finds_everything_that_was_written() {
    let file = invite().file(stamp()).unwrap();
    let calendar = read(&file);
    let event = |name| text(&calendar, ICalendarComponentType::VEvent, name);
    assert_eq!(event(ICalendarProperty::Uid), "01890000-0000-7000-8000-000000000007.kickoff@throughline");
    assert_eq!(event(ICalendarProperty::Summary), TITLE);
    assert_eq!(
        event(ICalendarProperty::Description),
        invite().description.replace("\r\n", "\n").replace('\u{7}', "")
    );
    let component = calendar
        .components
        .iter()
        .find(|part| part.component_type == ICalendarComponentType::VEvent)
        .unwrap();
    let guests: Vec<_> = component.properties(&ICalendarProperty::Attendee).collect();
    assert_eq!(guests.len(), 2);
    let named = guests[0].params.iter().find(|param| param.name == ICalendarParameterName::Cn).unwrap();
    assert_eq!(named.value.as_text(), Some("Calloway, Ines; 'CFO'"));
    assert!(
        guests[1].params.iter().all(|param| param.name != ICalendarParameterName::Cn),
        "nobody is called nothing"
    );
}

#[test]
fn the_file_is_what_calendars_expect_line_by_line() {
    let file = invite().file(stamp()).unwrap();
    insta::assert_snapshot!(file.replace("\r\n", "\n"));
    for line in file.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
    }
    assert_eq!(file.matches('\n').count(), file.matches("\r\n").count(), "every line ends alike");
    assert_eq!(file, invite().file(stamp()).unwrap(), "the same invitation is the same file");
}

#[test]
fn a_cancellation_names_the_same_meeting_with_a_higher_number() {
    let file = invite().cancelled().file(stamp()).unwrap();
    for line in ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:4"] {
        assert!(file.contains(&format!("{line}\r\n")), "{line} is not in:\n{file}");
    }
    assert!(file.contains("UID:01890000-0000-7000-8000-000000000007.kickoff@throughline\r\n"), "{file}");
    assert!(!file.contains("RSVP"), "nobody has to answer");
}

#[test]
fn no_text_becomes_a_line_of_its_own() {
    let evil = "x\r\nATTENDEE:mailto:eve@example.com\nMETHOD:PUBLISH\rEND:VEVENT\u{2028}BEGIN:VALARM";
    let mut invite = invite();
    invite.summary = evil.to_owned();
    invite.description = evil.to_owned();
    invite.organizer = Mailbox::new(evil, "dana@example.com".parse().unwrap());
    let file = invite.file(stamp()).unwrap().replace("\r\n ", "");
    let lines: Vec<&str> = file.lines().map(|line| line.split([':', ';']).next().unwrap()).collect();
    assert_eq!(lines.iter().filter(|name| **name == "ATTENDEE").count(), 2, "{file}");
    assert_eq!(lines.iter().filter(|name| **name == "METHOD").count(), 1, "{file}");
    assert_eq!(lines.iter().filter(|name| **name == "END").count(), 2, "{file}");
}
