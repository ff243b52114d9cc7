//! What somebody who is in does, from their first look to the signature, and how it looks from the other side.

use throughline_domain::{
    handoff::{Handoff, PlanForm, command},
    record::{Body, Side, Source},
};

use super::office::*;

struct Visit {
    office: Office,
    hers: Browser,
    plan: String,
}

impl Visit {
    fn new(signs: bool) -> Self {
        let office = Office::open();
        office.lets_in(&office.first, INES, signs);
        let hers = office.inside(INES, &office.first);
        let plan = format!("/portal/plans/{}", office.first.id);
        Self { office, hers, plan }
    }

    fn handoff(&self) -> Handoff {
        self.office.handoff(&self.office.first)
    }

    /// Posts to a part of the plan, and is sent back to a place of it.
    #[track_caller]
    fn does(&mut self, part: &str, fields: &[(&str, &str)], back: &str) {
        let (path, back) = (format!("{}/{part}", self.plan), format!("{}{back}", self.plan));
        self.hers.post(&path, fields).sent_to(&back);
    }

    #[track_caller]
    fn page(&mut self) -> String {
        self.hers.get(&self.plan.clone()).is(200)
    }
}

/// What a hidden field of a page holds.
fn held(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn a_customer_answers_for_their_goals_and_makes_the_plan() {
    let mut visit = Visit::new(false);
    let handoff = visit.handoff();
    let goal = *handoff.record.items.keys().next().unwrap();
    let plan = handoff.plan.as_ref().unwrap();
    let theirs = *plan.milestones.iter().find(|(_, one)| one.side == Side::Customer).unwrap().0;
    let ours = *plan.milestones.iter().find(|(_, one)| one.side == Side::Us).unwrap().0;
    let page = visit.page();
    for seen in [
        "What we need from you",
        "Lindner closes the month in three days",
        "Who is answerable for your account",
        "Account executive",
    ] {
        assert!(page.contains(seen), "{seen}: {page}");
    }

    let read = held(&page, "read");
    visit.does(&format!("goals/{goal}"), &[("answer", "right"), ("read", &read)], &format!("#goal-{goal}"));
    visit.does(
        &format!("goals/{goal}"),
        &[("answer", "other"), ("words", "Close in two days"), ("read", &read)],
        &format!("#goal-{goal}"),
    );
    // Somebody else of theirs has the page open from before: they are shown what it is now.
    for stale in [[("answer", "right"), ("words", "")], [("answer", "other"), ("words", "In one day")]] {
        let fields = stale.into_iter().chain([("read", read.as_str())]).collect::<Vec<_>>();
        let changed = visit.hers.post(&format!("{}/goals/{goal}", visit.plan), &fields).is(409);
        let told = changed.contains("has changed since you read it") && changed.contains("Close in two days");
        assert!(told, "{changed}");
    }
    let Body::Criterion(criterion) = &visit.handoff().record.items[&goal].body else { panic!() };
    assert_eq!(criterion.words.as_str(), "Close in two days");

    let playbook =
        throughline_domain::playbook::load(throughline_domain::playbook::shipped::source("default").unwrap())
            .unwrap();
    let prerequisite = &playbook.plan.prerequisites[0].id;
    let asked = format!("/prerequisites/{prerequisite}#commit-{prerequisite}\"");
    assert_eq!(page.matches(&asked).count(), 2, "among what is asked, and in its place: {page}");
    visit.does(&format!("prerequisites/{prerequisite}"), &[], &format!("#commit-{prerequisite}"));
    let held = visit.handoff().plan.unwrap().prerequisites[prerequisite].clone();
    assert_eq!(held.evidence.source, Some(Source::Portal));

    let back = format!("?open={theirs}#milestone-{theirs}");
    visit.does(&format!("milestones/{theirs}/own"), &[("owner", "Jon Park")], &back);
    visit.does(&format!("milestones/{theirs}/done"), &[("on", "2026-03-01")], &back);
    let reached = |visit: &Visit| visit.handoff().plan.unwrap().milestones[&theirs].reached_on;
    assert_eq!(reached(&visit), Some("2026-03-01".parse().unwrap()));
    visit.does(&format!("milestones/{theirs}/done"), &[("undo", "1")], &back);
    assert_eq!(reached(&visit), None);
    visit.does("comments", &[("text", "From May on"), ("milestone", &theirs.to_string())], &back);
    visit.does("comments", &[("text", "When do we begin?")], "#conversation");
    visit.does(
        "proposals",
        &[("title", "Finance trained"), ("side", "us"), ("due_on", "2026-05-01")],
        "#proposals",
    );
    let change =
        [("of", &*ours.to_string()), ("title", "Earlier"), ("side", "us")].map(|(a, b)| (a, b.to_owned()));
    let change: Vec<_> = change.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visit.does("proposals", &change, &format!("?open={ours}#milestone-{ours}"));

    let page = visit.page();
    for seen in [
        "Close in two days",
        "Jon Park",
        "From May on",
        "When do we begin?",
        "Finance trained",
        "Waits for an answer",
    ] {
        assert!(page.contains(seen), "{seen}: {page}");
    }
    assert!(!page.contains(&asked), "it is asked for no more: {page}");
    assert!(!page.contains(&format!("href=\"#goal-{goal}\"")), "it is asked for no more: {page}");
}

#[test]
fn what_does_not_fit_is_said_in_its_place_and_nothing_typed_is_lost() {
    let mut visit = Visit::new(false);
    let plan = visit.handoff().plan.unwrap();
    let theirs = *plan.milestones.iter().find(|(_, one)| one.side == Side::Customer).unwrap().0;
    let ours = *plan.milestones.iter().find(|(_, one)| one.side == Side::Us).unwrap().0;
    let before = visit.office.versions();
    let long = "long ".repeat(600);
    for (part, fields, said) in [
        ("comments".to_owned(), vec![("text", "")], "field-error"),
        ("comments".to_owned(), vec![("text", long.as_str())], "at most 2000"),
        (format!("milestones/{theirs}/done"), vec![("on", "2027-01-01")], "Lies in the future."),
        (format!("milestones/{theirs}/done"), vec![("on", "tomorrow")], "Is a date such as"),
        (format!("milestones/{ours}/own"), vec![("owner", "Me")], "This is not on your side"),
        ("proposals".to_owned(), vec![("title", "<b>Mine</b>"), ("side", "moon")], "&#60;b&#62;Mine"),
        ("proposals".to_owned(), vec![("title", ""), ("side", "us"), ("owner", "Kept owner")], "Kept owner"),
        ("prerequisites/nonsense".to_owned(), vec![], "This is not in the plan any more"),
    ] {
        let path = format!("{}/{part}", visit.plan);
        let page = visit.hers.post(&path, &fields);
        assert!(matches!(page.0.status, 404 | 409 | 422 | 403), "{}", page.0);
        assert!(page.0.text.contains(said), "{said}: {}", page.0);
        assert!(!page.0.text.contains("<b>Mine"), "{}", page.0);
    }
    assert_eq!(visit.office.versions(), before);
}

#[test]
fn a_proposal_is_answered_on_the_plan_and_the_customer_is_told() {
    let mut visit = Visit::new(false);
    visit.does("proposals", &[("title", "Finance trained"), ("side", "us")], "#proposals");
    visit.does("proposals", &[("title", "Berlin in May"), ("side", "customer")], "#proposals");
    let path = format!("/handoffs/{}/plan", visit.office.first.id);
    let mut maya = visit.office.maya();
    let page = maya.get(&path).is(200);
    assert!(page.contains("What the customer proposes") && page.contains("Ines Calloway"), "{page}");
    let open: Vec<_> = visit.handoff().plan.unwrap().open_proposals().map(|(id, _)| *id).collect();
    let answer = |maya: &mut Browser, id, fields: &[(&str, &str)]| {
        maya.post(&format!("{path}/proposals/{id}"), fields)
    };
    // Declined without a reason it is not.
    answer(&mut maya, open[1], &[("answer", "decline")]).is(422);
    let mails = visit.office.mails_to(INES).len();
    answer(&mut maya, open[0], &[("answer", "accept")]).sent_to(&format!("{path}#proposals"));
    let why = [("answer", "decline"), ("reason", "We are closed in May")];
    answer(&mut maya, open[1], &why).sent_to(&format!("{path}#proposals"));
    let told = visit.office.mails_to(INES).split_off(mails);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|mail| !mail.text.contains("May") && !mail.text.contains("key=")), "{told:?}");
    let page = visit.page();
    assert!(page.contains("We are closed in May") && page.contains("Accepted"), "{page}");

    let mails = visit.office.mails_to(INES).len();
    maya.post(&format!("{path}/comments"), &[("text", "Welcome to the plan")])
        .sent_to(&format!("{path}#talk"));
    assert!(visit.page().contains("Welcome to the plan"));
    let told = visit.office.mails_to(INES).split_off(mails);
    let [mail] = &told[..] else { panic!("{told:?}") };
    assert!(mail.subject.as_str().contains("a comment for you in the plan"), "{mail:?}");
    assert!(!mail.text.contains("Welcome to the plan") && !mail.text.contains("key="), "{mail:?}");
}

