//! The compiled model: everything a replication needs, in dense tables, and nothing that changes while it runs.
//!
//! Built by the scenario crate, checked there; a replication trusts it. Names are kept for output and messages only:
//! the running model knows ids. Times are [`Time`] (milliseconds since the scenario's start), spans [`Duration`].

pub mod category;
pub mod choice;
pub mod cost;
pub mod ids;
mod profile;
pub mod program;
mod queue;
mod resource;

use sanda_units::{Duration, IdVec, Time};

use crate::kernel::law::Law;
use crate::model::cost::Costs;
use crate::model::ids::{
    CalendarId, ConnectionId, DisruptionId, FlowId, ItineraryId, NodeId, PromiseId, RegimeId, ResourceId,
    ServiceId, StageId, StreamId,
};
use crate::model::program::{BatchGroup, LoadUnit, Op, OpIndex, Programs};

pub(crate) use profile::{share_of, stretch_by};
pub use queue::{Booking, Outlook, SeenWay, Sight, WatchParams};
pub use resource::{AtClosing, BreakdownParams, CalendarParams, QueueOrder, ResourceParams, Room, WhenFull};

/// A complete model.
#[derive(Debug, Clone)]
pub struct Model {
    /// What is simulated and what is measured.
    pub window: Window,
    /// Places.
    pub nodes: IdVec<NodeId, NodeParams>,
    /// Resources.
    pub resources: IdVec<ResourceId, ResourceParams>,
    /// Opening calendars.
    pub calendars: IdVec<CalendarId, CalendarParams>,
    /// Regime processes.
    pub regimes: IdVec<RegimeId, RegimeParams>,
    /// Services.
    pub services: IdVec<ServiceId, ServiceParams>,
    /// Flows.
    pub flows: IdVec<FlowId, FlowParams>,
    /// Candidate itineraries of all flows.
    pub itineraries: IdVec<ItineraryId, ItineraryParams>,
    /// Stages of all flows.
    pub stages: IdVec<StageId, StageParams>,
    /// Promises.
    pub promises: IdVec<PromiseId, PromiseParams>,
    /// Connections on demand.
    pub connections: IdVec<ConnectionId, ConnectionParams>,
    /// Disruptions.
    pub disruptions: IdVec<DisruptionId, DisruptionParams>,
    /// Names of the keyed streams.
    pub streams: IdVec<StreamId, StreamParams>,
    /// What shipments and vehicles do.
    pub programs: Programs,
    /// Groups in which shipments wait for each other.
    pub batch_groups: Vec<BatchGroup>,
    /// Pieces of the civil calendar by which releases are counted.
    pub periods: Periods,
    /// Prices and emission factors.
    pub costs: Costs,
    /// The stops whose queues some flow sees; none unless a flow does.
    pub watches: Vec<WatchParams>,
}

impl Model {
    /// Whether a service leaves when enough waits for it, and not by a timetable.
    #[inline]
    pub fn leaves_when_full(&self, id: ServiceId) -> bool {
        matches!(self.services[id].departs, DepartureRule::WhenFull { .. })
    }

    /// Whether an operation is a ride on a service that leaves when enough waits for it. None of several is.
    #[inline]
    pub fn waits_to_fill(&self, op: Op) -> bool {
        matches!(op, Op::Ride(ride) if self.leaves_when_full(self.programs.rides[ride as usize].service))
    }

    /// Whether releases of a flow are seen by a choice, or see what others have booked: they happen in the order of events.
    pub fn is_seen(&self, id: FlowId) -> bool {
        if self.watches.is_empty() {
            return false;
        }
        let flow = &self.flows[id];
        flow.sight.is_some()
            || flow.itineraries.iter().any(|&(itinerary, _)| !self.itineraries[itinerary].bookings.is_empty())
    }
}

