//! Every refusal as a person reads it.

use throughline_domain::{
    Role, WaiverId,
    gate::{Gap, Problem, Why, no_record},
    handoff::{Covers, Refusal},
    playbook::Gate,
};
use uuid::Uuid;

fn key(text: &str) -> throughline_domain::Key {
    text.parse().unwrap()
}

#[test]
fn every_refusal_reads_as_a_sentence() {
    let gap = || no_record(Gate::Handoff, Role::RevOps, None).gaps.remove(0);
    let item = throughline_domain::ItemId(Uuid::nil());
    let covers = [
        Covers::Ask { ask: key("champion") },
        Covers::Commitment { item },
        Covers::Correction { item },
        Covers::Category { category: key("customer_intent") },
        Covers::Step { step: key("internal_call") },
        Covers::Return,
        Covers::Reopened,
        Covers::Acceptance,
        Covers::Ownership,
        Covers::Plan,
        Covers::Rating { rating: key("kickoff") },
        Covers::Debt { waiver: WaiverId(Uuid::nil()) },
        Covers::NoRecord,
        Covers::NotLive,
    ];
    let mut refusals = vec![
        Refusal::GateShut { gate: Gate::Handoff, gaps: vec![gap()] },
        Refusal::GateShut { gate: Gate::CsmAssignment, gaps: vec![gap(), gap()] },
        Refusal::OutOfTurn {
            command: "accept",
            stage: "preparing",
            because: "it must be offered to you first",
        },
        Refusal::NotYours("correct your own report instead"),
        Refusal::Unknown { what: "ask", name: "champoin".to_owned() },
        Refusal::Invalid { field: "expires_at", reason: "lies in the past".to_owned() },
        Refusal::NeedsReopening(key("promises")),
        Refusal::WaiverAuthority { gate: Gate::Credit, roles: vec![Role::SalesLeader, Role::RevOps] },
    ];
    refusals.extend(covers.map(Refusal::NotWaivable));
    for refusal in &refusals {
        known(refusal);
    }
    let told: Vec<String> = refusals.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// A new refusal does not compile until it stands above.
fn known(refusal: &Refusal) {
    match refusal {
        Refusal::GateShut { .. }
        | Refusal::OutOfTurn { .. }
        | Refusal::NotYours(_)
        | Refusal::Unknown { .. }
        | Refusal::Invalid { .. }
        | Refusal::NeedsReopening(_)
        | Refusal::NotWaivable(_)
        | Refusal::WaiverAuthority { .. } => {}
    }
}

#[test]
fn a_gap_is_written_with_what_is_wrong_why_and_whose_it_is() {
    let gap = Gap {
        about: Covers::Ask { ask: key("champion") },
        problem: Problem::TooFew { have: 1, want: 2 },
        why: Why::Because { rule: "deal.arr >= 50000".to_owned() },
        ..no_record(Gate::Handoff, Role::Ae, None).gaps.remove(0)
    };
    insta::assert_json_snapshot!(gap);
}
