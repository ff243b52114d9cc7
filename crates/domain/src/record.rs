//! What the record holds: answers and items, each with where it came from.
//!
//! An item stands in one list; an ask is a view over a list (all stakeholders who are champions). Absent on
//! purpose: whether anything is required or enough; that is the playbook's question, answered in [`crate::gate`].

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ItemId, Key},
    money::Money,
    people::{Actor, Role},
    personal::Personal,
    playbook::{AskKind, asks::Need},
};

/// Everything known so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Record {
    /// Answers to single asks.
    pub answers: BTreeMap<Key, Answered>,
    /// Lists for which somebody said "there are none".
    pub none: BTreeMap<Key, NoneDeclared>,
    /// Items of all lists, oldest first (ids sort by birth).
    pub items: BTreeMap<ItemId, Item>,
}

impl Record {
    /// The items of one list.
    pub fn list(&self, list: List) -> impl Iterator<Item = &Item> {
        self.items.values().filter(move |item| item.body.list() == list)
    }

    /// The promises with their items.
    pub fn promises(&self) -> impl Iterator<Item = (&Item, &Promise)> {
        self.items.values().filter_map(|item| match &item.body {
            Body::Promise(promise) => Some((item, promise)),
            _ => None,
        })
    }
}

/// An answer with where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// Where it came from.
    pub provenance: Provenance,
    /// When it was recorded.
    pub at: Timestamp,
}

/// Somebody said that a list is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoneDeclared {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why they are sure.
    pub note: Option<Personal>,
}

/// Where something in the record came from (R1.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Provenance {
    /// A field of the CRM.
    Crm {
        /// Its name.
        field: String,
    },
    /// Somebody's hand.
    Hand {
        /// Whose.
        by: Actor,
    },
    /// Taken over from the account's last handoff (R0.7).
    CarriedOver,
}

/// An answer to a single ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// Free text.
    Text {
        /// The text.
        text: Personal,
    },
    /// The customer's own words.
    Words {
        /// As said.
        said: Personal,
        /// Where.
        #[serde(default)]
        evidence: Evidence,
    },
    /// Chosen options.
    Choice {
        /// Their names.
        chosen: Vec<Key>,
    },
    /// A date.
    Date {
        /// The date.
        on: Date,
    },
    /// An amount.
    Money {
        /// The amount.
        amount: Money,
    },
    /// A number.
    Number {
        /// The number.
        number: f64,
    },
    /// Yes or no.
    YesNo {
        /// Yes.
        yes: bool,
    },
    /// A person at the customer.
    Person {
        /// Their name.
        name: Personal,
        /// How to reach them.
        #[serde(default)]
        contact: Option<Personal>,
    },
}

impl Answer {
    /// Which kind of ask it answers.
    pub fn kind(&self) -> AskKind {
        match self {
            Answer::Text { .. } => AskKind::Text,
            Answer::Words { .. } => AskKind::Words,
            Answer::Choice { .. } => AskKind::Choice,
            Answer::Date { .. } => AskKind::Date,
            Answer::Money { .. } => AskKind::Money,
            Answer::Number { .. } => AskKind::Number,
            Answer::YesNo { .. } => AskKind::YesNo,
            Answer::Person { .. } => AskKind::Person,
        }
    }
}

/// Where something was said or written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What sort of source.
    #[serde(default)]
    pub source: Option<Source>,
    /// Which one: a call's title, a mail's subject, a link.
    #[serde(default)]
    pub reference: Option<Personal>,
    /// Who said it.
    #[serde(default)]
    pub speaker: Option<Personal>,
    /// When.
    #[serde(default)]
    pub on: Option<Date>,
    /// The passage, word for word.
    #[serde(default)]
    pub quote: Option<Personal>,
}

impl Evidence {
    /// Evidence says at least what sort of source, and who spoke or which source it was.
    pub fn is_given(&self) -> bool {
        self.source.is_some() && (self.speaker.is_some() || self.reference.is_some())
    }
}

