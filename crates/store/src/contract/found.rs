//! Things are found by the beginnings of words in their names, by whoever may see them.

use std::collections::BTreeSet;

use throughline_domain::{OrgId, PersonId, Role};
use uuid::Uuid;

use super::{
    names::{a_person, apply},
    sample::*,
};
use crate::{
    Account, Asked, Change, Commit, FindPlace, FindQuery, Found, Page, PartRow, Person, Reach, Sought,
    WALKED, ports::Store,
};

/// Nothing is found.
const NOTHING: [Uuid; 0] = [];

fn asking(sought: Sought, text: &str, reach: &Reach) -> FindQuery {
    FindQuery { sought, asked: Asked::of(text), reach: reach.clone(), after: None, limit: 200 }
}

/// Everything that is found, by pages of `limit`.
async fn paged(store: &dyn Store, org: OrgId, mut query: FindQuery, limit: u32) -> Vec<Found> {
    query.limit = limit;
    let mut found = Vec::new();
    loop {
        let Page { rows, next } = store.find(org, &query).await.unwrap();
        assert!(rows.len() <= limit as usize);
        found.extend(rows);
        let Some(next) = next else { return found };
        assert!(query.after.as_ref() < Some(&next), "a page leads on");
        query.after = Some(next);
    }
}

async fn ids(store: &dyn Store, org: OrgId, sought: Sought, text: &str, reach: &Reach) -> Vec<Uuid> {
    paged(store, org, asking(sought, text, reach), 200).await.iter().map(Found::id).collect()
}

async fn everybody(store: &dyn Store, org: OrgId, sought: Sought, text: &str) -> Vec<Uuid> {
    ids(store, org, sought, text, &Reach::Organisation).await
}

/// A handoff called so, opened so late, in which these people have a part.
async fn called(
    store: &dyn Store,
    org: OrgId,
    account: &str,
    deal: &str,
    second: i64,
    with: &[PersonId],
) -> Story {
    let mut story = Story::new(org);
    let change = |commit: &mut Commit| {
        commit.row.account = account.to_owned();
        commit.row.deal_name = deal.to_owned();
        commit.row.opened_at = at(second);
        let parts = with.iter().map(|person| PartRow { person: *person, role: Role::Csm });
        commit.parts = Some(parts.collect());
    };
    story.open_as(store, change).await;
    story
}

fn an_account(name: &str) -> Account {
    Account { id: fresh(), name: name.to_owned(), aliases: BTreeSet::new() }
}

pub async fn what_is_called_so_is_found_by_the_beginnings_of_its_words(store: &dyn Store) {
    let org = org();
    let acme = called(store, org, "ACME Straße", "Renewal–2026", 5, &[]).await;
    let later = called(store, org, "Acmetric", "Renewal 2027", 9, &[]).await;
    let latest = called(store, org, "Zebra", "acme: first order", 7, &[]).await;
    let find = async |text: &str| everybody(store, org, Sought::Handoffs, text).await;
    // By the word, and by one word the newest first.
    assert_eq!(find("acme").await, [latest.id.0, acme.id.0, later.id.0]);
    assert_eq!(find(" Acme,STRASSE").await, NOTHING, "accents and ligatures count");
    assert_eq!(find("STRAße acme").await, [acme.id.0]);
    assert_eq!(find("acme first").await, [latest.id.0]);
    assert_eq!(find("ren 2026").await, [acme.id.0]);
    assert_eq!(find("newal").await, NOTHING, "words are found by how they begin");
    assert_eq!(find("100% _ ' \" \\").await, NOTHING);
    assert_eq!(find("\0 acmet").await, [later.id.0]);
    assert_eq!(find("").await, NOTHING);

    let (straits, mill) = (an_account("Straits & Sons"), an_account("Old Mill"));
    let maya = a_person("Maya Lindqvist", Some("m.l@acme.example"));
    let changes = vec![
        Change::PutAccount(straits.clone()),
        Change::PutAccount(mill.clone()),
        Change::PutPerson(maya.clone()),
    ];
    apply(store, org, changes).await;
    assert_eq!(everybody(store, org, Sought::Accounts, "s").await, [straits.id.0]);
    assert_eq!(everybody(store, org, Sought::Accounts, "mil old").await, [mill.id.0]);
    for text in ["lind maya", "m.l@acme.example", "acme"] {
        let found = paged(store, org, asking(Sought::People, text, &Reach::People([].into())), 5).await;
        assert_eq!(found, [Found::Person(Box::new(maya.clone()))], "{text}: people are everybody's to see");
    }
}

pub async fn a_new_name_is_found_and_the_old_one_is_not(store: &dyn Store) {
    let org = org();
    let mut story = called(store, org, "Acme", "First order", 5, &[]).await;
    let mut renamed = story.tell(&[Told::Wrote("as said")]);
    renamed.row.account = "Zebra Acme".to_owned();
    renamed.row.deal_name = "Order".to_owned();
    renamed.row.opened_at = at(5);
    store.commit(renamed).await.unwrap();
    let account = an_account("Acme");
    let somebody = a_person("Maya Lindqvist", Some("maya@example.com"));
    apply(store, org, vec![Change::PutAccount(account.clone()), Change::PutPerson(somebody.clone())]).await;
    let account = Account { name: "Zebra".to_owned(), ..account };
    let somebody = Person { name: "Maya Berg".to_owned(), email: None, ..somebody };
    apply(store, org, vec![Change::PutAccount(account.clone()), Change::PutPerson(somebody.clone())]).await;
    for (sought, old, new, id) in [
        (Sought::Handoffs, "first", "zebra acme order", story.id.0),
        (Sought::Accounts, "acme", "zebra", account.id.0),
        (Sought::People, "lindqvist", "berg maya", somebody.id.0),
        (Sought::People, "example", "berg", somebody.id.0),
    ] {
        assert_eq!(everybody(store, org, sought, old).await, NOTHING, "{old}");
        assert_eq!(everybody(store, org, sought, new).await, [id], "{new}");
    }
}

