//! What the random worlds exercise: how many things of them are simulated in each way, and how often rare events happen.
//!
//! A change of the generator must not silently stop testing a discipline. So every parameter of the model that decides how something
//! is simulated has a name here, and every name has a floor. Parameters are destructured without `..`: a new one does not compile until
//! somebody decides what to count. Owns no law; those are in `worlds`. What no world uses is in [`ABSENT`], with the test that covers
//! it.

use std::collections::BTreeMap;

use sanda_core::model::program::{BatchGroup, LoadUnit, Op, Per};
use sanda_core::model::{
    ActEffect, ActTarget, Amount, ArrivalRule, AtClosing, Cancellation, Capacity, ConnectionParams,
    DepartureRule, DisruptionParams, FlowParams, Model, OccurrenceRule, QueueOrder, ResourceParams, Room,
    ServiceParams, WhenFull,
};
use sanda_core::record::Outcome;
use sanda_core::{Discipline, Prepared, replicate};

use super::worlds;
use crate::shared::compiled;
use crate::shared::world::world;

/// Least number of things in all worlds of the laws, by name: about half of what was counted when the floor was set.
const FLOORS: [(&str, u64); 121] = [
    ("amount per TEU", 500),
    ("amount that is drawn", 200),
    ("amount that is fixed", 1200),
    ("connection, any number of vehicles", 200),
    ("connection, fleet", 90),
    ("consolidation, longest wait", 110),
    ("consolidation, of several steps", 10),
    ("consolidation, waits for ever", 12),
    ("disruption, alternating", 90),
    ("disruption, dated", 90),
    ("disruption, strikes", 60),
    ("disruption, strikes by season", 30),
    ("effect on a connection", 110),
    ("effect on a leg", 300),
    ("effect on a resource", 200),
    ("effect on an itinerary", 100),
    ("effect on departures", 20),
    ("effect, adds a time", 140),
    ("effect, cancels", 16),
    ("effect, closes", 300),
    ("effect, diverts", 100),
    ("effect, scales a capacity", 40),
    ("effect, scales times", 130),
    ("flow, arrivals by several", 120),
    ("flow, clocks of its own", 400),
    ("flow, counts in no promise", 20),
    ("flow, dates", 130),
    ("flow, profile", 70),
    ("flow, regular", 200),
    ("flow, renewals", 300),
    ("flow, reroutes", 300),
    ("flow, sees queues and has a policy", 35),
    ("flow, sees queues and has shares", 8),
    ("flow, several itineraries", 600),
    ("flow, several units", 90),
    ("resource, FIFO with hours", 200),
    ("resource, begins with several", 90),
    ("resource, disrupted", 200),
    ("resource, fails by calendar, work restarts", 40),
    ("resource, fails by calendar, work resumes", 40),
    ("resource, fails in service, work restarts", 40),
    ("resource, fails in service, work resumes", 30),
    ("resource, finishes at closing", 180),
    ("resource, fits before closing", 180),
    ("resource, held", 200),
    ("resource, one server", 70),
    ("resource, patience", 300),
    ("resource, pauses at closing", 170),
    ("resource, plain FIFO", 11),
    ("resource, plain priority", 4),
    ("resource, preemptive", 180),
    ("resource, preemptive and failing", 40),
    ("resource, preemptive with hours", 110),
    ("resource, priority", 200),
    ("resource, priority with hours", 130),
    ("resource, room that blocks", 200),
    ("resource, room that diverts", 60),
    ("resource, room that loses", 80),
    ("resource, several servers", 700),
    ("resource, shifts", 90),
    ("resource, unlimited servers", 60),
    ("service, background", 90),
    ("service, boards at a later stop", 100),
    ("service, boards by priority", 100),
    ("service, cancelled in runs", 80),
    ("service, cancelled one by one", 130),
    ("service, counts TEU", 500),
    ("service, counts mass", 50),
    ("service, counts shipments", 200),
    ("service, counts units", 90),
    ("service, cut-off", 300),
    ("service, delay", 80),
    ("service, does not run empty", 100),
    ("service, drawn capacity", 50),
    ("service, fixed capacity", 600),
    ("service, fleet", 90),
    ("service, leaves at drawn headways", 60),
    ("service, leaves at intervals", 500),
    ("service, leaves on dates", 70),
    ("service, leaves when full", 170),
    ("service, leaves with a quantity", 80),
    ("service, lets smaller ones overtake", 100),
    ("service, never cancelled", 700),
    ("service, season", 100),
    ("service, several legs", 200),
    ("service, shared emissions", 90),
    ("service, slip", 90),
    ("service, splits", 90),
    ("service, storms", 80),
    ("service, turnaround", 90),
    ("service, unlimited capacity", 200),
    ("station, FIFO", 150),
    ("station, none: event by event", 1500),
    ("station, priority", 80),
    ("station, scheduled", 150),
    ("step, branches", 400),
    ("step, charge", 400),
    ("step, choice", 400),
    ("step, consolidation", 140),
    ("step, decision at a hub", 300),
    ("step, delay", 700),
    ("step, gate", 400),
    ("step, haul", 400),
    ("step, hold", 300),
    ("step, inspection", 500),
    ("step, loading at a later stop", 200),
    ("step, loop", 200),
    ("step, milestone", 800),
    ("step, regime", 200),
    ("step, ride", 1400),
    ("step, ride by common lines", 190),
    ("step, work", 3000),
    ("work, a class of its own", 700),
    ("work, all of a stage", 50),
    ("work, blocking after service", 190),
    ("work, once", 3000),
    ("work, per TEU", 200),
    ("work, per tonne", 60),
    ("work, per unit", 60),
    ("work, several servers", 200),
    ("world, customs", 120),
];

