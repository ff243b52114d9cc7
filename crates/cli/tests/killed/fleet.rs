//! Q5: several nodes on one database, of which one is always being killed, while people write, files are imported and
//! clocks strike. Nothing acknowledged is lost, each clock's effect comes once, none comes late.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    bench::Bench,
    client::{Client, Sent, text},
    company::Company,
    dice::{Dice, percentile, seed, wanted},
    kills::{at_work, figures, hold, opened},
    mailbox::{HELD, Mailbox},
    node::{Node, now, wall},
    seen::Whose,
    timers::{self, LATE, Timer, Way},
    writers::{Office, lock},
};

/// How a run goes.
struct Plan {
    /// How often a node is killed.
    kills: u64,
    /// Between two kills.
    each: Duration,
    /// Between two deals whose clocks strike.
    deals: Duration,
    /// How many milliseconds before it strikes a clock is made known.
    ahead: Range<u64>,
    /// How long each writer rests between two calls.
    rest: Duration,
    /// Whether lateness is judged. Everyday runs share their machine with everything else.
    judged: bool,
}

#[test]
fn three_nodes_of_which_one_is_always_being_killed_do_everything_once() {
    let plan = Plan {
        kills: wanted("THROUGHLINE_KILLS", 10),
        each: Duration::from_secs(2),
        deals: Duration::from_millis(200),
        ahead: 8_000..14_000,
        rest: Duration::ZERO,
        judged: false,
    };
    everything_once(&plan);
}

#[test]
#[ignore = "takes more than ten minutes: part of the long run"]
fn three_nodes_do_everything_once_and_in_time_in_ten_minutes_with_a_kill_every_five_seconds() {
    let plan = Plan {
        kills: wanted("THROUGHLINE_KILLS", 120),
        each: Duration::from_secs(5),
        deals: Duration::from_millis(400),
        ahead: 35_000..60_000,
        rest: Duration::from_millis(60),
        judged: true,
    };
    everything_once(&plan);
}

fn everything_once(plan: &Plan) {
    let company = Company::on(Bench::founded_on_postgres());
    works_around_the_clock(&company);
    let (mailbox, mut office) = (Mailbox::open(), Office::new(&company, 3));
    office.rest = plan.rest;
    let (armed, imported) = (Mutex::new(Vec::new()), AtomicU64::new(0));
    let mut starts = Vec::new();
    let words = mailbox.words();
    let begun = now();
    let nodes = at_work(&office, &words, 6, &mut starts, |nodes, starts| {
        // What strikes has to strike while nodes are still being killed.
        let whole = plan.each * u32::try_from(plan.kills).unwrap();
        let arming = whole.saturating_sub(Duration::from_millis(plan.ahead.end));
        std::thread::scope(|scope| {
            scope.spawn(|| arm(&office, plan, begun.elapsed() + arming, begun, &armed));
            scope.spawn(|| import(&company, begun.elapsed() + arming, begun, &imported));
            kill_one_each(&office, plan, &words, nodes, starts)
        })
    });
    let timers = armed.into_inner().unwrap();
    settle(&company, timers.len());
    let history = office.history();
    println!(
        "{} kills of 3 nodes in {} s: {}; seed {}",
        plan.kills,
        begun.elapsed().as_secs(),
        figures(&history, starts),
        seed()
    );
    told_once(&company, plan, &timers);
    mailed_once(&company, &mailbox);
    all_imported(&company, imported.into_inner());
    hold(&company, &nodes[0].address, &history, Whose::Tagged);
}

/// No day off and no hour of rest: whenever the test runs, clocks strike.
pub fn works_around_the_clock(company: &Company) {
    let node = Node::start(&company.bench);
    let body = json!({ "calendar": { "zone": "UTC", "weekend": [] }, "go_live_on": "2020-01-01" });
    Client::new(&company.token)
        .ask(&node.address, "PATCH /api/v1/settings", &[("if-match", "*")], Some(&body))
        .expect(200);
    node.kill();
}

