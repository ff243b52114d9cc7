//! Gates: where the process can refuse, what each demands, who may waive.

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor},
};

use crate::{calendar::Span, ids::Key, people::Role, playbook::model::At};

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
