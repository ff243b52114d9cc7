//! What is refused: the form comes back, and nothing fails on our side.

use axum::http::StatusCode;

use crate::world::{World, words};

#[tokio::test]
async fn a_refused_form_comes_back_as_it_was_with_the_field_that_is_wrong_in_words() {
    let world = World::new(9_000_000, "Planning").await;
    let page = world.post("ada", "seats", &[("role", "ae"), ("person", ""), ("reason", "Tom is away")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = words(&page.body);
    assert!(text.contains("Must be filled in") && text.contains("nothing is lost"), "{text}");
    assert!(page.body.contains(r#"value="Tom is away""#), "what was typed is kept");
    assert!(page.body.contains(r#"<option value="ae" selected>"#), "what was chosen stays chosen");
    assert!(
        page.body.contains(&format!("<option value=\"{}\"", world.person("otto"))),
        "the missing one can be chosen"
    );
    assert!(
        page.body.contains(r##"href="#mend-person""##) && page.body.contains(r#"id="mend-person""#),
        "{text}"
    );

    // Nothing was ticked: the choices are there again, not the names of fields.
    let page = world.post("ada", "steps/internal_call/report", &[("happened_at", "2026-11-24T10:00")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = words(&page.body);
    assert!(
        !text.contains("happened_at") && !text.contains("known_by") && !text.contains("Known by must"),
        "{text}"
    );
    assert!(page.body.contains(r#"value="2026-11-24T10:00""#), "what was typed is kept");
    assert!(page.body.contains(r#"name="known_by""#), "what is missing can be filled right there");

    // A button alone that was refused has nothing to fill: back is the way.
    let page = world.post("carl", "accept", &[]).await;
    assert!(page.status.is_client_error() && !page.body.contains("<textarea"), "{}", words(&page.body));
}

#[tokio::test]
async fn bad_input_is_answered_with_a_reason_and_never_with_a_failure_of_ours() {
    let world = World::new(9_000_000, "Planning").await;
    let parts = [
        "answers/renews_on",
        "answers/nobody_asks_this",
        "answers/champion",
        "items/new?list=promises",
        "items/new?list=nonsense",
        "items/0197a000-0000-7000-8000-000000000001",
        "reopen",
        "promises/0197a000-0000-7000-8000-000000000001/decide",
        "promises/0197a000-0000-7000-8000-000000000001/settle",
        "nominate",
        "offer",
        "withdraw-offer",
        "return",
        "marks/customer_intent",
        "criteria/0197a000-0000-7000-8000-000000000001",
        "ratings/kickoff",
        "steps/warm_intro/report",
        "steps/warm_intro/7/confirm",
        "steps/warm_intro/7/dispute",
        "steps/warm_intro/7/correct",
        "take-over",
        "seats",
        "gates/handoff/waivers",
        "gates/nonsense/attempt",
        "waivers/0197a000-0000-7000-8000-000000000001/grant",
        "route",
        "plan/milestones",
        "plan/confirm",
        "plan/prerequisites/owner_named",
        "questions",
        "/deals/open",
    ];
    for part in parts {
        for who in ["rob", "ada", "carl", "fin"] {
            let page = world.post(who, part, &[("on", "not a date"), ("text", " "), ("name", "")]).await;
            assert!(page.status.is_client_error(), "{who} {part}: {} {}", page.status, page.location);
        }
    }
}
