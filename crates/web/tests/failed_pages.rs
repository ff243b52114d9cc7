//! What went wrong, as people read it: in their language and theme, whichever page, limit or route it comes from.

#![expect(clippy::unwrap_used, reason = "a page that does not answer as it must ends the test")]

mod company;

use std::{env, fs, path::Path};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use company::{Company, is_clean, words};
use throughline_domain::Role;
use throughline_http::{Problem, problem::KINDS};
use tower::ServiceExt;

/// A reader who has chosen the mirrored language and the dark theme: what is plain English was in no catalogue.
const MIRRORED: &str = "throughline_locale=en-x-mirror; throughline_theme=dark";

struct Shown {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

async fn asked(router: Router, request: Request<Body>) -> Shown {
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 8 << 20).await.unwrap();
    Shown { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
}

fn of(method: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value))
        .body(Body::empty())
        .unwrap()
}

/// One route for every kind of problem, with the layer around it.
fn problems() -> Router {
    let answer = |axum::extract::Path(kind): axum::extract::Path<String>| async move {
        let kind = KINDS.iter().find(|(name, ..)| *name == kind).map_or("broken", |(name, ..)| *name);
        Problem { retry_after: Some(7), ..Problem::new(kind, "written for programs") }.into_response()
    };
    throughline_web::readable(
        Router::new().route("/x/{kind}", get(answer)).route("/api/v1/{kind}", get(answer)),
    )
}

/// Whether a text holds a run of plain letters long enough to be a word nobody translated.
fn plain_words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 3).collect()
}

