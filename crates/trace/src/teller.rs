//! Making the account of a life from the records.
//!
//! Does not own the schema (`account`) nor sentences (`story`).

use sanda_core::model::Limit;
use sanda_core::model::category::{Category, CategoryTimes};
use sanda_core::model::ids::{ServiceId, StageId};
use sanda_core::model::program::Op;

use crate::account::{
    Account, DepartureAccount, DisruptionAccount, Inside, LeftWayAccount, LegAccount, NotTakenAccount,
    PromiseAccount, RescueAccount, RideAccount, SCHEMA, Spent, StageAccount, Trace, VisitAccount,
};
use crate::departures::Departures;
use crate::disruptions::Disruptions;
use crate::facts::{Facts, Named, hours};
use crate::life::{Because, Ending, Life, NotTaken, PromiseOutcome, Ride, Stage, Visit, is_wait};
use crate::recorder::Lives;
use crate::rescue::Rescue;
use crate::words::Queue;

impl Trace {
    /// Tells lives.
    pub fn new(facts: &Facts<'_>, recorded: &Lives<'_>, lives: &[Life], run: (&str, u64, u64)) -> Self {
        let (digest, seed, replication) = run;
        let teller = Teller { facts, departures: recorded.departures(), disruptions: recorded.disruptions() };
        Self {
            schema: SCHEMA,
            scenario: facts.labels.name.clone(),
            digest: digest.to_owned(),
            seed,
            replication,
            zone: facts.zone().to_owned(),
            assumption: crate::story::assumption(),
            lives: lives.iter().map(|life| teller.account(life)).collect(),
        }
    }

    /// Returns the lives as JSON.
    ///
    /// # Errors
    ///
    /// None for what a replication can record.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}

struct Teller<'t> {
    facts: &'t Facts<'t>,
    departures: &'t Departures,
    disruptions: &'t Disruptions,
}

