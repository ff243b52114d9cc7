//! The board, the list's filters, and saved views: what they show, and that nothing but a filter can be saved.

#![expect(clippy::unwrap_used, reason = "a page that does not answer as it must ends the test")]

mod company;

use axum::http::StatusCode;
use company::{Company, is_clean, words};
use jiff::Timestamp;
use throughline_app::{App, deals::DealOptions};
use throughline_domain::{HandoffId, OrgId, Role};

/// Deals of one AE, each of a customer of its own.
async fn deals(company: &Company, count: usize) -> Vec<HandoffId> {
    let mut ids = Vec::new();
    for number in 0..count {
        ids.push(a_deal(&company.app, company.org, number).await);
    }
    ids
}

async fn a_deal(app: &App, org: OrgId, number: usize) -> HandoffId {
    let deal = serde_json::from_value(serde_json::json!({
        "source": "crm", "external_id": format!("B-{number}"), "source_time": "2026-11-20T09:00:00Z",
        "name": format!("Rollout {number}"), "account": format!("Customer {number:03}"),
        "close_on": if number.is_multiple_of(2) { "2026-12-20" } else { "2027-03-20" },
        "arr": { "minor": 4_800_000, "currency": "EUR" },
        "segment": if number.is_multiple_of(2) { "Mid" } else { "Enterprise" },
        "owner": { "email": "ae@acme.example" },
    }))
    .unwrap();
    let options = DealOptions { open_now: true, ..DealOptions::default() };
    app.put_deal(&throughline_app::Caller::system(org), deal, options).await.unwrap().handoff.unwrap()
}

fn cards(page: &str) -> usize {
    page.matches("data-card").count()
}

#[tokio::test]
async fn the_board_shows_a_page_of_each_column_and_more_of_one_at_a_time() {
    let company = Company::new(false).await;
    deals(&company, 35).await;
    let page = company.get(Role::RevOps, "/board").await.shown();
    is_clean("/board", &page);
    assert_eq!(cards(&page), 15, "{}", words(&page));
    assert!(page.contains("€48,000") && page.contains("Show more (21 left)"), "{}", words(&page));
    let more = page.split("href=\"/board?more-preparing=30").nth(1).unwrap();
    assert!(more.starts_with("#more-preparing\""), "{more:.60}");
    let page = company.get(Role::RevOps, "/board?more-preparing=30").await.shown();
    assert_eq!(cards(&page), 30);
    let page = company.get(Role::RevOps, "/board?more-preparing=9999&as=table").await.shown();
    assert_eq!((cards(&page), page.matches("Rollout ").count()), (0, 35), "{}", words(&page));
    assert!(!page.contains("Show more"));
    let owned = company.get(Role::RevOps, "/board?stage=owned").await.shown();
    assert_eq!((cards(&owned), owned.matches("board-column").count()), (0, 0));
    assert!(
        words(&owned).contains("Nothing found") && owned.contains("class=\"empty\""),
        "{}",
        words(&owned)
    );
}

#[tokio::test]
async fn the_board_says_what_is_late_and_what_is_due_soon() {
    let company = Company::new(false).await;
    let ids = deals(&company, 2).await;
    let mut row = company.app.store().row(company.org, ids[0]).await.unwrap().unwrap();
    let due: Timestamp = row.next_due_at.unwrap();
    row.account = String::new();
    let page = company.get(Role::RevOps, "/board?q=Customer").await.shown();
    let now = company.app.now();
    let group = match due {
        due if due < now => "Late",
        due if due < now + jiff::SignedDuration::from_hours(48) => "Due soon",
        _ => "In time",
    };
    let shown = words(&page);
    assert!(shown.contains(group), "{group}: {shown}");
    for (when, here) in
        [("late", group == "Late"), ("soon", group == "Due soon"), ("later", group == "In time")]
    {
        let page = company.get(Role::RevOps, &format!("/board?q=Customer+000&when={when}")).await.shown();
        assert_eq!(cards(&page) == 1, here, "{when}: {}", words(&page));
    }
}

