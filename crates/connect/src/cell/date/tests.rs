use super::*;

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn moment(cell: &str, order: Option<DayOrder>) -> Result<String, Reason> {
    let lexed = lex(cell)?.ok_or(Reason::NotADate)?;
    Ok(match lexed.moment(order, &berlin())? {
        Moment::Day(date) => date.to_string(),
        Moment::Instant(timestamp) => timestamp.to_string(),
    })
}

fn date(cell: &str) -> Result<String, Reason> {
    let lexed = lex(cell)?.ok_or(Reason::NotADate)?;
    lexed.date(Some(DayOrder::MonthFirst), &berlin()).map(|date| date.to_string())
}

#[test]
fn days_in_many_writings() {
    for cell in [
        "2024-01-31",
        "2024/1/31",
        "2024.01.31",
        "20240131",
        "31.01.2024",
        "31.1.24",
        "31. 01. 2024",
        "31/01/2024",
        "01/31/2024",
        "1/31/24",
        "31-Jan-2024",
        "31-jan-24",
        "31 January 2024",
        "31. Januar 2024",
        "31 janv. 2024",
        "Jan 31, 2024",
        "January 31st, 2024",
        "Wed Jan 31 2024",
        "Wednesday, 31 January 2024",
        "2024-Jan-31",
    ] {
        assert_eq!(moment(cell, None).as_deref(), Ok("2024-01-31"), "{cell}");
    }
    assert_eq!(moment("Mar 20 2024", None).as_deref(), Ok("2024-03-20"));
    assert_eq!(moment("mar 20 mars 2024", None).as_deref(), Ok("2024-03-20"));
    assert_eq!(moment("Mar 20 2024 10:00Z", None).as_deref(), Ok("2024-03-20T10:00:00Z"));
    assert_eq!(moment("15. März 2024", None).as_deref(), Ok("2024-03-15"));
    assert_eq!(moment("3 août 2024", None).as_deref(), Ok("2024-08-03"));
    assert_eq!(moment("05/05/99", None).as_deref(), Ok("1999-05-05"));
}

#[test]
fn instants_in_many_writings() {
    for (cell, instant) in [
        ("2024-01-22T16:14:25.000+0000", "2024-01-22T16:14:25Z"),
        ("2024-01-22T16:14:25Z", "2024-01-22T16:14:25Z"),
        ("2024-01-22 16:14:25.5 UTC", "2024-01-22T16:14:25.5Z"),
        ("2010-10-14T12:00:00.000Z-0300", "2010-10-14T15:00:00Z"),
        ("07/15/2009 02:14:45+0800", "2009-07-14T18:14:45Z"),
        ("07/15/2009T02:14:45+0800", "2009-07-14T18:14:45Z"),
        ("2009-07-14 02:14:45 -08:00", "2009-07-14T10:14:45Z"),
        ("2024-01-22 16:14", "2024-01-22T15:14:00Z"),
        ("02/23/26 08:55 PM", "2026-02-23T19:55:00Z"),
        ("2/23/2026 12:05 a.m.", "2026-02-22T23:05:00Z"),
        ("23.02.2026, 20:55 Uhr", "2026-02-23T19:55:00Z"),
        ("1/15/2024, 10:30 AM PST", "2024-01-15T18:30:00Z"),
        ("Mon, 15 Jan 2024 10:00:00 GMT", "2024-01-15T10:00:00Z"),
        ("2024-01-15T10:00:00+01:00[Europe/Berlin]", "2024-01-15T09:00:00Z"),
        ("1705312800000", "2024-01-15T10:00:00Z"),
        ("2020-12-30 3:15:52", "2020-12-30T02:15:52Z"),
    ] {
        assert_eq!(moment(cell, None).as_deref(), Ok(instant), "{cell}");
    }
}

#[test]
fn what_may_be_read_twice_is_decided_from_outside() {
    assert_eq!(moment("02/03/2024", Some(DayOrder::MonthFirst)).as_deref(), Ok("2024-02-03"));
    assert_eq!(moment("02/03/2024", Some(DayOrder::DayFirst)).as_deref(), Ok("2024-03-02"));
    assert_eq!(moment("02/03/2024", None), Err(Reason::AmbiguousDate));
    assert_eq!(moment("02.03.2024", Some(DayOrder::MonthFirst)).as_deref(), Ok("2024-03-02"));
    assert_eq!(moment("31/12/2024", Some(DayOrder::MonthFirst)).as_deref(), Ok("2024-12-31"));
}

#[test]
fn a_close_date_is_the_day_where_the_organisation_is() {
    assert_eq!(date("2024-02-01T23:30:00Z").as_deref(), Ok("2024-02-02"));
    assert_eq!(date("2024-02-01T00:00:00.000Z").as_deref(), Ok("2024-02-01"));
    assert_eq!(date("2018-12-19 00:00:00").as_deref(), Ok("2018-12-19"));
    assert_eq!(date("2009-07-14 22:14:45+0800").as_deref(), Ok("2009-07-14"));
    assert_eq!(date("1706745600000").as_deref(), Ok("2024-02-01"));
    let honolulu = TimeZone::get("Pacific/Honolulu").unwrap();
    let midnight = lex("2024-02-01T00:00:00Z").unwrap().unwrap();
    assert_eq!(midnight.date(None, &honolulu).unwrap().to_string(), "2024-02-01");
}

#[test]
fn what_is_no_date_says_why() {
    for (cell, reason) in [
        ("soon", Reason::NotADate),
        ("45306", Reason::SerialDate),
        ("45306.4375", Reason::SerialDate),
        ("1705312800", Reason::EpochSeconds),
        ("1.7053E+12", Reason::ShortenedNumber),
        ("2024", Reason::NotADay),
        ("2024-01", Reason::NotADay),
        ("01/2024", Reason::NotADay),
        ("Jan 2024", Reason::NotADay),
        ("Q1 2024", Reason::NotADay),
        ("2024-02-30", Reason::NoSuchDate),
        ("31.04.2024", Reason::NoSuchDate),
        ("13/13/2024", Reason::NoSuchDate),
        ("0024-01-15", Reason::YearOutOfRange(24)),
        ("2024-01-15 25:00", Reason::NotATime),
        ("2024-01-15 13:00 PM", Reason::NotATime),
        ("2024-01-15 10:00 Mars", Reason::NotAZone),
        ("2024-01-15 or later", Reason::NotADate),
        ("5550500", Reason::NotADate),
    ] {
        assert_eq!(moment(cell, Some(DayOrder::MonthFirst)), Err(reason), "{cell}");
    }
    assert_eq!(lex(" "), Ok(None));
    assert_eq!(lex("(No value)"), Ok(None));
}
