//! The signed plan to keep: a file, and its seal beside it.

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use throughline_app::{AppError, portal::SealedPlan};
use throughline_domain::HandoffId;
use throughline_http::Web;

use super::{Answer, In, Inside};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/portal/plans/{id}/signed/{number}/{file}", get(file))
}

async fn file(inside: Inside, In((id, number, file)): In<(HandoffId, usize, String)>) -> Answer {
    let sealed = inside.web.app.portal_sealed(&inside.visitor, id, number).await?;
    Ok(download(sealed, &file)?)
}

/// One of the two files, to be kept.
pub fn download(sealed: SealedPlan, file: &str) -> Result<Response, AppError> {
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
