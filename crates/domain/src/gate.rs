//! Judging a gate: what is missing, why it is asked here, who owes it. The one place that decides.
//!
//! A shut gate always names its gaps, and every gap names somebody. Absent on purpose: whether the caller may
//! know (access), addresses of pages, and any remembering; a verdict is worked out from the state at hand.

use std::collections::HashMap;
use std::sync::Arc;

use cel::{Value, objects::{Key as CelKey, Map}};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::Calendar,
    clock::{self, Reading},
    deal::Standing,
    handoff::{Covers, Handoff, Life, Mark, WaiverState},
    ids::{ItemId, Key, PersonId, WaiverId},
    people::Role,
    playbook::{
        Ask, AskKind, Demand, Gate, MarkEffect, MarkedWhen, Playbook, Step, StepKind,
        rule::{Facts, text},
    },
    record::{Answer, Body, DecisionVerdict, Item, List},
};

/// A gate's answer (R0.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything demanded is there.
    Pass,
    /// Something is missing.
    Refused,
    /// Passed with waivers: never complete.
    Waived,
    /// The gate does not apply: never counted as pass.
    NotRequired,
}

impl Verdict {
    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Refused => "refused",
            Verdict::Waived => "waived",
            Verdict::NotRequired => "not_required",
        }
    }
}

/// How far an organisation enforces (R0.14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing is blocked; what would have been is marked.
    Observe,
    /// Signing is never blocked; assignment, CS artefacts, kickoff, credit and done are.
    #[default]
    BlockOwnership,
    /// Closing is blocked too.
    BlockClose,
}

impl Mode {
    /// Whether a caller should block on a refusal at this gate.
    pub fn enforces(self, gate: Gate) -> bool {
        match self {
            Mode::Observe => false,
            Mode::BlockOwnership => gate != Gate::Handoff,
            Mode::BlockClose => true,
        }
    }
    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Observe => "observe",
            Mode::BlockOwnership => "block_ownership",
            Mode::BlockClose => "block_close",
        }
    }
}

/// One thing a gate misses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// What it is about.
    pub about: Covers,
    /// How it is shown.
    pub title: String,
    /// What is wrong with it.
    pub problem: Problem,
    /// Why it is asked here.
    pub why: Why,
    /// Whose job it is.
    pub owed_by: Role,
    /// Who that is here; none: nobody holds the job yet.
    pub person: Option<PersonId>,
    /// A waiver can cover it.
    pub waivable: bool,
    /// It can no longer happen: only a waiver closes it, as lost (R2.8).
    pub lost: bool,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// No answer.
    Missing,
    /// Fewer items than wanted.
    TooFew {
        /// How many there are.
        have: u8,
        /// How many are wanted.
        want: u8,
    },
    /// An item lacks something.
    ItemLacks {
        /// Which item.
        item: ItemId,
        /// What.
        needs: Vec<crate::playbook::asks::Need>,
    },
    /// The customer's words lack their source.
    NoEvidence,
    /// Nobody has decided.
    Undecided,
    /// The customer does not know yet.
    NotCorrected,
    /// Nobody has marked it.
    NotMarked,
    /// It changed since it was marked.
    MarkStale,
    /// Marked unclear.
    MarkedUnclear,
    /// It has not happened.
    NotHappened,
    /// It was reported; the receiving side has not confirmed it.
    NotConfirmed,
    /// It must happen in this form.
    NotInForm {
        /// Which.
        form: String,
    },
    /// It was disputed.
    Disputed,
    /// It can no longer happen.
    Missed,
    /// The record came back and nobody answered.
    ReturnUnanswered,
    /// It was opened again and not touched since.
    ReopenedUntouched,
    /// No CSM has accepted.
    NotAccepted,
    /// Ownership has not moved.
    NotOwned,
    /// The plan is not open.
    PlanNotOpened,
    /// The plan is not confirmed.
    PlanNotConfirmed,
    /// The rating is not given.
    NotRated,
    /// A waiver ran out unpaid.
    DebtExpired,
    /// No record was opened for the deal.
    NoRecord,
    /// The handoff does not live any more.
    NotLive {
        /// How it ended.
        life: String,
    },
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::Missing => f.write_str("not answered"),
            Problem::TooFew { have, want } => write!(f, "{have} of {want} given"),
            Problem::ItemLacks { needs, .. } => {
                let needs: Vec<_> = needs.iter().map(|need| need.name().replace('_', " ")).collect();
                write!(f, "one lacks {}", needs.join(", "))
            }
            Problem::NoEvidence => f.write_str("says nothing of where the customer said it"),
            Problem::Undecided => f.write_str("waits for a decision"),
            Problem::NotCorrected => f.write_str("the customer has not been told"),
            Problem::NotMarked => f.write_str("not reviewed"),
            Problem::MarkStale => f.write_str("changed since it was reviewed"),
            Problem::MarkedUnclear => f.write_str("marked unclear"),
            Problem::NotHappened => f.write_str("has not happened"),
            Problem::NotConfirmed => f.write_str("reported, not yet confirmed by the receiving side"),
            Problem::NotInForm { form } => write!(f, "must happen as: {form}"),
            Problem::Disputed => f.write_str("is disputed"),
            Problem::Missed => f.write_str("can no longer happen"),
            Problem::ReturnUnanswered => f.write_str("the record came back and waits for an answer"),
            Problem::ReopenedUntouched => f.write_str("reopened and not yet changed"),
            Problem::NotAccepted => f.write_str("no CSM has accepted"),
            Problem::NotOwned => f.write_str("customer success does not own the account yet"),
            Problem::PlanNotOpened => f.write_str("not opened"),
            Problem::PlanNotConfirmed => f.write_str("not confirmed by the customer"),
            Problem::NotRated => f.write_str("not rated"),
            Problem::DebtExpired => f.write_str("was waived, and the waiver has run out"),
            Problem::NoRecord => f.write_str("no record is open for this deal"),
            Problem::NotLive { life } => write!(f, "the handoff is {life}"),
        }
    }
}

