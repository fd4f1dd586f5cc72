//! Lines: services whose departures concern nobody else for a while, run one after the other.
//!
//! Where all of a component but its services lies upstream (`upstream`), a vehicle meets others in two ways only: it takes on who is
//! ready in a yard, and hands over who arrives. Who arrives is known a whole leg before (`upstream::lead`). So services and what
//! lies upstream can happen in an [`Order`], each by itself from the beginning of a window of time to its end, with a calendar of its
//! own: where they lead to each other in circles, a window is no longer than it takes to go on from the last to the first. What
//! belongs to one line stays at hand for some departures, where event by event the next one would be that of any other.
//!
//! Lines meet nobody, so that their order does not show. Does not own what a departure or a vehicle does (`boarding`, `vehicle`).

use std::collections::{BTreeMap, BTreeSet};

use crate::freight::component::Component;
use crate::freight::cut::cut;
use crate::freight::event::{Event, Source};
use crate::freight::ids::ServiceId;
use crate::freight::model::Model;
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::freight::upstream::Plan;
use crate::kernel::calendar::EventCalendar;
use crate::kernel::week::HOUR;

/// Cargo is known so long before it arrives at least: who comes of a departure comes later than that, never at the same instant.
const SHORTEST: i64 = 6 * HOUR;

/// Fewer services fit the cache as they are.
const FEW: usize = 64;

/// So many shipments for each line make a window, or twice as many, as far as the circles allow it;
const OF_EACH: u64 = 64;

/// but no more than this of all: they are all kept.
const MOST: u64 = 1 << 17;

/// What happens by itself in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    /// What lies upstream together.
    Part(u32),
    /// A service.
    Line(ServiceId),
}

/// In which order what belongs to a component happens in a window.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// Who comes from one to those before it comes in a later window.
    members: Vec<Member>,
    /// How long windows may be.
    longest: i64,
    /// How long before it arrives cargo is known, at least.
    shortest: i64,
}

/// What is to come of one line.
#[derive(Default)]
struct Line {
    calendar: EventCalendar<Event>,
    agenda: EventCalendar<Source>,
}

/// The lines of a component, as far as they have run.
#[derive(Default)]
pub(super) struct Lines {
    each: Vec<Line>,
    /// Everything before has happened.
    done_until: i64,
    /// The length of a window.
    window: i64,
}

/// The order in which the services of a component run as lines, if they can.
pub(super) fn order(model: &Model, plan: &Plan, component: &Component) -> Option<Order> {
    let programs = &model.programs;
    if component.services.len() < FEW
        || !component.disruptions.is_empty()
        || component.flows.iter().any(|&flow| plan.part_of_flow[flow].is_none())
    {
        return None;
    }
    let groups = programs.ride_groups.iter().flat_map(|group| &group.rides);
    // Services share the shipments that wait for several of them: what one loads, the others no longer have.
    let shared: BTreeSet<ServiceId> = groups
        .flat_map(|&at| programs.rides_at(programs.ops[at as usize]))
        .map(|ride| programs.rides[ride as usize].service)
        .collect();
    let is_line = |&id: &ServiceId| {
        let service = &model.services[id];
        let on_its_own = |op| {
            matches!(
                op,
                Op::Run(_) | Op::Arrive(_) | Op::Unload(_) | Op::Load(_) | Op::Delay(_) | Op::EndStage(_)
            )
        };
        !model.leaves_when_full(id)
            && service.fleet.is_none()
            && !shared.contains(&id)
            && !service.split
            && programs.from(service.program).all(on_its_own)
    };
    if !component.services.iter().all(is_line) {
        return None;
    }
    let mut leads = BTreeMap::new();
    leads.extend(component.parts.iter().map(|&part| (Member::Part(part), Vec::new())));
    for &service in &component.services {
        leads.insert(Member::Line(service), Vec::new());
        for &part in plan.feeds[service].iter().flatten() {
            leads.entry(Member::Part(part)).or_default().push((Member::Line(service), 0));
        }
    }
    let itineraries = component.flows.iter().flat_map(|&flow| &model.flows[flow].itineraries);
    let ops = itineraries.flat_map(|&(itinerary, _)| programs.from(model.itineraries[itinerary].program));
    let mut shortest = i64::MAX;
    for op in ops {
        let Op::Ride(ride) = op else { continue };
        shortest = shortest.min(plan.leads_of_rides[ride as usize]);
        let behind = &plan.behind_rides[ride as usize];
        let parts = behind.parts.iter().map(|&(part, time)| (Member::Part(part), time));
        let services = behind.services.iter().map(|&(service, time)| (Member::Line(service), time));
        let service = programs.rides[ride as usize].service;
        leads.entry(Member::Line(service)).or_default().extend(parts.chain(services));
    }
    if shortest < SHORTEST {
        return None;
    }
    let (knots, longest) = cut(&leads, shortest)?;
    // Members of one kind in their own order, as they lie in memory, after all that lead to them.
    let mut members: Vec<Member> = knots.into_iter().flat_map(|knot| knot.members).collect();
    let mut places: BTreeMap<Member, usize> = BTreeMap::new();
    for from in &members {
        let place = *places.entry(*from).or_insert(0);
        for &(to, _) in leads[from].iter().filter(|&&(_, time)| time < longest) {
            let behind = places.entry(to).or_insert(0);
            *behind = (place + 1).max(*behind);
        }
    }
    members.sort_by_key(|&member| (places[&member], member));
    Some(Order { members, longest, shortest })
}

