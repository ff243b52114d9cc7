//! Counting, in memory.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{Money, OrgId, PersonId};

use super::MemoryStore;
use crate::{board::*, commit::StoreError, query::*, sort::*, views::HandoffRow};

#[async_trait]
impl Counting for MemoryStore {
    async fn spread(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        lateness: Lateness,
    ) -> Result<Vec<Spread>, StoreError> {
        Ok(self.read(org, |tables| {
            let mut rows: Vec<&HandoffRow> = tables.matching(reach, filter).collect();
            rows.sort_by_cached_key(|row| (Sort::Due.key(row), row.id));
            let mut stages: BTreeMap<&str, Spread> = BTreeMap::new();
            for row in rows.into_iter().take(SPREAD as usize) {
                let one = stages.entry(&row.stage).or_insert_with(|| Spread {
                    stage: row.stage.clone(),
                    all: 0,
                    late: 0,
                    soon: 0,
                });
                one.all += 1;
                let before = |at: Timestamp| {
                    row.next_due_at.is_some_and(|due| due.as_millisecond() < at.as_millisecond())
                };
                let late = before(lateness.now);
                one.late += u32::from(late);
                one.soon += u32::from(!late && before(lateness.soon));
            }
            stages.into_values().collect()
        }))
    }

    async fn loads(
        &self,
        org: OrgId,
        csms: &BTreeSet<PersonId>,
        now: Timestamp,
    ) -> Result<Vec<Load>, StoreError> {
        Ok(self.read(org, |tables| {
            let mut loads = BTreeMap::new();
            for row in tables.handoffs.values().map(|held| &held.row).filter(|row| row.life == "live") {
                let Some(csm) = row.csm.filter(|csm| csms.contains(csm)) else { continue };
                let nothing = row.arr.map(|arr| Money { minor: 0, ..arr });
                let load = Load {
                    csm,
                    stage: row.stage.clone(),
                    kicked_off: row.kicked_off,
                    all: 0,
                    late: 0,
                    arr: nothing,
                };
                let load = loads.entry(load.place()).or_insert(load);
                load.all += 1;
                let late = row.next_due_at.is_some_and(|due| due.as_millisecond() < now.as_millisecond());
                load.late += u32::from(late);
                if let (Some(sum), Some(arr)) = (&mut load.arr, row.arr) {
                    sum.minor += summand(arr);
                }
            }
            loads.into_values().collect()
        }))
    }

    async fn words(&self, org: OrgId) -> Result<DealWords, StoreError> {
        Ok(self.read(org, |tables| {
            let rows = || tables.handoffs.values().map(|held| &held.row);
            let some = |words: BTreeSet<String>| words.into_iter().take(WORDS as usize).collect();
            DealWords {
                segments: some(rows().filter_map(|row| row.segment.clone()).collect()),
                lead_sources: some(rows().filter_map(|row| row.lead_source.clone()).collect()),
            }
        }))
    }
}
