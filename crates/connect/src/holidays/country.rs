//! National holidays by country, worked out from the rules of the `holidays-rs` crate.
//!
//! Offered are the countries whose dates from 2025 to 2032 were found equal to those of a second, independent
//! collection. Substitute days count, as they are the days nobody works. Absent on purpose: countries whose holidays
//! are set year by year (there a published file is right), and regional days.

use holidays_rs::{Calendar, Country as Rules};
use jiff::civil::Date;

use super::{Holiday, Period};

/// A country with its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1, two capital letters.
    pub code: &'static str,
    /// Its name, with the part its dates are for where they are not for all of it.
    pub name: &'static str,
    rules: Rules,
}

/// A code that stands for no country whose holidays are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no holidays are known for `{0}`; known are {known}; for others, import a calendar file", known = codes())]
pub struct NoSuchCountry(String);

/// Years that are not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ask for 1 to 50 years that begin between 1900 and 2150")]
pub struct YearsOutOfRange;

const fn country(code: &'static str, name: &'static str, rules: Rules) -> Country {
    Country { code, name, rules }
}

static KNOWN: [Country; 35] = [
    country("AD", "Andorra", Rules::Andorra),
    country("AT", "Austria", Rules::Austria),
    country("AU", "Australia (national days)", Rules::Australia),
    country("BE", "Belgium", Rules::Belgium),
    country("BR", "Brazil (national days)", Rules::Brazil),
    country("CH", "Switzerland (national days)", Rules::Switzerland),
    country("CY", "Cyprus", Rules::Cyprus),
    country("CZ", "Czechia", Rules::Czechia),
    country("DE", "Germany (national days)", Rules::Germany),
    country("DK", "Denmark", Rules::Denmark),
    country("EE", "Estonia", Rules::Estonia),
    country("ES", "Spain (national days)", Rules::Spain),
    country("FI", "Finland", Rules::Finland),
    country("FR", "France", Rules::France),
    country("GB", "United Kingdom (England and Wales)", Rules::UnitedKingdom),
    country("GR", "Greece", Rules::Greece),
    country("HR", "Croatia", Rules::Croatia),
    country("IS", "Iceland", Rules::Iceland),
    country("IT", "Italy", Rules::Italy),
    country("LI", "Liechtenstein", Rules::Liechtenstein),
    country("LT", "Lithuania", Rules::Lithuania),
    country("LU", "Luxembourg", Rules::Luxembourg),
    country("MC", "Monaco", Rules::Monaco),
    country("MX", "Mexico", Rules::Mexico),
    country("NL", "Netherlands", Rules::Netherlands),
    country("NO", "Norway", Rules::Norway),
    country("NZ", "New Zealand (national days)", Rules::NewZealand),
    country("PA", "Panama", Rules::Panama),
    country("PE", "Peru", Rules::Peru),
    country("PL", "Poland", Rules::Poland),
    country("PT", "Portugal", Rules::Portugal),
    country("RO", "Romania", Rules::Romania),
    country("SE", "Sweden", Rules::Sweden),
    country("SI", "Slovenia", Rules::Slovenia),
    country("US", "United States (federal days)", Rules::UnitedStates),
];

/// The countries whose holidays are known, by code.
pub fn countries() -> &'static [Country] {
    &KNOWN
}

fn codes() -> String {
    KNOWN.map(|country| country.code).join(", ")
}

impl Country {
    /// By its code, in any case.
    ///
    /// # Errors
    /// [`NoSuchCountry`], which names those that are known.
    pub fn of(code: &str) -> Result<Self, NoSuchCountry> {
        let code = code.trim();
        let found = KNOWN.iter().find(|country| country.code.eq_ignore_ascii_case(code));
        found.copied().ok_or_else(|| NoSuchCountry(code.chars().take(20).collect()))
    }
}

/// The national days off of a country, by date: the days they are kept on, substitutes instead of the days they
/// stand for.
pub fn of_country(country: Country, period: Period) -> Vec<Holiday> {
    let calendar = Calendar::new(country.rules);
    let mut days = Vec::new();
    for year in period.from.year()..=period.to.year() {
        days.extend(calendar.holidays_in(year.into()).into_iter().filter_map(|(on, name)| {
            let (year, month, day) = (i16::try_from(on.year), i8::try_from(on.month), i8::try_from(on.day));
            let on = Date::new(year.ok()?, month.ok()?, day.ok()?).ok()?;
            period.holds(on).then(|| Holiday { on, name: name.to_owned() })
        }));
    }
    days.sort();
    days.dedup_by_key(|day| day.on);
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(code: &str, year: i16) -> Vec<String> {
        let found = of_country(Country::of(code).unwrap(), Period::years(year, 1).unwrap());
        found.into_iter().map(|day| day.on.to_string()).collect()
    }

    #[test]
    fn national_days_are_those_the_law_names() {
        let germany = [
            "2026-01-01",
            "2026-04-03",
            "2026-04-06",
            "2026-05-01",
            "2026-05-14",
            "2026-05-25",
            "2026-10-03",
            "2026-12-25",
            "2026-12-26",
        ];
        assert_eq!(days("de", 2026), germany);
    }

    #[test]
    fn a_day_off_that_meets_a_weekend_is_kept_where_people_keep_it() {
        let states = days("US", 2026);
        assert!(states.contains(&"2026-07-03".to_owned()), "the fourth of July is a Saturday: {states:?}");
        let england = days("GB", 2026);
        assert!(england.contains(&"2026-12-28".to_owned()), "Boxing Day is a Saturday: {england:?}");
    }

    #[test]
    fn several_years_come_in_order_and_each_day_once() {
        let all = of_country(Country::of("FR").unwrap(), Period::years(2026, 10).unwrap());
        assert!(all.windows(2).all(|pair| pair[0].on < pair[1].on));
        assert_eq!(all.len(), 110, "eleven a year, in no year two on one day");
    }

    #[test]
    fn an_unknown_country_is_refused_with_those_that_are_known() {
        let refused = Country::of("Atlantis").unwrap_err().to_string();
        assert!(refused.starts_with("no holidays are known for `Atlantis`; known are AD, AT, "), "{refused}");
        assert!(Period::years(2026, 0).is_err() && Period::years(30_000, 1).is_err());
        assert!(Period::years(2150, 50).is_ok() && Period::years(2026, 51).is_err());
    }

    #[test]
    fn every_country_offered_has_days_and_a_code_of_its_own() {
        for (index, country) in countries().iter().enumerate() {
            assert!(of_country(*country, Period::years(2026, 1).unwrap()).len() >= 4, "{}", country.name);
            assert!(
                index == 0 || countries()[index - 1].code < country.code,
                "{} stands out of order",
                country.code
            );
        }
    }
}
