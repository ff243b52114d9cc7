//! Sharing out what somebody holds, to one or to several (R0.7): chosen, looked at handoff by handoff, done, and told
//! handoff by handoff what came of it. One form goes through all of it, so that nothing is chosen twice.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{extract::Path, http::StatusCode};
use throughline_app::{
    AppError,
    people::moving::{Job, Moved, Moving, PlannedMove, Share},
};
use throughline_domain::{HandoffId, PersonId, Role, access::Action};
use throughline_store::Person as StoredPerson;

use super::{
    one::id_of,
    pick::{self, Candidates},
};
use crate::{
    answer::{Failed, html, html_with},
    chrome::{Chrome, Place, role_key},
    form::Posted,
    i18n::Text,
    key,
    pages::{parts::Wrong, words},
    ui::{Choice, Control, Crumb, Draft, Person, Stage, Tone},
    visit::{Answer, Visit},
};

/// Handoffs moved by one press.
const STRETCH: usize = 100;
/// Handoffs shown of a plan; the others go as the rule says.
const SHOWN: usize = 200;
/// The field that binds a press to the plan it stands under.
const SHOWN_AS: &str = "shown";
/// How the field begins that says who gets a handoff whatever the rule says.
const GIVE: &str = "give-";
/// Roles whose jobs move.
const ROLES: [Role; 4] = [Role::Ae, Role::Se, Role::Csm, Role::Implementation];
/// Stages of a handoff, as lists name them.
const STAGES: [&str; 4] = ["preparing", "offered", "assigned", "owned"];

struct Row {
    href: String,
    account: String,
    deal: String,
    stage: Stage,
    jobs: String,
    /// Who gets it by the rule, got it, or is named to.
    to: Option<Person>,
    /// To give it to somebody else: the field's name, and who there is.
    give: Option<(String, Vec<Choice>)>,
    /// Why it does not move.
    refused: Option<String>,
    /// Done, now or before.
    done: bool,
    /// Done only as far as it can be: who is named has to accept.
    waits: bool,
}

/// What a press led to.
struct Outcome {
    sentence: String,
    tone: Tone,
    left: usize,
}

#[derive(Template)]
#[template(path = "pages/people/share.html")]
struct SharePage {
    t: Text,
    chrome: Chrome,
    crumbs: Vec<Crumb>,
    title: String,
    action: String,
    back: String,
    takers: Vec<Control>,
    narrow: Vec<Control>,
    narrowed: bool,
    reason: Vec<Control>,
    refused: Option<String>,
    /// What would move; none while nothing was asked.
    plan: Option<Vec<Row>>,
    summary: String,
    /// How many more there are than are shown.
    more: usize,
    can_move: bool,
    /// What the plan was made of, to be posted with the press that carries it out.
    shown: String,
    /// What was asked to move is not what was shown: nothing has moved.
    changed: bool,
    outcome: Option<Outcome>,
    /// The form as it was posted, to go on with.
    hidden: Vec<(String, String)>,
}

/// How far the form has got.
enum Step {
    Choosing,
    Planned(Plan),
    Done(Vec<Moved>, usize),
}

/// What would move, and what it was made of.
struct Plan {
    moves: Vec<PlannedMove>,
    shown: String,
    changed: bool,
}

/// The form, as it is first.
pub async fn page(visit: Visit, Path(id): Path<String>) -> Answer {
    let id = id_of(&id)?;
    let (_, page) = made(&visit, id, &Posted::default(), Step::Choosing, None).await?;
    Ok(html(&page))
}

/// Shows what would move, or moves it.
pub async fn share(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    visit.caller.may(Action::ManagePeople)?;
    let moves = posted.get("step") == Some("move");
    let (step, wrong) = match taken(&visit, id, &posted, moves).await {
        Ok(step) => (step, None),
        Err(why) => (Step::Choosing, Some(Wrong::of(&visit.t, why)?)),
    };
    // What was refused for its reason alone is still shown.
    let step = match (&wrong, step) {
        (Some(wrong), Step::Choosing) if wrong.field.as_deref() == Some("reason") => {
            taken(&visit, id, &posted, false).await?
        }
        (_, step) => step,
    };
    let (status, page) = made(&visit, id, &posted, step, wrong).await?;
    let status = if page.changed { StatusCode::CONFLICT } else { status };
    Ok(html_with(status, &page))
}

