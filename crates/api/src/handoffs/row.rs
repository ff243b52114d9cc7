//! A handoff as lists show it.

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::{AccountId, HandoffId, Money, PersonId, Role, deal::DealKey};
use throughline_store::HandoffRow;

/// A handoff in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Row {
    /// Which.
    pub id: HandoffId,
    /// The customer.
    pub account_id: AccountId,
    /// The customer's name.
    pub account: String,
    /// The deal's name.
    pub deal_name: String,
    /// The deal in its CRM.
    pub deal: DealKey,
    /// The deal's amount.
    pub amount: Option<Money>,
    /// live, done, withdrawn, cancelled, history or out_of_scope.
    pub life: String,
    /// preparing, offered, assigned or owned.
    pub stage: String,
    /// Playbook and version, as `default@3`; null: out of scope.
    pub playbook: Option<String>,
    /// The AE.
    pub ae: PersonId,
    /// The CSM, nominated or more.
    pub csm: Option<PersonId>,
    /// Who is answerable to the customer.
    pub answerable: PersonId,
    /// How many answers the record requires.
    pub required: u32,
    /// How many things it misses.
    pub missing: u32,
    /// The first missing thing.
    pub next_gap: Option<String>,
    /// Whose job that is.
    pub next_owed_by: Option<Role>,
    /// Who that is.
    pub next_person: Option<PersonId>,
    /// The earliest open due time.
    pub next_due_at: Option<Timestamp>,
    /// Which step that is.
    pub next_step: Option<String>,
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
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Its version: what `If-Match` takes, quoted.
    pub version: u64,
}

impl From<HandoffRow> for Row {
    fn from(row: HandoffRow) -> Self {
        Self {
            id: row.id,
            account_id: row.account_id,
            account: row.account,
            deal_name: row.deal_name,
            deal: row.deal,
            amount: row.amount,
            life: row.life,
            stage: row.stage,
            playbook: row.playbook,
            ae: row.ae,
            csm: row.csm,
            answerable: row.answerable,
            required: row.required,
            missing: row.missing,
            next_gap: row.next_gap,
            next_owed_by: row.next_owed_by,
            next_person: row.next_person,
            next_due_at: row.next_due_at,
            next_step: row.next_step,
            signature_on: row.signature_on,
            closed_at: row.closed_at,
            open_questions: row.open_questions,
            open_commitments: row.open_commitments,
            open_waivers: row.open_waivers,
            bypassed: row.bypassed,
            waived: row.waived,
            opened_at: row.opened_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}
