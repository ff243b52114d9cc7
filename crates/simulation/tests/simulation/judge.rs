//! What must be so when a world has come to rest.

use std::collections::BTreeMap;

use throughline_app::Clock;
use throughline_domain::{
    clock::{Reading, calls, readings},
    deal::{Deal, DealKey},
    handoff::{Recorded, replay},
};
use throughline_store::{
    STRETCH,
    audit::{Depth, verify},
    ports::{Directory, Handoffs},
};

use crate::{
    turns::at_once,
    watch::Watch,
    world::{Stands, World},
};

/// What is wrong with it; nothing, when all promises were kept.
pub fn judged(world: &World) -> Vec<String> {
    let mut wrong = world.weather.watching(|watch| watch.wrong.clone());
    wrong.extend(chains(world));
    wrong.extend(requests(world));
    wrong.extend(messages(world));
    wrong.extend(deals(world));
    wrong.extend(clocks(world));
    wrong
}

/// Every chain is whole, and every journal gives its snapshot.
fn chains(world: &World) -> Vec<String> {
    let report = at_once(verify(&*world.company.store, world.company.org, Depth::Replay)).unwrap();
    if report.is_sound() { Vec::new() } else { vec![format!("journals are broken: {report:?}")] }
}

/// A journal with its texts.
fn journal(world: &World, id: throughline_domain::HandoffId) -> Vec<Recorded> {
    let (store, org) = (&world.company.store, world.company.org);
    let texts = at_once(store.texts(org, id)).unwrap();
    let text_of = |text| texts.get(&text).map(|(_, words)| words.clone());
    let mut facts: Vec<Recorded> = Vec::new();
    loop {
        let rows = at_once(store.journal(org, id, facts.len() as u64, STRETCH)).unwrap();
        if rows.is_empty() {
            return facts;
        }
        facts.extend(rows.iter().map(|row| row.open(&text_of).unwrap()));
    }
}

/// What was acknowledged happened once, and what was refused did not happen.
fn requests(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut journals: BTreeMap<_, Vec<Recorded>> = BTreeMap::new();
    for request in world.requests.borrow().iter() {
        let commits =
            world.weather.watching(|watch| watch.keys.get(&request.key).cloned().unwrap_or_default());
        let said = format!("{} `{}` on {}", request.key, request.command.verb(), request.id);
        match &request.stands {
            Stands::Done { version, facts } => {
                if commits != [(request.id, *version)] {
                    wrong.push(format!("{said} was acknowledged at {version} and committed {commits:?}"));
                }
                let journal = journals.entry(request.id).or_insert_with(|| journal(world, request.id));
                if facts.iter().any(|fact| journal.get(fact.seq as usize - 1) != Some(fact)) {
                    wrong.push(format!("{said} was acknowledged and is not in the journal"));
                }
                if journal.len() < usize::try_from(*version).unwrap() {
                    wrong.push(format!("{said} was acknowledged at {version}; the journal ends before"));
                }
            }
            Stands::Nothing if !commits.is_empty() => wrong.push(format!("{said} was refused and happened")),
            Stands::GivenUp if commits.len() > 1 => wrong.push(format!("{said} happened {commits:?}")),
            Stands::Open | Stands::UnderWay => wrong.push(format!("{said} is still open")),
            Stands::Nothing | Stands::GivenUp => {}
        }
    }
    wrong
}

/// Every intent became letters, every letter was mailed or given up, each once.
fn messages(world: &World) -> Vec<String> {
    let (mut wrong, now) = (Vec::new(), world.wall.now());
    let waiting = at_once(world.company.store.outbox(world.company.org, STRETCH)).unwrap();
    if !waiting.is_empty() {
        wrong.push(format!("{} messages still wait", waiting.len()));
    }
    let letters = {
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let page = at_once(world.company.store.letters(world.company.org, None, before, 200)).unwrap();
            before = page.last().map(|last| last.id);
            if page.is_empty() {
                break all;
            }
            all.extend(page);
        }
    };
    world.weather.watching(|watch| {
        for (id, taken_off) in &watch.outbox {
            if *taken_off != 1 {
                wrong.push(format!("message {id} was taken off {taken_off} times"));
            }
            if !letters.iter().any(|letter| letter.outbox == Some(*id)) {
                wrong.push(format!("message {id} reached nobody"));
            }
        }
        for (id, (_, written)) in &watch.letters {
            if *written != 1 {
                wrong.push(format!("letter {id} was written {written} times"));
            }
        }
        if letters.len() != watch.letters.len() {
            wrong.push(format!("{} letters are kept of {}", letters.len(), watch.letters.len()));
        }
        for (id, (at, off)) in &watch.post {
            if *off != 1 && (*off != 0 || *at <= now) {
                wrong.push(format!("letter {id}, to be mailed at {at}, left the post {off} times"));
            }
        }
    });
    wrong
}

/// Each deal reads as its newest news say, whatever came when and how often.
fn deals(world: &World) -> Vec<String> {
    let mut newest: BTreeMap<DealKey, &Deal> = BTreeMap::new();
    for deal in &world.company.news {
        newest.insert(deal.key.clone(), deal);
    }
    let mut wrong = Vec::new();
    for (key, told) in newest {
        let Some(row) = at_once(world.company.store.deal(world.company.org, &key)).unwrap() else {
            wrong.push(format!("{key} is not known"));
            continue;
        };
        // Whether the account was there before is worked out here, not told.
        let known = |deal: Deal| Deal { existing_account: told.existing_account, ..deal };
        let kept = known(serde_json::from_str(&row.body).unwrap());
        if kept != *told {
            wrong.push(format!("{key} reads {kept:?}, and was told {told:?}"));
        }
        if row.handoff.is_some_and(|id| known(world.handoff(id).deal) != *told) {
            wrong.push(format!("{key}: its handoff reads otherwise"));
        }
    }
    wrong
}

/// Nobody waits to be told of a clock, and whoever is late was told.
fn clocks(world: &World) -> Vec<String> {
    let (mut wrong, now) = (Vec::new(), world.wall.now());
    for id in world.handoffs() {
        let handoff = world.handoff(id);
        if replay(&journal(world, id)).as_ref() != Some(&handoff) {
            wrong.push(format!("{id}: its journal tells otherwise"));
        }
        let Some(playbook) = Watch::playbook(&handoff).filter(|_| handoff.life.is_live()) else { continue };
        let due = calls(&handoff, &playbook, &world.company.calendars, now);
        wrong.extend(
            due.iter().filter(|call| call.at <= now).map(|call| format!("{id}: nobody told {call:?}")),
        );
        for reading in readings(&handoff, &playbook, &world.company.calendars, now) {
            let is_period = reading.kind == throughline_domain::playbook::StepKind::Availability;
            if reading.reading != Reading::Overdue || is_period {
                continue;
            }
            let matter = throughline_domain::clock::Matter::Step { step: reading.step.clone() };
            if handoff.notice(&matter).is_none_or(|notice| Some(notice.due_at) != reading.due_at) {
                wrong.push(format!("{id}: nobody was told that {} is late", reading.step));
            }
        }
    }
    wrong
}