#[tokio::test]
async fn every_kind_of_problem_is_told_in_the_readers_language_and_theme() {
    for (kind, status, title, _) in KINDS {
        let shown = asked(problems(), of("GET", &format!("/x/{kind}"), &[("cookie", MIRRORED)])).await;
        assert_eq!(shown.status.as_u16(), *status, "{kind}");
        assert!(shown.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{kind}");
        for wanted in ["lang=\"en-x-mirror\"", "dir=\"rtl\"", "data-theme=\"throughline-dark\""] {
            assert!(shown.body.contains(wanted), "{kind} lacks {wanted}");
        }
        is_clean(kind, &shown.body);
        let body = &shown.body[shown.body.find("<h1").unwrap()..shown.body.find("</main>").unwrap()];
        let said = words(body);
        // What tells a person where to look is passed on as it came.
        let passed_on = matches!(*kind, "bad-request" | "invalid" | "conflict");
        assert_eq!(said.contains("ritten for programs"), passed_on, "{kind}: {said}");
        let said = said.replace("Written for programs", "");
        assert_eq!(plain_words(&said), Vec::<&str>::new(), "{kind}: {said}");
        assert!(!shown.body.contains(title), "{kind} has the title of programs");
        assert!(body.contains("href=\"/"), "{kind} leads nowhere");
    }
}

#[tokio::test]
async fn programs_are_told_as_before() {
    let shown = asked(problems(), of("GET", "/api/v1/too-many", &[("cookie", MIRRORED)])).await;
    assert_eq!(shown.headers[header::CONTENT_TYPE], "application/problem+json");
    assert!(
        shown.body.contains("\"title\":\"Too many requests\"") && shown.body.contains("written for programs")
    );
}

#[tokio::test]
async fn who_has_chosen_no_language_gets_the_one_the_browser_asks_for() {
    let asks = [("accept-language", "tlh, en-x-pseudo;q=0.9, en;q=0.5")];
    let shown = asked(problems(), of("GET", "/x/not-found", &asks)).await;
    assert!(shown.body.contains("lang=\"en-x-pseudo\""));
    let chosen = [asks[0], ("cookie", "throughline_locale=en")];
    let shown = asked(problems(), of("GET", "/x/not-found", &chosen)).await;
    assert!(shown.body.contains("lang=\"en\"") && !shown.body.contains("data-theme=\""));
}

#[tokio::test]
async fn a_page_says_how_long_to_wait_and_leads_back_to_where_it_was_asked() {
    let shown = asked(problems(), of("GET", "/x/too-many?a=1&b=2", &[])).await;
    assert_eq!(shown.headers[header::RETRY_AFTER], "7");
    assert!(words(&shown.body).contains("Wait 7 seconds."), "{}", words(&shown.body));
    assert!(shown.body.contains("href=\"/x/too-many?a=1&#38;b=2\""), "{}", shown.body);
    let shown = asked(problems(), of("GET", "/x/not-signed-in?a=1", &[])).await;
    assert!(shown.body.contains("href=\"/sign-in?next="), "{}", shown.body);
}

#[tokio::test]
async fn a_part_of_a_page_gets_a_notice_beside_what_was_typed() {
    let part = [("hx-request", "true"), ("cookie", MIRRORED)];
    let shown = asked(problems(), of("GET", "/x/forbidden", &part)).await;
    assert!(shown.body.starts_with("<div id=\"failed\" role=\"alert\">") && !shown.body.contains("<html"));
    assert_eq!(shown.headers["hx-retarget"], "#flash");
    assert_eq!(shown.headers["hx-reselect"], "#failed");
    assert_eq!(plain_words(&words(&shown.body)), Vec::<&str>::new(), "{}", shown.body);
    // A form that saves itself says itself where it stands.
    let saving = [part[0], ("if-match", "\"3\"")];
    let shown = asked(problems(), of("GET", "/x/invalid", &saving)).await;
    assert!(!shown.headers.contains_key("hx-retarget") && shown.body.contains("role=\"alert\""));
}

#[tokio::test]
async fn what_no_handler_answers_is_a_page_too() {
    let company = Company::new(false).await;
    let cookie = format!("throughline={}; {MIRRORED}", company.people[&Role::Csm].1);
    let long = "a".repeat(3 << 20);
    let form = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let mut large = of("POST", "/views", &form);
    *large.body_mut() = Body::from(long);
    let cases = [
        (of("GET", "/no/such/place", &form), 404),
        (of("GET", "/handoffs/nonsense", &form), 404),
        (of("DELETE", "/deals", &form), 405),
        (of("GET", "/settings/audit", &form), 403),
        (of("GET", "/welcome?key=nonsense", &form), 410),
        (of("GET", "/problems/no-such-kind", &form), 404),
        (of("POST", "/views", &form[..1]), 415),
        (large, 413),
    ];
    for (request, status) in cases {
        let path = request.uri().clone();
        let shown = asked(company.router(), request).await;
        assert_eq!(shown.status.as_u16(), status, "{path}: {}", words(&shown.body));
        assert!(shown.body.contains("lang=\"en-x-mirror\""), "{path}: {}", shown.body);
        assert!(shown.body.contains("data-theme=\"throughline-dark\""), "{path}");
        let body = &shown.body[shown.body.find("<h1").unwrap()..shown.body.find("</main>").unwrap()];
        assert_eq!(plain_words(&words(body)), Vec::<&str>::new(), "{path}: {}", words(body));
    }
}

#[tokio::test]
async fn the_customers_portal_says_it_in_its_own_frame_and_their_language() {
    let company = Company::new(false).await;
    for (method, path, status) in [("GET", "/portal/no/such", 404), ("DELETE", "/portal", 405)] {
        let shown = asked(company.router(), of(method, path, &[("cookie", MIRRORED)])).await;
        assert_eq!(shown.status.as_u16(), status, "{path}");
        assert!(shown.body.contains("class=\"portal\""), "{path}: the portal's own frame");
        assert!(
            shown.body.contains("lang=\"en-x-mirror\"")
                && shown.body.contains("data-theme=\"throughline-dark\"")
        );
        for staff in ["href=\"/queue\"", "href=\"/sign-in", "href=\"/\""] {
            assert!(!shown.body.contains(staff), "{path} leads to {staff}");
        }
    }
}

#[tokio::test]
async fn a_refusal_is_told_by_what_it_is_and_never_as_programs_are_told() {
    let company = Company::new(false).await;
    let cookie = format!("throughline={}; {MIRRORED}", company.people[&Role::Auditor].1);
    let shown = asked(company.router(), of("GET", "/people/invite", &[("cookie", &cookie)])).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    let body = &shown.body[shown.body.find("<h1").unwrap()..];
    assert!(
        !body.contains("manage_people") && body.contains("Ṁåñåĝé"),
        "the right is named: {}",
        words(body)
    );
}

/// Every fixed reason of the domain has a text: a new one fails here until it has one.
#[test]
fn every_fixed_reason_of_the_domain_is_in_the_catalogues() {
    let crates = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let mut open = vec![Path::new(&crates).join("../domain/src")];
    let (mut seen, mut missing) = (0, Vec::new());
    let t = throughline_web::i18n::Text::new(throughline_web::i18n::Locale::Pseudo, jiff::tz::TimeZone::UTC);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for opening in ["out_of_turn(", "NotYours("] {
                for rest in text.split(opening).skip(1) {
                    let Some(reason) =
                        rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
                    else {
                        continue;
                    };
                    seen += 1;
                    if throughline_web::failure::reason(&t, reason) == reason {
                        missing.push(reason.to_owned());
                    }
                }
            }
        }
    }
    assert!(seen > 40, "{seen}: the reasons are written otherwise by now");
    assert_eq!(missing, Vec::<String>::new(), "name these in src/failure/reasons.rs");
}