pub async fn nobody_finds_what_they_may_not_read(store: &dyn Store) {
    let org = org();
    let (ann, ben, eve) = (person(), person(), person());
    let anns = called(store, org, "Acme", "One", 1, &[ann]).await;
    let both = called(store, org, "Acme", "Two", 2, &[ann, ben]).await;
    let mut bens = called(store, org, "Acme", "Three", 3, &[ben]).await;
    for story in [&anns, &both, &bens] {
        let account = Account { id: story.account, ..an_account("Acme") };
        apply(store, org, vec![Change::PutAccount(account)]).await;
    }
    let crowd = |with: &[PersonId]| (0..90).map(|_| person()).chain(with.iter().copied()).collect();
    let own = |with: &[PersonId]| with.iter().copied().collect();
    for make in [&crowd as &dyn Fn(&[PersonId]) -> BTreeSet<PersonId>, &own] {
        for (with, found) in [
            (vec![ann], vec![&both, &anns]),
            (vec![ben], vec![&bens, &both]),
            (vec![ann, ben], vec![&bens, &both, &anns]),
            (vec![eve], vec![]),
            (vec![], vec![]),
        ] {
            let reach = Reach::People(make(&with));
            let handoffs: Vec<Uuid> = found.iter().map(|story| story.id.0).collect();
            assert_eq!(ids(store, org, Sought::Handoffs, "acme", &reach).await, handoffs);
            let accounts: BTreeSet<Uuid> = found.iter().map(|story| story.account.0).collect();
            let seen = ids(store, org, Sought::Accounts, "acm", &reach).await;
            assert_eq!(seen, accounts.into_iter().collect::<Vec<_>>());
        }
    }
    // Who leaves a handoff does not find it any more.
    let mut commit = bens.tell(&[Told::Wrote("as said")]);
    commit.row.account = "Acme".to_owned();
    commit.parts = Some(Vec::new());
    store.commit(commit).await.unwrap();
    let reach = Reach::People([ben].into());
    assert_eq!(ids(store, org, Sought::Handoffs, "acme", &reach).await, [both.id.0]);
}

pub async fn pages_of_what_is_found_hold_everything_once(store: &dyn Store) {
    let org = org();
    let ann = person();
    let mut expected = Vec::new();
    for number in 0..40_i64 {
        let names = ["acme acmetric", "acmetric", "acme", "acmé Acme"];
        let name = names[usize::try_from(number).unwrap() % names.len()];
        let second = number % 3 * 100;
        let story = called(store, org, name, "Order 2026", second, &[ann]).await;
        let word = name.to_lowercase().split(' ').min().unwrap().to_owned();
        expected.push((FindPlace { word, rank: -at(second).as_millisecond(), id: story.id.0 }, number));
    }
    expected.sort();
    let expected: Vec<Uuid> = expected.into_iter().map(|(place, _)| place.id).collect();
    for reach in [Reach::Organisation, Reach::People([ann].into())] {
        for text in ["ac", "acme 2026 or"] {
            for limit in [1, 7, 40, 41] {
                let found = paged(store, org, asking(Sought::Handoffs, text, &reach), limit).await;
                assert_eq!(found.iter().map(Found::id).collect::<Vec<_>>(), expected, "{text} by {limit}");
            }
        }
    }
}

pub async fn a_walk_ends_and_its_page_leads_on(store: &dyn Store) {
    let org = org();
    let many = WALKED + 30;
    let mut changes: Vec<Change> =
        (0..many).map(|number| Change::PutAccount(an_account(&format!("international {number}")))).collect();
    let last = an_account("International Zebra");
    changes.push(Change::PutAccount(last.clone()));
    apply(store, org, changes).await;
    let mut query = asking(Sought::Accounts, "zeb international", &Reach::Organisation);
    let first = store.find(org, &query).await.unwrap();
    let found = if let Some(next) = first.next {
        assert_eq!(first.rows, [], "the walk ended before it was found");
        query.after = Some(next);
        store.find(org, &query).await.unwrap()
    } else {
        first
    };
    assert_eq!((found.rows, found.next), (vec![Found::Account(last)], None));
    let all = paged(store, org, asking(Sought::Accounts, "inter", &Reach::Organisation), 200).await;
    assert_eq!(all.len(), many as usize + 1);
}

pub async fn what_is_found_belongs_to_one_organisation(store: &dyn Store) {
    let (here, there) = (org(), org());
    let ann = person();
    let theirs = called(store, there, "Acme", "One", 1, &[ann]).await;
    let account = Account { id: theirs.account, ..an_account("Acme") };
    apply(store, there, vec![Change::PutAccount(account), Change::PutPerson(a_person("Acme", None))]).await;
    for sought in Sought::ALL {
        assert_eq!(everybody(store, there, sought, "acme").await.len(), 1, "{sought:?}");
        for reach in [Reach::Organisation, Reach::People([ann].into())] {
            assert_eq!(ids(store, here, sought, "acme", &reach).await, NOTHING, "{sought:?}");
        }
    }
}
