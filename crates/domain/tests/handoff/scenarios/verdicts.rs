//! What a gate answers (R0.13), what it leaves behind, and how its gaps are told (R2.1, R2.12).

use throughline_domain::{
    Role,
    gate::{Problem, Verdict, Why, no_record},
    handoff::{Fact, command::*},
};
use throughline_testkit::{Play, default_playbook, given, people::*, text};

use super::*;
use crate::compact;

#[test]
fn an_unknown_deal_is_refused_with_the_gap_no_record() {
    let judged = no_record(Gate::Credit, Role::RevOps, Some(RAVI));
    assert_eq!((judged.verdict, judged.gaps.len()), (Verdict::Refused, 1));
    assert_eq!(judged.gaps[0].about, Covers::NoRecord);
}

#[test]
fn a_refusal_names_each_missing_thing_why_it_is_asked_and_who_owes_it() {
    let play = given(default_playbook()).arr(80_000).opened();
    let gaps = play.judged(Gate::Handoff).gaps;
    let of = |name: &str| gaps.iter().find(|gap| gap.about == ask(name)).unwrap();
    assert_eq!(
        (&of("champion").why, of("champion").owed_by, of("champion").person),
        (&Why::Always, Role::Ae, Some(DANA))
    );
    assert_eq!(of("champion").problem, Problem::NothingListed { none_counts: false });
    assert!(matches!(&of("scope").why, Why::Because { rule } if rule.contains("deal.arr >= 50000")));
    assert!(gaps.iter().all(|gap| !gap.title.is_empty() && gap.person.is_some()));
}

#[test]
fn a_rule_that_cannot_run_makes_the_ask_required_and_says_so() {
    let play = given(compact()).deal(|deal| deal.term_months = None).opened();
    let gaps = play.judged(Gate::Handoff).gaps;
    let reach = gaps.iter().find(|gap| gap.about == ask("reach")).expect("asked to be safe");
    let Why::RuleFailed { rule, error } = &reach.why else { panic!("{:?}", reach.why) };
    assert_eq!(rule, "deal.term_months > 12");
    assert!(error.contains("term_months"), "{error}");
    let short = given(compact()).deal(|deal| deal.term_months = Some(12)).opened();
    assert!(short.judged(Gate::Handoff).gaps.iter().all(|gap| gap.about != ask("reach")));
}

#[test]
fn a_step_that_belongs_only_to_some_deals_is_asked_only_of_those() {
    let with = |involved| given(compact()).deal(|deal| deal.se_involved = involved).opened();
    let asks =
        |play: &Play| play.judged(Gate::Kickoff).gaps.into_iter().find(|gap| gap.about == step("security"));
    assert_eq!(asks(&with(Some(false))), None);
    assert_eq!(asks(&with(None)), None);
    let gap = asks(&with(Some(true))).unwrap();
    assert!(matches!(gap.why, Why::Because { .. }));
    assert_eq!((gap.owed_by, gap.person), (Role::Se, None), "nobody has the SE's seat yet");
}

#[test]
fn a_gate_the_playbook_does_not_have_is_not_required_and_never_a_pass() {
    let mut bare = (*compact()).clone();
    bare.gates.retain(|rule| rule.gate.value != Gate::Credit);
    let mut play = given(bare.into()).opened();
    assert_eq!(play.verdict(Gate::Credit), Verdict::NotRequired);
    play.as_(RAVI).repeats(AttemptGate { gate: Gate::Credit });
    assert!(play.handoff().passed(Gate::Credit).is_none());
}

#[test]
fn a_preview_writes_nothing_and_an_attempt_is_a_fact() {
    let mut play = by_default();
    let before = play.journal.len();
    let _ = play.judged(Gate::Handoff);
    assert_eq!(play.journal.len(), before);
    play.as_(RAVI).shut(AttemptGate { gate: Gate::Handoff });
    assert_eq!(play.journal.len(), before + 1);
    assert_eq!(play.handoff().gates[&Gate::Handoff].refusals, 1);
}

#[test]
fn the_same_refusal_by_the_same_person_within_ten_minutes_only_counts_up() {
    let mut play = by_default();
    play.as_(RAVI).shut(AttemptGate { gate: Gate::Handoff });
    play.at("2026-03-02 09:10").shut(AttemptGate { gate: Gate::Handoff });
    assert_eq!(play.last_kinds(), ["gate_refused_again"]);
    play.at("2026-03-02 09:21").shut(AttemptGate { gate: Gate::Handoff });
    assert_eq!(play.last_kinds(), ["gate_refused"], "more than ten minutes after the last");
    play.at("2026-03-02 09:22").as_(LEE).shut(AttemptGate { gate: Gate::Handoff });
    assert_eq!(play.last_kinds(), ["gate_refused"], "somebody else");
    play.as_(DANA).fills("buying_trigger").as_(LEE).shut(AttemptGate { gate: Gate::Handoff });
    assert_eq!(play.last_kinds(), ["gate_refused"], "other gaps");
    let history = &play.handoff().gates[&Gate::Handoff];
    assert_eq!((history.refusals, history.first_attempt_at), (5, Some(play.handoff().opened_at)));
}

