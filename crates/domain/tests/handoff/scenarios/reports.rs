//! Requests can be refused, reports cannot (R0.1); how a step is known to be done (R0.10); correction (R0.11).

use throughline_domain::{
    Role,
    clock::Reading,
    gate::Verdict,
    handoff::{Fact, KnownBy, Outcome, Stage, command::*},
};
use throughline_testkit::{instant, people::*, text};

use super::*;

#[test]
fn a_request_meets_the_gate_and_a_report_of_the_same_is_recorded() {
    let mut play = by_default();
    play.booked("2026-04-20 09:00");
    let gaps = play.as_(MAYA).shut(ConfirmKickoff {});
    assert!(gaps.len() > 5);
    play.reports(MAYA, "kickoff");
    assert_eq!(play.last_kinds(), ["bypassed", "step_reported"]);
    assert!(play.handoff().bypassed(Gate::Kickoff).is_some());
}

#[test]
fn booking_a_date_is_a_report_and_stops_its_clock_whatever_the_gate_says() {
    let mut play = by_default();
    play.at("2026-03-27 15:00").won().at("2026-03-31 09:00").booked("2026-04-20 09:00");
    assert_eq!(play.reading("kickoff_booked"), Reading::Met);
    assert_eq!(play.verdict(Gate::Kickoff), Verdict::Refused);
    assert_eq!(play.handoff().bypassed(Gate::Kickoff), None, "booking is no bypass");
}

#[test]
fn reports_are_taken_after_the_deal_was_lost() {
    let mut play = owned();
    play.hears(|deal| deal.standing = throughline_domain::deal::Standing::Lost);
    play.reports(MAYA, "first_contact");
    let withdrawn = {
        let mut play = by_default();
        play.hears(|deal| deal.standing = throughline_domain::deal::Standing::Lost);
        play.reports(DANA, "warm_intro");
        play
    };
    assert_eq!(withdrawn.handoff().steps.len(), 1);
}

#[test]
fn a_held_kickoff_that_the_gate_would_have_let_through_is_a_pass() {
    let play = kicked_off();
    assert_eq!(play.verdict(Gate::Kickoff), Verdict::Pass);
    let mut unconfirmed = owned();
    unconfirmed.reports(MAYA, "first_contact").booked("2026-04-20 09:00").at("2026-04-14 10:00").called();
    unconfirmed.at("2026-04-20 10:00").reports_at(MAYA, "kickoff", "2026-04-20 09:00");
    assert_eq!(unconfirmed.last_kinds(), ["gate_passed", "step_reported"]);
}

#[test]
fn what_sales_reports_counts_when_the_receiving_side_confirms_it() {
    let mut play = assigned();
    play.at("2026-03-30 09:00").reports(DANA, "warm_intro");
    assert_eq!(play.handoff().answerable(), DANA);
    assert_eq!(
        play.misses(Gate::Kickoff)[1],
        "the step `warm_intro`: reported, not yet confirmed by the receiving side"
    );
    let confirm = ConfirmStep { step: key("warm_intro"), number: 0 };
    for sales in [DANA, MONA, SAM] {
        play.as_(sales).refused(confirm.clone());
    }
    play.at("2026-03-30 14:00").confirms("warm_intro", 0);
    assert_eq!(play.handoff().answerable(), MAYA);
    // Clocks run from when it happened, ownership from when it counts.
    assert_eq!(play.due("first_contact"), "Tue 2026-03-31 09:00");
    assert_eq!(play.handoff().tenures.last().unwrap().since, instant("2026-03-30 14:00"));
    assert_eq!(play.handoff().answerable_at(instant("2026-03-30 13:59")), Some(DANA));
}

#[test]
fn the_receiving_side_reports_and_it_counts_at_once() {
    let mut play = assigned();
    play.at("2026-03-30 09:00").reports(MAYA, "warm_intro");
    assert_eq!(play.last_kinds(), ["step_reported", "ownership_moved"]);
    let mut leader = assigned();
    leader.at("2026-03-30 09:00").reports(LEE, "warm_intro");
    assert!(leader.handoff().stage.is_owned());
}

#[test]
fn who_sold_the_deal_confirms_nothing_whatever_other_role_they_hold() {
    let mut play = assigned();
    let both = [Role::Ae, Role::Csm].into();
    let report = play.report_of("warm_intro");
    play.at("2026-03-30 09:00").as_with(DANA, &both).does(report);
    assert_eq!(play.last_kinds(), ["step_reported"], "their own report does not count");
    play.as_with(DANA, &both).refused(ConfirmStep { step: key("warm_intro"), number: 0 });
    assert!(!play.handoff().stage.is_owned());
}

