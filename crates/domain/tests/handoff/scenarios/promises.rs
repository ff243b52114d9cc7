//! The promise ledger (R1.2, R2.6) and criteria confirmed by the customer (R4.1).

use throughline_domain::{
    ItemId, Role,
    gate::Verdict,
    handoff::command::*,
    record::{
        Body, Criterion, DecisionVerdict, Item, List, Promise, PromiseKind, PromiseOutcome, PromiseState,
        Strength,
    },
};
use throughline_testkit::{Play, body_for, evidence, given, people::*, text};

use super::*;
use crate::compact;

fn promise(play: &Play, item: ItemId) -> Promise {
    let Body::Promise(promise) = &play.handoff().record.items[&item].body else { panic!("no promise") };
    promise.clone()
}

fn state(play: &Play, item: ItemId) -> PromiseState {
    promise(play, item).life.state()
}

fn added(play: &mut Play, change: impl FnOnce(&mut Promise)) -> ItemId {
    let Body::Promise(mut promise) = body_for(List::Promises, "What was said") else { unreachable!() };
    change(&mut promise);
    play.as_(DANA).does(AddItem { body: Body::Promise(promise), evidence: evidence(), reason: None });
    *play.handoff().record.items.keys().last().unwrap()
}

fn decide(item: ItemId, verdict: DecisionVerdict) -> DecidePromise {
    DecidePromise { item, verdict, reason: text("Because") }
}

#[test]
fn feature_dates_go_to_product_prices_and_terms_to_the_deal_desk_and_standard_ones_pass_by_rule() {
    let mut play = by_default();
    let to = |play: &mut Play, kind, in_contract, standard| {
        let item = added(play, |promise| {
            promise.kind = kind;
            promise.in_contract = in_contract;
            promise.standard = standard;
        });
        promise(play, item).life.routed.map(|routed| routed.to)
    };
    assert_eq!(to(&mut play, PromiseKind::FeatureDate, Some(false), None), Some(Role::Product));
    assert_eq!(to(&mut play, PromiseKind::FeatureDate, Some(true), Some(false)), Some(Role::Product));
    assert_eq!(to(&mut play, PromiseKind::Price, Some(false), Some(true)), Some(Role::DealDesk));
    assert_eq!(to(&mut play, PromiseKind::Terms, Some(true), Some(false)), Some(Role::DealDesk));
    assert_eq!(to(&mut play, PromiseKind::Sla, None, None), Some(Role::DealDesk), "nobody said is not yes");
    assert_eq!(to(&mut play, PromiseKind::Support, Some(true), Some(true)), None);
}

#[test]
fn four_domains_routes_no_promise() {
    let mut play = by_four_domains();
    let item = added(&mut play, |promise| promise.in_contract = Some(false));
    assert_eq!(state(&play, item), PromiseState::Captured);
}

#[test]
fn a_routing_rule_that_cannot_run_routes_and_says_so() {
    let mut play = given(compact()).opened();
    let item = added(&mut play, |promise| promise.in_contract = Some(false));
    let routed = promise(&play, item).life.routed.unwrap();
    assert_eq!(routed.to, Role::DealDesk);
    assert!(routed.because.contains("could not run"), "{}", routed.because);
}

#[test]
fn an_undecided_promise_shuts_the_gate_and_is_owed_by_whom_it_was_routed_to() {
    let mut play = by_default();
    play.record_filled();
    let item = promised(&mut play, "A connector by June");
    let gap = play.judged(Gate::Handoff).gaps.remove(0);
    assert_eq!((&gap.about, gap.owed_by), (&Covers::Commitment { item }, Role::DealDesk));
    play.as_(PIA).refused(decide(item, DecisionVerdict::Approved));
    play.as_(DEE)
        .does(decide(item, DecisionVerdict::Approved))
        .repeats(decide(item, DecisionVerdict::Approved));
    assert_eq!(state(&play, item), PromiseState::Approved);
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Pass);
}

