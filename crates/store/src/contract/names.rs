//! What is unique stays unique; what moves can move.

use std::collections::BTreeSet;

use throughline_domain::{
    OrgId, PersonId, PlaybookId, Role, TeamId,
    access::{Grant, Scope},
    calendar::CalendarData,
    gate::Mode,
};

use super::{sample::*, together::together};
use crate::{
    Account, ApplyError, Change, Org, PAGE, Page, Person, PersonStatus, PublishedPlaybook, Team, ports::Store,
};

pub(super) fn an_org(id: OrgId, slug: &str) -> Org {
    let calendar = CalendarData {
        zone: "Europe/Berlin".to_owned(),
        weekend: vec![6, 7],
        holidays: vec!["2026-12-25".to_owned()],
        hours: None,
    };
    Org {
        id,
        version: 1,
        slug: slug.to_owned(),
        name: "Acme".to_owned(),
        mode: Mode::BlockOwnership,
        calendar: calendar.try_into().unwrap(),
        team_calendars: None,
        go_live_on: Some(jiff::civil::date(2026, 7, 1)),
        playbook: "default".to_owned(),
        process_owner: None,
        sample_of: None,
        event_sources: Default::default(),
        created_at: at(0),
    }
}

pub(super) fn a_person(name: &str, email: Option<&str>) -> Person {
    Person {
        id: person(),
        name: name.to_owned(),
        email: email.map(str::to_owned),
        grants: [Grant { role: Role::Ae, scope: Scope::Own }].into(),
        team: None,
        status: PersonStatus::Active,
        zone: None,
        password: None,
        aliases: BTreeSet::new(),
        mapped_to: None,
        notify: Default::default(),
        away: Default::default(),
        created_at: at(0),
    }
}

pub(super) async fn apply(store: &dyn Store, org: OrgId, changes: Vec<Change>) {
    store.apply(org, changes, audit("change")).await.unwrap();
}

pub(super) async fn conflicts(store: &dyn Store, org: OrgId, changes: Vec<Change>) {
    let result = store.apply(org, changes, audit("change")).await;
    assert!(matches!(result, Err(ApplyError::Conflict(_))), "{result:?}");
}

pub async fn a_slug_belongs_to_one_organisation(store: &dyn Store) {
    let (first, second) = (org(), org());
    apply(store, first, vec![Change::PutOrg(an_org(first, "acme"))]).await;
    conflicts(store, second, vec![Change::PutOrg(an_org(second, "acme"))]).await;
    assert_eq!(store.org(second).await.unwrap(), None);
    apply(store, second, vec![Change::PutOrg(an_org(second, "zebra"))]).await;
    let changed =
        Org { version: 2, name: "Acme Ltd".to_owned(), mode: Mode::Observe, ..an_org(first, "acme") };
    apply(store, first, vec![Change::PutOrg(changed.clone())]).await;
    assert_eq!(store.org(first).await.unwrap(), Some(changed.clone()));
    assert_eq!(store.orgs().await.unwrap(), [changed, an_org(second, "zebra")]);
    apply(store, first, vec![Change::PutOrg(Org { version: 3, ..an_org(first, "acme-2") })]).await;
    apply(store, second, vec![Change::PutOrg(Org { version: 2, ..an_org(second, "acme") })]).await;
}

pub async fn an_organisation_that_has_changed_is_not_written_over(store: &dyn Store) {
    let org = org();
    let version = |version| Change::PutOrg(Org { version, ..an_org(org, "acme") });
    let stale = async |change: Change, wanted: u64| {
        let person = a_person("Maya", None);
        let result = store.apply(org, vec![Change::PutPerson(person.clone()), change], audit("change")).await;
        assert!(matches!(result, Err(ApplyError::Stale { current }) if current == wanted), "{result:?}");
        assert_eq!(store.person(org, person.id).await.unwrap(), None, "nothing of the batch is there");
    };
    stale(version(2), 0).await;
    apply(store, org, vec![version(1)]).await;
    stale(version(1), 1).await;
    stale(version(3), 1).await;
    apply(store, org, vec![version(2)]).await;
    assert_eq!(store.org(org).await.unwrap().unwrap().version, 2);
}

