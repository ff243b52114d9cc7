//! What was told of clocks, over a whole organisation, and the letters it became.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use serde_json::json;
use throughline_domain::{HandoffId, OrgId, PersonId, Role};
use uuid::Uuid;

use super::{names::apply, sample::*};
use crate::{Change, Letter, PAGE, PartRow, Reach, ToldPlace, ToldQuery, ports::Store};

/// Told in seconds 2 and 3 of its life, between facts that tell nobody.
async fn reminded(store: &dyn Store, org: OrgId, playbook: Option<&str>, parts: &[PersonId]) -> HandoffId {
    let mut story = Story::new(org);
    let mut commit =
        story.tell(&[Told::Opened, Told::Reminded("kickoff"), Told::Escalated("kickoff"), Told::Lost]);
    commit.row.playbook = playbook.map(str::to_owned);
    commit.parts = Some(parts.iter().map(|person| PartRow { person: *person, role: Role::Ae }).collect());
    store.commit(commit).await.unwrap();
    story.id
}

fn everything() -> ToldQuery {
    let (from, until) = (at(-100), at(100));
    ToldQuery { reach: Reach::Organisation, playbook: None, from, until, after: None, limit: PAGE }
}

async fn places(store: &dyn Store, org: OrgId, query: &ToldQuery) -> Vec<(HandoffId, u64)> {
    let page = store.told(org, query).await.unwrap();
    page.rows.iter().map(|row| (row.handoff, row.seq)).collect()
}

pub async fn what_was_told_comes_newest_first_in_whole_pages(store: &dyn Store) {
    let org = org();
    let mut all = Vec::new();
    for _ in 0..3 {
        let id = reminded(store, org, None, &[]).await;
        all.extend([(3, id), (2, id)]);
    }
    all.sort_by(|one, other| other.cmp(one));
    let all: Vec<_> = all.into_iter().map(|(seq, id)| (id, seq)).collect();
    let whole = store.told(org, &everything()).await.unwrap();
    assert_eq!(places(store, org, &everything()).await, all);
    assert_eq!(whole.next, None);
    let kinds: BTreeSet<_> = whole.rows.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["escalated", "reminded"].into());
    let row = &whole.rows[5];
    assert_eq!((row.at, row.expected_hash()), (at(2), row.hash.clone()), "as the journal has it");
    for limit in [1, 2, 4, 5] {
        let (mut query, mut found) = (ToldQuery { limit, ..everything() }, Vec::new());
        loop {
            let page = store.told(org, &query).await.unwrap();
            assert!(page.rows.len() <= limit as usize);
            found.extend(page.rows.iter().map(|row| (row.handoff, row.seq)));
            assert_eq!(page.next, page.next.and(page.rows.last().map(ToldPlace::of)));
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        assert_eq!(found, all, "by {limit}");
    }
}

