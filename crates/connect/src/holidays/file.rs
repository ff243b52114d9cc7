//! A calendar file's whole-day entries (RFC 5545), as calendars on the web and on the desk publish holidays.

use std::collections::{BTreeMap, BTreeSet};

use icalendar::parser::{Component, Property, read_components, unfold};
use jiff::{ToSpan as _, civil::Date};

use super::{
    FileFault, Found, Holiday, Period, Skipped,
    repeat::{Yearly, date, shown},
};

/// The largest file, in bytes.
pub const LARGEST_FILE: usize = 1024 * 1024;
/// The most entries a file has.
pub const MOST_EVENTS: usize = 5_000;
/// The longest single entry, in days: a closed month is a holiday, a closed year is none.
const LONGEST: i32 = 62;
/// How deep parts of a file lie in one another: a calendar, an entry, an alarm, and room to spare.
const DEEPEST: usize = 8;
/// What is said of a file that is none.
const NO_CALENDAR: &str = "a calendar file begins with BEGIN:VCALENDAR";
/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// Reads the days off of a period from a calendar file.
///
/// Whole-day entries count, over all their days, repeated yearly where they say so; entries with a time of day,
/// cancelled ones, to-dos and the like give no day off and are told as skipped.
///
/// # Errors
/// [`FileFault`], with line or entry: nothing is guessed at.
pub fn read_file(bytes: &[u8], period: Period) -> Result<Found, FileFault> {
    if bytes.len() > LARGEST_FILE {
        return Err(FileFault::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| FileFault::NotText)?;
    let text = text.trim_start_matches('\u{FEFF}').trim();
    let begins = shape(text)?;
    let mut plain = unfold(text);
    plain.push_str("\r\n");
    let roots = read_components(&plain).map_err(|why| FileFault::Line {
        line: 1,
        why: format!("is not understood: {}", shown(why.lines().next().unwrap_or_default())),
    })?;
    let events: Vec<&Component<'_>> =
        roots.iter().flat_map(|root| &root.components).filter(|part| part.name == "VEVENT").collect();
    if events.len() > MOST_EVENTS {
        return Err(FileFault::TooMany);
    }
    Reader { period, begins, moved: moved(&events), found: Found::default() }.read(&events)
}

/// Looks at the lines alone: what is told of them bears the line of the file. The lines entries begin on.
fn shape(text: &str) -> Result<Vec<usize>, FileFault> {
    let at = |line: usize, why: &str| FileFault::Line { line, why: why.to_owned() };
    if text.is_empty() {
        return Err(at(1, NO_CALENDAR));
    }
    let (mut open, mut begins) = (Vec::new(), Vec::new());
    for (line, raw) in (1..).zip(text.lines()) {
        if line == 1 && !raw.trim_end().eq_ignore_ascii_case("BEGIN:VCALENDAR") {
            return Err(at(1, NO_CALENDAR));
        }
        if raw.trim().is_empty() || raw.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, value)) = raw.split_once(':') else {
            // A long line may be folded before its colon.
            if raw.contains(';') || text.lines().nth(line).is_some_and(|next| next.starts_with([' ', '\t'])) {
                continue;
            }
            return Err(at(line, &format!("`{}` is no line of a calendar file", shown(raw))));
        };
        let value = value.trim().to_ascii_uppercase();
        if name.eq_ignore_ascii_case("BEGIN") {
            if value == "VEVENT" {
                begins.push(line);
            }
            open.push(value);
            if open.len() > DEEPEST {
                return Err(at(line, "parts of the file lie too deep in one another"));
            }
        } else if name.eq_ignore_ascii_case("END") && open.pop().as_ref() != Some(&value) {
            return Err(at(line, &format!("END:{} ends nothing that was begun", shown(&value))));
        }
    }
    match open.last() {
        Some(part) => {
            Err(at(text.lines().count(), &format!("the file ends before its {} does", shown(part))))
        }
        None => Ok(begins),
    }
}

/// Which days of repeated entries have an entry of their own instead: by the entry's id.
fn moved(events: &[&Component<'_>]) -> BTreeMap<String, BTreeSet<Date>> {
    let mut moved: BTreeMap<String, BTreeSet<Date>> = BTreeMap::new();
    for event in events {
        let day = value(event, "RECURRENCE-ID").and_then(|text| date(text.get(..8)?));
        if let (Some(uid), Some(day)) = (value(event, "UID"), day) {
            moved.entry(uid.to_owned()).or_default().insert(day);
        }
    }
    moved
}

struct Reader {
    period: Period,
    begins: Vec<usize>,
    moved: BTreeMap<String, BTreeSet<Date>>,
    found: Found,
}

/// One entry with where it stands.
struct Entry<'a> {
    event: &'a Component<'a>,
    number: usize,
    line: usize,
    name: String,
}

impl Entry<'_> {
    fn fault(&self, field: &'static str, why: impl Into<String>) -> FileFault {
        FileFault::Entry {
            entry: self.number,
            line: self.line,
            name: self.name.clone(),
            field,
            why: why.into(),
        }
    }
}

