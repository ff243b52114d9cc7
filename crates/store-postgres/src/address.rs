//! Where the server is, and what every session there is told.

use std::time::Duration;

use crate::{
    driver::{ConnectOptions, Error, PgConnectOptions},
    faults::OpenError,
};

/// The longest a statement may take on the server.
const STATEMENT: &str = "10s";
/// The longest it may wait for a lock.
const LOCK: &str = "5s";
/// The longest a transaction may stand still between two statements.
const IDLE: &str = "15s";
/// How many prepared statements a connection remembers: lists have many shapes.
const STATEMENTS: usize = 256;
/// How many connections a node opens at most, unless told.
const CONNECTIONS: usize = 16;
/// The most it may be told.
const MOST_CONNECTIONS: usize = 500;

/// A server and how much of it a node may use.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub options: PgConnectOptions,
    pub connections: usize,
    /// After this an answer no longer comes: longer than the server would let a statement run.
    pub patience: Duration,
}

/// What a URL says. Its text is never repeated: it may hold a password.
pub(crate) fn parse(url: &str) -> Result<Address, OpenError> {
    let (url, connections) = split_connections(url)?;
    let options: PgConnectOptions =
        url.parse().map_err(|why: Error| OpenError::Address(without_values(&why)))?;
    let options = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name("throughline"),
    };
    let options = options
        .options([
            ("statement_timeout", STATEMENT),
            ("lock_timeout", LOCK),
            ("idle_in_transaction_session_timeout", IDLE),
            // Compiling pays for reports, not for what is asked here.
            ("jit", "off"),
        ])
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    Ok(Address { options, connections, patience: Duration::from_secs(15) })
}

/// Takes our own parameter out of a URL.
fn split_connections(url: &str) -> Result<(String, usize), OpenError> {
    let Some((place, query)) = url.split_once('?') else { return Ok((url.to_owned(), CONNECTIONS)) };
    let mut connections = CONNECTIONS;
    let mut others = Vec::new();
    for pair in query.split('&') {
        match pair.strip_prefix("connections=") {
            Some(number) => {
                let bounds = 1..=MOST_CONNECTIONS;
                connections =
                    number.parse().ok().filter(|number| bounds.contains(number)).ok_or_else(|| {
                        OpenError::Address(format!("`connections` must be 1 to {MOST_CONNECTIONS}"))
                    })?;
            }
            None => others.push(pair),
        }
    }
    Ok((format!("{place}?{}", others.join("&")), connections))
}

/// What is wrong with an address, without what stood in it.
fn without_values(why: &Error) -> String {
    let text = why.to_string();
    let text = text.trim_start_matches("error with configuration: ");
    text.split(['`', '"']).next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_host_database_and_how_many_connections() {
        let address =
            parse("postgresql://maya:secret@db.example:5433/handoffs?connections=7&sslmode=require").unwrap();
        assert_eq!((address.options.get_host(), address.options.get_port()), ("db.example", 5433));
        assert_eq!(address.options.get_database(), Some("handoffs"));
        assert_eq!(address.connections, 7);
        assert_eq!(parse("postgres://db.example/handoffs").unwrap().connections, CONNECTIONS);
    }

    #[test]
    fn sessions_are_named_and_bounded_in_time() {
        let address = parse("postgres://db.example/handoffs").unwrap();
        assert_eq!(address.options.get_application_name(), Some("throughline"));
        assert!(address.options.get_options().unwrap().contains("statement_timeout=10s"));
        let named = parse("postgres://db.example/handoffs?application_name=node-2").unwrap();
        assert_eq!(named.options.get_application_name(), Some("node-2"));
    }

    #[test]
    fn a_wrong_address_is_told_without_its_secret() {
        for url in [
            "postgres://maya:hunter2@db.example:port/handoffs",
            "postgres://maya:hunter2@db.example/handoffs?connections=0",
            "postgres://maya:hunter2@db.example/handoffs?connections=many",
            "postgres://maya:hunter2@db.example/handoffs?sslmode=hunter2",
        ] {
            let why = parse(url).unwrap_err().to_string();
            assert!(why.contains("address") && !why.contains("hunter2"), "{url}: {why}");
        }
    }
}
