//! Filters and reach show what they should and nothing else.

use std::collections::BTreeSet;

use throughline_domain::{HandoffId, OrgId, PersonId, Role};

use super::sample::*;
use crate::{Commit, Credit, HandoffFilter, HandoffQuery, PAGE, PartRow, Reach, Sort, ports::Store};

async fn found(store: &dyn Store, org: OrgId, reach: &Reach, filter: &HandoffFilter) -> BTreeSet<HandoffId> {
    let mut sets = Vec::new();
    for sort in Sort::ALL {
        let query =
            HandoffQuery { reach: reach.clone(), filter: filter.clone(), sort, after: None, limit: PAGE };
        let rows = store.list(org, &query).await.unwrap().rows;
        let ids: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), rows.len(), "no row twice");
        sets.push(ids);
    }
    assert!(sets.windows(2).all(|pair| pair[0] == pair[1]), "every order shows the same");
    let count = store.count(org, reach, filter, PAGE).await.unwrap();
    assert_eq!(count as usize, sets[0].len(), "the count is the list's");
    sets.swap_remove(0)
}

async fn opened(store: &dyn Store, org: OrgId, change: impl FnOnce(&mut Commit)) -> HandoffId {
    let mut story = Story::new(org);
    story.open_as(store, change).await;
    story.id
}

fn parts(people: impl IntoIterator<Item = PersonId>) -> Option<Vec<PartRow>> {
    Some(people.into_iter().map(|person| PartRow { person, role: Role::Csm }).collect())
}

pub async fn each_filter_narrows(store: &dyn Store) {
    let (org, one) = (org(), person());
    let all = Reach::Organisation;
    let set = |text: &str| BTreeSet::from([text.to_owned()]);
    let with = |filter: HandoffFilter, change: fn(&mut Commit, PersonId)| (filter, change);
    let none = HandoffFilter::default;
    let cases = [
        with(HandoffFilter { life: set("done"), ..none() }, |commit, _| commit.row.life = "done".to_owned()),
        with(HandoffFilter { stage: set("owned"), ..none() }, |commit, _| {
            commit.row.stage = "owned".to_owned()
        }),
        with(HandoffFilter { ae: Some(one), ..none() }, |commit, one| commit.row.ae = one),
        with(HandoffFilter { csm: Some(one), ..none() }, |commit, one| commit.row.csm = Some(one)),
        with(HandoffFilter { owes: Some(one), ..none() }, |commit, one| commit.row.next_person = Some(one)),
        with(HandoffFilter { part: Some(one), ..none() }, |commit, one| commit.parts = parts([one])),
        with(HandoffFilter { playbook: Some("swift".to_owned()), ..none() }, |commit, _| {
            commit.row.playbook = Some("swift@2".to_owned());
        }),
        with(HandoffFilter { text: Some("umbrella".to_owned()), ..none() }, |commit, _| {
            commit.row.deal_name = "The Umbrella deal".to_owned();
        }),
        with(HandoffFilter { incomplete: Some(false), ..none() }, |commit, _| commit.row.missing = 0),
        with(HandoffFilter { bypassed: Some(true), ..none() }, |commit, _| commit.row.bypassed = true),
        with(HandoffFilter { due_before: Some(at(10)), ..none() }, |commit, _| {
            commit.row.next_due_at = Some(at(9));
        }),
        with(HandoffFilter { open_waivers: Some(true), ..none() }, |commit, _| commit.row.open_waivers = 2),
        with(HandoffFilter { open_questions: Some(true), ..none() }, |commit, _| {
            commit.row.open_questions = 1;
        }),
        with(HandoffFilter { segment: Some("Mid 'A'".to_owned()), ..none() }, |commit, _| {
            commit.row.segment = Some("Mid 'A'".to_owned());
        }),
        with(HandoffFilter { lead_source: Some("Partner".to_owned()), ..none() }, |commit, _| {
            commit.row.lead_source = Some("Partner".to_owned());
        }),
        with(HandoffFilter { refused: Some(true), ..none() }, |commit, _| commit.row.refused = true),
        with(HandoffFilter { credit: set("released"), ..none() }, |commit, _| {
            commit.row.credit = Some(Credit::Released);
        }),
        with(HandoffFilter { kicked_off: Some(true), ..none() }, |commit, _| commit.row.kicked_off = true),
    ];
    let mut expected = Vec::new();
    for (_, change) in &cases {
        expected.push(opened(store, org, |commit| change(commit, one)).await);
    }
    opened(store, org, |commit| {
        commit.row.next_due_at = Some(at(10));
        commit.row.playbook = Some("swiftly@1".to_owned());
    })
    .await;
    for ((filter, _), id) in cases.iter().zip(&expected) {
        assert_eq!(found(store, org, &all, filter).await, [*id].into(), "{filter:?}");
    }
    let others = [
        HandoffFilter { incomplete: Some(true), ..none() },
        HandoffFilter { bypassed: Some(false), ..none() },
        HandoffFilter { open_waivers: Some(false), ..none() },
        HandoffFilter { open_questions: Some(false), ..none() },
        HandoffFilter { nominated: Some(false), ..none() },
        HandoffFilter { refused: Some(false), ..none() },
        HandoffFilter { kicked_off: Some(false), ..none() },
        HandoffFilter { life: ["live".to_owned(), "withdrawn".to_owned()].into(), ..none() },
    ];
    for filter in others {
        assert_eq!(found(store, org, &all, &filter).await.len(), cases.len(), "{filter:?}");
    }
    assert_eq!(found(store, org, &all, &none()).await.len(), cases.len() + 1);
    let nominated = HandoffFilter { nominated: Some(true), ..none() };
    assert_eq!(found(store, org, &all, &nominated).await, [expected[3]].into(), "the one with a CSM");
}

