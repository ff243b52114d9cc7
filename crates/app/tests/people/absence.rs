//! Out of office: who may stand in, what they may do, and who is told instead (R0.7, R0.10).

use jiff::civil::date;
use throughline_app::{AppError, HandleOptions, people::NewAbsence};
use throughline_domain::{
    Actor, HandoffId, PersonId, Personal, Role,
    access::{Action, Grant, Scope},
    handoff::command,
};

use crate::company::{Company, deal, staffed};

/// The days of the week that begins today.
fn this_week(stand_in: PersonId) -> NewAbsence {
    NewAbsence { from: date(2026, 3, 2), until: date(2026, 3, 6), stand_in }
}

async fn away(company: &Company, who: PersonId, stand_in: PersonId) {
    company.app.set_absence(&company.system(), who, this_week(stand_in)).await.unwrap();
}

async fn refused(company: &Company, who: PersonId, new: NewAbsence) -> String {
    company.app.set_absence(&company.system(), who, new).await.unwrap_err().to_string()
}

/// Somebody whose roles reach no further than their own handoffs.
async fn narrow(company: &Company, name: &str, role: Role) -> PersonId {
    let id = company.join(name, &[role], None).await;
    let grants = [Grant { role, scope: Scope::Own }].into();
    let email = format!("{name}@acme.example");
    let new = throughline_app::people::NewPerson { name: name.to_owned(), email, grants, team: None };
    company.app.change_person(&company.system(), id, new).await.unwrap();
    id
}

async fn may(company: &Company, who: PersonId, action: Action, handoff: HandoffId) -> bool {
    let handoff = company.app.load(company.org, handoff).await.unwrap().handoff;
    company.caller(who).await.can(action, &handoff)
}

#[tokio::test]
async fn a_stand_in_has_the_role_and_is_nobody_who_leads_back() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    assert_eq!(refused(&company, dana, this_week(dana)).await, "stand_in: must be somebody else");
    let told = refused(&company, dana, this_week(maya)).await;
    assert_eq!(told, "stand_in: names maya, who could not act as AE");
    away(&company, dana, emil).await;
    let told = refused(&company, emil, this_week(dana)).await;
    assert_eq!(told, "stand_in: leads in a circle: emil stands in for dana then");
    let next_week = NewAbsence { from: date(2026, 3, 9), until: date(2026, 3, 13), stand_in: dana };
    company.app.set_absence(&company.system(), emil, next_week).await.unwrap();
    let past = NewAbsence { from: date(2026, 2, 2), until: date(2026, 2, 6), stand_in: emil };
    assert_eq!(refused(&company, dana, past).await, "until: lies in the past");
}

#[tokio::test]
async fn who_is_away_and_who_leads_them_enter_it_and_nobody_else_does() {
    let company = staffed().await;
    let mona = company.join("mona", &[Role::AeManager], None).await;
    let team = company.app.put_team(&company.system(), None, "West", Some(mona)).await.unwrap().id;
    let dana = company.join("dana", &[Role::Ae], Some(team)).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    for who in [dana, mona] {
        let caller = company.caller(who).await;
        company.app.set_absence(&caller, dana, this_week(emil)).await.unwrap();
        company.app.end_absence(&caller, dana).await.unwrap();
    }
    let stranger = company.caller(emil).await;
    let done = company.app.set_absence(&stranger, dana, this_week(emil)).await;
    assert!(matches!(done, Err(AppError::Forbidden(_))));
    assert!(matches!(company.app.end_absence(&stranger, dana).await, Err(AppError::Forbidden(_))));
}

#[tokio::test]
async fn a_stand_in_does_what_the_absent_may_in_their_name_and_only_while_they_are_away() {
    let company = staffed().await;
    let dana = narrow(&company, "dana", Role::Ae).await;
    let emil = narrow(&company, "emil", Role::Ae).await;
    let hers = company.opened(deal("1", Some("dana"))).await.id;
    let others = company.opened(deal("2", None)).await.id;
    assert!(!may(&company, emil, Action::Read, hers).await);
    away(&company, dana, emil).await;
    for action in [Action::Read, Action::Fill, Action::ReportStep, Action::Nominate] {
        assert!(may(&company, emil, action, hers).await, "{action:?}");
        assert!(!may(&company, emil, action, others).await, "{action:?}");
    }
    assert!(!may(&company, emil, Action::Mark, hers).await, "what she may not, her stand-in may not");

    let reader = company.caller(emil).await;
    let listed = company.app.handoffs(&reader, Default::default(), throughline_store::Sort::Due, None, 50);
    assert_eq!(listed.await.unwrap().rows.iter().map(|row| row.id).collect::<Vec<_>>(), [hers]);

    let caller = company.caller(emil).await;
    let reroute =
        command::SetSeat { role: Role::Ae, person: dana, contributors: [emil].into(), reason: None };
    let done = company.app.handle(&caller, hers, reroute, HandleOptions::default()).await.unwrap();
    assert_eq!(done.facts[0].by, Actor::StandIn { id: emil, of: dana });

    company.clock.set("2026-03-06T22:59:00Z".parse().unwrap());
    assert!(company.caller(emil).await.acts_for(dana), "the last day ends where she is");
    company.clock.set("2026-03-06T23:00:00Z".parse().unwrap());
    assert!(!company.caller(emil).await.acts_for(dana));
}

