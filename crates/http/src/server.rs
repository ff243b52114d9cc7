//! The server: HTTP/1.1 over plain TCP, with every way to be slow bounded (reliability §2.4, Q17, Q18, Q26).
//!
//! TLS is the proxy's. Absent on purpose: routes, and any knowledge of what is served.

mod guard;

use std::{convert::Infallible, future::Future, io, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::Service;

use crate::{Web, limit::Peer};
use guard::{Guarded, Phase, Received, Sent};

/// How long a connection may be silent, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until the first byte of a connection.
    pub first_byte: Duration,
    /// From a request's first byte to the end of its head.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Without a byte of a body arriving, or of an answer being taken.
    pub stall: Duration,
    /// After the shutdown signal, for requests under way.
    pub drain: Duration,
    /// Connections at once; further ones wait to be accepted.
    pub connections: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(5),
            head: Duration::from_secs(5),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(10),
            drain: Duration::from_secs(10),
            connections: 4_096,
        }
    }
}

/// Serves until `shutdown` is ready: then takes nothing more, finishes what is under way, and returns.
///
/// # Errors
/// None while serving: a connection that cannot be accepted is waited out.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    web: Web,
    patience: Patience,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(patience.connections.max(1)));
    tokio::pin!(shutdown);
    loop {
        let accepted = async {
            let slot = slots.clone().acquire_owned().await.map_err(io::Error::other)?;
            let (stream, peer) = listener.accept().await?;
            Ok::<_, io::Error>((slot, stream, peer))
        };
        tokio::select! {
            accepted = accepted => match accepted {
                Ok((slot, stream, peer)) => {
                    connection(stream, Peer(peer), slot, router.clone(), &web, patience, &graceful);
                }
                Err(why) => {
                    // Out of file handles, most likely: others are about to be freed.
                    tracing::warn!(%why, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            () = &mut shutdown => break,
        }
    }
    web.leave();
    drop(listener);
    if tokio::time::timeout(patience.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still under way at the end of the shutdown");
    }
    Ok(())
}

fn connection(
    stream: TcpStream,
    peer: Peer,
    slot: OwnedSemaphorePermit,
    router: Router,
    web: &Web,
    patience: Patience,
    graceful: &GracefulShutdown,
) {
    // Small answers must not wait for more to come.
    if let Err(why) = stream.set_nodelay(true) {
        tracing::debug!(%why, "no TCP_NODELAY");
    }
    let phase = Phase::default();
    let io = TokioIo::new(Guarded::new(stream, phase.clone(), patience));
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        phase.busy();
        let mut request = request.map(|body| Body::new(Received::new(body, patience.stall)));
        request.extensions_mut().insert(peer);
        let (mut router, phase) = (router.clone(), phase.clone());
        async move {
            let response = router.call(request).await?;
            Ok::<_, Infallible>(response.map(|body| Sent::new(body, phase)))
        }
    });
    let mut builder = hyper::server::conn::http1::Builder::new();
    // The guard below hyper keeps time, because it can tell waiting for a request from being slow with one. Hyper's
    // own timer only backs it up, and makes hyper look at the socket again once an answer is out.
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(patience.idle + patience.head)
        .max_buf_size(64 * 1024)
        .half_close(false);
    let served = graceful.watch(builder.serve_connection(io, service));
    let web = web.clone();
    web.shared.metrics.connected();
    tokio::spawn(async move {
        let _slot = slot;
        if let Err(why) = served.await {
            tracing::debug!(%why, "a connection ended early");
        }
        web.shared.metrics.disconnected();
    });
}
