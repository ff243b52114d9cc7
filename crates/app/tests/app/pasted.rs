//! Many people at once, from pasted lines.

use std::sync::Arc;

use throughline_app::{
    App, AppError, Caller, ManualClock,
    orgs::calendar_in,
    people::pasted::{Became, Fault},
};
use throughline_domain::{OrgId, Role};
use throughline_store::{PersonStatus, memory::MemoryStore};

async fn acme() -> (App, OrgId) {
    let clock = Arc::new(ManualClock::at("2026-11-23T10:00:00Z".parse().unwrap()));
    let app = App::new(Arc::new(MemoryStore::new()), clock);
    let org = app.create_org("acme", "Acme", calendar_in("UTC").unwrap()).await.unwrap();
    (app, org.id)
}

const LINES: &str = "name, mail, role\n\
    Maya Lind, maya@acme.example, AE, Sales\n\
    Jonas Roth, jonas@acme.example, CSM, Success\n\
    Ola Berg, ola@acme.example, RevOps / admin\n\
    Nobody, nobody.acme, AE\n\
    Maya Again, MAYA@acme.example, CSM\n\
    King, king@acme.example, king\n";

#[tokio::test]
async fn whoever_can_be_is_invited_and_each_fault_is_told_with_its_line() {
    let (app, org) = acme().await;
    let us = Caller::system(org);
    let lines = app.invite_pasted(&us, LINES, false).await.unwrap();
    let numbers: Vec<usize> = lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [2, 3, 4, 5, 6, 7]);
    for line in &lines[..3] {
        let Became::Invited { person, path: Some(path) } = &line.became else { panic!("{line:?}") };
        assert_eq!(person.status, PersonStatus::Invited);
        // Each link sets the password of the person it is for.
        let key = path.split_once("key=").unwrap().1;
        assert_eq!(app.welcomed(key).await.unwrap().id, person.id);
    }
    assert!(matches!(&lines[3].became, Became::Faulty(Fault::Part { field, .. }) if field == "email"));
    assert_eq!(lines[4].became, Became::Faulty(Fault::Twice { line: 2 }));
    assert_eq!(lines[5].became, Became::Faulty(Fault::Role { name: "king".to_owned() }));
    // Teams are made as they are named, and the first RevOps owns the process.
    let teams = app.list_teams(&us).await.unwrap();
    assert_eq!(teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["Sales", "Success"]);
    let owner = app.organisation(org).await.unwrap().process_owner;
    let Became::Invited { person, .. } = &lines[2].became else { unreachable!() };
    assert_eq!(owner, Some(person.id));
}

#[tokio::test]
async fn pasting_the_same_again_invites_nobody_twice() {
    let (app, org) = acme().await;
    let us = Caller::system(org);
    app.invite_pasted(&us, LINES, false).await.unwrap();
    let before = app.store().audit(org, None, 50).await.unwrap().len();
    let again = app.invite_pasted(&us, LINES, false).await.unwrap();
    assert!(again[..3].iter().all(|line| matches!(line.became, Became::Here(_))), "{again:?}");
    assert_eq!(app.store().audit(org, None, 50).await.unwrap().len(), before, "nothing was written");
    assert_eq!(app.store().people(org, None, None, 50).await.unwrap().rows.len(), 3);
}

#[tokio::test]
async fn checking_first_writes_nothing() {
    let (app, org) = acme().await;
    let us = Caller::system(org);
    let lines = app.invite_pasted(&us, LINES, true).await.unwrap();
    assert!(lines[..3].iter().all(|line| matches!(line.became, Became::Invited { path: None, .. })));
    assert!(app.store().people(org, None, None, 50).await.unwrap().rows.is_empty());
    assert!(app.list_teams(&us).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_left_is_not_invited_by_a_line_and_who_may_not_invite_invites_nobody() {
    let (app, org) = acme().await;
    let us = Caller::system(org);
    let lines = app.invite_pasted(&us, "Maya, maya@acme.example, AE\n", false).await.unwrap();
    let Became::Invited { person, path: Some(path) } = &lines[0].became else { panic!() };
    app.welcome(path.split_once("key=").unwrap().1, "a long enough secret".to_owned()).await.unwrap();
    let maya = app.caller(org, person.id).await.unwrap();
    let refused = app.invite_pasted(&maya, LINES, false).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))));
    app.deactivate(&us, person.id, None).await.unwrap();
    let lines = app.invite_pasted(&us, "Maya, maya@acme.example, AE\n", false).await.unwrap();
    assert_eq!(lines[0].became, Became::Faulty(Fault::Left));
    assert!(app.store().role_people(org, Role::Ae).await.unwrap().is_empty());
}
