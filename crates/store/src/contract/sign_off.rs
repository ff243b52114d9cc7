//! Every change of a plain table leaves its audit row, in the same transaction.

use throughline_domain::{Actor, OrgId};

use super::{
    names::{a_person, an_org, apply, conflicts},
    sample::*,
};
use crate::{
    Audit, Change, PAGE,
    ports::{ApplyError, Store},
};

async fn log(store: &dyn Store, org: OrgId) -> Vec<(i64, Audit)> {
    store.audit(org, None, PAGE).await.unwrap()
}

pub async fn every_change_has_its_audit_row(store: &dyn Store) {
    let org = org();
    let first = Audit { by: Actor::Person { id: person() }, ..audit("set-up") };
    store.apply(org, vec![Change::PutOrg(an_org(org, "acme"))], first.clone()).await.unwrap();
    let second = Audit { at: at(9), ..audit("nothing") };
    store.apply(org, Vec::new(), second.clone()).await.unwrap();
    let rows: Vec<Audit> = log(store, org).await.into_iter().map(|(_, row)| row).collect();
    assert_eq!(rows, [second, first]);
}

pub async fn a_conflict_leaves_no_trace(store: &dyn Store) {
    let org = org();
    let maya = a_person("Maya", Some("maya@example.com"));
    apply(store, org, vec![Change::PutPerson(maya.clone())]).await;
    let before = log(store, org).await;
    let noah = a_person("Noah", Some("noah@example.com"));
    let renamed = crate::Person { name: "Maja".to_owned(), ..maya.clone() };
    let batch = vec![
        Change::PutPerson(noah.clone()),
        Change::PutPerson(renamed),
        Change::UseLink("never made".to_owned()),
        Change::PutOrg(an_org(org, "acme")),
    ];
    conflicts(store, org, batch).await;
    assert_eq!(log(store, org).await, before);
    assert_eq!(store.person(org, noah.id).await.unwrap(), None);
    assert_eq!(store.person(org, maya.id).await.unwrap(), Some(maya));
    assert_eq!(store.org(org).await.unwrap(), None);
}

pub async fn what_was_decided_on_a_handoff_that_moved_on_is_stale_and_leaves_no_trace(store: &dyn Store) {
    let mut story = Story::new(org());
    let still = |version| Change::Still { handoff: story.id, version };
    let (nothing, told, later) = (still(0), still(1), still(2));
    let batch = async |org, still: &Change, wanted: Result<(), u64>| {
        let person = a_person("Maya", None);
        let before = log(store, org).await.len();
        let changes = vec![Change::PutPerson(person.clone()), still.clone()];
        let came_to = store.apply(org, changes, audit("batch")).await.map_err(|why| match why {
            ApplyError::Stale { current } => Ok(current),
            other => Err(other.to_string()),
        });
        assert_eq!(came_to, wanted.map_err(Ok));
        let written = usize::from(wanted.is_ok());
        assert_eq!(store.person(org, person.id).await.unwrap().is_some(), wanted.is_ok());
        assert_eq!(log(store, org).await.len(), before + written);
    };
    batch(story.org, &nothing, Ok(())).await;
    batch(story.org, &told, Err(0)).await;
    store.commit(story.tell(&[Told::Opened])).await.unwrap();
    batch(story.org, &nothing, Err(1)).await;
    batch(story.org, &told, Ok(())).await;
    // Held still, it is not moved: what is decided on it now finds it there.
    store.commit(story.tell(&[Told::Lost])).await.unwrap();
    batch(story.org, &told, Err(2)).await;
    batch(story.org, &later, Ok(())).await;
    batch(org(), &later, Err(0)).await;
}

pub async fn the_audit_log_is_paged_newest_first(store: &dyn Store) {
    let org = org();
    for number in 0..i64::from(PAGE) + 5 {
        store.apply(org, Vec::new(), Audit { at: at(number), ..audit("tick") }).await.unwrap();
    }
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let rows = store.audit(org, before, u32::MAX).await.unwrap();
        assert!(rows.len() <= PAGE as usize);
        let Some((last, _)) = rows.last() else { break };
        before = Some(*last);
        seen.extend(rows.into_iter().map(|(_, row)| row.at));
    }
    let expected: Vec<_> = (0..i64::from(PAGE) + 5).rev().map(at).collect();
    assert_eq!(seen, expected);
    assert_eq!(store.audit(org, None, 0).await.unwrap().len(), 1);
}
