//! The sequence: every clock as a reading, what was reported and whether it counts, forms to report, confirm, dispute
//! and correct; the introduction's draft; who was answerable when.

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    Actor, HandoffId, Key, PersonId, Role,
    access::Action,
    clock::{Reading, StepReading},
    handoff::{Move, Report, command},
    playbook::{Step, StepKind},
};
use throughline_http::Web;

use super::{
    In, act,
    forms::Form,
    frame::{Frame, View, person, role},
    gates::local_input,
    taken,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::words::{self, word},
    ui::{self, Choice, Control, Draft, Person},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/steps", get(show))
        .route("/handoffs/{id}/steps/{step}/report", post(report))
        .route("/handoffs/{id}/steps/{step}/{number}/confirm", post(confirm))
        .route("/handoffs/{id}/steps/{step}/{number}/dispute", post(dispute))
        .route("/handoffs/{id}/steps/{step}/{number}/correct", post(correct))
        .route("/handoffs/{id}/confirm-kickoff", post(confirm_kickoff))
        .route("/handoffs/{id}/take-over", post(take_over))
        .route("/handoffs/{id}/seats", post(seat))
}

struct ReportView {
    /// Its place, for addresses.
    base: String,
    text: String,
    facts: Vec<String>,
    note: Option<String>,
    counts: bool,
    disputed: Option<String>,
    corrected: Option<String>,
    may_confirm: bool,
    may_dispute: bool,
    correct: Option<Vec<Control>>,
    dispute: ui::Field,
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
    draft: Option<(String, String)>,
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
    seats: Option<(Vec<Choice>, Vec<Choice>)>,
    seated: Vec<(String, Person)>,
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
        let intro =
            playbook.step_of(StepKind::WarmIntro).filter(|_| view.rights.contains(&Action::ReportStep));
        let shown =
            intro.and_then(|intro| steps.iter_mut().find(|one| one.id == format!("step-{}", intro.id.value)));
        if let Some(shown) = shown {
            shown.draft = Some(app.introduction_draft(&visit.caller, id).await?);
        }
    }
    let live = handoff.life.is_live();
    let may_take = live && !handoff.stage.is_owned() && view.rights.contains(&Action::TakeOver);
    let take_over = if may_take { Some(csm_choices(&visit, &view).await?) } else { None };
    let seats = if live && view.rights.contains(&Action::SetSeat) {
        Some((seat_choices(t), people_choices(&visit).await?))
    } else {
        None
    };
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
        take_over,
        seats,
        steps,
        f: Frame::new(&visit, &view, View::Steps),
    };
    Ok(html(&page))
}

/// The CSMs with how many open handoffs each has (R2.10).
pub async fn csm_choices(
    visit: &Visit,
    view: &HandoffView,
) -> Result<Vec<Choice>, throughline_app::AppError> {
    let chosen = view.loaded.handoff.csm();
    let found = visit.web.app.csms(&visit.caller).await?;
    Ok(found
        .into_iter()
        .map(|(csm, open)| {
            let label = visit.t.with(key!("steps-csm-open"), (("name", csm.name.as_str()), ("n", open)));
            Choice::new(csm.id.to_string(), label).chosen(chosen == Some(csm.id))
        })
        .collect())
}

/// Seats that people are put into by hand.
pub fn seat_choices(t: &Text) -> Vec<Choice> {
    [Role::Ae, Role::Se, Role::Implementation].map(|one| Choice::new(one.name(), role(t, one))).to_vec()
}

/// Who can be put into one of them.
pub async fn people_choices(visit: &Visit) -> Result<Vec<Choice>, throughline_app::AppError> {
    use throughline_store::PersonStatus::{Active, Invited};
    let people = visit.web.app.list_people(&visit.caller, None, None, 200).await?.rows;
    let there = people.into_iter().filter(|one| matches!(one.status, Active | Invited));
    Ok(there.map(|one| Choice::new(one.id.to_string(), one.name)).collect())
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
        draft: None,
        go_ahead,
        gone_ahead: handoff
            .kickoff_confirmed_at
            .filter(|_| step.kind == StepKind::Kickoff)
            .map(|at| t.with(key!("steps-gone-ahead"), ("time", t.moment(at))).into()),
        open: is_report && !stands && matches!(reading.reading, Reading::Running | Reading::Overdue),
    }
}

