//! Days off to take into a calendar: from a calendar file or by country. What is found is only shown; saving a
//! calendar with it is a change of settings.

use jiff::civil::Date;
pub use throughline_connect::holidays::{Country, Found, Holiday, LARGEST_FILE, Period, Skipped, countries};
use throughline_connect::holidays::{of_country, read_file};
use throughline_domain::calendar::{Calendar, CalendarData};

use crate::AppError;

/// How many years after this one a person who says nothing means.
const YEARS_AHEAD: u8 = 5;

/// The years a person who says nothing means: the last one, for clocks that run, this one and some to come.
pub fn usual_period(today: Date) -> Result<Period, AppError> {
    period(today.year().saturating_sub(1), YEARS_AHEAD + 2)
}

/// Whole years.
pub fn period(from: i16, years: u8) -> Result<Period, AppError> {
    Period::years(from, years).map_err(|why| AppError::invalid("years", why.to_string()))
}

/// The days off a calendar file holds; a fault is told with its line or entry.
pub fn from_file(bytes: &[u8], period: Period) -> Result<Found, AppError> {
    read_file(bytes, period).map_err(|why| AppError::invalid("file", why.to_string()))
}

/// The national days off of a country, by its two-letter code.
pub fn by_country(code: &str, period: Period) -> Result<Vec<Holiday>, AppError> {
    let country = Country::of(code).map_err(|why| AppError::invalid("country", why.to_string()))?;
    Ok(of_country(country, period))
}

/// A calendar with further days off.
pub fn with_days(calendar: &Calendar, days: &[Holiday]) -> Result<Calendar, AppError> {
    let mut data = CalendarData::from(calendar.clone());
    data.holidays.extend(days.iter().map(|day| day.on.to_string()));
    Calendar::try_from(data).map_err(|why| AppError::invalid("holidays", why.reason.to_string()))
}