pub async fn of_fifty_changes_of_an_organisation_on_one_version_one_wins(store: &dyn Store) {
    let org = org();
    apply(store, org, vec![Change::PutOrg(an_org(org, "acme"))]).await;
    let changes = (0..50).map(|number| {
        let named = Org { version: 2, name: format!("Acme {number}"), ..an_org(org, "acme") };
        store.apply(org, vec![Change::PutOrg(named)], audit("change"))
    });
    let results = together(changes).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let stale = |result: &&Result<(), ApplyError>| matches!(result, Err(ApplyError::Stale { current: 2 }));
    assert_eq!(results.iter().filter(stale).count(), 49, "{results:?}");
}

pub async fn an_organisation_changes_only_itself(store: &dyn Store) {
    let (first, second) = (org(), org());
    apply(store, first, vec![Change::PutOrg(an_org(first, "acme"))]).await;
    conflicts(store, second, vec![Change::PutOrg(an_org(first, "stolen"))]).await;
    assert_eq!(store.org(first).await.unwrap(), Some(an_org(first, "acme")));
}

pub async fn an_address_belongs_to_one_person(store: &dyn Store) {
    let (here, there) = (org(), org());
    let maya = a_person("Maya", Some("maya@example.com"));
    apply(store, here, vec![Change::PutPerson(maya.clone())]).await;
    let same = a_person("Other", Some("MAYA@example.com"));
    conflicts(store, here, vec![Change::PutPerson(same.clone())]).await;
    assert_eq!(store.person(here, same.id).await.unwrap(), None);
    // The same person in another organisation is somebody of their own there.
    apply(store, there, vec![Change::PutPerson(same.clone())]).await;
    let found = store.people_by_email("Maya@Example.com").await.unwrap();
    assert_eq!(found, [(here, maya.clone()), (there, same)]);
    let married = Person { name: "Maya Lin".to_owned(), ..maya.clone() };
    apply(store, here, vec![Change::PutPerson(married.clone())]).await;
    assert_eq!(store.person(here, maya.id).await.unwrap(), Some(married));
    let nameless = [a_person("Import 1", None), a_person("Import 2", None)];
    apply(store, here, nameless.map(Change::PutPerson).into()).await;
    assert_eq!(store.people_by_email("nobody@example.com").await.unwrap(), []);
}

pub async fn an_address_moves_within_one_batch(store: &dyn Store) {
    let org = org();
    let alias = |person: Person, alias: &str| Person { aliases: [alias.to_owned()].into(), ..person };
    let maya = alias(a_person("Maya", Some("maya@example.com")), "salesforce:1");
    let noah = alias(a_person("Noah", Some("noah@example.com")), "salesforce:2");
    apply(store, org, vec![Change::PutPerson(maya.clone()), Change::PutPerson(noah.clone())]).await;
    let (email, aliases) = (noah.email.clone(), noah.aliases.clone());
    let swapped = Person { email: maya.email.clone(), aliases: maya.aliases.clone(), ..noah };
    let maya = Person { email, aliases, ..maya };
    apply(store, org, vec![Change::PutPerson(maya.clone()), Change::PutPerson(swapped.clone())]).await;
    assert_eq!(store.person_by_alias(org, "salesforce:2").await.unwrap(), Some(maya.clone()));
    assert_eq!(store.people_by_email("maya@example.com").await.unwrap(), [(org, swapped)]);
    assert_eq!(store.people_by_email("noah@example.com").await.unwrap(), [(org, maya)]);
}

pub async fn of_two_puts_in_one_batch_the_later_holds(store: &dyn Store) {
    let org = org();
    let named = |name: &str, email: &str, alias: &str| Person {
        aliases: [alias.to_owned()].into(),
        ..a_person(name, Some(email))
    };
    let first = named("Maya", "maya@example.com", "salesforce:1");
    let later = Person { id: first.id, ..named("Maya Lin", "lin@example.com", "salesforce:2") };
    let noah = named("Noah", "maya@example.com", "salesforce:1");
    let batch = [&first, &later, &noah].into_iter().cloned().map(Change::PutPerson);
    apply(store, org, batch.collect()).await;
    assert_eq!(store.person_by_alias(org, "salesforce:2").await.unwrap(), Some(later.clone()));
    assert_eq!(store.person_by_alias(org, "salesforce:1").await.unwrap(), Some(noah.clone()));
    assert_eq!(store.people_by_email("maya@example.com").await.unwrap(), [(org, noah)]);
    assert_eq!(store.people_by_email("lin@example.com").await.unwrap(), [(org, later)]);
}

