//! The pages beside the handoff: people, settings, deal desk, mailbox, the stand-in CRM, and the rest. Who may
//! see them, what their forms do, what they say to bad input, and that strangers' text stays text.

#![expect(clippy::unwrap_used, reason = "a page that does not answer as it must ends the test")]

mod company;

use axum::http::StatusCode;
use company::{Company, HOSTILE, is_clean, put_deal, words};
use throughline_app::HandleOptions;
use throughline_domain::{
    Role,
    access::{Action, allowed_somewhere},
    handoff::command::AddItem,
};
use throughline_store::PersonStatus;

/// Every page, with the right that it needs.
const PAGES: &[(&str, Option<Action>)] = &[
    ("/week", Some(Action::Read)),
    ("/week?show=late&playbook=default", Some(Action::Read)),
    ("/week?show=told&after=%3Cscript%3E", Some(Action::Read)),
    ("/week?show=coming&person=nobody", Some(Action::Read)),
    ("/week?show=done&team=%3Cscript%3E", Some(Action::Read)),
    ("/people", Some(Action::ReadPeople)),
    ("/people?show=unmapped", Some(Action::ReadPeople)),
    ("/people?q=%3Cscript%3Ealert(1)", Some(Action::ReadPeople)),
    ("/people/invite", Some(Action::ManagePeople)),
    ("/people/teams", Some(Action::ReadPeople)),
    ("/settings", None),
    ("/settings/organisation", None),
    ("/settings/notifications", None),
    ("/settings/templates", Some(Action::ManageSettings)),
    ("/settings/templates/offered", Some(Action::ManageSettings)),
    ("/settings/notifications", None),
    ("/settings/templates", Some(Action::ManageSettings)),
    ("/settings/templates/offered", Some(Action::ManageSettings)),
    ("/settings/tokens", Some(Action::ManageTokens)),
    ("/settings/events", Some(Action::ManageSettings)),
    ("/settings/events?received=0&source=crm&id=%3Cscript%3E", Some(Action::ManageSettings)),
    ("/settings/audit", Some(Action::Audit)),
    ("/settings/audit/verify", Some(Action::Audit)),
    ("/deal-desk", Some(Action::DecidePromise)),
    ("/deal-desk?view=decided", Some(Action::DecidePromise)),
    ("/playbooks", Some(Action::ReadPlaybooks)),
    ("/playbooks/default", Some(Action::ReadPlaybooks)),
    ("/playbooks/governed-gate", Some(Action::ReadPlaybooks)),
    ("/playbooks/full-context", Some(Action::ReadPlaybooks)),
    ("/playbooks/four-domains", Some(Action::ReadPlaybooks)),
    ("/playbooks/account-truth", Some(Action::ReadPlaybooks)),
    ("/playbooks/enterprise-protocol", Some(Action::ReadPlaybooks)),
    ("/playbooks/default/file", Some(Action::ReadPlaybooks)),
    ("/playbooks/default/file.yaml", Some(Action::ReadPlaybooks)),
    ("/playbooks/default/versions", Some(Action::ReadPlaybooks)),
    ("/publish-playbook?from=default", Some(Action::ManagePlaybooks)),
    ("/import", Some(Action::SendDeals)),
    ("/mailbox", None),
    ("/letters", None),
    ("/crm", None),
    ("/crm/D-1", None),
];

async fn with_a_promise(company: &Company) -> String {
    let item: AddItem = serde_json::from_value(serde_json::json!({
        "body": { "list": "promise", "what": format!("One hour answers {HOSTILE}"), "kind": "sla", "strength": "promised" },
        "evidence": { "source": "call", "quote": HOSTILE, "speaker": HOSTILE, "on": "2026-11-20" },
    }))
    .unwrap();
    let caller = company.caller(Role::Ae).await;
    let loaded = company
        .app
        .handle(&caller, company.deal, item, HandleOptions::default())
        .await
        .unwrap()
        .passed()
        .unwrap();
    let (item, _) = loaded.handoff.record.promises().next().unwrap();
    format!("/deal-desk/{}/{}", company.deal, item.id)
}

