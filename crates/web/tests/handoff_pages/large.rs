//! A company of hundreds: whoever a list has no room for is typed, completed or not, and the server finds out who is
//! meant.

use axum::http::StatusCode;
use throughline_domain::{
    PersonId, Role,
    access::{Grant, Scope},
};
use throughline_store::{Audit, Change, Person, PersonStatus};

use crate::world::{World, sound, text_of};

/// More people than a list offers, and some whose names end the alphabet.
async fn large() -> World {
    let world = World::new(9_000_000, "Planning").await;
    let ada = world.app.store().person(world.org, world.people["ada"].0).await.unwrap().unwrap();
    let many =
        (0..230).map(|number| (format!("Mo {number:03}"), format!("mo{number}"), PersonStatus::Active));
    let some = [
        ("Zoe Late", "zoe", PersonStatus::Active),
        ("Yan Same", "yan.one", PersonStatus::Active),
        ("Yan Same", "yan.two", PersonStatus::Active),
        ("Zed Sold", "zed", PersonStatus::NotInvited),
        ("Zia Gone", "zia", PersonStatus::Deactivated),
    ];
    let some = some.map(|(name, mail, status)| (name.to_owned(), mail.to_owned(), status));
    for (name, mail, status) in many.chain(some) {
        let person = Person {
            id: PersonId(world.app.fresh_id()),
            name,
            email: Some(format!("{mail}@acme.example")),
            team: None,
            grants: [Grant { role: Role::Finance, scope: Scope::Own }].into(),
            status,
            ..ada.clone()
        };
        let audit = Audit {
            at: world.app.now(),
            by: throughline_domain::Actor::System,
            action: "test".into(),
            subject: person.name.clone(),
            detail: serde_json::Value::Null,
        };
        world.app.store().apply(world.org, vec![Change::PutPerson(person)], audit).await.unwrap();
    }
    world
}

async fn works_along(world: &World, who: &str) -> (StatusCode, String) {
    let page = world.post("ada", "contributors/add", &[("role", "ae"), ("person", who)]).await;
    (page.status, text_of(&page.body))
}

#[tokio::test]
async fn whoever_is_typed_is_found_by_mail_address_or_by_a_name_nobody_else_has() {
    let world = large().await;
    let path = format!("/handoffs/{}/people", world.id);
    let page = world.get("ada", &path).await.body;
    sound(&path, &page);
    assert!(page.contains("data-people=\"/people/options\"") && page.contains("<datalist"));
    assert!(!page.contains("Mo 001"), "nobody is offered before anything is typed");

    for who in ["Zoe Late", "yan.two@acme.example", "Yan Same · yan.one@acme.example", "mo 199"] {
        assert_eq!(works_along(&world, who).await.0, StatusCode::SEE_OTHER, "{who}");
    }
    let seat = world.view("ada").await.loaded.handoff.seats[&Role::Ae].clone();
    assert_eq!(seat.contributors.len(), 4);

    let (status, said) = works_along(&world, "yan same").await;
    assert!(status.is_client_error(), "{status}");
    assert!(said.contains("yan.one@acme.example") && said.contains("yan.two@acme.example"), "{said}");
    let (status, said) = works_along(&world, "Nobody Such").await;
    assert!(status.is_client_error() && said.contains("obody here is called Nobody Such"), "{said}");
    assert!(works_along(&world, "Zia Gone").await.0.is_client_error(), "who has left helps nobody");
}

#[tokio::test]
async fn what_is_typed_is_completed_with_those_it_fits() {
    let world = large().await;
    let lines = async |query: &str| world.get("ada", &format!("/people/options?{query}")).await.body;
    assert_eq!(lines("q=zo").await.trim(), "<option value=\"Zoe Late · zoe@acme.example\"></option>");
    assert!(!lines("q=zed").await.contains("Zed Sold"), "who cannot sign in is not offered");
    assert!(lines("q=zed&any=1").await.contains("Zed Sold"), "but their deals can be looked for");
    assert!(!lines("q=zia&any=1").await.contains("Zia Gone"));
    assert_eq!(lines("q=").await.trim(), "");
    assert_eq!(lines("q=mo").await.matches("<option").count(), 12);
}

#[tokio::test]
async fn deals_are_filtered_by_whoever_is_typed_and_a_link_holds_who_that_is() {
    let world = large().await;
    let bar = world.get("max", "/deals?ae=Zoe+Late").await.body;
    assert!(bar.contains("value=\"Zoe Late · zoe@acme.example\""));
    assert!(!bar.contains("Brauhaus"), "Zoe has no deals");
    let zoe = world.app.store().people_by_email("zoe@acme.example").await.unwrap()[0].1.id;
    assert!(bar.contains(&format!("ae={zoe}")), "tabs and views keep the id");
    let nobody = world.get("max", "/deals?ae=Nobody+Such").await.body;
    assert!(nobody.contains("nobody here is called Nobody Such") && nobody.contains("Brauhaus"));
    let board = world.get("max", "/board?csm=Zoe+Late").await;
    assert_eq!(board.status, StatusCode::OK);
    sound("/board", &board.body);
}

#[tokio::test]
async fn who_is_chosen_already_is_written_out_where_people_are_typed() {
    let world = large().await;
    let page = world.get("rob", "/settings/organisation").await.body;
    sound("/settings/organisation", &page);
    assert!(page.contains("· rob@acme.example\""), "the process owner by name");
    assert!(!page.contains(&format!("value=\"{}\"", world.person("rob"))), "and not by id");
}
