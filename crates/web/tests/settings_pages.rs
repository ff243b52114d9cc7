//! Settings: the organisation's, days off, who may send, wishes and words. What their forms do, what they say to bad
//! input, and that strangers' text stays text.

#![expect(clippy::unwrap_used, reason = "a page that does not answer as it must ends the test")]

mod company;

use axum::http::StatusCode;
use company::{Company, HOSTILE, is_clean, words};
use throughline_domain::{Role, access::Action};

#[tokio::test]
async fn settings_change_and_bad_ones_are_told_in_their_place() {
    let company = Company::new(false).await;
    let path = "/settings/organisation";
    let wrong = company
        .post(Role::Admin, path, &[("name", HOSTILE), ("mode", "observe"), ("go_live_on", "soon")])
        .await;
    let wrong = wrong.refused();
    is_clean(path, &wrong);
    assert!(wrong.contains(r#"id="f-go_live_on-error""#) && wrong.contains("alert(1)"), "{}", words(&wrong));
    let owner = company.people[&Role::RevOps].0.to_string();
    let good = [
        ("name", "Acme 2"),
        ("mode", "observe"),
        ("go_live_on", "2026-10-01"),
        ("playbook", "four-domains"),
        ("process_owner", &owner),
    ];
    company.post(Role::Admin, path, &good).await.sent_to();
    let org = company.app.organisation(company.org).await.unwrap();
    assert_eq!(
        (org.name.as_str(), org.mode.name(), org.playbook.as_str()),
        ("Acme 2", "observe", "four-domains")
    );

    let calendar = "/settings/organisation/calendar";
    let bad = [
        ("zone", "Europe/Berlin"),
        ("weekend", "6"),
        ("hours_start", "09:00"),
        ("hours_end", "17:00"),
        ("holidays", "2026-12-25\n2026-02-30"),
    ];
    let page = company.post(Role::Admin, calendar, &bad).await.refused();
    assert!(words(&page).contains("Line 2:") && page.contains("2026-12-25\n2026-02-30"), "{}", words(&page));
    let good = [("zone", "Asia/Dubai"), ("weekend", "5"), ("weekend", "6"), ("holidays", "2026-12-25\n")];
    company.post(Role::Admin, calendar, &good).await.sent_to();
    let org = company.app.organisation(company.org).await.unwrap();
    assert_eq!((org.calendar.zone().name(), org.calendar.holidays().len()), ("Asia/Dubai", 1));
    assert_eq!(company.post(Role::Ae, path, &[("name", "Mine")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn settings_that_somebody_saved_meanwhile_are_shown_before_they_are_written_over() {
    let company = Company::new(false).await;
    let path = "/settings/organisation";
    let version = async || {
        let page = company.get(Role::Admin, path).await.shown();
        let version = page.split(r#"name="version" value=""#).nth(1).unwrap();
        version.split('"').next().unwrap().to_owned()
    };
    let read = version().await;
    company
        .post(Role::Admin, path, &[("version", &read), ("name", "Theirs"), ("mode", "observe")])
        .await
        .sent_to();
    let (ours, mode) = (("name", HOSTILE), ("mode", "block_close"));
    let page = company.post(Role::RevOps, path, &[("version", &read), ours, mode]).await;
    assert_eq!(page.status, StatusCode::PRECONDITION_FAILED);
    let html = page.body;
    is_clean(path, &html);
    let told = words(&html);
    assert!(
        told.contains("Somebody else saved") && told.contains("Theirs") && told.contains("Observe"),
        "{told}"
    );
    assert!(html.contains("alert(1)"), "what was typed is still there");
    assert_eq!(company.app.organisation(company.org).await.unwrap().name, "Theirs");
    // A calendar on the old version is not saved either.
    let calendar = [("version", read.as_str()), ("zone", "Asia/Dubai"), ("weekend", "5")];
    let page = company.post(Role::Admin, &format!("{path}/calendar"), &calendar).await;
    assert_eq!(page.status, StatusCode::PRECONDITION_FAILED);
    // Whoever has seen it and saves again means it.
    let read = version().await;
    company.post(Role::RevOps, path, &[("version", &read), ("name", "Ours"), mode]).await.sent_to();
    assert_eq!(company.app.organisation(company.org).await.unwrap().name, "Ours");
}

#[tokio::test]
async fn a_token_is_shown_once_narrowed_and_revoked() {
    let company = Company::new(false).await;
    let beyond = [("name", HOSTILE), ("role", "finance"), ("actions", "manage_people")];
    let page = company.post(Role::Admin, "/settings/tokens", &beyond).await.refused();
    is_clean("/settings/tokens", &page);
    assert!(words(&page).contains("may not"), "{}", words(&page));
    let good =
        [("name", HOSTILE), ("role", "rev_ops"), ("scope", "organisation"), ("actions", "preview_gate")];
    let page = company.post(Role::Admin, "/settings/tokens", &good).await.shown();
    is_clean("/settings/tokens", &page);
    let secret = page.split("value=\"tl_").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let caller = company.app.token_caller(&format!("tl_{secret}")).await.unwrap();
    assert!(caller.may(Action::PreviewGate).is_ok() && caller.may(Action::ManagePeople).is_err());
    assert!(
        !company.get(Role::Admin, "/settings/tokens").await.shown().contains(&secret),
        "shown a second time"
    );
    let id = company.app.tokens(&company.system()).await.unwrap()[0].id.to_string();
    company.post(Role::Admin, "/settings/tokens/revoke", &[("id", &id)]).await.sent_to();
    assert!(company.app.token_caller(&format!("tl_{secret}")).await.is_err());
}

#[tokio::test]
async fn a_system_is_let_in_shown_its_secret_and_shut_out() {
    let company = Company::new(false).await;
    let path = "/settings/events";
    let odd = company.post(Role::Admin, path, &[("name", HOSTILE), ("public_key", "")]).await.refused();
    is_clean(path, &odd);
    let secret_in = |page: &str| page.split("value=\"whsec_").nth(1).map(|rest| rest[..44].to_owned());
    let added = company.post(Role::RevOps, path, &[("name", "crm"), ("public_key", "")]).await.shown();
    is_clean(path, &added);
    let first = secret_in(&added).unwrap();
    assert!(added.contains("/api/v1/events/crm?org="));
    let page = company.get(Role::Admin, path).await.shown();
    assert!(words(&page).contains("crm") && secret_in(&page).is_none());
    let name = [("name", "crm")];
    let again = company.post(Role::Admin, "/settings/events/secret", &name).await.shown();
    assert_eq!(secret_in(&again).unwrap(), first);
    let next = company.post(Role::Admin, "/settings/events/rotate", &name).await.shown();
    assert_ne!(secret_in(&next).unwrap(), first);
    assert_eq!(company.post(Role::Ae, "/settings/events/secret", &name).await.status, StatusCode::FORBIDDEN);
    company.post(Role::Admin, "/settings/events/remove", &name).await.sent_to();
    assert_eq!(company.app.event_sources(&company.system()).await.unwrap(), []);
    let log = words(&company.get(Role::Admin, "/settings/audit").await.shown());
    assert!(log.contains("Looked at the secret of the event source crm"), "{log}");
}

#[tokio::test]
async fn one_settles_ones_own_zone_and_sessions_and_nobody_elses() {
    let company = Company::new(false).await;
    let wrong = company.post(Role::Ae, "/settings/zone", &[("zone", HOSTILE)]).await.refused();
    is_clean("/settings/zone", &wrong);
    company.post(Role::Ae, "/settings/zone", &[("zone", "Asia/Tokyo")]).await.sent_to();
    let me = company.people[&Role::Ae].0;
    assert_eq!(company.app.person(&company.system(), me).await.unwrap().zone.as_deref(), Some("Asia/Tokyo"));
    let other = company.app.open_session(company.org, me, "another").await.unwrap();
    let hash = throughline_app::secrets::hash(&other);
    let not_mine = company.post(Role::Csm, "/settings/sessions/end", &[("session", &hash)]).await;
    assert_eq!(not_mine.status, StatusCode::NOT_FOUND);
    assert!(company.app.session_caller(&other).await.is_ok());
    company.post(Role::Ae, "/settings/sessions/end", &[("session", &hash)]).await.sent_to();
    assert!(company.app.session_caller(&other).await.is_err());
}

const DAYS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Diwali <script>\r\n\
    DTSTART;VALUE=DATE:20261109\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nSUMMARY:<script>alert(1)\r\n\
    DTSTART:20261110T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[tokio::test]
async fn days_off_come_from_a_file_or_a_country_into_the_form_and_are_saved_only_with_it() {
    let company = Company::new(false).await;
    let file = |bytes: &'static str| [("file", Some("days.ics"), bytes.as_bytes())];
    let path = "/settings/organisation/calendar";
    let from_file = format!("{path}/file");
    let page = company.upload(Role::Admin, &from_file, &file(DAYS)).await.shown();
    is_clean(&from_file, &page);
    assert!(page.contains("2026-11-09") && words(&page).contains("One day off found"), "{}", words(&page));
    let odd = company.upload(Role::Admin, &from_file, &file("date;name\n2026-12-25;X\n")).await.refused();
    assert!(odd.contains(r#"id="f-file-error""#) && words(&odd).contains("line 1:"), "{}", words(&odd));
    let empty = company.upload(Role::Admin, &from_file, &file("")).await.refused();
    assert!(words(&empty).contains("choose a file"), "{}", words(&empty));
    let by_country = format!("{path}/country");
    let page = company.post(Role::Admin, &by_country, &[("country", "DE")]).await.shown();
    assert!(page.contains("2026-12-25"), "{}", words(&page));
    let odd = company.post(Role::Admin, &by_country, &[("country", "XX")]).await.refused();
    assert!(odd.contains(r#"id="f-country-error""#), "{}", words(&odd));
    assert_eq!(company.post(Role::Ae, &by_country, &[("country", "DE")]).await.status, StatusCode::FORBIDDEN);
    let org = company.app.organisation(company.org).await.unwrap();
    assert!(org.calendar.holidays().is_empty(), "nothing is saved by looking");
}

#[tokio::test]
async fn a_team_gets_a_calendar_of_its_own_and_gives_it_back() {
    let company = Company::new(false).await;
    company.post(Role::RevOps, "/people/teams", &[("name", HOSTILE)]).await.sent_to();
    let team = company.app.list_teams(&company.system()).await.unwrap()[0].id;
    let path = format!("/people/teams/{team}/calendar");
    assert!(company.get(Role::Admin, "/people/teams").await.shown().contains(&path));
    let page = company.get(Role::Admin, &path).await.shown();
    is_clean(&path, &page);
    assert!(
        page.contains("Europe/Berlin") && !page.contains(&format!("{path}/end")),
        "the organisation's, shown"
    );
    let bad = [("zone", "Asia/Kolkata"), ("weekend", "7"), ("holidays", "2026-11-09\nsoon")];
    let page = company.post(Role::Admin, &path, &bad).await.refused();
    assert!(words(&page).contains("Line 2:") && page.contains("Asia/Kolkata"), "{}", words(&page));
    let good = [("zone", "Asia/Kolkata"), ("weekend", "7"), ("holidays", "2026-11-09\n")];
    company.post(Role::Admin, &path, &good).await.sent_to();
    let own = || async { company.app.list_teams(&company.system()).await.unwrap()[0].calendar.clone() };
    assert_eq!(own().await.unwrap().zone().name(), "Asia/Kolkata");
    // What is found is added to the team's days, not to the organisation's.
    let page = company.post(Role::Admin, &format!("{path}/country"), &[("country", "US")]).await.shown();
    assert!(page.contains("2026-11-09") && page.contains("2026-11-26"), "{}", words(&page));
    let file = [("file", Some("days.ics"), DAYS.as_bytes())];
    let page = company.upload(Role::Admin, &format!("{path}/file"), &file).await.shown();
    assert!(words(&page).contains("0 of them new"), "{}", words(&page));
    for role in [Role::Ae, Role::Csm] {
        assert_eq!(company.get(role, &path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(company.post(role, &path, &good).await.status, StatusCode::FORBIDDEN);
        assert_eq!(company.post(role, &format!("{path}/end"), &[]).await.status, StatusCode::FORBIDDEN);
    }
    let log = company.get(Role::Admin, "/settings/audit").await.shown();
    assert!(words(&log).contains("Changed the calendar of team"), "{}", words(&log));
    company.post(Role::Admin, &format!("{path}/end"), &[]).await.sent_to();
    assert_eq!(own().await, None);
    assert_eq!(company.get(Role::Admin, "/people/teams/nobody/calendar").await.status, StatusCode::NOT_FOUND);
}

const OFFERED: &str = "/settings/templates/offered";
const OWN: &str = "Subject: {{ account }} is for you\r\n\r\nPlease look, {{ reader }}.\r\n";

#[tokio::test]
async fn wishes_are_previewed_saved_and_shown_and_bad_ones_come_back_as_typed() {
    let company = Company::new(false).await;
    let path = "/settings/notifications";
    let first = words(&company.get(Role::Ae, path).await.body);
    assert!(first.contains("as soon as there is a message") && first.contains("sends no mail"), "{first}");
    let topics = ["escalations", "accounts", "decisions", "questions", "gates", "progress"];
    let form = |how: &'static str, until: &'static str| {
        let fields = [("how", how), ("digest", "08:00"), ("quiet_from", "19:00"), ("quiet_until", until)];
        fields.into_iter().chain(topics.map(|topic| ("topic", topic))).collect::<Vec<_>>()
    };
    let mut preview = form("at_once", "07:00");
    preview.push(("do", "preview"));
    let page = company.post(Role::Ae, path, &preview).await;
    let said = words(&page.body);
    assert_eq!(page.status, StatusCode::OK);
    for sentence in ["Not saved yet", "between 19:00 and 07:00", "Never by mail: reminders"] {
        assert!(said.replace(['\u{2068}', '\u{2069}'], "").contains(sentence), "{sentence}: {said}");
    }
    assert!(
        !words(&company.get(Role::Ae, path).await.body).contains("Never by mail"),
        "a preview saves nothing"
    );

    let mut stale = form("daily", "07:00");
    stale.push(("version", "7"));
    assert_eq!(company.post(Role::Ae, path, &stale).await.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(company.post(Role::Ae, path, &form("daily", "07:00")).await.sent_to(), path);
    let kept = company.get(Role::Ae, path).await.body;
    let said = words(&kept).replace(['\u{2068}', '\u{2069}'], "");
    assert!(said.contains("one mail a day at 08:00") && said.contains("Never by mail: reminders"), "{said}");
    assert!(kept.contains(r#"value="daily" checked"#) && kept.contains(r#"value="gates" checked"#), "{kept}");
    assert!(!kept.contains(r#"value="reminders" checked"#));

    for (how, until, told) in [
        ("daily", "7", "is a time such as 08:00"),
        ("daily", "", "fill in both, or neither"),
        ("daily", "19:00", "must be another time"),
        ("sometimes", "07:00", "cannot be chosen here"),
    ] {
        let page = company.post(Role::Ae, path, &form(how, until)).await.refused();
        assert!(words(&page).contains(told), "{told}: {}", words(&page));
        assert!(page.contains(&format!(r#"value="{until}""#)) && page.contains(r#"value="19:00""#));
    }
    let hostile = company.post(Role::Ae, path, &[("how", HOSTILE), ("digest", HOSTILE)]).await.refused();
    is_clean(path, &hostile);
}

#[tokio::test]
async fn a_template_is_tried_saved_shown_against_the_shipped_one_and_given_back() {
    let company = Company::new(false).await;
    let check = company.post(Role::Admin, OFFERED, &[("text", OWN), ("do", "check")]).await;
    assert_eq!(check.status, StatusCode::OK);
    assert!(words(&check.body).contains("Söhne is for you"), "{}", words(&check.body));
    let list = || async { words(&company.get(Role::Admin, "/settings/templates").await.body) };
    assert!(!list().await.contains("Your own"), "a check saves nothing");
    let saved = company.post(Role::Admin, OFFERED, &[("text", OWN), ("version", "0")]).await;
    assert_eq!(saved.sent_to(), OFFERED);
    let page = company.get(Role::Admin, OFFERED).await.body;
    assert!(page.contains("<ins>") && page.contains("<del>"), "{page}");
    assert!(words(&page).contains("Please look, {{ reader }}."), "{}", words(&page));
    assert!(list().await.contains("Your own"));

    let late =
        company.post(Role::RevOps, OFFERED, &[("text", "Subject: x\n\nMine."), ("version", "0")]).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert!(words(&late.body).contains("Mine.") && words(&late.body).contains("is for you"));
    assert!(late.body.contains(r#"name="version" value="1""#), "the next save is meant");

    let faulty = [("text", "Subject: x\n\n{{ csm }} {{ 7 * 7 }}"), ("version", "1")];
    let page = company.post(Role::Admin, OFFERED, &faulty).await.refused();
    assert!(
        words(&page).contains("3:16") && words(&page).contains("{{ csm }} {{ 7 * 7 }}"),
        "{}",
        words(&page)
    );
    let hostile = company.post(Role::Admin, OFFERED, &[("text", HOSTILE)]).await.refused();
    is_clean(OFFERED, &hostile);
    let own = format!("Subject: x\n\n{}", HOSTILE.replace("{{ 7*7 }}", ""));
    let shown = company.post(Role::Admin, OFFERED, &[("text", &own), ("do", "check")]).await;
    is_clean(OFFERED, &shown.body);

    let restore = format!("{OFFERED}/restore");
    assert_eq!(company.post(Role::Admin, &restore, &[("version", "1")]).await.sent_to(), OFFERED);
    assert!(words(&company.get(Role::Admin, OFFERED).await.body).contains("These are the shipped words."));
    for (role, path) in [(Role::Ae, OFFERED), (Role::Ae, restore.as_str())] {
        assert_eq!(company.post(role, path, &[("text", OWN)]).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(company.get(Role::Admin, "/settings/templates/offerd").await.status, StatusCode::NOT_FOUND);
}
