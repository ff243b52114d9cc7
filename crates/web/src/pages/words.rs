//! Words for the domain's enums, and choices made of them. One place, so that a thing has one name on every page.

use serde::Serialize;
use throughline_domain::{
    gate::{Problem, Why},
    handoff::{EarlySign, KnownBy, Life, Mark, Move, PlanForm, Stage},
    playbook::{Gate, asks::Need},
    record::{
        DecisionVerdict, Influence, List, PromiseKind, PromiseOutcome, PromiseState, RiskKind, Side, Source,
        StakeholderRole, Stance, Strength,
    },
};

use crate::{
    i18n::{Key, Text},
    key,
    ui::{Choice, PromiseLife, Reading, ScoreMark, Stage as StageMark},
};

/// An enum that forms offer and pages name.
pub trait Named: Copy + PartialEq + Serialize + 'static {
    /// Its values, in the order forms list them.
    const ALL: &'static [Self];
    /// Its words.
    fn key(self) -> Key;
}

macro_rules! named {
    ($($name:ident { $($value:ident: $key:expr;)+ })+) => {$(
        impl Named for $name {
            const ALL: &'static [Self] = &[$(Self::$value),+];
            fn key(self) -> Key {
                match self { $(Self::$value => $key,)+ }
            }
        }
    )+};
}

named! {
    PromiseKind {
        Capability: key!("word-kind-capability");
        Outcome: key!("word-kind-outcome");
        FeatureDate: key!("word-kind-feature-date");
        Implementation: key!("word-kind-implementation");
        Price: key!("word-kind-price");
        Terms: key!("word-kind-terms");
        NamedResource: key!("word-kind-named-resource");
        Sla: key!("word-kind-sla");
        Refund: key!("word-kind-refund");
        Support: key!("word-kind-support");
        Integration: key!("word-kind-integration");
        TimeToValue: key!("word-kind-time-to-value");
        Other: key!("word-kind-other");
    }
    Strength {
        Promised: key!("word-strength-promised");
        Implied: key!("word-strength-implied");
        Soft: key!("word-strength-soft");
    }
    Side {
        Us: key!("word-side-us");
        Customer: key!("word-side-customer");
        Partner: key!("word-side-partner");
    }
    Source {
        Call: key!("word-source-call");
        Meeting: key!("word-source-meeting");
        Mail: key!("word-source-mail");
        Chat: key!("word-source-chat");
        Note: key!("word-source-note");
        Document: key!("word-source-document");
        Portal: key!("word-source-portal");
    }
    StakeholderRole {
        Champion: key!("word-part-champion");
        EconomicBuyer: key!("word-part-economic-buyer");
        ExecutiveSponsor: key!("word-part-executive-sponsor");
        Influencer: key!("word-part-influencer");
        Admin: key!("word-part-admin");
        Evaluator: key!("word-part-evaluator");
        Operator: key!("word-part-operator");
        Skeptic: key!("word-part-skeptic");
        ItOwner: key!("word-part-it-owner");
    }
    Influence {
        Low: key!("word-influence-low");
        Medium: key!("word-influence-medium");
        High: key!("word-influence-high");
    }
    Stance {
        Against: key!("word-stance-against");
        Doubtful: key!("word-stance-doubtful");
        Neutral: key!("word-stance-neutral");
        For: key!("word-stance-for");
        Enthusiastic: key!("word-stance-enthusiastic");
    }
    RiskKind {
        Objection: key!("word-risk-objection");
        Confusion: key!("word-risk-confusion");
        ExecutiveBacking: key!("word-risk-executive-backing");
        CustomerOwnership: key!("word-risk-customer-ownership");
        ChangeManagement: key!("word-risk-change-management");
        Resourcing: key!("word-risk-resourcing");
        ProductMaturity: key!("word-risk-product-maturity");
        Technical: key!("word-risk-technical");
        Timeline: key!("word-risk-timeline");
        Other: key!("word-kind-other");
    }
    KnownBy {
        Attested: key!("word-known-attested");
        Mail: key!("word-known-mail");
        Calendar: key!("word-known-calendar");
        Transcript: key!("word-known-transcript");
        Crm: key!("word-known-crm");
    }
    Gate {
        Handoff: key!("word-gate-handoff");
        CsmAssignment: key!("word-gate-csm-assignment");
        CsAccess: key!("word-gate-cs-access");
        Kickoff: key!("word-gate-kickoff");
        Credit: key!("word-gate-credit");
        Done: key!("word-gate-done");
    }
    EarlySign {
        Clarification: key!("word-sign-clarification");
        Correction: key!("word-sign-correction");
        RepeatedContext: key!("word-sign-repeated-context");
        Surprise: key!("word-sign-surprise");
        ScopeConfusion: key!("word-sign-scope-confusion");
        ChampionQuiet: key!("word-sign-champion-quiet");
        Procedural: key!("word-sign-procedural");
        Disagreement: key!("word-sign-disagreement");
        UrgencyGone: key!("word-sign-urgency-gone");
        UseCaseDrift: key!("word-sign-use-case-drift");
        WeakBacking: key!("word-sign-weak-backing");
        TimelineImplied: key!("word-sign-timeline-implied");
        KickoffSoon: key!("word-sign-kickoff-soon");
        CriteriaAgreed: key!("word-sign-criteria-agreed");
        MilestoneSoon: key!("word-sign-milestone-soon");
        OwnerClear: key!("word-sign-owner-clear");
        Responsive: key!("word-sign-responsive");
    }
    Mark {
        Clear: key!("mark-clear");
        Partial: key!("mark-partial");
        Unclear: key!("mark-unclear");
    }
    DecisionVerdict {
        Approved: key!("word-verdict-approve");
        Countered: key!("word-verdict-counter");
        Declined: key!("word-verdict-decline");
    }
    PromiseOutcome {
        Kept: key!("promise-kept");
        Late: key!("promise-late");
        Broken: key!("promise-broken");
        Released: key!("promise-released");
    }
    PlanForm {
        Signed: key!("word-plan-signed");
        Mail: key!("word-plan-mail");
    }
    Move {
        Opened: key!("word-move-opened");
        Reassigned: key!("word-move-reassigned");
        Acceptance: key!("word-move-acceptance");
        WarmIntro: key!("word-move-warm-intro");
        Kickoff: key!("word-move-kickoff");
        TakeOver: key!("word-move-take-over");
    }
    Need {
        Evidence: key!("word-need-evidence");
        Measure: key!("word-need-measure");
        Title: key!("word-need-title");
        Contact: key!("word-need-contact");
        Influence: key!("word-need-influence");
        Stance: key!("word-need-stance");
        Goals: key!("word-need-goals");
        Said: key!("word-need-said");
        Due: key!("word-need-due");
        InContract: key!("word-need-in-contract");
        Strength: key!("word-need-strength");
        Owner: key!("word-need-owner");
        From: key!("word-need-from");
        Format: key!("word-need-format");
        Mitigation: key!("word-need-mitigation");
    }
    List {
        Promises: key!("word-list-promises");
        Criteria: key!("word-list-criteria");
        Stakeholders: key!("word-list-stakeholders");
        Risks: key!("word-list-risks");
        Integrations: key!("word-list-integrations");
        DataMoves: key!("word-list-data-moves");
    }
}

