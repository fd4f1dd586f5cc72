//! Yards: the shipments that wait at one stop of a service.
//!
//! Owns their order and what they amount to. Does not own who boards when (`boarding`), which the rules of the service say.

use std::collections::VecDeque;

use crate::engine::entity::{NEVER, Slot};
use crate::kernel::heap::{Entry, Heap};
use crate::kernel::week::HOUR;

/// Somebody who is ready in a yard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    /// From when on.
    pub ready_at: i64,
    /// Its place among those ready at one instant, as in ranks.
    pub identity: u64,
    /// Who.
    pub slot: Slot,
    /// How much, in the service's unit.
    pub quantity: i64,
    /// First run of the service that left it behind.
    pub rolled_at: i64,
    /// First cancelled departure it would have made.
    pub cancelled_at: i64,
    /// Ordinal of the first run it could have made; valid once it was left behind.
    pub first_run: u64,
}

impl From<Coming> for Waiting {
    fn from(coming: Coming) -> Self {
        let Entry { at: ready_at, rank: identity, payload: Ready { slot, quantity, .. } } = coming;
        Self { ready_at, identity, slot, quantity, rolled_at: NEVER, cancelled_at: NEVER, first_run: 0 }
    }
}

impl Waiting {
    /// What yards are ordered by.
    #[inline]
    pub(crate) fn key(&self) -> (i64, u64) {
        (self.ready_at, self.identity)
    }
}

/// Somebody who will be ready in a yard; the rank of such an entry is the identity.
type Coming = Entry<Ready>;

/// Who that is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ready {
    pub slot: Slot,
    pub class: u8,
    /// In the service's unit. Kept here, for the record itself is far away in memory.
    pub quantity: i64,
}

/// Those of one class who have been looked at, in order of readiness and, of one instant, of ranks.
#[derive(Debug)]
pub(crate) struct Queue {
    pub waiting: VecDeque<Waiting>,
    /// How many at the front have seen a run that they could have made.
    pub n_seen: usize,
    /// None of them is less than this: a vehicle with less room has nothing to look for here.
    pub least: i64,
}

impl Queue {
    fn new() -> Self {
        Self { waiting: VecDeque::new(), n_seen: 0, least: i64::MAX }
    }

    /// When the first one was ready.
    pub(crate) fn oldest(&self) -> Option<i64> {
        self.waiting.front().map(|first| first.ready_at)
    }

    /// How many are ready by an instant.
    pub(crate) fn n_ready_by(&self, at: i64) -> usize {
        let mut n = self.n_seen;
        // Where vehicles overtake each other, one with an earlier cut-off may load after one with a later.
        while n > 0 && self.waiting[n - 1].ready_at > at {
            n -= 1;
        }
        n + self.waiting.iter().skip(n).take_while(|waiting| waiting.ready_at <= at).count()
    }

    /// Adds those who come last.
    fn extend(&mut self, ready: impl Iterator<Item = Waiting>) {
        let least = &mut self.least;
        self.waiting.extend(ready.inspect(|waiting| *least = waiting.quantity.min(*least)));
    }

    /// Adds somebody, behind those who have seen a run. Most come last or nearly so.
    pub(crate) fn add(&mut self, waiting: Waiting) {
        let mut place = self.waiting.len();
        while place > self.n_seen && waiting.key() < self.waiting[place - 1].key() {
            place -= 1;
        }
        self.least = waiting.quantity.min(self.least);
        if place == self.waiting.len() {
            self.waiting.push_back(waiting);
        } else {
            self.waiting.insert(place, waiting);
        }
    }
}