/// What sort of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A recorded or remembered call.
    Call,
    /// A meeting in person.
    Meeting,
    /// A mail.
    Mail,
    /// A chat message.
    Chat,
    /// A note in the CRM.
    Note,
    /// A document such as a proposal.
    Document,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Which.
    pub id: ItemId,
    /// What it says.
    pub body: Body,
    /// Where it was said.
    pub evidence: Evidence,
    /// Where it came from.
    pub provenance: Provenance,
    /// When it was first recorded.
    pub at: Timestamp,
}

impl Item {
    /// What the item lacks of what is needed.
    pub fn lacks(&self, needs: &[Need]) -> Vec<Need> {
        needs.iter().copied().filter(|need| !self.carries(*need)).collect()
    }

    fn carries(&self, need: Need) -> bool {
        match (&self.body, need) {
            (_, Need::Evidence) => self.evidence.is_given(),
            (Body::Criterion(criterion), Need::Measure) => criterion.measure.is_some(),
            (Body::Stakeholder(person), need) => match need {
                Need::Title => person.title.is_some(),
                Need::Contact => person.contact.is_some(),
                Need::Influence => person.influence.is_some(),
                Need::Stance => person.stance.is_some(),
                Need::Goals => person.goals.is_some(),
                Need::Said => person.said.is_some(),
                _ => true,
            },
            (Body::Promise(promise), need) => match need {
                Need::Due => promise.due_on.is_some(),
                Need::InContract => promise.in_contract.is_some(),
                Need::Owner => promise.owed_by.is_some(),
                Need::Strength => promise.strength.is_some(),
                _ => true,
            },
            (Body::Risk(risk), Need::Owner) => risk.owner.is_some(),
            (Body::Risk(risk), Need::Mitigation) => risk.mitigation.is_some(),
            (Body::Integration(tool), Need::Owner) => tool.owner.is_some(),
            (Body::DataMove(data), Need::Owner) => data.owner.is_some(),
            (Body::DataMove(data), Need::From) => data.from.is_some(),
            (Body::DataMove(data), Need::Format) => data.format.is_some(),
            _ => true,
        }
    }
}

/// The lists of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// Promises.
    Promises,
    /// Success criteria.
    Criteria,
    /// Stakeholders.
    Stakeholders,
    /// Risks.
    Risks,
    /// Integrations.
    Integrations,
    /// Data to move.
    DataMoves,
}

impl List {
    /// The list an ask looks at.
    pub fn of(kind: AskKind) -> Option<List> {
        match kind {
            AskKind::Promises => Some(List::Promises),
            AskKind::Criteria => Some(List::Criteria),
            AskKind::Stakeholders => Some(List::Stakeholders),
            AskKind::Risks => Some(List::Risks),
            AskKind::Integrations => Some(List::Integrations),
            AskKind::DataMoves => Some(List::DataMoves),
            _ => None,
        }
    }

    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            List::Promises => "promises",
            List::Criteria => "criteria",
            List::Stakeholders => "stakeholders",
            List::Risks => "risks",
            List::Integrations => "integrations",
            List::DataMoves => "data_moves",
        }
    }
}

/// What an item says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "list", rename_all = "snake_case")]
pub enum Body {
    /// A promise.
    Promise(Promise),
    /// A success criterion.
    Criterion(Criterion),
    /// A person at the customer.
    Stakeholder(Stakeholder),
    /// A risk.
    Risk(Risk),
    /// A tool to connect.
    Integration(Integration),
    /// Data to move.
    DataMove(DataMove),
}

impl Body {
    /// Which list it belongs to.
    pub fn list(&self) -> List {
        match self {
            Body::Promise(_) => List::Promises,
            Body::Criterion(_) => List::Criteria,
            Body::Stakeholder(_) => List::Stakeholders,
            Body::Risk(_) => List::Risks,
            Body::Integration(_) => List::Integrations,
            Body::DataMove(_) => List::DataMoves,
        }
    }
}

