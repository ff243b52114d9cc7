//! Sharing out what somebody holds: looked at first, done row by row (R0.7).

use std::collections::{BTreeMap, BTreeSet};

use throughline_app::{
    HandleOptions,
    contributors::Contributing,
    people::moving::{Job, Moving, Share},
};
use throughline_domain::{HandoffId, PersonId, Personal, Role, handoff::command};

use crate::company::{Company, deal, staffed};

async fn seller(company: &Company, id: HandoffId) -> PersonId {
    company.app.load(company.org, id).await.unwrap().handoff.seller()
}

/// Dana with four deals, Emil and Fay with none.
async fn four_deals() -> (Company, PersonId, [PersonId; 2], Vec<HandoffId>) {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    let fay = company.join("fay", &[Role::Ae], None).await;
    let mut ids = Vec::new();
    for id in ["1", "2", "3", "4"] {
        ids.push(company.opened(deal(id, Some("dana"))).await.id);
    }
    (company, dana, [emil, fay], ids)
}

#[tokio::test]
async fn a_plan_changes_nothing_and_what_is_done_is_what_was_planned() {
    let (company, dana, takers, ids) = four_deals().await;
    let moving = Moving { to: takers.to_vec(), ..Moving::default() };
    let plan = company.app.plan_moves(&company.system(), dana, &moving).await.unwrap();
    let planned: BTreeMap<_, _> = plan.iter().map(|one| (one.row.id, one.to.unwrap())).collect();
    assert_eq!(planned.len(), 4);
    assert_eq!(takers.map(|taker| planned.values().filter(|to| **to == taker).count()), [2, 2]);
    for id in &ids {
        assert_eq!(seller(&company, *id).await, dana);
    }
    let done = company.app.move_some(&company.system(), dana, &moving, "a new territory", 100).await.unwrap();
    assert!(done.rows.iter().all(|row| row.done) && done.left == 0);
    for id in ids {
        assert_eq!(seller(&company, id).await, planned[&id]);
    }
}

#[tokio::test]
async fn who_has_the_fewest_gets_the_next() {
    let (company, dana, [emil, fay], _) = four_deals().await;
    for id in ["5", "6"] {
        company.opened(deal(id, Some("emil"))).await;
    }
    let moving = Moving { to: vec![emil, fay], share: Share::LeastLoad, ..Moving::default() };
    let plan = company.app.plan_moves(&company.system(), dana, &moving).await.unwrap();
    let to: Vec<_> = plan.iter().map(|one| one.to.unwrap()).collect();
    assert_eq!(to, [fay, fay, emil, fay], "until she has as many as he");
}

#[tokio::test]
async fn one_handoff_can_be_given_to_somebody_else_than_the_rule_says() {
    let (company, dana, [emil, fay], ids) = four_deals().await;
    let moving = Moving { to: vec![emil], chosen: [(ids[2], fay)].into(), ..Moving::default() };
    let plan = company.app.plan_moves(&company.system(), dana, &moving).await.unwrap();
    for one in plan {
        assert_eq!(one.to, Some(if one.row.id == ids[2] { fay } else { emil }));
    }
}

#[tokio::test]
async fn only_what_is_asked_for_moves() {
    let (company, dana, [emil, _], ids) = four_deals().await;
    let nominated = Moving { to: vec![emil], roles: [Role::Se].into(), ..Moving::default() };
    assert!(company.app.plan_moves(&company.system(), dana, &nominated).await.unwrap().is_empty());
    let owned = Moving { to: vec![emil], stages: ["owned".to_owned()].into(), ..Moving::default() };
    assert!(company.app.plan_moves(&company.system(), dana, &owned).await.unwrap().is_empty());
    let mut enterprise = deal("1", Some("dana"));
    enterprise.segment = Some("Enterprise".to_owned());
    enterprise.source_time += jiff::SignedDuration::from_hours(1);
    company.put(enterprise).await;
    let segment = Moving { to: vec![emil], segments: ["Enterprise".to_owned()].into(), ..Moving::default() };
    let plan = company.app.plan_moves(&company.system(), dana, &segment).await.unwrap();
    assert_eq!(plan.iter().map(|one| one.row.id).collect::<Vec<_>>(), [ids[0]]);
}

#[tokio::test]
async fn what_cannot_move_says_why_and_keeps_nothing_else_back() {
    let (company, dana, [emil, _], ids) = four_deals().await;
    let sam = company.join("sam", &[Role::Se], None).await;
    let moving = Moving { to: vec![emil], chosen: [(ids[0], sam)].into(), ..Moving::default() };
    let done = company.app.move_some(&company.system(), dana, &moving, "a new territory", 100).await.unwrap();
    let failed: Vec<_> = done.rows.iter().filter(|row| !row.done).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].failed.as_deref(), Some("sam does not have the role AE"));
    assert_eq!((seller(&company, ids[0]).await, seller(&company, ids[1]).await), (dana, emil));
}

