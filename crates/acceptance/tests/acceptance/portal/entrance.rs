//! Coming in: by a link in the browser that asked, in another by a code too, and by nothing else.

use super::office::*;

fn office() -> Office {
    let office = Office::open();
    office.lets_in(&office.first, INES, false);
    office
}

#[test]
fn a_link_opens_the_portal_once_in_the_browser_that_asked() {
    let office = office();
    let mut hers = office.browser();
    let link = office.link(&mut hers, INES, &office.first);
    let shown = hers.get(&link).is(200);
    assert!(shown.contains("Hello Ines Calloway") && shown.contains("Northwind"), "{shown}");
    assert!(!hers.is_in(), "looking lets nobody in");
    hers.enters(&link).sent_to("/portal/plan");
    assert!(hers.is_in());
    // Used up, for her and for everybody.
    hers.get(&link).is(410);
    hers.enters(&link).is(410);
    office.browser().enters(&link).is(410);
    // Signed out the session is over, also for who kept its cookie.
    let mut kept = office.browser();
    kept.cookies = hers.cookies.clone();
    hers.post("/portal/leave", &[]).sent_to(&format!("/portal?at={}", office.first.account));
    assert!(!hers.is_in() && !kept.is_in());
}

#[test]
fn programs_that_look_through_mail_use_nothing_up() {
    let office = office();
    let mut hers = office.browser();
    let link = office.link(&mut hers, INES, &office.first);
    let before = office.mails_to(INES).len();
    for method in ["GET", "HEAD", "GET", "OPTIONS", "GET"] {
        let mut scanner = office.browser();
        let got = scanner.ask(method, &link, None);
        assert!(matches!(got.0.status, 200 | 405), "{}", got.0);
        assert!(!scanner.is_in() && got.cookies().iter().all(|cookie| !cookie.contains("portal=")));
    }
    assert_eq!(office.mails_to(INES).len(), before, "and no code is mailed for it");
    hers.enters(&link).sent_to("/portal/plan");
}

#[test]
fn whoever_asks_hears_the_same_known_or_not_and_at_any_account() {
    let office = office();
    let (known, elsewhere) = (office.first.account.to_string(), office.second.account.to_string());
    let ask = |email: &str, at: &str| {
        let mut browser = office.browser();
        browser.get("/portal").is(200);
        let page = browser.post("/portal", &[("email", email), ("at", at)]);
        let mut heard = page.0.headers.clone();
        heard.retain(|(name, _)| !matches!(name.as_str(), "set-cookie" | "location" | "date"));
        let location = page.0.header("location").unwrap().replace(at, "AT");
        (page.0.status, location, heard, page.0.text)
    };
    let answer = ask(INES, &known);
    assert_eq!(answer.0, 303);
    for (email, at) in
        [("nobody@customer.example", &known), (INES, &elsewhere), ("maya@northwind.example", &known)]
    {
        assert_eq!(ask(email, at), answer, "{email} {at}");
    }
    let unknown = "0197a000-0000-7000-8000-000000000001";
    assert_eq!(ask(INES, unknown), answer);
    for no_address in ["", "ines", "ines@customer", "a b@customer.example", &"x".repeat(9_000)] {
        let page = office.browser().post("/portal", &[("email", no_address)]).is(422);
        assert!(page.contains("This is not a mail address"), "{page}");
    }
    assert_eq!(office.mails_to("nobody@customer.example").len(), 0);
}

#[test]
fn a_forged_an_old_and_a_cut_off_link_open_nothing() {
    let office = office();
    let mut hers = office.browser();
    let link = office.link(&mut hers, INES, &office.first);
    let key = link.split_once("key=").unwrap().1.to_owned();
    let long = "x".repeat(3_000);
    for forged in ["", "x", &key[1..], &key.to_lowercase(), &format!("{key}x"), &long, "%00", "<script>"] {
        let page = hers.post("/portal/enter", &[("key", forged)]).is(410);
        assert!(page.contains("Ask for a fresh one") && !page.contains("<script>"), "{page}");
        hers.get(&format!("/portal/enter?key={}", throughline_app::gates::escaped(forged))).is(410);
        assert!(!hers.is_in());
    }
    office.later(10);
    hers.get(&link).is(410);
    hers.enters(&link).is(410);
    assert!(!hers.is_in());
}

