//! The mutual success plan: milestones, what the customer commits to, their confirmation; and the way to the kickoff's
//! agenda.

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::{AppError, read::HandoffView};
use throughline_domain::{
    HandoffId, Key, MilestoneId,
    access::Action,
    gate::Verdict,
    handoff::{Milestone, PlanForm, command},
    playbook::Gate,
    record::Side,
};
use throughline_http::Web;

use super::{
    In, act, answers,
    brief::agenda,
    forms::Form,
    frame::{Frame, View, gap, who},
    gates::local_input,
    items, plan_customers, plan_mail, plan_talk, taken,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::words::{self, word},
    ui::{self, Control, Draft},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/plan", get(show))
        .route("/handoffs/{id}/plan/open", post(open))
        .route("/handoffs/{id}/plan/milestones", post(add))
        .route("/handoffs/{id}/plan/milestones/{milestone}", post(change))
        .route("/handoffs/{id}/plan/milestones/{milestone}/remove", post(remove))
        .route("/handoffs/{id}/plan/milestones/{milestone}/reached", post(reached))
        .route("/handoffs/{id}/plan/prerequisites/{prerequisite}", post(commit))
        .route("/handoffs/{id}/plan/confirm", post(confirm))
}

struct MilestoneView {
    base: String,
    id: String,
    title: String,
    side: String,
    owner: Option<String>,
    due: Option<String>,
    reached: Option<String>,
    late: bool,
    form: Option<Vec<Control>>,
    reached_field: ui::Field,
    said: Vec<plan_talk::SaidShown>,
    say: Option<ui::Field>,
    /// Its id alone, as forms send it.
    raw: MilestoneId,
}

impl MilestoneView {
    fn said(&self) -> &[plan_talk::SaidShown] {
        &self.said
    }
}

impl PlanPage {
    fn said(&self) -> &[plan_talk::SaidShown] {
        &self.said
    }
}

struct PrerequisiteView {
    id: String,
    label: String,
    said: Option<String>,
    evidence: Option<ui::Evidence>,
    form: Option<(String, Vec<Control>)>,
}

#[derive(Template)]
#[template(path = "pages/handoff/plan.html")]
struct PlanPage {
    chrome: Chrome,
    f: Frame,
    is_open: bool,
    may_open: bool,
    opened: Option<String>,
    shut: Option<(String, Vec<ui::Gap>)>,
    confirmed: Option<(String, Option<ui::Evidence>)>,
    unconfirmed_again: bool,
    milestones: Vec<MilestoneView>,
    add: Option<Vec<Control>>,
    prerequisites: Vec<PrerequisiteView>,
    confirm: Option<Vec<Control>>,
    ask: Option<plan_mail::AskShown>,
    customers: Option<Vec<ui::Person>>,
    proposals: Vec<plan_talk::ProposalShown>,
    waiting: usize,
    files: Vec<plan_talk::FilesShown>,
    said: Vec<plan_talk::SaidShown>,
    say: Option<ui::Field>,
    /// How many answers the kickoff's agenda misses; none where the playbook lays out no kickoff.
    agenda: Option<usize>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let plan = handoff.plan.as_ref();
    let may = view.rights.contains(&Action::Plan) && handoff.life.takes_reports();
    let access =
        view.gate(Gate::CsAccess).filter(|answer| plan.is_none() && answer.verdict == Verdict::Refused);
    let prerequisites = view.loaded.playbook.iter().flat_map(|playbook| &playbook.plan.prerequisites);
    let page = PlanPage {
        chrome: visit.chrome(Some(Place::Deals)),
        is_open: plan.is_some(),
        may_open: plan.is_none()
            && view.rights.contains(&Action::Plan)
            && handoff.life.is_live()
            && view.loaded.playbook.is_some(),
        opened: plan.map(|plan| t.with(key!("plan-opened"), ("time", t.moment(plan.opened_at))).into()),
        shut: access.map(|answer| {
            let args = (("gate", word(t, Gate::CsAccess)), ("n", answer.gaps.len()));
            (
                t.with(key!("record-gate-shut"), args).into_owned(),
                answer.gaps.iter().map(|one| gap(t, one)).collect(),
            )
        }),
        confirmed: plan.and_then(|plan| plan.confirmed.as_ref()).map(|done| {
            let name = who(t, &view, done.by);
            let args = (("how", word(t, done.form)), ("time", t.moment(done.at)), ("name", name));
            (t.with(key!("plan-confirmed"), args).into(), answers::evidence(t, &done.evidence, None))
        }),
        unconfirmed_again: plan
            .is_some_and(|plan| plan.confirmed.is_none() && plan.first_confirmed_at.is_some()),
        milestones: plan.map_or_else(Vec::new, |plan| {
            plan.by_due().into_iter().map(|(id, one)| milestone_view(t, &view, id, one, may)).collect()
        }),
        add: (may && plan.is_some()).then(|| milestone_form(t, "milestone-new", &Posted::default())),
        prerequisites: if plan.is_some() {
            prerequisites.map(|one| prerequisite_view(t, &view, one, may)).collect()
        } else {
            Vec::new()
        },
        confirm: plan.filter(|plan| may && !plan.milestones.is_empty()).map(|_| confirm_form(t, &view)),
        ask: plan_mail::shown(&visit, &view).await?,
        customers: plan_customers::shown(&visit, &view).await?,
        proposals: plan_talk::proposals(t, &view, may),
        waiting: plan.map_or(0, |plan| plan.open_proposals().count()),
        files: plan_talk::files(&visit, &view),
        said: plan_talk::said(t, &view, None),
        say: plan_talk::say(t, &view, None),
        agenda: view
            .loaded
            .playbook
            .as_ref()
            .filter(|playbook| !playbook.agenda.is_empty())
            .map(|_| agenda::missing(t, &view)),
        f: Frame::new(&visit, &view, View::Plan),
    };
    Ok(html(&page))
}

