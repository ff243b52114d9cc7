//! Gates, steps and clocks, promise routing, the scorecard, agendas, plans and routes: the process as data.

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor},
};

use super::{model::At, rule::Rule};
use crate::{calendar::Span, ids::Key, people::Role};

/// Where the process can refuse (architecture, idea 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// May this deal be called handed off?
    Handoff,
    /// May a CSM be assigned?
    CsmAssignment,
    /// May CS artefacts and the plan be opened?
    CsAccess,
    /// May the kickoff be confirmed?
    Kickoff,
    /// May the deal be credited?
    Credit,
    /// May the handoff be called done?
    Done,
}

impl Gate {
    /// All gates in the order of the process.
    pub const ALL: [Gate; 6] =
        [Gate::Handoff, Gate::CsmAssignment, Gate::CsAccess, Gate::Kickoff, Gate::Credit, Gate::Done];

    /// The name used in data and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Gate::Handoff => "handoff",
            Gate::CsmAssignment => "csm_assignment",
            Gate::CsAccess => "cs_access",
            Gate::Kickoff => "kickoff",
            Gate::Credit => "credit",
            Gate::Done => "done",
        }
    }
}

impl std::str::FromStr for Gate {
    type Err = NotAGate;
    fn from_str(text: &str) -> Result<Self, NotAGate> {
        Gate::ALL
            .into_iter()
            .find(|gate| gate.name() == text)
            .ok_or_else(|| NotAGate(text.chars().take(40).collect()))
    }
}

/// Text that names no gate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no gate; one of handoff, csm_assignment, cs_access, kickoff, credit, done")]
pub struct NotAGate(String);

/// One gate: what it demands and who may waive.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateRule {
    /// Which gate.
    #[schemars(with = "Gate")]
    pub gate: At<Gate>,
    /// What must be so.
    #[schemars(with = "Vec<Demand>")]
    pub demands: Vec<At<Demand>>,
    /// Roles that may grant a waiver asked for by somebody else (R2.8).
    pub waived_by: Vec<Role>,
    /// How long a waiver may stand at most.
    pub waiver_lasts: Span,
}

/// What a gate can demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// Every required ask is answered, and nothing reopened or returned waits for an answer (R2.1).
    Record,
    /// Every routed promise is decided (R2.6).
    Commitments,
    /// The receiving team marked what it reviews, nothing blocks (R2.2, R6.7).
    Review,
    /// A CSM has accepted (R0.3).
    Acceptance,
    /// Ownership has moved (R0.4).
    Ownership,
    /// A step happened and counts.
    Step(Key),
    /// Every promise to be corrected was talked over with the customer (R2.6).
    Corrections,
    /// The plan is signed or its contents confirmed (R3.9).
    PlanConfirmed,
    /// A rating was given.
    Rating(Key),
}

/// Read by hand: the YAML reader takes the derived form of a bare `step` as the beginning of the next demand and
/// loses that one.
impl<'de> Deserialize<'de> for Demand {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Demands)
    }
}

struct Demands;

