//! The playbook `default`, from the CRM export to done and the sixty days after.

use serde_json::json;

use crate::story::*;

const EXPORT: &str = include_str!("fixtures/pipeline.csv");
const DEAL: &str = "006bm00000LKJNNAA5";

/// Everything a deal of 60,000 a year is asked, in the playbook's order.
const ASKED: &[&str] = &[
    "buying_trigger",
    "trigger_holds",
    "why_now_words",
    "success_criteria",
    "first_use_case",
    "expected_timeline",
    "quick_win",
    "scope",
    "champion",
    "economic_buyer",
    "executive_sponsor",
    "skeptics",
    "influencers",
    "purchase_reach",
    "promises",
    "risks",
    "highest_risk",
    "customer_work",
    "renews_on",
    "integrations",
    "data_moves",
    "it_owner",
    "it_engaged",
    "constraints",
];

fn asked() -> Vec<String> {
    ASKED.iter().map(|ask| format!("ask:{ask}")).collect()
}

#[test]
fn a_deal_goes_from_the_crm_export_to_done() {
    let company = Company::with("default");
    let case = the_export_opens_the_record(&company);
    the_gate_refuses_and_names_everything(&case);
    let [standing, falling] = promises_go_where_they_are_decided(&case);
    the_csm_is_nominated_and_meets_the_customer(&case);
    the_record_is_complete_in_its_window(&case);
    the_csm_returns_it_once_and_accepts(&case);
    a_late_promise_reopens_what_it_touches(&case);
    the_deal_is_won_and_the_ae_introduces(&case);
    the_kickoff_is_booked_and_its_gate_is_shut(&case, &falling);
    the_gaps_are_closed_and_the_kickoff_confirmed(&case, &falling);
    the_kickoff_is_held_and_the_plan_confirmed(&case);
    it_is_done_and_cared_for(&case, &standing);
}

fn the_export_opens_the_record(company: &Company) -> Case<'_> {
    company.at("2026-03-09 09:00");
    let looked = company.imports(EXPORT, true);
    assert_eq!((looked.counts.read, looked.counts.opened, looked.counts.refused), (5, 2, 1));
    assert_eq!(company.by(RITA).get(&format!("/api/v1/deals/salesforce/{DEAL}")).status, 404);

    let report = company.imports(EXPORT, false);
    let counts = report.counts;
    assert_eq!((counts.opened, counts.kept, counts.history, counts.refused), (2, 1, 1, 1), "{counts:?}");
    assert_eq!((report.refused[0].line, report.refused[0].column.as_deref()), (6, Some("Close Date")));
    assert_eq!(report.owners_to_map, ["Ines Calloway"]);
    let again = company.imports(EXPORT, false).counts;
    assert_eq!((again.unchanged, again.changed, again.opened), (4, 0, 0), "{again:?}");

    let case = company.case("salesforce", DEAL);
    let view = case.view();
    assert_eq!(
        (view.life(), view.stage(), view.answerable()),
        ("live".into(), "preparing".into(), AVA.name.into())
    );
    assert_eq!(
        (&view.0["route"]["rule"], &view.0["route"]["variant"]),
        (&json!("new_business"), &json!("full"))
    );
    assert_eq!(view.0["record"]["answers"]["arr"]["provenance"], json!({ "from": "crm", "field": "arr" }));
    assert_eq!(view.0["record"]["answers"]["arr"]["answer"]["amount"]["minor"], 6_000_000);
    for (step, reading) in [("nomination", "running"), ("record", "waiting"), ("early_intro", "waiting")] {
        assert_eq!(view.reading(step), reading, "{step}");
    }
    for step in
        ["warm_intro", "first_contact", "kickoff_booked", "internal_call", "plan_confirmed", "availability"]
    {
        assert_eq!(view.reading(step), "waiting", "{step}");
    }
    case
}

fn the_gate_refuses_and_names_everything(case: &Case<'_>) {
    let company = case.company;
    let check = company.crm_asks("handoff", "salesforce", DEAL, "preview");
    assert_eq!((check.verdict().as_str(), check.enforced()), ("refused", false));
    assert_eq!(check.missing(), asked());
    for gap in check.gaps() {
        assert_eq!((gap.owed_by().as_str(), gap.owner().as_str()), ("ae", AVA.name), "{}", gap.about());
        let anchor = gap.about().replace(':', "-");
        assert_eq!(gap.place(), (format!("/handoffs/{}", case.id), anchor));
    }
    assert_eq!(case.facts(), ["opened", "answered"], "a preview leaves no trace");

    let refused = case.shut(AVA, "offer", json!({ "to": company.id(MAYA) }));
    assert_eq!(refused.missing(), asked());
    assert_eq!(refused.gaps()[0].owner(), AVA.name);
    assert_eq!(case.facts().last().unwrap(), "gate_refused");
}

