//! Setting up: what is left to the first real handoff, each with how it stands and where it is done; and the sample to
//! try things out with first.

mod playbook;
mod sample;

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::start::{Stands, Start, StartStep};
use throughline_domain::gate::Mode;
use throughline_http::Web;

use super::parts;
use crate::{
    answer::html,
    chrome::{Chrome, Place, role_key},
    i18n::{Key, Text},
    key,
    ui::{Shown, Tone},
    visit::{Answer, Visit},
};

/// Where setting up is.
pub const START: &str = "/settings/start";

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/settings/start", get(page))
        .route("/settings/start/playbook", get(playbook::page).post(playbook::choose))
        .route("/settings/start/sample", post(sample::add).get(parts::above))
        .route("/settings/start/sample/remove", get(sample::remove_page).post(sample::remove))
        .route("/sample", get(sample::page).post(sample::look))
}

impl Shown for Stands {
    fn tone(&self) -> Tone {
        match self {
            Self::Settled => Tone::Good,
            Self::ToCheck => Tone::Info,
            Self::Open => Tone::Warn,
        }
    }
    fn icon(&self) -> &'static str {
        match self {
            Self::Settled => "circle-check",
            Self::ToCheck => "circle-dot",
            Self::Open => "circle-dashed",
        }
    }
    fn key(&self) -> Key {
        match self {
            Self::Settled => key!("start-settled"),
            Self::ToCheck => key!("start-to-check"),
            Self::Open => key!("start-open"),
        }
    }
}

/// A way on from a step.
struct Way {
    label: String,
    href: &'static str,
}

/// A step as it is shown.
struct Row {
    id: &'static str,
    title: String,
    why: String,
    now: String,
    stands: Stands,
    next: bool,
    ways: Vec<Way>,
}

impl Row {
    fn ways(&self) -> &[Way] {
        &self.ways
    }
}

#[derive(Template)]
#[template(path = "pages/start/page.html")]
struct StartPage {
    t: Text,
    chrome: Chrome,
    rows: Vec<Row>,
    progress: String,
    ready: bool,
    sample: Option<sample::Told>,
}

async fn page(visit: Visit) -> Answer {
    let start = visit.web.app.start(&visit.caller).await?;
    let t = &visit.t;
    let next = start.next();
    let rows = StartStep::ALL.into_iter().map(|step| row(t, &start, step, next)).collect();
    let told = (("done", start.settled()), ("all", StartStep::ALL.len()));
    let open = StartStep::ALL.into_iter().any(|step| start.stands(step) == Stands::Open);
    Ok(html(&StartPage {
        chrome: visit.chrome(Some(Place::Settings)),
        rows,
        progress: t.with(key!("start-progress"), told).into_owned(),
        ready: !open,
        sample: start.sample.as_ref().map(|sample| sample::Told::of(t, sample)),
        t: visit.t.clone(),
    }))
}

fn row(t: &Text, start: &Start, step: StartStep, next: Option<StartStep>) -> Row {
    let (id, title, why) = words(step);
    let way = |label: Key, href| Way { label: t.get(label).into_owned(), href };
    let ways = match step {
        StartStep::Organisation => vec![
            way(key!("start-organisation-go"), "/settings/organisation"),
            way(key!("start-calendar-go"), "/settings/organisation#days-off"),
        ],
        StartStep::People => vec![
            way(key!("start-people-go"), "/people/invite/many"),
            way(key!("start-teams-go"), "/people/teams"),
        ],
        StartStep::Playbook => vec![
            way(key!("start-playbook-go"), "/settings/start/playbook"),
            way(key!("start-publish-go"), "/publish-playbook"),
        ],
        StartStep::Routes => vec![way(key!("start-routes-go"), "/people/invite/many")],
        StartStep::Mail => vec![way(key!("start-mail-go"), "/settings/mail")],
        StartStep::Deals => vec![way(key!("start-deals-go"), "/import")],
        StartStep::GoLive => vec![way(key!("start-go-live-go"), "/settings/organisation#process")],
    };
    Row {
        id,
        title: t.get(title).into_owned(),
        why: t.get(why).into_owned(),
        now: now(t, start, step),
        stands: start.stands(step),
        next: next == Some(step),
        ways,
    }
}

fn words(step: StartStep) -> (&'static str, Key, Key) {
    match step {
        StartStep::Organisation => {
            ("organisation", key!("start-organisation"), key!("start-organisation-why"))
        }
        StartStep::People => ("people", key!("start-people"), key!("start-people-why")),
        StartStep::Playbook => ("playbook", key!("start-playbook"), key!("start-playbook-why")),
        StartStep::Routes => ("routes", key!("start-routes"), key!("start-routes-why")),
        StartStep::Mail => ("mail", key!("start-mail"), key!("start-mail-why")),
        StartStep::Deals => ("deals", key!("start-deals"), key!("start-deals-why")),
        StartStep::GoLive => ("go-live", key!("start-go-live"), key!("start-go-live-why")),
    }
}

/// How it stands, in a sentence made of what is there.
fn now(t: &Text, start: &Start, step: StartStep) -> String {
    let org = &start.org;
    match step {
        StartStep::Organisation => {
            let told = (
                ("name", org.name.as_str()),
                ("zone", org.calendar.zone().name()),
                ("days", org.calendar.holidays().len()),
            );
            t.with(key!("start-organisation-now"), told)
        }
        StartStep::People => {
            t.with(key!("start-people-now"), (("people", start.people), ("teams", start.teams)))
        }
        StartStep::Playbook => {
            let told = (("title", start.playbook.title.as_str()), ("version", start.playbook.version));
            t.with(key!("start-playbook-now"), told)
        }
        StartStep::Routes => {
            let missing: Vec<String> =
                start.jobs_of_nobody().map(|role| t.get(role_key(role)).into_owned()).collect();
            let (ways, out) = start.playbook.ways;
            match missing.as_slice() {
                [] => t.with(key!("start-routes-now"), (("ways", ways), ("out", out))),
                _ => t.with(key!("start-routes-nobody"), ("roles", t.list(&missing))),
            }
        }
        StartStep::Mail => t.get(if start.mails { key!("start-mail-now") } else { key!("start-mail-none") }),
        StartStep::Deals => match (start.handoffs, start.deals_kept) {
            (0, false) => t.get(key!("start-deals-none")),
            (0, true) => t.get(key!("start-deals-kept")),
            (handoffs, _) => t.with(key!("start-deals-now"), ("n", handoffs)),
        },
        StartStep::GoLive => {
            let mode = t.get(match org.mode {
                Mode::Observe => key!("settings-mode-observe"),
                Mode::BlockOwnership => key!("settings-mode-ownership"),
                Mode::BlockClose => key!("settings-mode-close"),
            });
            match org.go_live_on {
                Some(date) => t.with(key!("start-go-live-now"), (("date", t.date(date)), ("mode", mode))),
                None => t.with(key!("start-go-live-none"), ("mode", mode)),
            }
        }
    }
    .into_owned()
}