/// Why something is asked here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// Always.
    Always,
    /// Because a rule holds.
    Because {
        /// The rule.
        rule: String,
    },
    /// Because its rule could not run: it is asked to be safe.
    RuleFailed {
        /// The rule.
        rule: String,
        /// Why it could not.
        error: String,
    },
    /// Because of what happened.
    Process,
}

/// A gate, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Judgement {
    /// Which gate.
    pub gate: Gate,
    /// The answer.
    pub verdict: Verdict,
    /// What is missing; empty unless refused.
    pub gaps: Vec<Gap>,
    /// What a waiver covers.
    pub waived: Vec<WaivedGap>,
}

/// A gap a waiver covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaivedGap {
    /// The gap.
    pub gap: Gap,
    /// The waiver.
    pub waiver: WaiverId,
}

/// Judges one gate.
pub fn judge(handoff: &Handoff, playbook: &Playbook, calendar: &Calendar, now: Timestamp, gate: Gate) -> Judgement {
    let answer = |verdict| Judgement { gate, verdict, gaps: Vec::new(), waived: Vec::new() };
    match &handoff.life {
        Life::History | Life::OutOfScope => return answer(Verdict::NotRequired),
        Life::Withdrawn { .. } | Life::Cancelled { .. } => {
            let gap = not_live(handoff);
            return Judgement { gaps: vec![gap], ..answer(Verdict::Refused) };
        }
        Life::Live | Life::Done { .. } => {}
    }
    let Some(rule) = playbook.gate(gate) else { return answer(Verdict::NotRequired) };
    if let Some(passed) = handoff.passed(gate) {
        return answer(if passed.waivers.is_empty() { Verdict::Pass } else { Verdict::Waived });
    }
    let judge = Judge::new(handoff, playbook, calendar, now);
    let mut gaps = Vec::new();
    for demand in &rule.demands {
        judge.demand(&demand.value, &mut gaps);
    }
    judge.debts(gate, &mut gaps);
    let (waived, gaps): (Vec<_>, Vec<_>) =
        gaps.into_iter().map(|gap| (judge.waiver_for(gate, &gap), gap)).partition(|(waiver, _)| waiver.is_some());
    let waived: Vec<_> = waived
        .into_iter()
        .filter_map(|(waiver, gap)| waiver.map(|waiver| WaivedGap { gap, waiver }))
        .collect();
    let gaps: Vec<_> = gaps.into_iter().map(|(_, gap)| gap).collect();
    let verdict = match (gaps.is_empty(), waived.is_empty()) {
        (false, _) => Verdict::Refused,
        (true, true) => Verdict::Pass,
        (true, false) => Verdict::Waived,
    };
    Judgement { gate, verdict, gaps, waived }
}

