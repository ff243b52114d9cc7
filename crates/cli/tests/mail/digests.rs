//! Everything that waits for a person comes in one mail, also after the mail server was away.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;

use crate::{
    bench::Bench,
    node::Node,
    office::{AVA, Desk, MAYA, Office},
    post::{self, Post},
    until,
};

/// What the log says of messages: how many were made, and how many mails were put off.
fn logged(desk: &Desk<'_>) -> (usize, usize) {
    let log = desk.get("/audit?limit=200");
    let rows = log["rows"].as_array().unwrap();
    let of = |action: &str, fits: &dyn Fn(&Value) -> bool| {
        rows.iter().filter(|row| row["action"] == action && fits(&row["detail"])).count()
    };
    (of("deliver", &|_| true), of("mail", &|detail| !detail["later"].is_null()))
}

#[test]
#[ignore = "installs programs of others: part of the long run"]
fn what_waited_while_the_mail_server_was_away_comes_in_one_mail_a_person() {
    let port = post::free_port();
    let office = Office::on(Bench::founded());
    let tags = ["alpha", "beta", "gamma"];
    let node = Node::with(&office.bench, &post::words(port));
    let desk = office.at(&node.address);
    for tag in tags {
        desk.sells(tag);
    }
    // Each deal opens a record, which the AE is told, and names a CSM, who is told too.
    let mut before = (0, 0);
    until("all messages to be made and put off", || {
        std::thread::sleep(Duration::from_secs(5));
        let now = logged(&desk);
        let settled = now.0 >= 2 * tags.len() && now.1 > 0 && now == before;
        before = now;
        settled.then_some(())
    });
    node.kill();
    // The first wait of what is put off is a minute.
    std::thread::sleep(Duration::from_secs(62));
    let post = Post::at(port);
    let _node = Node::with(&office.bench, &post.words());
    for person in [AVA, MAYA] {
        post.waits_for(person, |mail| mail.is_to(person));
    }
    std::thread::sleep(Duration::from_secs(6));
    let mut mails = BTreeMap::<String, Vec<post::Mail>>::new();
    for mail in post.taken().iter() {
        mails.entry(mail.to[0].clone()).or_default().push(mail.clone());
    }
    for (person, theirs) in &mails {
        assert_eq!(theirs.len(), 1, "{person}: {theirs:#?}");
    }
    for person in [AVA, MAYA] {
        let text = &mails[person][0].text;
        for tag in tags {
            assert!(text.contains(&format!("{tag} GmbH")), "{person}, {tag}: {text}");
        }
    }
}
