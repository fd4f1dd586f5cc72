//! Worker threads that hand in numbered results, and the wait for them.
//!
//! The waiting thread never depends on a worker: a replication that does not end is left behind when the run is told to stop. Does not
//! own what is done for a number (`run`, `inputs`).

use std::ops::ControlFlow;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::run::{Progress, RunError};

/// Time between two looks at the wish to stop: short for people, long for a processor.
const TICK: Duration = Duration::from_millis(50);

/// Longest time without a result that a run which is to stop waits for workers.
const PATIENCE: Duration = Duration::from_secs(1);

/// The workers' side: which numbers are to be done, and where results go.
pub(crate) struct Workers<T> {
    pool: rayon::ThreadPool,
    n: u64,
    next: AtomicU64,
    /// No further number is begun.
    ended: Arc<AtomicBool>,
    sender: SyncSender<(u64, T)>,
}

/// The waiting side.
pub(crate) struct Reports<T> {
    receiver: Receiver<(u64, T)>,
    ended: Arc<AtomicBool>,
    /// The thread that holds what the workers share; taken when it is joined.
    owner: Option<JoinHandle<()>>,
    /// When the last result came, or the work began.
    last_at: Instant,
}

impl<T, E> Workers<Result<T, E>>
where
    T: Send,
    E: Send,
{
    /// Does the job for every number on all threads. After an error no further number is begun.
    pub(crate) fn each(&self, job: impl Fn(u64) -> Result<T, E> + Sync) {
        self.pool.in_place_scope(|scope| {
            for _ in 0..self.pool.current_num_threads() {
                scope.spawn(|_| {
                    while !self.ended.load(Ordering::Relaxed) {
                        let number = self.next.fetch_add(1, Ordering::Relaxed);
                        if number >= self.n {
                            return;
                        }
                        let done = job(number);
                        self.ended.fetch_or(done.is_err(), Ordering::Relaxed);
                        if self.sender.send((number, done)).is_err() {
                            return;
                        }
                    }
                });
            }
        });
    }
}

impl<T: Send + 'static> Reports<T> {
    /// Begins work on the numbers `0..n`, on none if it is to stop already. `serve` runs on a thread of its own, which owns what the workers share.
    ///
    /// # Errors
    /// If threads cannot be started.
    pub(crate) fn of(
        n_threads: Option<usize>,
        n: u64,
        stop: &AtomicBool,
        serve: impl FnOnce(&Workers<T>) + Send + 'static,
    ) -> Result<Self, RunError> {
        let mut builder = rayon::ThreadPoolBuilder::new();
        if let Some(n_threads) = n_threads {
            builder = builder.num_threads(n_threads);
        }
        let pool = builder.build()?;
        // Bounded, so that finished replications do not pile up when merging is slow.
        let (sender, receiver) = mpsc::sync_channel(pool.current_num_threads() * 2);
        let ended = Arc::new(AtomicBool::new(stop.load(Ordering::Relaxed)));
        let workers = Workers { pool, n, next: AtomicU64::new(0), ended: Arc::clone(&ended), sender };
        let owner = thread::Builder::new().spawn(move || serve(&workers)).map_err(RunError::Owner)?;
        Ok(Self { receiver, ended, owner: Some(owner), last_at: Instant::now() })
    }

    /// The next result in the order in which they come; `None` when there are no more, or when no more are waited for.
    ///
    /// # Panics
    /// If a worker did.
    pub(crate) fn next(&mut self, stop: &AtomicBool, progress: &mut dyn Progress) -> Option<(u64, T)> {
        loop {
            if stop.load(Ordering::Relaxed) {
                self.ended.store(true, Ordering::Relaxed);
            }
            match self.receiver.recv_timeout(TICK) {
                Ok(report) => {
                    self.last_at = Instant::now();
                    return Some(report);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let is_told_to_stop = stop.load(Ordering::Relaxed);
                    let gives_up = is_told_to_stop && self.last_at.elapsed() >= PATIENCE;
                    if progress.waiting() == ControlFlow::Break(()) || gives_up {
                        self.ended.store(true, Ordering::Relaxed);
                        return None;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    if let Some(Err(panic)) = self.owner.take().map(JoinHandle::join) {
                        panic::resume_unwind(panic);
                    }
                    return None;
                }
            }
        }
    }
}

impl<T> Drop for Reports<T> {
    fn drop(&mut self) {
        // Workers that are left behind begin nothing more.
        self.ended.store(true, Ordering::Relaxed);
    }
}
