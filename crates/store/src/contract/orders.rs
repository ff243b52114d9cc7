//! Lists keep their order, and their pages hold every row once.

use throughline_domain::{AccountId, Money, PersonId, Role};

use super::sample::*;
use crate::{
    Commit, Cursor, HandoffFilter, HandoffQuery, HandoffRow, PAGE, Page, PartRow, PromiseQuery, PromiseRow,
    Reach, Sort, SortKey, ports::Store,
};
use throughline_domain::OrgId;

fn query(reach: &Reach, sort: Sort, limit: u32, after: Option<Cursor>) -> HandoffQuery {
    HandoffQuery { reach: reach.clone(), filter: HandoffFilter::default(), sort, after, limit }
}

async fn paged(store: &dyn Store, org: OrgId, reach: &Reach, sort: Sort, limit: u32) -> Vec<HandoffRow> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = store.list(org, &query(reach, sort, limit, after)).await.unwrap();
        assert!(page.rows.len() <= limit as usize);
        if page.next.is_some() {
            assert_eq!(page.rows.len(), limit as usize, "only the last page is short");
        }
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

/// Rows with ties and gaps in every order; each third belongs to `ann`, each fourth to `ben`.
fn vary(commit: &mut Commit, number: i64, ann: PersonId, ben: PersonId) {
    let row = &mut commit.row;
    let accounts = ["acme", "Acme", "Zebra", "ägypten", "Ägypten", "", "10%", "Straße"];
    row.account = accounts[usize::try_from(number).unwrap() % accounts.len()].to_owned();
    row.next_due_at = (number % 3 != 0).then(|| at(number % 5 * 100));
    row.updated_at = at(number % 4 * 50_000 + number % 2);
    row.signature_on =
        (number % 4 != 1).then(|| jiff::civil::date(2026, 1 + i8::try_from(number % 3).unwrap(), 9));
    row.missing = u32::try_from(number % 6).unwrap();
    let minor = [0, 5, -7, 900, i64::MAX, i64::MIN][usize::try_from(number % 6).unwrap()];
    row.amount = (number % 5 != 2).then(|| Money { minor, currency: "EUR".parse().unwrap() });
    let mut parts = vec![PartRow { person: commit.row.ae, role: Role::Ae }];
    for (each, person) in [(3, ann), (4, ben)] {
        if number % each == 0 {
            parts.push(PartRow { person, role: Role::Csm });
        }
    }
    commit.parts = Some(parts);
}

async fn varied(store: &dyn Store, org: OrgId, many: i64) -> (Vec<HandoffRow>, PersonId, PersonId) {
    let (ann, ben, mut rows) = (person(), person(), Vec::new());
    for number in 0..many {
        let mut story = Story::new(org);
        story
            .open_as(store, |commit| {
                vary(commit, number, ann, ben);
                rows.push(commit.row.clone());
            })
            .await;
    }
    (rows, ann, ben)
}

fn in_order(rows: &[HandoffRow], sort: Sort) -> Vec<HandoffRow> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| (sort.key(row), row.id));
    rows
}

pub async fn pages_hold_every_row_once_in_each_order(store: &dyn Store) {
    let org = org();
    let (rows, ..) = varied(store, org, 41).await;
    for sort in Sort::ALL {
        let expected = in_order(&rows, sort);
        for limit in [1, 7, 41, 42, 200] {
            let found = paged(store, org, &Reach::Organisation, sort, limit).await;
            assert_eq!(found, expected, "{sort:?} by {limit}");
        }
    }
}

pub async fn pages_of_people_hold_every_row_once(store: &dyn Store) {
    let org = org();
    let (rows, ann, ben) = varied(store, org, 61).await;
    let number = |row: &HandoffRow| rows.iter().position(|other| other.id == row.id).unwrap();
    for sort in Sort::ALL {
        let mut expected = in_order(&rows, sort);
        expected.retain(|row| number(row) % 3 == 0 || number(row) % 4 == 0);
        for limit in [1, 6, 200] {
            let found = paged(store, org, &Reach::People([ann, ben].into()), sort, limit).await;
            assert_eq!(found, expected, "{sort:?} by {limit}");
        }
        expected.retain(|row| number(row) % 4 == 0);
        let found = paged(store, org, &Reach::People([ben].into()), sort, 5).await;
        assert_eq!(found, expected, "{sort:?} of one");
    }
}

pub async fn rows_without_a_value_come_last(store: &dyn Store) {
    let org = org();
    for number in 0..4 {
        let given = number % 2 == 1;
        let amount = Money { minor: 100, currency: "EUR".parse().unwrap() };
        let change = |commit: &mut Commit| {
            commit.row.next_due_at = given.then(|| at(5));
            commit.row.signature_on = given.then(|| jiff::civil::date(9999, 12, 31));
            commit.row.amount = given.then_some(amount);
        };
        Story::new(org).open_as(store, change).await;
    }
    for sort in [Sort::Due, Sort::Signature, Sort::Amount] {
        let rows = paged(store, org, &Reach::Organisation, sort, 3).await;
        let given: Vec<bool> = rows.iter().map(|row| row.amount.is_some()).collect();
        assert_eq!(given, [true, true, false, false], "{sort:?}");
    }
}

