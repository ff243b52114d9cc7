//! The whole way of a small deal, from refused to done.

use axum::http::StatusCode;
use jiff::SignedDuration;
use throughline_domain::{handoff::Stage, record::List};

use crate::world::{HOSTILE, World, text_of};

#[tokio::test]
async fn a_small_deal_goes_from_refused_to_done_through_its_pages_alone() {
    let world = World::new(800_000, HOSTILE).await;
    let carl = world.person("carl");

    let refused = world.post("ada", "offer", &[("csm", &carl)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gaps = world.view("ada").await.gaps;
    assert!(
        gaps.len() > 3 && gaps.iter().all(|gap| refused.body.contains(&gap.url)),
        "every gap links to its place"
    );

    world.fill("ada").await;
    let view = world.view("dot").await;
    let (item, promise) = view.loaded.handoff.record.promises().next().unwrap();
    assert!(promise.life.routed.is_some(), "a price outside of the contract is routed");
    let decide = format!("promises/{}/decide", item.id);
    world.does("dot", &decide, &[("verdict", "declined"), ("reason", HOSTILE)]).await;

    world.does("ada", "nominate", &[("csm", &carl)]).await;
    world.does("ada", "offer", &[("csm", &carl)]).await;
    let early = world.post("carl", "accept", &[]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "not reviewed yet");
    let categories = view.loaded.playbook.as_ref().unwrap().scorecard.categories.clone();
    for category in
        categories.iter().filter(|one| one.when == throughline_domain::playbook::MarkedWhen::Review)
    {
        let part = format!("marks/{}", category.id.value);
        world.does("carl", &part, &[("mark", "clear"), ("note", HOSTILE)]).await;
    }
    let crm = text_of(&world.get("ada", "/crm/006A").await.body);
    assert!(crm.contains("CSM Nobody yet"), "nobody has accepted: {crm}");
    world.does("carl", "accept", &[]).await;
    let crm = text_of(&world.get("ada", "/crm/006A").await.body);
    assert!(crm.contains("CSM carl "), "who accepted stands in the CRM: {crm}");
    world.does("carl", "questions", &[("text", HOSTILE)]).await;
    let question = *world.view("ada").await.loaded.handoff.questions.keys().next().unwrap();
    world.does("ada", &format!("questions/{question}"), &[("text", HOSTILE)]).await;

    let now = || world.clock_input();
    let told = |form: &'static str| {
        vec![
            ("happened_at", now()),
            ("form", form.to_owned()),
            ("known_by", "attested".to_owned()),
            ("note", HOSTILE.to_owned()),
        ]
    };
    let report = async |who: &str, step: &str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        world.does(who, &format!("steps/{step}/report"), &fields).await;
    };
    report("ada", "warm_intro", told("mail")).await;
    world.does("carl", "steps/warm_intro/0/confirm", &[]).await;
    assert!(matches!(world.view("carl").await.loaded.handoff.stage, Stage::Owned { .. }));
    report("carl", "first_contact", told("")).await;
    let mut booked = told("");
    booked.push(("booked_for", "2026-12-03T10:00".to_owned()));
    report("carl", "kickoff_booked", booked).await;
    report("ada", "internal_call", told("async")).await;
    world.does("carl", "steps/internal_call/0/confirm", &[]).await;

    let shut = world.post("carl", "confirm-kickoff", &[]).await;
    assert_eq!(
        shut.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the customer does not know that a promise does not stand"
    );
    assert!(shut.body.contains(&format!("/promises#promise-{}", item.id)));
    let evidence = [("source", "mail"), ("speaker", HOSTILE), ("quote", HOSTILE), ("said_on", "2026-11-23")];
    world.does("ada", &format!("promises/{}/correct", item.id), &evidence).await;
    world.does("carl", "confirm-kickoff", &[]).await;

    world.does("carl", "plan/open", &[]).await;
    world
        .does("carl", "plan/milestones", &[("title", HOSTILE), ("side", "customer"), ("owner", HOSTILE)])
        .await;
    world.does("carl", "plan/prerequisites/owner_named", &evidence).await;
    let criterion = world.view("carl").await.loaded.handoff.record.list(List::Criteria).next().unwrap().id;
    let mut said = vec![("still_accurate", "no"), ("words", HOSTILE), ("at", "2026-11-23T08:00")];
    said.extend(evidence);
    world.does("carl", &format!("criteria/{criterion}"), &said).await;

    world.clock.advance(SignedDuration::from_hours(24 * 10 + 3));
    let world = world.signed_in_again().await;
    let happened = world.clock_input();
    let held = [("happened_at", happened.as_str()), ("ended_at", &happened), ("known_by", "calendar")];
    world.does("carl", "steps/kickoff/report", &held).await;
    let mut confirmed = vec![("form", "signed"), ("at", happened.as_str())];
    confirmed.extend(evidence);
    world.does("carl", "plan/confirm", &confirmed).await;
    let low = world.post("carl", "ratings/kickoff", &[("score", "1"), ("comment", HOSTILE)]).await;
    assert_eq!(low.status, StatusCode::UNPROCESSABLE_ENTITY, "a low rating asks for a reason");
    assert!(
        low.body.contains("&#60;script&#62;") || low.body.contains("&lt;script&gt;"),
        "what was typed is kept"
    );
    world
        .does("carl", "ratings/kickoff", &[("score", "1"), ("reason", "cold_start"), ("comment", HOSTILE)])
        .await;
    world.does("carl", "finish", &[]).await;
    assert_eq!(world.view("carl").await.loaded.handoff.life.name(), "done");
    for who in ["ada", "carl", "lea", "rob", "dot", "max", "aud", "fin"] {
        world.check_pages(who).await;
    }
}
