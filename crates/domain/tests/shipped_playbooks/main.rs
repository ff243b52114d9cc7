//! What the shipped playbooks say, held against the numbers and demands of the documents they come from.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it stands")]

mod account_truth;
mod coverage;
mod default;
mod enterprise_protocol;
mod four_domains;
mod full_context;
mod governed_gate;

use std::collections::BTreeMap;

use cel::Value;
use throughline_domain::{
    Role,
    playbook::{
        Ask, AskKind, Demand, Gate, MarkedWhen, Playbook, Step, StepKind, Told, load, rule::Facts,
        rule::text, shipped,
    },
};

/// The names of all, as they are listed.
const ALL: [&str; 6] =
    ["default", "governed-gate", "full-context", "four-domains", "account-truth", "enterprise-protocol"];

fn playbook(name: &str) -> Playbook {
    load(shipped::source(name).unwrap()).unwrap()
}

/// A step's clock in words.
fn due(playbook: &Playbook, kind: StepKind) -> String {
    let step = playbook.step_of(kind).unwrap_or_else(|| panic!("no {kind:?}"));
    step.due.as_ref().map_or_else(|| "none".to_owned(), |due| clock(&due.value))
}

fn clock(due: &throughline_domain::playbook::Due) -> String {
    let anchor = serde_json::to_value(due.anchor).unwrap();
    let part = |name: &str, span: Option<throughline_domain::calendar::Span>| {
        span.map(|span| format!("{name} {span}"))
    };
    let parts: Vec<String> =
        [part("opens", due.opens), part("within", due.within), part("from", due.from), part("to", due.to)]
            .into_iter()
            .flatten()
            .chain([format!("of {}", anchor.as_str().unwrap())])
            .chain(due.roll.then(|| "rolls".to_owned()))
            .collect();
    parts.join(", ")
}

/// Every step with its clock, in order.
fn clocks(playbook: &Playbook) -> Vec<(&str, String)> {
    let clock = |step: &Step| step.due.as_ref().map_or_else(|| "none".to_owned(), |due| clock(&due.value));
    playbook.steps.iter().map(|step| (step.id.value.as_str(), clock(step))).collect()
}

/// The same, to be compared with.
fn told<'a>(clocks: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    clocks.iter().map(|(step, clock)| (*step, (*clock).to_owned())).collect()
}

fn step<'p>(playbook: &'p Playbook, id: &str) -> &'p Step {
    playbook.step(&id.parse().unwrap()).unwrap_or_else(|| panic!("no step {id}"))
}

/// The forms of a step, those that are always required marked.
fn forms(step: &Step) -> Vec<String> {
    let told = |form: &throughline_domain::playbook::FormRule| match &form.required_when {
        Some(rule) => format!("{} when {}", form.form.value, rule.value.source()),
        None => form.form.value.to_string(),
    };
    step.forms.iter().map(told).collect()
}

fn outcomes(step: &Step) -> Vec<&str> {
    step.outcomes.iter().map(|one| one.id.as_str()).collect()
}

/// Each section with the asks every deal must answer.
fn always(playbook: &Playbook) -> Vec<(&str, Vec<&str>)> {
    playbook
        .sections
        .iter()
        .map(|section| {
            let asks = section.asks.iter().filter(|ask| ask.required);
            (section.id.value.as_str(), asks.map(|ask| ask.id.value.as_str()).collect())
        })
        .collect()
}

/// The minutes of the kickoff's parts.
fn parts(playbook: &Playbook) -> Vec<u16> {
    playbook.agenda.iter().map(|part| part.minutes).collect()
}

/// Tiers with what each asks: completeness, clear marks, the kickoff's rating.
fn tiers(playbook: &Playbook) -> Vec<(&str, bool, u8, u8)> {
    let tiers = playbook.measurement.tiers.iter();
    tiers.map(|tier| (tier.id.as_str(), tier.complete, tier.clear_marks, tier.kickoff_rating)).collect()
}

fn ask<'p>(playbook: &'p Playbook, id: &str) -> &'p Ask {
    playbook.ask(&id.parse().unwrap()).unwrap_or_else(|| panic!("no ask {id}"))
}

