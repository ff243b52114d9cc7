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
    let (_, open) = text.split_once("What is open").unwrap();
    let (open, _) = open.split_once("Closed until").unwrap();
    assert!(open.contains("answers are missing") && !open.contains("Who is your champion?"), "{open}");
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
    assert!(text.contains("You are nominated") && text.contains("marks the scorecard"), "{text}");
    let others = text_of(&world.get("ada", &brief(&world)).await.body);
    assert!(others.contains("Nobody has accepted it yet") && others.contains("CSM, nominated"), "{others}");
    let (_, closed) = text.split_once("Closed until a CSM has accepted").unwrap();
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
    let offered = text_of(&world.get("carl", &brief(&world)).await.body);
    assert!(offered.contains("It is offered to you") && offered.contains("Accept or send back"), "{offered}");
    let categories = ["customer_intent", "stakeholder_map", "scope_expectations", "implementation_risk"];
    for category in categories {
        world.does("carl", &format!("marks/{category}"), &[("mark", "clear")]).await;
    }
    world.does("carl", "accept", &[]).await;
    let text = text_of(&world.get("carl", &brief(&world)).await.body);
    assert!(!text.contains("a CSM has accepted") && !text.contains("is offered to you"), "{text}");
}

#[tokio::test]
async fn the_brief_tells_the_first_of_a_long_list_and_where_the_others_are() {
    let world = World::new(9_000_000, "Planning").await;
    for n in 0..9 {
        let name = format!("Person {n}");
        let influence = if n == 8 { "high" } else { "low" };
        person(&world, &name, &[("parts", "operator"), ("influence", influence), ("stance", "for")]).await;
    }
    let page = world.get("ada", &brief(&world)).await.body;
    let text = text_of(&page);
    assert!(text.contains("Person 8") && text.contains("Person 0") && !text.contains("Person 7"), "{text}");
    assert!(text.contains("And 4 more"), "{text}");
    assert!(page.contains(&format!("<a class=\"link\" href=\"/handoffs/{}/map\">", world.id)));
}

async fn person(world: &World, name: &str, more: &[(&str, &str)]) {
    let fields: Vec<_> =
        [("name", name), ("contact", "by mail")].into_iter().chain(more.iter().copied()).collect();
    world.does("ada", "items/new?list=stakeholders&ask=champion", &fields).await;
}

#[tokio::test]
async fn the_map_places_who_has_influence_and_stance_and_lists_everybody_in_a_table() {
    let world = World::new(9_000_000, "Planning").await;
    let empty = world.get("ada", &format!("/handoffs/{}/map", world.id)).await;
    assert!(
        text_of(&empty.body).contains("Nobody at the customer is named yet")
            && !empty.body.contains("class=\"map\"")
    );
    person(&world, HOSTILE, &[("parts", "champion"), ("influence", "low"), ("stance", "enthusiastic")]).await;
    person(
        &world,
        "Derek Vo",
        &[("parts", "skeptic"), ("influence", "high"), ("stance", "against"), ("may_block", "on")],
    )
    .await;
    person(&world, "Nina Ortiz", &[("parts", "operator"), ("influence", "high")]).await;
    let page = world.get("ada", &format!("/handoffs/{}/map", world.id)).await;
    sound("map", &page.body);
    let text = text_of(&page.body);
    assert!(text.contains("2 of 3 people have a place"), "{text}");
    assert!(text.contains("Derek Vo may block adoption."), "{text}");
    assert!(text.contains("is the champion and moves little inside."), "{text}");
    assert!(text.contains("Nobody is named who holds the budget."), "{text}");
    let (map, table) = text.split_once("Everybody, in a table").unwrap();
    let (_, unplaced) = map.split_once("No place on the map yet").unwrap();
    assert!(unplaced.contains("Nina Ortiz") && unplaced.contains("lacks stance"), "{unplaced}");
    for name in ["Derek Vo", "Nina Ortiz"] {
        assert!(table.contains(name), "{table}");
    }
    let cells =
        page.body.split("<svg class=\"map-cell ").filter(|cell| cell.starts_with("tone-bad map-high"));
    assert_eq!(cells.filter(|cell| cell.contains("Derek Vo")).count(), 2, "drawn wide and narrow");
    let finance = world.get("fin", &format!("/handoffs/{}/map", world.id)).await.body;
    assert!(!finance.contains("/items/"), "who may not change people is offered no way to");
}

