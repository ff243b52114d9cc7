//! What a decision costs: one load and one durable commit, by 1 and by 16 at once, on handoffs of a working size.
//!
//! `cargo run --release -p throughline-store-sqlite --example decisions -- [handoffs] [seconds] [snapshot bytes]`.
//! Prints decisions a second and CPU time for each; asserts nothing, as machines differ.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, run by hand")]
#![expect(clippy::disallowed_methods, reason = "measures durations")]

use std::{sync::Arc, time::Instant};

use throughline_store::{
    Handoffs,
    contract::{Numbered, Run, shares, together, told},
};
use throughline_store_sqlite::SqliteStore;

/// CPU seconds of all threads so far.
fn cpu() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let spent = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path.join("schedstat")).unwrap_or_default();
        text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default()
    };
    threads.map(|thread| spent(thread.unwrap().path())).sum::<f64>() / 1e9
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<usize>().unwrap());
    let (many, seconds) = (args.next().unwrap_or(20_000), args.next().unwrap_or(4));
    let run = Run::new(args.next().unwrap_or(7_000));
    let folder = tempfile::tempdir_in(".").unwrap();
    let path = folder.path().join("throughline.db");
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let mut stories = open_all(&store, &run, many).await;
    println!("{many} handoffs, file {} MiB", std::fs::metadata(&path).unwrap().len() >> 20);
    loads(&store, &stories).await;
    groups_of_16(&store, &run, &mut stories).await;
    let mut rest = stories.into_iter();
    for at_once in [1, 16, 64] {
        let share: Vec<Numbered> = rest.by_ref().take(many / 4).collect();
        decisions(&store, &run, share, at_once, seconds).await;
    }
    lists(&store, &run).await;
}

async fn open_all(store: &SqliteStore, run: &Run, many: usize) -> Vec<Numbered> {
    let (began, spent) = (Instant::now(), cpu());
    let stories = run.open_all(store, many).await;
    let (took, spent) = (began.elapsed().as_secs_f64(), cpu() - spent);
    println!("opened {:.0}/s, {:.1} us CPU each", many as f64 / took, spent * 1e6 / many as f64);
    stories
}

async fn loads(store: &SqliteStore, stories: &[Numbered]) {
    let (began, spent, many) = (Instant::now(), cpu(), 50_000);
    for number in 0..many {
        let (_, story) = &stories[number * 7_919 % stories.len()];
        assert!(store.load(story.org, story.id).await.unwrap().is_some());
    }
    let (took, spent) = (began.elapsed().as_secs_f64(), cpu() - spent);
    println!("load: {:.1} us, {:.1} us CPU", took * 1e6 / f64::from(many as u32), spent * 1e6 / many as f64);
}

/// What a commit costs when sixteen always share a transaction, whatever else the machine does.
async fn groups_of_16(store: &SqliteStore, run: &Run, stories: &mut [Numbered]) {
    let (mut best, rounds, mut place) = (f64::MAX, 5, 0);
    for _ in 0..rounds {
        let mut spent = 0.0;
        for second in 0..100 {
            let mut commits = Vec::new();
            for _ in 0..16 {
                place = (place + 7_919) % stories.len();
                commits.push(run.decide(&mut stories[place], second));
            }
            let before = cpu();
            let results = together(commits.into_iter().map(|commit| store.commit(commit))).await;
            spent += cpu() - before;
            assert!(results.iter().all(Result::is_ok));
        }
        best = f64::min(best, spent * 1e6 / 1_600.0);
    }
    println!("commit: {best:.1} us CPU, sixteen to a group, best of {rounds}");
}

/// Each task decides on handoffs of its own, one after the other.
async fn decisions(
    store: &Arc<SqliteStore>,
    run: &Run,
    stories: Vec<Numbered>,
    at_once: usize,
    seconds: usize,
) {
    let (began, spent) = (Instant::now(), cpu());
    let tasks = shares(stories, at_once).into_iter().map(|mut share| {
        let (store, run) = (Arc::clone(store), run.clone());
        tokio::spawn(async move {
            let (mut waits, mut made) = (Vec::new(), 0.0);
            while began.elapsed().as_secs() < seconds as u64 {
                let place = waits.len() * 31 % share.len();
                let before = Instant::now();
                let commit = run.decide(&mut share[place], waits.len());
                made += before.elapsed().as_secs_f64();
                let before = Instant::now();
                assert!(store.load(commit.org, commit.id).await.unwrap().is_some());
                store.commit(commit).await.unwrap();
                waits.push(before.elapsed().as_secs_f64());
            }
            (waits, made)
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let (mut waits, mut made) = (Vec::new(), 0.0);
    for task in tasks {
        let (some, time) = task.await.unwrap();
        waits.extend(some);
        made += time;
    }
    let (took, spent) = (began.elapsed().as_secs_f64(), cpu() - spent);
    let many = waits.len() as f64;
    println!(
        "{at_once:>2} at once: {:.0} decisions/s, {:.1} us CPU each (making the commit: {:.1} us of time), {}",
        many / took,
        spent * 1e6 / many,
        made * 1e6 / many,
        told(waits),
    );
}

async fn lists(store: &SqliteStore, run: &Run) {
    for (called, mut query) in run.lists() {
        let (before, many) = (cpu(), 200);
        for _ in 0..many {
            query.after = store.list(run.org, &query).await.unwrap().next;
        }
        let spent = (cpu() - before) * 1e6 / f64::from(many);
        println!("list, {called}: {spent:.0} us CPU");
    }
}