#[test]
fn a_declined_or_countered_promise_stays_to_be_corrected_until_the_customer_knows() {
    for (verdict, after) in [
        (DecisionVerdict::Declined, PromiseState::Declined),
        (DecisionVerdict::Countered, PromiseState::Countered),
    ] {
        let mut play = by_default();
        let item = promised(&mut play, "A connector by June");
        play.as_(DEE).does(decide(item, verdict));
        assert_eq!(state(&play, item), PromiseState::ToBeCorrected);
        play.record_filled();
        assert_eq!(play.verdict(Gate::Handoff), Verdict::Pass, "decided is enough there");
        assert!(play.judged(Gate::Kickoff).gaps.iter().any(|gap| gap.about == Covers::Correction { item }));
        play.as_(DANA)
            .refused(CorrectPromise { item, evidence: throughline_domain::record::Evidence::default() });
        play.does(CorrectPromise { item, evidence: evidence() });
        assert_eq!(state(&play, item), after);
        assert!(play.judged(Gate::Kickoff).gaps.iter().all(|gap| gap.about != Covers::Correction { item }));
        play.as_(DEE).refused(decide(item, DecisionVerdict::Approved));
    }
}

#[test]
fn a_promise_that_stands_needs_no_talk() {
    let mut play = by_default();
    let item = promised(&mut play, "A connector by June");
    play.as_(DANA).refused(CorrectPromise { item, evidence: evidence() });
    play.as_(DEE).does(decide(item, DecisionVerdict::Approved));
    play.as_(DANA).refused(CorrectPromise { item, evidence: evidence() });
}

#[test]
fn a_promise_turned_down_cannot_be_rewritten_out_of_the_way() {
    let mut play = by_default();
    let item = promised(&mut play, "A connector by June");
    play.as_(DEE).does(decide(item, DecisionVerdict::Declined));
    let rewritten = Promise { in_contract: Some(true), ..promise(&play, item) };
    let change =
        |promise| ChangeItem { item, body: Body::Promise(promise), evidence: evidence(), reason: None };
    play.as_(DANA).refused(change(rewritten.clone()));
    play.refused(RemoveItem { item, reason: None });
    play.does(CorrectPromise { item, evidence: evidence() }).does(change(rewritten));
    assert_eq!(state(&play, item), PromiseState::Captured, "what stands instead is another promise");
}

#[test]
fn a_promise_changed_in_substance_is_decided_again_and_one_only_reworded_in_strength_is_not() {
    let mut play = by_default();
    let item = promised(&mut play, "A connector by June");
    play.as_(DEE).does(decide(item, DecisionVerdict::Approved));
    let change =
        |promise| ChangeItem { item, body: Body::Promise(promise), evidence: evidence(), reason: None };
    let softer = Promise { strength: Some(Strength::Soft), ..promise(&play, item) };
    play.as_(DANA).does(change(softer));
    assert_eq!(state(&play, item), PromiseState::Approved);
    let other = Promise { due_on: Some(throughline_testkit::date("2026-05-01")), ..promise(&play, item) };
    play.does(change(other));
    assert_eq!(state(&play, item), PromiseState::AwaitingDecision);
}

#[test]
fn nobody_brings_a_decision_along_with_a_promise() {
    let mut play = by_default();
    let approved = {
        let mut other = by_default();
        let item = promised(&mut other, "A connector by June");
        other.as_(DEE).does(decide(item, DecisionVerdict::Approved));
        other.handoff().record.items[&item].clone()
    };
    let Item { body, evidence, .. } = approved;
    play.as_(DANA).does(AddItem { body, evidence, reason: None });
    let item = *play.handoff().record.items.keys().last().unwrap();
    assert_eq!(state(&play, item), PromiseState::AwaitingDecision);
}