fn demands(playbook: &Playbook, gate: Gate) -> Vec<String> {
    let name = |demand: &Demand| match demand {
        Demand::Step(step) => format!("step {step}"),
        Demand::Rating(rating) => format!("rating {rating}"),
        other => serde_json::to_value(other).unwrap().as_str().unwrap().to_owned(),
    };
    playbook.gate(gate).unwrap().demands.iter().map(|demand| name(&demand.value)).collect()
}

fn minutes(playbook: &Playbook, kind: StepKind) -> u16 {
    playbook.step_of(kind).unwrap().minutes.unwrap()
}

/// The asks a deal must answer.
fn required(playbook: &Playbook, facts: &Facts) -> Vec<String> {
    let asked = |ask: &&Ask| {
        ask.required || ask.required_when.as_ref().is_some_and(|rule| rule.value.holds(facts).unwrap_or(true))
    };
    playbook.asks().filter(asked).map(|ask| ask.id.value.to_string()).collect()
}

fn deal(fields: Vec<(&str, Value)>, variant: &str) -> Facts {
    let mut known = vec![("won", Value::Bool(false)), ("lost", Value::Bool(false))];
    known.extend(fields);
    Facts::default().with_fields("deal", known).with("variant", text(variant))
}

#[test]
fn six_playbooks_ship() {
    let names: Vec<_> = shipped::shipped().iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ALL);
}

#[test]
fn a_record_opens_when_a_deal_is_won_near_or_likely_and_never_when_it_is_lost() {
    for name in ALL {
        let playbook = playbook(name);
        let opens = |fields| playbook.opens_when.value.holds(&deal(fields, "")).unwrap();
        assert!(!opens(vec![]));
        assert!(opens(vec![("won", Value::Bool(true))]));
        assert!(opens(vec![("days_to_signature", Value::Int(30))]));
        assert!(opens(vec![("days_to_signature", Value::Int(-3))]));
        assert!(!opens(vec![("days_to_signature", Value::Int(31)), ("probability", Value::Int(49))]));
        assert!(opens(vec![("days_to_signature", Value::Int(90)), ("probability", Value::Int(50))]));
        assert!(!opens(vec![("days_to_signature", Value::Int(-3)), ("lost", Value::Bool(true))]));
    }
}

#[test]
fn every_ask_is_of_use_to_the_receiving_side_and_reviewed_where_there_is_a_review() {
    for name in ALL {
        let playbook = playbook(name);
        let reviewed = playbook.scorecard.categories.iter().any(|one| one.when == MarkedWhen::Review);
        for ask in playbook.asks() {
            assert_eq!(ask.category.is_some(), reviewed, "{name}: who reviews {}?", ask.id.value);
            assert!(
                ask.used_by.iter().any(|role| role.receives()),
                "{name}: {} is of no use to CS",
                ask.id.value
            );
            let words = ask.kind == AskKind::Words || ask.kind == AskKind::Criteria;
            assert!(!words || ask.filled_by.sells(), "{name}: {}", ask.id.value);
        }
        assert!(playbook.asks().all(|ask| ask.filled_by == Role::Ae), "{name}: the AE owes the record");
        let always = playbook.asks().filter(|ask| ask.required).count();
        if name != "default" {
            assert_eq!(always, usize::from(playbook.required_at_most), "{name} says how tight it is");
        }
    }
}

/// A gate is left out only with what stands behind it.
#[test]
fn every_gate_is_there_but_the_kickoffs_where_there_is_no_kickoff() {
    for name in ALL {
        let playbook = playbook(name);
        let left_out: Vec<_> = Gate::ALL.into_iter().filter(|gate| playbook.gate(*gate).is_none()).collect();
        let wanted = if playbook.step_of(StepKind::Kickoff).is_none() { vec![Gate::Kickoff] } else { vec![] };
        assert_eq!(left_out, wanted, "{name}");
    }
}

/// Who is told how long after a due time, and how long before it the owner is reminded.
fn ladder(playbook: &Playbook) -> (Vec<String>, Vec<(Told, String)>) {
    let before = playbook.escalation.remind_before.iter().map(ToString::to_string).collect();
    let rungs = playbook.escalation.ladder.iter().map(|rung| (rung.tell, rung.after.to_string())).collect();
    (before, rungs)
}

