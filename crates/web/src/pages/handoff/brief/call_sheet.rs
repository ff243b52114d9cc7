//! The sheet for the internal call: what does not survive being written down, point by point, and what the record
//! leaves open (R3.4). What was said is kept with the report that the call was held.

use askama::Template;
use axum::{Router, routing::get};
use throughline_app::{AppError, read::HandoffView};
use throughline_domain::{
    HandoffId, Personal,
    access::Action,
    handoff::{Mark, Report, command, meeting::meeting},
    playbook::{Step, StepKind},
};
use throughline_http::Web;

use super::{Sheet, open::open, sheets};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::{
        handoff::{
            In, act,
            forms::Form,
            frame::{Frame, View, person, role, who},
            reports::{report_again, told},
            taken,
        },
        words,
    },
    ui::{self, Control, Gap, Person, Tab},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/handoffs/{id}/call-sheet", get(show).post(keep))
}

/// One point of the call.
struct Point {
    asked: String,
    /// What was said to it, by whom it was written down.
    said: Vec<(String, String)>,
    /// Where it is written down; none for who may not, and for what belongs to no point and was not said.
    field: Option<ui::Field>,
}

/// A category the receiving team did not find clear.
struct Doubt {
    title: String,
    mark: ui::ScoreMark,
    note: Option<String>,
}

/// The call itself.
struct Call {
    title: String,
    about: Option<String>,
    when: String,
    facts: Vec<String>,
    reading: Option<ui::Reading>,
    who: Vec<Person>,
    points: Vec<Point>,
    /// How the call is reported, for who may.
    held: Option<Vec<Control>>,
    was_held: bool,
}

#[derive(Template)]
#[template(path = "pages/handoff/brief/call_sheet.html")]
struct CallPage {
    chrome: Chrome,
    f: Frame,
    sheets: Vec<Tab>,
    call: Option<Call>,
    open: Vec<Gap>,
    doubts: Vec<Doubt>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let page = CallPage {
        chrome: visit.chrome(Some(Place::Deals)),
        sheets: sheets(t, &view, Sheet::Call),
        call: the_call(&view).map(|step| call(&visit, &view, step)),
        open: open(t, &view),
        doubts: doubts(&view),
        f: Frame::new(&visit, &view, View::Brief),
    };
    Ok(html(&page))
}

/// The step that is the internal call.
fn the_call(view: &HandoffView) -> Option<&Step> {
    view.loaded.playbook.as_ref()?.step_of(StepKind::InternalCall)
}

fn call(visit: &Visit, view: &HandoffView, step: &Step) -> Call {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let id = &step.id.value;
    let reports = handoff.step(id).map_or(&[][..], |state| state.reports.as_slice());
    let standing: Vec<&Report> = reports.iter().filter(|report| report.corrected.is_none()).collect();
    let takes = view.rights.contains(&Action::ReportStep) && told(view);
    let planned = view.loaded.playbook.as_ref().and_then(|playbook| meeting(handoff, playbook, id));
    let when = match (standing.first(), planned) {
        (Some(report), _) => t.with(key!("call-was-held"), ("time", t.moment_full(report.happened_at))),
        (None, Some(planned)) => t.with(key!("call-planned"), ("time", t.moment_full(planned.starts_at))),
        (None, None) => t.get(key!("call-no-date")),
    };
    let reading = view.reading(id);
    let mut facts: Vec<String> = step
        .minutes
        .map(|minutes| t.with(key!("steps-minutes"), ("n", minutes)).into())
        .into_iter()
        .collect();
    if let Some(due) = reading.and_then(|reading| reading.due_at).filter(|_| standing.is_empty()) {
        facts.push(t.with(key!("steps-due"), ("time", t.due(due))).into());
    }
    let roles = std::iter::once(step.owner).chain(step.with.iter().copied());
    let people = roles.filter_map(|one| Some(person(view, handoff.holder(one)?).as_a(role(t, one))));
    Call {
        title: step.title.clone(),
        about: step.about.as_ref().map(|about| about.trim().to_owned()),
        when: when.into_owned(),
        facts,
        reading: reading.map(|reading| words::reading(reading.reading)),
        who: people.collect(),
        points: points(t, view, step, &standing, takes),
        held: takes.then(|| held(visit, view, step, standing.last().copied())),
        was_held: !standing.is_empty(),
    }
}

