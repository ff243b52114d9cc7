//! One handoff as it is answered: the state, judged and read, with names.
//!
//! Ratings are the AE's, their manager's and the raters' business (R3.12): to others they are null.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::{
    Caller,
    gates::{GapAnswer, GateAnswer},
    read::HandoffView,
};
use throughline_domain::{
    AccountId, HandoffId, ItemId, Key, PersonId, QuestionId, Role, WaiverId,
    access::Action,
    clock::{PromiseReading, StepReading, WaiverReading, promise_readings, waiver_readings},
    deal::Deal,
    gate::AskState,
    handoff::{
        Amendment, GateHistory, Life, Marked, Nominated, OfferMade, Plan, Question, Rated, Reopened, Report,
        Return, RouteTaken, Seat, SignSeen, Stage, Tenure, Waiver,
    },
    playbook::{self, Gate, Playbook},
    record::{Answered, Item, NoneDeclared, PromiseState},
};
use throughline_http::Web;

/// Everything about one handoff.
#[derive(Debug, Serialize, JsonSchema)]
pub struct View {
    /// Which.
    pub id: HandoffId,
    /// How many facts it has: what `If-Match` takes, quoted.
    pub version: u64,
    /// When this was read; readings are as of then.
    pub read_at: Timestamp,
    /// Where people see it.
    pub url: String,
    /// The customer.
    pub account: AccountId,
    /// The newest reading of the deal.
    pub deal: Deal,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The way it takes, and why.
    pub route: RouteTaken,
    /// Whether it lives.
    pub life: Life,
    /// How far it is.
    pub stage: Stage,
    /// Who is answerable to the customer now.
    pub answerable: PersonId,
    /// Who stands for people not yet mapped.
    pub process_owner: PersonId,
    /// Who holds which job.
    pub seats: BTreeMap<Role, Seat>,
    /// The nominated CSM.
    pub nominated: Option<Nominated>,
    /// Names of everybody mentioned.
    pub people: BTreeMap<PersonId, String>,
    /// The record.
    pub record: RecordView,
    /// What the record misses.
    pub gaps: Vec<GapAnswer>,
    /// What is owed although no gate asks for it: a partial mark's follow-up, an amendment to acknowledge.
    pub follow_ups: Vec<GapAnswer>,
    /// Every gate of the playbook, judged as of now, with its history.
    pub gates: Vec<GateView>,
    /// Every step, its clock read, with what was reported.
    pub steps: Vec<StepView>,
    /// Where each promise stands in its life.
    pub promises: BTreeMap<ItemId, PromiseState>,
    /// The clocks of promises sent for a decision (R2.6).
    pub decisions: Vec<PromiseReading>,
    /// Questions to the AE.
    pub questions: BTreeMap<QuestionId, Question>,
    /// Marks by category.
    pub scorecard: BTreeMap<Key, Marked>,
    /// Every offer, oldest first.
    pub offers: Vec<OfferMade>,
    /// Every time the record came back.
    pub returns: Vec<Return>,
    /// Changes after ownership moved.
    pub amendments: Vec<Amendment>,
    /// The mutual success plan, once opened.
    pub plan: Option<Plan>,
    /// The kickoff's agenda, filled from the record (R2.4, R3.7).
    pub agenda: Vec<AgendaPart>,
    /// When the kickoff was confirmed.
    pub kickoff_confirmed_at: Option<Timestamp>,
    /// Ratings; null when they are not yours to see.
    pub ratings: Option<BTreeMap<Key, Rated>>,
    /// Early signs, oldest first, also those taken back; null when ratings are not yours to see.
    pub signs: Option<Vec<SignSeen>>,
    /// The clocks of waivers that are debt until they are paid (R2.8).
    pub debts: Vec<WaiverReading>,
    /// Waivers.
    pub waivers: BTreeMap<WaiverId, Waiver>,
    /// Who was answerable, since when.
    pub tenures: Vec<Tenure>,
    /// What you may do here.
    pub rights: BTreeSet<Action>,
}

/// A part of the kickoff's agenda.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AgendaPart {
    /// What it is about.
    pub title: String,
    /// How long it takes.
    pub minutes: u16,
    /// How to go about it.
    pub about: String,
    /// The asks it draws on.
    pub from: Vec<Key>,
    /// Those of them that nobody has answered well enough: the kickoff would be incomplete.
    pub missing: Vec<Key>,
}

