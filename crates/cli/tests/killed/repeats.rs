//! Q12: equal requests under one key, at once and after a kill, have one effect and one answer.

use std::{sync::Barrier, time::Duration};

use serde_json::{Value, json};

use crate::{
    bench::Bench,
    client::{Answer, Client, text},
    company::{Company, deal, deal_path},
    node::Node,
    seen::{Seen, Whose},
};

#[test]
fn two_hundred_equal_requests_at_once_have_one_effect_that_survives_a_kill() {
    one_effect(Bench::founded(), 1, 200);
}

#[test]
#[ignore = "takes a minute: part of the long run"]
fn a_thousand_equal_requests_at_once_have_one_effect_that_survives_a_kill() {
    one_effect(Bench::founded(), 1, 1_000);
}

/// So many nodes are asked so often in all, for a command on a handoff and for a change of a plain table.
pub fn one_effect(bench: Bench, many: usize, repeats: usize) {
    let company = Company::on(bench);
    let start = || -> Vec<Node> { (0..many).map(|_| Node::start(&company.bench)).collect() };
    let nodes = start();
    let mut client = Client::new(&company.token);
    let made = client.ask(&nodes[0].address, &format!("PUT {}", deal_path("w0n1")), &[], Some(&deal("w0n1")));
    let handoff = text(&made.expect(200)["handoff"]);
    let asked = Request {
        line: format!("POST /api/v1/handoffs/{handoff}/ask"),
        key: "the-same-question",
        body: json!({ "text": "w1n1" }),
        other: json!({ "text": "w1n2" }),
    };
    let team = Request {
        line: "POST /api/v1/teams".to_owned(),
        key: "the-same-team",
        body: json!({ "name": "w1n3" }),
        other: json!({ "name": "w1n4" }),
    };
    let requests = [&asked, &team];
    let answers: Vec<_> = requests.iter().map(|request| request.many(&company, &nodes, repeats)).collect();
    nodes.into_iter().for_each(Node::kill);
    let nodes = start();
    for (request, before) in requests.into_iter().zip(&answers) {
        for node in &nodes {
            let again = request.send(&mut client, &node.address, &request.body);
            assert_eq!(plain(&again), *before, "{}", request.line);
            assert_eq!(again.header("idempotency-replayed"), Some("true"));
            request.refuses_another_body(&mut client, &node.address);
        }
    }
    let seen = Seen::of(&company, &nodes[0].address, &[], Whose::All);
    let ours = seen.facts.iter().filter(|fact| !fact.tags.is_empty());
    let facts: Vec<_> = ours.map(|fact| (fact.kind.as_str(), fact.tags.join(" "))).collect();
    assert_eq!(facts, [("opened", "w0n1".to_owned()), ("asked", "w1n1".to_owned())]);
    assert_eq!(seen.teams, ["w1n3"]);
}

struct Request {
    line: String,
    key: &'static str,
    body: Value,
    other: Value,
}

impl Request {
    /// Sends it so often at once, each until it has a final answer; gives the one they all have.
    fn many(&self, company: &Company, nodes: &[Node], repeats: usize) -> (u16, Option<u64>, Value) {
        let barrier = Barrier::new(repeats);
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let senders: Vec<_> = (0..repeats)
                .map(|place| {
                    let (address, barrier) = (&nodes[place % nodes.len()].address, &barrier);
                    scope.spawn(move || {
                        let mut client = Client::new(&company.token);
                        let connected = client.connect(address);
                        barrier.wait();
                        assert!(connected, "nobody at {address}");
                        self.send(&mut client, address, &self.body)
                    })
                })
                .collect();
            senders.into_iter().map(|sender| sender.join().unwrap()).collect()
        });
        let first = plain(&answers[0]);
        assert!((200..300).contains(&first.0), "{first:?}");
        for answer in &answers {
            assert_eq!(plain(answer), first, "{}", self.line);
        }
        let replayed =
            answers.iter().filter(|answer| answer.header("idempotency-replayed").is_some()).count();
        assert_eq!(replayed, repeats - 1, "{}: all but one are told that it was done before", self.line);
        self.refuses_another_body(&mut Client::new(&company.token), &nodes[0].address);
        first
    }

    /// Until something else is said than that the first is under way.
    fn send(&self, client: &mut Client, address: &str, body: &Value) -> Answer {
        loop {
            let answer = client.ask(address, &self.line, &[("idempotency-key", self.key)], Some(body));
            let under_way = answer.status == 409 && answer.problem() == "in-progress";
            // Too many at once: it may have been done, and the key says so when it is sent again.
            let busy = matches!(answer.status, 429 | 503);
            if !under_way && !busy {
                return answer;
            }
            let wait = answer.header("retry-after").and_then(|wait| wait.parse().ok());
            std::thread::sleep(Duration::from_secs(wait.unwrap_or_else(|| panic!("when? {}", answer.text))));
        }
    }

    fn refuses_another_body(&self, client: &mut Client, address: &str) {
        let answer = self.send(client, address, &self.other);
        assert_eq!((answer.status, answer.problem().as_str()), (422, "key-reused"), "{}", answer.text);
    }
}

/// An answer without what tells when and at which address it was read.
fn plain(answer: &Answer) -> (u16, Option<u64>, Value) {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.remove("read_at");
                map.remove("url");
                map.values_mut().for_each(strip);
            }
            Value::Array(list) => list.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut body = answer.json();
    strip(&mut body);
    (answer.status, answer.version(), body)
}
