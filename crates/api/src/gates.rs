//! The one call any system makes before it lets a deal through (R2.7, R0.13).

use axum::{extract::State, routing::post};
use schemars::JsonSchema;
use serde::Deserialize;
use throughline_app::gates::{GateAnswer, IntentTo, Subject};
use throughline_domain::{HandoffId, access::Action, deal::DealKey, playbook::Gate};
use throughline_http::{
    ApiCaller, Problem, Web,
    extract::{Body, Path},
};

use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// Which gate.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct GatePath {
    /// Which gate.
    pub gate: Gate,
}

/// Which deal is to pass, and whether it is about to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The deal in its CRM; this or `handoff_id`.
    #[serde(default)]
    pub deal: Option<DealKey>,
    /// The handoff; this or `deal`.
    #[serde(default)]
    pub handoff_id: Option<HandoffId>,
    /// `preview` writes nothing; `attempt` says that somebody is about to pass, and is recorded.
    pub intent: IntentTo,
}

/// The verbs of gates.
pub fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/gates/{gate}/checks", "checkGate")
            .about("gates", "Ask a gate whether a deal may pass.")
            .notes(
                "A judged check answers 200, whatever the verdict: `pass`, `refused`, `waived` or `not_required`. Block \
                 on `refused` only where `enforced` is true. Every gap says what is missing, why it is asked, who owes \
                 it and where to close it. A deal nobody has opened a record for is refused with one gap. An `attempt` \
                 takes the right `attempt_gate`.",
            )
            .right(Action::PreviewGate)
            .parts::<GatePath>()
            .body::<Check>()
            .answers::<GateAnswer>(200),
        post(check),
    );
}

async fn check(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(GatePath { gate }): Path<GatePath>,
    Body(check): Body<Check>,
) -> Answered {
    let subject = match (check.deal, check.handoff_id) {
        (Some(deal), None) => Subject::Deal { deal },
        (None, Some(handoff_id)) => Subject::Handoff { handoff_id },
        _ => {
            return Err(
                Problem::new("invalid", "give either deal or handoff_id").with("field", "deal".into())
            );
        }
    };
    let mut answer = web.app.check_gate(&caller, gate, &subject, check.intent).await?;
    absolute(&web, &mut answer);
    json(answer)
}

/// Makes paths whole addresses: the caller is another system.
pub fn absolute(web: &Web, answer: &mut GateAnswer) {
    answer.url = web.url(&answer.url);
    for gap in answer.gaps.iter_mut().chain(&mut answer.waived) {
        gap.url = web.url(&gap.url);
    }
}