/// The civil calendar of the scenario's zone, cut at every beginning of a month and of a week. A replication counts by
/// piece; months and weeks are sums over pieces, made after the merge.
#[derive(Debug, Clone, Default)]
pub struct Periods {
    /// The pieces, ascending; the first covers the start.
    pub pieces: Vec<PeriodParams>,
    /// Labels of the months, such as `2025-01`.
    pub months: Vec<String>,
    /// Labels of the ISO weeks, such as `2025-W01`, each with its beginning and its end.
    pub weeks: Vec<WeekParams>,
}

/// A piece of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodParams {
    /// Its beginning; it ends where the next one begins.
    pub from: Time,
    /// Its month, by place in [`Periods::months`].
    pub month: u16,
    /// Its week, by place in [`Periods::weeks`]; `None` where the run is too long to be told week by week.
    pub week: Option<u16>,
}

/// A civil week, from Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekParams {
    /// Label, such as `2025-W01`.
    pub label: String,
    /// Its beginning, which for the first week may lie before the start.
    pub from: Time,
    /// Its end, exclusive.
    pub to: Time,
}

/// The measured window and its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Beginning of measurement (end of the warm-up).
    pub from: Time,
    /// End of measurement, exclusive.
    pub to: Time,
    /// No shipment is released after this instant.
    pub arrivals_until: Time,
    /// The run ends at the latest here, the drain limit.
    pub end: Time,
}

impl Window {
    /// Whether an instant is measured.
    #[inline]
    pub fn contains(&self, at: Time) -> bool {
        self.from <= at && at < self.to
    }
}

/// A place.
#[derive(Debug, Clone)]
pub struct NodeParams {
    /// Id in the scenario.
    pub name: String,
    /// Shifts from simulation time to local civil time counted from a Monday 00:00: `(from, shift)` in milliseconds,
    /// ascending, the first covers the start. Changes at daylight-saving nights.
    pub week_shifts: Vec<(i64, i64)>,
}

/// A regime process: each period the state stays with the persistence, else is redrawn from the shares.
#[derive(Debug, Clone)]
pub struct RegimeParams {
    /// Id in the scenario.
    pub name: String,
    /// Length of a period.
    pub period: Duration,
    /// Word threshold of staying.
    pub persistence: u64,
    /// Cumulative word thresholds of the states.
    pub shares: Vec<u64>,
    /// Stream of the process.
    pub stream: StreamId,
}

/// A recurring service.
#[derive(Debug, Clone)]
pub struct ServiceParams {
    /// Id in the scenario.
    pub name: String,
    /// Stops in order.
    pub stops: Vec<NodeId>,
    /// When it leaves the first stop.
    pub departs: DepartureRule,
    /// Per stop, whether some itinerary boards there.
    pub boarding_stops: Vec<bool>,
    /// How long before a scheduled departure a shipment must be ready.
    pub cutoff: Duration,
    /// What fits aboard.
    pub capacity: Capacity,
    /// What the capacity counts.
    pub unit: LoadUnit,
    /// Running time of each leg.
    pub running: Vec<(Law, StreamId)>,
    /// Planned departure from each stop, from the scheduled departure at the first.
    pub planned_departure: Vec<Duration>,
    /// Planned arrival at each stop, likewise; the first is zero.
    pub planned_arrival: Vec<Duration>,
    /// An arrival at most this late is punctual.
    pub punctual: Duration,
    /// Blank sailings.
    pub cancellation: Cancellation,
    /// Delay of the departure.
    pub delay: Option<(Law, StreamId)>,
    /// Priority classes at boarding; 1 boards by readiness alone.
    pub classes: u8,
    /// A shipment that does not fit does not hold back those behind it.
    pub overtake: bool,
    /// An empty vehicle runs.
    pub run_empty: bool,
    /// Milligrams of CO2e of each leg, to be shared among what is aboard by mass; empty where it is not shared.
    pub leg_emissions: Vec<i64>,
    /// Storms and the like, which strike single vehicles on some legs.
    pub storms: Vec<StormParams>,
    /// Time added to each arrival, after the running time.
    pub slip: Option<(Law, StreamId)>,
    /// Vehicles that rotate; `None` for as many as there are departures.
    pub fleet: Option<FleetParams>,
    /// Space that traffic which is not simulated takes on the whole run of a departure, in the unit of the capacity. More than
    /// the capacity is taken for the capacity.
    pub background: Option<(Law, StreamId)>,
    /// Factors of the capacity: `(from, factor)`, ascending, the first covers the start. Empty: always one.
    pub season: Vec<(Time, f64)>,
    /// Of a shipment of several units that does not fit, those that fit board.
    pub split: bool,
    /// What the vehicle does from its departure on.
    pub program: OpIndex,
}

