//! Invitations go out, follow a meeting that moves, and are taken back (R3.4, R3.5, R0.6).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use throughline_app::{App, AppError, erase::Forget, meetings::DraftKind};
use throughline_domain::{
    HandoffId, Key, PersonId, Personal, Role,
    deal::Standing,
    handoff::{Command, command::*},
    record::{Body, Evidence, Stakeholder, StakeholderRole},
};
use throughline_messages::{Mail, MeetingKind, Method, PostError};
use throughline_store::ParcelState;

use crate::{
    company::{Company, deal},
    sweeps::{Server, sold, with_mail},
};

fn key(text: &str) -> Key {
    text.parse().unwrap()
}

fn text(text: &str) -> Personal {
    Personal::parse(text).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A deal with an AE, a nominated CSM and two people of the customer; one of them cannot be written to.
struct Case {
    company: Company,
    server: Arc<Server>,
    dana: PersonId,
    id: HandoffId,
}

async fn case() -> Case {
    let (mut company, dana, id) = sold().await;
    let server = with_mail(&mut company);
    let maya = company.join("maya", &[Role::Csm], None).await;
    let lee = company.join("lee", &[Role::CsLeader], None).await;
    let case = Case { company, server, dana, id };
    case.does(lee, Nominate { csm: maya }).await;
    case.knows("Ines", Some("Ines <ines@customer.example>, +49 30 1234"), StakeholderRole::ExecutiveSponsor)
        .await;
    case.knows("Tom", None, StakeholderRole::Champion).await;
    case
}

impl Case {
    async fn does(&self, who: PersonId, command: impl Into<Command>) {
        let caller = self.company.caller(who).await;
        self.company.app.handle(&caller, self.id, command, Default::default()).await.unwrap();
    }

    async fn knows(&self, name: &str, contact: Option<&str>, part: StakeholderRole) {
        let stakeholder = serde_json::json!({ "name": { "$personal": name }, "parts": [part] });
        let known: Stakeholder = serde_json::from_value(stakeholder).unwrap();
        let body = Body::Stakeholder(Stakeholder { contact: contact.map(text), ..known });
        self.does(self.dana, AddItem { body, evidence: Evidence::default(), reason: None }).await;
    }

    async fn plans(&self, step: &str, when: &str) {
        let (step, starts_at) = (key(step), at(when));
        let place = Some(text("https://meet.example/7"));
        self.does(self.dana, PlanMeeting { step, starts_at, minutes: None, place }).await;
    }

    /// What arrives when everybody has swept, of what has a calendar file: to whom, what it asks, its number.
    async fn arrives(&self) -> Vec<(String, Method, String)> {
        self.mails()
            .await
            .into_iter()
            .map(|mail| {
                let part = mail.calendar.unwrap();
                let number =
                    part.file.lines().find_map(|line| line.strip_prefix("SEQUENCE:")).unwrap().to_owned();
                (mail.to.address.to_string(), part.method, number)
            })
            .collect()
    }

    async fn mails(&self) -> Vec<Mail> {
        self.server.taken.lock().unwrap().clear();
        self.company.sweeps().await;
        while self.company.app.sweep_parcels().await.unwrap().taken > 0 {}
        let mut taken: Vec<Mail> = self.server.taken.lock().unwrap().clone();
        taken.retain(|mail| mail.calendar.is_some());
        taken.sort_by_key(|mail| mail.to.address.to_string());
        taken
    }
}

fn to(name: &str, method: Method, number: &str) -> (String, Method, String) {
    (name.to_owned(), method, number.to_owned())
}

const DANA: &str = "dana@acme.example";
const MAYA: &str = "maya@acme.example";
const INES: &str = "ines@customer.example";

#[tokio::test]
async fn an_internal_call_is_ours_alone_and_a_bridge_call_invites_the_customer() {
    let case = case().await;
    case.plans("internal_call", "2026-03-10T09:00:00Z").await;
    let invited = case.arrives().await;
    assert_eq!(invited, [to(DANA, Method::Request, "0"), to(MAYA, Method::Request, "0")]);
    case.plans("warm_intro", "2026-03-11T09:00:00Z").await;
    let mails = case.mails().await;
    let all: Vec<String> = mails.iter().map(|mail| mail.to.address.to_string()).collect();
    assert_eq!(all, [DANA, INES, MAYA]);
    let ines = &mails[1];
    assert_eq!(ines.from.name.as_ref().unwrap().as_str(), "dana (Acme)");
    assert_eq!(ines.from.address.as_str(), "handoffs@acme.example");
    assert_eq!(ines.reply_to.as_ref().unwrap().address.as_str(), DANA);
    let file = ines.calendar.as_ref().unwrap().file.replace("\r\n ", "");
    for line in ["DTSTART:20260311T090000Z", "LOCATION:https://meet.example/7", "URL:https://meet.example/7"]
    {
        assert!(file.lines().any(|one| one == line), "{line}\n{file}");
    }
    assert!(!ines.text.contains("Risk") && !file.contains("Risk"), "{}", ines.text);
    let meetings = case.company.app.meetings(&case.company.system(), case.id).await.unwrap();
    let bridge = meetings.iter().find(|one| one.kind == MeetingKind::BridgeCall).unwrap();
    let silent: Vec<&str> = bridge
        .guests
        .iter()
        .filter(|guest| guest.mailbox.is_none())
        .map(|guest| guest.name.as_str())
        .collect();
    assert_eq!((silent, bridge.told), (vec!["Tom"], Some(0)), "who cannot be invited is shown");
}

#[tokio::test]
async fn a_meeting_that_moves_is_told_under_the_next_number_and_once() {
    let case = case().await;
    case.plans("internal_call", "2026-03-10T09:00:00Z").await;
    case.arrives().await;
    case.plans("internal_call", "2026-03-10T11:00:00Z").await;
    let moved = case.arrives().await;
    assert_eq!(moved, [to(DANA, Method::Request, "1"), to(MAYA, Method::Request, "1")]);
    // What changes nothing for those who come is not told.
    case.knows("Olga", Some("olga@customer.example"), StakeholderRole::Operator).await;
    assert_eq!(case.arrives().await, []);
    case.does(case.dana, CallOffMeeting { step: key("internal_call"), reason: None }).await;
    let off = case.arrives().await;
    assert_eq!(off, [to(DANA, Method::Cancel, "2"), to(MAYA, Method::Cancel, "2")]);
    case.plans("internal_call", "2026-03-10T11:00:00Z").await;
    assert_eq!(case.arrives().await.len(), 2);
}

#[tokio::test]
async fn who_comes_no_more_is_told_and_who_is_new_is_invited() {
    let case = case().await;
    case.plans("internal_call", "2026-03-10T09:00:00Z").await;
    case.arrives().await;
    let emil = case.company.join("emil", &[Role::Ae], None).await;
    let ravi = case.company.app.organisation(case.company.org).await.unwrap().process_owner.unwrap();
    let reason = Some(text("Dana left"));
    case.does(ravi, SetSeat { role: Role::Ae, person: emil, contributors: [].into(), reason }).await;
    let mails = case.mails().await;
    let told: Vec<_> =
        mails.iter().map(|mail| (mail.to.address.as_str(), mail.calendar.as_ref().unwrap().method)).collect();
    assert_eq!(
        told,
        [(DANA, Method::Cancel), ("emil@acme.example", Method::Request), (MAYA, Method::Request)]
    );
    assert!(mails[0].text.contains("without you"), "{}", mails[0].text);
}

#[tokio::test]
async fn a_lost_deal_takes_its_invitations_back_and_one_won_again_sends_them_anew() {
    let case = case().await;
    case.plans("warm_intro", "2026-03-11T09:00:00Z").await;
    assert_eq!(case.arrives().await.len(), 3);
    let told = |standing, hours| {
        let source_time = at(crate::company::TODAY) + SignedDuration::from_hours(hours);
        throughline_domain::deal::Deal { standing, source_time, ..deal("1", Some("dana")) }
    };
    case.company.put(told(Standing::Lost, 1)).await;
    let off = case.arrives().await;
    assert_eq!(
        off,
        [to(DANA, Method::Cancel, "1"), to(INES, Method::Cancel, "1"), to(MAYA, Method::Cancel, "1")]
    );
    case.company.put(told(Standing::Open, 2)).await;
    let back = case.arrives().await;
    assert_eq!(
        back.iter().map(|(_, method, number)| (*method, number.as_str())).collect::<Vec<_>>(),
        [(Method::Request, "2"); 3]
    );
    // After its time nobody is told anything.
    case.company.clock.set(at("2026-03-12T09:00:00Z"));
    case.company.put(told(Standing::Lost, 3)).await;
    assert_eq!(case.arrives().await, []);
}

#[tokio::test]
async fn nodes_that_sweep_at_once_invite_once() {
    let case = case().await;
    case.plans("warm_intro", "2026-03-11T09:00:00Z").await;
    let nodes = (0..4).map(|_| case.company.app.clone());
    let sweeps = nodes.map(|app: App| {
        tokio::spawn(async move {
            for _ in 0..5 {
                app.sweep_outbox().await.unwrap();
                app.sweep_parcels().await.unwrap();
            }
        })
    });
    for sweep in sweeps.collect::<Vec<_>>() {
        sweep.await.unwrap();
    }
    let sent = case.company.app.sent_mail(&case.company.system(), case.id, None, 50).await.unwrap();
    assert_eq!(sent.len(), 3, "{sent:?}");
    assert!(sent.iter().all(|one| one.state == ParcelState::Sent), "{sent:?}");
}

#[tokio::test]
async fn a_mail_put_off_goes_later_and_one_refused_says_why() {
    let case = case().await;
    case.plans("internal_call", "2026-03-10T09:00:00Z").await;
    case.company.sweeps().await;
    case.server.answers.lock().unwrap().extend([PostError::never("no such user"), PostError::later("busy")]);
    case.company.app.sweep_parcels().await.unwrap();
    let sent = |case: &Case| {
        let (app, caller, id) = (case.company.app.clone(), case.company.system(), case.id);
        async move { app.sent_mail(&caller, id, None, 50).await.unwrap() }
    };
    let mut became: Vec<_> = sent(&case).await.into_iter().map(|one| (one.state, one.note)).collect();
    became.sort_by_key(|(state, _)| state.name());
    let note = |text: &str| Some(text.to_owned());
    assert_eq!(became, [(ParcelState::GivenUp, note("no such user")), (ParcelState::Waiting, note("busy"))]);
    case.company.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(case.company.app.sweep_parcels().await.unwrap().taken, 1);
    assert!(sent(&case).await.iter().any(|one| one.state == ParcelState::Sent));
}

#[tokio::test]
async fn what_is_erased_is_not_sent_and_the_meeting_stands() {
    let case = case().await;
    case.plans("warm_intro", "2026-03-11T09:00:00Z").await;
    case.company.sweeps().await;
    let admin = case.company.system();
    case.company.app.erase(&admin, case.id, &Forget::Mentioning("ines".to_owned())).await.unwrap();
    let told = case.arrives().await;
    assert!(told.iter().all(|(to, ..)| to != INES), "{told:?}");
    assert_eq!(told.len(), 2, "the others are invited anew");
    let sent = case.company.app.sent_mail(&admin, case.id, None, 50).await.unwrap();
    assert!(sent.iter().all(|one| !one.to.contains("ines") && !one.subject.contains("Ines")), "{sent:?}");
}

#[tokio::test]
async fn a_meeting_is_a_file_for_whoever_wants_it() {
    let case = case().await;
    let admin = case.company.system();
    let file = |kind| case.company.app.meeting_file(&admin, case.id, kind);
    assert!(matches!(file(MeetingKind::InternalCall).await, Err(AppError::NotFound(_))));
    case.plans("internal_call", "2026-03-10T09:00:00Z").await;
    case.arrives().await;
    case.plans("internal_call", "2026-03-10T11:00:00Z").await;
    case.arrives().await;
    let text = file(MeetingKind::InternalCall).await.unwrap();
    assert!(text.contains("SEQUENCE:1") && text.contains("METHOD:REQUEST"), "{text}");
    assert!(text.contains(&format!("UID:{}.internal_call@throughline", case.id)), "{text}");
}

#[tokio::test]
async fn a_summary_goes_to_those_who_matter_with_what_is_theirs() {
    let case = case().await;
    let recap = DraftKind::Recap(MeetingKind::BridgeCall);
    let draft = case.company.app.draft(&case.company.system(), case.id, recap).await.unwrap();
    assert_eq!(draft.to.iter().map(|one| one.as_str()).collect::<Vec<_>>(), [INES]);
    assert!(draft.text.contains("Ines") && draft.text.contains("Tom"), "{}", draft.text);
    let system = case.company.system();
    let other = DraftKind::Recap(MeetingKind::InternalCall);
    let none = case.company.app.draft(&system, case.id, other).await;
    assert!(matches!(none, Err(AppError::NotFound(_))));
}
