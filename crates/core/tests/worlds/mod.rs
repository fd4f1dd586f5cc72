//! Miniature worlds for the tests of the freight model: hand-made models with one thing in them, and the run that tests watch.
//!
//! Every watched run is checked in the plan that users run and event by event ([`watch`]). Does not own any expectation. Not every test
//! uses every world.
#![expect(dead_code, reason = "each test file uses some of the worlds")]

use sanda_core::kernel::law::Law;
use sanda_core::kernel::random::name_hash;
use sanda_core::model::category::{Category, CategoryTimes};
use sanda_core::model::ids::{CalendarId, FlowId, NodeId, ResourceId, ServiceId, StageId, StreamId};
use sanda_core::model::program::{DelayOp, LoadUnit, Op, Per, Programs, RideOp, WorkOp};
use sanda_core::model::{
    Amount, ArrivalRule, CalendarParams, Cancellation, Capacity, ClockEnd, ClockParams, DepartureRule,
    FlowParams, ItineraryParams, Model, NodeParams, PeriodParams, Periods, ResourceParams, ServiceParams,
    StageParams, StreamParams, WeekParams, Window,
};
use sanda_core::record::Outcome;
use sanda_core::record::observer::{Boarding, Delivery, Observer, ServiceStart};
use sanda_core::{replicate, replicate_observed};
use sanda_units::{Duration, IdVec, Time};

/// One hour in milliseconds, as laws take it.
pub(crate) const HOUR: f64 = 3_600_000.0;

/// One hour in milliseconds, as instants take it.
pub(crate) const H: i64 = 3_600_000;

/// A stream by purpose and owner.
pub(crate) fn stream(model: &mut Model, purpose: &str, owner: &str) -> StreamId {
    model.streams.push(StreamParams { purpose: name_hash(purpose), owner: name_hash(owner) })
}

/// A model with a window and nothing else.
pub(crate) fn empty(warm_up_h: i64, measure_h: i64, drain_h: i64) -> Model {
    let at = |hours| Time::ZERO + Duration::from_hours(hours);
    Model {
        window: Window {
            from: at(warm_up_h),
            to: at(warm_up_h + measure_h),
            arrivals_until: at(warm_up_h + measure_h + drain_h),
            end: at(warm_up_h + measure_h + drain_h),
        },
        nodes: IdVec::new(),
        resources: IdVec::new(),
        calendars: IdVec::new(),
        regimes: IdVec::new(),
        services: IdVec::new(),
        flows: IdVec::new(),
        itineraries: IdVec::new(),
        stages: IdVec::new(),
        promises: IdVec::new(),
        connections: IdVec::new(),
        disruptions: IdVec::new(),
        streams: IdVec::new(),
        programs: Programs::default(),
        batch_groups: Vec::new(),
        periods: Periods {
            pieces: vec![PeriodParams { from: Time::ZERO, month: 0, week: Some(0) }],
            months: vec!["2025-01".into()],
            weeks: vec![WeekParams { label: "2025-W02".into(), from: Time::ZERO, to: Time::MAX }],
        },
        costs: sanda_core::model::cost::Costs::default(),
        watches: Vec::new(),
    }
}

/// Adds a node.
pub(crate) fn node(model: &mut Model, name: &str) -> NodeId {
    model.nodes.push(NodeParams { name: name.into(), week_shifts: vec![(0, 0)] })
}

/// Adds a FIFO resource without hours.
pub(crate) fn resource(model: &mut Model, name: &str, node: NodeId, servers: u32) -> ResourceId {
    model.resources.push(ResourceParams::fifo(name.into(), node, Some(servers)))
}

/// Adds the operation of working at a resource, with the end of its stage, to the flow that comes next.
pub(crate) fn work(model: &mut Model, owner: &str, resource: ResourceId, time: Law) {
    let purpose = format!("work/{}", model.resources[resource].name);
    let stream = stream(model, &purpose, owner);
    model.programs.works.push(WorkOp {
        resource,
        time,
        stream,
        per: Per::Job,
        units: 1,
        class: None,
        whole_stage: None,
        patience: None,
        keeps: false,
    });
    model.programs.ops.push(Op::Work((model.programs.works.len() - 1) as u32));
    end_stage(model, &purpose);
}

