//! The body of a deal: as in the domain, without the key, which stands in the address.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::Deserialize;
use throughline_domain::{
    Money, Personal,
    deal::{CrmPerson, Deal, DealKey, Standing},
};

/// One reading of a deal.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DealBody {
    /// When the source says it was so; now when left out. The newest source time wins.
    #[serde(default)]
    pub source_time: Option<Timestamp>,
    /// The deal's name.
    #[schemars(length(min = 1, max = 500))]
    pub name: String,
    /// The customer's name.
    #[schemars(length(min = 1, max = 500))]
    pub account: String,
    /// The customer's id in the CRM.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub account_external_id: Option<String>,
    /// The CRM's stage, as it writes it.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub stage: String,
    /// How the deal stands.
    #[serde(default)]
    pub standing: Standing,
    /// The deal's amount.
    #[serde(default)]
    pub amount: Option<Money>,
    /// Annual recurring revenue.
    #[serde(default)]
    pub arr: Option<Money>,
    /// Contract term in months.
    #[serde(default)]
    pub term_months: Option<u16>,
    /// Discount given, in percent of list.
    #[serde(default)]
    #[schemars(range(max = 100))]
    pub discount_percent: Option<u8>,
    /// Probability of winning, in percent.
    #[serde(default)]
    #[schemars(range(max = 100))]
    pub probability: Option<u8>,
    /// The CRM's close date: the expected signature until the real one is known.
    #[serde(default)]
    pub close_on: Option<Date>,
    /// When the contract was signed, where the CRM knows.
    #[serde(default)]
    pub signed_at: Option<Timestamp>,
    /// When the deal entered its won stage, where the CRM knows.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// New business, renewal, expansion… as the CRM writes it.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub deal_type: Option<String>,
    /// Size class of the customer.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub segment: Option<String>,
    /// Where the deal came from.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub lead_source: Option<String>,
    /// The partner who sold along.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub partner: Option<String>,
    /// Plan or tier bought.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub plan: Option<String>,
    /// The first renewal.
    #[serde(default)]
    pub renews_on: Option<Date>,
    /// Who else was evaluated.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub competitor: Option<String>,
    /// Whether a solutions engineer was involved.
    #[serde(default)]
    pub se_involved: Option<bool>,
    /// Whether the customer had bought before.
    #[serde(default)]
    pub existing_account: Option<bool>,
    /// The AE.
    #[serde(default)]
    pub owner: Option<CrmPerson>,
    /// The CSM the CRM shows.
    #[serde(default)]
    pub csm: Option<CrmPerson>,
    /// Whatever else the source says, by its own field names.
    #[serde(default)]
    pub extra: BTreeMap<String, Personal>,
}

impl DealBody {
    /// The reading with its key; `now` where the source tells no time.
    pub fn into_deal(self, key: DealKey, now: Timestamp) -> Deal {
        Deal {
            key,
            source_time: self.source_time.unwrap_or(now),
            name: self.name,
            account: self.account,
            account_external_id: self.account_external_id,
            stage: self.stage,
            standing: self.standing,
            amount: self.amount,
            arr: self.arr,
            term_months: self.term_months,
            discount_percent: self.discount_percent,
            probability: self.probability,
            close_on: self.close_on,
            signed_at: self.signed_at,
            closed_at: self.closed_at,
            deal_type: self.deal_type,
            segment: self.segment,
            lead_source: self.lead_source,
            partner: self.partner,
            plan: self.plan,
            renews_on: self.renews_on,
            competitor: self.competitor,
            se_involved: self.se_involved,
            existing_account: self.existing_account,
            owner: self.owner,
            csm: self.csm,
            extra: self.extra,
        }
    }
}