/// The forms of this view, by where they are posted to.
pub fn forms(visit: &Visit, view: &HandoffView) -> Vec<Form> {
    let t = &visit.t;
    let base = format!("/handoffs/{}/plan", view.loaded.handoff.id);
    let Some(plan) = &view.loaded.handoff.plan else { return Vec::new() };
    let mut forms = vec![
        (format!("{base}/milestones"), milestone_form(t, "milestone-new", &Posted::default())),
        (format!("{base}/confirm"), confirm_form(t, view)),
    ];
    let milestones = plan.milestones.iter().map(|(id, one)| milestone_view(t, view, *id, one, true));
    forms.extend(milestones.filter_map(|one| Some((one.base, one.form?))));
    let prerequisites = view.loaded.playbook.iter().flat_map(|playbook| &playbook.plan.prerequisites);
    forms.extend(prerequisites.filter_map(|one| prerequisite_view(t, view, one, true).form));
    forms
}

fn milestone_view(
    t: &Text,
    view: &HandoffView,
    id: MilestoneId,
    milestone: &Milestone,
    may: bool,
) -> MilestoneView {
    let today = view.loaded.org.calendar.local_date(view.now);
    let fields = milestone_fields(milestone);
    let values = Posted::filled(fields);
    MilestoneView {
        base: format!("/handoffs/{}/plan/milestones/{id}", view.loaded.handoff.id),
        id: format!("milestone-{id}"),
        title: milestone.title.to_string(),
        side: word(t, milestone.side),
        owner: milestone.owner.as_ref().map(ToString::to_string),
        due: milestone.due_on.map(|due| t.date(due)),
        reached: milestone.reached_on.map(|on| t.with(key!("plan-reached-on"), ("date", t.date(on))).into()),
        late: milestone.reached_on.is_none() && milestone.due_on.is_some_and(|due| due < today),
        form: may.then(|| milestone_form(t, &format!("milestone-{id}"), &values)),
        said: plan_talk::said(t, view, Some(id)),
        say: plan_talk::say(t, view, Some(id)),
        raw: id,
        reached_field: ui::Field::new("reached_on", t.get(key!("plan-reached")))
            .id(format!("reached-{id}"))
            .value(today.to_string())
            .required(),
    }
}

fn milestone_fields(milestone: &Milestone) -> Vec<(String, String)> {
    let mut fields = vec![
        ("title".to_owned(), milestone.title.to_string()),
        ("side".to_owned(), words::data_name(milestone.side)),
    ];
    fields.extend(milestone.owner.iter().map(|owner| ("owner".to_owned(), owner.to_string())));
    fields.extend(milestone.due_on.iter().map(|due| ("due_on".to_owned(), due.to_string())));
    fields.extend(milestone.reached_on.iter().map(|on| ("reached_on".to_owned(), on.to_string())));
    fields
}

fn milestone_form(t: &Text, prefix: &str, values: &Posted) -> Vec<Control> {
    let draft = Draft { t, values, wrong: None, prefix };
    let side = draft.select("side", key!("plan-side"), |chosen| words::choices::<Side>(t, chosen));
    let side = match side {
        Control::Select(field, choices) => Control::Select(field.required(), choices),
        other => other,
    };
    let mut form = vec![
        Control::Line(draft.named("title", key!("plan-milestone")).required(), "text"),
        Control::Pair(vec![side, draft.line("owner", key!("plan-owner"))]),
    ];
    let mut dates = vec![draft.date("due_on", key!("plan-due"))];
    if values.get("reached_on").is_some() {
        dates.push(draft.date("reached_on", key!("plan-reached")));
    }
    form.push(Control::Pair(dates));
    form
}

