//! Releases: the shipments of a flow that come at known instants, one or many.
//!
//! Does not own when they come (`demand`), but for the next arrivals many at a time.

use crate::engine::Simulation;
use crate::engine::batch::Arrival;
use crate::engine::entity::Slot;
use crate::kernel::random::Stream;
use crate::model::ids::FlowId;
use crate::model::{Amount, ArrivalRule, FlowParams};
use crate::plan::Ranks;
use crate::record::observer::{Observer, Release};

/// So many are released before they go on.
const MANY: usize = 512;

/// So many gaps between arrivals are drawn at a time.
const GAPS: i64 = 16;

impl<O: Observer> Simulation<'_, O> {
    /// Releases what a flow upstream releases from its next arrival on and before an instant. Returns how many shipments that
    /// was, and when the next arrival comes.
    pub(crate) fn release_before(&mut self, id: FlowId, next_at: i64, until: i64) -> (usize, Option<i64>) {
        let (mut next, mut n_released) = (Some(next_at), 0);
        let ways = &self.env.model.flows[id].itineraries;
        let mut column = self.space.lists.lend();
        while let Some(at) = next.filter(|&at| at < until) {
            let mut releases = std::mem::take(&mut self.space.releases);
            next = self.arrivals_before(id, at, until, &mut releases);
            n_released += releases.len();
            self.release_all(id, &releases, &mut column);
            releases.clear();
            self.space.releases = releases;
            if let [(only, _)] = ways[..] {
                self.walk(self.env.model.itineraries[only].program, &mut column);
            } else {
                self.walk_all(&mut column);
            }
        }
        self.space.lists.take_back(column);
        (n_released, next)
    }

    /// Lists, shipment by shipment, the arrivals of a flow from the next one on and before an instant, or the first of them.
    /// Returns when the next one comes after these.
    fn arrivals_before(
        &mut self,
        id: FlowId,
        next_at: i64,
        until: i64,
        releases: &mut Vec<i64>,
    ) -> Option<i64> {
        let params = &self.env.model.flows[id];
        let mut at = next_at;
        if let (ArrivalRule::Renewal(law, stream), None) = (&params.arrivals, &params.batch) {
            let key = self.env.keys[*stream];
            releases.push(at);
            while releases.len() < MANY {
                // As many as should come, for what is drawn too early is drawn again.
                let n = self.world.flows[id].next_arrival;
                let expected = (until - at) / (at / n.max(1) as i64).max(1);
                let n_gaps = expected.clamp(1, GAPS) as u64;
                let mut gaps = std::mem::take(&mut self.space.times);
                law.sample_each((n..n + n_gaps).map(|n| Stream::new(key, n, 0)), &mut gaps);
                let mut next = Some(at);
                for &gap in &gaps {
                    let comes_at = self.stretch(id, at, gap);
                    next = self.arrives(id, comes_at);
                    let Some(comes_at) = next.filter(|&at| at < until) else { break };
                    releases.push(comes_at);
                    at = comes_at;
                }
                gaps.clear();
                self.space.times = gaps;
                if next != Some(at) {
                    return next;
                }
            }
            return self.next_arrival(id, at);
        }
        loop {
            for _ in 0..self.n_released(id) {
                releases.push(at);
            }
            let next = self.next_arrival(id, at)?;
            if next >= until || releases.len() >= MANY {
                return Some(next);
            }
            at = next;
        }
    }

    /// Makes the shipments of a flow that are released at these instants, the next ones by number. They stand before their
    /// programs.
    fn release_all(&mut self, id: FlowId, releases: &[i64], column: &mut Vec<Arrival>) {
        let mut left = releases;
        while !left.is_empty() {
            let (period, n) = self.books.periods.come(self.env.model, id, left);
            let (of_period, later) = left.split_at(n);
            self.release_in(id, period, of_period, column);
            left = later;
        }
    }

    /// As [`Self::release_all`], all in one piece of the calendar.
    fn release_in(&mut self, id: FlowId, period: u16, releases: &[i64], column: &mut Vec<Arrival>) {
        let model = self.env.model;
        let params = &model.flows[id];
        let state = &mut self.world.flows[id];
        let first = state.next_number;
        state.next_number += releases.len() as u64;
        state.released += releases.len() as u64;
        let fixed = match (&params.teu, &params.mass, &params.units) {
            (Amount::Fixed(_), Amount::Fixed(_) | Amount::PerTeu(_), Amount::Fixed(_)) => {
                Some(self.sizes(params, first))
            }
            _ => None,
        };
        let only = if let [(only, _)] = params.itineraries[..] { Some(only) } else { None };
        // Those that count came one after the other.
        let measured = releases.partition_point(|&at| at < self.env.window.from)
            ..releases.partition_point(|&at| at < self.env.window.to);
        let is_booked = !model.watches.is_empty();
        let mut sums = [0_i128; 3];
        column.reserve(releases.len());
        for (place, &at) in releases.iter().enumerate() {
            let number = first + place as u64;
            let sizes @ (teu, mass, units) = fixed.unwrap_or_else(|| self.sizes(params, number));
            let itinerary = only.unwrap_or_else(|| self.choose_itinerary(id, number, sizes));
            let program = model.itineraries[itinerary].program;
            let (slot, entity) = self.world.pool.add_shipment(id.index() as u32, number, program, at);
            (entity.teu, entity.mass, entity.units) = sizes;
            entity.class = params.class;
            entity.period = period;
            entity.itinerary = itinerary.index() as u32;
            entity.measured = measured.contains(&place);
            entity.fold(at);
            if entity.measured && fixed.is_none() {
                for (sum, size) in sums.iter_mut().zip([teu, mass, i64::from(units)]) {
                    *sum += i128::from(size);
                }
            }
            if entity.measured && only.is_none() {
                self.books.out.itineraries[itinerary].chosen += 1;
            }
            if O::IN_ORDER {
                self.observer.released(&Release {
                    flow: id,
                    number,
                    itinerary,
                    at,
                    teu,
                    mass,
                    units,
                    measured: entity.measured,
                });
            }
            if is_booked {
                self.book(slot, itinerary);
            }
            let identity = Ranks::shipment(id.index() as u32, number);
            column.push(Arrival { at, identity, slot, trigger: 0 });
        }
        let n_measured = measured.len() as u64;
        if let Some((teu, mass, units)) = fixed {
            sums = [teu, mass, i64::from(units)].map(|size| i128::from(size) * i128::from(n_measured));
        }
        if let Some(only) = only {
            self.books.out.itineraries[only].chosen += n_measured;
        }
        self.books.periods.release(id, period, n_measured);
        self.books.n_measured += n_measured;
        let record = &mut self.books.out.flows[id];
        record.released += n_measured;
        record.teu += sums[0];
        record.mass += sums[1];
        record.units += sums[2];
    }

    /// The size in thousandths of a TEU, the mass and the units of a shipment.
    fn sizes(&self, params: &FlowParams, number: u64) -> (i64, i64, u32) {
        let teu = self.amount(&params.teu, number);
        let mass = match params.mass {
            Amount::PerTeu(kilograms) => (teu * kilograms + 500) / 1000,
            ref mass => self.amount(mass, number),
        };
        (teu, mass, self.units_of(&params.units, number))
    }

    /// Makes a shipment that is released now.
    pub(crate) fn release(&mut self, id: FlowId) -> Slot {
        let mut column = self.space.lists.lend();
        self.release_all(id, &[self.clock.now], &mut column);
        let slot = column.first().map_or(0, |arrival| arrival.slot);
        self.space.lists.take_back(column);
        slot
    }
}
