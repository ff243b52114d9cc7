//! Nothing of one organisation is ever another's.

use throughline_domain::Role;
use uuid::Uuid;

use super::{
    names::{a_person, an_org, apply, conflicts},
    planted::erasing,
    sample::*,
};
use crate::{
    Account, Change, Erase, HandoffFilter, HandoffQuery, Letter, Link, Org, PartRow, Person, PromiseQuery,
    PublishedPlaybook, Reach, Session, Sort, Team, ports::Store,
};

/// Forgets all that can be forgotten before a time.
fn a_tidy(before: jiff::Timestamp) -> Change {
    Change::Tidy {
        answers_before: before,
        links_before: before,
        sessions_before: before,
        events_before: before,
    }
}

/// One organisation with something of everything.
struct Full {
    story: Story,
    person: Person,
    team: Team,
    account: Account,
    session: Session,
    link: Link,
}

async fn full(store: &dyn Store) -> Full {
    let mut story = Story::new(org());
    let mut commit = story.tell(&[Told::Opened, Told::Wrote("she likes brevity")]);
    commit.dues = vec![story.due("kickoff", at(3))];
    commit.promises = Some(vec![story.promise(None)]);
    commit.parts = Some(vec![PartRow { person: story.ae, role: Role::Ae }]);
    commit.deal = Some(story.reading());
    commit.outbox = vec![story.message()];
    commit.idempotency = Some(story.answer("mail:1"));
    store.commit(commit).await.unwrap();
    let team = Team { id: fresh(), name: "West".to_owned(), manager: None, calendar: None };
    let person = Person {
        id: story.ae,
        team: Some(team.id),
        aliases: ["salesforce:1".to_owned()].into(),
        ..a_person("Maya", Some("maya@example.com"))
    };
    let aliases = ["salesforce:7".to_owned()].into();
    let account = Account { id: story.account, name: "Acme".to_owned(), aliases };
    let secret = fresh::<Uuid>().simple().to_string();
    let (created_at, seen_at, agent) = (at(0), at(0), String::new());
    let session =
        Session { secret: secret.clone(), person: story.ae, created_at, seen_at, agent, looking_as: None };
    let link = Link { secret, person: None, expires_at: at(0) };
    let (name, source) = ("default".to_owned(), "name: default".to_owned());
    let playbook = PublishedPlaybook { id: fresh(), name, version: 1, source, at: at(0) };
    let letter = Letter {
        id: fresh(),
        outbox: None,
        to: Some(story.ae),
        handoff: Some(story.id),
        follows: Some(1),
        subject: String::new(),
        body: String::new(),
        topic: None,
        link: None,
        at: at(0),
        read_at: None,
    };
    let changes = vec![
        Change::PutOrg(an_org(story.org, &story.org.to_string())),
        Change::PutTeam(team.clone()),
        Change::PutPerson(person.clone()),
        Change::PutAccount(account.clone()),
        Change::PutSession(session.clone()),
        Change::PutLink(link.clone()),
        Change::Publish(playbook),
        Change::Deliver(letter),
    ];
    apply(store, story.org, changes).await;
    Full { story, person, team, account, session, link }
}

