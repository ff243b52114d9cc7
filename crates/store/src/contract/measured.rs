//! Handoffs of a working size, for the examples that measure what a decision costs on a backend.
//!
//! Absent on purpose: clocks and limits. Each backend prints what matters to it; nothing is asserted, as machines differ.

use std::sync::Arc;

use throughline_domain::{OrgId, PersonId, Role};

use super::{Story, Told, at, fresh, org, person, together};
use crate::{
    commit::Commit,
    ports::Handoffs,
    query::{HandoffFilter, HandoffQuery, Reach},
    sort::Sort,
    views::PartRow,
};

/// What is the same for all handoffs of a run.
#[derive(Clone)]
pub struct Run {
    pub org: OrgId,
    people: Arc<Vec<PersonId>>,
    bytes: usize,
}

/// A handoff and its number in the run.
pub type Numbered = (usize, Story);

impl Run {
    /// One whose snapshots have so many bytes at least.
    pub fn new(bytes: usize) -> Self {
        Self { org: org(), people: Arc::new((0..100).map(|_| person()).collect()), bytes }
    }

    /// Opens so many handoffs, two hundred at once.
    pub async fn open_all(&self, store: &dyn Handoffs, many: usize) -> Vec<Numbered> {
        let mut stories: Vec<Numbered> = (0..many).map(|number| (number, Story::new(self.org))).collect();
        for chunk in stories.chunks_mut(200) {
            let commits: Vec<_> =
                chunk.iter_mut().map(|numbered| store.commit(self.open(numbered))).collect();
            assert!(together(commits).await.iter().all(Result::is_ok));
        }
        stories
    }

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
    pub fn decide(&self, numbered: &mut Numbered, second: usize) -> Commit {
        let mut commit = self.tell(numbered, &[Told::Lost], second);
        commit.outbox = vec![numbered.1.message()];
        let mut answer = numbered.1.answer("");
        answer.key = format!("token:{}", fresh::<uuid::Uuid>());
        commit.idempotency = Some(answer);
        commit
    }

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

    /// The lists people ask for, each with what it is called.
    pub fn lists(&self) -> Vec<(String, HandoffQuery)> {
        let live = HandoffFilter { life: ["live".to_owned()].into(), ..HandoffFilter::default() };
        let team = self.people.iter().copied().take(12).collect();
        let mut lists = Vec::new();
        for (whose, reach) in [
            ("organisation", Reach::Organisation),
            ("one person", Reach::People([self.people[3]].into())),
            ("a team of 12", Reach::People(team)),
        ] {
            for sort in [Sort::Due, Sort::Updated, Sort::Account] {
                for filter in [HandoffFilter::default(), live.clone()] {
                    let called = format!("{whose}, {sort:?}, {} lives", filter.life.len());
                    let reach = reach.clone();
                    lists.push((called, HandoffQuery { reach, filter, sort, after: None, limit: 50 }));
                }
            }
        }
        lists
    }
}

/// Handoffs dealt out, so that each of so many tasks has its own.
pub fn shares(stories: Vec<Numbered>, at_once: usize) -> Vec<Vec<Numbered>> {
    let mut shares: Vec<Vec<Numbered>> = (0..at_once).map(|_| Vec::new()).collect();
    for (place, numbered) in stories.into_iter().enumerate() {
        shares[place % at_once].push(numbered);
    }
    shares
}

/// Waiting times, given in seconds, as half and as nearly all of them were.
pub fn told(mut waits: Vec<f64>) -> String {
    waits.sort_by(f64::total_cmp);
    let within = |percent: usize| waits.get(waits.len() * percent / 100).map_or(0.0, |wait| wait * 1e3);
    format!("p50 {:.2} ms, p99 {:.2} ms", within(50), within(99))
}
