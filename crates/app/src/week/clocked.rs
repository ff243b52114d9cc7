//! Clocks of a week: late now, due in the next seven days, done in the last seven.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::{
    Role,
    access::Action,
    calendar::{Calendar, Span, Unit},
    clock::{self, Anchor, Matter, Reading},
    handoff::{Handoff, Recipient, owner_of},
    playbook::{Due, Moment, StepKind},
};
use throughline_store::{Cursor, HandoffQuery, HandoffRow, PAGE, Page, PromiseQuery, Sort};

use super::{AwayNow, DAYS, Names, Narrow, Somebody, Subject, live};
use crate::{App, AppError, Caller, handle::Loaded, letters::title};

/// Which clocks of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Open and past their due time.
    Late,
    /// Open and due within seven days.
    Coming,
    /// Done within the last seven days, in time or not.
    Done,
}

/// A clock with its reading, on whom it waits, and why it reads so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Clocked {
    /// Which handoff.
    pub handoff: Subject,
    /// What it runs on.
    pub matter: Matter,
    /// The same in the playbook's words.
    pub title: String,
    /// How it stands.
    pub reading: Reading,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// The role it waits for.
    pub owner: Role,
    /// Who that is here; none: everybody of the role.
    pub person: Option<Somebody>,
    /// They are away now; none: they are here, or it waits for everybody of the role.
    pub away: Option<AwayNow>,
    /// When whoever owes it was first reminded of this due time.
    pub reminded_at: Option<Timestamp>,
    /// How many rungs of the ladder heard of it.
    pub escalated: u32,
    /// Where its due time comes from.
    pub why: Why,
}

/// Where a due time comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Why {
    /// The rule.
    pub rule: Rule,
    /// What it counts from, to the instant; none where only a day is known.
    pub from_at: Option<Timestamp>,
    /// The day it counts from, where the instant is not known.
    pub from_on: Option<Date>,
    /// The zone of the calendar that counts.
    pub zone: String,
    /// Holidays in between that were not counted; weekends are not told.
    pub days_off: Vec<Date>,
}

/// The rule of a due time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Rule {
    /// A step's clock, as the playbook has it.
    Step {
        /// What it is tied to.
        anchor: Moment,
        /// Cannot be done sooner than this after it.
        #[schemars(with = "Option<String>")]
        opens: Option<Span>,
        /// Due this long after it.
        #[schemars(with = "Option<String>")]
        within: Option<Span>,
        /// Its window opens this long before it.
        #[schemars(with = "Option<String>")]
        from: Option<Span>,
        /// And ends this long before it.
        #[schemars(with = "Option<String>")]
        to: Option<Span>,
        /// A due time off work waits for the next opening.
        roll: bool,
    },
    /// The time to decide a promise in, from its routing.
    Decision {
        /// How long.
        #[schemars(with = "String")]
        within: Span,
    },
    /// A waiver ends.
    Waiver,
}

impl Rule {
    /// The step's clock as its playbook has it; none for anything else.
    pub fn due(&self) -> Option<Due> {
        let Rule::Step { anchor, opens, within, from, to, roll } = *self else { return None };
        Some(Due { anchor, opens, within, from, to, roll })
    }
}

