//! What each gate demands: each thing left out of a whole handoff, alone.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Share,
    starts::{fills, forms},
};
use crate::story::*;

/// A gate, and everything it demands.
pub type Demands = (&'static str, &'static [&'static str]);

/// Something left out.
pub struct Left {
    /// What, as a gap names it: `step:warm_intro`; of an item only its kind.
    pub out: &'static str,
    /// What is wrong then.
    pub problem: &'static str,
    /// The role that owes it.
    pub owed_by: &'static str,
    /// What cannot happen without it, and so is missing, too.
    pub also: &'static [&'static str],
}

/// Something left out, and what cannot happen without it.
pub const fn left(
    out: &'static str,
    problem: &'static str,
    owed_by: &'static str,
    also: &'static [&'static str],
) -> Left {
    Left { out, problem, owed_by, also }
}

const BEFORE_THE_KICKOFF: [&str; 5] = ["handoff", "csm_assignment", "cs_access", "kickoff", "credit"];

/// Goes the whole way without each thing, alone, and asks every gate: those before the kickoff when it comes up, the
/// last one at the end.
#[track_caller]
pub fn each_is_demanded(share: Share, playbook: &str, demands: &[Demands], lefts: &[Left]) {
    let company = Company::with(playbook);
    company.at("2026-04-09 14:00");
    let nothing = left("nothing", "", "", &[]);
    let mut wrong = Vec::new();
    let taken = std::iter::once(&nothing).chain(lefts).enumerate().filter(|(nth, _)| share.takes(*nth));
    for (nth, left) in taken {
        // Where the form of a step depends on the size of the deal, it is a large one.
        let worth = if left.problem == "not_in_form" { 60_000 } else { 30_000 };
        let deal = company.deal(&format!("left out {nth}")).worth(worth).won_at("2026-04-09 14:00");
        let way = Way { case: deal.case(), left };
        let mut hold = |gate: &str| {
            let wanted: BTreeSet<&str> = match demands.iter().find(|(name, _)| *name == gate) {
                Some((_, of)) => of.iter().copied().filter(|one| way.lacks_at(gate, one)).collect(),
                None => BTreeSet::new(),
            };
            let verdict = match (demands.iter().any(|(name, _)| *name == gate), wanted.is_empty()) {
                (false, _) => "not_required",
                (true, true) => "pass",
                (true, false) => "refused",
            };
            let check = way.case.gate(gate);
            let gaps = check.gaps();
            let named: Vec<String> = gaps.iter().map(plainly).collect();
            let same = named.iter().map(String::as_str).collect::<BTreeSet<_>>() == wanted;
            if check.verdict() != verdict || !same {
                let is = check.verdict();
                wrong.push(format!(
                    "{playbook}, without {} ({}): {gate} is {is} for {named:?}, not {verdict} for {wanted:?}",
                    left.out, left.problem
                ));
            }
            for gap in gaps.iter().filter(|gap| plainly(gap) == left.out) {
                if (gap.problem().as_str(), gap.owed_by().as_str()) != (left.problem, left.owed_by) {
                    wrong.push(format!(
                        "{playbook}, without {}: {gate} says {} of {}, not {} of {}",
                        left.out,
                        gap.problem(),
                        gap.owed_by(),
                        left.problem,
                        left.owed_by
                    ));
                }
            }
        };
        way.goes_to_the_kickoff();
        BEFORE_THE_KICKOFF.into_iter().for_each(&mut hold);
        way.goes_to_the_end();
        hold("done");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a gap is about, without the id of an item.
fn plainly(gap: &Gap) -> String {
    let about = gap.about();
    match about.split_once(':') {
        Some((of @ ("commitment" | "correction"), _)) => of.to_owned(),
        _ => about,
    }
}

struct Way<'c> {
    case: Case<'c>,
    left: &'c Left,
}

impl Way<'_> {
    fn lacks(&self, what: &str) -> bool {
        self.left.out == what || self.left.also.contains(&what)
    }

    /// What is missing when a gate is asked: a kickoff that was held confirms what had to come before it (R0.10).
    fn lacks_at(&self, gate: &str, what: &str) -> bool {
        let confirmed = gate == "done"
            && self.left.out == what
            && self.left.problem == "not_confirmed"
            && self.case.company.playbook.step(&"kickoff".parse().unwrap()).is_some();
        self.lacks(what) && !confirmed
    }

    fn goes_to_the_kickoff(&self) {
        let case = &self.case;
        case.does(CLARA, "nominate", json!({ "csm": case.company.id(MAYA) }));
        self.fills_the_record();
        self.is_reviewed();
        self.is_accepted();
        for step in ["warm_intro", "first_contact", "internal_call"] {
            self.reports(step, "2026-04-09 14:00");
        }
    }

    fn fills_the_record(&self) {
        let case = &self.case;
        if case.company.playbook.playbook.value == "default"
            || case.company.playbook.playbook.value == "governed-gate"
        {
            let item = case.promises(AVA, &promise("price", false, true));
            if !self.lacks("commitment") {
                case.decides(DORA, &item, "declined");
            }
            if !self.lacks("correction") && !self.lacks("commitment") {
                case.does(AVA, "correct-promise", json!({ "item": item, "evidence": evidence() }));
            }
        }
        if self.lacks("commitment") {
            let before = case.view().missing();
            before.iter().filter_map(|about| about.strip_prefix("ask:")).for_each(|ask| {
                case.answers(AVA, ask);
            });
            return;
        }
        fills(case);
        if let Some(ask) = self.left.out.strip_prefix("ask:") {
            case.does(AVA, "clear", json!({ "ask": ask }));
        }
    }

    fn is_reviewed(&self) {
        for category in self.case.reviewed() {
            if self.left.out != format!("category:{category}") {
                self.case.marks(MAYA, &category, "clear");
            } else if self.left.problem == "marked_unclear" {
                self.case.marks(MAYA, &category, "unclear");
            }
        }
    }

    fn is_accepted(&self) {
        let case = &self.case;
        // What is left out may have shut the gates on this way: then nobody accepts.
        let offered = case.tries(AVA, "offer", json!({ "to": case.company.id(MAYA) }));
        if self.left.out == "return" {
            case.does(MAYA, "return", json!({ "code": "incomplete", "reason": "The measure is missing." }));
            return;
        }
        if self.left.out == "acceptance" {
            return;
        }
        // Here a CSM accepts once they were briefed.
        if case.company.playbook.playbook.value == "full-context" {
            self.reports("internal_call", "2026-04-09 14:00");
        }
        let accepted = case.tries(MAYA, "accept", json!({}));
        assert_eq!(
            (offered.status == 200) && (accepted.status == 200),
            !self.lacks("acceptance"),
            "without {}: {offered} {accepted}",
            self.left.out
        );
    }

    /// Reports a step, unless it is what is left out: by the CSM, so that it counts, and in every form.
    fn reports(&self, step: &str, at: &str) {
        let case = &self.case;
        let known = case.company.playbook.steps.iter().any(|one| one.id.value.as_str() == step);
        if !known || self.told(step) {
            return;
        }
        let ended = json!({ "ended_at": case.company.now() });
        let more = if step == "kickoff" { vec![ended] } else { forms(case, step) };
        let out = format!("step:{step}");
        match (self.lacks(&out), self.left.problem) {
            (false, _) => more.into_iter().for_each(|more| self.report(MAYA, step, at, more)),
            (true, "not_confirmed") if self.left.out == out => {
                more.into_iter().for_each(|more| self.report(AVA, step, at, more));
            }
            (true, "not_in_form") if self.left.out == out => {
                let other = match step {
                    "internal_call" => "async",
                    _ => "mail",
                };
                self.report(MAYA, step, at, json!({ "form": other }));
            }
            (true, _) => {}
        }
    }

    fn report(&self, who: Who, step: &str, at: &str, more: Value) {
        self.case.reports(who, step, at, more);
    }

    fn told(&self, step: &str) -> bool {
        !self.case.view().step(step)["reports"].as_array().is_none_or(Vec::is_empty)
    }

    fn goes_to_the_end(&self) {
        let case = &self.case;
        let company = case.company;
        let has = |step: &str| company.playbook.steps.iter().any(|one| one.id.value.as_str() == step);
        if has("kickoff_booked") {
            let soon = super::shifted("2026-04-09 14:00", 30);
            case.reports(
                MAYA,
                "kickoff_booked",
                "2026-04-09 14:00",
                json!({ "booked_for": company.instant(&soon) }),
            );
            case.tries(MAYA, "confirm-kickoff", json!({}));
        }
        company.minutes_pass(90);
        self.reports("kickoff", "2026-04-09 14:30");
        if has("plan_confirmed") && self.left.problem != "plan_not_opened" {
            case.tries(MAYA, "open-plan", json!({}));
            if !self.lacks("plan") {
                let body = json!({ "form": "signed", "at": company.now(), "evidence": evidence() });
                case.does(MAYA, "confirm-plan", body);
            }
        }
        for rating in ["kickoff", "handoff"] {
            if has(&format!("rate_{rating}")) && !self.lacks(&format!("rating:{rating}")) {
                case.does(MAYA, "rate", json!({ "rating": rating, "score": 5 }));
            }
        }
        company.minutes_pass(-90);
    }
}