impl<'de> Visitor<'de> for Demands {
    type Value = Demand;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("one demand, such as `record` or `step: internal_call`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Demand, E> {
        Ok(match name {
            "record" => Demand::Record,
            "commitments" => Demand::Commitments,
            "review" => Demand::Review,
            "acceptance" => Demand::Acceptance,
            "ownership" => Demand::Ownership,
            "corrections" => Demand::Corrections,
            "plan_confirmed" => Demand::PlanConfirmed,
            "step" => {
                return Err(E::custom(
                    "`step` needs a name: write it behind a colon, as in step: internal_call",
                ));
            }
            "rating" => {
                return Err(E::custom(
                    "`rating` needs a name: write it behind a colon, as in rating: kickoff",
                ));
            }
            other => return Err(E::unknown_variant(other, DEMANDS)),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Demand, A::Error> {
        let demand = match map.next_key::<String>()?.as_deref() {
            Some("step") => Demand::Step(map.next_value()?),
            Some("rating") => Demand::Rating(map.next_value()?),
            Some(name) if DEMANDS.contains(&name) => {
                return Err(de::Error::custom(format!("`{name}` takes nothing behind a colon")));
            }
            Some(other) => return Err(de::Error::unknown_variant(other, DEMANDS)),
            None => return Err(de::Error::custom("a demand is wanted here")),
        };
        match map.next_key::<String>()? {
            None => Ok(demand),
            Some(_) => Err(de::Error::custom("two demands stand in one: each gets its own `- `")),
        }
    }
}

const DEMANDS: &[&str] = &[
    "record",
    "commitments",
    "review",
    "acceptance",
    "ownership",
    "step",
    "corrections",
    "plan_confirmed",
    "rating",
];

/// What a step is to the process; a playbook has each at most once, except `rating` and `other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A CSM is nominated.
    Nomination,
    /// The record is complete (R3.2).
    Record,
    /// The CSM meets the customer before signature (R3.3).
    EarlyIntro,
    /// The receiving team reviews (R6.7).
    Review,
    /// The CSM answers the offer (R2.10).
    OfferAnswer,
    /// A returned record is answered (R2.10).
    ReturnAnswer,
    /// The internal call or its asynchronous form (R3.4).
    InternalCall,
    /// The AE introduces the CSM (R3.5).
    WarmIntro,
    /// The CSM's first contact (R3.6).
    FirstContact,
    /// A date for the kickoff is booked with the customer (R3.8).
    KickoffBooked,
    /// The kickoff is held (R3.7).
    Kickoff,
    /// The plan is confirmed (R3.9).
    PlanConfirmed,
    /// The AE stays available (R3.11): a period, not a task.
    Availability,
    /// A rating is given (R3.12).
    Rating,
    /// First measurable value (R3.10).
    FirstValue,
    /// Something of this playbook's own.
    Other,
}

impl StepKind {
    /// Steps that happen in the world and are reported; the others are read from other facts.
    pub fn is_reported(self) -> bool {
        matches!(
            self,
            StepKind::EarlyIntro
                | StepKind::InternalCall
                | StepKind::WarmIntro
                | StepKind::FirstContact
                | StepKind::KickoffBooked
                | StepKind::Kickoff
                | StepKind::FirstValue
                | StepKind::Other
        )
    }
}

/// A step of the sequence (R3.1): one owner, one clock.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name in data.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// How it is shown.
    pub title: String,
    /// What it is to the process.
    pub kind: StepKind,
    /// What it is for, in a sentence or two.
    pub about: Option<String>,
    /// Who owes it.
    pub owner: Role,
    /// Who takes part besides.
    #[serde(default)]
    pub with: Vec<Role>,
    /// How long it takes, in minutes.
    pub minutes: Option<u16>,
    /// How often it is hoped for: counted and shown, never demanded (R3.3).
    pub times: Option<Times>,
    /// Its clock.
    #[schemars(with = "Option<Due>")]
    pub due: Option<At<Due>>,
    /// In which forms it can happen; any when empty.
    #[serde(default)]
    pub forms: Vec<FormRule>,
    /// Whether the receiving side must confirm it before it counts (R0.10).
    #[serde(default)]
    pub confirmed_by_receiver: bool,
    /// The moment after which it can no longer happen (R0.2).
    pub until: Option<Moment>,
    /// Steps it presupposes: reporting this one confirms those (R0.10).
    #[serde(default)]
    #[schemars(with = "Vec<Key>")]
    pub confirms: Vec<At<Key>>,
    /// The step exists only when this rule holds.
    #[schemars(with = "Option<Rule>")]
    pub when: Option<At<Rule>>,
    /// For ratings: which.
    pub rating: Option<Key>,
    /// What to talk about.
    #[serde(default)]
    pub agenda: Vec<String>,
    /// What to tick off (R3.14).
    #[serde(default)]
    pub outcomes: Vec<super::asks::Choice>,
}

/// How often something is hoped for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// At least so often.
    pub at_least: u8,
    /// At most so often.
    pub at_most: u8,
}

