//! A life told in full, for programs: the schema of `sanda trace --json`, and what the story is made of.
//!
//! Instants are local to the scenario's zone, with their offset; times are hours. Fields that do not apply are `null`. Does not own
//! sentences (`story`).

use sanda_core::freight::category::{Category, CategoryTimes};
use sanda_core::freight::model::Limit;
use serde::{Serialize, Serializer};

use crate::departures::Departures;
use crate::facts::{Facts, Named, Text, hours};
use crate::life::{Because, Ending, Life, NotTaken, PromiseOutcome, Ride, Visit, is_wait};
use crate::recorder::Lives;
use crate::rescue::Rescue;

/// The version of the schema of [`Trace`]. It grows when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// Lives of one replication.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Id of the scenario.
    pub scenario: String,
    /// SHA-256 of the compiled model.
    pub digest: String,
    /// The seed.
    pub seed: u64,
    /// The replication, counted from 0.
    pub replication: u64,
    /// The zone of all instants.
    pub zone: String,
    /// What `rescue` assumes.
    pub assumption: Text,
    /// The lives.
    pub lives: Vec<Account>,
}

/// One life.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// Its flow.
    pub flow: Named,
    /// Its number within the flow, counted from 0 at the start of the run.
    pub number: u64,
    /// Its itinerary; after a diversion the last one.
    pub itinerary: String,
    /// TEU.
    pub teu: f64,
    /// Tonnes.
    pub tonnes: f64,
    /// Units.
    pub units: u32,
    /// Release: the cargo is ready.
    pub released_at: String,
    /// `delivered`, `lost` or `under-way`.
    pub outcome: &'static str,
    /// When it was delivered or lost.
    pub ended_at: Option<String>,
    /// From release to delivery.
    pub hours: Option<f64>,
    /// What that was spent on; of a shipment under way in the stages that it has ended.
    pub spent: Spent,
    /// The stages that took any time, in order.
    pub stages: Vec<StageAccount>,
    /// What has begun and belongs to no stage that has ended.
    pub unfinished: Inside,
    /// The promises of its flow.
    pub promises: Vec<PromiseAccount>,
}

/// Hours by category; categories without any are left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Spent(pub Vec<(Category, f64)>);

impl Serialize for Spent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(category, hours)| (category.name(), hours)))
    }
}

/// A stage.
#[derive(Debug, Clone, Serialize)]
pub struct StageAccount {
    /// Id within the flow.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Beginning.
    pub from: String,
    /// End.
    pub to: String,
    /// Length.
    pub hours: f64,
    /// What it was spent on.
    pub spent: Spent,
    /// What happened in it.
    #[serde(flatten)]
    pub inside: Inside,
}

/// Visits and rides.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Inside {
    /// Visits to resources.
    pub visits: Vec<VisitAccount>,
    /// Rides.
    pub rides: Vec<RideAccount>,
}

/// A visit to a resource.
#[derive(Debug, Clone, Serialize)]
pub struct VisitAccount {
    /// The resource.
    pub resource: Named,
    /// The request.
    pub requested_at: String,
    /// The first start of service.
    pub started_at: String,
    /// The end.
    pub ended_at: Option<String>,
    /// From request to start.
    pub waited_hours: f64,
}

/// A departure.
#[derive(Debug, Clone, Serialize)]
pub struct DepartureAccount {
    /// The service.
    pub service: Named,
    /// The departure's number within its service, counted from 0.
    pub departure: u64,
    /// When it left the stop, or would have left it.
    pub left_at: String,
}

/// A ride.
#[derive(Debug, Clone, Serialize)]
pub struct RideAccount {
    /// The departure, from the stop of boarding.
    pub boarded: DepartureAccount,
    /// Where it boarded.
    pub from: Named,
    /// Where it left the vehicle.
    pub to: Named,
    /// Units.
    pub units: u32,
    /// When it was ready.
    pub ready_at: String,
    /// When the vehicle arrived.
    pub arrived_at: Option<String>,
    /// When it left the vehicle.
    pub unloaded_at: Option<String>,
    /// From ready to departure.
    pub waited_hours: f64,
    /// The first departure that it could have made by its cut-off, whether that was full, cancelled or boarded.
    pub first_departure: DepartureAccount,
    /// The departures that left without it in between.
    pub not_taken: Vec<NotTakenAccount>,
    /// The legs of the ride and the stops at their ends.
    pub legs: Vec<LegAccount>,
}

/// A departure that left without the shipment.
#[derive(Debug, Clone, Serialize)]
pub struct NotTakenAccount {
    /// Which.
    #[serde(flatten)]
    pub departure: DepartureAccount,
    /// `cut-off`, `full` or `cancelled`.
    pub because: &'static str,
    /// For `cut-off`: how long after it the shipment was ready.
    pub ready_after_cut_off_hours: Option<f64>,
    /// For `full`: how many shipments it left behind.
    pub left_behind: Option<u32>,
}

