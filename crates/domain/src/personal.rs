//! Text a person wrote or said, kept so that it can be erased without breaking the journal.
//!
//! In a fact such text is written `{"$personal": "…"}`. [`seal`] moves every such text out of a fact before it
//! is hashed and stored, leaving an id and a salted hash; [`unseal`] puts it back. When the side row is erased,
//! the fact still verifies and reads as [`Personal::ERASED`]. Absent on purpose: where side rows live.

use std::{borrow::Cow, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

const TAG: &str = "$personal";

/// Free text that may say something about a person. Trimmed, never blank, at most [`Personal::MAX`] characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal(Option<String>);

/// Why a text was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// Nothing but blanks.
    #[error("must not be blank")]
    Blank,
    /// Longer than [`Personal::MAX`].
    #[error("is {0} characters long; at most {max} are kept", max = Personal::MAX)]
    TooLong(usize),
    /// Characters no person types: NUL and other controls except line ends and tabs.
    #[error("contains a control character (U+{0:04X})")]
    Control(u32),
}

impl Personal {
    /// The longest text kept, in characters.
    pub const MAX: usize = 8_000;
    /// What is left of a text after its person asked to be forgotten.
    pub const ERASED: Personal = Personal(None);

    /// Takes a text as typed.
    pub fn parse(text: &str) -> Result<Self, NotText> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotText::Blank);
        }
        let length = text.chars().count();
        if length > Self::MAX {
            return Err(NotText::TooLong(length));
        }
        match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            Some(control) => Err(NotText::Control(control as u32)),
            None => Ok(Self(Some(text.to_owned()))),
        }
    }

    /// The text, or a stand-in when it was erased.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or("[erased]")
    }

    /// Whether the text is gone for good.
    pub fn is_erased(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Display for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Personal {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(1))?;
        map.serialize_entry(TAG, &self.0)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Personal {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> serde::de::Visitor<'de> for Reader {
            type Value = Personal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Personal, E> {
                Personal::parse(text).map_err(E::custom)
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Personal, A::Error> {
                // Keys may come owned: inside a tagged enum they were read once before.
                let text = match map.next_entry::<Cow<'_, str>, Option<String>>()? {
                    Some((tag, text)) if tag == TAG => text,
                    _ => return Err(serde::de::Error::custom("expected a text")),
                };
                if map.next_key::<Cow<'_, str>>()?.is_some() {
                    return Err(serde::de::Error::custom("expected a text"));
                }
                match text {
                    None => Ok(Personal::ERASED),
                    Some(text) => Personal::parse(&text).map_err(serde::de::Error::custom),
                }
            }
        }
        from.deserialize_any(Reader)
    }
}

impl JsonSchema for Personal {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        if generator.contract().is_serialize() {
            // What answers show: see [`plain`].
            return schemars::json_schema!({ "type": ["string", "null"], "description": "A text; null once it was erased." });
        }
        schemars::json_schema!({ "type": "string", "minLength": 1, "maxLength": Personal::MAX })
    }
}

/// A personal text beside the journal: erasing the row erases text and salt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideRow {
    /// What the journal points to.
    pub id: uuid::Uuid,
    /// Random; without it the hash in the journal says nothing about the text.
    pub salt: [u8; 16],
    /// The text itself.
    pub text: String,
}

/// Takes every personal text out of a serialised fact. `fresh` gives a new random id and salt for each.
pub fn seal(value: &mut Value, fresh: &mut dyn FnMut() -> (uuid::Uuid, [u8; 16])) -> Vec<SideRow> {
    let mut rows = Vec::new();
    walk(value, &mut |held| {
        let Value::String(text) = held else { return };
        let (id, salt) = fresh();
        let row = SideRow { id, salt, text: std::mem::take(text) };
        *held = serde_json::json!({ "id": row.id, "sha256": salted(&row) });
        rows.push(row);
    });
    rows
}

