//! My queue: what waits for the reader, by what they are here. What somebody else waits for comes first.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use askama::Template;
use axum::{Router, routing::get};
use throughline_app::AppError;
use throughline_domain::{PersonId, Role, access::Action};
use throughline_http::Web;
use throughline_store::{HandoffFilter, PersonStatus, Sort};

use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::{Key, Text},
    key,
    pages::deals::row::{Row, rows},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/queue", get(show))
}

/// How many rows a section shows; its link leads to all.
const SHOWN: usize = 10;
/// Counting stops here.
const COUNTED: u32 = 1_000;

struct Section {
    id: &'static str,
    title: String,
    about: String,
    count: String,
    rows: Vec<Row>,
    all: Option<String>,
}

/// Something that waits elsewhere: a count and a link.
struct Pointer {
    text: String,
    href: &'static str,
    label: String,
}

#[derive(Template)]
#[template(path = "pages/queue.html")]
struct QueuePage {
    chrome: Chrome,
    t: Text,
    sections: Vec<Section>,
    pointers: Vec<Pointer>,
    may_import: bool,
    /// What is shown, for the stream that says when it is something else.
    mark: String,
}

async fn show(visit: Visit) -> Answer {
    let sections = sections(&visit).await?;
    let page = QueuePage {
        chrome: visit.chrome(Some(Place::Queue)),
        t: visit.t.clone(),
        pointers: pointers(&visit).await?,
        may_import: visit.caller.may(Action::SendDeals).is_ok(),
        mark: marked(&sections),
        sections,
    };
    Ok(html(&page))
}

/// A mark of what the queue shows: another when there is something new in it.
pub async fn mark(visit: &Visit) -> Result<String, AppError> {
    Ok(marked(&sections(visit).await?))
}

fn marked(sections: &[Section]) -> String {
    let mut hasher = DefaultHasher::new();
    for section in sections {
        (section.id, &section.count).hash(&mut hasher);
        for row in &section.rows {
            // Not when it is due, in words: that changes by itself.
            (&row.href, row.stage, row.questions, row.waivers, row.bypassed).hash(&mut hasher);
            (row.meter.as_ref().map(|meter| meter.done), row.next.as_ref().map(|next| &next.what))
                .hash(&mut hasher);
            row.due.as_ref().map(|due| (due.reading, &due.step)).hash(&mut hasher);
        }
    }
    format!("{:016x}", hasher.finish())
}

/// What waits for the reader, by what they are here.
async fn sections(visit: &Visit) -> Result<Vec<Section>, AppError> {
    let roles = visit.caller.roles();
    let mut sections = Vec::new();
    if let Some(me) = visit.caller.person() {
        if roles.contains(&Role::Csm) {
            receiving(visit, me, &mut sections).await?;
        }
        if roles.contains(&Role::Ae) {
            selling(visit, me, &mut sections).await?;
        } else if roles.contains(&Role::Se) {
            engineering(visit, me, &mut sections).await?;
        }
    }
    if roles.contains(&Role::CsLeader) {
        leading(visit, &mut sections).await?;
    }
    if visit.caller.may(Action::DecideWaiver).is_ok() {
        watching(visit, &mut sections).await?;
    }
    // Who has no part in the process sees how it runs.
    let reads = visit.caller.may(Action::Read).is_ok();
    let in_it = [Role::Ae, Role::Se, Role::Csm, Role::CsLeader, Role::DealDesk, Role::Product];
    if reads && !in_it.iter().any(|role| roles.contains(role)) {
        section(visit, "due", (key!("queue-due"), key!("queue-due-text")), live(), "/deals", &mut sections)
            .await?;
    }
    Ok(sections)
}

fn live() -> HandoffFilter {
    HandoffFilter { life: BTreeSet::from(["live".to_owned()]), ..HandoffFilter::default() }
}

fn at_stage(stage: &str) -> HandoffFilter {
    HandoffFilter { stage: BTreeSet::from([stage.to_owned()]), ..live() }
}

/// Offers, assignments and accounts of a CSM.
async fn receiving(visit: &Visit, me: PersonId, sections: &mut Vec<Section>) -> Result<(), AppError> {
    let mine = |filter: HandoffFilter| HandoffFilter { csm: Some(me), ..filter };
    let all = |stage: &str| format!("/deals?csm={me}&stage={stage}");
    let texts = (key!("queue-offers"), key!("queue-offers-text"));
    section(visit, "offers", texts, mine(at_stage("offered")), &all("offered"), sections).await?;
    let texts = (key!("queue-assigned"), key!("queue-assigned-text"));
    section(visit, "assigned", texts, mine(at_stage("assigned")), &all("assigned"), sections).await?;
    let texts = (key!("queue-nominated"), key!("queue-nominated-text"));
    section(visit, "nominated", texts, mine(at_stage("preparing")), &all("preparing"), sections).await?;
    let texts = (key!("queue-owned"), key!("queue-owned-text"));
    section(visit, "owned", texts, mine(at_stage("owned")), &all("owned"), sections).await
}

