//! View rows worked out from the state: pure, so that replaying the journal gives the same rows.

use jiff::{SignedDuration, Timestamp, civil::Date};
use throughline_domain::{
    Role,
    calendar::{Calendars, Direction},
    clock::{self, Anchor, StepReading},
    gate::{self, Survey},
    handoff::{GateHistory, Handoff, WaiverState},
    playbook::{Gate, Moment, Playbook, StepKind},
    record::PromiseState,
};
use throughline_store::{Credit, DueRow, HandoffRow, PartRow, PromiseRow};

/// All rows of a handoff.
pub struct Projection {
    /// For lists.
    pub row: HandoffRow,
    /// Its clocks.
    pub dues: Vec<DueRow>,
    /// Its promises.
    pub promises: Vec<PromiseRow>,
    /// Who has a part.
    pub parts: Vec<PartRow>,
    /// When its clocks want a look next.
    pub look_at: Option<Timestamp>,
}

/// How long a living handoff goes without a look at most: rules over days change their answer by waiting.
const LOOK_EACH: SignedDuration = SignedDuration::from_hours(24);

/// When rows are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// When the handoff last changed.
    pub changed: Timestamp,
    /// The instant they are worked out for: rules over days see that day.
    pub seen: Timestamp,
}

impl When {
    /// In the moment of a change.
    pub fn changing(at: Timestamp) -> Self {
        Self { changed: at, seen: at }
    }
}

/// Works the rows out.
pub fn project(
    handoff: &Handoff,
    playbook: Option<&Playbook>,
    calendars: &Calendars,
    version: u64,
    when: When,
) -> Projection {
    let at = when.seen;
    let survey = playbook.map(|playbook| gate::survey(handoff, playbook, calendars, at)).unwrap_or_default();
    Projection {
        row: row(handoff, playbook, calendars, version, when, &survey),
        dues: survey.readings.iter().filter_map(due).collect(),
        promises: promises(handoff, playbook, calendars),
        parts: parts(handoff),
        look_at: look_at(handoff, &survey, at),
    }
}

fn look_at(handoff: &Handoff, survey: &Survey<'_>, at: Timestamp) -> Option<Timestamp> {
    let daily = handoff.life.is_live().then(|| at.checked_add(LOOK_EACH).ok()).flatten();
    [survey.next_call, daily].into_iter().flatten().min()
}

fn due(reading: &StepReading) -> Option<DueRow> {
    Some(DueRow {
        step: reading.step.clone(),
        title: reading.title.clone(),
        owner: reading.owner,
        person: reading.person,
        opens_at: reading.opens_at,
        due_at: reading.due_at?,
        done_at: reading.done_at,
    })
}

fn row(
    handoff: &Handoff,
    playbook: Option<&Playbook>,
    calendars: &Calendars,
    version: u64,
    when: When,
    survey: &Survey<'_>,
) -> HandoffRow {
    let at = when.seen;
    let calendar = calendars.house();
    let live = handoff.life.is_live();
    let (asks, gaps) = if live { (&survey.asks[..], &survey.gaps[..]) } else { (&[][..], &[][..]) };
    let next = gaps.first();
    let open = survey
        .readings
        .iter()
        .filter(|reading| live && reading.reading.is_open() && reading.kind != StepKind::Availability)
        .filter_map(|reading| Some((reading.due_at?, reading)))
        .min_by_key(|(due, _)| *due);
    let waits =
        |state| handoff.record.promises().filter(|(_, promise)| promise.life.state() == state).count();
    HandoffRow {
        id: handoff.id,
        account_id: handoff.account,
        account: handoff.deal.account.clone(),
        deal_name: handoff.deal.name.clone(),
        deal: handoff.deal.key.clone(),
        amount: handoff.deal.amount,
        arr: handoff.deal.arr,
        segment: handoff.deal.segment.clone().map(short),
        lead_source: handoff.deal.lead_source.clone().map(short),
        life: handoff.life.name().to_owned(),
        stage: handoff.stage.name().to_owned(),
        playbook: handoff.route.playbook.as_ref().map(ToString::to_string),
        ae: handoff.seats.get(&Role::Ae).map_or(handoff.process_owner, |seat| seat.person),
        csm: handoff.csm(),
        answerable: handoff.answerable(),
        required: count(asks.iter().filter(|(_, standing)| standing.required.is_some()).count()),
        missing: count(gaps.len()),
        next_gap: next.map(|gap| gap.title.clone()),
        next_about: next.map(|gap| gap.about.clone()),
        next_owed_by: next.map(|gap| gap.owed_by),
        next_person: next.and_then(|gap| gap.person),
        next_due_at: open.as_ref().map(|(due, _)| *due),
        next_step: open.as_ref().map(|(_, reading)| reading.title.clone()),
        next_step_id: open.map(|(_, reading)| reading.step.clone()),
        signature_on: signature(handoff, playbook, calendars, at),
        closed_at: clock::closed(handoff, calendar).and_then(|anchor| anchor.start(calendar).ok()),
        open_questions: count(handoff.questions.values().filter(|asked| asked.answer.is_none()).count()),
        open_commitments: count(waits(PromiseState::AwaitingDecision)),
        open_waivers: count(
            handoff.waivers.values().filter(|waiver| waiver.state == WaiverState::Asked).count(),
        ),
        bypassed: handoff.gates.values().any(|history| history.bypassed.is_some()),
        waived: handoff
            .gates
            .values()
            .any(|history| history.passed.as_ref().is_some_and(|passed| !passed.waivers.is_empty())),
        refused: handoff.gates.values().any(stands_refused),
        credit: credit(handoff, playbook),
        kicked_off: survey
            .readings
            .iter()
            .any(|reading| reading.kind == StepKind::Kickoff && reading.done_at.is_some()),
        opened_at: handoff.opened_at,
        updated_at: when.changed,
        as_of: when.seen,
        version,
    }
}

