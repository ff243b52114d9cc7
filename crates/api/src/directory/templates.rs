//! The words of every message: shipped, and a company's own in their place.

use axum::{
    extract::State,
    http::HeaderMap,
    routing::{get, post},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::{
    AppError, Caller,
    templates::{OwnTemplate, SaveError},
};
use throughline_domain::{Actor, access::Action};
use throughline_http::{
    ApiCaller, Problem, Web,
    extract::{Body, Path},
};
use throughline_messages::{Checked, Kind, LONGEST_TEMPLATE, TemplateError, variables};

use crate::{
    answer::{Answered, if_match, json, versioned},
    spec::{Verb, Verbs},
};

/// Which template.
#[derive(Debug, Deserialize, JsonSchema)]
struct TemplatePath {
    /// Its kind of message, such as `offered`.
    #[schemars(length(min = 1, max = 64))]
    kind: String,
}

/// A template's text.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TemplateBody {
    /// `Subject: …` in the first line, a blank line, then the text.
    #[schemars(length(min = 1, max = LONGEST_TEMPLATE))]
    text: String,
}

/// How a template failed when it was needed; the shipped one stood in.
#[derive(Debug, Serialize, JsonSchema)]
struct FailureView {
    /// When, first.
    at: Timestamp,
    /// Where, and of what.
    reason: String,
}

/// A template in the list.
#[derive(Debug, Serialize, JsonSchema)]
struct TemplateView {
    /// Its kind of message.
    kind: &'static str,
    /// What such messages are for, roughly.
    group: &'static str,
    /// What it is for, in a sentence.
    purpose: &'static str,
    /// Whether the company says something of its own.
    changed: bool,
    /// Counts its changes: what `If-Match` takes, quoted.
    version: u64,
    /// When it was changed last, or went back to the shipped words.
    changed_at: Option<Timestamp>,
    /// By whom.
    changed_by: Option<Actor>,
    /// When it first failed as it reads now, and how.
    failed: Option<FailureView>,
}

/// A template with its words.
#[derive(Debug, Serialize, JsonSchema)]
struct TemplateWhole {
    /// What the list says of it.
    #[serde(flatten)]
    template: TemplateView,
    /// The text in use.
    text: String,
    /// The shipped text.
    shipped: &'static str,
    /// What it can name.
    variables: Vec<Variable>,
}

/// A value a template can name.
#[derive(Debug, Serialize, JsonSchema)]
struct Variable {
    /// Its name; of a list's elements as `brief.people[].name`.
    name: String,
    /// An example of it.
    example: String,
}

/// All templates.
#[derive(Debug, Serialize, JsonSchema)]
struct Templates {
    /// Each kind of message.
    rows: Vec<TemplateView>,
}

/// What a check made of a template.
#[derive(Debug, Serialize, JsonSchema)]
struct CheckView {
    /// Whether it could be saved.
    sound: bool,
    /// What is wrong first, when it could not.
    fault: Option<FaultView>,
    /// What it makes of each sample, when it could.
    samples: Vec<SampleView>,
}

/// What is wrong, and where.
#[derive(Debug, Serialize, JsonSchema)]
struct FaultView {
    /// Line, from 1.
    line: usize,
    /// Column in characters, from 1, where it is known.
    column: Option<usize>,
    /// What is wrong.
    reason: String,
    /// What to do about it.
    hint: Option<String>,
    /// The sample it failed on, when it can be read but not written.
    sample: Option<&'static str>,
}

/// What became of a sample.
#[derive(Debug, Serialize, JsonSchema)]
struct SampleView {
    /// Which: one has everything, one as little as can be.
    sample: &'static str,
    /// The subject.
    subject: String,
    /// The text.
    text: String,
}

impl From<OwnTemplate> for TemplateView {
    fn from(own: OwnTemplate) -> Self {
        Self {
            kind: own.kind.name(),
            group: own.kind.group().name(),
            purpose: own.kind.purpose(),
            changed: own.source.is_some(),
            version: own.version,
            changed_at: own.changed.map(|(at, _)| at),
            changed_by: own.changed.map(|(_, by)| by),
            failed: own.failed.map(|failed| FailureView { at: failed.at, reason: failed.reason }),
        }
    }
}

impl From<TemplateError> for FaultView {
    fn from(fault: TemplateError) -> Self {
        let TemplateError { line, column, reason, hint, sample } = fault;
        Self { line, column, reason, hint, sample }
    }
}

