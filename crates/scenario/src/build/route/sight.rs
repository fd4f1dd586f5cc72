//! What flows see of queues when they choose their way: watched stops, bookings, and the expected time and
//! cost without the wait.
//!
//! Owns which rides are booked at a release, and when cargo is expected to be ready for them. Expected
//! times come from `expect::steps`, expected money from `expect::money`. Does not own the bookings of a run
//! and the waits that follow from them (`sanda_core`).

use std::collections::BTreeMap;

use sanda_core::kernel::law::to_whole;
use sanda_core::model::ids::{FlowId, ItineraryId, ServiceId};
use sanda_core::model::program::{Op, OpIndex};
use sanda_core::model::{
    Booking, Capacity, DepartureRule, Outlook, SeenWay, ServiceParams, Sight, WatchParams,
};
use sanda_units::Duration;

use super::choice::{policy, weighing};
use crate::build::builder::Builder;
use crate::build::expect::cargo::Cargo;
use crate::build::expect::moments::Moments;
use crate::build::load::offered::{Offered, cancelled};
use crate::build::notes::{RidePlace, WayAhead};
use crate::decode::Name;
use crate::schema::{self, Step, StepKind};

/// A stop of a service, by its position in the service.
type StopOf = (ServiceId, u16);

/// A ride on an itinerary.
#[derive(Debug, Clone)]
struct RideAhead {
    /// The operation of the ride.
    at: OpIndex,
    /// The stop of boarding. A ride on whichever service leaves first has one stop per service.
    stops: Vec<StopOf>,
    place: RidePlace,
}

