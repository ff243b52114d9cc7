//! Calendar files with days off: as calendars on the web and on the desk write them, and what is wrong with others.

#![expect(clippy::unwrap_used, reason = "a test's own plumbing")]

use throughline_connect::holidays::{FileFault, Found, LARGEST_FILE, Period, read_file};

fn read(events: &str) -> Result<Found, FileFault> {
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a//b//EN\n{events}END:VCALENDAR\n");
    read_file(text.replace('\n', "\r\n").as_bytes(), Period::years(2026, 3).unwrap())
}

fn event(fields: &str) -> String {
    format!("BEGIN:VEVENT\nUID:1@example.com\nDTSTAMP:20260101T000000Z\n{fields}END:VEVENT\n")
}

fn days(fields: &str) -> Vec<String> {
    let found = read(&event(fields)).unwrap();
    found.days.iter().map(|day| day.on.to_string()).collect()
}

fn refused(fields: &str) -> String {
    read(&event(fields)).unwrap_err().to_string()
}

#[test]
fn a_whole_day_is_a_day_off_with_its_name() {
    let found = read(&event("DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas\\, first day\n")).unwrap();
    assert_eq!(found.days.len(), 1);
    assert_eq!(
        (found.days[0].on.to_string().as_str(), found.days[0].name.as_str()),
        ("2026-12-25", "Christmas, first day")
    );
}

#[test]
fn the_end_is_the_day_after_the_last() {
    assert_eq!(
        days("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\n"),
        ["2026-12-25", "2026-12-26"]
    );
    assert_eq!(days("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226\n"), ["2026-12-25"]);
    assert_eq!(days("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225\n"), ["2026-12-25"]);
    assert_eq!(
        days("DTSTART;VALUE=DATE:20261230\nDURATION:P3D\n"),
        ["2026-12-30", "2026-12-31", "2027-01-01"]
    );
    assert_eq!(days("DTSTART;VALUE=DATE:20260803\nDURATION:P1W\n").len(), 7);
}

#[test]
fn midnight_to_midnight_on_no_clock_in_particular_is_a_whole_day() {
    assert_eq!(days("DTSTART:20261225T000000\nDTEND:20261226T000000\n"), ["2026-12-25"]);
}

#[test]
fn what_repeats_yearly_falls_on_every_year_of_the_period() {
    assert_eq!(
        days("DTSTART;VALUE=DATE:20200501\nRRULE:FREQ=YEARLY\n"),
        ["2026-05-01", "2027-05-01", "2028-05-01"]
    );
    assert_eq!(days("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY\n"), ["2028-02-29"]);
    assert_eq!(
        days("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;COUNT=2\n"),
        ["2026-05-01", "2027-05-01"]
    );
    assert_eq!(
        days("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;INTERVAL=2\n"),
        ["2026-05-01", "2028-05-01"]
    );
    assert_eq!(days("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;UNTIL=20270501T000000Z\n").len(), 2);
    let thanksgiving = "DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\n";
    assert_eq!(days(thanksgiving), ["2026-11-26", "2027-11-25", "2028-11-23"]);
    let last_monday = "DTSTART;VALUE=DATE:20260525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO\n";
    assert_eq!(days(last_monday), ["2026-05-25", "2027-05-31", "2028-05-29"]);
}

#[test]
fn days_taken_out_or_put_in_or_moved_are_so() {
    let rule = "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY\n";
    assert_eq!(days(&format!("{rule}EXDATE;VALUE=DATE:20270501\n")), ["2026-05-01", "2028-05-01"]);
    assert_eq!(days("DTSTART;VALUE=DATE:20260501\nRDATE;VALUE=DATE:20260504,20260505\n").len(), 3);
    let moved = "RECURRENCE-ID;VALUE=DATE:20270501\nDTSTART;VALUE=DATE:20270503\n";
    let found = read(&format!("{}{}", event(rule), event(moved))).unwrap();
    let found: Vec<String> = found.days.iter().map(|day| day.on.to_string()).collect();
    assert_eq!(found, ["2026-05-01", "2027-05-03", "2028-05-01"]);
}

#[test]
fn what_is_no_day_off_is_told_as_skipped() {
    let meeting = event("DTSTART:20261224T140000Z\nDTEND:20261224T150000Z\nSUMMARY:Party\n");
    let off = event("DTSTART;VALUE=DATE:20261224\nSTATUS:CANCELLED\nSUMMARY:Closed\n");
    let early = event("DTSTART;VALUE=DATE:20201224\n");
    let found = read(&format!("{meeting}{off}{early}BEGIN:VTODO\nUID:2\nEND:VTODO\n")).unwrap();
    let skipped: Vec<_> = found.skipped.iter().map(|one| (one.entry, one.name.as_str(), one.why)).collect();
    assert_eq!(skipped, [(1, "Party", "it has a time of day"), (2, "Closed", "it is cancelled")]);
    assert_eq!((found.days.len(), found.outside), (0, 1));
}

