//! Every refusal can be satisfied from a page: each gap of a gate with the page that shows it and the action there that
//! closes it, and each kind of problem with what a person does about it.

use std::collections::BTreeSet;

use serde_json::Value;
use throughline_app::gates::place;
use throughline_domain::{
    HandoffId, ItemId, Key, WaiverId,
    gate::{Gap, Problem, Why, remedies},
    handoff::Covers,
    people::Role,
    playbook::asks::Need,
};
use throughline_http::problem::KINDS;
use uuid::Uuid;

use super::{
    operations::{ACTIONS, For},
    routes::{Route, routes},
};
use crate::{api::report, sample::operations};

fn key(name: &str) -> Key {
    name.parse().unwrap()
}

/// A gap of each kind, about what it can be about.
fn gaps() -> Vec<Gap> {
    let (item, waiver) = (ItemId(Uuid::nil()), WaiverId(Uuid::nil()));
    let ask = || Covers::Ask { ask: key("champion") };
    let category = || Covers::Category { category: key("goals") };
    let step = || Covers::Step { step: key("warm_intro") };
    let of_each = vec![
        (Problem::Missing, ask()),
        (Problem::NothingListed { none_counts: true }, ask()),
        (Problem::NothingListed { none_counts: false }, ask()),
        (Problem::TooFew { have: 1, want: 2 }, ask()),
        (Problem::ItemLacks { item, needs: vec![Need::Evidence] }, ask()),
        (Problem::NoEvidence, ask()),
        (Problem::Undecided, Covers::Commitment { item }),
        (Problem::NotCorrected, Covers::Correction { item }),
        (Problem::NotMarked, category()),
        (Problem::MarkStale, category()),
        (Problem::MarkedUnclear, category()),
        (Problem::MarkedPartial, category()),
        (Problem::NotHappened, step()),
        (Problem::NotConfirmed, step()),
        (Problem::NotInForm { form: "live".to_owned() }, step()),
        (Problem::Disputed, step()),
        (Problem::Missed, step()),
        (Problem::ReturnUnanswered, Covers::Return),
        (Problem::ReopenedUntouched, Covers::Reopened),
        (Problem::NotAccepted, Covers::Acceptance),
        (Problem::NotOwned, Covers::Ownership),
        (Problem::PlanNotOpened, Covers::Plan),
        (Problem::PlanNotConfirmed, Covers::Plan),
        (Problem::NotRated, Covers::Rating { rating: key("kickoff") }),
        (Problem::NotAcknowledged, ask()),
        (Problem::DebtExpired, Covers::Debt { waiver }),
        (Problem::NoRecord, Covers::NoRecord),
        (Problem::NotLive { life: "withdrawn".to_owned() }, Covers::NotLive),
    ];
    of_each.into_iter().map(|(problem, about)| gap(problem, about)).collect()
}

fn gap(problem: Problem, about: Covers) -> Gap {
    Gap {
        about,
        title: "A gap".to_owned(),
        problem,
        why: Why::Always,
        owed_by: Role::Ae,
        person: None,
        instead_of: None,
        waivable: true,
        lost: false,
    }
}

/// Whether some address leads to a page.
fn leads(routes: &[Route], address: &str) -> bool {
    let path: Vec<&str> = address.split('#').next().unwrap_or_default().split('/').collect();
    routes.iter().filter(|route| route.methods.contains(&"get")).any(|route| {
        let parts: Vec<&str> = route.path.split('/').collect();
        parts.len() == path.len()
            && parts.iter().zip(&path).all(|(part, word)| part.starts_with('{') || part == word)
    })
}

/// The operation a command's verb is at.
fn operation(document: &Value, verb: &str) -> Option<String> {
    let path = match verb {
        "open" => "/api/v1/deals/{source}/{external_id}/open".to_owned(),
        // Only the CRM has it.
        "take-news" => return Some("putDeal".to_owned()),
        _ => format!("/api/v1/handoffs/{{id}}/{verb}"),
    };
    operations(document).into_iter().find(|one| one.path == path && one.method == "post").map(|one| one.id)
}

#[test]
fn every_gap_is_closed_on_a_page() {
    let document = throughline_api::openapi();
    let routes = routes();
    let (gaps, id) = (gaps(), HandoffId(Uuid::nil()));

    // The document knows every kind of problem there is; a new one is a gap here, too.
    let told: BTreeSet<String> = document["components"]["schemas"]["Problem"]["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["properties"]["problem"]["const"].as_str().unwrap().to_owned())
        .collect();
    let named: BTreeSet<String> = gaps
        .iter()
        .map(|gap| serde_json::to_value(&gap.problem).unwrap()["problem"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(named, told);

    let mut wrong = Vec::new();
    for gap in &gaps {
        let at = place(id, &gap.about);
        if !leads(&routes, &at) {
            wrong.push(format!("{:?} is shown at {at}, which is no page", gap.problem));
        }
        for verb in remedies(gap) {
            let Some(operation) = operation(&document, verb) else {
                wrong.push(format!("{:?} is closed by {verb}, which the API does not have", gap.problem));
                continue;
            };
            let on_a_page = ACTIONS
                .iter()
                .any(|(_, what)| matches!(what, For::Programs(ids) if ids.contains(&operation.as_str())));
            if !on_a_page {
                wrong.push(format!("{:?} is closed by {verb}, which no page offers", gap.problem));
            }
        }
    }
    report(&wrong);
}

/// What a person does about a refusal.
enum About {
    /// It is done on this page.
    Page(&'static str),
    /// The page that was sent comes back as it was typed, with the reason where it belongs.
    Again,
    /// It says who can, or what has to be so: nothing on a page would change it for them.
    Others,
    /// A browser with our pages does not meet it.
    Programs,
    /// Nothing but waiting or asking the operator.
    Wait,
}

fn about(kind: &str) -> Option<About> {
    use About::{Again, Others, Page, Programs, Wait};
    Some(match kind {
        "not-signed-in" => Page("/sign-in"),
        "link-used-up" => Page("/portal"),
        "gate-shut" => Page("/handoffs/{id}/gates"),
        "needs-reopening" => Page("/handoffs/{id}"),
        "waiver-authority" => Page("/handoffs/{id}/gates"),
        "stale" | "conflict" | "invalid" | "out-of-turn" | "too-large" => Again,
        "forbidden" | "not-found" | "not-yours" => Others,
        "cross-site"
        | "method-not-allowed"
        | "unsupported-media-type"
        | "in-progress"
        | "key-reused"
        | "precondition-required"
        | "bad-signature"
        | "bad-request" => Programs,
        "too-many" | "broken" | "unavailable" | "took-too-long" | "slow-body" => Wait,
        _ => return None,
    })
}

#[test]
fn every_kind_of_refusal_says_what_a_person_does_about_it() {
    let routes = routes();
    let mut wrong = Vec::new();
    for (kind, status, _, help) in KINDS {
        match about(kind) {
            None => wrong.push(format!("{kind}: nobody said what a person does about it; see refusals.rs")),
            Some(About::Page(path)) if !leads(&routes, path) => {
                wrong.push(format!("{kind} leads to {path}, which is no page"));
            }
            Some(About::Wait) if !matches!(status, 408 | 429 | 500..) => {
                wrong.push(format!("{kind} is no matter of waiting: {status}"));
            }
            Some(_) if help.is_empty() => wrong.push(format!("{kind} gives no advice")),
            Some(_) => {}
        }
    }
    // Every one of them is told of at an address of its own.
    if !leads(&routes, "/problems/gate-shut") {
        wrong.push("problems have no pages".to_owned());
    }
    report(&wrong);
}
