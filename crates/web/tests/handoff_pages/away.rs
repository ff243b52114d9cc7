//! Somebody is away: the week says who does it instead.

use jiff::{SignedDuration, civil::date};
use throughline_app::{Caller, people::NewAbsence};

use crate::world::{World, text_of};

#[tokio::test]
async fn the_week_names_who_stands_in_for_whom_it_waits() {
    let world = World::new(800_000, "Planning").await;
    world.clock.advance(SignedDuration::from_hours(14 * 24));
    let world = world.signed_in_again().await;
    let late = async || text_of(&world.get("rob", "/week?show=late").await.body);
    let before = late().await;
    assert!(before.contains("ada ") && !before.contains("stands in"), "{before}");
    let stand_in = world.person("otto").parse().unwrap();
    let new = NewAbsence { from: date(2026, 12, 7), until: date(2026, 12, 7), stand_in };
    let ada = world.person("ada").parse().unwrap();
    world.app.set_absence(&Caller::system(world.org), ada, new).await.unwrap();
    let told = late().await;
    assert!(told.contains("otto") && told.contains("stands in until"), "{told}");
    let page = text_of(&world.get("rob", &format!("/people/{ada}")).await.body);
    assert!(page.contains("Away on ") && !page.contains("Away from"), "one day is one day: {page}");
}
