//! The playbook `default` asks more as a deal grows, and by what it brings: to the euro and to the percent.

use serde_json::json;

use super::counts;
use crate::story::*;

/// Everything it can ask, in its order.
const ASKED: [&str; 26] = [
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
    "special_terms",
    "why_us",
    "integrations",
    "data_moves",
    "it_owner",
    "it_engaged",
    "constraints",
];

/// Questions for every deal.
const ALWAYS: [&str; 9] = [
    "buying_trigger",
    "trigger_holds",
    "success_criteria",
    "first_use_case",
    "expected_timeline",
    "champion",
    "economic_buyer",
    "promises",
    "risks",
];

/// More as the deal grows, or by what it brings.
fn with(more: &[&str]) -> Vec<&'static str> {
    ASKED.into_iter().filter(|ask| ALWAYS.contains(ask) || more.contains(ask)).collect()
}

#[test]
fn what_is_asked_turns_on_the_euro_and_the_percent() {
    let company = Company::with("default");
    company.at("2026-03-10 10:00");
    let full = ["executive_sponsor", "skeptics", "renews_on", "integrations", "data_moves"];
    // Nothing was discounted and nobody else was looked at: two are asked by what a deal brings alone.
    let large: Vec<&str> =
        ASKED.into_iter().filter(|ask| !["special_terms", "why_us"].contains(ask)).collect();
    let technical = ["it_owner", "it_engaged", "constraints"];
    counts::are_asked(company.deal("light").worth(9_999), &ALWAYS);
    counts::are_asked(company.deal("full").worth(10_000), &with(&full));
    counts::are_asked(company.deal("nearly large").worth(49_999), &with(&full));
    counts::are_asked(company.deal("large").worth(50_000), &large);
    let engineered = company.deal("engineered").worth(49_999).with("se_involved", json!(true));
    counts::are_asked(engineered, &with(&[&full[..], &technical[..]].concat()));
    counts::are_asked(
        company.deal("light and engineered").worth(9_999).with("se_involved", json!(true)),
        &ALWAYS,
    );
    let compared = company.deal("compared").worth(10_000).with("competitor", json!("Ledgerly"));
    counts::are_asked(compared, &with(&[&full[..], &["why_us"]].concat()));
    for (percent, more) in [(19, vec![]), (20, vec!["special_terms"])] {
        let cut =
            company.deal(&format!("cut by {percent}")).worth(9_999).with("discount_percent", json!(percent));
        counts::are_asked(cut, &with(&more));
    }
}

#[test]
fn twelve_questions_for_every_deal_are_the_most() {
    let company = Company::with("default");
    let source = throughline_domain::playbook::shipped::source("default").unwrap();
    let optional = ["plan", "arr", "term", "contract_from"];
    for (more, status) in [(3, 201), (4, 422)] {
        let mut changed = source.replace("playbook: default\n", &format!("playbook: longer-{more}\n"));
        for ask in &optional[..more] {
            let line = format!("- id: {ask} # R1.6\n");
            assert!(changed.contains(&line), "{ask}");
            changed = changed.replace(&line, &format!("{line}        required: true\n"));
        }
        let answer = company.by(RITA).post("/api/v1/playbooks", json!({ "source": changed }));
        assert_eq!(answer.status, status, "{answer}");
    }
}
