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
    ("/board", Some(Action::Read)),
    ("/board?as=table&when=later&more-preparing=3&more-%3Cscript%3E=9", Some(Action::Read)),
    ("/board?stage=owned&team=%3Cscript%3E&segment=%3Cscript%3E&credit=open", Some(Action::Read)),
    ("/deals?ae=me&csm=%3Cscript%3E&source=x&kickoff=held&refused=on&when=soon", Some(Action::Read)),
    ("/views", Some(Action::Read)),
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
    ("/settings/tokens", Some(Action::ManageTokens)),
    ("/settings/events", Some(Action::ManageSettings)),
    ("/settings/events?received=0&source=crm&id=%3Cscript%3E", Some(Action::ManageSettings)),
    ("/settings/mail", Some(Action::ReadMessages)),
    ("/settings/mail?became=unused&before=%3Cscript%3E", Some(Action::ReadMessages)),
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
        format!("/people/{person}/share"),
    ];
    let needs = [Action::ReadPeople, Action::ManagePeople, Action::ManagePeople, Action::ManagePeople];
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
    for link in [format!("{path}/leave"), format!("{path}/reassign"), format!("{path}/share")] {
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
    assert!(
        words(&nobody).contains("nobody here is called who@acme.example or has that mail address"),
        "{}",
        words(&nobody)
    );
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

#[tokio::test]
async fn what_somebody_holds_is_shared_out_after_it_was_looked_at() {
    let company = Company::new(false).await;
    put_deal(&company.app, company.org, "crm", "D-2", "ae@acme.example").await;
    let person = |role: Role| company.people[&role].0.to_string();
    let (ae, csm, manager) = (person(Role::Ae), person(Role::Csm), person(Role::AeManager));
    let share = format!("/people/{ae}/share");
    let seller = async |id| company.app.load(company.org, id).await.unwrap().handoff.seller().to_string();

    let form = company.get(Role::RevOps, &share).await.shown();
    assert!(form.contains(&format!("value=\"{manager}\"")), "who leads AEs can take over");
    assert!(!form.contains(&format!("value=\"{csm}\"")), "who can be no AE is not offered");
    let nobody = company.post(Role::RevOps, &share, &[("step", "show")]).await.refused();
    assert!(words(&nobody).contains("choose somebody"), "{}", words(&nobody));
    let unfit = company.post(Role::RevOps, &share, &[("step", "show"), ("to", &csm)]).await.shown();
    assert!(words(&unfit).contains("nobody chosen has the role AE"), "{}", words(&unfit));
    assert!(!unfit.contains("value=\"move\""), "nothing to do");

    let plan = company.post(Role::RevOps, &share, &[("step", "show"), ("to", &manager)]).await.shown();
    is_clean(&share, &plan);
    assert!(words(&plan).contains("2 handoffs of") && plan.contains("value=\"move\""), "{}", words(&plan));
    assert_eq!(seller(company.deal).await, ae, "nothing has moved yet");

    let shown = format!("{manager},{csm};least_load;;;");
    let both = [("to", manager.as_str()), ("to", csm.as_str()), ("share", "least_load")];
    let mut asked = both.to_vec();
    asked.extend([("step", "move"), ("shown", shown.as_str())]);
    let why = company.post(Role::RevOps, &share, &asked).await;
    assert_eq!(why.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is asked for");
    assert!(words(&why.body).contains("Account D-2"), "what would move is still shown");
    let give = format!("give-{}", company.deal);
    asked.extend([("reason", HOSTILE), (give.as_str(), csm.as_str())]);
    let done = company.post(Role::RevOps, &share, &asked).await.shown();
    is_clean(&share, &done);
    let told = words(&done);
    assert!(told.contains("One handoff of") && told.contains("does not have the role AE"), "{told}");
    assert_eq!(seller(company.deal).await, ae, "what one refuses keeps no other back");
    let others = company.app.duties(&company.system(), manager.parse().unwrap(), 9).await.unwrap();
    assert_eq!(others.len(), 1);
    assert_eq!(company.post(Role::Ae, &share, &asked).await.status, StatusCode::FORBIDDEN);
}