/// Adds a ride from the first to the last stop, with the end of its stage.
pub(crate) fn ride(model: &mut Model, service: ServiceId) {
    let to = (model.services[service].stops.len() - 1) as u16;
    model.programs.rides.push(RideOp {
        service,
        from: 0,
        to,
        departed_marks: 0,
        arrived_marks: 0,
        parts_from: None,
        legs_from: None,
    });
    model.programs.ops.push(Op::Ride((model.programs.rides.len() - 1) as u32));
    let name = model.services[service].name.clone();
    end_stage(model, &name);
}

fn end_stage(model: &mut Model, name: &str) -> StageId {
    let flow = model.flows.next_id();
    let stage = model.stages.push(StageParams {
        name: name.into(),
        flow,
        is_part: false,
        has_parts: false,
        is_charge: false,
    });
    model.programs.ops.push(Op::EndStage(stage));
    stage
}

/// Adds a flow whose program began at `program` and is complete but for the delivery.
pub(crate) fn flow(
    model: &mut Model,
    name: &str,
    origin: NodeId,
    arrivals: ArrivalRule,
    program: u32,
) -> FlowId {
    model.programs.ops.push(Op::Deliver);
    let id = model.flows.next_id();
    let itinerary = model.itineraries.push(ItineraryParams {
        name: "steps".into(),
        flow: id,
        program,
        closers: Vec::new(),
        bookings: Vec::new(),
    });
    let choice = stream(model, "itinerary", name);
    model.flows.push(FlowParams {
        name: name.into(),
        origin,
        arrivals,
        profile: None,
        batch: None,
        teu: Amount::Fixed(1000),
        mass: Amount::Fixed(0),
        units: Amount::Fixed(1),
        class: 4,
        background: false,
        itineraries: vec![(itinerary, u64::MAX)],
        choice,
        reroutes: false,
        sight: None,
        preference: vec![itinerary],
        clocks: vec![ClockParams {
            name: "door-to-door".into(),
            from: ClockEnd::Released,
            to: ClockEnd::Delivered,
        }],
        promises: Vec::new(),
    })
}

/// Where the next program begins.
pub(crate) fn here(model: &Model) -> u32 {
    model.programs.ops.len() as u32
}

/// Adds a flow whose shipments are released at these instants, in milliseconds.
pub(crate) fn flow_at(model: &mut Model, name: &str, origin: NodeId, at: &[i64], program: u32) -> FlowId {
    flow(model, name, origin, ArrivalRule::Dates(at.iter().copied().map(Time::from_ms).collect()), program)
}

/// Adds a delay of a fixed length, with the end of its stage.
pub(crate) fn delay(model: &mut Model, owner: &str, ms: i64) {
    let stream = stream(model, "delay", owner);
    let time = Law::constant(ms as f64).expect("a time");
    let category = Category::Moving;
    model.programs.delays.push(DelayOp {
        time,
        stream,
        per: Per::Job,
        category,
        connection: None,
        way_back: None,
    });
    model.programs.ops.push(Op::Delay((model.programs.delays.len() - 1) as u32));
    end_stage(model, "delay");
}

/// Adds opening hours: intervals from opening to closing, in milliseconds.
pub(crate) fn calendar(model: &mut Model, open: &[(i64, i64)]) -> CalendarId {
    let at = |&(from, to): &(i64, i64)| (Time::from_ms(from), Time::from_ms(to));
    model.calendars.push(CalendarParams { open: open.iter().map(at).collect() })
}

/// Departures at these instants, in milliseconds.
pub(crate) fn at(dates: &[i64]) -> DepartureRule {
    DepartureRule::Dates(dates.iter().copied().map(Time::from_ms).collect())
}

