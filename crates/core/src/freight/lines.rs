//! Lines: services whose departures concern nobody else for a while, run one after the other.
//!
//! Where all of a component but its services lies upstream (`upstream`), a vehicle meets others in two ways only: it takes on who is
//! ready in a yard, and hands over who arrives. Who arrives is known a whole leg before (`upstream::lead`). So in any window of time no
//! longer than the shortest last leg of a ride, nobody who is handed over comes anywhere before the window ends: upstream everything in
//! it can happen first, and then one line after the other can run through it, each by itself, with a calendar of its own. What
//! belongs to one line stays at hand for some departures, where event by event the next one would be that of any other.
//!
//! Lines meet nobody, so that their order does not show. Does not own what a departure or a vehicle does (`boarding`, `vehicle`).

use crate::freight::component::Component;
use crate::freight::event::{Event, Source};
use crate::freight::ids::ServiceId;
use crate::freight::model::Model;
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::freight::upstream::Plan;
use crate::kernel::calendar::EventCalendar;
use crate::kernel::week::HOUR;

/// Windows are as long as this at least: in shorter ones there would be less than a departure of most lines.
const SHORTEST: i64 = 6 * HOUR;

/// Fewer services fit the cache as they are.
const FEW: usize = 64;

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
}

/// How long the windows may be in which the services of a component can run as lines, if they can.
pub(super) fn window(model: &Model, plan: &Plan, component: &Component) -> Option<i64> {
    let programs = &model.programs;
    if component.services.len() < FEW
        || !component.disruptions.is_empty()
        || component.flows.iter().any(|&flow| plan.part_of_flow[flow].is_none())
    {
        return None;
    }
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
            && !service.split
            && programs.from(service.program).all(on_its_own)
    };
    if !component.services.iter().all(is_line) {
        return None;
    }
    let itineraries = component.flows.iter().flat_map(|&flow| &model.flows[flow].itineraries);
    let ops = itineraries.flat_map(|&(itinerary, _)| programs.from(model.itineraries[itinerary].program));
    let rides = ops.filter_map(|op| match op {
        Op::Ride(ride) => Some(plan.leads_of_rides[ride as usize]),
        _ => None,
    });
    rides.min().filter(|&length| length >= SHORTEST)
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
    pub(super) fn run_lines(&mut self, window: i64, lines: &mut Lines) {
        let last = self.end.saturating_add(1);
        let measured_to = self.window.to;
        while lines.done_until < last
            && (lines.done_until < measured_to || self.n_measured > 0)
            && self.violation.is_none()
        {
            let from = lines.done_until;
            let to = from.saturating_add(window).min(if from < measured_to { measured_to } else { last });
            self.catch_up_everywhere(to);
            for line in &mut lines.each {
                if line.calendar.next_at().min(line.agenda.next_at()) < to {
                    self.change_over(line);
                    self.now = from;
                    self.run_before(to);
                    self.change_over(line);
                }
            }
            // What belongs to no line: opening hours, shifts.
            self.now = from;
            self.run_before(to);
            lines.done_until = to;
        }
        self.now = self.now.max(lines.done_until.min(self.end));
    }

    /// What is to come of lines is so for all of the component.
    pub(super) fn join_lines(&mut self, lines: &mut Lines) {
        for mut line in lines.each.drain(..) {
            self.calendar.extend(line.calendar.drain());
            self.agenda.extend(line.agenda.drain());
        }
    }
}
