//! Databases on a throw-away PostgreSQL server: one server for all tests that run at a time, a database for each test.
//!
//! The first test that asks starts the server from what is installed, as an unprivileged user when we are root, on a
//! socket in a folder of its own; nothing listens on the network. A keeper beside it ends the server and removes the
//! folder once no test has been there for a while, whatever became of the tests. Where memory holds a file system,
//! the server lives there: it then syncs every commit as it would on a disk, at no cost.
//!
//! Absent on purpose: a server that is already there for something else, and a way to pass without one; whoever has
//! none leaves these tests out by name.

mod install;
mod server;

use std::sync::atomic::{AtomicU32, Ordering};

use self::server::Server;

/// A database of a test's own, gone with it.
pub struct Database {
    server: Server,
    name: String,
}

impl Database {
    /// An empty one.
    ///
    /// # Panics
    /// When there is no PostgreSQL, in one line that says what to install.
    pub fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let server = Server::running().unwrap_or_else(|why| panic!("{why}"));
        let name = format!("t{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        server.run("createdb", &[&name]).unwrap_or_else(|why| panic!("{why}"));
        Self { server, name }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// The address of the server's socket file, for whoever stands between.
    pub fn socket(&self) -> std::path::PathBuf {
        self.server.socket()
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its address for somebody who may use the tables that are there and can be kept out, unlike the server's owner.
    pub fn visitors_url(&self) -> String {
        let name = format!("{}_visitor", self.name);
        self.run(&format!("CREATE ROLE {name} LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO {name}"));
        self.url().replace("user=throughline", &format!("user={name}"))
    }

    /// Lets no visitor in, or lets them in again. Whoever is in is sent away.
    pub fn lets_visitors_in(&self, open: bool) {
        let most = if open { -1 } else { 0 };
        self.run(&format!("ALTER DATABASE {} CONNECTION LIMIT {most}", self.name));
        self.run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{}_visitor'",
            self.name
        ));
    }

    /// Runs a statement as the server's owner, past the product; gives what it prints.
    ///
    /// # Panics
    /// When the server refuses it.
    pub fn run(&self, sql: &str) -> String {
        let words = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.name, "-c", sql];
        self.server.run("psql", &words).unwrap_or_else(|why| panic!("{sql}: {why}"))
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Database {
    /// What cannot be dropped goes with the server.
    fn drop(&mut self) {
        drop(self.server.run("dropdb", &["--if-exists", "--force", &self.name]));
    }
}