/// Least number of events in one replication of each world whose quicker paths are held against the plain ones: about half of what was
/// counted when the floor was set.
const HAPPENS: [(&str, u64); 18] = [
    ("blocked", 500),
    ("boardings", 2000),
    ("cancelled departures", 90),
    ("deliveries", 2000),
    ("departures", 2000),
    ("departures without a vehicle in time", 70),
    ("diversions", 30),
    ("full departures", 160),
    ("interruptions", 200),
    ("late arrivals", 110),
    ("losses", 70),
    ("missed connections", 90),
    ("never delivered", 1300),
    ("out of patience", 300),
    ("rolled over", 200),
    ("taken another way at a hub", 60),
    ("waits for a server", 4000),
    ("waits for a truck", 40),
];

/// What no world uses, and the test of this binary that covers it by hand.
const ABSENT: [(&str, &str); 1] = [
    // Traces want a file beside the scenario.
    ("amount listed by a trace", "services::loads::a_trace_brings_its_rows_with_their_sizes"),
];

/// Counts by name.
#[derive(Default)]
struct Counts(BTreeMap<&'static str, u64>);

impl Counts {
    fn add(&mut self, name: &'static str, n: u64) {
        *self.0.entry(name).or_default() += n;
    }

    /// Counts one more if it is used. The name is known either way.
    fn count(&mut self, name: &'static str, is_used: bool) {
        self.add(name, u64::from(is_used));
    }

    /// Asserts that every name has a floor and reaches it.
    fn check(&self, floors: &[(&'static str, u64)], absent: &[&str]) {
        let table: Vec<String> = self.0.iter().map(|(name, n)| format!("    (\"{name}\", {n}),")).collect();
        println!("{}", table.join("\n"));
        let floors: BTreeMap<&str, u64> = floors.iter().copied().collect();
        for (name, &n) in &self.0 {
            match floors.get(name) {
                Some(&floor) => {
                    assert!(n >= floor, "{name}: {n} in all worlds, at least {floor} are expected");
                }
                None => {
                    assert!(n == 0 && absent.contains(name), "{name}: {n} in all worlds, no floor is stated");
                }
            }
        }
        for name in floors.keys() {
            assert!(self.0.contains_key(name), "{name} is counted no longer");
        }
    }
}

/// The resources that shipments or vehicles come to.
fn resources(model: &Model, counts: &mut Counts) {
    let used = |id| model.programs.works.iter().any(|work| work.resource == id);
    let prepared = Prepared::new(model);
    for (id, params) in model.resources.iter_enumerated().filter(|&(id, _)| used(id)) {
        let discipline = prepared.disciplines()[id];
        counts.count("station, FIFO", discipline == Discipline::Fifo);
        counts.count("station, scheduled", discipline == Discipline::Scheduled);
        counts.count("station, priority", discipline == Discipline::Priority);
        counts.count("station, none: event by event", matches!(discipline, Discipline::General(_)));
        let ResourceParams {
            name: _,
            node: _,
            servers,
            shifts,
            order,
            room: Room { places: room, when_full, has_patience },
            breakdowns,
            calendar,
            at_closing,
            may_be_disrupted,
            begins_with,
        } = params;
        let has_hours = calendar.is_some();
        let preempts = matches!(order, QueueOrder::Preemptive(_));
        let has_classes = preempts || matches!(order, QueueOrder::Priority(_));
        let is_held =
            model.programs.ops.iter().any(
                |op| matches!(op, Op::Seize(work) if model.programs.works[*work as usize].resource == id),
            );
        counts.count("resource, plain FIFO", params.is_plain() && !has_classes && room.is_none() && !is_held);
        counts.count(
            "resource, plain priority",
            params.is_plain() && has_classes && room.is_none() && !is_held,
        );
        counts.count("resource, FIFO with hours", has_hours && !has_classes);
        counts.count("resource, priority", has_classes && !preempts);
        counts.count("resource, priority with hours", has_classes && !preempts && has_hours);
        counts.count("resource, preemptive", preempts);
        counts.count("resource, preemptive with hours", preempts && has_hours);
        counts.count("resource, unlimited servers", servers.is_none());
        counts.count("resource, one server", *servers == Some(1));
        counts.count("resource, several servers", servers.is_some_and(|servers| servers > 1));
        counts.count("resource, shifts", !shifts.is_empty());
        let closing = |rule| has_hours && *at_closing == rule;
        counts.count("resource, finishes at closing", closing(AtClosing::Finish));
        counts.count("resource, pauses at closing", closing(AtClosing::Pause));
        counts.count("resource, fits before closing", closing(AtClosing::Fit));
        let (loses, blocks, diverts) = match when_full {
            WhenFull::Lose => (true, false, false),
            WhenFull::Block => (false, true, false),
            WhenFull::Divert(_) => (false, false, true),
        };
        counts.count("resource, room that loses", room.is_some() && loses);
        counts.count("resource, room that blocks", room.is_some() && blocks);
        counts.count("resource, room that diverts", room.is_some() && diverts);
        let fails = |counts_service, restarts| {
            breakdowns.as_ref().is_some_and(|b| b.counts_service == counts_service && b.restarts == restarts)
        };
        counts.count("resource, fails in service, work resumes", fails(true, false));
        counts.count("resource, fails in service, work restarts", fails(true, true));
        counts.count("resource, fails by calendar, work resumes", fails(false, false));
        counts.count("resource, fails by calendar, work restarts", fails(false, true));
        counts.count("resource, preemptive and failing", preempts && breakdowns.is_some());
        counts.count("resource, patience", *has_patience);
        counts.count("resource, disrupted", *may_be_disrupted);
        counts.count("resource, begins with several", begins_with.is_some());
        counts.count("resource, held", is_held);
    }
}

fn services(model: &Model, counts: &mut Counts) {
    for params in &model.services {
        let ServiceParams {
            name: _,
            stops,
            departs,
            boarding_stops,
            cutoff,
            capacity,
            unit,
            running: _,
            planned_departure: _,
            planned_arrival: _,
            punctual: _,
            cancellation,
            delay,
            classes,
            overtake,
            run_empty,
            leg_emissions,
            storms,
            slip,
            fleet,
            background,
            season,
            split,
            program: _,
        } = params;
        let rule = match departs {
            DepartureRule::Every { .. } => "service, leaves at intervals",
            DepartureRule::Dates(_) => "service, leaves on dates",
            DepartureRule::Headway(..) => "service, leaves at drawn headways",
            DepartureRule::WhenFull { quantity: None, .. } => "service, leaves when full",
            DepartureRule::WhenFull { quantity: Some(_), .. } => "service, leaves with a quantity",
        };
        counts.add(rule, 1);
        let capacity = match capacity {
            Capacity::Fixed(_) => "service, fixed capacity",
            Capacity::Random(..) => "service, drawn capacity",
            Capacity::Unlimited => "service, unlimited capacity",
        };
        counts.add(capacity, 1);
        let unit = match unit {
            LoadUnit::Teu => "service, counts TEU",
            LoadUnit::Mass => "service, counts mass",
            LoadUnit::Shipments => "service, counts shipments",
            LoadUnit::Units => "service, counts units",
        };
        counts.add(unit, 1);
        let cancellation = match cancellation {
            Cancellation::Never => "service, never cancelled",
            Cancellation::Independent(..) => "service, cancelled one by one",
            Cancellation::Runs { .. } => "service, cancelled in runs",
        };
        counts.add(cancellation, 1);
        counts.count("service, several legs", stops.len() > 2);
        counts.count("service, boards at a later stop", boarding_stops.iter().skip(1).any(|&boards| boards));
        counts.count("service, cut-off", cutoff.as_ms() > 0);
        counts.count("service, delay", delay.is_some());
        counts.count("service, boards by priority", *classes > 1);
        counts.count("service, lets smaller ones overtake", *overtake);
        counts.count("service, does not run empty", !run_empty);
        counts.count("service, shared emissions", !leg_emissions.is_empty());
        counts.count("service, storms", !storms.is_empty());
        counts.count("service, slip", slip.is_some());
        counts.count("service, fleet", fleet.is_some());
        counts.count("service, turnaround", fleet.as_ref().is_some_and(|fleet| fleet.turnaround.is_some()));
        counts.count("service, background", background.is_some());
        counts.count("service, season", !season.is_empty());
        counts.count("service, splits", *split);
    }
    for params in &model.connections {
        let ConnectionParams { name: _, fleet } = params;
        counts.count("connection, fleet", fleet.is_some());
        counts.count("connection, any number of vehicles", fleet.is_none());
    }
}

fn flows(model: &Model, counts: &mut Counts) {
    for params in &model.flows {
        let FlowParams {
            name: _,
            origin: _,
            arrivals,
            profile,
            batch,
            teu,
            mass,
            units,
            class: _,
            background,
            itineraries,
            choice: _,
            reroutes,
            sight,
            preference: _,
            clocks,
            promises: _,
        } = params;
        let rule = match arrivals {
            ArrivalRule::Renewal(..) => "flow, renewals",
            ArrivalRule::Regular { .. } => "flow, regular",
            ArrivalRule::Dates(_) => "flow, dates",
        };
        counts.add(rule, 1);
        for amount in [teu, mass, units] {
            let amount = match amount {
                Amount::Fixed(_) => "amount that is fixed",
                Amount::Random(..) => "amount that is drawn",
                Amount::PerTeu(_) => "amount per TEU",
                Amount::Listed(_) => "amount listed by a trace",
            };
            counts.add(amount, 1);
        }
        counts.count("amount listed by a trace", false);
        counts.count("flow, profile", profile.is_some());
        counts.count("flow, arrivals by several", batch.is_some());
        counts.count("flow, several units", !matches!(units, Amount::Fixed(1)));
        counts.count("flow, counts in no promise", *background);
        counts.count("flow, several itineraries", itineraries.len() > 1);
        counts.count("flow, reroutes", *reroutes);
        let sees = |has_policy| sight.as_ref().is_some_and(|sight| sight.policy.is_some() == has_policy);
        counts.count("flow, sees queues and has a policy", sees(true));
        counts.count("flow, sees queues and has shares", sees(false));
        counts.count("flow, clocks of its own", clocks.len() > 1);
    }
}

fn disruptions(model: &Model, counts: &mut Counts) {
    for params in &model.disruptions {
        let DisruptionParams { name: _, when, acts } = params;
        let rule = match when {
            OccurrenceRule::Dated(_) => "disruption, dated",
            OccurrenceRule::Alternating { .. } => "disruption, alternating",
            OccurrenceRule::Strikes { profile: None, .. } => "disruption, strikes",
            OccurrenceRule::Strikes { profile: Some(_), .. } => "disruption, strikes by season",
        };
        counts.add(rule, 1);
        for act in acts {
            let effect = match act.effect {
                ActEffect::Close => "effect, closes",
                ActEffect::Capacity(_) => "effect, scales a capacity",
                ActEffect::TimeScale(_) => "effect, scales times",
                ActEffect::TimeAdd(..) => "effect, adds a time",
                ActEffect::Cancel => "effect, cancels",
                ActEffect::Divert(_) => "effect, diverts",
            };
            counts.add(effect, 1);
            let target = match act.target {
                ActTarget::Resource(_) => "effect on a resource",
                ActTarget::Departures(_) => "effect on departures",
                ActTarget::Leg(..) => "effect on a leg",
                ActTarget::Connection(_) => "effect on a connection",
                ActTarget::Itinerary(_) => "effect on an itinerary",
            };
            counts.add(target, 1);
        }
    }
}

fn programs(text: &str, model: &Model, counts: &mut Counts) {
    let programs = &model.programs;
    for op in &programs.ops {
        let step = match op {
            Op::Work(_) => "step, work",
            Op::Delay(_) => "step, delay",
            Op::Haul(_) => "step, haul",
            Op::Gate(_) => "step, gate",
            Op::Regime(_) => "step, regime",
            Op::Choose(_) => "step, choice",
            Op::Repeat(_) => "step, loop",
            Op::Seize(_) => "step, hold",
            Op::Fork(_) => "step, branches",
            Op::Batch(_) => "step, consolidation",
            Op::InspectionBegins => "step, inspection",
            Op::Ride(_) => "step, ride",
            Op::RideAny(_) => "step, ride by common lines",
            Op::Replan(_) => "step, decision at a hub",
            Op::Charge(_) => "step, charge",
            Op::Mark(_) => "step, milestone",
            Op::Load(_) => "step, loading at a later stop",
            Op::Jump(_)
            | Op::Free(_)
            | Op::BranchEnd
            | Op::InspectionEnds
            | Op::EndStage(_)
            | Op::Deliver
            | Op::Run(_)
            | Op::Arrive(_)
            | Op::Unload(_)
            | Op::Retire => continue,
        };
        counts.add(step, 1);
    }
    counts.count("world, customs", text.contains("Customs("));
    for work in &programs.works {
        let per = match work.per {
            Per::Job => "work, once",
            Per::Teu => "work, per TEU",
            Per::Tonne => "work, per tonne",
            Per::Unit => "work, per unit",
        };
        counts.add(per, 1);
        counts.count("work, several servers", work.units > 1);
        counts.count("work, a class of its own", work.class.is_some());
        counts.count("work, all of a stage", work.whole_stage.is_some());
        counts.count("work, blocking after service", work.keeps);
    }
    for (place, group) in model.batch_groups.iter().enumerate() {
        let BatchGroup { quantity: _, unit: _, longest_wait } = *group;
        let n_steps = programs.batches.iter().filter(|batch| batch.group as usize == place).count();
        counts.count("consolidation, longest wait", longest_wait != i64::MAX);
        counts.count("consolidation, waits for ever", longest_wait == i64::MAX);
        counts.count("consolidation, of several steps", n_steps > 1);
    }
}

fn events(outcome: &Outcome, counts: &mut Counts) {
    for record in &outcome.resources {
        counts.add("waits for a server", record.wait.count() - record.without_wait);
        counts.add("losses", record.lost);
        counts.add("diversions", record.diverted);
        counts.add("blocked", record.blocked);
        counts.add("out of patience", record.patience_lost);
        counts.add("interruptions", record.interruptions);
    }
    for record in &outcome.services {
        counts.add("departures", record.run);
        counts.add("cancelled departures", record.cancelled);
        counts.add("full departures", record.full);
        counts.add("departures without a vehicle in time", record.short);
        counts.add("late arrivals", record.arrivals - record.punctual);
    }
    for record in &outcome.rides {
        counts.add("boardings", record.boarded);
        counts.add("rolled over", record.rolled);
        counts.add("missed connections", record.late);
    }
    for record in &outcome.flows {
        counts.add("taken another way at a hub", record.replanned);
    }
    for record in &outcome.connections {
        counts.add("waits for a truck", record.wait.count() - record.without_wait);
    }
    for record in &outcome.flows {
        counts.add("deliveries", record.delivered);
        counts.add("never delivered", record.under_way());
    }
}

#[test]
fn every_discipline_is_in_some_random_worlds() {
    let mut counts = Counts::default();
    for number in worlds::ALL.into_iter().flatten() {
        let text = world(number).text();
        let model = compiled(&text).model;
        resources(&model, &mut counts);
        services(&model, &mut counts);
        flows(&model, &mut counts);
        disruptions(&model, &mut counts);
        programs(&text, &model, &mut counts);
    }
    counts.check(&FLOORS, &ABSENT.map(|(name, _)| name));
}

#[test]
fn rare_events_happen_where_quicker_paths_are_held_against_plain_ones() {
    let mut counts = Counts::default();
    for number in worlds::PATHS {
        let built = compiled(&world(number).text());
        events(&replicate(&built.model, built.seed, 0).expect("a sound run"), &mut counts);
    }
    counts.check(&HAPPENS, &[]);
}