/// Three promises: one passes by rule, one stands, one falls. Returns the two that were decided.
fn promises_go_where_they_are_decided(case: &Case<'_>) -> [String; 2] {
    let company = case.company.at("2026-03-10 10:00");
    let plain = case.promises(AVA, &promise("support", true, true));
    let feature = case.promises(AVA, &promise("feature_date", true, false));
    let price = case.promises(AVA, &promise("price", false, true));
    let view = case.view();
    assert_eq!(view.promise(&plain), "captured");
    assert_eq!(
        (view.promise(&feature), view.promise(&price)),
        ("awaiting_decision".into(), "awaiting_decision".into())
    );
    case.fills_all_but("highest_risk");

    let missing = case.gate("handoff").gaps();
    let mut owed: Vec<_> = missing.iter().map(|gap| (gap.owed_by(), gap.about())).collect();
    owed.sort();
    assert_eq!(
        owed,
        [
            ("ae".into(), "ask:highest_risk".into()),
            ("deal_desk".into(), format!("commitment:{price}")),
            ("product".into(), format!("commitment:{feature}")),
        ]
    );

    // Two business days to decide; each team its own.
    let queue = company.by(DORA).get("/api/v1/commitments").expect(200);
    let waiting = queue["rows"].as_array().unwrap();
    assert_eq!(waiting.len(), 1, "{queue:#}");
    assert_eq!(waiting[0]["decide_by"], company.instant("2026-03-12 10:00").to_string());
    let other = case.refused(
        DORA,
        "decide-promise",
        json!({ "item": feature, "verdict": "approved", "reason": "Fine." }),
    );
    assert_eq!((other.status, other.kind.as_str()), (403, "not-yours"));

    company.at("2026-03-11 16:00");
    case.decides(PETER, &feature, "approved");
    case.decides(DORA, &price, "countered");
    let view = case.view();
    assert_eq!((view.promise(&feature), view.promise(&price)), ("approved".into(), "to_be_corrected".into()));
    assert_eq!(case.gate("handoff").missing(), ["ask:highest_risk"]);
    assert_eq!(case.gate("credit").missing(), ["ask:highest_risk".to_owned(), format!("correction:{price}")]);
    [feature, price]
}

fn the_csm_is_nominated_and_meets_the_customer(case: &Case<'_>) {
    let company = case.company.at("2026-03-25 15:00");
    assert_eq!(
        company.by(MAYA).get(&format!("/api/v1/handoffs/{}", case.id)).status,
        404,
        "not hers to see yet"
    );
    case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
    assert_eq!(case.reading("nomination"), "met");
    let seen = case.seen_by(MAYA);
    assert_eq!((seen.stage(), seen.answerable()), ("preparing".into(), AVA.name.into()));
    let plan = case.shut(MAYA, "open-plan", json!({}));
    assert!(plan.missing().contains(&"acceptance".to_owned()), "{:?}", plan.missing());

    company.at("2026-03-30 11:30");
    case.reports(
        MAYA,
        "early_intro",
        "2026-03-30 11:00",
        json!({ "ended_at": company.instant("2026-03-30 11:20") }),
    );
    assert_eq!(case.reading("early_intro"), "met");
    let heard =
        json!({ "list": "criterion", "words": "No temps at month end", "measure": "Temp days a quarter" });
    let view = case.does(MAYA, "add-item", json!({ "body": heard, "evidence": evidence() }));
    assert_eq!(view.items("criterion").len(), 2);
}

fn the_record_is_complete_in_its_window(case: &Case<'_>) {
    // Five business days before Thursday, 9 April, around Easter: 31 March. Three: 2 April.
    let company = case.company.at("2026-03-31 09:00");
    assert_eq!(case.reading("record"), "running");
    company.at("2026-04-01 10:00");
    case.answers(AVA, "highest_risk");
    assert_eq!(case.reading("record"), "met");
    assert_eq!(case.view().missing(), Vec::<String>::new());
    assert_eq!(company.crm_asks("handoff", "salesforce", DEAL, "preview").verdict(), "pass");
}

