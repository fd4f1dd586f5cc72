//! Resources: servers and their shifts, hours, waiting rooms and breakdowns.
//!
//! Does not own the work at a resource (`steps`) nor its price (`price`).

use std::collections::BTreeMap;

use sanda_core::model::ids::{FlowId, ItineraryId, ResourceId};
use sanda_core::model::program::Op;
use sanda_core::model::{
    AtClosing, BreakdownParams, QueueOrder, ResourceParams, Room, WhenFull as CoreWhenFull,
};
use sanda_units::Time;

use crate::build::builder::{Builder, N_PRIORITIES};
use crate::decode::{Entry, Name};
use crate::schema::{
    BreakdownClock, Breakdowns, Closing, Discipline, Interrupted, Resource, Servers, Shift, WhenFull,
};
use crate::source::{Located, Span};

/// Largest number of servers of a resource. It is far below 2^31, the limit of the engine's counters, and
/// far above any number at which a queue could form.
const MOST_SERVERS: u64 = 10_000_000;

/// Largest number of milliseconds that all servers of a resource may work in a run, so that sums of them
/// stay below 2^63.
const MOST_SERVER_TIME: i64 = i64::MAX / 4;

impl Builder<'_> {
    pub(in crate::build) fn build_resources(&mut self) {
        for (name, resource) in &self.scenario.resources {
            let Some(&node) = self.node_ids.get(&resource.at.value) else { continue };
            let path = format!("resources.{name}");
            let calendar = self.opening(
                &resource.open,
                Some(&resource.at.value),
                resource.id.span,
                &format!("{path}.open"),
            );
            let Some((servers, shifts)) = self.servers(resource, &format!("{path}.servers")) else {
                continue;
            };
            let breakdowns = match &resource.breakdowns {
                None => None,
                Some(breakdowns) => self.breakdowns(name, resource, breakdowns, servers),
            };
            let begins_with = self.begins_with(resource, &path);
            let room = resource.room.map(|room| u32::try_from(room).unwrap_or(u32::MAX));
            self.model.resources.push(ResourceParams {
                name: name.to_string(),
                node,
                servers,
                shifts,
                order: match resource.discipline {
                    Discipline::Fifo => QueueOrder::Fifo,
                    Discipline::Priority => QueueOrder::Priority(N_PRIORITIES),
                    Discipline::Preemptive => QueueOrder::Preemptive(N_PRIORITIES),
                    Discipline::Alternating => QueueOrder::Alternating,
                },
                room: Room {
                    places: room,
                    when_full: match resource.when_full {
                        WhenFull::Block => CoreWhenFull::Block,
                        // `build_rooms` finds the itineraries, once they are compiled.
                        WhenFull::Lost | WhenFull::Divert(_) => CoreWhenFull::Lose,
                    },
                    has_patience: false,
                },
                breakdowns,
                calendar: calendar.flatten(),
                at_closing: match resource.at_closing {
                    Closing::Finish => AtClosing::Finish,
                    Closing::Pause => AtClosing::Pause,
                    Closing::Fit => AtClosing::Fit,
                },
                may_be_disrupted: self.may_be_disrupted(name),
                begins_with,
            });
        }
    }

    /// The largest number of servers (`None` if unlimited), and the shifts if the number changes.
    #[expect(clippy::type_complexity, reason = "two fields of one thing")]
    fn servers(&mut self, resource: &Entry<Resource>, path: &str) -> Option<(Option<u32>, Vec<(Time, u32)>)> {
        match &resource.servers {
            Servers::Unlimited => Some((None, Vec::new())),
            Servers::Count(count) => {
                Some((Some(self.count(count.value(), resource.id.span, path)?), Vec::new()))
            }
            Servers::Shifts(shifts) => {
                let shifts = self.shifts(shifts, &resource.at, resource.id.span, path)?;
                let most = shifts.iter().map(|&(_, servers)| servers).max();
                if most.is_none_or(|most| most == 0) {
                    self.issues
                        .error(resource.id.span, "no server is ever on duty in the whole run")
                        .path(path)
                        .label("expected shifts that occur between the start and the end of the run");
                    return None;
                }
                // If the number never changes, there are no shifts.
                let shifts = if shifts.len() == 1 { Vec::new() } else { shifts };
                Some((most, shifts))
            }
        }
    }

    /// The number of waiting shipments at which idle servers begin, if it is more than one.
    fn begins_with(&mut self, resource: &Entry<Resource>, path: &str) -> Option<u32> {
        let number = resource.begins_with.as_ref()?;
        let n = number.value.value();
        let path = format!("{path}.begins_with");
        if let Some(room) = resource.room.filter(|&room| n > room) {
            self.issues
                .error(number.span, format!("{n} jobs never wait in a room for {room}"))
                .path(path)
                .label("expected no more than `room`, else service never begins");
            return None;
        }
        if matches!(resource.servers, Servers::Unlimited) {
            self.issues
                .error(number.span, "unlimited servers are never all idle together")
                .path(path)
                .label("expected a number of `servers`");
            return None;
        }
        let Ok(n) = u32::try_from(n) else {
            self.issues
                .error(number.span, format!("{n} jobs are more than can wait"))
                .path(path)
                .label(format!("expected at most {}", u32::MAX));
            return None;
        };
        (n > 1).then_some(n)
    }

    fn count(&mut self, count: u64, span: Span, path: &str) -> Option<u32> {
        let most = self.most_servers();
        if count <= most {
            return u32::try_from(count).ok();
        }
        self.issues
            .error(span, format!("{count} servers are more than can be counted"))
            .path(path)
            .label(format!("expected at most {most}"))
            .hint(Some("write `Unlimited` for a resource without a queue".to_owned()));
        None
    }

    /// The largest number of servers whose working time in this run can be counted.
    pub(in crate::build) fn most_servers(&self) -> u64 {
        let run_ms = (self.window.end - Time::ZERO).as_ms().max(1);
        MOST_SERVERS.min((MOST_SERVER_TIME / run_ms).unsigned_abs())
    }

    /// The number of servers on duty from each instant on.
    fn shifts(
        &mut self,
        shifts: &[Shift],
        at: &Located<Name>,
        span: Span,
        path: &str,
    ) -> Option<Vec<(Time, u32)>> {
        // Changes of the number of servers, by instant.
        let mut changes: BTreeMap<Time, i64> = BTreeMap::from([(Time::ZERO, 0)]);
        let zone = self.zone_at(Some(&at.value));
        for (place, shift) in shifts.iter().enumerate() {
            let path = format!("{path}[{place}]");
            let servers = i64::from(self.count(shift.servers.value(), span, &path)?);
            let hours = match self.opening(&shift.on, Some(&at.value), span, &format!("{path}.on"))? {
                None => vec![(Time::ZERO, self.window.end)],
                Some(calendar) => self.model.calendars[calendar].open.clone(),
            };
            for days in &shift.dates {
                self.note_days(days, days.span, &zone, &format!("{path}.dates"));
            }
            let mut seasons: Vec<(Time, Time)> =
                shift.dates.iter().map(|days| self.span_of(days, &zone)).collect();
            // Days that are listed twice count once.
            seasons.sort_unstable();
            seasons.dedup_by(|later, earlier| {
                let overlaps = later.0 <= earlier.1;
                if overlaps {
                    earlier.1 = earlier.1.max(later.1);
                }
                overlaps
            });
            if shift.dates.is_empty() {
                seasons.push((Time::ZERO, self.window.end));
            }
            for &(from, to) in &hours {
                for &(begins, ends) in &seasons {
                    let (from, to) = (from.max(begins).max(Time::ZERO), to.min(ends));
                    if from < to {
                        *changes.entry(from).or_default() += servers;
                        if to < self.window.end {
                            *changes.entry(to).or_default() -= servers;
                        }
                    }
                }
            }
        }
        let mut now = 0;
        let mut by_instant: Vec<(Time, u32)> = Vec::new();
        for (at, change) in changes {
            now += change;
            let servers = self.count(u64::try_from(now).ok()?, span, path)?;
            if by_instant.last().is_none_or(|&(_, before)| before != servers) {
                by_instant.push((at, servers));
            }
        }
        Some(by_instant)
    }

    fn breakdowns(
        &mut self,
        name: &Name,
        resource: &Entry<Resource>,
        breakdowns: &Breakdowns,
        servers: Option<u32>,
    ) -> Option<BreakdownParams> {
        let path = format!("resources.{name}.breakdowns");
        if servers.is_none() {
            self.issues
                .error(resource.id.span, format!("unlimited servers of `{name}` cannot fail one by one"))
                .path(path)
                .label("expected a number of servers")
                .hint(Some("a disruption can close it as a whole".to_owned()));
            return None;
        }
        let owner = format!("resource/{name}");
        let up = self.law(&breakdowns.up, &format!("{path}.up"))?;
        let down = self.law(&breakdowns.down, &format!("{path}.down"))?;
        let gap_ms = up.mean() + down.mean();
        self.check_events(servers.unwrap_or(1), gap_ms, "failures", breakdowns.up.span, &path);
        Some(BreakdownParams {
            counts_service: breakdowns.clock == BreakdownClock::Operating,
            up: (up, self.stream("up time", &owner)),
            down: (down, self.stream("repair", &owner)),
            restarts: breakdowns.work == Interrupted::Restart,
        })
    }

    /// Completes resources once all programs are compiled: who gives up, and where shipments go that find
    /// no room.
    pub(in crate::build) fn build_rooms(&mut self) {
        if self.model.resources.len() < self.resource_ids.len() {
            // One of the itineraries could not be built, which is already reported. The ids would not
            // match.
            return;
        }
        for work in &self.model.programs.works {
            self.model.resources[work.resource].room.has_patience |= work.patience.is_some();
        }
        let scenario = self.scenario;
        for (name, resource) in &scenario.resources {
            let (WhenFull::Divert(wanted), Some(&id)) = (&resource.when_full, self.resource_ids.get(name))
            else {
                continue;
            };
            let mut ways: BTreeMap<FlowId, ItineraryId> = BTreeMap::new();
            for (flow, params) in self.model.flows.iter_enumerated() {
                let uses = |&(way, _): &(ItineraryId, u64)| self.uses(way, id);
                if !params.itineraries.iter().any(uses) {
                    continue;
                }
                let named = |way: &&(ItineraryId, u64)| self.model.itineraries[way.0].name == *wanted.value;
                if let Some(&(way, _)) = params.itineraries.iter().find(named) {
                    ways.insert(flow, way);
                    continue;
                }
                let message = format!("flow `{}` has no itinerary `{}`", params.name, wanted.value);
                self.issues
                    .error(wanted.span, message)
                    .path(format!("resources.{name}.when_full"))
                    .label(format!("expected an itinerary of every flow that uses `{name}`"));
            }
            self.model.resources[id].room.when_full = CoreWhenFull::Divert(ways);
        }
        let resources = &self.model.resources;
        self.model.programs.find_blocked(|id| {
            resources[id].room.when_full == CoreWhenFull::Block && resources[id].room.places.is_some()
        });
    }

    /// Whether an itinerary uses a resource, always or by chance.
    fn uses(&self, way: ItineraryId, resource: ResourceId) -> bool {
        let programs = &self.model.programs;
        programs.from(self.model.itineraries[way].program).any(|op| match op {
            Op::Work(work) | Op::Seize(work) => programs.works[work as usize].resource == resource,
            _ => false,
        })
    }

    /// Refuses shipments that can neither be lost nor diverted at a resource whose waiting room is finite.
    pub(in crate::build) fn check_room(
        &mut self,
        resource: &Located<Name>,
        is_whole_shipment: bool,
        path: &str,
    ) {
        let Some(params) = self.scenario.resources.get(&resource.value) else { return };
        if params.room.is_some() && params.when_full != WhenFull::Block && !is_whole_shipment {
            self.issues
                .error(resource.span, format!("resource `{}` has a finite room", resource.value))
                .path(path)
                .label("a vehicle or a part of a shipment cannot be lost or diverted")
                .hint(Some("let whole shipments queue here, leave `room` out, or block".to_owned()));
        }
    }
}