fn prerequisite_view(
    t: &Text,
    view: &HandoffView,
    one: &throughline_domain::playbook::asks::Choice,
    may: bool,
) -> PrerequisiteView {
    let handoff = &view.loaded.handoff;
    let held = handoff.plan.as_ref().and_then(|plan| plan.prerequisites.get(&one.id));
    let form = may.then(|| {
        let mut fields = Vec::new();
        if let Some(held) = held {
            answers::put_evidence(
                &mut |name: &str, value: String| fields.push((name.to_owned(), value)),
                &held.evidence,
            );
        }
        let values = Posted::filled(fields);
        let prefix = format!("prerequisite-{}", one.id);
        let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
        (format!("/handoffs/{}/plan/prerequisites/{}", handoff.id, one.id), items::evidence(&draft))
    });
    PrerequisiteView {
        id: format!("prerequisite-{}", one.id),
        label: one.label.clone(),
        said: held.map(|held| {
            let name = who(t, view, held.by);
            t.with(key!("plan-committed"), (("name", name), ("time", t.moment(held.at)))).into()
        }),
        evidence: held.and_then(|held| answers::evidence(t, &held.evidence, None)),
        form,
    }
}

fn confirm_form(t: &Text, view: &HandoffView) -> Vec<Control> {
    let values = Posted { action: String::new(), fields: vec![("at".to_owned(), local_input(t, view.now))] };
    let draft = Draft { t, values: &values, wrong: None, prefix: "confirm" };
    let mut form = vec![
        Control::Radios(draft.named("form", key!("plan-how")).required(), words::choices::<PlanForm>(t, &[])),
        Control::Line(draft.named("at", key!("plan-when")).required(), "datetime-local"),
    ];
    form.extend(items::evidence(&draft));
    form
}

fn back(id: HandoffId, anchor: &str) -> String {
    format!("/handoffs/{id}/plan#{anchor}")
}

async fn open(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::OpenPlan {}));
    Ok(act(&visit, id, command, &posted, &back(id, "plan"), key!("plan-opened-flash")).await)
}

/// A milestone as its form holds it.
fn read(posted: &Posted) -> Result<Milestone, AppError> {
    Ok(Milestone {
        title: posted.text("title")?,
        side: posted.one_of("side")?,
        owner: posted.opt_text("owner")?,
        due_on: posted.opt_date("due_on")?,
        reached_on: posted.opt_date("reached_on")?,
    })
}

async fn add(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::SetMilestone { id: None, milestone: read(&posted)? }));
    Ok(act(&visit, id, command, &posted, &back(id, "milestones"), key!("plan-saved-flash")).await)
}

async fn change(visit: Visit, In((id, milestone)): In<(HandoffId, MilestoneId)>, posted: Posted) -> Answer {
    let back = back(id, &format!("milestone-{milestone}"));
    let command = taken(|| Ok(command::SetMilestone { id: Some(milestone), milestone: read(&posted)? }));
    Ok(act(&visit, id, command, &posted, &back, key!("plan-saved-flash")).await)
}

async fn remove(visit: Visit, In((id, milestone)): In<(HandoffId, MilestoneId)>, posted: Posted) -> Answer {
    let command =
        taken(|| Ok(command::RemoveMilestone { id: milestone, reason: posted.opt_text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "milestones"), key!("plan-removed-flash")).await)
}

/// Only the date is new: everything else stays as it is now.
async fn reached(visit: Visit, In((id, milestone)): In<(HandoffId, MilestoneId)>, posted: Posted) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let held = view.loaded.handoff.plan.as_ref().and_then(|plan| plan.milestones.get(&milestone)).cloned();
    let command = taken(|| {
        let held = held.ok_or(AppError::NotFound("milestone"))?;
        let milestone_now = Milestone { reached_on: Some(posted.date("reached_on")?), ..held };
        Ok(command::SetMilestone { id: Some(milestone), milestone: milestone_now })
    });
    let back = back(id, &format!("milestone-{milestone}"));
    Ok(act(&visit, id, command, &posted, &back, key!("plan-reached-flash")).await)
}

async fn commit(visit: Visit, In((id, prerequisite)): In<(HandoffId, Key)>, posted: Posted) -> Answer {
    let back = back(id, &format!("prerequisite-{prerequisite}"));
    let command = taken(|| Ok(command::CommitPrerequisite { prerequisite, evidence: posted.evidence()? }));
    Ok(act(&visit, id, command, &posted, &back, key!("plan-saved-flash")).await)
}

async fn confirm(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| {
        let (form, at) = (posted.one_of("form")?, posted.moment("at", &visit.t)?);
        Ok(command::ConfirmPlan { form, at, evidence: posted.evidence()? })
    });
    Ok(act(&visit, id, command, &posted, &back(id, "plan"), key!("plan-confirmed-flash")).await)
}
