//! The sites of drawing of a model, as [`BlockDraws`](crate::kernel::blocks::BlockDraws) numbers them: one for each
//! operation that works or delays, and three for each flow (distance of arrivals, TEU, mass).

use crate::freight::ids::FlowId;
use crate::freight::model::{Amount, ArrivalRule, Model};
use crate::kernel::law::Law;

/// A site that never draws has a law all the same.
const NOTHING: (usize, &Law) = (usize::MAX, Law::ZERO);

/// Streams and laws of all sites, in the order of their numbers.
pub(super) fn all(model: &Model) -> impl Iterator<Item = (usize, &Law)> {
    let works = model.programs.works.iter().map(|op| (op.stream.index(), &op.time));
    let delays = model.programs.delays.iter().map(|op| (op.stream.index(), &op.time));
    let flows = model.flows.iter().flat_map(move |flow| {
        let arrivals = match &flow.arrivals {
            ArrivalRule::Renewal(law, stream) => (stream.index(), law),
            ArrivalRule::Regular { .. } | ArrivalRule::Dates(_) => NOTHING,
        };
        [arrivals, amount(&flow.teu), amount(&flow.mass)]
    });
    works.chain(delays).chain(flows)
}

fn amount(amount: &Amount) -> (usize, &Law) {
    match amount {
        Amount::Fixed(_) | Amount::PerTeu(_) | Amount::Listed(_) => NOTHING,
        Amount::Random(law, stream) => (stream.index(), law),
    }
}

/// The site of a work operation.
#[inline]
pub(super) fn of_work(index: u32) -> usize {
    index as usize
}

/// The site of a delay or haul.
#[inline]
pub(super) fn of_delay(model: &Model, index: u32) -> usize {
    model.programs.works.len() + index as usize
}

/// What is drawn of a flow.
#[derive(Clone, Copy)]
pub(super) enum OfFlow {
    Arrivals = 0,
    Teu = 1,
    Mass = 2,
}

/// The site of something drawn of a flow.
#[inline]
pub(super) fn of_flow(model: &Model, flow: FlowId, what: OfFlow) -> usize {
    model.programs.works.len() + model.programs.delays.len() + 3 * flow.index() + what as usize
}
