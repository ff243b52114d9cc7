//! The calendar as a form: weekdays to tick, hours, and holidays one a line, each fault told with its line.

use throughline_app::AppError;
use throughline_domain::calendar::{Calendar, CalendarData, WindowData};

use crate::{
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::parts::{self, Wrong},
    ui::{Choice, Field},
};

/// The fields of a calendar.
pub struct CalendarForm {
    pub zone: Field,
    pub weekend: Field,
    pub days: Vec<Choice>,
    pub start: Field,
    pub end: Field,
    pub holidays: Field,
    pub refused: Option<String>,
}

const FIELDS: &[&str] = &["zone", "weekend", "hours_start", "hours_end", "holidays"];

const DAYS: [Key; 7] = [
    key!("settings-monday"),
    key!("settings-tuesday"),
    key!("settings-wednesday"),
    key!("settings-thursday"),
    key!("settings-friday"),
    key!("settings-saturday"),
    key!("settings-sunday"),
];

impl CalendarForm {
    /// As the calendar stands.
    pub fn of(t: &Text, calendar: &Calendar) -> Self {
        let data = CalendarData::from(calendar.clone());
        let weekend: Vec<String> = data.weekend.iter().map(ToString::to_string).collect();
        let (start, end) = data.hours.map(|hours| (hours.start, hours.end)).unwrap_or_default();
        Self::new(t, [&data.zone, &start, &end, &data.holidays.join("\n")], &weekend, None)
    }

    /// As it was typed, with what is wrong.
    pub fn typed(t: &Text, posted: &Posted, wrong: &Wrong) -> Self {
        let weekend: Vec<String> = posted.all("weekend").map(str::to_owned).collect();
        let values = ["zone", "hours_start", "hours_end", "holidays"].map(|field| posted.typed(field));
        Self::new(t, values, &weekend, Some(wrong))
    }

    fn new(
        t: &Text,
        [zone, start, end, holidays]: [&str; 4],
        weekend: &[String],
        wrong: Option<&Wrong>,
    ) -> Self {
        let field = |name: &str, label: Key, value: &str| {
            Field::new(name, t.get(label)).value(value).error(parts::at(wrong, name))
        };
        Self {
            zone: field("zone", key!("settings-zone"), zone)
                .hint(t.get(key!("settings-zone-hint")))
                .required(),
            weekend: field("weekend", key!("settings-weekend"), "")
                .hint(t.get(key!("settings-weekend-hint"))),
            days: (1..)
                .zip(DAYS)
                .map(|(number, label): (u8, Key)| {
                    let number = number.to_string();
                    let off = weekend.contains(&number);
                    Choice::new(number, t.get(label)).chosen(off)
                })
                .collect(),
            start: field("hours_start", key!("settings-hours-start"), start)
                .hint(t.get(key!("settings-hours-hint"))),
            end: field("hours_end", key!("settings-hours-end"), end),
            holidays: field("holidays", key!("settings-holidays"), holidays)
                .hint(t.get(key!("settings-holidays-hint"))),
            refused: parts::beside(wrong, FIELDS),
        }
    }
}

/// What a posted form makes: a calendar, or the field and line that cannot be read.
pub fn calendar(t: &Text, posted: &Posted) -> Result<Calendar, AppError> {
    let lines: Vec<(usize, &str)> = (1..)
        .zip(posted.typed("holidays").lines())
        .map(|(number, line)| (number, line.trim()))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let weekend: Result<Vec<i64>, _> = posted
        .all("weekend")
        .map(|day| day.parse().map_err(|_| AppError::invalid("weekend", t.get(key!("settings-no-weekday")))))
        .collect();
    let hours = match (posted.get("hours_start"), posted.get("hours_end")) {
        (None, None) => None,
        (Some(start), Some(end)) => Some(WindowData { start: padded(start), end: padded(end) }),
        (None, Some(_)) => return Err(AppError::invalid("hours_start", t.get(key!("settings-hours-both")))),
        (Some(_), None) => return Err(AppError::invalid("hours_end", t.get(key!("settings-hours-both")))),
    };
    let data = CalendarData {
        zone: posted.need("zone")?.to_owned(),
        weekend: weekend?,
        holidays: lines.iter().map(|(_, line)| (*line).to_owned()).collect(),
        hours,
    };
    Calendar::try_from(data).map_err(|located| {
        let reason = located.reason.to_string();
        let place = located.field.split_once('[').and_then(|(name, rest)| {
            let index: usize = rest.trim_end_matches(']').parse().ok()?;
            Some((name, lines.get(index)?.0))
        });
        match (place, located.field.as_str()) {
            (Some(("holidays", line)), _) => {
                let text = t.with(key!("settings-holiday-line"), (("line", line), ("reason", reason)));
                AppError::invalid("holidays", text)
            }
            (_, "hours.end") => AppError::invalid("hours_end", reason),
            (_, field) if field.starts_with("hours") => AppError::invalid("hours_start", reason),
            (_, field) => AppError::invalid(field.split('[').next().unwrap_or(field), reason),
        }
    })
}

/// Browsers and people write 9:00 for 09:00.
fn padded(time: &str) -> String {
    if time.len() == 4 && time.contains(':') { format!("0{time}") } else { time.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;
    use jiff::tz::TimeZone;

    fn read(pairs: &[(&str, &str)]) -> Result<Calendar, AppError> {
        let fields = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        calendar(&Text::new(Locale::En, TimeZone::UTC), &Posted::filled(fields))
    }

    #[test]
    fn a_bad_holiday_is_told_with_its_line_blank_ones_counted() {
        let refused = read(&[("zone", "UTC"), ("holidays", "2026-12-25\n\n2026-02-30\n")]).unwrap_err();
        let text = refused.to_string();
        assert!(text.starts_with("holidays: Line 3:"), "{text}");
    }

    #[test]
    fn hours_take_both_ends_or_none() {
        let start_only = read(&[("zone", "UTC"), ("hours_start", "9:00")]).unwrap_err();
        assert!(matches!(start_only, AppError::Invalid { field, .. } if field == "hours_end"));
        let turned = read(&[("zone", "UTC"), ("hours_start", "17:00"), ("hours_end", "9:00")]).unwrap_err();
        assert!(matches!(turned, AppError::Invalid { field, .. } if field == "hours_start"));
        let fine = read(&[
            ("zone", "Europe/Berlin"),
            ("weekend", "6"),
            ("weekend", "7"),
            ("hours_start", "9:00"),
            ("hours_end", "17:00"),
        ]);
        assert_eq!(fine.unwrap().hours().unwrap().start().to_string(), "09:00");
    }
}
