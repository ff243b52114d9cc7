//! Sheets of paper: what a page shows, as a PDF to keep, to send and to print (U8).
//!
//! A sheet is put together from what its page is put together from, with the same rights, and set by `print`. Absent on
//! purpose: rules, and anything a page would not say. The customer's plan comes from `PortalView` alone.

pub mod agenda;
pub mod brief;
pub mod plan;
pub mod signed;

use std::{sync::LazyLock, time::Duration};

use axum::{
    Router,
    extract::Query,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use throughline_app::AppError;
use throughline_domain::HandoffId;
use throughline_http::Web;
use throughline_print::{Document, Fonts, Paper, PrintError, Tone, set};
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    i18n::Text,
    key,
    pages::{handoff, portal},
    ui,
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/portal/plans/{id}/plan.pdf", get(portal_plan))
        .route("/handoffs/{id}/brief.pdf", get(brief))
        .route("/handoffs/{id}/agenda.pdf", get(agenda))
        .route("/handoffs/{id}/plan.pdf", get(plan))
}

/// Sheets set at once: each takes a core for a while, and who asks for more than that waits.
const AT_ONCE: usize = 2;
/// How long somebody waits for a turn.
const LONGEST_QUEUE: Duration = Duration::from_secs(10);

/// On which paper.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    paper: String,
}

impl Wanted {
    fn paper(&self) -> Result<Paper, AppError> {
        match self.paper.as_str() {
            "" | "a4" => Ok(Paper::A4),
            "letter" => Ok(Paper::Letter),
            _ => Err(AppError::invalid("paper", "is a4 or letter")),
        }
    }
}

async fn brief(
    visit: Visit,
    handoff::In(id): handoff::In<HandoffId>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    Ok(answered(brief::document(&visit.t, &view), wanted.paper()?, "brief.pdf").await?)
}

async fn agenda(
    visit: Visit,
    handoff::In(id): handoff::In<HandoffId>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    Ok(answered(agenda::document(&visit.t, &view), wanted.paper()?, "agenda.pdf").await?)
}

async fn plan(visit: Visit, handoff::In(id): handoff::In<HandoffId>, Query(wanted): Query<Wanted>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let sheet = plan::of_handoff(&visit.t, &view).ok_or(AppError::NotFound("plan"))?;
    Ok(answered(sheet.document(&visit.t), wanted.paper()?, "plan.pdf").await?)
}

async fn portal_plan(
    inside: portal::Inside,
    portal::In(id): portal::In<HandoffId>,
    Query(wanted): Query<Wanted>,
) -> portal::Answer {
    let view = inside.web.app.portal_view(&inside.visitor, id).await?;
    let sheet = plan::of_portal(&inside.t, &view, inside.web.app.now()).ok_or(AppError::NotFound("plan"))?;
    Ok(answered(sheet.document(&inside.t), wanted.paper()?, "plan.pdf").await?)
}

async fn answered(document: Document, paper: Paper, name: &'static str) -> Result<Response, AppError> {
    let pdf = printed(document, paper).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, pdf).into_response())
}

/// Sets a document beside what answers others: it is work for a processor.
///
/// # Errors
/// [`AppError::Unavailable`] when too many others are being set, [`AppError::Invalid`] for one that is too long.
pub async fn printed(document: Document, paper: Paper) -> Result<Vec<u8>, AppError> {
    static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);
    printed_in_turn(&TURNS, document, paper).await
}

async fn printed_in_turn(
    turns: &'static Semaphore,
    document: Document,
    paper: Paper,
) -> Result<Vec<u8>, AppError> {
    static FONTS: LazyLock<Result<Fonts, PrintError>> = LazyLock::new(|| {
        let (plain, strong) = throughline_assets::PAPER_FONTS;
        Fonts::new(plain, strong)
    });
    let turn = timeout(LONGEST_QUEUE, turns.acquire()).await;
    let turn = turn.map_err(|_| AppError::Unavailable("too many sheets are being set".to_owned()))?;
    let turn = turn.map_err(AppError::broken)?;
    let work = move || {
        // Held until the work is done, also where nobody waits for it any more.
        let _turn = turn;
        let fonts = FONTS.as_ref().map_err(AppError::broken)?;
        set(&document, paper, fonts).map_err(|why| match why {
            PrintError::TooLong => AppError::invalid("paper", why.to_string()),
            PrintError::Typeface(_) | PrintError::Unwritten(_) => AppError::broken(why),
        })
    };
    tokio::task::spawn_blocking(work).await.map_err(AppError::broken)?
}

/// What every sheet has.
fn sheet(t: &Text, company: &str, kind: &str, title: &str) -> Document {
    // A file's title is never empty, whatever a deal is called.
    let titled = if title.trim().is_empty() { kind } else { title };
    Document {
        language: t.lang().to_owned(),
        kind: kind.to_owned(),
        title: titled.to_owned(),
        subtitle: None,
        head: (company.to_owned(), format!("{kind}, {titled}")),
        foot: String::new(),
        counted: t.with(key!("paper-page"), (("page", "{page}"), ("pages", "{pages}"))).into_owned(),
        author: company.to_owned(),
        at: jiff::Timestamp::UNIX_EPOCH,
        blocks: Vec::new(),
        boxes: t.get(key!("paper-boxes")).into_owned(),
        attachment: None,
    }
}

fn tone(tone: ui::Tone) -> Tone {
    match tone {
        ui::Tone::Good => Tone::Good,
        ui::Tone::Bad => Tone::Bad,
        ui::Tone::Warn => Tone::Warn,
        ui::Tone::Info | ui::Tone::Brand => Tone::Info,
        ui::Tone::Calm => Tone::Calm,
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::i18n::Locale;

    #[tokio::test(start_paused = true)]
    async fn who_gets_no_turn_is_told_to_come_again_and_the_next_one_does() {
        static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);
        let t = Text::new(Locale::En, TimeZone::UTC);
        let one = || sheet(&t, "Larkfield", "Plan", "Ferry line");
        let busy = TURNS.acquire_many(AT_ONCE as u32).await.unwrap();
        let refused = printed_in_turn(&TURNS, one(), Paper::A4).await;
        assert!(matches!(refused, Err(AppError::Unavailable(_))), "{refused:?}");
        drop(busy);
        let pdf = printed_in_turn(&TURNS, one(), Paper::A4).await.unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        assert_eq!(TURNS.available_permits(), AT_ONCE);
    }
}