/// Deals of an AE: what they owe before what others owe; questions to them.
async fn selling(visit: &Visit, me: PersonId, sections: &mut Vec<Section>) -> Result<(), AppError> {
    let asked = HandoffFilter { ae: Some(me), open_questions: Some(true), ..live() };
    let texts = (key!("queue-asked"), key!("queue-asked-text"));
    section(visit, "asked", texts, asked, &format!("/deals?ae={me}&questions=on"), sections).await?;
    let owed = HandoffFilter { owes: Some(me), ..live() };
    let texts = (key!("queue-owed"), key!("queue-owed-text"));
    section(visit, "owed", texts, owed, &format!("/deals?owes={me}"), sections).await?;
    let deals = HandoffFilter { ae: Some(me), ..live() };
    let texts = (key!("queue-deals"), key!("queue-deals-text"));
    section(visit, "deals", texts, deals, &format!("/deals?ae={me}"), sections).await
}

/// Deals an SE works on beside their AEs; whatever the receiving team asks there may be theirs to answer.
async fn engineering(visit: &Visit, me: PersonId, sections: &mut Vec<Section>) -> Result<(), AppError> {
    let mine = HandoffFilter { part: Some(me), ..live() };
    let asked = HandoffFilter { open_questions: Some(true), ..mine.clone() };
    let texts = (key!("queue-asked"), key!("queue-asked-text"));
    section(visit, "asked", texts, asked, "/deals?questions=on", sections).await?;
    let owed = HandoffFilter { owes: Some(me), ..live() };
    let texts = (key!("queue-owed"), key!("queue-owed-text"));
    section(visit, "owed", texts, owed, &format!("/deals?owes={me}"), sections).await?;
    let texts = (key!("queue-deals"), key!("queue-deals-text"));
    section(visit, "deals", texts, mine, "/deals", sections).await
}

/// What a CS leader watches: nobody nominated, nobody answers.
async fn leading(visit: &Visit, sections: &mut Vec<Section>) -> Result<(), AppError> {
    let texts = (key!("queue-unanswered"), key!("queue-unanswered-text"));
    section(visit, "unanswered", texts, at_stage("offered"), "/deals?stage=offered", sections).await?;
    let nobody = HandoffFilter { nominated: Some(false), ..at_stage("preparing") };
    let texts = (key!("queue-unnominated"), key!("queue-unnominated-text"));
    section(visit, "unnominated", texts, nobody, "/deals?stage=preparing&csm=none", sections).await
}

/// What managers and RevOps decide and look after.
async fn watching(visit: &Visit, sections: &mut Vec<Section>) -> Result<(), AppError> {
    let waivers = HandoffFilter { open_waivers: Some(true), ..live() };
    let texts = (key!("queue-waivers"), key!("queue-waivers-text"));
    section(visit, "waivers", texts, waivers, "/deals?waivers=on", sections).await?;
    let bypassed = HandoffFilter { bypassed: Some(true), ..live() };
    let texts = (key!("queue-bypassed"), key!("queue-bypassed-text"));
    section(visit, "bypassed", texts, bypassed, "/deals?bypassed=on", sections).await
}

/// A section: its first rows and how many there are.
async fn section(
    visit: &Visit,
    id: &'static str,
    (title, about): (Key, Key),
    filter: HandoffFilter,
    all: &str,
    sections: &mut Vec<Section>,
) -> Result<(), AppError> {
    let app = &visit.web.app;
    let t = &visit.t;
    let page = app.handoffs(&visit.caller, filter.clone(), Sort::Due, None, SHOWN as u32).await?;
    if page.rows.is_empty() {
        return Ok(());
    }
    let count = match page.next {
        None => page.rows.len() as u32,
        Some(_) => app.count_handoffs(&visit.caller, &filter, COUNTED).await?,
    };
    sections.push(Section {
        id,
        title: t.get(title).into_owned(),
        about: t.get(about).into_owned(),
        all: page.next.map(|_| all.to_owned()),
        rows: rows(visit, page.rows).await?,
        count: if count >= COUNTED {
            t.with(key!("deals-many"), ("n", COUNTED)).into()
        } else {
            t.number(count)
        },
    });
    Ok(())
}

/// What waits on other pages.
async fn pointers(visit: &Visit) -> Result<Vec<Pointer>, AppError> {
    let app = &visit.web.app;
    let t = &visit.t;
    let mut found = Vec::new();
    if visit.caller.may(Action::DecidePromise).is_ok() {
        let state = BTreeSet::from(["awaiting_decision".to_owned()]);
        let waiting = app.commitments(&visit.caller, state, None, 200).await?.rows.len();
        if waiting > 0 {
            found.push(Pointer {
                text: t.with(key!("queue-commitments"), ("n", waiting)).into(),
                href: Place::DealDesk.href(),
                label: t.get(key!("nav-deal-desk")).into_owned(),
            });
        }
    }
    if visit.caller.may(Action::ManagePeople).is_ok() {
        let people = app.list_people(&visit.caller, None, None, 200).await?.rows;
        let unmapped = people
            .iter()
            .filter(|person| person.status == PersonStatus::NotInvited && person.mapped_to.is_none())
            .count();
        if unmapped > 0 {
            found.push(Pointer {
                text: t.with(key!("queue-unmapped"), ("n", unmapped)).into(),
                href: Place::People.href(),
                label: t.get(key!("nav-people")).into_owned(),
            });
        }
    }
    Ok(found)
}
