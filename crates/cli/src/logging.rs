//! The log, on standard error: `RUST_LOG` says how much. No secret is ever logged: links and passwords are printed
//! on standard output, to whoever started the program.

use tracing_subscriber::EnvFilter;

/// Starts it.
pub fn start() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,throughline=info"));
    // What reads mailboxes traces the lines it sends, the one with the password too.
    let filter = match "async_imap::imap_stream=info".parse() {
        Ok(quiet) => filter.add_directive(quiet),
        Err(_) => filter,
    };
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // Already started only where a test started it.
    drop(log.try_init());
}
