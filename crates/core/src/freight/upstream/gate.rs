//! Gates: who comes to a knot, before it is their turn.
//!
//! Most come soon and stand in a list that is looked through for those whose turn it is. Who is known long before (the cargo of
//! a train that has just left) would be looked at again and again, and waits in a heap. What is soon depends on how much happens:
//! it is some stretches of time.

use crate::freight::entity::{NEVER, Slot};
use crate::freight::together::Comer;
use crate::freight::upstream::Cause;
use crate::kernel::heap::{Entry, Heap};

/// Who comes to a knot, in no order.
#[derive(Debug)]
pub(super) struct Gate {
    soon: Vec<Comer>,
    /// When the last of these comes, at the latest.
    latest: i64,
    /// The others. The rank is the identity.
    later: Heap<(Slot, Cause)>,
    /// The part it belongs to.
    pub part: u32,
    /// How many may wait, or be known to come, before the part catches up.
    limit: usize,
}

impl Gate {
    pub(super) fn new(part: u32) -> Self {
        Self { soon: Vec::new(), latest: i64::MIN, later: Heap::new(), part, limit: usize::MAX }
    }

    /// Somebody comes, soon if it is until then. True if that makes it many.
    #[inline]
    pub(super) fn add(&mut self, comer: Comer, soon_until: i64) -> bool {
        let Comer { at, identity, slot, cause } = comer;
        if at > soon_until {
            self.later.push(Entry { at, rank: identity, payload: (slot, cause) });
        } else {
            self.soon.push(comer);
            self.latest = self.latest.max(at);
        }
        self.len() == self.limit
    }

    /// As [`Self::add`] for each. True if one of them makes it many.
    pub(super) fn add_all(&mut self, comers: &[Comer], soon_until: i64) -> bool {
        let latest = comers.iter().map(|comer| comer.at).max().unwrap_or(i64::MIN);
        let n_before = self.len();
        if latest > soon_until {
            for &comer in comers {
                self.add(comer, soon_until);
            }
        } else {
            self.soon.extend_from_slice(comers);
            self.latest = self.latest.max(latest);
        }
        n_before < self.limit && self.limit <= self.len()
    }

    fn len(&self) -> usize {
        self.soon.len() + self.later.len()
    }

    /// Once the part has caught up, or before it begins: twice as many as are left may wait, or so many at least.
    pub(super) fn allow_more(&mut self, least: usize) {
        self.limit = least.max(2 * self.len());
    }

    /// Takes those who come before an instant, in no order, into an empty list. Returns when the first of the others comes.
    pub(super) fn take(&mut self, until: i64, comers: &mut Vec<Comer>) -> i64 {
        let mut soonest = NEVER;
        if self.latest < until {
            // The lists change places.
            std::mem::swap(&mut self.soon, comers);
            self.latest = i64::MIN;
        } else {
            self.soon.retain(|comer| {
                let is_due = comer.at < until;
                if is_due {
                    comers.push(*comer);
                } else {
                    soonest = soonest.min(comer.at);
                }
                !is_due
            });
        }
        while let Some(comer) = self.take_later(until) {
            comers.push(comer);
        }
        self.later.first().map_or(soonest, |first| soonest.min(first.at))
    }

    /// Takes the first of those in the heap, if it comes before an instant.
    #[inline]
    fn take_later(&mut self, until: i64) -> Option<Comer> {
        let &Entry { at, rank: identity, payload: (slot, cause) } = self.later.first()?;
        if at >= until {
            return None;
        }
        self.later.pop();
        Some(Comer { at, identity, slot, cause })
    }

    /// How many stand in the list.
    pub(super) fn n_soon(&self) -> usize {
        self.soon.len()
    }

    /// Takes one who comes before an instant, of those beyond the first `n_seen` in the list, and counts on who comes later.
    #[inline]
    pub(super) fn take_new(&mut self, n_seen: &mut usize, until: i64) -> Option<Comer> {
        while let Some(comer) = self.soon.get(*n_seen) {
            if comer.at < until {
                return Some(self.soon.swap_remove(*n_seen));
            }
            *n_seen += 1;
        }
        self.take_later(until)
    }

    /// When the first one comes.
    pub(super) fn soonest(&self) -> i64 {
        let later = self.later.first().map(|first| first.at);
        self.soon.iter().map(|comer| comer.at).chain(later).min().unwrap_or(NEVER)
    }
}
