//! Threads of their own for passwords. One takes a core and 19 MB for a while on purpose, and an allocator keeps what
//! a thread once took: done on any thread of a pool, in time every one of them would hold on to 19 MB.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, LazyLock, Mutex, PoisonError, mpsc},
    thread,
};

use tokio::sync::oneshot;

use crate::AppError;

/// How many there are: a flood of sign-ins takes no more cores than this.
const THREADS: usize = 2;

type Job = Box<dyn FnOnce() + Send>;

static DESK: LazyLock<mpsc::Sender<Job>> = LazyLock::new(|| {
    let (sender, receiver) = mpsc::channel::<Job>();
    let receiver = Arc::new(Mutex::new(receiver));
    for _ in 0..THREADS {
        let jobs = receiver.clone();
        let begun = thread::Builder::new().name("passwords".to_owned()).spawn(move || serve(&jobs));
        if let Err(error) = begun {
            tracing::error!(%error, "no thread for passwords could be begun");
        }
    }
    sender
});

fn serve(jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Whoever waits for it learns that no answer comes; the thread goes on with the next.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

/// Does work on one of the threads. Work that nobody waits for any more is left undone.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let (tell, told) = oneshot::channel();
    let job = move || {
        if !tell.is_closed() {
            drop(tell.send(work()));
        }
    };
    DESK.send(Box::new(job)).map_err(|_| AppError::broken("no thread takes passwords"))?;
    told.await.map_err(AppError::broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_on_few_threads_and_goes_on_after_one_that_broke() {
        let mut named = std::collections::BTreeSet::new();
        for turn in 0..20 {
            if turn % 5 == 0 {
                apart(|| panic!("broken")).await.map(|(): ()| ()).unwrap_err();
            }
            let thread = apart(|| {
                let thread = thread::current();
                assert_eq!(thread.name(), Some("passwords"));
                format!("{:?}", thread.id())
            });
            named.insert(thread.await.unwrap());
        }
        assert!(named.len() <= THREADS, "{named:?}");
    }
}
