//! Who can be named for what; how people come in and leave.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use throughline_app::{
    AppError, HandleOptions,
    people::{IDLE_HOURS, mail_address},
    secrets::password_fits,
};
use throughline_domain::{PersonId, Role, handoff::command};

use crate::company::{Company, PASSWORD, deal, secret_in, staffed};

async fn refusal(company: &Company, command: impl Into<throughline_domain::handoff::Command>) -> String {
    let handoff = company.opened(deal("1", None)).await.id;
    match company.app.handle(&company.system(), handoff, command, HandleOptions::default()).await {
        Err(AppError::Invalid { field, reason }) => format!("{field} {reason}"),
        Err(other) => format!("another error: {other}"),
        Ok(_) => "taken".to_owned(),
    }
}

fn seat(role: Role, person: PersonId, contributors: &[PersonId]) -> command::SetSeat {
    let contributors: BTreeSet<PersonId> = contributors.iter().copied().collect();
    command::SetSeat { role, person, contributors, reason: None }
}

#[tokio::test]
async fn a_seat_is_for_who_has_its_role_and_anybody_may_help() {
    let company = staffed().await;
    let sam = company.join("sam", &[Role::Se], None).await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let refused = refusal(&company, seat(Role::Se, dana, &[])).await;
    assert_eq!(refused, "person names dana, who does not have the role SE");
    assert_eq!(refusal(&company, seat(Role::Se, sam, &[dana])).await, "taken");
    let mona = company.join("mona", &[Role::AeManager], None).await;
    let reason = throughline_domain::Personal::parse("she sees it through").ok();
    let steps_in = command::SetSeat { reason, ..seat(Role::Ae, mona, &[]) };
    assert_eq!(refusal(&company, steps_in).await, "taken", "who leads them may step in");
}

#[tokio::test]
async fn only_who_can_answer_an_offer_is_nominated_or_offered_to() {
    let company = staffed().await;
    let ian = company.join("ian", &[Role::Implementation], None).await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let lee = company.join("lee", &[Role::CsLeader], None).await;
    let refused = refusal(&company, command::Nominate { csm: ian }).await;
    assert_eq!(refused, "csm names ian, who does not have the role CSM");
    let refused = refusal(&company, command::Offer { to: ian }).await;
    assert_eq!(refused, "to names ian, who does not have the role CSM");
    assert_eq!(refusal(&company, command::Nominate { csm: maya }).await, "taken");
    assert_eq!(refusal(&company, command::Nominate { csm: lee }).await, "taken");
}

#[tokio::test]
async fn nobody_takes_over_a_job_whose_role_they_do_not_have() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    let handoff = company.opened(deal("1", Some("dana"))).await.id;
    let refused = company.app.reassign(&company.system(), dana, maya, "dana left").await;
    assert!(
        matches!(refused, Err(AppError::Invalid { field, reason }) if field == "to" && reason.contains("AE"))
    );
    assert_eq!(company.app.load(company.org, handoff).await.unwrap().handoff.seller(), dana);
    assert_eq!(company.app.deactivate(&company.system(), dana, Some(emil)).await.unwrap(), 1);
    assert_eq!(company.app.load(company.org, handoff).await.unwrap().handoff.seller(), emil);
}

#[tokio::test]
async fn nothing_moves_unless_the_successor_can_be_the_csm_too() {
    let company = staffed().await;
    let pat = company.join("pat", &[Role::Ae, Role::Csm], None).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    let nora = company.join("nora", &[Role::Ae, Role::Csm], None).await;
    let sold = company.opened(deal("1", Some("pat"))).await.id;
    let nominated = company.opened(deal("2", None)).await.id;
    let nominate = command::Nominate { csm: pat };
    company.app.handle(&company.system(), nominated, nominate, HandleOptions::default()).await.unwrap();

    let refused = company.app.reassign(&company.system(), pat, emil, "a new territory").await;
    let told = "to: emil does not have the role CSM, which is to be taken over for Customer 2";
    assert_eq!(refused.unwrap_err().to_string(), told);
    let handoff = async |id| company.app.load(company.org, id).await.unwrap().handoff;
    assert_eq!(handoff(sold).await.seller(), pat, "nothing has moved");
    let people = vec![
        company.app.person(&company.system(), emil).await.unwrap(),
        company.app.person(&company.system(), nora).await.unwrap(),
    ];
    let offered = company.app.successors(&company.system(), pat, people).await.unwrap();
    assert_eq!(offered.iter().map(|person| person.id).collect::<Vec<_>>(), [nora]);

    assert_eq!(company.app.reassign(&company.system(), pat, nora, "a new territory").await.unwrap(), 2);
    assert_eq!((handoff(sold).await.seller(), handoff(nominated).await.csm()), (nora, Some(nora)));
}

#[tokio::test]
async fn who_owns_an_account_keeps_every_seat_until_that_is_settled() {
    let company = staffed().await;
    let pat = company.join("pat", &[Role::Ae, Role::Csm], None).await;
    let nora = company.join("nora", &[Role::Ae, Role::Csm], None).await;
    let sold = company.opened(deal("1", Some("pat"))).await.id;
    let owned = company.opened(deal("2", None)).await.id;
    let reason = throughline_domain::Personal::parse("the customer waits").unwrap();
    let take_over = command::TakeOver { by: pat, reason };
    company.app.handle(&company.system(), owned, take_over, HandleOptions::default()).await.unwrap();
    let refused = company.app.deactivate(&company.system(), pat, Some(nora)).await;
    assert!(matches!(refused, Err(AppError::Conflict(why)) if why.contains("Customer 2")));
    assert_eq!(company.app.load(company.org, sold).await.unwrap().handoff.seller(), pat);
}