impl Teller<'_> {
    fn at(&self, at: i64) -> String {
        self.facts.local(at).to_string()
    }

    fn account(&self, life: &Life) -> Account {
        let model = self.facts.model;
        let flow = Named {
            id: model.flows[life.flow].name.clone(),
            name: (&self.facts.labels.flows[life.flow]).into(),
        };
        let mut stages: Vec<_> = life
            .stages
            .iter()
            .map(|stage| StageAccount {
                id: model.stages[stage.stage].name.clone(),
                name: (&self.facts.labels.stages[stage.stage]).into(),
                from: self.at(stage.from),
                to: self.at(stage.to),
                hours: hours(stage.to - stage.from),
                spent: spent(&stage.times),
                queue: self.queue_in(life, stage.stage),
                disruptions: self.disruptions_of(life, stage),
                inside: Inside::default(),
            })
            .collect();
        let mut unfinished = Inside::default();
        // Index of the stage in which something began at an instant.
        let place = |at: i64| life.stages.iter().position(|stage| stage.from <= at && at < stage.to);
        for visit in &life.visits {
            let inside = place(visit.requested_at).map_or(&mut unfinished, |place| &mut stages[place].inside);
            inside.visits.push(self.visit(visit));
        }
        for ride in &life.rides {
            let inside = place(ride.ready_at).map_or(&mut unfinished, |place| &mut stages[place].inside);
            inside.rides.push(self.ride(ride));
        }
        let replanned = life.replanned.map(|left| LeftWayAccount {
            itinerary: model.itineraries[left.itinerary].name.clone(),
            at: self.at(left.at),
            stages: life.stages.iter().filter(|stage| stage.to <= left.at).count(),
            gave_up_waiting: left.ready_at.is_some_and(|ready_at| ready_at < left.at),
        });
        Account {
            flow,
            replanned,
            number: life.number,
            itinerary: model.itineraries[life.itinerary].name.clone(),
            teu: life.teu as f64 / 1000.0,
            tonnes: life.mass as f64 / 1000.0,
            units: life.units,
            released_at: self.at(life.released_at),
            outcome: life.ending.name(),
            ended_at: life.ended_at().map(|at| self.at(at)),
            hours: life.door_to_door().map(hours),
            spent: spent(&life.times()),
            stages,
            unfinished,
            promises: life.promises(model).iter().map(|outcome| self.promise(life, outcome)).collect(),
        }
    }

    /// Returns the cause of the time in queues of a stage.
    fn queue_in(&self, life: &Life, stage: StageId) -> Queue {
        let model = self.facts.model;
        let ops: Vec<_> = model.programs.from(model.itineraries[life.itinerary].program).collect();
        let end = ops.iter().position(|&op| op == Op::EndStage(stage)).unwrap_or(ops.len());
        let is_end = |op: &Op| matches!(op, Op::EndStage(_));
        let begin = ops[..end].iter().rposition(is_end).map_or(0, |last| last + 1);
        Queue::among(ops[begin..end].iter().copied())
    }

    /// Returns the cause of a vehicle's time in queues at a stop.
    fn queue_at(&self, service: ServiceId, stop: u16) -> Queue {
        let model = self.facts.model;
        let ops = model.programs.from(model.services[service].program);
        let at_stop = ops.skip_while(|&op| op != Op::Arrive(stop)).take_while(|op| !matches!(op, Op::Run(_)));
        Queue::among(at_stop)
    }

    /// Returns the disruptions that affected a stage, if any time was lost to disruption.
    fn disruptions_of(&self, life: &Life, stage: &Stage) -> Vec<DisruptionAccount> {
        let at = |ride: &Ride, stop| self.departures.at_stop(ride.service, ride.departure, stop);
        let held_aboard = |ride: &Ride| {
            let left = at(ride, ride.from).and_then(|stop| stop.loaded.as_ref());
            left.zip(at(ride, ride.to)).is_some_and(|(left, came)| {
                came.unloaded_with[Category::Disruption as usize] > left.times[Category::Disruption as usize]
            })
        };
        let mut rides =
            life.rides.iter().filter(|ride| stage.from <= ride.ready_at && ride.ready_at < stage.to);
        if stage.times[Category::Disruption as usize] == 0 && !rides.any(held_aboard) {
            return Vec::new();
        }
        let befalling = self.disruptions.befalling(self.facts.model, life, stage).into_iter();
        befalling
            .map(|(id, lasting)| DisruptionAccount {
                disruption: Named {
                    id: self.facts.model.disruptions[id].name.clone(),
                    name: (&self.facts.labels.disruptions[id]).into(),
                },
                from: self.at(lasting.from),
                to: lasting.to.map(|to| self.at(to)),
            })
            .collect()
    }

    fn visit(&self, visit: &Visit) -> VisitAccount {
        let resource = Named {
            id: self.facts.model.resources[visit.resource].name.clone(),
            name: (&self.facts.labels.resources[visit.resource]).into(),
        };
        VisitAccount {
            resource,
            requested_at: self.at(visit.requested_at),
            started_at: self.at(visit.started_at),
            ended_at: visit.ended_at.map(|at| self.at(at)),
            waited_hours: hours(visit.started_at - visit.requested_at),
        }
    }

    fn departure(&self, service: ServiceId, departure: u64, at: i64) -> DepartureAccount {
        DepartureAccount { service: self.facts.service(service), departure, left_at: self.at(at) }
    }

    fn ride(&self, ride: &Ride) -> RideAccount {
        let not_taken = ride.not_taken(self.facts.model, self.departures);
        let could_be_made = |missed: &&NotTaken| !matches!(missed.because, Because::CutOff(_));
        let boarded = self.departure(ride.service, ride.departure, ride.departed_at);
        let first = not_taken.iter().find(could_be_made);
        let first_departure = first.map_or_else(
            || boarded.clone(),
            |missed| self.departure(missed.service, missed.departure, missed.left_at),
        );
        RideAccount {
            boarded,
            from: self.facts.stop(ride.service, ride.from),
            to: self.facts.stop(ride.service, ride.to),
            units: ride.units,
            ready_at: self.at(ride.ready_at),
            arrived_at: ride.arrived_at.map(|at| self.at(at)),
            unloaded_at: ride.unloaded_at.map(|at| self.at(at)),
            waited_hours: hours(ride.departed_at - ride.ready_at),
            first_departure,
            not_taken: not_taken.iter().map(|missed| self.not_taken(missed)).collect(),
            legs: self.legs(ride),
        }
    }

    fn not_taken(&self, missed: &NotTaken) -> NotTakenAccount {
        let (because, after, left_behind) = match missed.because {
            Because::CutOff(after) => ("cut-off", Some(hours(after)), None),
            Because::Full(n) => ("full", None, Some(n)),
            Because::Cancelled => ("cancelled", None, None),
        };
        NotTakenAccount {
            departure: self.departure(missed.service, missed.departure, missed.left_at),
            because,
            ready_after_cut_off_hours: after,
            left_behind,
        }
    }

    /// Returns the legs of a ride as far as the vehicle got.
    fn legs(&self, ride: &Ride) -> Vec<LegAccount> {
        let at = |stop| self.departures.at_stop(ride.service, ride.departure, stop);
        let leg = |stop: u16| {
            let (before, here) = (at(stop - 1)?.loaded.as_ref()?, at(stop)?);
            let arrived_at = here.arrived_at?;
            let left_with = match &here.loaded {
                Some(loaded) if stop < ride.to => &loaded.times,
                _ => &here.unloaded_with,
            };
            Some(LegAccount {
                to: self.facts.stop(ride.service, stop),
                arrived_at: self.at(arrived_at),
                running: aboard(&before.times, &here.arrived_with),
                stop: aboard(&here.arrived_with, left_with),
                vehicle_waited_for: waits(&here.arrived_with, left_with),
                queue: self.queue_at(ride.service, stop),
            })
        };
        (ride.from + 1..=ride.to).map_while(leg).collect()
    }

    fn promise(&self, life: &Life, outcome: &PromiseOutcome) -> PromiseAccount {
        let model = self.facts.model;
        let (within_hours, by_end_of_day) = match &model.promises[outcome.promise].limit {
            Limit::Within(limit) => (Some(hours(limit.as_ms())), None),
            Limit::EndOfDay { days, .. } => (None, Some(*days)),
        };
        let rescue = Rescue::of(life, outcome, model, self.departures);
        PromiseAccount {
            promise: self.facts.promise(outcome.promise),
            clock: model.flows[life.flow].clocks[usize::from(outcome.clock)].name.clone(),
            ran: outcome.ran.map(|(from, to)| (self.at(from), self.at(to))),
            hours: outcome.ran.map(|(from, to)| hours(to - from)),
            within_hours,
            by_end_of_day,
            kept: outcome.is_kept,
            missed_by_hours: outcome.missed_by.map(hours),
            rescue: rescue.map(|rescue| self.rescue(life, rescue)),
        }
    }

    fn rescue(&self, life: &Life, rescue: Rescue) -> RescueAccount {
        let boarded_at = |ride: usize| self.facts.stop(life.rides[ride].service, life.rides[ride].from);
        let how = |how| RescueAccount { how, ..RescueAccount::default() };
        match rescue {
            Rescue::NoWait { least } => {
                RescueAccount { least_hours: Some(hours(least)), ..how("no-wait-suffices") }
            }
            Rescue::Ready(change) => {
                let departure = self.departure(change.service, change.departure, change.departed_at);
                let earlier = life.rides[change.ride].departed_at - change.departed_at;
                RescueAccount {
                    saved_hours: Some(hours(change.saved)),
                    waited_hours: Some(hours(change.waited)),
                    at: Some(boarded_at(change.ride)),
                    departure: Some(departure),
                    departs_earlier_hours: Some(hours(earlier)),
                    to_spare_hours: Some(hours(change.to_spare)),
                    ..how("ready-earlier")
                }
            }
            Rescue::After { ride, saved, waited } => RescueAccount {
                saved_hours: Some(hours(saved)),
                waited_hours: Some(hours(waited)),
                at: ride.map(boarded_at),
                ..how(if ride.is_some() { "quicker-after-departure" } else { "quicker" })
            },
            Rescue::Nothing { waited } => RescueAccount { waited_hours: Some(hours(waited)), ..how("none") },
            Rescue::Split => how("split"),
        }
    }
}

