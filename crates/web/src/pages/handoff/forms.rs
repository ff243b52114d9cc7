//! The form a refused post came from, found again by the address it was posted to: the same controls with the same
//! words and choices, made by the view that shows them. Absent on purpose: entries of the record, whose forms have
//! pages of their own.

use throughline_app::{AppError, read::HandoffView};
use throughline_domain::{Role, playbook::Gate};

use super::{
    asks,
    brief::call_sheet,
    gates::ways,
    meetings, offer, people, plan, promises, review,
    steps::{self, people_choices},
    waivers::ask_for,
    workload::csm_choices,
};
use crate::{
    form::Posted,
    i18n::Key,
    key,
    ui::{Choice, Control, Draft},
    visit::Visit,
};

/// Where a form is posted to, and its controls.
pub type Form = (String, Vec<Control>);

/// The controls of the form that was posted, as they were filled; none where this handoff has no such form.
pub async fn behind(
    visit: &Visit,
    view: &HandoffView,
    posted: &Posted,
    wrong: Option<(&str, &str)>,
) -> Result<Option<Vec<Control>>, AppError> {
    let path = posted.action.split('?').next().unwrap_or_default();
    let shown = [
        asks::forms(visit, view),
        review::forms(visit, view),
        promises::forms(visit, view),
        plan::forms(visit, view),
        steps::forms(visit, view),
        meetings::forms(&visit.t, view),
        call_sheet::forms(visit, view),
    ];
    if let Some((_, controls)) = shown.into_iter().flatten().find(|(action, _)| action == path) {
        return Ok(Some(controls.into_iter().map(|control| control.typed(posted, wrong)).collect()));
    }
    let base = format!("/handoffs/{}/", view.loaded.handoff.id);
    let parts: Vec<&str> = path.strip_prefix(&base).map_or_else(Vec::new, |rest| rest.split('/').collect());
    small(visit, view, posted, wrong, &parts).await
}

/// Forms of one or two fields.
async fn small(
    visit: &Visit,
    view: &HandoffView,
    posted: &Posted,
    wrong: Option<(&str, &str)>,
    parts: &[&str],
) -> Result<Option<Vec<Control>>, AppError> {
    let t = &visit.t;
    let draft = Draft { t, values: posted, wrong, prefix: "mend" };
    let select = |name: &str, label: Key, choices: Vec<Choice>| {
        Control::Select(draft.named(name, label).required(), choices).typed(posted, wrong)
    };
    Ok(Some(match parts {
        ["offer" | "nominate"] => vec![select("csm", key!("review-csm"), csm_choices(visit, view).await?)],
        ["withdraw-offer"] => vec![draft.line("reason", key!("review-withdraw-reason"))],
        ["return"] => vec![
            select("code", key!("review-return-code"), offer::codes(view)),
            draft.area("reason", key!("review-return-reason")),
        ],
        ["answer-return"] => vec![draft.area("text", key!("review-answer"))],
        ["reassign"] => vec![
            select("to", key!("review-csm"), csm_choices(visit, view).await?),
            draft.line("reason", key!("steps-reason")),
        ],
        ["hand-over"] => vec![
            select("to", key!("hpeople-to"), people::ae_choices(visit).await?),
            draft.line("reason", key!("steps-reason")),
        ],
        ["decline"] => vec![draft.line("reason", key!("steps-reason"))],
        ["contributors", "add"] => vec![
            select("role", key!("steps-seat-role"), steps::seat_choices(t)),
            people::anybody(visit, draft.named("person", key!("hpeople-whom")).required())
                .await?
                .typed(posted, wrong),
        ],
        ["reopen"] => vec![draft.line("reason", key!("record-reopen-reason"))],
        ["questions"] => vec![draft.area("text", key!("questions-text"))],
        ["questions", _] => vec![draft.area("text", key!("questions-answer"))],
        ["take-over"] => vec![
            select("by", key!("steps-take-over-by"), csm_choices(visit, view).await?),
            draft.line("reason", key!("steps-reason")),
        ],
        ["seats"] => vec![
            select("role", key!("steps-seat-role"), steps::seat_choices(t)),
            select(
                "person",
                key!("steps-seat-person"),
                people_choices(visit, posted.one_of("role").unwrap_or(Role::Ae), None).await?,
            ),
            draft.line("reason", key!("steps-reason")),
        ],
        ["signs"] => vec![draft.line("note", key!("signs-note"))],
        ["signs", _, "take-back"] => vec![draft.line("reason", key!("signs-why"))],
        ["steps", _, _, "dispute"] => vec![draft.line("reason", key!("steps-dispute-reason"))],
        ["route"] => vec![
            select("route", key!("gates-reroute-way"), ways(visit).await?),
            draft.line("reason", key!("gates-reroute-reason")),
        ],
        ["gates", gate, "waivers"] => {
            let gate = Gate::ALL.into_iter().find(|one| one.name() == *gate);
            let answer = gate.and_then(|gate| view.gate(gate));
            let form =
                answer.and_then(|answer| ask_for(t, view.loaded.handoff.id, answer.gate, &answer.gaps));
            let gaps = form.map_or_else(Vec::new, |form| [form.open, form.lost].concat());
            vec![
                Control::Checks(draft.named("covers", key!("gates-ask-covers")), gaps).typed(posted, wrong),
                draft.area("reason", key!("gates-ask-reason")),
            ]
        }
        ["waivers", _, "grant"] => {
            vec![Control::Line(draft.named("expires_at", key!("gates-expires")), "datetime-local")]
        }
        ["waivers", _, "deny"] => vec![draft.line("reason", key!("gates-deny-reason"))],
        ["answers", _, "none"] => vec![draft.line("note", key!("record-none-note"))],
        ["items", _, "also", _] => Vec::new(),
        ["items", _, "remove"] => vec![draft.line("reason", key!("item-reason"))],
        ["plan", "proposals", _] => vec![draft.area("reason", key!("plan-proposal-reason"))],
        ["plan", "comments"] => vec![draft.area("text", key!("plan-say"))],
        ["plan", "milestones", _, "reached"] => vec![draft.date("reached_on", key!("plan-reached"))],
        _ => return Ok(None),
    }))
}
