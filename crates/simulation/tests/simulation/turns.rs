//! One thread, many tasks: who is polled next is chance. A task gives way before and after whatever it asks of the
//! store, and nowhere else, so any two may meet in any order.

use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

/// Something that is under way on a node.
pub struct Task {
    pub node: usize,
    pub what: &'static str,
    /// Not polled for so many more turns: a slow disk, a long pause.
    pub held: u32,
    future: Pin<Box<dyn Future<Output = ()>>>,
}

impl Task {
    pub fn new(node: usize, what: &'static str, future: impl Future<Output = ()> + 'static) -> Self {
        Self { node, what, held: 0, future: Box::pin(future) }
    }

    /// Goes on until it gives way. Whether it is done.
    pub fn goes_on(&mut self) -> bool {
        self.future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }
}

/// Gives way once.
pub fn give_way() -> impl Future<Output = ()> + Send {
    let mut gave = false;
    std::future::poll_fn(move |context| {
        if std::mem::replace(&mut gave, true) {
            return Poll::Ready(());
        }
        // Where several wait within one task, it is theirs to remember who was to go on.
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

/// What a future gives that never has to wait for anybody else.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..1_000_000 {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
    panic!("something waits for what never comes")
}
