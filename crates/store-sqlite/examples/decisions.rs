//! What a decision costs: one load and one durable commit, by 1 and by 16 at once, on handoffs of a working size.
//!
//! `cargo run --release -p throughline-store-sqlite --example decisions -- [handoffs] [seconds] [snapshot bytes]`.
//! Prints decisions a second and CPU time for each; asserts nothing, as machines differ.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, run by hand")]
#![expect(clippy::disallowed_methods, reason = "measures durations")]

use std::{sync::Arc, time::Instant};

use throughline_domain::{OrgId, PersonId, Role};
use throughline_store::{
    Commit, HandoffFilter, HandoffQuery, Handoffs, PartRow, Reach, Sort,
    contract::{Story, Told, at, fresh, org, person, together},
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

/// What is the same for all handoffs of a run.
#[derive(Clone)]
struct Run {
    org: OrgId,
    people: Arc<Vec<PersonId>>,
    bytes: usize,
}

/// A handoff and its number in the run.
type Numbered = (usize, Story);

impl Run {
    /// The next commit of a handoff, of a working size, with a row that moves only in time.
    fn tell(&self, (number, story): &mut Numbered, told: &[Told], second: usize) -> Commit {
        let mut commit = story.tell(told);
        let fill = self.bytes.saturating_sub(commit.snapshot.len());
        // Lengths differ from commit to commit, as real ones do.
        commit.snapshot.push_str(&" ".repeat(fill + (story.version as usize * 37) % 200));
        commit.row.ae = self.people[*number % 50];
        commit.row.csm = Some(self.people[50 + *number % 50]);
        commit.row.life = "live".to_owned();
        commit.row.next_due_at = Some(at((*number * 7_919 % 100_000) as i64));
        commit.row.updated_at = at(second as i64 % 20_000);
        commit.row.account = format!("Account {}", *number * 31 % 977);
        commit
    }

    /// A handoff is opened.
    fn open(&self, numbered: &mut Numbered) -> Commit {
        let told = [Told::Opened, Told::Wrote("she likes brevity")];
        let mut commit = self.tell(numbered, &told, numbered.0 * 1_047);
        let (ae, csm) = (commit.row.ae, self.people[50 + numbered.0 % 50]);
        commit.parts =
            Some(vec![PartRow { person: ae, role: Role::Ae }, PartRow { person: csm, role: Role::Csm }]);
        commit.deal = Some(numbered.1.reading());
        commit
    }

    /// A gate is asked: one fact, the whole state anew, one message, one remembered answer.
    fn decide(&self, numbered: &mut Numbered, second: usize) -> Commit {
        let mut commit = self.tell(numbered, &[Told::Lost], second);
        commit.outbox = vec![numbered.1.message()];
        let mut answer = numbered.1.answer("");
        answer.key = format!("token:{}", fresh::<uuid::Uuid>());
        commit.idempotency = Some(answer);
        commit
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<usize>().unwrap());
    let (many, seconds) = (args.next().unwrap_or(20_000), args.next().unwrap_or(4));
    let people = Arc::new((0..100).map(|_| person()).collect());
    let run = Run { org: org(), people, bytes: args.next().unwrap_or(7_000) };
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
    let mut stories: Vec<Numbered> = (0..many).map(|number| (number, Story::new(run.org))).collect();
    let (began, spent) = (Instant::now(), cpu());
    for chunk in stories.chunks_mut(200) {
        let commits = chunk.iter_mut().map(|numbered| store.commit(run.open(numbered)));
        assert!(together(commits).await.iter().all(Result::is_ok));
    }
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
    let mut shares: Vec<Vec<Numbered>> = (0..at_once).map(|_| Vec::new()).collect();
    for (place, numbered) in stories.into_iter().enumerate() {
        shares[place % at_once].push(numbered);
    }
    let (began, spent) = (Instant::now(), cpu());
    let tasks = shares.into_iter().map(|mut share| {
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
    waits.sort_by(f64::total_cmp);
    let many = waits.len() as f64;
    println!(
        "{at_once:>2} at once: {:.0} decisions/s, {:.1} us CPU each (making the commit: {:.1} us of time), p50 {:.2} ms, p99 {:.2} ms",
        many / took,
        spent * 1e6 / many,
        made * 1e6 / many,
        waits[waits.len() / 2] * 1e3,
        waits[waits.len() * 99 / 100] * 1e3,
    );
}

async fn lists(store: &SqliteStore, run: &Run) {
    let live = HandoffFilter { life: ["live".to_owned()].into(), ..HandoffFilter::default() };
    let team = run.people.iter().copied().take(12).collect();
    for (name, reach) in [
        ("organisation", Reach::Organisation),
        ("one person", Reach::People([run.people[3]].into())),
        ("a team of 12", Reach::People(team)),
    ] {
        for sort in [Sort::Due, Sort::Updated, Sort::Account] {
            for filter in [HandoffFilter::default(), live.clone()] {
                let (before, many) = (cpu(), 200);
                let (reach, filter) = (reach.clone(), filter.clone());
                let mut query = HandoffQuery { reach, filter, sort, after: None, limit: 50 };
                for _ in 0..many {
                    query.after = store.list(run.org, &query).await.unwrap().next;
                }
                let spent = (cpu() - before) * 1e6 / f64::from(many);
                println!("list, {name}, {sort:?}, {} lives: {spent:.0} us CPU", query.filter.life.len());
            }
        }
    }
}
