//! Services: departures as instants or rules, capacities, and the program of a vehicle.
//!
//! On each leg the program of a vehicle runs the leg, arrives, does the work at the stop, unloads, dwells
//! and loads. It ends at the last stop.

use std::collections::BTreeSet;

use sanda_core::kernel::law::Law as KernelLaw;
use sanda_core::model::category::Category;
use sanda_core::model::ids::StreamId;
use sanda_core::model::program::{LoadUnit, Op, Per, threshold};
use sanda_core::model::{Cancellation, Capacity, DepartureRule, FleetParams, ServiceParams};
use sanda_network::{CivilDate, DatedTimes, Repeated, WeeklyTimes};
use sanda_units::{Duration, Time};

use super::batch::{law_unit, load_unit};
use super::scope::Scope;
use crate::build::builder::{Builder, N_PRIORITIES};
use crate::decode::{Entry, Name};
use crate::schema::{
    Boarding, Cancelled, Capacity as SaidCapacity, Departs, Law, LawSpec, LawValue, Mode, Service,
};
use crate::source::Span;
use crate::suggest::first_of;

impl Builder<'_> {
    pub(in crate::build) fn build_services(&mut self) {
        let scenario = self.scenario;
        for (name, service) in &scenario.services {
            if let Some(params) = self.service(name, service) {
                self.model.services.push(params);
            }
        }
    }

    fn service(&mut self, name: &Name, service: &Entry<Service>) -> Option<ServiceParams> {
        let path = format!("services.{name}");
        let owner = format!("service/{name}");
        let stops: Vec<_> = service
            .stops
            .value
            .iter()
            .map(|stop| self.node_ids.get(&stop.value).copied())
            .collect::<Option<_>>()?;
        let running = service
            .running
            .value
            .iter()
            .enumerate()
            .map(|(leg, law)| self.law(law, &format!("{path}.running[{leg}]")))
            .collect::<Option<Vec<_>>>()?;
        let dwell = service
            .dwell
            .iter()
            .flat_map(|dwell| &dwell.value)
            .enumerate()
            .map(|(stop, law)| self.law(law, &format!("{path}.dwell[{stop}]")))
            .collect::<Option<Vec<_>>>()?;
        let (planned_arrival, planned_departure) = planned(service, &running, &dwell);
        let (capacity, unit) = self.capacity(service, &path, &owner)?;
        let season = self.season(service);
        let departs = self.departs(service, unit, &path, &owner)?;
        self.check_departures(&departs, service, &path);
        let leaves_when_full = matches!(departs, DepartureRule::WhenFull { .. });
        let cancellation = self.cancellation(service, &path, &owner)?;
        if leaves_when_full && service.cutoff > Duration::ZERO {
            self.issues
                .error(service.departs.span, format!("service `{name}` leaves when full and has a cut-off"))
                .path(format!("{path}.cutoff"))
                .label("expected no `cutoff`: there is no scheduled departure to count from");
        }
        if leaves_when_full && !matches!(cancellation, Cancellation::Never) {
            self.issues
                .error(
                    service.departs.span,
                    format!("service `{name}` leaves when full and may be cancelled"),
                )
                .path(format!("{path}.cancelled"))
                .label("expected no `cancelled`: there is no scheduled departure to cancel");
        }
        let delay = match &service.delay {
            None => None,
            Some(law) => Some((self.law(law, &format!("{path}.delay"))?, self.stream("delay", &owner))),
        };
        let legs: Vec<String> = service
            .stops
            .value
            .windows(2)
            .map(|leg| format!("running/{}>{}", leg[0].value, leg[1].value))
            .collect();
        let legs = distinct(legs);
        let running: Vec<(KernelLaw, _)> =
            running.into_iter().zip(legs).map(|(law, leg)| (law, self.stream(&leg, &owner))).collect();
        let program = self.vehicle_program(name, service, &dwell, &owner);
        let leg_emissions = self.leg_emissions(service);
        Some(ServiceParams {
            name: name.to_string(),
            boarding_stops: vec![false; stops.len()],
            stops,
            departs,
            cutoff: service.cutoff,
            capacity,
            unit,
            running,
            planned_departure,
            planned_arrival,
            punctual: service.punctual.unwrap_or_else(|| match service.mode {
                Mode::Air => Duration::from_mins(15),
                _ => Duration::from_hours(24),
            }),
            cancellation,
            delay,
            classes: if service.boarding == Boarding::Priority { N_PRIORITIES } else { 1 },
            overtake: service.overtake,
            run_empty: service.run_empty,
            leg_emissions,
            storms: Vec::new(),
            slip: self.drawn(service.slip.as_ref(), "slip", &path, &owner)?,
            fleet: match service.fleet {
                None => None,
                Some(vehicles) => Some(FleetParams {
                    // More vehicles than there are departures are as good as an unlimited number.
                    vehicles: u32::try_from(vehicles.value.value()).unwrap_or(u32::MAX),
                    turnaround: self.drawn(service.turnaround.as_ref(), "turnaround", &path, &owner)?,
                }),
            },
            background: self.drawn(service.background.as_ref(), "background", &path, &owner)?,
            season,
            split: service.split,
            program,
        })
    }

    /// Compiles a law that a service may have, with the stream of its name. `None` if an issue was added.
    #[expect(clippy::option_option, reason = "an issue, no law, or a law")]
    fn drawn<Q: LawValue>(
        &mut self,
        law: Option<&Law<Q>>,
        purpose: &str,
        path: &str,
        owner: &str,
    ) -> Option<Option<(KernelLaw, StreamId)>> {
        let Some(law) = law else { return Some(None) };
        Some(Some((self.law(law, &format!("{path}.{purpose}"))?, self.stream(purpose, owner))))
    }

    /// Factors of the capacity, each from a beginning of a month at the first stop.
    fn season(&self, service: &Service) -> Vec<(Time, f64)> {
        let SaidCapacity::Seasonal { month, .. } = &service.capacity.value else { return Vec::new() };
        let zone = self.zone_at(service.stops.value.first().map(|stop| &stop.value));
        let mut date = self.epoch.local(Time::ZERO, &zone).civil.date();
        let mut season: Vec<(Time, f64)> = Vec::new();
        loop {
            let (year, number, _) = date.ymd();
            let at = self.epoch.start_of(date, &zone).max(Time::ZERO);
            if at > self.window.end {
                return season;
            }
            let factor = month.value[number as usize - 1];
            if season.last().is_none_or(|&(_, last)| last.to_bits() != factor.to_bits()) {
                season.push((at, factor));
            }
            let (year, number) = if number == 12 { (year + 1, 1) } else { (year, number + 1) };
            let Some(next) = CivilDate::from_ymd(year, number, 1) else { return season };
            date = next;
        }
    }

    fn departs(
        &mut self,
        service: &Entry<Service>,
        unit: LoadUnit,
        path: &str,
        owner: &str,
    ) -> Option<DepartureRule> {
        let path = format!("{path}.departs");
        let span = service.departs.span;
        let zone = self.zone_at(service.stops.value.first().map(|stop| &stop.value));
        let dates = match &service.departs.value {
            Departs::Every { period, offset } => {
                if Time::ZERO + *offset > self.window.end {
                    return self.never_runs(span, &path);
                }
                return Some(DepartureRule::Every { offset: *offset, period: period.value.value() });
            }
            Departs::Headway(law) => {
                let law = self.law(law, &path)?;
                return Some(DepartureRule::Headway(law, self.stream("headway", owner)));
            }
            Departs::WhenFull { longest_wait, quantity } => {
                let quantity = match quantity {
                    None => None,
                    Some(load) => {
                        if load_unit(load.value.value()) != unit {
                            self.issues
                                .error(load.span, "the quantity is not in the unit of the capacity")
                                .path(format!("{path}.quantity"));
                            return None;
                        }
                        Some(load.value.value().base())
                    }
                };
                let longest_wait = longest_wait.map(|wait| wait.value.value());
                return Some(DepartureRule::WhenFull { longest_wait, quantity });
            }
            Departs::Weekly(times) => {
                let texts: Vec<&str> = times.iter().map(|time| time.value.as_str()).collect();
                match WeeklyTimes::parse(&texts) {
                    Ok(weekly) => {
                        let repeated = weekly.repeated();
                        let named = repeated.iter().map(|(again, days)| {
                            let clock = texts[again.entry].split_whitespace().last().unwrap_or("");
                            (*again, format!("{days} {clock}"))
                        });
                        let spans: Vec<Span> = times.iter().map(|time| time.span).collect();
                        self.warn_of_repeated(&named.collect::<Vec<_>>(), &spans, &path);
                        weekly.expand(&self.epoch, &zone, Time::ZERO, self.window.end)
                    }
                    Err(errors) => {
                        for (place, error) in errors {
                            self.issues
                                .error(times[place].span, error.to_string())
                                .path(format!("{path}[{place}]"))
                                .hint(error.hint());
                        }
                        return None;
                    }
                }
            }
            Departs::Dates(dates) => {
                for (place, date) in dates.iter().enumerate() {
                    let at = date.value.at(&self.epoch, &zone);
                    let after = at.saturating_add(Duration::from_ms(1));
                    self.note_dates(
                        at,
                        after,
                        date.value.to_string(),
                        date.span,
                        &format!("{path}[{place}]"),
                    );
                }
                let listed = DatedTimes::new(dates.iter().map(|date| date.value.clone()).collect());
                let repeated = listed.repeated(&self.epoch, &zone);
                let named = repeated.iter().map(|again| (*again, dates[again.entry].value.to_string()));
                let spans: Vec<Span> = dates.iter().map(|date| date.span).collect();
                self.warn_of_repeated(&named.collect::<Vec<_>>(), &spans, &path);
                listed.expand(&self.epoch, &zone, Time::ZERO, self.window.end)
            }
        };
        if dates.is_empty() {
            return self.never_runs(span, &path);
        }
        Some(DepartureRule::Dates(dates))
    }

    /// Warns of departures that a timetable names more than once: each is one departure.
    fn warn_of_repeated(&mut self, repeated: &[(Repeated, String)], spans: &[Span], path: &str) {
        const MOST_NAMED: usize = 5;
        let Some((first, name)) = repeated.first() else { return };
        let message = if repeated.len() == 1 {
            format!("`{name}` is named twice and runs once")
        } else {
            let mut seen = BTreeSet::new();
            let named = repeated.iter().filter(|(_, name)| seen.insert(name));
            let named: Vec<String> = named.map(|(_, name)| format!("`{name}`")).collect();
            let listed = first_of(&named, MOST_NAMED);
            format!("departures are named more than once and run once each: {listed}")
        };
        self.issues
            .warning(spans[first.entry], message)
            .path(format!("{path}[{}]", first.entry))
            .label("again here")
            .note(spans[first.first], "first here");
    }

    fn never_runs(&mut self, span: crate::source::Span, path: &str) -> Option<DepartureRule> {
        self.issues
            .error(span, "no departure between the start and the end of the run")
            .path(path)
            .label("expected a timetable that runs");
        None
    }

    fn capacity(
        &mut self,
        service: &Entry<Service>,
        path: &str,
        owner: &str,
    ) -> Option<(Capacity, LoadUnit)> {
        let path = format!("{path}.capacity");
        match &service.capacity.value {
            SaidCapacity::Unlimited => Some((Capacity::Unlimited, LoadUnit::Shipments)),
            SaidCapacity::Fixed(load) => {
                let (unit, load) = (load_unit(*load), load.base());
                Some((Capacity::Fixed(load), unit))
            }
            SaidCapacity::Random(law) | SaidCapacity::Seasonal { load: law, .. } => {
                let unit = law_unit(law);
                if let LawSpec::Constant(load) = &law.spec {
                    return Some((Capacity::Fixed(load.base()), unit));
                }
                let compiled = self.law(law, &path)?;
                Some((Capacity::Random(compiled, self.stream("capacity", owner)), unit))
            }
        }
    }

    fn cancellation(&mut self, service: &Entry<Service>, path: &str, owner: &str) -> Option<Cancellation> {
        match &service.cancelled {
            Cancelled::Singly(share) if share.as_f64() <= 0.0 => Some(Cancellation::Never),
            Cancelled::Singly(share) => {
                Some(Cancellation::Independent(threshold(share.as_f64()), self.stream("cancelled", owner)))
            }
            Cancelled::Runs { share, mean_length } => {
                let (long_run, length) = (share.value.as_f64(), mean_length.value);
                if long_run <= 0.0 {
                    return Some(Cancellation::Never);
                }
                // A two-state chain. A run of cancellations ends with probability 1 / length at each
                // departure. It begins with the probability that gives the stated long-run share.
                let stay = 1.0 - 1.0 / length;
                let enter = long_run / (1.0 - long_run) / length;
                if enter > 1.0 {
                    self.issues
                        .error(
                            mean_length.span,
                            "runs of this length cannot give this share of cancellations",
                        )
                        .path(format!("{path}.cancelled.mean_length"))
                        .label(format!("expected at least {:.3}", long_run / (1.0 - long_run)));
                    return None;
                }
                Some(Cancellation::Runs {
                    enter: threshold(enter),
                    stay: threshold(stay),
                    first: threshold(long_run),
                    stream: self.stream("cancelled", owner),
                })
            }
        }
    }

    fn vehicle_program(
        &mut self,
        name: &Name,
        service: &Entry<Service>,
        dwell: &[KernelLaw],
        owner: &str,
    ) -> u32 {
        let program = self.here();
        let stops = &service.stops.value;
        for (key, at_stop) in &service.at_stop {
            let place = stops.iter().position(|stop| stop.value == *key);
            if place.is_none() {
                self.issues
                    .error(at_stop.id.span, format!("no such stop: `{key}`"))
                    .path(format!("services.{name}.at_stop"))
                    .label("expected one of its stops");
            }
        }
        for stop in 0..stops.len() {
            let (number, node) = (stop as u16, &stops[stop].value);
            if stop > 0 {
                self.emit(Op::Run(number - 1));
                self.emit(Op::Arrive(number));
            }
            let steps = self.at_stop(service, stop);
            // A service that returns to its first stop has draws of its own at each call.
            let call = if stop == 0 { "origin" } else { "stop" };
            let scope = Scope {
                owner: owner.to_owned(),
                prefix: format!("{call}/{node}/"),
                path: format!("services.{name}.at_stop.{node}"),
                loops: 0,
                is_vehicle: true,
                by_chance: false,
                in_branch: false,
                has_mass: false,
                node: Some(node.clone()),
                customs: None,
                marks: std::collections::BTreeMap::new(),
                procedures: Vec::new(),
            };
            self.inner_steps(&steps, &scope);
            self.keep_stop_drafts(name, number);
            if stop == 0 {
                continue;
            }
            self.emit(Op::Unload(number));
            if stop + 1 < stops.len() {
                if let Some(law) = dwell.get(stop - 1) {
                    self.delay(law.clone(), Per::Job, Category::Vehicle, &format!("dwell/{node}"), owner);
                }
                self.emit(Op::Load(number));
            }
        }
        self.emit(Op::Retire);
        program
    }
}

/// Planned arrivals and departures at each stop, from the scheduled departure: as stated, else sums of
/// medians.
fn planned(service: &Service, running: &[KernelLaw], dwell: &[KernelLaw]) -> (Vec<Duration>, Vec<Duration>) {
    let median = |law: &KernelLaw| Duration::from_ms(sanda_core::kernel::law::to_whole(law.quantile(0.5)));
    let (mut arrivals, mut departures) = (vec![Duration::ZERO], vec![Duration::ZERO]);
    let mut leaves = Duration::ZERO;
    for (leg, law) in running.iter().enumerate() {
        let given = service.planned.as_ref().and_then(|planned| planned.value.get(leg).copied());
        let arrives = given.unwrap_or_else(|| leaves + median(law));
        leaves = arrives + dwell.get(leg).map_or(Duration::ZERO, median);
        arrivals.push(arrives);
        departures.push(leaves);
    }
    (arrivals, departures)
}

/// Makes the names of legs distinct if a service runs between the same stops twice.
fn distinct(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    names
        .into_iter()
        .map(|name| {
            let n = seen.entry(name.clone()).or_default();
            *n += 1;
            if *n == 1 { name } else { format!("{name}-{n}") }
        })
        .collect()
}
