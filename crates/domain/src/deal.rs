//! A deal as the CRM tells it, and what its news means once late and out-of-order messages are put in order.
//!
//! Absent on purpose: any vendor's field names; a connector has translated before anything gets here.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{money::Money, personal::Personal};

/// Where a deal is known: the system and its id there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DealKey {
    /// The system, such as `salesforce`.
    pub source: String,
    /// The id in that system.
    pub external_id: String,
}

impl std::fmt::Display for DealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.source, self.external_id)
    }
}

/// How the deal stands in the CRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Still being sold.
    #[default]
    Open,
    /// Closed-won.
    Won,
    /// Closed-lost.
    Lost,
    /// Deleted or merged away in the CRM.
    Deleted,
}

impl Standing {
    /// Lost and deleted deals are withdrawn (R0.6).
    pub fn is_gone(self) -> bool {
        matches!(self, Standing::Lost | Standing::Deleted)
    }
}

/// A person as the CRM names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrmPerson {
    /// Their id in the CRM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Their name there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal>,
    /// Their mail address there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal>,
}

/// One reading of a deal (R0.5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    /// Which deal.
    #[serde(flatten)]
    pub key: DealKey,
    /// When the source says it was so. The newest source time wins.
    pub source_time: Timestamp,
    /// The deal's name.
    pub name: String,
    /// The customer's name.
    pub account: String,
    /// The customer's id in the CRM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_external_id: Option<String>,
    /// The CRM's stage, as it writes it.
    #[serde(default)]
    pub stage: String,
    /// How the deal stands.
    #[serde(default)]
    pub standing: Standing,
    /// The deal's amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Annual recurring revenue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arr: Option<Money>,
    /// Contract term in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_months: Option<u16>,
    /// Discount given, in percent of list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<u8>,
    /// Probability of winning, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<u8>,
    /// The CRM's close date: the expected signature until the real one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_on: Option<Date>,
    /// When the contract was signed, where the CRM knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    /// When the deal entered its won stage, where the CRM knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// New business, renewal, expansion… as the CRM writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deal_type: Option<String>,
    /// Size class of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// Where the deal came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_source: Option<String>,
    /// The partner who sold along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// Plan or tier bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The first renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews_on: Option<Date>,
    /// Who else was evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competitor: Option<String>,
    /// Whether a solutions engineer was involved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub se_involved: Option<bool>,
    /// Whether the customer had bought before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub existing_account: Option<bool>,
    /// The AE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<CrmPerson>,
    /// The CSM the CRM shows, which may be somebody nobody assigned (R2.11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csm: Option<CrmPerson>,
    /// Whatever else the source says, by its own field names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, Personal>,
}

impl Deal {
    /// The moment the deal closed by this reading alone.
    pub fn stated_close(&self) -> Option<Timestamp> {
        (self.standing == Standing::Won).then(|| self.closed_at.or(self.signed_at)).flatten()
    }
}

/// Most readings of standings kept; beyond it, those in the middle of a run go, then the oldest.
const MOST_STANDINGS: usize = 400;

/// The order of standings as the source's own times tell it, whatever order the messages came in.
///
/// Repeats are kept: news that comes late can fall between two of them and end the run they made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Standings(Vec<(Timestamp, Standing)>);

impl Standings {
    /// Puts one reading in its place. The same reading again adds nothing.
    pub fn hear(&mut self, at: Timestamp, standing: Standing) {
        let place = self.0.partition_point(|(time, _)| *time <= at);
        if place > 0 && self.0[place - 1] == (at, standing) {
            return;
        }
        self.0.insert(place, (at, standing));
        if self.0.len() > MOST_STANDINGS {
            self.thin();
        }
    }

    /// When the present run of being won began; none when the deal is not won.
    pub fn won_since(&self) -> Option<Timestamp> {
        self.won().map(|(since, _)| since)
    }

    /// The same, with the last time before it at which the deal was known not to be won.
    pub fn won(&self) -> Option<(Timestamp, Option<Timestamp>)> {
        let is_won = |(_, standing): &(Timestamp, Standing)| *standing == Standing::Won;
        let before = self.0.iter().rposition(|reading| !is_won(reading));
        let since = self.0.get(before.map_or(0, |before| before + 1))?.0;
        Some((since, before.map(|before| self.0[before].0)))
    }

    /// Keeps the ends of every run.
    fn thin(&mut self) {
        let all = std::mem::take(&mut self.0);
        let same = |index: Option<usize>, standing| {
            index.and_then(|index| all.get(index)).is_some_and(|one| one.1 == standing)
        };
        let inner =
            |index: usize, standing| same(index.checked_sub(1), standing) && same(Some(index + 1), standing);
        self.0 = all
            .iter()
            .enumerate()
            .filter(|(index, one)| !inner(*index, one.1))
            .map(|(_, one)| *one)
            .collect();
        let surplus = self.0.len().saturating_sub(MOST_STANDINGS);
        self.0.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_news_puts_the_won_moment_right() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut standings = Standings::default();
        standings.hear(at(30), Standing::Won);
        assert_eq!(standings.won_since(), Some(at(30)));
        standings.hear(at(10), Standing::Open);
        standings.hear(at(20), Standing::Won);
        assert_eq!(standings.won_since(), Some(at(20)));
        standings.hear(at(40), Standing::Open);
        assert_eq!(standings.won_since(), None);
    }

    #[test]
    fn news_that_falls_between_two_repeats_ends_their_run() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut standings = Standings::default();
        for (second, standing) in [
            (10, Standing::Open),
            (30, Standing::Won),
            (15, Standing::Open),
            (12, Standing::Won),
            (30, Standing::Won),
        ] {
            standings.hear(at(second), standing);
        }
        assert_eq!(standings.won(), Some((at(30), Some(at(15)))));
    }

    #[test]
    fn years_of_the_same_news_take_little_room_and_keep_the_won_moment() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut standings = Standings::default();
        standings.hear(at(0), Standing::Open);
        for second in 1..5_000 {
            standings.hear(at(second), Standing::Won);
        }
        assert!(standings.0.len() <= MOST_STANDINGS);
        assert_eq!(standings.won(), Some((at(1), Some(at(0)))));
    }
}