fn the_csm_returns_it_once_and_accepts(case: &Case<'_>) {
    let company = case.company;
    let view = case.offers(AVA, MAYA);
    assert_eq!((view.stage(), view.answerable()), ("offered".into(), AVA.name.into()));
    assert_eq!(view.gate("handoff").verdict(), "pass");
    let shut = case.shut(MAYA, "accept", json!({}));
    let reviewed = case.reviewed();
    assert_eq!(reviewed, ["customer_intent", "stakeholder_map", "scope_expectations", "implementation_risk"]);
    assert_eq!(shut.missing(), reviewed.iter().map(|one| format!("category:{one}")).collect::<Vec<_>>());
    let sales = case.refused(AVA, "mark", json!({ "category": "customer_intent", "mark": "clear" }));
    assert_eq!(sales.status, 403, "sales does not review itself");

    company.at("2026-04-01 14:00");
    for category in &reviewed[..3] {
        case.marks(MAYA, category, "clear");
    }
    let view = case.marks(MAYA, "implementation_risk", "unclear");
    assert_eq!((view.stage().as_str(), &view.0["returns"][0]["code"]), ("preparing", &json!("unclear")));
    // Two business days: Thursday, then the Tuesday after Easter.
    assert_eq!(case.due("return_answer"), company.instant("2026-04-07 14:00"));
    assert_eq!(case.shut(AVA, "offer", json!({ "to": company.id(MAYA) })).missing(), ["return"]);

    company.at("2026-04-02 09:30");
    let risk = case.view().items("risk")[0].clone();
    let mended =
        json!({ "list": "risk", "what": "Three systems, one of which nobody owns", "kind": "technical" });
    case.does(AVA, "change-item", json!({ "item": risk["id"], "body": mended, "evidence": evidence() }));
    case.does(AVA, "answer-return", json!({ "text": "I named the system." }));
    assert_eq!(case.reading("return_answer"), "met");
    case.offers(AVA, MAYA);
    let shut = case.shut(MAYA, "accept", json!({}));
    let again: Vec<_> = shut.gaps().iter().map(|gap| (gap.about(), gap.problem(), gap.owner())).collect();
    assert_eq!(again, [("category:implementation_risk".into(), "mark_stale".into(), MAYA.name.into())]);

    company.at("2026-04-02 15:00");
    case.marks(MAYA, "implementation_risk", "partial");
    let view = case.does(MAYA, "accept", json!({}));
    assert_eq!(
        (view.stage(), view.answerable()),
        ("assigned".into(), AVA.name.into()),
        "the AE stays answerable"
    );
    assert_eq!(
        view.0["stage"]["at"],
        company.instant("2026-04-02 15:00").to_string(),
        "the SLA clock starts"
    );
    assert_eq!((view.reading("offer_answer"), view.reading("review")), ("met".into(), "met".into()));
    assert_eq!(view.gate("csm_assignment").verdict(), "pass");
}

fn a_late_promise_reopens_what_it_touches(case: &Case<'_>) {
    case.company.at("2026-04-08 10:00");
    let late = json!({ "body": promise("sla", true, true), "evidence": evidence() });
    let problem = case.refused(AVA, "add-item", late.clone());
    assert_eq!((problem.status, problem.kind.as_str()), (409, "needs-reopening"));
    let mut late = late;
    late["reason"] = json!("They asked for it in the final negotiation.");
    let view = case.does(AVA, "add-item", late);
    assert_eq!(view.0["record"]["reopened"]["asks"], json!(["promises"]));
    assert_eq!(view.gate("csm_assignment").verdict(), "pass", "a pass never un-happens");
    assert!(case.gate("kickoff").missing().contains(&"category:scope_expectations".to_owned()));
    let view = case.marks(MAYA, "scope_expectations", "clear");
    assert!(view.0["record"]["reopened"].is_null());
    assert!(!case.gate("kickoff").missing().contains(&"category:scope_expectations".to_owned()));
}

