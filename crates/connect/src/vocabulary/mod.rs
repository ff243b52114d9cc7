//! What CRMs call things, as tables. One file a vendor; common code knows none of their names.

mod common;
mod hubspot;
mod salesforce;

use std::{collections::HashSet, sync::LazyLock};

use serde::Serialize;

use crate::{field::Field, text::header::key};

/// The system a file was exported from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum System {
    /// Salesforce: its API, reports, command line tools, or a sync tool reading it.
    Salesforce,
    /// HubSpot: its exports, API, or a sync tool reading it.
    HubSpot,
    /// Another, or nothing in the file tells.
    Other,
}

impl System {
    /// The name used as a deal's source: `salesforce`.
    pub fn as_str(self) -> &'static str {
        match self {
            System::Salesforce => "salesforce",
            System::HubSpot => "hubspot",
            System::Other => "other",
        }
    }

    /// The name as its maker writes it.
    pub fn title(self) -> &'static str {
        match self {
            System::Salesforce => "Salesforce",
            System::HubSpot => "HubSpot",
            System::Other => "another system",
        }
    }

    pub(crate) fn vocabulary(self) -> &'static Vocabulary {
        match self {
            System::Salesforce => &salesforce::VOCABULARY,
            System::HubSpot => &hubspot::VOCABULARY,
            System::Other => &common::VOCABULARY,
        }
    }
}

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// Deals, also called opportunities.
    Deal,
    /// Accounts or companies.
    Account,
    /// People at customers.
    Contact,
    /// Leads.
    Lead,
    /// Tasks, calls, mails, meetings, notes.
    Activity,
    /// Support tickets or cases.
    Ticket,
    /// Products on deals.
    LineItem,
    /// What a deal was earlier, one row a change.
    History,
    /// Which records belong to which.
    Link,
    /// The CRM's own users.
    User,
    /// Definitions: pipelines, stages, properties.
    Definition,
    /// Nothing tells.
    Unknown,
}

impl Object {
    /// What the rows are, in the plural.
    pub fn title(self) -> &'static str {
        match self {
            Object::Deal => "deals",
            Object::Account => "accounts or companies",
            Object::Contact => "contacts",
            Object::Lead => "leads",
            Object::Activity => "tasks or other activities",
            Object::Ticket => "tickets or cases",
            Object::LineItem => "products on deals",
            Object::History => "past stages of deals",
            Object::Link => "links between records",
            Object::User => "users of the CRM",
            Object::Definition => "definitions of pipelines or properties",
            Object::Unknown => "something unknown",
        }
    }
}

/// Reads what a record says it is.
pub(crate) type ReadKind = fn(&str) -> Object;

/// Names with a weight: how strongly a column of that name speaks for something.
pub(crate) type Weighted = (u16, &'static [&'static str]);

/// What one system calls things. All names are in the form of [`key`].
pub(crate) struct Vocabulary {
    /// Names of each field's column, the preferred first.
    pub columns: &'static [(Field, &'static [&'static str])],
    /// Columns that tell what the rows are.
    pub signs: &'static [(Object, &'static [Weighted])],
    /// Columns that tell the system.
    pub marks: &'static [Weighted],
    /// Columns that tell it was another system.
    pub strangers: &'static [&'static str],
    /// Amounts converted to the organisation's currency: the deal's own currency column is not theirs.
    pub converted: &'static [&'static str],
    /// How the lines begin that the system writes below a report, in the form of [`key`].
    pub footers: &'static [&'static str],
    /// Other spellings to try for a column, as written.
    pub spellings: fn(&str) -> Vec<String>,
    /// Weight with which a name as written speaks for the system, beyond `marks`.
    pub speaks: fn(&str) -> u16,
    /// Fields whose column names follow a pattern, by key.
    pub pattern: fn(&str) -> Option<Field>,
    /// What a record is, by its id or by a value of the column named by `kinds`.
    pub object_of_id: fn(&str) -> Option<Object>,
    /// The column that says a record's kind, and its reading.
    pub kinds: Option<(&'static str, ReadKind)>,
    /// An id in its one full form.
    pub full_id: fn(&str) -> Option<String>,
    /// Columns that may hold several values parted by `;`.
    pub plural: &'static [&'static str],
    /// Whether probabilities always count to a hundred, even where every one is 0 or 1.
    pub whole_percents: bool,
    /// How to export deals from it.
    pub how_to_export: &'static str,
}

/// The systems a file may come from, the likelier first.
pub(crate) const SYSTEMS: [System; 2] = [System::Salesforce, System::HubSpot];

/// Columns that hold the id of a deal; in a file of deals no `id` stands beside them.
pub(crate) const DEAL_IDS: [&str; 2] = ["opportunityid", "dealid"];

impl Vocabulary {
    /// The keys a column may be known by, the one written first.
    pub fn keys(&self, written: &str) -> Vec<String> {
        let mut keys = vec![key(written)];
        for spelling in (self.spellings)(written) {
            let key = key(&spelling);
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }
}

/// Whether a cell is a column name that some CRM writes.
pub(crate) fn is_known(cell: &str) -> bool {
    static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let vocabularies = [System::Salesforce, System::HubSpot, System::Other].map(System::vocabulary);
        let mut names = HashSet::new();
        for vocabulary in vocabularies {
            names.extend(vocabulary.columns.iter().flat_map(|(_, names)| names.iter().copied()));
            let signs = vocabulary.signs.iter().flat_map(|(_, weighted)| weighted.iter());
            names.extend(signs.chain(vocabulary.marks).flat_map(|(_, names)| names.iter().copied()));
        }
        names
    });
    if cell.len() > 200 {
        return false;
    }
    let vocabularies = [System::Salesforce, System::HubSpot, System::Other].map(System::vocabulary);
    NAMES.contains(key(cell).as_str())
        || vocabularies.iter().any(|vocabulary| {
            (vocabulary.spellings)(cell).iter().any(|spelling| NAMES.contains(key(spelling).as_str()))
                || (vocabulary.pattern)(&key(cell)).is_some()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_tables_is_written_as_it_is_compared() {
        for system in [System::Salesforce, System::HubSpot, System::Other] {
            let vocabulary = system.vocabulary();
            let columns = vocabulary.columns.iter().flat_map(|(_, names)| names.iter());
            let signs = vocabulary.signs.iter().flat_map(|(_, weighted)| weighted.iter());
            let weighted = signs.chain(vocabulary.marks).flat_map(|(_, names)| names.iter());
            let others = [vocabulary.strangers, vocabulary.converted, vocabulary.footers, vocabulary.plural];
            for name in columns.chain(weighted).chain(others.into_iter().flatten()) {
                assert_eq!(key(name), **name, "{system:?}");
            }
        }
    }

    #[test]
    fn no_system_gives_one_name_to_two_fields() {
        for system in [System::Salesforce, System::HubSpot, System::Other] {
            let mut seen = HashSet::new();
            for (field, names) in system.vocabulary().columns {
                for name in *names {
                    assert!(seen.insert(*name), "{system:?} {field} {name}");
                }
            }
        }
    }
}
