//! Demand and its end: when shipments arrive, what size they are and which way they take, and who is lost.
//!
//! Arrival `n` of a flow comes a drawn distance after arrival `n - 1`, both in operational time; a seasonal profile
//! stretches operational time into real time. The itinerary, the size and everything else that is drawn for a shipment
//! is keyed by its number within its flow. Does not own releases and deliveries, which are made one or many at a time (`together`).

use sanda_units::Cost;

use crate::engine::Simulation;
use crate::engine::entity::{Kind, Slot};
use crate::engine::event::Source;
use crate::kernel::random::Stream;
use crate::model::choice::thresholds;
use crate::model::ids::{FlowId, ItineraryId};
use crate::model::{ActEffect, ActTarget, Amount, ArrivalRule, stretch_by};
use crate::plan::{Class, Ranks};
use crate::record::observer::{Loss, Observer};

/// The ways that a shipment may take.
#[derive(Clone, Copy)]
struct Ways<'w> {
    /// The itineraries, each with the threshold below which a word draws it or one before it.
    thresholds: &'w [(ItineraryId, u64)],
    /// From the best to the worst.
    preference: &'w [ItineraryId],
    /// Of each itinerary, whether its first departure has room; `None` where that does not count.
    has_room: Option<&'w [bool]>,
}

