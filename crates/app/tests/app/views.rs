//! Saved views: whose they are, with whom they are shared, and by whom.

use throughline_app::{
    App, AppError, Caller,
    views::{NewView, query_of},
};
use throughline_domain::{
    PersonId, Role, TeamId,
    access::{Action, Grant, Scope},
};
use throughline_store::{Shared, ViewChoice, ViewPlace};

use crate::company::{Company, company};

fn a_view(name: &str, shared: Shared) -> NewView {
    let query = "when=late&stage=offered".to_owned();
    NewView { name: name.to_owned(), place: ViewPlace::Deals, query, shared }
}

async fn names(app: &App, caller: &Caller) -> Vec<String> {
    app.my_views(caller).await.unwrap().into_iter().map(|one| one.view.name).collect()
}

async fn team(company: &Company, name: &str, manager: Option<PersonId>) -> TeamId {
    company.app.put_team(&company.system(), None, name, manager).await.unwrap().id
}

#[tokio::test]
async fn who_leads_a_team_shares_with_it_and_no_other() {
    let company = company().await;
    let app = &company.app;
    let max = company.join("max", &[Role::AeManager], None).await;
    let (west, east) = (team(&company, "West", Some(max)).await, team(&company, "East", None).await);
    let dana = company.join("dana", &[Role::Ae], Some(west)).await;
    let emil = company.join("emil", &[Role::Ae], Some(east)).await;
    let (max, dana, emil) =
        (company.caller(max).await, company.caller(dana).await, company.caller(emil).await);
    let view = app.save_view(&max, a_view("Late", Shared::Team { team: west })).await.unwrap();
    assert_eq!(query_of(&view.filter), "stage=offered&when=late");
    assert_eq!(
        (names(app, &max).await, names(app, &dana).await),
        (vec!["Late".to_owned()], vec!["Late".to_owned()])
    );
    assert!(names(app, &emil).await.is_empty());
    for shared in [Shared::Team { team: east }, Shared::Organisation] {
        let refused = app.save_view(&max, a_view("x", shared)).await;
        assert!(matches!(refused, Err(AppError::Forbidden(Action::ShareViews))), "{shared:?}");
    }
    let refused = app.save_view(&dana, a_view("x", Shared::Team { team: west })).await;
    assert!(matches!(refused, Err(AppError::Forbidden(Action::ShareViews))), "an AE shares nothing");
    let nobody = app.save_view(&max, a_view("x", Shared::Team { team: TeamId(app.fresh_id()) })).await;
    assert!(matches!(nobody, Err(AppError::Invalid { field, .. }) if field == "shared"));
    // Who sees it does not change it; who may share so does.
    let name = Some("Mine");
    let refused = app.change_view(&dana, view.id, name, None, None, None).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))));
    assert!(matches!(app.remove_view(&emil, view.id).await, Err(AppError::NotFound(_))));
    let rev = company.join("ravi", &[Role::RevOps], None).await;
    let rev = company.caller(rev).await;
    assert!(
        matches!(app.remove_view(&rev, view.id).await, Err(AppError::NotFound(_))),
        "not shared with them"
    );
}

#[tokio::test]
async fn a_view_is_changed_on_the_version_that_was_read_and_taken_back_from_all() {
    let company = company().await;
    let app = &company.app;
    let rev = company.join("ravi", &[Role::RevOps], None).await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let (rev, dana) = (company.caller(rev).await, company.caller(dana).await);
    let view = app.save_view(&rev, a_view("Late", Shared::Organisation)).await.unwrap();
    app.choose_view(&dana, view.id, ViewChoice { pinned: true, first: true }).await.unwrap();
    let changed = app.change_view(&rev, view.id, None, Some("credit=refused"), None, Some(1)).await.unwrap();
    assert_eq!((changed.version, query_of(&changed.filter)), (2, "credit=refused".to_owned()));
    let stale = app.change_view(&rev, view.id, Some("x"), None, None, Some(1)).await;
    assert!(matches!(stale, Err(AppError::Stale { current: 2 })));
    let same = app.change_view(&rev, view.id, Some("Late"), None, None, None).await.unwrap();
    assert_eq!(same.version, 2, "what changes nothing is no change");
    let seen = &app.my_views(&dana).await.unwrap()[0];
    assert_eq!((seen.choice, seen.may_change), (ViewChoice { pinned: true, first: true }, false));
    app.change_view(&rev, view.id, None, None, Some(Shared::Nobody), None).await.unwrap();
    assert!(names(app, &dana).await.is_empty());
    let gone = app.choose_view(&dana, view.id, ViewChoice::default()).await;
    assert!(matches!(gone, Err(AppError::NotFound(_))));
}

#[tokio::test]
async fn a_program_has_no_views_and_nobody_has_any_number() {
    let company = company().await;
    let app = &company.app;
    let grant = Grant { role: Role::RevOps, scope: Scope::Organisation };
    let (token, _) = app.create_token(&company.system(), "x", grant, None).await.unwrap();
    let program = Caller::token(company.org, &token);
    assert!(matches!(app.my_views(&program).await, Err(AppError::NotFound(_))));
    let saved = app.save_view(&program, a_view("x", Shared::Nobody)).await;
    assert!(matches!(saved, Err(AppError::NotFound(_))));
    let dana = company.join("dana", &[Role::Ae], None).await;
    let dana = company.caller(dana).await;
    for number in 0..100 {
        app.save_view(&dana, a_view(&number.to_string(), Shared::Nobody)).await.unwrap();
    }
    let more = app.save_view(&dana, a_view("one more", Shared::Nobody)).await;
    assert!(matches!(more, Err(AppError::Conflict(_))));
}