pub async fn a_cursor_of_another_order_leads_nowhere(store: &dyn Store) {
    let mut story = Story::new(org());
    story.open(store).await;
    let text = Cursor { key: SortKey::Text(String::new()), id: fresh() };
    let number = Cursor { key: SortKey::Number(i64::MIN), id: fresh() };
    for (sort, cursor) in [(Sort::Due, text), (Sort::Account, number)] {
        let page = store.list(story.org, &query(&Reach::Organisation, sort, 9, Some(cursor))).await.unwrap();
        assert_eq!(page, Page { rows: Vec::new(), next: None });
    }
}

pub async fn limits_are_kept_within_bounds(store: &dyn Store) {
    let org = org();
    for _ in 0..=PAGE {
        let mut story = Story::new(org);
        let promise = story.promise(None);
        story.open_as(store, |commit| commit.promises = Some(vec![promise])).await;
    }
    let most = PAGE as usize;
    for (asked, given) in [(0, 1), (1, 1), (PAGE, most), (PAGE + 1, most), (u32::MAX, most)] {
        let page = store.list(org, &query(&Reach::Organisation, Sort::Due, asked, None)).await.unwrap();
        assert_eq!((page.rows.len(), page.next.is_some()), (given, true), "{asked}");
        let asked = PromiseQuery { limit: asked, ..PromiseQuery::default() };
        let page = store.promises(org, &asked).await.unwrap();
        assert_eq!((page.rows.len(), page.next.is_some()), (given, true), "{asked:?}");
    }
    assert_eq!(store.ids(org, None, 0).await.unwrap().len(), 1);
    assert_eq!(store.ids(org, None, u32::MAX).await.unwrap().len(), most + 1);
    assert_eq!(store.journal(org, fresh(), u64::MAX, u32::MAX).await.unwrap(), []);
    assert_eq!(store.timeline(org, fresh(), Some(u64::MAX), 0).await.unwrap(), []);
}

pub async fn a_changed_row_moves_in_its_orders(store: &dyn Store) {
    let org = org();
    let ann = person();
    let mut stories = [Story::new(org), Story::new(org), Story::new(org)];
    for (number, story) in (1..).zip(&mut stories) {
        let part = PartRow { person: ann, role: Role::Csm };
        story
            .open_as(store, |commit| {
                commit.row.next_due_at = Some(at(number * 100));
                commit.row.missing = u32::try_from(number).unwrap();
                commit.parts = Some(vec![part]);
            })
            .await;
    }
    let ids = stories.each_ref().map(|story| story.id);
    let mut commit = stories[1].tell(&[Told::Lost]);
    commit.row.next_due_at = Some(at(900));
    commit.row.updated_at = at(900);
    commit.row.missing = 9;
    commit.row.account = "Aaa".to_owned();
    store.commit(commit).await.unwrap();
    for reach in [Reach::Organisation, Reach::People([ann].into())] {
        for (sort, order) in [
            (Sort::Due, [ids[0], ids[2], ids[1]]),
            (Sort::Updated, [ids[1], ids[0], ids[2]]),
            (Sort::Missing, [ids[1], ids[2], ids[0]]),
            (Sort::Account, [ids[1], ids[0], ids[2]]),
        ] {
            let found = paged(store, org, &reach, sort, 2).await;
            assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), order, "{sort:?} {reach:?}");
        }
    }
}

pub async fn an_account_shows_its_newest_first(store: &dyn Store) {
    let org = org();
    let account: AccountId = fresh();
    let mut ids = Vec::new();
    for number in 0..103 {
        let mut story = Story { account, ..Story::new(org) };
        // Two opened at a time: then the later id is the newer one.
        story.open_as(store, |commit| commit.row.opened_at = at(number / 2)).await;
        ids.push(story.id);
    }
    Story::new(org).open(store).await;
    let found = store.of_account(org, account).await.unwrap();
    ids.reverse();
    ids.truncate(100);
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
}

pub async fn promises_come_by_decide_time(store: &dyn Store) {
    let org = org();
    let mut all: Vec<PromiseRow> = Vec::new();
    for number in 0..9 {
        let mut story = Story::new(org);
        let mut promises =
            vec![story.promise((number % 3 != 0).then(|| at(number % 2))), story.promise(Some(at(1)))];
        promises[0].routed_to = (number % 2 == 0).then_some(Role::DealDesk);
        promises[1].state = "approved".to_owned();
        all.extend(promises.clone());
        story.open_as(store, |commit| commit.promises = Some(promises)).await;
    }
    all.sort_by_key(PromiseRow::place);
    let asks = [
        PromiseQuery::default(),
        PromiseQuery { routed_to: [Role::DealDesk].into(), ..PromiseQuery::default() },
        PromiseQuery { routed_to: [Role::DealDesk, Role::Product].into(), ..PromiseQuery::default() },
        PromiseQuery { state: ["routed".to_owned()].into(), ..PromiseQuery::default() },
        PromiseQuery { state: ["kept".to_owned()].into(), ..PromiseQuery::default() },
    ];
    for ask in asks {
        let mut expected = all.clone();
        expected.retain(|row| {
            (ask.routed_to.is_empty() || row.routed_to.is_some_and(|role| ask.routed_to.contains(&role)))
                && (ask.state.is_empty() || ask.state.contains(&row.state))
        });
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.promises(org, &PromiseQuery { after, limit: 4, ..ask.clone() }).await.unwrap();
            found.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{ask:?}");
    }
}
