//! What the customer does themselves, in the portal (R3.9, R4.1, R4.2).

use throughline_domain::{
    Actor, ItemId, MilestoneId, ProposalId,
    access::{customer_may, customer_right, customers_alone},
    handoff::{Command, CustomerAct, Message, Milestone, Plan, PlanForm, Proof, Recipient, Refusal},
    record::{Body, Criterion, Evidence, Side, Source},
};

use super::*;

/// Owned by Maya since Monday 2026-03-30, with the plan open.
fn open() -> Play {
    let mut play = owned();
    play.at("2026-04-20 09:00").as_(MAYA).does(OpenPlan {});
    play
}

fn plan(play: &Play) -> &Plan {
    play.handoff().plan.as_ref().unwrap()
}

fn milestone_of(play: &Play, side: Side) -> MilestoneId {
    plan(play).milestones.iter().find(|(_, one)| one.side == side).map(|(id, _)| *id).unwrap()
}

fn wished(title: &str) -> Milestone {
    Milestone { title: text(title), side: Side::Us, owner: None, due_on: None, reached_on: None }
}

fn in_portal() -> Evidence {
    let (source, speaker) = (Some(Source::Portal), Some(text("Ines Vega")));
    Evidence { source, speaker, ..Evidence::default() }
}

fn proof(play: &Play) -> Proof {
    Proof::MailedCode { mailbox: text("ines@customer.example"), at: play.now() }
}

fn signs(play: &Play) -> SignPlan {
    let (imprint, proof) = (plan(play).imprint(), proof(play));
    let company = Some("Northwind".to_owned());
    SignPlan { name: text("Ines Vega"), imprint, consent: "a1".repeat(32), proof, company }
}

fn proposed(play: &mut Play, of: Option<MilestoneId>, title: &str) -> ProposalId {
    play.as_customer().does(ProposeMilestone { of, milestone: wished(title) });
    *plan(play).open_proposals().last().unwrap().0
}

fn told(play: &Play) -> Vec<(Recipient, CustomerAct)> {
    let acts = play.told.iter().filter_map(|intent| match intent.message {
        Message::CustomerActed { act } => Some((intent.to, act)),
        _ => None,
    });
    acts.collect()
}