/// One form in which a step can happen.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormRule {
    /// Its name in data, such as `mail`, `bridge_call`, `live`, `async`.
    #[schemars(with = "Key")]
    pub form: At<Key>,
    /// How it is shown.
    pub title: String,
    /// Allowed only when this rule holds.
    #[schemars(with = "Option<Rule>")]
    pub when: Option<At<Rule>>,
    /// The step counts only once it happened in this form, when this rule holds.
    #[schemars(with = "Option<Rule>")]
    pub required_when: Option<At<Rule>>,
}

/// A moment clocks can be tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The handoff was opened.
    Opened,
    /// The signature; the CRM's close date until the real one is known (R0.5).
    Signature,
    /// The deal entered its won stage.
    Closed,
    /// A CSM was nominated.
    Nominated,
    /// The record was offered to a CSM.
    Offered,
    /// The record came back from the CSM.
    Returned,
    /// The record became complete.
    RecordComplete,
    /// The CSM accepted: the implementation SLA clock starts (R0.3).
    Assigned,
    /// Ownership moved.
    Owned,
    /// The internal call ended.
    InternalCall,
    /// The introduction was sent or the bridge call ended.
    WarmIntro,
    /// The CSM's first contact.
    FirstContact,
    /// The kickoff's beginning: booked, then held.
    Kickoff,
    /// The kickoff's end.
    KickoffEnd,
    /// The plan was confirmed.
    PlanConfirmed,
    /// First measurable value.
    FirstValue,
}

/// A due rule: either `within` a time after the anchor, or a window `from`…`to` before it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// What the clock is tied to.
    pub anchor: Moment,
    /// With `within`: cannot be done sooner than this after the anchor (a rating after sixty days).
    pub opens: Option<Span>,
    /// Due this long after the anchor.
    pub within: Option<Span>,
    /// The window opens this long before the anchor: the target.
    pub from: Option<Span>,
    /// The window closes this long before the anchor; after it is late.
    pub to: Option<Span>,
    /// An elapsed due time outside working hours rolls to the next opening (R0.12).
    #[serde(default)]
    pub roll: bool,
}

/// Where promises go before they count (R2.6).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseRules {
    /// The first rule that holds routes the promise; none: it passes by rule. A rule that fails to run routes it.
    pub routing: Vec<PromiseRoute>,
    /// Undecided this long after routing: escalates.
    pub decide_within: Span,
    /// To whom.
    pub escalate_to: Role,
}

/// One routing rule.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseRoute {
    /// When it holds; always, when left out.
    #[schemars(with = "Option<Rule>")]
    pub when: Option<At<Rule>>,
    /// Who decides.
    pub to: Role,
    /// Why, as shown to the AE.
    pub because: String,
}

/// Offer, acceptance and refusal (R2.10).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferRules {
    /// Reasons a CSM can give.
    pub refusal_codes: Vec<super::asks::Choice>,
    /// An unanswered offer goes here.
    pub escalate_to: Role,
    /// A second return brings these in.
    pub second_return_to: Vec<Role>,
}

/// The receiving team's scorecard (R6.7).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// Unreviewed records go here.
    pub escalate_to: Role,
    /// What is marked.
    pub categories: Vec<Category>,
}

/// One category.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its name in data.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// How it is shown.
    pub title: String,
    /// The question behind it.
    pub question: String,
    /// When it is marked.
    pub when: MarkedWhen,
    /// What *unclear* does.
    #[serde(default = "returns")]
    pub unclear: MarkEffect,
    /// What *partial* does.
    #[serde(default = "follow_up")]
    pub partial: MarkEffect,
}

fn returns() -> MarkEffect {
    MarkEffect::Returns
}

fn follow_up() -> MarkEffect {
    MarkEffect::FollowUp
}

