//! Counts by piece of the civil calendar: what was released, what kept its promise, what was under way at each end.
//!
//! Everything is counted in the piece in which it happens, whenever it becomes known, so that a shipment may be delivered
//! ahead of the clock. Months and weeks are sums over pieces, made after the merge.

use sanda_units::IdVec;

use crate::engine::entity::NEVER;
use crate::model::Model;
use crate::model::ids::{FlowId, PromiseId};
use crate::record::Outcome;

/// The counts of a run, by piece.
#[derive(Debug)]
pub(crate) struct PeriodCounts {
    /// Of each flow, the piece of the latest release, and when the next one begins.
    latest: IdVec<FlowId, (u16, i64)>,
    /// Of each flow, how many came into being and how many left again, measured or not.
    came: IdVec<FlowId, Vec<u64>>,
    left: IdVec<FlowId, Vec<u64>>,
    /// Of each flow, how many were released and count.
    released: IdVec<FlowId, Vec<u64>>,
    /// Of each promise and flow of it, how many of these kept it.
    kept: IdVec<PromiseId, Vec<Vec<u64>>>,
}

impl PeriodCounts {
    pub(crate) fn new(model: &Model) -> Self {
        let none = || vec![0; model.periods.pieces.len()];
        let by_flow = || model.flows.iter().map(|_| none()).collect();
        Self {
            latest: model.flows.iter().map(|_| (0, begin_of(model, 1))).collect(),
            came: by_flow(),
            left: by_flow(),
            released: by_flow(),
            kept: model
                .promises
                .iter()
                .map(|promise| promise.flows.iter().map(|_| none()).collect())
                .collect(),
        }
    }

    /// Shipments come into being at these instants: those in the same piece of the calendar as the first. Returns that piece,
    /// and how many they are. Releases of a flow come in the order of time.
    #[inline]
    pub(crate) fn come(&mut self, model: &Model, flow: FlowId, releases: &[i64]) -> (u16, usize) {
        let (period, next_at) = &mut self.latest[flow];
        while releases.first().is_some_and(|first| first >= next_at) {
            *period += 1;
            *next_at = begin_of(model, usize::from(*period) + 1);
        }
        let n = match releases.last() {
            Some(last) if last >= next_at => releases.partition_point(|at| at < next_at),
            _ => releases.len(),
        };
        self.came[flow][usize::from(*period)] += n as u64;
        (*period, n)
    }

    /// Shipments of a flow that came in these periods are delivered or lost, each at an instant.
    #[inline]
    pub(crate) fn leave(&mut self, model: &Model, flow: FlowId, leaving: impl Iterator<Item = (u16, i64)>) {
        let left = &mut self.left[flow];
        // Mostly all in one piece.
        let (mut piece, mut from, mut to) = (0, NEVER, NEVER);
        let mut n = 0;
        for (period, at) in leaving {
            if at < from || at >= to {
                left[piece] += std::mem::take(&mut n);
                piece = usize::from(period);
                while at >= begin_of(model, piece + 1) {
                    piece += 1;
                }
                (from, to) = (begin_of(model, piece), begin_of(model, piece + 1));
            }
            n += 1;
        }
        left[piece] += n;
    }

    /// So many shipments that came in `period` count.
    #[inline]
    pub(crate) fn release(&mut self, flow: FlowId, period: u16, n: u64) {
        self.released[flow][usize::from(period)] += n;
    }

    /// A shipment that came in `period` keeps a promise; `place` is that of its flow among the promise's.
    #[inline]
    pub(crate) fn keep(&mut self, promise: PromiseId, place: usize, period: u16) {
        self.kept[promise][place][usize::from(period)] += 1;
    }

    /// Books everything up to the end of the window.
    pub(crate) fn close(self, model: &Model, out: &mut Outcome) {
        for (id, params) in model.promises.iter_enumerated() {
            for (place, &flow) in params.flows.iter().enumerate() {
                let pieces = self.released[flow].iter().zip(&self.kept[id][place]);
                out.promises[id][place].periods =
                    (0..).zip(pieces.map(|(&of, &kept)| (of, kept))).filter(|(_, of)| of.0 > 0).collect();
            }
        }
        let mut under_way: IdVec<FlowId, u64> = model.flows.iter().map(|_| 0).collect();
        let n_ended = (0..model.periods.pieces.len())
            .take_while(|piece| begin_of(model, piece + 1) <= model.window.to.as_ms())
            .count();
        for piece in 0..n_ended {
            for flow in model.flows.ids() {
                under_way[flow] = under_way[flow] + self.came[flow][piece] - self.left[flow][piece];
            }
            out.backlog.push(under_way.clone());
        }
    }
}

/// When a piece of the calendar begins; [`NEVER`] if there is none.
fn begin_of(model: &Model, piece: usize) -> i64 {
    model.periods.pieces.get(piece).map_or(NEVER, |piece| piece.from.as_ms())
}
