//! The sequence: every clock as a reading, with its reports; the introduction's draft; who was answerable when, and who
//! does what.

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId, PersonId, Role,
    access::Action,
    clock::{Reading, StepReading},
    handoff::{Move, command},
    playbook::{Step, StepKind},
};
use throughline_http::Web;

use super::{
    In, act,
    forms::Form,
    frame::{Frame, View, person, role},
    meetings::{self, DraftShown, MailShown, Shown},
    reports::{ReportView, report_form, report_view, told},
    taken,
    workload::csm_choices,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::{
        people::absence,
        words::{self, word},
    },
    ui::{self, Choice, Control, Person},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/steps", get(show))
        .route("/handoffs/{id}/confirm-kickoff", post(confirm_kickoff))
        .route("/handoffs/{id}/take-over", post(take_over))
        .route("/handoffs/{id}/seats", post(seat))
}

struct StepView {
    id: String,
    line: ui::Step,
    about: Option<String>,
    with: Option<String>,
    agenda: Vec<String>,
    reports: Vec<ReportView>,
    report: Option<(String, Vec<Control>)>,
    elsewhere: Option<(String, String)>,
    drafts: Vec<DraftShown>,
    meeting: Option<Shown>,
    /// Asks for the kickoff to go ahead.
    go_ahead: bool,
    gone_ahead: Option<String>,
    open: bool,
}

struct TenureView {
    who: Person,
    since: String,
    how: String,
    bypassed: bool,
}

