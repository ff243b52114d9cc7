//! Statements put together from what was asked. Values are always bound, never written into the text.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use throughline_domain::{OrgId, PersonId};
use throughline_store::{Cursor, HandoffFilter, Reach, SortKey, needle, versions_of};

use crate::values::blob;

/// A statement in the making. Values are always bound, never written into it.
pub(super) struct Sql {
    pub text: String,
    pub values: Vec<Value>,
}

impl Sql {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub fn with(&mut self, text: &str, value: Value) {
        self.text.push_str(text);
        self.values.push(value);
    }

    pub fn one_of(&mut self, column: &str, values: impl ExactSizeIterator<Item = Value>) {
        let places = vec!["?"; values.len()].join(",");
        self.text.push_str(&format!(" AND {column} IN ({places})"));
        self.values.extend(values);
    }

    /// Narrows to what may be seen, where the drivers do not do so already.
    pub fn reached(&mut self, reach: &Reach, drivers: &BTreeSet<PersonId>) {
        let Reach::People(people) = reach else { return };
        if implies(drivers, reach) {
            return;
        }
        let hex: Vec<String> = people.iter().map(|person| person.0.simple().to_string()).collect();
        let list = serde_json::Value::from(hex).to_string();
        self.with(
            " AND EXISTS (SELECT 1 FROM part r WHERE r.org_id = h.org_id AND r.handoff_id = h.handoff_id
                 AND r.person_id IN (SELECT unhex(value) FROM json_each(?)))",
            Value::Text(list),
        );
    }

    /// Narrows to what may be seen and to whose parts are asked for, where the drivers do not do so already.
    pub fn within(&mut self, reach: &Reach, filter: &HandoffFilter, drivers: &BTreeSet<PersonId>) {
        self.reached(reach, drivers);
        if let Some(people) = &filter.parts {
            self.reached(&Reach::People(people.clone()), drivers);
        }
    }

    /// All filters but `part` and `parts`: the one chose the driver, the other is seen to with the reach.
    pub fn filtered(&mut self, filter: &HandoffFilter) {
        let texts = |set: &BTreeSet<String>| set.iter().cloned().map(Value::Text).collect::<Vec<_>>();
        if !filter.life.is_empty() {
            self.one_of("h.life", texts(&filter.life).into_iter());
        }
        if !filter.stage.is_empty() {
            self.one_of("h.stage", texts(&filter.stage).into_iter());
        }
        for (column, person) in [("h.ae", filter.ae), ("h.csm", filter.csm), ("h.next_person", filter.owes)] {
            if let Some(person) = person {
                self.with(&format!(" AND {column} = ?"), person_value(person));
            }
        }
        match filter.incomplete {
            Some(true) => self.push(" AND h.missing_key < 0"),
            Some(false) => self.push(" AND h.missing_key >= 0"),
            None => {}
        }
        if let Some(bypassed) = filter.bypassed {
            self.with(" AND h.bypassed = ?", Value::from(bypassed));
        }
        if let Some(from) = filter.due_from {
            self.with(" AND h.due_key >= ?", Value::from(from.as_millisecond()));
        }
        for (column, word) in [("segment", &filter.segment), ("lead_source", &filter.lead_source)] {
            if let Some(word) = word {
                self.with(&format!(" AND h.{column} = ?"), Value::Text(word.clone()));
            }
        }
        if let Some(refused) = filter.refused {
            self.with(" AND h.refused = ?", Value::from(refused));
        }
        if !filter.credit.is_empty() {
            self.one_of("h.credit", texts(&filter.credit).into_iter());
        }
        if let Some(kicked_off) = filter.kicked_off {
            self.with(" AND h.kicked_off = ?", Value::from(kicked_off));
        }
        if let Some(before) = filter.due_before {
            // What has no due time has the greatest key, which no time is before.
            self.with(" AND h.due_key < ?", Value::from(before.as_millisecond()));
        }
        match filter.open_waivers {
            Some(true) => self.push(" AND h.open_waivers > 0"),
            Some(false) => self.push(" AND h.open_waivers = 0"),
            None => {}
        }
        match filter.open_questions {
            Some(true) => self.push(" AND h.open_questions > 0"),
            Some(false) => self.push(" AND h.open_questions = 0"),
            None => {}
        }
        match filter.nominated {
            Some(true) => self.push(" AND h.csm IS NOT NULL"),
            Some(false) => self.push(" AND h.csm IS NULL"),
            None => {}
        }
        if let Some(playbook) = &filter.playbook {
            self.by_playbook("h", playbook);
        }
        if let Some(text) = needle(filter.text.as_deref()) {
            self.with(" AND instr(h.search, ?) > 0", Value::Text(text));
        }
    }

    /// Narrows to handoffs by any version of a playbook.
    pub fn by_playbook(&mut self, table: &str, name: &str) {
        let versions = versions_of(name);
        let length = i64::try_from(versions.chars().count()).unwrap_or(i64::MAX);
        self.with(&format!(" AND substr({table}.doc ->> '$.playbook', 1, ?)"), Value::from(length));
        self.with(" = ?", Value::Text(versions));
    }

    /// Narrows to ids of a list, however long: given in hexadecimal.
    pub fn listed(&mut self, column: &str, hex: Vec<String>) {
        let list = serde_json::Value::from(hex).to_string();
        self.with(&format!(" AND {column} IN (SELECT unhex(value) FROM json_each(?))"), Value::Text(list));
    }

    pub fn ordered(&mut self, key: &str, id: &str, after: Option<&Cursor>, limit: usize) {
        if let Some(after) = after {
            let place = match &after.key {
                SortKey::Number(number) => Value::from(*number),
                SortKey::Text(text) => Value::Text(text.clone()),
            };
            self.with(&format!(" AND ({key}, {id}) > (?"), place);
            self.with(", ?)", Value::Blob(blob(after.id).to_vec()));
        }
        self.push(&format!(" ORDER BY {key}, {id}"));
        self.limited(limit);
    }

    pub fn limited(&mut self, limit: usize) {
        self.with(" LIMIT ?", Value::from(i64::try_from(limit).unwrap_or(i64::MAX)));
    }
}

/// Whether whoever has one of the drivers' parts is in reach.
pub(super) fn implies(drivers: &BTreeSet<PersonId>, reach: &Reach) -> bool {
    match reach {
        Reach::Organisation => true,
        Reach::People(people) => !drivers.is_empty() && drivers.is_subset(people),
    }
}

pub(super) fn org_value(org: OrgId) -> Value {
    Value::Blob(blob(org).to_vec())
}

pub(super) fn person_value(person: PersonId) -> Value {
    Value::Blob(blob(person).to_vec())
}
