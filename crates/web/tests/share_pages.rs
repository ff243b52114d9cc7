//! Sharing out what somebody holds: only what was shown moves, and what is merely named is not said to have moved.

#![expect(clippy::unwrap_used, reason = "a page that does not answer as it must ends the test")]

mod company;

use axum::http::StatusCode;
use company::{Company, put_deal, words};
use throughline_app::HandleOptions;
use throughline_domain::{Personal, Role, handoff::command::TakeOver};

/// What a plan was made of, as its form posts it back.
fn shown_in(page: &str) -> String {
    let (_, rest) = page.split_once(r#"name="shown" value=""#).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn only_what_was_shown_moves() {
    let company = Company::new(false).await;
    let person = |role: Role| company.people[&role].0.to_string();
    let (ae, manager) = (person(Role::Ae), person(Role::AeManager));
    let share = format!("/people/{ae}/share");
    let seller =
        async || company.app.load(company.org, company.deal).await.unwrap().handoff.seller().to_string();

    // Looked at: what is owned, which is nothing. Pressed: everything.
    let narrow = [("step", "show"), ("to", manager.as_str()), ("stages", "owned")];
    let none = company.post(Role::RevOps, &share, &narrow).await.shown();
    assert!(words(&none).contains("No handoff of"), "{}", words(&none));
    let preparing = [("step", "show"), ("to", manager.as_str()), ("stages", "preparing")];
    let plan = company.post(Role::RevOps, &share, &preparing).await.shown();
    let shown = shown_in(&plan);
    let press = [("step", "move"), ("to", manager.as_str()), ("reason", "leave")];
    let with = |more: &[(&'static str, &str)]| {
        let all = press.iter().chain(more).map(|(name, value)| (*name, (*value).to_owned()));
        all.chain([("shown", shown.clone())]).collect::<Vec<_>>()
    };
    for changed in [
        with(&[]),
        with(&[("stages", "preparing"), ("roles", "ae")]),
        with(&[("stages", "preparing"), ("share", "least_load")]),
        with(&[("stages", "preparing"), ("segments", "Enterprise")]),
        with(&[("stages", "preparing"), ("to", &person(Role::CsLeader))]),
    ] {
        let fields: Vec<_> = changed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = company.post(Role::RevOps, &share, &fields).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{fields:?}: {}", words(&page.body));
        let told = words(&page.body);
        assert!(told.contains("Nothing has moved") && told.contains("What would move"), "{told}");
        assert_eq!(seller().await, ae, "{fields:?}");
    }
    let unseen = company.post(Role::RevOps, &share, &press).await;
    assert_eq!(unseen.status, StatusCode::CONFLICT, "nothing was shown at all");

    // What is shown then can be carried out.
    let again = shown_in(&unseen.body);
    let mut fields = press.to_vec();
    fields.push(("shown", &again));
    let done = company.post(Role::RevOps, &share, &fields).await.shown();
    assert!(words(&done).contains("One handoff of"), "{}", words(&done));
    assert_eq!(seller().await, manager);
}

#[tokio::test]
async fn who_is_named_in_one_stretch_is_not_refused_in_the_next_nor_counted_as_given_on() {
    let company = Company::new(false).await;
    let other = put_deal(&company.app, company.org, "crm", "D-2", "ae@acme.example").await;
    let (leader, csm) = (company.people[&Role::CsLeader].0, company.people[&Role::Csm].0);
    for id in [company.deal, other] {
        let take_over = TakeOver { by: leader, reason: Personal::parse("the customer waits").unwrap() };
        company.app.handle(&company.system(), id, take_over, HandleOptions::default()).await.unwrap();
    }
    let share = format!("/people/{leader}/share");
    let csm = csm.to_string();
    let form = company.get(Role::RevOps, &share).await.shown();
    assert!(form.contains(&format!("value=\"{csm}\"")), "a CSM can take what a CS leader is CSM of");
    let show = [("step", "show"), ("to", csm.as_str()), ("stages", "assigned"), ("stages", "owned")];
    let plan = company.post(Role::RevOps, &share, &show).await.shown();
    let shown = shown_in(&plan);
    let mut press = show.to_vec();
    press[0] = ("step", "move");
    press.extend([("reason", "leave"), ("shown", shown.as_str())]);
    for stretch in ["the first", "the next"] {
        let done = company.post(Role::RevOps, &share, &press).await.shown();
        let told = words(&done);
        assert!(
            told.contains("No handoff of") && told.contains("2 wait for who is named to accept"),
            "{told}"
        );
        assert_eq!(told.matches("Named; has to accept").count(), 2, "{stretch}: {told}");
        assert!(!told.contains("Stays") && !told.contains("already"), "{stretch}: {told}");
        assert!(!done.contains("tone-warn") && done.contains("tone-info"), "{stretch}");
    }
    let looked_at = words(&company.post(Role::RevOps, &share, &show).await.shown());
    assert!(looked_at.contains("Named; has to accept") && !looked_at.contains("Stays"), "{looked_at}");
}
