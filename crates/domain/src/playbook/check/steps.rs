//! The sequence: one owner each, a form that is always allowed, links that hold.

use super::{Faults, SENTENCES, TITLE};
use crate::{
    access::Action,
    playbook::{MarkedWhen, Playbook, Step, StepKind, TransferOn, load::place::Path, rule::Scope},
};

/// Longest meeting, in minutes.
const MOST_MINUTES: u16 = 480;

pub(super) fn check(playbook: &Playbook, faults: &mut Faults) {
    let steps = Path::root("steps");
    let all = playbook.steps.iter().enumerate();
    faults.unique(
        "steps",
        all.clone().map(|(index, step)| (steps.nth(index).key("id"), step.id.value.as_str())),
    );
    for (index, step) in all {
        let path = steps.nth(index);
        let once = !matches!(step.kind, StepKind::Rating | StepKind::Other);
        if once && playbook.steps[..index].iter().any(|before| before.kind == step.kind) {
            faults.add_hint(
                &path.key("kind"),
                "another step has this kind already",
                "only rating and other may come more than once",
            );
        }
        words(&path, step, faults);
        people(&path, step, faults);
        forms(&path, step, faults);
        links(&path, step, playbook, faults);
    }
    transfer(playbook, faults);
}

fn words(path: &Path, step: &Step, faults: &mut Faults) {
    faults.text(&path.key("title"), &step.title, TITLE);
    if let Some(about) = &step.about {
        faults.text(&path.key("about"), about, SENTENCES);
    }
    faults.texts(&path.key("agenda"), &step.agenda);
    faults.choices(&path.key("outcomes"), "outcomes", &step.outcomes);
    if step.minutes.is_some_and(|minutes| !(1..=MOST_MINUTES).contains(&minutes)) {
        faults.add(&path.key("minutes"), format!("a meeting takes 1 to {MOST_MINUTES} minutes"));
    }
    if let Some(times) = step.times
        && !(1..=times.at_most).contains(&times.at_least)
    {
        faults.add(&path.key("times"), "at least once, and at most no fewer than at least");
    }
}

fn people(path: &Path, step: &Step, faults: &mut Faults) {
    let (action, purpose) = doing(step.kind);
    faults.may(&path.key("owner"), step.owner, action, purpose);
    faults.once(&path.key("with"), &step.with);
    for (index, role) in step.with.iter().enumerate() {
        faults.works(&path.key("with").nth(index), *role);
        if *role == step.owner {
            faults.add(
                &path.key("with").nth(index),
                format!("`{}` owns the step and takes part anyway", role.name()),
            );
        }
    }
}

/// What the owner of a step does when they do it.
fn doing(kind: StepKind) -> (Action, &'static str) {
    match kind {
        StepKind::Nomination => (Action::Nominate, "nominate a CSM"),
        StepKind::Record => (Action::Fill, "fill the record"),
        StepKind::Review => (Action::Mark, "review a record"),
        StepKind::OfferAnswer => (Action::AnswerOffer, "answer an offer"),
        StepKind::ReturnAnswer => (Action::AnswerReturn, "answer a returned record"),
        StepKind::PlanConfirmed => (Action::Plan, "work on the plan"),
        StepKind::Availability => (Action::AnswerQuestion, "answer the CSM's questions"),
        StepKind::Rating => (Action::Rate, "rate a handoff"),
        StepKind::EarlyIntro
        | StepKind::InternalCall
        | StepKind::WarmIntro
        | StepKind::FirstContact
        | StepKind::KickoffBooked
        | StepKind::Kickoff
        | StepKind::FirstValue
        | StepKind::Other => (Action::ReportStep, "report a step"),
    }
}

fn forms(path: &Path, step: &Step, faults: &mut Faults) {
    let forms = path.key("forms");
    let all = step.forms.iter().enumerate();
    faults.unique(
        "forms",
        all.clone().map(|(index, form)| (forms.nth(index).key("form"), form.form.value.as_str())),
    );
    for (index, form) in all {
        let here = forms.nth(index);
        faults.text(&here.key("title"), &form.title, TITLE);
        if let Some(when) = &form.when {
            faults.rule(&here.key("when"), &when.value, Scope::Deal);
        }
        if let Some(required) = &form.required_when {
            faults.rule(&here.key("required_when"), &required.value, Scope::Deal);
            if form.when.is_some() {
                faults.add_hint(
                    &here.key("required_when"),
                    "a form that can be required must always be allowed, or some deal could never do the step",
                    "take `when` out",
                );
            }
        }
    }
    if !step.forms.is_empty() && step.forms.iter().all(|form| form.when.is_some()) {
        faults.add_hint(
            &forms,
            "a deal for which no form is allowed could never do this step",
            "leave one form without `when`",
        );
    }
}

fn links(path: &Path, step: &Step, playbook: &Playbook, faults: &mut Faults) {
    if let Some(when) = &step.when {
        faults.rule(&path.key("when"), &when.value, Scope::Deal);
    }
    if step.confirmed_by_receiver && !step.kind.is_reported() {
        faults.add_hint(
            &path.key("confirmed_by_receiver"),
            "this step is read from other facts, so there is no report to confirm",
            "take it out",
        );
    }
    for (index, other) in step.confirms.iter().enumerate() {
        let here = path.key("confirms").nth(index);
        let all = playbook.steps.iter().map(|one| one.id.value.as_str());
        if !faults.known(&here, "step", other.value.as_str(), all) {
            continue;
        }
        if other.value == step.id.value {
            faults.add(&here, "a step cannot confirm itself");
        } else if playbook.step(&other.value).is_some_and(|one| !one.kind.is_reported()) {
            faults.add(
                &here,
                format!("`{}` is read from other facts, so there is no report to confirm", other.value),
            );
        }
    }
    match (&step.rating, step.kind) {
        (Some(rating), StepKind::Rating) => {
            let all = playbook.ratings.iter().map(|one| one.id.value.as_str());
            faults.known(&path.key("rating"), "rating", rating.as_str(), all);
            let asked = playbook.steps.iter().filter(|one| one.rating.as_ref() == Some(rating)).count();
            if asked > 1 {
                faults.add(&path.key("rating"), format!("two steps ask for the rating `{rating}`"));
            }
        }
        (Some(_), _) => faults.add(&path.key("rating"), "only a step of kind rating names a rating"),
        (None, StepKind::Rating) => faults.add_hint(path, "this step names no rating", "add rating: …"),
        (None, _) => {}
    }
    let reviews = playbook.scorecard.categories.iter().any(|category| category.when == MarkedWhen::Review);
    if step.kind == StepKind::Review && !reviews {
        faults.add(path, "the scorecard has no category with when: review, so there is nothing to review");
    }
}

/// The moment ownership moves must come for every deal (R0.4).
fn transfer(playbook: &Playbook, faults: &mut Faults) {
    let (kind, name) = match playbook.transfer_on {
        TransferOn::Acceptance => return,
        TransferOn::WarmIntro => (StepKind::WarmIntro, "warm_intro"),
        TransferOn::Kickoff => (StepKind::Kickoff, "kickoff"),
    };
    match playbook.steps.iter().position(|step| step.kind == kind) {
        None => faults.add_hint(
            &Path::root("transfer_on"),
            format!("ownership would never move: there is no step of kind {name}"),
            "add the step, or choose another moment",
        ),
        Some(index) if playbook.steps[index].when.is_some() => faults.add_hint(
            &Path::root("steps").nth(index).key("when"),
            "ownership moves with this step, so every deal must have it",
            "take `when` out, or change transfer_on",
        ),
        Some(_) => {}
    }
}
