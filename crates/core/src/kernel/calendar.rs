//! The event calendar: pending events in the order of (instant, rank).
//!
//! Owns the ordering alone. The model defines what an event is, how a rank is composed (class, place, number) and where the clock stands.
//!
//! A few events are kept in a heap. Many are kept on a wheel of time slices of equal length, each of them unordered. Only the current slice
//! is sorted; an event added to it later goes to a small heap beside it. Events beyond the wheel wait in a list until the wheel has turned
//! once. An event far ahead therefore costs two writes, however many are pending (R. Brown, "Calendar queues", 1988; deferred sorting as in
//! W. T. Tang, R. S. M. Goh and I. L.-J. Thng, "Ladder queue", 2005). Either way the order is that of the (instant, rank) pairs.

#[cfg(test)]
mod tests;

use super::heap::{Entry, Heap};

/// Largest number of events kept in the heap alone. With more, the wheel is faster.
const FEW: usize = 96;
/// Number of slices of the wheel.
const N_SLICES: usize = 512;
/// Target number of events in a slice where events are dense.
const PER_SLICE: usize = 24;
/// A key later than every event.
const NOTHING: (i64, u64) = (i64::MAX, u64::MAX);

/// The pending events, earliest first; events of one instant by rank, lowest first.
///
/// Callers make (instant, rank) pairs unique. Equal pairs come out in an order that is deterministic but
/// otherwise unspecified.
///
/// Complexity: `push` and `pop` take constant time on average while the distribution of delays is stable, and logarithmic time at worst.
/// Memory is allocated only when the number of pending events, or of events in one slice, reaches a new maximum.
#[derive(Clone, Debug)]
pub struct EventCalendar<P: Copy> {
    /// Whether [`Self::fresh`] has not yet reported the current slice.
    is_fresh: bool,
    /// Instant and rank of the first event. Cached, because it is read far more often than it changes.
    next: (i64, u64),
    /// The current slice, its earliest event last.
    sorted: Vec<Entry<P>>,
    /// All other events before `heap_until`.
    heap: Heap<P>,
    /// End of the current slice; `i64::MAX` while there is no wheel.
    heap_until: i64,
    /// Index of the current slice on the wheel.
    at_hand: usize,
    /// Beginning of the wheel's first slice.
    wheel_from: i64,
    /// Base-2 logarithm of the length of a slice.
    width: u32,
    /// The slices; those up to the current one are empty.
    slices: Vec<Vec<Entry<P>>>,
    /// Events on the wheel.
    n_on_wheel: usize,
    /// Events due after the end of the wheel.
    beyond: Vec<Entry<P>>,
    /// Work space for a new layout.
    spare: Vec<Entry<P>>,
    instants: Vec<i64>,
}

impl<P: Copy> EventCalendar<P> {
    /// Makes an empty calendar.
    pub const fn new() -> Self {
        Self {
            is_fresh: false,
            next: NOTHING,
            sorted: Vec::new(),
            heap: Heap::new(),
            heap_until: i64::MAX,
            at_hand: 0,
            wheel_from: 0,
            width: 0,
            slices: Vec::new(),
            n_on_wheel: 0,
            beyond: Vec::new(),
            spare: Vec::new(),
            instants: Vec::new(),
        }
    }

    /// Returns the number of events pending.
    pub fn len(&self) -> usize {
        self.sorted.len() + self.heap.len() + self.n_on_wheel + self.beyond.len()
    }