async fn taken(visit: &Visit, from: PersonId, posted: &Posted, moves: bool) -> Result<Step, AppError> {
    let moving = asked_for(visit, posted).await?;
    let app = &visit.web.app;
    let shown = basis(&moving);
    // Only what has been looked at moves: who asks for something else is shown that first.
    let changed = moves && posted.get(SHOWN_AS) != Some(shown.trim());
    if changed || !moves {
        let moves = app.plan_moves(&visit.caller, from, &moving).await?;
        return Ok(Step::Planned(Plan { moves, shown, changed }));
    }
    let reason = posted.text("reason")?;
    let done = app.move_some(&visit.caller, from, &moving, reason.as_str(), STRETCH).await?;
    Ok(Step::Done(done.rows, done.left))
}

/// What a plan is made of but for the choices in its rows, which are made beneath what is shown.
fn basis(moving: &Moving) -> String {
    let to: Vec<_> = moving.to.iter().map(ToString::to_string).collect();
    let share = match moving.share {
        Share::InTurn => "in_turn",
        Share::LeastLoad => "least_load",
    };
    let roles: Vec<_> = moving.roles.iter().map(|role| role.name()).collect();
    let stages: Vec<_> = moving.stages.iter().map(String::as_str).collect();
    let segments: Vec<_> = moving.segments.iter().map(String::as_str).collect();
    // Segments are anybody's words, without commas: at the end they cannot be taken for anything else.
    [to.join(","), share.to_owned(), roles.join(","), stages.join(","), segments.join(",")].join(";")
}

/// What is to move, to whom, as the form says.
async fn asked_for(visit: &Visit, posted: &Posted) -> Result<Moving, AppError> {
    let mut to = Vec::new();
    for one in posted.all("to").flat_map(str::lines) {
        to.extend(pick::named(visit, "to", one).await?);
    }
    let mut chosen: BTreeMap<HandoffId, PersonId> = BTreeMap::new();
    for (name, value) in &posted.fields {
        let Some(handoff) = name.strip_prefix(GIVE).filter(|_| !value.is_empty()) else { continue };
        let pair = handoff.parse().ok().zip(value.parse().ok());
        let (handoff, person) = pair.ok_or_else(|| AppError::invalid("to", "cannot be chosen here"))?;
        chosen.insert(handoff, person);
    }
    if to.is_empty() {
        return Err(AppError::invalid("to", visit.t.get(key!("people-pick-somebody"))));
    }
    let share = match posted.get("share") {
        Some("least_load") => Share::LeastLoad,
        _ => Share::InTurn,
    };
    let segments = posted.typed("segments").split(',').map(str::trim).filter(|one| !one.is_empty());
    Ok(Moving {
        to,
        share,
        chosen,
        roles: posted.some_of::<Role>("roles")?.into_iter().collect(),
        segments: segments.map(str::to_owned).collect(),
        stages: posted.all("stages").filter(|one| STAGES.contains(one)).map(str::to_owned).collect(),
    })
}