impl<O: Observer> Simulation<'_, O> {
    /// Puts what a component's services begin with on their agendas.
    pub(super) fn begin_lines(&mut self, component: &Component) -> Lines {
        let mut lines = Lines::default();
        for &id in &component.services {
            let mut line = Line::default();
            self.change_over(&mut line);
            self.schedule_departure(id, 0);
            self.change_over(&mut line);
            lines.each.push(line);
        }
        lines
    }

    /// The calendar and the agenda are those of a line, or no longer.
    fn change_over(&mut self, line: &mut Line) {
        std::mem::swap(&mut self.calendar, &mut line.calendar);
        std::mem::swap(&mut self.agenda, &mut line.agenda);
    }

    /// Lets a component happen, window by window, until all of it that counts has come through, or the drain limit.
    pub(super) fn run_lines(&mut self, component: &Component, order: &Order, lines: &mut Lines) {
        let last = self.end.saturating_add(1);
        let measured_to = self.window.to;
        while lines.done_until < last
            && (lines.done_until < measured_to || self.n_measured > 0)
            && self.violation.is_none()
        {
            let from = lines.done_until;
            // Past the measured window nothing happens that need not.
            let (length, until) =
                if from < measured_to { (lines.window, measured_to) } else { (order.shortest, last) };
            let length = length.clamp(order.shortest, order.longest);
            let to = from.saturating_add(length).min(until);
            let n_before = self.released_by(component);
            for member in &order.members {
                match *member {
                    Member::Part(part) => self.catch_up_with(part, to),
                    Member::Line(service) => {
                        if let Ok(place) = component.services.binary_search(&service) {
                            self.run_line(&mut lines.each[place], from, to);
                        }
                    }
                }
            }
            // What belongs to no line: opening hours, shifts.
            self.now = from;
            self.run_before(to);
            lines.done_until = to;
            let n_wanted = (OF_EACH * component.services.len() as u64).min(MOST);
            let n_released = self.released_by(component) - n_before;
            if n_released > 2 * n_wanted {
                lines.window = length / 2;
            } else if n_released < n_wanted && to < until {
                lines.window = length.saturating_mul(2);
            }
        }
        self.now = self.now.max(lines.done_until.min(self.end));
    }

    /// Lets a line happen until an instant.
    fn run_line(&mut self, line: &mut Line, from: i64, to: i64) {
        if line.calendar.next_at().min(line.agenda.next_at()) < to {
            self.change_over(line);
            self.now = from;
            self.run_before(to);
            self.change_over(line);
        }
    }

    /// How many shipments the flows of a component have released.
    fn released_by(&self, component: &Component) -> u64 {
        component.flows.iter().map(|&flow| self.flows[flow].released).sum()
    }

    /// What is to come of lines is so for all of the component.
    pub(super) fn join_lines(&mut self, lines: &mut Lines) {
        for mut line in lines.each.drain(..) {
            self.calendar.extend(line.calendar.drain());
            self.agenda.extend(line.agenda.drain());
        }
    }
}