#[tokio::test]
async fn each_filter_of_the_list_narrows_it_and_stays_in_its_links() {
    let company = Company::new(false).await;
    deals(&company, 60).await;
    for (query, count) in [
        ("segment=Mid", 30),
        ("segment=Mid&q=customer+00", 5),
        ("credit=released", 0),
        ("refused=on", 0),
        ("kickoff=held", 0),
        ("ae=me&segment=Enterprise", 30),
    ] {
        let page = company.get(Role::Ae, &format!("/deals?{query}")).await.shown();
        assert_eq!(page.matches("Rollout ").count(), count, "{query}: {}", words(&page));
    }
    let page = company.get(Role::Ae, "/deals?segment=Mid&sort=account&life=all").await.shown();
    assert!(page.contains("<option value=\"Mid\" selected>"), "{page}");
    let page = company.get(Role::Ae, "/deals?life=live&segment=&q=customer").await.shown();
    assert!(page.contains("/deals?q=customer&#38;after="), "blank filters are not in its links");
    is_clean("/deals", &page);
}

#[tokio::test]
async fn what_is_missing_next_leads_to_the_very_field() {
    let company = Company::new(false).await;
    let id = deals(&company, 1).await[0];
    let row = company.app.store().row(company.org, id).await.unwrap().unwrap();
    let place = throughline_app::gates::place(id, row.next_about.as_ref().unwrap());
    assert!(place.contains("#ask-"), "{place}");
    let page = company.get(Role::Ae, "/deals").await.shown();
    assert!(page.contains(&format!("href=\"{place}\"")), "{place}: {page}");
    assert!(page.contains(&format!("/handoffs/{id}/gates#gate-credit")), "its credit is a press away");
    let there = company.get(Role::Ae, place.split('#').next().unwrap()).await.shown();
    assert!(there.contains(&format!("id=\"{}\"", place.split('#').nth(1).unwrap())), "{place}");
}

#[tokio::test]
async fn questions_to_the_ae_stand_first() {
    let company = Company::new(false).await;
    let id = deals(&company, 1).await[0];
    let csm = company.people[&Role::Csm].0;
    let nominate = throughline_domain::handoff::command::Nominate { csm };
    company.app.handle(&company.system(), id, nominate, Default::default()).await.unwrap();
    let page = company.get(Role::Ae, "/deals").await.shown();
    assert!(!page.contains("have questions for you") && !page.contains("has questions for you"));
    let posted =
        company.post(Role::Csm, &format!("/handoffs/{id}/questions"), &[("text", "Who signs?")]).await;
    posted.sent_to();
    let page = company.get(Role::Ae, "/deals").await.shown();
    let (first, rest) = page.split_once("One deal has questions for you").unwrap();
    assert!(!first.contains("Rollout") && rest.contains(&format!("/handoffs/{id}/questions")));
    let narrowed = company.get(Role::Ae, "/deals?segment=Mid").await.shown();
    assert!(!narrowed.contains("has questions for you"), "who narrows the list looks for something");
}

