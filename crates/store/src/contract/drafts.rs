//! Drafts of playbooks: changed one after the other, by whoever knows what stands there.

use throughline_domain::{Actor, OrgId};

use super::{
    names::{apply, conflicts},
    sample::*,
    together::together,
};
use crate::{Change, DraftRow, ports::Store};

fn a_draft(name: &str, version: u64, source: Option<&str>) -> DraftRow {
    DraftRow {
        name: name.to_owned(),
        version,
        source: source.map(str::to_owned),
        based_on: (version > 1).then_some(4_000_000_000),
        begun_at: at(1),
        begun_by: Actor::Person { id: person() },
        changed_at: at(version as i64),
        changed_by: Actor::Person { id: person() },
    }
}

fn keep(row: &DraftRow) -> Vec<Change> {
    vec![Change::Draft(row.clone())]
}

/// The list says what each draft is, without its text.
async fn listed(store: &dyn Store, org: OrgId, rows: &[&DraftRow]) {
    let without = rows
        .iter()
        .map(|row| DraftRow { source: row.source.as_ref().map(|_| String::new()), ..(*row).clone() });
    assert_eq!(store.drafts(org).await.unwrap(), without.collect::<Vec<_>>());
}

pub async fn a_draft_is_changed_by_who_read_it_last(store: &dyn Store) {
    let org = org();
    assert_eq!(store.draft(org, "default").await.unwrap(), None);
    let (default, other) = (a_draft("default", 1, Some("playbook: „x“\n")), a_draft("a-b", 1, Some("")));
    apply(store, org, keep(&default)).await;
    apply(store, org, keep(&other)).await;
    assert_eq!(store.draft(org, "default").await.unwrap(), Some(default.clone()));
    listed(store, org, &[&other, &default]).await;
    for stale in [a_draft("default", 1, Some("x")), a_draft("default", 3, Some("x")), a_draft("new", 2, None)]
    {
        conflicts(store, org, keep(&stale)).await;
    }
    // Dropped, it is known still: what was read before is old.
    let dropped = a_draft("default", 2, None);
    apply(store, org, keep(&dropped)).await;
    assert_eq!(store.draft(org, "default").await.unwrap(), Some(dropped.clone()));
    listed(store, org, &[&other, &dropped]).await;
    conflicts(store, org, keep(&a_draft("default", 2, Some("again")))).await;
    let again = a_draft("default", 3, Some("again"));
    apply(store, org, keep(&again)).await;
    assert_eq!(store.draft(org, "default").await.unwrap(), Some(again));
}

pub async fn of_many_changes_of_a_draft_at_once_one_counts(store: &dyn Store) {
    let org = org();
    for version in [1, 2] {
        let rows: Vec<_> =
            (0..40).map(|number| a_draft("default", version, Some(&number.to_string()))).collect();
        let tries = rows.iter().map(|row| store.apply(org, keep(row), audit("edit-playbook")));
        let won: Vec<_> = together(tries).await.iter().map(Result::is_ok).collect();
        let winner: Vec<_> =
            rows.iter().zip(won).filter(|(_, won)| *won).map(|(row, _)| row.clone()).collect();
        assert_eq!(winner.len(), 1);
        assert_eq!(store.draft(org, "default").await.unwrap(), winner.into_iter().next());
    }
}

pub async fn drafts_belong_to_one_organisation(store: &dyn Store) {
    let (here, there) = (org(), org());
    let (mine, theirs) = (a_draft("default", 1, Some("mine")), a_draft("default", 1, Some("theirs")));
    apply(store, here, keep(&mine)).await;
    assert_eq!(store.draft(there, "default").await.unwrap(), None);
    listed(store, there, &[]).await;
    apply(store, there, keep(&theirs)).await;
    apply(store, there, keep(&a_draft("default", 2, None))).await;
    assert_eq!(store.draft(here, "default").await.unwrap(), Some(mine));
}
