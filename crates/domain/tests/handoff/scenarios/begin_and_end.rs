//! How a handoff begins and ends (R0.5, R0.6), which way it takes (R0.8), and history (R0.9).

use throughline_domain::{
    deal::{Deal, Standing},
    gate::{Mode, Verdict},
    handoff::{Life, Message, Outcome, Recipient, RouteTaken, Seat, Stage, command::*},
    playbook::{CsmChoice, Moment, PlaybookRef},
    record::{List, Provenance},
};
use throughline_testkit::{Play, Team, date, deal, default_playbook, given, instant, people::*, text};

use super::*;
use crate::compact;

fn opens(change: impl FnOnce(&mut Deal)) -> bool {
    let mut deal = deal();
    change(&mut deal);
    let playbook = default_playbook();
    let of = PlaybookRef { name: "default".to_owned(), version: 1 };
    let calendar = throughline_testkit::berlin();
    let now = instant("2026-03-02 09:00");
    let route = RouteTaken::choose(&playbook, &of, &deal, &calendar, now);
    route.opens(&playbook, &deal, &calendar, now).unwrap()
}

#[test]
fn a_record_opens_when_won_or_within_thirty_days_or_past_or_at_fifty_percent() {
    let far = |deal: &mut Deal| {
        deal.close_on = Some(date("2026-06-30"));
        deal.probability = Some(49);
    };
    assert!(!opens(far));
    assert!(opens(|deal| {
        far(deal);
        deal.probability = Some(50);
    }));
    for (day, answer) in [("2026-04-01", true), ("2026-04-02", false), ("2026-02-01", true)] {
        let opened = opens(|deal| {
            far(deal);
            deal.close_on = Some(date(day));
        });
        assert_eq!(opened, answer, "{day}");
    }
    assert!(opens(|deal| {
        far(deal);
        deal.standing = Standing::Won;
    }));
    assert!(!opens(|deal| {
        far(deal);
        deal.close_on = None;
        deal.probability = None;
    }));
}

#[test]
fn a_rule_for_opening_that_cannot_run_says_so() {
    let mut deal = deal();
    deal.probability = None;
    let of = PlaybookRef { name: "compact".to_owned(), version: 1 };
    let (calendar, now) = (throughline_testkit::berlin(), instant("2026-03-02 09:00"));
    let route = RouteTaken::choose(&compact(), &of, &deal, &calendar, now);
    assert!(route.opens(&compact(), &deal, &calendar, now).unwrap_err().contains("probability"));
}

#[test]
fn routes_are_tried_in_order_and_one_that_cannot_run_does_not_hold() {
    let of = PlaybookRef { name: "compact".to_owned(), version: 1 };
    let (calendar, now) = (throughline_testkit::berlin(), instant("2026-03-02 09:00"));
    let rule = |change: &dyn Fn(&mut Deal)| {
        let mut deal = deal();
        change(&mut deal);
        let route = RouteTaken::choose(&compact(), &of, &deal, &calendar, now);
        (route.rule.unwrap().to_string(), route.playbook.is_some())
    };
    assert_eq!(rule(&|deal| deal.deal_type = Some("Renewal".to_owned())), ("renewal".to_owned(), false));
    assert_eq!(rule(&|deal| deal.existing_account = Some(true)), ("known".to_owned(), true));
    assert_eq!(rule(&|_| ()), ("all".to_owned(), true));
    // No type at all: the first rule cannot run, and the deal takes the whole way.
    assert_eq!(rule(&|deal| deal.deal_type = None), ("all".to_owned(), true));
}

#[test]
fn a_renewal_takes_no_handoff_and_its_csm_is_told() {
    let play = given(default_playbook())
        .deal(|deal| {
            deal.existing_account = Some(true);
            deal.deal_type = Some("Renewal".to_owned());
        })
        .csm_of_record(MAYA)
        .opened();
    assert_eq!(play.handoff().life, Life::OutOfScope);
    assert_eq!(play.told.len(), 1);
    assert_eq!(
        (&play.told[0].to, &play.told[0].message),
        (&Recipient::Person { id: MAYA }, &Message::RoutedToNone)
    );
    for gate in Gate::ALL {
        assert_eq!(play.verdict(gate), Verdict::NotRequired, "counted, and never as complete");
    }
    assert_eq!(play.handoff().complete_since, None);
}