pub async fn no_read_crosses_organisations(store: &dyn Store) {
    let there = full(store).await;
    let (story, id) = (&there.story, there.story.id);
    // Once an organisation that has nothing, once one that has everything of its own.
    for org in [org(), full(store).await.story.org] {
        assert_eq!(store.load(org, id).await.unwrap(), None);
        assert_eq!(store.row(org, id).await.unwrap(), None);
        assert_eq!(store.deal(org, &story.deal.key).await.unwrap(), None);
        assert_eq!(store.of_account(org, story.account).await.unwrap(), []);
        assert_eq!(store.dues(org, id).await.unwrap(), []);
        assert_eq!(store.journal(org, id, 0, 9).await.unwrap(), []);
        assert_eq!(store.timeline(org, id, None, 9).await.unwrap(), []);
        assert!(store.texts(org, id).await.unwrap().is_empty());
        assert!(!store.ids(org, None, 9).await.unwrap().contains(&id));
        assert!(store.outbox(org, 9).await.unwrap().iter().all(|row| row.handoff != id));
        let asked = PromiseQuery { limit: 9, ..PromiseQuery::default() };
        assert!(store.promises(org, &asked).await.unwrap().rows.iter().all(|row| row.handoff != id));
        for reach in [Reach::Organisation, Reach::People([story.ae].into())] {
            let filters = [
                HandoffFilter::default(),
                HandoffFilter { part: Some(story.ae), ..Default::default() },
                HandoffFilter { ae: Some(story.ae), ..Default::default() },
                HandoffFilter { text: Some("acme".to_owned()), ..Default::default() },
            ];
            for filter in filters {
                let only_own = filter == HandoffFilter::default() || filter.text.is_some();
                let own = if only_own && reach == Reach::Organisation {
                    store.ids(org, None, 9).await.unwrap().len()
                } else {
                    0
                };
                assert_eq!(store.count(org, &reach, &filter, 9).await.unwrap() as usize, own);
                for sort in Sort::ALL {
                    let (reach, filter) = (reach.clone(), filter.clone());
                    let query = HandoffQuery { reach, filter, sort, after: None, limit: 9 };
                    let rows = store.list(org, &query).await.unwrap().rows;
                    assert_eq!(rows.len(), own);
                    assert!(rows.iter().all(|row| row.id != id));
                }
            }
        }
        assert_eq!(store.person(org, there.person.id).await.unwrap(), None);
        assert!(
            store.people(org, None, None, 9).await.unwrap().rows.iter().all(|row| row.id != there.person.id)
        );
        assert!(
            store
                .person_by_alias(org, "salesforce:1")
                .await
                .unwrap()
                .is_none_or(|row| row.id != there.person.id)
        );
        assert_eq!(store.team(org, there.team.id).await.unwrap(), None);
        assert!(!store.teams(org).await.unwrap().contains(&there.team));
        assert_eq!(store.team_people(org, &[there.team.id].into()).await.unwrap(), [].into());
        assert!(store.role_people(org, Role::Ae).await.unwrap().iter().all(|row| row.id != there.person.id));
        assert_eq!(store.account(org, there.account.id).await.unwrap(), None);
        assert!(
            store
                .account_by_alias(org, "salesforce:7")
                .await
                .unwrap()
                .is_none_or(|row| row.id != there.account.id)
        );
        assert_eq!(store.sessions_of(org, story.ae).await.unwrap(), []);
        assert_eq!(store.letters(org, Some(story.ae), None, 9).await.unwrap(), []);
        assert!(store.letters(org, None, None, 9).await.unwrap().iter().all(|row| row.handoff != Some(id)));
    }
    let nothing = org();
    assert_eq!(store.org(nothing).await.unwrap(), None);
    assert_eq!(store.remembered(nothing, "mail:1").await.unwrap(), None);
    assert_eq!(store.playbooks(nothing).await.unwrap(), []);
    assert_eq!(store.playbook(nothing, "default", None).await.unwrap(), None);
    assert_eq!(store.tokens(nothing).await.unwrap(), []);
    assert_eq!(store.audit(nothing, None, 9).await.unwrap(), []);
}

pub async fn no_change_crosses_organisations(store: &dyn Store) {
    let there = full(store).await;
    let (story, here) = (&there.story, org());
    let before = store.load(story.org, story.id).await.unwrap();
    let outbox = store.outbox(story.org, 9).await.unwrap();

    conflicts(store, here, vec![Change::UseLink(there.link.secret.clone())]).await;
    conflicts(store, here, vec![Change::PutSession(there.session.clone())]).await;
    conflicts(store, here, vec![Change::Delivered { outbox: outbox[0].id, at: at(0) }]).await;
    let quiet = vec![
        Change::EndSession(there.session.secret.clone()),
        Change::EndSessionsOf(story.ae),
        a_tidy(at(9_999)),
    ];
    apply(store, here, quiet).await;
    // The same ids in another organisation are other things.
    let mut same = Story { id: story.id, ..Story::new(here) };
    same.open(store).await;
    let erase = erasing(store, &mut same, Erase::Everything).await;
    store.commit(erase).await.unwrap();
    let renamed = Person { name: "Somebody else".to_owned(), ..there.person.clone() };
    apply(store, here, vec![Change::PutPerson(renamed.clone())]).await;

    assert_eq!(store.load(story.org, story.id).await.unwrap(), before);
    assert_eq!(store.texts(story.org, story.id).await.unwrap().len(), 1);
    assert_eq!(store.outbox(story.org, 9).await.unwrap(), outbox);
    assert_eq!(store.session(&there.session.secret).await.unwrap(), Some((story.org, there.session.clone())));
    assert_eq!(store.link(&there.link.secret).await.unwrap(), Some((story.org, there.link.clone())));
    assert!(store.remembered(story.org, "mail:1").await.unwrap().is_some());
    assert_eq!(store.person(story.org, story.ae).await.unwrap(), Some(there.person));
    assert_eq!(store.person(here, story.ae).await.unwrap(), Some(renamed));
}

