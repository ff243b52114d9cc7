//! Saved views: seen by whom they are for, changed one after the other, and each reader's own choice of them.

use std::collections::BTreeSet;

use throughline_domain::{OrgId, PersonId, TeamId};

use super::{
    names::{apply, conflicts},
    sample::*,
    together::together,
};
use crate::{Change, SavedView, Shared, ViewChange, ViewChoice, ViewPlace, ports::Store};

fn a_view(owner: PersonId, name: &str, shared: Shared) -> SavedView {
    SavedView {
        id: fresh(),
        owner,
        name: name.to_owned(),
        place: ViewPlace::Deals,
        filter: vec![("stage".to_owned(), "offered".to_owned()), ("q".to_owned(), "Öl & \"Gas\"".to_owned())],
        shared,
        version: 1,
        changed_at: at(5),
    }
}

fn put(view: &SavedView) -> Vec<Change> {
    vec![Change::View(ViewChange::Put(view.clone()))]
}

fn remove(view: &SavedView) -> Vec<Change> {
    vec![Change::View(ViewChange::Remove { view: view.id, version: view.version })]
}

fn choose(person: PersonId, view: &SavedView, pinned: bool, first: bool) -> Vec<Change> {
    let choice = ViewChoice { pinned, first };
    vec![Change::View(ViewChange::Choose { person, view: view.id, choice })]
}

async fn names(store: &dyn Store, org: OrgId, person: PersonId, teams: &[TeamId]) -> Vec<String> {
    let teams: BTreeSet<_> = teams.iter().copied().collect();
    store.views(org, person, &teams).await.unwrap().into_iter().map(|(view, _)| view.name).collect()
}

async fn choices(store: &dyn Store, org: OrgId, person: PersonId) -> Vec<(bool, bool)> {
    let views = store.views(org, person, &BTreeSet::new()).await.unwrap();
    views.into_iter().map(|(_, choice)| (choice.pinned, choice.first)).collect()
}

pub async fn a_view_is_seen_by_those_it_is_for(store: &dyn Store) {
    let (here, there, ann, ben) = (org(), org(), person(), person());
    let (west, east): (TeamId, TeamId) = (fresh(), fresh());
    let views = [
        a_view(ann, "of Ann", Shared::Nobody),
        a_view(ann, "Étage", Shared::Team { team: west }),
        a_view(ann, "all", Shared::Organisation),
        a_view(ben, "Late ones", Shared::Nobody),
    ];
    for view in &views {
        apply(store, here, put(view)).await;
    }
    assert_eq!(names(store, here, ann, &[]).await, ["all", "of Ann", "Étage"]);
    assert_eq!(names(store, here, ben, &[]).await, ["all", "Late ones"]);
    assert_eq!(names(store, here, ben, &[west, east]).await, ["all", "Late ones", "Étage"]);
    assert_eq!(names(store, here, person(), &[east]).await, ["all"]);
    assert_eq!(names(store, there, ann, &[west]).await, Vec::<String>::new());
    assert_eq!(store.view(here, views[0].id).await.unwrap(), Some(views[0].clone()));
    assert_eq!(store.view(there, views[0].id).await.unwrap(), None);
}

pub async fn a_view_is_changed_by_who_read_it_last(store: &dyn Store) {
    let (org, ann) = (org(), person());
    let view = a_view(ann, "Late", Shared::Nobody);
    apply(store, org, put(&view)).await;
    conflicts(store, org, put(&view)).await;
    let shared =
        SavedView { version: 2, shared: Shared::Organisation, name: "Late ones".to_owned(), ..view.clone() };
    apply(store, org, put(&shared)).await;
    assert_eq!(names(store, org, person(), &[]).await, ["Late ones"]);
    conflicts(store, org, put(&SavedView { version: 2, ..view.clone() })).await;
    conflicts(store, org, put(&SavedView { version: 4, ..view.clone() })).await;
    conflicts(store, org, remove(&view)).await;
    let rows = (0..20).map(|number| SavedView { version: 3, name: number.to_string(), ..shared.clone() });
    let tries: Vec<_> = rows.map(|row| store.apply(org, put(&row), audit("change-view"))).collect();
    let won = together(tries).await.iter().filter(|done| done.is_ok()).count();
    assert_eq!(won, 1);
    let now = store.view(org, view.id).await.unwrap().unwrap();
    apply(store, org, remove(&now)).await;
    assert_eq!(store.view(org, view.id).await.unwrap(), None);
    conflicts(store, org, remove(&now)).await;
}

pub async fn each_reader_chooses_for_themselves_and_one_is_first(store: &dyn Store) {
    let (org, ann, ben) = (org(), person(), person());
    let (one, two) = (a_view(ann, "a", Shared::Organisation), a_view(ann, "b", Shared::Organisation));
    let board = SavedView { place: ViewPlace::Board, ..a_view(ann, "c", Shared::Organisation) };
    for view in [&one, &two, &board] {
        apply(store, org, put(view)).await;
    }
    apply(store, org, choose(ann, &one, true, true)).await;
    apply(store, org, choose(ann, &board, false, true)).await;
    apply(store, org, choose(ben, &one, true, true)).await;
    assert_eq!(choices(store, org, ann).await, [(true, true), (false, false), (false, true)]);
    apply(store, org, choose(ann, &two, false, true)).await;
    assert_eq!(choices(store, org, ann).await, [(true, false), (false, true), (false, true)]);
    assert_eq!(choices(store, org, ben).await, [(true, true), (false, false), (false, false)]);
    apply(store, org, choose(ann, &two, true, false)).await;
    assert_eq!(choices(store, org, ann).await, [(true, false), (true, false), (false, true)]);
    // A choice goes with its view, and is not there again with one of the same id.
    apply(store, org, remove(&one)).await;
    conflicts(store, org, choose(ann, &one, true, true)).await;
    apply(store, org, put(&one)).await;
    assert_eq!(choices(store, org, ben).await, [(false, false), (false, false), (false, false)]);
}

pub async fn views_of_one_organisation_are_no_other_s(store: &dyn Store) {
    let (here, there, ann) = (org(), org(), person());
    let view = a_view(ann, "Late", Shared::Organisation);
    apply(store, here, put(&view)).await;
    conflicts(store, there, remove(&view)).await;
    conflicts(store, there, choose(ann, &view, true, true)).await;
    conflicts(store, there, put(&SavedView { version: 2, ..view.clone() })).await;
    apply(store, there, put(&SavedView { name: "theirs".to_owned(), ..view.clone() })).await;
    assert_eq!(names(store, here, ann, &[]).await, ["Late"]);
    assert_eq!(choices(store, here, ann).await, [(false, false)]);
}