#[test]
fn the_owner_hears_first_then_the_manager_then_the_process_owner() {
    let others =
        [("four-domains", (Told::CsLeader, [0, 2, 3])), ("enterprise-protocol", (Told::CsLeader, [0, 1, 2]))];
    let others = BTreeMap::from(others);
    for name in ALL {
        let playbook = playbook(name);
        let (last, days) = others.get(name).copied().unwrap_or((Told::RevOps, [0, 1, 2]));
        let (before, rungs) = ladder(&playbook);
        assert_eq!(before, ["1 bd"], "{name}: no escalation before one reminder");
        let wanted = [Told::Owner, Told::Manager, last];
        let wanted: Vec<_> = wanted.into_iter().zip(days.map(|days| format!("{days} bd"))).collect();
        assert_eq!(rungs, wanted, "{name}");
        let owner = if last == Told::CsLeader { Role::CsLeader } else { Role::RevOps };
        assert_eq!(playbook.process_owner, owner, "{name}");
    }
}

#[test]
fn waivers_stand_ten_business_days_and_never_by_whom_the_gap_is_owed_alone() {
    for name in ALL {
        for gate in playbook(name).gates {
            assert_eq!(gate.waiver_lasts.to_string(), "10 bd", "{name}, {:?}", gate.gate.value);
            let leads = |role: &Role| !matches!(role, Role::Ae | Role::Se | Role::Csm | Role::Implementation);
            assert!(!gate.waived_by.is_empty() && gate.waived_by.iter().all(leads), "{name}");
        }
    }
}

#[test]
fn everywhere_a_low_rating_is_one_or_two_and_an_offer_has_a_day_and_a_return_two() {
    for name in ALL {
        let playbook = playbook(name);
        assert!(playbook.ratings.iter().all(|rating| rating.low == 2), "{name}");
        assert_eq!(playbook.measurement.pattern_from, 5, "{name}");
        assert_eq!(playbook.measurement.first_value_within.to_string(), "30 d", "{name}");
        assert_eq!(playbook.promises.decide_within.to_string(), "2 bd", "{name}");
        assert_eq!(due(&playbook, StepKind::OfferAnswer), "within 1 bd, of offered", "{name}");
        assert_eq!(due(&playbook, StepKind::ReturnAnswer), "within 2 bd, of returned", "{name}");
        assert_eq!(playbook.offer.escalate_to, Role::CsLeader, "{name}");
        assert_eq!(playbook.offer.second_return_to.len(), 2, "{name}: a second return brings in two");
    }
}

#[test]
fn tiers_fall_from_strong_to_the_rest() {
    for (name, ids) in [
        ("default", ["strong", "fair", "weak"]),
        ("four-domains", ["high", "medium", "low"]),
        ("account-truth", ["strong", "mixed", "weak"]),
    ] {
        let wanted = [(ids[0], true, 4, 4), (ids[1], true, 2, 3), (ids[2], false, 0, 0)];
        assert_eq!(tiers(&playbook(name)), wanted, "{name}");
    }
    // Where there is neither a review nor a rating at the kickoff, completeness is all there is to go by.
    for (name, ids) in [
        ("governed-gate", ["thorough", "thin"]),
        ("full-context", ["informed", "blind"]),
        ("enterprise-protocol", ["documented", "poor"]),
    ] {
        assert_eq!(tiers(&playbook(name)), [(ids[0], true, 0, 0), (ids[1], false, 0, 0)], "{name}");
    }
    let rated =
        |name| -> Vec<String> { playbook(name).ratings.iter().map(|one| one.id.value.to_string()).collect() };
    assert_eq!(rated("default"), ["kickoff", "day60"]);
    assert_eq!(rated("governed-gate"), ["handoff"]);
    assert!(rated("full-context").is_empty());
    assert_eq!(rated("four-domains"), ["kickoff"]);
    assert_eq!(rated("account-truth"), ["kickoff"]);
    assert_eq!(rated("enterprise-protocol"), ["day60"]);
}
