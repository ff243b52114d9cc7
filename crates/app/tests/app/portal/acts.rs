//! What they do there, and who hears of it.

use super::*;

#[tokio::test]
async fn the_customer_answers_for_their_goals_and_the_plan_and_the_csm_hears_of_it() {
    let office = office().await;
    office.grants(INES, false).await;
    let visitor = office.visitor(INES).await;
    let view = office.app().portal_view(&visitor, office.id).await.unwrap();
    assert_eq!((view.answerable.name.as_str(), view.company.as_str()), ("dana", "Acme"));
    let criterion = view.criteria[0].item;
    assert!(view.needs.contains(&PortalNeed::Criterion { item: criterion }));
    assert!(!view.needs.contains(&PortalNeed::Signature), "who may not sign is not asked to");
    let plan = view.plan.unwrap();
    let theirs = plan.milestones.iter().find(|one| one.side == Side::Customer).unwrap().id;
    let does = async |act| office.app().portal_act(&visitor, office.id, act).await;

    let words = Some(text("Close the month in two days"));
    let read = view.criteria[0].imprint.clone();
    does(PortalAct::Criterion { item: criterion, read, words }).await.unwrap();
    let prerequisite = plan.prerequisites[0].id.clone();
    does(PortalAct::Commit { prerequisite: prerequisite.clone() }).await.unwrap();
    let owner = Some(text("Jon Park"));
    does(PortalAct::Own(command::OwnMilestone { id: theirs, owner })).await.unwrap();
    does(PortalAct::Comment(command::CommentPlan { milestone: Some(theirs), text: text("From May") }))
        .await
        .unwrap();
    let milestone = Milestone {
        title: text("Finance trained"),
        side: Side::Us,
        owner: None,
        due_on: None,
        reached_on: None,
    };
    does(PortalAct::Propose(command::ProposeMilestone { of: None, milestone })).await.unwrap();
    does(PortalAct::Complete(command::CompleteMilestone { id: theirs, on: None })).await.unwrap();

    let view = office.app().portal_view(&visitor, office.id).await.unwrap();
    assert_eq!(view.criteria[0].words, "Close the month in two days");
    assert!(!view.needs.contains(&PortalNeed::Criterion { item: criterion }));
    assert!(!view.needs.contains(&PortalNeed::Prerequisite { prerequisite: prerequisite.clone() }));
    let plan = view.plan.unwrap();
    let comment = &plan.milestones.iter().find(|one| one.id == theirs).unwrap().comments[0];
    assert_eq!((comment.by.as_deref(), comment.ours), (Some("Ines Calloway"), true));
    assert_eq!((plan.proposals[0].title.as_str(), plan.proposals[0].accepted), ("Finance trained", None));

    let handoff = office.handoff().await;
    let committed = &handoff.plan.as_ref().unwrap().prerequisites[&prerequisite];
    assert_eq!(committed.evidence.source, Some(Source::Portal));
    assert!(committed.by.is_customer());
    let Body::Criterion(criterion) = &handoff.record.items[&criterion].body else { panic!() };
    assert!(!criterion.confirmation.as_ref().unwrap().still_accurate);

    let answerable = handoff.answerable();
    office.company.sweeps().await;
    let letters = office.app().store().letters(office.company.org, Some(answerable), None, 50).await.unwrap();
    let told = letters.iter().filter(|letter| letter.subject.contains("the customer proposed"));
    assert_eq!(told.count(), 1, "{letters:?}");
}

