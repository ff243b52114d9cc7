//! Search as a page and as the palette's lines, and pages that hear of changes made elsewhere.

#![expect(clippy::unwrap_used, reason = "a page that does not answer as it must ends the test")]

mod company;

use std::time::Duration;

use axum::{body::BodyDataStream, http::StatusCode};
use company::{Company, is_clean, put_deal, put_person, words};
use futures_util::StreamExt;
use throughline_app::HandleOptions;
use throughline_domain::{Personal, Role, handoff::command::TakeOver};

#[tokio::test]
async fn the_search_page_teaches_and_finds_without_scripts() {
    let company = Company::new(false).await;
    let empty = company.get(Role::Ae, "/search").await.shown();
    assert!(words(&empty).contains("Find a deal, a customer or a person"), "{}", words(&empty));
    assert!(empty.contains(r#"role="search""#) && empty.contains("autofocus"));

    for (q, expected) in
        [("deal d", "Deal D-1"), ("ACCOUNT 1", "Account D-1"), ("rev_ops", "rev_ops@acme.example")]
    {
        let path = format!("/search?q={}", throughline_app::gates::escaped(q));
        let page = company.get(Role::RevOps, &path).await.shown();
        is_clean(&path, &page);
        assert!(words(&page).contains(expected), "{q}: {}", words(&page));
    }
    let none = company.get(Role::RevOps, "/search?q=zzz").await.shown();
    assert!(words(&none).contains("Nothing is called “zzz”"), "{}", words(&none));
    let typed = company.get(Role::RevOps, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E").await.shown();
    is_clean("/search", &typed);
}

#[tokio::test]
async fn nobody_finds_a_deal_they_may_not_read() {
    let company = Company::new(false).await;
    let other = put_deal(&company.app, company.org, "crm", "D-2", "ae_manager@acme.example").await;
    for path in [
        "/search?q=deal",
        "/search/lines?q=deal",
        "/search?q=deal&kind=deals",
        "/search?q=account&kind=customers",
    ] {
        let mine = company.get(Role::Ae, path).await.shown();
        assert!(
            mine.contains("D-1") && !mine.contains("D-2") && !mine.contains(&other.to_string()),
            "{path}"
        );
        let all = company.get(Role::RevOps, path).await.shown();
        assert!(all.contains("D-1") && all.contains("D-2"), "{path}");
    }
}

#[tokio::test]
async fn a_long_list_goes_on_by_its_own_address() {
    let company = Company::new(false).await;
    for number in 0..60 {
        put_person(&company.app, company.org, &format!("Zoe Number {number}"), None).await;
    }
    let all = company.get(Role::RevOps, "/search?q=zoe").await.shown();
    assert!(
        all.contains("/search?q=zoe&amp;kind=people") || all.contains("/search?q=zoe&#38;kind=people"),
        "{all}"
    );
    let mut seen = std::collections::BTreeSet::new();
    let mut path = "/search?q=zoe&kind=people".to_owned();
    loop {
        let page = company.get(Role::RevOps, &path).await.shown();
        let found =
            page.split("Zoe Number ").skip(1).filter_map(|rest| rest.split('<').next()?.parse::<u32>().ok());
        let before = seen.len();
        seen.extend(found);
        assert!(seen.len() > before, "{path} shows nothing new");
        let Some((before, _)) = page.split_once(r#" rel="next""#) else { break };
        path = before
            .rsplit_once(r#"href=""#)
            .unwrap()
            .1
            .split('"')
            .next()
            .unwrap()
            .replace("&#38;", "&")
            .replace("&amp;", "&");
    }
    assert_eq!(seen.len(), 60);
}

#[tokio::test]
async fn the_palettes_lines_are_options_without_a_page_around_them() {
    let company = Company::new(false).await;
    let lines = company.get(Role::RevOps, "/search/lines?q=d-1").await.shown();
    is_clean("/search/lines", &lines);
    assert!(lines.contains(&format!(
        r#"role="option" aria-selected="false" tabindex="-1" href="/handoffs/{}""#,
        company.deal
    )));
    assert!(!lines.contains("<html") && !lines.contains("<main"));
    assert_eq!(company.get(Role::RevOps, "/search/lines?q=").await.shown().trim(), "");
    // Every page has the field, and without scripts the way to the search page.
    let page = company.get(Role::RevOps, "/queue").await.shown();
    assert!(page.contains(r#"role="combobox""#) && page.contains(r#"href="/search" data-palette-open"#));
}

/// The next event of a stream; none: it has ended. Comments and the time to wait are passed over.
async fn event(stream: &mut BodyDataStream) -> Option<String> {
    let next = async {
        loop {
            let line = String::from_utf8(stream.next().await?.unwrap().to_vec()).unwrap();
            if line.starts_with("event: ") {
                return Some(line);
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), next).await.unwrap()
}

async fn listen(company: &Company, role: Role, path: &str) -> BodyDataStream {
    let response = company.open(role, path).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body().into_data_stream()
}

async fn take_over(company: &Company) {
    let caller = company.caller(Role::CsLeader).await;
    let by = caller.person().unwrap();
    let command = TakeOver { by, reason: Personal::parse("the customer waits").unwrap() };
    company.app.handle(&caller, company.deal, command, HandleOptions::default()).await.unwrap();
}

#[tokio::test]
async fn a_page_hears_that_its_handoff_changed_and_by_whom() {
    let company = Company::new(false).await;
    let version = company.app.load(company.org, company.deal).await.unwrap().version;
    let path = format!("/live?handoff={}&version={version}", company.deal);
    let mut seller = listen(&company, Role::Ae, &path).await;
    let mut leader = listen(&company, Role::CsLeader, &path).await;
    // Both are listening before anything happens.
    let silent = tokio::time::timeout(Duration::from_millis(200), event(&mut seller)).await;
    assert!(silent.is_err(), "{silent:?}");
    assert!(tokio::time::timeout(Duration::from_millis(200), event(&mut leader)).await.is_err());
    take_over(&company).await;
    let heard = event(&mut seller).await.unwrap();
    let now = company.app.load(company.org, company.deal).await.unwrap().version;
    assert!(
        heard.starts_with("event: changed\ndata: ") && heard.contains(&format!(r#""version":{now}"#)),
        "{heard}"
    );
    assert!(heard.contains(r#""own":false"#) && heard.contains("cs_leader"), "{heard}");
    assert!(event(&mut leader).await.unwrap().contains(r#""own":true"#));
    // Who comes later with the older page hears it at once.
    let mut late = listen(&company, Role::Ae, &path).await;
    assert!(event(&mut late).await.unwrap().contains(&format!(r#""version":{now}"#)));
}

#[tokio::test]
async fn a_page_hears_of_its_change_also_where_many_others_changed_at_once() {
    let company = Company::new(false).await;
    let version = company.app.load(company.org, company.deal).await.unwrap().version;
    let path = format!("/live?handoff={}&version={version}", company.deal);
    let mut stream = listen(&company, Role::Ae, &path).await;
    assert!(tokio::time::timeout(Duration::from_millis(200), event(&mut stream)).await.is_err());
    take_over(&company).await;
    // More than one look at the organisation reads.
    for number in 0..60 {
        put_deal(&company.app, company.org, "crm", &format!("M-{number}"), "ae@acme.example").await;
    }
    assert!(event(&mut stream).await.unwrap().starts_with(
        "event: changed
"
    ));
}

#[tokio::test]
async fn the_queue_hears_that_it_would_show_something_else() {
    let company = Company::new(false).await;
    let mark = |page: &str| {
        let (_, rest) = page.split_once("/live?queue=").unwrap();
        rest.chars().take_while(char::is_ascii_hexdigit).collect::<String>()
    };
    let before = mark(&company.get(Role::Ae, "/queue").await.shown());
    let again = mark(&company.get(Role::Ae, "/queue").await.shown());
    assert_eq!(before, again);
    let mut stream = listen(&company, Role::Ae, &format!("/live?queue={before}")).await;
    assert!(tokio::time::timeout(Duration::from_millis(200), event(&mut stream)).await.is_err());
    put_deal(&company.app, company.org, "crm", "D-3", "ae@acme.example").await;
    assert!(event(&mut stream).await.unwrap().starts_with("event: changed\n"));
    assert_ne!(mark(&company.get(Role::Ae, "/queue").await.shown()), before);
}

#[tokio::test]
async fn nobody_hears_of_what_they_may_not_read() {
    let company = Company::new(false).await;
    let other = put_deal(&company.app, company.org, "crm", "D-2", "ae_manager@acme.example").await;
    let refused = company.open(Role::Ae, &format!("/live?handoff={other}&version=0")).await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    assert_eq!(company.open(Role::Ae, "/live").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn somebodys_seventh_stream_ends_their_first() {
    let company = Company::new(false).await;
    let version = company.app.load(company.org, company.deal).await.unwrap().version;
    let path = format!("/live?handoff={}&version={version}", company.deal);
    let mut streams = Vec::new();
    for _ in 0..7 {
        let mut stream = listen(&company, Role::Ae, &path).await;
        assert!(tokio::time::timeout(Duration::from_millis(50), event(&mut stream)).await.is_err());
        streams.push(stream);
    }
    assert_eq!(event(&mut streams[0]).await, None);
    assert!(tokio::time::timeout(Duration::from_millis(50), event(&mut streams[1])).await.is_err());
}
