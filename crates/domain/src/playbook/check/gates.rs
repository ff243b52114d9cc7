//! Gates: what they demand exists, can happen before them, and can be waived by somebody else.

use super::Faults;
use crate::{
    access::Action,
    playbook::{Demand, Gate, GateRule, MarkedWhen, Playbook, Step, StepKind, TransferOn, load::place::Path},
};

pub(super) fn check(playbook: &Playbook, faults: &mut Faults) {
    let gates = Path::root("gates");
    let all = playbook.gates.iter().enumerate();
    faults.unique(
        "gates",
        all.clone().map(|(index, rule)| (gates.nth(index).key("gate"), rule.gate.value.name())),
    );
    for (index, rule) in all {
        let path = gates.nth(index);
        let demands = path.key("demands");
        if rule.demands.is_empty() {
            faults.add_hint(
                &demands,
                "this gate demands nothing",
                "leave the gate out: then it is not required",
            );
        }
        for (nth, demand) in rule.demands.iter().enumerate() {
            let here = demands.nth(nth);
            if rule.demands[..nth].iter().any(|before| before.value == demand.value) {
                faults.add(&here, "this gate demands it already");
            }
            exists(&here, &demand.value, playbook, faults);
            if let Some(why) = waits_for_itself(rule.gate.value, &demand.value, playbook) {
                faults.add_hint(&here, format!("nobody could ever pass: {why}"), "demand it at a later gate");
            }
        }
        waiver(&path, rule, faults);
        if rule.gate.value == Gate::Kickoff && playbook.step_of(StepKind::Kickoff).is_none() {
            faults.add(&path, "there is no step of kind kickoff, so nobody could report that it was held");
        }
    }
}

fn waiver(path: &Path, rule: &GateRule, faults: &mut Faults) {
    let by = path.key("waived_by");
    faults.once(&by, &rule.waived_by);
    for (index, role) in rule.waived_by.iter().enumerate() {
        faults.may(&by.nth(index), *role, Action::DecideWaiver, "grant a waiver");
    }
    faults.lasts(&path.key("waiver_lasts"), rule.waiver_lasts);
    if rule.waived_by.is_empty() {
        faults.add_hint(
            &by,
            "nobody could grant a waiver, so what can no longer happen would shut this gate for ever",
            "name at least one leader",
        );
    }
}

/// What is demanded can be given.
fn exists(path: &Path, demand: &Demand, playbook: &Playbook, faults: &mut Faults) {
    match demand {
        Demand::Step(id) => {
            let all = playbook.steps.iter().map(|step| step.id.value.as_str());
            if faults.known(&path.key("step"), "step", id.as_str(), all)
                && let Some(step) = playbook.step(id)
                && let Some(instead) = not_a_report(step)
            {
                faults.add_hint(path, format!("the step `{id}` is not reported by anybody"), instead);
            }
        }
        Demand::Rating(id) => {
            let all = playbook.ratings.iter().map(|rating| rating.id.value.as_str());
            faults.known(&path.key("rating"), "rating", id.as_str(), all);
        }
        Demand::Review => {
            if playbook.scorecard.categories.iter().all(|category| category.when != MarkedWhen::Review) {
                faults.add(
                    path,
                    "the scorecard has no category with when: review, so there is nothing to review",
                );
            }
        }
        Demand::Commitments | Demand::Corrections => {
            if playbook.promises.routing.is_empty() {
                faults.add_hint(
                    path,
                    "no promise is ever routed, so this demands nothing",
                    "add a rule to promises.routing, or take it out",
                );
            }
        }
        Demand::Record | Demand::Acceptance | Demand::Ownership | Demand::PlanConfirmed => {}
    }
}

/// Steps read from other facts have a demand of their own.
fn not_a_report(step: &Step) -> Option<&'static str> {
    match step.kind {
        kind if kind.is_reported() => None,
        StepKind::Record | StepKind::ReturnAnswer => Some("demand `record`"),
        StepKind::Review => Some("demand `review`"),
        StepKind::Nomination | StepKind::OfferAnswer => Some("demand `acceptance`"),
        StepKind::PlanConfirmed => Some("demand `plan_confirmed`"),
        StepKind::Rating => Some("demand `rating: …`"),
        _ => Some("it is a period, which a gate cannot demand"),
    }
}

/// Why a demand can be met only after the gate that asks for it.
fn waits_for_itself(gate: Gate, demand: &Demand, playbook: &Playbook) -> Option<&'static str> {
    let before_acceptance = matches!(gate, Gate::Handoff | Gate::CsmAssignment);
    let step = match demand {
        Demand::Step(id) => playbook.step(id).map(|step| step.kind),
        _ => None,
    };
    match (demand, step) {
        (Demand::Acceptance, _) if before_acceptance => Some("a CSM accepts only after this gate"),
        (Demand::Ownership, _) if before_acceptance => Some("ownership moves only after a CSM has accepted"),
        (Demand::Ownership, _) if gate == Gate::Kickoff && playbook.transfer_on == TransferOn::Kickoff => {
            Some("ownership moves at the kickoff, which this gate stands before")
        }
        (Demand::PlanConfirmed, _) if before_acceptance || gate == Gate::CsAccess => {
            Some("the plan is opened only behind the gate cs_access")
        }
        (Demand::Rating(_), _) if gate <= Gate::Kickoff => Some("the handoff is rated after the kickoff"),
        (_, Some(StepKind::Kickoff | StepKind::FirstValue))
            if gate <= Gate::Kickoff && gate != Gate::CsAccess =>
        {
            Some("this happens only after the kickoff")
        }
        _ => None,
    }
}