/// The most characters of a word of the CRM's that lists are narrowed by.
const LONGEST_WORD: usize = 200;

fn short(word: String) -> String {
    if word.len() <= LONGEST_WORD { word } else { word.chars().take(LONGEST_WORD).collect() }
}

/// Whether the last that is known of a gate is that it refused.
fn stands_refused(history: &GateHistory) -> bool {
    history.last_refusal.is_some() && history.passed.is_none() && history.bypassed.is_none()
}

fn credit(handoff: &Handoff, playbook: Option<&Playbook>) -> Option<Credit> {
    let history = handoff.gates.get(&Gate::Credit);
    let asked = playbook.is_some_and(|playbook| playbook.gate(Gate::Credit).is_some());
    Some(match history {
        Some(GateHistory { passed: Some(passed), .. }) if passed.waivers.is_empty() => Credit::Released,
        Some(GateHistory { passed: Some(_), .. }) => Credit::Waived,
        Some(GateHistory { bypassed: Some(_), .. }) => Credit::Bypassed,
        Some(GateHistory { last_refusal: Some(_), .. }) => Credit::Refused,
        _ if asked => Credit::Open,
        _ => return None,
    })
}

fn signature(
    handoff: &Handoff,
    playbook: Option<&Playbook>,
    calendars: &Calendars,
    at: Timestamp,
) -> Option<Date> {
    let anchor = match playbook {
        Some(playbook) => clock::moment(handoff, playbook, calendars, at, Moment::Signature),
        None => handoff.deal.close_on.map(Anchor::On),
    };
    match anchor? {
        Anchor::At(at) => Some(calendars.house().local_date(at)),
        Anchor::On(date) => Some(date),
    }
}

fn promises(handoff: &Handoff, playbook: Option<&Playbook>, calendars: &Calendars) -> Vec<PromiseRow> {
    let within = playbook.map(|playbook| playbook.promises.decide_within);
    let mut rows = Vec::new();
    for (item, promise) in handoff.record.promises() {
        let routed = promise.life.routed.as_ref();
        rows.push(PromiseRow {
            handoff: handoff.id,
            item: item.id,
            account: handoff.deal.account.clone(),
            what: promise.what.as_str().to_owned(),
            kind: promise.kind.name().to_owned(),
            strength: promise.strength.map(|strength| strength.name().to_owned()),
            state: state_name(promise.life.state()),
            routed_to: routed.map(|routed| routed.to),
            routed_at: routed.map(|routed| routed.at),
            decide_by: routed
                .zip(within)
                .and_then(|(routed, span)| calendars.house().due(routed.at, span, Direction::After).ok()),
            due_on: promise.due_on,
            in_contract: promise.in_contract,
            amount: promise.amount,
            ae: handoff.seats.get(&Role::Ae).map_or(handoff.process_owner, |seat| seat.person),
        });
    }
    rows
}

fn parts(handoff: &Handoff) -> Vec<PartRow> {
    let mut rows = std::collections::BTreeSet::new();
    for (role, seat) in &handoff.seats {
        rows.insert(PartRow { person: seat.person, role: *role });
        rows.extend(seat.contributors.iter().map(|person| PartRow { person: *person, role: *role }));
        if seat.unmapped {
            rows.insert(PartRow { person: handoff.process_owner, role: *role });
        }
    }
    if let Some(csm) = handoff.csm() {
        rows.insert(PartRow { person: csm, role: Role::Csm });
    }
    rows.extend(handoff.tenures.iter().map(|tenure| PartRow {
        person: tenure.person,
        role: if handoff.seats.get(&Role::Ae).is_some_and(|seat| seat.person == tenure.person) {
            Role::Ae
        } else {
            Role::Csm
        },
    }));
    rows.into_iter().collect()
}

/// The state's name in data.
pub fn state_name(state: PromiseState) -> String {
    serde_json::to_value(state).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