impl From<Checked> for SampleView {
    fn from(checked: Checked) -> Self {
        let Checked { sample, written } = checked;
        Self { sample, subject: written.subject.as_str().to_owned(), text: written.text }
    }
}

pub(super) fn add(verbs: &mut Verbs) {
    let (all, one) = ("/api/v1/templates", "/api/v1/templates/{kind}");
    verbs.add(
        Verb::get(all, "listTemplates")
            .about("templates", "The words of every message: which are the company's own, and which failed.")
            .right(Action::ManageSettings)
            .answers::<Templates>(200),
        get(list),
    );
    verbs.add(
        Verb::get(one, "getTemplate")
            .about("templates", "A template: its text, the shipped one, and what it can name.")
            .right(Action::ManageSettings)
            .parts::<TemplatePath>()
            .answers::<TemplateWhole>(200)
            .etag(),
        get(show).put(save).delete(restore),
    );
    verbs.list.push(
        Verb::put(one, "changeTemplate")
            .about("templates", "Say it in the company's own words, from the next message on.")
            .notes(
                "Every sample must come out: a faulty template is `invalid`, with the fault in `fault`. The shipped \
                 text is no change. `If-Match` is heeded, not required.",
            )
            .right(Action::ManageSettings)
            .parts::<TemplatePath>()
            .body::<TemplateBody>()
            .answers::<TemplateWhole>(200)
            .etag()
            .if_match(),
    );
    verbs.list.push(
        Verb::delete(one, "restoreTemplate")
            .about("templates", "Go back to the shipped words.")
            .right(Action::ManageSettings)
            .parts::<TemplatePath>()
            .answers::<TemplateWhole>(200)
            .etag()
            .if_match(),
    );
    verbs.add(
        Verb::post("/api/v1/templates/{kind}/checks", "checkTemplate")
            .about("templates", "Try a template on samples. Nothing is saved or sent.")
            .right(Action::ManageSettings)
            .parts::<TemplatePath>()
            .body::<TemplateBody>()
            .answers::<CheckView>(200),
        post(check),
    );
}

fn kind(caller: &Caller, path: &TemplatePath) -> Result<Kind, AppError> {
    caller.may(Action::ManageSettings)?;
    path.kind.parse().map_err(|_| AppError::NotFound("template"))
}

fn whole(own: OwnTemplate) -> Answered {
    let (version, kind, text) = (own.version, own.kind, own.text().to_owned());
    let named = variables(kind).into_iter().map(|(name, example)| Variable { name, example });
    let view =
        TemplateWhole { template: own.into(), text, shipped: kind.shipped(), variables: named.collect() };
    Ok(versioned(json(view)?, version))
}

fn refused(why: SaveError) -> Problem {
    match why {
        SaveError::App(why) => why.into(),
        SaveError::Faulty(fault) => {
            let detail = format!("text: {fault}");
            let fault = serde_json::to_value(FaultView::from(fault)).unwrap_or_default();
            Problem::new("invalid", detail).with("field", "text".into()).with("fault", fault)
        }
    }
}

async fn list(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    let rows = web.app.own_templates(&caller).await?.into_iter().map(TemplateView::from);
    json(Templates { rows: rows.collect() })
}

async fn show(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(path): Path<TemplatePath>,
) -> Answered {
    whole(web.app.own_template(&caller, kind(&caller, &path)?).await?)
}

async fn save(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(path): Path<TemplatePath>,
    headers: HeaderMap,
    Body(TemplateBody { text }): Body<TemplateBody>,
) -> Answered {
    let kind = kind(&caller, &path)?;
    whole(web.app.save_template(&caller, kind, Some(&text), if_match(&headers)?).await.map_err(refused)?)
}

async fn restore(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(path): Path<TemplatePath>,
    headers: HeaderMap,
) -> Answered {
    let kind = kind(&caller, &path)?;
    whole(web.app.save_template(&caller, kind, None, if_match(&headers)?).await.map_err(refused)?)
}

async fn check(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(path): Path<TemplatePath>,
    Body(TemplateBody { text }): Body<TemplateBody>,
) -> Answered {
    json(match web.app.check_template(&caller, kind(&caller, &path)?, &text)? {
        Ok(samples) => CheckView {
            sound: true,
            fault: None,
            samples: samples.into_iter().map(SampleView::from).collect(),
        },
        Err(fault) => CheckView { sound: false, fault: Some(fault.into()), samples: Vec::new() },
    })
}