impl Ending {
    /// Returns the name in files: `delivered`, `lost` or `under-way`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Lost(_) => "lost",
            Self::UnderWay => "under-way",
        }
    }
}

/// Returns the hours by category.
fn spent(times: &CategoryTimes) -> Spent {
    let all = Category::ALL.into_iter().map(|category| (category, times[category as usize]));
    Spent(all.filter(|&(_, time)| time != 0).map(|(category, time)| (category, hours(time))).collect())
}

/// Returns the time aboard between two states of a vehicle. Its waits count as waiting with the vehicle.
fn aboard(then: &CategoryTimes, now: &CategoryTimes) -> Spent {
    let mut times = CategoryTimes::default();
    for category in Category::ALL {
        let counts_as = if is_wait(category) { Category::Vehicle } else { category };
        times[counts_as as usize] += now[category as usize] - then[category as usize];
    }
    spent(&times)
}

/// Returns a vehicle's waits between two states.
fn waits(then: &CategoryTimes, now: &CategoryTimes) -> Spent {
    // A scheduled stop is not a wait.
    let all =
        Category::ALL.into_iter().filter(|&category| is_wait(category) && category != Category::Vehicle);
    let mut times = CategoryTimes::default();
    for category in all {
        times[category as usize] = now[category as usize] - then[category as usize];
    }
    spent(&times)
}
