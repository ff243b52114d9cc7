//! Styles, scripts, icons, font: named by content, kept by browsers for a year.

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use throughline_http::{Problem, Web};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/assets/{*path}", get(asset))
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) =
        throughline_assets::get(&format!("/assets/{path}")).or_else(|| throughline_assets::get(&path))
    else {
        return Problem::new("not-found", "there is no such asset").into_response();
    };
    if headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok()) == Some(asset.etag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let accepts = |coding: &str| {
        headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|list| list.to_str().ok())
            .is_some_and(|list| list.split(',').any(|one| one.trim().split(';').next() == Some(coding)))
    };
    let (bytes, coding) = match (accepts("br"), accepts("gzip")) {
        (true, _) if asset.brotli.is_some() => (asset.brotli.unwrap_or(asset.bytes), Some("br")),
        (_, true) if asset.gzip.is_some() => (asset.gzip.unwrap_or(asset.bytes), Some("gzip")),
        _ => (asset.bytes, None),
    };
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, asset.content_type)
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(header::ETAG, asset.etag)
        .header(header::VARY, "accept-encoding");
    if let Some(coding) = coding {
        response = response.header(header::CONTENT_ENCODING, coding);
    }
    response.body(Body::from(bytes)).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