#[test]
fn a_route_of_record_nominates_the_csm_who_has_the_account() {
    let play = given(compact()).deal(|deal| deal.existing_account = Some(true)).csm_of_record(NOAH).opened();
    assert_eq!(play.handoff().csm(), Some(NOAH));
    assert_eq!(play.handoff().route.csm, CsmChoice::OfRecord);
    assert_eq!(play.handoff().bypassed(Gate::CsmAssignment), None);
}

#[test]
fn a_person_reroutes_with_a_reason_and_what_the_new_way_asks_is_asked_then() {
    let mut play = given(compact()).deal(|deal| deal.deal_type = Some("Renewal".to_owned())).opened();
    let of = PlaybookRef { name: "compact".to_owned(), version: 1 };
    let route = RouteTaken {
        rule: None,
        playbook: Some(of),
        variant: Some(key("full")),
        because: "It came with new promises".to_owned(),
        ..play.handoff().route.clone()
    };
    let reroute = Reroute { route: route.clone(), reason: text("New promises") };
    play.as_(RAVI).does(reroute.clone()).repeats(reroute);
    assert_eq!(play.handoff().life, Life::Live);
    assert_eq!(
        play.handoff().record.answers[&key("months")].provenance,
        Provenance::Crm { field: "term_months".to_owned() }
    );
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Refused);
    let short = RouteTaken { variant: Some(key("short")), ..route };
    let asks = play.open_asks().len();
    play.does(Reroute { route: short, reason: text("A small one") });
    assert_eq!(play.open_asks().len(), asks - 1, "the short way does not ask for their words");
}

#[test]
fn a_lost_deal_is_not_rerouted_into_life() {
    let mut play = given(compact()).deal(|deal| deal.deal_type = Some("Renewal".to_owned())).opened();
    play.at("2026-03-03 09:00").hears(|deal| deal.standing = Standing::Lost);
    let of = PlaybookRef { name: "compact".to_owned(), version: 1 };
    let route = RouteTaken { playbook: Some(of), ..play.handoff().route.clone() };
    play.as_(RAVI).refused(Reroute { route, reason: text("x") });
}

#[test]
fn lost_or_deleted_is_withdrawn_and_re_won_resumes_where_it_was() {
    for gone in [Standing::Lost, Standing::Deleted] {
        let mut play = by_default();
        play.at("2026-03-18 10:00").record_filled().offered();
        play.at("2026-03-19 10:00").hears(|deal| deal.standing = gone);
        assert!(matches!(play.handoff().life, Life::Withdrawn { .. }));
        assert_eq!(play.misses(Gate::CsmAssignment), ["a handoff that has ended: the handoff is withdrawn"]);
        play.as_(DANA).refused(GiveAnswer {
            ask: key("quick_win"),
            answer: throughline_domain::record::Answer::Text { text: text("x") },
            reason: Some(text("y")),
        });
        play.at("2026-03-20 10:00").won();
        assert_eq!(play.handoff().life, Life::Live);
        assert!(matches!(play.handoff().stage, Stage::Offered { .. }));
    }
}

#[test]
fn un_won_before_the_transfer_stays_live_and_reads_its_clocks_anew() {
    let mut play = assigned();
    play.at("2026-03-27 15:00").won();
    assert_eq!(play.moment(Moment::Closed).unwrap(), "2026-03-27 15:00");
    play.at("2026-03-30 10:00").hears(|deal| {
        deal.standing = Standing::Open;
        deal.closed_at = None;
    });
    assert_eq!(play.handoff().life, Life::Live);
    assert_eq!(play.moment(Moment::Closed), None);
    assert_eq!(play.due("kickoff_booked"), "-");
    play.at("2026-04-02 09:00").won();
    assert_eq!(play.due("kickoff_booked"), "Thu 2026-04-16 09:00");
}

