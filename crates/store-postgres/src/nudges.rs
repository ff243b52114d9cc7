//! Telling the other nodes that something waits, so that they need not wait for their next look.
//!
//! Said beside the commits, not in them: the server lets no two transactions that say something end at once, so a word
//! in each would put them behind one another. What is said within a moment is said once. A word may get lost, with its
//! node or with the connection that listens; whoever sweeps looks now and then anyway.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use throughline_store::Bell;
use tokio::{
    task::AbortHandle,
    time::{sleep, timeout},
};

use crate::{
    driver::{Error, PgListener, PgPoolOptions},
    pool::Pool,
    sql::Sql,
};

/// The channel nodes speak on.
const CHANNEL: &str = "throughline";
/// How long words are gathered before they are said.
const MOMENT: Duration = Duration::from_millis(20);
/// How long a listener trusts a connection on which nothing comes.
const SILENCE: Duration = Duration::from_secs(5 * 60);
/// How long a listener's connection may take to open.
const OPENING: Duration = Duration::from_secs(5);
/// The first wait before a listener tries to connect again.
const SHORTEST: Duration = Duration::from_millis(100);
/// The longest wait before a listener tries to connect again.
const LONGEST: Duration = Duration::from_secs(30);

/// A node's ears and voice. The ears open when somebody first listens: what only writes needs no connection for them.
pub(crate) struct Nudges {
    heart: Arc<Heart>,
    ears: OnceLock<AbortHandle>,
}

struct Heart {
    pool: Arc<Pool>,
    bell: Bell,
    /// What this node calls itself, to know its own words.
    name: String,
    /// Set while a word waits to be said.
    waits: AtomicBool,
}

impl Nudges {
    pub fn of(pool: Arc<Pool>) -> Self {
        let name = format!("{:x}", RandomState::new().hash_one(CHANNEL));
        let heart = Heart { pool, bell: Bell::default(), name, waits: AtomicBool::new(false) };
        Self { heart: Arc::new(heart), ears: OnceLock::new() }
    }

    /// Something waits to be taken.
    pub fn ring(&self) {
        self.heart.bell.ring();
        if !self.heart.waits.swap(true, Ordering::AcqRel) {
            tokio::spawn(Arc::clone(&self.heart).say());
        }
    }

    /// Waits for a word of any node, at most so long.
    pub async fn heard(&self, at_most: Duration) {
        self.ears.get_or_init(|| tokio::spawn(Arc::clone(&self.heart).listen()).abort_handle());
        self.heart.bell.heard(at_most).await;
    }
}

impl Drop for Nudges {
    fn drop(&mut self) {
        if let Some(ears) = self.ears.get() {
            ears.abort();
        }
    }
}

impl Heart {
    async fn say(self: Arc<Self>) {
        sleep(MOMENT).await;
        // From here on another word is said anew: this one may not tell of it.
        self.waits.store(false, Ordering::Release);
        let sql = Sql::of("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(self.name.as_str());
        if let Err(fault) = self.pool.ask(&sql).await {
            tracing::debug!(?fault, "the other nodes could not be told");
        }
    }

    async fn listen(self: Arc<Self>) {
        let mut wait = SHORTEST;
        loop {
            if let Err(error) = self.attend(&mut wait).await {
                tracing::debug!(%error, "the other nodes cannot be heard");
                sleep(wait).await;
                wait = (wait * 2).min(LONGEST);
            }
        }
    }

    /// Listens on one connection until it breaks, or nothing has come for so long that a new one is to show whether
    /// anything could.
    async fn attend(&self, wait: &mut Duration) -> Result<(), Error> {
        let line = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let line = line.acquire_timeout(OPENING).connect_lazy_with(self.pool.options().clone());
        let mut listener = PgListener::connect_with(&line).await?;
        listener.listen(CHANNEL).await?;
        *wait = SHORTEST;
        // What was said before is told now.
        self.bell.ring();
        while let Ok(heard) = timeout(SILENCE, listener.try_recv()).await {
            match heard? {
                Some(word) if word.payload() == self.name => {}
                // Another node's word, or a gap in which there may have been one.
                _ => self.bell.ring(),
            }
        }
        Ok(())
    }
}
