//! Words for what pickers offer: the vocabulary of playbooks as choices, and the fields and comparisons of rules.

use serde::{Serialize, de::DeserializeOwned};
use throughline_domain::{
    Role,
    playbook::{
        AskKind, CompleteBefore, CsmChoice, Gate, MarkEffect, MarkedWhen, Moment, StepKind, Told, TransferOn,
        Way as RouteWay,
        asks::{CrmField, Need},
        edit::{Data, Document},
        rule::sentence::{Field, Join},
    },
    record::{PromiseKind, Side, StakeholderRole},
};

use super::spec::Pick;
use crate::{
    i18n::{Key, Text},
    key,
    pages::{
        playbooks::words,
        words::{data_name, word},
    },
};

/// A choice: what stands in the file, and its words.
pub type Offered = (String, String);

fn all<V: Serialize + Copy>(values: &[V], say: impl Fn(V) -> String) -> Vec<Offered> {
    values.iter().map(|value| (data_name(*value), say(*value))).collect()
}

impl Pick {
    /// What can be chosen, in the order it is offered.
    pub fn choices(self, t: &Text, document: &Document<'_>) -> Vec<Offered> {
        let data = || Data::from(&document.root);
        match self {
            Pick::Role => all(&Role::ALL, |role| words::role(t, role)),
            Pick::AskKind => all(&ASK_KINDS, |kind| words::kind(t, kind)),
            Pick::CrmField => all(&CRM_FIELDS, |field| words::crm_field(t, field)),
            Pick::StakeholderRole => named::<StakeholderRole>(t),
            Pick::PromiseKind => named::<PromiseKind>(t),
            Pick::Need => named::<Need>(t),
            Pick::Moment => all(&MOMENTS, |moment| words::moment(t, moment)),
            Pick::StepKind => all(&STEP_KINDS, |kind| t.get(step_kind(kind)).into_owned()),
            Pick::Way => all(&[RouteWay::This, RouteWay::None], |way| {
                let key = match way {
                    RouteWay::This => key!("playbook-way-this"),
                    RouteWay::None => key!("playbook-way-none"),
                };
                t.get(key).into_owned()
            }),
            Pick::Csm => all(&[CsmChoice::Named, CsmChoice::OfRecord, CsmChoice::Pooled], |csm| {
                let key = match csm {
                    CsmChoice::Named => key!("playbook-csm-named"),
                    CsmChoice::OfRecord => key!("playbook-csm-record"),
                    CsmChoice::Pooled => key!("playbook-csm-pooled"),
                };
                t.get(key).into_owned()
            }),
            Pick::Transfer => {
                all(&[TransferOn::Acceptance, TransferOn::WarmIntro, TransferOn::Kickoff], |on| {
                    words::transfer(t, on)
                })
            }
            Pick::Marked => all(&[MarkedWhen::Review, MarkedWhen::AfterIntro], |when| words::marked(t, when)),
            Pick::Effect => all(&[MarkEffect::Returns, MarkEffect::FollowUp, MarkEffect::Note], |effect| {
                words::effect(t, effect)
            }),
            Pick::Side => named::<Side>(t),
            Pick::Told => {
                all(&[Told::Owner, Told::Manager, Told::RevOps, Told::CsLeader], |told| words::told(t, told))
            }
            Pick::CompleteBefore => all(&[CompleteBefore::Handoff, CompleteBefore::Kickoff], |before| {
                words::complete_before(t, before)
            }),
            Pick::Gate => named::<Gate>(t),
            Pick::Categories => own(data().get("scorecard").and_then(|card| card.get("categories")), "title"),
            Pick::Asks => {
                let data = data();
                let sections = items(data.get("sections"));
                sections.iter().flat_map(|section| own(section.get("asks"), "ask")).collect()
            }
            Pick::Steps => own(data().get("steps"), "title"),
            Pick::Ratings => own(data().get("ratings"), "title"),
            Pick::Demands => demands(t, &data()),
        }
    }
}

fn named<N: crate::pages::words::Named>(t: &Text) -> Vec<Offered> {
    N::ALL.iter().map(|value| (data_name(*value), word(t, *value))).collect()
}