/// Anything the customer may now expect (R1.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// What was promised, in plain words.
    pub what: Personal,
    /// What sort.
    pub kind: PromiseKind,
    /// How strongly.
    #[serde(default)]
    pub strength: Option<Strength>,
    /// Who owes it.
    #[serde(default)]
    pub owed_by: Option<Side>,
    /// By when.
    #[serde(default)]
    pub due_on: Option<Date>,
    /// Whether it stands in the contract.
    #[serde(default)]
    pub in_contract: Option<bool>,
    /// Whether it is within what is always sold.
    #[serde(default)]
    pub standard: Option<bool>,
    /// What it is worth, where that can be said.
    #[serde(default)]
    pub amount: Option<Money>,
    /// Where its life stands. Set by the process, never by hand.
    #[serde(default)]
    #[schemars(skip)]
    pub life: PromiseLife,
}

/// What sort of promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// What the product can do.
    Capability,
    /// A result the customer will have.
    Outcome,
    /// A feature by a date.
    FeatureDate,
    /// Implementation work beyond the standard.
    Implementation,
    /// A price not visible in the contract.
    Price,
    /// Terms not visible in the contract.
    Terms,
    /// A named person.
    NamedResource,
    /// A service level beyond the standard.
    Sla,
    /// Money back under a condition.
    Refund,
    /// A level of support.
    Support,
    /// That something will connect.
    Integration,
    /// How soon value comes.
    TimeToValue,
    /// Anything else.
    Other,
}

impl PromiseKind {
    /// Every kind, in the order forms list them.
    pub const ALL: [PromiseKind; 13] = [
        PromiseKind::Capability,
        PromiseKind::Outcome,
        PromiseKind::FeatureDate,
        PromiseKind::Implementation,
        PromiseKind::Price,
        PromiseKind::Terms,
        PromiseKind::NamedResource,
        PromiseKind::Sla,
        PromiseKind::Refund,
        PromiseKind::Support,
        PromiseKind::Integration,
        PromiseKind::TimeToValue,
        PromiseKind::Other,
    ];

    /// The name used in data and rules.
    pub fn name(self) -> &'static str {
        match self {
            PromiseKind::Capability => "capability",
            PromiseKind::Outcome => "outcome",
            PromiseKind::FeatureDate => "feature_date",
            PromiseKind::Implementation => "implementation",
            PromiseKind::Price => "price",
            PromiseKind::Terms => "terms",
            PromiseKind::NamedResource => "named_resource",
            PromiseKind::Sla => "sla",
            PromiseKind::Refund => "refund",
            PromiseKind::Support => "support",
            PromiseKind::Integration => "integration",
            PromiseKind::TimeToValue => "time_to_value",
            PromiseKind::Other => "other",
        }
    }
}

/// How strongly a promise was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Said outright.
    Promised,
    /// Understood from what was said.
    Implied,
    /// Left open so that it sounds like yes.
    Soft,
}

impl Strength {
    /// The name used in data and rules.
    pub fn name(self) -> &'static str {
        match self {
            Strength::Promised => "promised",
            Strength::Implied => "implied",
            Strength::Soft => "soft",
        }
    }
}

/// Whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The vendor's.
    Us,
    /// The customer's.
    Customer,
    /// A partner's.
    Partner,
}

impl Side {
    /// The name used in data and rules.
    pub fn name(self) -> &'static str {
        match self {
            Side::Us => "us",
            Side::Customer => "customer",
            Side::Partner => "partner",
        }
    }
}

/// The life of a promise (R2.6): captured → routed → decided → handed over → kept or not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PromiseLife {
    /// Where it was sent for a decision; none while unrouted or when it passed by rule.
    pub routed: Option<Routed>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// The talk with the customer after a no or a counter.
    pub corrected: Option<Corrected>,
    /// When it went over to the CSM with ownership.
    pub transferred_at: Option<Timestamp>,
    /// How it ended.
    pub settled: Option<Settled>,
}

