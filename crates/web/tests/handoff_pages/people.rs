//! Who takes part: taking over, introducing, having a seat.

use axum::http::StatusCode;

use crate::world::{World, text_of, words};

#[tokio::test]
async fn the_cs_leader_takes_over_with_a_reason_and_is_answered_for_by_the_one_named() {
    let world = World::new(800_000, "Planning").await;
    let carl = world.person("carl");
    let without = world.post("lea", "take-over", &[("by", &carl)]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        without.body.contains(&format!("<option value=\"{carl}\" selected>")),
        "what was chosen stays chosen"
    );
    world.does("lea", "take-over", &[("by", &carl), ("reason", "The customer waits")]).await;
    let view = world.view("lea").await;
    assert_eq!(view.loaded.handoff.answerable().to_string(), carl);
    let steps = world.get("lea", &format!("/handoffs/{}/steps", world.id)).await;
    assert!(words(&steps.body).contains("carl"), "{}", words(&steps.body));
    world.check_pages("carl").await;
}

#[tokio::test]
async fn an_early_introduction_keeps_the_name_of_the_csm_who_gave_it() {
    let world = World::new(800_000, "Planning").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    let met = [("happened_at", "2026-11-20T10:00"), ("known_by", "attested")];
    world.does("carl", "steps/early_intro/report", &met).await;
    world.does("rob", "nominate", &[("csm", &world.person("nell"))]).await;
    let steps = text_of(&world.get("rob", &format!("/handoffs/{}/steps", world.id)).await.body);
    let (_, early) = steps.split_once("Early introduction").unwrap();
    let early = &early[..early.find("Record complete").unwrap()];
    assert!(early.contains("carl ") && !early.contains("somebody"), "{early}");
}

#[tokio::test]
async fn a_seat_offers_only_whom_the_application_takes_for_it() {
    let world = World::new(800_000, "Planning").await;
    let page = world.get("rob", &format!("/handoffs/{}/steps", world.id)).await.body;
    let (_, seats) = page.split_once("aria-labelledby=\"seats\"").unwrap();
    for (who, offered) in [("ada", true), ("otto", true), ("max", true), ("carl", false), ("fin", false)] {
        let option = format!("<option value=\"{}\"", world.person(who));
        assert_eq!(seats.contains(&option), offered, "{who}");
    }
    assert!(text_of(seats).contains("Nobody here has this role"), "there is no SE");
    let seat = [("role", "ae"), ("person", &*world.person("otto")), ("reason", "Ada is away")];
    world.does("rob", "seats", &seat).await;
    assert_eq!(world.view("rob").await.loaded.handoff.seller().to_string(), world.person("otto"));
}

#[tokio::test]
async fn who_decided_a_promise_is_named_though_they_have_no_part_in_the_handoff() {
    let world = World::new(800_000, "Planning").await;
    let promise = [
        ("what", "two sites at this price"),
        ("kind", "price"),
        ("strength", "implied"),
        ("owed_by", "us"),
        ("in_contract", "no"),
        ("due_on", "2027-01-15"),
        ("source", "call"),
        ("speaker", "Kim"),
    ];
    world.does("ada", "items/new?list=promises&ask=promises", &promise).await;
    let item = *world.view("ada").await.loaded.handoff.record.items.keys().next().unwrap();
    let verdict = [("verdict", "approved"), ("reason", "within the margin")];
    world.does("dot", &format!("promises/{item}/decide"), &verdict).await;
    let settled = [("outcome", "kept"), ("on", "2026-11-23")];
    world.does("dot", &format!("promises/{item}/settle"), &settled).await;
    let ledger = text_of(&world.get("ada", &format!("/handoffs/{}/promises", world.id)).await.body);
    assert!(ledger.contains("within the margin") && ledger.contains("says dot"), "{ledger}");
    assert!(!ledger.contains("somebody"), "{ledger}");
}