/// The gaps of the record alone: what the meter on the page counts.
pub fn record_gaps(handoff: &Handoff, playbook: &Playbook, calendar: &Calendar, now: Timestamp) -> Vec<Gap> {
    let mut gaps = Vec::new();
    Judge::new(handoff, playbook, calendar, now).record(&mut gaps);
    gaps
}

/// The answer for a deal nobody has opened a record for (R0.13).
pub fn no_record(gate: Gate, owed_by: Role, person: Option<PersonId>) -> Judgement {
    let gap = Gap {
        about: Covers::NoRecord,
        title: "Handoff record".to_owned(),
        problem: Problem::NoRecord,
        why: Why::Always,
        owed_by,
        person,
        waivable: false,
        lost: false,
    };
    Judgement { gate, verdict: Verdict::Refused, gaps: vec![gap], waived: Vec::new() }
}

fn not_live(handoff: &Handoff) -> Gap {
    Gap {
        about: Covers::NotLive,
        title: "Handoff".to_owned(),
        problem: Problem::NotLive { life: handoff.life.name().to_owned() },
        why: Why::Process,
        owed_by: Role::Ae,
        person: Some(handoff.seller()),
        waivable: false,
        lost: false,
    }
}

/// Whether and why an ask is required here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AskStanding {
    /// Why it is required; none: it is not.
    pub required: Option<Why>,
    /// What is wrong with its answer, whether or not it is required.
    pub problems: Vec<Problem>,
}

/// How each ask stands, in the playbook's order.
pub fn asks<'p>(
    handoff: &Handoff,
    playbook: &'p Playbook,
    calendar: &Calendar,
    now: Timestamp,
) -> Vec<(&'p Ask, AskStanding)> {
    let judge = Judge::new(handoff, playbook, calendar, now);
    playbook
        .asks()
        .map(|ask| (ask, AskStanding { required: judge.required(ask), problems: judge.problems(ask) }))
        .collect()
}

struct Judge<'a> {
    handoff: &'a Handoff,
    playbook: &'a Playbook,
    calendar: &'a Calendar,
    now: Timestamp,
    facts: Facts,
}

impl<'a> Judge<'a> {
    fn new(handoff: &'a Handoff, playbook: &'a Playbook, calendar: &'a Calendar, now: Timestamp) -> Self {
        Self { handoff, playbook, calendar, now, facts: deal_facts(handoff, calendar, now) }
    }

    fn demand(&self, demand: &Demand, gaps: &mut Vec<Gap>) {
        match demand {
            Demand::Record => self.record(gaps),
            Demand::Commitments => self.commitments(gaps),
            Demand::Review => self.review(gaps),
            Demand::Acceptance => {
                if self.handoff.stage.assigned_at().is_none() {
                    let owed_by = if self.handoff.stage.csm().is_some() { Role::Csm } else { Role::CsLeader };
                    gaps.push(self.gap(Covers::Acceptance, "Acceptance by a CSM", Problem::NotAccepted, owed_by));
                }
            }
            Demand::Ownership => {
                if !self.handoff.stage.is_owned() {
                    let owed_by = match self.handoff.stage.assigned_at() {
                        Some(_) => Role::Ae,
                        None => Role::CsLeader,
                    };
                    gaps.push(self.gap(Covers::Ownership, "Ownership", Problem::NotOwned, owed_by));
                }
            }
            Demand::Step(step) => self.step(step, gaps),
            Demand::Corrections => self.corrections(gaps),
            Demand::PlanConfirmed => self.plan(gaps),
            Demand::Rating(rating) => {
                if !self.handoff.ratings.contains_key(rating) {
                    let title = self.playbook.rating(rating).map_or("Rating", |rating| rating.title.as_str());
                    gaps.push(self.gap(Covers::Rating { rating: rating.clone() }, title, Problem::NotRated, Role::Csm));
                }
            }
        }
    }