impl PromiseLife {
    /// The state in one word.
    pub fn state(&self) -> PromiseState {
        match (&self.settled, &self.decision) {
            (Some(settled), _) => settled.outcome.into(),
            (None, Some(decision)) if decision.verdict != DecisionVerdict::Approved && self.corrected.is_none() => {
                PromiseState::ToBeCorrected
            }
            (None, _) if self.transferred_at.is_some() => PromiseState::Transferred,
            (None, Some(decision)) => match decision.verdict {
                DecisionVerdict::Approved => PromiseState::Approved,
                DecisionVerdict::Countered => PromiseState::Countered,
                DecisionVerdict::Declined => PromiseState::Declined,
            },
            (None, None) if self.routed.is_some() => PromiseState::AwaitingDecision,
            (None, None) => PromiseState::Captured,
        }
    }
}

/// A promise's state in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseState {
    /// Written down; passes by rule.
    Captured,
    /// Waiting for deal desk or product.
    AwaitingDecision,
    /// Stands as promised.
    Approved,
    /// Stands changed, and the customer knows.
    Countered,
    /// Does not stand, and the customer knows.
    Declined,
    /// Countered or declined; the customer does not know yet: the AE owes the talk.
    ToBeCorrected,
    /// Handed over to the CSM.
    Transferred,
    /// Kept in time.
    Kept,
    /// Kept late.
    Late,
    /// Broken.
    Broken,
    /// The customer released us from it.
    Released,
}

/// Sent for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Routed {
    /// To whom.
    pub to: Role,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub because: String,
}

/// A decision on a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// What.
    pub verdict: DecisionVerdict,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why; for a counter, what stands instead.
    pub reason: Personal,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionVerdict {
    /// Stands.
    Approved,
    /// Stands changed.
    Countered,
    /// Does not stand.
    Declined,
}

/// The AE told the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Corrected {
    /// Who recorded it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Where the talk is found.
    pub evidence: Evidence,
}

/// How a promise ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Settled {
    /// How.
    pub outcome: PromiseOutcome,
    /// When it happened.
    pub on: Date,
    /// Who recorded it.
    pub by: Actor,
    /// What there is to say.
    pub note: Option<Personal>,
}

/// How a promise ended, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseOutcome {
    /// In time.
    Kept,
    /// Kept, but late.
    Late,
    /// Not kept.
    Broken,
    /// The customer let it go.
    Released,
}

impl From<PromiseOutcome> for PromiseState {
    fn from(outcome: PromiseOutcome) -> Self {
        match outcome {
            PromiseOutcome::Kept => PromiseState::Kept,
            PromiseOutcome::Late => PromiseState::Late,
            PromiseOutcome::Broken => PromiseState::Broken,
            PromiseOutcome::Released => PromiseState::Released,
        }
    }
}

/// What success is, in the customer's words (R1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// As the customer said it.
    pub words: Personal,
    /// How the customer will measure it.
    #[serde(default)]
    pub measure: Option<Personal>,
    /// By when they expect it.
    #[serde(default)]
    pub by_on: Option<Date>,
    /// What the customer says to it now (R4.1). Set by the process.
    #[serde(default)]
    #[schemars(skip)]
    pub confirmation: Option<CriterionConfirmed>,
}

/// The customer confirmed or corrected a criterion; in this form recorded by the CSM as attested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionConfirmed {
    /// Whether it is still right as it was.
    pub still_accurate: bool,
    /// When they said so.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: Actor,
    /// Where they said it.
    pub evidence: Evidence,
}

/// A person at the customer (R1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stakeholder {
    /// Their name.
    pub name: Personal,
    /// Their parts: champion and economic buyer may be one person.
    pub parts: Vec<StakeholderRole>,
    /// Their title.
    #[serde(default)]
    pub title: Option<Personal>,
    /// How to reach them.
    #[serde(default)]
    pub contact: Option<Personal>,
    /// How much they move inside.
    #[serde(default)]
    pub influence: Option<Influence>,
    /// How much they want it.
    #[serde(default)]
    pub stance: Option<Stance>,
    /// What they want from the product for themselves.
    #[serde(default)]
    pub goals: Option<Personal>,
    /// What they said.
    #[serde(default)]
    pub said: Option<Personal>,
    /// Signed the contract.
    #[serde(default)]
    pub signed: bool,
    /// Drove the evaluation.
    #[serde(default)]
    pub drove: bool,
    /// Needs a win early.
    #[serde(default)]
    pub needs_early_win: bool,
    /// May block adoption.
    #[serde(default)]
    pub may_block: bool,
}