async fn made(
    visit: &Visit,
    from: PersonId,
    posted: &Posted,
    step: Step,
    wrong: Option<Wrong>,
) -> Result<(StatusCode, SharePage), Failed> {
    visit.caller.may(Action::ManagePeople)?;
    let (t, app) = (visit.t.clone(), &visit.web.app);
    let person = app.person(&visit.caller, from).await?;
    let at = wrong.as_ref().and_then(|wrong| Some((wrong.field.as_deref()?, wrong.text.as_str())));
    let draft = Draft { t: &t, values: posted, wrong: at, prefix: "share" };
    let candidates = Candidates::load(visit).await?.taking_over(visit, from).await?;
    let (title, choices) = (t.with(key!("share-title"), ("name", person.name.as_str())), candidates.ticks());
    let takers = takers(&draft, choices.clone());
    let (mut rows, mut outcome, mut more, mut can_move, mut summary) = (None, None, 0, false, String::new());
    let (mut shown_as, mut changed) = (String::new(), false);
    match step {
        Step::Choosing => {}
        Step::Planned(Plan { moves: plan, shown, changed: is_other }) => {
            (shown_as, changed) = (shown, is_other);
            let moves = plan.iter().filter(|one| one.to.is_some()).count();
            let named = plan.iter().filter(|one| one.named.is_some()).count();
            let stay = plan.len() - moves - named;
            let args = (("n", moves), ("named", named), ("stay", stay), ("name", person.name.as_str()));
            summary = t.with(key!("share-summary"), args).into_owned();
            (can_move, more) = (moves > 0, plan.len().saturating_sub(SHOWN));
            let names = names(visit, plan.iter().filter_map(|one| one.to.or(one.named))).await?;
            let ticked: BTreeSet<&str> = posted.all("to").collect();
            let given: Vec<Choice> =
                choices.unwrap_or_default().into_iter().filter(|one| ticked.contains(&*one.value)).collect();
            let shown = plan.into_iter().take(SHOWN).map(|one| {
                let field = format!("{GIVE}{}", one.row.id);
                let held = posted.get(&field).unwrap_or_default().to_owned();
                let give = given.iter().map(|one| one.clone().chosen(one.value == held)).collect();
                let give = Some((field, give)).filter(|_| given.len() > 1 && one.named.is_none());
                Row { give, ..row(&t, &names, one) }
            });
            rows = Some(shown.collect());
        }
        Step::Done(done, left) => {
            outcome = Some(became(&t, &done, left, &person.name));
            let names =
                names(visit, done.iter().filter_map(|one| one.planned.to.or(one.planned.named))).await?;
            more = done.len().saturating_sub(SHOWN);
            let shown = done.into_iter().take(SHOWN).map(|one| {
                let Moved { planned, done, failed } = one;
                let shown = row(&t, &names, planned);
                Row { done: done || shown.done, refused: failed.or(shown.refused), ..shown }
            });
            rows = Some(shown.collect());
        }
    }
    let known = ["to", "reason", "roles", "segments", "stages"];
    let beside = wrong.as_ref().filter(|wrong| wrong.field.as_deref().is_none_or(|at| !known.contains(&at)));
    let page = SharePage {
        crumbs: vec![
            Crumb::new(t.get(key!("nav-people")), "/people"),
            Crumb::new(person.name.clone(), format!("/people/{from}")),
        ],
        chrome: visit.chrome(Some(Place::People)),
        title: title.into_owned(),
        action: format!("/people/{from}/share"),
        back: format!("/people/{from}"),
        takers,
        narrowed: ["roles", "segments", "stages"].iter().any(|name| posted.get(name).is_some()),
        narrow: narrow(&draft),
        reason: vec![Control::Area(
            draft.named("reason", key!("people-reason")).hint(t.get(key!("people-reason-hint"))).required(),
        )],
        refused: beside.map(|wrong| wrong.text.clone()),
        plan: rows,
        summary,
        more,
        can_move,
        shown: shown_as,
        changed,
        outcome,
        hidden: posted.fields.clone(),
        t,
    };
    Ok((wrong.map_or(StatusCode::OK, |wrong| wrong.status), page))
}

/// What came of a press: what has gone over, what waits for who is named to accept, and what stays.
fn became(t: &Text, done: &[Moved], left: usize, name: &str) -> Outcome {
    let is_named =
        |one: &&Moved| one.planned.named.is_some() || (one.done && one.planned.jobs.contains(&Job::Csm));
    let named = done.iter().filter(is_named).count();
    let moved = done.iter().filter(|one| one.done && !is_named(one)).count();
    let stay = done.len() - moved - named;
    let args = (("n", moved), ("named", named), ("stay", stay), ("name", name));
    let tone = match (moved, named, stay) {
        (_, _, 1..) => Tone::Warn,
        (0, 1.., 0) => Tone::Info,
        _ => Tone::Good,
    };
    Outcome { sentence: t.with(key!("share-done"), args).into_owned(), tone, left }
}

