//! The plain form of a calendar, as it is stored, sent and typed; checked on the way in.

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::{CalendarError, Excerpt, Located};
use super::window::TimeOfDay;
use super::{Calendar, MOST_HOLIDAYS, Weekend, Window};

/// A calendar before anybody has checked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Calendar")]
pub struct CalendarData {
    /// Name of the time zone, such as `Europe/Berlin`.
    pub zone: String,
    /// Days off of every week: Monday is 1, Sunday is 7; at most six different ones.
    #[schemars(inner(range(min = 1, max = 7)))]
    pub weekend: Vec<i64>,
    /// Single days off, as `YYYY-MM-DD`.
    #[serde(default)]
    #[schemars(length(max = MOST_HOLIDAYS), inner(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
    pub holidays: Vec<String>,
    /// Hours worked on a business day; without them nothing can be due in business hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<WindowData>,
}

/// Working hours before anybody has checked them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WorkingHours")]
pub struct WindowData {
    /// When work starts, as `HH:MM`.
    #[schemars(regex(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub start: String,
    /// When work ends on the same day, as `HH:MM`, after the start; `24:00` is the end of the day.
    #[schemars(regex(pattern = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"))]
    pub end: String,
}

impl TryFrom<CalendarData> for Calendar {
    type Error = Located;

    fn try_from(data: CalendarData) -> Result<Self, Located> {
        let zone = data.zone.parse().map_err(Located::at("zone"))?;
        let weekend = parse_weekend(&data.weekend)?;
        let holidays = parse_holidays(&data.holidays)?;
        let hours = data.hours.as_ref().map(parse_window).transpose()?;
        Self::new(zone, weekend, holidays, hours).map_err(Located::at("holidays"))
    }
}

impl From<Calendar> for CalendarData {
    fn from(calendar: Calendar) -> Self {
        Self {
            zone: calendar.zone.into(),
            weekend: calendar.weekend.days().collect(),
            holidays: calendar.holidays.iter().map(Date::to_string).collect(),
            hours: calendar
                .hours
                .map(|w| WindowData { start: w.start().to_string(), end: w.end().to_string() }),
        }
    }
}

fn parse_weekend(days: &[i64]) -> Result<Weekend, Located> {
    for (index, day) in days.iter().enumerate() {
        Weekend::new([*day]).map_err(Located::at(format!("weekend[{index}]")))?;
    }
    Weekend::new(days.iter().copied()).map_err(Located::at("weekend"))
}

fn parse_holidays(texts: &[String]) -> Result<BTreeSet<Date>, Located> {
    let locate =
        |(index, text): (usize, &String)| parse_date(text).map_err(Located::at(format!("holidays[{index}]")));
    texts.iter().enumerate().map(locate).collect()
}

/// Only the one form that dates are written in, so that what comes back is what was given.
fn parse_date(text: &str) -> Result<Date, CalendarError> {
    match text.parse::<Date>() {
        Ok(date) if date.year() >= 0 && date.to_string() == text => Ok(date),
        _ => Err(CalendarError::NoSuchDate { found: Excerpt::of(text) }),
    }
}

fn parse_window(data: &WindowData) -> Result<Window, Located> {
    let start: TimeOfDay = data.start.parse().map_err(Located::at("hours.start"))?;
    let end: TimeOfDay = data.end.parse().map_err(Located::at("hours.end"))?;
    Window::new(start, end).map_err(Located::at("hours"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refusal(change: impl FnOnce(&mut Value)) -> String {
        let mut data = json!({
            "zone": "Europe/Berlin",
            "weekend": [6, 7],
            "holidays": ["2026-12-25", "2026-12-26"],
            "hours": {"start": "09:00", "end": "17:00"},
        });
        assert!(serde_json::from_value::<Calendar>(data.clone()).is_ok());
        change(&mut data);
        serde_json::from_value::<Calendar>(data).unwrap_err().to_string()
    }

    #[test]
    fn a_calendar_comes_back_as_it_was_stored() {
        let stored = json!({
            "zone": "Australia/Lord_Howe",
            "weekend": [5, 6],
            "holidays": ["2026-01-01", "2026-12-25"],
            "hours": {"start": "00:00", "end": "24:00"},
        });
        let calendar: Calendar = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&calendar).unwrap(), stored);

        let bare: Calendar = serde_json::from_value(json!({"zone": "UTC", "weekend": []})).unwrap();
        assert_eq!(
            serde_json::to_value(&bare).unwrap(),
            json!({"zone": "UTC", "weekend": [], "holidays": []}),
        );
    }

    #[test]
    fn every_refusal_names_the_field() {
        let refusals = [
            refusal(|data| data["zone"] = json!("Mars/Olympus")),
            refusal(|data| data["weekend"] = json!([6, 8])),
            refusal(|data| data["weekend"] = json!([-1])),
            refusal(|data| data["weekend"] = json!([1, 2, 3, 4, 5, 6, 7])),
            refusal(|data| data["holidays"][1] = json!("2026-02-30")),
            refusal(|data| data["holidays"][0] = json!("20261225")),
            refusal(|data| data["holidays"][0] = json!("2026-12-25T00:00")),
            refusal(|data| data["hours"]["start"] = json!("9:00")),
            refusal(|data| data["hours"]["end"] = json!("24:30")),
            refusal(|data| data["hours"] = json!({"start": "17:00", "end": "09:00"})),
            refusal(|data| data["hours"]["start"] = json!("17:00")),
        ];
        let fields = [
            "zone",
            "weekend[1]",
            "weekend[0]",
            "weekend",
            "holidays[1]",
            "holidays[0]",
            "holidays[0]",
            "hours.start",
            "hours.end",
            "hours",
            "hours",
        ];
        for (refusal, field) in refusals.iter().zip(fields) {
            assert!(refusal.starts_with(&format!("{field}: ")), "{refusal}");
        }
        assert!(refusal(|data| data["wekend"] = json!([])).contains("unknown field `wekend`"));
        assert!(refusal(|data| data["weekend"] = Value::Null).contains("invalid type: null"));
    }

    #[test]
    fn a_calendar_holds_many_holidays_and_not_any_number() {
        let first = jiff::civil::date(1990, 1, 1);
        let days =
            |count: usize| first.series(jiff::Span::new().days(1)).take(count).map(|day| day.to_string());
        let data = |count| CalendarData {
            zone: "UTC".into(),
            weekend: vec![],
            holidays: days(count).collect(),
            hours: None,
        };
        assert!(Calendar::try_from(data(MOST_HOLIDAYS)).is_ok());
        let error = Calendar::try_from(data(MOST_HOLIDAYS + 1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "holidays: 20001 holidays are more than the 20000 that a calendar holds"
        );
    }

    #[test]
    fn the_schema_is_that_of_the_plain_form() {
        let schema = serde_json::to_value(schemars::schema_for!(Calendar)).unwrap();
        assert_eq!(schema["required"], json!(["zone", "weekend"]));
        assert_eq!(schema["additionalProperties"], json!(false));
        assert_eq!(schema["properties"]["weekend"]["items"]["maximum"], json!(7));
        assert_eq!(schema["properties"]["holidays"]["maxItems"], json!(MOST_HOLIDAYS));
    }
}