/// Kills one of the nodes at each tick and starts another in its place.
fn kill_one_each(
    office: &Office<'_>,
    plan: &Plan,
    words: &[String],
    mut nodes: Vec<Node>,
    starts: &mut Vec<Duration>,
) -> Vec<Node> {
    let (mut dice, begun) = (Dice::new(seed()), now());
    for kill in 1..=plan.kills {
        let tick = plan.each * u32::try_from(kill).unwrap();
        std::thread::sleep(tick.saturating_sub(begun.elapsed()));
        let place = dice.roll(nodes.len());
        nodes.remove(place).kill();
        *lock(&office.nodes[place]) = None;
        nodes.insert(place, opened(office, place, words, starts));
    }
    nodes
}

/// Makes deals known whose clocks strike soon; half of them just when a node is killed.
fn arm(
    office: &Office<'_>,
    plan: &Plan,
    until: Duration,
    begun: std::time::Instant,
    armed: &Mutex<Vec<Timer>>,
) {
    let (mut dice, mut client) = (Dice::new(seed() ^ 0xa1a), Client::new(&another(office.company)));
    let first = wall();
    for count in 0.. {
        if begun.elapsed() > until {
            return;
        }
        let (name, way) = (format!("Clock {count}"), Way::ALL[dice.roll(Way::ALL.len())]);
        let known = wall();
        let mut strikes = known + SignedDuration::try_from(dice.time(&plan.ahead)).unwrap();
        if dice.roll(2) == 0 {
            let ticks =
                strikes.duration_since(first).as_millis() / i128::try_from(plan.each.as_millis()).unwrap();
            let tick = plan.each * u32::try_from(ticks).unwrap();
            strikes = first + SignedDuration::try_from(tick).unwrap();
        }
        if way == Way::Slipped {
            // Would have struck when the other does.
            put(office, &mut client, &mut dice, &name, Way::Reminder.closed(strikes), known);
        }
        let known = wall();
        let handoff = put(office, &mut client, &mut dice, &name, way.closed(strikes), known);
        lock(armed).extend(way.timers(&handoff, strikes, known));
        std::thread::sleep(plan.deals);
    }
}

