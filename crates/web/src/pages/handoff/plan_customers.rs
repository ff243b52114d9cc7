//! Who at the customer comes into the portal: let in, with or without the right to sign, and let in no more (R4.2).
//! Whoever is let in is mailed the way; the mail holds no secret, and a mistaken address opens nothing to anybody else.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use throughline_app::{
    AppError,
    portal::{NewPortalPerson, PortalPersonChange},
    read::HandoffView,
};
use throughline_domain::{HandoffId, PortalPersonId, access::Action};
use throughline_http::Web;
use throughline_store::PortalPerson;

use super::{
    In,
    frame::{Frame, View, who},
};
use crate::{
    answer::{Failed, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::parts::{self, Wrong},
    ui::{Field, Person, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/plan/customers", get(show).post(grant))
        .route("/handoffs/{id}/plan/customers/{person}", post(change))
        .route("/handoffs/{id}/plan/customers/{person}/revoke", post(revoke))
}

/// Somebody who was let in.
pub struct Row {
    id: String,
    base: String,
    person: Person,
    signs: bool,
    since: String,
    /// Since when they are let in no more.
    revoked: Option<String>,
    name: String,
    email: String,
}

#[derive(Template)]
#[template(path = "pages/handoff/plan_customers.html")]
struct CustomersPage {
    chrome: Chrome,
    f: Frame,
    rows: Vec<Row>,
    name: Field,
    email: Field,
    may_sign: Field,
    refused: Option<String>,
    /// This server mails, so that somebody can come in.
    mails: bool,
}

/// Who is in, as the plan names them; none where the reader does not work on the plan or nobody can be let in.
pub async fn shown(visit: &Visit, view: &HandoffView) -> Result<Option<Vec<Person>>, AppError> {
    let handoff = &view.loaded.handoff;
    if !view.rights.contains(&Action::Plan) || !handoff.life.takes_reports() || handoff.csm().is_none() {
        return Ok(None);
    }
    let people = visit.web.app.portal_people(&visit.caller, handoff.account).await?;
    let signs = visit.t.get(key!("plan-customers-signs"));
    let named = |one: PortalPerson| {
        let person = Person::named(one.name);
        if one.may_sign { person.as_a(signs.clone()) } else { person }
    };
    Ok(Some(people.into_iter().filter(|one| one.revoked_at.is_none()).map(named).collect()))
}

fn row(t: &Text, view: &HandoffView, one: PortalPerson) -> Row {
    let args = (("name", who(t, view, one.granted_by)), ("date", t.date(t.local_date(one.granted_at))));
    Row {
        id: format!("customer-{}", one.id),
        base: format!("/handoffs/{}/plan/customers/{}", view.loaded.handoff.id, one.id),
        person: Person::named(one.name.clone()).as_a(one.email.clone()),
        signs: one.may_sign,
        since: t.with(key!("plan-customers-since"), args).into_owned(),
        revoked: one.revoked_at.map(|at| {
            t.with(key!("plan-customers-revoked"), ("date", t.date(t.local_date(at)))).into_owned()
        }),
        name: one.name,
        email: one.email,
    }
}

async fn made(
    visit: &Visit,
    id: HandoffId,
    posted: &Posted,
    wrong: Option<&Wrong>,
) -> Result<CustomersPage, Failed> {
    let view = visit.web.app.view(&visit.caller, id).await?;
    visit.caller.may_on(Action::Plan, &view.loaded.handoff)?;
    let t = &visit.t;
    let mut people = visit.web.app.portal_people(&visit.caller, view.loaded.handoff.account).await?;
    people.sort_by_key(|one| (one.revoked_at.is_some(), one.granted_at));
    let field = |name: &'static str, label| {
        Field::new(name, t.get(label)).value(posted.typed(name)).required().error(parts::at(wrong, name))
    };
    Ok(CustomersPage {
        chrome: visit.chrome(Some(Place::Deals)),
        rows: people.into_iter().map(|one| row(t, &view, one)).collect(),
        name: field("name", key!("plan-customers-name")).hint(t.get(key!("plan-customers-name-hint"))),
        email: field("email", key!("plan-customers-email")).hint(t.get(key!("plan-customers-email-hint"))),
        may_sign: Field::new("may_sign", t.get(key!("plan-customers-may-sign")))
            .ticked(posted.ticked("may_sign")),
        refused: parts::beside(wrong, &["name", "email"]),
        mails: visit.web.app.mails(),
        f: Frame::new(visit, &view, View::Plan),
    })
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    Ok(html_with(StatusCode::OK, &made(&visit, id, &Posted::default(), None).await?))
}

fn back(id: HandoffId) -> String {
    format!("/handoffs/{id}/plan/customers")
}

/// Lets somebody in.
async fn let_in(visit: &Visit, id: HandoffId, new: NewPortalPerson) -> Result<PortalPerson, AppError> {
    let view = visit.web.app.view(&visit.caller, id).await?;
    visit.caller.may_on(Action::Plan, &view.loaded.handoff)?;
    visit.web.app.grant_portal(&visit.caller, view.loaded.handoff.account, new).await
}

async fn grant(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let new = NewPortalPerson {
        name: posted.typed("name").to_owned(),
        email: posted.typed("email").to_owned(),
        may_sign: posted.ticked("may_sign"),
        again: false,
    };
    match let_in(&visit, id, new).await {
        Ok(person) => {
            let text = visit.t.with(key!("plan-customers-granted"), ("name", person.name));
            Ok(visit.back(&back(id), Tone::Good, &text))
        }
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            Ok(html_with(wrong.status, &made(&visit, id, &posted, Some(&wrong)).await?))
        }
    }
}