/// The playbook's points, and one for whatever belongs to none of them.
fn points(t: &Text, view: &HandoffView, step: &Step, reports: &[&Report], takes: bool) -> Vec<Point> {
    let heard: Vec<(String, Vec<Option<String>>)> = reports
        .iter()
        .filter_map(|report| {
            let note = report.note.as_ref()?;
            let args = (("name", who(t, view, report.by)), ("time", t.moment(report.at)));
            let by = t.with(key!("call-written-by"), args).into_owned();
            Some((by, heard(&step.agenda, note.as_str())))
        })
        .collect();
    let said_to = |place: usize| -> Vec<(String, String)> {
        let said = heard.iter().filter_map(|(by, said)| Some((by.clone(), said.get(place)?.clone()?)));
        said.collect()
    };
    let other = t.get(key!("call-other")).into_owned();
    let asked = step.agenda.iter().cloned().chain([other]);
    asked
        .enumerate()
        .map(|(place, asked)| Point {
            said: said_to(place),
            field: takes.then(|| {
                ui::Field::new(field_name(place), asked.clone()).hint(t.get(key!("call-field-hint")))
            }),
            asked,
        })
        .collect()
}

fn field_name(place: usize) -> String {
    format!("point-{place}")
}

/// How the call is reported: as on the steps' page, with the answers instead of one note.
fn held(visit: &Visit, view: &HandoffView, step: &Step, told: Option<&Report>) -> Vec<Control> {
    let form = report_again(visit, view, step, told).into_iter();
    form.filter(|control| !control.fields().iter().any(|field| field.name == "note")).collect()
}

/// Marks that are not clear: what the receiving team did not find in the record.
fn doubts(view: &HandoffView) -> Vec<Doubt> {
    let Some(playbook) = &view.loaded.playbook else { return Vec::new() };
    let categories = playbook.scorecard.categories.iter();
    categories
        .filter_map(|category| {
            let held = view.loaded.handoff.marks.get(&category.id.value)?;
            (held.mark != Mark::Clear).then(|| Doubt {
                title: category.title.clone(),
                mark: words::score(held.mark),
                note: held.note.as_ref().map(ToString::to_string),
            })
        })
        .collect()
}

/// The forms of this view, by where they are posted to.
pub fn forms(visit: &Visit, view: &HandoffView) -> Vec<Form> {
    let Some(step) = the_call(view) else { return Vec::new() };
    let written = points(&visit.t, view, step, &[], true).into_iter();
    let mut controls: Vec<Control> = written.filter_map(|point| Some(Control::Area(point.field?))).collect();
    controls.extend(held(visit, view, step, None));
    vec![(Sheet::Call.href(view.loaded.handoff.id), controls)]
}

/// The answers as one note: each point as a line of its own, what was said below it.
fn composed(agenda: &[String], posted: &Posted) -> Option<String> {
    let answer = |place: usize| posted.get(&field_name(place)).map(str::to_owned);
    let other = answer(agenda.len());
    let said =
        agenda.iter().enumerate().filter_map(|(place, asked)| Some(format!("{asked}\n{}", answer(place)?)));
    let parts: Vec<String> = other.into_iter().chain(said).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// The same back: what was said to each point, and last what belongs to none of them.
fn heard(agenda: &[String], note: &str) -> Vec<Option<String>> {
    let mut said: Vec<Vec<&str>> = vec![Vec::new(); agenda.len() + 1];
    let mut place = agenda.len();
    for line in note.lines() {
        match agenda.iter().position(|asked| asked.trim() == line.trim()) {
            Some(point) => place = point,
            None => said.get_mut(place).into_iter().for_each(|lines| lines.push(line)),
        }
    }
    let text = |lines: Vec<&str>| Some(lines.join("\n").trim().to_owned()).filter(|text| !text.is_empty());
    said.into_iter().map(text).collect()
}

async fn keep(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let step = the_call(&view).ok_or(AppError::NotFound("step"))?;
    let t = &visit.t;
    let command = taken(|| {
        let note = composed(&step.agenda, &posted).map(|note| Personal::parse(&note)).transpose();
        Ok(command::ReportStep {
            step: step.id.value.clone(),
            happened_at: posted.moment("happened_at", t)?,
            ended_at: posted.opt_moment("ended_at", t)?,
            booked_for: None,
            form: posted.opt_parse("form")?,
            known_by: posted.one_of("known_by")?,
            outcomes: posted.keys("outcomes")?,
            note: note.map_err(|why| AppError::invalid("note", why.to_string()))?,
        })
    });
    Ok(act(&visit, id, command, &posted, &Sheet::Call.href(id), key!("call-kept-flash")).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_to_each_point_comes_back_as_it_was_written() {
        let agenda = ["How keen are they?".to_owned(), "What was said last?".to_owned()];
        let fields = [
            ("point-0", "Very.\n\nDerek asked twice."),
            ("point-1", "   "),
            ("point-2", "They moved\noffices"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let note = composed(&agenda, &Posted::filled(fields.to_vec())).unwrap_or_default();
        let back = heard(&agenda, &note);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(back, [text("Very.\n\nDerek asked twice."), None, text("They moved\noffices")]);
        assert_eq!(composed(&agenda, &Posted::default()), None);
        let plain = heard(&agenda, "a note of another page");
        assert_eq!(plain, [None, None, text("a note of another page")]);
    }
}
