//! Inboxes: the arrivals at a station before the window in which they come.
//!
//! Most arrivals come soon and stand in a list that is looked through in each window. Arrivals known long before (the cargo of a train that
//! has just left) would be looked at again and again, and wait in a heap.

use crate::engine::batch::{Arrival, Trigger};
use crate::engine::entity::{NEVER, Slot};
use crate::kernel::heap::{Entry, Heap};

/// The arrivals at a station, in no order.
#[derive(Debug)]
pub(crate) struct Inbox {
    soon: Vec<Arrival>,
    /// The latest of these, or a later instant.
    latest: i64,
    /// The others. The rank is the identity.
    later: Heap<(Slot, Trigger)>,
    /// The partition it belongs to.
    partition: u32,
    /// Number of arrivals at which the partition has to catch up.
    limit: usize,
}

impl Inbox {
    /// Makes an empty inbox.
    pub(crate) fn new(partition: u32) -> Self {
        Self { soon: Vec::new(), latest: i64::MIN, later: Heap::new(), partition, limit: usize::MAX }
    }

    /// Returns the partition it belongs to.
    #[inline]
    pub(crate) fn partition(&self) -> u32 {
        self.partition
    }

    /// Adds arrivals; those up to an instant come soon. Returns true if the inbox reaches its limit by them.
    #[inline]
    pub(crate) fn add(&mut self, arrivals: &[Arrival], soon_until: i64) -> bool {
        if let [arrival] = *arrivals {
            self.add_one(arrival, soon_until);
            return self.len() == self.limit;
        }
        let latest = arrivals.iter().map(|arrival| arrival.at).max().unwrap_or(i64::MIN);
        let n_before = self.len();
        if latest > soon_until {
            for &arrival in arrivals {
                self.add_one(arrival, soon_until);
            }
        } else {
            self.soon.extend_from_slice(arrivals);
            self.latest = self.latest.max(latest);
        }
        n_before < self.limit && self.limit <= self.len()
    }

    #[inline]
    fn add_one(&mut self, arrival: Arrival, soon_until: i64) {
        let Arrival { at, identity, slot, trigger } = arrival;
        if at > soon_until {
            self.later.push(Entry { at, rank: identity, payload: (slot, trigger) });
        } else {
            self.soon.push(arrival);
            self.latest = self.latest.max(at);
        }
    }

    fn len(&self) -> usize {
        self.soon.len() + self.later.len()
    }

    /// Sets the limit, once the partition has caught up or before it begins: twice the arrivals that are left, or `least`.
    pub(crate) fn allow_more(&mut self, least: usize) {
        self.limit = least.max(2 * self.len());
    }

    /// Takes the arrivals before an instant, in no order, into an empty list. Returns the first of the others.
    pub(crate) fn take(&mut self, until: i64, arrivals: &mut Vec<Arrival>) -> i64 {
        let mut soonest = NEVER;
        if self.latest < until {
            // The lists change places.
            std::mem::swap(&mut self.soon, arrivals);
            self.latest = i64::MIN;
        } else {
            self.soon.retain(|arrival| {
                let is_due = arrival.at < until;
                if is_due {
                    arrivals.push(*arrival);
                } else {
                    soonest = soonest.min(arrival.at);
                }
                !is_due
            });
        }
        while let Some(&Entry { at, rank: identity, payload: (slot, trigger) }) = self.later.first()
            && at < until
        {
            self.later.pop();
            arrivals.push(Arrival { at, identity, slot, trigger });
        }
        self.later.first().map_or(soonest, |first| soonest.min(first.at))
    }
}