fn invalid(play: &mut Play, command: impl Into<Command>, named: &str) {
    match play.tries(command) {
        Err(Refusal::Invalid { field, .. }) => assert_eq!(field, named),
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_proposed_is_told_what_came_of_it_and_nobody_else_of_theirs() {
    let mut play = open();
    let proposal = proposed(&mut play, None, "Finance trained by May");
    play.told.clear();
    play.as_(MAYA).does(AnswerProposal { proposal, accept: true, reason: None });
    let told: Vec<_> = play.told.iter().filter(|one| matches!(one.to, Recipient::Customer { .. })).collect();
    let [one] = told[..] else { panic!("{told:?}") };
    assert_eq!(one.to, Recipient::Customer { id: INES });
    assert_eq!(one.message, Message::ProposalAnswered { accepted: true });
}

#[test]
fn what_we_say_is_told_to_who_speaks_with_us_and_else_to_all_of_theirs_but_once() {
    let mut play = open();
    let milestone = Some(milestone_of(&play, Side::Us));
    let hears = |play: &mut Play, milestone: Option<MilestoneId>, words: &str| {
        play.told.clear();
        play.does(CommentPlan { milestone, text: text(words) });
        let told = play.told.iter().filter(|one| one.message == Message::PlanCommented);
        told.map(|one| one.to).collect::<Vec<_>>()
    };
    play.as_(MAYA);
    assert_eq!(hears(&mut play, None, "Welcome"), [Recipient::Customers]);
    assert_eq!(hears(&mut play, None, "All of you"), [], "they were told a moment ago");
    assert_eq!(hears(&mut play, milestone, "Who takes part?"), [Recipient::Customers], "of another matter");
    play.at("2026-04-20 10:00");
    assert_eq!(hears(&mut play, None, "And you?"), [Recipient::Customers], "an hour later");
    play.as_customer();
    assert_eq!(hears(&mut play, None, "Thanks"), [], "their own words are no news to them");
    play.as_(MAYA);
    assert_eq!(hears(&mut play, None, "Gladly"), [Recipient::Customer { id: INES }]);
}

#[test]
fn what_the_customer_proposes_is_in_the_plan_once_it_is_accepted() {
    let mut play = open();
    let before = plan(&play).milestones.clone();
    let wish = ProposeMilestone { of: None, milestone: wished("Finance trained by May") };
    play.as_customer().does(wish.clone()).repeats(wish.clone());
    assert_eq!(plan(&play).milestones, before, "not yet");
    let (proposal, _) = plan(&play).open_proposals().next().unwrap();
    let accept = AnswerProposal { proposal: *proposal, accept: true, reason: None };
    play.refused(accept.clone());
    play.as_(MAYA).refused(wish);
    play.does(accept.clone()).repeats(accept.clone());
    assert!(plan(&play).milestones.values().any(|one| one.title == text("Finance trained by May")));
    assert_eq!(plan(&play).milestones.len(), before.len() + 1);
    assert_eq!(plan(&play).open_proposals().count(), 0);
    let turned = AnswerProposal { accept: false, reason: Some(text("On second thought")), ..accept };
    assert!(matches!(play.tries(turned), Err(Refusal::OutOfTurn { .. })));
}

#[test]
fn a_proposal_is_declined_with_a_reason_the_customer_reads() {
    let mut play = open();
    let id = milestone_of(&play, Side::Us);
    let proposal = proposed(&mut play, Some(id), "A week earlier");
    let declines = |reason| AnswerProposal { proposal, accept: false, reason };
    invalid(play.as_(MAYA), declines(None), "reason");
    let before = plan(&play).milestones.clone();
    play.does(declines(Some(text("The data come on Friday"))));
    assert_eq!(plan(&play).milestones, before);
    let answer = plan(&play).proposals[&proposal].answer.as_ref().unwrap();
    assert_eq!((answer.accepted, answer.by), (false, Actor::Person { id: MAYA }));
}

#[test]
fn an_accepted_change_of_a_milestone_leaves_what_was_reached_and_ends_the_confirmation() {
    let mut play = open();
    let id = milestone_of(&play, Side::Us);
    let on = Some(play.today());
    play.does(CompleteMilestone { id, on }).planned();
    let proposal = proposed(&mut play, Some(id), "First use case in all offices");
    assert!(plan(&play).confirmed.is_some(), "a proposal changes nothing that was agreed");
    play.as_(MAYA).does(AnswerProposal { proposal, accept: true, reason: None });
    assert_eq!(plan(&play).milestones[&id].reached_on, on);
    assert_eq!(plan(&play).milestones[&id].title, text("First use case in all offices"));
    assert!(plan(&play).confirmed.is_none());
}

#[test]
fn an_accepted_change_takes_what_the_customer_changed_and_nothing_else() {
    let mut play = open();
    let id = milestone_of(&play, Side::Us);
    let held = plan(&play).milestones[&id].clone();
    let sooner = Milestone { due_on: Some(play.today()), ..held.clone() };
    play.as_customer().does(ProposeMilestone { of: Some(id), milestone: sooner });
    let proposal = *plan(&play).open_proposals().last().unwrap().0;
    // Meanwhile others name it anew and give it an owner.
    let (title, owner) = (text("First use case, in both offices"), Some(text("Jon Park")));
    let milestone = Milestone { title: title.clone(), owner: owner.clone(), ..held };
    play.as_(MAYA).does(SetMilestone { id: Some(id), milestone });
    play.does(AnswerProposal { proposal, accept: true, reason: None });
    let now = &plan(&play).milestones[&id];
    assert_eq!((&now.title, &now.owner, now.due_on), (&title, &owner, Some(play.today())));
}

#[test]
fn what_both_sides_changed_is_not_taken_over_unseen() {
    let mut play = open();
    let id = milestone_of(&play, Side::Us);
    let held = plan(&play).milestones[&id].clone();
    let due = |day: &str| Milestone { due_on: Some(day.parse().unwrap()), ..held.clone() };
    play.as_customer().does(ProposeMilestone { of: Some(id), milestone: due("2026-06-01") });
    let proposal = *plan(&play).open_proposals().last().unwrap().0;
    play.as_(MAYA).does(SetMilestone { id: Some(id), milestone: due("2026-06-08") });
    let accept = AnswerProposal { proposal, accept: true, reason: None };
    assert!(matches!(play.tries(accept.clone()), Err(Refusal::OutOfTurn { .. })));
    assert_eq!(plan(&play).milestones[&id].due_on, due("2026-06-08").due_on);
    // The same change made by both is no quarrel.
    play.does(SetMilestone { id: Some(id), milestone: due("2026-06-01") }).does(accept);
}

#[test]
fn a_proposal_is_no_book() {
    let mut play = open();
    play.as_customer();
    let long = |title: usize, owner: usize| {
        let (title, owner) = (text(&"x".repeat(title)), Some(text(&"x".repeat(owner))));
        ProposeMilestone { of: None, milestone: Milestone { title, owner, ..wished("x") } }
    };
    invalid(&mut play, long(501, 200), "milestone.title");
    invalid(&mut play, long(500, 201), "milestone.owner");
    play.does(long(500, 200));
    let theirs = milestone_of(&play, Side::Customer);
    invalid(&mut play, OwnMilestone { id: theirs, owner: Some(text(&"x".repeat(201))) }, "owner");
}

#[test]
fn one_customer_says_sixty_things_within_an_hour_and_leaves_room_for_us() {
    let mut play = open();
    let says = |number: usize| CommentPlan { milestone: None, text: text(&format!("Remark {number}")) };
    for hour in 0..7 {
        play.at(&format!("2026-04-20 {:02}:00", 10 + hour)).as_customer();
        let most = if hour == 6 { 40 } else { 60 };
        for number in 0..most {
            play.does(says(hour * 100 + number));
        }
        invalid(&mut play, says(9_999), "text");
        play.as_(MAYA).does(CommentPlan { milestone: None, text: text(&format!("Answer {hour}")) });
    }
    play.at("2026-04-21 10:00").as_customer();
    invalid(&mut play, says(9_999), "text");
    play.as_(MAYA).does(says(9_999));
}

fn criterion(play: &Play, item: ItemId) -> &Criterion {
    match &play.handoff().record.items[&item].body {
        Body::Criterion(criterion) => criterion,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_customer_answers_for_the_goal_they_read_and_once() {
    let mut play = open();
    let mut goals =
        play.handoff().record.items.iter().filter(|(_, one)| matches!(one.body, Body::Criterion(_)));
    let item = *goals.next_back().unwrap().0;
    let says = |play: &Play, read: Option<&str>, words: Option<&str>| ConfirmCriterion {
        item,
        still_accurate: words.is_none(),
        read: read.map(str::to_owned),
        words: words.map(text),
        at: play.now(),
        evidence: in_portal(),
    };
    let read = criterion(&play, item).imprint();
    // Meanwhile we measure it otherwise.
    let changed = Criterion { measure: Some(text("By the auditors")), ..criterion(&play, item).clone() };
    play.as_(MAYA).does(ChangeItem {
        item,
        body: Body::Criterion(changed),
        evidence: evidence(),
        reason: None,
    });
    play.as_customer();
    for words in [None, Some("Close the month in one day")] {
        let stale = says(&play, Some(&read), words);
        assert!(matches!(play.tries(stale), Err(Refusal::OutOfTurn { .. })));
        let blind = says(&play, None, words);
        invalid(&mut play, blind, "read");
    }
    let long = "x".repeat(2_001);
    let long = says(&play, Some(&read), Some(&long));
    invalid(&mut play, long, "words");
    let now = criterion(&play, item).imprint();
    let right = says(&play, Some(&now), None);
    play.does(right.clone());
    assert!(criterion(&play, item).confirmation.as_ref().unwrap().still_accurate);
    // Pressed again a minute later it is the same answer, and their new words are said once, too.
    play.at("2026-04-20 09:01");
    let again = says(&play, Some(&now), None);
    play.repeats(again);
    let other = says(&play, Some(&now), Some("Close the month in one day"));
    play.does(other.clone()).at("2026-04-20 09:02");
    let again = ConfirmCriterion { at: play.now(), ..other };
    play.repeats(again);
    // Whoever works on the plan names what they read, or not.
    let noted = |read: Option<String>| ConfirmCriterion { read, evidence: evidence(), ..right.clone() };
    assert!(matches!(play.as_(MAYA).tries(noted(Some(now))), Err(Refusal::OutOfTurn { .. })));
    play.does(noted(None));
    // A goal that is measured otherwise is another, which nobody answered for yet.
    let changed = Criterion { measure: None, ..criterion(&play, item).clone() };
    play.does(ChangeItem { item, body: Body::Criterion(changed), evidence: evidence(), reason: None });
    assert_eq!(criterion(&play, item).confirmation, None);
}

#[test]
fn signatures_are_in_force_until_the_plan_changes_and_keep_their_numbers() {
    let mut play = open();
    let signed = signs(&play);
    play.as_customer().does(signed);
    let numbers = |list: Vec<(usize, &throughline_domain::handoff::Signature)>| -> Vec<usize> {
        list.into_iter().map(|(number, _)| number).collect()
    };
    assert_eq!((numbers(plan(&play).in_force()), numbers(plan(&play).superseded())), (vec![1], vec![]));
    play.as_(MAYA).does(SetMilestone { id: None, milestone: wished("All of Berlin") });
    assert_eq!((numbers(plan(&play).in_force()), numbers(plan(&play).superseded())), (vec![], vec![1]));
    let signed = signs(&play);
    play.as_customer().does(signed);
    assert_eq!((numbers(plan(&play).in_force()), numbers(plan(&play).superseded())), (vec![2], vec![1]));
    assert_eq!(plan(&play).signatures[1].company.as_deref(), Some("Northwind"));
}

#[test]
fn what_would_change_a_milestone_that_is_gone_can_only_be_declined() {
    let mut play = open();
    let id = milestone_of(&play, Side::Us);
    let proposal = proposed(&mut play, Some(id), "A week earlier");
    play.as_(MAYA).does(RemoveMilestone { id, reason: None });
    let accept = AnswerProposal { proposal, accept: true, reason: None };
    assert!(matches!(play.tries(accept), Err(Refusal::OutOfTurn { .. })));
    play.does(AnswerProposal { proposal, accept: false, reason: Some(text("It is gone")) });
    play.as_customer().refused(ProposeMilestone { of: Some(id), milestone: wished("Again") });
}

#[test]
fn fifty_proposals_wait_at_once_and_no_more() {
    let mut play = open();
    for number in 0..50 {
        proposed(&mut play, None, &format!("Wish {number}"));
    }
    invalid(&mut play, ProposeMilestone { of: None, milestone: wished("One more") }, "milestone");
    let (proposal, _) = plan(&play).open_proposals().next().unwrap();
    let declined =
        AnswerProposal { proposal: *proposal, accept: false, reason: Some(text("Too many wishes")) };
    play.as_(MAYA).does(declined);
    proposed(&mut play, None, "One more");
}

#[test]
fn the_customer_owns_and_reaches_milestones_of_their_side_alone() {
    let mut play = open();
    let (theirs, ours) = (milestone_of(&play, Side::Customer), milestone_of(&play, Side::Us));
    let owner = Some(text("Jon Park"));
    let owns = OwnMilestone { id: theirs, owner: owner.clone() };
    play.as_customer().does(owns.clone()).repeats(owns);
    assert_eq!(plan(&play).milestones[&theirs].owner, owner);
    play.does(signs(&play));
    let on = Some(play.today());
    play.does(CompleteMilestone { id: theirs, on });
    assert_eq!(plan(&play).milestones[&theirs].reached_on, on);
    assert!(plan(&play).confirmed.is_some(), "reaching what was agreed changes nothing of it");
    play.does(CompleteMilestone { id: theirs, on: None });
    assert_eq!(plan(&play).milestones[&theirs].reached_on, None);
    let tomorrow = play.today().tomorrow().ok();
    invalid(&mut play, CompleteMilestone { id: theirs, on: tomorrow }, "on");
    let not_theirs: [Command; 2] =
        [OwnMilestone { id: ours, owner }.into(), CompleteMilestone { id: ours, on }.into()];
    for command in not_theirs {
        assert!(matches!(play.tries(command), Err(Refusal::NotYours(_))));
    }
    play.as_(MAYA).does(CompleteMilestone { id: ours, on });
}

#[test]
fn both_sides_comment_on_the_plan_and_each_sees_who_said_what() {
    let mut play = open();
    let id = milestone_of(&play, Side::Us);
    let asks = CommentPlan { milestone: Some(id), text: text("Is Berlin in it?") };
    play.as_customer().does(asks.clone()).repeats(asks);
    play.as_(MAYA).does(CommentPlan { milestone: Some(id), text: text("Yes, from the start") });
    play.does(CommentPlan { milestone: None, text: text("Shall we look at it on Monday?") });
    let said: Vec<_> = plan(&play).comments.iter().map(|one| (one.by.is_customer(), one.milestone)).collect();
    assert_eq!(said, [(true, Some(id)), (false, Some(id)), (false, None)]);
    let strange = MilestoneId(uuid::Uuid::nil());
    play.refused(CommentPlan { milestone: Some(strange), text: text("Where is it?") });
    let most = text(&"x".repeat(2_000));
    play.does(CommentPlan { milestone: None, text: most });
    invalid(&mut play, CommentPlan { milestone: None, text: text(&"x".repeat(2_001)) }, "text");
}

#[test]
fn the_customer_signs_what_they_read_and_the_plan_is_confirmed_by_it() {
    let mut play = open();
    let (read, now) = (signs(&play), play.now());
    play.as_customer().does(read.clone()).repeats(read.clone());
    let confirmed = plan(&play).confirmed.as_ref().unwrap();
    assert_eq!((confirmed.form, confirmed.at), (PlanForm::Signed, now));
    assert_eq!(confirmed.evidence.source, Some(Source::Portal));
    assert!(confirmed.by.is_customer());
    let signature = plan(&play).signatures.last().unwrap();
    assert_eq!((&signature.imprint, &signature.name), (&read.imprint, &text("Ines Vega")));

    // A change ends what was signed, and what was read before it is signed no more.
    play.as_(MAYA).does(SetMilestone { id: None, milestone: wished("All of Berlin") });
    assert!(plan(&play).confirmed.is_none());
    assert!(matches!(play.as_customer().tries(read), Err(Refusal::OutOfTurn { .. })));
    play.does(signs(&play));
    assert_eq!(plan(&play).signatures.len(), 2);
}

#[test]
fn a_signature_needs_a_fresh_proof_and_the_words_that_were_agreed_to() {
    let mut play = open();
    let good = signs(&play);
    play.as_customer().at("2026-04-20 09:16");
    invalid(&mut play, good.clone(), "proof.at");
    play.at("2026-04-20 08:54");
    invalid(&mut play, good.clone(), "proof.at");
    play.at("2026-04-20 09:15");
    for consent in ["", "A1", &"g".repeat(64), &"A".repeat(64), &"a".repeat(63)] {
        invalid(&mut play, SignPlan { consent: consent.to_owned(), ..good.clone() }, "consent");
    }
    invalid(&mut play, SignPlan { name: text(&"x".repeat(201)), ..good.clone() }, "name");
    play.does(good);
}

#[test]
fn nobody_signs_for_the_customer_and_nobody_claims_what_they_did_not_enter_themselves() {
    let mut play = open();
    let by_hand = signs(&play);
    let wish: Command = ProposeMilestone { of: None, milestone: wished("A wish") }.into();
    for verb in [Command::from(by_hand.clone()), wish.clone()] {
        assert!(customers_alone(verb.verb()));
    }
    for who in [MAYA, LEE, RAVI, DANA] {
        assert!(matches!(play.as_(who).tries(wish.clone()), Err(Refusal::NotYours(_))));
        assert!(matches!(play.as_(who).tries(by_hand.clone()), Err(Refusal::NotYours(_))));
    }
    assert!(matches!(play.as_system().tries(by_hand), Err(Refusal::NotYours(_))));
    let at = play.now();
    let claimed = ConfirmPlan { form: PlanForm::Signed, at, evidence: in_portal() };
    invalid(play.as_(MAYA), claimed, "evidence.source");
    let prerequisite = key("data_ready");
    let commits = |evidence| CommitPrerequisite { prerequisite: prerequisite.clone(), evidence };
    invalid(&mut play, commits(in_portal()), "evidence.source");
    invalid(play.as_customer(), commits(evidence()), "evidence.source");
    play.does(commits(in_portal()));
    assert!(plan(&play).prerequisites[&prerequisite].by.is_customer());
}

#[test]
fn whoever_is_answerable_hears_what_the_customer_did_and_nothing_of_what_we_did() {
    let mut play = open();
    let theirs = milestone_of(&play, Side::Customer);
    play.as_(MAYA).does(OwnMilestone { id: theirs, owner: Some(text("Jon Park")) });
    play.does(CommentPlan { milestone: None, text: text("Welcome") });
    assert_eq!(told(&play), []);
    proposed(&mut play, None, "Finance trained");
    play.does(CommentPlan { milestone: None, text: text("Thanks") });
    play.does(signs(&play));
    let maya = Recipient::Person { id: MAYA };
    let heard = [CustomerAct::Proposed, CustomerAct::Commented, CustomerAct::Signed];
    assert_eq!(told(&play), heard.map(|act| (maya, act)));
}

#[test]
fn the_right_to_sign_is_one_of_its_own() {
    for verb in Command::VERBS {
        assert!(!customers_alone(verb) || customer_may(verb, true), "{verb}");
        assert_eq!(customer_may(verb, true), customer_right(verb).is_some(), "{verb}");
        assert_eq!(customer_may(verb, false), customer_may(verb, true) && *verb != "sign-plan", "{verb}");
    }
    assert!(customer_may("sign-plan", true) && customer_may("comment-plan", false));
}
