//! Counts say what lists would show, and workloads what each holds.

use std::collections::BTreeSet;

use throughline_domain::{HandoffId, Money, OrgId, PersonId, Role};

use super::sample::*;
use crate::{
    Commit, DealWords, HandoffFilter, HandoffQuery, Lateness, Load, PAGE, PartRow, Reach, Sort, Spread,
    ports::Store,
};

async fn opened(store: &dyn Store, org: OrgId, change: impl FnOnce(&mut Commit)) -> HandoffId {
    let mut story = Story::new(org);
    story.open_as(store, change).await;
    story.id
}

fn parts(people: &[PersonId]) -> Option<Vec<PartRow>> {
    Some(people.iter().map(|person| PartRow { person: *person, role: Role::Csm }).collect())
}

fn at_stage(stage: &str, all: u32, late: u32, soon: u32) -> Spread {
    Spread { stage: stage.to_owned(), all, late, soon }
}

fn money(minor: i64, currency: &str) -> Option<Money> {
    Some(Money { minor, currency: currency.parse().unwrap() })
}

const LATENESS: fn() -> Lateness = || Lateness { now: at(100), soon: at(200) };

pub async fn a_spread_counts_each_stage_and_its_lateness(store: &dyn Store) {
    let (org, ann, ben) = (org(), person(), person());
    let dues = [None, Some(99), Some(100), Some(199), Some(200)];
    for (stage, dues) in [("owned", &dues[..]), ("offered", &dues[..2]), ("preparing", &dues[2..3])] {
        for due in dues {
            opened(store, org, |commit| {
                commit.row.stage = stage.to_owned();
                commit.row.next_due_at = due.map(at);
                commit.parts = parts(&[ann, ben]);
            })
            .await;
        }
    }
    opened(store, org, |commit| commit.row.stage = "owned".to_owned()).await;
    let none = HandoffFilter::default();
    let spread = async |reach: Reach, filter: &HandoffFilter| {
        store.spread(org, &reach, filter, LATENESS()).await.unwrap()
    };
    let ours = [at_stage("offered", 2, 1, 0), at_stage("owned", 5, 1, 2), at_stage("preparing", 1, 0, 1)];
    let mut all = ours.clone();
    all[1].all = 6;
    assert_eq!(spread(Reach::Organisation, &none).await, all);
    for people in [vec![ann], vec![ann, ben, person()]] {
        assert_eq!(spread(Reach::People(people.into_iter().collect()), &none).await, ours);
    }
    assert_eq!(spread(Reach::People([person()].into()), &none).await, []);
    let late = HandoffFilter { due_before: Some(at(100)), ..none.clone() };
    let found = spread(Reach::Organisation, &late).await;
    assert_eq!(found, [at_stage("offered", 1, 1, 0), at_stage("owned", 1, 1, 0)]);
    let elsewhere = store.spread(super::sample::org(), &Reach::Organisation, &none, LATENESS()).await;
    assert_eq!(elsewhere.unwrap(), []);
}

pub async fn a_load_tells_what_each_csm_holds(store: &dyn Store) {
    let (org, ann, ben) = (org(), person(), person());
    let held = [
        (ann, "owned", true, Some(50), money(10_000, "EUR")),
        (ann, "owned", true, None, money(5, "EUR")),
        (ann, "owned", true, Some(150), money(7, "USD")),
        (ann, "owned", false, Some(99), money(1, "EUR")),
        (ann, "preparing", false, Some(100), None),
        (ben, "offered", false, None, money(3, "EUR")),
    ];
    for (csm, stage, kicked_off, due, arr) in held {
        opened(store, org, |commit| {
            commit.row.csm = Some(csm);
            commit.row.stage = stage.to_owned();
            commit.row.kicked_off = kicked_off;
            commit.row.next_due_at = due.map(at);
            commit.row.arr = arr;
        })
        .await;
    }
    opened(store, org, |commit| {
        commit.row.csm = Some(ann);
        commit.row.life = "done".to_owned();
    })
    .await;
    opened(store, org, |_| {}).await;
    let load = |csm, stage: &str, kicked_off, all, late, arr| Load {
        csm,
        stage: stage.to_owned(),
        kicked_off,
        all,
        late,
        arr,
    };
    let of_ann = [
        load(ann, "owned", false, 1, 1, money(1, "EUR")),
        load(ann, "owned", true, 2, 1, money(10_005, "EUR")),
        load(ann, "owned", true, 1, 0, money(7, "USD")),
        load(ann, "preparing", false, 1, 0, None),
    ];
    let loads = async |csms: BTreeSet<PersonId>| store.loads(org, &csms, at(100)).await.unwrap();
    assert_eq!(loads([ann].into()).await, of_ann);
    let mut both = of_ann.to_vec();
    both.push(load(ben, "offered", false, 1, 0, money(3, "EUR")));
    both.sort_by_key(Load::place);
    assert_eq!(loads([ann, ben, person()].into()).await, both);
    assert_eq!(loads(BTreeSet::new()).await, []);
    assert_eq!(store.loads(super::sample::org(), &[ann].into(), at(100)).await.unwrap(), []);
}

