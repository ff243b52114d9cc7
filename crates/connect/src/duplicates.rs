//! Several rows with one id: the newest is the deal, and where no dates tell, the last. Looked at in a pass of its
//! own, and only when the first pass met such ids, so that an ordinary file costs nothing.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::{
    cell::flag::read_flag,
    field::Field,
    kind::{Kind, Sorter},
    row::Plan,
    survey::id_hash,
    text::{
        scan::{Record, Unclosed},
        sheet::Sheet,
    },
};

/// For each id that stands on several rows, the number of the row that counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Winners {
    rows: HashMap<u128, u64>,
    /// Whether every decision was made by dates.
    pub by_date: bool,
}

struct Candidate {
    current: bool,
    modified: Option<Timestamp>,
    number: u64,
}

impl Winners {
    /// Finds the row that counts for each of the ids.
    pub fn find(
        sheet: &Sheet<'_>,
        plan: &Plan,
        sorter: &Sorter,
        repeated: &HashSet<u128>,
    ) -> Result<Self, Unclosed> {
        let mut best = HashMap::<u128, Candidate>::new();
        let mut by_date = true;
        let (mut walk, mut row) = (sheet.walk(), Record::default());
        while walk.advance(&mut row)? {
            if sorter.kind(&row) != Kind::Deal {
                continue;
            }
            let Some(hash) = plan.id(&row).map(|id| id_hash(&id)).filter(|hash| repeated.contains(hash))
            else {
                continue;
            };
            let current =
                plan.cell(&row, Field::Current).and_then(|(_, cell)| read_flag(cell).ok().flatten());
            let candidate = Candidate {
                current: current != Some(false),
                modified: plan.modified(&row),
                number: row.number,
            };
            match best.get_mut(&hash) {
                None => {
                    best.insert(hash, candidate);
                }
                Some(top) => {
                    let newer = match (candidate.modified, top.modified) {
                        (Some(one), Some(other)) => one >= other,
                        // Without both dates nothing tells but the order of rows.
                        _ => {
                            by_date = false;
                            true
                        }
                    };
                    let better = if candidate.current == top.current { newer } else { candidate.current };
                    if better {
                        *top = candidate;
                    }
                }
            }
        }
        let rows = best.into_iter().map(|(hash, candidate)| (hash, candidate.number)).collect();
        Ok(Self { rows, by_date })
    }

    /// Whether another row with this id counts in place of row `number`.
    pub fn replaces(&self, id: &str, number: u64) -> bool {
        !self.rows.is_empty() && self.rows.get(&id_hash(id)).is_some_and(|winner| *winner != number)
    }
}