/// The vehicles of a service. Each makes one run after the other.
#[derive(Debug, Clone)]
pub struct FleetParams {
    /// How many.
    pub vehicles: u32,
    /// Time from the end of a run until the vehicle can leave the first stop again; `None` for none.
    pub turnaround: Option<(Law, StreamId)>,
}

/// A connection on demand.
#[derive(Debug, Clone)]
pub struct ConnectionParams {
    /// Id in the scenario.
    pub name: String,
    /// Vehicles; `None` for any number.
    pub fleet: Option<u32>,
}

/// Something that strikes a vehicle under way and stops its running clock meanwhile.
#[derive(Debug, Clone)]
pub struct StormParams {
    /// Whether it strikes on each leg.
    pub legs: Vec<bool>,
    /// Running time between strikes, in milliseconds.
    pub gap: Law,
    /// How long one lasts.
    pub length: Law,
    /// Stream of both, by departure and leg.
    pub stream: StreamId,
}

/// Something that goes wrong: when, and what it does while it lasts.
#[derive(Debug, Clone)]
pub struct DisruptionParams {
    /// Id in the scenario.
    pub name: String,
    /// When it lasts.
    pub when: OccurrenceRule,
    /// What it does.
    pub acts: Vec<Act>,
}

/// When a disruption lasts.
#[derive(Debug, Clone)]
pub enum OccurrenceRule {
    /// In these intervals: sorted, disjoint, not touching.
    Dated(Vec<(Time, Time)>),
    /// Alternately absent and present, beginning absent.
    Alternating {
        /// Absence.
        up: Law,
        /// Presence.
        down: Law,
        /// Stream of both, by their count.
        stream: StreamId,
    },
    /// At random instants; strikes that overlap merge.
    Strikes {
        /// Distance of the beginnings, in operational time if there is a profile.
        gap: Law,
        /// How the rate varies; `None` for not at all.
        profile: Option<ProfileParams>,
        /// How long one lasts.
        length: Law,
        /// Stream of both, by their count.
        stream: StreamId,
    },
}

/// One effect on one thing.
#[derive(Debug, Clone)]
pub struct Act {
    /// What it befalls.
    pub target: ActTarget,
    /// What it does.
    pub effect: ActEffect,
}

/// What an effect befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActTarget {
    /// A resource.
    Resource(ResourceId),
    /// The departures of a service from its first stop.
    Departures(ServiceId),
    /// One leg of a service, from the stop of this number; the first leg stands for the departures too.
    Leg(ServiceId, u16),
    /// A connection.
    Connection(ConnectionId),
    /// An itinerary, for diversions.
    Itinerary(ItineraryId),
}

/// What an effect does.
#[derive(Debug, Clone)]
pub enum ActEffect {
    /// Nothing begins or departs; what is under way goes on.
    Close,
    /// Servers, or the load of departures, are multiplied, rounded down.
    Capacity(f64),
    /// Times that begin meanwhile are multiplied.
    TimeScale(f64),
    /// Times that begin meanwhile are lengthened by a draw, keyed by the shipment or vehicle that begins one.
    TimeAdd(Law, StreamId),
    /// Departures are cancelled.
    Cancel,
    /// Shipments that come into being meanwhile go by another itinerary of their flow.
    Divert(ItineraryId),
}

impl DisruptionParams {
    /// Whether it changes which itineraries are taken.
    pub fn changes_choices(&self) -> bool {
        self.acts.iter().any(|act| act.effect.changes_choices())
    }
}

impl ActEffect {
    /// Whether it changes which itineraries are taken.
    pub fn changes_choices(&self) -> bool {
        matches!(self, Self::Close | Self::Cancel | Self::Divert(_))
    }
}

