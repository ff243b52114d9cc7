//! A time zone that is known to exist, under the name it goes by.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::error::{CalendarError, Excerpt};

/// A zone of the IANA database, written as its name: `America/New_York`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: String,
    time_zone: TimeZone,
}

impl Zone {
    /// The name, spelled as the database spells it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The zone's clock changes.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }
}

impl FromStr for Zone {
    type Err = CalendarError;

    /// Only the built-in database is asked, so that one server does not differ from another, or from its old self.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let unknown = || CalendarError::UnknownZone { name: Excerpt::of(name) };
        let time_zone = TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
        if time_zone.is_unknown() {
            return Err(unknown());
        }
        let name = time_zone.iana_name().ok_or_else(unknown)?.to_owned();
        Ok(Self { name, time_zone })
    }
}

impl TryFrom<String> for Zone {
    type Error = CalendarError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

impl JsonSchema for Zone {
    fn schema_name() -> Cow<'static, str> {
        "Zone".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "Name of a time zone in the IANA database",
            "examples": ["Europe/Berlin", "America/New_York"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_keeps_its_name_in_the_spelling_of_the_database() {
        for (given, kept) in [
            ("europe/berlin", "Europe/Berlin"),
            ("Asia/Calcutta", "Asia/Calcutta"),
            ("UTC", "UTC"),
            ("Etc/UTC", "Etc/UTC"),
        ] {
            assert_eq!(given.parse::<Zone>().unwrap().name(), kept);
        }
        let json = serde_json::to_string(&"Asia/Kolkata".parse::<Zone>().unwrap()).unwrap();
        assert_eq!(json, r#""Asia/Kolkata""#);
        assert_eq!(serde_json::from_str::<Zone>(&json).unwrap().name(), "Asia/Kolkata");
    }

    #[test]
    fn a_name_the_database_does_not_have_is_refused() {
        for name in
            ["", " ", "Mars/Olympus", "Europe", "Europe/Berlin ", "../../etc/passwd", "Etc/Unknown", "CET-1"]
        {
            let error = name.parse::<Zone>().unwrap_err();
            assert_eq!(error, CalendarError::UnknownZone { name: Excerpt::of(name) });
        }
    }
}
