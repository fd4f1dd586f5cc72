//! FIFO stations: always open, with servers that are alike and never fail; every job takes one of them, and the first to arrive is
//! served first.
//!
//! A job begins at its arrival or when the first server is free, whichever is later (J. Kiefer and J. Wolfowitz, "On the theory of
//! queues with many servers", 1955; for one server D. V. Lindley, 1952). The number present follows later, in the order of time. The
//! number waiting is what it exceeds the servers by, at every instant: how long how many waited is read off it after the run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::kernel::instants::Instants;
use crate::kernel::order::Sorter;
use crate::kernel::week::Hours;
use crate::station::{FEW, Levels};

/// Number of servers up to which the instants at which they become free are kept apart while a batch is served: mostly some job waits.
/// With more servers it is first tried whether every job of the batch begins at once.
const VERY_FEW: usize = 8;

/// A FIFO station.
#[derive(Debug)]
pub(crate) enum Fifo {
    /// With a number of servers: the leaves of all jobs present, in order. A job begins when all but `n - 1` of those before have left.
    Servers {
        /// Number of servers.
        n: usize,
        /// Leaves.
        leaves: Instants,
    },
    /// With any number of servers: leaves may lie far apart.
    Unlimited {
        /// Leaves.
        leaves: BinaryHeap<Reverse<i64>>,
    },
}

/// Work space of [`Fifo::serve`].
#[derive(Debug, Default)]
pub(crate) struct FifoSpace {
    ends: Vec<i64>,
    sorter: Sorter<i64>,
    hours: Hours,
}

impl Fifo {
    /// Makes a station; `None` for any number of servers.
    pub(crate) fn new(servers: Option<u32>) -> Self {
        match servers {
            Some(n) => Self::Servers { n: n as usize, leaves: Instants::default() },
            None => Self::Unlimited { leaves: BinaryHeap::new() },
        }
    }

    /// Returns the number of servers; `usize::MAX` for any number.
    pub(crate) fn n_servers(&self) -> usize {
        match self {
            Self::Servers { n, .. } => *n,
            Self::Unlimited { .. } => usize::MAX,
        }
    }

    /// Serves jobs in the order of arrival, given by arrivals and works. Lists the beginnings in `begins`, and moves the number present up
    /// to the last arrival. Where there is hopeless overload a beginning may be the end of time.
    pub(crate) fn serve(
        &mut self,
        arrivals: &[i64],
        works: &[i64],
        begins: &mut Vec<i64>,
        levels: &mut Levels<'_>,
        space: &mut FifoSpace,
    ) {
        begins.clear();
        let jobs = || arrivals.iter().copied().zip(works.iter().copied());
        match self {
            Self::Unlimited { leaves } => {
                begins.extend_from_slice(arrivals);
                leaves.extend(jobs().map(|(at, work)| Reverse(at.saturating_add(work))));
            }
            Self::Servers { n, leaves } => {
                leaves.reserve(arrivals.len() + VERY_FEW);
                if arrivals.len() < FEW {
                    begins.extend(jobs().map(|(at, work)| serve_one(*n, leaves, at, work)));
                } else if *n <= VERY_FEW {
                    serve_in_turn(*n, leaves, jobs(), begins);
                } else if all_begin_at_once(*n, leaves, jobs(), space) {
                    leaves.insert_all(&space.ends);
                    begins.extend_from_slice(arrivals);
                } else {
                    begins.extend(jobs().map(|(at, work)| serve_one(*n, leaves, at, work)));
                }
            }
        }
        match self {
            Self::Servers { leaves, .. } if arrivals.len() >= FEW => {
                let n_left =
                    levels.present.follow(arrivals, leaves.pending(), levels.shifts, &mut space.hours);
                leaves.drop_first(n_left);
            }
            _ => {
                for &at in arrivals {
                    // A job without length leaves as it arrives: after that.
                    self.settle(at - 1, levels);
                    levels.change_present(at, 1);
                }
            }
        }
    }

    /// Moves the number present up to an instant, itself included.
    pub(crate) fn settle(&mut self, until: i64, levels: &mut Levels<'_>) {
        match self {
            Self::Servers { leaves, .. } => {
                while let Some(at) = leaves.pop_until(until) {
                    levels.change_present(at, -1);
                }
            }
            Self::Unlimited { leaves } => {
                while let Some(&Reverse(at)) = leaves.peek()
                    && at <= until
                {
                    leaves.pop();
                    levels.change_present(at, -1);
                }
            }
        }
    }
}

/// Serves one job, where there is room for its leave. Returns its beginning.
#[inline]
fn serve_one(n: usize, leaves: &mut Instants, at: i64, work: i64) -> i64 {
    let pending = leaves.pending();
    let free_at = pending.len().checked_sub(n).map_or(at, |place| pending[place]);
    let begin = at.max(free_at);
    leaves.insert(begin.saturating_add(work));
    begin
}

/// Serves jobs at very few servers, without branches: whether a job waits is as good as random.
fn serve_in_turn(
    n: usize,
    leaves: &mut Instants,
    jobs: impl ExactSizeIterator<Item = (i64, i64)>,
    begins: &mut Vec<i64>,
) {
    // When each server is free, the first one first: as the last of the leaves say, or all along.
    let mut free = [i64::MIN; VERY_FEW];
    let free = &mut free[..n];
    leaves.move_last(n, free);
    let n_jobs = jobs.len();
    begins.resize(n_jobs, 0);
    for (((at, work), begin), left_at) in jobs.zip(begins).zip(leaves.add_last(n_jobs)) {
        // A job that takes a server puts the server's last leave behind: those that are put behind come in order.
        *left_at = free[0];
        *begin = at.max(free[0]);
        let mut end = begin.saturating_add(work);
        for place in 1..free.len() {
            let other = free[place];
            free[place - 1] = end.min(other);
            end = end.max(other);
        }
        free[free.len() - 1] = end;
    }
    leaves.add_last(n).copy_from_slice(free);
    let n_never_taken = leaves.pending().iter().take_while(|&&at| at == i64::MIN).count();
    leaves.drop_first(n_never_taken);
}

/// Whether all jobs begin at once, their ends left in the work space in order. False also where it only seems that one waits.
fn all_begin_at_once(
    n: usize,
    leaves: &Instants,
    jobs: impl ExactSizeIterator<Item = (i64, i64)> + Clone,
    space: &mut FifoSpace,
) -> bool {
    let n_jobs = jobs.len();
    let ends = &mut space.ends;
    ends.clear();
    ends.extend(jobs.clone().map(|(at, work)| at.saturating_add(work)));
    space.sorter.sort(ends, |&at| at, |one, other| one < other);
    let pending = leaves.pending();
    if pending.len() + n_jobs > n {
        let (mut n_left, mut n_through) = (0, 0);
        for (place, (now, _)) in jobs.enumerate() {
            n_left += pending[n_left..].iter().take_while(|&&at| at <= now).count();
            // A leave at this instant counts as present: it may be that of a later job.
            n_through += ends[n_through..].iter().take_while(|&&at| at < now).count();
            if pending.len() - n_left + place + 1 - n_through > n {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests;
