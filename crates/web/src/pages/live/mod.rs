//! Live updates: a stream of server-sent events that says when what a page shows has something newer.
//!
//! A page of a handoff hears that the handoff changed, and by whom; the queue hears that it would show something else.
//! A stream tells and never shows: nothing on the page is replaced while somebody works on it. It ends with the session,
//! without keeping it in use; when the server leaves; and after [`LONGEST`]. Without scripts there is none of it.

mod hub;

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::{FromRequestParts, Query},
    http::{HeaderName, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::stream::unfold;
use serde::Deserialize;
use throughline_app::AppError;
use throughline_domain::HandoffId;
use throughline_http::{Problem, Web};
use throughline_store::{HandoffRow, Reach};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep},
};

use self::hub::{Hub, News, Place};
use super::queue;
use crate::visit::Visit;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/live", get(live)).layer(Extension(Arc::new(Hub::default())))
}

/// How often a stream looks whether it should end.
const TICK: Duration = Duration::from_secs(1);
/// How often the session is asked after, and something said so that no proxy thinks the stream dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long after one look at a queue the next one comes.
const QUEUE_EACH: Duration = Duration::from_secs(5);
/// How long a stream lasts; the page opens another.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// Facts that are looked through for who did something.
const FACTS: u32 = 20;

/// What a page watches.
#[derive(Debug, Deserialize)]
struct Asked {
    /// This handoff…
    handoff: Option<HandoffId>,
    /// …which the page shows at this version.
    #[serde(default)]
    version: u64,
    /// The queue, which the page shows with this mark.
    queue: Option<String>,
}

/// Somebody signed in whose session this does not keep in use.
struct Watching(Visit);

impl FromRequestParts<Web> for Watching {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        match Visit::watching(parts, web).await {
            Ok(visit) => Ok(Self(visit)),
            Err(why) => Err(Problem::from(why).into_response()),
        }
    }
}

enum Watched {
    Handoff { id: HandoffId, told: u64 },
    Queue { mark: String },
}

