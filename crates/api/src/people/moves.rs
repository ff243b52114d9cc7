//! Sharing out what somebody holds: looked at first, then done in stretches, row by row (R0.7).

use std::collections::{BTreeMap, BTreeSet};

use axum::{extract::State, routing::post};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::people::moving::{Job, Moved, Moving, PlannedMove, Share};
use throughline_domain::{HandoffId, PersonId, Role, access::Action};
use throughline_http::{
    ApiCaller, Problem, Web,
    extract::{Body, Path},
};

use super::PersonPath;
use crate::{
    answer::{Answered, json},
    page,
    spec::{Verb, Verbs},
};

/// Handoffs moved by one call when nothing is said.
const USUAL: u32 = 100;

/// How handoffs are shared out.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ShareBody {
    /// One after the other.
    #[default]
    InTurn,
    /// Always to who has the fewest live handoffs by then.
    LeastLoad,
}

/// What is to move, to whom.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MovesBody {
    /// Among whom it is shared out.
    #[serde(default)]
    #[schemars(length(max = 50))]
    to: Vec<PersonId>,
    /// How.
    #[serde(default)]
    share: ShareBody,
    /// Who gets which handoff, whatever the rule says: by handoff.
    #[serde(default)]
    chosen: BTreeMap<HandoffId, PersonId>,
    /// Only jobs of these roles; all when empty.
    #[serde(default)]
    roles: BTreeSet<Role>,
    /// Only deals of these segments; all when empty.
    #[serde(default)]
    segments: BTreeSet<String>,
    /// Only handoffs at these stages (`preparing`, `offered`, `assigned`, `owned`); all when empty.
    #[serde(default)]
    stages: BTreeSet<String>,
    /// Why.
    #[schemars(length(min = 1, max = 8000))]
    reason: String,
    /// Only tell what would move.
    #[serde(default)]
    dry_run: bool,
    /// How many handoffs to move at most; 100 when left out. Ask again while `left` is not 0.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
}

/// What somebody is on a handoff.
#[derive(Debug, Serialize, JsonSchema)]
struct JobView {
    /// As what.
    job: JobKind,
    /// In which role.
    role: Role,
}

/// As what somebody has a part.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum JobKind {
    /// Accountable in a role.
    Accountable,
    /// Works along in a role.
    Contributor,
    /// Is to receive the account.
    Nominated,
    /// Is the CSM: who follows is named, and has to accept.
    Csm,
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        let kind = match job {
            Job::Accountable(_) => JobKind::Accountable,
            Job::Contributor(_) => JobKind::Contributor,
            Job::Nominated => JobKind::Nominated,
            Job::Csm => JobKind::Csm,
        };
        Self { job: kind, role: job.role() }
    }
}

/// One handoff of a plan.
#[derive(Debug, Serialize, JsonSchema)]
struct MoveView {
    /// Which.
    handoff: HandoffId,
    /// The customer.
    account: String,
    /// The deal.
    deal: String,
    /// How far it is.
    stage: String,
    /// What would go over.
    jobs: Vec<JobView>,
    /// To whom.
    to: Option<PersonId>,
    /// Why it cannot move, or did not.
    refused: Option<String>,
    /// Whether it moved.
    done: bool,
}

impl MoveView {
    fn of(planned: PlannedMove, done: bool, failed: Option<String>) -> Self {
        Self {
            handoff: planned.row.id,
            account: planned.row.account,
            deal: planned.row.deal_name,
            stage: planned.row.stage,
            jobs: planned.jobs.into_iter().map(JobView::from).collect(),
            to: planned.to,
            refused: failed.or(planned.refused),
            done,
        }
    }
}

/// What moved, or would.
#[derive(Debug, Serialize, JsonSchema)]
struct Moves {
    /// Handoff by handoff.
    rows: Vec<MoveView>,
    /// How many more can move: ask again.
    left: usize,
    /// Nothing was changed: it was only asked.
    dry_run: bool,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/people/{id}/moves", "moveHandoffs")
            .about("people", "Share out what somebody holds, to one or several people, handoff by handoff.")
            .notes(
                "With `dry_run` nothing changes. What one handoff refuses keeps no other back. An accepted account \
                 goes over once who is named to follow has accepted.",
            )
            .right(Action::ManagePeople)
            .parts::<PersonPath>()
            .body::<MovesBody>()
            .answers::<Moves>(200),
        post(moves),
    );
}

async fn moves(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
    Body(body): Body<MovesBody>,
) -> Answered {
    let most = page::limit(Some(body.limit.unwrap_or(USUAL)))?;
    if body.reason.trim().is_empty() {
        return Err(Problem::new("invalid", "reason: must not be blank").with("field", "reason".into()));
    }
    let share = match body.share {
        ShareBody::InTurn => Share::InTurn,
        ShareBody::LeastLoad => Share::LeastLoad,
    };
    let moving = Moving {
        to: body.to,
        share,
        chosen: body.chosen,
        roles: body.roles,
        segments: body.segments,
        stages: body.stages,
    };
    if body.dry_run {
        let plan = web.app.plan_moves(&caller, id, &moving).await?;
        let rows = plan.into_iter().map(|planned| MoveView::of(planned, false, None)).collect();
        return json(Moves { rows, left: 0, dry_run: true });
    }
    let stretch = web.app.move_some(&caller, id, &moving, &body.reason, most as usize).await?;
    let rows =
        stretch.rows.into_iter().map(|Moved { planned, done, failed }| MoveView::of(planned, done, failed));
    json(Moves { rows: rows.collect(), left: stretch.left, dry_run: false })
}