fn items(list: Option<&Data>) -> &[Data] {
    match list {
        Some(Data::List(items)) => items,
        _ => &[],
    }
}

/// Names the playbook gives, each with the words beside it.
fn own(list: Option<&Data>, title: &str) -> Vec<Offered> {
    let named = |item: &Data| {
        let id = item.get("id")?.text()?.to_owned();
        let title =
            item.get(title).and_then(Data::text).map_or_else(|| id.clone(), |text| text.trim().to_owned());
        Some((id, title))
    };
    items(list).iter().filter_map(named).collect()
}

fn demands(t: &Text, data: &Data) -> Vec<Offered> {
    let plain = [
        ("record", key!("playbook-demand-record")),
        ("commitments", key!("playbook-demand-commitments")),
        ("review", key!("playbook-demand-review")),
        ("acceptance", key!("playbook-demand-acceptance")),
        ("ownership", key!("playbook-demand-ownership")),
        ("corrections", key!("playbook-demand-corrections")),
        ("plan_confirmed", key!("playbook-demand-plan")),
    ];
    let plain = plain.into_iter().map(|(name, key)| (name.to_owned(), t.get(key).into_owned()));
    let steps = own(data.get("steps"), "title").into_iter().map(|(id, title)| {
        (format!("step:{id}"), t.with(key!("playbook-demand-step"), ("title", title)).into_owned())
    });
    let ratings = own(data.get("ratings"), "title").into_iter().map(|(id, title)| {
        (format!("rating:{id}"), t.with(key!("playbook-demand-rating"), ("title", title)).into_owned())
    });
    plain.chain(steps).chain(ratings).collect()
}

/// A value by its name in data.
pub fn by_name<V: DeserializeOwned>(name: &str) -> Option<V> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

const ASK_KINDS: [AskKind; 14] = [
    AskKind::Text,
    AskKind::Words,
    AskKind::Choice,
    AskKind::Date,
    AskKind::Money,
    AskKind::Number,
    AskKind::YesNo,
    AskKind::Person,
    AskKind::Promises,
    AskKind::Criteria,
    AskKind::Stakeholders,
    AskKind::Risks,
    AskKind::Integrations,
    AskKind::DataMoves,
];
const CRM_FIELDS: [CrmField; 9] = [
    CrmField::Plan,
    CrmField::Amount,
    CrmField::Arr,
    CrmField::TermMonths,
    CrmField::DiscountPercent,
    CrmField::RenewsOn,
    CrmField::Competitor,
    CrmField::Segment,
    CrmField::DealType,
];
const MOMENTS: [Moment; 16] = [
    Moment::Opened,
    Moment::Signature,
    Moment::Closed,
    Moment::Nominated,
    Moment::Offered,
    Moment::Returned,
    Moment::RecordComplete,
    Moment::Assigned,
    Moment::Owned,
    Moment::InternalCall,
    Moment::WarmIntro,
    Moment::FirstContact,
    Moment::Kickoff,
    Moment::KickoffEnd,
    Moment::PlanConfirmed,
    Moment::FirstValue,
];
const STEP_KINDS: [StepKind; 16] = [
    StepKind::Nomination,
    StepKind::Record,
    StepKind::EarlyIntro,
    StepKind::Review,
    StepKind::OfferAnswer,
    StepKind::ReturnAnswer,
    StepKind::InternalCall,
    StepKind::WarmIntro,
    StepKind::FirstContact,
    StepKind::KickoffBooked,
    StepKind::Kickoff,
    StepKind::PlanConfirmed,
    StepKind::Availability,
    StepKind::Rating,
    StepKind::FirstValue,
    StepKind::Other,
];