/// Tells of a deal until it is acknowledged; gives its handoff.
fn put(
    office: &Office<'_>,
    client: &mut Client,
    dice: &mut Dice,
    name: &str,
    closed: Timestamp,
    known: Timestamp,
) -> String {
    let (path, body) = (name.replace(' ', "-"), timers::deal(name, closed, known));
    loop {
        let Some(address) = office.somewhere(dice) else { continue };
        match client.send(&address, &format!("PUT /api/v1/deals/clock/{path}"), &[], Some(&body)) {
            Sent::Answered(answer) if answer.status == 200 => return text(&answer.json()["handoff"]),
            Sent::Answered(answer) => {
                assert!(matches!(answer.status, 429 | 503), "{}", answer.text);
                std::thread::sleep(Duration::from_millis(20));
            }
            // Telling it again tells the same.
            Sent::Broken | Sent::Unsent => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

fn another(company: &Company) -> String {
    let made = company.bench.run(&["token", "create", "--role", "rev_ops", "--json"]).code(0).json();
    text(&made["secret"])
}

/// How many deals a file holds.
const FILE: u64 = 20;

/// Imports one file after the other beside the servers.
fn import(company: &Company, until: Duration, begun: std::time::Instant, imported: &AtomicU64) {
    while begun.elapsed() < until {
        let first = imported.load(Ordering::Relaxed);
        let mut rows =
            "Record ID,Deal Name,Deal Stage,Associated Company,Amount,Currency,Deal probability\n".to_owned();
        for id in first..first + FILE {
            rows.push_str(&format!("{id},Import {id},Negotiation,Import {id} GmbH,9000,EUR,0.8\n"));
        }
        let file = company.bench.write("import.csv", rows);
        company.bench.run(&["import", "deals", &file, "--source", "files"]).code(0);
        imported.store(first + FILE, Ordering::Relaxed);
        std::thread::sleep(Duration::from_secs(2));
    }
}

/// Waits until everything that is due is told, or nothing more can be in time.
fn settle(company: &Company, timers: usize) {
    let (server, begun) = (company.bench.server(), now());
    let number = |sql: &str| server.run(sql).parse::<usize>().unwrap();
    let told = || number("SELECT count(*) FROM journal WHERE kind IN ('reminded', 'escalated')") >= timers;
    let waits = || number("SELECT count(*) FROM outbox") > 0;
    while (!told() || waits()) && begun.elapsed() < Duration::from_secs(35) {
        std::thread::sleep(Duration::from_millis(500));
    }
    // Mail that a node had in its hands when it was killed waits for as long as handing it over may take, and the next
    // killed node may have had the same; then it has left by itself.
    let begun = now();
    while number("SELECT count(*) FROM post") > 0 && begun.elapsed() < 6 * HELD {
        std::thread::sleep(Duration::from_millis(500));
    }
}

fn told_once(company: &Company, plan: &Plan, timers: &[Timer]) {
    let told = timers::told(&company.bench.run(&["journal", "export"]).code(0).out);
    let mut letters = BTreeMap::<String, Vec<Timestamp>>::new();
    for doc in company.bench.server().run("SELECT doc FROM letter").lines() {
        let letter: Value = serde_json::from_str(doc).unwrap();
        if letter["link"].as_str().is_some_and(|link| link.ends_with("/steps")) {
            let at = letter["at"].as_str().unwrap().parse().unwrap();
            letters.entry(text(&letter["handoff"])).or_default().push(at);
        }
    }
    let found = timers::check(timers, &told, &letters);
    let late: Vec<Duration> = found.lateness.iter().map(|late| late.unsigned_abs()).collect();
    println!(
        "{} clocks struck, each told once with one letter: p50 {} ms, p99 {} ms, latest {} ms after it was due; {} \
         put off",
        told.len(),
        percentile(late.clone(), 50).as_millis(),
        percentile(late, 99).as_millis(),
        found.latest().as_millis(),
        found.put_off
    );
    let first: Vec<&String> = found.wrong.iter().take(20).collect();
    assert!(first.is_empty(), "{} findings, the first of them: {first:#?}", found.wrong.len());
    assert!(told.len() > timers.len() / 2, "{} of {}", told.len(), timers.len());
    if plan.judged {
        assert!(found.latest() <= LATE, "{:?}", found.latest());
        assert_eq!(found.put_off, 0);
    }
}

/// Every letter was mailed, and a mail that came twice came under its name.
fn mailed_once(company: &Company, mailbox: &Mailbox) {
    let server = company.bench.server();
    let number = |sql: &str| server.run(sql).parse::<u64>().unwrap();
    let (mut mails, mut letters) = (0, 0);
    for doc in server.run("SELECT doc FROM audit").lines() {
        let entry: Value = serde_json::from_str(doc).unwrap();
        if entry["action"] == "mail" {
            let mailed = entry["detail"]["mailed"].as_u64();
            letters += mailed.unwrap_or_else(|| panic!("not mailed: {entry}"));
            mails += 1;
        }
    }
    let taken = mailbox.taken();
    let twice = taken.values().filter(|times| **times > 1).count();
    println!("{letters} letters in {mails} mails, {twice} of them sent more than once under one name");
    assert_eq!(number("SELECT count(*) FROM post"), 0, "mail is left");
    let made = server.run("SELECT doc FROM letter");
    let made =
        made.lines().filter(|doc| !serde_json::from_str::<Value>(doc).unwrap()["outbox"].is_null()).count();
    assert_eq!(letters, made as u64, "letters mailed, letters made");
    assert_eq!(taken.len(), mails, "mails that came, mails that are known to have left");
}

fn all_imported(company: &Company, imported: u64) {
    let there = company.bench.server().run(
        "SELECT count(*), count(DISTINCT handoff_id) FROM deal WHERE source = 'files' AND handoff_id IS NOT NULL",
    );
    println!("{imported} deals imported");
    assert!(imported > 0);
    assert_eq!(there, format!("{imported}|{imported}"));
}
