//! From an event's bytes to what it tells of. Pure: the same bytes give the same again, whenever they are read.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use throughline_domain::deal::{Deal, DealKey, Standing};
use throughline_store::EventRow;

use super::shortened;
use crate::deals::DealBody;

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// An event, as a source writes it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct EventBody {
    /// What happened: `deal.upserted` or `deal.deleted`. Any other is kept and leads to nothing.
    #[serde(rename = "type")]
    #[schemars(length(min = 1, max = 200))]
    pub kind: String,
    /// When it happened; the deal's own `source_time` counts where it has one.
    #[serde(default)]
    pub timestamp: Option<Timestamp>,
    /// The deal, as it is sent to its own address, with its id.
    #[serde(default)]
    pub data: EventData,
}

/// What an event tells of.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct EventData {
    /// The deal's id in the source.
    #[schemars(length(min = 1, max = 200))]
    pub external_id: String,
    /// The deal. A `deal.deleted` may do without; a source that cannot keep its events in order sends it all the same.
    #[serde(flatten)]
    #[schemars(with = "DealBody")]
    pub deal: Map<String, Value>,
}

/// What an event tells.
#[derive(Debug, PartialEq)]
pub(super) enum Told {
    /// How a deal stands.
    Deal(Box<Deal>),
    /// That a deal is gone, and nothing else of it.
    Gone {
        /// Which.
        key: DealKey,
        /// Since when.
        at: Timestamp,
    },
    /// Something that means nothing here.
    Nothing {
        /// Its type.
        kind: String,
    },
}

/// Reads an event.
///
/// # Errors
/// Where it breaks off, or which field does not fit, and why.
pub(super) fn translate(row: &EventRow) -> Result<Told, String> {
    let Typed { kind } = read_text(&row.body)?;
    if !matches!(kind.as_str(), "deal.upserted" | "deal.deleted") {
        return Ok(Told::Nothing { kind: shortened(&kind, 60) });
    }
    let EventBody { kind, timestamp, data } = read_text(&row.body)?;
    let key = DealKey { source: row.source.clone(), external_id: data.external_id };
    let at = timestamp.unwrap_or(row.received_at);
    let gone = kind == "deal.deleted";
    if gone && data.deal.keys().all(|name| name == "source_time") {
        let Dated { source_time } = read_value("data", Value::Object(data.deal))?;
        return Ok(Told::Gone { key, at: source_time.unwrap_or(at) });
    }
    let body: DealBody = read_value("data", Value::Object(data.deal))?;
    let mut deal = body.into_deal(key, at);
    if gone {
        deal.standing = Standing::Deleted;
    }
    Ok(Told::Deal(Box::new(deal)))
}

/// An event whose type alone is looked at: one that means nothing here may hold anything.
#[derive(Deserialize)]
struct Typed {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Dated {
    #[serde(default)]
    source_time: Option<Timestamp>,
}

fn read_text<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|why| shortened(&format!("the event is no JSON: {why}"), LONGEST_REASON))?;
    read_value("", value)
}

/// Reads a value; a reason names the field.
fn read_value<T: DeserializeOwned>(place: &str, value: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|why| {
        let path = why.path().to_string();
        let parts = [place, path.as_str()].into_iter().filter(|part| !matches!(*part, "" | "."));
        let place = parts.collect::<Vec<_>>().join(".");
        let reason = why.inner().to_string();
        let told = if place.is_empty() { reason } else { format!("{place}: {reason}") };
        shortened(&told, LONGEST_REASON)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(body: &str) -> Result<Told, String> {
        translate(&EventRow {
            source: "crm".to_owned(),
            id: "1".to_owned(),
            received_at: "2026-03-02T10:00:00Z".parse().unwrap(),
            tries: 0,
            body: body.into(),
        })
    }

    fn deal(body: &str) -> Deal {
        match told(body) {
            Ok(Told::Deal(deal)) => *deal,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_deal_bears_its_own_time_else_the_events_else_that_of_its_arrival() {
        let with = |envelope: &str, data: &str| {
            deal(&format!(
                r#"{{"type":"deal.upserted"{envelope},"data":{{"external_id":"D-1","name":"N","account":"A"{data}}}}}"#
            ))
            .source_time
            .to_string()
        };
        let (envelope, own) =
            (r#","timestamp":"2026-03-01T09:00:00Z""#, r#","source_time":"2026-03-01T08:00:00Z""#);
        assert_eq!(with(envelope, own), "2026-03-01T08:00:00Z");
        assert_eq!(with(envelope, ""), "2026-03-01T09:00:00Z");
        assert_eq!(with("", ""), "2026-03-02T10:00:00Z");
    }

    #[test]
    fn a_deletion_may_tell_the_whole_deal_or_its_id_alone() {
        let whole = r#"{"type":"deal.deleted","data":{"external_id":"D-1","name":"N","account":"A"}}"#;
        assert_eq!(deal(whole).standing, Standing::Deleted);
        let alone =
            r#"{"type":"deal.deleted","timestamp":"2026-03-01T09:00:00Z","data":{"external_id":"D-1"}}"#;
        let key = DealKey { source: "crm".to_owned(), external_id: "D-1".to_owned() };
        assert_eq!(told(alone), Ok(Told::Gone { key, at: "2026-03-01T09:00:00Z".parse().unwrap() }));
    }

    #[test]
    fn an_unknown_type_is_no_error_whatever_it_holds() {
        for body in [r#"{"type":"user.created"}"#, r#"{"type":"user.created","timestamp":7,"data":[1]}"#] {
            assert_eq!(told(body), Ok(Told::Nothing { kind: "user.created".to_owned() }));
        }
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        let wrong = |body: &str| told(body).unwrap_err();
        assert_eq!(wrong("{"), "the event is no JSON: EOF while parsing an object at line 1 column 1");
        assert_eq!(wrong("[]"), "invalid length 0, expected struct Typed with 1 element");
        assert_eq!(wrong(r#"{"type":7}"#), "type: invalid type: integer `7`, expected a string");
        assert_eq!(wrong(r#"{"data":{}}"#), "missing field `type`");
        assert_eq!(wrong(r#"{"type":"deal.upserted","data":{}}"#), "data: missing field `external_id`");
        let data = |rest: &str| {
            wrong(&format!(
                r#"{{"type":"deal.upserted","data":{{"external_id":"D-1","name":"N","account":"A",{rest}}}}}"#
            ))
        };
        assert!(
            data(r#""amount":{"minor":"x","currency":"EUR"}"#).starts_with("data.amount.minor: "),
            "{}",
            data(r#""amount":{"minor":"x","currency":"EUR"}"#)
        );
        assert!(data(r#""colour":1"#).starts_with("data.colour: unknown field `colour`"));
        let long = data(&format!(r#""standing":"{}""#, "x".repeat(5_000)));
        assert!(long.chars().count() <= LONGEST_REASON + 1 && long.starts_with("data.standing: "), "{long}");
    }
}
