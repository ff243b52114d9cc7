//! `POST /api/v1/handoffs/{id}/{verb}`: every command, each with its own body.
//!
//! One handler for all, because all differ only in what they say: the domain decides. `open` and `take-news` are not
//! here; they follow from deals.

use axum::{Extension, extract::State, http::HeaderMap, response::IntoResponse, routing::post};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use throughline_app::{AppError, Caller, HandleOptions, Handled, gates::GapAnswer};
use throughline_domain::{
    HandoffId,
    access::Action,
    gate::Gap,
    handoff::{Command, Refusal, command::*},
    playbook::Gate,
};
use throughline_http::{
    ApiCaller, Problem, Web,
    extract::{Body, Path},
};

use super::{HandoffPath, show, view::View};
use crate::{
    answer::{Answered, if_match},
    idempotency::{Again, Kept, Remember},
    spec::{Verb, Verbs},
};

const NOTES: &str = "Answers the handoff as it is now. `If-Match` is heeded, not required: what the process allows at \
this stage is decided on the newest state. Where the command asks a gate and the gate is shut, the answer is \
`gate-shut` with every gap, and the attempt is recorded.";

macro_rules! commands {
    ($verbs:expr; $($name:ident)*) => {$(
        $verbs.add(
            Verb::post(format!("/api/v1/handoffs/{{id}}/{}", $name::VERB), camel($name::VERB))
                .about("handoff commands", "")
                .notes(NOTES)
                .right_of($name::VERB)
                .parts::<HandoffPath>()
                .body::<$name>()
                .etag()
                .if_match()
                .answers::<View>(200)
                .refuses(&["out-of-turn", "not-yours", "gate-shut", "needs-reopening", "waiver-authority"]),
            post(run::<$name>),
        );
    )*};
}

pub(super) fn add(verbs: &mut Verbs) {
    commands! { verbs;
        Reroute SetSeat GiveAnswer Clear DeclareNone AddItem ChangeItem RemoveItem Reopen AcknowledgeAmendments
        DecidePromise CorrectPromise SettlePromise ConfirmCriterion
        Nominate Offer WithdrawOffer Accept SendBack AnswerReturn MarkCategory AskQuestion AnswerQuestion
        AttemptGate AskWaiver GrantWaiver DenyWaiver
        ReportStep ConfirmStep DisputeStep CorrectStep PlanMeeting CallOffMeeting TakeOver Reassign HandOver TakeOn Decline
        OpenPlan SetMilestone RemoveMilestone OwnMilestone CompleteMilestone AnswerProposal CommentPlan CommitPrerequisite
        ConfirmKickoff ConfirmPlan Rate NoteSign TakeBackSign Finish
    }
}

fn camel(verb: &str) -> String {
    let mut id = String::with_capacity(verb.len());
    for (place, part) in verb.split('-').enumerate() {
        let mut letters = part.chars();
        match letters.next() {
            Some(first) if place > 0 => id.extend(first.to_uppercase()),
            Some(first) => id.push(first),
            None => {}
        }
        id.push_str(letters.as_str());
    }
    id
}

impl Verb {
    fn right_of(self, verb: &str) -> Self {
        Self { right: Action::of_verb(verb), ..self }
    }
}

async fn run<C>(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
    remember: Option<Extension<Remember>>,
    headers: HeaderMap,
    Body(command): Body<C>,
) -> Answered
where
    C: Into<Command> + DeserializeOwned + JsonSchema,
{
    handle(
        &web,
        &caller,
        id,
        command.into(),
        remember.map(|Extension(remember)| remember),
        if_match(&headers)?,
    )
    .await
}

async fn handle(
    web: &Web,
    caller: &Caller,
    id: HandoffId,
    command: Command,
    remember: Option<Remember>,
    if_version: Option<u64>,
) -> Answered {
    let mut again = false;
    let handled = match &remember {
        Some(Remember { before: Some(row), .. }) => web.app.handled_before(caller, id, row).await?,
        _ => {
            let idempotency =
                remember.as_ref().map(|remember| (remember.key.clone(), remember.request.clone()));
            let options = HandleOptions { if_version, idempotency, ..HandleOptions::default() };
            match web.app.handle(caller, id, command, options).await {
                Err(AppError::KeyReused) => {
                    again = true;
                    same_request(web, caller, id, remember.as_ref()).await?
                }
                other => other?,
            }
        }
    };
    let changed = handled.changed;
    let mut response = match handled.shut {
        None => show::after(web, caller, handled.loaded).await?,
        Some((gate, gaps)) => shut(web, caller, id, gate, gaps).await?,
    };
    if changed {
        response.extensions_mut().insert(Kept);
    }
    if again {
        response.extensions_mut().insert(Again);
    }
    Ok(response)
}

/// The key was taken in this very moment, here or on another node: by the same request, its answer is ours too.
async fn same_request(
    web: &Web,
    caller: &Caller,
    id: HandoffId,
    remember: Option<&Remember>,
) -> Result<Handled, AppError> {
    let remember = remember.ok_or(AppError::KeyReused)?;
    let kept = web.app.remembered(caller, &remember.key).await?;
    let row = kept.filter(|row| row.request == remember.request).ok_or(AppError::KeyReused)?;
    web.app.handled_before(caller, id, &row).await
}

/// The gate is shut: every gap as a gate check tells it, with its owner and where to close it.
async fn shut(web: &Web, caller: &Caller, id: HandoffId, gate: Gate, gaps: Vec<Gap>) -> Answered {
    let mut told = Vec::with_capacity(gaps.len());
    for gap in gaps.clone() {
        let answer = web.app.gap_answer(caller, Some(id), gap).await?;
        told.push(json!(GapAnswer { url: web.url(&answer.url), ..answer }));
    }
    let problem = Problem::from(AppError::Refused(Refusal::GateShut { gate, gaps }));
    Ok(problem.with("gaps", Value::Array(told)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operation_ids_are_verbs_in_camel_case() {
        assert_eq!(camel("report-step"), "reportStep");
        assert_eq!(camel("accept"), "accept");
    }
}