#[test]
fn a_pass_never_un_happens() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().as_(RAVI).does(AttemptGate { gate: Gate::Handoff });
    play.repeats(AttemptGate { gate: Gate::Handoff });
    play.as_(DANA).does(Clear { ask: key("first_use_case"), reason: None });
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Pass);
    assert_eq!(play.handoff().complete_since, None, "though the record is complete no more");
    assert_eq!(play.verdict(Gate::Credit), Verdict::Refused);
}

#[test]
fn credit_depends_on_the_record_and_on_nothing_customer_success_does() {
    let mut play = by_default();
    assert_eq!(play.verdict(Gate::Credit), Verdict::Refused);
    play.at("2026-03-18 10:00").record_filled();
    assert_eq!(play.verdict(Gate::Credit), Verdict::Pass);
}

#[test]
fn cs_artefacts_wait_for_record_review_and_acceptance() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled();
    assert!(play.misses(Gate::CsAccess).iter().any(|gap| gap.starts_with("the review of")));
    play.offered().reviewed();
    assert_eq!(play.misses(Gate::CsAccess), ["acceptance by a CSM: no CSM has accepted"]);
    play.accepted();
    assert_eq!(play.verdict(Gate::CsAccess), Verdict::Pass);
    play.as_(MAYA).does(OpenPlan {});
    assert_eq!(play.handoff().plan.as_ref().unwrap().milestones.len(), 3);
}

#[test]
fn the_kickoff_gate_asks_for_record_call_introduction_contact_and_acceptance() {
    let play = by_default();
    let steps: Vec<_> = play
        .judged(Gate::Kickoff)
        .gaps
        .into_iter()
        .filter_map(|gap| match gap.about {
            Covers::Step { step } => Some(step.to_string()),
            Covers::Acceptance => Some("acceptance".to_owned()),
            _ => None,
        })
        .collect();
    assert_eq!(steps, ["internal_call", "warm_intro", "first_contact", "acceptance"]);
    assert!(!play.open_asks().is_empty());
}

#[test]
fn what_two_demands_miss_is_told_once() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered().reviewed();
    let reopen = Reopen { asks: [key("risks")].into(), reason: text("A new risk") };
    play.as_(DANA).does(reopen).fills("risks");
    assert_eq!(
        play.misses(Gate::CsmAssignment),
        ["the review of `implementation_risk`: changed since it was reviewed"]
    );
}

#[test]
fn facts_are_only_what_was_not_so_before() {
    let mut play = by_default();
    play.as_(LEE).does(Nominate { csm: MAYA }).repeats(Nominate { csm: MAYA });
    play.at("2026-03-18 10:00").record_filled().offered().as_(LEE).repeats(Offer { to: MAYA });
    play.reviewed().accepted().as_(MAYA).repeats(Accept {});
    let opened = play.journal.iter().filter(|recorded| matches!(recorded.fact, Fact::Opened { .. })).count();
    assert_eq!(opened, 1);
}

#[test]
fn the_plan_starts_from_the_template_dated_from_the_kickoff() {
    let mut play = owned();
    play.booked("2026-04-20 09:00").as_(MAYA).does(OpenPlan {});
    let plan = play.handoff().plan.clone().unwrap();
    let dates: Vec<String> = plan.milestones.values().map(|one| one.due_on.unwrap().to_string()).collect();
    assert_eq!(dates, ["2026-05-20", "2026-06-19", "2026-07-19"]);
    // A change of what was agreed ends the confirmation; reaching a milestone does not.
    play.planned();
    let (id, milestone) = plan.milestones.iter().next().unwrap();
    let reached =
        throughline_domain::handoff::Milestone { reached_on: Some(play.today()), ..milestone.clone() };
    play.does(SetMilestone { id: Some(*id), milestone: reached.clone() });
    assert!(play.handoff().plan.as_ref().unwrap().confirmed.is_some());
    let later = throughline_domain::handoff::Milestone { title: text("All of Berlin"), ..reached };
    play.does(SetMilestone { id: Some(*id), milestone: later });
    assert!(play.handoff().plan.as_ref().unwrap().confirmed.is_none());
    assert!(play.handoff().plan.as_ref().unwrap().first_confirmed_at.is_some());
}

#[test]
fn a_confirmation_told_wrong_is_told_again_and_the_clock_follows() {
    let mut play = kicked_off();
    play.at("2026-04-24 09:00").planned();
    assert_eq!(play.reading("plan_confirmed"), throughline_domain::clock::Reading::Late);
    let right = ConfirmPlan {
        form: throughline_domain::handoff::PlanForm::Mail,
        at: throughline_testkit::instant("2026-04-21 17:00"),
        evidence: evidence(),
    };
    play.as_(MAYA).does(right);
    assert_eq!(play.reading("plan_confirmed"), throughline_domain::clock::Reading::Met);
}