pub async fn a_sample_goes_whole_and_takes_nothing_of_others(store: &dyn Store) {
    let (home, sample, other) = (full(store).await, full(store).await, full(store).await);
    let (ours, made_up) = (home.story.org, sample.story.org);
    let marked = Org { version: 2, sample_of: Some(ours), ..an_org(made_up, &made_up.to_string()) };
    apply(store, made_up, vec![Change::PutOrg(marked)]).await;
    apply(store, ours, vec![Change::TakeSampleAway(made_up)]).await;

    let (story, id) = (&sample.story, sample.story.id);
    assert_eq!(store.org(made_up).await.unwrap(), None);
    assert!(store.orgs().await.unwrap().iter().all(|org| org.id != made_up));
    assert_eq!(store.load(made_up, id).await.unwrap(), None);
    assert_eq!(store.row(made_up, id).await.unwrap(), None);
    assert_eq!(store.deal(made_up, &story.deal.key).await.unwrap(), None);
    assert_eq!(store.journal(made_up, id, 0, 9).await.unwrap(), []);
    assert!(store.texts(made_up, id).await.unwrap().is_empty());
    assert_eq!(store.outbox(made_up, 9).await.unwrap(), []);
    assert_eq!(store.dues(made_up, id).await.unwrap(), []);
    assert_eq!(store.tally(made_up).await.unwrap(), crate::Tally::default());
    assert_eq!(store.people(made_up, None, None, 9).await.unwrap().rows, []);
    assert_eq!(store.teams(made_up).await.unwrap(), []);
    assert_eq!(store.account(made_up, sample.account.id).await.unwrap(), None);
    assert_eq!(store.playbooks(made_up).await.unwrap(), []);
    assert_eq!(store.letters(made_up, None, None, 9).await.unwrap(), []);
    assert_eq!(store.audit(made_up, None, 9).await.unwrap(), []);
    assert_eq!(store.session(&sample.session.secret).await.unwrap(), None);
    assert_eq!(store.link(&sample.link.secret).await.unwrap(), None);
    assert_eq!(store.remembered(made_up, "mail:1").await.unwrap(), None);

    for kept in [&home, &other] {
        let (org, id) = (kept.story.org, kept.story.id);
        assert!(store.org(org).await.unwrap().is_some());
        assert!(store.load(org, id).await.unwrap().is_some());
        assert_eq!(store.texts(org, id).await.unwrap().len(), 1);
        assert_eq!(store.person(org, kept.person.id).await.unwrap().as_ref(), Some(&kept.person));
        let session = (org, kept.session.clone());
        assert_eq!(store.session(&kept.session.secret).await.unwrap(), Some(session));
        assert_eq!(store.outbox(org, 9).await.unwrap().len(), 1);
    }
}

pub async fn nothing_but_an_organisations_own_sample_is_taken_away(store: &dyn Store) {
    let (home, sample, other) = (full(store).await, full(store).await, full(store).await);
    let (ours, made_up, theirs) = (home.story.org, sample.story.org, other.story.org);
    let marked = Org { version: 2, sample_of: Some(ours), ..an_org(made_up, &made_up.to_string()) };
    apply(store, made_up, vec![Change::PutOrg(marked)]).await;
    // Another's sample, an organisation that is none, itself, and one that is not there.
    conflicts(store, theirs, vec![Change::TakeSampleAway(made_up)]).await;
    conflicts(store, made_up, vec![Change::TakeSampleAway(made_up)]).await;
    for none in [theirs, ours, org()] {
        conflicts(store, ours, vec![Change::TakeSampleAway(none)]).await;
    }
    for kept in [&home, &sample, &other] {
        assert!(store.load(kept.story.org, kept.story.id).await.unwrap().is_some());
    }
    apply(store, ours, vec![Change::TakeSampleAway(made_up)]).await;
    conflicts(store, ours, vec![Change::TakeSampleAway(made_up)]).await;
}