#[test]
fn a_link_that_was_passed_on_needs_the_code_that_only_its_owner_is_mailed() {
    let office = office();
    let mut hers = office.browser();
    let link = office.link(&mut hers, INES, &office.first);
    let mut theirs = office.browser();
    assert!(theirs.get(&link).is(200).contains("another browser"));
    let to = theirs.enters(&link).0.header("location").unwrap().to_owned();
    assert!(to.starts_with("/portal/code?in=") && !theirs.is_in(), "{to}");
    let (org, key) = to.split_once("in=").unwrap().1.split_once("&key=").unwrap();
    let types = |browser: &mut Browser, code: &str| {
        browser.post("/portal/code", &[("in", org), ("key", key), ("code", code)])
    };
    theirs.get(&to).is(200);
    let digits = office.digits(INES);
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    assert!(types(&mut theirs, wrong).is(422).contains("This is another code"));
    // The code is of the browser that was sent away for it.
    types(&mut hers, &digits).is(410);
    types(&mut office.browser(), &digits).is(410);
    hers.enters(&link).is(410);
    types(&mut theirs, &format!(" {} {}", &digits[..3], &digits[3..])).sent_to("/portal/plan");
    assert!(theirs.is_in() && !hers.is_in());
    types(&mut theirs, &digits).is(410);
}

#[test]
fn a_code_is_over_after_five_tries() {
    let office = office();
    let mut hers = office.browser();
    let link = office.link(&mut hers, INES, &office.first);
    let mut theirs = office.browser();
    let to = theirs.enters(&link).0.header("location").unwrap().to_owned();
    let (org, key) = to.split_once("in=").unwrap().1.split_once("&key=").unwrap();
    let digits = office.digits(INES);
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        theirs.post("/portal/code", &[("in", org), ("key", key), ("code", wrong)]).is(422);
    }
    theirs.post("/portal/code", &[("in", org), ("key", key), ("code", &digits)]).is(410);
    assert!(!theirs.is_in());
    for (org, key) in [("", ""), ("x", key), (org, "x"), (key, org)] {
        theirs.post("/portal/code", &[("in", org), ("key", key), ("code", &digits)]).is(410);
    }
}

#[test]
fn from_one_network_a_link_is_asked_for_twenty_times_an_hour() {
    let office = office();
    for number in 0..20 {
        let email = format!("p{number}@customer.example");
        office.browser().post("/portal", &[("email", &email)]).is(303);
    }
    let mut page = office.browser();
    let page = page.post("/portal", &[("email", INES)]);
    assert!(
        page.0.header("retry-after").is_some_and(|wait| wait.parse::<u64>().unwrap() > 3_000),
        "{}",
        page.0
    );
    let text = page.is(429);
    assert!(
        text.contains("Too many links were asked for") && text.contains(INES),
        "what was typed stays: {text}"
    );
    // Other pages are no matter.
    office.browser().get("/portal").is(200);
}

#[test]
fn a_form_of_another_site_does_nothing() {
    let office = office();
    let mut hers = office.inside(INES, &office.first);
    let plan = format!("/portal/plans/{}", office.first.id);
    let mut other = office.browser();
    let link = office.link(&mut other, INES, &office.first);
    let before = (office.versions(), office.mails_to(INES).len());
    for said in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("x-nothing", "neither"),
    ] {
        hers.headers = vec![(said.0, said.1.to_owned())];
        other.headers = hers.headers.clone();
        hers.post(&format!("{plan}/comments"), &[("text", "Hello")]).is(403);
        hers.post("/portal/leave", &[]).is(403);
        hers.post("/portal", &[("email", INES)]).is(403);
        other.enters(&link).is(403);
    }
    hers.headers.clear();
    other.headers.clear();
    assert_eq!((office.versions(), office.mails_to(INES).len()), before);
    assert!(hers.is_in());
    other.enters(&link).sent_to("/portal/plan");
}

#[test]
fn cookies_are_out_of_the_reach_of_scripts_and_over_https_of_the_open_line() {
    for secure in [false, true] {
        let office = Office::at(secure);
        let asked = office.browser().get("/portal");
        let browser = asked.cookies().into_iter().find(|one| one.contains("browser")).unwrap();
        assert!(browser.contains("; HttpOnly") && browser.contains("; SameSite=Lax"), "{browser}");
        assert_eq!(browser.contains("; Secure"), secure, "{browser}");
        assert_eq!(browser.starts_with("__Host-"), secure, "{browser}");
    }
    let office = office();
    let mut hers = office.browser();
    let link = office.link(&mut hers, INES, &office.first);
    let entered = hers.enters(&link);
    let session = entered.cookies().into_iter().find(|one| one.starts_with("throughline_portal=")).unwrap();
    assert!(session.contains("; HttpOnly") && session.contains("; SameSite=Lax"), "{session}");
}
