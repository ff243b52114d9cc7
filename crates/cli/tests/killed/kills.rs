//! Q1: killed again and again while it is written to, nothing acknowledged is lost and nothing is there by half.

use std::{ops::Range, sync::atomic::Ordering, time::Duration};

use crate::{
    bench::Bench,
    checker,
    company::Company,
    dice::{Dice, percentile, seed, wanted},
    history::{Call, Kind, Outcome},
    node::{Node, now},
    seen::{Seen, Whose},
    writers::{Office, lock},
};

/// How a run goes.
pub struct Plan {
    pub nodes: usize,
    pub writers: usize,
    /// How often a node is killed.
    pub kills: u64,
    /// Milliseconds of work between a node's first answer and the next kill.
    pub pause: Range<u64>,
    /// Before every how manyth kill all connections to the database are cut; 0 for never.
    pub cut_each: u64,
}

#[test]
fn two_hundred_kills_lose_nothing_that_was_acknowledged() {
    endure(Bench::founded(), &on_a_file(wanted("THROUGHLINE_KILLS", 200)));
}

#[test]
#[ignore = "takes minutes: part of the long run"]
fn a_thousand_kills_lose_nothing_that_was_acknowledged() {
    endure(Bench::founded(), &on_a_file(wanted("THROUGHLINE_KILLS", 1_000)));
}

fn on_a_file(kills: u64) -> Plan {
    Plan { nodes: 1, writers: 4, kills, pause: 5..200, cut_each: 0 }
}

/// Goes through a plan, then holds the history against what is there.
pub fn endure(bench: Bench, plan: &Plan) {
    let (seed, begun) = (seed(), now());
    let company = Company::on(bench);
    let mut office = Office::new(&company, plan.nodes);
    let mut starts = Vec::new();
    let nodes = at_work(&office, &[], plan.writers, &mut starts, |nodes, starts| {
        supervise(&office, nodes, plan, seed, starts)
    });
    let history = office.history();
    println!(
        "{} kills of {} nodes: {} in {} s; seed {seed}",
        plan.kills,
        plan.nodes,
        figures(&history, starts),
        begun.elapsed().as_secs()
    );
    hold(&company, &nodes[0].address, &history, Whose::All);
    let done = history.iter().filter(|call| matches!(call.outcome, Outcome::Done(_))).count() as u64;
    assert!(done >= plan.kills, "seed {seed}: only {done} calls were acknowledged");
    assert!(history.iter().any(interrupted), "seed {seed}: no kill met a call");
}

/// Starts the nodes with these words on their command line and lets writers write while somebody does something to
/// them; gives the nodes that are there in the end.
pub fn at_work(
    office: &Office<'_>,
    words: &[String],
    writers: usize,
    starts: &mut Vec<Duration>,
    meanwhile: impl FnOnce(Vec<Node>, &mut Vec<Duration>) -> Vec<Node>,
) -> Vec<Node> {
    std::thread::scope(|scope| {
        let open = |place| opened(office, place, words, starts);
        let nodes: Vec<Node> = (0..office.nodes.len()).map(open).collect();
        for writer in 0..writers {
            scope.spawn(move || office.write(writer, seed()));
        }
        // However this ends, the writers must hear of it.
        let _end = End(office);
        meanwhile(nodes, starts)
    })
}

/// Holds what clients were told against what is there.
pub fn hold(company: &Company, address: &str, history: &[Call], whose: Whose) {
    let deals: Vec<String> =
        history.iter().filter(|call| call.kind == Kind::Deal).map(|call| call.tag.clone()).collect();
    let seen = Seen::of(company, address, &deals, whose);
    company.bench.run(&["journal", "verify"]).code(0);
    company.bench.run(&["journal", "replay"]).code(0);
    let wrong = checker::check(history, &seen);
    let first: Vec<&String> = wrong.iter().take(20).collect();
    assert!(wrong.is_empty(), "seed {}: {} findings, the first of them: {first:#?}", seed(), wrong.len());
}

struct End<'o, 'c>(&'o Office<'c>);

impl Drop for End<'_, '_> {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
        if std::thread::panicking() {
            // Writers wait for a node; there will be none.
            self.0.give_up.store(true, Ordering::Relaxed);
        }
    }
}

/// Starts the node of a place and tells everybody where it is.
pub fn opened(office: &Office<'_>, place: usize, words: &[String], starts: &mut Vec<Duration>) -> Node {
    let node = Node::with(&office.company.bench, words);
    starts.push(node.started_in);
    *lock(&office.nodes[place]) = Some(node.address.clone());
    node
}

fn supervise(
    office: &Office<'_>,
    mut nodes: Vec<Node>,
    plan: &Plan,
    seed: u64,
    starts: &mut Vec<Duration>,
) -> Vec<Node> {
    let mut dice = Dice::new(seed);
    for kill in 1..=plan.kills {
        // A kill that meets nobody at work shows nothing.
        let (before, waiting) = (office.answered.load(Ordering::Relaxed), now());
        while office.answered.load(Ordering::Relaxed) == before {
            assert!(waiting.elapsed() < Duration::from_secs(60), "nothing is answered any more");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(dice.time(&plan.pause));
        if plan.cut_each > 0 && kill % plan.cut_each == 0 {
            cut(office.company);
        }
        let place = dice.roll(nodes.len());
        nodes.remove(place).kill();
        *lock(&office.nodes[place]) = None;
        nodes.insert(place, opened(office, place, &[], starts));
    }
    nodes
}

/// Ends every connection to the database at its server; gives how many there were.
pub fn cut(company: &Company) -> usize {
    let ended = company.bench.server().run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    ended.lines().count()
}

fn interrupted(call: &Call) -> bool {
    call.tries > 1 || call.outcome == Outcome::Unknown
}

/// What a history comes to.
pub fn figures(history: &[Call], starts: Vec<Duration>) -> String {
    let count = |wanted: fn(&Call) -> bool| history.iter().filter(|call| wanted(call)).count();
    let writes = count(|call| call.kind != Kind::Read && matches!(call.outcome, Outcome::Done(_)));
    let reads = count(|call| call.kind == Kind::Read && matches!(call.outcome, Outcome::Done(_)));
    let shut = count(|call| call.outcome == Outcome::Shut);
    let refused = count(|call| matches!(call.outcome, Outcome::Refused(_)));
    let unknown = count(|call| call.outcome == Outcome::Unknown);
    let again = count(|call| call.tries > 1);
    let ms = |of| percentile(starts.clone(), of).as_millis();
    format!(
        "{writes} writes acknowledged, {reads} reads, {shut} shut gates, {refused} refused, {unknown} unknown, \
         {again} sent again; start p50 {} ms, p99 {} ms",
        ms(50),
        ms(99)
    )
}
