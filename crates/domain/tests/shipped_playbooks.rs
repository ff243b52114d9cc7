//! What the shipped playbooks say, held against the numbers and demands of the documents they come from.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it stands")]

use cel::Value;
use throughline_domain::{
    Role,
    playbook::{
        Ask, AskKind, CompleteBefore, Demand, Gate, MarkEffect, MarkedWhen, Playbook, StepKind, Told,
        TransferOn, Way, asks::Need, load, rule::Facts, rule::text, shipped,
    },
    record::{PromiseKind, StakeholderRole},
};

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
fn four_domains_keeps_every_number_of_its_document() {
    let playbook = playbook("four-domains");
    for (kind, clock) in [
        (StepKind::Record, "from 5 bd, to 3 bd, of signature"),
        (StepKind::EarlyIntro, "from 14 d, of signature"),
        (StepKind::InternalCall, "from 7 d, to 5 d, of kickoff"),
        (StepKind::KickoffBooked, "within 10 bd, of closed"),
        (StepKind::PlanConfirmed, "within 48 h, of kickoff_end"),
        (StepKind::FirstValue, "within 30 d, of closed"),
    ] {
        assert_eq!(due(&playbook, kind), clock, "{kind:?}");
    }
    assert_eq!(minutes(&playbook, StepKind::EarlyIntro), 20);
    let touchpoints = playbook.step_of(StepKind::EarlyIntro).unwrap().times.unwrap();
    assert_eq!((touchpoints.at_least, touchpoints.at_most), (1, 2));
    assert_eq!(minutes(&playbook, StepKind::InternalCall), 30);
    assert_eq!(playbook.step_of(StepKind::InternalCall).unwrap().agenda.len(), 5);
    assert_eq!(playbook.agenda.iter().map(|part| part.minutes).collect::<Vec<_>>(), [15, 20, 15]);
    assert_eq!(playbook.measurement.first_value_within.to_string(), "30 d");
    assert_eq!(playbook.sections.len(), 4);
}

#[test]
fn four_domains_asks_what_its_document_asks_and_requires_all_of_it() {
    let playbook = playbook("four-domains");
    let sections: Vec<_> = playbook.sections.iter().map(|section| section.id.value.as_str()).collect();
    assert_eq!(sections, ["success_criteria", "relationship_context", "commitments", "technical_context"]);
    let always: Vec<&str> =
        playbook.asks().filter(|ask| ask.required).map(|ask| ask.id.value.as_str()).collect();
    assert_eq!(
        always,
        [
            "success_criteria",
            "first_use_case",
            "expected_timeline",
            "champion",
            "economic_buyer",
            "executive_sponsor",
            "skeptics",
            "purchase_reach",
            "commitments",
            "integrations",
            "data_moves",
            "it_owner",
            "it_engaged",
            "constraints",
        ]
    );
    assert_eq!(usize::from(playbook.required_at_most), always.len());
    let champion = ask(&playbook, "champion");
    assert_eq!(champion.role, Some(StakeholderRole::Champion));
    assert_eq!(champion.needs, [Need::Title, Need::Contact, Need::Influence, Need::Stance]);
    assert_eq!(ask(&playbook, "executive_sponsor").needs, [Need::Said]);
    assert_eq!(ask(&playbook, "data_moves").needs, [Need::From, Need::Format]);
    let commitments = ask(&playbook, "commitments");
    assert!(commitments.allow_none);
    assert_eq!(
        commitments.kinds,
        [
            PromiseKind::FeatureDate,
            PromiseKind::Implementation,
            PromiseKind::Price,
            PromiseKind::Terms,
            PromiseKind::NamedResource,
            PromiseKind::Sla,
            PromiseKind::Refund,
        ]
    );
    let constraints: Vec<_> =
        ask(&playbook, "constraints").options.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(constraints, ["security", "sso", "data_residency", "nothing"]);
}

