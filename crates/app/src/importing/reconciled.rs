//! Held against the CRM: what is here and not there, and what got past a gate without a pass (R2.11).
//!
//! The rows of the file have been taken by then, so that a deal found past a gate has its fact already, by the same way
//! as any news. Absent on purpose: withdrawing what the file does not have. A file may leave deals out for many reasons;
//! that one was lost or deleted is for its source to say.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;
use throughline_domain::{HandoffId, deal::DealKey, playbook::Gate};
use throughline_store::{HandoffFilter, HandoffQuery, PAGE, Reach, STRETCH, Sort};

use crate::{App, AppError, Caller};

/// Deals told of each kind in the report; the counts are whole.
const TOLD: usize = 200;

/// How what is known compares with what the CRM has.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Reconciled {
    /// How many deals known of the source, their handoffs still going on or not open yet, are not in the file.
    pub not_in_file: u64,
    /// The first of them.
    pub missing: Vec<Missing>,
    /// How many handoffs of the source got past a gate without a pass, ever.
    pub past_a_gate: u64,
    /// How many of them were found so by this file.
    pub found_now: u64,
    /// The first of all of them, those found now before the others.
    pub bypassed: Vec<PastGates>,
}

/// A deal that is known and not in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Which.
    pub deal: DealKey,
    /// Its handoff; none: its record is not open yet.
    pub handoff: Option<HandoffId>,
    /// The customer, where a handoff names one.
    pub account: Option<String>,
}

/// A handoff that got past gates without a pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastGates {
    /// Which deal.
    pub deal: DealKey,
    /// Its handoff.
    pub handoff: HandoffId,
    /// The customer.
    pub account: String,
    /// Which gates, with how each was noticed.
    pub gates: Vec<(Gate, String)>,
    /// Whether this file showed one of them.
    pub found_now: bool,
}

impl App {
    /// Compares what is known of a source with the ids a whole file of it has. `since` is when the file was begun.
    pub(super) async fn reconcile(
        &self,
        caller: &Caller,
        source: &str,
        ids: &BTreeSet<String>,
        since: Timestamp,
    ) -> Result<Reconciled, AppError> {
        let mut found = Reconciled::default();
        self.find_missing(caller, source, ids, &mut found).await?;
        let filter = HandoffFilter { bypassed: Some(true), ..HandoffFilter::default() };
        let mut after = None;
        loop {
            let query = query(filter.clone(), after);
            let page = self.store.list(caller.org, &query).await?;
            for row in page.rows.into_iter().filter(|row| row.deal.source == source) {
                let state = self.load(caller.org, row.id).await?.handoff;
                let past = state.gates.iter().filter_map(|(gate, history)| {
                    history.bypassed.as_ref().map(|bypassed| (*gate, bypassed))
                });
                let past: Vec<_> = past.collect();
                let found_now = past.iter().any(|(_, bypassed)| bypassed.at >= since);
                let gates = past.iter().map(|(gate, bypassed)| (*gate, bypassed.found.clone())).collect();
                found.past_a_gate += 1;
                found.found_now += u64::from(found_now);
                let told =
                    PastGates { deal: row.deal, handoff: row.id, account: row.account, gates, found_now };
                match found.bypassed.iter().position(|other| !other.found_now) {
                    Some(place) if found_now => found.bypassed.insert(place, told),
                    _ => found.bypassed.push(told),
                }
                found.bypassed.truncate(TOLD);
            }
            after = page.next;
            if after.is_none() {
                return Ok(found);
            }
        }
    }

    async fn find_missing(
        &self,
        caller: &Caller,
        source: &str,
        ids: &BTreeSet<String>,
        found: &mut Reconciled,
    ) -> Result<(), AppError> {
        let mut miss = |deal: DealKey, handoff, account| {
            if deal.source == source && !ids.contains(&deal.external_id) {
                found.not_in_file += 1;
                if found.missing.len() < TOLD {
                    found.missing.push(Missing { deal, handoff, account });
                }
            }
        };
        let goes_on = ["live", "out_of_scope"].map(str::to_owned);
        let filter = HandoffFilter { life: goes_on.into(), ..HandoffFilter::default() };
        let mut after = None;
        loop {
            let page = self.store.list(caller.org, &query(filter.clone(), after)).await?;
            page.rows.into_iter().for_each(|row| miss(row.deal, Some(row.id), Some(row.account)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let mut after = None;
        loop {
            let page = self.store.deals_without(caller.org, after.take(), STRETCH).await?;
            let Some(last) = page.last().map(|row| row.key.clone()) else { return Ok(()) };
            page.into_iter().for_each(|row| miss(row.key, None, None));
            after = Some(last);
        }
    }
}

fn query(filter: HandoffFilter, after: Option<throughline_store::Cursor>) -> HandoffQuery {
    HandoffQuery { reach: Reach::Organisation, filter, sort: Sort::Account, after, limit: PAGE }
}