#[derive(Template)]
#[template(path = "pages/handoff/steps.html")]
struct StepsPage {
    chrome: Chrome,
    f: Frame,
    steps: Vec<StepView>,
    tenures: Vec<TenureView>,
    take_over: Option<Vec<Choice>>,
    /// Seats that can be filled anew: the role, its name, who can be it.
    seats: Vec<(&'static str, String, Vec<Choice>)>,
    seated: Vec<(String, Person)>,
    /// Mail that went out.
    mails: Vec<MailShown>,
}

/// A reading as a line of the sequence.
pub fn timed(t: &Text, view: &HandoffView, reading: &StepReading) -> ui::Step {
    let mut facts = Vec::new();
    match (reading.done_at, reading.due_at) {
        (Some(done), due) => {
            facts.push(t.with(key!("steps-done"), ("time", t.moment(done))).into_owned());
            facts.extend(due.map(|due| t.with(key!("steps-was-due"), ("time", t.due(due))).into_owned()));
        }
        (None, Some(due)) => {
            if let Some(opens) = reading.opens_at.filter(|opens| *opens > view.now) {
                facts.push(t.with(key!("steps-opens"), ("time", t.moment(opens))).into_owned());
            }
            let key =
                if reading.reading == Reading::Overdue { key!("steps-was-due") } else { key!("steps-due") };
            facts.push(t.with(key, ("time", t.due(due))).into_owned());
            facts.push(t.relative(due, view.now));
        }
        (None, None) => facts.push(t.get(key!("steps-no-date")).into_owned()),
    }
    let owner = match reading.person {
        Some(id) => person(view, id).as_a(role(t, reading.owner)),
        None => Person::named(role(t, reading.owner)),
    };
    ui::Step {
        name: reading.title.clone(),
        reading: words::reading(reading.reading),
        owner: Some(owner),
        facts,
        href: Some(format!("/handoffs/{}/steps#step-{}", view.loaded.handoff.id, reading.step)),
    }
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let app = &visit.web.app;
    let view = app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let mut steps: Vec<StepView> = Vec::new();
    if let Some(playbook) = &view.loaded.playbook {
        let read = view.readings.iter().filter_map(|reading| Some((playbook.step(&reading.step)?, reading)));
        steps.extend(read.map(|(step, reading)| step_view(&visit, &view, step, reading)));
        for (step, shown) in meetings::shown(&visit, &view).await? {
            if let Some(one) = steps.iter_mut().find(|one| one.id == format!("step-{step}")) {
                one.meeting = Some(shown);
            }
        }
        for (step, draft) in meetings::drafts(&visit, &view).await? {
            if let Some(one) = steps.iter_mut().find(|one| one.id == format!("step-{step}")) {
                one.drafts.push(draft);
            }
        }
    }
    let live = handoff.life.is_live();
    let may_take = live && !handoff.stage.is_owned() && view.rights.contains(&Action::TakeOver);
    let take_over = if may_take { Some(csm_choices(&visit, &view).await?) } else { None };
    let mut seats = Vec::new();
    if live && view.rights.contains(&Action::SetSeat) {
        for one in SEATS.into_iter().filter(|one| visit.caller.gives_seat(handoff, *one)) {
            let sits = handoff.seats.get(&one).map(|seat| seat.person);
            seats.push((one.name(), role(t, one), people_choices(&visit, one, sits).await?));
        }
    }
    let page = StepsPage {
        chrome: visit.chrome(Some(Place::Deals)),
        tenures: handoff
            .tenures
            .iter()
            .rev()
            .map(|tenure| TenureView {
                who: person(&view, tenure.person),
                since: t.with(key!("steps-since"), ("time", t.moment(tenure.since))).into(),
                how: word(t, tenure.moved_by),
                bypassed: tenure.bypassed && tenure.moved_by != Move::TakeOver,
            })
            .collect(),
        seated: handoff.seats.iter().map(|(one, seat)| (role(t, *one), person(&view, seat.person))).collect(),
        mails: meetings::mails(&visit, &view).await?,
        take_over,
        seats,
        steps,
        f: Frame::new(&visit, &view, View::Steps),
    };
    Ok(html(&page))
}

/// Seats that people are put into by hand.
const SEATS: [Role; 3] = [Role::Ae, Role::Se, Role::Implementation];

/// The same as choices.
pub fn seat_choices(t: &Text) -> Vec<Choice> {
    SEATS.map(|one| Choice::new(one.name(), role(t, one))).to_vec()
}

/// Who can be put into one of them; who sits there is chosen.
pub async fn people_choices(
    visit: &Visit,
    role: Role,
    sits: Option<PersonId>,
) -> Result<Vec<Choice>, throughline_app::AppError> {
    let people = visit.web.app.candidates(&visit.caller, role).await?;
    let org = visit.web.app.organisation(visit.caller.org).await?;
    let choice = |one: throughline_store::Person| {
        Choice::new(one.id.to_string(), absence::named(visit, &org, &one)).chosen(sits == Some(one.id))
    };
    Ok(people.into_iter().map(choice).collect())
}

/// The forms of this view, by where they are posted to.
pub fn forms(visit: &Visit, view: &HandoffView) -> Vec<Form> {
    let Some(playbook) = &view.loaded.playbook else { return Vec::new() };
    let read = view.readings.iter().filter_map(|reading| Some((playbook.step(&reading.step)?, reading)));
    let shown = read.map(|(step, reading)| step_view(visit, view, step, reading));
    let forms = shown.flat_map(|step| {
        let correct = step.reports.into_iter();
        let correct = correct.filter_map(|one| Some((format!("{}/correct", one.base), one.correct?)));
        step.report.into_iter().chain(correct.collect::<Vec<_>>())
    });
    forms.collect()
}

fn step_view(visit: &Visit, view: &HandoffView, step: &Step, reading: &StepReading) -> StepView {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let id = &step.id.value;
    let base = format!("/handoffs/{}/steps/{id}", handoff.id);
    let reports = handoff.step(id).map_or(&[][..], |state| state.reports.as_slice());
    let takes = view.rights.contains(&Action::ReportStep) && told(view);
    let is_report = step.kind.is_reported();
    let stands = reports.iter().any(|report| report.corrected.is_none());
    let go_ahead = step.kind == StepKind::Kickoff
        && handoff.kickoff_confirmed_at.is_none()
        && handoff.life.is_live()
        && view.rights.contains(&Action::ConfirmKickoff);
    let with: Vec<String> = step.with.iter().map(|one| role(t, *one)).collect();
    let mut line = timed(t, view, reading);
    line.facts.extend(step.minutes.map(|minutes| t.with(key!("steps-minutes"), ("n", minutes)).into_owned()));
    if let Some(times) = step.times {
        let count = reports.iter().filter(|report| report.corrected.is_none()).count();
        let args = (("n", count), ("least", times.at_least), ("most", times.at_most));
        line.facts.push(t.with(key!("steps-times"), args).into_owned());
    }
    line.href = None;
    StepView {
        id: format!("step-{id}"),
        line,
        about: step.about.as_ref().map(|about| about.trim().to_owned()),
        with: (!with.is_empty()).then(|| t.with(key!("steps-with"), ("roles", t.list(&with))).into()),
        agenda: step.agenda.clone(),
        reports: reports.iter().rev().map(|report| report_view(visit, view, step, report, &base)).collect(),
        report: (is_report && takes).then(|| (format!("{base}/report"), report_form(visit, view, step))),
        elsewhere: elsewhere(t, handoff.id, step),
        drafts: Vec::new(),
        meeting: None,
        go_ahead,
        gone_ahead: handoff
            .kickoff_confirmed_at
            .filter(|_| step.kind == StepKind::Kickoff)
            .map(|at| t.with(key!("steps-gone-ahead"), ("time", t.moment(at))).into()),
        open: is_report && !stands && matches!(reading.reading, Reading::Running | Reading::Overdue),
    }
}

/// Steps that are read from other facts say where those happen.
fn elsewhere(t: &Text, id: HandoffId, step: &Step) -> Option<(String, String)> {
    let (key, part) = match step.kind {
        StepKind::Nomination => (key!("steps-go-nominate"), "/review#offer".to_owned()),
        StepKind::Record => (key!("steps-go-record"), String::new()),
        StepKind::Review => (key!("steps-go-review"), "/review#scorecard".to_owned()),
        StepKind::OfferAnswer => (key!("steps-go-offer"), "/review#offer".to_owned()),
        StepKind::ReturnAnswer => (key!("steps-go-return"), "/review#return".to_owned()),
        StepKind::PlanConfirmed => (key!("steps-go-plan"), "/plan#plan".to_owned()),
        StepKind::Availability => (key!("steps-go-questions"), "/questions".to_owned()),
        StepKind::Rating => {
            let rating = step.rating.as_ref().map(ToString::to_string).unwrap_or_default();
            (key!("steps-go-rate"), format!("/review#rating-{rating}"))
        }
        StepKind::EarlyIntro
        | StepKind::InternalCall
        | StepKind::WarmIntro
        | StepKind::FirstContact
        | StepKind::KickoffBooked
        | StepKind::Kickoff
        | StepKind::FirstValue
        | StepKind::Other => return None,
    };
    Some((t.get(key).into_owned(), format!("/handoffs/{id}{part}")))
}

async fn confirm_kickoff(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/steps");
    let command = taken(|| Ok(command::ConfirmKickoff {}));
    Ok(act(&visit, id, command, &posted, &back, key!("steps-kickoff-flash")).await)
}

async fn take_over(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/steps#ownership");
    let command = taken(|| {
        Ok(command::TakeOver { by: posted.parse::<PersonId>("by")?, reason: posted.text("reason")? })
    });
    Ok(act(&visit, id, command, &posted, &back, key!("steps-taken-flash")).await)
}

async fn seat(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/steps#ownership");
    let view = visit.web.app.view(&visit.caller, id).await?;
    let command = taken(|| {
        let (role, person) = (posted.one_of::<Role>("role")?, posted.parse::<PersonId>("person")?);
        let held = view.loaded.handoff.seats.get(&role);
        let mut contributors = held.map(|seat| seat.contributors.clone()).unwrap_or_default();
        contributors.remove(&person);
        Ok(command::SetSeat { role, person, contributors, reason: posted.opt_text("reason")? })
    });
    Ok(act(&visit, id, command, &posted, &back, key!("steps-seat-flash")).await)
}