#[tokio::test]
async fn the_call_sheet_asks_what_writing_did_not_carry_and_keeps_what_was_said_point_by_point() {
    let world = World::new(800_000, "Planning").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    world.does("carl", "questions", &[("text", "Who signs for IT?")]).await;
    let sheet = format!("/handoffs/{}/call-sheet", world.id);
    let text = text_of(&world.get("carl", &sheet).await.body);
    assert!(
        text.contains("What were their biggest objections?") && text.contains("No time planned yet"),
        "{text}"
    );
    let (_, open) = text.split_once("What the record leaves open").unwrap();
    assert!(open.contains("Who is your champion?") && open.contains("Who signs for IT?"), "{open}");
    assert!(!world.get("fin", &sheet).await.body.contains("<textarea"), "who may not report writes nothing");

    let now = world.clock_input();
    let held = [
        ("happened_at", now.as_str()),
        ("form", "async"),
        ("known_by", "attested"),
        ("point-0", "Derek asked twice when it starts."),
        ("point-1", HOSTILE),
        ("point-5", "They move offices in May."),
    ];
    let missing = world.post("carl", "call-sheet", &held[1..]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.body.contains("They move offices in May."), "what was typed is kept");
    world.does("carl", "call-sheet", &held).await;
    let page = world.get("ada", &sheet).await.body;
    sound("call sheet", &page);
    let text = text_of(&page);
    let keen = text.find("How keen are they really?").unwrap();
    let twice = text.find("Derek asked twice when it starts.").unwrap();
    let objections = text.find("What were their biggest objections?").unwrap();
    assert!(keen < twice && twice < objections, "{text}");
    assert!(
        text.find("Anything else that came up").unwrap() < text.find("They move offices in May.").unwrap()
    );
    assert!(text.contains("Add what else was said") && text.contains("When and how it was held"), "{text}");
    let asynchronous = page.split("<input").find(|one| one.contains("value=\"async\"")).unwrap();
    assert!(asynchronous.contains(" checked"), "what was told is not asked again: {asynchronous}");
    world
        .does(
            "ada",
            "call-sheet",
            &[
                ("happened_at", &now),
                ("form", "async"),
                ("known_by", "attested"),
                ("point-0", "And Kim, too."),
            ],
        )
        .await;
    let text = text_of(&world.get("carl", &sheet).await.body);
    assert!(text.contains("Derek asked twice") && text.contains("And Kim, too."), "both are kept: {text}");
}

#[tokio::test]
async fn the_agenda_takes_fifteen_twenty_and_fifteen_minutes_and_shows_what_it_lacks() {
    let world = World::new(800_000, "Planning").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    let agenda = format!("/handoffs/{}/agenda", world.id);
    let page = world.get("carl", &agenda).await.body;
    sound("agenda", &page);
    let text = text_of(&page);
    for said in
        ["15 min 0–15 What success means", "20 min 15–35 Mutual success plan", "15 min 35–50 Next steps"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains("Which use case goes live first? Missing in the record"), "{text}");
    assert!(text.contains("No date booked yet") && text.contains("Not confirmed:"), "{text}");
    assert!(page.contains(&format!("href=\"/handoffs/{}#ask-first_use_case\"", world.id)));
    let plan = text_of(&world.get("carl", &format!("/handoffs/{}/plan", world.id)).await.body);
    assert!(plan.contains("See the kickoff agenda") && plan.contains("answers are missing"), "{plan}");

    world.fill("ada").await;
    let text = text_of(&world.get("carl", &agenda).await.body);
    let parts = text.split_once("What success means").unwrap().1;
    assert!(!parts.contains("Which use case goes live first? Missing in the record"), "{parts}");
}