#[tokio::test]
async fn an_offer_to_somebody_away_is_answered_by_their_stand_in() {
    let company = staffed().await;
    let maya = narrow(&company, "maya", Role::Csm).await;
    let noah = narrow(&company, "noah", Role::Csm).await;
    let otto = narrow(&company, "otto", Role::Csm).await;
    let owned = company.opened(deal("1", None)).await.id;
    let options = HandleOptions::default;
    let reason = Personal::parse("the customer waits").unwrap();
    let take_over = command::TakeOver { by: otto, reason: reason.clone() };
    company.app.handle(&company.system(), owned, take_over, options()).await.unwrap();
    let reassign = command::Reassign { to: maya, reason };
    company.app.handle(&company.system(), owned, reassign, options()).await.unwrap();

    let accept = async |who| {
        let caller = company.caller(who).await;
        company.app.handle(&caller, owned, command::TakeOn {}, options()).await
    };
    assert!(accept(noah).await.is_err());
    away(&company, maya, noah).await;
    let done = accept(noah).await.unwrap();
    assert_eq!(done.loaded.handoff.answerable(), maya, "the account is hers, not her stand-in's");
    assert_eq!(done.facts[0].by, Actor::StandIn { id: noah, of: maya });
}

#[tokio::test]
async fn the_stand_in_of_a_stand_in_who_is_away_acts_and_after_the_last_the_manager_is_told() {
    let company = staffed().await;
    let mona = company.join("mona", &[Role::AeManager], None).await;
    let team = company.app.put_team(&company.system(), None, "West", Some(mona)).await.unwrap().id;
    let dana = company.join("dana", &[Role::Ae], Some(team)).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    let fay = company.join("fay", &[Role::Ae], None).await;
    let stood_in_by = async || {
        let presence = company.app.presence(&company.system(), dana).await.unwrap();
        presence.stood_in_by.map(|person| person.id)
    };
    assert_eq!(stood_in_by().await, None);
    away(&company, dana, emil).await;
    assert_eq!(stood_in_by().await, Some(emil));
    away(&company, emil, fay).await;
    assert_eq!(stood_in_by().await, Some(fay));
    assert!(company.caller(fay).await.acts_for(dana) && company.caller(fay).await.acts_for(emil));
    assert!(!company.caller(emil).await.acts_for(dana), "who is away stands in for nobody");
    company.app.deactivate(&company.system(), fay, None).await.unwrap();
    assert_eq!(stood_in_by().await, Some(mona));
}

#[tokio::test]
async fn a_letter_to_somebody_away_goes_to_their_stand_in_too_and_says_for_whom() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    away(&company, dana, emil).await;
    company.opened(deal("1", Some("dana"))).await;
    company.app.sweep_outbox().await.unwrap();
    let letters = company.app.letters(&company.system(), true, None, 50).await.unwrap();
    let about =
        |who: PersonId| letters.iter().find(|letter| letter.to == Some(who) && letter.handoff.is_some());
    let (hers, his) = (about(dana).unwrap(), about(emil).unwrap());
    assert!(!hers.subject.contains("for dana"), "{}", hers.subject);
    assert!(his.subject.ends_with("(for dana)"), "{}", his.subject);
    assert!(his.body.contains("dana is away until Fri 6 Mar 2026, and you stand in."), "{}", his.body);
    assert_ne!(hers.id, his.id);
}

#[tokio::test]
async fn ending_it_early_ends_the_standing_in() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    away(&company, dana, emil).await;
    assert!(company.caller(emil).await.acts_for(dana));
    company.app.end_absence(&company.system(), dana).await.unwrap();
    assert!(!company.caller(emil).await.acts_for(dana));
    let emil = company.app.person(&company.system(), emil).await.unwrap();
    assert!(emil.away.stands_in_for.is_empty(), "nothing is left behind");
}

#[tokio::test]
async fn another_stand_in_takes_the_place_of_the_first() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    let fay = company.join("fay", &[Role::Ae], None).await;
    away(&company, dana, emil).await;
    away(&company, dana, fay).await;
    assert!(company.caller(fay).await.acts_for(dana));
    assert!(!company.caller(emil).await.acts_for(dana));
}

