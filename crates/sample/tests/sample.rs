//! The sample beside real data: given, looked at, taken away.
#![expect(clippy::unwrap_used, reason = "a test's own plumbing")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use throughline_app::{
    App, AppError, Caller, ManualClock, deals::DealBody, orgs::calendar_in, people::NewPerson,
    portal::NewPortalPerson, sample::Sample,
};
use throughline_domain::{
    OrgId, PersonId, Role,
    access::{Action, Grant, Scope},
};
use throughline_sample::give;
use throughline_store::{HandoffFilter, PersonStatus, Reach, memory::MemoryStore};

const NOW: &str = "2026-11-23T10:00:00Z";

struct Acme {
    app: App,
    org: OrgId,
    admin: Caller,
}

/// A company with one person who may do everything, and a deal if wanted.
async fn acme() -> Acme {
    let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
    let app = App::new(Arc::new(MemoryStore::new()), clock);
    let org = app.create_org("acme", "Acme", calendar_in("Europe/Berlin").unwrap()).await.unwrap().id;
    let admin = person(&app, org, "Ada Holm", &[Role::Admin, Role::RevOps]).await;
    let admin = app.caller(org, admin).await.unwrap();
    Acme { app, org, admin }
}

async fn person(app: &App, org: OrgId, name: &str, roles: &[Role]) -> PersonId {
    let grants = roles.iter().map(|role| Grant { role: *role, scope: Scope::Organisation }).collect();
    let email = format!("{}@acme.example", name.split(' ').next().unwrap().to_lowercase());
    let new = NewPerson { name: name.to_owned(), email, grants, team: None };
    let (person, path) = app.invite(&Caller::system(org), new).await.unwrap();
    let key = path.split_once("key=").unwrap().1;
    app.welcome(key, "a long enough secret".to_owned()).await.unwrap();
    person.id
}

/// A real deal of the same number as one of the sample's, of a customer of the same name.
async fn a_real_deal(acme: &Acme) {
    let body = serde_json::json!({
        "source_time": NOW, "name": "Day planning", "account": "Halden Logistics", "stage": "Negotiation",
        "standing": "open", "probability": 60, "close_on": "2026-12-01",
    });
    let body: DealBody = serde_json::from_value(body).unwrap();
    let key = throughline_domain::deal::DealKey { source: "crm".into(), external_id: "D-1041".into() };
    acme.app.put_deal(&acme.admin, body.into_deal(key, acme.app.now()), Default::default()).await.unwrap();
}

async fn handoffs(app: &App, org: OrgId) -> u32 {
    app.store().count(org, &Reach::Organisation, &HandoffFilter::default(), 99).await.unwrap()
}

fn of<'s>(sample: &'s Sample, name: &str) -> &'s throughline_store::Person {
    sample.people.iter().find(|person| person.name == name).unwrap()
}

