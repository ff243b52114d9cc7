//! The stakeholder map: whom to win, whom to keep, whom to ask first. Drawn, with a table that says the same, what the
//! map says in sentences, and whoever has no place on it yet (R1.3).

use askama::Template;
use axum::{Router, routing::get};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId,
    gate::looks_at,
    record::{Body, Influence, Item, List, Stakeholder, StakeholderRole, Stance},
};
use throughline_http::Web;

use super::{
    Sheet,
    block::marks,
    figure::{Figure, Mark, Placed, narrow, wide},
    sheets,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::{Key, Text},
    key,
    pages::{
        handoff::{
            In,
            asks::takes_items,
            frame::{Frame, View},
        },
        words::word,
    },
    ui::{Tab, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/handoffs/{id}/map", get(show))
}

/// The signs before names, and what they mean.
pub const LEGEND: [(Mark, Key); 3] = [
    (Mark::Plain, key!("map-legend-plain")),
    (Mark::MayBlock, key!("map-legend-block")),
    (Mark::EarlyWin, key!("map-legend-win")),
];

/// A person as the table shows them.
struct Row {
    name: String,
    title: Option<String>,
    parts: String,
    influence: Option<String>,
    stance: Option<String>,
    marks: Vec<String>,
    contact: Option<String>,
    /// Where they are changed; none for who may not.
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/handoff/brief/map.html")]
struct MapPage {
    chrome: Chrome,
    f: Frame,
    sheets: Vec<Tab>,
    figures: Vec<(&'static str, String, Figure)>,
    about: String,
    says: Vec<(Tone, String)>,
    rows: Vec<Row>,
    unplaced: Vec<(Row, String)>,
    add: Option<String>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let people = people(&view);
    let placed: Vec<Placed> = people.iter().filter_map(|(_, person)| placed(t, person)).collect();
    let (influence, stance) = (|held: Influence| word(t, held), |held: Stance| word(t, held));
    let figures = if placed.is_empty() {
        Vec::new()
    } else {
        vec![
            ("wide", t.get(key!("map-axes-wide")).into_owned(), wide(&placed, influence, stance)),
            ("narrow", t.get(key!("map-axes-narrow")).into_owned(), narrow(&placed, influence, stance)),
        ]
    };
    let unplaced = people.iter().filter_map(|(item, person)| {
        let lacks: Vec<String> = [
            (person.influence.is_none(), key!("word-need-influence")),
            (person.stance.is_none(), key!("word-need-stance")),
        ]
        .into_iter()
        .filter(|(lacks, _)| *lacks)
        .map(|(_, key)| t.get(key).into_owned())
        .collect();
        (!lacks.is_empty()).then(|| {
            (
                row(t, &view, item, person),
                t.with(key!("record-lacks"), ("needs", t.list(&lacks))).into_owned(),
            )
        })
    });
    let page = MapPage {
        chrome: visit.chrome(Some(Place::Deals)),
        sheets: sheets(t, &view, Sheet::Map),
        about: t.with(key!("map-about"), (("n", placed.len()), ("all", people.len()))).into(),
        says: says(t, &people),
        unplaced: unplaced.collect(),
        rows: people.iter().map(|(item, person)| row(t, &view, item, person)).collect(),
        add: add(&view),
        figures,
        f: Frame::new(&visit, &view, View::Brief),
    };
    Ok(html(&page))
}

/// Everybody of the record, those who move most first.
fn people(view: &HandoffView) -> Vec<(&Item, &Stakeholder)> {
    let held = view.loaded.handoff.record.list(List::Stakeholders);
    let mut people: Vec<(&Item, &Stakeholder)> = held
        .filter_map(|item| match &item.body {
            Body::Stakeholder(person) => Some((item, person)),
            _ => None,
        })
        .collect();
    people.sort_by_key(|(_, person)| {
        let first = person.parts.iter().min().copied();
        (std::cmp::Reverse((person.influence, person.stance)), first, person.name.as_str().to_lowercase())
    });
    people
}

fn placed(t: &Text, person: &Stakeholder) -> Option<Placed> {
    let parts: Vec<String> = person.parts.iter().map(|part| word(t, *part)).collect();
    Some(Placed {
        name: person.name.to_string(),
        parts: parts.join(", "),
        influence: person.influence?,
        stance: person.stance?,
        mark: match (person.may_block, person.needs_early_win) {
            (true, _) => Mark::MayBlock,
            (false, true) => Mark::EarlyWin,
            (false, false) => Mark::Plain,
        },
    })
}

fn row(t: &Text, view: &HandoffView, item: &Item, person: &Stakeholder) -> Row {
    let parts: Vec<String> = person.parts.iter().map(|part| word(t, *part)).collect();
    Row {
        name: person.name.to_string(),
        title: person.title.as_ref().map(ToString::to_string),
        parts: parts.join(", "),
        influence: person.influence.map(|held| word(t, held)),
        stance: person.stance.map(|held| word(t, held)),
        marks: marks(t, person),
        contact: person.contact.as_ref().map(ToString::to_string),
        href: edit(view, item),
    }
}

/// Where a person is changed: in the answer to the first ask that looks at them.
fn edit(view: &HandoffView, item: &Item) -> Option<String> {
    let ask = view.loaded.playbook.as_ref()?.asks().find(|ask| looks_at(ask, item))?;
    takes_items(view)
        .then(|| format!("/handoffs/{}/items/{}?ask={}", view.loaded.handoff.id, item.id, ask.id.value))
}

/// Where somebody is added.
fn add(view: &HandoffView) -> Option<String> {
    let playbook = view.loaded.playbook.as_ref()?;
    let ask = playbook.asks().find(|ask| List::of(ask.kind) == Some(List::Stakeholders))?;
    let list = List::Stakeholders.name();
    takes_items(view)
        .then(|| format!("/handoffs/{}/items/new?list={list}&ask={}", view.loaded.handoff.id, ask.id.value))
}

/// How many names a sentence tells; the table has them all.
const TOLD: usize = 5;

/// What the map says, in sentences: the pressing first.
fn says(t: &Text, people: &[(&Item, &Stakeholder)]) -> Vec<(Tone, String)> {
    let of = |holds: &dyn Fn(&Stakeholder) -> bool| -> Vec<String> {
        people.iter().filter(|(_, one)| holds(one)).map(|(_, one)| one.name.to_string()).collect()
    };
    let told = |tone, key: Key, names: Vec<String>| {
        let count = names.len();
        let more = count.saturating_sub(TOLD);
        let shown = t.list(&names.into_iter().take(TOLD).collect::<Vec<_>>());
        let names = match more {
            0 => shown,
            more => t.with(key!("map-and-more"), (("names", shown), ("n", more))).into_owned(),
        };
        (tone, t.with(key, (("names", names), ("n", count))).into_owned())
    };
    let doubts = |one: &Stakeholder| matches!(one.stance, Some(Stance::Against | Stance::Doubtful));
    let mut all = Vec::new();
    let block = of(&|one| one.may_block);
    if !block.is_empty() {
        all.push(told(Tone::Bad, key!("map-says-block"), block));
    }
    let against = of(&|one| doubts(one) && one.influence == Some(Influence::High) && !one.may_block);
    if !against.is_empty() {
        all.push(told(Tone::Bad, key!("map-says-against"), against));
    }
    let weak =
        of(&|one| one.parts.contains(&StakeholderRole::Champion) && one.influence == Some(Influence::Low));
    if !weak.is_empty() {
        all.push(told(Tone::Warn, key!("map-says-weak-champion"), weak));
    }
    if !people.is_empty() {
        let backs = |one: &Stakeholder| {
            one.influence == Some(Influence::High)
                && matches!(one.stance, Some(Stance::For | Stance::Enthusiastic))
        };
        if of(&backs).is_empty() {
            all.push((Tone::Warn, t.get(key!("map-says-no-backing")).into_owned()));
        }
        for (part, key) in [
            (StakeholderRole::Champion, key!("map-says-no-champion")),
            (StakeholderRole::EconomicBuyer, key!("map-says-no-buyer")),
        ] {
            if of(&|one| one.parts.contains(&part)).is_empty() {
                all.push((Tone::Warn, t.get(key).into_owned()));
            }
        }
    }
    let early = of(&|one| one.needs_early_win);
    if !early.is_empty() {
        all.push(told(Tone::Info, key!("map-says-early-win"), early));
    }
    all
}
