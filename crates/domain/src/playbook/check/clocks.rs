//! Clocks: each says one time, is tied to a moment that comes, and does not wait for itself.

use std::cmp::Ordering;

use super::{Faults, compare};
use crate::{
    calendar::Span,
    playbook::{Due, Moment, Playbook, Step, StepKind, load::place::Path},
};

pub(super) fn check(playbook: &Playbook, faults: &mut Faults) {
    let started = started(playbook);
    for (index, step) in playbook.steps.iter().enumerate() {
        let path = Path::root("steps").nth(index);
        if let Some(until) = step.until {
            let here = path.key("until");
            if makes(step.kind).contains(&until) {
                faults.add(
                    &here,
                    "the step itself makes this moment, so it could never happen after it anyway",
                );
            } else {
                comes(&here, until, playbook, faults);
            }
        }
        let Some(due) = &step.due else { continue };
        let here = path.key("due");
        times(&here, &due.value, faults);
        window(&here, &due.value, playbook, faults);
        let anchor = here.key("anchor");
        if makes(step.kind).contains(&due.value.anchor) {
            faults
                .add(&anchor, "the step itself makes this moment, so its clock would start when it is done");
        } else if comes(&anchor, due.value.anchor, playbook, faults) && !started[index] {
            faults.add(&anchor, "this clock never starts: the steps it waits for wait for this one");
        }
        if due.value.within.is_some() && step.until == Some(due.value.anchor) {
            faults.add(&path.key("until"), "the step could no longer happen when its clock starts");
        }
    }
}

/// One way of saying when, in an order that makes sense.
fn times(path: &Path, due: &Due, faults: &mut Faults) {
    match (due.within, due.from, due.to) {
        (None, None, None) => faults.add_hint(
            path,
            "this clock says no time",
            "within: 24 h after the anchor, or from: 5 bd and to: 3 bd before it",
        ),
        (Some(_), None, None) => {}
        (Some(_), ..) => faults.add_hint(
            path,
            "`within` counts after the anchor, `from` and `to` before it",
            "keep one of the two ways",
        ),
        (None, Some(from), Some(to)) => {
            ordered(path, from, to, "`from` must not be nearer to the anchor than `to`", faults)
        }
        (None, ..) => {}
    }
    if let Some(within) = due.within {
        faults.lasts(&path.key("within"), within);
        if let Some(opens) = due.opens {
            ordered(path, within, opens, "`within` must not end before `opens`", faults);
        }
    } else if due.opens.is_some() {
        faults.add_hint(
            &path.key("opens"),
            "`opens` goes with `within`",
            "a window before the anchor opens with `from`",
        );
    }
    if due.roll && due.within.is_none() {
        faults.add_hint(
            &path.key("roll"),
            "`roll` goes with `within`: a window before a meeting cannot move past it",
            "take it out",
        );
    }
}

fn ordered(path: &Path, longer: Span, shorter: Span, reason: &str, faults: &mut Faults) {
    match compare(longer, shorter) {
        Some(Ordering::Less) => faults.add(path, reason),
        Some(_) => {}
        None => faults.add_hint(
            path,
            format!("{longer} and {shorter} cannot be compared"),
            "use one unit for both",
        ),
    }
}

/// A window before a moment needs one that is known beforehand.
fn window(path: &Path, due: &Due, playbook: &Playbook, faults: &mut Faults) {
    if due.from.is_none() && due.to.is_none() {
        return;
    }
    match due.anchor {
        Moment::Signature => {}
        Moment::Kickoff => {
            if playbook.step_of(StepKind::KickoffBooked).is_none() {
                faults.add_hint(
                    &path.key("anchor"),
                    "nobody would know when the kickoff will be",
                    "add a step of kind kickoff_booked",
                );
            }
        }
        _ => faults.add_hint(
            &path.key("anchor"),
            "nobody knows beforehand when this will be, so nothing can be due before it",
            "windows before a moment are tied to signature or kickoff",
        ),
    }
}

/// The moment can come at all in this playbook.
fn comes(path: &Path, moment: Moment, playbook: &Playbook, faults: &mut Faults) -> bool {
    let makers = makers(moment);
    let made = makers.is_empty() || playbook.steps.iter().any(|step| makers.contains(&step.kind));
    if !made {
        faults.add_hint(
            path,
            "no step of this playbook makes this moment happen",
            "add the step, or tie the clock to another moment",
        );
    }
    made
}

/// The moments a step's own doing makes.
fn makes(kind: StepKind) -> &'static [Moment] {
    match kind {
        StepKind::Nomination => &[Moment::Nominated],
        StepKind::Record => &[Moment::RecordComplete],
        StepKind::OfferAnswer => &[Moment::Assigned],
        StepKind::InternalCall => &[Moment::InternalCall],
        StepKind::WarmIntro => &[Moment::WarmIntro],
        StepKind::FirstContact => &[Moment::FirstContact],
        StepKind::KickoffBooked => &[Moment::Kickoff],
        StepKind::Kickoff => &[Moment::Kickoff, Moment::KickoffEnd],
        StepKind::PlanConfirmed => &[Moment::PlanConfirmed],
        StepKind::FirstValue => &[Moment::FirstValue],
        StepKind::EarlyIntro
        | StepKind::Review
        | StepKind::ReturnAnswer
        | StepKind::Availability
        | StepKind::Rating
        | StepKind::Other => &[],
    }
}

/// The steps of which one must exist for a moment to come; none where the process makes it by itself.
fn makers(moment: Moment) -> &'static [StepKind] {
    match moment {
        Moment::InternalCall => &[StepKind::InternalCall],
        Moment::WarmIntro => &[StepKind::WarmIntro],
        Moment::FirstContact => &[StepKind::FirstContact],
        Moment::Kickoff => &[StepKind::KickoffBooked, StepKind::Kickoff],
        Moment::KickoffEnd => &[StepKind::Kickoff],
        Moment::FirstValue => &[StepKind::FirstValue],
        Moment::Opened
        | Moment::Signature
        | Moment::Closed
        | Moment::Nominated
        | Moment::Offered
        | Moment::Returned
        | Moment::RecordComplete
        | Moment::Assigned
        | Moment::Owned
        | Moment::PlanConfirmed => &[],
    }
}

/// Which clocks start without waiting for each other in a ring.
fn started(playbook: &Playbook) -> Vec<bool> {
    let anchor = |step: &Step| step.due.as_ref().map(|due| due.value.anchor);
    let mut started: Vec<bool> = playbook.steps.iter().map(|step| step.due.is_none()).collect();
    // Each round starts at least one more clock or is the last.
    for _ in 0..playbook.steps.len() {
        for index in 0..playbook.steps.len() {
            let Some(moment) = anchor(&playbook.steps[index]) else { continue };
            let makers = makers(moment);
            let by_step =
                playbook.steps.iter().zip(&started).any(|(step, runs)| *runs && makers.contains(&step.kind));
            if makers.is_empty() || by_step {
                started[index] = true;
            }
        }
    }
    started
}
