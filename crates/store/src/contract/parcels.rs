//! Mail to mailboxes waits, goes once, and keeps no words; calendars are told in one order.

use std::collections::BTreeMap;

use throughline_domain::{HandoffId, OrgId};
use uuid::Uuid;

use super::{names::apply, sample::*, sweeps::claim, together::together};
use crate::{
    Change, FORGOTTEN, INVITE_MOVED_ON, InviteRow, PAGE, PARCEL_IS_OVER, ParcelChange, ParcelRow, ParcelSeen,
    ParcelState, ports::Store,
};

pub(super) fn a_parcel(handoff: HandoffId, second: i64) -> ParcelRow {
    ParcelRow {
        id: fresh(),
        handoff,
        what: "meeting".to_owned(),
        at: at(second),
        tries: 0,
        to: "ines@customer.example".to_owned(),
        subject: "Acme: kickoff".to_owned(),
        mail: r#"{"text":"Straße"}"#.to_owned(),
    }
}

fn send(row: &ParcelRow) -> Change {
    Change::Parcel(ParcelChange::Send(row.clone()))
}

fn sent(id: Uuid) -> Change {
    Change::Parcel(ParcelChange::Sent { id })
}

fn given_up(id: Uuid) -> Change {
    Change::Parcel(ParcelChange::GivenUp { id, note: "no such mailbox".to_owned() })
}

fn later(id: Uuid, second: i64) -> Change {
    Change::Parcel(ParcelChange::Later { id, at: at(second), note: "the server is busy".to_owned() })
}

fn invite(handoff: HandoffId, step: &str, sequence: u32, after: Option<u32>) -> Change {
    let row =
        InviteRow { handoff, step: step.parse().unwrap(), sequence, told: format!("{{\"n\":{sequence}}}") };
    Change::Parcel(ParcelChange::Invite { row, after })
}

async fn refused(store: &dyn Store, org: OrgId, changes: Vec<Change>) -> String {
    store.apply(org, changes, audit("change")).await.unwrap_err().to_string()
}

