//! What a shut gate answers: every gap with who owes it and where to fill it, a waiver where one can help, and the
//! request itself, ready to be sent again.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use throughline_app::{gates::GapAnswer, handle::Loaded};
use throughline_domain::{access::Action, gate::Gap, playbook::Gate};

use super::frame::{Frame, View, gap};
use crate::{
    answer::{failed, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    key,
    pages::words,
    ui::{self, GateMark},
    visit::Visit,
};

#[derive(Template)]
#[template(path = "pages/handoff/shut.html")]
struct ShutPage {
    chrome: Chrome,
    f: Frame,
    name: String,
    text: String,
    gaps: Vec<ui::Gap>,
    waiver: Option<super::waivers::AskFor>,
    action: String,
    back: String,
    fields: Vec<(String, String)>,
}

/// The page of a refused request.
pub async fn page(
    visit: &Visit,
    loaded: &Loaded,
    gate: Gate,
    gaps: Vec<Gap>,
    posted: &Posted,
    back: &str,
) -> Response {
    let app = &visit.web.app;
    let id = loaded.handoff.id;
    let view = match app.view_of(&visit.caller, loaded.clone()).await {
        Ok(view) => view,
        Err(why) => return failed(&why.into()),
    };
    let mut dressed: Vec<GapAnswer> = Vec::with_capacity(gaps.len());
    for one in gaps {
        match app.gap_answer(&visit.caller, Some(id), one).await {
            Ok(answer) => dressed.push(answer),
            Err(why) => return failed(&why.into()),
        }
    }
    let t = &visit.t;
    let name = words::word(t, gate);
    let may_ask = view.rights.contains(&Action::AskWaiver);
    let page = ShutPage {
        chrome: visit.chrome(Some(Place::Deals)),
        text: t.with(key!("shut-text"), (("gate", name.as_str()), ("n", dressed.len()))).into(),
        gaps: dressed.iter().map(|one| gap(t, one)).collect(),
        waiver: may_ask.then(|| super::waivers::ask_for(t, id, gate, &dressed)).flatten(),
        action: posted.action.clone(),
        back: back.to_owned(),
        fields: posted.fields.iter().filter(|(name, _)| name != "version").cloned().collect(),
        f: Frame::new(visit, &view, View::Gates),
        name,
    };
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// How a gate that shut looks.
pub const SHUT: GateMark = GateMark::Refused;