fn the_deal_is_won_and_the_ae_introduces(case: &Case<'_>) {
    let company = case.company.at("2026-04-09 14:05");
    let won = case.news().worth(60_000).won_at("2026-04-09 14:00");
    assert_eq!(won.told(), "changed");
    assert_eq!(won.known_at("2026-04-09 14:05").told(), "unchanged");
    let view = case.view();
    assert!(!view.gate("handoff").bypassed());
    assert_eq!(view.reading("record"), "met", "reopened for a last change, and complete at the signature");
    assert_eq!(case.due("warm_intro"), company.instant("2026-04-13 14:00"));
    assert_eq!(case.due("kickoff_booked"), company.instant("2026-04-23 14:00"));

    let draft = company.by(AVA).get(&format!("/api/v1/handoffs/{}/introduction-draft", case.id)).expect(200);
    assert!(draft.to_string().contains("Person in part executive_sponsor"), "{draft:#}");
    company.at("2026-04-10 10:05");
    case.reports(AVA, "warm_intro", "2026-04-10 10:00", json!({ "form": "mail" }));
    assert_eq!(case.reading("warm_intro"), "running", "above 50,000 the call belongs to it");

    company.at("2026-04-13 11:00");
    let call = json!({
        "form": "bridge_call", "ended_at": company.instant("2026-04-13 10:50"),
        "outcomes": ["main_goal", "stakeholders", "next_steps", "first_milestone", "nothing_lost"],
    });
    let view = case.reports(AVA, "warm_intro", "2026-04-13 10:30", call);
    assert_eq!(view.reading("warm_intro"), "met");
    assert_eq!(
        (view.stage(), view.answerable()),
        ("assigned".into(), AVA.name.into()),
        "it counts once confirmed"
    );
    case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 0 }));
    assert_eq!(case.view().stage(), "assigned");
    let view = case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 1 }));
    assert_eq!((view.stage(), view.answerable()), ("owned".into(), MAYA.name.into()));
    let tenures = view.0["tenures"].as_array().unwrap();
    assert_eq!(
        (tenures.len(), &tenures[1]["moved_by"], &tenures[1]["bypassed"]),
        (2, &json!("warm_intro"), &json!(false))
    );
    case.marks(MAYA, "transition_quality", "clear");

    // 24 hours from the end of the call.
    assert_eq!(case.due("first_contact"), company.instant("2026-04-14 10:50"));
    company.at("2026-04-14 09:30");
    case.reports(MAYA, "first_contact", "2026-04-14 09:20", json!({}));
    assert_eq!(case.reading("first_contact"), "met");
}

fn the_kickoff_is_booked_and_its_gate_is_shut(case: &Case<'_>, falling: &str) {
    let company = case.company.at("2026-04-15 09:00");
    let early = case.refused(MAYA, "confirm-kickoff", json!({}));
    assert_eq!((early.status, early.kind.as_str()), (409, "out-of-turn"));
    case.reports(
        MAYA,
        "kickoff_booked",
        "2026-04-15 09:00",
        json!({ "booked_for": company.instant("2026-04-24 10:00") }),
    );
    assert_eq!(case.reading("kickoff_booked"), "met");
    let shut = case.shut(MAYA, "confirm-kickoff", json!({}));
    let owed: Vec<_> = shut.gaps().iter().map(|gap| (gap.about(), gap.owner())).collect();
    assert_eq!(
        owed,
        [("step:internal_call".into(), AVA.name.into()), (format!("correction:{falling}"), AVA.name.into()),]
    );
}

fn the_gaps_are_closed_and_the_kickoff_confirmed(case: &Case<'_>, falling: &str) {
    let company = case.company.at("2026-04-16 12:00");
    case.does(AVA, "correct-promise", json!({ "item": falling, "evidence": evidence() }));
    assert_eq!(case.view().promise(falling), "transferred");
    assert_eq!(case.gate("credit").verdict(), "pass");

    assert_eq!(case.due("internal_call"), company.instant("2026-04-19 10:00"));
    company.at("2026-04-17 11:00");
    let in_writing = json!({ "form": "async" });
    case.reports(AVA, "internal_call", "2026-04-17 09:00", in_writing);
    assert_eq!(case.gate("kickoff").gaps()[0].problem(), "not_in_form", "not for a deal of this size");
    case.reports(AVA, "internal_call", "2026-04-17 10:00", json!({ "form": "live" }));
    assert_eq!(case.reading("internal_call"), "met");
    let gap = case.gate("kickoff").gaps().remove(0);
    assert_eq!((gap.problem(), gap.owner()), ("not_confirmed".into(), MAYA.name.into()));
    case.does(MAYA, "confirm-step", json!({ "step": "internal_call", "number": 1 }));
    assert_eq!(case.gate("kickoff").verdict(), "pass");
    let view = case.does(MAYA, "confirm-kickoff", json!({}));
    assert_eq!(view.0["kickoff_confirmed_at"], company.instant("2026-04-17 11:00").to_string());
}