#[test]
fn a_promise_goes_over_with_ownership_and_is_kept_late_broken_or_released() {
    for (outcome, after) in [
        (PromiseOutcome::Kept, PromiseState::Kept),
        (PromiseOutcome::Late, PromiseState::Late),
        (PromiseOutcome::Broken, PromiseState::Broken),
        (PromiseOutcome::Released, PromiseState::Released),
    ] {
        let mut play = by_default();
        let item = promised(&mut play, "A connector by June");
        play.as_(DEE).does(decide(item, DecisionVerdict::Approved));
        play.at("2026-03-18 10:00").assigned().at("2026-03-30 09:00").introduced();
        assert_eq!(state(&play, item), PromiseState::Transferred);
        let on = play.today();
        let settle = SettlePromise { item, outcome, on, note: None };
        let tomorrow = SettlePromise { on: on.tomorrow().unwrap(), ..settle.clone() };
        play.as_(MAYA).refused(tomorrow);
        play.does(settle);
        assert_eq!(state(&play, item), after);
    }
}

#[test]
fn a_promise_the_customer_let_go_waits_for_no_decision() {
    let mut play = by_default();
    play.record_filled();
    let item = promised(&mut play, "A connector by June");
    let on = play.today();
    play.as_(DEE).does(SettlePromise {
        item,
        outcome: PromiseOutcome::Released,
        on,
        note: Some(text("Not needed")),
    });
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Pass);
}

#[test]
fn a_new_way_may_route_promises_the_old_one_let_pass() {
    let mut lenient = (*compact()).clone();
    lenient.promises.routing.clear();
    let mut play = given(lenient.into()).opened();
    let item = added(&mut play, |promise| promise.in_contract = Some(false));
    assert_eq!(state(&play, item), PromiseState::Captured);
    play.playbook = compact();
    let of = throughline_domain::playbook::PlaybookRef { name: "compact".to_owned(), version: 2 };
    let route =
        throughline_domain::handoff::RouteTaken { playbook: Some(of), ..play.handoff().route.clone() };
    play.as_(RAVI).does(Reroute { route, reason: text("The new version") });
    assert_eq!(state(&play, item), PromiseState::AwaitingDecision);
}

#[test]
fn the_customer_confirms_or_corrects_their_criteria_and_we_say_where() {
    let mut play = by_default();
    play.as_(DANA).fills("success_criteria");
    let item = *play.handoff().record.items.keys().last().unwrap();
    let at = play.now();
    let confirm = |still_accurate, words: Option<&str>| ConfirmCriterion {
        item,
        still_accurate,
        read: None,
        words: words.map(text),
        at,
        evidence: evidence(),
    };
    play.as_(MAYA).refused(confirm(false, None));
    play.refused(confirm(true, Some("x")));
    play.refused(ConfirmCriterion { evidence: Default::default(), ..confirm(true, None) });
    play.does(confirm(true, None)).repeats(confirm(true, None));
    play.does(confirm(false, Some("Close the month in two days")));
    let Body::Criterion(Criterion { words, confirmation, .. }) = &play.handoff().record.items[&item].body
    else {
        panic!()
    };
    assert_eq!(words.as_str(), "Close the month in two days");
    assert!(!confirmation.as_ref().unwrap().still_accurate);
}

#[test]
fn a_promise_says_by_when_unless_it_was_only_left_soft() {
    let mut play = by_default();
    play.record_filled();
    let complete = |play: &Play| play.handoff().complete_since.is_some();
    assert!(complete(&play));
    let said = |strength| {
        let Body::Promise(promise) = body_for(List::Promises, "Reports by region") else { unreachable!() };
        Body::Promise(Promise { strength: Some(strength), due_on: None, ..promise })
    };
    let add = |strength| AddItem { body: said(strength), evidence: evidence(), reason: None };
    play.as_(DANA).does(add(Strength::Soft));
    assert!(complete(&play), "what was left soft has no date to keep");
    for strength in [Strength::Promised, Strength::Implied] {
        let mut play = play.clone();
        play.as_(DANA).does(add(strength));
        assert!(!complete(&play), "{strength:?}");
        assert!(play.misses(Gate::Handoff).iter().any(|gap| gap.contains("promises")));
    }
}
