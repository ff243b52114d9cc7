//! Who answers for a deal, and who may open it.

use throughline_app::{
    AppError,
    deals::{DealOptions, Taken},
    orgs::Settings,
};
use throughline_domain::{Role, access::Action, deal::DealKey};

use crate::company::{company, deal, staffed};

fn key(id: &str) -> DealKey {
    DealKey { source: "crm".to_owned(), external_id: id.to_owned() }
}

#[tokio::test]
async fn the_holder_of_the_role_the_playbook_names_owns_the_process() {
    let company = staffed().await;
    let ravi = company.app.organisation(company.org).await.unwrap().process_owner.unwrap();
    // The default playbook names RevOps, `four-domains` the CS leader.
    assert_eq!(company.opened(deal("1", None)).await.process_owner, ravi);
    let settings = Settings { playbook: Some("four-domains".to_owned()), ..Settings::default() };
    company.app.change_settings(&company.system(), settings).await.unwrap();
    assert_eq!(company.opened(deal("2", None)).await.process_owner, ravi, "nobody leads CS yet");
    let lee = company.join("lee", &[Role::CsLeader], None).await;
    let lou = company.join("lou", &[Role::CsLeader], None).await;
    assert_eq!(company.opened(deal("3", None)).await.process_owner, lee, "who has been it longest");
    let settings = Settings { process_owner: Some(lou), ..Settings::default() };
    company.app.change_settings(&company.system(), settings).await.unwrap();
    assert_eq!(
        company.opened(deal("4", None)).await.process_owner,
        lou,
        "whom the organisation chose among them"
    );
}

#[tokio::test]
async fn without_anybody_to_own_the_process_a_record_does_not_open_and_the_refusal_says_whom_to_invite() {
    let company = company().await;
    let options = DealOptions { open_now: true, ..DealOptions::default() };
    let refused = company.app.put_deal(&company.system(), deal("1", None), options).await;
    assert!(
        matches!(&refused, Err(AppError::Conflict(why)) if why.contains("rev_ops")),
        "{:?}",
        refused.err()
    );
}

#[tokio::test]
async fn a_record_is_opened_by_hand_by_whoever_it_would_belong_to() {
    let company = staffed().await;
    let team = company.app.put_team(&company.system(), None, "North", None).await.unwrap().id;
    let dana = company.join("dana", &[Role::Ae], Some(team)).await;
    let emil = company.join("emil", &[Role::Ae], None).await;
    let mona = company.join("mona", &[Role::AeManager], Some(team)).await;
    let otto = company.join("otto", &[Role::AeManager], None).await;
    for id in ["1", "2"] {
        assert_eq!(company.put(deal(id, Some("dana"))).await.taken, Taken::Kept);
    }
    for stranger in [emil, otto] {
        let stranger = company.caller(stranger).await;
        let refused = company.app.open_deal(&stranger, &key("1")).await;
        assert!(matches!(refused, Err(AppError::NotFound("deal"))));
        assert!(matches!(
            company.app.known_deal(&stranger, &key("1")).await,
            Err(AppError::NotFound("deal"))
        ));
        // Nor by saying that it is one's own.
        let options = DealOptions { open_now: true, ..DealOptions::default() };
        let claimed = company.app.put_deal(&stranger, deal("1", Some("emil")), options).await;
        assert!(matches!(claimed, Err(AppError::NotFound("deal"))));
        let told = company.app.put_deal(&stranger, deal("new", Some("dana")), options).await;
        assert!(matches!(told, Err(AppError::Forbidden(Action::Open))));
    }
    for (opener, id) in [(dana, "1"), (mona, "2")] {
        let opener = company.caller(opener).await;
        assert!(company.app.known_deal(&opener, &key(id)).await.unwrap().1.is_none());
        assert_eq!(company.app.open_deal(&opener, &key(id)).await.unwrap().taken, Taken::Opened);
    }
    // Once it has a handoff, it is nobody else's either.
    let emil = company.caller(emil).await;
    let options = DealOptions { open_now: true, ..DealOptions::default() };
    let changed = company.app.put_deal(&emil, deal("1", Some("emil")), options).await;
    assert!(matches!(changed, Err(AppError::NotFound("deal"))));
}

#[tokio::test]
async fn a_record_opened_by_hand_on_older_news_hears_the_newer_ones_that_were_kept() {
    let company = staffed().await;
    let older = deal("1", Some("dana"));
    let mut newer = older.clone();
    newer.source_time += jiff::SignedDuration::from_hours(3);
    newer.name = "Rollout, twice as large".to_owned();
    assert_eq!(company.put(newer.clone()).await.taken, Taken::Kept);
    let opened = company.opened(older.clone()).await;
    assert_eq!((&opened.deal.name, opened.deal.source_time), (&newer.name, newer.source_time));
    let (kept, handoff) = company.app.known_deal(&company.system(), &older.key).await.unwrap();
    assert_eq!((kept.name, handoff), (newer.name, Some(opened.id)));
}