async fn taken(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<Uuid> {
    let taken = store.claim_parcels(claim(now, until, limit)).await.unwrap();
    taken.into_iter().map(|(_, row)| row.id).collect()
}

async fn seen(store: &dyn Store, org: OrgId, handoff: HandoffId) -> Vec<ParcelSeen> {
    store.parcels(org, handoff, None, PAGE).await.unwrap()
}

async fn numbers(store: &dyn Store, org: OrgId, handoff: HandoffId) -> Vec<(String, u32, String)> {
    let rows = store.invites(org, handoff).await.unwrap();
    rows.into_iter().map(|row| (row.step.to_string(), row.sequence, row.told)).collect()
}

pub async fn parcels_are_taken_by_when_they_are_due(store: &dyn Store) {
    let (here, there, handoff) = (org(), org(), fresh());
    let (late, first, second) = (a_parcel(handoff, 30), a_parcel(handoff, 10), a_parcel(handoff, 20));
    apply(store, here, vec![send(&late), send(&first)]).await;
    apply(store, there, vec![send(&second)]).await;
    assert!(taken(store, 9, 50, 9).await.is_empty());
    let both = store.claim_parcels(claim(20, 50, 9)).await.unwrap();
    assert_eq!(both, [(here, first.clone()), (there, second.clone())]);
    assert_eq!(taken(store, 30, 60, 9).await, [late.id], "the others are somebody's");
    assert_eq!(taken(store, 59, 90, 1).await, [first.id], "and anybody's again when the claim ends");
}

pub async fn parcels_taken_by_a_clock_that_was_ahead_are_anybody_s(store: &dyn Store) {
    let (org, parcel) = (org(), a_parcel(fresh(), 10));
    apply(store, org, vec![send(&parcel)]).await;
    assert_eq!(taken(store, 86_400, 86_430, 9).await, [parcel.id]);
    assert_eq!(taken(store, 20, 50, 9).await, [parcel.id]);
    assert!(taken(store, 49, 60, 9).await.is_empty());
}

pub async fn a_parcel_waits_once_and_goes_once(store: &dyn Store) {
    let (org, handoff) = (org(), fresh());
    let parcels: Vec<ParcelRow> = (0..3).map(|_| a_parcel(handoff, 5)).collect();
    apply(store, org, parcels.iter().map(send).collect()).await;
    apply(store, org, vec![later(parcels[1].id, 30)]).await;
    // A repeat changes nothing: it stays put off.
    apply(store, org, vec![send(&parcels[1])]).await;
    apply(store, org, vec![sent(parcels[0].id), given_up(parcels[2].id)]).await;
    let after = [parcels[0].id, parcels[2].id, fresh()];
    for id in after {
        for change in [sent(id), given_up(id), later(id, 9)] {
            assert_eq!(refused(store, org, vec![change]).await, PARCEL_IS_OVER);
        }
    }
    apply(store, org, vec![send(&parcels[0])]).await;
    assert!(taken(store, 29, 40, 9).await.is_empty(), "what went stays gone");
    let put_off = ParcelRow { tries: 1, ..parcels[1].clone() };
    assert_eq!(store.claim_parcels(claim(30, 40, 9)).await.unwrap(), [(org, put_off)]);
    let told: Vec<_> = seen(store, org, handoff)
        .await
        .into_iter()
        .map(|parcel| (parcel.id, parcel.state, parcel.tries, parcel.note, parcel.to, parcel.at))
        .collect();
    let to = || ("ines@customer.example".to_owned(), at(5));
    let row = |place: usize, state, tries, note: Option<&str>| {
        (parcels[place].id, state, tries, note.map(str::to_owned), to().0, to().1)
    };
    let wanted = [
        row(2, ParcelState::GivenUp, 0, Some("no such mailbox")),
        row(1, ParcelState::Waiting, 1, Some("the server is busy")),
        row(0, ParcelState::Sent, 0, None),
    ];
    assert_eq!(told, wanted);
}

pub async fn a_parcel_taken_by_many_at_once_is_one_s(store: &dyn Store) {
    let (org, handoff) = (org(), fresh());
    let parcels: Vec<ParcelRow> = (0..40).map(|_| a_parcel(handoff, 0)).collect();
    apply(store, org, parcels.iter().map(send).collect()).await;
    let all = together((0..8).map(|_| async { taken(store, 1, 99, 7).await })).await;
    let mut all: Vec<Uuid> = all.into_iter().flatten().collect();
    let many = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), many, "one of them was taken twice");
    all.extend(taken(store, 1, 99, 99).await);
    assert_eq!(all.len(), 40);
}