impl Reader {
    fn read(mut self, events: &[&Component<'_>]) -> Result<Found, FileFault> {
        let mut days = BTreeSet::new();
        for (number, event) in (1..).zip(events) {
            let line = self.begins.get(number - 1).copied().unwrap_or(1);
            let entry = Entry { event, number, line, name: name(event) };
            match self.days(&entry)? {
                Ok(found) => {
                    for on in found {
                        if self.period.holds(on) {
                            days.insert(Holiday { on, name: entry.name.clone() });
                        } else {
                            self.found.outside += 1;
                        }
                    }
                }
                Err(why) => self.found.skipped.push(Skipped { entry: number, name: entry.name, why }),
            }
        }
        let mut days: Vec<Holiday> = days.into_iter().collect();
        days.dedup_by_key(|day| day.on);
        self.found.days = days;
        Ok(self.found)
    }

    /// The days of an entry, or why it gives none.
    fn days(&self, entry: &Entry<'_>) -> Result<Result<Vec<Date>, &'static str>, FileFault> {
        let event = entry.event;
        if value(event, "STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")) {
            return Ok(Err("it is cancelled"));
        }
        let start = event.find_prop("DTSTART").ok_or_else(|| entry.fault("DTSTART", "is missing"))?;
        let Some(start) = day(start, entry, "DTSTART")? else { return Ok(Err("it has a time of day")) };
        let length = length(entry, start)?;
        let mut starts: Vec<Date> = match value(event, "RRULE") {
            None => vec![start],
            Some(rule) => {
                let yearly = Yearly::read(rule, start).map_err(|why| entry.fault("RRULE", why))?;
                yearly.days(start, self.period).collect()
            }
        };
        starts.extend(listed(entry, "RDATE")?);
        let without: BTreeSet<Date> = listed(entry, "EXDATE")?.into_iter().collect();
        let own = value(event, "RECURRENCE-ID").is_some();
        let moved = value(event, "UID").filter(|_| !own).and_then(|uid| self.moved.get(uid));
        starts.retain(|day| !without.contains(day) && !moved.is_some_and(|moved| moved.contains(day)));
        let all = starts.into_iter().flat_map(|first| first.series(1.day()).take(length));
        Ok(Ok(all.collect()))
    }
}

/// How many days an entry lasts; the end it names is the day after its last (RFC 5545, 3.6.1).
fn length(entry: &Entry<'_>, start: Date) -> Result<usize, FileFault> {
    let days = match (entry.event.find_prop("DTEND"), value(entry.event, "DURATION")) {
        (Some(end), _) => {
            let end = day(end, entry, "DTEND")?
                .ok_or_else(|| entry.fault("DTEND", "has a time of day, the beginning has none"))?;
            // Some writers end a single day on itself.
            start
                .until(end)
                .map_err(|_| entry.fault("DTEND", "is out of range"))?
                .get_days()
                .max(i32::from(start == end))
        }
        (None, Some(text)) => {
            whole_days(text).ok_or_else(|| entry.fault("DURATION", "is not a number of whole days"))?
        }
        (None, None) => 1,
    };
    match days {
        ..=0 => Err(entry.fault("DTEND", "lies before the beginning")),
        1..=LONGEST => Ok(usize::try_from(days).unwrap_or(1)),
        _ => {
            Err(entry.fault("DTEND", format!("makes one entry of {days} days; at most {LONGEST} are taken")))
        }
    }
}

/// `P1D`, `P2W`.
fn whole_days(text: &str) -> Option<i32> {
    let number = text.trim_start_matches('+').strip_prefix('P')?;
    let (number, days) = match number.strip_suffix('W') {
        Some(weeks) => (weeks, 7),
        None => (number.strip_suffix('D')?, 1),
    };
    number.parse::<u16>().ok().map(|count| i32::from(count) * days)
}

/// The day a property names; none when it names a time of day. Midnight on no clock in particular is how some
/// calendars write a whole day.
fn day(property: &Property<'_>, entry: &Entry<'_>, field: &'static str) -> Result<Option<Date>, FileFault> {
    let text = property.val.as_str().trim();
    let (head, time) = text.split_once('T').map_or((text, None), |(head, time)| (head, Some(time)));
    let found = date(head).ok_or_else(|| entry.fault(field, format!("`{}` is no date", shown(text))))?;
    Ok(matches!(time, None | Some("000000")).then_some(found))
}

/// Dates a property lists.
fn listed(entry: &Entry<'_>, field: &'static str) -> Result<Vec<Date>, FileFault> {
    let mut days = Vec::new();
    for property in entry.event.properties.iter().filter(|property| property.name == field) {
        for text in property.val.as_str().split(',') {
            let day = text.trim().get(..8).and_then(date);
            days.push(day.ok_or_else(|| entry.fault(field, format!("`{}` is no date", shown(text))))?);
        }
    }
    Ok(days)
}

fn value<'e>(event: &'e Component<'_>, name: &str) -> Option<&'e str> {
    event
        .properties
        .iter()
        .find(|property| property.name == name)
        .map(|property| property.val.as_str().trim())
}

fn name(event: &Component<'_>) -> String {
    let property = event.properties.iter().find(|property| property.name == "SUMMARY");
    let text = property.map(|property| property.val.clone().unescape_text());
    let text = text.as_ref().map_or("", |text| text.as_str());
    text.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect::<String>().trim().to_owned()
}
