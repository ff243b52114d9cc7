//! Choosing a process: each published one in a few sentences, side by side, and one press.

use std::collections::BTreeMap;

use askama::Template;
use throughline_app::orgs::Settings;
use throughline_domain::{
    access::Action,
    playbook::{Playbook, TransferOn},
};
use throughline_store::PublishedPlaybook;

use super::START;
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Key, Text},
    key,
    ui::Tone,
    visit::{Answer, Visit},
};

struct Card {
    name: String,
    title: String,
    about: String,
    asks: String,
    moves: String,
    gates: String,
    review: String,
    in_use: bool,
}

#[derive(Template)]
#[template(path = "pages/start/playbook.html")]
struct ChoicePage {
    t: Text,
    chrome: Chrome,
    cards: Vec<Card>,
}

/// The processes there are.
pub async fn page(visit: Visit) -> Answer {
    visit.caller.may(Action::ManageSettings)?;
    let app = &visit.web.app;
    let mut newest: BTreeMap<String, PublishedPlaybook> = BTreeMap::new();
    for one in app.list_playbooks(&visit.caller).await? {
        newest.insert(one.name.clone(), one);
    }
    let org = app.organisation(visit.caller.org).await?;
    let mut cards = Vec::with_capacity(newest.len());
    for (name, published) in newest {
        let (_, playbook) = app.show_playbook(&visit.caller, &name, Some(published.version)).await?;
        cards.push(card(&visit.t, name, &playbook, &org.playbook));
    }
    // What is in use first, then what most begin with.
    cards.sort_by_key(|card| (!card.in_use, card.name != "default"));
    Ok(html(&ChoicePage { t: visit.t.clone(), chrome: visit.chrome(Some(Place::Settings)), cards }))
}

fn card(t: &Text, name: String, playbook: &Playbook, in_use: &str) -> Card {
    let required = playbook.asks().filter(|ask| ask.required).count();
    let asks = (("n", playbook.asks().count()), ("required", required));
    let moves: Key = match playbook.transfer_on {
        TransferOn::Acceptance => key!("start-moves-acceptance"),
        TransferOn::WarmIntro => key!("start-moves-introduction"),
        TransferOn::Kickoff => key!("start-moves-kickoff"),
    };
    let review = match playbook.scorecard.categories.len() {
        0 => t.get(key!("start-no-review")),
        many => t.with(key!("start-review"), ("n", many)),
    };
    Card {
        title: playbook.title.clone(),
        about: playbook.about.trim().to_owned(),
        asks: t.with(key!("playbook-asks"), asks).into_owned(),
        moves: t.get(moves).into_owned(),
        gates: t.with(key!("playbook-n-gates"), ("n", playbook.gates.len())).into_owned(),
        review: review.into_owned(),
        in_use: name == in_use,
        name,
    }
}

/// Takes one for new deals.
pub async fn choose(visit: Visit, posted: Posted) -> Answer {
    let playbook = Some(posted.need("playbook")?.to_owned());
    let org =
        visit.web.app.change_settings(&visit.caller, Settings { playbook, ..Settings::default() }).await?;
    let text = visit.t.with(key!("start-playbook-taken"), ("name", org.playbook.as_str()));
    Ok(visit.back(START, Tone::Good, &text))
}