/// What is known, and how each ask stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordView {
    /// Since when it is complete, while it is.
    pub complete_since: Option<Timestamp>,
    /// When it first became complete.
    pub first_complete_at: Option<Timestamp>,
    /// How each ask of the playbook stands.
    pub asks: BTreeMap<Key, AskState>,
    /// Answers to single asks.
    pub answers: BTreeMap<Key, Answered>,
    /// Lists of which somebody said that there are none.
    pub none: BTreeMap<Key, NoneDeclared>,
    /// Items of all lists, oldest first.
    pub items: Vec<Item>,
    /// Asks opened again, still to be reviewed.
    pub reopened: Option<Reopened>,
}

/// A gate, judged.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GateView {
    /// As a preview answers.
    #[serde(flatten)]
    pub answer: GateAnswer,
    /// What it has seen.
    pub history: Option<GateHistory>,
}

/// A step, read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StepView {
    /// How its clock reads.
    #[serde(flatten)]
    pub reading: StepReading,
    /// What was reported, oldest first.
    pub reports: Vec<Report>,
}

impl View {
    /// The answer for a caller.
    pub fn of(web: &Web, caller: &Caller, view: HandoffView) -> Self {
        let ratings = caller.sees_ratings(&view.loaded.handoff);
        let people = view.people.iter().map(|(id, person)| (*id, person.name.clone())).collect();
        let url = web.url(&format!("/handoffs/{}", view.loaded.handoff.id));
        let version = view.loaded.version;
        let (mut decisions, mut debts, mut agenda_parts) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(playbook) = &view.loaded.playbook {
            let (handoff, calendars) = (&view.loaded.handoff, &view.loaded.calendars);
            decisions = promise_readings(handoff, playbook, calendars, view.now);
            debts = waiver_readings(handoff, view.now);
            agenda_parts = agenda(playbook, &view.asks);
        }
        let mut state = view.loaded.handoff;
        let gaps = view.gaps.into_iter().map(|gap| GapAnswer { url: web.url(&gap.url), ..gap }).collect();
        let follow_ups =
            view.follow_ups.into_iter().map(|gap| GapAnswer { url: web.url(&gap.url), ..gap }).collect();
        let answerable = state.answerable();
        let promises =
            state.record.promises().map(|(item, promise)| (item.id, promise.life.state())).collect();
        let gates = view.gates.into_iter().map(|answer| gate(web, answer, &mut state.gates)).collect();
        let steps = view.readings.into_iter().map(|reading| StepView {
            reports: state.steps.remove(&reading.step).map(|step| step.reports).unwrap_or_default(),
            reading,
        });
        Self {
            id: state.id,
            version,
            read_at: view.now,
            url,
            account: state.account,
            deal: state.deal,
            opened_at: state.opened_at,
            route: state.route,
            life: state.life,
            stage: state.stage,
            answerable,
            process_owner: state.process_owner,
            seats: state.seats,
            nominated: state.nominated,
            people,
            record: RecordView {
                complete_since: state.complete_since,
                first_complete_at: state.first_complete_at,
                asks: view.asks,
                answers: state.record.answers,
                none: state.record.none,
                items: state.record.items.into_values().collect(),
                reopened: state.reopened,
            },
            gaps,
            follow_ups,
            gates,
            steps: steps.collect(),
            promises,
            decisions,
            questions: state.questions,
            scorecard: state.marks,
            offers: state.offers,
            returns: state.returns,
            amendments: state.amendments,
            plan: state.plan,
            agenda: agenda_parts,
            kickoff_confirmed_at: state.kickoff_confirmed_at,
            ratings: ratings.then_some(state.ratings),
            signs: ratings.then_some(state.signs),
            debts,
            waivers: state.waivers,
            tenures: state.tenures,
            rights: view.rights,
        }
    }
}

fn agenda(playbook: &Playbook, asks: &BTreeMap<Key, AskState>) -> Vec<AgendaPart> {
    let lacking = |ask: &&Key| asks.get(*ask).is_some_and(|state| !state.problems.is_empty());
    let part = |part: &playbook::AgendaPart| {
        let from: Vec<Key> = part.from.iter().map(|ask| ask.value.clone()).collect();
        AgendaPart {
            title: part.title.clone(),
            minutes: part.minutes,
            about: part.about.clone(),
            missing: from.iter().filter(lacking).cloned().collect(),
            from,
        }
    };
    playbook.agenda.iter().map(part).collect()
}

fn gate(web: &Web, mut answer: GateAnswer, histories: &mut BTreeMap<Gate, GateHistory>) -> GateView {
    crate::gates::absolute(web, &mut answer);
    GateView { history: histories.remove(&answer.gate), answer }
}