#[test]
fn four_domains_assigns_on_a_complete_and_reviewed_document_and_moves_ownership_at_the_kickoff() {
    let playbook = playbook("four-domains");
    assert_eq!(playbook.transfer_on, TransferOn::Kickoff);
    assert_eq!(demands(&playbook, Gate::CsmAssignment), ["record", "review"]);
    assert_eq!(demands(&playbook, Gate::Kickoff), ["record", "step internal_call", "acceptance"]);
    assert_eq!(
        demands(&playbook, Gate::Done),
        ["ownership", "step kickoff", "plan_confirmed", "rating kickoff"]
    );
    assert_eq!(playbook.measurement.complete_before, CompleteBefore::Kickoff);
    assert!(playbook.step_of(StepKind::Kickoff).unwrap().with.contains(&Role::Ae));
    for silent in [StepKind::WarmIntro, StepKind::FirstContact, StepKind::Availability] {
        assert!(playbook.step_of(silent).is_none(), "the document does not speak of {silent:?}");
    }
    assert_eq!(playbook.ratings.len(), 1);
    assert!(playbook.scorecard.categories.iter().all(|category| category.when == MarkedWhen::Review));
}

#[test]
fn default_keeps_every_number_of_the_documents() {
    let playbook = playbook("default");
    for (kind, clock) in [
        (StepKind::Nomination, "to 14 d, of signature"),
        (StepKind::EarlyIntro, "from 14 d, of signature"),
        (StepKind::Record, "from 5 bd, to 3 bd, of signature"),
        (StepKind::Review, "within 1 bd, of offered"),
        (StepKind::OfferAnswer, "within 1 bd, of offered"),
        (StepKind::ReturnAnswer, "within 2 bd, of returned"),
        (StepKind::FirstContact, "within 24 h, of warm_intro, rolls"),
        (StepKind::KickoffBooked, "within 10 bd, of closed"),
        (StepKind::InternalCall, "from 7 d, to 5 d, of kickoff"),
        (StepKind::Kickoff, "none"),
        (StepKind::PlanConfirmed, "within 48 h, of kickoff_end, rolls"),
        (StepKind::FirstValue, "within 30 d, of closed, rolls"),
        (StepKind::Availability, "within 60 d, of closed"),
    ] {
        assert_eq!(due(&playbook, kind), clock, "{kind:?}");
    }
    let rated: Vec<_> = playbook.steps.iter().filter(|step| step.kind == StepKind::Rating).collect();
    let rated: Vec<_> = rated.iter().map(|step| clock(&step.due.as_ref().unwrap().value)).collect();
    assert_eq!(rated, ["within 24 h, of kickoff_end, rolls", "opens 60 d, within 67 d, of closed, rolls"]);
    assert_eq!(minutes(&playbook, StepKind::EarlyIntro), 20);
    assert_eq!(minutes(&playbook, StepKind::InternalCall), 30);
    assert_eq!(minutes(&playbook, StepKind::Kickoff), 50);
    assert_eq!(playbook.agenda.iter().map(|part| part.minutes).collect::<Vec<_>>(), [15, 20, 15]);
    assert_eq!(playbook.step_of(StepKind::WarmIntro).unwrap().outcomes.len(), 5);
    assert_eq!(playbook.promises.decide_within.to_string(), "2 bd");
    assert_eq!(playbook.measurement.pattern_from, 5);
    let plan: Vec<_> = playbook.plan.milestones.iter().map(|milestone| milestone.due.to_string()).collect();
    assert_eq!(plan, ["30 d", "60 d", "90 d"]);
    assert_eq!(playbook.scorecard.categories.len(), 5);
    let reviewed =
        playbook.scorecard.categories.iter().filter(|category| category.when == MarkedWhen::Review);
    assert!(
        reviewed.clone().count() == 4
            && reviewed.clone().all(|category| category.unclear == MarkEffect::Returns)
    );
}