#[tokio::test]
async fn whoever_proposed_is_mailed_once_when_it_is_answered_and_nothing_of_it_is_in_the_mail() {
    let office = office().await;
    let ines = office.grants(INES, false).await;
    let visitor = office.visitor(INES).await;
    let propose = async |title: &str| {
        let milestone =
            Milestone { title: text(title), side: Side::Us, owner: None, due_on: None, reached_on: None };
        let act = PortalAct::Propose(command::ProposeMilestone { of: None, milestone });
        let handled = office.app().portal_act(&visitor, office.id, act).await.unwrap();
        *handled.loaded.handoff.plan.unwrap().open_proposals().last().unwrap().0
    };
    let csm = office.csm().await;
    let answers = async |proposal, accept: bool| {
        let reason = (!accept).then(|| text("Berlin is closed in May"));
        let answer = command::AnswerProposal { proposal, accept, reason };
        does(&office.company, &csm, office.id, answer).await;
        office.company.sweeps().await;
    };
    let before = office.mails_to(INES).await.len();
    answers(propose("Finance trained").await, true).await;
    answers(propose("Berlin in May").await, false).await;
    let mails = office.mails_to(INES).await.split_off(before);
    assert_eq!(mails.len(), 2, "{mails:?}");
    assert!(
        mails[0].subject.as_str().contains("your proposal is in the plan"),
        "{}",
        mails[0].subject.as_str()
    );
    for mail in &mails {
        assert!(mail.text.contains(&format!("/portal?at={}", office.account)), "{}", mail.text);
        assert!(!mail.text.contains("key=") && !mail.text.contains("Berlin"), "{}", mail.text);
    }
    // Who is not let in any more hears nothing.
    let proposal = propose("Paris in June").await;
    office.app().revoke_portal(&csm, office.account, ines.id).await.unwrap();
    answers(proposal, true).await;
    assert_eq!(office.mails_to(INES).await.len(), before + 2);
}

#[tokio::test]
async fn a_goal_that_changed_under_its_reader_is_not_confirmed() {
    let office = office().await;
    office.grants(INES, false).await;
    office.grants(JON, false).await;
    let visitor = office.visitor(INES).await;
    let read = office.app().portal_view(&visitor, office.id).await.unwrap().criteria.remove(0);
    let item = read.item;
    let says = async |read: &str| {
        let act = PortalAct::Criterion { item, read: read.to_owned(), words: None };
        office.app().portal_act(&visitor, office.id, act).await.map(|_| ())
    };
    // A colleague of hers puts it otherwise meanwhile.
    let colleague = office.visitor(JON).await;
    let words = Some(text("Close the month in two days"));
    let act = PortalAct::Criterion { item: read.item, read: read.imprint.clone(), words };
    office.app().portal_act(&colleague, office.id, act).await.unwrap();
    let refused = says(&read.imprint).await;
    assert!(matches!(refused, Err(AppError::Refused(Refusal::OutOfTurn { .. }))), "{refused:?}");
    let Body::Criterion(held) = &office.handoff().await.record.items[&read.item].body else { panic!() };
    assert!(!held.confirmation.as_ref().unwrap().still_accurate, "as he left it");
    let now = office.app().portal_view(&visitor, office.id).await.unwrap().criteria.remove(0);
    says(&now.imprint).await.unwrap();
}

#[tokio::test]
async fn a_visitor_does_nothing_that_is_not_theirs() {
    let office = office().await;
    office.grants(INES, true).await;
    let visitor = office.visitor(INES).await;
    let ours = office.handoff().await.plan.unwrap().milestones;
    let ours = ours.iter().find(|(_, one)| one.side == Side::Us).map(|(id, _)| *id).unwrap();
    let act = PortalAct::Complete(command::CompleteMilestone { id: ours, on: None });
    let own = PortalAct::Own(command::OwnMilestone { id: ours, owner: Some(text("Me")) });
    let strange = PortalAct::Own(command::OwnMilestone {
        id: MilestoneId(office.app().fresh_id()),
        owner: Some(text("Me")),
    });
    for (act, yours) in [(act, false), (own, false), (strange, true)] {
        match office.app().portal_act(&visitor, office.id, act).await.map(|_| ()) {
            Err(AppError::Refused(Refusal::NotYours(_))) => assert!(!yours),
            Err(AppError::Refused(Refusal::Unknown { .. })) => assert!(yours),
            other => panic!("{other:?}"),
        }
    }
}
