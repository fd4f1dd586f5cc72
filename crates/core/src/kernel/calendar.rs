//! The event calendar: pending events in the order of (instant, rank).
//!
//! Owns the ordering alone. What an event is, how ranks are made (class, place, number) and the clock are the
//! model's business.
//!
//! An implicit heap with four children a node: half the levels of a binary one, and the four keys to compare
//! lie side by side.

#[cfg(test)]
mod tests;

/// Pending events, earliest first; those of one instant by rank, lowest first.
///
/// Callers make (instant, rank) pairs unique. Equal pairs come out in an order that is deterministic but
/// otherwise unspecified.
///
/// Complexity: `push`, `pop` and `replace_top` take time logarithmic in the number pending and allocate only
/// when that number reaches a new high.
#[derive(Clone, Debug)]
pub struct EventCalendar<P: Copy> {
    /// Every entry but the first has its parent at (index - 1) / 4, which is not later.
    heap: Vec<Entry<P>>,
}

#[derive(Clone, Copy, Debug)]
struct Entry<P> {
    at: i64,
    rank: u64,
    payload: P,
}

impl<P> Entry<P> {
    /// One number that orders like (at, rank): two machine comparisons and no branch.
    #[inline]
    fn key(&self) -> i128 {
        (i128::from(self.at) << 64) | i128::from(self.rank)
    }
}

const CHILDREN: usize = 4;

impl<P: Copy> EventCalendar<P> {
    /// Makes an empty calendar.
    pub const fn new() -> Self {
        Self { heap: Vec::new() }
    }

    /// Makes an empty calendar with room for `n_events`.
    pub fn with_capacity(n_events: usize) -> Self {
        Self { heap: Vec::with_capacity(n_events) }
    }

    /// Number of events pending.
    #[inline]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is pending.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Forgets all events but keeps the memory.
    pub fn clear(&mut self) {
        self.heap.clear();
    }

    /// Instant and rank of the first event.
    #[inline]
    pub fn peek(&self) -> Option<(i64, u64)> {
        self.heap.first().map(|entry| (entry.at, entry.rank))
    }

    /// Instant of the first event; `i64::MAX` when nothing is pending.
    #[inline]
    pub fn next_at(&self) -> i64 {
        self.heap.first().map_or(i64::MAX, |entry| entry.at)
    }

    /// Adds an event.
    #[inline]
    pub fn push(&mut self, at: i64, rank: u64, payload: P) {
        let entry = Entry { at, rank, payload };
        self.heap.push(entry);
        self.rise(self.heap.len() - 1, entry);
    }

    /// Removes and returns the first event: (instant, rank, payload).
    #[inline]
    pub fn pop(&mut self) -> Option<(i64, u64, P)> {
        let last = self.heap.pop()?;
        let Some(&first) = self.heap.first() else {
            return Some((last.at, last.rank, last.payload));
        };
        self.sink_from_root(last);
        Some((first.at, first.rank, first.payload))
    }

    /// Removes the first event, puts another in and returns the removed one: quicker than `pop` and `push`.
    ///
    /// On an empty calendar it only puts the other in, and returns none.
    #[inline]
    pub fn replace_top(&mut self, at: i64, rank: u64, payload: P) -> Option<(i64, u64, P)> {
        let Some(&first) = self.heap.first() else {
            self.push(at, rank, payload);
            return None;
        };
        self.sink_from_root(Entry { at, rank, payload });
        Some((first.at, first.rank, first.payload))
    }

    /// Moves `entry`, whose place is `index`, towards the root until its parent is not later.
    #[inline]
    fn rise(&mut self, mut index: usize, entry: Entry<P>) {
        let heap = self.heap.as_mut_slice();
        while index > 0 {
            let parent = (index - 1) / CHILDREN;
            if heap[parent].key() <= entry.key() {
                break;
            }
            heap[index] = heap[parent];
            index = parent;
        }
        heap[index] = entry;
    }

    /// Fills the free place at the root with `entry`, then moves it away from the root until no child is
    /// earlier.
    #[inline]
    fn sink_from_root(&mut self, entry: Entry<P>) {
        let heap = self.heap.as_mut_slice();
        let mut index = 0;
        loop {
            let first_child = index * CHILDREN + 1;
            let earliest = match heap.get(first_child..) {
                // All four: compared in two pairs, without a branch.
                Some([a, b, c, d, ..]) => {
                    let (left, left_key) = if b.key() < a.key() { (1, b.key()) } else { (0, a.key()) };
                    let (right, right_key) = if d.key() < c.key() { (3, d.key()) } else { (2, c.key()) };
                    first_child + if right_key < left_key { right } else { left }
                }
                Some(children) => {
                    let Some((nth, _)) = children.iter().enumerate().min_by_key(|(_, child)| child.key())
                    else {
                        break;
                    };
                    first_child + nth
                }
                None => break,
            };
            if entry.key() <= heap[earliest].key() {
                break;
            }
            heap[index] = heap[earliest];
            index = earliest;
        }
        heap[index] = entry;
    }
}

impl<P: Copy> Default for EventCalendar<P> {
    fn default() -> Self {
        Self::new()
    }
}
