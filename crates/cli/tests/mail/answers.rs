//! What comes back: answers written by mail programs, fetched from a mailbox by two servers at once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    bench::Bench,
    client::text,
    mailbox::Mailbox,
    node::Node,
    office::{AVA, Case, Office},
    post::{Mail, Post},
    until,
    writers::{Program, answer},
};

/// How each customer answers, with what.
const CUSTOMERS: [(&str, Program, &str); 8] = [
    ("snail", Program::Snail, "Confirmed."),
    ("below", Program::SnailQuoting, "Confirmed."),
    ("mutt", Program::Mutt, "Looks good."),
    ("gmail", Program::Shape("gmail"), "Yes, confirmed. Thanks!\n\nClara"),
    ("outlook", Program::Shape("outlook"), "Hi Ava,\n\nConfirmed.\n\nKind regards,\nClara Whitmore"),
    ("phone", Program::Shape("outlook_phone"), "Confirmed"),
    ("apple", Program::Shape("apple"), "We confirm."),
    ("rich", Program::Shape("html_only"), "CONFIRMED"),
];

/// Mails brought to the mailbox: every one of them is kept once.
struct Brought<'m> {
    mailbox: &'m Mailbox,
    names: BTreeSet<String>,
}

impl Brought<'_> {
    #[track_caller]
    fn takes(&mut self, raw: &[u8], from: &str, to: &str) {
        let head = String::from_utf8_lossy(raw).replace("\r\n", "\n");
        let name = head.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned();
        self.mailbox.takes(raw, from, to);
        self.names.insert(name);
    }
}

/// The mail that asks a customer, and where its answer goes.
fn asked(post: &Post, case: &Case<'_>) -> (Mail, String) {
    let mail = post.waits_for(&case.clara, |mail| mail.is_to(&case.clara));
    let to = mail.reply_to.clone().unwrap();
    assert!(to.starts_with("reply+") && to.ends_with("@acme.example"), "{to}");
    assert!(mail.text.contains("CONFIRMED") && !mail.text.contains("their side"), "{}", mail.text);
    (mail, to)
}

/// Waits until so many mails were read by the product, and gives them.
#[track_caller]
fn read(case: &Case<'_>, mails: usize) -> Vec<Value> {
    until(&format!("{mails} mails to be read"), || {
        let rows = case.desk.get("/mail?limit=200")["rows"].as_array().unwrap().clone();
        assert!(rows.len() <= mails, "{} of {mails}: {rows:#?}", rows.len());
        (rows.len() == mails && rows.iter().all(|row| row["state"] != "waiting")).then_some(rows)
    })
}