/// Every role × scope × action, on a handoff of one's own, of the team, of whom one stands in for, and of others.
#[tokio::test]
async fn each_role_reaches_with_each_scope_what_the_table_says_and_a_stand_in_what_the_absent_reaches() {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let handoff = company.opened(deal("1", Some("dana"))).await;
    let mut lent = 0;
    for role in Role::ALL {
        for scope in [Scope::Own, Scope::Team, Scope::Organisation] {
            let grant = Grant { role, scope };
            let absent =
                company.join(&format!("a-{}-{scope:?}", role.name()).to_lowercase(), &[role], None).await;
            let stand_in =
                company.join(&format!("s-{}-{scope:?}", role.name()).to_lowercase(), &[role], None).await;
            for (id, prefix) in [(absent, "a"), (stand_in, "s")] {
                let name = format!("{prefix}-{}-{scope:?}", role.name()).to_lowercase();
                let email = format!("{name}@acme.example");
                let grants =
                    [Grant { scope: if id == stand_in { Scope::Own } else { scope }, ..grant }].into();
                let new = throughline_app::people::NewPerson { name, email, grants, team: None };
                company.app.change_person(&company.system(), id, new).await.unwrap();
            }
            let seat = |person| command::SetSeat {
                role: Role::Ae,
                person: dana,
                contributors: person,
                reason: None,
            };
            let put = async |people: std::collections::BTreeSet<PersonId>| {
                company
                    .app
                    .handle(&company.system(), handoff.id, seat(people), HandleOptions::default())
                    .await
                    .unwrap();
            };
            put([].into()).await;
            let reaches = async |who: PersonId, action| may(&company, who, action, handoff.id).await;
            for action in Action::ALL {
                let far = throughline_domain::access::reach(role, action).map(|far| far.min(scope));
                let everywhere = far == Some(Scope::Organisation);
                assert_eq!(
                    reaches(absent, action).await,
                    everywhere,
                    "{role} {scope:?} {action:?}, of others"
                );
            }
            away(&company, absent, stand_in).await;
            put([absent].into()).await;
            for action in Action::ALL {
                let far = throughline_domain::access::reach(role, action);
                assert_eq!(reaches(absent, action).await, far.is_some(), "{role} {scope:?} {action:?}, own");
                assert_eq!(
                    reaches(stand_in, action).await,
                    far.is_some(),
                    "{role} {scope:?} {action:?}, lent"
                );
                lent += usize::from(far.is_some());
            }
            put([].into()).await;
            for action in Action::ALL {
                assert!(!reaches(stand_in, action).await, "{role} {scope:?} {action:?}, of nobody's");
            }
        }
    }
    assert!(lent > 100, "{lent}");
}

#[tokio::test]
async fn a_manager_reaches_their_teams_handoffs_and_one_without_a_team_only_their_own() {
    let company = staffed().await;
    let grants = || [Grant { role: Role::AeManager, scope: Scope::Team }].into();
    let mut managers = Vec::new();
    for name in ["mona", "mark", "mila"] {
        let id = company.join(name, &[Role::AeManager], None).await;
        let email = format!("{name}@acme.example");
        let new =
            throughline_app::people::NewPerson { name: name.to_owned(), email, grants: grants(), team: None };
        company.app.change_person(&company.system(), id, new).await.unwrap();
        managers.push(id);
    }
    let [mona, mark, mila] = managers[..] else { panic!("three managers") };
    let team = company.app.put_team(&company.system(), None, "West", Some(mona)).await.unwrap().id;
    company.app.put_team(&company.system(), None, "East", Some(mila)).await.unwrap();
    let dana = company.join("dana", &[Role::Ae], Some(team)).await;
    let hers = company.opened(deal("1", Some("dana"))).await.id;
    for action in [Action::Read, Action::DecideWaiver, Action::SetSeat, Action::AnswerReturn] {
        assert!(may(&company, mona, action, hers).await, "{action:?}");
        assert!(!may(&company, mark, action, hers).await, "{action:?}");
        assert!(!may(&company, mila, action, hers).await, "{action:?}");
    }
    away(&company, mona, mila).await;
    assert!(may(&company, mila, Action::DecideWaiver, hers).await, "her team comes with her");
    assert_eq!(company.app.load(company.org, hers).await.unwrap().handoff.seller(), dana);
}

#[tokio::test]
async fn a_stand_in_acts_in_the_roles_lent_to_them_there_and_nowhere_else() {
    let company = staffed().await;
    let mona = company.join("mona", &[Role::AeManager], None).await;
    let team = company.app.put_team(&company.system(), None, "West", Some(mona)).await.unwrap().id;
    company.join("dana", &[Role::Ae], Some(team)).await;
    let sal = narrow(&company, "sal", Role::SalesLeader).await;
    let hers = company.opened(deal("1", Some("dana"))).await.id;
    let others = company.opened(deal("2", None)).await.id;
    let as_manager = async |id: HandoffId| {
        let handoff = company.app.load(company.org, id).await.unwrap().handoff;
        let caller = company.caller(sal).await;
        let manages =
            caller.acts_as(Action::DecideWaiver, &handoff, |roles| roles.contains(&Role::AeManager));
        (manages, caller.gives_seat(&handoff, Role::Ae))
    };
    assert_eq!(as_manager(hers).await, (false, false));
    away(&company, mona, sal).await;
    assert_eq!(as_manager(hers).await, (true, true));
    assert_eq!(as_manager(others).await, (false, false));
}