pub async fn filters_hold_together(store: &dyn Store) {
    let (org, ann) = (org(), person());
    let both = opened(store, org, |commit| {
        commit.row.bypassed = true;
        commit.row.ae = ann;
        commit.parts = parts([ann]);
    });
    let both = both.await;
    opened(store, org, |commit| commit.row.bypassed = true).await;
    opened(store, org, |commit| {
        commit.row.ae = ann;
        commit.parts = parts([ann]);
    })
    .await;
    let filter = HandoffFilter { bypassed: Some(true), ae: Some(ann), ..HandoffFilter::default() };
    for reach in [Reach::Organisation, Reach::People([ann].into())] {
        assert_eq!(found(store, org, &reach, &filter).await, [both].into());
    }
}

pub async fn people_reach_what_any_of_them_has_a_part_in(store: &dyn Store) {
    let (org, ann, ben, cat) = (org(), person(), person(), person());
    let of_ann = opened(store, org, |commit| commit.parts = parts([ann])).await;
    let of_both = opened(store, org, |commit| commit.parts = parts([ann, ben])).await;
    let of_cat = opened(store, org, |commit| commit.parts = parts([cat])).await;
    opened(store, org, |_| {}).await;
    let all = HandoffFilter::default();
    let reached = async |people: &[PersonId]| {
        found(store, org, &Reach::People(people.iter().copied().collect()), &all).await
    };
    assert_eq!(reached(&[ann]).await, [of_ann, of_both].into());
    assert_eq!(reached(&[ben]).await, [of_both].into());
    assert_eq!(reached(&[ann, ben]).await, [of_ann, of_both].into());
    assert_eq!(reached(&[ann, ben, cat]).await, [of_ann, of_both, of_cat].into());
    assert_eq!(reached(&[person()]).await, [].into());
}

pub async fn nobody_reaches_nothing(store: &dyn Store) {
    let (org, ann) = (org(), person());
    opened(store, org, |commit| commit.parts = parts([ann])).await;
    let nobody = Reach::People(BTreeSet::new());
    assert_eq!(found(store, org, &nobody, &HandoffFilter::default()).await, [].into());
    let filter = HandoffFilter { part: Some(ann), ..HandoffFilter::default() };
    assert_eq!(found(store, org, &nobody, &filter).await, [].into());
}

pub async fn a_crowd_reaches_the_same_as_its_members(store: &dyn Store) {
    let org = org();
    let crowd: Vec<PersonId> = (0..150).map(|_| person()).collect();
    let mut expected = BTreeSet::new();
    for pair in crowd.chunks(2).step_by(3) {
        expected.insert(opened(store, org, |commit| commit.parts = parts(pair.iter().copied())).await);
    }
    opened(store, org, |commit| commit.parts = parts([person()])).await;
    let reach = Reach::People(crowd.iter().copied().collect());
    assert_eq!(found(store, org, &reach, &HandoffFilter::default()).await, expected);
    let filter = HandoffFilter { part: Some(crowd[0]), ..HandoffFilter::default() };
    assert_eq!(found(store, org, &reach, &filter).await.len(), 1);
}