#[tokio::test]
async fn the_kickoff_is_rated_in_two_keys_and_a_low_score_asks_for_its_reason() {
    let world = World::new(800_000, "Planning").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    let review = format!("/handoffs/{}/review", world.id);
    let before = world.get("carl", &review).await.body;
    assert!(!before.contains("data-keys=\"r 5\""), "its moment has not come");
    world.does("lea", "take-over", &[("by", &world.person("carl")), ("reason", "The customer waits")]).await;
    let now = world.clock_input();
    let held = [("happened_at", now.as_str()), ("ended_at", &now), ("known_by", "calendar")];
    world.does("carl", "steps/kickoff/report", &held).await;
    for page in [review.clone(), format!("/handoffs/{}/agenda", world.id)] {
        let page = world.get("carl", &page).await.body;
        let keys = (1..=5).filter(|score| page.contains(&format!("data-keys=\"r {score}\"")));
        assert_eq!(keys.count(), 5);
        assert!(text_of(&page).contains("Did you start with enough context to lead"));
    }
    assert!(
        !world.get("ada", &review).await.body.contains("data-keys=\"r 5\""),
        "sales does not rate itself"
    );
    let low = world.post("carl", "ratings/kickoff", &[("score", "2")]).await;
    assert_eq!(low.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(low.body.contains("cold_start"), "the reasons are offered");
    world.does("carl", "ratings/kickoff", &[("score", "4")]).await;
    assert!(!world.get("carl", &review).await.body.contains("data-keys=\"r 5\""), "given once");
    for (who, sees) in [("ada", true), ("carl", true), ("lea", true), ("fin", false), ("dot", false)] {
        let timeline = text_of(&world.get(who, &format!("/handoffs/{}/timeline", world.id)).await.body);
        let review = world.get(who, &review).await.body;
        assert_eq!(timeline.contains("After the kickoff: 4 of 5."), sees, "{who}: {timeline}");
        assert_eq!(review.contains("class=\"score\""), sees, "{who}");
        assert!(timeline.contains("After the kickoff: "), "that it was given is no secret: {timeline}");
    }
}

#[tokio::test]
async fn early_signs_are_a_press_each_counted_taken_back_and_not_for_everybody_to_see() {
    let world = World::new(800_000, "Planning").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    let signs = format!("/handoffs/{}/signs", world.id);
    world.does("carl", "signs", &[("sign", "surprise"), ("note", HOSTILE)]).await;
    world.does("carl", "signs", &[("sign", "surprise"), ("note", "Another one")]).await;
    world.does("carl", "signs", &[("sign", "owner_clear")]).await;
    let page = world.get("carl", &signs).await.body;
    sound("signs", &page);
    let text = text_of(&page);
    assert!(text.contains("Surprise found late 2") && text.contains("They know who owns what 1"), "{text}");
    assert!(text.contains("week 1 after the close"), "{text}");
    world.does("carl", "signs/0/take-back", &[("reason", "It stood in the record")]).await;
    let text = text_of(&world.get("carl", &signs).await.body);
    assert!(text.contains("Surprise found late 1") && text.contains("It stood in the record"), "{text}");
    assert_eq!(
        world.post("carl", "signs", &[("sign", "nonsense")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(world.post("ada", "signs", &[("sign", "surprise")]).await.status, StatusCode::FORBIDDEN);

    let ada = world.get("ada", &signs).await.body;
    assert!(text_of(&ada).contains("Another one") && !ada.contains("take-back\""), "the AE reads them");
    let finance = text_of(&world.get("fin", &signs).await.body);
    assert!(!finance.contains("Another one") && finance.contains("see them"), "{finance}");
    let timeline = text_of(&world.get("fin", &format!("/handoffs/{}/timeline", world.id)).await.body);
    assert!(timeline.contains("An early sign was noted.") && !timeline.contains("Surprise"), "{timeline}");
}