fn step_kind(kind: StepKind) -> Key {
    match kind {
        StepKind::Nomination => key!("editor-step-nomination"),
        StepKind::Record => key!("editor-step-record"),
        StepKind::EarlyIntro => key!("editor-step-early-intro"),
        StepKind::Review => key!("editor-step-review"),
        StepKind::OfferAnswer => key!("editor-step-offer-answer"),
        StepKind::ReturnAnswer => key!("editor-step-return-answer"),
        StepKind::InternalCall => key!("editor-step-internal-call"),
        StepKind::WarmIntro => key!("editor-step-warm-intro"),
        StepKind::FirstContact => key!("editor-step-first-contact"),
        StepKind::KickoffBooked => key!("editor-step-kickoff-booked"),
        StepKind::Kickoff => key!("editor-step-kickoff"),
        StepKind::PlanConfirmed => key!("editor-step-plan-confirmed"),
        StepKind::Availability => key!("editor-step-availability"),
        StepKind::Rating => key!("editor-step-rating"),
        StepKind::FirstValue => key!("editor-step-first-value"),
        StepKind::Other => key!("editor-step-other"),
    }
}

/// A field of a rule in words.
pub fn field(t: &Text, field: &Field) -> String {
    let key = match field {
        Field::Variant => key!("editor-field-variant"),
        Field::Extra(column) => {
            return t.with(key!("editor-field-column"), ("column", column.as_str())).into_owned();
        }
        Field::Promise(name) => match *name {
            "kind" => key!("editor-field-promise-kind"),
            "strength" => key!("editor-field-promise-strength"),
            "in_contract" => key!("editor-field-promise-in-contract"),
            "standard" => key!("editor-field-promise-standard"),
            "amount" => key!("editor-field-promise-amount"),
            "owed_by" => key!("editor-field-promise-owed-by"),
            other => return format!("promise.{other}"),
        },
        Field::Deal(name) => match *name {
            "source" => key!("editor-field-source"),
            "name" => key!("editor-field-name"),
            "account" => key!("editor-field-account"),
            "stage" => key!("editor-field-stage"),
            "type" => key!("editor-field-type"),
            "segment" => key!("editor-field-segment"),
            "lead_source" => key!("editor-field-lead-source"),
            "partner" => key!("editor-field-partner"),
            "plan" => key!("editor-field-plan"),
            "competitor" => key!("editor-field-competitor"),
            "currency" => key!("editor-field-currency"),
            "amount" => key!("editor-field-amount"),
            "arr" => key!("editor-field-arr"),
            "term_months" => key!("editor-field-term"),
            "discount_percent" => key!("editor-field-discount"),
            "probability" => key!("editor-field-probability"),
            "days_to_signature" => key!("editor-field-days-to-signature"),
            "won" => key!("editor-field-won"),
            "lost" => key!("editor-field-lost"),
            "se_involved" => key!("editor-field-se"),
            "existing_account" => key!("editor-field-existing"),
            other => return format!("deal.{other}"),
        },
    };
    t.get(key).into_owned()
}

/// How parts are joined, in words.
pub fn join(join: Join) -> Key {
    match join {
        Join::All => key!("editor-join-all"),
        Join::Any => key!("editor-join-any"),
        Join::NotAll => key!("editor-join-not-all"),
        Join::NoneOf => key!("editor-join-none"),
    }
}

/// A comparison as forms name it, with its words.
pub const COMPARISONS: &[(&str, Key)] = &[
    (">=", key!("editor-op-at-least")),
    (">", key!("editor-op-more")),
    ("<=", key!("editor-op-at-most")),
    ("<", key!("editor-op-less")),
    ("==", key!("editor-op-equal")),
    ("!=", key!("editor-op-not-equal")),
    ("is", key!("editor-op-is")),
    ("is_not", key!("editor-op-is-not")),
    ("one_of", key!("editor-op-one-of")),
    ("none_of", key!("editor-op-none-of")),
    ("contains", key!("editor-op-contains")),
    ("contains_not", key!("editor-op-contains-not")),
    ("starts", key!("editor-op-starts")),
    ("starts_not", key!("editor-op-starts-not")),
    ("ends", key!("editor-op-ends")),
    ("ends_not", key!("editor-op-ends-not")),
    ("yes", key!("editor-op-yes")),
    ("no", key!("editor-op-no")),
    ("known", key!("editor-op-known")),
    ("unknown", key!("editor-op-unknown")),
];
