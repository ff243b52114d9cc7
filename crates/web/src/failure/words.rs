//! What exactly went wrong, in the reader's words: made from the cause where there is one, never from what programs
//! are told.

use throughline_app::AppError;
use throughline_domain::handoff::Refusal;
use throughline_http::Problem;

use super::{kind, reason};
use crate::{
    chrome::role_key,
    i18n::Text,
    key,
    pages::{settings::token_words::action_key, words::Named},
};

/// What a problem says beyond its title and its advice; empty where these say it all.
pub fn told(t: &Text, problem: &Problem) -> String {
    let Some(cause) = problem.cause.as_deref() else { return told_without(t, problem) };
    match cause {
        AppError::Refused(why) => refusal(t, why),
        AppError::Forbidden(action) => {
            t.with(key!("failed-forbidden"), ("what", t.get(action_key(*action)))).into_owned()
        }
        AppError::Invalid { reason: why, .. } | AppError::Conflict(why) => capital(&reason(t, why)),
        AppError::TooMany { seconds } => wait(t, *seconds),
        AppError::Broken(_) => match problem.more.get("instance").and_then(|mark| mark.as_str()) {
            Some(mark) => t.with(key!("failed-instance"), ("mark", mark)).into_owned(),
            None => String::new(),
        },
        AppError::NotFound("uploaded file") => t.get(key!("failed-no-upload")).into_owned(),
        AppError::NotSignedIn
        | AppError::NotFound(_)
        | AppError::Stale { .. }
        | AppError::KeyReused
        | AppError::Unavailable(_) => String::new(),
    }
}

/// The same in one sentence, where no title stands above it.
pub fn sentence(t: &Text, problem: &Problem) -> String {
    let told = told(t, problem);
    if told.is_empty() { t.get(kind(problem.kind).title).into_owned() } else { told }
}

/// Of a problem that came about outside the application. What tells a person where to look is passed on as it is.
fn told_without(t: &Text, problem: &Problem) -> String {
    match problem.kind {
        "too-many" => problem.retry_after.map(|seconds| wait(t, seconds)).unwrap_or_default(),
        "bad-request" | "invalid" | "conflict" => capital(&problem.detail),
        _ => String::new(),
    }
}

fn wait(t: &Text, seconds: u64) -> String {
    if seconds < 120 {
        t.with(key!("failed-wait"), ("n", seconds.max(1))).into_owned()
    } else {
        t.with(key!("failed-wait-minutes"), ("n", seconds.div_ceil(60))).into_owned()
    }
}

/// Why a command was refused.
pub fn refusal(t: &Text, why: &Refusal) -> String {
    match why {
        Refusal::GateShut { gate, gaps } => {
            let gate = t.get(gate.key());
            t.with(key!("failed-gate-shut"), (("gate", gate), ("n", gaps.len()))).into_owned()
        }
        Refusal::OutOfTurn { because, .. } => capital(&reason(t, because)),
        Refusal::NotYours(why) => capital(&reason(t, why)),
        Refusal::Unknown { name, .. } => t.with(key!("failed-unknown"), ("name", name.as_str())).into_owned(),
        Refusal::Invalid { reason: why, .. } => capital(&reason(t, why)),
        Refusal::NeedsReopening(ask) => {
            t.with(key!("failed-needs-reopening"), ("ask", ask.as_str())).into_owned()
        }
        Refusal::NotWaivable(_) => t.get(key!("failed-not-waivable")).into_owned(),
        Refusal::WaiverAuthority { gate, roles } => {
            let roles: Vec<_> = roles.iter().map(|role| t.get(role_key(*role))).collect();
            let said = (("gate", t.get(gate.key())), ("roles", t.list(&roles)));
            t.with(key!("failed-waiver-authority"), said).into_owned()
        }
    }
}

/// With a capital at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