async fn live(
    Watching(visit): Watching,
    Query(asked): Query<Asked>,
    Extension(hub): Extension<Arc<Hub>>,
) -> Result<Response, Problem> {
    let person = visit.caller.person().ok_or(AppError::NotSignedIn)?;
    let watched = match (asked.handoff, asked.queue) {
        (Some(id), _) => {
            // Who may not read it may not hear of it either.
            visit.web.app.timeline(&visit.caller, id, None, 1).await?;
            Watched::Handoff { id, told: asked.version }
        }
        (None, Some(mark)) => Watched::Queue { mark },
        (None, None) => return Err(Problem::new("bad-request", "say what to watch: handoff or queue")),
    };
    let Some(place) = hub.enter(person) else {
        return Err(
            AppError::Unavailable("as many pages as this server can follow are followed".into()).into()
        );
    };
    let news = hub.watch(&visit.web.app, visit.caller.org);
    let now = Instant::now();
    let stream =
        Stream { visit, watched, place, news, since: now, asked: now, looked: now, due: true, over: false };
    let lines = unfold(Some((stream, true)), |state| async move {
        let (stream, is_first) = state?;
        // How long a browser waits before it opens another.
        if is_first {
            return Some((
                Ok::<_, Infallible>(Bytes::from_static(b"retry: 5000\n\n")),
                Some((stream, false)),
            ));
        }
        let (line, stream) = stream.next().await?;
        Some((Ok(line), stream.map(|stream| (stream, false))))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // Proxies that gather answers before they pass them on are asked not to.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((StatusCode::OK, headers, Body::from_stream(lines)).into_response())
}

/// One page's stream.
struct Stream {
    visit: Visit,
    watched: Watched,
    place: Place,
    news: Receiver<News>,
    since: Instant,
    /// When the session was last asked after.
    asked: Instant,
    /// When the queue was last looked at.
    looked: Instant,
    /// Whether there may be something to tell: at the beginning, and after news.
    due: bool,
    over: bool,
}

/// Why a stream waits no more.
enum Woken {
    News(Result<News, RecvError>),
    Replaced,
    Tick,
}

impl Stream {
    /// The next line, and the stream where it goes on; none: it is over.
    async fn next(mut self) -> Option<(Bytes, Option<Self>)> {
        while !self.over {
            if self.due
                && let Some(line) = self.look().await
            {
                return Some((line, Some(self)));
            }
            if self.over {
                break;
            }
            let woken = tokio::select! {
                news = self.news.recv() => Woken::News(news),
                () = self.place.ended.notified() => Woken::Replaced,
                () = sleep(TICK) => Woken::Tick,
            };
            match woken {
                Woken::News(Ok(News::Rows(rows))) => self.due |= self.concerns(&rows),
                // Nobody could say, or it is behind by more than is kept: it looks for itself.
                Woken::News(Ok(News::Perhaps) | Err(RecvError::Lagged(_))) => self.due = true,
                Woken::News(Err(RecvError::Closed)) | Woken::Replaced => return None,
                Woken::Tick if self.visit.web.is_leaving() || self.since.elapsed() > LONGEST => return None,
                Woken::Tick if self.asked.elapsed() >= HEARTBEAT => {
                    self.asked = Instant::now();
                    if let Err(AppError::NotSignedIn) = self.visit.still().await {
                        return Some((Bytes::from_static(b"event: end\ndata: {}\n\n"), None));
                    }
                    return Some((Bytes::from_static(b":\n\n"), Some(self)));
                }
                Woken::Tick => {}
            }
        }
        None
    }

    /// Whether news may be about what this page shows.
    fn concerns(&self, rows: &[HandoffRow]) -> bool {
        match &self.watched {
            Watched::Handoff { id, told } => rows.iter().any(|row| row.id == *id && row.version > *told),
            Watched::Queue { .. } => {
                match self.visit.caller.reach(throughline_domain::access::Action::Read) {
                    Ok(Reach::Organisation) => true,
                    Ok(Reach::People(people)) => rows.iter().any(|row| {
                        let named = [Some(row.ae), row.csm, row.next_person, Some(row.answerable)];
                        named.into_iter().flatten().any(|person| people.contains(&person))
                    }),
                    Err(_) => false,
                }
            }
        }
    }

    /// What there is to tell, if anything. A failure is tried again after the next news.
    async fn look(&mut self) -> Option<Bytes> {
        match &mut self.watched {
            Watched::Handoff { id, told } => {
                let (id, before) = (*id, *told);
                self.due = false;
                let facts = match self.visit.web.app.timeline(&self.visit.caller, id, None, FACTS).await {
                    Ok(facts) => facts,
                    Err(AppError::NotFound(_) | AppError::Forbidden(_)) => {
                        // It is theirs to read no more.
                        self.over = true;
                        return None;
                    }
                    Err(_) => return None,
                };
                let version = facts.first()?.recorded.seq;
                *told = version.max(before);
                let news = facts.iter().map(|fact| &fact.recorded).filter(|fact| fact.seq > before);
                // That somebody was reminded changes nothing that is shown.
                let newest = news.into_iter().find(|fact| !fact.fact.is_notice())?;
                let (by, own) = (newest.by.person(), newest.by == self.visit.caller.actor);
                let people = self.visit.web.app.named(self.visit.caller.org, by).await.ok()?;
                let by = by.and_then(|id| people.get(&id)).map(|person| person.name.clone());
                let data = serde_json::json!({ "version": version, "by": by, "own": own });
                Some(format!("event: changed\ndata: {data}\n\n").into())
            }
            Watched::Queue { mark } => {
                if self.looked.elapsed() < QUEUE_EACH && self.since != self.looked {
                    return None;
                }
                self.due = false;
                self.looked = Instant::now();
                let now = queue::mark(&self.visit).await.ok()?;
                if now == *mark {
                    return None;
                }
                *mark = now;
                Some(Bytes::from_static(b"event: changed\ndata: {}\n\n"))
            }
        }
    }
}
