//! What is found, and by whom.

use std::collections::BTreeSet;

use throughline_app::{
    App, AppError, Caller,
    search::{Results, Search},
};
use throughline_domain::{
    Role,
    access::{Action, Grant, Scope},
};
use throughline_store::Sought;

use crate::company::{deal, staffed};

async fn search(app: &App, caller: &Caller, text: &str) -> Results {
    app.search(caller, &Search { text: text.to_owned(), limit: 20, ..Search::default() }).await.unwrap()
}

fn handoffs(found: &Results) -> Vec<String> {
    found.handoffs.as_ref().unwrap().rows.iter().map(|row| row.deal_name.clone()).collect()
}

fn accounts(found: &Results) -> Vec<String> {
    found.accounts.as_ref().unwrap().rows.iter().map(|account| account.name.clone()).collect()
}

/// The same caller with their reach narrowed to what is their own.
fn own(caller: Caller) -> Caller {
    let grants = caller.grants.iter().map(|grant| Grant { scope: Scope::Own, ..*grant }).collect();
    Caller { grants, ..caller }
}

#[tokio::test]
async fn deals_customers_and_people_are_found_by_how_their_names_begin() {
    let company = staffed().await;
    company.join("dana", &[Role::Ae], None).await;
    company.opened(deal("7", Some("dana"))).await;
    company.opened(deal("8", Some("dana"))).await;
    let revops = company.app.list_people(&company.system(), Some("ravi"), None, 1).await.unwrap().rows;
    let ravi = company.caller(revops[0].id).await;
    let found = search(&company.app, &ravi, "cust 7").await;
    assert_eq!(
        (handoffs(&found), accounts(&found)),
        (vec!["Rollout 7".to_owned()], vec!["Customer 7".to_owned()])
    );
    assert_eq!(handoffs(&search(&company.app, &ravi, "ROLL").await).len(), 2);
    let people = search(&company.app, &ravi, "dan").await.people.unwrap().rows;
    assert_eq!(people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["dana"]);
    assert!(search(&company.app, &ravi, "nothing").await.is_empty());
    assert!(search(&company.app, &ravi, " ").await.is_empty());
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_read() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    company.opened(deal("7", Some("dana"))).await;
    company.opened(deal("8", Some("emil"))).await;
    for (person, theirs) in [(dana, "7"), (emil, "8")] {
        let caller = own(company.caller(person).await);
        let found = search(&company.app, &caller, "customer").await;
        assert_eq!(handoffs(&found), [format!("Rollout {theirs}")]);
        assert_eq!(accounts(&found), [format!("Customer {theirs}")]);
    }
}

#[tokio::test]
async fn a_token_finds_what_its_rights_reach_and_is_told_what_they_do_not() {
    let company = staffed().await;
    company.join("dana", &[Role::Ae], None).await;
    company.opened(deal("7", Some("dana"))).await;
    let narrowed = |action| Caller {
        actor: throughline_domain::Actor::Token { id: company.app.fresh_id().into() },
        grants: vec![Grant { role: Role::RevOps, scope: Scope::Organisation }],
        actions: Some(BTreeSet::from([action])),
        ..Caller::system(company.org)
    };
    let reader = narrowed(Action::Read);
    let found = search(&company.app, &reader, "rollout").await;
    assert_eq!(handoffs(&found).len(), 1);
    assert!(found.people.is_none());
    let people = Search { text: "dana".to_owned(), only: Some(Sought::People), ..Search::default() };
    let refused = company.app.search(&reader, &people).await.unwrap_err();
    assert!(matches!(refused, AppError::Forbidden(Action::ReadPeople)), "{refused}");
    let found = search(&company.app, &narrowed(Action::ReadPeople), "dana").await;
    assert!(found.handoffs.is_none() && found.accounts.is_none());
    assert_eq!(found.people.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn pages_of_one_sort_follow_one_another() {
    let company = staffed().await;
    company.join("dana", &[Role::Ae], None).await;
    for id in 0..5 {
        company.opened(deal(&id.to_string(), Some("dana"))).await;
    }
    let caller = company.system();
    let mut wanted =
        Search { text: "rollout".to_owned(), only: Some(Sought::Handoffs), limit: 2, ..Search::default() };
    let mut seen = Vec::new();
    loop {
        let found = company.app.search(&caller, &wanted).await.unwrap();
        assert!(found.accounts.is_none() && found.people.is_none());
        seen.push(handoffs(&found).len());
        wanted.after = found.handoffs.unwrap().next;
        if wanted.after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [2, 2, 1]);
}