/// Puts personal texts back. A text whose row is gone reads as erased.
pub fn unseal(value: &mut Value, text_of: &dyn Fn(uuid::Uuid) -> Option<String>) {
    walk(value, &mut |held| {
        let id = held.get("id").and_then(Value::as_str).and_then(|id| uuid::Uuid::parse_str(id).ok());
        if let Some(id) = id {
            *held = text_of(id).map_or(Value::Null, Value::String);
        }
    });
}

/// The ids of all side rows a sealed fact points to, each with the hash the journal holds.
pub fn pointers(value: &Value) -> Vec<(uuid::Uuid, String)> {
    let mut found = Vec::new();
    let mut copy = value.clone();
    walk(&mut copy, &mut |held| {
        let id = held.get("id").and_then(Value::as_str).and_then(|id| uuid::Uuid::parse_str(id).ok());
        if let (Some(id), Some(hash)) = (id, held.get("sha256").and_then(Value::as_str)) {
            found.push((id, hash.to_owned()));
        }
    });
    found
}

/// The salted hash the journal keeps of a side row.
pub fn salted(row: &SideRow) -> String {
    let mut hash = Sha256::new();
    hash.update(row.salt);
    hash.update(row.text.as_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The same value with personal texts as plain strings: what an API answer shows. Erased texts are null.
pub fn plain(value: Value) -> Value {
    match value {
        Value::Object(mut map) if is_tagged(&map) => map.remove(TAG).unwrap_or(Value::Null),
        Value::Object(map) => Value::Object(map.into_iter().map(|(key, held)| (key, plain(held))).collect()),
        Value::Array(list) => Value::Array(list.into_iter().map(plain).collect()),
        other => other,
    }
}

fn is_tagged(map: &Map<String, Value>) -> bool {
    map.len() == 1 && map.contains_key(TAG)
}

fn walk(value: &mut Value, at: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Object(map) if is_tagged(map) => {
            if let Some(held) = map.get_mut(TAG) {
                at(held);
            }
        }
        Value::Object(map) => map.values_mut().for_each(|held| walk(held, at)),
        Value::Array(list) => list.iter_mut().for_each(|held| walk(held, at)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> (Value, Vec<SideRow>) {
        let said = Personal::parse(" halve the reporting time ").unwrap();
        let mut fact = serde_json::json!({ "kind": "answered", "said": said, "list": [{ "who": said }] });
        let mut next = 0u8;
        let rows = seal(&mut fact, &mut || {
            next += 1;
            (uuid::Uuid::from_bytes([next; 16]), [next; 16])
        });
        (fact, rows)
    }

    #[test]
    fn a_sealed_fact_holds_no_text_and_unsealing_gives_it_back() {
        let (mut fact, rows) = sealed();
        assert!(!fact.to_string().contains("reporting"));
        assert_eq!(rows.len(), 2);
        unseal(&mut fact, &|id| rows.iter().find(|row| row.id == id).map(|row| row.text.clone()));
        let said: Personal = serde_json::from_value(fact["said"].clone()).unwrap();
        assert_eq!(said.as_str(), "halve the reporting time");
    }

    #[test]
    fn an_erased_text_reads_as_erased_and_its_pointer_stays() {
        let (mut fact, rows) = sealed();
        assert_eq!(pointers(&fact)[0], (rows[0].id, salted(&rows[0])));
        unseal(&mut fact, &|_| None);
        let said: Personal = serde_json::from_value(fact["said"].clone()).unwrap();
        assert!(said.is_erased());
    }

    #[test]
    fn blank_long_and_control_texts_are_refused() {
        assert_eq!(Personal::parse(" \n "), Err(NotText::Blank));
        assert!(matches!(Personal::parse(&"x".repeat(8_001)), Err(NotText::TooLong(8_001))));
        assert_eq!(Personal::parse("a\0b"), Err(NotText::Control(0)));
    }

    #[test]
    fn a_plain_string_is_taken_at_the_border() {
        let said: Personal = serde_json::from_value(serde_json::json!("as said")).unwrap();
        assert_eq!(plain(serde_json::to_value(&said).unwrap()), serde_json::json!("as said"));
    }
}
