//! Pages that take files, and long lists: playbooks published, exports imported; bad files told with a way out.

#![expect(clippy::unwrap_used, reason = "a page that does not answer as it must ends the test")]

mod company;

use axum::http::StatusCode;
use company::{Company, HOSTILE, is_clean, put_person, words};
use throughline_domain::{Role, playbook::shipped};

#[tokio::test]
async fn a_playbook_is_checked_with_lines_kept_as_typed_and_published() {
    let company = Company::new(false).await;
    let source = shipped::source("default").unwrap();
    let broken = source.replace("transfer_on: warm_intro", &format!("transfer_on: some_day # {HOSTILE}"));
    let page = company
        .upload(
            Role::RevOps,
            "/publish-playbook",
            &[("source", None, broken.as_bytes()), ("do", None, b"publish")],
        )
        .await;
    let page = page.refused();
    is_clean("/publish-playbook", &page);
    let line = 1 + source.lines().position(|line| line.starts_with("transfer_on:")).unwrap();
    assert!(words(&page).contains(&format!("{line}:")), "{}", words(&page));
    assert!(page.contains("alert(1)"), "the text stays");

    let changed = source.replace("transfer_on: warm_intro", "transfer_on: kickoff");
    let checked = company
        .upload(
            Role::RevOps,
            "/publish-playbook",
            &[("source", None, changed.as_bytes()), ("do", None, b"check")],
        )
        .await;
    let checked = words(&checked.shown());
    assert!(checked.contains("No faults found") && checked.contains("One difference"), "{checked}");
    assert_eq!(
        company.app.list_playbooks(&company.system()).await.unwrap().len(),
        shipped::shipped().len(),
        "a check publishes nothing"
    );

    let file = [
        ("source", None, &b"typed before"[..]),
        ("file", Some("p.yaml"), changed.as_bytes()),
        ("do", None, &b"publish"[..]),
    ];
    assert_eq!(
        company.upload(Role::RevOps, "/publish-playbook", &file).await.sent_to(),
        "/playbooks/default"
    );
    let versions = words(&company.get(Role::Csm, "/playbooks/default/versions").await.shown());
    assert!(versions.contains("From version 1 to 2") && versions.contains("kickoff"), "{versions}");
    let old = words(&company.get(Role::Csm, "/playbooks/default?version=1").await.shown());
    assert!(old.contains("Older version 1"), "{old}");
    let empty = company
        .upload(Role::RevOps, "/publish-playbook", &[("source", None, b" "), ("do", None, b"publish")])
        .await;
    assert!(words(&empty.refused()).contains("Paste a playbook"));
    assert_eq!(company.upload(Role::Ae, "/publish-playbook", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(company.get(Role::Ae, "/playbooks/none").await.status, StatusCode::NOT_FOUND);
}

/// Waits until a file's check or import is over, as the page's own polling does.
async fn finished(company: &Company, path: &str) -> String {
    for _ in 0..2_000 {
        let page = company.get(Role::RevOps, path).await.shown();
        if !page.contains("hx-trigger=\"every 1s\"") {
            return page;
        }
        tokio::task::yield_now().await;
    }
    String::new()
}

const DEALS: &str = "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Amount Currency,Close Date,Owner Email\n\
    006bm00000LKJNNAA5,<script>alert(1)</script>,Nordlys,Negotiation,48000,EUR,2026-12-01,ae@acme.example\n\
    006bm00000LKJNPAA5,Second,Halden,Negotiation,about 5k,EUR,next spring,new@elsewhere.example\n\
    006bm00000LKJNQAA5,Third,Halden,Closed Won,100,EUR,2020-01-01,new@elsewhere.example\n";

#[tokio::test]
async fn a_file_is_checked_without_writing_then_imported_and_refused_rows_come_back() {
    let company = Company::new(false).await;
    let before = company.app.store().ids(company.org, None, 100).await.unwrap().len();
    let form = [("file", Some("deals.csv"), DEALS.as_bytes()), ("go_live_on", None, &b"2026-01-01"[..])];
    let path = company.upload(Role::RevOps, "/import", &form).await.sent_to();
    let page = finished(&company, &path).await;
    is_clean(&path, &page);
    let shown = words(&page);
    assert!(shown.contains("What would happen") && shown.contains("Import 2 deals"), "{shown}");
    assert!(shown.contains("next spring") && shown.contains("Salesforce"), "{shown}");
    assert_eq!(
        company.app.store().ids(company.org, None, 100).await.unwrap().len(),
        before,
        "a check writes nothing"
    );

    let rejects = company.get(Role::RevOps, &format!("{path}/rejects.csv")).await.shown();
    assert!(rejects.contains("Second") && !rejects.contains("Third"), "{rejects}");
    let theirs = company.get(Role::Ae, &path).await;
    assert!(theirs.status.is_client_error(), "somebody else's file is not there");

    company.post(Role::RevOps, &format!("{path}/run"), &[]).await.sent_to();
    let shown = words(&finished(&company, &path).await);
    assert!(shown.contains("Imported") && shown.contains("Owners nobody here knows"), "{shown}");
    let after = company.app.store().ids(company.org, None, 100).await.unwrap().len();
    assert!(after > before, "{shown}");

    let path = company.upload(Role::RevOps, "/import", &form).await.sent_to();
    finished(&company, &path).await;
    company.post(Role::RevOps, &format!("{path}/run"), &[]).await.sent_to();
    finished(&company, &path).await;
    assert_eq!(
        company.app.store().ids(company.org, None, 100).await.unwrap().len(),
        after,
        "the same file twice"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_told_with_a_way_out_and_choices_stay() {
    let company = Company::new(false).await;
    for (content, told) in [(&b""[..], "choose a file"), (&b"\x00\x01\x02\xff\xfe binary"[..], "")] {
        let form = [("file", Some("x.csv"), content), ("go_live_on", None, &b"2026-01-01"[..])];
        let page = company.upload(Role::RevOps, "/import", &form).await.refused();
        is_clean("/import", &page);
        assert!(page.contains("f-file-error") && words(&page).contains(told), "{}", words(&page));
        assert!(page.contains("2026-01-01"), "the date stays");
    }
    // A list of something else can be read; that it holds no deals is said beside its columns.
    let people = &b"First Name,Last Name,Email\nA,B,a@b.example\n"[..];
    let path = company.upload(Role::RevOps, "/import", &[("file", Some("x.csv"), people)]).await.sent_to();
    let page = words(&finished(&company, &path).await);
    assert!(page.contains("not of deals") || page.contains("rows are deals"), "{page}");
    let form = [("file", Some("deals.csv"), DEALS.as_bytes()), ("go_live_on", None, &b"2026-01-01"[..])];
    let path = company.upload(Role::RevOps, "/import", &form).await.sent_to();
    finished(&company, &path).await;
    let twice = [
        ("go_live_on", "2026-02-02"),
        ("column_1", "external_id"),
        ("column_2", "name"),
        ("column_3", "name"),
    ];
    let page = company.post(Role::RevOps, &format!("{path}/check"), &twice).await.refused();
    assert!(words(&page).contains("one column only") && page.contains("2026-02-02"), "{}", words(&page));
    let fine = [
        ("go_live_on", "2026-02-02"),
        ("currency", "eur"),
        ("column_1", "external_id"),
        ("column_2", "name"),
        ("column_4", "stage"),
    ];
    company.post(Role::RevOps, &format!("{path}/check"), &fine).await.sent_to();
    let page = finished(&company, &path).await;
    assert!(words(&page).contains("What would happen"), "{}", words(&page));
    company.post(Role::RevOps, &format!("{path}/forget"), &[]).await.sent_to();
    assert_eq!(company.get(Role::RevOps, &path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn long_lists_are_read_page_by_page() {
    let company = Company::new(false).await;
    for number in 0..40 {
        put_person(&company.app, company.org, &format!("Owner {number:02} {}", "long".repeat(30)), None)
            .await;
    }
    for list in ["/people", "/people?show=unmapped"] {
        let (mut path, mut seen) = (list.to_owned(), 0);
        for _ in 0..10 {
            let page = company.get(Role::RevOps, &path).await.shown();
            seen += page.matches("role=\"rowheader\"").count();
            let Some(next) = page.split("rel=\"next\"").next().filter(|_| page.contains("rel=\"next\""))
            else {
                break;
            };
            path = next.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&#38;", "&");
        }
        let all = if list == "/people" { 40 + Role::ALL.len() } else { 40 };
        assert_eq!(seen, all, "{list}");
    }
}
