//! The event calendar: pending events in the order of (instant, rank).
//!
//! Owns the ordering alone. What an event is, how ranks are made (class, place, number) and the clock are the
//! model's business.
//!
//! Few events are kept in a heap. Many are kept by when they are due: in slices of equal length, each unordered, on a wheel
//! that turns; only the slice at hand is sorted, and what is added to it later goes to a small heap beside it. What lies
//! beyond the wheel waits until it has turned once. So an event far ahead costs little more than writing it down twice,
//! however many there are (R. Brown, "Calendar queues", 1988, with the sorting put off as in W. T. Tang, R. S. M. Goh and
//! I. L.-J. Thng, "Ladder queue", 2005). The order is that of the pairs whichever way they are kept.

#[cfg(test)]
mod tests;

use super::heap::{Entry, Heap};

/// Up to this many events a heap alone does best.
const FEW: usize = 96;
/// Slices of the wheel.
const N_SLICES: usize = 512;
/// Events that a slice should hold where they are dense.
const PER_SLICE: usize = 24;
/// After every event.
const NOTHING: (i64, u64) = (i64::MAX, u64::MAX);

/// Pending events, earliest first; those of one instant by rank, lowest first.
///
/// Callers make (instant, rank) pairs unique. Equal pairs come out in an order that is deterministic but
/// otherwise unspecified.
///
/// Complexity: `push` and `pop` take constant time on average while the distances of events keep their distribution, and
/// logarithmic time in the number pending at worst. Memory is allocated only when that number, or the number in one
/// slice, reaches a new high.
#[derive(Clone, Debug)]
pub struct EventCalendar<P: Copy> {
    /// Whether a slice has come to hand that nobody has seen yet.
    is_fresh: bool,
    /// Instant and rank of the first event: asked for far more often than it changes.
    next: (i64, u64),
    /// The slice at hand, the earliest last.
    sorted: Vec<Entry<P>>,
    /// Everything else before `heap_until`.
    heap: Heap<P>,
    /// Where the slice at hand ends; `i64::MAX` while there is no wheel.
    heap_until: i64,
    /// Number of the slice at hand, on the wheel.
    at_hand: usize,
    /// Beginning of the wheel's first slice.
    wheel_from: i64,
    /// Length of a slice, as a power of two.
    width: u32,
    /// The slices; those up to the one at hand are empty.
    slices: Vec<Vec<Entry<P>>>,
    /// Events on the wheel.
    n_on_wheel: usize,
    /// What is due after the wheel.
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

    /// Number of events pending.
    pub fn len(&self) -> usize {
        self.sorted.len() + self.heap.len() + self.n_on_wheel + self.beyond.len()
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pending events with their instants, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &P)> {
        let on_wheel = self.slices.iter().flatten();
        let entries = self.sorted.iter().chain(self.heap.iter()).chain(on_wheel).chain(&self.beyond);
        entries.map(|entry| (entry.at, &entry.payload))
    }

    /// Instant and rank of the first event; the end of time when nothing is pending.
    #[inline]
    pub fn next_key(&self) -> (i64, u64) {
        self.next
    }

    /// Instant of the first event; `i64::MAX` when nothing is pending.
    #[inline]
    pub fn next_at(&self) -> i64 {
        self.next.0
    }

    /// Invariant: if anything is pending, the first event is in `sorted` or on the heap.
    #[inline]
    fn first(&self) -> Option<&Entry<P>> {
        match (self.sorted.last(), self.heap.first()) {
            (Some(sorted), Some(heaped)) => Some(if heaped.key() < sorted.key() { heaped } else { sorted }),
            (sorted, heaped) => sorted.or(heaped),
        }
    }

    /// The events of the slice that has come to hand since this was last asked, in no order; none if none has. They are due
    /// soon, and what they need can be fetched for all of them at once.
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

    /// Adds an event due after the slice at hand.
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

    /// Brings the next slice that holds something to hand.
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
        // The wheel has turned once: what lay beyond is all there is.
        self.heap_until = i64::MAX;
        if self.beyond.len() <= FEW {
            self.beyond.drain(..).for_each(|entry| self.heap.push(entry));
        } else {
            // The lists change places, so that neither has to grow anew.
            let mut beyond = std::mem::replace(&mut self.beyond, std::mem::take(&mut self.spare));
            self.lay_out(&beyond);
            self.deal(beyond.drain(..));
            self.spare = beyond;
        }
    }

    /// Too many for the heap alone: makes a wheel of what is pending.
    #[cold]
    #[inline(never)]
    fn begin_wheel(&mut self) {
        self.slices.resize_with(N_SLICES, || Vec::with_capacity(2 * PER_SLICE));
        let mut pending: Vec<Entry<P>> = self.heap.drain().collect();
        pending.append(&mut self.sorted);
        self.lay_out(&pending);
        self.deal(pending.into_iter());
    }

    /// Where the wheel begins, and how long a slice is: so that a slice holds its number of the nearer half of these events.
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

    /// Puts entries where they belong after a new layout, the first slice at hand.
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

    /// Whether an instant is before the end of the slice at hand.
    #[inline]
    fn belongs_to_heap(&self, at: i64) -> bool {
        at < self.heap_until || self.heap_until == i64::MAX
    }

    /// Where a slice ends. Of the slice that reaches the end of time it is `i64::MAX`, so that there is no wheel any more:
    /// nothing can lie behind it.
    fn end_of_slice(&self, slice: usize) -> i64 {
        self.wheel_from.saturating_add((slice as i64 + 1) << self.width)
    }
}

impl<P: Copy> Default for EventCalendar<P> {
    fn default() -> Self {
        Self::new()
    }
}
