//! Words are planted in every text of a handoff that has been through everything; the page is searched for them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use throughline_domain::{
    AccountId, OrgId,
    calendar::Calendars,
    handoff::{Handoff, command::*},
    record::{DecisionVerdict, List, Side},
};
use throughline_store::{Org, PortalPerson};
use throughline_testkit::{Play, Team, body_for, default_playbook, evidence, given, people::*, text};
use uuid::Uuid;

use super::*;

/// A handoff with something of everything.
fn full() -> Play {
    let mut play = given(default_playbook()).opened();
    for list in [List::Risks, List::Stakeholders, List::Integrations, List::DataMoves, List::Promises] {
        play.as_(DANA).does(AddItem { body: body_for(list, "Internal"), evidence: evidence(), reason: None });
    }
    play.as_(MAYA).does(AskQuestion { text: text("Is she trustworthy?") });
    let question = *play.handoff().questions.keys().next().unwrap();
    play.as_(DANA).does(AnswerQuestion { question, text: text("Hardly") });
    play.plans("internal_call", "2026-05-20 09:00");
    Team::new(200).finish(&mut play).unwrap();
    let routed = play.handoff().record.promises().find(|(_, promise)| promise.life.routed.is_some());
    if let Some(item) = routed.map(|(item, _)| item.id) {
        let (verdict, reason) = (DecisionVerdict::Declined, text("They will not notice"));
        play.as_(DEE).does(DecidePromise { item, verdict, reason });
    }
    let milestone = Milestone {
        title: text("A wish"),
        side: Side::Us,
        owner: Some(text("Jon")),
        due_on: None,
        reached_on: None,
    };
    let first = *play.handoff().plan.as_ref().unwrap().milestones.keys().next().unwrap();
    play.as_customer().does(ProposeMilestone { of: Some(first), milestone });
    let proposal = *play.handoff().plan.as_ref().unwrap().proposals.keys().next().unwrap();
    play.as_(MAYA).does(AnswerProposal { proposal, accept: false, reason: Some(text("Not now")) });
    play.does(OwnMilestone { id: first, owner: Some(text("Ian")) });
    play.does(CommentPlan { milestone: None, text: text("Welcome") });
    play.as_customer().does(CommentPlan { milestone: Some(first), text: text("Thanks") });
    let imprint = play.handoff().plan.as_ref().unwrap().imprint();
    let proof =
        throughline_domain::handoff::Proof::MailedCode { mailbox: text("ines@x.example"), at: play.now() };
    play.does(SignPlan { name: text("Ines"), imprint, consent: "a1".repeat(32), proof, company: None });
    play
}

/// The handoff with a word of its own in place of every text that can be one, and where each stands.
fn planted(handoff: &Handoff) -> (Handoff, BTreeMap<usize, String>) {
    let mut value = serde_json::to_value(handoff).unwrap();
    let mut places = Vec::new();
    walk(&value, String::new(), &mut places);
    let mut words = BTreeMap::new();
    for (number, place) in places.into_iter().enumerate() {
        let held = value.pointer(&place).unwrap().clone();
        *value.pointer_mut(&place).unwrap() = Value::String(format!("leak_{number}_"));
        if serde_json::from_value::<Handoff>(value.clone()).is_ok() {
            words.insert(number, named(&place));
        } else {
            *value.pointer_mut(&place).unwrap() = held;
        }
    }
    (serde_json::from_value(value).unwrap(), words)
}

fn walk(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::String(_) => places.push(at),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(place, held)| walk(held, format!("{at}/{place}"), places));
        }
        Value::Object(map) => map.iter().for_each(|(key, held)| walk(held, format!("{at}/{key}"), places)),
        _ => {}
    }
}

/// A place without the ids and numbers in it.
fn named(place: &str) -> String {
    let part = |part: &str| match part {
        _ if part.parse::<Uuid>().is_ok() || part.parse::<usize>().is_ok() => "*".to_owned(),
        other => other.to_owned(),
    };
    place
        .split('/')
        .filter(|part| !part.is_empty() && *part != "$personal")
        .map(part)
        .collect::<Vec<_>>()
        .join(".")
}

fn loaded(play: &Play, handoff: Handoff) -> Loaded {
    let org = Org {
        id: OrgId(Uuid::nil()),
        version: 1,
        slug: "acme".to_owned(),
        name: "Acme".to_owned(),
        mode: Default::default(),
        calendar: play.calendars.house().clone(),
        team_calendars: None,
        go_live_on: None,
        playbook: "default".to_owned(),
        process_owner: None,
        sample_of: None,
        event_sources: BTreeMap::new(),
        created_at: Timestamp::UNIX_EPOCH,
    };
    let calendars: Calendars = play.calendars.clone();
    Loaded { org, calendars, handoff, version: 1, head: String::new(), playbook: Some(play.playbook.clone()) }
}

fn ines() -> Visitor {
    let person = PortalPerson {
        id: INES,
        version: 1,
        account: AccountId(Uuid::nil()),
        name: "Ines".to_owned(),
        email: "ines@customer.example".to_owned(),
        may_sign: true,
        granted_by: Actor::System,
        granted_at: Timestamp::UNIX_EPOCH,
        revoked_at: None,
    };
    Visitor { org: OrgId(Uuid::nil()), person, session: String::new() }
}

fn page(play: &Play, handoff: Handoff) -> String {
    let names = Names { ours: BTreeMap::new(), theirs: BTreeMap::new() };
    serde_json::to_string(&seen(&ines(), &loaded(play, handoff), &names, play.now())).unwrap()
}

#[test]
fn of_all_words_of_a_handoff_the_customer_sees_those_that_are_theirs_and_no_other() {
    let play = full();
    let (handoff, words) = planted(play.handoff());
    assert!(words.len() > 100, "{words:?}");
    for planted in [
        "record.items.*.body.what",
        "record.items.*.evidence.quote",
        "questions.*.text",
        "questions.*.answer.text",
        "deal.name",
        "deal.stage",
        "route.because",
        "plan.comments.*.text",
        "plan.milestones.*.title",
        "plan.signatures.*.proof.mailbox",
        "plan.confirmed.evidence.speaker",
    ] {
        let there = words.values().any(|place| place == planted);
        assert!(there, "nothing was planted at {planted}");
    }
    let page = page(&play, handoff);
    let shown: BTreeSet<&str> = words
        .iter()
        .filter(|(number, _)| page.contains(&format!("leak_{number}_")))
        .map(|(_, place)| place.as_str())
        .collect();
    let theirs = BTreeSet::from([
        "deal.account",
        "plan.comments.*.text",
        "plan.milestones.*.owner",
        "plan.milestones.*.title",
        "plan.proposals.*.answer.reason",
        "plan.proposals.*.milestone.owner",
        "plan.proposals.*.milestone.title",
        "plan.signatures.*.name",
        "record.items.*.body.measure",
        "record.items.*.body.words",
    ]);
    assert_eq!(shown, theirs);
}

#[test]
fn no_number_of_the_deal_and_no_score_is_on_the_page() {
    let play = full();
    let mut handoff = play.handoff().clone();
    let amount = throughline_domain::Money { minor: 987_654_321, currency: "EUR".parse().unwrap() };
    (handoff.deal.amount, handoff.deal.arr) = (Some(amount), Some(amount));
    let page = page(&play, handoff);
    assert!(!page.contains("987") && !page.contains("score") && !page.contains("risk"), "{page}");
    assert!(page.contains("First use case is live"), "the plan is: {page}");
}
