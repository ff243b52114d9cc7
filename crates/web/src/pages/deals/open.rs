//! Opening the record of a deal: one the CRM has told of, or one entered by hand. Where a gate says "no record", its
//! gap leads here.

use askama::Template;
use axum::{Router, extract::Query, http::StatusCode, response::Response, routing::get};
use throughline_app::{
    AppError,
    deals::{DealAnswer, DealOptions, Taken, crm_person},
};
use throughline_domain::{
    access::Action,
    deal::{Deal, DealKey, Standing},
};
use throughline_http::{Problem, Web};

use crate::{
    answer::{html_with, redirect},
    chrome::{Chrome, Place},
    failure::sentence,
    form::Posted,
    i18n::Text,
    key,
    pages::handoff::wrong_field,
    ui::{Choice, Control, Crumb, Draft, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/deals/open", get(show).post(open))
}

/// A deal the CRM has told of.
struct Known {
    name: String,
    account: String,
    facts: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/deal_open.html")]
struct OpenPage {
    chrome: Chrome,
    t: Text,
    crumbs: Vec<Crumb>,
    source: String,
    external_id: String,
    known: Option<Known>,
    refused: Option<String>,
    controls: Vec<Control>,
}

async fn show(visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    visit.caller.may(Action::Open)?;
    let query = Posted { action: String::new(), fields: query };
    let known = known(&visit, &query).await?;
    if let Some((Some(id), _)) = &known {
        return Ok(redirect(&format!("/handoffs/{id}"), None));
    }
    let deal = known.and_then(|(_, deal)| deal);
    Ok(page(&visit, &query, deal.as_ref(), None))
}

type Found = (Option<throughline_domain::HandoffId>, Option<Deal>);

/// What is known of the deal an address names.
async fn known(visit: &Visit, query: &Posted) -> Result<Option<Found>, AppError> {
    let (Some(source), Some(external_id)) = (query.get("source"), query.get("external_id")) else {
        return Ok(None);
    };
    let key = DealKey { source: source.to_owned(), external_id: external_id.to_owned() };
    match visit.web.app.known_deal(&visit.caller, &key).await {
        Ok((deal, handoff)) => Ok(Some((handoff, Some(deal)))),
        Err(AppError::NotFound(_)) => Ok(None),
        Err(why) => Err(why),
    }
}

fn page(visit: &Visit, values: &Posted, deal: Option<&Deal>, why: Option<AppError>) -> Response {
    let t = &visit.t;
    let wrong = why.as_ref().and_then(|why| wrong_field(t, why));
    let draft = Draft {
        t,
        values,
        wrong: wrong.as_ref().map(|(field, reason)| (field.as_str(), reason.as_str())),
        prefix: "deal",
    };
    let required = |name: &str, label| Control::Line(draft.named(name, label).required(), "text");
    let currency = draft.named("amount_currency", key!("answer-currency"));
    let currency = if currency.value.is_empty() { currency.value("EUR") } else { currency };
    let standing = if values.get("standing") == Some("won") { "won" } else { "open" };
    let standings = [("open", key!("deal-open-standing-open")), ("won", key!("deal-open-standing-won"))]
        .map(|(value, label)| Choice::new(value, t.get(label)).chosen(value == standing));
    let owner = draft.named("owner_email", key!("deal-open-owner")).hint(t.get(key!("deal-open-owner-hint")));
    let controls = vec![
        required("name", key!("deal-open-name")),
        required("account", key!("deal-open-account")),
        Control::Pair(vec![
            Control::Line(
                draft.named("amount", key!("deal-open-amount")).hint(t.get(key!("deal-open-amount-hint"))),
                "text",
            ),
            Control::Line(currency, "text"),
        ]),
        Control::Radios(draft.named("standing", key!("deal-open-standing")), standings.to_vec()),
        draft.date("close_on", key!("deal-open-close")),
        Control::Line(owner, "email"),
        draft.tick("se_involved", key!("deal-open-se")),
    ];
    let problem = why.map(Problem::from);
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = OpenPage {
        chrome: visit.chrome(Some(Place::Deals)),
        crumbs: vec![Crumb::new(t.get(Place::Deals.key()), "/deals")],
        source: values.get("source").unwrap_or("manual").to_owned(),
        external_id: values.get("external_id").unwrap_or_default().to_owned(),
        known: deal.map(|deal| {
            let mut facts: Vec<String> = deal.amount.map(|amount| t.money(amount)).into_iter().collect();
            facts.extend((!deal.stage.is_empty()).then(|| deal.stage.clone()));
            facts.extend(deal.close_on.map(|on| t.date(on)));
            Known { name: deal.name.clone(), account: deal.account.clone(), facts }
        }),
        refused: problem.map(|problem| sentence(t, &problem)),
        controls,
        t: t.clone(),
    };
    html_with(status, &page)
}

async fn open(visit: Visit, posted: Posted) -> Answer {
    visit.caller.may(Action::Open)?;
    let t = &visit.t;
    let by_hand = posted.fields.iter().any(|(name, _)| name == "name");
    let opened = if by_hand { enter(&visit, &posted).await } else { open_known(&visit, &posted).await };
    Ok(match opened {
        Ok(DealAnswer { handoff: Some(id), taken }) => {
            let text = match taken {
                Taken::Unchanged => t.get(key!("deal-open-already")),
                Taken::OutOfScope => t.get(key!("deal-open-no-handoff")),
                Taken::Opened | Taken::Changed | Taken::Kept | Taken::History | Taken::Older => {
                    t.get(key!("deal-opened-flash"))
                }
            };
            visit.back(&format!("/handoffs/{id}"), Tone::Good, &text)
        }
        Ok(DealAnswer { handoff: None, .. }) => {
            visit.back("/deals", Tone::Info, &t.get(key!("deal-open-kept")))
        }
        Err(why @ (AppError::Broken(_) | AppError::NotSignedIn)) => return Err(why.into()),
        Err(why) => {
            let deal = known(&visit, &posted).await?.and_then(|(_, deal)| deal).filter(|_| !by_hand);
            page(&visit, &posted, deal.as_ref(), Some(why))
        }
    })
}

async fn open_known(visit: &Visit, posted: &Posted) -> Result<DealAnswer, AppError> {
    let key = DealKey {
        source: posted.need("source")?.to_owned(),
        external_id: posted.need("external_id")?.to_owned(),
    };
    visit.web.app.open_deal(&visit.caller, &key).await
}

async fn enter(visit: &Visit, posted: &Posted) -> Result<DealAnswer, AppError> {
    let app = &visit.web.app;
    let now = app.now();
    let won = posted.get("standing") == Some("won");
    let close_on = posted.opt_date("close_on")?;
    let closed_at = posted.opt_moment("close_on", &visit.t)?.map(|at| at.min(now));
    let external_id = posted.get("external_id").map_or_else(|| app.fresh_id().to_string(), str::to_owned);
    let deal = serde_json::json!({
        "source": posted.get("source").unwrap_or("manual"),
        "external_id": external_id,
        "source_time": now,
        "name": posted.need("name")?,
        "account": posted.need("account")?,
    });
    let deal: Deal =
        serde_json::from_value(deal).map_err(|why| AppError::invalid("name", why.to_string()))?;
    let email = posted.get("owner_email").map(throughline_app::people::mail_address).transpose();
    let email = email.map_err(|_| AppError::invalid("owner_email", "is no mail address"))?;
    let deal = Deal {
        amount: posted.opt_money("amount")?,
        close_on,
        standing: if won { Standing::Won } else { Standing::Open },
        closed_at: won.then(|| closed_at.unwrap_or(now)),
        se_involved: posted.ticked("se_involved").then_some(true),
        owner: crm_person(None, None, email.as_deref().or(visit.me.email.as_deref())),
        ..deal
    };
    app.put_deal(&visit.caller, deal, DealOptions { open_now: true, ..DealOptions::default() }).await
}