#[test]
#[ignore = "installs programs of others: part of the long run"]
fn answers_of_many_mail_programs_confirm_plans_once_and_nobody_elses_do() {
    let (post, mailbox) = (Post::open(), Mailbox::open());
    let office = Office::on(Bench::founded_on_postgres());
    let words = [post.words(), mailbox.words()].concat();
    let nodes = [Node::with(&office.bench, &words), Node::with(&office.bench, &words)];
    let desk = office.at(&nodes[0].address);
    let mut brought = Brought { mailbox: &mailbox, names: BTreeSet::new() };

    let cases: Vec<_> = CUSTOMERS.iter().map(|(tag, ..)| desk.sells(tag)).collect();
    let strange = desk.sells("strange");
    cases.iter().chain([&strange]).for_each(Case::asks_for_the_plan);
    let mut replayed = None;
    for (case, (_, program, words)) in cases.iter().zip(CUSTOMERS) {
        let (mail, to) = asked(&post, case);
        let raw = answer(program, &mail, &case.clara, words);
        brought.takes(&raw, &case.clara, &to);
        replayed.get_or_insert((raw, to, mail));
    }
    // Somebody else found the address; somebody is away; somebody wants something else.
    let (mail, to) = asked(&post, &strange);
    brought.takes(
        &answer(Program::Mutt, &mail, "eve@elsewhere.example", "Confirmed."),
        "eve@elsewhere.example",
        &to,
    );
    brought.takes(&answer(Program::Shape("away"), &mail, &strange.clara, "Confirmed."), &strange.clara, &to);
    let wish = "Please move the go-live by a week.";
    brought.takes(&answer(Program::Shape("gmail"), &mail, &strange.clara, wish), &strange.clara, &to);

    for (case, (tag, _, words)) in cases.iter().zip(CUSTOMERS) {
        let confirmed = until(&format!("{tag} to be understood"), || case.confirmed());
        let evidence = &confirmed["evidence"];
        assert_eq!(
            (&confirmed["form"], &evidence["source"]),
            (&json!("mail"), &json!("mail")),
            "{confirmed}"
        );
        assert!(text(&evidence["speaker"]).contains(&case.clara), "{confirmed}");
        let (said, first) = (text(&evidence["quote"]), words.lines().next().unwrap());
        assert!(said.starts_with(first) && !said.contains("This is the plan"), "{tag}: {said}");
        assert!(brought.names.iter().any(|name| text(&evidence["reference"]).contains(name)), "{confirmed}");
    }
    let rows = read(&strange, CUSTOMERS.len() + 3);
    let became = |rows: &[Value], handoff: &str| {
        let mut found: Vec<String> = rows
            .iter()
            .filter(|row| row["handoff"] == handoff)
            .map(|row| format!("{} {}", text(&row["from"]), text(&row["state"])))
            .collect();
        found.sort();
        found
    };
    let clara = &strange.clara;
    assert_eq!(
        became(&rows, &strange.id),
        ["eve@elsewhere.example unused".to_owned(), format!("{clara} unused")]
    );
    assert_eq!(strange.confirmed(), None);
    for shown in ["eve@elsewhere.example", wish] {
        let told = |mail: &Mail| {
            mail.is_to(AVA) && mail.text.contains(shown) && mail.text.contains("Nothing was recorded")
        };
        // Two of them may come in one mail, which names each and quotes none.
        let both = |mail: &Mail| {
            mail.is_to(AVA) && mail.text.matches("strange GmbH: an answer by mail to look at").count() >= 2
        };
        post.waits_for(&format!("Ava to be shown {shown}"), |mail| told(mail) || both(mail));
    }

    // The same mail again does nothing, and neither does a used-up address; of what is new there, somebody is told.
    let versions =
        |cases: &[Case<'_>]| cases.iter().map(|case| case.now()["version"].clone()).collect::<Vec<_>>();
    let before = versions(&cases);
    let (raw, to, mail) = replayed.unwrap();
    brought.takes(&raw, &cases[0].clara, &to);
    let late = answer(Program::Snail, &mail, &cases[0].clara, "Wait, we have to talk about the go-live.");
    brought.takes(&late, &cases[0].clara, &to);
    let rows = read(&strange, CUSTOMERS.len() + 4);
    let first = &cases[0];
    assert_eq!(became(&rows, &first.id), [format!("{} noted", first.clara), format!("{} used", first.clara)]);
    post.waits_for("Ava to be shown what came late", |mail| {
        mail.is_to(AVA)
            && (mail.text.contains("we have to talk") || mail.text.contains("snail GmbH: an answer by mail"))
    });
    assert_eq!(versions(&cases), before);
    assert_eq!(brought.names.len(), rows.len(), "each mail is kept once, whoever fetched it");
    until("every mail in the mailbox to be marked as read", || (mailbox.holds().1 == 0).then_some(()));
    assert_eq!(mailbox.holds().0, rows.len() + 1, "none is taken away");

    let journal = office.bench.run(&["journal", "export"]).code(0).out;
    let confirmations = journal.lines().filter(|line| line.contains("\"kind\":\"plan_confirmed\"")).count();
    assert_eq!(confirmations, CUSTOMERS.len(), "two servers, one effect");
    office.bench.run(&["journal", "verify"]).code(0);
}