#[test]
fn default_gates_demand_what_the_process_says() {
    let playbook = playbook("default");
    let kickoff = [
        "record",
        "step internal_call",
        "step warm_intro",
        "step first_contact",
        "corrections",
        "acceptance",
    ];
    for (gate, wanted) in [
        (Gate::Handoff, &["record", "commitments"][..]),
        (Gate::CsmAssignment, &["record", "review"]),
        (Gate::CsAccess, &["record", "review", "acceptance"]),
        (Gate::Kickoff, &kickoff),
        (Gate::Credit, &["record", "commitments", "corrections"]),
        (Gate::Done, &["ownership", "step kickoff", "plan_confirmed", "rating kickoff"]),
    ] {
        assert_eq!(demands(&playbook, gate), wanted, "{gate:?}");
    }
    assert_eq!(playbook.transfer_on, TransferOn::WarmIntro);
    assert_eq!(playbook.offer.escalate_to, Role::CsLeader);
    assert_eq!(playbook.offer.second_return_to, [Role::AeManager, Role::CsLeader]);
}

#[test]
fn default_asks_little_of_small_deals_and_more_of_large_ones() {
    let playbook = playbook("default");
    let always = playbook.asks().filter(|ask| ask.required).count();
    assert_eq!((always, playbook.required_at_most), (9, 12));
    let counted = |fields, variant| required(&playbook, &deal(fields, variant)).len();
    let arr = |amount: f64| ("arr", Value::Float(amount));
    assert_eq!(counted(vec![arr(4_000.0)], "light"), 9);
    assert_eq!(counted(vec![arr(80_000.0)], "short"), 9);
    assert_eq!(counted(vec![arr(20_000.0)], "full"), 14);
    assert_eq!(counted(vec![arr(20_000.0), ("se_involved", Value::Bool(true))], "full"), 17);
    assert_eq!(counted(vec![arr(80_000.0)], "full"), 24);
    assert_eq!(counted(vec![], "full"), 14, "an unknown size asks no more than a middling deal");
    let discounted = required(&playbook, &deal(vec![("discount_percent", Value::Int(25))], "light"));
    assert!(discounted.contains(&"special_terms".to_owned()));
}

