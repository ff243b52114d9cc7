//! Q13: whoever writes on the condition of what they read loses nothing of others.

use std::time::Duration;

use serde_json::Value;

use crate::{
    bench::Bench,
    client::{Client, text},
    company::{ASK, Company, answer, deal, deal_path},
    dice::{Dice, seed, wanted},
    node::{Node, now},
};

const WRITERS: u64 = 50;
/// Edits of each writer, everyday.
const EVERYDAY: u64 = 5;

#[test]
fn fifty_writers_of_one_record_lose_no_update() {
    none_is_lost(Bench::founded(), 1, wanted("THROUGHLINE_EDITS", EVERYDAY));
}

#[test]
#[ignore = "takes long: part of the long run"]
fn fifty_writers_with_a_thousand_edits_each_lose_no_update() {
    none_is_lost(Bench::founded(), 1, wanted("THROUGHLINE_EDITS", 1_000));
}

/// Everybody counts one up, on the condition of the version they read.
pub fn none_is_lost(bench: Bench, many: usize, edits: u64) {
    let company = Company::on(bench);
    let nodes: Vec<Node> = (0..many).map(|_| Node::start(&company.bench)).collect();
    // One program's requests are limited; fifty would be fifty programs.
    let token = || {
        let made = company.bench.run(&["token", "create", "--role", "rev_ops", "--json"]).code(0).json();
        text(&made["secret"])
    };
    let tokens: Vec<String> = (0..WRITERS).map(|_| token()).collect();
    let mut client = Client::new(&company.token);
    let made = client.ask(&nodes[0].address, &format!("PUT {}", deal_path("w0n1")), &[], Some(&deal("w0n1")));
    let handoff = text(&made.expect(200)["handoff"]);
    let first = client.ask(
        &nodes[0].address,
        &format!("POST /api/v1/handoffs/{handoff}/answer"),
        &[],
        Some(&answer("0")),
    );
    // Heeded where it is sent, not required: what the process allows is decided on the newest state.
    first.expect(200);
    let (seed, begun) = (seed(), now());
    let met: u64 = std::thread::scope(|scope| {
        let writers: Vec<_> = tokens
            .iter()
            .zip(1_u64..)
            .map(|(token, place)| {
                let address = &nodes[usize::try_from(place).unwrap() % nodes.len()].address;
                let handoff = &handoff;
                scope.spawn(move || {
                    count(&mut Client::new(token), address, handoff, edits, seed ^ (place << 16))
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    let made = WRITERS * edits;
    println!(
        "{made} edits by {WRITERS} writers, {met} told that they were overtaken, in {} s; seed {seed}",
        begun.elapsed().as_secs()
    );
    let path = format!("GET /api/v1/handoffs/{handoff}");
    // The first connection may have been idle for too long.
    let mut client = Client::new(&company.token);
    let shown = client.ask(&nodes[0].address, &path, &[], None).expect(200);
    assert_eq!(counted(&shown), made, "seed {seed}");
    let exported = company.bench.run(&["journal", "export"]).code(0).out;
    let said: Vec<u64> = exported
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["kind"] == "answered" && line["fact"]["ask"] == ASK)
        .map(|line| number(&line["fact"]))
        .collect();
    assert!(said.iter().copied().eq(0..=made), "seed {seed}: each builds on the one before: {said:?}");
    assert!(met > 0, "seed {seed}: nobody was ever overtaken");
}

/// Counts up so often; gives how often somebody else was faster.
fn count(client: &mut Client, address: &str, handoff: &str, edits: u64, seed: u64) -> u64 {
    let mut dice = Dice::new(seed);
    let mut met = 0;
    let path = format!("/api/v1/handoffs/{handoff}");
    for _ in 0..edits {
        // In a crowd that keeps coming back at once hardly anybody gets through: who was overtaken again waits longer.
        let mut patience = 200;
        loop {
            let read = client.ask(address, &format!("GET {path}"), &[], None);
            if read.status == 429 {
                std::thread::sleep(Duration::from_millis(20));
                continue;
            }
            let version = read.version().unwrap();
            let body = answer(&(counted(&read.expect(200)) + 1).to_string());
            let on = format!("\"{version}\"");
            let told = client.ask(address, &format!("POST {path}/answer"), &[("if-match", &on)], Some(&body));
            match told.status {
                200 => {
                    assert_eq!(told.version(), Some(version + 1), "{}", told.text);
                    break;
                }
                412 => {
                    assert_eq!(told.problem(), "stale");
                    let current = told.version().unwrap();
                    assert!(current > version, "overtaken at {version}, and it is at {current}");
                    met += 1;
                    std::thread::sleep(dice.time(&(1..patience)));
                    patience = (patience * 2).min(6_400);
                }
                429 => std::thread::sleep(Duration::from_millis(20)),
                _ => panic!("{} {}", told.status, told.text),
            }
        }
    }
    met
}

fn counted(view: &Value) -> u64 {
    number(&view["record"]["answers"][ASK])
}

fn number(answered: &Value) -> u64 {
    text(&answered["answer"]["text"]).parse().unwrap_or_else(|why| panic!("{why}: {answered}"))
}