impl App {
    /// A page of the week's clocks: by handoff, whichever has something due first; what was done, by the last change.
    /// The first page of what is late also has the promises nobody has decided in time, of the 200 that wait longest.
    pub async fn week(
        &self,
        caller: &Caller,
        narrow: &Narrow,
        show: Show,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Clocked>, AppError> {
        let now = self.now();
        let reach = self.week_reach(caller, narrow).await?;
        let (filter, sort) = match show {
            Show::Late => (live(narrow, Some(now)), Sort::Due),
            Show::Coming => (live(narrow, now.checked_add(DAYS).ok()), Sort::Due),
            // What was done may have ended the handoff.
            Show::Done => {
                let mut filter = live(narrow, None);
                filter.life.insert("done".to_owned());
                (filter, Sort::Updated)
            }
        };
        let first = after.is_none();
        let query = HandoffQuery { reach, filter, sort, after, limit: limit.clamp(1, PAGE) };
        let mut page: Page<HandoffRow> = self.store.list(caller.org, &query).await?;
        if show == Show::Done {
            // What was done changed its handoff: where the last change lies further back, nothing follows.
            let since = now.checked_sub(DAYS).unwrap_or(Timestamp::MIN);
            if page.rows.last().is_some_and(|row| row.updated_at < since) {
                page.next = None;
            }
            page.rows.retain(|row| row.updated_at >= since);
        }
        let mut found = Vec::new();
        for loaded in self.load_rows(caller, &page.rows).await? {
            found.extend(clocks(&loaded, show, now));
        }
        if first && show == Show::Late {
            found.extend(self.undecided(caller, &query, now).await?);
        }
        match show {
            Show::Late | Show::Coming => found.sort_by_key(|(clocked, _)| clocked.due_at),
            Show::Done => found.sort_by_key(|(clocked, _)| std::cmp::Reverse(clocked.done_at)),
        }
        let people = self.named(caller.org, found.iter().filter_map(|(_, person)| *person)).await?;
        // What is done waits for nobody.
        let away = match show {
            Show::Late | Show::Coming => self.away_of(caller.org, &people).await?,
            Show::Done => BTreeMap::new(),
        };
        let names = Names(people);
        let named = |(clocked, person): Row| Clocked {
            person: person.map(|id| names.somebody(id)),
            away: person.and_then(|id| away.get(&id).cloned()),
            ..clocked
        };
        let rows = found.into_iter().map(named).collect();
        Ok(Page { rows, next: page.next })
    }

    /// Promises past their time to be decided: they have a due time of their own, beside the steps'.
    async fn undecided(
        &self,
        caller: &Caller,
        asked: &HandoffQuery,
        now: Timestamp,
    ) -> Result<Vec<(Clocked, Option<throughline_domain::PersonId>)>, AppError> {
        let state = BTreeSet::from(["awaiting_decision".to_owned()]);
        let query = PromiseQuery { routed_to: BTreeSet::new(), state, after: None, limit: PAGE };
        let waiting = self.store.promises(caller.org, &query).await?.rows;
        let late = waiting.iter().filter(|promise| promise.decide_by.is_some_and(|by| by < now));
        let ids: BTreeSet<_> = late.map(|promise| promise.handoff).collect();
        let mut found = Vec::new();
        for loaded in self.load_several(caller, &ids).await?.into_values() {
            let handoff = &loaded.handoff;
            let by = asked.filter.playbook.as_deref();
            let played = handoff.route.playbook.as_ref();
            let wanted = by.is_none_or(|name| played.is_some_and(|playbook| playbook.name == name));
            let reached = match &asked.reach {
                throughline_store::Reach::Organisation => true,
                throughline_store::Reach::People(people) => {
                    throughline_domain::access::parts(handoff).iter().any(|part| people.contains(part))
                }
            };
            if wanted && reached && caller.can(Action::Read, handoff) && handoff.life.is_live() {
                found.extend(promises(&loaded, now));
            }
        }
        Ok(found)
    }
}

type Row = (Clocked, Option<throughline_domain::PersonId>);

/// The clocks of steps and waivers that belong into a list.
fn clocks(loaded: &Loaded, show: Show, now: Timestamp) -> Vec<Row> {
    let Some(playbook) = loaded.playbook.as_deref() else { return Vec::new() };
    let (handoff, calendars) = (&loaded.handoff, &loaded.calendars);
    let (since, until) = (now.checked_sub(DAYS).ok(), now.checked_add(DAYS).ok());
    let belongs = |reading: Reading, due_at: Timestamp, done_at: Option<Timestamp>| match show {
        Show::Late => reading == Reading::Overdue,
        Show::Coming => reading.is_open() && due_at >= now && until.is_none_or(|until| due_at <= until),
        Show::Done => {
            done_at.is_some_and(|done| done <= now && since.is_none_or(|since| done >= since))
                && !reading.is_open()
        }
    };
    let mut found = Vec::new();
    for reading in clock::readings(handoff, playbook, calendars, now) {
        // A period is nobody's task.
        if reading.kind == StepKind::Availability {
            continue;
        }
        let Some(due_at) = reading.due_at else { continue };
        if !belongs(reading.reading, due_at, reading.done_at) {
            continue;
        }
        let matter = Matter::Step { step: reading.step };
        let Some(why) = why(loaded, &matter, due_at, now) else { continue };
        let row = clocked(loaded, matter, reading.reading, due_at, reading.done_at, reading.owner, why);
        found.push((row, reading.person));
    }
    for reading in clock::waiver_readings(handoff, now) {
        if !belongs(reading.reading, reading.due_at, reading.done_at) {
            continue;
        }
        let matter = Matter::Waiver { waiver: reading.waiver };
        let Some(why) = why(loaded, &matter, reading.due_at, now) else { continue };
        let owner = handoff
            .seats
            .iter()
            .find(|(_, seat)| seat.person == reading.debtor)
            .map_or(Role::Ae, |(role, _)| *role);
        let row = clocked(loaded, matter, reading.reading, reading.due_at, reading.done_at, owner, why);
        found.push((row, Some(reading.debtor)));
    }
    found
}

/// The promises of a handoff that wait past their time.
fn promises(loaded: &Loaded, now: Timestamp) -> Vec<Row> {
    let Some(playbook) = loaded.playbook.as_deref() else { return Vec::new() };
    let readings = clock::promise_readings(&loaded.handoff, playbook, &loaded.calendars, now).into_iter();
    readings
        .filter(|reading| reading.reading == Reading::Overdue)
        .filter_map(|reading| {
            let matter = Matter::Promise { item: reading.item };
            let why = why(loaded, &matter, reading.due_at, now)?;
            let owner = owner_of(&loaded.handoff, Some(playbook), &matter);
            let person = match owner {
                Recipient::Person { id } | Recipient::ManagerOf { id } => Some(id),
                _ => None,
            };
            Some((clocked(loaded, matter, reading.reading, reading.due_at, None, reading.owner, why), person))
        })
        .collect()
}

fn clocked(
    loaded: &Loaded,
    matter: Matter,
    reading: Reading,
    due_at: Timestamp,
    done_at: Option<Timestamp>,
    owner: Role,
    why: Why,
) -> Clocked {
    let notice = loaded.handoff.notice(&matter).filter(|notice| notice.due_at == due_at);
    Clocked {
        handoff: Subject::of(&loaded.handoff),
        title: title(loaded, &matter),
        reading,
        due_at,
        done_at,
        owner,
        person: None,
        away: None,
        reminded_at: notice.map(|notice| notice.reminded_at),
        escalated: notice.map_or(0, |notice| u32::try_from(notice.escalated.len()).unwrap_or(u32::MAX)),
        matter,
        why,
    }
}

/// Where the due time of a clock comes from, as the handoff stands now; none where the playbook has no such clock
/// any more.
pub(super) fn why(loaded: &Loaded, matter: &Matter, due_at: Timestamp, now: Timestamp) -> Option<Why> {
    let (handoff, calendars) = (&loaded.handoff, &loaded.calendars);
    let playbook = loaded.playbook.as_deref()?;
    let (rule, anchor, calendar) = match matter {
        Matter::Step { step } => {
            let step = playbook.step(step)?;
            let Due { anchor, opens, within, from, to, roll } = step.due.as_ref()?.value.clone();
            let at = clock::moment(handoff, playbook, calendars, now, anchor);
            let rule = Rule::Step { anchor, opens, within, from, to, roll };
            (rule, at, calendars.of(handoff.holder(step.owner)))
        }
        Matter::Promise { item } => {
            let (_, promise) = handoff.record.promises().find(|(one, _)| one.id == *item)?;
            let routed = promise.life.routed.as_ref()?;
            let rule = Rule::Decision { within: playbook.promises.decide_within };
            (rule, Some(Anchor::At(routed.at)), calendars.house())
        }
        Matter::Waiver { waiver } => {
            let debtor = handoff.waivers.get(waiver)?.debtor;
            (Rule::Waiver, None, calendars.of(Some(debtor)))
        }
    };
    let (from_at, from_on) = match anchor {
        Some(Anchor::At(at)) => (Some(at), None),
        Some(Anchor::On(date)) => (None, Some(date)),
        None => (None, None),
    };
    let days_off = match anchor.and_then(|anchor| anchor.start(calendar).ok()) {
        Some(from) if in_working_time(&rule) => days_off(calendar, from, due_at),
        _ => Vec::new(),
    };
    Some(Why { rule, from_at, from_on, zone: calendar.zone().name().to_owned(), days_off })
}

/// Whether holidays count for a rule.
fn in_working_time(rule: &Rule) -> bool {
    let working = |span: &Span| matches!(span.unit(), Unit::BusinessDays | Unit::BusinessHours);
    match rule {
        Rule::Step { within, from, to, roll, .. } => {
            *roll || [within, from, to].into_iter().flatten().any(working)
        }
        Rule::Decision { within } => working(within),
        Rule::Waiver => false,
    }
}

/// Holidays between two instants, those on a weekend left out: they cost nobody a day.
fn days_off(calendar: &Calendar, one: Timestamp, other: Timestamp) -> Vec<Date> {
    let (from, until) = (calendar.local_date(one.min(other)), calendar.local_date(one.max(other)));
    let between = calendar.holidays().range(from..=until).copied();
    between.filter(|date| !calendar.weekend().contains(date.weekday())).collect()
}

/// Whether a clock still runs, for who was told of it.
pub(super) fn still_open(handoff: &Handoff, loaded: &Loaded, matter: &Matter, now: Timestamp) -> bool {
    let Some(playbook) = loaded.playbook.as_deref() else { return false };
    let calendars = &loaded.calendars;
    match matter {
        Matter::Step { step } => clock::readings(handoff, playbook, calendars, now)
            .iter()
            .any(|reading| reading.step == *step && reading.reading.is_open()),
        Matter::Promise { item } => clock::promise_readings(handoff, playbook, calendars, now)
            .iter()
            .any(|reading| reading.item == *item && reading.reading.is_open()),
        Matter::Waiver { waiver } => clock::waiver_readings(handoff, now).iter().any(|reading| {
            reading.waiver == *waiver && matches!(reading.reading, Reading::Running | Reading::Overdue)
        }),
    }
}