fn the_kickoff_is_held_and_the_plan_confirmed(case: &Case<'_>) {
    let company = case.company.at("2026-04-20 10:00");
    let view = case.does(MAYA, "open-plan", json!({}));
    assert_eq!(view.0["plan"]["milestones"].as_object().unwrap().len(), 3);
    let milestone = json!({ "title": "Ledger connected", "side": "customer", "owner": "Tom Ebner", "due_on": "2026-05-04" });
    case.does(MAYA, "set-milestone", json!({ "milestone": milestone }));

    company.at("2026-04-24 11:00");
    let held = json!({ "ended_at": company.instant("2026-04-24 10:50") });
    case.reports(MAYA, "kickoff", "2026-04-24 10:00", held);
    for prerequisite in &company.playbook.plan.prerequisites {
        let body = json!({ "prerequisite": prerequisite.id.as_str(), "evidence": evidence() });
        case.does(MAYA, "commit-prerequisite", body);
    }
    let criterion = case.view().items("criterion")[0]["id"].clone();
    let at = company.instant("2026-04-24 10:10");
    let confirmed = json!({ "item": criterion, "still_accurate": true, "at": at, "evidence": evidence() });
    case.does(MAYA, "confirm-criterion", confirmed);
    assert_eq!(case.shut(MAYA, "finish", json!({})).missing(), ["plan", "rating:kickoff"]);

    let low = case.refused(MAYA, "rate", json!({ "rating": "kickoff", "score": 2 }));
    assert_eq!((low.status, low.kind.as_str()), (422, "invalid"), "a low one says why");
    case.does(MAYA, "rate", json!({ "rating": "kickoff", "score": 4 }));
    assert_eq!(case.reading("rate_kickoff"), "met");

    // 48 hours end on a Sunday: due when Monday opens.
    assert_eq!(case.due("plan_confirmed"), company.instant("2026-04-27 09:00"));
    company.at("2026-04-27 09:00");
    let signed = json!({ "form": "mail", "at": company.now(), "evidence": evidence() });
    case.does(MAYA, "confirm-plan", signed);
    assert_eq!(case.reading("plan_confirmed"), "met");
}

fn it_is_done_and_cared_for(case: &Case<'_>, standing: &str) {
    let company = case.company;
    let view = case.does(MAYA, "finish", json!({}));
    assert_eq!(view.life(), "done");
    for gate in ["handoff", "csm_assignment", "cs_access", "kickoff", "done"] {
        assert_eq!((view.gate(gate).verdict(), view.gate(gate).bypassed()), ("pass".into(), false), "{gate}");
    }

    company.at("2026-05-04 10:00");
    let view = case.does(MAYA, "ask", json!({ "text": "Who signed the security annex?" }));
    let question = view.0["questions"].as_object().unwrap().keys().next().unwrap().clone();
    case.does(AVA, "answer-question", json!({ "question": question, "text": "Their IT lead, in March." }));
    case.does(MAYA, "settle-promise", json!({ "item": standing, "outcome": "kept", "on": "2026-05-04" }));
    assert_eq!(case.view().promise(standing), "kept");
    company.at("2026-05-08 17:00");
    case.reports(MAYA, "first_value", "2026-05-08 16:00", json!({}));
    assert_eq!(case.reading("first_value"), "met");

    // Sixty days after 9 April, 14:00.
    case.reads("availability", "2026-06-08 13:59", "running");
    case.reads("rate_day60", "2026-06-08 13:59", "waiting");
    let soon = case.refused(MAYA, "rate", json!({ "rating": "day60", "score": 5 }));
    assert_eq!((soon.status, soon.kind.as_str()), (409, "out-of-turn"));
    case.reads("availability", "2026-06-08 14:00", "met");
    case.reads("rate_day60", "2026-06-08 14:00", "running");
    case.does(MAYA, "rate", json!({ "rating": "day60", "score": 5 }));
    assert_eq!(case.reading("rate_day60"), "met");
    assert_eq!(case.seen_by(AVA).0["ratings"]["day60"]["score"], 5, "the AE sees it");
    assert!(case.seen_by(FINN).0["ratings"].is_null(), "finance does not");
    assert_eq!(company.crm_asks("done", "salesforce", DEAL, "preview").verdict(), "pass");
}