#[tokio::test]
async fn nobody_takes_over_from_themselves() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let refused = company.app.reassign(&company.system(), dana, dana, "why not").await;
    assert!(matches!(refused, Err(AppError::Invalid { field, .. }) if field == "to"));
}

#[test]
fn what_is_left_blank_or_too_short_is_told_as_that() {
    let told = |why: Result<_, AppError>| why.err().map(|why| why.to_string()).unwrap_or_default();
    assert_eq!(told(mail_address("  ").map(drop)), "email: must not be blank");
    assert_eq!(told(mail_address("nobody").map(drop)), "email: `nobody` is no mail address");
    assert_eq!(told(password_fits("x")), "password: is too short; take at least 12 characters");
}

#[tokio::test]
async fn an_invitation_is_written_as_a_letter_that_holds_no_way_in() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let path = company.app.reset_password(&company.system(), dana).await.unwrap();
    let letters = company.app.letters(&company.system(), true, None, 50).await.unwrap();
    let hers: Vec<_> = letters.iter().filter(|letter| letter.to == Some(dana)).collect();
    assert_eq!(hers.len(), 2, "invited, then reset");
    assert!(hers[1].subject.contains("you are invited"), "{}", hers[1].subject);
    for letter in hers {
        let whole = serde_json::to_string(letter).unwrap();
        assert!(!whole.contains(secret_in(&path)) && !whole.contains("key="), "{whole}");
    }
}

#[tokio::test]
async fn a_reset_password_is_dead_at_once_and_its_link_works_once() {
    let company = staffed().await;
    let app = &company.app;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let sign_in = async |password: &str| app.sign_in("dana@acme.example", password.to_owned(), "test").await;
    let (_, _, session) = sign_in(PASSWORD).await.unwrap();
    assert!(app.session_caller(&session).await.is_ok());

    let path = app.reset_password(&company.system(), dana).await.unwrap();
    assert!(matches!(sign_in(PASSWORD).await, Err(AppError::NotSignedIn)));
    assert!(matches!(app.session_caller(&session).await, Err(AppError::NotSignedIn)));

    let again = "another horse battery";
    app.welcome(secret_in(&path), again.to_owned()).await.unwrap();
    assert!(sign_in(again).await.is_ok());
    assert!(matches!(sign_in(PASSWORD).await, Err(AppError::NotSignedIn)));
    let twice = app.welcome(secret_in(&path), "a third horse battery".to_owned()).await;
    assert!(matches!(twice, Err(AppError::NotFound("link"))));
    assert!(sign_in(again).await.is_ok());
}

#[tokio::test]
async fn a_reset_link_ends_after_three_days() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let path = company.app.reset_password(&company.system(), dana).await.unwrap();
    company.clock.set("2026-03-05T08:00:01Z".parse().unwrap());
    let late = company.app.welcome(secret_in(&path), PASSWORD.to_owned()).await;
    assert!(matches!(late, Err(AppError::NotFound("link"))));
}

#[tokio::test]
async fn choosing_a_csm_shows_their_open_handoffs() {
    let company = staffed().await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let noah = company.join("noah", &[Role::Csm], None).await;
    let mut ids = Vec::new();
    for id in ["1", "2", "3"] {
        let handoff = company.opened(deal(id, None)).await.id;
        let nominate = command::Nominate { csm: maya };
        company.app.handle(&company.system(), handoff, nominate, HandleOptions::default()).await.unwrap();
        ids.push(handoff);
    }
    let mut lost = deal("3", None);
    lost.standing = throughline_domain::deal::Standing::Lost;
    lost.source_time += SignedDuration::from_hours(1);
    company.put(lost).await;
    let shown = company.app.csms(&company.system()).await.unwrap();
    let shown: Vec<_> = shown.iter().map(|(person, open)| (person.id, *open)).collect();
    assert_eq!(shown, [(maya, 2), (noah, 0)], "what was lost is not open");
}

#[tokio::test]
async fn what_goes_on_by_itself_keeps_no_session_in_use_and_ends_with_it() {
    let company = staffed().await;
    let app = &company.app;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let secret = app.open_session(company.org, dana, "test").await.unwrap();
    company.clock.advance(SignedDuration::from_hours(IDLE_HOURS) - SignedDuration::from_mins(10));
    let (caller, _) = app.session_watcher(&secret).await.unwrap();
    assert_eq!(caller.person(), Some(dana));
    company.clock.advance(SignedDuration::from_mins(20));
    assert!(matches!(app.session_watcher(&secret).await, Err(AppError::NotSignedIn)), "nobody used it");
    let secret = app.open_session(company.org, dana, "test").await.unwrap();
    app.sign_out(&caller, &secret).await.unwrap();
    assert!(matches!(app.session_watcher(&secret).await, Err(AppError::NotSignedIn)));
}