#[test]
fn un_won_lost_or_deleted_after_the_transfer_is_cancelled_with_its_reason() {
    for (standing, reason) in [
        (Standing::Open, "un-won in the CRM"),
        (Standing::Lost, "lost in the CRM"),
        (Standing::Deleted, "deleted in the CRM"),
    ] {
        let mut play = owned();
        play.at("2026-04-02 09:00").hears(|deal| deal.standing = standing);
        let Life::Cancelled { reason: told, .. } = &play.handoff().life else { panic!("{standing:?}") };
        assert_eq!(told, reason);
        assert_eq!(play.handoff().answerable(), MAYA, "kept, with who answered");
    }
}

#[test]
fn undone_by_mistake_and_won_again_goes_on() {
    let mut play = owned();
    play.at("2026-04-02 09:00").hears(|deal| deal.standing = Standing::Open);
    play.at("2026-04-02 09:05").won();
    assert_eq!(play.handoff().life, Life::Live);
    assert!(play.handoff().stage.is_owned());
}

#[test]
fn done_is_owned_kickoff_held_plan_confirmed_kickoff_rated_and_aftercare_goes_on() {
    let mut play = kicked_off();
    assert_eq!(play.misses(Gate::Done), ["the plan: not opened", "the rating `kickoff`: not rated"],);
    play.at("2026-04-20 10:00").planned().rated("kickoff", 5).as_(MAYA).does(Finish {}).repeats(Finish {});
    assert!(matches!(play.handoff().life, Life::Done { .. }));
    play.at("2026-05-27 09:00").rated("day60", 4).reports(MAYA, "first_value");
    play.as_(MAYA).does(AskQuestion { text: text("Who was it that wanted SSO?") });
    play.refused(Nominate { csm: NOAH });
}

#[test]
fn a_finished_handoff_that_is_lost_is_cancelled() {
    let mut play = by_default();
    Team::new(300).finish(&mut play).unwrap();
    play.at("2026-09-01 09:00").hears(|deal| deal.standing = Standing::Lost);
    assert!(matches!(play.handoff().life, Life::Cancelled { .. }));
}

#[test]
fn news_in_any_order_lead_to_the_same_reading() {
    // Open on the 2nd, won on the 20th, open on the 21st, won on the 24th, told in every order.
    let news = [
        ("2026-03-20T09:00:00Z", Standing::Won),
        ("2026-03-21T09:00:00Z", Standing::Open),
        ("2026-03-24T09:00:00Z", Standing::Won),
    ];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for order in orders {
        let mut play = given(default_playbook()).deal(|deal| deal.close_on = None).opened();
        play.at("2026-03-25 09:00").as_system();
        for index in order {
            let (source_time, standing) = news[index];
            let deal = Deal { source_time: instant(source_time), standing, ..play.handoff().deal.clone() };
            play.as_system().does(TakeNews { deal, seller: None, csm: None });
        }
        assert_eq!(play.moment(Moment::Closed).unwrap(), "2026-03-24 10:00", "{order:?}");
        assert_eq!(play.handoff().life, Life::Live);
    }
}

#[test]
fn older_news_change_neither_the_deal_nor_its_life() {
    let mut play = by_default();
    play.at("2026-03-20 10:00").won();
    let older = Deal {
        source_time: instant("2026-03-10T09:00:00Z"),
        standing: Standing::Lost,
        plan: Some("Old".to_owned()),
        ..play.handoff().deal.clone()
    };
    let news = TakeNews { deal: older, seller: None, csm: None };
    play.as_system().does(news.clone()).repeats(news);
    assert_eq!(play.last_kinds(), ["deal_heard"]);
    assert_eq!(play.handoff().life, Life::Live);
    assert_eq!(play.handoff().deal.standing, Standing::Won);
}

#[test]
fn what_a_person_set_is_not_set_back_by_the_next_message() {
    let mut play = by_default();
    let seat = SetSeat {
        role: throughline_domain::Role::Ae,
        person: EMIL,
        contributors: BTreeSet::new(),
        reason: Some(text("Dana left")),
    };
    play.as_(MONA).does(seat);
    let dana = Seat { person: DANA, unmapped: false, contributors: BTreeSet::new() };
    let deal =
        Deal { source_time: play.later(1), plan: Some("Business".to_owned()), ..play.handoff().deal.clone() };
    play.as_system().does(TakeNews { deal, seller: Some(dana.clone()), csm: None });
    assert_eq!(play.handoff().seller(), EMIL);
    // Another owner in the CRM is news.
    let mut deal = Deal { source_time: play.later(2), ..play.handoff().deal.clone() };
    deal.owner = None;
    play.does(TakeNews { deal, seller: Some(dana), csm: None });
    assert_eq!(play.handoff().seller(), DANA);
}