#[tokio::test]
async fn a_sample_has_a_deal_of_every_kind_and_none_of_it_is_among_the_real_ones() {
    let acme = acme().await;
    let sample = give(&acme.app, &acme.admin).await.unwrap();
    assert_eq!(sample.tally.handoffs, 11);
    assert_eq!(sample.people.len(), 11);
    let rows = acme
        .app
        .handoffs(&Caller::system(sample.id), HandoffFilter::default(), Default::default(), None, 99)
        .await
        .unwrap()
        .rows;
    for (stage, life) in [
        ("preparing", "live"),
        ("offered", "live"),
        ("assigned", "live"),
        ("owned", "live"),
        ("owned", "done"),
    ] {
        assert!(rows.iter().any(|row| row.stage == stage && row.life == life), "{stage} {life}");
    }
    assert!(rows.iter().any(|row| row.bypassed) && rows.iter().any(|row| row.open_waivers > 0));

    assert_eq!(handoffs(&acme.app, acme.org).await, 0);
    assert!(acme.app.is_new(&acme.admin).await.unwrap());
    let people = acme.app.list_people(&acme.admin, None, None, 99).await.unwrap().rows;
    assert_eq!(people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["Ada Holm"]);
    assert!(acme.app.csms(&acme.admin).await.unwrap().is_empty());
    assert!(acme.app.candidates(&acme.admin, Role::Csm).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_of_a_sample_signs_in_and_no_mail_leaves_it() {
    let acme = acme().await;
    let sent = Arc::new(Count::default());
    let from = throughline_messages::Mailbox::new("Handoffs", "handoffs@acme.example".parse().unwrap());
    let public_url = "https://handoffs.acme.example".to_owned();
    let app =
        acme.app.clone().with_mail(throughline_app::sweep::Outgoing { post: sent.clone(), from, public_url });
    let sample = give(&app, &acme.admin).await.unwrap();
    assert!(sample.people.iter().all(|person| person.email.is_none() && person.password.is_none()));
    assert!(sample.people.iter().all(|person| person.status == PersonStatus::Active));
    let refused = app.sign_in("amara@larkfield.example", String::new(), "").await;
    assert!(matches!(refused, Err(AppError::NotSignedIn)));
    // A customer let in there is made up, too, whatever their address.
    let luca = app.caller(sample.id, of(&sample, "Luca Moretti").id).await.unwrap();
    let rows =
        app.handoffs(&luca, HandoffFilter::default(), Default::default(), None, 99).await.unwrap().rows;
    let account = rows.iter().find(|row| row.stage == "owned").unwrap().account_id;
    let new = NewPortalPerson {
        name: "Ida".into(),
        email: "ida@real.example".into(),
        may_sign: false,
        again: false,
    };
    app.grant_portal(&luca, account, new).await.unwrap();
    for _ in 0..5 {
        app.sweep_clocks().await.unwrap();
        app.sweep_outbox().await.unwrap();
        app.sweep_post().await.unwrap();
        app.sweep_parcels().await.unwrap();
    }
    assert_eq!(sent.0.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn taken_away_nothing_of_it_is_left_and_nothing_real_is_touched() {
    let acme = acme().await;
    let sample = give(&acme.app, &acme.admin).await.unwrap();
    // Real data came in meanwhile, a deal of the same number among them.
    a_real_deal(&acme).await;
    person(&acme.app, acme.org, "Maya Lind", &[Role::Ae]).await;
    let before = acme.app.store().tally(acme.org).await.unwrap();

    let gone = acme.app.take_sample_away(&acme.admin).await.unwrap();
    assert_eq!((gone.id, gone.tally), (sample.id, sample.tally));
    let store = acme.app.store();
    assert_eq!(store.org(sample.id).await.unwrap(), None);
    assert_eq!(handoffs(&acme.app, sample.id).await, 0);
    assert!(store.people(sample.id, None, None, 9).await.unwrap().rows.is_empty());
    assert_eq!(acme.app.sample(&acme.admin).await.unwrap(), None);

    assert_eq!(store.tally(acme.org).await.unwrap(), before);
    assert_eq!(handoffs(&acme.app, acme.org).await, 1);
    assert_eq!(store.people(acme.org, None, None, 9).await.unwrap().rows.len(), 2);
    let log = store.audit(acme.org, None, 50).await.unwrap();
    let said = |action: &str| log.iter().filter(|(_, row)| row.action == action).count();
    assert_eq!((said("add-sample"), said("take-sample-away")), (1, 1));
    let again = acme.app.take_sample_away(&acme.admin).await;
    assert!(matches!(again, Err(AppError::NotFound("sample"))));
    // Another may follow.
    assert_ne!(give(&acme.app, &acme.admin).await.unwrap().id, sample.id);
}

#[tokio::test]
async fn there_is_one_sample_and_only_who_runs_the_company_adds_and_removes_it() {
    let acme = acme().await;
    let ae = person(&acme.app, acme.org, "Maya Lind", &[Role::Ae]).await;
    let ae = acme.app.caller(acme.org, ae).await.unwrap();
    assert!(matches!(give(&acme.app, &ae).await, Err(AppError::Forbidden(_))));
    let sample = give(&acme.app, &acme.admin).await.unwrap();
    assert!(matches!(give(&acme.app, &acme.admin).await, Err(AppError::Conflict(_))));
    assert!(matches!(acme.app.take_sample_away(&ae).await, Err(AppError::Forbidden(_))));
    let inside = give(&acme.app, &Caller::system(sample.id)).await;
    assert!(matches!(inside, Err(AppError::Conflict(_))));
    assert_eq!(acme.app.sample(&acme.admin).await.unwrap().unwrap().id, sample.id);
}

#[tokio::test]
async fn who_looks_as_somebody_of_it_acts_there_alone_and_comes_back() {
    let acme = acme().await;
    let sample = give(&acme.app, &acme.admin).await.unwrap();
    let me = acme.admin.person().unwrap();
    let secret = acme.app.open_session(acme.org, me, "a browser").await.unwrap();
    let elena = of(&sample, "Elena Varga").id;
    acme.app.look_as(&secret, Some(elena)).await.unwrap();
    let (caller, person) = acme.app.session_caller(&secret).await.unwrap();
    assert_eq!((caller.org, person.id), (sample.id, elena));
    // The process owner may do much; what is a company's own business is shut.
    caller.may(Action::Nominate).unwrap();
    for shut in [
        Action::ManagePeople,
        Action::ManageSettings,
        Action::ManageTokens,
        Action::ManagePlaybooks,
        Action::SendDeals,
    ] {
        assert!(matches!(caller.may(shut), Err(AppError::Forbidden(_))), "{shut:?}");
    }
    acme.app.look_as(&secret, None).await.unwrap();
    assert_eq!(acme.app.session_caller(&secret).await.unwrap().1.id, me);

    acme.app.look_as(&secret, Some(elena)).await.unwrap();
    acme.app.take_sample_away(&acme.admin).await.unwrap();
    assert_eq!(acme.app.session_caller(&secret).await.unwrap().1.id, me, "the sample is gone");
}

#[tokio::test]
async fn nobody_looks_as_somebody_who_is_not_of_their_own_sample() {
    let acme = acme().await;
    let sample = give(&acme.app, &acme.admin).await.unwrap();
    let me = acme.admin.person().unwrap();
    let other = acme.app.create_org("other", "Other", calendar_in("UTC").unwrap()).await.unwrap().id;
    let stranger = person(&acme.app, other, "Sten Alm", &[Role::Admin]).await;
    let secret = acme.app.open_session(other, stranger, "").await.unwrap();
    for whom in [of(&sample, "Amara Osei").id, me] {
        assert!(matches!(acme.app.look_as(&secret, Some(whom)).await, Err(AppError::NotFound(_))));
    }
    let secret = acme.app.open_session(acme.org, me, "").await.unwrap();
    for whom in [me, stranger] {
        assert!(matches!(acme.app.look_as(&secret, Some(whom)).await, Err(AppError::NotFound(_))));
    }
    // Signing out ends the session where it was begun.
    acme.app.look_as(&secret, Some(of(&sample, "Amara Osei").id)).await.unwrap();
    let (caller, _) = acme.app.session_caller(&secret).await.unwrap();
    acme.app.sign_out(&caller, &secret).await.unwrap();
    assert!(matches!(acme.app.session_caller(&secret).await, Err(AppError::NotSignedIn)));
}

/// A mail server that counts.
#[derive(Debug, Default)]
struct Count(AtomicUsize);

#[async_trait::async_trait]
impl throughline_messages::Post for Count {
    async fn send(&self, _: &throughline_messages::Mail) -> Result<(), throughline_messages::PostError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}