#[tokio::test]
async fn a_long_plan_is_done_in_stretches() {
    let (company, dana, [emil, _], _) = four_deals().await;
    let moving = Moving { to: vec![emil], ..Moving::default() };
    let mut left = Vec::new();
    for _ in 0..2 {
        let done =
            company.app.move_some(&company.system(), dana, &moving, "a new territory", 3).await.unwrap();
        left.push((done.rows.iter().filter(|row| row.done).count(), done.left));
    }
    assert_eq!(left, [(3, 1), (1, 0)]);
}

#[tokio::test]
async fn an_accepted_account_goes_over_once_who_follows_accepts() {
    let company = staffed().await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let noah = company.join("noah", &[Role::Csm], None).await;
    let owned = company.opened(deal("1", None)).await.id;
    let take_over = command::TakeOver { by: maya, reason: Personal::parse("the customer waits").unwrap() };
    company.app.handle(&company.system(), owned, take_over, HandleOptions::default()).await.unwrap();
    let moving = Moving { to: vec![noah], ..Moving::default() };
    let done = company.app.move_some(&company.system(), maya, &moving, "leave", 100).await.unwrap();
    assert_eq!(done.rows[0].planned.jobs, [Job::Csm]);
    assert!(done.rows[0].done);
    let handoff = company.app.load(company.org, owned).await.unwrap().handoff;
    assert_eq!((handoff.answerable(), handoff.successor.unwrap().to), (maya, noah));
    let again = company.app.plan_moves(&company.system(), maya, &moving).await.unwrap();
    assert_eq!(again[0].refused.as_deref(), Some("somebody is named to follow already and has to accept"));
    assert_eq!(again[0].named, Some(noah));
    let lea = company.join("lea", &[Role::Csm], None).await;
    for moving in [
        Moving { to: vec![lea], ..Moving::default() },
        Moving { to: vec![noah], chosen: [(owned, lea)].into(), ..Moving::default() },
    ] {
        let other = company.app.plan_moves(&company.system(), maya, &moving).await.unwrap();
        assert_eq!((other[0].to, other[0].named), (None, None), "somebody else is named than is asked for");
    }
}

#[tokio::test]
async fn who_could_take_something_is_told_by_the_jobs_held_and_not_by_the_givers_roles() {
    let company = staffed().await;
    let ravi = company.app.organisation(company.org).await.unwrap().process_owner.unwrap();
    company.join("rita", &[Role::RevOps], None).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    let mona = company.join("mona", &[Role::AeManager], None).await;
    let lena = company.join("lena", &[Role::CsLeader], None).await;
    let noah = company.join("noah", &[Role::Csm], None).await;
    let takers = async |from| {
        let all = company.app.list_people(&company.system(), None, None, 50).await.unwrap().rows;
        let found = company.app.could_take(&company.system(), from, all).await.unwrap();
        found.into_iter().map(|person| person.id).collect::<BTreeSet<_>>()
    };
    // A deal without an owner is the process owner's.
    let id = company.opened(deal("1", None)).await.id;
    assert_eq!(seller(&company, id).await, ravi);
    assert_eq!(takers(ravi).await, [emil, mona].into());
    let take_over = command::TakeOver { by: lena, reason: Personal::parse("the customer waits").unwrap() };
    company.app.handle(&company.system(), id, take_over, HandleOptions::default()).await.unwrap();
    assert_eq!(takers(lena).await, [noah].into());
}

#[tokio::test]
async fn contributors_are_added_and_taken_off_one_by_one() {
    let (company, dana, [emil, fay], ids) = four_deals().await;
    let along = async || {
        company.app.load(company.org, ids[0]).await.unwrap().handoff.seats[&Role::Ae].contributors.clone()
    };
    let who = |person| Contributing { role: Role::Ae, person, reason: None };
    let caller = company.caller(dana).await;
    for person in [emil, fay, emil] {
        company.app.add_contributor(&caller, ids[0], who(person)).await.unwrap();
    }
    assert_eq!(along().await, [emil, fay].into());
    company.app.remove_contributor(&caller, ids[0], who(emil)).await.unwrap();
    assert_eq!(along().await, [fay].into());
    assert_eq!(seller(&company, ids[0]).await, dana);
    let told = company.app.add_contributor(&caller, ids[0], who(dana)).await.err().unwrap().to_string();
    assert_eq!(told, "person: is accountable in this role already");
    let nobody = Contributing { role: Role::Se, person: emil, reason: None };
    assert!(company.app.add_contributor(&caller, ids[0], nobody).await.is_err());
}
