//! Offer, scorecard, ratings, agenda and plan: what the receiving team says and starts from.

use super::{Faults, SENTENCES, TITLE};
use crate::{
    access::Action,
    playbook::{MarkEffect, MarkedWhen, Playbook, Rating, StepKind, load::place::Path},
};

pub(super) fn check(playbook: &Playbook, faults: &mut Faults) {
    offer(playbook, faults);
    scorecard(playbook, faults);
    let ratings = Path::root("ratings");
    let all = playbook.ratings.iter().enumerate();
    faults.unique("ratings", all.clone().map(|(i, one)| (ratings.nth(i).key("id"), one.id.value.as_str())));
    for (index, one) in all {
        rating(&ratings.nth(index), one, playbook, faults);
    }
    agenda(playbook, faults);
    plan(playbook, faults);
}

fn offer(playbook: &Playbook, faults: &mut Faults) {
    let (path, offer) = (Path::root("offer"), &playbook.offer);
    if offer.refusal_codes.is_empty() {
        faults.add(&path.key("refusal_codes"), "a CSM could not refuse: a refusal needs a coded reason");
    }
    faults.choices(&path.key("refusal_codes"), "reasons", &offer.refusal_codes);
    let unclear_returns =
        playbook.scorecard.categories.iter().any(|category| category.unclear == MarkEffect::Returns);
    if unclear_returns && offer.refusal_codes.iter().all(|code| code.id.as_str() != "unclear") {
        faults.add_hint(
            &path.key("refusal_codes"),
            "a category marked unclear returns the record with the code `unclear`, which is not here",
            "add it with its label",
        );
    }
    faults.may(
        &path.key("escalate_to"),
        offer.escalate_to,
        Action::Offer,
        "offer the record to somebody else",
    );
    if offer.second_return_to.is_empty() {
        faults.add_hint(
            &path.key("second_return_to"),
            "a second return would bring in nobody",
            "such as [ae_manager, cs_leader]",
        );
    }
    faults.once(&path.key("second_return_to"), &offer.second_return_to);
    for (index, role) in offer.second_return_to.iter().enumerate() {
        faults.works(&path.key("second_return_to").nth(index), *role);
    }
}

fn scorecard(playbook: &Playbook, faults: &mut Faults) {
    let path = Path::root("scorecard");
    let (categories, all) = (path.key("categories"), &playbook.scorecard.categories);
    faults.may(&path.key("escalate_to"), playbook.scorecard.escalate_to, Action::Mark, "review a record");
    faults.unique(
        "categories",
        all.iter().enumerate().map(|(i, one)| (categories.nth(i).key("id"), one.id.value.as_str())),
    );
    for (index, category) in all.iter().enumerate() {
        let here = categories.nth(index);
        faults.text(&here.key("title"), &category.title, TITLE);
        faults.text(&here.key("question"), &category.question, TITLE);
        let looks_at_something = playbook.asks().any(|ask| ask.category.as_ref() == Some(&category.id.value));
        if category.when == MarkedWhen::Review && !looks_at_something {
            faults.add_hint(
                &here,
                format!(
                    "no ask belongs to the category `{}`, so an unclear mark could not say what to mend",
                    category.id.value
                ),
                "give the asks it reviews category: …",
            );
        }
    }
}

fn rating(path: &Path, rating: &Rating, playbook: &Playbook, faults: &mut Faults) {
    faults.text(&path.key("title"), &rating.title, TITLE);
    faults.text(&path.key("question"), &rating.question, TITLE);
    if !(1..=4).contains(&rating.low) {
        faults.add_hint(
            &path.key("low"),
            "the scale is 1 to 5, so a low score is 1 to 4",
            "2 asks for a reason at 1 and 2",
        );
    }
    if rating.reasons.is_empty() {
        faults.add(&path.key("reasons"), "a low score could not be given: it needs a coded reason");
    }
    faults.choices(&path.key("reasons"), "reasons", &rating.reasons);
    let asks_for_it = playbook
        .steps
        .iter()
        .any(|step| step.kind == StepKind::Rating && step.rating.as_ref() == Some(&rating.id.value));
    if !asks_for_it {
        faults.add_hint(
            path,
            format!("no step asks for the rating `{}`", rating.id.value),
            "add a step with kind: rating that names it",
        );
    }
}

fn agenda(playbook: &Playbook, faults: &mut Faults) {
    let agenda = Path::root("agenda");
    for (index, part) in playbook.agenda.iter().enumerate() {
        let path = agenda.nth(index);
        faults.text(&path.key("title"), &part.title, TITLE);
        faults.text(&path.key("about"), &part.about, SENTENCES);
        if part.minutes == 0 {
            faults.add(&path.key("minutes"), "no time at all is too little");
        }
        for (nth, ask) in part.from.iter().enumerate() {
            let all = playbook.asks().map(|ask| ask.id.value.as_str());
            faults.known(&path.key("from").nth(nth), "ask", ask.value.as_str(), all);
        }
    }
    let Some(index) = playbook.steps.iter().position(|step| step.kind == StepKind::Kickoff) else { return };
    if playbook.agenda.is_empty() {
        faults.add_hint(&agenda, "the kickoff has no agenda", "a working session has parts with minutes");
        return;
    }
    let sum: u32 = playbook.agenda.iter().map(|part| u32::from(part.minutes)).sum();
    if let Some(minutes) = playbook.steps[index].minutes
        && u32::from(minutes) != sum
    {
        let path = Path::root("steps").nth(index).key("minutes");
        faults.add(&path, format!("the kickoff takes {minutes} minutes, but its agenda fills {sum}"));
    }
}

fn plan(playbook: &Playbook, faults: &mut Faults) {
    let path = Path::root("plan");
    for (index, milestone) in playbook.plan.milestones.iter().enumerate() {
        let here = path.key("milestones").nth(index);
        faults.text(&here.key("title"), &milestone.title, TITLE);
        faults.lasts(&here.key("due"), milestone.due);
    }
    faults.choices(&path.key("prerequisites"), "prerequisites", &playbook.plan.prerequisites);
}
