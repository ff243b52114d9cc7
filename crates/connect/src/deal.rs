//! One row as a deal.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    cell::{date::Moment, money::Amount, percent::Percent},
    outcome::Outcome,
};

/// A person as the CRM names them; any part may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Person {
    /// Their id in the CRM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their mail address, in small letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Person {
    /// Whether the CRM names nobody.
    pub fn is_nobody(&self) -> bool {
        *self == Person::default()
    }
}

/// A deal as one row of an export tells it (R1.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DealRow {
    /// Line on which the row begins, counted from 1.
    pub line: u64,
    /// The deal's id in the CRM; short ids are completed.
    pub external_id: String,
    /// The deal's name.
    pub name: String,
    /// The customer's name.
    pub account_name: Option<String>,
    /// The customer's id in the CRM.
    pub account_id: Option<String>,
    /// The stage, as the CRM writes it.
    pub stage: Option<String>,
    /// Open, won or lost.
    pub outcome: Outcome,
    /// Whether the CRM has deleted the deal.
    pub is_deleted: bool,
    /// The deal's amount.
    pub amount: Option<Amount>,
    /// Annual recurring revenue.
    pub arr: Option<Amount>,
    /// The probability of winning.
    pub probability: Option<Percent>,
    /// The CRM's close date.
    pub close_date: Option<Date>,
    /// When the deal was created.
    pub created: Option<Moment>,
    /// When the deal was last changed.
    pub modified: Option<Moment>,
    /// When the contract was signed.
    pub signed_at: Option<Moment>,
    /// When the deal entered its won stage.
    pub closed_at: Option<Moment>,
    /// The first renewal.
    pub renewal_date: Option<Date>,
    /// New business, renewal, expansion… as the CRM writes it.
    pub deal_type: Option<String>,
    /// Where the deal came from.
    pub lead_source: Option<String>,
    /// The AE.
    pub owner: Person,
    /// The CSM the CRM shows.
    pub csm: Person,
    /// Size class of the customer.
    pub segment: Option<String>,
    /// The partner who sold along.
    pub partner: Option<String>,
    /// Plan or tier bought.
    pub plan: Option<String>,
    /// Who else was evaluated.
    pub competitor: Option<String>,
    /// What stands in the columns that are mapped to nothing, by column name; blanks left out.
    pub extra: BTreeMap<String, String>,
}

impl DealRow {
    /// Whether the deal is closed and won.
    pub fn is_won(&self) -> bool {
        self.outcome == Outcome::Won
    }

    /// Whether the deal is closed, won or lost.
    pub fn is_closed(&self) -> bool {
        self.outcome != Outcome::Open
    }
}
