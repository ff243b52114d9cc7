//! The playbook `default`: the union of the five documents, kept tight.

use cel::Value;
use throughline_domain::{
    Role,
    playbook::{
        Gate, MarkEffect, MarkedWhen, PromiseRoute, StepKind, TransferOn, Way, asks::Need, rule::text,
    },
    record::PromiseKind,
};

use crate::{ask, clock, deal, demands, due, minutes, playbook, required};

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
    assert_eq!(promises.needs, [Need::Strength, Need::Owner, Need::Due, Need::InContract, Need::Evidence]);
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
        let holds =
            |route: &&PromiseRoute| route.when.as_ref().is_none_or(|rule| rule.value.holds(&facts).unwrap());
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
