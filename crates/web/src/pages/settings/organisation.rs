//! The organisation: its name, how far gates enforce, when it went live, its calendar, its process.

use askama::Template;
use axum::{extract::Multipart, http::StatusCode, response::Response};
use throughline_app::{AppError, orgs::Settings};
use throughline_domain::{access::Action, calendar::Calendar, gate::Mode};
use throughline_store::Org;

use super::{
    Part,
    organisation_form::{CalendarForm, calendar as read_calendar},
    tabs,
};
use crate::{
    answer::{Failed, html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::{
        days_off::{Sources, Taken},
        parts::{self, Wrong},
        people::pick::{self, Candidates, Pick},
    },
    ui::{Choice, Field, Tab, Tone},
    visit::{Answer, Visit},
};

/// A mode with what it means.
struct ModeRow {
    value: &'static str,
    label: String,
    about: String,
    chosen: bool,
}

struct ProcessForm {
    name: Field,
    modes: Vec<ModeRow>,
    go_live: Field,
    playbook: Field,
    playbooks: Vec<Choice>,
    owner: Pick,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/organisation.html")]
struct OrganisationPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    may_change: bool,
    slug: String,
    version: u64,
    /// What is saved by now where somebody else saved first.
    saved_now: Vec<String>,
    process: ProcessForm,
    calendar: CalendarForm,
    from: Sources,
    told: Option<String>,
    holidays: usize,
    owner_name: String,
    hours: String,
    days_off: String,
}

const MODES: [Mode; 3] = [Mode::Observe, Mode::BlockOwnership, Mode::BlockClose];

fn mode_words(mode: Mode) -> (Key, Key) {
    match mode {
        Mode::Observe => (key!("settings-mode-observe"), key!("settings-mode-observe-text")),
        Mode::BlockOwnership => (key!("settings-mode-ownership"), key!("settings-mode-ownership-text")),
        Mode::BlockClose => (key!("settings-mode-close"), key!("settings-mode-close-text")),
    }
}

/// What was typed into one of the forms, and what is wrong with it; days off that were found.
#[derive(Clone, Copy)]
enum Typed<'a> {
    Nothing,
    Process(&'a Posted, &'a Wrong),
    Calendar(&'a Posted, &'a Wrong),
    Days(&'a Calendar, &'a str),
    Source(&'a Wrong),
}

pub async fn page(visit: Visit) -> Answer {
    Ok(html(&made(&visit, Typed::Nothing).await?))
}

async fn made(visit: &Visit, typed: Typed<'_>) -> Result<OrganisationPage, AppError> {
    let t = visit.t.clone();
    let org = visit.web.app.organisation(visit.caller.org).await?;
    let calendar = match typed {
        Typed::Calendar(posted, wrong) => CalendarForm::typed(&t, posted, wrong),
        Typed::Days(with, _) => CalendarForm::of(&t, with),
        _ => CalendarForm::of(&t, &org.calendar),
    };
    let owner = visit.web.app.named(org.id, org.process_owner).await?;
    let owner_name = owner.into_values().next().map(|person| person.name).unwrap_or_default();
    let days_off: Vec<String> =
        calendar.days.iter().filter(|day| day.chosen).map(|day| day.label.clone()).collect();
    let saved_now = saved_now(&t, &org, typed);
    // What is wrong with a form does not make it newer; only who was told what is saved by now saves over it.
    let version = match typed {
        Typed::Process(posted, wrong) | Typed::Calendar(posted, wrong) if !is_stale(wrong) => {
            posted.version()
        }
        _ => None,
    };
    let version = version.unwrap_or(org.version);
    let (told, wrong) = match typed {
        Typed::Days(_, told) => (Some(told.to_owned()), None),
        Typed::Source(wrong) => (None, Some(wrong)),
        _ => (None, None),
    };
    Ok(OrganisationPage {
        from: Sources::new(&t, "/settings/organisation/calendar".to_owned(), wrong),
        told,
        tabs: tabs(visit, Part::Organisation),
        chrome: visit.chrome(Some(Place::Settings)),
        may_change: visit.caller.may(Action::ManageSettings).is_ok(),
        process: process(visit, &org, typed).await?,
        holidays: org.calendar.holidays().len(),
        hours: org
            .calendar
            .hours()
            .map(|hours| format!("{}–{}", hours.start(), hours.end()))
            .unwrap_or_default(),
        days_off: t.list(&days_off),
        owner_name,
        calendar,
        slug: org.slug,
        version,
        saved_now,
        t,
    })
}

fn is_stale(wrong: &Wrong) -> bool {
    wrong.status == StatusCode::PRECONDITION_FAILED
}

/// What the settings are by now, where somebody else saved while a form was filled in. What was typed stays in the form,
/// and saving again saves it.
fn saved_now(t: &Text, org: &Org, typed: Typed<'_>) -> Vec<String> {
    let line = |label: Key, value: &str| {
        let label = t.get(label).into_owned();
        t.with(key!("settings-now"), (("field", label), ("value", value.to_owned()))).into_owned()
    };
    match typed {
        Typed::Process(posted, wrong) if is_stale(wrong) => {
            let go_live = org.go_live_on.map(|date| date.to_string()).unwrap_or_default();
            let mut lines = Vec::new();
            for (field, label, saved, shown) in [
                ("name", key!("settings-name"), org.name.as_str(), org.name.clone()),
                ("mode", key!("settings-mode"), org.mode.name(), t.get(mode_words(org.mode).0).into_owned()),
                ("go_live_on", key!("settings-go-live"), go_live.as_str(), go_live.clone()),
                ("playbook", key!("settings-playbook"), org.playbook.as_str(), org.playbook.clone()),
            ] {
                if posted.typed(field) != saved {
                    lines.push(line(label, &shown));
                }
            }
            lines
        }
        Typed::Calendar(posted, wrong) if is_stale(wrong) => {
            let calendar = &org.calendar;
            let zone = calendar.zone().name();
            let differs = posted.typed("zone") != zone;
            differs.then(|| line(key!("settings-zone"), zone)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

async fn process(visit: &Visit, org: &Org, typed: Typed<'_>) -> Result<ProcessForm, AppError> {
    let t = &visit.t;
    let (posted, wrong) = match typed {
        Typed::Process(posted, wrong) => (Some(posted), Some(wrong)),
        _ => (None, None),
    };
    let value = |field: &str, kept: String| posted.map_or(kept, |posted| posted.typed(field).to_owned());
    let mode = value("mode", org.mode.name().to_owned());
    let playbook = value("playbook", org.playbook.clone());
    let owner = value("process_owner", org.process_owner.map(|id| id.to_string()).unwrap_or_default());
    let mut names: Vec<String> =
        visit.web.app.list_playbooks(&visit.caller).await?.into_iter().map(|one| one.name).collect();
    names.dedup();
    let field = |name: &str, label: Key| Field::new(name, t.get(label)).error(parts::at(wrong, name));
    let owner_field = field("process_owner", key!("settings-owner")).hint(t.get(key!("settings-owner-hint")));
    Ok(ProcessForm {
        name: field("name", key!("settings-name")).value(value("name", org.name.clone())).required(),
        modes: MODES
            .into_iter()
            .map(|one| {
                let (label, about) = mode_words(one);
                ModeRow {
                    value: one.name(),
                    label: t.get(label).into_owned(),
                    about: t.get(about).into_owned(),
                    chosen: one.name() == mode,
                }
            })
            .collect(),
        go_live: field("go_live_on", key!("settings-go-live"))
            .value(value("go_live_on", org.go_live_on.map(|date| date.to_string()).unwrap_or_default()))
            .hint(t.get(key!("settings-go-live-hint"))),
        playbook: field("playbook", key!("settings-playbook")).hint(t.get(key!("settings-playbook-hint"))),
        playbooks: names
            .into_iter()
            .map(|name| {
                let chosen = name == playbook;
                Choice::new(name.clone(), name).chosen(chosen)
            })
            .collect(),
        owner: Candidates::load(visit).await?.knowing(visit, &[&owner]).await?.pick(
            owner_field,
            &owner,
            None,
        ),
        refused: parts::beside(wrong, &["name", "go_live_on", "playbook", "process_owner"]),
    })
}

async fn answered(
    visit: &Visit,
    done: Result<Org, AppError>,
    posted: &Posted,
    of_calendar: bool,
) -> Result<Response, Failed> {
    match done {
        Ok(_) => {
            let text = visit.t.get(key!("settings-saved"));
            Ok(visit.back("/settings/organisation", Tone::Good, &text))
        }
        Err(why) => {
            let mut wrong = Wrong::of(&visit.t, why)?;
            if is_stale(&wrong) {
                wrong.text = visit.t.get(key!("settings-changed-meanwhile")).into_owned();
            }
            let typed =
                if of_calendar { Typed::Calendar(posted, &wrong) } else { Typed::Process(posted, &wrong) };
            Ok(html_with(wrong.status, &made(visit, typed).await?))
        }
    }
}

/// Changes name, mode, go-live date, playbook and process owner.
pub async fn change(visit: Visit, posted: Posted) -> Answer {
    let done = async {
        let settings = Settings {
            if_version: posted.version(),
            name: Some(posted.typed("name").to_owned()),
            mode: posted.opt_one_of("mode")?,
            go_live_on: posted.opt_date("go_live_on")?,
            playbook: posted.get("playbook").map(str::to_owned),
            process_owner: pick::posted(&visit, &posted, "process_owner").await?,
            calendar: None,
        };
        visit.web.app.change_settings(&visit.caller, settings).await
    };
    let done = done.await;
    answered(&visit, done, &posted, false).await
}

/// Changes the calendar. All open clocks are read by it from then on.
pub async fn calendar(visit: Visit, posted: Posted) -> Answer {
    let done = match read_calendar(&visit.t, &posted) {
        Ok(calendar) => {
            let (calendar, if_version) = (Some(calendar), posted.version());
            let settings = Settings { if_version, calendar, ..Settings::default() };
            visit.web.app.change_settings(&visit.caller, settings).await
        }
        Err(why) => Err(why),
    };
    answered(&visit, done, &posted, true).await
}

/// Days off by country, into the form.
pub async fn by_country(visit: Visit, posted: Posted) -> Answer {
    let org = visit.web.app.organisation(visit.caller.org).await?;
    shown(&visit, &org, Taken::by_country(&visit, &posted, &org.calendar)).await
}

/// Days off from a file, into the form.
pub async fn from_file(visit: Visit, form: Multipart) -> Answer {
    let org = visit.web.app.organisation(visit.caller.org).await?;
    let taken = Taken::from_file(&visit, form, &org.calendar).await;
    shown(&visit, &org, taken).await
}

async fn shown(visit: &Visit, org: &Org, taken: Result<Taken, AppError>) -> Answer {
    match taken.and_then(|taken| taken.into_calendar(&visit.t, &org.calendar)) {
        Ok((with, told)) => Ok(html(&made(visit, Typed::Days(&with, &told)).await?)),
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            Ok(html_with(wrong.status, &made(visit, Typed::Source(&wrong)).await?))
        }
    }
}