/// Reports are taken from every handoff that ever ran.
fn told(view: &HandoffView) -> bool {
    use throughline_domain::handoff::Life;
    !matches!(view.loaded.handoff.life, Life::History | Life::OutOfScope)
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

fn report_form(visit: &Visit, view: &HandoffView, step: &Step) -> Vec<Control> {
    let t = &visit.t;
    let values = Posted {
        action: String::new(),
        fields: vec![
            ("happened_at".to_owned(), local_input(t, view.now)),
            ("known_by".to_owned(), "attested".to_owned()),
        ],
    };
    let prefix = format!("report-{}", step.id.value);
    let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
    let when = |name: &str, label, required: bool| {
        let field = draft.named(name, label);
        Control::Line(if required { field.required() } else { field }, "datetime-local")
    };
    let happened = if step.kind == StepKind::KickoffBooked {
        key!("steps-booked-at")
    } else {
        key!("steps-happened-at")
    };
    let mut form = Vec::new();
    if !step.forms.is_empty() {
        let only = step.forms.len() == 1;
        let forms = step
            .forms
            .iter()
            .map(|form| Choice::new(form.form.value.to_string(), form.title.clone()).chosen(only));
        form.push(Control::Radios(draft.named("form", key!("steps-form")).required(), forms.collect()));
    }
    let has_end = matches!(
        step.kind,
        StepKind::InternalCall | StepKind::WarmIntro | StepKind::Kickoff | StepKind::EarlyIntro
    );
    let mut times = vec![when("happened_at", happened, true)];
    if step.kind == StepKind::KickoffBooked {
        times.push(when("booked_for", key!("steps-booked-for"), true));
    } else if has_end {
        times.push(when("ended_at", key!("steps-ended-at"), false));
    }
    form.push(if times.len() == 1 { times.remove(0) } else { Control::Pair(times) });
    if !step.outcomes.is_empty() {
        let outcomes =
            step.outcomes.iter().map(|one| Choice::new(one.id.to_string(), one.label.clone())).collect();
        let field = draft.named("outcomes", key!("steps-outcomes")).hint(t.get(key!("steps-outcomes-hint")));
        form.push(Control::Checks(field, outcomes));
    }
    form.push(draft.select("known_by", key!("steps-known-by"), |chosen| {
        words::choices::<throughline_domain::handoff::KnownBy>(t, chosen)
    }));
    form.push(draft.area("note", key!("steps-note")));
    form
}

fn report_view(visit: &Visit, view: &HandoffView, step: &Step, report: &Report, base: &str) -> ReportView {
    let t = &visit.t;
    let who = |actor: Actor| match actor.person() {
        Some(id) => person(view, id).name,
        None => t.get(key!("answer-by-program")).into_owned(),
    };
    let form = report.form.as_ref().and_then(|form| step.forms.iter().find(|one| one.form.value == *form));
    let mut facts: Vec<String> = form.map(|form| form.title.clone()).into_iter().collect();
    facts.extend(
        report.booked_for.map(|at| t.with(key!("steps-is-booked"), ("time", t.moment(at))).into_owned()),
    );
    facts.extend(report.ended_at.map(|at| t.with(key!("steps-ended"), ("time", t.time(at))).into_owned()));
    facts.push(
        t.with(key!("steps-known"), (("name", who(report.by)), ("how", word(t, report.known_by))))
            .into_owned(),
    );
    let ticked =
        step.outcomes.iter().filter(|one| report.outcomes.contains(&one.id)).map(|one| one.label.clone());
    facts.extend(ticked);
    let stands = report.corrected.is_none() && told(view);
    let counts = report.counts_since.is_some() && report.disputed.is_none();
    let receives = visit.caller.roles().iter().any(|role| role.receives());
    let prefix = format!("correct-{}-{}", step.id.value, report.number);
    let mut fields = vec![("happened_at".to_owned(), local_input(t, report.happened_at))];
    fields.extend(report.booked_for.map(|at| ("booked_for".to_owned(), local_input(t, at))));
    let values = Posted { action: String::new(), fields };
    let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
    let happened =
        draft.named("happened_at", key!("steps-correct-at")).hint(t.get(key!("steps-correct-hint")));
    let mut correct = vec![Control::Line(happened, "datetime-local")];
    if report.booked_for.is_some() {
        correct.push(Control::Line(draft.named("booked_for", key!("steps-booked-for")), "datetime-local"));
    }
    correct.push(Control::Line(draft.named("reason", key!("steps-reason")).required(), "text"));
    ReportView {
        base: format!("{base}/{}", report.number),
        text: t.moment_full(report.happened_at),
        facts,
        note: report.note.as_ref().map(ToString::to_string),
        counts,
        disputed: report.disputed.as_ref().map(ToString::to_string),
        corrected: report.corrected.as_ref().map(ToString::to_string),
        may_confirm: stands && !counts && receives && view.rights.contains(&Action::ConfirmStep),
        may_dispute: stands
            && report.disputed.is_none()
            && report.by != visit.caller.actor
            && view.rights.contains(&Action::ConfirmStep),
        correct: (stands && view.rights.contains(&Action::ReportStep)).then_some(correct),
        dispute: ui::Field::new("reason", t.get(key!("steps-dispute-reason")))
            .id(format!("dispute-{prefix}"))
            .required(),
    }
}

async fn report(visit: Visit, In((id, step)): In<(HandoffId, Key)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/steps#step-{step}");
    let t = &visit.t;
    let command = taken(|| {
        Ok(command::ReportStep {
            step,
            happened_at: posted.moment("happened_at", t)?,
            ended_at: posted.opt_moment("ended_at", t)?,
            booked_for: posted.opt_moment("booked_for", t)?,
            form: posted.opt_parse("form")?,
            known_by: posted.one_of("known_by")?,
            outcomes: posted.keys("outcomes")?,
            note: posted.opt_text("note")?,
        })
    });
    Ok(act(&visit, id, command, &posted, &back, key!("steps-reported-flash")).await)
}

async fn confirm(visit: Visit, In((id, step, number)): In<(HandoffId, Key, u32)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/steps#step-{step}");
    let command = taken(|| Ok(command::ConfirmStep { step, number }));
    Ok(act(&visit, id, command, &posted, &back, key!("steps-confirmed-flash")).await)
}

async fn dispute(visit: Visit, In((id, step, number)): In<(HandoffId, Key, u32)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/steps#step-{step}");
    let command = taken(|| Ok(command::DisputeStep { step, number, reason: posted.text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("steps-disputed-flash")).await)
}

async fn correct(visit: Visit, In((id, step, number)): In<(HandoffId, Key, u32)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/steps#step-{step}");
    let t = &visit.t;
    let command = taken(|| {
        Ok(command::CorrectStep {
            step,
            number,
            reason: posted.text("reason")?,
            happened_at: posted.opt_moment("happened_at", t)?,
            booked_for: posted.opt_moment("booked_for", t)?,
        })
    });
    Ok(act(&visit, id, command, &posted, &back, key!("steps-corrected-flash")).await)
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
