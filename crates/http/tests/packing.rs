//! Answers are packed for whoever takes them so, and for nobody else.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, header},
    routing::get,
};
use throughline_app::{App, SystemClock};
use throughline_http::{ServerSettings, Web, layers};
use throughline_store::memory::MemoryStore;
use tower::ServiceExt as _;

const LONG: &str = "The same line, told many times over. ";
const GZIP: [u8; 2] = [0x1f, 0x8b];

async fn asked(path: &str, takes: Option<&str>) -> (HeaderMap, Vec<u8>) {
    let app = App::new(Arc::new(MemoryStore::new()), Arc::new(SystemClock));
    let settings = ServerSettings { public_url: "http://localhost".to_owned(), secure: false, demo: false };
    let web = Web::new(app, settings);
    let routes = Router::new()
        .route("/page", get(|| async { ([(header::CONTENT_TYPE, "text/html")], LONG.repeat(200)) }))
        .route("/live", get(|| async { ([(header::CONTENT_TYPE, "text/event-stream")], LONG.repeat(200)) }))
        .route(
            "/packed",
            get(|| async {
                ([(header::CONTENT_TYPE, "text/css"), (header::CONTENT_ENCODING, "br")], LONG.repeat(200))
            }),
        );
    let mut request = Request::get(path);
    if let Some(takes) = takes {
        request = request.header(header::ACCEPT_ENCODING, takes);
    }
    let answer = layers(routes, &web).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (head, body) = answer.into_parts();
    (head.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn a_page_is_packed_for_who_takes_it_so() {
    let (headers, body) = asked("/page", Some("gzip, br")).await;
    assert_eq!(headers.get(header::CONTENT_ENCODING).unwrap(), "gzip");
    assert!(headers.get(header::VARY).unwrap().to_str().unwrap().contains("accept-encoding"));
    assert!(body.starts_with(&GZIP) && body.len() < LONG.len() * 20, "{} bytes", body.len());
}

#[tokio::test]
async fn who_did_not_ask_gets_it_as_it_is() {
    for takes in [None, Some("identity"), Some("gzip;q=0")] {
        let (headers, body) = asked("/page", takes).await;
        assert!(!headers.contains_key(header::CONTENT_ENCODING), "{takes:?}");
        assert_eq!(body, LONG.repeat(200).into_bytes(), "{takes:?}");
    }
}

#[tokio::test]
async fn what_is_told_live_or_packed_already_is_left_alone() {
    let (headers, body) = asked("/live", Some("gzip")).await;
    assert!(!headers.contains_key(header::CONTENT_ENCODING));
    assert_eq!(body, LONG.repeat(200).into_bytes());
    let (headers, body) = asked("/packed", Some("gzip, br")).await;
    assert_eq!(headers.get(header::CONTENT_ENCODING).unwrap(), "br");
    assert_eq!(body, LONG.repeat(200).into_bytes());
}
