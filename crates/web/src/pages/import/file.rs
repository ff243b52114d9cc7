//! One file: what it was recognised as, what to take it for, what would happen, what happened.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use throughline_app::{
    AppError,
    importing::{Confidence, Counts, Format, ImportReport, Progress, Refused, Summary},
};
use throughline_domain::access::Action;

use super::{
    choices::{self, ChoiceForm},
    run,
    uploads::{State, Upload, Uploads},
    whose, words,
};
use crate::{
    answer::{Failed, html, html_with, redirect},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::parts::Wrong,
    ui::{Crumb, Tone},
    visit::{Answer, Visit},
};

/// A figure of the report.
struct Figure {
    label: String,
    count: u64,
}

/// What a check or an import came to.
struct Outcome {
    dry: bool,
    figures: Vec<Figure>,
    taken: u64,
    refused: Vec<Refused>,
    all_refused: u64,
    has_rejects: bool,
    notes: Vec<String>,
    owners: Vec<String>,
    go_live: String,
}

/// What the page shows below the file: nothing yet, a bar, a report, or why it stopped.
enum Shown {
    Waiting,
    Running { dry: bool, progress: Option<Progress> },
    Done(Box<Outcome>),
    Failed { dry: bool, text: String, hint: String },
}

#[derive(Template)]
#[template(path = "pages/import/file.html")]
struct FilePage {
    t: Text,
    chrome: Chrome,
    crumbs: Vec<Crumb>,
    action: String,
    name: String,
    facts: Vec<(String, String)>,
    why: String,
    form: ChoiceForm,
    shown: Shown,
}

impl FilePage {
    fn is_running(&self) -> bool {
        matches!(self.shown, Shown::Running { .. })
    }
    fn imported(&self) -> bool {
        matches!(&self.shown, Shown::Done(outcome) if !outcome.dry)
    }
}

fn the_file(visit: &Visit, uploads: &Uploads, key: &str) -> Result<Upload, Failed> {
    visit.caller.may(Action::SendDeals)?;
    let key = key.parse().map_err(|_| gone())?;
    uploads.get(whose(visit)?, key, visit.web.app.now()).ok_or_else(gone)
}

fn gone() -> Failed {
    AppError::NotFound("uploaded file").into()
}

pub async fn page(
    visit: Visit,
    Extension(uploads): Extension<Arc<Uploads>>,
    Path(key): Path<String>,
) -> Answer {
    let upload = the_file(&visit, &uploads, &key)?;
    Ok(html(&made(&visit, &upload, &run::chosen(&upload), None)))
}

fn made(visit: &Visit, upload: &Upload, chosen: &Posted, wrong: Option<&Wrong>) -> FilePage {
    let t = visit.t.clone();
    let shown = match &upload.state {
        State::Waiting => Shown::Waiting,
        State::Running { dry, progress } => Shown::Running { dry: *dry, progress: *progress },
        State::Done(report) => Shown::Done(Box::new(outcome(&t, report))),
        State::Failed { dry, text, hint } => {
            Shown::Failed { dry: *dry, text: text.clone(), hint: hint.clone() }
        }
    };
    FilePage {
        crumbs: vec![Crumb::new(t.get(key!("nav-import")), "/import")],
        chrome: visit.chrome(Some(Place::Import)),
        action: format!("/import/{}", upload.key),
        name: upload.name.clone(),
        facts: facts(&t, &upload.summary),
        why: upload.summary.recognised.why.iter().take(8).cloned().collect::<Vec<_>>().join(", "),
        form: ChoiceForm::of(&t, &upload.summary, chosen, wrong),
        shown,
        t,
    }
}

