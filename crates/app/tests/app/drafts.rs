//! Drafts of playbooks: kept whatever is wrong with them, never over somebody else's, tried on deals, published whole.

use throughline_app::{AppError, drafts::Preview, playbooks::PublishError};
use throughline_domain::{
    Role,
    gate::Verdict,
    playbook::{Gate, shipped},
};

use crate::company::{deal, staffed};

fn default() -> &'static str {
    shipped::source("default").unwrap()
}

#[tokio::test]
async fn a_draft_is_kept_with_its_faults_and_not_over_somebody_else_s() {
    let company = staffed().await;
    let ravi = company.join("ravi-2", &[Role::RevOps], None).await;
    let ravi = company.caller(ravi).await;
    let app = &company.app;
    assert_eq!(app.playbook_draft(&ravi, "default").await.unwrap(), None);
    let first = app.keep_playbook_draft(&ravi, "default", "playbook: [\r\n", Some(0)).await.unwrap();
    assert_eq!((first.version, first.source.as_deref(), first.based_on), (1, Some("playbook: [\n"), Some(1)));
    let again = app.keep_playbook_draft(&ravi, "default", "playbook: [\n", Some(1)).await.unwrap();
    assert_eq!(again, first, "the same text is no change");
    let stale = app.keep_playbook_draft(&ravi, "default", "x", Some(0)).await;
    assert!(matches!(stale, Err(AppError::Stale { current: 1 })), "{stale:?}");
    assert!(matches!(
        app.publish_playbook_draft(&ravi, "default", Some(1), None).await,
        Err(PublishError::Faulty(_))
    ));
    app.drop_playbook_draft(&ravi, "default", Some(1)).await.unwrap();
    assert_eq!(app.playbook_draft(&ravi, "default").await.unwrap(), None);
    let late = app.keep_playbook_draft(&ravi, "default", "x", Some(1)).await;
    assert!(matches!(late, Err(AppError::Stale { current: 2 })), "a dropped draft is known still: {late:?}");
    let long = "x".repeat(600 * 1024);
    for refused in [long.as_str(), "a\0b"] {
        let refused = app.keep_playbook_draft(&ravi, "default", refused, None).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })));
    }
    assert!(matches!(
        app.keep_playbook_draft(&ravi, "No Name", "x", None).await,
        Err(AppError::NotFound("playbook"))
    ));
}

#[tokio::test]
async fn who_may_not_publish_may_not_draft() {
    let company = staffed().await;
    let dana = company.join("dana-2", &[Role::Ae, Role::CsLeader], None).await;
    let dana = company.caller(dana).await;
    let app = &company.app;
    assert!(matches!(app.playbook_draft(&dana, "default").await, Err(AppError::Forbidden(_))));
    assert!(matches!(app.playbook_drafts(&dana).await, Err(AppError::Forbidden(_))));
    assert!(matches!(
        app.keep_playbook_draft(&dana, "default", "x", None).await,
        Err(AppError::Forbidden(_))
    ));
    assert!(matches!(app.drop_playbook_draft(&dana, "default", None).await, Err(AppError::Forbidden(_))));
    assert!(matches!(
        app.preview_playbook(&dana, default()).await,
        Err(PublishError::App(AppError::Forbidden(_)))
    ));
    assert!(matches!(
        app.publish_playbook_draft(&dana, "default", None, None).await,
        Err(PublishError::App(AppError::Forbidden(_)))
    ));
}

#[tokio::test]
async fn a_published_draft_is_a_version_and_no_draft_any_more() {
    let company = staffed().await;
    let ravi = company.join("ravi-2", &[Role::RevOps], None).await;
    let ravi = company.caller(ravi).await;
    let app = &company.app;
    let new = default().replace("required_at_most: 12", "required_at_most: 11");
    let draft = app.keep_playbook_draft(&ravi, "default", &new, None).await.unwrap();
    assert_eq!(app.playbook_drafts(&ravi).await.unwrap().len(), 1);
    let of = app.publish_playbook_draft(&ravi, "default", Some(draft.version), None).await.unwrap();
    assert_eq!((of.name.as_str(), of.version), ("default", 2));
    assert_eq!(app.show_playbook(&ravi, "default", None).await.unwrap().0.source, new);
    assert_eq!(app.playbook_drafts(&ravi).await.unwrap(), []);
    let next = app.keep_playbook_draft(&ravi, "default", "x", Some(2)).await.unwrap();
    assert_eq!((next.version, next.based_on), (3, Some(2)));
}

