//! Addresses for operators: `/healthz`, `/readyz`, `/metrics`.
//!
//! `/metrics` answers a token or session that may [`Action::Audit`], and whoever asks from this machine directly:
//! over loopback, and not through a proxy, which would lend everybody its own address. Nothing personal is in it.

use axum::{
    Router,
    extract::{FromRequestParts, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use throughline_app::AppError;
use throughline_domain::{access::Action, playbook::Gate};

use crate::{
    ApiCaller, Problem, Web,
    limit::Peer,
    metrics::{head, sample},
};

/// The routes.
pub fn router(web: Web) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(web)
}

/// The process runs. Says nothing about the store: a restart would not mend that.
async fn healthz() -> &'static str {
    "ok\n"
}

/// Requests can be answered.
async fn readyz(State(web): State<Web>) -> Response {
    if web.is_leaving() {
        return Problem::new("unavailable", "the server is shutting down").into_response();
    }
    match web.app.store().ready().await {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(why) => Problem::from(AppError::from(why)).into_response(),
    }
}

async fn metrics(State(web): State<Web>, request: Request) -> Response {
    match allowed(&web, request).await {
        Ok(()) => {}
        Err(problem) => return problem.into_response(),
    }
    let mut text = web.shared.metrics.text();
    if let Err(why) = of_app(&web, &mut text).await {
        return Problem::from(why).into_response();
    }
    of_process(&mut text);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

async fn allowed(web: &Web, request: Request) -> Result<(), Problem> {
    let headers = request.headers();
    let direct = !headers.contains_key("x-forwarded-for") && !headers.contains_key(header::FORWARDED);
    let here =
        request.extensions().get::<Peer>().is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    if here && direct && !headers.contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    let (mut parts, _) = request.into_parts();
    let ApiCaller(caller) = ApiCaller::from_request_parts(&mut parts, web).await?;
    Ok(caller.may(Action::Audit)?)
}

/// The most intents counted for one organisation: a number at this bound reads "at least".
const MOST_WAITING: u32 = 1_000;

async fn of_app(web: &Web, out: &mut String) -> Result<(), AppError> {
    let meter = web.app.meter();
    head(out, "throughline_commits_total", "counter", "Units of work stored.");
    sample(out, "throughline_commits_total", "", meter.commits());
    head(out, "throughline_facts_total", "counter", "Facts recorded.");
    sample(out, "throughline_facts_total", "", meter.facts());
    head(out, "throughline_gate_checks_total", "counter", "Gate checks judged, by gate and verdict.");
    for gate in Gate::ALL {
        for (verdict, count) in meter.verdicts(gate) {
            let labels = format!("gate=\"{}\",verdict=\"{}\"", gate.name(), verdict.name());
            sample(out, "throughline_gate_checks_total", &labels, count);
        }
    }
    let mut waiting = 0;
    for org in web.app.store().orgs().await? {
        waiting += web.app.store().outbox(org.id, MOST_WAITING).await?.len();
    }
    head(out, "throughline_outbox_waiting", "gauge", "Messages waiting to be made.");
    sample(out, "throughline_outbox_waiting", "", waiting);
    Ok(())
}

/// What the system tells about this process; left out where it tells nothing.
fn of_process(out: &mut String) {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return };
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    if let Some(kilobytes) = kilobytes {
        head(out, "process_resident_memory_bytes", "gauge", "Memory held.");
        sample(out, "process_resident_memory_bytes", "", kilobytes * 1024);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        head(out, "process_open_fds", "gauge", "Files and sockets open.");
        sample(out, "process_open_fds", "", files.count());
    }
}
