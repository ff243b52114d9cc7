//! Each kind of gap: where it shows, how it comes about, how it is closed.

use serde_json::json;

use crate::story::*;

/// A kind of gap: where it shows, how it comes about, how it is closed.
pub struct Kind {
    pub problem: &'static str,
    /// The gate that names it; none: a follow-up no gate asks for.
    pub gate: Option<&'static str>,
    pub arrange: for<'c> fn(&'c Company) -> Case<'c>,
    pub close: fn(&Case<'_>, &Gap),
}

pub const KINDS: &[Kind] = &[
    Kind {
        problem: "missing",
        gate: Some("handoff"),
        arrange: |company| company.deal("missing").case(),
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "nothing_listed",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("nothing listed").case();
            case.fills_all_but("risks");
            case
        },
        close: |case, _| {
            case.does(AVA, "declare-none", json!({ "ask": "risks", "note": "We asked all four of them." }));
        },
    },
    Kind {
        problem: "too_few",
        gate: Some("handoff"),
        arrange: one_criterion_of_two,
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "item_lacks",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("item lacks").case();
            let bare = json!({ "list": "criterion", "words": "Faster" });
            case.does(AVA, "add-item", json!({ "body": bare, "evidence": evidence() }));
            case
        },
        close: |case, gap| {
            let (_, mut body) = answer_to(&case.company.playbook, "success_criteria");
            body["item"] = gap.0["problem"]["item"].clone();
            case.does(AVA, "change-item", body);
        },
    },
    Kind {
        problem: "no_evidence",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("no evidence").case();
            let bare = json!({ "type": "words", "said": "The ledger first" });
            case.does(AVA, "answer", json!({ "ask": "first_use_case", "answer": bare }));
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "undecided",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("undecided").case();
            case.promises(AVA, &promise("price", false, true));
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "not_corrected",
        gate: Some("credit"),
        arrange: |company| {
            let case = company.deal("not corrected").case();
            let item = case.promises(AVA, &promise("price", false, true));
            case.decides(DORA, &item, "declined");
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "not_marked",
        gate: Some("csm_assignment"),
        arrange: offered,
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "mark_stale",
        gate: Some("csm_assignment"),
        arrange: |company| {
            let case = offered(company);
            case.reviews(MAYA);
            case.has_doubts(AVA);
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "marked_unclear",
        gate: Some("csm_assignment"),
        arrange: |company| {
            let case = company.deal("marked unclear").case();
            case.fills_the_record();
            case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
            case.marks(MAYA, "customer_intent", "unclear");
            case
        },
        close: |case, gap| {
            case.has_doubts(AVA);
            case.closes(&Gap(json!({ "about": gap.0["about"], "owed_by": "csm" })));
        },
    },
    Kind {
        problem: "marked_partial",
        gate: None,
        arrange: |company| {
            let case = offered(company);
            case.marks(MAYA, "customer_intent", "partial");
            case
        },
        close: |case, _| {
            case.marks(MAYA, "customer_intent", "clear");
        },
    },
    Kind {
        problem: "not_happened",
        gate: Some("kickoff"),
        arrange: assigned,
        close: |case, _| {
            case.reports(MAYA, "internal_call", "2026-03-20 09:30", json!({ "form": "live" }));
        },
    },
    Kind {
        problem: "not_confirmed",
        gate: Some("kickoff"),
        arrange: |company| {
            let case = assigned(company);
            case.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            case
        },
        close: |case, _| {
            case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 0 }));
        },
    },
    Kind {
        problem: "not_in_form",
        gate: Some("kickoff"),
        arrange: |company| {
            let case = company.deal("not in form").worth(60_000).won_at("2026-03-20 09:00").case();
            case.is_assigned(MAYA);
            case.reports(MAYA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            case
        },
        close: |case, _| {
            case.reports(MAYA, "warm_intro", "2026-03-20 09:40", json!({ "form": "bridge_call" }));
        },
    },
    Kind {
        problem: "disputed",
        gate: Some("kickoff"),
        arrange: |company| {
            let case = assigned(company);
            case.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            let dispute = json!({ "step": "warm_intro", "number": 0, "reason": "Nobody got that mail." });
            case.does(MAYA, "dispute-step", dispute);
            case
        },
        close: |case, _| {
            let again = case.report("warm_intro", "2026-03-20 09:50", json!({ "form": "mail" }));
            case.does(AVA, "report-step", again);
            case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 1 }));
        },
    },
    Kind {
        problem: "missed",
        gate: Some("kickoff"),
        arrange: |company| {
            let case = assigned(company);
            case.reports(MAYA, "kickoff", "2026-03-20 09:30", json!({}));
            case
        },
        close: |case, gap| {
            let body = json!({ "gate": "kickoff", "covers": [gap.0["about"]], "reason": "It is too late for the call." });
            let view = case.does(MAYA, "ask-waiver", body);
            let waiver = view.0["waivers"].as_object().unwrap().keys().next().unwrap().clone();
            case.does(CLARA, "grant-waiver", json!({ "waiver": waiver }));
        },
    },
    Kind {
        problem: "return_unanswered",
        gate: Some("csm_assignment"),
        arrange: |company| {
            let case = offered(company);
            case.does(MAYA, "return", json!({ "code": "incomplete", "reason": "The measure is missing." }));
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "reopened_untouched",
        gate: Some("csm_assignment"),
        arrange: |company| {
            let case = offered(company);
            case.does(
                AVA,
                "reopen",
                json!({ "asks": ["trigger_holds"], "reason": "Their board meets again." }),
            );
            case
        },
        close: |case, _| {
            case.has_doubts(AVA);
        },
    },
    Kind {
        problem: "not_accepted",
        gate: Some("cs_access"),
        arrange: offered,
        close: |case, _| {
            case.reviews(MAYA);
            case.does(MAYA, "accept", json!({}));
        },
    },
    Kind {
        problem: "not_owned",
        gate: Some("done"),
        arrange: assigned,
        close: |case, _| {
            case.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 0 }));
        },
    },
    Kind {
        problem: "plan_not_opened",
        gate: Some("done"),
        arrange: assigned,
        close: |case, _| {
            case.does(MAYA, "open-plan", json!({}));
        },
    },
    Kind {
        problem: "plan_not_confirmed",
        gate: Some("done"),
        arrange: |company| {
            let case = assigned(company);
            case.does(MAYA, "open-plan", json!({}));
            case
        },
        close: |case, _| {
            let body = json!({ "form": "signed", "at": case.company.now(), "evidence": evidence() });
            case.does(MAYA, "confirm-plan", body);
        },
    },
    Kind {
        problem: "not_rated",
        gate: Some("done"),
        arrange: |company| {
            let case = assigned(company);
            let held = json!({ "ended_at": company.instant("2026-03-20 09:50") });
            case.reports(MAYA, "kickoff", "2026-03-20 09:10", held);
            case
        },
        close: |case, _| {
            case.does(MAYA, "rate", json!({ "rating": "kickoff", "score": 1, "reason": "too_late" }));
        },
    },
    Kind {
        problem: "not_acknowledged",
        gate: None,
        arrange: |company| {
            let case = assigned(company);
            case.reports(MAYA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            case.has_doubts(AVA);
            case
        },
        close: |case, _| {
            case.does(MAYA, "acknowledge-amendments", json!({}));
        },
    },
    Kind {
        problem: "debt_expired",
        gate: Some("credit"),
        arrange: |company| {
            let case = company.deal("debt expired").case();
            case.fills_all_but("trigger_holds");
            let covers = json!([{ "of": "ask", "ask": "trigger_holds" }]);
            let body = json!({ "gate": "handoff", "covers": covers, "reason": "They sign today." });
            let view = case.does(AVA, "ask-waiver", body);
            let waiver = view.0["waivers"].as_object().unwrap().keys().next().unwrap().clone();
            let end = company.instant("2026-03-20 11:00");
            case.does(CLARA, "grant-waiver", json!({ "waiver": waiver, "expires_at": end }));
            case.offers(AVA, MAYA);
            company.at("2026-03-20 11:00");
            case
        },
        close: |case, _| {
            let (verb, mut body) = answer_to(&case.company.playbook, "trigger_holds");
            body["reason"] = json!("I asked them.");
            case.does(AVA, verb, body);
        },
    },
    Kind {
        problem: "not_live",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("not live").case();
            company.minutes_pass(1);
            case.news().with("standing", json!("lost")).told();
            case
        },
        close: |case, _| {
            case.company.minutes_pass(1);
            case.news().told();
        },
    },
];

fn offered(company: &Company) -> Case<'_> {
    let case = company.deal("offered").case();
    case.fills_the_record();
    case.offers(AVA, MAYA);
    case
}

pub fn assigned(company: &Company) -> Case<'_> {
    let case = company.deal("assigned").won_at("2026-03-20 09:00").case();
    case.is_assigned(MAYA);
    case
}

/// No shipped playbook wants two of anything; one that does is published here.
fn one_criterion_of_two(company: &Company) -> Case<'_> {
    let source = throughline_domain::playbook::shipped::source("default").unwrap();
    let wanted = "type: criteria\n";
    let source = source
        .replace("playbook: default", "playbook: two-criteria")
        .replace(wanted, &format!("{wanted}        min: 2\n"));
    company.by(RITA).post("/api/v1/playbooks", json!({ "source": source })).expect(201);
    company.settles(json!({ "playbook": "two-criteria" }));
    let case = company.deal("too few").case();
    case.answers(AVA, "success_criteria");
    case
}
