//! Events of other systems: received once, read in order, put off, done with, forgotten.

use super::{
    names::{apply, conflicts},
    sample::*,
    sweeps::claim,
    together::together,
};
use crate::{Change, EventPlace, EventRow, EventState, PAGE, ports::Store};

pub(super) fn an_event(id: &str, received: i64) -> EventRow {
    let (source, body) = ("hubspot".to_owned(), b"{\0\"deal\":1}\xff".to_vec());
    EventRow { source, id: id.to_owned(), received_at: at(received), tries: 0, body }
}

pub(super) fn done(id: &str) -> Change {
    Change::EventDone { source: "hubspot".to_owned(), id: id.to_owned(), note: "understood".to_owned() }
}

pub(super) fn refused(id: &str) -> Change {
    Change::EventRefused { source: "hubspot".to_owned(), id: id.to_owned(), note: "no deal".to_owned() }
}

pub(super) fn later(id: &str, second: i64) -> Change {
    let (source, note) = ("hubspot".to_owned(), "no such deal yet".to_owned());
    Change::EventLater { source, id: id.to_owned(), at: at(second), note }
}

pub(super) async fn events(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<String> {
    let taken = store.claim_events(claim(now, until, limit)).await.unwrap();
    taken.into_iter().map(|(_, row)| row.id).collect()
}

pub async fn an_event_is_received_once_whatever_became_of_it(store: &dyn Store) {
    let org = org();
    let receive = |id: &str| vec![Change::Receive(an_event(id, 7))];
    for (id, settle) in
        [("1", None), ("2", Some(done("2"))), ("3", Some(refused("3"))), ("4", Some(later("4", 9)))]
    {
        apply(store, org, receive(id)).await;
        apply(store, org, settle.into_iter().collect()).await;
        conflicts(store, org, receive(id)).await;
    }
    // Another source's event of the same id is another event.
    let other = EventRow { source: "salesforce".to_owned(), ..an_event("1", 8) };
    apply(store, org, vec![Change::Receive(other)]).await;
    assert_eq!(events(store, 10, 99, 9).await, ["1", "4", "1"]);
    for change in [done("2"), refused("2"), later("2", 9), done("3"), done("never")] {
        conflicts(store, org, vec![change]).await;
    }
}

pub async fn an_event_is_received_once_by_many_at_once(store: &dyn Store) {
    let org = org();
    let tries = (0..60).map(|_| store.apply(org, vec![Change::Receive(an_event("1", 7))], audit("receive")));
    let taken = together(tries).await;
    assert_eq!(taken.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(store.audit(org, None, 99).await.unwrap().len(), 1);
}

pub async fn events_are_taken_by_receipt_and_come_again_when_put_off(store: &dyn Store) {
    let (here, there) = (org(), org());
    let first = an_event("first", 1);
    apply(store, here, vec![Change::Receive(an_event("third", 3)), Change::Receive(first.clone())]).await;
    apply(store, there, vec![Change::Receive(an_event("second", 2))]).await;
    assert_eq!(store.claim_events(claim(9, 50, 1)).await.unwrap(), [(here, first.clone())]);
    assert_eq!(events(store, 9, 50, 9).await, ["second", "third"]);
    apply(store, here, vec![later("first", 70), done("third")]).await;
    assert_eq!(events(store, 69, 80, 9).await, ["second"]);
    let again = store.claim_events(claim(70, 80, 9)).await.unwrap();
    assert_eq!(again, [(here, EventRow { tries: 1, ..first })]);
}

pub async fn events_are_seen_newest_first(store: &dyn Store) {
    let org = org();
    let ids: Vec<String> = (0..6).map(|number| format!("e{number}")).collect();
    // Two of them at once: then by id.
    let received = [0, 1, 1, 2, 3, 4];
    let all = ids.iter().zip(received).map(|(id, second)| Change::Receive(an_event(id, second)));
    apply(store, org, all.collect()).await;
    apply(store, org, vec![done("e1"), refused("e4"), later("e5", 9)]).await;
    let seen = store.events(org, None, 99).await.unwrap();
    assert_eq!(
        seen.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(),
        ["e5", "e4", "e3", "e2", "e1", "e0"]
    );
    assert_eq!(seen[0].received_at, at(4));
    let told = |place: usize| (seen[place].state, seen[place].note.as_deref(), seen[place].tries);
    assert_eq!(told(0), (EventState::New, Some("no such deal yet"), 1));
    assert_eq!(told(1), (EventState::Refused, Some("no deal"), 0));
    assert_eq!(told(2), (EventState::New, None, 0));
    assert_eq!(told(4), (EventState::Done, Some("understood"), 0));
    let (mut before, mut paged): (Option<EventPlace>, _) = (None, Vec::new());
    loop {
        let page = store.events(org, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.place());
        paged.extend(page);
    }
    assert_eq!(paged, seen);
    let more = (0..PAGE).map(|number| Change::Receive(an_event(&format!("m{number}"), 5)));
    apply(store, org, more.collect()).await;
    assert_eq!(store.events(org, None, u32::MAX).await.unwrap().len(), PAGE as usize);
    assert_eq!(store.events(org, None, 0).await.unwrap().len(), 1);
}

pub async fn events_done_with_are_forgotten_in_time(store: &dyn Store) {
    let org = org();
    let received = [("old", 1), ("refused", 2), ("waits", 3), ("young", 9)];
    apply(store, org, received.map(|(id, second)| Change::Receive(an_event(id, second))).into()).await;
    apply(store, org, vec![done("old"), refused("refused"), done("young")]).await;
    let tidy = Change::Tidy {
        answers_before: at(0),
        links_before: at(0),
        sessions_before: at(0),
        events_before: at(9),
    };
    apply(store, org, vec![tidy]).await;
    let left = store.events(org, None, 9).await.unwrap();
    assert_eq!(left.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["young", "waits"]);
    apply(store, org, vec![Change::Receive(an_event("old", 20))]).await;
}
