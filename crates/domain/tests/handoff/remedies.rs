//! Every problem a gate can name: how it comes about, who closes it, and with which verb (R2.12).

use std::collections::BTreeSet;

use throughline_domain::{
    ItemId, Key,
    access::{Action, reach},
    deal::Standing,
    gate::{self, Gap, Problem, no_record},
    handoff::{Command, Covers, Mark, command::*},
    playbook::Gate,
    record::{Answer, Body, DecisionVerdict, Evidence, List, Promise},
};
use throughline_testkit::{Play, Team, body_for, default_playbook, evidence, given, people::*, text};

use crate::compact;

/// Names every problem, so that a new one without its scenario does not compile.
macro_rules! problems {
    ($($variant:ident),* $(,)?) => {
        const PROBLEMS: &[&str] = &[$(stringify!($variant)),*];
        fn named(problem: &Problem) -> &'static str {
            match problem { $(Problem::$variant { .. } => stringify!($variant)),* }
        }
    };
}

problems! {
    Missing, NothingListed, TooFew, ItemLacks, NoEvidence, Undecided, NotCorrected, NotMarked, MarkStale,
    MarkedUnclear, MarkedPartial, NotHappened, NotConfirmed, NotInForm, Disputed, Missed, ReturnUnanswered,
    ReopenedUntouched, NotAccepted, NotOwned, PlanNotOpened, PlanNotConfirmed, NotRated, NotAcknowledged,
    DebtExpired, NoRecord, NotLive,
}

fn key(text: &str) -> Key {
    text.parse().unwrap()
}

fn ask(name: &str) -> Covers {
    Covers::Ask { ask: key(name) }
}

fn step(name: &str) -> Covers {
    Covers::Step { step: key(name) }
}

fn category(name: &str) -> Covers {
    Covers::Category { category: key(name) }
}

fn by_default() -> Play {
    given(default_playbook()).opened()
}

fn assigned() -> Play {
    let mut play = by_default();
    play.at("2026-03-18 10:00").assigned();
    play
}

fn owned() -> Play {
    let mut play = assigned();
    play.at("2026-03-27 15:00").won().at("2026-03-30 09:00").introduced();
    play
}

/// A promise nobody sells as it is.
fn promised(play: &mut Play) -> ItemId {
    let Body::Promise(promise) = body_for(List::Promises, "A connector by June") else { unreachable!() };
    let body = Body::Promise(Promise { in_contract: Some(false), ..promise });
    play.as_(DANA).does(AddItem { body, evidence: evidence(), reason: Some(text("It came up")) });
    *play.handoff().record.items.keys().last().unwrap()
}

/// A play in which a problem stands in the way, the gate it stands at, and what it is about.
fn scenario(problem: &str) -> (Play, Gate, Covers) {
    let mut play = by_default();
    match problem {
        "Missing" => (play, Gate::Handoff, ask("first_use_case")),
        "NothingListed" => (play, Gate::Handoff, ask("champion")),
        "TooFew" => {
            let mut play = given(compact()).opened();
            play.as_(DANA).fills("goals");
            (play, Gate::Handoff, ask("goals"))
        }
        "ItemLacks" => {
            let Body::Stakeholder(person) = body_for(List::Stakeholders, "Ines Vega") else { unreachable!() };
            let body = Body::Stakeholder(throughline_domain::record::Stakeholder { contact: None, ..person });
            play.as_(DANA).does(AddItem { body, evidence: evidence(), reason: None });
            (play, Gate::Handoff, ask("champion"))
        }
        "NoEvidence" => {
            let answer = Answer::Words { said: text("Faster closing"), evidence: Evidence::default() };
            play.as_(DANA).does(GiveAnswer { ask: key("first_use_case"), answer, reason: None });
            (play, Gate::Handoff, ask("first_use_case"))
        }
        "Undecided" => {
            let item = promised(&mut play);
            (play, Gate::Handoff, Covers::Commitment { item })
        }
        "NotCorrected" => {
            let item = promised(&mut play);
            let verdict = DecisionVerdict::Declined;
            play.as_(PIA).as_(DEE).does(DecidePromise { item, verdict, reason: text("Not on the roadmap") });
            (play, Gate::Kickoff, Covers::Correction { item })
        }
        "NotMarked" => (play, Gate::CsmAssignment, category("customer_intent")),
        "MarkStale" => {
            play.record_filled().offered().reviewed();
            play.as_(DANA).fills("highest_risk");
            (play, Gate::CsmAssignment, category("implementation_risk"))
        }
        "MarkedUnclear" => {
            play.marks("customer_intent", Mark::Unclear);
            (play, Gate::CsmAssignment, category("customer_intent"))
        }
        "MarkedPartial" => {
            play.marks("customer_intent", Mark::Partial);
            (play, Gate::CsmAssignment, category("customer_intent"))
        }
        "NotHappened" => (play, Gate::Kickoff, step("first_contact")),
        "NotConfirmed" => {
            play.reports(DANA, "warm_intro");
            (play, Gate::Kickoff, step("warm_intro"))
        }
        "NotInForm" => {
            let mut play = given(default_playbook()).arr(90_000).opened();
            play.reports(DANA, "warm_intro").confirms("warm_intro", 0);
            (play, Gate::Kickoff, step("warm_intro"))
        }
        "Disputed" => {
            play.reports(DANA, "internal_call");
            let dispute =
                DisputeStep { step: key("internal_call"), number: 0, reason: text("I was not there") };
            play.as_(MAYA).does(dispute);
            (play, Gate::Kickoff, step("internal_call"))
        }
        "Missed" => {
            play.reports(MAYA, "kickoff").at("2026-03-03 09:00");
            (play, Gate::Kickoff, step("internal_call"))
        }
        "ReturnUnanswered" => {
            play.record_filled().offered();
            play.as_(MAYA).does(SendBack { code: key("incomplete"), reason: text("Who signs?") });
            (play, Gate::CsmAssignment, Covers::Return)
        }
        "ReopenedUntouched" => {
            play.record_filled().offered();
            play.as_(DANA)
                .does(Reopen { asks: BTreeSet::from([key("promises")]), reason: text("They negotiate") });
            (play, Gate::CsmAssignment, Covers::Reopened)
        }
        "NotAccepted" => {
            play.record_filled().offered().reviewed();
            (play, Gate::CsAccess, Covers::Acceptance)
        }
        "NotOwned" => (assigned(), Gate::Done, Covers::Ownership),
        "PlanNotOpened" => (owned(), Gate::Done, Covers::Plan),
        "PlanNotConfirmed" => {
            let mut play = owned();
            play.as_(MAYA).does(OpenPlan {});
            (play, Gate::Done, Covers::Plan)
        }
        "NotRated" => {
            let mut play = owned();
            play.reports(MAYA, "kickoff");
            (play, Gate::Done, Covers::Rating { rating: key("kickoff") })
        }
        "NotAcknowledged" => {
            let mut play = owned();
            play.as_(DANA).fills("everyday_use");
            (play, Gate::Done, ask("everyday_use"))
        }
        "DebtExpired" => {
            play.record_filled().as_(DANA).does(Clear { ask: key("first_use_case"), reason: None });
            play.waived(Gate::Handoff, ask("first_use_case"), Some("2026-03-04 09:00")).offered();
            play.at("2026-03-05 09:00");
            let waiver = *play.handoff().waivers.keys().next().unwrap();
            (play, Gate::CsmAssignment, Covers::Debt { waiver })
        }
        "NotLive" => {
            play.hears(|deal| deal.standing = Standing::Lost);
            (play, Gate::Handoff, Covers::NotLive)
        }
        other => panic!("no scenario makes `{other}`"),
    }
}

