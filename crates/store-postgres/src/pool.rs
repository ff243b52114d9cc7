//! Connections: a bounded number, lent to one unit of work at a time.
//!
//! A lent connection comes back only when what was asked of it ended cleanly. One whose caller went away in the middle,
//! that broke, or that has stopped answering is closed instead, and with it goes whatever was open on it. Absent on
//! purpose: testing a connection before or after each use; that would double the round trips, and a connection can
//! break a moment after its test all the same.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use throughline_store::StoreError;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, sleep, timeout},
};

use crate::{
    address::Address,
    driver::{Connection, Error, PgConnectOptions, PgConnection, PgRow, query_with, raw_sql},
    faults::{Fault, Kind},
    sql::Sql,
};

/// How long somebody waits for a connection to come free. Longer is overload: better refused than answered late.
const TURN: Duration = Duration::from_secs(5);
/// How long a connection may take to open.
const OPENING: Duration = Duration::from_secs(5);
/// An idle connection older than this is not used again.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// A connection older than this is not used again: what a session remembers does not grow for ever.
const AGE: Duration = Duration::from_secs(60 * 60);
/// The waits between attempts, at most, in milliseconds: a server that restarts is back within them.
const WAITS: [u64; 7] = [0, 40, 80, 160, 320, 640, 1_280];

/// Connections to one database.
pub(crate) struct Pool {
    options: PgConnectOptions,
    patience: Duration,
    turns: Semaphore,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    conn: PgConnection,
    born: Instant,
    since: Instant,
}

/// A connection for one unit of work.
pub(crate) struct Lease<'p> {
    conn: PgConnection,
    born: Instant,
    pool: &'p Pool,
    _turn: SemaphorePermit<'p>,
}

impl Pool {
    /// Opens nothing yet.
    pub fn of(address: Address) -> Self {
        let Address { options, connections, patience } = address;
        Self { options, patience, turns: Semaphore::new(connections), idle: Mutex::default() }
    }

    /// How its connections are opened.
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// A connection, once one is free.
    pub async fn lease(&self) -> Result<Lease<'_>, Fault> {
        let busy = || StoreError::Unavailable("too much waits for a connection".to_owned());
        let turn = timeout(TURN, self.turns.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
        let now = Instant::now();
        let good = |idle: &Idle| now - idle.since < IDLE && now - idle.born < AGE;
        let found = {
            let mut all = self.idle();
            all.retain(good);
            all.pop()
        };
        let (conn, born) = match found {
            Some(idle) => (idle.conn, idle.born),
            None => (self.open().await?, now),
        };
        Ok(Lease { conn, born, pool: self, _turn: turn })
    }

    async fn open(&self) -> Result<PgConnection, Error> {
        let late = |_| Error::Io(std::io::Error::from(std::io::ErrorKind::TimedOut));
        timeout(OPENING, PgConnection::connect_with(&self.options)).await.map_err(late)?
    }

    /// What a single statement that changes nothing gives, asked anew while connections break.
    pub async fn rows(&self, sql: &Sql) -> Result<Vec<PgRow>, StoreError> {
        let mut tries = Tries::default();
        loop {
            let fault = match self.ask(sql).await {
                Ok(rows) => return Ok(rows),
                Err(fault) => fault,
            };
            if !tries.again(&fault).await {
                return Err(fault.into());
            }
        }
    }

    /// A single statement, once.
    pub async fn ask(&self, sql: &Sql) -> Result<Vec<PgRow>, Fault> {
        let mut lease = self.lease().await?;
        let result = lease.rows(sql).await;
        lease.end(result)
    }

    /// Whatever hit one connection may have hit all: after a restart each of them is dead.
    fn forget_idle(&self) {
        self.idle().clear();
    }

    /// Nothing panics while the lock is held; were it so, what is there is still whole.
    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease<'_> {
    /// What a statement gives.
    pub async fn rows(&mut self, sql: &Sql) -> Result<Vec<PgRow>, Fault> {
        let (text, values) = sql.parts().map_err(Error::Encode)?;
        let asked = query_with(text, values).fetch_all(&mut self.conn);
        Ok(timeout(self.pool.patience, asked).await.map_err(|_| silent())??)
    }