#[test]
fn the_crm_fills_what_nobody_answered_and_leaves_what_somebody_did() {
    let mut play = by_default();
    assert_eq!(
        play.handoff().record.answers[&key("plan")].provenance,
        Provenance::Crm { field: "plan".to_owned() }
    );
    play.as_(DANA).fills("plan");
    play.at("2026-03-03 09:00").hears(|deal| {
        deal.plan = Some("Business".to_owned());
        deal.term_months = Some(36);
    });
    assert!(matches!(play.handoff().record.answers[&key("plan")].provenance, Provenance::Hand { .. }));
    let term = &play.handoff().record.answers[&key("term")].answer;
    assert_eq!(*term, throughline_domain::record::Answer::Number { number: 36.0 });
}

#[test]
fn what_the_crm_changes_in_an_offered_record_is_reopened_for_all_to_see() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered().reviewed();
    play.at("2026-03-19 10:00").hears(|deal| deal.term_months = Some(36));
    assert!(play.last_kinds().contains(&"reopened".to_owned()));
    assert_eq!(
        play.misses(Gate::CsmAssignment),
        ["the review of `scope_expectations`: changed since it was reviewed"]
    );
    reviewed_again(&mut play);
    play.accepted();
    assert_eq!(play.handoff().reopened, None);
}

/// Maya marks clear what has changed since she looked.
fn reviewed_again(play: &mut Play) {
    let marks = play.handoff().marks.clone();
    for (category, _) in marks.iter().filter(|(_, marked)| marked.stale) {
        play.marks(category.as_str(), throughline_domain::handoff::Mark::Clear);
    }
}

#[test]
fn history_has_no_duty_no_clock_no_message_and_no_bypass() {
    let won = given(default_playbook()).mode(Mode::BlockClose).deal(|deal| deal.standing = Standing::Won);
    let mut play = won.life(Life::History).opened();
    assert_eq!(play.last_kinds(), ["opened"]);
    assert!(play.told.is_empty());
    assert!(play.handoff().gates.is_empty());
    let readings =
        throughline_domain::clock::readings(play.handoff(), &play.playbook, &play.calendars, play.now());
    assert!(readings.is_empty());
    for gate in Gate::ALL {
        assert_eq!(play.verdict(gate), Verdict::NotRequired);
        assert!(matches!(play.as_(DANA).tries(AttemptGate { gate }), Ok(Outcome::AlreadySo)));
    }
    play.at("2026-03-04 09:00").hears(|deal| deal.plan = Some("Business".to_owned()));
    assert_eq!(play.last_kinds(), ["deal_read"]);
    assert_eq!(play.handoff().complete_since, None);
    let report = play.report_of("warm_intro");
    play.as_(DANA).refused(report);
}

#[test]
fn a_deal_that_is_lost_already_opens_withdrawn() {
    let play = given(default_playbook()).deal(|deal| deal.standing = Standing::Lost).opened();
    assert!(matches!(play.handoff().life, Life::Withdrawn { .. }));
}

#[test]
fn the_next_deal_starts_from_the_accounts_items_marked_carried_over() {
    let before = kicked_off();
    let carried = before.handoff().record.to_carry();
    let play = given(default_playbook()).carried(carried.clone()).opened();
    let record = &play.handoff().record;
    assert_eq!(record.items.len(), carried.len());
    assert!(record.items.values().all(|item| item.provenance == Provenance::CarriedOver));
    assert!(record.list(List::Stakeholders).next().is_some());
    assert!(record.promises().next().is_none(), "a promise is made anew or not at all");
    assert!(!play.open_asks().contains(&key("champion")));
    assert!(play.open_asks().contains(&key("promises")));
}

#[test]
fn what_a_playbook_does_not_keep_is_not_carried_over() {
    let carried = kicked_off().handoff().record.to_carry();
    let play = given(compact()).carried(carried).opened();
    assert_eq!(play.handoff().record.list(List::Risks).count(), 0);
    assert!(play.handoff().record.list(List::Stakeholders).count() > 0);
}