pub async fn parcels_of_a_handoff_are_seen_newest_first(store: &dyn Store) {
    let (org, handoff) = (org(), fresh());
    let parcels: Vec<ParcelRow> = (0..5).map(|_| a_parcel(handoff, 0)).collect();
    apply(store, org, parcels.iter().map(send).chain([send(&a_parcel(fresh(), 0))]).collect()).await;
    let (mut before, mut ids) = (None, Vec::new());
    loop {
        let page = store.parcels(org, handoff, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        ids.extend(page.into_iter().map(|parcel| parcel.id));
    }
    ids.reverse();
    assert_eq!(ids, parcels.iter().map(|row| row.id).collect::<Vec<_>>());
    assert_eq!(store.parcels(super::org(), handoff, None, 9).await.unwrap(), []);
}

pub async fn calendars_are_told_in_one_order(store: &dyn Store) {
    let (org, handoff, other) = (org(), fresh(), fresh());
    let told = |step: &str, n: u32| (step.to_owned(), n, format!("{{\"n\":{n}}}"));
    apply(store, org, vec![invite(handoff, "kickoff", 0, None), invite(other, "kickoff", 4, None)]).await;
    apply(store, org, vec![invite(handoff, "internal_call", 0, None)]).await;
    // Somebody who read the number before it moved is too late, and so is all they meant to send.
    apply(store, org, vec![invite(handoff, "kickoff", 1, Some(0))]).await;
    let parcel = a_parcel(handoff, 0);
    for late in [invite(handoff, "kickoff", 1, Some(0)), invite(handoff, "kickoff", 0, None)] {
        assert_eq!(refused(store, org, vec![send(&parcel), late]).await, INVITE_MOVED_ON);
    }
    assert_eq!(refused(store, org, vec![invite(fresh(), "kickoff", 1, Some(0))]).await, INVITE_MOVED_ON);
    assert_eq!(seen(store, org, handoff).await, []);
    assert_eq!(numbers(store, org, handoff).await, [told("internal_call", 0), told("kickoff", 1)]);
    assert_eq!(numbers(store, super::org(), handoff).await, []);
}

pub async fn mail_to_one_address_is_forgotten_alone(store: &dyn Store) {
    let (org, handoff, other) = (org(), fresh(), fresh());
    let to = |handoff, to: &str| ParcelRow { to: to.to_owned(), ..a_parcel(handoff, 0) };
    let theirs = [to(handoff, "Ines@Customer.example"), to(handoff, "ines@customer.example")];
    let kept = [to(handoff, "ines@customer.exampl"), to(other, "ines@customer.example")];
    apply(store, org, theirs.iter().chain(&kept).map(send).collect()).await;
    apply(store, org, vec![invite(handoff, "kickoff", 3, None)]).await;
    let address = "ines@customer.example".to_owned();
    let forgets = vec![Change::Parcel(ParcelChange::ForgetTo { handoff, address })];
    apply(store, super::org(), forgets.clone()).await;
    assert!(seen(store, org, handoff).await.iter().all(|one| one.to != FORGOTTEN), "nobody else forgets it");
    apply(store, org, forgets).await;
    let left: BTreeMap<_, _> =
        seen(store, org, handoff).await.into_iter().map(|one| (one.id, one.to)).collect();
    for parcel in &theirs {
        assert_eq!(left[&parcel.id], FORGOTTEN);
    }
    assert_eq!(left[&kept[0].id], kept[0].to);
    assert_eq!(seen(store, org, other).await[0].to, kept[1].to);
    assert_ne!(numbers(store, org, handoff).await[0].2, "", "what calendars were told stays");
}

pub async fn forgotten_mail_keeps_its_number_and_no_word(store: &dyn Store) {
    let (org, handoff, other) = (org(), fresh(), fresh());
    let (gone, waiting, kept) = (a_parcel(handoff, 0), a_parcel(handoff, 0), a_parcel(other, 0));
    let (refused, put_off) = (a_parcel(handoff, 0), a_parcel(handoff, 0));
    let all = [&gone, &waiting, &kept, &refused, &put_off].map(send).into_iter();
    apply(store, org, all.chain([invite(handoff, "kickoff", 3, None)]).collect()).await;
    apply(store, org, vec![given_up(refused.id), later(put_off.id, 5)]).await;
    apply(store, org, vec![sent(gone.id), invite(other, "kickoff", 2, None)]).await;
    apply(store, super::org(), vec![Change::Parcel(ParcelChange::Forget { handoff })]).await;
    assert_eq!(seen(store, org, handoff).await[0].to, "ines@customer.example", "nobody else forgets it");
    apply(store, org, vec![Change::Parcel(ParcelChange::Forget { handoff })]).await;
    let left: Vec<_> = seen(store, org, handoff).await;
    for parcel in &left {
        assert_eq!((parcel.to.as_str(), parcel.subject.as_str()), (FORGOTTEN, FORGOTTEN));
    }
    // Also what the server said of it, which names whom it refuses.
    let mut notes: Vec<_> = left.iter().map(|parcel| (parcel.state, parcel.note.as_deref())).collect();
    notes.sort_by_key(|(state, _)| *state == ParcelState::Sent);
    let unsent = (ParcelState::GivenUp, Some(FORGOTTEN));
    assert_eq!(notes, [unsent, unsent, unsent, (ParcelState::Sent, None)]);
    assert_eq!(store.claim_parcels(claim(9, 99, 9)).await.unwrap(), [(org, kept)]);
    assert_eq!(numbers(store, org, handoff).await, [("kickoff".to_owned(), 3, String::new())]);
    assert_eq!(numbers(store, org, other).await[0].1, 2);
}
