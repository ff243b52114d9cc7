//! The first run: setting up, inviting many, the sample with its walks, and lists that have nothing in them yet.

#![expect(clippy::unwrap_used, reason = "a page that does not answer as it must ends the test")]

mod company;

use axum::http::StatusCode;
use company::{Company, HOSTILE, is_clean, put_person, words};
use throughline_domain::{OrgId, Role};

const START: &str = "/settings/start";

#[tokio::test]
async fn setting_up_tells_how_each_step_stands_to_who_may_change_it() {
    let company = Company::new(false).await;
    let page = company.get(Role::Admin, START).await.shown();
    is_clean(START, &page);
    let said = words(&page);
    // Somebody in every role and a deal are there; mail is not, and the calendar has no holidays.
    assert!(said.contains("One deal has a record."), "{said}");
    assert!(said.contains("This server sends no mail."), "{said}");
    assert!(said.contains("no holidays yet"), "{said}");
    assert!(said.contains("4 of 7 settled"), "{said}");
    assert_eq!(page.matches(r#"aria-current="step""#).count(), 1);
    for role in [Role::Ae, Role::Csm, Role::DealDesk, Role::Auditor] {
        assert_eq!(company.get(role, START).await.status, StatusCode::FORBIDDEN, "{role:?}");
    }
    assert!(!company.get(Role::Ae, "/settings").await.shown().contains(START));
}

#[tokio::test]
async fn playbooks_stand_side_by_side_and_one_press_takes_one() {
    let company = Company::new(false).await;
    let path = "/settings/start/playbook";
    let page = company.get(Role::RevOps, path).await.shown();
    is_clean(path, &page);
    assert_eq!(
        page.matches("start-card\"").count() + page.matches("start-card ").count(),
        6,
        "{}",
        words(&page)
    );
    assert_eq!(company.post(Role::RevOps, path, &[("playbook", "four-domains")]).await.sent_to(), START);
    assert_eq!(company.app.organisation(company.org).await.unwrap().playbook, "four-domains");
    assert_eq!(company.post(Role::RevOps, path, &[("playbook", "none")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(company.post(Role::Ae, path, &[("playbook", "default")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn many_are_invited_by_pasted_lines_and_faults_stay_to_be_mended() {
    let company = Company::new(false).await;
    let path = "/people/invite/many";
    let lines = format!("Maya Lind, maya@new.example, CSM\n{HOSTILE}, x@new.example, king\n");
    let checked = company.post(Role::Admin, path, &[("lines", &lines), ("do", "check")]).await.shown();
    is_clean(path, &checked);
    assert!(words(&checked).contains("1 would be invited, one line is wrong"), "{}", words(&checked));
    assert!(!checked.contains("/welcome?key="));

    let done = company.post(Role::Admin, path, &[("lines", &lines), ("do", "invite")]).await.shown();
    is_clean(path, &done);
    assert!(words(&done).contains("1 invited, one line left to mend"), "{}", words(&done));
    assert_eq!(done.matches("http://localhost/welcome?key=").count(), 1);
    let left = done.split("<textarea").nth(1).unwrap().split("</textarea>").next().unwrap();
    assert!(left.contains("king") && !left.contains("Maya"), "{left}");

    let nobody = company.post(Role::Admin, path, &[("lines", "Maya"), ("do", "invite")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    company.post(Role::Admin, path, &[("lines", " \n"), ("do", "invite")]).await.refused();
    assert_eq!(company.post(Role::Ae, path, &[("lines", &lines)]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_sample_is_added_looked_at_with_a_walk_and_removed_whole() {
    let company = Company::new(false).await;
    assert!(words(&company.get(Role::Ae, "/sample").await.shown()).contains("There is no sample here"));
    assert_eq!(company.post(Role::Ae, "/settings/start/sample", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(company.post(Role::Admin, "/settings/start/sample", &[]).await.sent_to(), "/sample");
    // A second press adds no second one.
    company.post(Role::Admin, "/settings/start/sample", &[]).await.sent_to();

    let page = company.get(Role::Csm, "/sample").await.shown();
    is_clean("/sample", &page);
    let amara = person(&page, "Amara Osei");
    assert_eq!(company.post(Role::Csm, "/sample", &[("person", &amara)]).await.sent_to(), "/queue");
    let queue = company.get(Role::Csm, "/queue").await.shown();
    is_clean("/queue", &queue);
    assert!(queue.contains("Sample: nothing here is real") && queue.contains("Halden Logistics"));
    assert!(queue.contains("1 of 5:"), "{}", words(&queue));
    assert!(!queue.contains("Account D-1"), "nothing real is shown in it");
    // It leads to where the first step is done.
    let place = queue.split("walk-acts").nth(1).unwrap().split("href=\"").nth(1).unwrap();
    let place = place.split('"').next().unwrap().split('#').next().unwrap().to_owned();
    assert!(company.get(Role::Csm, &place).await.shown().contains("ask-executive_sponsor"));
    assert_eq!(company.get(Role::Csm, "/import").await.status, StatusCode::FORBIDDEN);
    assert_eq!(company.get(Role::Csm, START).await.status, StatusCode::FORBIDDEN);
    // Others are where they were.
    let real = company.get(Role::Ae, "/deals").await.shown();
    assert!(real.contains("Account D-1") && !real.contains("Halden") && !real.contains("class=\"walk\""));

    company.post(Role::Csm, "/sample", &[]).await.sent_to();
    assert!(!company.get(Role::Csm, "/queue").await.shown().contains("Sample: nothing"));

    let preview = company.get(Role::Admin, "/settings/start/sample/remove").await.shown();
    assert!(
        words(&preview).contains("11 deals") && words(&preview).contains("11 people"),
        "{}",
        words(&preview)
    );
    let elena = person(&page, "Elena Varga");
    company.post(Role::RevOps, "/sample", &[("person", &elena)]).await.sent_to();
    assert_eq!(company.post(Role::Admin, "/settings/start/sample/remove", &[]).await.sent_to(), START);
    // Who was in it is back, and real data are as they were.
    let back = company.get(Role::RevOps, "/deals").await.shown();
    assert!(back.contains("Account D-1") && !back.contains("Sample: nothing"));
    company.post(Role::Admin, "/settings/start/sample/remove", &[]).await.sent_to();
}

/// The id of somebody of the sample, as their button has it.
fn person(page: &str, name: &str) -> String {
    let row = page.split("<li>").find(|row| row.contains(name)).unwrap();
    row.split("name=\"person\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn lists_of_an_organisation_without_deals_say_what_comes_and_lead_to_it() {
    let mut company = Company::new(false).await;
    let empty = company.app.create_org("empty", "Empty", throughline_app::orgs::default_calendar().unwrap());
    let empty = empty.await.unwrap().id;
    for role in [Role::Admin, Role::RevOps, Role::Ae, Role::Csm, Role::DealDesk] {
        moves(&mut company, empty, role).await;
    }
    for path in ["/queue", "/week", "/deals", "/board"] {
        let page = company.get(Role::RevOps, path).await.shown();
        is_clean(path, &page);
        assert!(page.contains(&format!("btn btn-primary\" href=\"{START}\"")), "{path}: {}", words(&page));
        let page = company.get(Role::Ae, path).await.shown();
        assert!(page.contains("btn btn-primary\" href=\"/deals/open\""), "{path}: {}", words(&page));
        let page = company.get(Role::Csm, path).await.shown();
        assert!(words(&page).contains("There is nothing for you to do yet"), "{path}: {}", words(&page));
    }
    let desk = company.get(Role::DealDesk, "/deal-desk").await.shown();
    assert!(words(&desk).contains("No promises yet"), "{}", words(&desk));
    // What is set up there begins with its people.
    let start = company.get(Role::Admin, START).await.shown();
    assert!(words(&start).contains("No deal yet."), "{}", words(&start));
}

async fn moves(company: &mut Company, to: OrgId, role: Role) {
    let id = put_person(&company.app, to, &format!("new {}", role.name()), Some(role)).await;
    let secret = company.app.open_session(to, id, "").await.unwrap();
    company.people.insert(role, (id, secret));
}

#[tokio::test]
async fn what_somebody_chooses_about_their_walk_is_theirs_and_leads_back() {
    let company = Company::new(false).await;
    let sent = company.post(Role::Ae, "/walk", &[("do", "hide"), ("back", "/deals?q=a")]).await.sent_to();
    assert_eq!(sent, "/deals?q=a");
    let sent =
        company.post(Role::Ae, "/walk", &[("do", "skip"), ("task", HOSTILE), ("back", "//evil")]).await;
    assert_eq!(sent.sent_to(), "/");
}
