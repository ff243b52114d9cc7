//! What a column of a deal export can mean to us.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A fact about a deal that a column may carry. Everything else is kept under the column's own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The deal's id in the CRM; without it nothing can be imported twice safely.
    ExternalId,
    /// The deal's name.
    Name,
    /// The customer's name.
    AccountName,
    /// The customer's id in the CRM.
    AccountId,
    /// The stage, as the CRM writes it.
    Stage,
    /// Open, won or lost, where the CRM keeps that beside the stage.
    Status,
    /// Whether the deal is won.
    #[serde(rename = "is_won")]
    Won,
    /// Whether the deal is lost.
    #[serde(rename = "is_lost")]
    Lost,
    /// Whether the deal is closed, either way.
    #[serde(rename = "is_closed")]
    Closed,
    /// Whether the deal is deleted in the CRM.
    #[serde(rename = "is_deleted")]
    Deleted,
    /// The deal's amount.
    Amount,
    /// The amount's currency.
    Currency,
    /// Annual recurring revenue.
    Arr,
    /// The probability of winning.
    Probability,
    /// The CRM's close date: the expected signature until the real one is known (R0.5).
    #[serde(rename = "close_date")]
    ExpectedClose,
    /// When the deal was created.
    CreatedAt,
    /// When the deal was last changed; the newest of two readings wins.
    ModifiedAt,
    /// When the contract was signed.
    SignedAt,
    /// When the deal entered its won stage (R0.5).
    ClosedAt,
    /// New business, renewal, expansion… as the CRM writes it.
    DealType,
    /// Where the deal came from.
    LeadSource,
    /// The seller's id in the CRM.
    OwnerId,
    /// The seller's name.
    OwnerName,
    /// The seller's mail address.
    OwnerEmail,
    /// Size class of the customer.
    Segment,
    /// The partner who sold along.
    Partner,
    /// Plan or tier bought.
    Plan,
    /// Who else was evaluated.
    Competitor,
    /// The first renewal.
    RenewalDate,
    /// The CSM's id in the CRM.
    CsmId,
    /// The CSM's name.
    CsmName,
    /// The CSM's mail address.
    CsmEmail,
    /// False on a past version of a row, as tools that keep history write it.
    #[serde(rename = "is_current")]
    Current,
}

impl Field {
    /// All fields, in the order a person reads them.
    pub const ALL: [Field; 33] = [
        Field::ExternalId,
        Field::Name,
        Field::AccountName,
        Field::AccountId,
        Field::Stage,
        Field::Status,
        Field::Won,
        Field::Lost,
        Field::Closed,
        Field::Deleted,
        Field::Amount,
        Field::Currency,
        Field::Arr,
        Field::Probability,
        Field::ExpectedClose,
        Field::CreatedAt,
        Field::ModifiedAt,
        Field::SignedAt,
        Field::ClosedAt,
        Field::DealType,
        Field::LeadSource,
        Field::OwnerId,
        Field::OwnerName,
        Field::OwnerEmail,
        Field::Segment,
        Field::Partner,
        Field::Plan,
        Field::Competitor,
        Field::RenewalDate,
        Field::CsmId,
        Field::CsmName,
        Field::CsmEmail,
        Field::Current,
    ];

    /// The name used in mappings: `close_date`.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::ExternalId => "external_id",
            Field::Name => "name",
            Field::AccountName => "account_name",
            Field::AccountId => "account_id",
            Field::Stage => "stage",
            Field::Status => "status",
            Field::Won => "is_won",
            Field::Lost => "is_lost",
            Field::Closed => "is_closed",
            Field::Deleted => "is_deleted",
            Field::Amount => "amount",
            Field::Currency => "currency",
            Field::Arr => "arr",
            Field::Probability => "probability",
            Field::ExpectedClose => "close_date",
            Field::CreatedAt => "created_at",
            Field::ModifiedAt => "modified_at",
            Field::SignedAt => "signed_at",
            Field::ClosedAt => "closed_at",
            Field::DealType => "deal_type",
            Field::LeadSource => "lead_source",
            Field::OwnerId => "owner_id",
            Field::OwnerName => "owner_name",
            Field::OwnerEmail => "owner_email",
            Field::Segment => "segment",
            Field::Partner => "partner",
            Field::Plan => "plan",
            Field::Competitor => "competitor",
            Field::RenewalDate => "renewal_date",
            Field::CsmId => "csm_id",
            Field::CsmName => "csm_name",
            Field::CsmEmail => "csm_email",
            Field::Current => "is_current",
        }
    }

    /// Whether the field is an amount of money.
    pub(crate) fn is_money(self) -> bool {
        matches!(self, Field::Amount | Field::Arr)
    }

    /// Whether the field is a date or a moment.
    pub(crate) fn is_date(self) -> bool {
        matches!(
            self,
            Field::ExpectedClose
                | Field::CreatedAt
                | Field::ModifiedAt
                | Field::SignedAt
                | Field::ClosedAt
                | Field::RenewalDate
        )
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Text that names no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no field of a deal")]
pub struct UnknownField(String);

impl FromStr for Field {
    type Err = UnknownField;
    fn from_str(text: &str) -> Result<Self, UnknownField> {
        let found = Field::ALL.into_iter().find(|field| field.as_str() == text.trim());
        found.ok_or_else(|| UnknownField(crate::limits::shown(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_written_and_read_alike_everywhere() {
        for (at, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, at);
            assert_eq!(serde_json::to_value(field).unwrap(), field.as_str());
            assert_eq!(field.as_str().parse(), Ok(field));
        }
        assert!("close date".parse::<Field>().is_err());
    }
}