    /// Returns whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the pending events with their instants, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &P)> {
        let on_wheel = self.slices.iter().flatten();
        let entries = self.sorted.iter().chain(self.heap.iter()).chain(on_wheel).chain(&self.beyond);
        entries.map(|entry| (entry.at, &entry.payload))
    }

    /// Returns the instant and rank of the first event; the end of time when nothing is pending.
    #[inline]
    pub fn next_key(&self) -> (i64, u64) {
        self.next
    }

    /// Returns the instant of the first event; `i64::MAX` when nothing is pending.
    #[inline]
    pub fn next_at(&self) -> i64 {
        self.next.0
    }

    /// Returns the first event.
    ///
    /// Invariant: if anything is pending, the first event is in `sorted` or on the heap.
    #[inline]
    fn first(&self) -> Option<&Entry<P>> {
        match (self.sorted.last(), self.heap.first()) {
            (Some(sorted), Some(heaped)) => Some(if heaped.key() < sorted.key() { heaped } else { sorted }),
            (sorted, heaped) => sorted.or(heaped),
        }
    }

    /// Returns the events of the current slice, unordered, the first time it is called for that slice; none afterwards. These events are
    /// due soon, so a caller can prefetch what they need.
    #[inline]
    pub fn fresh(&mut self) -> Option<impl Iterator<Item = &P>> {
        std::mem::take(&mut self.is_fresh).then(|| self.sorted.iter().map(|entry| &entry.payload))
    }

    /// Adds an event.
    #[inline]
    pub fn push(&mut self, at: i64, rank: u64, payload: P) {
        let entry = Entry { at, rank, payload };
        self.next = self.next.min((at, rank));
        if self.belongs_to_heap(at) {
            self.heap.push(entry);
            if self.heap.len() > FEW && self.heap_until == i64::MAX {
                self.begin_wheel();
            }
        } else {
            self.push_ahead(entry);
        }
    }

    /// Adds an event due after the current slice.
    #[inline]
    fn push_ahead(&mut self, entry: Entry<P>) {
        let slice = (entry.at.wrapping_sub(self.wheel_from) as u64 >> self.width) as usize;
        if let Some(slice) = self.slices.get_mut(slice) {
            slice.push(entry);
            self.n_on_wheel += 1;
        } else {
            self.beyond.push(entry);
        }
        if self.sorted.is_empty() && self.heap.is_empty() {
            self.turn();
        }
    }

    /// Removes all events, the first one first.
    pub fn drain(&mut self) -> impl Iterator<Item = (i64, u64, P)> {
        std::iter::from_fn(|| self.pop())
    }

    /// Adds events: (instant, rank, payload).
    pub fn extend(&mut self, events: impl IntoIterator<Item = (i64, u64, P)>) {
        for (at, rank, payload) in events {
            self.push(at, rank, payload);
        }
    }

    /// Removes and returns the first event: (instant, rank, payload).
    #[inline]
    pub fn pop(&mut self) -> Option<(i64, u64, P)> {
        let from_heap = match (self.sorted.last(), self.heap.first()) {
            (Some(sorted), Some(heaped)) => heaped.key() < sorted.key(),
            (None, heaped) => heaped.is_some(),
            (Some(_), None) => false,
        };
        let entry = if from_heap { self.heap.pop() } else { self.sorted.pop() }?;
        if self.sorted.is_empty() && self.heap.is_empty() && self.heap_until != i64::MAX {
            self.turn();
        }
        self.next = self.first().map_or(NOTHING, |first| (first.at, first.rank));
        Some((entry.at, entry.rank, entry.payload))
    }

    /// Makes the next slice that is not empty the current one.
    #[inline(never)]
    fn turn(&mut self) {
        while self.n_on_wheel > 0 && self.at_hand + 1 < N_SLICES {
            self.at_hand += 1;
            if !self.slices[self.at_hand].is_empty() {
                std::mem::swap(&mut self.sorted, &mut self.slices[self.at_hand]);
                self.n_on_wheel -= self.sorted.len();
                self.sorted.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.key()));
                self.heap_until = self.end_of_slice(self.at_hand);
                self.is_fresh = true;
                return;
            }
        }
        // The wheel has turned once: only the events beyond it are left.
        self.heap_until = i64::MAX;
        if self.beyond.len() <= FEW {
            self.beyond.drain(..).for_each(|entry| self.heap.push(entry));
        } else {
            // The lists swap places, so that neither has to grow again.
            let mut beyond = std::mem::replace(&mut self.beyond, std::mem::take(&mut self.spare));
            self.lay_out(&beyond);
            self.deal(beyond.drain(..));
            self.spare = beyond;
        }
    }

    /// Builds a wheel from the pending events, which are too many for the heap alone.
    #[cold]
    #[inline(never)]
    fn begin_wheel(&mut self) {
        self.slices.resize_with(N_SLICES, || Vec::with_capacity(2 * PER_SLICE));
        let mut pending: Vec<Entry<P>> = self.heap.drain().collect();
        pending.append(&mut self.sorted);
        self.lay_out(&pending);
        self.deal(pending.into_iter());
    }

    /// Chooses the beginning of the wheel and the length of a slice.
    ///
    /// The length is such that a slice holds [`PER_SLICE`] events of the nearer half of these.
    fn lay_out(&mut self, entries: &[Entry<P>]) {
        let mut instants = std::mem::take(&mut self.instants);
        instants.extend(entries.iter().map(|entry| entry.at));
        let half = instants.len() / 2;
        let (nearer, &mut median, _) = instants.select_nth_unstable(half);
        let first = nearer.iter().copied().min().unwrap_or(median);
        let span = median.wrapping_sub(first) as u64 / (half / PER_SLICE + 1) as u64;
        self.width = (u64::BITS - span.leading_zeros()).min(52);
        self.wheel_from = first;
        self.at_hand = 0;
        self.heap_until = self.end_of_slice(0);
        instants.clear();
        self.instants = instants;
    }

    /// Distributes entries over a new layout whose first slice is the current one.
    fn deal(&mut self, entries: impl Iterator<Item = Entry<P>>) {
        for entry in entries {
            if self.belongs_to_heap(entry.at) {
                self.sorted.push(entry);
            } else if let Some(slice) =
                self.slices.get_mut((entry.at.wrapping_sub(self.wheel_from) as u64 >> self.width) as usize)
            {
                slice.push(entry);
                self.n_on_wheel += 1;
            } else {
                self.beyond.push(entry);
            }
        }
        self.sorted.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.key()));
    }

    /// Returns whether an instant is before the end of the current slice.
    #[inline]
    fn belongs_to_heap(&self, at: i64) -> bool {
        at < self.heap_until || self.heap_until == i64::MAX
    }

    /// Returns the end of a slice. For the slice that reaches the end of time it is `i64::MAX`, which means that there is no wheel: nothing
    /// can follow.
    fn end_of_slice(&self, slice: usize) -> i64 {
        self.wheel_from.saturating_add((slice as i64 + 1) << self.width)
    }
}

impl<P: Copy> Default for EventCalendar<P> {
    fn default() -> Self {
        Self::new()
    }
}
