//! What every handler can reach.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use throughline_app::{App, AppError};
use throughline_domain::{AccountId, OrgId, PersonId};
use tokio::sync::Semaphore;

use crate::{
    limit::{Cidr, Hourly, Rates, Requests, SignIns},
    metrics::Metrics,
    session::PortalCookie,
};

/// How many passwords are checked at once: each check costs a core and 19 MB for a while, on purpose.
const PASSWORDS_AT_ONCE: usize = 4;
/// How long one waits for a turn: longer than a person looks at a page that does not come is no service.
const LONGEST_QUEUE: Duration = Duration::from_secs(10);
/// How many links to the portal one network asks for within an hour.
const PORTAL_LINKS: u32 = 20;
/// How many links are made at once, behind answers that were given already.
const PORTAL_AT_ONCE: usize = 32;

/// State shared by all handlers. Cloning is cheap.
#[derive(Clone)]
pub struct Web {
    /// The application.
    pub app: App,
    /// How this server is run.
    pub settings: Arc<ServerSettings>,
    /// What is counted and limited.
    pub shared: Arc<Shared>,
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

/// Counters and limits of one server, in memory: another node counts its own.
pub struct Shared {
    /// Requests per caller and address.
    pub requests: Requests,
    /// Tries to sign in.
    pub sign_ins: SignIns,
    /// Links to the portal that were asked for.
    pub portal_links: Hourly,
    /// Whose word on `X-Forwarded-For` counts.
    pub proxies: Vec<Cidr>,
    /// What operators read.
    pub metrics: Metrics,
    passwords: Semaphore,
    portal: Arc<Semaphore>,
    leaving: AtomicBool,
}

impl Shared {
    fn new(rates: Rates, proxies: Vec<Cidr>) -> Self {
        Self {
            requests: Requests::new(rates),
            sign_ins: SignIns::default(),
            portal_links: Hourly::new(PORTAL_LINKS),
            proxies,
            metrics: Metrics::default(),
            passwords: Semaphore::new(PASSWORDS_AT_ONCE),
            portal: Arc::new(Semaphore::new(PORTAL_AT_ONCE)),
            leaving: AtomicBool::new(false),
        }
    }
}

impl Web {
    /// State over an application, with the usual limits and no trusted proxy.
    pub fn new(app: App, settings: ServerSettings) -> Self {
        let shared = Shared::new(Rates::default(), Vec::new());
        Self { app, settings: Arc::new(settings), shared: Arc::new(shared) }
    }

    /// The same with other limits and with proxies whose `X-Forwarded-For` is believed.
    #[must_use]
    pub fn with_limits(self, rates: Rates, proxies: Vec<Cidr>) -> Self {
        Self { shared: Arc::new(Shared::new(rates, proxies)), ..self }
    }

    /// A path as a whole address.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.public_url)
    }

    /// The session cookie's name. A plain-http loopback server cannot set a `__Host-` cookie everywhere.
    pub fn cookie_name(&self) -> &'static str {
        if self.settings.secure { "__Host-throughline" } else { "throughline" }
    }

    /// The name of a cookie of the portal. No staff session is ever in one of them.
    pub fn portal_cookie_name(&self, what: PortalCookie) -> &'static str {
        match (what, self.settings.secure) {
            (PortalCookie::Session, true) => "__Host-throughline_portal",
            (PortalCookie::Session, false) => "throughline_portal",
            (PortalCookie::Browser, true) => "__Host-throughline_browser",
            (PortalCookie::Browser, false) => "throughline_browser",
        }
    }

    /// Lets a link to the portal be mailed, behind the answer: how long that takes would tell whether the address is
    /// known. The same answer for every address.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for what can be no address, [`AppError::TooMany`] for who asks too often from one network,
    /// [`AppError::Unavailable`] when too many others are being answered.
    pub fn ask_portal_link(
        &self,
        client: std::net::IpAddr,
        email: &str,
        account: Option<AccountId>,
        browser: String,
    ) -> Result<(), AppError> {
        let email = throughline_app::people::mail_address(email)?;
        self.shared.portal_links.count(client).map_err(|seconds| AppError::TooMany { seconds })?;
        let turn = self.shared.portal.clone().try_acquire_owned();
        let turn = turn.map_err(|_| AppError::Unavailable("too many links are being made".to_owned()))?;
        let app = self.app.clone();
        tokio::spawn(async move {
            let _turn = turn;
            if let Err(why) = app.ask_portal_link(&email, account, &browser).await {
                tracing::warn!(%why, "a portal link cannot be asked for");
            }
        });
        Ok(())
    }

    /// From now on `/readyz` says no, so that a balancer sends nothing more here.
    pub fn leave(&self) {
        self.shared.leaving.store(true, Ordering::Relaxed);
    }

    /// Whether the server is shutting down.
    pub fn is_leaving(&self) -> bool {
        self.shared.leaving.load(Ordering::Relaxed)
    }

    /// Signs somebody in, slowing down who guesses (reliability §5, 6.3.1): by mail address and by client address.
    ///
    /// # Errors
    /// [`AppError::TooMany`] while one has to wait, [`AppError::NotSignedIn`] for a wrong mail address or password,
    /// [`AppError::Unavailable`] when too many others are being checked.
    pub async fn sign_in(
        &self,
        client: std::net::IpAddr,
        email: &str,
        password: String,
        agent: &str,
    ) -> Result<(OrgId, PersonId, String), AppError> {
        let attempt =
            self.shared.sign_ins.begin(email, client).map_err(|seconds| AppError::TooMany { seconds })?;
        let turn = tokio::time::timeout(LONGEST_QUEUE, self.shared.passwords.acquire()).await;
        let turn = turn.map_err(|_| AppError::Unavailable("too many passwords are being checked".into()))?;
        let _turn = turn.map_err(AppError::broken)?;
        let signed_in = self.app.sign_in(email, password, agent).await?;
        self.shared.sign_ins.succeeded(&attempt);
        Ok(signed_in)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::{Problem, testing::web};

    #[tokio::test(start_paused = true)]
    async fn who_gets_no_turn_is_told_to_come_again_and_the_next_one_does() {
        let web = web();
        let sign_in = async || {
            let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
            web.sign_in(here, "ada@example.com", "correct horse battery".to_owned(), "test").await
        };
        let busy = web.shared.passwords.acquire_many(PASSWORDS_AT_ONCE as u32).await.unwrap();
        let refused = sign_in().await.unwrap_err();
        assert!(matches!(refused, AppError::Unavailable(_)), "{refused}");
        assert!(Problem::from(refused).retry_after.is_some());
        drop(busy);
        assert!(matches!(sign_in().await, Err(AppError::NotSignedIn)));
    }
}
