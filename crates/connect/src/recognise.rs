//! Which system a file comes from and what its rows are. A list of contacts must never become a list of deals, so
//! the columns, the ids and the kinds of the records are weighed, and what was decided says why.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    text::{
        scan::{Record, Unclosed},
        sheet::Sheet,
    },
    vocabulary::{DEAL_IDS, Object, SYSTEMS, System, Vocabulary},
};

/// Rows whose ids are looked at.
const ROWS: usize = 200;

/// How sure a recognition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Few columns speak for it.
    Guess,
    /// Its own columns are there.
    Likely,
    /// The records themselves say it, or nothing else comes near.
    Certain,
}

/// What a file was found to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recognised {
    /// Where it comes from.
    pub system: System,
    /// What its rows are.
    pub object: Object,
    /// How sure that is.
    pub confidence: Confidence,
    /// The columns and values that told, as the file writes them.
    pub why: Vec<String>,
}

/// Looks at a sheet's columns and first rows.
pub(crate) fn recognise(sheet: &Sheet<'_>) -> Result<Recognised, Unclosed> {
    let (systems, kinds) = first_rows(sheet)?;
    let system = system(sheet, &systems);
    let vocabulary = system.vocabulary();
    let mut tally = Tally::default();
    let of_parents = sheet.columns.iter().any(|column| column.key == "id")
        && sheet.columns.iter().any(|column| DEAL_IDS.contains(&column.key.as_str()));
    let tables: &[&Vocabulary] =
        if system == System::Other { &[vocabulary] } else { &[vocabulary, System::Other.vocabulary()] };
    for column in sheet.columns.iter().filter(|column| column.named) {
        // A name counts once for each object, by the table that knows it best.
        let mut weights = BTreeMap::<Object, u16>::new();
        let keys = vocabulary.keys(&column.written);
        for table in tables {
            for (object, weighted) in table.signs {
                for (weight, names) in *weighted {
                    if keys.iter().any(|key| names.contains(&key.as_str())) {
                        let entry = weights.entry(*object).or_default();
                        *entry = (*entry).max(*weight);
                    }
                }
            }
        }
        for (object, weight) in weights {
            tally.add(object, weight, &column.name);
        }
    }
    if of_parents {
        // An id of its own beside the deal's: whatever it is, it hangs on a deal and is none.
        let hanging = [Object::LineItem, Object::History, Object::Activity, Object::Ticket, Object::Link];
        let object =
            hanging.into_iter().max_by_key(|object| (tally.weight(*object), *object == Object::History));
        tally.add(object.unwrap_or(Object::History), 30, "an id beside the deal's id");
    }
    if let Some((object, example)) = kinds {
        tally.add(object, 100, &example);
    }
    Ok(tally.judge(system))
}

#[derive(Default)]
struct Tally {
    found: BTreeMap<Object, (u16, Vec<(u16, String)>)>,
}

impl Tally {
    fn add(&mut self, object: Object, weight: u16, why: &str) {
        let entry = self.found.entry(object).or_default();
        entry.0 = entry.0.saturating_add(weight);
        entry.1.push((weight, why.to_owned()));
    }

    fn weight(&self, object: Object) -> u16 {
        self.found.get(&object).map_or(0, |(weight, _)| *weight)
    }

    fn judge(self, system: System) -> Recognised {
        let mut ranked: Vec<_> = self.found.into_iter().collect();
        ranked.sort_by_key(|(_, (weight, _))| std::cmp::Reverse(*weight));
        let mut ranked = ranked.into_iter();
        let (Some((object, (weight, mut why))), second) = (ranked.next(), ranked.next()) else {
            return Recognised {
                system,
                object: Object::Unknown,
                confidence: Confidence::Guess,
                why: Vec::new(),
            };
        };
        let second = second.map_or(0, |(_, (weight, _))| weight);
        let enough = if object == Object::Deal { 3 } else { 2 };
        // Between deals and something else a tie is no deal.
        if weight < enough || weight == second {
            return Recognised {
                system,
                object: Object::Unknown,
                confidence: Confidence::Guess,
                why: Vec::new(),
            };
        }
        why.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let confidence = match (weight, weight - second) {
            (20.., 10..) => Confidence::Certain,
            (8.., 4..) => Confidence::Likely,
            _ => Confidence::Guess,
        };
        let why = why.into_iter().take(6).map(|(_, name)| name).collect();
        Recognised { system, object, confidence, why }
    }
}

/// What the first rows say: weight of ids for each system, and the object most records name.
#[expect(clippy::type_complexity, reason = "one use, two plain parts")]
fn first_rows(
    sheet: &Sheet<'_>,
) -> Result<(BTreeMap<&'static str, u16>, Option<(Object, String)>), Unclosed> {
    let mut systems = BTreeMap::new();
    let mut kinds = BTreeMap::<Object, (u16, String)>::new();
    let mut rows = 0_u16;
    let (mut walk, mut row) = (sheet.walk(), Record::default());
    let id_column = sheet.columns.iter().position(|column| column.key == "id");
    while usize::from(rows) < ROWS && walk.advance(&mut row)? {
        if row.is_blank() {
            continue;
        }
        rows += 1;
        for system in SYSTEMS {
            let vocabulary = system.vocabulary();
            let kind_column = vocabulary.kinds.and_then(|(name, read)| {
                let at = sheet.columns.iter().position(|column| column.key == name)?;
                Some((at, read))
            });
            let mut hear = |object: Object, example: String| {
                *systems.entry(system.as_str()).or_insert(0) += 1;
                let entry = kinds.entry(object).or_insert((0, example));
                entry.0 += 1;
            };
            if let Some((at, read)) = kind_column
                && let Some(kind) = row.cells.get(at).filter(|kind| !kind.is_empty())
            {
                let name = crate::limits::shown(kind);
                hear(read(kind), format!("records of type {name}"));
            } else if let Some(id) = id_column.and_then(|at| row.cells.get(at))
                && let Some(object) = (vocabulary.object_of_id)(id.trim())
            {
                let start: String = id.trim().chars().take(3).collect();
                hear(object, format!("ids that begin with {start}"));
            }
        }
    }
    let most = kinds.into_iter().max_by_key(|(_, (count, _))| *count);
    let most = most.filter(|(_, (count, _))| u32::from(*count) * 10 >= u32::from(rows) * 8);
    Ok((systems, most.map(|(object, (_, example))| (object, example))))
}

fn system(sheet: &Sheet<'_>, ids: &BTreeMap<&'static str, u16>) -> System {
    let mut best = (System::Other, 1_i32);
    for system in SYSTEMS {
        let vocabulary = system.vocabulary();
        let mut score = if ids.get(system.as_str()).is_some_and(|rows| *rows > 0) { 6 } else { 0 };
        for column in sheet.columns.iter().filter(|column| column.named) {
            let keys = vocabulary.keys(&column.written);
            let weight = vocabulary.marks.iter().filter_map(|(weight, names)| {
                keys.iter().any(|key| names.contains(&key.as_str())).then_some(*weight)
            });
            score += i32::from(weight.max().unwrap_or(0).max((vocabulary.speaks)(&column.written)));
            if vocabulary.strangers.contains(&column.key.as_str()) {
                score -= 2;
            }
        }
        if score > best.1 {
            best = (system, score);
        }
    }
    best.0
}