pub async fn an_alias_belongs_to_one(store: &dyn Store) {
    let org = org();
    let imported = |name: &str, aliases: &[&str]| Person {
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        ..a_person(name, None)
    };
    let maya = imported("Maya", &["salesforce:1", "hubspot:9"]);
    apply(store, org, vec![Change::PutPerson(maya.clone())]).await;
    let thief = imported("Thief", &["salesforce:1"]);
    conflicts(store, org, vec![Change::PutPerson(thief.clone())]).await;
    assert_eq!(store.person_by_alias(org, "hubspot:9").await.unwrap().as_ref(), Some(&maya));
    let fewer = Person { aliases: ["hubspot:9".to_owned()].into(), ..maya };
    apply(store, org, vec![Change::PutPerson(fewer)]).await;
    assert_eq!(store.person_by_alias(org, "salesforce:1").await.unwrap(), None);
    apply(store, org, vec![Change::PutPerson(thief.clone())]).await;
    assert_eq!(store.person_by_alias(org, "salesforce:1").await.unwrap(), Some(thief));
    assert_eq!(store.person_by_alias(org, "salesforce").await.unwrap(), None);
}

pub async fn people_are_paged_by_name(store: &dyn Store) {
    let org = org();
    let names = ["zoe", "Anna", "anna", "Émile", "émile", "Bo", "bo", "Anna"];
    let mut all: Vec<Person> = names.iter().map(|name| a_person(name, None)).collect();
    apply(store, org, all.iter().cloned().map(Change::PutPerson).collect()).await;
    all.sort_by_key(|person| (person.name.to_lowercase(), person.id));
    for limit in [1, 3, 8, 9] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.people(org, None, after, limit).await.unwrap();
            assert!(page.rows.len() <= limit as usize);
            found.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, all);
    }
    let many = (0..=PAGE).map(|number| Change::PutPerson(a_person(&format!("c{number}"), None)));
    apply(store, org, many.collect()).await;
    assert_eq!(store.people(org, None, None, u32::MAX).await.unwrap().rows.len(), PAGE as usize);
    assert_eq!(store.people(org, None, None, 0).await.unwrap().rows.len(), 1);
}

pub async fn people_are_found_by_name_and_address(store: &dyn Store) {
    let org = org();
    let maya = a_person("Maya Ödegaard", Some("maya_o@example.com"));
    let noah = a_person("Noah", Some("noahxo@example.com"));
    apply(store, org, vec![Change::PutPerson(maya.clone()), Change::PutPerson(noah.clone())]).await;
    for (text, found) in [
        ("ödeg", vec![&maya]),
        ("ÖDEG", vec![&maya]),
        ("_o@", vec![&maya]),
        ("%", vec![]),
        ("EXAMPLE.com", vec![&maya, &noah]),
        (" ", vec![&maya, &noah]),
    ] {
        let page = store.people(org, Some(text), None, 9).await.unwrap();
        assert_eq!(page, Page { rows: found.into_iter().cloned().collect(), next: None }, "{text}");
    }
}