/// Adds a train that takes exactly so long for each leg, holds everything and has no cut-off.
pub(crate) fn train(
    model: &mut Model,
    name: &str,
    stops: &[NodeId],
    departs: DepartureRule,
    legs: &[i64],
) -> ServiceId {
    assert_eq!(stops.len(), legs.len() + 1, "one running time for each leg");
    let program = here(model);
    let mut running = Vec::new();
    let mut planned = vec![Duration::ZERO];
    for (leg, &ms) in legs.iter().enumerate() {
        let stream = stream(model, &format!("running/{leg}"), &format!("service/{name}"));
        running.push((Law::constant(ms as f64).expect("a running time"), stream));
        planned.push(planned[leg] + Duration::from_ms(ms));
        let stop = leg as u16 + 1;
        model.programs.ops.extend([Op::Run(leg as u16), Op::Arrive(stop), Op::Unload(stop)]);
        if leg + 1 < legs.len() {
            model.programs.ops.push(Op::Load(stop));
        }
    }
    model.programs.ops.push(Op::Retire);
    model.services.push(ServiceParams {
        name: name.into(),
        stops: stops.to_vec(),
        boarding_stops: vec![true; stops.len()],
        departs,
        cutoff: Duration::ZERO,
        capacity: Capacity::Unlimited,
        unit: LoadUnit::Shipments,
        running,
        planned_departure: planned.clone(),
        planned_arrival: planned,
        punctual: Duration::from_hours(24),
        cancellation: Cancellation::Never,
        delay: None,
        classes: 1,
        overtake: false,
        run_empty: true,
        leg_emissions: Vec::new(),
        storms: Vec::new(),
        slip: None,
        fleet: None,
        background: None,
        season: Vec::new(),
        split: false,
        program,
    })
}

/// What an observer is told of starts, boardings and deliveries.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Log {
    /// Starts of service, in order.
    pub(crate) starts: Vec<ServiceStart>,
    /// Boardings, in order.
    pub(crate) boardings: Vec<Boarding>,
    /// Deliveries, in order.
    pub(crate) deliveries: Vec<Delivery>,
}

impl Log {
    /// Flow, number and departure instant of every boarding, in order of boarding.
    pub(crate) fn boarded(&self) -> Vec<(usize, u64, i64)> {
        self.boardings.iter().map(|b| (b.flow.index(), b.number, b.departed_at)).collect()
    }

    /// Flow, number, request and start of every service of a shipment, in order of their starts.
    pub(crate) fn started(&self) -> Vec<(u32, u64, i64, i64)> {
        self.starts.iter().map(|s| (s.owner, s.number, s.requested_at, s.started_at)).collect()
    }

    /// Flow, number and instant of every delivery, in order.
    pub(crate) fn delivered(&self) -> Vec<(usize, u64, i64)> {
        self.deliveries.iter().map(|d| (d.flow.index(), d.number, d.delivered_at)).collect()
    }

    /// The same in an order that does not depend on when something was told.
    fn sorted(&self) -> Self {
        let mut log = Self {
            starts: self.starts.clone(),
            boardings: self.boardings.clone(),
            deliveries: self.deliveries.clone(),
        };
        log.starts
            .sort_by_key(|s| (s.started_at, s.resource.index(), s.is_vehicle, s.owner, s.number, s.work));
        log.boardings
            .sort_by_key(|b| (b.departed_at, b.service.index(), b.departure, b.flow.index(), b.number));
        log.deliveries.sort_by_key(|d| (d.delivered_at, d.flow.index(), d.number));
        log
    }
}

/// An observer that keeps a log: of a run event by event, or of the run that users have.
#[derive(Default)]
struct Watcher<const IN_ORDER: bool>(Log);

impl<const IN_ORDER: bool> Observer for Watcher<IN_ORDER> {
    const IN_ORDER: bool = IN_ORDER;

    fn service_started(&mut self, at: &ServiceStart) {
        self.0.starts.push(*at);
    }
    fn boarded(&mut self, at: &Boarding) {
        self.0.boardings.push(*at);
    }
    fn delivered(&mut self, at: &Delivery) {
        self.0.deliveries.push(*at);
    }
}

/// Runs a model once. Returns the outcome of the run that users have, and what happened in the order of time.
pub(crate) fn watch(model: &Model) -> (Outcome, Log) {
    watch_by(model, 1)
}

/// As [`watch`], with a seed.
///
/// An observer in the order of time switches the quicker paths of the engine off. So the model runs three times: without an
/// observer, with one that leaves the quicker paths on, and event by event. All outcomes must agree, and both observers must be told
/// the same, though not in the same order.
pub(crate) fn watch_by(model: &Model, seed: u64) -> (Outcome, Log) {
    let users = replicate(model, seed, 0).expect("a sound run");
    let (watched, Watcher(told)) =
        replicate_observed(model, seed, 0, Watcher::<false>::default()).expect("a sound run");
    let (plain, Watcher(in_order)) =
        replicate_observed(model, seed, 0, Watcher::<true>::default()).expect("a sound run");
    assert_eq!(format!("{users:?}"), format!("{watched:?}"), "the observer has influenced the run");
    assert_same_outcome(&users, &plain);
    assert_eq!(told.sorted(), in_order.sorted(), "something else is told event by event");
    (users, in_order)
}