#[tokio::test]
async fn every_page_shows_to_whom_it_may_and_is_refused_to_others() {
    let company = Company::new(true).await;
    with_a_promise(&company).await;
    put_deal(&company.app, company.org, "crm", "D-2", "stranger@elsewhere.example").await;
    company.app.sweep_outbox().await.unwrap();
    let person = company.people[&Role::Ae].0;
    let one = [
        format!("/people/{person}"),
        format!("/people/{person}/leave"),
        format!("/people/{person}/reassign"),
    ];
    let needs = [Action::ReadPeople, Action::ManagePeople, Action::ManagePeople];
    let pages = PAGES.iter().map(|(path, needs)| ((*path).to_owned(), *needs));
    let pages: Vec<_> = pages.chain(one.into_iter().zip(needs.map(Some))).collect();
    for role in Role::ALL {
        let grants = company.caller(role).await.grants;
        for (path, needs) in &pages {
            let page = company.get(role, path).await;
            let may = needs.is_none_or(|action| allowed_somewhere(&grants, action));
            let wanted = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(page.status, wanted, "{role} {path}: {}", words(&page.body));
            if !path.ends_with(".yaml") {
                is_clean(path, &page.body);
            }
        }
    }
}

#[tokio::test]
async fn mailbox_and_stand_in_are_of_the_demo_alone() {
    let company = Company::new(false).await;
    for path in ["/mailbox", "/crm", "/crm/D-1"] {
        assert_eq!(company.get(Role::RevOps, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let closed = company.post(Role::RevOps, "/crm/D-1/stage", &[("stage", "Closed Won")]).await;
    assert_eq!(closed.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_invitation_gives_a_link_and_a_bad_one_gives_the_form_back() {
    let company = Company::new(false).await;
    let bad = [("name", HOSTILE), ("email", "nobody"), ("roles", "csm")];
    let page = company.post(Role::Admin, "/people/invite", &bad).await.refused();
    is_clean("/people/invite", &page);
    assert!(page.contains("alert(1)") && page.contains("is no mail address"), "{}", words(&page));
    assert!(page.contains(r#"value="csm" checked"#), "what was ticked stays ticked");
    let roleless =
        company.post(Role::Admin, "/people/invite", &[("name", "Ida"), ("email", "ida@acme.example")]).await;
    assert!(words(&roleless.refused()).contains("at least one role"));
    let good = [
        ("name", "Ida"),
        ("email", "ida@acme.example"),
        ("roles", "csm"),
        ("roles", "cs_leader"),
        ("scope_cs_leader", "team"),
    ];
    let page = company.post(Role::Admin, "/people/invite", &good).await.shown();
    assert!(page.contains("http://localhost/welcome?key="), "{}", words(&page));
    let found = company.app.list_people(&company.system(), Some("ida@"), None, 5).await.unwrap().rows;
    assert_eq!((found[0].status, found[0].grants.len()), (PersonStatus::Invited, 2));
    let again = company.post(Role::Admin, &format!("/people/{}/invite", found[0].id), &good).await.shown();
    assert!(again.contains("/welcome?key="));
}

#[tokio::test]
async fn a_persons_page_leads_where_it_says_changes_them_and_gives_a_link_for_a_new_password() {
    let company = Company::new(false).await;
    let ae = company.people[&Role::Ae].0;
    let path = format!("/people/{ae}");
    let page = company.get(Role::RevOps, &path).await.shown();
    for form in [path.clone(), format!("{path}/reset")] {
        assert!(page.contains(&format!("action=\"{form}\"")), "no form for {form}");
    }
    for link in [format!("{path}/leave"), format!("{path}/reassign")] {
        assert!(page.contains(&format!("href=\"{link}\"")), "no link to {link}");
    }
    let changed = [("name", "Ada Berg"), ("email", "ada@acme.example"), ("roles", "ae"), ("roles", "se")];
    company.post(Role::RevOps, &path, &changed).await.sent_to();
    let held = company.app.person(&company.system(), ae).await.unwrap();
    assert_eq!((held.name.as_str(), held.email.as_deref()), ("Ada Berg", Some("ada@acme.example")));
    assert_eq!(held.grants.len(), 2, "{:?}", held.grants);
    let bad = [("name", "Ada Berg"), ("email", "ada at acme"), ("roles", "ae")];
    let again = company.post(Role::RevOps, &path, &bad).await.refused();
    assert!(again.contains("ada at acme"), "what was typed is kept: {}", words(&again));

    let link = company.post(Role::RevOps, &format!("{path}/reset"), &[]).await.shown();
    let key = link.split("/welcome?key=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let welcome = company.get(Role::Ae, &format!("/welcome?key={key}")).await.shown();
    assert!(words(&welcome).contains("Ada Berg"), "{}", words(&welcome));
    let password = [("key", key), ("password", "a long enough sentence")];
    company.post(Role::Ae, "/welcome", &password).await.sent_to();
    let twice = company.get(Role::Ae, &format!("/welcome?key={key}")).await;
    assert_eq!(twice.status, 410, "a link works once");
}

#[tokio::test]
async fn somebody_with_open_handoffs_leaves_only_with_a_successor() {
    let company = Company::new(false).await;
    let (ae, csm) = (company.people[&Role::Ae].0, company.people[&Role::Csm].0);
    let manager = company.people[&Role::AeManager].0;
    let leave = format!("/people/{ae}/leave");
    let shown = words(&company.get(Role::RevOps, &format!("{leave}?to={manager}")).await.shown());
    assert!(shown.contains("One handoff goes from"), "{shown}");
    let picker = company.get(Role::RevOps, &leave).await.shown();
    assert!(picker.contains(&format!("<option value=\"{manager}\"")), "{shown}");
    assert!(!picker.contains(&format!("<option value=\"{csm}\"")), "who cannot be the AE is not offered");
    let unfit = words(&company.get(Role::RevOps, &format!("{leave}?to={csm}")).await.shown());
    assert!(unfit.contains("does not have the role AE") && !unfit.contains("goes from"), "{unfit}");
    let alone = company.post(Role::RevOps, &leave, &[]).await.refused();
    assert!(words(&alone).contains("duties nobody has taken over"), "{}", words(&alone));
    let other = company.post(Role::RevOps, &leave, &[("to", &csm.to_string())]).await.refused();
    assert!(words(&other).contains("does not have the role AE"), "{}", words(&other));
    company.post(Role::RevOps, &leave, &[("to", &manager.to_string())]).await.sent_to();
    let left = company.app.person(&company.system(), ae).await.unwrap();
    assert_eq!(left.status, PersonStatus::Deactivated);
    let handoff = company.app.load(company.org, company.deal).await.unwrap().handoff;
    assert_eq!(handoff.seller(), manager);
    let log = company.get(Role::Auditor, "/settings/audit").await.shown();
    is_clean("/settings/audit", &log);
    assert!(words(&log).contains("left; ae_manager"), "{}", words(&log));
    assert!(log.contains(&format!("href=\"/people/{ae}\"")), "who left is a step away");
}

#[tokio::test]
async fn the_audit_log_speaks_in_sentences_and_leaves_routine_out_unless_asked() {
    let company = Company::new(false).await;
    let mut routine = company::audit(&company.app);
    routine.action = "deliver".into();
    company.app.store().apply(company.org, Vec::new(), routine).await.unwrap();
    let log = words(&company.get(Role::Auditor, "/settings/audit").await.shown());
    assert!(log.contains("Signed in") && !log.contains("sign-in"), "{log}");
    assert!(!log.contains("Delivered a message"), "{log}");
    let all = words(&company.get(Role::Auditor, "/settings/audit?all=yes").await.shown());
    assert!(all.contains("Delivered a message"), "{all}");
}

#[tokio::test]
async fn setting_up_marks_every_wrong_field_at_once() {
    let company = Company::new(false).await;
    let fields =
        [("company", " "), ("zone", "Mars/Olympus"), ("name", HOSTILE), ("email", "x"), ("password", "x")];
    let page = company.post(Role::Ae, "/setup", &fields).await.refused();
    is_clean("/setup", &page);
    for wrong in ["company", "zone", "email", "password"] {
        assert!(page.contains(&format!("id=\"f-{wrong}-error\"")), "{wrong}: {}", words(&page));
    }
    assert!(!page.contains("id=\"f-name-error\"") && !page.contains("role=\"alert\""), "{}", words(&page));
}

#[tokio::test]
async fn handing_over_asks_for_a_reason_and_keeps_what_was_typed() {
    let company = Company::new(false).await;
    let (ae, to) = (company.people[&Role::Ae].0, company.people[&Role::AeManager].0.to_string());
    let path = format!("/people/{ae}/reassign");
    let refused = company.post(Role::RevOps, &path, &[("to", &to), ("reason", " ")]).await.refused();
    assert!(refused.contains(r#"id="f-reason-error""#), "{}", words(&refused));
    let nobody =
        company.post(Role::RevOps, &path, &[("to", "who@acme.example"), ("reason", HOSTILE)]).await.refused();
    is_clean(&path, &nobody);
    assert!(words(&nobody).contains("nobody here has the mail address"), "{}", words(&nobody));
    company.post(Role::RevOps, &path, &[("to", &to), ("reason", HOSTILE)]).await.sent_to();
    assert_eq!(company.app.load(company.org, company.deal).await.unwrap().handoff.seller().to_string(), to);
}

#[tokio::test]
async fn an_owner_from_a_crm_is_mapped_and_the_handoffs_go_over() {
    let company = Company::new(false).await;
    let deal = put_deal(&company.app, company.org, "crm", "D-9", "stranger@elsewhere.example").await;
    let stub = company.app.load(company.org, deal).await.unwrap().handoff.seats[&Role::Ae].person;
    let list = company.get(Role::RevOps, "/people?show=unmapped").await.shown();
    assert!(list.contains(&format!("/people/{stub}/map")), "{}", words(&list));
    let ae = company.people[&Role::Ae].0.to_string();
    let path = format!("/people/{stub}/map");
    assert!(
        words(&company.get(Role::RevOps, &format!("{path}?to={ae}")).await.shown())
            .contains("One handoff goes")
    );
    company.post(Role::RevOps, &path, &[("to", &ae)]).await.sent_to();
    assert_eq!(company.app.load(company.org, deal).await.unwrap().handoff.seller().to_string(), ae);
    let again = company.post(Role::RevOps, &format!("/people/{ae}/map"), &[("to", &ae)]).await.refused();
    assert!(words(&again).contains("Only an owner known from a CRM"), "{}", words(&again));
}

#[tokio::test]
async fn the_address_of_a_refused_form_leads_back_to_its_page() {
    let company = Company::new(true).await;
    let person = company.people[&Role::Ae].0;
    for (posted, page) in [
        ("/settings/zone".to_owned(), "/settings".to_owned()),
        ("/settings/organisation/calendar".to_owned(), "/settings/organisation".to_owned()),
        (format!("/people/{person}/invite"), format!("/people/{person}")),
        (format!("/deal-desk/{}/x", company.deal), "/deal-desk".to_owned()),
    ] {
        assert_eq!(company.get(Role::RevOps, &posted).await.sent_to(), page);
    }
}

#[tokio::test]
async fn teams_are_made_and_changed() {
    let company = Company::new(false).await;
    let manager = company.people[&Role::AeManager].0.to_string();
    let blank =
        company.post(Role::RevOps, "/people/teams", &[("name", ""), ("manager", &manager)]).await.refused();
    assert!(blank.contains("f-name-new-error"), "{}", words(&blank));
    company.post(Role::RevOps, "/people/teams", &[("name", HOSTILE), ("manager", &manager)]).await.sent_to();
    let teams = company.app.list_teams(&company.system()).await.unwrap();
    let id = teams[0].id.to_string();
    is_clean("/people/teams", &company.get(Role::RevOps, "/people/teams").await.shown());
    company.post(Role::RevOps, "/people/teams", &[("id", &id), ("name", "North")]).await.sent_to();
    assert_eq!(company.app.list_teams(&company.system()).await.unwrap()[0].name, "North");
    assert_eq!(
        company.post(Role::Csm, "/people/teams", &[("name", "Mine")]).await.status,
        StatusCode::FORBIDDEN
    );
}

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

#[tokio::test]
async fn the_audit_page_says_that_the_chains_are_whole() {
    let company = Company::new(false).await;
    let page = words(&company.get(Role::Auditor, "/settings/audit/verify").await.shown());
    assert!(page.contains("every chain is whole") && page.contains("That was all of them"), "{page}");
    let odd = company.get(Role::Auditor, "/settings/audit/verify?after=nonsense").await;
    assert!(odd.status.is_client_error());
}

#[tokio::test]
async fn the_audit_page_misses_what_was_committed_and_is_nowhere() {
    let company = Company::new(false).await;
    // As after a first stretch that counted more than there is now.
    let gone =
        words(&company.get(Role::Auditor, "/settings/audit/verify?opened=2&committed=900").await.shown());
    assert!(gone.contains("One handoff that was kept here is gone"), "{gone}");
    let back =
        words(&company.get(Role::Auditor, "/settings/audit/verify?opened=1&committed=900").await.shown());
    assert!(back.contains("facts that were kept here are in no handoff any more"), "{back}");
    assert!(!back.contains("every chain is whole") && !back.contains("handoff that was kept"), "{back}");
}

#[tokio::test]
async fn who_guesses_passwords_is_told_how_long_to_wait() {
    let company = Company::new(false).await;
    let guess = [("email", "ae@acme.example"), ("password", "correct horse battery")];
    for _ in 0..5 {
        let page = company.post(Role::Ae, "/sign-in", &guess).await;
        assert_eq!((page.status, page.retry_after.as_str()), (StatusCode::UNAUTHORIZED, ""));
    }
    let page = company.post(Role::Ae, "/sign-in", &guess).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.retry_after.parse::<u64>().is_ok_and(|seconds| seconds > 0), "{:?}", page.retry_after);
    assert!(page.body.contains("ae@acme.example"), "what was typed stays");
}

#[tokio::test]
async fn the_desk_decides_with_a_reason_and_gives_back_what_was_typed_without() {
    let company = Company::new(false).await;
    let path = with_a_promise(&company).await;
    let open = company.get(Role::DealDesk, "/deal-desk").await.shown();
    assert!(
        words(&open).contains("One hour answers") && words(&open).contains("decide by"),
        "{}",
        words(&open)
    );
    let missing =
        company.post(Role::DealDesk, &path, &[("verdict", "declined"), ("reason", "  ")]).await.refused();
    assert!(missing.contains("-error"), "{}", words(&missing));
    let odd =
        company.post(Role::DealDesk, &path, &[("verdict", "maybe"), ("reason", HOSTILE)]).await.refused();
    is_clean(&path, &odd);
    assert!(odd.contains("alert(1)"), "what was typed stays");
    let product = company.post(Role::Product, &path, &[("verdict", "approved"), ("reason", "Fine")]).await;
    assert!(product.status.is_client_error(), "it was routed to the deal desk");
    company.post(Role::DealDesk, &path, &[("verdict", "countered"), ("reason", HOSTILE)]).await.sent_to();
    assert!(words(&company.get(Role::DealDesk, "/deal-desk").await.shown()).contains("Nothing waits"));
    let decided = company.get(Role::DealDesk, "/deal-desk?view=decided&state=to_be_corrected").await.shown();
    is_clean("/deal-desk", &decided);
    assert!(words(&decided).contains("To be corrected"), "{}", words(&decided));
    assert_eq!(
        company.post(Role::Ae, &path, &[("verdict", "approved"), ("reason", "x")]).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn the_crm_is_told_no_and_shows_why_and_then_yes() {
    let company = Company::new(true).await;
    let refused = company.post(Role::Ae, "/crm/D-1/stage", &[("stage", "Closed Won")]).await.sent_to();
    assert_eq!(refused, "/crm/D-1?refused=handoff");
    let page = company.get(Role::Ae, &refused).await.shown();
    is_clean("/crm", &page);
    assert!(words(&page).contains("The deal was not closed"), "{}", words(&page));
    assert!(
        page.contains(&format!("/handoffs/{}#ask-", company.deal)),
        "each gap leads to where it is filled"
    );
    let csm = company.people[&Role::Csm].0.to_string();
    let refused = company.post(Role::Ae, "/crm/D-1/csm", &[("csm", &csm)]).await.sent_to();
    assert_eq!(refused, "/crm/D-1?refused=csm_assignment");
    let deal = company.app.load(company.org, company.deal).await.unwrap().handoff.deal;
    assert!(deal.csm.is_none() && deal.closed_at.is_none(), "what was refused was not done");
    company.post(Role::Ae, "/crm/D-1/stage", &[("stage", "Proposal")]).await.sent_to();
    assert_eq!(company.app.load(company.org, company.deal).await.unwrap().handoff.deal.stage, "Proposal");
    assert!(company.post(Role::Ae, "/crm/D-1/stage", &[("stage", HOSTILE)]).await.status.is_client_error());
    // Told, not stopped, where the organisation does not block closing.
    let settings = throughline_app::orgs::Settings {
        mode: Some(throughline_domain::gate::Mode::Observe),
        ..Default::default()
    };
    company.app.change_settings(&company.system(), settings).await.unwrap();
    assert_eq!(
        company.post(Role::Ae, "/crm/D-1/stage", &[("stage", "Closed Won")]).await.sent_to(),
        "/crm/D-1"
    );
    let handoff = company.app.load(company.org, company.deal).await.unwrap().handoff;
    assert_eq!(handoff.deal.standing, throughline_domain::deal::Standing::Won);
}

#[tokio::test]
async fn letters_are_read_one_by_one_and_only_ones_own() {
    let company = Company::new(true).await;
    with_a_promise(&company).await;
    company.app.sweep_outbox().await.unwrap();
    let all = company.app.letters(&company.system(), true, None, 50).await.unwrap();
    let of = |role| all.iter().find(|letter| letter.to == Some(company.people[&role].0)).unwrap();
    let to_desk = of(Role::DealDesk);
    let own = company.get(Role::DealDesk, &format!("/letters/{}", to_desk.id)).await.shown();
    is_clean("/letters", &own);
    let other = company.get(Role::Finance, &format!("/letters/{}", to_desk.id)).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let missing = company.get(Role::Finance, "/mailbox/00000000-0000-0000-0000-000000000001").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    for letter in &all {
        is_clean("/mailbox", &company.get(Role::Finance, &format!("/mailbox/{}", letter.id)).await.shown());
    }
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
