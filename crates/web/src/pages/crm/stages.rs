//! The stages of the stand-in CRM, as such systems have them.

use throughline_domain::deal::Standing;

use crate::{i18n::Key, key};

/// A stage of its sales process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SalesStage {
    Discovery,
    Proposal,
    Negotiation,
    Won,
    Lost,
}

impl SalesStage {
    pub const ALL: [Self; 5] = [Self::Discovery, Self::Proposal, Self::Negotiation, Self::Won, Self::Lost];

    /// As the CRM writes it, in its data too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Discovery => "Discovery",
            Self::Proposal => "Proposal",
            Self::Negotiation => "Negotiation",
            Self::Won => "Closed Won",
            Self::Lost => "Closed Lost",
        }
    }

    /// As the page writes it.
    pub fn key(self) -> Key {
        match self {
            Self::Discovery => key!("crm-stage-discovery"),
            Self::Proposal => key!("crm-stage-proposal"),
            Self::Negotiation => key!("crm-stage-negotiation"),
            Self::Won => key!("crm-stage-won"),
            Self::Lost => key!("crm-stage-lost"),
        }
    }

    pub fn standing(self) -> Standing {
        match self {
            Self::Discovery | Self::Proposal | Self::Negotiation => Standing::Open,
            Self::Won => Standing::Won,
            Self::Lost => Standing::Lost,
        }
    }

    /// The probability such a stage carries, in percent.
    pub fn probability(self) -> u8 {
        match self {
            Self::Discovery => 20,
            Self::Proposal => 50,
            Self::Negotiation => 80,
            Self::Won => 100,
            Self::Lost => 0,
        }
    }

    /// The stage a deal is in: by its standing, then by its name.
    pub fn of(stage: &str, standing: Standing) -> Self {
        match standing {
            Standing::Won => Self::Won,
            Standing::Lost | Standing::Deleted => Self::Lost,
            Standing::Open => Self::ALL
                .into_iter()
                .filter(|one| one.standing() == Standing::Open)
                .find(|one| one.name().eq_ignore_ascii_case(stage.trim()))
                .unwrap_or(Self::Negotiation),
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}