    fn record(&self, gaps: &mut Vec<Gap>) {
        for ask in self.playbook.asks() {
            let Some(why) = self.required(ask) else { continue };
            if let Some(problem) = self.problems(ask).into_iter().next() {
                gaps.push(Gap {
                    why,
                    waivable: true,
                    ..self.gap(Covers::Ask { ask: ask.id.value.clone() }, &ask.ask, problem, ask.filled_by)
                });
            }
        }
        if self.handoff.open_return().is_some() {
            gaps.push(self.gap(Covers::Return, "Answer to the returned record", Problem::ReturnUnanswered, Role::Ae));
        }
        if self.handoff.reopened.as_ref().is_some_and(|reopened| !reopened.untouched.is_empty()) {
            gaps.push(self.gap(Covers::Reopened, "Reopened parts of the record", Problem::ReopenedUntouched, Role::Ae));
        }
    }

    fn required(&self, ask: &Ask) -> Option<Why> {
        if ask.required {
            return Some(Why::Always);
        }
        let rule = &ask.required_when.as_ref()?.value;
        let source = || rule.source().to_owned();
        match rule.holds(&self.facts) {
            Ok(true) => Some(Why::Because { rule: source() }),
            Ok(false) => None,
            Err(error) => Some(Why::RuleFailed { rule: source(), error }),
        }
    }

    fn problems(&self, ask: &Ask) -> Vec<Problem> {
        let record = &self.handoff.record;
        let Some(list) = List::of(ask.kind) else {
            return match record.answers.get(&ask.id.value) {
                None => vec![Problem::Missing],
                Some(answered) => match &answered.answer {
                    Answer::Words { evidence, .. } if !evidence.is_given() => vec![Problem::NoEvidence],
                    _ => Vec::new(),
                },
            };
        };
        let items: Vec<&Item> = record.list(list).filter(|item| looks_at(ask, item)).collect();
        if items.is_empty() && ask.allow_none && record.none.contains_key(&ask.id.value) {
            return Vec::new();
        }
        let mut problems = Vec::new();
        let have = u8::try_from(items.len()).unwrap_or(u8::MAX);
        if have == 0 {
            problems.push(Problem::Missing);
        } else if have < ask.min {
            problems.push(Problem::TooFew { have, want: ask.min });
        }
        problems.extend(items.iter().filter_map(|item| {
            let needs = item.lacks(&ask.needs);
            (!needs.is_empty()).then_some(Problem::ItemLacks { item: item.id, needs })
        }));
        problems
    }

    fn commitments(&self, gaps: &mut Vec<Gap>) {
        for (item, promise) in self.handoff.record.promises() {
            let (Some(routed), None) = (&promise.life.routed, &promise.life.decision) else { continue };
            gaps.push(self.gap(
                Covers::Commitment { item: item.id },
                promise.what.as_str(),
                Problem::Undecided,
                routed.to,
            ));
        }
    }

    fn corrections(&self, gaps: &mut Vec<Gap>) {
        for (item, promise) in self.handoff.record.promises() {
            let owed = promise.life.decision.as_ref().is_some_and(|made| made.verdict != DecisionVerdict::Approved);
            if owed && promise.life.corrected.is_none() && promise.life.settled.is_none() {
                gaps.push(self.gap(
                    Covers::Correction { item: item.id },
                    promise.what.as_str(),
                    Problem::NotCorrected,
                    Role::Ae,
                ));
            }
        }
    }

    fn review(&self, gaps: &mut Vec<Gap>) {
        let reviewer = if self.handoff.csm().is_some() { Role::Csm } else { Role::CsLeader };
        for category in self.playbook.scorecard.categories.iter().filter(|one| one.when == MarkedWhen::Review) {
            let about = Covers::Category { category: category.id.value.clone() };
            let (problem, owed_by) = match self.handoff.marks.get(&category.id.value) {
                None => (Problem::NotMarked, reviewer),
                Some(marked) if marked.stale => (Problem::MarkStale, reviewer),
                Some(marked) if marked.mark == Mark::Unclear && category.unclear == MarkEffect::Returns => {
                    (Problem::MarkedUnclear, Role::Ae)
                }
                Some(_) => continue,
            };
            let waivable = problem == Problem::MarkedUnclear;
            gaps.push(Gap { waivable, ..self.gap(about, &category.title, problem, owed_by) });
        }
    }