/// Shipments that wait at one stop of a service.
#[derive(Debug)]
pub(crate) struct Yard {
    /// Where a timetable empties the yard: those whom no departure has looked at, now or later ready. Most come in order, or nearly
    /// so, and stand in a list; the others do not.
    soon: VecDeque<Coming>,
    others: Heap<Ready>,
    /// Those who have been looked at, by class; one class unless the service boards by priority.
    pub queues: Vec<Queue>,
    /// Quantity waiting, in the service's unit.
    pub quantity: i64,
    /// Runs so far that loaded here.
    pub n_runs: u64,
    /// The latest instant by which one had to be ready for any of them; before all others where there was none.
    pub last_ready_by: i64,
    /// When the latest of them loaded; [`NEVER`] before the first.
    pub last_left_at: i64,
}

/// Who is ready so much later than it is known, does not stand in the list, where others would have to be put before.
const MUCH_LATER: i64 = 6 * HOUR;

/// Nor does who belongs so far from its end.
const FAR_FROM_END: usize = 16;

impl Yard {
    pub(crate) fn new(n_classes: usize) -> Self {
        Self {
            soon: VecDeque::new(),
            others: Heap::new(),
            queues: (0..n_classes).map(|_| Queue::new()).collect(),
            quantity: 0,
            n_runs: 0,
            last_ready_by: i64::MIN,
            last_left_at: NEVER,
        }
    }

    /// Somebody will be ready, as becomes known at an instant.
    #[inline]
    pub(crate) fn expect(&mut self, coming: Coming, known_at: i64) {
        let len = self.soon.len();
        let mut place = len;
        while place > 0 && coming.key() < self.soon[place - 1].key() && len - place <= FAR_FROM_END {
            place -= 1;
        }
        if len - place > FAR_FROM_END || coming.at - known_at > MUCH_LATER {
            self.others.push(coming);
        } else if place == len {
            self.soon.push_back(coming);
        } else {
            self.soon.insert(place, coming);
        }
    }

    /// Who is ready by an instant takes a place in the queue.
    pub(crate) fn admit(&mut self, ready_by: i64) {
        let are_in_the_list = self.others.first().is_none_or(|first| first.at > ready_by);
        if let ([queue], true) = (&mut self.queues[..], are_in_the_list) {
            let Some(first) = self.soon.front().filter(|first| first.at <= ready_by) else { return };
            // Mostly all of them come last.
            if queue.waiting.back().is_none_or(|last| last.key() <= (first.at, first.rank)) {
                let n = self.soon.partition_point(|coming| coming.at <= ready_by);
                queue.extend(self.soon.drain(..n).map(Waiting::from));
                return;
            }
        }
        loop {
            let (soon, other) = (self.soon.front(), self.others.first());
            let is_other = match (soon, other) {
                (Some(soon), Some(other)) => other.key() < soon.key(),
                (_, other) => other.is_some(),
            };
            let Some(&first) = (if is_other { other } else { soon }) else { break };
            if first.at > ready_by {
                break;
            }
            if is_other {
                self.others.pop();
            } else {
                self.soon.pop_front();
            }
            self.queues[usize::from(first.payload.class)].add(first.into());
        }
    }

    /// Takes a shipment out that has been ready for long enough and boards elsewhere.
    pub(crate) fn take(&mut self, slot: Slot, ready_at: i64) -> Option<Waiting> {
        self.admit(ready_at);
        self.queues.iter_mut().find_map(|queue| {
            let place = queue.waiting.iter().position(|waiting| waiting.slot == slot)?;
            queue.n_seen -= usize::from(place < queue.n_seen);
            let waiting = queue.waiting.remove(place)?;
            self.quantity -= waiting.quantity;
            Some(waiting)
        })
    }

    /// Everybody: when they are ready, and who they are.
    pub(crate) fn all(&self) -> impl Iterator<Item = (i64, Slot)> {
        let coming = self.soon.iter().chain(self.others.iter()).map(|entry| (entry.at, entry.payload.slot));
        let waiting = self.queues.iter().flat_map(|queue| &queue.waiting);
        coming.chain(waiting.map(|waiting| (waiting.ready_at, waiting.slot)))
    }
}