    /// How many rows a statement changed.
    pub async fn run(&mut self, sql: &Sql) -> Result<u64, Fault> {
        let (text, values) = sql.parts().map_err(Error::Encode)?;
        let asked = query_with(text, values).execute(&mut self.conn);
        Ok(timeout(self.pool.patience, asked).await.map_err(|_| silent())??.rows_affected())
    }

    /// What a statement gives that may take as long as it takes.
    pub async fn rows_in_time(&mut self, sql: &Sql) -> Result<Vec<PgRow>, Fault> {
        let (text, values) = sql.parts().map_err(Error::Encode)?;
        Ok(query_with(text, values).fetch_all(&mut self.conn).await?)
    }

    /// Several statements without values, such as a migration; may take as long as it takes.
    pub async fn script(&mut self, text: &'static str) -> Result<(), Fault> {
        raw_sql(text).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Gives the connection back, or lets go of it when the result says that it is no good.
    pub fn end<T>(self, result: Result<T, Fault>) -> Result<T, Fault> {
        match &result {
            Err(fault) if fault.kind() == Kind::Lost => self.pool.forget_idle(),
            // Told by us, not by the server: it may still be at work on it.
            Err(Fault::Store(StoreError::Unavailable(_))) => {}
            _ => self.give_back(),
        }
        result
    }

    /// Gives back a connection on which nothing is open.
    pub fn give_back(self) {
        let idle = Idle { conn: self.conn, born: self.born, since: Instant::now() };
        self.pool.idle().push(idle);
    }
}

fn silent() -> Fault {
    StoreError::Unavailable("the database has stopped answering".to_owned()).into()
}

/// Attempts at one unit of work.
#[derive(Default)]
pub(crate) struct Tries {
    made: usize,
}

impl Tries {
    /// Whether to try again after a fault; waits before it says so. Each wait is of chance length, so that those who
    /// were in one another's way do not meet again.
    pub async fn again(&mut self, fault: &Fault) -> bool {
        matches!(fault.kind(), Kind::Lost | Kind::Again) && self.wait().await
    }

    /// Waits for the next attempt; false when there is none left.
    pub async fn wait(&mut self) -> bool {
        let Some(most) = WAITS.get(self.made) else { return false };
        self.made += 1;
        let part = RandomState::new().hash_one(self.made) % (most / 2 + 1);
        sleep(Duration::from_millis(most - part)).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use throughline_testkit::postgres::Database;
    use tokio::net::{TcpListener, UnixStream};
    use tokio::sync::watch;

    use super::*;
    use crate::address;

    /// A line to the server that can be cut without either end noticing.
    async fn a_line(database: &Database) -> (Pool, watch::Sender<bool>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cut, is_cut) = watch::channel(false);
        let socket = database.socket();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (socket, mut is_cut) = (socket.clone(), is_cut.clone());
                tokio::spawn(async move {
                    let mut far = UnixStream::connect(socket).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        // Both ends stay open, and nothing passes any more.
                        () = async { is_cut.wait_for(|cut| *cut).await.map(drop).unwrap_or_default() } => std::future::pending().await,
                    }
                });
            }
        });
        let url = format!("postgres://throughline@127.0.0.1:{port}/{}?sslmode=disable", database.name());
        let address = Address { patience: Duration::from_millis(300), ..address::parse(&url).unwrap() };
        (Pool::of(address), cut)
    }

    #[tokio::test]
    async fn a_server_that_falls_silent_is_given_up_and_found_again() {
        let database = Database::new();
        let (pool, cut) = a_line(&database).await;
        let one = Sql::of("SELECT 1");
        assert_eq!(pool.rows(&one).await.unwrap().len(), 1);
        cut.send_replace(true);
        let silent = pool.rows(&one).await;
        assert!(matches!(&silent, Err(StoreError::Unavailable(why)) if why.contains("stopped answering")));
        cut.send_replace(false);
        assert_eq!(pool.rows(&one).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn no_more_connections_than_allowed_are_opened_and_they_are_used_again() {
        let database = Database::new();
        let url = format!("{}&connections=3", database.url());
        let pool = Arc::new(Pool::of(address::parse(&url).unwrap()));
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..60 {
            let pool = Arc::clone(&pool);
            asking.spawn(async move { pool.rows(&Sql::of("SELECT pg_sleep(0.001)")).await.unwrap().len() });
        }
        assert_eq!(asking.join_all().await.iter().sum::<usize>(), 60);
        let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'throughline'
                        AND datname = current_database()";
        assert_eq!(database.run(sessions), "3");
    }
}