/// A leg of a ride and the stop at its end.
#[derive(Debug, Clone, Serialize)]
pub struct LegAccount {
    /// The stop where it ends.
    pub to: Named,
    /// When the vehicle arrived there.
    pub arrived_at: String,
    /// Under way.
    pub running: Spent,
    /// At the stop, until the vehicle left or handed over the shipment.
    pub stop: Spent,
    /// What the vehicle itself waited for there.
    pub vehicle_waited_for: Spent,
}

/// A promise.
#[derive(Debug, Clone, Serialize)]
pub struct PromiseAccount {
    /// Which.
    pub promise: Named,
    /// Its clock.
    pub clock: String,
    /// When the clock began and ended.
    pub ran: Option<(String, String)>,
    /// What it showed.
    pub hours: Option<f64>,
    /// The limit, unless it is the end of a day.
    pub within_hours: Option<f64>,
    /// The limit as the end of the n-th day after the one on which the clock began.
    pub by_end_of_day: Option<u32>,
    /// Whether it was kept.
    pub kept: bool,
    /// By how much the limit was missed; below zero what was left.
    pub missed_by_hours: Option<f64>,
    /// The smallest change of its own fate that would have kept it, if it was broken.
    pub rescue: Option<RescueAccount>,
}

/// What would have kept a broken promise.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RescueAccount {
    /// - `ready-earlier`: ready so much earlier for a ride, it would have made an earlier departure.
    /// - `quicker-after-departure`: so much less waiting after its last departure.
    /// - `quicker`: so much less waiting in all, for a life without a ride.
    /// - `no-wait-suffices`: without any wait it takes longer than allowed.
    /// - `none`: no single change; no departure on record would have kept it, and the waits after the last one are too short.
    /// - `split`: not worked out for a shipment that was split.
    pub how: &'static str,
    /// By how much earlier or quicker.
    pub saved_hours: Option<f64>,
    /// What it had waited in the time in which that had to be saved.
    pub waited_hours: Option<f64>,
    /// Where it would have had to be ready, or boarded last.
    pub at: Option<Named>,
    /// The departure it would have made.
    pub departure: Option<DepartureAccount>,
    /// How much earlier that left than the one it boarded.
    pub departs_earlier_hours: Option<f64>,
    /// How much of the limit would have been left.
    pub to_spare_hours: Option<f64>,
    /// How long it takes without any wait.
    pub least_hours: Option<f64>,
}

impl Trace {
    /// Tells lives.
    pub fn new(facts: &Facts<'_>, recorded: &Lives<'_>, lives: &[Life], run: (&str, u64, u64)) -> Self {
        let (digest, seed, replication) = run;
        let teller = Teller { facts, departures: recorded.departures() };
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

    /// As JSON.
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
                inside: Inside::default(),
            })
            .collect();
        let mut unfinished = Inside::default();
        // Where something belongs that began at an instant.
        let place = |at: i64| life.stages.iter().position(|stage| stage.from <= at && at < stage.to);
        for visit in &life.visits {
            let inside = place(visit.requested_at).map_or(&mut unfinished, |place| &mut stages[place].inside);
            inside.visits.push(self.visit(visit));
        }
        for ride in &life.rides {
            let inside = place(ride.ready_at).map_or(&mut unfinished, |place| &mut stages[place].inside);
            inside.rides.push(self.ride(ride));
        }
        Account {
            flow,
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

    fn departure(
        &self,
        service: sanda_core::freight::ids::ServiceId,
        departure: u64,
        at: i64,
    ) -> DepartureAccount {
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

    /// The legs of a ride as far as the vehicle came.
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
    /// As in files: `delivered`, `lost` or `under-way`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Lost(_) => "lost",
            Self::UnderWay => "under-way",
        }
    }
}

/// Hours by category.
fn spent(times: &CategoryTimes) -> Spent {
    let all = Category::ALL.into_iter().map(|category| (category, times[category as usize]));
    Spent(all.filter(|&(_, time)| time != 0).map(|(category, time)| (category, hours(time))).collect())
}

/// What passed aboard between two instants of a vehicle: its waits are waiting with the vehicle for its cargo.
fn aboard(then: &CategoryTimes, now: &CategoryTimes) -> Spent {
    let mut times = CategoryTimes::default();
    for category in Category::ALL {
        let counts_as = if is_wait(category) { Category::Vehicle } else { category };
        times[counts_as as usize] += now[category as usize] - then[category as usize];
    }
    spent(&times)
}

/// What a vehicle waited for between two instants.
fn waits(then: &CategoryTimes, now: &CategoryTimes) -> Spent {
    let all = Category::ALL.into_iter().filter(|&category| is_wait(category));
    let mut times = CategoryTimes::default();
    for category in all {
        times[category as usize] = now[category as usize] - then[category as usize];
    }
    spent(&times)
}