impl<O: Observer> Simulation<'_, O> {
    /// Puts the next arrival of a flow, the first one after `from`, on the agenda, or on the list of what it is a part of
    /// upstream.
    pub(crate) fn schedule_arrival(&mut self, id: FlowId, from: i64) {
        let Some(at) = self.next_arrival(id, from) else { return };
        if let Some(part) = self.windows.plan().regions.partition_of_flow[id] {
            self.windows.expect(part, id, at);
        } else {
            let n = self.world.flows[id].next_arrival - 1;
            let identity = Ranks::shipment(id.index() as u32, n);
            let rank = Ranks::at_node(Class::Request, self.env.model.flows[id].origin, identity);
            self.clock.agenda.push(at, rank, Source::Arrival(id));
        }
    }

    /// The instant of the next arrival of a flow, the first one after `from`, if there is one.
    #[inline]
    pub(crate) fn next_arrival(&mut self, id: FlowId, from: i64) -> Option<i64> {
        let params = &self.env.model.flows[id];
        let n = self.world.flows[id].next_arrival;
        let at = match &params.arrivals {
            ArrivalRule::Renewal(law, stream) => {
                let gap = law.sample_whole(&mut Stream::new(self.env.keys[*stream], n, 0));
                Some(self.stretch(id, from, gap))
            }
            ArrivalRule::Regular { offset, period } => {
                let gap = if n == 0 { offset.as_ms() } else { period.as_ms() };
                Some(self.stretch(id, from, gap))
            }
            ArrivalRule::Dates(dates) => dates.get(n as usize).map(|date| date.as_ms()),
        };
        self.arrives(id, at?)
    }

    /// The next arrival of a flow comes at this instant, if that is not too late.
    #[inline]
    pub(crate) fn arrives(&mut self, id: FlowId, at: i64) -> Option<i64> {
        if at > self.env.model.window.arrivals_until.as_ms() {
            return None;
        }
        self.world.flows[id].next_arrival += 1;
        Some(at)
    }

    /// The instant at which `gap` milliseconds of operational time have passed since `from`.
    #[inline]
    pub(crate) fn stretch(&mut self, id: FlowId, from: i64, gap: i64) -> i64 {
        match &self.env.model.flows[id].profile {
            None => from.saturating_add(gap),
            Some(profile) => stretch_by(&profile.rates, &mut self.world.flows[id].profile, from, gap),
        }
    }

    /// An arrival: one shipment, or a batch.
    pub(crate) fn arrival(&mut self, id: FlowId) {
        let now = self.clock.now;
        if self.env.model.flows[id].batch.is_none() {
            self.release_arrival(id);
        } else {
            self.clock.turns.begin_bulk();
            self.release_arrival(id);
            self.clock.turns.end_bulk();
        }
        self.schedule_arrival(id, now);
    }

    /// Releases what the latest arrival of a flow brings.
    #[inline]
    pub(crate) fn release_arrival(&mut self, id: FlowId) {
        for _ in 0..self.n_released(id) {
            let slot = self.release(id);
            self.advance(slot, false);
        }
    }

    /// How many shipments the latest arrival of a flow brings.
    #[inline]
    pub(crate) fn n_released(&self, id: FlowId) -> i64 {
        let n = self.world.flows[id].next_arrival - 1;
        let batch = self.env.model.flows[id].batch.as_ref();
        batch.map_or(1, |(law, stream)| law.sample_whole(&mut Stream::new(self.env.keys[*stream], n, 0)))
    }

    /// The itinerary that a shipment takes: TEU, mass and units are its sizes.
    #[inline]
    pub(crate) fn choose_itinerary(
        &mut self,
        id: FlowId,
        number: u64,
        sizes: (i64, i64, u32),
    ) -> ItineraryId {
        let params = &self.env.model.flows[id];
        let (only, _) = params.itineraries[0];
        if params.itineraries.len() == 1 {
            return only;
        }
        let word = Stream::new(self.env.keys[params.choice], number, 0).word();
        let own = Ways { thresholds: &params.itineraries, preference: &params.preference, has_room: None };
        let Some(sight) = &params.sight else {
            return self.itinerary_of(params.reroutes, own, word);
        };
        let (costs, has_room): (Vec<Cost>, Vec<bool>) = self.seen(id, sizes).into_iter().unzip();
        let Some(policy) = sight.policy else {
            return self.itinerary_of(params.reroutes, Ways { has_room: Some(&has_room), ..own }, word);
        };
        let ids = params.itineraries.iter().map(|&(itinerary, _)| itinerary);
        let drawn: Vec<_> = ids.zip(thresholds(&policy.shares(&costs))).collect();
        let order = policy.order(&costs);
        let preference: Vec<_> = order.into_iter().map(|way| drawn[way].0).collect();
        self.itinerary_of(
            params.reroutes,
            Ways { thresholds: &drawn, preference: &preference, has_room: None },
            word,
        )
    }

    /// The itinerary that a word draws from ways with their thresholds; another one while that is closed, or where it has no room.
    #[inline]
    fn itinerary_of(&self, reroutes: bool, ways: Ways<'_>, word: u64) -> ItineraryId {
        let chosen = ways.thresholds.iter().position(|&(_, threshold)| word < threshold);
        // The greatest of all words is below no threshold: it goes with those just below it.
        let last = || ways.thresholds.iter().position(|&(_, threshold)| threshold == u64::MAX);
        let chosen = chosen.or_else(last).unwrap_or(0);
        if self.world.closures.n > 0 || ways.has_room.is_some() {
            return self.around(reroutes, ways, (chosen, word));
        }
        ways.thresholds[chosen].0
    }

    /// The itinerary that is taken in place of the chosen one while something is closed, cancelled, diverted or full.
    ///
    /// A shipment whose way is closed takes another open one if its flow re-routes. A shipment whose way is full takes another open one
    /// with room, if there is one.
    #[inline(never)]
    fn around(&self, reroutes: bool, ways: Ways<'_>, chosen_by: (usize, u64)) -> ItineraryId {
        let Ways { thresholds: ways, preference, has_room } = ways;
        let is_open = |place: usize| !reroutes || !self.is_closed(ways[place].0);
        let has_room = |place: usize| has_room.is_none_or(|has_room| has_room[place]);
        let (chosen, _) = chosen_by;
        let mut taken = ways[chosen].0;
        if !is_open(chosen) || !has_room(chosen) {
            let with_room = spread(ways, chosen_by, |place| is_open(place) && has_room(place));
            let open = || if is_open(chosen) { Some(chosen) } else { spread(ways, chosen_by, is_open) };
            let by_share = with_room.or_else(open).map(|place| ways[place].0);
            let best = || preference.iter().copied().find(|&way| !self.is_closed(way));
            taken = by_share.or_else(best).unwrap_or(taken);
        }
        let diversion = self.world.closures.diversions.iter().find(|&&(disruption, act)| {
            self.env.model.disruptions[disruption].acts[act].target == ActTarget::Itinerary(taken)
        });
        match diversion.map(|&(disruption, act)| &self.env.model.disruptions[disruption].acts[act].effect) {
            Some(ActEffect::Divert(other)) => *other,
            _ => taken,
        }
    }

    /// Whether something on an itinerary is closed now, or the departures of one of its services are cancelled.
    fn is_closed(&self, itinerary: ItineraryId) -> bool {
        self.is_any_closed(&self.env.model.itineraries[itinerary].closers)
    }

    /// Whether one of these is closed now, or the departures of a service are cancelled.
    pub(crate) fn is_any_closed(&self, closers: &[ActTarget]) -> bool {
        closers.iter().any(|closer| match *closer {
            ActTarget::Resource(resource) => self.world.resources[resource].n_closures > 0,
            ActTarget::Leg(service, leg) => {
                self.world.services[service].legs[usize::from(leg)].n_closures > 0
            }
            ActTarget::Departures(service) => self.world.services[service].n_cancelling > 0,
            ActTarget::Connection(connection) => self.world.connections[connection].n_closures > 0,
            ActTarget::Itinerary(_) => false,
        })
    }

    #[inline]
    pub(crate) fn amount(&self, amount: &Amount, number: u64) -> i64 {
        match amount {
            Amount::Fixed(value) => *value,
            Amount::Random(law, stream) => {
                law.sample_whole(&mut Stream::new(self.env.keys[*stream], number, 0))
            }
            Amount::Listed(values) => listed(values, number),
            // Of the mass alone, which the release works out from the size.
            Amount::PerTeu(_) => 0,
        }
    }

    /// The units of a shipment.
    #[inline]
    pub(crate) fn units_of(&self, units: &Amount, number: u64) -> u32 {
        let n = match units {
            Amount::Fixed(n) => *n,
            Amount::Random(law, stream) => {
                law.sample_whole(&mut Stream::new(self.env.keys[*stream], number, 0))
            }
            Amount::Listed(values) => listed(values, number),
            Amount::PerTeu(_) => 1,
        };
        u32::try_from(n.max(1)).unwrap_or(u32::MAX)
    }

    /// A shipment found no room and leaves the system.
    pub(crate) fn lose(&mut self, slot: Slot) {
        self.free_all(slot);
        self.world.bookings.forget(slot);
        let entity = &self.world.pool[slot];
        match entity.kind {
            Kind::Shipment => {
                let id = FlowId::new(entity.owner as usize);
                if O::IN_ORDER {
                    self.observer.lost(&Loss { flow: id, number: entity.number, at: self.clock.now });
                }
                self.world.flows[id].lost += 1;
                self.books.periods.leave(
                    self.env.model,
                    id,
                    std::iter::once((entity.period, self.clock.now)),
                );
                if entity.measured {
                    self.books.n_measured -= 1;
                    self.books.out.flows[id].lost += 1;
                }
                self.forget_costs(slot);
                self.world.pool.remove(slot);
            }
            // Refused when the model is built: a part of a shipment, or a vehicle, cannot be lost by itself.
            Kind::Branch | Kind::Vehicle | Kind::VehicleBranch => {
                let name = self.name_of(slot);
                self.violate("conservation", name, "lost at a full waiting room".into());
            }
        }
    }
}

/// The way that is taken in place of the drawn one: one of those that can be, in the proportion of their shares, by where the same
/// word lies within the share of the drawn one. A shipment that has drawn a way that can be taken so keeps it, and no second draw is
/// needed. `None` if the ways that can be taken have no share.
fn spread(
    ways: &[(ItineraryId, u64)],
    (drawn, word): (usize, u64),
    can_be: impl Fn(usize) -> bool,
) -> Option<usize> {
    let lower = |place: usize| if place == 0 { 0 } else { ways[place - 1].1 };
    let width = |place: usize| u128::from(ways[place].1 - lower(place));
    let others = || (0..ways.len()).filter(|&place| can_be(place));
    let total: u128 = others().map(width).sum();
    // The greatest of all words is below no threshold.
    let within = u128::from(word - lower(drawn)).min(width(drawn) - 1);
    let mut left = within * total / width(drawn);
    others().find(|&place| {
        let fits = left < width(place);
        left = left.saturating_sub(width(place));
        fits
    })
}

/// What a trace says of a shipment.
fn listed(values: &[i64], number: u64) -> i64 {
    values.get(number as usize).copied().unwrap_or(0)
}