pub async fn what_was_told_is_narrowed_by_time_reach_and_playbook(store: &dyn Store) {
    let (org, ann, ben) = (org(), person(), person());
    let one = reminded(store, org, Some("swift@2"), &[ann]).await;
    let other = reminded(store, org, Some("swiftly@1"), &[ann, ben]).await;
    let unseen = reminded(store, org, None, &[]).await;
    let found = async |query: ToldQuery| places(store, org, &query).await;
    let of = |ids: &[HandoffId], seqs: &[u64]| {
        let mut all: Vec<_> = seqs.iter().flat_map(|seq| ids.iter().map(move |id| (*id, *seq))).collect();
        all.sort_by_key(|(id, seq)| std::cmp::Reverse((*seq, *id)));
        all
    };
    let all = [one, other, unseen];
    assert_eq!(found(ToldQuery { from: at(3), ..everything() }).await, of(&all, &[3]));
    assert_eq!(found(ToldQuery { until: at(3), ..everything() }).await, of(&all, &[2]), "not its end");
    let second = at(3).checked_add(500.milliseconds()).unwrap();
    assert_eq!(found(ToldQuery { from: second, ..everything() }).await, of(&all, &[3]), "to the second");
    assert_eq!(found(ToldQuery { from: at(4), ..everything() }).await, of(&all, &[]));
    let reach = |people: &[PersonId]| Reach::People(people.iter().copied().collect());
    assert_eq!(found(ToldQuery { reach: reach(&[ann]), ..everything() }).await, of(&[one, other], &[2, 3]));
    assert_eq!(found(ToldQuery { reach: reach(&[ben]), ..everything() }).await, of(&[other], &[2, 3]));
    assert_eq!(found(ToldQuery { reach: reach(&[]), ..everything() }).await, of(&[], &[2]));
    let swift = ToldQuery { playbook: Some("swift".to_owned()), ..everything() };
    assert_eq!(found(swift.clone()).await, of(&[one], &[2, 3]));
    assert_eq!(found(ToldQuery { reach: reach(&[ben]), ..swift }).await, of(&[], &[2]));
    assert_eq!(places(store, fresh(), &everything()).await, [], "of another organisation");
}

pub async fn letters_are_found_by_the_fact_they_tell_of(store: &dyn Store) {
    let org = org();
    let (one, other) = (reminded(store, org, None, &[]).await, reminded(store, org, None, &[]).await);
    // As a store keeps it: what later versions add to letters may be missing.
    let letter = |handoff: HandoffId, follows: Option<u64>| -> Letter {
        let (id, to): (Uuid, PersonId) = (fresh(), person());
        let kept = json!({
            "id": id, "to": to, "handoff": handoff, "follows": follows, "subject": "Due today",
            "body": "“Würth”\nwaits.", "at": at(9),
        });
        serde_json::from_value(kept).unwrap()
    };
    let letters = [
        letter(one, Some(2)),
        letter(one, Some(3)),
        letter(one, Some(3)),
        letter(other, Some(3)),
        letter(other, None),
    ];
    apply(store, org, letters.iter().cloned().map(Change::Deliver).collect()).await;
    let found = store.letters_of(org, &[(one, 3), (other, 2)].into()).await.unwrap();
    let both = vec![letters[1].clone(), letters[2].clone()];
    assert_eq!(found, BTreeMap::from([((one, 3), both)]), "and nobody else's");
    assert_eq!(store.letters_of(org, &BTreeSet::new()).await.unwrap(), BTreeMap::new());
    assert_eq!(store.letters_of(fresh(), &[(one, 3)].into()).await.unwrap(), BTreeMap::new());

    let post = Change::Post { letter: letters[1].id, person: person(), at: at(30) };
    apply(store, org, vec![post]).await;
    let asked: BTreeSet<Uuid> = letters.iter().map(|letter| letter.id).collect();
    let waiting = store.waiting_post(org, &asked).await.unwrap();
    assert_eq!(waiting.keys().copied().collect::<Vec<_>>(), [letters[1].id]);
    assert_eq!(waiting[&letters[1].id].as_millisecond(), at(30).as_millisecond());
    assert_eq!(store.waiting_post(fresh(), &asked).await.unwrap(), BTreeMap::new());
}

pub async fn several_states_are_loaded_at_once(store: &dyn Store) {
    let org = org();
    let (one, other) = (reminded(store, org, None, &[]).await, reminded(store, org, None, &[]).await);
    reminded(store, org, None, &[]).await;
    let found = store.load_many(org, &[one, other, fresh()].into()).await.unwrap();
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [one, other]);
    for (id, stored) in found {
        assert_eq!(Some(stored), store.load(org, id).await.unwrap());
    }
    assert_eq!(store.load_many(org, &BTreeSet::new()).await.unwrap(), BTreeMap::new());
    assert_eq!(store.load_many(fresh(), &[one].into()).await.unwrap(), BTreeMap::new());
}
