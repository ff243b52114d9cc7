//! Q7, from outside: the wall clock of a server that runs jumps an hour and a day, on and back again. What is due by
//! its new reading is told, nothing twice, nothing early, and it takes writes all the while.
//!
//! Only the time of day jumps, as when somebody sets a machine's clock: libfaketime stands between the built binary and
//! the system, and leaves the clock alone by which waits are measured.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use jiff::{SignedDuration, Timestamp};

use crate::{
    bench::Bench,
    client::{Client, text},
    company::{Company, answer},
    fleet::works_around_the_clock,
    node::{Node, now, wall},
    timers::{self, Effect, Told},
};

/// How long a server has to tell what became due, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it is watched for telling what it should not: a few looks of each sweep.
const WATCHED: Duration = Duration::from_secs(3);
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// A clock that says what a file says.
struct Skewed {
    file: PathBuf,
    library: PathBuf,
}

impl Skewed {
    fn new(bench: &Bench) -> Self {
        let skewed = Self { file: bench.folder.path().join("clock"), library: library() };
        skewed.by(0);
        skewed
    }

    /// Sets it so many minutes beside the true time. A reader sees the old file or the new one.
    fn by(&self, minutes: i64) {
        let next = self.file.with_extension("next");
        fs::write(&next, format!("{:+}\n", minutes * 60)).unwrap();
        fs::rename(&next, &self.file).unwrap();
    }

    fn start(&self, bench: &Bench) -> Node {
        let preload = format!("LD_PRELOAD={}", self.library.display());
        let file = format!("FAKETIME_TIMESTAMP_FILE={}", self.file.display());
        Node::under(
            bench,
            &[
                "env",
                &preload,
                &file,
                "FAKETIME_NO_CACHE=1",
                "FAKETIME_DISABLE_SHM=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
            ],
        )
    }
}

fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut there = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    there.find(|file| file.is_file()).unwrap_or_else(|| {
        panic!(
            "the time of day cannot be changed for one program here (on Debian: `apt-get install faketime`)"
        )
    })
}

/// What has to have been told, once the clock stood so many minutes beside the true time.
struct Expected {
    after: i64,
    effects: Vec<Effect>,
}

#[test]
#[ignore = "takes a minute and needs faketime: part of the long run"]
fn a_clock_that_jumps_an_hour_or_a_day_either_way_tells_everything_once_and_nothing_early() {
    jumps(Company::on(Bench::founded()));
}

#[test]
#[ignore = "takes a minute and needs faketime: part of the long run"]
fn on_a_server_a_clock_that_jumps_tells_everything_once_and_nothing_early_too() {
    jumps(Company::on(Bench::founded_on_postgres()));
}

fn jumps(company: Company) {
    works_around_the_clock(&company);
    let (clock, begun) = (Skewed::new(&company.bench), wall());
    let mut node = clock.start(&company.bench);
    let mut client = Client::new(&company.token);
    // Reminded a day after the deal closed, told that it is due after two.
    let soon = sold(&mut client, &node, "Soon", begun - minutes(DAY - HOUR / 2));
    let later = sold(&mut client, &node, "Later", begun - minutes(DAY / 2));
    let expected = [
        Expected { after: HOUR, effects: vec![soon.reminded()] },
        Expected { after: DAY, effects: vec![later.reminded()] },
        Expected { after: DAY + HOUR, effects: vec![soon.due()] },
        Expected { after: DAY + 13 * HOUR, effects: vec![later.due()] },
    ];
    let mut so_far: Vec<Effect> = Vec::new();
    let mut writes = 0;
    for Expected { after, effects } in expected {
        so_far.extend(effects);
        // On, back past where it was, and on again; then to where it stands after all.
        for by in [after, after - DAY, after - HOUR, after, 0] {
            clock.by(by);
            if by == after {
                settles(&company, &so_far);
            }
            std::thread::sleep(WATCHED);
            told_exactly(&company, &so_far);
            writes += 1;
            let path = format!("POST /api/v1/handoffs/{}/answer", soon.handoff);
            let body = answer(&format!("written {writes}"));
            client.ask(&node.address, &path, &[], Some(&body)).expect(200);
        }
        node.kill();
        node = clock.start(&company.bench);
    }
    company.bench.run(&["journal", "verify"]).code(0);
    println!("4 times on and back, {writes} writes, 4 clocks told once each");
}

/// A handoff whose deal closed then.
struct Sold {
    handoff: String,
    closed: Timestamp,
}

impl Sold {
    fn introduction(&self, owner: bool) -> Effect {
        let due_at = self.closed + minutes(2 * DAY);
        Effect { handoff: self.handoff.clone(), step: "warm_intro", due_at, owner }
    }

    fn reminded(&self) -> Effect {
        self.introduction(false)
    }

    fn due(&self) -> Effect {
        self.introduction(true)
    }
}

fn sold(client: &mut Client, node: &Node, name: &str, closed: Timestamp) -> Sold {
    let body = timers::deal(name, closed, wall());
    let path = format!("PUT /api/v1/deals/clock/{name}");
    let handoff = text(&client.ask(&node.address, &path, &[], Some(&body)).expect(200)["handoff"]);
    Sold { handoff, closed }
}

fn told(company: &Company) -> Vec<Told> {
    timers::told(&company.bench.run(&["journal", "export"]).code(0).out)
}

/// Waits until as much is told as has to be.
fn settles(company: &Company, effects: &[Effect]) {
    let begun = now();
    while told(company).len() < effects.len() {
        assert!(begun.elapsed() < PATIENCE, "after {PATIENCE:?} not all is told: {effects:#?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// That was told and nothing else, each once, and none before its time by the clock it was told by.
fn told_exactly(company: &Company, effects: &[Effect]) {
    let told = told(company);
    let at = |effect: &Effect| match effect.owner {
        true => effect.due_at,
        false => effect.due_at - minutes(DAY),
    };
    let timers: Vec<timers::Timer> =
        effects.iter().map(|effect| timers::Timer { effect: effect.clone(), at: at(effect) }).collect();
    let found = timers::check_facts(&timers, &told, &mut BTreeMap::new());
    assert_eq!(found.wrong, Vec::<String>::new());
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}