#[test]
fn an_act_that_presupposes_a_step_confirms_it() {
    let mut play = assigned();
    play.at("2026-03-30 09:00").reports(DANA, "warm_intro");
    play.at("2026-03-30 15:00").reports(MAYA, "first_contact");
    assert_eq!(play.last_kinds(), ["step_confirmed", "step_reported", "ownership_moved"]);
    assert!(play.handoff().steps[&key("warm_intro")].reports[0].counts_since.is_some());
}

#[test]
fn an_introduction_told_of_only_after_the_first_contact_counts_at_once() {
    let mut play = assigned();
    play.at("2026-03-31 15:00").reports(MAYA, "first_contact");
    play.at("2026-04-01 09:00").reports_at(DANA, "warm_intro", "2026-03-30 09:00");
    assert!(play.handoff().stage.is_owned());
    // One that came later than the contact was not presupposed by it.
    let mut other = assigned();
    other.at("2026-03-31 15:00").reports(MAYA, "first_contact");
    other.at("2026-04-01 09:00").reports(DANA, "warm_intro");
    assert!(!other.handoff().stage.is_owned());
}

#[test]
fn what_sales_alone_attests_confirms_nothing_but_a_mail_or_the_calendar_does() {
    let mut play = assigned();
    play.at("2026-03-30 09:00").reports(DANA, "warm_intro").reports(DANA, "first_contact");
    assert_eq!(play.last_kinds(), ["step_reported"]);
    let mut known = assigned();
    known.at("2026-03-30 09:00").reports(DANA, "warm_intro");
    let report = ReportStep { known_by: KnownBy::Mail, ..known.report_of("first_contact") };
    known.as_(DANA).does(report);
    assert_eq!(known.last_kinds(), ["step_confirmed", "step_reported", "ownership_moved"]);
}

#[test]
fn a_dispute_is_a_fact_and_ends_by_confirmation_or_correction() {
    let mut play = assigned();
    play.at("2026-03-30 09:00").reports(DANA, "warm_intro");
    let dispute = |reason| DisputeStep { step: key("warm_intro"), number: 0, reason: text(reason) };
    play.as_(DANA).refused(dispute("Not me"));
    play.as_(MAYA).does(dispute("The customer never got it"));
    assert_eq!(play.misses(Gate::Kickoff)[1], "the step `warm_intro`: is disputed");
    // Acts that presuppose it do not settle the dispute.
    play.reports(MAYA, "first_contact");
    assert!(!play.handoff().stage.is_owned());
    let correct = CorrectStep {
        step: key("warm_intro"),
        number: 0,
        reason: text("It went out a day later"),
        happened_at: Some(instant("2026-03-30 08:00")),
        booked_for: None,
    };
    play.as_(DANA).does(correct);
    assert_eq!(play.last_kinds(), ["step_corrected", "step_reported", "ownership_moved"]);
}

#[test]
fn a_corrected_introduction_reads_anew_and_both_reports_stay() {
    let mut play = owned();
    assert_eq!(play.due("first_contact"), "Tue 2026-03-31 09:00");
    let correct = CorrectStep {
        step: key("warm_intro"),
        number: 0,
        reason: text("It went out on Friday"),
        happened_at: Some(instant("2026-03-27 15:30")),
        booked_for: None,
    };
    play.as_(MAYA).does(correct);
    assert_eq!(play.due("first_contact"), "Mon 2026-03-30 09:00");
    let reports = &play.handoff().steps[&key("warm_intro")].reports;
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[0].corrected.as_ref().unwrap().as_str(), "It went out on Friday");
    assert!(play.handoff().stage.is_owned(), "ownership that moved does not move back");
    play.as_(MAYA).refused(ConfirmStep { step: key("warm_intro"), number: 0 });
}

#[test]
fn what_the_receiving_side_confirmed_sales_cannot_move_alone() {
    let mut play = assigned();
    play.booked("2026-04-20 09:00").at("2026-04-14 10:00").called();
    let correct = CorrectStep {
        step: key("internal_call"),
        number: 0,
        reason: text("It was the 13th"),
        happened_at: Some(instant("2026-04-13 10:00")),
        booked_for: None,
    };
    play.as_(DANA).does(correct);
    assert!(play.misses(Gate::Kickoff)[0].contains("not yet confirmed"), "{:?}", play.misses(Gate::Kickoff));
}