fn facts(t: &Text, file: &Summary) -> Vec<(String, String)> {
    let sure = t.get(match file.recognised.confidence {
        Confidence::Guess => key!("import-guess"),
        Confidence::Likely => key!("import-likely"),
        Confidence::Certain => key!("import-certain"),
    });
    let recognised = &file.recognised;
    let system = (
        ("system", words::system(t, recognised.system)),
        ("object", t.get(words::object(recognised.object))),
        ("sure", sure),
    );
    let system = t.with(key!("import-recognised-as"), system).into_owned();
    let format = match file.format {
        Format::Csv { delimiter, .. } => {
            t.with(key!("import-csv"), ("delimiter", t.get(words::delimiter(delimiter)))).into_owned()
        }
        Format::Json => t.get(key!("import-json")).into_owned(),
    };
    let row = |label: Key, value: String| (t.get(label).into_owned(), value);
    vec![
        row(key!("import-recognised"), system),
        row(key!("import-format"), format),
        row(key!("import-encoding"), file.encoding.name().to_owned()),
        row(key!("import-header-line"), t.number(file.header_line)),
        row(key!("import-rows"), t.number(file.data_rows)),
    ]
}

fn outcome(t: &Text, report: &ImportReport) -> Outcome {
    let Counts { read, opened, changed, unchanged, kept, history, out_of_scope, older, refused } =
        report.counts;
    let figures = [
        (key!("import-count-read"), read, true),
        (key!("import-count-opened"), opened, true),
        (key!("import-count-changed"), changed, false),
        (key!("import-count-kept"), kept, false),
        (key!("import-count-history"), history, false),
        (key!("import-count-unchanged"), unchanged, false),
        (key!("import-count-older"), older, false),
        (key!("import-count-scope"), out_of_scope, false),
        (key!("import-count-refused"), refused, true),
    ];
    Outcome {
        dry: report.dry_run,
        figures: figures
            .into_iter()
            .filter(|(_, count, always)| *always || *count > 0)
            .map(|(label, count, _)| Figure { label: t.get(label).into_owned(), count })
            .collect(),
        taken: read.saturating_sub(refused),
        refused: report.refused.clone(),
        all_refused: refused,
        has_rejects: report.rejects.is_some(),
        notes: report.notes.clone(),
        owners: report.owners_to_map.clone(),
        go_live: t.date(report.go_live_on),
    }
}

/// Takes the choices and checks the file by them; nothing is written.
pub async fn check(
    visit: Visit,
    Extension(uploads): Extension<Arc<Uploads>>,
    Path(key): Path<String>,
    posted: Posted,
) -> Answer {
    let upload = the_file(&visit, &uploads, &key)?;
    if let Err(why) = choices::options(&visit.t, &upload.summary, &posted, true) {
        let wrong = Wrong::of(&visit.t, why)?;
        return Ok(html_with(wrong.status, &made(&visit, &upload, &posted, Some(&wrong))));
    }
    uploads.choose(upload.key, posted.fields.clone());
    let upload = the_file(&visit, &uploads, &key)?;
    run::begin(&visit, &uploads, &upload, true)?;
    Ok(redirect(&format!("/import/{}", upload.key), None))
}

/// Imports what was checked.
pub async fn import(
    visit: Visit,
    Extension(uploads): Extension<Arc<Uploads>>,
    Path(key): Path<String>,
) -> Answer {
    let upload = the_file(&visit, &uploads, &key)?;
    let checked = match &upload.state {
        State::Done(report) => report.dry_run,
        State::Failed { dry, .. } => !dry,
        State::Waiting | State::Running { .. } => false,
    };
    let here = format!("/import/{}", upload.key);
    if !checked {
        return Ok(visit.back(&here, Tone::Info, &visit.t.get(key!("import-check-first"))));
    }
    run::begin(&visit, &uploads, &upload, false)?;
    Ok(redirect(&here, None))
}

/// Lets a file go without importing it.
pub async fn forget(
    visit: Visit,
    Extension(uploads): Extension<Arc<Uploads>>,
    Path(key): Path<String>,
) -> Answer {
    let upload = the_file(&visit, &uploads, &key)?;
    uploads.forget(whose(&visit)?, upload.key);
    Ok(redirect("/import", None))
}

/// The refused rows as a file, to be mended and imported.
pub async fn rejects(
    visit: Visit,
    Extension(uploads): Extension<Arc<Uploads>>,
    Path(key): Path<String>,
) -> Answer {
    let upload = the_file(&visit, &uploads, &key)?;
    let State::Done(report) = &upload.state else { return Err(gone()) };
    let Some(bytes) = report.rejects.clone() else { return Err(gone()) };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"rejects.csv\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let response: Response = (headers, bytes).into_response();
    Ok(response)
}
