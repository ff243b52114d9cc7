//! Inviting many at once: lines as they are pasted, each told what came of it.

use axum::{extract::State, routing::post};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::people::pasted::{Became, Fault, PastedLine};
use throughline_domain::access::Action;
use throughline_http::{ApiCaller, Web, extract::Body};

use super::{PersonView, invite::secret};
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// People to invite.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LinesBody {
    /// A line for each, at most 200: name, mail address, roles parted by `/`, and perhaps a team; parted by tabs, semicolons
    /// or commas. Blank lines and such as begin with `#` are passed over.
    #[schemars(length(min = 1, max = 65_536))]
    lines: String,
    /// Whether to say only what would come of each line.
    #[serde(default)]
    dry_run: bool,
}

/// What came of a line.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "became", rename_all = "snake_case")]
enum Outcome {
    /// Invited.
    Invited {
        /// Who.
        person: Box<PersonView>,
        /// Where they set their password, once, within three days. Shown only here; null: it was only asked.
        link: Option<String>,
    },
    /// Here already; nothing was changed.
    Here {
        /// Who.
        person: Box<PersonView>,
    },
    /// Not invited.
    Faulty {
        /// What is wrong, by name: parts, part, role, twice or left.
        fault: &'static str,
        /// In a sentence.
        detail: String,
    },
}

/// A line.
#[derive(Debug, Serialize, JsonSchema)]
struct LineView {
    /// Its number, from 1.
    line: usize,
    /// What came of it.
    #[serde(flatten)]
    outcome: Outcome,
}

/// What came of all.
#[derive(Debug, Serialize, JsonSchema)]
struct LinesView {
    /// Every line that says something, in order.
    lines: Vec<LineView>,
    /// How many are invited, or would be.
    invited: usize,
    /// How many are not.
    faulty: usize,
    /// Nothing was changed: it was only asked.
    dry_run: bool,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/people/invitations", "invitePeople")
            .about("people", "Invite many at once. A line with a fault keeps nobody else waiting.")
            .right(Action::ManagePeople)
            .body::<LinesBody>()
            .answers::<LinesView>(200),
        post(invite),
    );
}

async fn invite(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Body(body): Body<LinesBody>,
) -> Answered {
    let lines = web.app.invite_pasted(&caller, &body.lines, body.dry_run).await?;
    let lines: Vec<LineView> = lines.into_iter().map(|line| view(&web, line)).collect();
    let count = |is: fn(&Outcome) -> bool| lines.iter().filter(|line| is(&line.outcome)).count();
    Ok(secret(json(LinesView {
        invited: count(|outcome| matches!(outcome, Outcome::Invited { .. })),
        faulty: count(|outcome| matches!(outcome, Outcome::Faulty { .. })),
        dry_run: body.dry_run,
        lines,
    })?))
}

fn view(web: &Web, line: PastedLine) -> LineView {
    let outcome = match line.became {
        Became::Invited { person, path } => {
            Outcome::Invited { person: Box::new((*person).into()), link: path.map(|path| web.url(&path)) }
        }
        Became::Here(person) => Outcome::Here { person: Box::new((*person).into()) },
        Became::Faulty(fault) => Outcome::Faulty { fault: name(&fault), detail: detail(&fault) },
    };
    LineView { line: line.number, outcome }
}

fn name(fault: &Fault) -> &'static str {
    match fault {
        Fault::Parts => "parts",
        Fault::Part { .. } => "part",
        Fault::Role { .. } => "role",
        Fault::Twice { .. } => "twice",
        Fault::Left => "left",
    }
}

fn detail(fault: &Fault) -> String {
    match fault {
        Fault::Parts => "a line has a name, a mail address and a role, and perhaps a team".to_owned(),
        Fault::Part { field, reason } => format!("{field} {reason}"),
        Fault::Role { name } if name.is_empty() => "the role is missing".to_owned(),
        Fault::Role { name } => format!("there is no role `{name}`"),
        Fault::Twice { line } => format!("line {line} has the same address"),
        Fault::Left => "somebody of this address left; invite them again by themselves".to_owned(),
    }
}