#[test]
fn the_plan_is_signed_by_name_with_a_code_mailed_for_it() {
    let mut visit = Visit::new(true);
    let sign = format!("{}/sign", visit.plan);
    let paper = visit.hers.get(&sign).is(200);
    assert!(
        paper.contains("What you agree to") && paper.contains("My typed name is my signature"),
        "{paper}"
    );
    assert!(!paper.contains("name=\"imprint\""), "the form comes with the code");
    let words = paper.split_once("portal-consent\">").unwrap().1.split('<').next().unwrap();
    let consent = throughline_app::secrets::hash(words);
    let asks = |visit: &mut Visit| {
        let to = visit.hers.post(&format!("{sign}/code"), &[]).0.header("location").unwrap().to_owned();
        let page = visit.hers.get(to.split('#').next().unwrap()).is(200);
        let agreed = held(&page, "consent");
        assert_eq!(agreed, consent, "the words on the page");
        (held(&page, "key"), held(&page, "imprint"), visit.office.digits(INES))
    };
    let (key, imprint, code) = asks(&mut visit);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let form = |name: &'static str, key: &str, imprint: &str, code: &str| {
        [
            ("name", name.to_owned()),
            ("key", key.to_owned()),
            ("imprint", imprint.to_owned()),
            ("consent", consent.clone()),
            ("code", code.to_owned()),
        ]
    };
    let post = |visit: &mut Visit, form: [(&'static str, String); 5]| {
        let fields: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        visit.hers.post(&sign, &fields)
    };
    let page = post(&mut visit, form("Ines Calloway", &key, &imprint, wrong)).is(422);
    assert!(page.contains("This is another code") && page.contains("Ines Calloway"), "{page}");
    post(&mut visit, form(" ", &key, &imprint, &code)).is(422);

    // What she agrees to is what the page said, or nothing.
    let mut unread = form("Ines Calloway", &key, &imprint, &code);
    unread[3].1 = throughline_app::secrets::hash("I agree to something else.");
    assert!(post(&mut visit, unread).is(409).contains("has changed since you read it"));

    // The plan changes under her: what she read is not what she would sign, and the code was for that one.
    let milestone = throughline_domain::handoff::Milestone {
        title: throughline_testkit::text("Berlin too"),
        side: Side::Us,
        owner: None,
        due_on: None,
        reached_on: None,
    };
    let first = visit.office.first.clone();
    visit.office.does("maya", &first, command::SetMilestone { id: None, milestone });
    let page = post(&mut visit, form("Ines Calloway", &key, &imprint, &code)).is(409);
    assert!(page.contains("The plan has changed since you read it") && page.contains("Berlin too"), "{page}");
    let page = post(&mut visit, form("Ines Calloway", &key, &imprint, &code)).is(422);
    assert!(page.contains("This code is over"), "{page}");

    let (key, imprint, code) = asks(&mut visit);
    // Another browser of hers has its own codes.
    let mut elsewhere = visit.office.inside(INES, &first);
    let fields = form("Ines Calloway", &key, &imprint, &code);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(elsewhere.post(&sign, &fields).is(422).contains("This code is over"));
    let back = format!("{}#agreed", visit.plan);
    post(&mut visit, form("Ines Calloway", &key, &imprint, &code)).sent_to(&back);
    let plan = visit.handoff().plan.unwrap();
    assert_eq!(plan.confirmed.unwrap().form, PlanForm::Signed);
    assert_eq!(plan.signatures.len(), 1);
    let page = visit.page();
    assert!(page.contains("Signed") && page.contains("By Ines Calloway"), "{page}");
    let maya = visit.office.maya().get(&format!("/handoffs/{}/plan", first.id)).is(200);
    assert!(maya.contains("Signed") && maya.contains("Ines Calloway"), "{maya}");
}

#[test]
fn a_plan_of_two_hundred_milestones_stays_a_light_page() {
    let mut visit = Visit::new(false);
    let first = visit.office.first.clone();
    for number in 0..200 {
        let milestone = throughline_domain::handoff::Milestone {
            title: throughline_testkit::text(&format!(
                "Milestone number {number} with a title of the usual length"
            )),
            side: Side::Customer,
            owner: None,
            due_on: Some("2026-06-01".parse().unwrap()),
            reached_on: None,
        };
        visit.office.does("maya", &first, command::SetMilestone { id: None, milestone });
    }
    let page = visit.page();
    assert!(page.contains("Milestone number 199") && page.len() < 450_000, "{} bytes", page.len());
    let last = *visit.handoff().plan.unwrap().milestones.keys().next_back().unwrap();
    let own = format!("/milestones/{last}/own#");
    assert!(!page.contains(&own));
    let opened = visit.hers.get(&format!("{}?open={last}", visit.plan.clone())).is(200);
    assert!(opened.contains(&own), "what can be done with it is there once it is asked for");
}
