//! View rows: what lists, sweeps and counters read. Worked out from the state, never edited.

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, ItemId, Key, Money, PersonId, Role, deal::DealKey, handoff::Covers};

/// How the credit of a deal stands, by what has happened at its gate (R2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Credit {
    /// Nobody has asked for it yet.
    Open,
    /// It was asked for and refused, and not released since.
    Refused,
    /// Released, with everything there.
    Released,
    /// Released with a waiver.
    Waived,
    /// Given without asking.
    Bypassed,
}

impl Credit {
    /// Every one, in the order of their life.
    pub const ALL: [Self; 5] = [Self::Open, Self::Refused, Self::Released, Self::Waived, Self::Bypassed];

    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Refused => "refused",
            Self::Released => "released",
            Self::Waived => "waived",
            Self::Bypassed => "bypassed",
        }
    }
}

/// A handoff as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Row")]
pub struct HandoffRow {
    /// Which.
    pub id: HandoffId,
    /// The customer.
    pub account_id: throughline_domain::AccountId,
    /// The customer's name.
    pub account: String,
    /// The deal's name.
    pub deal_name: String,
    /// The deal in its CRM.
    pub deal: DealKey,
    /// The amount.
    pub amount: Option<Money>,
    /// Annual recurring revenue.
    #[serde(default)]
    pub arr: Option<Money>,
    /// Size class of the customer, as the CRM writes it.
    #[serde(default)]
    pub segment: Option<String>,
    /// Where the deal came from, as the CRM writes it.
    #[serde(default)]
    pub lead_source: Option<String>,
    /// live, done, withdrawn, cancelled, history or out_of_scope.
    pub life: String,
    /// preparing, offered, assigned or owned.
    pub stage: String,
    /// Playbook and version, as `default@3`; none: out of scope.
    pub playbook: Option<String>,
    /// The AE's seat.
    pub ae: PersonId,
    /// The CSM, nominated or more.
    pub csm: Option<PersonId>,
    /// Who is answerable to the customer.
    pub answerable: PersonId,
    /// What is required in the record.
    pub required: u32,
    /// How much of it is missing.
    pub missing: u32,
    /// The first missing thing's title.
    pub next_gap: Option<String>,
    /// What it is about: where it is closed.
    #[serde(default)]
    pub next_about: Option<Covers>,
    /// Whose that is.
    pub next_owed_by: Option<Role>,
    /// Who that is.
    pub next_person: Option<PersonId>,
    /// The earliest open due time.
    pub next_due_at: Option<Timestamp>,
    /// Which step that is.
    pub next_step: Option<String>,
    /// The same step by its name in the playbook.
    #[serde(default)]
    pub next_step_id: Option<Key>,
    /// The signature, expected or real.
    pub signature_on: Option<Date>,
    /// When the deal closed.
    pub closed_at: Option<Timestamp>,
    /// Questions the AE has not answered.
    pub open_questions: u32,
    /// Promises waiting for a decision.
    pub open_commitments: u32,
    /// Waivers waiting for a decision.
    pub open_waivers: u32,
    /// Some gate was bypassed.
    pub bypassed: bool,
    /// Some gate was passed with a waiver.
    pub waived: bool,
    /// Some gate was refused, and not passed or gone past since.
    #[serde(default)]
    pub refused: bool,
    /// How its credit stands; none: nothing asks for it.
    #[serde(default)]
    pub credit: Option<Credit>,
    /// The kickoff was held: the customer is at work on the plan.
    #[serde(default)]
    pub kicked_off: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last changed; that somebody was reminded changes nothing.
    pub updated_at: Timestamp,
    /// The instant all of this was worked out for: rules over days, and calendars, as they were then.
    #[serde(default)]
    pub as_of: Timestamp,
    /// Its version: what `If-Match` takes, quoted.
    pub version: u64,
}

/// One clock of a handoff, for sweeps and "what is late".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueRow {
    /// Which step.
    pub step: Key,
    /// How it is shown.
    pub title: String,
    /// Whose job.
    pub owner: Role,
    /// Who that is.
    pub person: Option<PersonId>,
    /// When its window begins.
    pub opens_at: Option<Timestamp>,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

/// A promise, for deal desk and product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseRow {
    /// Whose handoff.
    pub handoff: HandoffId,
    /// Which item.
    pub item: ItemId,
    /// The customer's name.
    pub account: String,
    /// What was promised. Personal text: erased with the handoff's texts.
    pub what: String,
    /// What sort.
    pub kind: String,
    /// promised, implied or soft.
    pub strength: Option<String>,
    /// Its state in one word.
    pub state: String,
    /// Who decides.
    pub routed_to: Option<Role>,
    /// Since when they have it.
    pub routed_at: Option<Timestamp>,
    /// When it was due to be decided.
    pub decide_by: Option<Timestamp>,
    /// By when it was promised.
    pub due_on: Option<Date>,
    /// Whether it stands in the contract.
    pub in_contract: Option<bool>,
    /// What it is worth.
    pub amount: Option<Money>,
    /// The AE.
    pub ae: PersonId,
}

/// Somebody has a part in a handoff.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartRow {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
}