#[test]
fn a_correction_keeps_how_long_it_took_and_can_move_only_the_booking() {
    let mut play = owned();
    play.at("2026-04-20 12:00");
    let report = ReportStep {
        happened_at: instant("2026-04-20 09:00"),
        ended_at: Some(instant("2026-04-20 10:30")),
        ..play.report_of("kickoff")
    };
    play.as_(MAYA).does(report);
    let correct = |step: &str, happened_at, booked_for| CorrectStep {
        step: key(step),
        number: 0,
        reason: text("Mistyped"),
        happened_at,
        booked_for,
    };
    play.does(correct("kickoff", Some(instant("2026-04-20 08:00")), None));
    assert_eq!(play.due("plan_confirmed"), "Wed 2026-04-22 09:30");
    let mut booking = owned();
    booking.booked("2026-04-20 09:00").as_(MAYA).does(correct(
        "kickoff_booked",
        None,
        Some(instant("2026-04-27 09:00")),
    ));
    assert_eq!(booking.due("internal_call"), "Wed 2026-04-22 09:00");
    booking.refused(correct("warm_intro", None, Some(instant("2026-04-27 09:00"))));
}

#[test]
fn a_kickoff_that_did_not_happen_after_all_lifts_its_bypass() {
    let mut play = by_default();
    play.reports(DANA, "kickoff");
    assert!(play.handoff().bypassed(Gate::Kickoff).is_some());
    let correct = CorrectStep {
        step: key("kickoff"),
        number: 0,
        reason: text("It was only a demo"),
        happened_at: None,
        booked_for: None,
    };
    play.as_(DANA).does(correct);
    assert_eq!(play.last_kinds(), ["step_corrected", "bypass_lifted"]);
    assert_eq!(play.handoff().bypassed(Gate::Kickoff), None);
    assert_eq!(play.clock_of("kickoff").done_at, None);
}

#[test]
fn the_same_report_twice_is_one() {
    let mut play = by_default();
    let report = play.report_of("early_intro");
    play.as_(MAYA).does(report.clone()).repeats(report);
    play.at("2026-03-04 10:00").reports(MAYA, "early_intro");
    assert_eq!(play.handoff().steps[&key("early_intro")].reports.len(), 2, "two touchpoints are counted");
}

#[test]
fn nobody_reports_the_future_or_a_form_nobody_knows() {
    let mut play = by_default();
    let report = play.report_of("warm_intro");
    play.as_(DANA).refused(ReportStep { happened_at: play_later(), ..report.clone() });
    play.refused(ReportStep { form: Some(key("fax")), ..report.clone() });
    play.refused(ReportStep { form: None, ..report.clone() });
    play.refused(ReportStep { outcomes: [key("fun")].into(), ..report.clone() });
    play.refused(ReportStep { booked_for: Some(play_later()), ..report.clone() });
    play.refused(ReportStep { ended_at: Some(instant("2026-03-01 09:00")), ..report });
    let unbooked = play.report_of("kickoff_booked");
    play.refused(unbooked.clone());
    play.refused(ReportStep { step: key("record"), ..unbooked });
}

fn play_later() -> jiff::Timestamp {
    instant("2026-05-01 09:00")
}

#[test]
fn the_five_outcomes_of_the_bridge_call_are_ticked_off() {
    let mut play = assigned();
    let outcomes = ["main_goal", "stakeholders", "next_steps", "first_milestone", "nothing_lost"].map(key);
    let report = ReportStep {
        form: Some(key("bridge_call")),
        outcomes: outcomes.clone().into(),
        ..play.report_of("warm_intro")
    };
    play.as_(MAYA).does(report);
    assert_eq!(play.handoff().steps[&key("warm_intro")].reports[0].outcomes, outcomes.into());
    // The call alone is never enough: the mail goes with it.
    assert!(matches!(play.handoff().stage, Stage::Assigned { .. }));
    assert!(play.misses(Gate::Kickoff)[1].contains("must happen as: Mail"));
}

#[test]
fn every_outcome_of_a_try_is_told_apart() {
    let mut play = by_default();
    assert!(matches!(play.as_(LEE).tries(Nominate { csm: MAYA }), Ok(Outcome::Happened(_))));
    assert!(matches!(play.tries(Nominate { csm: MAYA }), Ok(Outcome::AlreadySo)));
    assert!(matches!(play.tries(Offer { to: MAYA }), Ok(Outcome::Shut { gate: Gate::Handoff, .. })));
    assert!(play.tries(Accept {}).is_err());
    assert!(matches!(play.last_facts().next(), Some(Fact::GateRefused { .. })));
}