impl ServiceParams {
    /// Whether any itinerary boards at a stop.
    pub fn boards_at(&self, stop: usize) -> bool {
        self.boarding_stops.get(stop).copied().unwrap_or(false)
    }
}

/// When a service departs from its first stop.
#[derive(Debug, Clone)]
pub enum DepartureRule {
    /// First at the offset, then every period.
    Every {
        /// First departure.
        offset: Duration,
        /// Distance of departures.
        period: Duration,
    },
    /// At these instants, ascending.
    Dates(Vec<Time>),
    /// Distances drawn from a law, beginning with a full one.
    Headway(Law, StreamId),
    /// When nothing waiting fits any more, or so much waits, or the oldest has waited so long.
    WhenFull {
        /// Longest wait of the oldest shipment; `None` for no limit.
        longest_wait: Option<Duration>,
        /// Leaves with this quantity, in the unit of the capacity; `None`: with the capacity.
        quantity: Option<i64>,
    },
}

/// What fits aboard one departure, in the service's unit.
#[derive(Debug, Clone)]
pub enum Capacity {
    /// Always the same.
    Fixed(i64),
    /// Drawn for each departure.
    Random(Law, StreamId),
    /// Everything.
    Unlimited,
}

/// Cancelled departures.
#[derive(Debug, Clone)]
pub enum Cancellation {
    /// None.
    Never,
    /// Each by itself: the word threshold.
    Independent(u64, StreamId),
    /// In runs: a two-state chain, with the word thresholds of entering and of staying, and of the first state.
    Runs {
        /// Threshold of a cancelled departure after one that ran.
        enter: u64,
        /// Threshold of a cancelled departure after a cancelled one.
        stay: u64,
        /// Threshold of the very first.
        first: u64,
        /// Stream of the chain.
        stream: StreamId,
    },
}

/// A flow of like shipments.
#[derive(Debug, Clone)]
pub struct FlowParams {
    /// Id in the scenario.
    pub name: String,
    /// Where its shipments are released.
    pub origin: NodeId,
    /// When shipments are released.
    pub arrivals: ArrivalRule,
    /// Seasonal intensity, if any.
    pub profile: Option<ProfileParams>,
    /// Shipments per arrival; `None` for one.
    pub batch: Option<(Law, StreamId)>,
    /// Thousandths of a TEU of a shipment.
    pub teu: Amount,
    /// Kilograms of a shipment.
    pub mass: Amount,
    /// Units (pallets, unit load devices) of a shipment; one at least.
    pub units: Amount,
    /// Class in priority queues, 0 the most urgent.
    pub class: u8,
    /// Counts in no promise.
    pub background: bool,
    /// Candidate itineraries with the cumulative word threshold of each; the last is `u64::MAX`.
    pub itineraries: Vec<(ItineraryId, u64)>,
    /// Stream of the choice of itinerary.
    pub choice: StreamId,
    /// Whether a shipment whose itinerary is closed when it comes into being takes another that is open.
    pub reroutes: bool,
    /// The itineraries from the best to the worst: which one is taken when those that are open have no share.
    pub preference: Vec<ItineraryId>,
    /// What it sees of queues when it chooses; `None` if it goes by the shares above.
    pub sight: Option<Sight>,
    /// Clocks, by name. The first is released to delivered.
    pub clocks: Vec<ClockParams>,
    /// Promises on this flow: which, and the clock by its place in `clocks`.
    pub promises: Vec<(PromiseId, u8)>,
}

/// When shipments of a flow are released.
#[derive(Debug, Clone)]
pub enum ArrivalRule {
    /// Distances drawn from a law, beginning with a full one.
    Renewal(Law, StreamId),
    /// First at the offset, then every period.
    Regular {
        /// First arrival.
        offset: Duration,
        /// Distance of arrivals.
        period: Duration,
    },
    /// At these instants, ascending.
    Dates(Vec<Time>),
}