    fn step(&self, id: &Key, gaps: &mut Vec<Gap>) {
        let Some(step) = self.playbook.step(id) else { return };
        let applies = step.when.as_ref().is_none_or(|rule| rule.value.holds(&self.facts).unwrap_or(true));
        if !applies || self.is_lost(id) {
            return;
        }
        let Some((problem, owed_by)) = self.step_problem(step) else { return };
        let reading = clock::read(self.handoff, self.playbook, self.calendar, self.now, step);
        let lost = reading.reading == Reading::Missed && reading.done_at.is_none();
        let problem = if lost { Problem::Missed } else { problem };
        let about = Covers::Step { step: id.clone() };
        gaps.push(Gap { waivable: true, lost, ..self.gap(about, &step.title, problem, owed_by) });
    }

    /// What keeps a step from counting, and whose it is to mend.
    fn step_problem(&self, step: &Step) -> Option<(Problem, Role)> {
        if !step.kind.is_reported() {
            let done = clock::done_at(self.handoff, self.playbook, step).is_some();
            return (!done).then_some((Problem::NotHappened, step.owner));
        }
        let state = self.handoff.step(&step.id.value);
        let Some(state) = state.filter(|state| state.happened().is_some()) else {
            return Some((Problem::NotHappened, step.owner));
        };
        if state.standing().all(|report| report.disputed.is_some()) {
            return Some((Problem::Disputed, step.owner));
        }
        if state.standing().all(|report| report.counts_since.is_none()) {
            return Some((Problem::NotConfirmed, Role::Csm));
        }
        let counting = || state.standing().filter(|report| report.counts_since.is_some());
        let allowed: Vec<_> = step
            .forms
            .iter()
            .filter(|form| form.when.as_ref().is_none_or(|rule| rule.value.holds(&self.facts).unwrap_or(false)))
            .collect();
        let in_form = |form: &Key| counting().any(|report| report.form.as_ref() == Some(form));
        for form in &step.forms {
            let required = form.required_when.as_ref().is_some_and(|rule| rule.value.holds(&self.facts).unwrap_or(true));
            if required && !in_form(&form.form.value) {
                return Some((Problem::NotInForm { form: form.title.clone() }, step.owner));
            }
        }
        if !step.forms.is_empty() && !allowed.iter().any(|form| in_form(&form.form.value)) {
            let titles: Vec<_> = allowed.iter().map(|form| form.title.as_str()).collect();
            return Some((Problem::NotInForm { form: titles.join(" / ") }, step.owner));
        }
        None
    }

    fn plan(&self, gaps: &mut Vec<Gap>) {
        let problem = match &self.handoff.plan {
            None => Problem::PlanNotOpened,
            Some(plan) if plan.confirmed.is_none() => Problem::PlanNotConfirmed,
            Some(_) => return,
        };
        gaps.push(self.gap(Covers::Plan, "Mutual success plan", problem, Role::Csm));
    }

    /// Waivers used at an earlier gate that ran out unpaid shut this one (R2.8).
    fn debts(&self, gate: Gate, gaps: &mut Vec<Gap>) {
        for waiver in self.handoff.waivers.values() {
            let expired = matches!(&waiver.state, WaiverState::Granted { expires_at: Some(end), .. } if *end <= self.now);
            let owed = waiver.used_at.is_some() && waiver.paid_at.is_none();
            if waiver.gate < gate && expired && owed {
                let about = Covers::Debt { waiver: waiver.id };
                gaps.push(Gap {
                    person: Some(waiver.debtor),
                    waivable: true,
                    ..self.gap(about, waiver.reason.as_str(), Problem::DebtExpired, Role::Ae)
                });
            }
        }
    }

    fn waiver_for(&self, gate: Gate, gap: &Gap) -> Option<WaiverId> {
        let covering = |waiver: &&crate::handoff::Waiver| {
            let in_force = match &waiver.state {
                WaiverState::Granted { expires_at, .. } => expires_at.is_none_or(|end| end > self.now),
                WaiverState::Asked | WaiverState::Denied { .. } => false,
            };
            waiver.gate == gate && in_force && waiver.used_at.is_none() && waiver.covers.contains(&gap.about)
        };
        self.handoff.waivers.values().find(covering).map(|waiver| waiver.id)
    }