/// When a category is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkedWhen {
    /// Before acceptance: it is part of the review.
    Review,
    /// After the warm introduction.
    AfterIntro,
}

/// What a mark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkEffect {
    /// The record goes back to the AE; the gate stays shut.
    Returns,
    /// Passes; the AE owes a follow-up.
    FollowUp,
    /// Is only noted.
    Note,
}

/// A rating the CSM gives (R3.12).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Its name in data, such as `kickoff` or `day60`.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// How it is shown.
    pub title: String,
    /// The question.
    pub question: String,
    /// This score or less asks for a coded reason (R6.6).
    pub low: u8,
    /// The reasons.
    pub reasons: Vec<super::asks::Choice>,
}

/// One part of the kickoff agenda (R3.7).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaPart {
    /// How it is shown.
    pub title: String,
    /// How long, in minutes.
    pub minutes: u16,
    /// What happens.
    pub about: String,
    /// The asks it is filled from; missing answers show (R2.4).
    #[serde(default)]
    #[schemars(with = "Vec<Key>")]
    pub from: Vec<At<Key>>,
}

/// What a mutual success plan starts from.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanTemplate {
    /// Milestones to begin with.
    pub milestones: Vec<MilestoneTemplate>,
    /// What the customer commits to before the work starts (R4.1).
    pub prerequisites: Vec<super::asks::Choice>,
}

/// A milestone to begin with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneTemplate {
    /// What is reached.
    pub title: String,
    /// Who owns it.
    pub side: crate::record::Side,
    /// Due this long after the kickoff.
    pub due: Span,
}

/// Reminders before, escalation after (R3.13).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// Remind this long before a due time.
    pub remind_before: Vec<Span>,
    /// Then, this long after it, tell these in turn.
    pub ladder: Vec<Rung>,
}

/// One rung of the ladder.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Who.
    pub tell: Told,
    /// How long after the due time.
    pub after: Span,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Who owes the step.
    Owner,
    /// Their manager.
    Manager,
    /// The process owner.
    RevOps,
    /// The CS leader.
    CsLeader,
}

/// What measurement counts as what (R6.2, R6.5, R6.6).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Time to first value aimed at, from close.
    pub first_value_within: Span,
    /// Fewer ratings than this are no pattern.
    pub pattern_from: u8,
    /// Which completeness rate stands first; both are always worked out (R6.1).
    #[serde(default)]
    pub complete_before: CompleteBefore,
    /// Quality tiers, best first; the first whose conditions hold.
    pub tiers: Vec<Tier>,
}

/// Before what a record must be complete to count as complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompleteBefore {
    /// Before a CSM was assigned.
    #[default]
    Handoff,
    /// Before the kickoff.
    Kickoff,
}

/// A handoff-quality tier, frozen at the kickoff.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its name in data.
    pub id: Key,
    /// How it is shown.
    pub title: String,
    /// The record was complete at assignment.
    #[serde(default)]
    pub complete: bool,
    /// At least this many categories marked clear.
    #[serde(default)]
    pub clear_marks: u8,
    /// At least this kickoff rating.
    #[serde(default)]
    pub kickoff_rating: u8,
}

/// Which deals take which way (R0.8). The first rule that holds decides.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Its name in data.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// When it holds; always, when left out.
    #[schemars(with = "Option<Rule>")]
    pub when: Option<At<Rule>>,
    /// Which process.
    pub take: Way,
    /// The variant rules see as `variant`.
    pub variant: Option<Key>,
    /// Who the account goes to.
    #[serde(default)]
    pub csm: CsmChoice,
    /// Why, as shown.
    pub because: String,
}

/// Which process a route leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// This playbook.
    This,
    /// None: out of scope, counted, never as complete; the CSM of record is told.
    None,
}

/// Who the account goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CsmChoice {
    /// Somebody the CS leader picks.
    #[default]
    Named,
    /// The CSM who already has the account.
    OfRecord,
    /// The pool's owner.
    Pooled,
}
