//! Which way a deal takes (R0.8): the playbook's rules, and a person who knows better.

use serde_json::json;

use crate::story::*;

fn company() -> Company {
    let company = Company::with("default");
    company.at("2026-03-20 10:00");
    company
}

#[test]
fn new_business_takes_the_whole_way_and_small_deals_the_light_one() {
    let company = company();
    for (euros, rule, variant) in [(10_000, "new_business", "full"), (9_999, "small_deal", "light")] {
        let case = company.deal(&format!("worth{euros}")).worth(euros).case();
        let view = case.view();
        assert_eq!(
            (&view.0["route"]["rule"], &view.0["route"]["variant"]),
            (&json!(rule), &json!(variant)),
            "{euros}"
        );
    }
    // Nine questions always; more as the deal grows.
    let missing =
        |euros: i64| company.deal(&format!("asks{euros}")).worth(euros).case().view().missing().len();
    assert_eq!((missing(9_999), missing(10_000), missing(49_999), missing(50_000)), (9, 14, 14, 24));
}

#[test]
fn light_deals_may_transfer_in_writing_and_middling_ones_below_25_000() {
    let company = company();
    for (euros, enough) in [(9_000, true), (24_999, true), (25_000, false)] {
        let case = company.deal(&format!("wrote{euros}")).worth(euros).won_at("2026-03-20 09:00").case();
        case.is_assigned(MAYA);
        case.reports(AVA, "internal_call", "2026-03-20 09:30", json!({ "form": "async" }));
        case.does(MAYA, "confirm-step", json!({ "step": "internal_call", "number": 0 }));
        let missing = case.gate("kickoff").missing();
        assert_eq!(!missing.contains(&"step:internal_call".to_owned()), enough, "{euros}: {missing:?}");
    }
}

#[test]
fn a_discount_of_twenty_percent_asks_what_it_was_given_for() {
    let company = company();
    for (percent, asked) in [(19, false), (20, true)] {
        let case = company.deal(&format!("cut{percent}")).with("discount_percent", json!(percent)).case();
        assert_eq!(case.view().missing().contains(&"ask:special_terms".to_owned()), asked, "{percent}");
    }
}

#[test]
fn renewals_and_expansions_take_no_handoff_and_can_be_brought_back_with_a_reason() {
    let company = company();
    for (kind, rule) in
        [("Renewal", "renewal"), ("Expansion", "expansion"), ("Existing Business", "expansion")]
    {
        let news =
            company.deal(&rule_id(kind)).with("deal_type", json!(kind)).with("existing_account", json!(true));
        assert_eq!(news.told(), "out_of_scope");
        let case = company.case("hubspot", &rule_id(kind));
        let view = case.view();
        assert_eq!((view.life(), &view.0["route"]["rule"]), ("out_of_scope".into(), &json!(rule)));
        for gate in ["handoff", "csm_assignment", "cs_access", "kickoff", "credit", "done"] {
            let check = case.asks_gate(gate, "attempt");
            assert_eq!(
                (check.verdict(), check.missing().len()),
                ("not_required".into(), 0),
                "{kind}, {gate}"
            );
        }
        assert_eq!(case.refused(AVA, "offer", json!({ "to": company.id(MAYA) })).status, 409);
        let route = json!({
            "rule": "expansion_with_promises", "playbook": { "name": "default", "version": 1 }, "variant": "short",
            "csm": "of_record", "because": "It came with new promises.",
        });
        let body = json!({ "route": route, "reason": "They were promised a migration." });
        assert_eq!(case.refused(AVA, "reroute", body.clone()).status, 403);
        let view = case.does(RITA, "reroute", body);
        assert_eq!((view.life(), view.missing().len()), ("live".into(), 9), "{kind}");
        assert_eq!(case.gate("handoff").verdict(), "refused");
    }
}

fn rule_id(kind: &str) -> String {
    kind.to_lowercase().replace(' ', "-")
}

#[test]
fn the_csm_of_record_hears_of_a_renewal() {
    let company = company();
    let first = company.deal("first").won_at("2026-03-20 09:00").with("account", json!("Brightwater")).case();
    first.is_assigned(MAYA);
    first.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
    first.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 0 }));
    company.minutes_pass(1);
    let renewal =
        company.deal("renewal").with("deal_type", json!("Renewal")).with("account", json!("Brightwater"));
    assert_eq!(renewal.told(), "out_of_scope");
    company.post_goes_out();
    let subjects = company.letters(MAYA);
    assert!(subjects.iter().any(|subject| subject.contains("takes no handoff")), "{subjects:?}");
}

#[test]
fn who_is_told_what_follows_the_facts() {
    let company = company();
    let case = company.deal("told").case();
    company.post_goes_out();
    assert!(company.letters(AVA).iter().any(|subject| subject.contains("record is open")));
    case.fills_the_record();
    for _ in 0..2 {
        case.offers(AVA, MAYA);
        case.does(
            MAYA,
            "return",
            json!({ "code": "contradiction", "reason": "The contract says otherwise." }),
        );
        case.does(AVA, "answer-return", json!({ "text": "Mended." }));
    }
    company.post_goes_out();
    // The second return brings both managers in.
    for who in [CLARA, ARNE] {
        let subjects = company.letters(who);
        let heard = subjects.iter().filter(|subject| subject.contains("came back")).count();
        assert_eq!(heard, 1, "{}: {subjects:?}", who.name);
    }
    let offers = company.letters(MAYA);
    assert!(offers.iter().any(|subject| subject.contains("offers you the account")), "{offers:?}");
}
