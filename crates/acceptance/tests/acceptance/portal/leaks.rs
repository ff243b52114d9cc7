//! What a customer's pages do not hold: words of ours, whatever field they stand in, and anything a policy would refuse.

use throughline_domain::{handoff::command, record::Side};
use throughline_testkit::text;

use super::office::*;

/// What is asked and answered among us after the handoff, and a reason we gave each other.
fn fill(office: &Office) {
    let first = office.first.clone();
    let asked = office.does("maya", &first, command::AskQuestion { text: text("Canary-question") });
    let question = *asked.questions.keys().next().unwrap();
    office.does("ava", &first, command::AnswerQuestion { question, text: text("Canary-answer") });
    let plan = office.handoff(&first).plan.unwrap();
    let gone = *plan.milestones.iter().rfind(|(_, one)| one.side == Side::Us).unwrap().0;
    office.does("maya", &first, command::RemoveMilestone { id: gone, reason: Some(text("Canary-removed")) });
    office.does("maya", &first, command::CommentPlan { milestone: None, text: text("For you to read") });
}

/// Every page of the portal somebody can get to see, in and outside, with what they show when something is wrong.
fn pages(office: &Office) -> Vec<(String, Page)> {
    let mut hers = office.browser();
    let link = office.link(&mut hers, INES, &office.first);
    let mut other = office.browser();
    let mut found: Vec<(String, Page)> = Vec::new();
    for path in ["/portal", "/portal/sent", link.as_str(), "/portal/enter?key=x"] {
        found.push((path.to_owned(), hers.get(path)));
    }
    found.push(("another browser".to_owned(), other.get(&link)));
    found.push(("no address".to_owned(), hers.post("/portal", &[("email", "x")])));
    let code = other.enters(&link).0.header("location").unwrap().to_owned();
    found.push((code.clone(), other.get(&code)));
    let digits = office.digits(INES);
    let (org, key) = code.split_once("in=").unwrap().1.split_once("&key=").unwrap();
    let typed = other.post("/portal/code", &[("in", org), ("key", key), ("code", "none")]);
    found.push(("a wrong code".to_owned(), typed));
    other.post("/portal/code", &[("in", org), ("key", key), ("code", &digits)]).sent_to("/portal/plan");

    let plan = format!("/portal/plans/{}", office.first.id);
    found.push((plan.clone(), other.get(&plan)));
    let milestone = *office.handoff(&office.first).plan.unwrap().milestones.keys().next().unwrap();
    found.push(("a milestone".to_owned(), other.get(&format!("{plan}?open={milestone}"))));
    found.push(("nothing said".to_owned(), other.post(&format!("{plan}/comments"), &[("text", "")])));
    found.push((
        "no goal".to_owned(),
        other.post(&format!("{plan}/goals/{milestone}"), &[("answer", "right")]),
    ));
    let sign = format!("{plan}/sign");
    found.push((sign.clone(), other.get(&sign)));
    let to = other.post(&format!("{sign}/code"), &[]).0.header("location").unwrap().to_owned();
    found.push((to.clone(), other.get(to.split('#').next().unwrap())));
    found.push(("no code".to_owned(), other.post(&sign, &[("name", "Ines")])));
    found.push(("another's".to_owned(), other.get(&format!("/portal/plans/{}", office.second.id))));
    found
}

#[test]
fn no_word_of_ours_is_on_any_page_of_a_customer() {
    let office = Office::open();
    office.lets_in(&office.first, INES, true);
    fill(&office);
    let kept = serde_json::to_string(&office.handoff(&office.first)).unwrap();
    for planted in
        ["Canary-risks", "Canary-quote-goal", "Canary-question", "Canary-expansion", "Canary-stage"]
    {
        assert!(kept.contains(planted), "{planted} is nowhere: {kept}");
    }
    let pages = pages(&office);
    assert!(pages.len() > 12);
    let mut seen = String::new();
    for (which, page) in &pages {
        let lower = page.0.text.to_lowercase();
        for ours in [
            "canary",
            "987,654",
            "98765400",
            "brandt",
            "risk",
            "stakeholder",
            "throughline</",
            "/handoffs/",
            "/queue",
            "sign-in",
        ] {
            assert!(!lower.contains(ours), "{which} holds {ours}: {}", page.0);
        }
        seen.push_str(&page.0.text);
    }
    // The pages were the real ones.
    for theirs in ["Lindner closes the month", "For you to read", "Lindner GmbH", "What you agree to"] {
        assert!(seen.contains(theirs), "{theirs} is nowhere");
    }
}

/// The page without the one script it may run, the server's own.
fn without_the_zone(page: &str) -> String {
    let Some((before, after)) = page.split_once(r#"<script type="module" src="/assets/zone."#) else {
        return page.to_owned();
    };
    let (name, after) = after.split_once(r#".js"></script>"#).unwrap_or(("no script of its own file", ""));
    assert!(name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    format!("{before}{after}")
}

#[test]
fn no_page_of_a_customer_runs_or_loads_what_is_not_ours() {
    let office = Office::open();
    office.lets_in(&office.first, INES, true);
    for (which, page) in pages(&office) {
        let policy = page.0.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{which}"
        );
        assert_eq!(page.0.header("cache-control"), Some("no-store"), "{which}");
        assert_eq!(page.0.header("referrer-policy"), Some("same-origin"), "{which}");
        let text = without_the_zone(&page.0.text);
        for refused in [
            "<script",
            " style=",
            "<style",
            "javascript:",
            " onclick=",
            " onload=",
            " hx-",
            "http://",
            "https://",
        ] {
            assert!(!text.contains(refused), "{which} has `{refused}`: {}", page.0);
        }
    }
}

#[test]
fn what_a_stranger_types_is_text_on_both_sides() {
    const HOSTILE: &str = "<script>alert(1)</script>\"'{{ 7*7 }}";
    let office = Office::open();
    office.lets_in(&office.first, INES, true);
    let mut hers = office.inside(INES, &office.first);
    let plan = format!("/portal/plans/{}", office.first.id);
    hers.post(&format!("{plan}/comments"), &[("text", HOSTILE)]).is(303);
    let milestone = [("title", HOSTILE), ("side", "us"), ("owner", HOSTILE)];
    hers.post(&format!("{plan}/proposals"), &milestone).is(303);
    for page in [hers.get(&plan), office.maya().get(&format!("/handoffs/{}/plan", office.first.id))] {
        let page = page.is(200);
        assert!(
            page.contains("alert(1)") && !page.contains("<script>alert") && page.contains("7*7"),
            "{page}"
        );
    }
}