#[tokio::test]
async fn a_preview_says_what_changes_and_how_the_last_deals_would_fare() {
    let company = staffed().await;
    let ravi = company.join("ravi-2", &[Role::RevOps], None).await;
    let ravi = company.caller(ravi).await;
    for number in ["1", "2", "3"] {
        company.opened(deal(number, Some("dana"))).await;
    }
    let same = company.app.preview_playbook(&ravi, default()).await.unwrap();
    assert_eq!((same.against, same.changes.len(), same.open, same.deals.len()), (Some(1), 0, 3, 3));
    assert!(same.deals.iter().all(|deal| !deal.trial.differs()));

    // A gate that demands nothing but what every deal has not.
    let new = default().replacen("demands: [record, commitments]", "demands: [commitments]", 1);
    let Preview { changes, gates, deals, of, .. } = company.app.preview_playbook(&ravi, &new).await.unwrap();
    assert_eq!((of.version, changes.len()), (2, 1));
    let handoff = gates.iter().find(|count| count.gate == Gate::Handoff).unwrap();
    assert_eq!((handoff.before.refused, handoff.after.pass), (3, 3));
    let kickoff = gates.iter().find(|count| count.gate == Gate::Kickoff).unwrap();
    assert_eq!(kickoff.before, kickoff.after);
    let trial = &deals.first().unwrap().trial.gates[0];
    assert_eq!((trial.before, trial.after), (Verdict::Refused, Verdict::Pass));
    assert!(trial.asked_anew.is_empty() && trial.asked_no_more.len() >= 9, "{trial:?}");

    let other = default().replace("playbook: default", "playbook: ours");
    let first = company.app.preview_playbook(&ravi, &other).await.unwrap();
    assert_eq!((first.against, first.of.version, first.deals.len()), (None, 1, 0));
}

#[tokio::test]
async fn a_version_that_came_meanwhile_is_not_undone_unseen() {
    let company = staffed().await;
    let ravi = company.join("ravi-2", &[Role::RevOps], None).await;
    let ravi = company.caller(ravi).await;
    let app = &company.app;
    let mine = default().replace("required_at_most: 12", "required_at_most: 11");
    let theirs = default().replace("required_at_most: 12", "required_at_most: 10");
    let draft = app.keep_playbook_draft(&ravi, "default", &mine, None).await.unwrap();
    let seen = app.preview_playbook(&ravi, &mine).await.unwrap().against;
    app.publish_playbook(&ravi, &theirs).await.unwrap();
    for over in [None, seen] {
        let refused = app.publish_playbook_draft(&ravi, "default", Some(draft.version), over).await;
        assert!(matches!(refused, Err(PublishError::App(AppError::Conflict(_)))), "{over:?}: {refused:?}");
    }
    let seen = app.preview_playbook(&ravi, &mine).await.unwrap().against;
    let of = app.publish_playbook_draft(&ravi, "default", Some(draft.version), seen).await.unwrap();
    assert_eq!(of.version, 3);
}

#[tokio::test]
async fn a_draft_does_not_become_a_version_of_another_playbook() {
    let company = staffed().await;
    let ravi = company.join("ravi-2", &[Role::RevOps], None).await;
    let ravi = company.caller(ravi).await;
    let app = &company.app;
    let other = default().replace("playbook: default", "playbook: governed-gate");
    app.keep_playbook_draft(&ravi, "default", &other, None).await.unwrap();
    let refused = app.publish_playbook_draft(&ravi, "default", None, Some(1)).await;
    assert!(
        matches!(&refused, Err(PublishError::App(AppError::Invalid { field, .. })) if field == "playbook"),
        "{refused:?}"
    );
    let new = default().replace("playbook: default", "playbook: ours");
    app.keep_playbook_draft(&ravi, "default", &new, None).await.unwrap();
    let of = app.publish_playbook_draft(&ravi, "default", None, None).await.unwrap();
    assert_eq!((of.name.as_str(), of.version), ("ours", 1));
}
