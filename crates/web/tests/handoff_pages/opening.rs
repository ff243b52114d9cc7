//! Opening a handoff by hand.

use axum::http::StatusCode;
use throughline_app::{Caller, deals::DealOptions};
use throughline_domain::deal::Deal;

use crate::world::{HOSTILE, World, sound, words};

#[tokio::test]
async fn a_deal_nobody_told_of_is_opened_by_hand_and_a_known_one_with_a_button() {
    let world = World::new(9_000_000, "Planning").await;
    let unknown = world.get("ada", "/deals/open?source=salesforce&external_id=00X").await;
    assert_eq!(unknown.status, StatusCode::OK);
    let fields = [
        ("source", "salesforce"),
        ("external_id", "00X"),
        ("name", HOSTILE),
        ("account", "Tallis"),
        ("amount", "12 500,50"),
        ("amount_currency", "eur"),
        ("standing", "won"),
    ];
    let wrong: Vec<_> = fields.iter().copied().filter(|(name, _)| *name != "account").collect();
    let refused = world.post("ada", "/deals/open", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    sound("/deals/open", &refused.body);
    let opened = world.post("ada", "/deals/open", &fields).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", words(&opened.body));
    assert_eq!(world.get("ada", &opened.location).await.status, StatusCode::OK);
    let again = world.get("ada", "/deals/open?source=salesforce&external_id=00X").await;
    assert_eq!((again.status, again.location), (StatusCode::SEE_OTHER, opened.location));

    let later: Deal = serde_json::from_value(serde_json::json!({
        "source": "hubspot", "external_id": "9", "source_time": "2026-11-20T08:00:00Z",
        "name": "Later", "account": "Later AG", "close_on": "2027-11-20",
    }))
    .unwrap();
    let kept = world.app.put_deal(&Caller::system(world.org), later, DealOptions::default()).await.unwrap();
    assert_eq!(kept.handoff, None);
    let known = world.get("rob", "/deals/open?source=hubspot&external_id=9").await;
    assert!(known.body.contains("Later AG"));
    let opened = world.post("rob", "/deals/open", &[("source", "hubspot"), ("external_id", "9")]).await;
    assert!(opened.location.starts_with("/handoffs/"), "{}", words(&opened.body));
}