/// A person's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StakeholderRole {
    /// Advocates inside.
    Champion,
    /// Holds the budget.
    EconomicBuyer,
    /// Backs it from above.
    ExecutiveSponsor,
    /// Shapes opinion.
    Influencer,
    /// Configures.
    Admin,
    /// Tested it.
    Evaluator,
    /// Works with it every day.
    Operator,
    /// Pushed back.
    Skeptic,
    /// Owns the technical environment.
    ItOwner,
}

impl StakeholderRole {
    /// Every part, in the order forms list them.
    pub const ALL: [StakeholderRole; 9] = [
        StakeholderRole::Champion,
        StakeholderRole::EconomicBuyer,
        StakeholderRole::ExecutiveSponsor,
        StakeholderRole::Influencer,
        StakeholderRole::Admin,
        StakeholderRole::Evaluator,
        StakeholderRole::Operator,
        StakeholderRole::Skeptic,
        StakeholderRole::ItOwner,
    ];

    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            StakeholderRole::Champion => "champion",
            StakeholderRole::EconomicBuyer => "economic_buyer",
            StakeholderRole::ExecutiveSponsor => "executive_sponsor",
            StakeholderRole::Influencer => "influencer",
            StakeholderRole::Admin => "admin",
            StakeholderRole::Evaluator => "evaluator",
            StakeholderRole::Operator => "operator",
            StakeholderRole::Skeptic => "skeptic",
            StakeholderRole::ItOwner => "it_owner",
        }
    }
}

/// How much somebody moves inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Influence {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

/// How much somebody wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// Against.
    Against,
    /// Doubts.
    Doubtful,
    /// Neither.
    Neutral,
    /// For it.
    For,
    /// Glows.
    Enthusiastic,
}

/// What could derail momentum (R1.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// What.
    pub what: Personal,
    /// What sort.
    pub kind: RiskKind,
    /// How much it would hurt.
    #[serde(default)]
    pub severity: Option<Influence>,
    /// Who at the customer or with us watches it.
    #[serde(default)]
    pub owner: Option<Personal>,
    /// What would soften it.
    #[serde(default)]
    pub mitigation: Option<Personal>,
}

/// What sort of risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskKind {
    /// An objection nobody resolved.
    Objection,
    /// Something the buyer did not understand.
    Confusion,
    /// No backing from above.
    ExecutiveBacking,
    /// Nobody on their side owns it.
    CustomerOwnership,
    /// People must change how they work.
    ChangeManagement,
    /// Too few hands.
    Resourcing,
    /// The product is not there yet.
    ProductMaturity,
    /// A technical dependency.
    Technical,
    /// Time.
    Timeline,
    /// Anything else.
    Other,
}

impl RiskKind {
    /// Every kind, in the order forms list them.
    pub const ALL: [RiskKind; 10] = [
        RiskKind::Objection,
        RiskKind::Confusion,
        RiskKind::ExecutiveBacking,
        RiskKind::CustomerOwnership,
        RiskKind::ChangeManagement,
        RiskKind::Resourcing,
        RiskKind::ProductMaturity,
        RiskKind::Technical,
        RiskKind::Timeline,
        RiskKind::Other,
    ];
}

/// A tool to connect (R1.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// Which tool.
    pub tool: String,
    /// What should flow.
    #[serde(default)]
    pub what: Option<Personal>,
    /// Who owns it there.
    #[serde(default)]
    pub owner: Option<Personal>,
    /// The first value needs it.
    #[serde(default)]
    pub needed_first: bool,
}

/// Data to move (R1.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataMove {
    /// What.
    pub what: Personal,
    /// From where.
    #[serde(default)]
    pub from: Option<String>,
    /// In which format.
    #[serde(default)]
    pub format: Option<String>,
    /// Who owns it there.
    #[serde(default)]
    pub owner: Option<Personal>,
}
