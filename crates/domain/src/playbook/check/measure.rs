//! Escalation and measurement: rungs in order, tiers that can be reached, one number for one thing.

use std::cmp::Ordering;

use super::{Faults, TITLE, compare};
use crate::playbook::{MarkedWhen, Moment, Playbook, StepKind, Tier, Told, load::place::Path};

pub(super) fn check(playbook: &Playbook, faults: &mut Faults) {
    escalation(playbook, faults);
    let path = Path::root("measurement");
    let measurement = &playbook.measurement;
    faults.lasts(&path.key("first_value_within"), measurement.first_value_within);
    if measurement.pattern_from < 2 {
        faults.add_hint(
            &path.key("pattern_from"),
            "one rating is no pattern",
            "5, so that nobody is blamed by noise",
        );
    }
    first_value(playbook, faults);
    tiers(&path.key("tiers"), playbook, faults);
}

fn escalation(playbook: &Playbook, faults: &mut Faults) {
    let (path, escalation) = (Path::root("escalation"), &playbook.escalation);
    if escalation.remind_before.is_empty() {
        faults.add_hint(
            &path.key("remind_before"),
            "nobody is escalated before being reminded once",
            "such as [1 bd]",
        );
    }
    for (index, span) in escalation.remind_before.iter().enumerate() {
        faults.lasts(&path.key("remind_before").nth(index), *span);
    }
    let ladder = path.key("ladder");
    match escalation.ladder.first() {
        None => faults.add(&ladder, "nobody would be told that something is overdue"),
        Some(rung) if rung.tell != Told::Owner => {
            faults.add_hint(&ladder.nth(0), "the owner is told first", "begin with tell: owner");
        }
        Some(_) => {}
    }
    for (index, pair) in escalation.ladder.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        let here = ladder.nth(index + 1);
        match compare(before.after, after.after) {
            Some(Ordering::Less) => {}
            Some(_) => faults.add(&here.key("after"), "each rung comes later than the one before"),
            None => faults.add_hint(
                &here.key("after"),
                format!("{} and {} cannot be compared", before.after, after.after),
                "use one unit for the whole ladder",
            ),
        }
        if escalation.ladder[..=index].iter().any(|rung| rung.tell == after.tell) {
            faults.add(&here.key("tell"), "they have been told on an earlier rung");
        }
    }
}

/// The step's clock and the figure must not contradict each other.
fn first_value(playbook: &Playbook, faults: &mut Faults) {
    let aimed = playbook.measurement.first_value_within;
    for (index, step) in
        playbook.steps.iter().enumerate().filter(|(_, step)| step.kind == StepKind::FirstValue)
    {
        let Some(due) = &step.due else { continue };
        if due.value.anchor == Moment::Closed && due.value.within.is_some_and(|within| within != aimed) {
            faults.add(
                &Path::root("steps").nth(index).key("due").key("within"),
                format!("measurement.first_value_within says {aimed}"),
            );
        }
    }
}

fn tiers(path: &Path, playbook: &Playbook, faults: &mut Faults) {
    let tiers = &playbook.measurement.tiers;
    faults
        .unique("tiers", tiers.iter().enumerate().map(|(i, tier)| (path.nth(i).key("id"), tier.id.as_str())));
    let reviewed = playbook.scorecard.categories.iter().filter(|one| one.when == MarkedWhen::Review).count();
    for (index, tier) in tiers.iter().enumerate() {
        let here = path.nth(index);
        faults.text(&here.key("title"), &tier.title, TITLE);
        if usize::from(tier.clear_marks) > reviewed {
            faults.add(
                &here.key("clear_marks"),
                format!("only {reviewed} categories are marked in the review"),
            );
        }
        if tier.kickoff_rating > 5 {
            faults.add(&here.key("kickoff_rating"), "the scale is 1 to 5");
        }
        let rated = playbook.ratings.iter().any(|rating| rating.id.value.as_str() == "kickoff");
        if tier.kickoff_rating > 0 && !rated {
            faults.add(
                &here.key("kickoff_rating"),
                "there is no rating `kickoff`, so nothing could reach this tier",
            );
        }
        if tiers[..index].iter().any(|better| covers(better, tier)) {
            faults.add_hint(
                &here,
                "nothing ever gets here: an earlier tier asks no more",
                "the best tier stands first",
            );
        }
    }
    match tiers.last() {
        None => faults.add_hint(path, "every handoff has a tier", "give at least one without conditions"),
        Some(last) if last.complete || last.clear_marks > 0 || last.kickoff_rating > 0 => {
            faults.add_hint(
                &path.nth(tiers.len() - 1),
                "a handoff that meets no tier's conditions would have none",
                "the last tier has no conditions",
            );
        }
        Some(_) => {}
    }
}

/// Whatever meets `narrow` meets `wide`.
fn covers(wide: &Tier, narrow: &Tier) -> bool {
    (narrow.complete || !wide.complete)
        && narrow.clear_marks >= wide.clear_marks
        && narrow.kickoff_rating >= wide.kickoff_rating
}