pub async fn a_part_filter_stays_within_reach(store: &dyn Store) {
    let (org, ann, ben) = (org(), person(), person());
    opened(store, org, |commit| commit.parts = parts([ann])).await;
    let shared = opened(store, org, |commit| commit.parts = parts([ann, ben])).await;
    let filter = HandoffFilter { part: Some(ann), ..HandoffFilter::default() };
    assert_eq!(found(store, org, &Reach::People([ben].into()), &filter).await, [shared].into());
    assert_eq!(found(store, org, &Reach::People([ann].into()), &filter).await.len(), 2);
    assert_eq!(found(store, org, &Reach::Organisation, &filter).await.len(), 2);
}

pub async fn leaving_a_handoff_ends_reach(store: &dyn Store) {
    let (ann, ben) = (person(), person());
    let mut story = Story::new(org());
    story.open_as(store, |commit| commit.parts = parts([ann, ben])).await;
    let mut commit = story.tell(&[Told::Lost]);
    commit.parts = parts([ben]);
    store.commit(commit).await.unwrap();
    let all = HandoffFilter::default();
    assert_eq!(found(store, story.org, &Reach::People([ann].into()), &all).await, [].into());
    assert_eq!(found(store, story.org, &Reach::People([ben].into()), &all).await, [story.id].into());
}

async fn named(store: &dyn Store, org: OrgId, account: &str) -> HandoffId {
    opened(store, org, |commit| commit.row.account = account.to_owned()).await
}

async fn says(store: &dyn Store, org: OrgId, text: &str) -> BTreeSet<HandoffId> {
    let filter = HandoffFilter { text: Some(text.to_owned()), ..HandoffFilter::default() };
    found(store, org, &Reach::Organisation, &filter).await
}

pub async fn text_takes_wildcards_literally(store: &dyn Store) {
    let org = org();
    let (percent, score) = (named(store, org, "100% Fun").await, named(store, org, "snake_case").await);
    let back = named(store, org, r"C:\temp ['quoted'] *").await;
    named(store, org, "100 snakexcase").await;
    assert_eq!(says(store, org, "0%").await, [percent].into());
    assert_eq!(says(store, org, "%").await, [percent].into());
    assert_eq!(says(store, org, "_").await, [score].into());
    for text in [r"\t", "['", "*", "'] *", "d']"] {
        assert_eq!(says(store, org, text).await, [back].into(), "{text}");
    }
    assert_eq!(says(store, org, "  ").await.len(), 4, "a blank text asks for nothing");
}

pub async fn text_ignores_case_beyond_ascii(store: &dyn Store) {
    let org = org();
    let german = named(store, org, "Ärzte Öl Größe").await;
    let greek = named(store, org, "ΟΔΥΣΣΕΥΣ").await;
    let russian = named(store, org, "ЯНДЕКС").await;
    for text in ["ärzte", "ÄRZTE", "öl grö", "ÖL"] {
        assert_eq!(says(store, org, text).await, [german].into(), "{text}");
    }
    for text in ["οδυσσευς", "οδυσσευσ", "ΣΣΕΥΣ", "ευσ"] {
        assert_eq!(says(store, org, text).await, [greek].into(), "{text}");
    }
    assert_eq!(says(store, org, "яндекс").await, [russian].into());
    assert_eq!(says(store, org, "arzte").await, [].into(), "accents count");
}

pub async fn text_does_not_span_two_fields(store: &dyn Store) {
    let org = org();
    let id = opened(store, org, |commit| {
        commit.row.account = "Acme".to_owned();
        commit.row.deal_name = "Rollout".to_owned();
    })
    .await;
    assert_eq!(says(store, org, "acme").await, [id].into());
    assert_eq!(says(store, org, "rollout").await, [id].into());
    for text in ["acmerollout", "acme rollout", "acme\nrollout"] {
        assert_eq!(says(store, org, text).await, [].into(), "{text}");
    }
}

pub async fn counts_equal_lists_and_stop_at_most(store: &dyn Store) {
    let (org, ann, ben) = (org(), person(), person());
    for _ in 0..9 {
        opened(store, org, |commit| commit.parts = parts([ann, ben])).await;
    }
    for reach in [Reach::Organisation, Reach::People([ann, ben].into())] {
        for (most, counted) in [(0, 0), (1, 1), (8, 8), (9, 9), (10, 9), (u32::MAX, 9)] {
            let count = store.count(org, &reach, &HandoffFilter::default(), most).await.unwrap();
            assert_eq!(count, counted, "{reach:?} up to {most}");
        }
    }
}
