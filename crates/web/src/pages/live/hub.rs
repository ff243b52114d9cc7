//! Who looks at what, and what has changed there: one look at an organisation for all who watch it, and a bounded
//! number of streams.
//!
//! Changes of every node are seen alike, because what is looked at is the store: the rows that changed last, in the
//! order the list has an index for. A change is seen within [`EACH`]; where more changed in that time than a look reads,
//! every watcher is told to look for itself. Absent on purpose: what changed. A stream says that there is something newer;
//! the page that is then asked for says what.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use throughline_app::{App, Caller};
use throughline_domain::{HandoffId, OrgId, PersonId};
use throughline_store::{HandoffFilter, HandoffRow, Sort};
use tokio::sync::{Notify, broadcast};

/// How often an organisation that somebody watches is looked at.
const EACH: Duration = Duration::from_secs(2);
/// How many rows a look reads.
const ROWS: u32 = 50;
/// How many looks a watcher may be behind.
const BEHIND: usize = 16;
/// How many streams one person has at once; the oldest ends for another.
const EACH_PERSON: usize = 6;
/// How many streams a node has at once.
const ALL: usize = 1_024;

/// What changed between two looks.
#[derive(Debug, Clone)]
pub enum News {
    /// These rows, and no others.
    Rows(Arc<Vec<HandoffRow>>),
    /// More than a look reads: perhaps whatever somebody watches.
    Perhaps,
}

/// What a look tells, which knew these versions from the one before.
fn news(rows: &[HandoffRow], known: &BTreeMap<HandoffId, u64>) -> Option<News> {
    let changed = |row: &&HandoffRow| known.get(&row.id).is_none_or(|version| *version < row.version);
    let new: Vec<_> = rows.iter().filter(changed).cloned().collect();
    match new.len() {
        0 => None,
        all if all >= ROWS as usize => Some(News::Perhaps),
        _ => Some(News::Rows(Arc::new(new))),
    }
}

/// The watchers of one node.
#[derive(Default)]
pub struct Hub {
    inner: Mutex<Inner>,
    numbers: AtomicU64,
}

#[derive(Default)]
struct Inner {
    orgs: BTreeMap<OrgId, broadcast::Sender<News>>,
    people: BTreeMap<PersonId, VecDeque<(u64, Arc<Notify>)>>,
    open: usize,
}

/// A stream's place; free again when it is dropped.
pub struct Place {
    hub: Arc<Hub>,
    person: PersonId,
    number: u64,
    /// Rung when another stream of the same person takes its place.
    pub ended: Arc<Notify>,
}

impl Hub {
    /// Nothing panics while the lock is held.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more stream of somebody; none when the node has no more.
    pub fn enter(self: &Arc<Self>, person: PersonId) -> Option<Place> {
        let mut inner = self.inner();
        if inner.open >= ALL {
            return None;
        }
        inner.open += 1;
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let ended = Arc::new(Notify::new());
        let theirs = inner.people.entry(person).or_default();
        theirs.push_back((number, Arc::clone(&ended)));
        if theirs.len() > EACH_PERSON
            && let Some((_, oldest)) = theirs.pop_front()
        {
            oldest.notify_one();
        }
        Some(Place { hub: Arc::clone(self), person, number, ended })
    }

    /// What changes in an organisation from now on.
    pub fn watch(self: &Arc<Self>, app: &App, org: OrgId) -> broadcast::Receiver<News> {
        let mut inner = self.inner();
        if let Some(sender) = inner.orgs.get(&org) {
            return sender.subscribe();
        }
        let (sender, receiver) = broadcast::channel(BEHIND);
        inner.orgs.insert(org, sender);
        tokio::spawn(Arc::clone(self).look(app.clone(), org));
        receiver
    }

    /// Looks at an organisation as long as somebody watches it.
    async fn look(self: Arc<Self>, app: App, org: OrgId) {
        // The first look tells all it sees: what changed while it began may be among it.
        let mut known = BTreeMap::new();
        loop {
            if let Ok(rows) = newest(&app, org).await {
                if let Some(news) = news(&rows, &known) {
                    self.tell(org, news);
                }
                known = rows.into_iter().map(|row| (row.id, row.version)).collect();
            }
            tokio::time::sleep(EACH).await;
            let mut inner = self.inner();
            if inner.orgs.get(&org).is_none_or(|sender| sender.receiver_count() == 0) {
                inner.orgs.remove(&org);
                return;
            }
        }
    }

    fn tell(&self, org: OrgId, news: News) {
        if let Some(sender) = self.inner().orgs.get(&org) {
            // That nobody listens any more is seen before the next look.
            let _ = sender.send(news);
        }
    }
}

async fn newest(app: &App, org: OrgId) -> Result<Vec<HandoffRow>, throughline_app::AppError> {
    let all = HandoffFilter::default();
    Ok(app.handoffs(&Caller::system(org), all, Sort::Updated, None, ROWS).await?.rows)
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inner = self.hub.inner();
        inner.open = inner.open.saturating_sub(1);
        if let Some(theirs) = inner.people.get_mut(&self.person) {
            theirs.retain(|(number, _)| *number != self.number);
            if theirs.is_empty() {
                inner.people.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(number: u128) -> PersonId {
        PersonId::from(uuid::Uuid::from_u128(number))
    }

    async fn is_ended(place: &Place) -> bool {
        tokio::time::timeout(Duration::from_millis(1), place.ended.notified()).await.is_ok()
    }

    #[tokio::test]
    async fn somebodys_oldest_stream_ends_for_another_and_nobody_elses() {
        let hub = Arc::new(Hub::default());
        let other = hub.enter(somebody(2)).unwrap();
        let mut mine: Vec<_> = (0..=EACH_PERSON).map(|_| hub.enter(somebody(1)).unwrap()).collect();
        assert!(is_ended(&mine[0]).await);
        assert!(!is_ended(&mine[1]).await);
        assert!(!is_ended(&other).await);
        mine.truncate(2);
        mine.extend((0..EACH_PERSON - 1).map(|_| hub.enter(somebody(1)).unwrap()));
        assert!(!is_ended(&mine[1]).await, "there is room again");
    }

    #[test]
    fn a_node_has_so_many_streams_and_a_place_is_free_again() {
        let hub = Arc::new(Hub::default());
        let mut all: Vec<_> = (0..ALL).map(|number| hub.enter(somebody(number as u128)).unwrap()).collect();
        assert!(hub.enter(somebody(0)).is_none());
        all.pop();
        assert!(hub.enter(somebody(0)).is_some());
        drop(all);
        assert!(hub.inner().people.is_empty());
    }
}
