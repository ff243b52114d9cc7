//! How far somebody who is in reaches: to their own account, while they are let in, and no farther.

use super::office::*;

/// What a form holds.
type Fields = Vec<(&'static str, String)>;

/// Every address of a plan, with how it is asked for.
fn addresses(office: &Office, customer: &Customer) -> Vec<(&'static str, String, Fields)> {
    let handoff = office.handoff(customer);
    let plan = handoff.plan.as_ref().unwrap();
    let milestone = plan.milestones.keys().next().unwrap();
    let goal = handoff.record.items.keys().next().unwrap();
    let base = format!("/portal/plans/{}", customer.id);
    let field = |name, value: &str| vec![(name, value.to_owned())];
    vec![
        ("GET", base.clone(), Vec::new()),
        ("GET", format!("{base}/sign"), Vec::new()),
        ("POST", format!("{base}/goals/{goal}"), field("answer", "right")),
        ("POST", format!("{base}/prerequisites/people"), Vec::new()),
        ("POST", format!("{base}/milestones/{milestone}/own"), field("owner", "Me")),
        ("POST", format!("{base}/milestones/{milestone}/done"), field("on", "2026-03-01")),
        ("POST", format!("{base}/proposals"), [field("title", "Mine"), field("side", "us")].concat()),
        ("POST", format!("{base}/comments"), field("text", "Hello")),
        ("POST", format!("{base}/sign/code"), Vec::new()),
        (
            "POST",
            format!("{base}/sign"),
            [
                field("name", "Me"),
                field("code", "000000"),
                field("imprint", "x"),
                field("key", &customer.id.to_string()),
            ]
            .concat(),
        ),
    ]
}

fn ask(browser: &mut Browser, method: &str, path: &str, fields: &[(&'static str, String)]) -> Page {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if method == "GET" { browser.get(path) } else { browser.post(path, &fields) }
}

#[test]
fn another_customers_plan_is_not_there_at_any_address() {
    let office = Office::open();
    office.lets_in(&office.first, INES, true);
    let mut hers = office.inside(INES, &office.first);
    let before = (office.versions(), office.mails_to(INES).len());
    let unknown = "0197a000-0000-7000-8000-000000000001";
    for (method, path, fields) in addresses(&office, &office.second) {
        let theirs = ask(&mut hers, method, &path, &fields).is(404);
        let nobodys = path.replace(&office.second.id.to_string(), unknown);
        let nobodys = ask(&mut hers, method, &nobodys, &fields).is(404);
        // The page leads back to the address that was asked for, and to no other.
        let theirs = theirs.replace(&office.second.id.to_string(), unknown);
        assert_eq!(theirs, nobodys, "{method} {path} tells that it is there");
        assert!(!theirs.contains("Brandt"), "{method} {path}");
    }
    assert_eq!((office.versions(), office.mails_to(INES).len()), before);
    // What is another's is not reached through one's own plan either.
    let (first, second) = (office.handoff(&office.first), office.handoff(&office.second));
    let base = format!("/portal/plans/{}", office.first.id);
    let milestone = second.plan.as_ref().unwrap().milestones.keys().next().unwrap();
    let goal = second.record.items.keys().next().unwrap();
    for path in
        [format!("milestones/{milestone}/own"), format!("goals/{goal}"), "milestones/x/own".to_owned()]
    {
        let page = hers.post(&format!("{base}/{path}"), &[("owner", "Me"), ("answer", "right")]);
        assert!(matches!(page.0.status, 404 | 422), "{}", page.0);
    }
    assert_eq!(office.handoff(&office.first), first);
}

#[test]
fn whoever_is_not_in_is_sent_to_ask_for_a_link_and_nothing_happens() {
    let office = Office::open();
    let before = office.versions();
    let mut staff = office.maya();
    let staff_secret = staff.cookies["throughline"].clone();
    let mut forged = office.browser();
    forged.cookies.insert("throughline_portal".to_owned(), staff_secret);
    let mut odd = office.browser();
    odd.cookies.insert("throughline_portal".to_owned(), "x".repeat(4_000));
    for browser in [&mut office.browser(), &mut staff, &mut forged, &mut odd] {
        for (method, path, fields) in addresses(&office, &office.first) {
            ask(browser, method, &path, &fields).sent_to("/portal");
        }
        browser.get("/portal/plan").sent_to("/portal");
    }
    assert_eq!(office.versions(), before);
}

#[test]
fn a_visitor_reaches_no_page_of_the_staff_and_no_api() {
    let office = Office::open();
    office.lets_in(&office.first, INES, true);
    let mut hers = office.inside(INES, &office.first);
    let secret = hers.cookies["throughline_portal"].clone();
    hers.cookies.insert("throughline".to_owned(), secret.clone());
    let id = office.first.id;
    let account = office.first.account;
    for path in [
        "/queue".to_owned(),
        "/people".to_owned(),
        format!("/handoffs/{id}"),
        format!("/handoffs/{id}/plan"),
        format!("/handoffs/{id}/plan/customers"),
    ] {
        let got = hers.get(&path).0;
        assert!(got.status == 303 && got.header("location").unwrap().starts_with("/sign-in"), "{got}");
    }
    for path in [format!("/api/v1/handoffs/{id}"), format!("/api/v1/accounts/{account}/portal-people")] {
        hers.get(&path).is(401);
        let mut program = office.browser();
        program.headers = vec![("authorization", format!("Bearer {secret}"))];
        program.get(&path).is(401);
    }
}

#[test]
fn the_same_person_at_two_customers_is_two_and_neither_reaches_the_other() {
    let office = Office::open();
    office.lets_in(&office.first, INES, true);
    office.lets_in(&office.second, INES, false);
    let mut browser = office.browser();
    for (mine, other, signs) in
        [(&office.first, &office.second, true), (&office.second, &office.first, false)]
    {
        let link = office.link(&mut browser, INES, mine);
        browser.enters(&link).sent_to("/portal/plan");
        browser.get("/portal/plan").sent_to(&format!("/portal/plans/{}", mine.id));
        browser.get(&format!("/portal/plans/{}", mine.id)).is(200);
        browser.get(&format!("/portal/plans/{}", other.id)).is(404);
        let sign = browser.post(&format!("/portal/plans/{}/sign/code", mine.id), &[]).0.status;
        assert_eq!(sign, if signs { 303 } else { 403 });
        // One is in at one of them; at the other one asks.
        browser.get(&format!("/portal?at={}", other.account)).is(200);
        browser.get(&format!("/portal?at={}", mine.account)).sent_to("/portal/plan");
    }
}

#[test]
fn who_is_revoked_while_inside_is_out_at_once() {
    let office = Office::open();
    office.lets_in(&office.first, INES, true);
    let mut hers = office.inside(INES, &office.first);
    let mut other = office.browser();
    let link = office.link(&mut other, INES, &office.first);
    let plan = format!("/portal/plans/{}", office.first.id);
    hers.post(&format!("{plan}/sign/code"), &[]).is(303);
    let before = office.versions();

    let path = format!("/handoffs/{}/plan/customers", office.first.id);
    let page = office.maya().get(&path).is(200);
    let revoke = page.split("action=\"").find(|part| part.contains("/revoke\"")).unwrap();
    let revoke = revoke.split('"').next().unwrap();
    office.maya().post(revoke, &[]).sent_to(&path);
    assert!(office.maya().get(&path).is(200).contains("Not let in since"));

    hers.get(&plan).sent_to("/portal");
    hers.post(&format!("{plan}/comments"), &[("text", "Still here")]).sent_to("/portal");
    other.get(&link).is(410);
    other.enters(&link).is(410);
    assert_eq!(office.versions(), before);
    let mails = office.mails_to(INES).len();
    office.browser().post("/portal", &[("email", INES)]).is(303);
    assert_eq!(office.mails_to(INES).len(), mails, "and is mailed no link");
}

#[test]
fn a_page_that_is_open_from_before_lets_nobody_in_again() {
    let office = Office::open();
    office.lets_in(&office.first, INES, true);
    let path = format!("/handoffs/{}/plan/customers", office.first.id);
    let page = office.maya().get(&path).is(200);
    let revoke = page.split("action=\"").find(|part| part.contains("/revoke\"")).unwrap();
    let revoke = revoke.split('"').next().unwrap();
    let takes = revoke.strip_suffix("/revoke").unwrap();
    office.maya().post(revoke, &[]).sent_to(&path);
    // Somebody else presses *take the right to sign* on what they read before.
    let told = office.maya().post(takes, &[]).is(409);
    assert!(told.contains("let in no more by now") && told.contains("Not let in since"), "{told}");
    let told = office.maya().post(&path, &[("name", "Ines Calloway"), ("email", INES)]).is(409);
    assert!(told.contains("Not let in since"), "{told}");
    let mails = office.mails_to(INES).len();
    office.browser().post("/portal", &[("email", INES)]).is(303);
    assert_eq!(office.mails_to(INES).len(), mails, "she is out");
    office.maya().post(takes, &[("again", "on")]).sent_to(&path);
    assert!(!office.maya().get(&path).is(200).contains("Not let in since"));
    office.maya().post(takes, &[("again", "on"), ("may_sign", "on")]).is(409);
    office.maya().post(takes, &[("may_sign", "on")]).sent_to(&path);
}

#[test]
fn whoever_does_not_work_on_the_plan_lets_nobody_in() {
    let office = Office::open();
    let before = office.versions();
    let path = format!("/handoffs/{}/plan/customers", office.first.id);
    office.maya().get(&path).is(200);
    office.browser().get(&path).is(303);
    let mut page = office.maya();
    page.post(&path, &[("name", "Ines"), ("email", "nonsense")]).is(422);
    page.post(&path, &[("name", ""), ("email", INES)]).is(422);
    assert!(page.get(&path).is(200).contains("Nobody is let in yet"));
    assert_eq!(office.versions(), before);
}
