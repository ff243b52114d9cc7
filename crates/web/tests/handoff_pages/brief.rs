//! What a CSM opens before the kickoff: the brief and the sheets beside it.

use axum::http::StatusCode;

use crate::world::{HOSTILE, World, sound, text_of};

fn brief(world: &World) -> String {
    format!("/handoffs/{}/brief", world.id)
}

#[tokio::test]
async fn the_brief_shows_a_hole_where_an_answer_is_missing_and_says_who_owes_it() {
    let world = World::new(9_000_000, "Planning").await;
    let page = world.get("ada", &brief(&world)).await;
    assert_eq!(page.status, StatusCode::OK);
    sound("brief", &page.body);
    let text = text_of(&page.body);
    assert!(text.contains("Nothing to brief from yet"), "{text}");
    let (_, open) = text.split_once("What is open").unwrap();
    assert!(open.contains("Who is your champion?") && open.contains("ada"), "{open}");

    world.does("ada", "answers/trigger_holds", &[("yes", "yes")]).await;
    let page = world.get("ada", &brief(&world)).await;
    let text = text_of(&page.body);
    assert!(!text.contains("Nothing to brief from yet"), "{text}");
    assert!(text.contains("Does that reason still hold today? Yes"), "{text}");
    assert!(text.contains("Who is your champion? Missing in the record"), "{text}");
    assert!(page.body.contains(&format!("href=\"/handoffs/{}#ask-champion\"", world.id)), "{text}");
}

#[tokio::test]
async fn the_brief_lays_out_what_the_record_holds_the_pressing_first_and_as_text() {
    let world = World::new(9_000_000, HOSTILE).await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    world.fill("ada").await;
    for (what, contract) in [("Kept in the contract", "yes"), ("Said on the phone", "no")] {
        let fields = [
            ("what", what),
            ("kind", "price"),
            ("strength", "promised"),
            ("owed_by", "us"),
            ("due_on", "2027-02-01"),
            ("in_contract", contract),
            ("standard", contract),
            ("source", "call"),
            ("speaker", "Kim"),
        ];
        world.does("ada", "items/new?list=promises&ask=promises", &fields).await;
    }
    let page = world.get("carl", &brief(&world)).await.body;
    sound("brief", &page);
    let text = text_of(&page);
    assert!(!text.contains("Missing in the record"), "{text}");
    for said in
        ["Why now", "Success in their words", "Who matters", "What was promised", "What could derail it"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    let waits = text.find("Said on the phone").unwrap();
    assert!(
        waits < text.find("Kept in the contract").unwrap(),
        "what waits for a decision comes first: {text}"
    );
    assert!(text.contains("Awaiting decision"), "{text}");
    let (_, open) = text.split_once("What is open").unwrap();
    assert!(open.contains("Said on the phone") && open.contains("Deal desk"), "{open}");
}

#[tokio::test]
async fn a_question_nobody_answered_is_open_until_it_is_answered() {
    let world = World::new(800_000, "Planning").await;
    world.fill("ada").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    world.does("carl", "questions", &[("text", "Who signs for IT?")]).await;
    let open = |text: String| text.split_once("What is open").unwrap().1.to_owned();
    let asked = open(text_of(&world.get("carl", &brief(&world)).await.body));
    assert!(asked.contains("Who signs for IT?") && asked.contains("Asked by carl"), "{asked}");
    let view = world.view("carl").await;
    let question = view.loaded.handoff.questions.keys().next().unwrap();
    world.does("ada", &format!("questions/{question}"), &[("text", "Derek")]).await;
    let asked = open(text_of(&world.get("carl", &brief(&world)).await.body));
    assert!(!asked.contains("Who signs for IT?"), "{asked}");
}

#[tokio::test]
async fn while_only_nominated_what_is_closed_is_named_with_what_is_missing_and_who_owes_it() {
    let world = World::new(800_000, "Planning").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    let text = text_of(&world.get("carl", &brief(&world)).await.body);
    let (_, closed) = text.split_once("Until a CSM has accepted").unwrap();
    assert!(closed.contains("carl") && closed.contains("CSM, nominated"), "{closed}");
    let (plan, kickoff) = closed.split_once("Kickoff: agenda and invitation").unwrap();
    assert!(plan.contains("Mutual success plan") && plan.contains("Who is your champion?"), "{plan}");
    assert!(plan.contains("No CSM has accepted yet"), "{plan}");
    assert!(kickoff.contains("Warm introduction") && kickoff.contains("ada"), "{kickoff}");

    world.fill("ada").await;
    let view = world.view("dot").await;
    let promises: Vec<_> = view.loaded.handoff.record.promises().map(|(item, _)| item.id).collect();
    for item in promises {
        let fields = [("verdict", "approved"), ("reason", "fine")];
        world.does("dot", &format!("promises/{item}/decide"), &fields).await;
    }
    world.does("ada", "offer", &[("csm", &world.person("carl"))]).await;
    let categories = ["customer_intent", "stakeholder_map", "scope_expectations", "implementation_risk"];
    for category in categories {
        world.does("carl", &format!("marks/{category}"), &[("mark", "clear")]).await;
    }
    world.does("carl", "accept", &[]).await;
    let text = text_of(&world.get("carl", &brief(&world)).await.body);
    assert!(!text.contains("Until a CSM has accepted"), "{text}");
}
