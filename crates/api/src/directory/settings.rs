//! The organisation's settings.

use axum::{extract::State, http::HeaderMap, routing::get};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::orgs::Settings;
use throughline_domain::{OrgId, PersonId, access::Action, calendar::Calendar, gate::Mode};
use throughline_http::{ApiCaller, Web, extract::Body};
use throughline_store::Org;

use crate::{
    answer::{Answered, json, must_match, versioned},
    spec::{Verb, Verbs},
};

/// How the organisation is set.
#[derive(Debug, Serialize, JsonSchema)]
struct SettingsView {
    /// Which organisation.
    id: OrgId,
    /// Its name in addresses.
    slug: String,
    /// Its name.
    name: String,
    /// How far gates enforce.
    mode: Mode,
    /// Its calendar.
    calendar: Calendar,
    /// What closed before is history.
    go_live_on: Option<Date>,
    /// The playbook new handoffs start with.
    playbook: String,
    /// Who owns the process.
    process_owner: Option<PersonId>,
}

impl From<Org> for SettingsView {
    fn from(org: Org) -> Self {
        Self {
            id: org.id,
            slug: org.slug,
            name: org.name,
            mode: org.mode,
            calendar: org.calendar,
            go_live_on: org.go_live_on,
            playbook: org.playbook,
            process_owner: org.process_owner,
        }
    }
}

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SettingsBody {
    /// The name.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    name: Option<String>,
    /// How far gates enforce.
    #[serde(default)]
    mode: Option<Mode>,
    /// The calendar.
    #[serde(default)]
    calendar: Option<Calendar>,
    /// What closed before is history.
    #[serde(default)]
    go_live_on: Option<Date>,
    /// The playbook new handoffs start with, by name.
    #[serde(default)]
    #[schemars(length(min = 1, max = 64))]
    playbook: Option<String>,
    /// Who owns the process.
    #[serde(default)]
    process_owner: Option<PersonId>,
}

pub(super) fn add(verbs: &mut Verbs) {
    let path = "/api/v1/settings";
    verbs.add(
        Verb::get(path, "getSettings")
            .about("settings", "How the organisation is set: mode, calendar, go-live date, playbook.")
            .etag()
            .answers::<SettingsView>(200),
        get(show).patch(change),
    );
    verbs.list.push(
        Verb::patch(path, "changeSettings")
            .about("settings", "Change settings of the version that was read; what is left out stays.")
            .right(Action::ManageSettings)
            .must_match()
            .etag()
            .body::<SettingsBody>()
            .answers::<SettingsView>(200)
            .refuses(&["not-found"]),
    );
}

async fn show(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    answer(web.app.organisation(caller.org).await?)
}

async fn change(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    headers: HeaderMap,
    Body(body): Body<SettingsBody>,
) -> Answered {
    // Who may not change it is told that, not what their request lacks.
    caller.may(Action::ManageSettings)?;
    let settings = Settings {
        if_version: must_match(&headers)?,
        name: body.name,
        mode: body.mode,
        calendar: body.calendar,
        go_live_on: body.go_live_on,
        playbook: body.playbook,
        process_owner: body.process_owner,
    };
    answer(web.app.change_settings(&caller, settings).await?)
}

fn answer(org: Org) -> Answered {
    let version = org.version;
    Ok(versioned(json(SettingsView::from(org))?, version))
}