/// Asserts that two runs of a model came to the same.
///
/// Leaves out what depends on when a run noticed that nothing was left to measure: how long it went on, and what was there when it
/// ended.
pub(crate) fn assert_same_outcome(one: &Outcome, other: &Outcome) {
    let [one, other] = [one, other].map(|outcome| {
        let mut outcome = outcome.clone();
        (outcome.events, outcome.shipments) = (0, 0);
        for resource in &mut outcome.resources {
            resource.queue.set(i64::MAX, 0);
            resource.present.set(i64::MAX, 0, &[(0, 0)]);
        }
        format!("{outcome:?}")
    });
    assert_eq!(one, other, "the quicker paths come to another outcome");
}

/// Category times from those that are not zero.
pub(crate) fn times(spent: &[(Category, i64)]) -> CategoryTimes {
    let mut times = CategoryTimes::default();
    for &(category, ms) in spent {
        times[category as usize] += ms;
    }
    times
}

/// What the measured shipments of a flow spent in its stage of this name, by category.
pub(crate) fn spent(model: &Model, outcome: &Outcome, flow: FlowId, stage: &str) -> CategoryTimes {
    let (id, _) = model
        .stages
        .iter_enumerated()
        .find(|(_, params)| params.flow == flow && params.name == stage)
        .expect("a stage of this name");
    outcome.stages[id].categories
}

/// A G/G/c queue: one flow through one resource.
pub(crate) fn one_station(servers: u32, gap: Law, time: Law, measure_h: i64) -> Model {
    let mut model = empty(0, measure_h, 100_000);
    model.window.arrivals_until = Time::from_ms(model.window.to.as_ms() - 1);
    let gate = node(&mut model, "gate");
    let desk = resource(&mut model, "desk", gate, servers);
    let program = here(&model);
    work(&mut model, "flow/boxes", desk, time);
    let arrivals = stream(&mut model, "arrivals", "flow/boxes");
    flow(&mut model, "boxes", gate, ArrivalRule::Renewal(gap, arrivals), program);
    model
}

/// One flow that rides one train with a timetable, a capacity in shipments and a cut-off.
pub(crate) fn one_train(
    gap: Law,
    period_h: i64,
    capacity: i64,
    cutoff_h: i64,
    running_h: f64,
    measure_h: i64,
) -> Model {
    let mut model = empty(0, measure_h, 100_000);
    model.window.arrivals_until = Time::from_ms(model.window.to.as_ms() - 1);
    let (away, yard) = (node(&mut model, "away"), node(&mut model, "yard"));
    let run = stream(&mut model, "running/yard>away", "service/train");
    let vehicle = here(&model);
    model.programs.ops.extend([Op::Run(0), Op::Arrive(1), Op::Unload(1), Op::Retire]);
    let running = Law::constant(running_h * HOUR).expect("a running time");
    let train = model.services.push(ServiceParams {
        name: "train".into(),
        stops: vec![yard, away],
        boarding_stops: vec![true, false],
        departs: DepartureRule::Every { offset: Duration::ZERO, period: Duration::from_hours(period_h) },
        cutoff: Duration::from_hours(cutoff_h),
        capacity: Capacity::Fixed(capacity),
        unit: LoadUnit::Shipments,
        running: vec![(running, run)],
        planned_departure: vec![Duration::ZERO; 2],
        planned_arrival: vec![Duration::ZERO, Duration::from_hours_f64(running_h)],
        punctual: Duration::from_hours(24),
        cancellation: Cancellation::Never,
        delay: None,
        classes: 1,
        overtake: false,
        run_empty: true,
        leg_emissions: Vec::new(),
        storms: Vec::new(),
        slip: None,
        fleet: None,
        background: None,
        season: Vec::new(),
        split: false,
        program: vehicle,
    });
    let program = here(&model);
    ride(&mut model, train);
    let arrivals = stream(&mut model, "arrivals", "flow/boxes");
    flow(&mut model, "boxes", yard, ArrivalRule::Renewal(gap, arrivals), program);
    model
}