fn found(play: &Play, gate: Gate, about: &Covers) -> Option<Gap> {
    let owed = gate::follow_ups(play.handoff(), &play.playbook, &play.calendars, play.now());
    play.judged(gate).gaps.into_iter().chain(owed).find(|gap| gap.about == *about)
}

#[test]
fn every_problem_has_a_scenario_that_makes_it_and_a_command_that_ends_it() {
    // For a deal without a record and a handoff that ended there is no handoff to command; below.
    for problem in PROBLEMS.iter().filter(|problem| !["NoRecord", "NotLive"].contains(problem)) {
        let (mut play, gate, about) = scenario(problem);
        let gap = found(&play, gate, &about)
            .unwrap_or_else(|| panic!("{problem} does not stand at {}", gate.name()));
        assert_eq!(named(&gap.problem), *problem);
        let mut team = Team::new(12);
        // Some take two: a report, and somebody who confirms it.
        while let Some(still) = found(&play, gate, &about).filter(|still| still.problem == gap.problem) {
            team.close(&mut play, gate, &still, 0).unwrap_or_else(|stuck| panic!("{problem}: {stuck:?}"));
        }
        let verb = team.done.last().unwrap().split(' ').nth(1).unwrap();
        let granted = verb == "grant-waiver" && gate::remedies(&gap).contains(&"ask-waiver");
        assert!(granted || gate::remedies(&gap).contains(&verb), "{problem} was closed by {verb}");
    }
}

#[test]
fn whoever_owes_a_gap_may_do_something_about_it() {
    for problem in PROBLEMS.iter().filter(|problem| !["NoRecord", "NotLive"].contains(problem)) {
        let (play, gate, about) = scenario(problem);
        let gap = found(&play, gate, &about).unwrap();
        let verbs = gate::remedies(&gap);
        assert!(verbs.iter().all(|verb| Command::VERBS.contains(verb)), "{problem}");
        let may =
            |verb: &&str| Action::of_verb(verb).is_some_and(|action| reach(gap.owed_by, action).is_some());
        assert!(verbs.iter().any(may), "{problem} is owed by {}, who may do none of {verbs:?}", gap.owed_by);
        let offers_waiver = verbs.contains(&"ask-waiver");
        assert_eq!(offers_waiver, gap.waivable, "{problem}");
    }
}

#[test]
fn a_deal_without_a_record_is_refused_until_one_is_opened() {
    let judged = no_record(Gate::Handoff, throughline_domain::Role::RevOps, Some(RAVI));
    let gap = &judged.gaps[0];
    assert_eq!(named(&gap.problem), "NoRecord");
    assert_eq!(gate::remedies(gap), ["open"]);
    assert!(reach(gap.owed_by, Action::Open).is_some());
    assert!(by_default().judged(Gate::Handoff).gaps.iter().all(|gap| gap.about != Covers::NoRecord));
}

#[test]
fn only_the_crm_brings_a_lost_deal_back() {
    let (mut play, gate, about) = scenario("NotLive");
    let gap = found(&play, gate, &about).unwrap();
    assert_eq!(gate::remedies(&gap), ["take-news"]);
    play.at("2026-03-03 09:00").hears(|deal| deal.standing = Standing::Open);
    assert_eq!(found(&play, gate, &about), None);
}