#[test]
fn two_entries_on_one_day_are_one_day_off() {
    let one = event("DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas\n");
    assert_eq!(read(&format!("{one}{one}")).unwrap().days.len(), 1);
}

#[test]
fn folded_lines_alarms_and_foreign_properties_are_taken() {
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Days off\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n\
        BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n\
        END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:3@example.com\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n\
        DTSTART;VALUE=DATE:20261003\r\nSUMMARY;LANGUAGE=de:Tag der Deutschen Ein\r\n heit\r\nDESCRIPTION:\r\n\
        BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let found = read_file(text.as_bytes(), Period::years(2026, 1).unwrap()).unwrap();
    assert_eq!(found.days[0].name, "Tag der Deutschen Einheit");
}

#[test]
fn every_refusal_says_where() {
    let at = "entry 1 (line 4), ";
    assert_eq!(refused("SUMMARY:X\n"), "entry 1 (line 4, “X”), DTSTART: is missing");
    assert_eq!(refused("DTSTART;VALUE=DATE:20260230\n"), format!("{at}DTSTART: `20260230` is no date"));
    assert_eq!(
        refused("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261224\n"),
        format!("{at}DTEND: lies before the beginning")
    );
    assert_eq!(
        refused("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270101\n"),
        format!("{at}DTEND: makes one entry of 365 days; at most 62 are taken")
    );
    assert_eq!(
        refused("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY\n"),
        format!("{at}RRULE: repeats WEEKLY; only yearly days are read")
    );
    assert_eq!(
        refused("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYYEARDAY=100\n"),
        format!("{at}RRULE: `BYYEARDAY=100` is not understood")
    );
    assert_eq!(
        refused("DTSTART;VALUE=DATE:20261127\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\n"),
        format!("{at}RRULE: begins on a day that its own rule does not give")
    );
    assert_eq!(
        refused("DTSTART;VALUE=DATE:20260101\nDURATION:PT8H\n"),
        format!("{at}DURATION: is not a number of whole days")
    );
    assert_eq!(
        refused("DTSTART;VALUE=DATE:20260101\nEXDATE:soon\n"),
        format!("{at}EXDATE: `soon` is no date")
    );
}

#[test]
fn what_is_no_calendar_file_is_refused_with_its_line() {
    let read = |text: &[u8]| read_file(text, Period::years(2026, 1).unwrap()).unwrap_err().to_string();
    assert_eq!(
        read(b"date;name\n2026-12-25;Christmas\n"),
        "line 1: a calendar file begins with BEGIN:VCALENDAR"
    );
    assert_eq!(read(b""), "line 1: a calendar file begins with BEGIN:VCALENDAR");
    assert_eq!(
        read(b"BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR\n"),
        "line 2: `nonsense` is no line of a calendar file"
    );
    assert_eq!(
        read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"),
        "line 3: END:VCALENDAR ends nothing that was begun"
    );
    assert_eq!(read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"), "line 2: the file ends before its VEVENT does");
    assert_eq!(read(b"BEGIN:VCALENDAR\n\xff\xfe"), "the file is not UTF-8 text");
    assert_eq!(read(&vec![b' '; LARGEST_FILE + 1]), "the file is larger than 1024 kB");
    let deep = "BEGIN:VCALENDAR\n".to_owned() + &"BEGIN:X\n".repeat(10_000);
    assert_eq!(read(deep.as_bytes()), "line 9: parts of the file lie too deep in one another");
}

proptest::proptest! {
    #[test]
    fn no_file_makes_it_panic(text in "(BEGIN:VCALENDAR\n)?((BEGIN|END):(VEVENT|VCALENDAR|X)\n|(DTSTART|DTEND|RRULE|EXDATE|DURATION|RECURRENCE-ID)(;VALUE=DATE)?:[0-9TZWPD=;A-Y-]{0,20}\n|\\PC{0,12}[:\n]){0,12}(END:VCALENDAR)?") {
        if let Ok(found) = read_file(text.as_bytes(), Period::years(2026, 2).unwrap()) {
            proptest::prop_assert!(found.days.windows(2).all(|pair| pair[0].on < pair[1].on));
        }
    }
}