impl Builder<'_> {
    fn sees_queues(&self) -> bool {
        self.scenario.flows.values().any(|flow| flow.sees.value == schema::Sight::Queue)
    }

    /// What is known of a way whose expected total time is given. `place` is the node whose local time
    /// counts.
    pub(in crate::build) fn way_ahead(
        &mut self,
        steps: &[Step],
        cargo: &Cargo,
        place: Option<&Name>,
        total: Moments,
    ) -> WayAhead {
        if !self.sees_queues() {
            return WayAhead::default();
        }
        let mut rides = Vec::new();
        self.quietly(|builder| builder.sure_rides(steps, cargo, place, Moments::default(), &mut rides));
        let rest = rides.first().map_or(total, |(wait, _)| total.less(*wait));
        WayAhead {
            ready_after: rides.into_iter().map(|(_, before)| before).collect(),
            rest,
            money: Some(self.expense_by_time(steps, cargo)),
        }
    }

    /// Lists the rides that every shipment takes on steps that begin the given time after its release. Each
    /// has its wait, and the time from the release until the shipment is ready.
    fn sure_rides(
        &mut self,
        steps: &[Step],
        cargo: &Cargo,
        place: Option<&Name>,
        begins_after: Moments,
        found: &mut Vec<(Moments, Moments)>,
    ) {
        let scenario = self.scenario;
        let mut before = begins_after;
        for step in steps {
            match &step.kind {
                StepKind::Ride { service, from, to } => {
                    let lines = self.lines_of(service, from.as_ref(), to.as_ref());
                    found.push((self.first_to_leave(&lines).0, before));
                }
                StepKind::Hold { resource, steps, .. } => {
                    let inside = before.plus(self.expected_opening(resource));
                    self.sure_rides(steps, cargo, place, inside, found);
                }
                StepKind::Procedure(name) => {
                    if let Some(procedure) = scenario.procedures.get(&name.value) {
                        let own = procedure.at.as_ref().and_then(|at| at.iter().next()).map(|at| &at.value);
                        self.sure_rides(&procedure.steps, cargo, place.or(own), before, found);
                    }
                }
                StepKind::Parallel(branches) => {
                    for branch in branches {
                        self.sure_rides(branch, cargo, place, before, found);
                    }
                }
                StepKind::Customs { cases, otherwise } => {
                    let fitting: Vec<_> = cargo
                        .customs()
                        .map_or(Vec::new(), |standings| standings.steps(cases, otherwise).collect());
                    if let [(_, steps)] = fitting[..] {
                        self.sure_rides(steps, cargo, place, before, found);
                    }
                }
                _ => {}
            }
            before = before.plus(self.expected_step(step, cargo, place));
        }
    }

    /// Gives the flows that see queues their outlook, and books all rides from the watched stops. The model
    /// has no errors so far.
    pub(in crate::build) fn build_sights(&mut self) {
        if !self.sees_queues() {
            return;
        }
        let scenario = self.scenario;
        let seeing: Vec<FlowId> = { scenario.flows.values().zip(self.model.flows.ids()) }
            .filter(|(flow, id)| {
                flow.sees.value == schema::Sight::Queue && self.model.flows[*id].itineraries.len() > 1
            })
            .map(|(_, id)| id)
            .collect();
        let mut watches: BTreeMap<StopOf, u32> = BTreeMap::new();
        for &id in &seeing {
            for (way, _) in self.model.flows[id].itineraries.clone() {
                let Some(first) = self.rides_of(way).into_iter().next() else { continue };
                if self.check_first_ride(way, &first) {
                    watches.extend(first.stops.iter().map(|&stop| (stop, 0)));
                }
            }
        }
        // If cargo may go by a watched service, its alternatives are booked as well.
        let all: Vec<RideAhead> = self.model.itineraries.ids().flat_map(|way| self.rides_of(way)).collect();
        loop {
            let n_before = watches.len();
            for ride in &all {
                if ride.stops.iter().any(|stop| watches.contains_key(stop)) {
                    watches.extend(ride.stops.iter().map(|&stop| (stop, 0)));
                }
            }
            if watches.len() == n_before {
                break;
            }
        }
        for (number, watch) in (0..).zip(watches.values_mut()) {
            *watch = number;
        }
        self.book_rides(&watches);
        let offered = Offered::of(&self.model);
        let watched = watches.keys().map(|&stop| self.watch(stop, &offered)).collect();
        self.model.watches = watched;
        for id in seeing {
            let flow = scenario.flows.values().nth(id.index());
            let policy = flow.and_then(|flow| weighing(policy(flow)));
            let itineraries = self.model.flows[id].itineraries.iter();
            let ways = itineraries.filter_map(|&(way, _)| self.seen_way(way)).collect();
            self.model.flows[id].sight = Some(Sight { policy, ways });
        }
    }

    /// The rides of an itinerary, in the order of its program. A ride on whichever of several services
    /// leaves first is one ride.
    fn rides_of(&self, itinerary: ItineraryId) -> Vec<RideAhead> {
        let programs = &self.model.programs;
        let begin = self.model.itineraries[itinerary].program;
        let mut ahead: Vec<RideAhead> = Vec::new();
        let mut left_of_group: Vec<u32> = Vec::new();
        for (at, op) in (begin..).zip(programs.from(begin)) {
            let rides: Vec<u32> = programs.rides_at(op).collect();
            match op {
                Op::RideAny(_) => left_of_group.clone_from(&rides),
                // This ride was listed with its group.
                Op::Ride(ride) if left_of_group.contains(&ride) => continue,
                Op::Ride(_) => {}
                _ => continue,
            }
            let stop_of = |ride: &u32| {
                let ride = &programs.rides[*ride as usize];
                (ride.service, ride.from)
            };
            let Some(place) = rides.first().map(|ride| self.ride_places[*ride as usize].clone()) else {
                continue;
            };
            ahead.push(RideAhead { at, stops: rides.iter().map(stop_of).collect(), place });
        }
        ahead
    }

    /// Checks that the wait for the first ride of a way can be seen. An issue explains why it cannot.
    fn check_first_ride(&mut self, way: ItineraryId, ride: &RideAhead) -> bool {
        let RidePlace { by_chance, in_branch, span, ref path } = ride.place;
        let fills_before = |&(service, stop): &StopOf| stop > 0 && self.model.leaves_when_full(service);
        let reason = if by_chance {
            "it is taken by chance"
        } else if in_branch {
            "other steps are done at the same time"
        } else if ride.stops.iter().any(fills_before) {
            "it fills at an earlier stop"
        } else {
            return true;
        };
        let params = &self.model.itineraries[way];
        let flow = &self.model.flows[params.flow].name;
        let name = &self.model.services[ride.stops[0].0].name;
        self.issues
            .error(
                span,
                format!(
                    "flow `{flow}` cannot see the wait for `{name}`, the first service on way `{}`: {reason}",
                    params.name
                ),
            )
            .path(path.clone())
            .label("expected a first ride that every shipment of the way takes, with a queue of its own")
            .hint(Some(format!("let flow `{flow}` choose with `sees: Laws`")));
        false
    }

    /// Books the rides from watched stops that are sure to be taken, and warns of those that are not.
    fn book_rides(&mut self, watches: &BTreeMap<StopOf, u32>) {
        for way in self.model.itineraries.ids() {
            let mut ready_after = self.ahead[way].ready_after.clone().into_iter();
            for RideAhead { at, stops, place } in self.rides_of(way) {
                let watches: Vec<u32> = stops.iter().filter_map(|stop| watches.get(stop)).copied().collect();
                if place.by_chance {
                    if !watches.is_empty() {
                        let service = &self.model.services[stops[0].0].name;
                        self.issues
                            .warning(
                                place.span,
                                format!("cargo that rides `{service}` by chance is not booked on it"),
                            )
                            .path(place.path)
                            .label("flows that see the queue do not see this cargo");
                    }
                    continue;
                }
                let before = ready_after.next().unwrap_or_default();
                if !watches.is_empty() {
                    let ready_after = Duration::from_ms_f64(before.mean);
                    self.model.itineraries[way].bookings.push(Booking { at, watches, ready_after });
                }
            }
        }
    }

    fn watch(&self, (id, stop): StopOf, offered: &Offered<'_>) -> WatchParams {
        let service = &self.model.services[id];
        WatchParams {
            service: id,
            stop,
            capacity: match &service.capacity {
                Capacity::Fixed(capacity) => *capacity,
                Capacity::Random(law, _) => to_whole(law.mean()),
                Capacity::Unlimited => i64::MAX,
            },
            background: service.background.as_ref().map_or(0, |(law, _)| to_whole(law.mean())),
            outlook: self.outlook(service, id, offered),
        }
    }

    fn outlook(&self, service: &ServiceParams, id: ServiceId, offered: &Offered<'_>) -> Outlook {
        match &service.departs {
            DepartureRule::Every { .. } | DepartureRule::Dates(_) => Outlook::Timetable,
            DepartureRule::Headway(law, _) => {
                let entry = self.scenario.services.iter().nth(id.index());
                let first = entry.map(|(name, service)| self.expected_departure(name, service));
                let each = law.mean() / (1.0 - cancelled(service));
                Outlook::Headways {
                    first: Duration::from_ms_f64(first.unwrap_or_default().mean),
                    each: Duration::from_ms_f64(each),
                }
            }
            DepartureRule::WhenFull { .. } => Outlook::Fills { demand: offered.boarding(id) },
        }
    }

    /// The expected time and cost of a way without the wait that is seen.
    fn seen_way(&self, way: ItineraryId) -> Option<SeenWay> {
        let ahead = &self.ahead[way];
        let first = self.rides_of(way).first().map(|ride| ride.at);
        let bookings = &self.model.itineraries[way].bookings;
        Some(SeenWay {
            first: bookings.first().filter(|booking| Some(booking.at) == first).cloned(),
            time: ahead.rest.cost().time,
            variance: ahead.rest.cost().variance,
            money: ahead.money?,
        })
    }
}
