//! Settings: one's own, the organisation's, API tokens, and the audit log.

mod audit;
mod audit_words;
mod events;
mod incoming;
mod me;
mod organisation;
pub(super) mod organisation_form;
mod templates;
pub mod token_words;
mod tokens;
mod wishes;

use axum::{
    Router,
    routing::{get, post},
};
use throughline_domain::access::Action;
use throughline_http::Web;

use super::parts;
use crate::{key, ui::Tab, visit::Visit};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/settings", get(me::page))
        .route("/settings/zone", get(parts::above).post(me::zone))
        .route("/settings/sessions/end", post(me::end_session))
        .route("/settings/organisation", get(organisation::page).post(organisation::change))
        .route("/settings/organisation/calendar", get(parts::above).post(organisation::calendar))
        .route("/settings/organisation/calendar/country", get(parts::above).post(organisation::by_country))
        .route("/settings/organisation/calendar/file", get(parts::above).post(organisation::from_file))
        .route("/settings/notifications", get(wishes::page).post(wishes::set))
        .route("/settings/templates", get(templates::page))
        .route("/settings/templates/{kind}", get(templates::show).post(templates::save))
        .route("/settings/templates/{kind}/restore", get(parts::above).post(templates::restore))
        .route("/settings/tokens", get(tokens::page).post(tokens::make))
        .route("/settings/tokens/revoke", post(tokens::revoke))
        .route("/settings/events", get(events::page).post(events::add))
        .route("/settings/events/rotate", post(events::rotate))
        .route("/settings/events/secret", post(events::show))
        .route("/settings/events/remove", post(events::remove))
        .route("/settings/mail", get(incoming::page))
        .route("/settings/audit", get(audit::page))
        .route("/settings/audit/verify", get(audit::verify))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Me,
    Start,
    Notifications,
    Organisation,
    Templates,
    Tokens,
    Events,
    Incoming,
    Audit,
}

/// The parts this person may see.
fn tabs(visit: &Visit, here: Part) -> Vec<Tab> {
    let may = |action| visit.caller.may(action).is_ok();
    [
        (Part::Me, key!("settings-tab-me"), "/settings", true),
        (Part::Start, key!("start-tab"), crate::pages::start::START, may(Action::ManageSettings)),
        (Part::Notifications, key!("notifications-tab"), "/settings/notifications", true),
        (Part::Organisation, key!("settings-tab-organisation"), "/settings/organisation", true),
        (Part::Templates, key!("templates-tab"), "/settings/templates", may(Action::ManageSettings)),
        (Part::Tokens, key!("settings-tab-tokens"), "/settings/tokens", may(Action::ManageTokens)),
        (Part::Events, key!("events-tab"), "/settings/events", may(Action::ManageSettings)),
        (Part::Incoming, key!("incoming-tab"), "/settings/mail", may(Action::ReadMessages)),
        (Part::Audit, key!("settings-tab-audit"), "/settings/audit", may(Action::Audit)),
    ]
    .into_iter()
    .filter(|(.., shown)| *shown)
    .map(|(part, label, href, _)| Tab {
        label: visit.t.get(label).into_owned(),
        href: href.to_owned(),
        current: part == here,
        count: None,
    })
    .collect()
}
