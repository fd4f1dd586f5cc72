//! A heap of entries by instant and rank, used for yards and for the part of the calendar that is kept in full order.
//!
//! The heap is implicit and has four children per node: half the levels of a binary heap, and the four keys to compare are adjacent in
//! memory. Does not own events further ahead (`calendar`).

/// An entry: a payload with an instant, and a rank among the entries of that instant.
#[derive(Clone, Copy, Debug)]
pub struct Entry<P> {
    /// The instant in milliseconds.
    pub at: i64,
    /// The rank; the lowest comes first.
    pub rank: u64,
    /// The payload.
    pub payload: P,
}

impl<P> Entry<P> {
    /// Returns one number that orders like (at, rank): two machine comparisons and no branch.
    #[inline]
    pub fn key(&self) -> i128 {
        (i128::from(self.at) << 64) | i128::from(self.rank)
    }
}

const CHILDREN: usize = 4;

/// A heap of entries, earliest first. The order of two entries with equal instant and rank is unspecified but deterministic.
#[derive(Clone, Debug)]
pub struct Heap<P: Copy> {
    /// Every entry but the first has its parent at (index - 1) / 4, which is not later.
    heap: Vec<Entry<P>>,
}

impl<P: Copy> Default for Heap<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Copy> Heap<P> {
    /// Makes an empty heap; allocates nothing.
    pub const fn new() -> Self {
        Self { heap: Vec::new() }
    }

    /// Returns the number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Returns whether the heap is empty.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Returns the earliest entry.
    #[inline]
    pub fn first(&self) -> Option<&Entry<P>> {
        self.heap.first()
    }

    /// Adds an entry.
    #[inline]
    pub fn push(&mut self, entry: Entry<P>) {
        self.heap.push(entry);
        self.rise(self.heap.len() - 1, entry);
    }

    /// Takes the earliest entry.
    #[inline]
    pub fn pop(&mut self) -> Option<Entry<P>> {
        let last = self.heap.pop()?;
        let Some(&first) = self.heap.first() else { return Some(last) };
        self.sink_from_root(last);
        Some(first)
    }

    /// Returns all entries, unordered.
    pub fn iter(&self) -> impl Iterator<Item = &Entry<P>> {
        self.heap.iter()
    }

    /// Removes all entries and returns them, unordered.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Entry<P>> {
        self.heap.drain(..)
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
                // All four children: compared in two pairs, without a branch.
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
