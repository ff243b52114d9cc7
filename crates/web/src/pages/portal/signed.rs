//! The signed plan to keep: a file, and its seal beside it.

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use throughline_app::{App, AppError, portal::SealedPlan};
use throughline_domain::HandoffId;
use throughline_http::Web;

use super::{Answer, In, Inside};
#[cfg(feature = "pdf")]
use crate::pages::sheets;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/portal/plans/{id}/signed/{number}/{file}", get(file))
}

async fn file(inside: Inside, In((id, number, file)): In<(HandoffId, usize, String)>) -> Answer {
    let sealed = inside.web.app.portal_sealed(&inside.visitor, id, number).await?;
    Ok(download(&inside.web.app, sealed, &file).await?)
}

/// Where a signature's files on paper are, each with its seal: A4, Letter.
pub fn on_paper(base: &str) -> Vec<(String, String)> {
    let both = ["plan.pdf", "plan.letter.pdf"];
    both.map(|name| (format!("{base}/{name}"), format!("{base}/{name}.seal.json"))).into()
}

/// One of the files, to be kept.
pub async fn download(app: &App, sealed: SealedPlan, file: &str) -> Result<Response, AppError> {
    #[cfg(feature = "pdf")]
    if let Some((paper, seal)) = sheets::signed::named(file) {
        let made = sheets::signed::on_paper(app, &sealed, paper).await?;
        let (bytes, media) =
            if seal { (made.seal, "application/json") } else { (made.document, "application/pdf") };
        let headers = [
            (header::CONTENT_TYPE, media.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
        ];
        return Ok((headers, bytes).into_response());
    }
    #[cfg(not(feature = "pdf"))]
    let _ = app;
    let (bytes, named) = match file {
        "plan.json" => (sealed.document, "attachment; filename=\"plan.json\""),
        "plan.seal.json" => (sealed.seal, "attachment; filename=\"plan.seal.json\""),
        _ => return Err(AppError::NotFound("file")),
    };
    let media = HeaderValue::from_static("application/json");
    let headers =
        [(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, HeaderValue::from_static(named))];
    Ok((headers, bytes).into_response())
}