#[test]
fn a_record_opens_when_a_deal_is_won_near_or_likely_and_never_when_it_is_lost() {
    for name in ["default", "four-domains"] {
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
fn default_routes_deals_by_kind_and_size() {
    let playbook = playbook("default");
    let route = |fields| {
        let facts = deal(fields, "");
        let taken = playbook.routes.iter().find(|route| match &route.when {
            Some(rule) => rule.value.holds(&facts).unwrap(),
            None => true,
        });
        taken.map(|route| (route.id.value.to_string(), route.take)).unwrap()
    };
    let kind =
        |name: &str, existing: bool| vec![("type", text(name)), ("existing_account", Value::Bool(existing))];
    for (fields, id, way) in [
        (kind("Renewal", true), "renewal", Way::None),
        (kind("Existing Customer - Upgrade", true), "expansion", Way::None),
        (kind("existingbusiness", true), "expansion", Way::None),
        (kind("Renewal", false), "new_business", Way::This),
        (kind("New Business", true), "new_business", Way::This),
        (vec![("arr", Value::Float(9_999.0))], "small_deal", Way::This),
        (vec![("arr", Value::Float(10_000.0))], "new_business", Way::This),
        (vec![], "new_business", Way::This),
    ] {
        assert_eq!(route(fields), (id.to_owned(), way));
    }
}

#[test]
fn default_routes_every_promise_that_is_not_standard_and_in_the_contract() {
    let playbook = playbook("default");
    let to = |kind: PromiseKind, in_contract: bool, standard: bool| {
        let facts = deal(vec![], "full").with_fields(
            "promise",
            vec![
                ("kind", text(kind.name())),
                ("in_contract", Value::Bool(in_contract)),
                ("standard", Value::Bool(standard)),
            ],
        );
        let holds = |route: &&throughline_domain::playbook::PromiseRoute| {
            route.when.as_ref().is_none_or(|rule| rule.value.holds(&facts).unwrap())
        };
        playbook.promises.routing.iter().find(holds).map(|route| route.to)
    };
    for kind in PromiseKind::ALL {
        let product =
            matches!(kind, PromiseKind::FeatureDate | PromiseKind::Capability | PromiseKind::Integration);
        let decides = Some(if product { Role::Product } else { Role::DealDesk });
        assert_eq!(to(kind, true, true), None, "{kind:?}");
        assert_eq!(to(kind, false, true), decides, "{kind:?}");
        assert_eq!(to(kind, true, false), decides, "{kind:?}");
        assert_eq!(to(kind, false, false), decides, "{kind:?}");
    }
}

#[test]
fn the_introduction_is_always_a_mail_and_a_call_for_large_deals() {
    let playbook = playbook("default");
    let step = playbook.step_of(StepKind::WarmIntro).unwrap();
    let wanted = |fields| -> Vec<&str> {
        let facts = deal(fields, "full");
        let required = step
            .forms
            .iter()
            .filter(|form| form.required_when.as_ref().unwrap().value.holds(&facts).unwrap());
        required.map(|form| form.form.value.as_str()).collect()
    };
    assert_eq!(wanted(vec![]), ["mail"]);
    assert_eq!(wanted(vec![("arr", Value::Float(49_999.0))]), ["mail"]);
    assert_eq!(wanted(vec![("arr", Value::Float(50_000.0))]), ["mail", "bridge_call"]);
}

#[test]
fn every_ask_is_reviewed_by_somebody_and_of_use_to_the_receiving_side() {
    for name in ["default", "four-domains"] {
        let playbook = playbook(name);
        assert_eq!(playbook.gates.len(), Gate::ALL.len(), "{name} leaves a gate out");
        for ask in playbook.asks() {
            assert!(ask.category.is_some(), "{name}: nobody reviews {}", ask.id.value);
            assert!(
                ask.used_by.iter().any(|role| role.receives()),
                "{name}: {} is of no use to CS",
                ask.id.value
            );
            let words = ask.kind == AskKind::Words || ask.kind == AskKind::Criteria;
            assert!(!words || ask.filled_by.sells(), "{name}: {}", ask.id.value);
        }
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
    for (name, last, days) in
        [("default", Told::RevOps, [0, 1, 2]), ("four-domains", Told::CsLeader, [0, 2, 3])]
    {
        let (before, rungs) = ladder(&playbook(name));
        assert_eq!(before, ["1 bd"], "{name}: no escalation before one reminder");
        let wanted = [Told::Owner, Told::Manager, last];
        let wanted: Vec<_> = wanted.into_iter().zip(days.map(|days| format!("{days} bd"))).collect();
        assert_eq!(rungs, wanted, "{name}");
    }
}

#[test]
fn waivers_stand_ten_business_days_and_never_by_whom_the_gap_is_owed_alone() {
    for name in ["default", "four-domains"] {
        for gate in playbook(name).gates {
            assert_eq!(gate.waiver_lasts.to_string(), "10 bd", "{name}, {:?}", gate.gate.value);
            let leads = |role: &Role| !matches!(role, Role::Ae | Role::Se | Role::Csm | Role::Implementation);
            assert!(!gate.waived_by.is_empty() && gate.waived_by.iter().all(leads), "{name}");
        }
    }
}

#[test]
fn a_low_rating_is_one_or_two_and_tiers_fall_from_strong_to_the_rest() {
    for name in ["default", "four-domains"] {
        let playbook = playbook(name);
        assert!(playbook.ratings.iter().all(|rating| rating.low == 2), "{name}");
        assert_eq!(playbook.measurement.pattern_from, 5, "{name}");
        assert_eq!(playbook.measurement.first_value_within.to_string(), "30 d", "{name}");
        let cuts: Vec<_> = playbook
            .measurement
            .tiers
            .iter()
            .map(|tier| (tier.complete, tier.clear_marks, tier.kickoff_rating))
            .collect();
        assert_eq!(cuts, [(true, 4, 4), (true, 2, 3), (false, 0, 0)], "{name}");
    }
    let default = playbook("default");
    let rated: Vec<_> = default.ratings.iter().map(|rating| rating.id.value.as_str()).collect();
    assert_eq!(rated, ["kickoff", "day60"]);
}

#[test]
fn what_four_domains_leaves_open_takes_the_time_everybody_takes() {
    let playbook = playbook("four-domains");
    for (kind, clock) in [
        (StepKind::Nomination, "to 14 d, of signature"),
        (StepKind::Review, "within 1 bd, of record_complete"),
        (StepKind::OfferAnswer, "within 1 bd, of offered"),
        (StepKind::ReturnAnswer, "within 2 bd, of returned"),
        (StepKind::Rating, "within 24 h, of kickoff_end"),
        (StepKind::Kickoff, "none"),
    ] {
        assert_eq!(due(&playbook, kind), clock, "{kind:?}");
    }
    assert_eq!(minutes(&playbook, StepKind::Kickoff), 50);
    assert_eq!(playbook.plan.milestones.iter().map(|one| one.due.to_string()).collect::<Vec<_>>(), ["30 d"]);
}

#[test]
fn default_sends_the_introduction_within_two_business_days_and_counts_the_early_meetings() {
    let playbook = playbook("default");
    assert_eq!(due(&playbook, StepKind::WarmIntro), "within 2 bd, of closed");
    let touchpoints = playbook.step_of(StepKind::EarlyIntro).unwrap().times.unwrap();
    assert_eq!((touchpoints.at_least, touchpoints.at_most), (1, 2));
    assert_eq!(playbook.step_of(StepKind::InternalCall).unwrap().agenda.len(), 5);
    let outcomes: Vec<_> =
        playbook.step_of(StepKind::WarmIntro).unwrap().outcomes.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(outcomes, ["main_goal", "stakeholders", "next_steps", "first_milestone", "nothing_lost"]);
    let call = playbook.step_of(StepKind::InternalCall).unwrap();
    let in_writing = &call.forms.iter().find(|form| form.form.value.as_str() == "async").unwrap().when;
    let in_writing = |arr: f64, variant: &str| {
        let facts = deal(vec![("arr", Value::Float(arr))], variant);
        in_writing.as_ref().unwrap().value.holds(&facts).unwrap()
    };
    assert!(in_writing(24_999.0, "full") && !in_writing(25_000.0, "full"));
    assert!(in_writing(90_000.0, "light") && in_writing(90_000.0, "short"));
}

/// Each of R1's demands on the record is an ask of the default playbook, or a field of what an ask keeps.
#[test]
fn default_keeps_a_place_for_everything_the_record_must_hold() {
    let playbook = playbook("default");
    for asked in [
        "success_criteria",
        "promises",
        "champion",
        "economic_buyer",
        "executive_sponsor",
        "influencers",
        "operators",
        "skeptics",
        "politics",
        "purchase_reach",
        "first_use_case",
        "scope",
        "expected_timeline",
        "buying_trigger",
        "trigger_holds",
        "plan",
        "arr",
        "term",
        "renews_on",
        "discount",
        "special_terms",
        "expansion",
        "competitor",
        "why_us",
        "integrations",
        "data_moves",
        "it_owner",
        "it_engaged",
        "constraints",
        "risks",
        "highest_risk",
        "quick_win",
        "why_now_words",
        "customer_work",
        "everyday_use",
    ] {
        ask(&playbook, asked);
    }
    assert_eq!(ask(&playbook, "success_criteria").needs, [Need::Evidence, Need::Measure]);
    let promises = ask(&playbook, "promises");
    assert_eq!(promises.needs, [Need::Strength, Need::Owner, Need::InContract, Need::Evidence]);
    assert!(promises.kinds.is_empty(), "of every kind");
    assert_eq!(ask(&playbook, "champion").needs, [Need::Title, Need::Contact, Need::Influence, Need::Stance]);
    assert_eq!(ask(&playbook, "executive_sponsor").needs, [Need::Contact, Need::Said, Need::Goals]);
    assert_eq!(ask(&playbook, "influencers").needs, [Need::Contact, Need::Goals]);
    assert_eq!(ask(&playbook, "data_moves").needs, [Need::From, Need::Format]);
    for trigger in ["leadership_change", "budget_window", "broken_process", "hiring_plan", "board_pressure"] {
        let options = &ask(&playbook, "buying_trigger").options;
        assert!(options.iter().any(|option| option.id.as_str() == trigger), "{trigger}");
    }
}
