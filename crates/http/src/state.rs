//! What every handler can reach.

use std::sync::Arc;

use throughline_app::App;

/// State shared by all handlers. Cloning is cheap.
#[derive(Clone)]
pub struct Web {
    /// The application.
    pub app: App,
    /// How this server is run.
    pub settings: Arc<ServerSettings>,
}

/// How a server is run.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Where people reach it, without a slash at the end: links in answers and messages begin with it.
    pub public_url: String,
    /// Whether the address above is https: cookies are then `Secure` and `__Host-`.
    pub secure: bool,
    /// Whether this is the demo company: banner, mailbox and the stand-in CRM are shown.
    pub demo: bool,
}

impl Web {
    /// State over an application.
    pub fn new(app: App, settings: ServerSettings) -> Self {
        Self { app, settings: Arc::new(settings) }
    }

    /// A path as a whole address.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.public_url)
    }

    /// The session cookie's name. A plain-http loopback server cannot set a `__Host-` cookie everywhere.
    pub fn cookie_name(&self) -> &'static str {
        if self.settings.secure { "__Host-throughline" } else { "throughline" }
    }
}