#[tokio::test]
async fn a_view_is_saved_pinned_opened_first_renamed_shared_and_removed() {
    let company = Company::new(false).await;
    deals(&company, 3).await;
    let page = company.get(Role::RevOps, "/deals?segment=Mid&sort=account").await.shown();
    assert!(page.contains("name=\"query\" value=\"segment=Mid&#38;sort=account\""), "{page}");
    let fields = [
        ("name", "Mid by name"),
        ("place", "deals"),
        ("query", "segment=Mid&sort=account"),
        ("shared", "all"),
    ];
    let to = company.post(Role::RevOps, "/views", &fields).await.sent_to();
    assert_eq!(to, "/deals?segment=Mid&sort=account");
    let page = company.get(Role::RevOps, &to).await.shown();
    assert!(page.contains("aria-current=\"page\">Mid by name"), "{page}");
    assert!(!page.contains("id=\"save-view\""), "what is saved is not saved again");
    // An AE sees it behind the tabs, pins it, and opens with it.
    let page = company.get(Role::Ae, "/deals").await.shown();
    assert!(page.contains("class=\"menu-item\" href=\"/deals?segment=Mid&#38;sort=account\""), "{page}");
    let views = company.get(Role::Ae, "/views").await.shown();
    is_clean("/views", &views);
    assert!(views.contains("Not yours to change") && !views.contains("/remove"), "{}", words(&views));
    let id = views.split("/views/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let choice = format!("/views/{id}/choice");
    company.post(Role::Ae, &choice, &[("pinned", "on"), ("first", "on")]).await.sent_to();
    assert_eq!(company.get(Role::Ae, "/deals").await.sent_to(), "/deals?segment=Mid&sort=account");
    assert_eq!(company.get(Role::Ae, "/deals?life=live").await.shown().matches("Rollout ").count(), 3);
    assert_eq!(company.get(Role::RevOps, "/deals").await.status, StatusCode::OK, "each for themselves");
    // Who may not change it does not.
    for path in [format!("/views/{id}"), format!("/views/{id}/remove")] {
        let got = company.post(Role::Ae, &path, &[("name", "mine"), ("shared", "nobody")]).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{path}");
    }
    let renamed = [("name", "Mid market"), ("shared", "all"), ("version", "1")];
    company.post(Role::RevOps, &format!("/views/{id}"), &renamed).await.sent_to();
    let stale = company.post(Role::RevOps, &format!("/views/{id}"), &renamed).await;
    assert!(stale.status.is_client_error(), "{}", stale.status);
    assert!(company.get(Role::Ae, "/views").await.shown().contains("Mid market"));
    company.post(Role::RevOps, &format!("/views/{id}/remove"), &[]).await.sent_to();
    assert_eq!(company.get(Role::Ae, "/deals").await.status, StatusCode::OK);
    assert!(!company.get(Role::Ae, "/views").await.shown().contains("Mid market"));
}

#[tokio::test]
async fn only_filters_are_saved_and_only_whoever_may_shares_them() {
    let company = Company::new(false).await;
    for query in ["//evil.example", "next=https://evil.example", "stage=owned&back=/x", "q=%0d%0aLocation: x"]
    {
        let fields = [("name", "x"), ("place", "deals"), ("query", query)];
        let got = company.post(Role::Ae, "/views", &fields).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(!company.get(Role::Ae, "/views").await.shown().contains("evil"), "{query}");
    }
    let shared = [("name", "x"), ("place", "board"), ("query", "stage=owned"), ("shared", "all")];
    assert_eq!(company.post(Role::Ae, "/views", &shared).await.status, StatusCode::FORBIDDEN);
    let blank = [("name", " "), ("place", "board"), ("query", "stage=owned")];
    let refused = company.post(Role::Ae, "/views", &blank).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"stage=owned\""), "what was shown can still be saved");
    let own = [("name", "<b>mine</b>"), ("place", "board"), ("query", "stage=owned"), ("shared", "nobody")];
    assert_eq!(company.post(Role::Ae, "/views", &own).await.sent_to(), "/board?stage=owned");
    assert!(company.get(Role::Ae, "/board").await.shown().contains("&#60;b&#62;mine"));
    assert!(!company.get(Role::Csm, "/views").await.shown().contains("mine"), "others do not see it");
}

#[tokio::test]
async fn what_each_csm_holds_stands_beside_the_choice() {
    let company = Company::new(false).await;
    let ids = deals(&company, 2).await;
    let csm = company.people[&Role::Csm].0;
    let nominate = throughline_domain::handoff::command::Nominate { csm };
    company.app.handle(&company.system(), ids[0], nominate, Default::default()).await.unwrap();
    let page = company.get(Role::CsLeader, &format!("/handoffs/{}/review", ids[1])).await.shown();
    let table =
        page.split("class=\"table table-cards workload\"").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(table.contains("data-label=\"Nominated\">1<") && table.contains("€48,000"), "{table}");
    let auditor = company.get(Role::Auditor, &format!("/handoffs/{}/review", ids[1])).await.shown();
    assert!(!auditor.contains("workload"), "who may not nominate is not told");
}
