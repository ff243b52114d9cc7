//! Signing: the plan once more as it is signed, the words agreed to, one's name, and a code that was mailed for it.

use askama::Template;
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;
use throughline_app::{
    AppError,
    portal::{CODE_TRIES, KEY_MINUTES, SignForm},
};
use throughline_domain::HandoffId;
use throughline_http::Web;
use uuid::Uuid;

use super::{
    Answer, Frame, In, Inside, Lost,
    forms::{self, Typed},
    plan,
    shown::{Agreed, Maker},
};
use crate::{
    answer::{html_with, redirect},
    chrome::Chrome,
    form::Posted,
    i18n::Text,
    key,
    ui::Field,
};

/// The name of the page's form.
const FORM: &str = "sign";

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/portal/plans/{id}/sign", get(show).post(sign))
        .route("/portal/plans/{id}/sign/code", post(ask).get(plan::above))
}

/// The code that was mailed; anything else asks for none.
#[derive(Deserialize)]
struct Mailed {
    #[serde(default)]
    code: String,
}

/// A milestone as it is signed.
struct Line {
    title: String,
    side: String,
    owner: String,
    due: String,
}

#[derive(Template)]
#[template(path = "pages/portal/sign.html")]
struct SignPage {
    chrome: Chrome,
    f: Frame,
    t: Text,
    base: String,
    account: String,
    company: String,
    lines: Vec<Line>,
    consent: String,
    consent_sha256: String,
    imprint: String,
    agreed: Agreed,
    /// They may sign, and there is something to sign.
    may: bool,
    /// They may not, whatever there is.
    may_not: bool,
    /// To which address the code goes.
    mailbox: String,
    form: Option<Form>,
    refused: Option<String>,
}

/// Name and code, once a code was asked for.
struct Form {
    key: Uuid,
    name: Field,
    code: Field,
}

async fn show(inside: Inside, In(id): In<HandoffId>, Query(mailed): Query<Mailed>) -> Answer {
    Ok(html_with(StatusCode::OK, &made(&inside, id, mailed.code.parse().ok(), None).await?))
}

async fn made(
    inside: &Inside,
    id: HandoffId,
    key: Option<Uuid>,
    typed: Option<&Typed<'_>>,
) -> Result<SignPage, Lost> {
    let view = inside.web.app.portal_view(&inside.visitor, id).await?;
    let t = &inside.t;
    let Some(plan) = &view.plan else { return Err(AppError::NotFound("plan").into()) };
    let today = inside.today();
    let maker = Maker { t, id, company: &view.company, today, typed };
    let may = plan.can_sign;
    let none = || t.get(key!("portal-none")).into_owned();
    let line = |one: &throughline_app::portal::view::PortalMilestone| Line {
        title: one.title.clone(),
        side: maker.side(one.side),
        owner: one.owner.clone().unwrap_or_else(none),
        due: one.due_on.map_or_else(none, |on| t.date(on)),
    };
    let hint = (("n", KEY_MINUTES), ("tries", CODE_TRIES));
    let field = |name, label| forms::field(typed, FORM, Field::new(name, t.get(label)).required());
    let form = key.filter(|_| may).map(|key| Form {
        key,
        name: field("name", key!("portal-sign-name"))
            .hint(t.get(key!("portal-sign-name-hint")))
            .autocomplete("name"),
        code: field("code", key!("portal-code"))
            .value("")
            .hint(t.with(key!("portal-code-hint"), hint))
            .autocomplete("one-time-code"),
    });
    Ok(SignPage {
        chrome: inside.chrome().at(format!("/portal/plans/{id}/sign")),
        f: inside.frame(),
        t: t.clone(),
        base: format!("/portal/plans/{id}"),
        account: view.account.clone(),
        company: view.company.clone(),
        lines: plan.milestones.iter().map(line).collect(),
        consent: plan.consent.clone(),
        consent_sha256: plan.consent_sha256.clone(),
        imprint: plan.imprint.clone(),
        agreed: maker.agreed(plan),
        may,
        may_not: !plan.may_sign,
        mailbox: inside.visitor.person.email.clone(),
        refused: forms::beside(typed, FORM, &["name", "code"]),
        form,
    })
}

async fn again(
    inside: &Inside,
    id: HandoffId,
    key: Option<Uuid>,
    typed: &Typed<'_>,
) -> Result<Response, Lost> {
    Ok(html_with(typed.status, &made(inside, id, key, Some(typed)).await?))
}

/// A code is mailed.
async fn ask(inside: Inside, In(id): In<HandoffId>, posted: Posted) -> Answer {
    match inside.web.app.ask_signing_code(&inside.visitor, id).await {
        Ok(key) => Ok(redirect(&format!("/portal/plans/{id}/sign?code={key}#sign"), None)),
        Err(why) => again(&inside, id, None, &Typed::of(&inside, FORM.to_owned(), &posted, why)?).await,
    }
}

async fn sign(inside: Inside, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let key: Option<Uuid> = posted.get("key").and_then(|key| key.parse().ok());
    let read = || {
        let key = key.ok_or(AppError::NotFound("code"))?;
        let (name, code) = (posted.text("name")?, posted.need("code")?.to_owned());
        let (imprint, consent) = (posted.typed("imprint").to_owned(), posted.typed("consent").to_owned());
        Ok(SignForm { name, imprint, consent, key, code })
    };
    let done = match read() {
        Ok(form) => inside.web.app.sign_plan(&inside.visitor, id, form).await,
        Err(why) => Err(why),
    };
    let (key, typed) = match done {
        Ok(_) => {
            let back = format!("/portal/plans/{id}#agreed");
            return Ok(inside.back(&back, &inside.t.get(key!("portal-sign-done"))));
        }
        // A code is used up by the right digits, too, whatever came of it: another is asked for.
        Err(AppError::NotFound("code")) => {
            let over = AppError::invalid("code", "");
            let typed = Typed::of(&inside, FORM.to_owned(), &posted, over)?;
            (None, typed.saying(None, inside.t.get(key!("portal-sign-code-over"))))
        }
        Err(why @ AppError::Refused(_)) => (None, Typed::of(&inside, FORM.to_owned(), &posted, why)?.above()),
        Err(why) => {
            let wrong_code = matches!(&why, AppError::Invalid { field, .. } if field == "code");
            let typed = Typed::of(&inside, FORM.to_owned(), &posted, why)?;
            let said = inside.t.get(key!("portal-code-wrong"));
            (key, if wrong_code { typed.saying(Some("code"), said) } else { typed })
        }
    };
    again(&inside, id, key, &typed).await
}
