//! A server over an empty store, for this crate's own tests.

use std::sync::Arc;

use throughline_app::{App, SystemClock};
use throughline_store::memory::MemoryStore;

use crate::{ServerSettings, Web};

pub(crate) fn web() -> Web {
    let app = App::new(Arc::new(MemoryStore::new()), Arc::new(SystemClock));
    let public_url = "http://localhost:8080".to_owned();
    Web::new(app, ServerSettings { public_url, secure: false, demo: false })
}