/// A value's words.
pub fn word<N: Named>(t: &Text, value: N) -> String {
    t.get(value.key()).into_owned()
}

/// The name of a value as data writes it: what forms post.
pub fn data_name(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// All values of an enum as options; those whose data names are in `chosen` are chosen.
pub fn choices<N: Named>(t: &Text, chosen: &[&str]) -> Vec<Choice> {
    chosen_of(t, N::ALL.iter(), chosen)
}

/// The sources somebody may name: what the customer enters in the portal is nobody else's to claim.
pub fn sources(t: &Text, chosen: &[&str]) -> Vec<Choice> {
    chosen_of(t, Source::ALL.iter().filter(|source| **source != Source::Portal), chosen)
}

fn chosen_of<N: Named>(t: &Text, values: impl Iterator<Item = &'static N>, chosen: &[&str]) -> Vec<Choice> {
    values
        .map(|value| {
            let name = data_name(*value);
            let is_chosen = chosen.contains(&name.as_str());
            Choice::new(name, word(t, *value)).chosen(is_chosen)
        })
        .collect()
}

/// Yes and no as options.
pub fn yes_no(t: &Text, chosen: &str) -> Vec<Choice> {
    [("yes", key!("word-yes")), ("no", key!("word-no"))]
        .map(|(value, key)| Choice::new(value, t.get(key)).chosen(chosen == value))
        .to_vec()
}

/// How a list names one item of itself.
pub fn one_of_list(t: &Text, list: List) -> String {
    t.get(match list {
        List::Promises => key!("word-one-promise"),
        List::Criteria => key!("word-one-criterion"),
        List::Stakeholders => key!("word-one-stakeholder"),
        List::Risks => key!("word-one-risk"),
        List::Integrations => key!("word-one-integration"),
        List::DataMoves => key!("word-one-data-move"),
    })
    .into_owned()
}

/// What is wrong with something a gate asks for.
pub fn problem(t: &Text, problem: &Problem) -> String {
    let plain = |key: Key| t.get(key).into_owned();
    match problem {
        Problem::Missing => plain(key!("word-problem-missing")),
        Problem::NothingListed { none_counts: true } => plain(key!("word-problem-nothing-listed-or-none")),
        Problem::NothingListed { none_counts: false } => plain(key!("word-problem-nothing-listed")),
        Problem::TooFew { have, want } => {
            t.with(key!("word-problem-too-few"), (("have", *have), ("want", *want))).into()
        }
        Problem::ItemLacks { needs, .. } => {
            let needs: Vec<_> = needs.iter().map(|need| word(t, *need)).collect();
            t.with(key!("word-problem-item-lacks"), ("needs", t.list(&needs))).into()
        }
        Problem::NoEvidence => plain(key!("word-problem-no-evidence")),
        Problem::Undecided => plain(key!("word-problem-undecided")),
        Problem::NotCorrected => plain(key!("word-problem-not-corrected")),
        Problem::NotMarked => plain(key!("word-problem-not-marked")),
        Problem::MarkStale => plain(key!("word-problem-mark-stale")),
        Problem::MarkedUnclear => plain(key!("word-problem-marked-unclear")),
        Problem::MarkedPartial => plain(key!("word-problem-marked-partial")),
        Problem::NotAcknowledged => plain(key!("word-problem-not-acknowledged")),
        Problem::NotHappened => plain(key!("word-problem-not-happened")),
        Problem::NotConfirmed => plain(key!("word-problem-not-confirmed")),
        Problem::NotInForm { form } => {
            t.with(key!("word-problem-not-in-form"), ("form", form.as_str())).into()
        }
        Problem::Disputed => plain(key!("word-problem-disputed")),
        Problem::Missed => plain(key!("word-problem-missed")),
        Problem::ReturnUnanswered => plain(key!("word-problem-return")),
        Problem::ReopenedUntouched => plain(key!("word-problem-reopened")),
        Problem::NotAccepted => plain(key!("word-problem-not-accepted")),
        Problem::NotOwned => plain(key!("word-problem-not-owned")),
        Problem::PlanNotOpened => plain(key!("word-problem-plan-not-opened")),
        Problem::PlanNotConfirmed => plain(key!("word-problem-plan-not-confirmed")),
        Problem::NotRated => plain(key!("word-problem-not-rated")),
        Problem::DebtExpired => plain(key!("word-problem-debt")),
        Problem::NoRecord => plain(key!("word-problem-no-record")),
        Problem::NotLive { .. } => plain(key!("word-problem-not-live")),
    }
}

/// Why something is asked here, where that is not plain from the process.
pub fn why(t: &Text, why: &Why) -> Option<String> {
    match why {
        Why::Always => Some(t.get(key!("word-why-always")).into_owned()),
        Why::Because { rule } => {
            Some(t.with(key!("word-why-rule"), ("rule", super::rules::in_words(t, rule))).into())
        }
        Why::RuleFailed { rule, error } => {
            Some(t.with(key!("word-why-failed"), (("rule", rule.trim()), ("error", error.as_str()))).into())
        }
        Why::Process => None,
    }
}

/// A clock's reading as pages show it.
pub fn reading(reading: throughline_domain::clock::Reading) -> Reading {
    use throughline_domain::clock::Reading as R;
    match reading {
        R::Waiting => Reading::Waiting,
        R::Running => Reading::Running,
        R::Overdue => Reading::Overdue,
        R::Early => Reading::Early,
        R::Met => Reading::Met,
        R::Late => Reading::Late,
        R::Missed => Reading::Missed,
    }
}

/// A promise's state as pages show it.
pub fn promise_life(state: PromiseState) -> PromiseLife {
    match state {
        PromiseState::Captured => PromiseLife::Captured,
        PromiseState::AwaitingDecision => PromiseLife::AwaitingDecision,
        PromiseState::Approved => PromiseLife::Approved,
        PromiseState::Countered => PromiseLife::Countered,
        PromiseState::Declined => PromiseLife::Declined,
        PromiseState::ToBeCorrected => PromiseLife::ToBeCorrected,
        PromiseState::Transferred => PromiseLife::Transferred,
        PromiseState::Kept => PromiseLife::Kept,
        PromiseState::Late => PromiseLife::Late,
        PromiseState::Broken => PromiseLife::Broken,
        PromiseState::Released => PromiseLife::Released,
    }
}

/// A mark of the scorecard as pages show it.
pub fn score(mark: Mark) -> ScoreMark {
    match mark {
        Mark::Clear => ScoreMark::Clear,
        Mark::Partial => ScoreMark::Partial,
        Mark::Unclear => ScoreMark::Unclear,
    }
}

/// Where a handoff stands, its end before its stage.
pub fn stage(life: &Life, stage: &Stage) -> StageMark {
    stage_named(life.name(), stage.name())
}

/// The same from the names lists carry.
pub fn stage_named(life: &str, stage: &str) -> StageMark {
    match (life, stage) {
        ("done", _) => StageMark::Done,
        ("withdrawn", _) => StageMark::Withdrawn,
        ("cancelled", _) => StageMark::Cancelled,
        ("history", _) => StageMark::History,
        ("out_of_scope", _) => StageMark::OutOfScope,
        (_, "offered") => StageMark::Offered,
        (_, "assigned") => StageMark::Assigned,
        (_, "owned") => StageMark::Owned,
        _ => StageMark::Preparing,
    }
}