pub async fn teams_and_roles_know_their_people(store: &dyn Store) {
    let org = org();
    let team =
        |name: &str| Team { id: fresh::<TeamId>(), name: name.to_owned(), manager: None, calendar: None };
    let (west, east) = (team("west"), team("East"));
    let member = |name: &str, team: &Team, role: Role| Person {
        team: Some(team.id),
        grants: [Grant { role, scope: Scope::Own }, Grant { role, scope: Scope::Team }].into(),
        ..a_person(name, None)
    };
    let ann = member("Ann", &west, Role::Csm);
    let ben = Person { status: PersonStatus::Deactivated, ..member("Ben", &west, Role::Csm) };
    let cat = member("Cat", &east, Role::Ae);
    let mut changes: Vec<Change> = [&ann, &ben, &cat].into_iter().cloned().map(Change::PutPerson).collect();
    changes.extend([&west, &east].into_iter().cloned().map(Change::PutTeam));
    apply(store, org, changes).await;

    assert_eq!(store.teams(org).await.unwrap(), [east.clone(), west.clone()]);
    assert_eq!(store.team(org, west.id).await.unwrap(), Some(west.clone()));
    let people = async |teams: &[&Team]| {
        store.team_people(org, &teams.iter().map(|team| team.id).collect()).await.unwrap()
    };
    assert_eq!(people(&[&west]).await, BTreeSet::<PersonId>::from([ann.id, ben.id]));
    assert_eq!(people(&[&west, &east]).await, [ann.id, ben.id, cat.id].into());
    assert_eq!(people(&[]).await, [].into());
    assert_eq!(
        store.role_people(org, Role::Csm).await.unwrap(),
        std::slice::from_ref(&ann),
        "who left holds no role"
    );

    let moved = Person { team: Some(east.id), grants: BTreeSet::new(), ..ann };
    let managed = Team { manager: Some(cat.id), ..west.clone() };
    apply(store, org, vec![Change::PutPerson(moved), Change::PutTeam(managed.clone())]).await;
    assert_eq!(people(&[&west]).await, [ben.id].into());
    assert_eq!(store.role_people(org, Role::Csm).await.unwrap(), []);
    assert_eq!(store.team(org, west.id).await.unwrap(), Some(managed));
}

pub async fn accounts_are_found_by_alias(store: &dyn Store) {
    let org = org();
    let account = |name: &str, alias: &str| Account {
        id: fresh(),
        name: name.to_owned(),
        aliases: [alias.to_owned()].into(),
    };
    let (acme, zebra) = (account("Acme", "salesforce:1"), account("Zebra", "salesforce:2"));
    apply(store, org, vec![Change::PutAccount(acme.clone()), Change::PutAccount(zebra.clone())]).await;
    assert_eq!(store.account(org, acme.id).await.unwrap(), Some(acme.clone()));
    assert_eq!(store.account_by_alias(org, "salesforce:2").await.unwrap(), Some(zebra.clone()));
    assert_eq!(store.account_by_alias(org, "salesforce:3").await.unwrap(), None);
    conflicts(store, org, vec![Change::PutAccount(account("Thief", "salesforce:1"))]).await;
    // Two accounts merged in the CRM: one takes the other's alias over.
    let left = Account { aliases: BTreeSet::new(), ..zebra.clone() };
    let merged = Account { aliases: ["salesforce:1".to_owned(), "salesforce:2".to_owned()].into(), ..acme };
    apply(store, org, vec![Change::PutAccount(merged.clone()), Change::PutAccount(left.clone())]).await;
    assert_eq!(store.account_by_alias(org, "salesforce:2").await.unwrap(), Some(merged));
    assert_eq!(store.account(org, zebra.id).await.unwrap(), Some(left));
}

fn a_playbook(name: &str, version: u32) -> PublishedPlaybook {
    let source = format!("name: {name} # {version}");
    PublishedPlaybook { id: fresh::<PlaybookId>(), name: name.to_owned(), version, source, at: at(0) }
}

pub async fn a_playbook_version_is_published_once(store: &dyn Store) {
    let org = org();
    let first = a_playbook("default", 1);
    apply(store, org, vec![Change::Publish(first.clone())]).await;
    conflicts(store, org, vec![Change::Publish(a_playbook("default", 1))]).await;
    conflicts(store, org, vec![Change::Publish(first.clone())]).await;
    assert_eq!(store.playbook(org, "default", Some(1)).await.unwrap(), Some(first));
}

pub async fn the_newest_playbook_answers_for_its_name(store: &dyn Store) {
    let org = org();
    let all = [
        a_playbook("default", 1),
        a_playbook("default", 2),
        a_playbook("default", 10),
        a_playbook("plain", 1),
    ];
    apply(store, org, all.iter().cloned().map(Change::Publish).collect()).await;
    assert_eq!(store.playbook(org, "default", None).await.unwrap().as_ref(), Some(&all[2]));
    assert_eq!(store.playbook(org, "default", Some(2)).await.unwrap().as_ref(), Some(&all[1]));
    assert_eq!(store.playbook(org, "default", Some(3)).await.unwrap(), None);
    assert_eq!(store.playbook(org, "other", None).await.unwrap(), None);
    let without = all.map(|playbook| PublishedPlaybook { source: String::new(), ..playbook });
    assert_eq!(store.playbooks(org).await.unwrap(), without);
}
