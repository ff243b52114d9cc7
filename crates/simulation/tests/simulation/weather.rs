//! What goes wrong, when, and what is seen of it: shared by all nodes of one world.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Mutex, MutexGuard, PoisonError},
};

use throughline_store::{Change, Commit, StoreError};

use crate::{dice::Dice, watch::Watch};

/// How much of the trace a failure shows.
const SHOWN: usize = 60;

/// A store that does not keep its word, to see that it is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// Now and then says that a commit is durable, and forgets it.
    Forgets,
    /// Gives the same work to everybody who asks, and takes it off without looking whether it is there.
    Doubles,
    /// Loses what was to be told.
    LosesMessages,
}

/// Everything chance decides, everything that happened, and the one who watches.
pub struct Weather(Mutex<Inside>);

struct Inside {
    dice: Dice,
    /// Nothing fails any more.
    calm: Cell<bool>,
    lie: Option<Lie>,
    trace: RefCell<DefaultHasher>,
    last: RefCell<VecDeque<String>>,
    watch: RefCell<Watch>,
}

impl Weather {
    pub fn new(seed: u64, lie: Option<Lie>, watch: Watch) -> Self {
        Self(Mutex::new(Inside {
            dice: Dice::new(seed),
            calm: Cell::new(true),
            lie,
            trace: RefCell::default(),
            last: RefCell::default(),
            watch: RefCell::new(watch),
        }))
    }

    /// One thread only ever holds it; were it poisoned, the test has failed already.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn calms(&self, calm: bool) {
        self.inside().calm.set(calm);
    }

    /// Notes what happened; two runs of one seed must note the same.
    pub fn notes(&self, what: &str) {
        let inside = self.inside();
        what.hash(&mut *inside.trace.borrow_mut());
        let mut last = inside.last.borrow_mut();
        if last.len() == SHOWN {
            last.pop_front();
        }
        last.push_back(what.to_owned());
    }

    pub fn trace(&self) -> u64 {
        self.inside().trace.borrow().finish()
    }

    pub fn last(&self) -> String {
        self.inside().last.borrow().iter().map(|line| format!("  {line}\n")).collect()
    }

    pub fn watching<T>(&self, look: impl FnOnce(&mut Watch) -> T) -> T {
        look(&mut self.inside().watch.borrow_mut())
    }

    /// Before the store hears of it: now and then it cannot be reached.
    pub fn reaches(&self, node: usize, asked: &str) -> Result<(), StoreError> {
        self.notes(&format!("{node} asks {asked}"));
        self.breaks(250, "nobody there")
    }

    /// The store has done it: now and then nobody hears so.
    pub fn answers(&self, node: usize, asked: &str, told: &str) -> Result<(), StoreError> {
        self.notes(&format!("{node} did {asked} {told}"));
        self.breaks(80, "the connection broke off")
    }

    fn breaks(&self, one_in: usize, why: &str) -> Result<(), StoreError> {
        let inside = self.inside();
        if !inside.calm.get() && inside.dice.one_in(one_in) {
            return Err(StoreError::Unavailable(why.to_owned()));
        }
        Ok(())
    }

    /// Whether the store lies in this way now.
    pub fn lies(&self, lie: Lie) -> bool {
        let inside = self.inside();
        inside.lie == Some(lie) && !inside.calm.get() && inside.dice.one_in(3)
    }

    pub fn committed(&self, commit: &Commit) {
        self.inside().watch.borrow_mut().committed(commit);
    }

    pub fn applied(&self, changes: &[Change]) {
        self.inside().watch.borrow_mut().applied(changes);
    }
}