    /// A step closed as lost is asked for by no later gate.
    fn is_lost(&self, step: &Key) -> bool {
        let about = Covers::Step { step: step.clone() };
        self.handoff.waivers.values().any(|waiver| {
            waiver.used_at.is_some()
                && waiver.covers.contains(&about)
                && matches!(waiver.state, WaiverState::Granted { expires_at: None, .. })
        })
    }

    fn gap(&self, about: Covers, title: &str, problem: Problem, owed_by: Role) -> Gap {
        let person = self.handoff.holder(owed_by);
        Gap {
            about,
            title: title.to_owned(),
            problem,
            why: Why::Process,
            owed_by,
            person,
            waivable: false,
            lost: false,
        }
    }
}

/// Whether an ask looks at an item: a view over a list.
pub fn looks_at(ask: &Ask, item: &Item) -> bool {
    match (&item.body, ask.kind) {
        (Body::Stakeholder(person), AskKind::Stakeholders) => ask.role.is_none_or(|role| person.parts.contains(&role)),
        (Body::Promise(promise), AskKind::Promises) => ask.kinds.is_empty() || ask.kinds.contains(&promise.kind),
        (body, kind) => List::of(kind) == Some(body.list()),
    }
}

/// What rules can see of the deal (the list is [`crate::playbook::rule::DEAL_FIELDS`]).
pub fn deal_facts(handoff: &Handoff, calendar: &Calendar, now: Timestamp) -> Facts {
    let variant = handoff.route.variant.as_ref().map_or("", Key::as_str);
    deal_facts_of(&handoff.deal, variant, calendar, now)
}

/// The same for a deal without a handoff yet: routes and `opens_when` ask it.
pub fn deal_facts_of(deal: &crate::deal::Deal, variant: &str, calendar: &Calendar, now: Timestamp) -> Facts {
    let whole = |number: i64| Value::Int(number);
    let opt = |value: &Option<String>| value.as_deref().map(text);
    let today = calendar.local_date(now);
    let signature = deal.signed_at.map(|at| calendar.local_date(at)).or(deal.close_on);
    let extra: HashMap<CelKey, Value> = deal
        .extra
        .iter()
        .map(|(name, value)| (CelKey::String(Arc::new(name.clone())), text(value.as_str())))
        .collect();
    let fields = [
        ("source", Some(text(&deal.key.source))),
        ("name", Some(text(&deal.name))),
        ("account", Some(text(&deal.account))),
        ("stage", Some(text(&deal.stage))),
        ("type", opt(&deal.deal_type)),
        ("segment", opt(&deal.segment)),
        ("lead_source", opt(&deal.lead_source)),
        ("partner", opt(&deal.partner)),
        ("plan", opt(&deal.plan)),
        ("competitor", opt(&deal.competitor)),
        ("currency", deal.amount.map(|amount| text(amount.currency.code()))),
        ("amount", deal.amount.map(|amount| Value::Float(amount.major()))),
        ("arr", deal.arr.or(deal.amount).map(|amount| Value::Float(amount.major()))),
        ("term_months", deal.term_months.map(|months| whole(months.into()))),
        ("discount_percent", deal.discount_percent.map(|percent| whole(percent.into()))),
        ("probability", deal.probability.map(|percent| whole(percent.into()))),
        ("days_to_signature", signature.and_then(|date| Some(whole(today.until(date).ok()?.get_days().into())))),
        ("won", Some(Value::Bool(deal.standing == Standing::Won))),
        ("lost", Some(Value::Bool(deal.standing.is_gone()))),
        ("se_involved", deal.se_involved.map(Value::Bool)),
        ("existing_account", deal.existing_account.map(Value::Bool)),
        ("extra", Some(Value::Map(Map { map: Arc::new(extra) }))),
    ];
    let known = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    Facts::default().with_fields("deal", known).with("variant", text(variant))
}

/// Steps this playbook has of a kind (shared with pages that list what can be reported).
pub fn reportable(playbook: &Playbook) -> impl Iterator<Item = &Step> {
    playbook.steps.iter().filter(|step| step.kind.is_reported() && step.kind != StepKind::Availability)
}