/// A piecewise constant intensity: operational time runs at `rate` until the next entry.
#[derive(Debug, Clone)]
pub struct ProfileParams {
    /// `(from, rate)`, ascending, the first covers the start; the long-run mean rate is one.
    pub rates: Vec<(Time, f64)>,
}

/// A quantity of a shipment.
#[derive(Debug, Clone)]
pub enum Amount {
    /// Always the same, in the base unit.
    Fixed(i64),
    /// Drawn for each shipment.
    Random(Law, StreamId),
    /// So much for each TEU of the shipment.
    PerTeu(i64),
    /// Of each shipment by its number, as a trace has it; beyond its end nothing.
    Listed(Vec<i64>),
}

/// A candidate itinerary.
#[derive(Debug, Clone)]
pub struct ItineraryParams {
    /// Id within its flow.
    pub name: String,
    /// Its flow.
    pub flow: FlowId,
    /// Where its program begins.
    pub program: OpIndex,
    /// What closes it when it is closed; the departures of a service when they are cancelled.
    pub closers: Vec<ActTarget>,
    /// The rides at watched stops that its shipments are sure to take.
    pub bookings: Vec<Booking>,
}

/// A stage of a flow.
#[derive(Debug, Clone)]
pub struct StageParams {
    /// Stable name within its flow; of a part, with that of its ride before it: `train.legs.a--b`.
    pub name: String,
    /// Its flow.
    pub flow: FlowId,
    /// Whether it is a part of a ride, whose time the ride's own stage holds too.
    pub is_part: bool,
    /// Whether it is a ride with parts.
    pub has_parts: bool,
    /// Whether it is paid and takes no time.
    pub is_charge: bool,
}

/// One end of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockEnd {
    /// The release.
    Released,
    /// A stamped mark.
    Mark(u8),
    /// The delivery.
    Delivered,
}

/// A pair of milestones.
#[derive(Debug, Clone)]
pub struct ClockParams {
    /// Id in the scenario.
    pub name: String,
    /// Begins.
    pub from: ClockEnd,
    /// Ends.
    pub to: ClockEnd,
}

/// Most marks a shipment can carry.
pub const N_MARKS: usize = 6;

/// A promise.
#[derive(Debug, Clone)]
pub struct PromiseParams {
    /// Id in the scenario.
    pub name: String,
    /// The flows it speaks of.
    pub flows: Vec<FlowId>,
    /// When it is kept.
    pub limit: Limit,
}

/// When a promise is kept.
#[derive(Debug, Clone)]
pub enum Limit {
    /// The clock shows at most this.
    Within(Duration),
    /// The clock ends before the end of the n-th local calendar day after the day it began on. Both days are those of
    /// the place where the shipment is delivered.
    EndOfDay {
        /// How many days later; 0 is the same day.
        days: u32,
        /// Local midnights of each zone in which shipments are delivered, ascending, from the one at or before the start
        /// to well after the end.
        calendars: Vec<Vec<Time>>,
        /// The place in `calendars` of the zone where each itinerary ends; without meaning for other flows' itineraries.
        calendar_of: IdVec<ItineraryId, u16>,
    },
}

impl Limit {
    /// Whether a clock from `from` to `to` keeps the promise, of a shipment that came by an itinerary.
    pub fn is_kept(&self, itinerary: ItineraryId, from: Time, to: Time) -> bool {
        match self {
            Self::Within(limit) => to - from <= *limit,
            Self::EndOfDay { days, calendars, calendar_of } => {
                let midnights = &calendars[usize::from(calendar_of[itinerary])];
                let day = midnights.partition_point(|&midnight| midnight <= from);
                midnights.get(day + *days as usize).is_none_or(|&end| to < end)
            }
        }
    }
}

/// A keyed stream: a purpose of an owner, as name hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamParams {
    /// Hash of the purpose's name.
    pub purpose: u64,
    /// Hash of the owner's name.
    pub owner: u64,
}

/// The table of local time where a resource stands.
pub(crate) fn week_shifts(model: &Model, resource: ResourceId) -> &[(i64, i64)] {
    &model.nodes[model.resources[resource].node].week_shifts
}
