//! What a decision costs on a server: one load and one durable commit, by 1 and by 16 at once, on handoffs of a working
//! size; and what lists cost among them.
//!
//! `cargo run --release -p throughline-store-postgres --example server_decisions -- URL [handoffs] [seconds] [snapshot bytes]`,
//! on an empty database. Prints decisions a second and waiting times; asserts nothing, as machines differ.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, run by hand")]
#![expect(clippy::disallowed_methods, reason = "measures durations")]

use std::{sync::Arc, time::Instant};

use throughline_store::{
    Handoffs,
    contract::{Numbered, Run, shares, told},
};
use throughline_store_postgres::PostgresStore;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut args = std::env::args().skip(1);
    let url = args.next().unwrap();
    let mut numbers = args.map(|arg| arg.parse::<usize>().unwrap());
    let (many, seconds) = (numbers.next().unwrap_or(20_000), numbers.next().unwrap_or(4));
    let run = Run::new(numbers.next().unwrap_or(7_000));
    let store = Arc::new(PostgresStore::open(&url).await.unwrap());
    let began = Instant::now();
    let stories = run.open_all(store.as_ref(), many).await;
    println!("opened {many} handoffs, {:.0}/s", many as f64 / began.elapsed().as_secs_f64());
    let mut rest = stories.into_iter();
    for at_once in [1, 16] {
        decisions(&store, &run, rest.by_ref().take(many / 4).collect(), at_once, seconds).await;
    }
    lists(&store, &run).await;
}

/// Each task decides on handoffs of its own, one after the other.
async fn decisions(
    store: &Arc<PostgresStore>,
    run: &Run,
    stories: Vec<Numbered>,
    at_once: usize,
    seconds: usize,
) {
    let began = Instant::now();
    let tasks = shares(stories, at_once).into_iter().map(|mut share| {
        let (store, run) = (Arc::clone(store), run.clone());
        tokio::spawn(async move {
            let mut waits = Vec::new();
            while began.elapsed().as_secs() < seconds as u64 {
                let place = waits.len() * 31 % share.len();
                let commit = run.decide(&mut share[place], waits.len());
                let before = Instant::now();
                assert!(store.load(commit.org, commit.id).await.unwrap().is_some());
                store.commit(commit).await.unwrap();
                waits.push(before.elapsed().as_secs_f64());
            }
            waits
        })
    });
    let mut waits = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        waits.extend(task.await.unwrap());
    }
    let took = began.elapsed().as_secs_f64();
    println!("{at_once:>2} at once: {:.0} decisions/s, {}", waits.len() as f64 / took, told(waits));
}

async fn lists(store: &PostgresStore, run: &Run) {
    for (called, mut query) in run.lists() {
        let (before, pages) = (Instant::now(), 40);
        for _ in 0..pages {
            query.after = store.list(run.org, &query).await.unwrap().next;
        }
        let each = before.elapsed().as_secs_f64() * 1e3 / f64::from(pages);
        println!("list, {called}: {each:.2} ms");
    }
}
