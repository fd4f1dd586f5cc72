//! Batches: shipments that stand before one operation, each free from an instant of its own on.
//!
//! Owns the arrival, the two kinds of batches (a list and a single shipment), the sorting of a list by operation, and the lists that are
//! used again. Does not own what happens to a batch (`walk`).

use std::ops::Range;

use crate::engine::entity::Slot;
use crate::kernel::order::Sorter;
use crate::model::program::OpIndex;
use crate::station::FEW;

/// The event that brought a shipment to a station without any time in between: none (0), the batch of a group that has waited its longest
/// (one more than the group), or the latest departure of the instant (counted from [`FIRST_DEPARTURE`] on).
pub(crate) type Trigger = u32;

/// A shipment that is, or will be, somewhere: at a station, or before an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    /// When, in milliseconds.
    pub at: i64,
    /// The identity that ranks compare.
    pub identity: u64,
    /// The shipment's slot.
    pub slot: Slot,
    /// The event that brought the shipment without any time in between.
    pub trigger: Trigger,
}

impl Arrival {
    /// Sorts arrivals by instant, trigger and identity.
    pub(crate) fn sort(arrivals: &mut [Self], sorter: &mut Sorter<Self>) {
        let is_before = |one: &Self, other: &Self| {
            one.at < other.at
                || one.at == other.at && (one.trigger, one.identity) < (other.trigger, other.identity)
        };
        sorter.sort(arrivals, |arrival| arrival.at, is_before);
    }
}

/// A batch of arrivals. The interpreter is written once for both kinds and compiled for each.
pub(crate) trait Batch {
    /// Returns the arrivals; of a single shipment that is gone, still the arrival.
    fn arrivals(&self) -> &[Arrival];

    /// Returns the arrivals, to be moved on; likewise.
    fn arrivals_mut(&mut self) -> &mut [Arrival];

    /// Keeps the first `n` arrivals.
    fn truncate(&mut self, n: usize);

    /// Whether every shipment is gone.
    fn is_gone(&self) -> bool;

    /// Whether each shipment is better taken by itself.
    fn is_small(&self) -> bool;
}

impl Batch for Vec<Arrival> {
    fn arrivals(&self) -> &[Arrival] {
        self
    }

    fn arrivals_mut(&mut self) -> &mut [Arrival] {
        self
    }

    fn truncate(&mut self, n: usize) {
        self.truncate(n);
    }

    fn is_gone(&self) -> bool {
        self.is_empty()
    }

    fn is_small(&self) -> bool {
        self.len() < FEW
    }
}

/// A single shipment, as a batch.
#[derive(Debug)]
pub(crate) struct Single {
    /// Always one, so that loops over it vanish.
    arrival: [Arrival; 1],
    is_gone: bool,
}

impl Single {
    /// Makes a batch of one.
    #[inline]
    pub(crate) fn new(arrival: Arrival) -> Self {
        Self { arrival: [arrival], is_gone: false }
    }
}

impl Batch for Single {
    #[inline]
    fn arrivals(&self) -> &[Arrival] {
        &self.arrival
    }

    #[inline]
    fn arrivals_mut(&mut self) -> &mut [Arrival] {
        &mut self.arrival
    }

    #[inline]
    fn truncate(&mut self, n: usize) {
        self.is_gone |= n == 0;
    }

    #[inline]
    fn is_gone(&self) -> bool {
        self.is_gone
    }

    #[inline]
    fn is_small(&self) -> bool {
        false
    }
}

/// The places in a list of the shipments that stand before the same operation.
#[derive(Debug, Default)]
pub(crate) struct ByOp {
    /// The operation of each shipment.
    ops: Vec<OpIndex>,
    /// The operations in their order, and where the places of each end.
    ends: Vec<(OpIndex, u32)>,
    places: Vec<u32>,
    /// The places of a list whose shipments all stand before the same operation.
    in_turn: Vec<u32>,
    /// By operation: the number of shipments, or where the next place goes. All zero between uses.
    counts: Vec<u32>,
}

impl ByOp {
    /// Sorts a list, given by the operation of each shipment. Counting is quick: operations are few beside shipments.
    pub(crate) fn sort(&mut self, ops: impl ExactSizeIterator<Item = OpIndex> + Clone) {
        let Self { ops: of_each, ends, places, in_turn, counts } = self;
        ends.clear();
        let Some(first) = ops.clone().next() else { return };
        if ops.clone().all(|pc| pc == first) {
            let n = ops.len() as u32;
            ends.push((first, n));
            in_turn.extend(in_turn.len() as u32..n);
            return;
        }
        of_each.clear();
        for pc in ops {
            if pc as usize >= counts.len() {
                counts.resize(pc as usize + 1, 0);
            }
            let count = &mut counts[pc as usize];
            if *count == 0 {
                ends.push((pc, 0));
            }
            *count += 1;
            of_each.push(pc);
        }
        ends.sort_unstable();
        let mut begin = 0;
        for &(pc, _) in &*ends {
            begin += std::mem::replace(&mut counts[pc as usize], begin);
        }
        places.resize(of_each.len(), 0);
        for (place, &pc) in (0..).zip(&*of_each) {
            let next = &mut counts[pc as usize];
            places[*next as usize] = place;
            *next += 1;
        }
        for (pc, end) in ends {
            *end = std::mem::take(&mut counts[*pc as usize]);
        }
    }

    /// Returns the operation that all stand before, if it is one.
    pub(crate) fn only(&self) -> Option<OpIndex> {
        match self.ends[..] {
            [(pc, _)] => Some(pc),
            _ => None,
        }
    }

    /// Returns the operations and the places of the shipments before each, in the order of the list.
    pub(crate) fn runs(
        &self,
    ) -> impl Iterator<Item = (OpIndex, impl ExactSizeIterator<Item = usize> + Clone)> {
        let begins = std::iter::once(0).chain(self.ends.iter().map(|&(_, end)| end));
        let all = if self.only().is_some() { &self.in_turn } else { &self.places };
        self.ends.iter().zip(begins).map(|(&(pc, end), begin)| {
            let range: Range<usize> = begin as usize..end as usize;
            (pc, all[range].iter().map(|&place| place as usize))
        })
    }
}

/// Lists of arrivals that are used again.
#[derive(Debug, Default)]
pub(crate) struct Lists(Vec<Vec<Arrival>>);

impl Lists {
    /// Lends an empty list.
    pub(crate) fn lend(&mut self) -> Vec<Arrival> {
        self.0.pop().unwrap_or_default()
    }

    /// Takes a list back.
    pub(crate) fn take_back(&mut self, mut list: Vec<Arrival>) {
        list.clear();
        self.0.push(list);
    }
}