fn takers(draft: &Draft<'_>, choices: Option<Vec<Choice>>) -> Vec<Control> {
    let t = draft.t;
    let whom = draft.named("to", key!("share-to"));
    let whom = match choices {
        Some(choices) => Control::Checks(
            whom.hint(t.get(key!("share-to-hint"))),
            choices.into_iter().map(|one| ticked(draft.values, "to", one)).collect(),
        ),
        None => Control::Area(whom.hint(t.get(key!("share-to-by-mail")))),
    };
    let held = draft.values.get("share").unwrap_or("in_turn");
    let ways = [("in_turn", key!("share-in-turn")), ("least_load", key!("share-least-load"))];
    let ways = ways.map(|(value, label)| Choice::new(value, t.get(label)).chosen(value == held));
    vec![whom, Control::Radios(draft.named("share", key!("share-how")), ways.to_vec())]
}

/// What of it moves, where not all of it.
fn narrow(draft: &Draft<'_>) -> Vec<Control> {
    let t = draft.t;
    let roles = ROLES.map(|role| Choice::new(role.name(), t.get(role_key(role))));
    let stages = STAGES.map(|stage| {
        let label = crate::ui::Shown::key(&words::stage_named("live", stage));
        Choice::new(stage, t.get(label))
    });
    let ticks = |name: &'static str, label, choices: Vec<Choice>| {
        let choices = choices.into_iter().map(|one| ticked(draft.values, name, one)).collect();
        Control::Checks(draft.named(name, label), choices)
    };
    vec![
        ticks("roles", key!("share-roles"), roles.to_vec()),
        ticks("stages", key!("share-stages"), stages.to_vec()),
        Control::Line(
            draft.named("segments", key!("share-segments")).hint(t.get(key!("share-segments-hint"))),
            "text",
        ),
    ]
}

fn ticked(posted: &Posted, name: &str, choice: Choice) -> Choice {
    let is = posted.all(name).any(|value| value == choice.value);
    choice.chosen(is)
}

async fn names(
    visit: &Visit,
    ids: impl Iterator<Item = PersonId>,
) -> Result<BTreeMap<PersonId, StoredPerson>, AppError> {
    visit.web.app.named(visit.caller.org, ids.collect::<BTreeSet<_>>()).await
}

fn row(t: &Text, names: &BTreeMap<PersonId, StoredPerson>, planned: PlannedMove) -> Row {
    let jobs: Vec<String> = planned.jobs.iter().map(|job| job_words(t, *job)).collect();
    Row {
        href: format!("/handoffs/{}", planned.row.id),
        stage: words::stage_named(&planned.row.life, &planned.row.stage),
        account: planned.row.account,
        deal: planned.row.deal_name,
        jobs: t.list(&jobs),
        to: planned
            .to
            .or(planned.named)
            .and_then(|id| names.get(&id))
            .map(|one| Person::named(one.name.clone())),
        give: None,
        refused: planned.refused.filter(|_| planned.named.is_none()),
        done: planned.named.is_some(),
        waits: planned.jobs.contains(&Job::Csm),
    }
}

fn job_words(t: &Text, job: Job) -> String {
    let role = ("role", t.get(role_key(job.role())).into_owned());
    match job {
        Job::Accountable(_) => t.with(key!("share-job-accountable"), role).into_owned(),
        Job::Contributor(_) => t.with(key!("share-job-along"), role).into_owned(),
        Job::Nominated => t.get(key!("share-job-nominated")).into_owned(),
        Job::Csm => t.get(key!("share-job-csm")).into_owned(),
    }
}