async fn held(visit: &Visit, id: HandoffId, person: PortalPersonId) -> Result<PortalPerson, AppError> {
    let view = visit.web.app.view(&visit.caller, id).await?;
    visit.caller.may_on(Action::Plan, &view.loaded.handoff)?;
    let people = visit.web.app.portal_people(&visit.caller, view.loaded.handoff.account).await?;
    people.into_iter().find(|one| one.id == person).ok_or(AppError::NotFound("person"))
}

/// Gives or takes the right to sign of who is in; only where the form says so, who was revoked is let in again. The form
/// may be older than what became of them.
async fn change(visit: Visit, In((id, person)): In<(HandoffId, PortalPersonId)>, posted: Posted) -> Answer {
    let held = held(&visit, id, person).await?;
    let (again, may_sign) = (posted.ticked("again"), posted.ticked("may_sign"));
    let changed = if again {
        let new = NewPortalPerson { name: held.name, email: held.email, may_sign, again };
        let_in(&visit, id, new).await
    } else {
        let change = PortalPersonChange { may_sign: Some(may_sign), ..PortalPersonChange::default() };
        visit.web.app.change_portal(&visit.caller, held.account, person, change).await
    };
    match changed {
        Ok(person) => {
            let done = match (again, person.may_sign) {
                (true, _) => key!("plan-customers-granted"),
                (false, true) => key!("plan-customers-signs-flash"),
                (false, false) => key!("plan-customers-signs-not-flash"),
            };
            Ok(visit.back(&back(id), Tone::Good, &visit.t.with(done, ("name", person.name))))
        }
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            Ok(html_with(wrong.status, &made(&visit, id, &Posted::default(), Some(&wrong)).await?))
        }
    }
}

async fn revoke(visit: Visit, In((id, person)): In<(HandoffId, PortalPersonId)>) -> Answer {
    held(&visit, id, person).await?;
    let view = visit.web.app.view(&visit.caller, id).await?;
    let gone = visit.web.app.revoke_portal(&visit.caller, view.loaded.handoff.account, person).await?;
    let text = visit.t.with(key!("plan-customers-revoked-flash"), ("name", gone.name));
    Ok(visit.back(&back(id), Tone::Good, &text))
}
