//! Reports of what happened in the world: told, confirmed by the side that receives, disputed, corrected.

use axum::{Router, routing::post};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId, Key,
    access::Action,
    handoff::{KnownBy, Report, command},
    playbook::{Step, StepKind},
};
use throughline_http::Web;

use super::{In, act, frame::who, gates::local_input, taken};
use crate::{
    form::Posted,
    key,
    pages::words::{self, word},
    ui::{self, Choice, Control, Draft},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/steps/{step}/report", post(report))
        .route("/handoffs/{id}/steps/{step}/{number}/confirm", post(confirm))
        .route("/handoffs/{id}/steps/{step}/{number}/dispute", post(dispute))
        .route("/handoffs/{id}/steps/{step}/{number}/correct", post(correct))
}

/// One report.
pub struct ReportView {
    /// Its place, for addresses.
    pub(super) base: String,
    pub(super) text: String,
    pub(super) facts: Vec<String>,
    pub(super) note: Option<String>,
    pub(super) counts: bool,
    pub(super) disputed: Option<String>,
    pub(super) corrected: Option<String>,
    pub(super) may_confirm: bool,
    pub(super) may_dispute: bool,
    pub(super) correct: Option<Vec<Control>>,
    pub(super) dispute: ui::Field,
}

/// Reports are taken from every handoff that ever ran.
pub fn told(view: &HandoffView) -> bool {
    use throughline_domain::handoff::Life;
    !matches!(view.loaded.handoff.life, Life::History | Life::OutOfScope)
}

/// The form that reports a step.
pub fn report_form(visit: &Visit, view: &HandoffView, step: &Step) -> Vec<Control> {
    report_again(visit, view, step, None)
}

/// The same for something that has been reported: it begins with what the report says.
pub fn report_again(visit: &Visit, view: &HandoffView, step: &Step, held: Option<&Report>) -> Vec<Control> {
    let t = &visit.t;
    let at = held.map_or(view.now, |held| held.happened_at);
    let known_by = held.map_or(KnownBy::Attested, |held| held.known_by);
    let mut fields = vec![
        ("happened_at".to_owned(), local_input(t, at)),
        ("known_by".to_owned(), words::data_name(known_by)),
    ];
    let ended = held.and_then(|held| held.ended_at);
    fields.extend(ended.map(|at| ("ended_at".to_owned(), local_input(t, at))));
    let values = Posted::filled(fields);
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
        let told = held.and_then(|held| held.form.as_ref());
        let forms = step.forms.iter().map(|form| {
            let chosen = only || told == Some(&form.form.value);
            Choice::new(form.form.value.to_string(), form.title.clone()).chosen(chosen)
        });
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
        let ticked = |id| held.is_some_and(|held| held.outcomes.contains(id));
        let outcomes = step.outcomes.iter();
        let outcomes = outcomes
            .map(|one| Choice::new(one.id.to_string(), one.label.clone()).chosen(ticked(&one.id)))
            .collect();
        let field = draft.named("outcomes", key!("steps-outcomes")).hint(t.get(key!("steps-outcomes-hint")));
        form.push(Control::Checks(field, outcomes));
    }
    form.push(
        draft.select("known_by", key!("steps-known-by"), |chosen| words::choices::<KnownBy>(t, chosen)),
    );
    form.push(draft.area("note", key!("steps-note")));
    form
}

/// A report as it stands, and what its reader may do with it.
pub fn report_view(
    visit: &Visit,
    view: &HandoffView,
    step: &Step,
    report: &Report,
    base: &str,
) -> ReportView {
    let t = &visit.t;
    let form = report.form.as_ref().and_then(|form| step.forms.iter().find(|one| one.form.value == *form));
    let mut facts: Vec<String> = form.map(|form| form.title.clone()).into_iter().collect();
    facts.extend(
        report.booked_for.map(|at| t.with(key!("steps-is-booked"), ("time", t.moment(at))).into_owned()),
    );
    facts.extend(report.ended_at.map(|at| t.with(key!("steps-ended"), ("time", t.time(at))).into_owned()));
    facts.push(
        t.with(key!("steps-known"), (("name", who(t, view, report.by)), ("how", word(t, report.known_by))))
            .into_owned(),
    );
    let ticked =
        step.outcomes.iter().filter(|one| report.outcomes.contains(&one.id)).map(|one| one.label.clone());
    facts.extend(ticked);
    let stands = report.corrected.is_none() && told(view);
    let counts = report.counts_since.is_some() && report.disputed.is_none();
    let receives = visit
        .caller
        .acts_as(Action::ConfirmStep, &view.loaded.handoff, |roles| roles.iter().any(|role| role.receives()));
    let prefix = format!("correct-{}-{}", step.id.value, report.number);
    let mut fields = vec![("happened_at".to_owned(), local_input(t, report.happened_at))];
    fields.extend(report.booked_for.map(|at| ("booked_for".to_owned(), local_input(t, at))));
    let values = Posted::filled(fields);
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
        may_confirm: stands && !counts && receives,
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
