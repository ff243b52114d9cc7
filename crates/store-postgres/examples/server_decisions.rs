//! What a decision costs on a server: one load and one durable commit, by 1 and by 16 at once, on handoffs of a working
//! size; and what lists cost among them.
//!
//! `cargo run --release -p throughline-store-postgres --example server_decisions -- URL [handoffs] [seconds] [snapshot bytes]`,
//! on an empty database. Prints decisions a second and waiting times; asserts nothing, as machines differ.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, run by hand")]
#![expect(clippy::disallowed_methods, reason = "measures durations")]

use std::{sync::Arc, time::Instant};

use throughline_domain::{OrgId, PersonId, Role};
use throughline_store::{
    Commit, HandoffFilter, HandoffQuery, Handoffs, PartRow, Reach, Sort,
    contract::{Story, Told, at, fresh, org, person, together},
};
use throughline_store_postgres::PostgresStore;

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
        commit.row.next_due_at = Some(at((*number * 7_919 % 100_000) as i64));
        commit.row.updated_at = at(second as i64 % 20_000);
        commit.row.account = format!("Account {}", *number * 31 % 977);
        commit
    }

    fn open(&self, numbered: &mut Numbered) -> Commit {
        let mut commit = self.tell(numbered, &[Told::Opened, Told::Wrote("she likes brevity")], numbered.0);
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
    let mut args = std::env::args().skip(1);
    let url = args.next().unwrap();
    let mut numbers = args.map(|arg| arg.parse::<usize>().unwrap());
    let (many, seconds) = (numbers.next().unwrap_or(20_000), numbers.next().unwrap_or(4));
    let people = Arc::new((0..100).map(|_| person()).collect());
    let run = Run { org: org(), people, bytes: numbers.next().unwrap_or(7_000) };
    let store = Arc::new(PostgresStore::open(&url).await.unwrap());
    let mut stories: Vec<Numbered> = (0..many).map(|number| (number, Story::new(run.org))).collect();
    let began = Instant::now();
    for chunk in stories.chunks_mut(200) {
        let commits: Vec<_> = chunk.iter_mut().map(|numbered| store.commit(run.open(numbered))).collect();
        assert!(together(commits).await.iter().all(Result::is_ok));
    }
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
    let mut shares: Vec<Vec<Numbered>> = (0..at_once).map(|_| Vec::new()).collect();
    for (place, numbered) in stories.into_iter().enumerate() {
        shares[place % at_once].push(numbered);
    }
    let began = Instant::now();
    let tasks = shares.into_iter().map(|mut share| {
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
    waits.sort_by(f64::total_cmp);
    println!(
        "{at_once:>2} at once: {:.0} decisions/s, p50 {:.2} ms, p99 {:.2} ms",
        waits.len() as f64 / took,
        waits[waits.len() / 2] * 1e3,
        waits[waits.len() * 99 / 100] * 1e3,
    );
}

async fn lists(store: &PostgresStore, run: &Run) {
    let live = HandoffFilter { life: ["live".to_owned()].into(), ..HandoffFilter::default() };
    let team = run.people.iter().copied().take(12).collect();
    for (name, reach) in [
        ("organisation", Reach::Organisation),
        ("one person", Reach::People([run.people[3]].into())),
        ("a team of 12", Reach::People(team)),
    ] {
        for sort in [Sort::Due, Sort::Updated, Sort::Account] {
            for filter in [HandoffFilter::default(), live.clone()] {
                let (before, pages) = (Instant::now(), 40);
                let (reach, filter) = (reach.clone(), filter.clone());
                let mut query = HandoffQuery { reach, filter, sort, after: None, limit: 50 };
                for _ in 0..pages {
                    query.after = store.list(run.org, &query).await.unwrap().next;
                }
                let each = before.elapsed().as_secs_f64() * 1e3 / f64::from(pages);
                println!("list, {name}, {sort:?}, {} lives: {each:.2} ms", query.filter.life.len());
            }
        }
    }
}