pub async fn amounts_beyond_measure_add_up_without_breaking_the_sum(store: &dyn Store) {
    let (org, ann) = (org(), person());
    for _ in 0..3 {
        opened(store, org, |commit| {
            commit.row.csm = Some(ann);
            commit.row.arr = money(i64::MAX, "EUR");
        })
        .await;
    }
    let loads = store.loads(org, &[ann].into(), at(0)).await.unwrap();
    assert_eq!(loads[0].arr, money(300_000_000_000_000, "EUR"));
}

pub async fn the_words_handoffs_are_told_apart_by_come_once_in_order(store: &dyn Store) {
    let org = org();
    assert_eq!(store.words(org).await.unwrap(), DealWords::default());
    for (segment, source) in [
        (Some("Mid"), None),
        (Some("Enterprise"), Some("Partner")),
        (Some("Mid"), Some("Partner")),
        (None, None),
    ] {
        opened(store, org, |commit| {
            commit.row.segment = segment.map(str::to_owned);
            commit.row.lead_source = source.map(str::to_owned);
        })
        .await;
    }
    let found = store.words(org).await.unwrap();
    assert_eq!(
        (found.segments.join(","), found.lead_sources.join(",")),
        ("Enterprise,Mid".into(), "Partner".into())
    );
    assert_eq!(store.words(super::sample::org()).await.unwrap(), DealWords::default());
}

pub async fn a_filter_by_people_s_parts_stays_within_reach(store: &dyn Store) {
    let (org, ann, ben, cat) = (org(), person(), person(), person());
    let of_ann = opened(store, org, |commit| commit.parts = parts(&[ann])).await;
    let of_ben = opened(store, org, |commit| commit.parts = parts(&[ben, cat])).await;
    opened(store, org, |commit| commit.parts = parts(&[person()])).await;
    let crowd: BTreeSet<PersonId> = (0..100).map(|_| person()).chain([ann, ben]).collect();
    let cases = [
        (Reach::Organisation, BTreeSet::from([ann, ben]), vec![of_ann, of_ben]),
        (Reach::Organisation, crowd.clone(), vec![of_ann, of_ben]),
        (Reach::People([ann].into()), crowd.clone(), vec![of_ann]),
        (Reach::People(crowd), [cat].into(), vec![of_ben]),
        (Reach::People([ann].into()), [ben].into(), vec![]),
        (Reach::Organisation, BTreeSet::new(), vec![]),
    ];
    for (reach, people, expected) in cases {
        for part in [None, expected.first().map(|_| cat)] {
            let filter = HandoffFilter { parts: Some(people.clone()), part, ..HandoffFilter::default() };
            let wanted: BTreeSet<_> =
                expected.iter().copied().filter(|id| part.is_none() || *id == of_ben).collect();
            for sort in Sort::ALL {
                let query = HandoffQuery {
                    reach: reach.clone(),
                    filter: filter.clone(),
                    sort,
                    after: None,
                    limit: PAGE,
                };
                let rows = store.list(org, &query).await.unwrap().rows;
                assert_eq!(rows.len(), wanted.len(), "no row twice");
                assert_eq!(rows.iter().map(|row| row.id).collect::<BTreeSet<_>>(), wanted, "{query:?}");
            }
            let count = store.count(org, &reach, &filter, PAGE).await.unwrap();
            assert_eq!(count as usize, wanted.len());
        }
    }
}

pub async fn what_is_not_due_before_a_time_includes_what_is_never_due(store: &dyn Store) {
    let org = org();
    let mut expected = Vec::new();
    for due in [Some(9), Some(10), Some(11), None] {
        expected.push(opened(store, org, |commit| commit.row.next_due_at = due.map(at)).await);
    }
    let list = async |filter: HandoffFilter| {
        let query =
            HandoffQuery { reach: Reach::Organisation, filter, sort: Sort::Due, after: None, limit: PAGE };
        store.list(org, &query).await.unwrap().rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let from = HandoffFilter { due_from: Some(at(10)), ..HandoffFilter::default() };
    assert_eq!(list(from.clone()).await, expected[1..]);
    assert_eq!(list(HandoffFilter { due_before: Some(at(11)), ..from }).await, expected[1..2]);
}

pub async fn people_are_read_together(store: &dyn Store) {
    let org = org();
    let (maya, ben) = (super::names::a_person("Maya", None), super::names::a_person("Ben", None));
    for person in [&maya, &ben] {
        super::names::apply(store, org, vec![crate::Change::PutPerson(person.clone())]).await;
    }
    let mut both = vec![maya.clone(), ben.clone()];
    both.sort_by_key(|person| person.id);
    let found = store.people_of(org, &[maya.id, person(), ben.id].into()).await.unwrap();
    assert_eq!(found, both);
    assert_eq!(store.people_of(org, &BTreeSet::new()).await.unwrap(), []);
    assert_eq!(store.people_of(super::sample::org(), &[maya.id].into()).await.unwrap(), []);
}
