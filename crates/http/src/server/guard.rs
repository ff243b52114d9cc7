//! Deadlines on a connection and on the bodies that go over it.
//!
//! A connection is fresh, idle, sending a head, or busy; each waits only so long. Bodies in both directions may
//! pause, but not for longer than the stall limit.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

use super::Patience;

const FRESH: u8 = 0;
const IDLE: u8 = 1;
const HEAD: u8 = 2;
const BUSY: u8 = 3;

/// What a connection is at, shared by its socket and its requests.
#[derive(Clone, Default)]
pub(super) struct Phase(Arc<AtomicU8>);

impl Phase {
    /// A head came in whole: now it is the handler's turn.
    pub(super) fn busy(&self) {
        self.0.store(BUSY, Relaxed);
    }

    fn at(&self) -> u8 {
        self.0.load(Relaxed)
    }

    fn set(&self, phase: u8) {
        self.0.store(phase, Relaxed);
    }
}

/// A timer that begins when something has to be waited for.
struct Timer {
    sleep: Pin<Box<Sleep>>,
    running_for: Option<u8>,
}

impl Timer {
    fn new() -> Self {
        Self { sleep: Box::pin(sleep(Duration::ZERO)), running_for: None }
    }

    fn restart(&mut self, what: u8, limit: Duration) {
        self.sleep.as_mut().reset(Instant::now() + limit);
        self.running_for = Some(what);
    }

    /// Ready when `what` has been waited for longer than `limit`.
    fn poll(&mut self, cx: &mut Context<'_>, what: u8, limit: Duration) -> Poll<()> {
        if self.running_for != Some(what) {
            self.restart(what, limit);
        }
        self.sleep.as_mut().poll(cx)
    }

    fn stop(&mut self) {
        self.running_for = None;
    }
}

fn late(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what)
}

/// A socket that gives up on who does not speak or does not listen.
pub(super) struct Guarded<T> {
    inner: T,
    phase: Phase,
    patience: Patience,
    reading: Timer,
    writing: Timer,
}

impl<T> Guarded<T> {
    pub(super) fn new(inner: T, phase: Phase, patience: Patience) -> Self {
        Self { inner, phase, patience, reading: Timer::new(), writing: Timer::new() }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Guarded<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.inner).poll_read(cx, buffer) {
            if buffer.filled().len() > before && matches!(this.phase.at(), FRESH | IDLE) {
                this.phase.set(HEAD);
                this.reading.restart(HEAD, this.patience.head);
            }
            return Poll::Ready(read);
        }
        let phase = this.phase.at();
        let limit = match phase {
            FRESH => this.patience.first_byte,
            IDLE => this.patience.idle,
            HEAD => this.patience.head,
            _ => {
                this.reading.stop();
                return Poll::Pending;
            }
        };
        ready!(this.reading.poll(cx, phase, limit));
        Poll::Ready(Err(late("the request did not come")))
    }
}

impl<T: AsyncWrite + Unpin> Guarded<T> {
    fn written<R>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<R>>) -> Poll<io::Result<R>> {
        if written.is_ready() {
            self.writing.stop();
            return written;
        }
        ready!(self.writing.poll(cx, BUSY, self.patience.stall));
        Poll::Ready(Err(late("the answer was not taken")))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Guarded<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, data);
        self.written(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.written(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.written(cx, shut)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, data);
        self.written(cx, written)
    }
}

/// A request's body that may pause only so long.
pub(super) struct Received<B> {
    inner: B,
    stall: Duration,
    timer: Option<Timer>,
}

impl<B> Received<B> {
    pub(super) fn new(inner: B, stall: Duration) -> Self {
        Self { inner, stall, timer: None }
    }
}

impl<B> Body for Received<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(frame) => {
                if let Some(timer) = &mut this.timer {
                    timer.stop();
                }
                Poll::Ready(frame.map(|frame| frame.map_err(io::Error::other)))
            }
            Poll::Pending => {
                let timer = this.timer.get_or_insert_with(Timer::new);
                ready!(timer.poll(cx, BUSY, this.stall));
                Poll::Ready(Some(Err(late("the body stopped coming"))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// An answer's body; once it is gone, the connection waits for the next request.
pub(super) struct Sent<B> {
    inner: B,
    phase: Phase,
}

impl<B> Sent<B> {
    pub(super) fn new(inner: B, phase: Phase) -> Self {
        Self { inner, phase }
    }
}

impl<B> Drop for Sent<B> {
    fn drop(&mut self) {
        self.phase.set(IDLE);
    }
}

impl<B: Body + Unpin> Body for Sent<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
