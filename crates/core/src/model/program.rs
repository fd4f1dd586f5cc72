//! The programs that shipments and vehicles run: flat lists of small operations.
//!
//! Every candidate itinerary of every flow, and every service, is compiled into one program. A shipment (or vehicle) is
//! a program counter with a life record; `advance.rs` is the interpreter. The operations are small plain values, their
//! parameters stand in side tables of [`Programs`], and each draw names a keyed stream that belongs to the operation's
//! declared name and its owner, never to its position.

use crate::kernel::law::Law;
use sanda_units::Duration;

use crate::model::ActTarget;
use crate::model::category::Category;
use crate::model::ids::{
    CalendarId, ConnectionId, ItineraryId, RegimeId, ResourceId, ServiceId, StageId, StreamId,
};

/// Index of an operation in [`Programs::ops`].
pub type OpIndex = u32;

/// One operation. The number in a variant is an index into the side table of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Queues at a resource, is worked on, releases it.
    Work(u32),
    /// Passes time without a server.
    Delay(u32),
    /// Uses a connection on demand; the index is that of a delay.
    Haul(u32),
    /// Waits until the calendar is open.
    Gate(CalendarId),
    /// Waits by the law of a regime's present state.
    Regime(u32),
    /// Goes on at one of several places by probability.
    Choose(u32),
    /// Goes on elsewhere.
    Jump(OpIndex),
    /// Goes back with a probability, else goes on.
    Repeat(u32),
    /// Takes servers and keeps them while the following operations run.
    Seize(u32),
    /// Gives back what `Seize` took.
    Free(u32),
    /// Starts all branches at once; the operation after the last branch is the join.
    Fork(u32),
    /// Ends a branch.
    BranchEnd,
    /// Waits for other cargo.
    Batch(u32),
    /// From here on all time counts as inspection.
    InspectionBegins,
    /// Inspection ends.
    InspectionEnds,
    /// Queues for a service and rides it.
    Ride(u32),
    /// Queues for several services at once; where the shipment boards, it goes on with the [`Op::Ride`] of that one.
    RideAny(u32),
    /// Decides at a hub, directly before a ride, whether the shipment goes on in another itinerary.
    Replan(u32),
    /// Pays a charge of [`Costs::charges`](crate::model::cost::Costs::charges): takes no time.
    Charge(u32),
    /// Stamps a milestone (index into the shipment's marks).
    Mark(u8),
    /// Ends a stage of the itinerary: its time is recorded.
    EndStage(StageId),
    /// The shipment is delivered.
    Deliver,
    /// A vehicle runs a leg (index within its service).
    Run(u16),
    /// A vehicle has arrived at a stop (index within its service).
    Arrive(u16),
    /// A vehicle hands over the cargo for a stop.
    Unload(u16),
    /// A vehicle takes on cargo at a later stop.
    Load(u16),
    /// The vehicle's run is over.
    Retire,
}

/// By what one draw of a working time is multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// One draw for the shipment (or for the whole vehicle).
    Job,
    /// One draw times the TEU.
    Teu,
    /// One draw times the tonnes.
    Tonne,
    /// One draw times the units.
    Unit,
}

impl Per {
    /// A drawn time for a quantity, in thousandths of a TEU, in kilograms and in units; rounded to nearest, half up.
    #[inline]
    pub fn of(self, time: i64, teu: i64, mass: i64, units: i64) -> i64 {
        let thousandths = match self {
            Self::Job => return time,
            Self::Teu => teu,
            Self::Tonne => mass,
            Self::Unit => return time.saturating_mul(units),
        };
        match time.checked_mul(thousandths).and_then(|product| product.checked_add(500)) {
            Some(product) => product / 1000,
            None => ((i128::from(time) * i128::from(thousandths) + 500) / 1000) as i64,
        }
    }
}

/// The least time, in milliseconds, that work or a delay of this law may take; nothing where it depends on a quantity.
pub(crate) fn least(time: &Law, per: Per) -> i64 {
    if per == Per::Job { time.least_whole().max(0) } else { 0 }
}

/// Parameters of [`Op::Work`] and, without a time, of [`Op::Seize`].
#[derive(Debug, Clone)]
pub struct WorkOp {
    /// Where.
    pub resource: ResourceId,
    /// How long, in milliseconds.
    pub time: Law,
    /// Stream of the time.
    pub stream: StreamId,
    /// Multiplier of the draw.
    pub per: Per,
    /// Servers used.
    pub units: u32,
    /// Class in the resource's queue, 0 the most urgent. `None`: the shipment's own.
    pub class: Option<u8>,
    /// The stage that this work is all of, if it is and its resource is always open: then the stage's times follow from
    /// the request, the start and the end, and need not be collected. See [`Programs::fuse`].
    pub whole_stage: Option<StageId>,
    /// How long a shipment waits before it gives up, by place in [`Programs::patiences`].
    pub patience: Option<u32>,
    /// Whether the next request after the work may find a full room where one waits outside: then the servers are kept
    /// until there is room. See [`Programs::find_blocked`].
    pub keeps: bool,
}

/// Parameters of [`Op::Delay`] and [`Op::Haul`].
#[derive(Debug, Clone)]
pub struct DelayOp {
    /// How long, in milliseconds.
    pub time: Law,
    /// Stream of the time.
    pub stream: StreamId,
    /// Multiplier of the draw.
    pub per: Per,
    /// What the time counts as.
    pub category: Category,
    /// The connection that is used, for [`Op::Haul`].
    pub connection: Option<ConnectionId>,
    /// How long a vehicle of the connection's fleet needs to come back; `None` for no time.
    pub way_back: Option<(Law, StreamId)>,
}

/// Parameters of [`Op::Regime`].
#[derive(Debug, Clone)]
pub struct RegimeOp {
    /// The regime process.
    pub regime: RegimeId,
    /// One law per state, in the order of the regime's states.
    pub times: Vec<Law>,
    /// Stream of the time.
    pub stream: StreamId,
}

/// Parameters of [`Op::Choose`].
#[derive(Debug, Clone)]
pub struct ChooseOp {
    /// Stream of the choice.
    pub stream: StreamId,
    /// Cumulative thresholds over 64-bit words, ascending, and where to go on: the first entry whose threshold exceeds
    /// the drawn word is taken.
    pub branches: Vec<(u64, OpIndex)>,
    /// Where to go on when no branch is taken.
    pub otherwise: OpIndex,
    /// Whether a shipment chooses alike whenever it comes by, in loops too.
    pub by_shipment: bool,
}

impl ChooseOp {
    /// The occurrence of the draw, of an entity with these laps.
    #[inline]
    pub fn occurrence(&self, laps: u64) -> u64 {
        if self.by_shipment { 0 } else { laps }
    }

    /// Where a drawn word leads.
    #[inline]
    pub fn way(&self, word: u64) -> OpIndex {
        let taken = self.branches.iter().find(|&&(threshold, _)| word < threshold);
        taken.map_or(self.otherwise, |&(_, to)| to)
    }
}

/// Parameters of [`Op::Repeat`].
#[derive(Debug, Clone, Copy)]
pub struct RepeatOp {
    /// Stream of the decision.
    pub stream: StreamId,
    /// Goes back when the drawn word is below this.
    pub threshold: u64,
    /// Where the loop begins.
    pub back_to: OpIndex,
    /// Nesting depth of the loop, 0 the outermost; its lap counter is number `depth` of the shipment's.
    pub depth: u8,
    /// Most laps in all; 0 for no limit.
    pub at_most: u32,
}

/// Parameters of [`Op::Fork`].
#[derive(Debug, Clone)]
pub struct ForkOp {
    /// Where each branch begins.
    pub branches: Vec<OpIndex>,
    /// Where the shipment goes on when all branches have ended.
    pub join: OpIndex,
}

/// Parameters of [`Op::Batch`]. Shipments that share the group wait together.
#[derive(Debug, Clone, Copy)]
pub struct BatchOp {
    /// Which group of waiting shipments.
    pub group: u32,
}

/// A group in which shipments wait for each other.
#[derive(Debug, Clone, Copy)]
pub struct BatchGroup {
    /// Goes on when this much is together, in `unit`.
    pub quantity: i64,
    /// What the quantity counts.
    pub unit: LoadUnit,
    /// Goes on at the latest this long after its first member came, in milliseconds; `i64::MAX` for no limit.
    pub longest_wait: i64,
}

/// What a capacity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadUnit {
    /// Thousandths of a TEU.
    Teu,
    /// Kilograms.
    Mass,
    /// Shipments.
    Shipments,
    /// Units of shipments.
    Units,
}

/// Parameters of [`Op::Ride`].
#[derive(Debug, Clone, Copy)]
pub struct RideOp {
    /// The service.
    pub service: ServiceId,
    /// Stop of boarding, by its place in the service.
    pub from: u16,
    /// Stop of leaving.
    pub to: u16,
    /// Marks to stamp at departure, as some clocks need it: one bit each.
    pub departed_marks: u8,
    /// Marks to stamp with the vehicle's arrival, likewise.
    pub arrived_marks: u8,
    /// Where the parts of the ride begin in [`Programs::ride_parts`]: of each leg, its running and the stop at its end.
    /// `None` for a ride that is no stage of its own.
    pub parts_from: Option<u32>,
    /// Where its legs begin in [`Costs::legs`](crate::model::cost::Costs::legs), if their emission is shared.
    pub legs_from: Option<u32>,
}

/// Parameters of [`Op::RideAny`]: services of which a shipment takes whichever leaves first.
#[derive(Debug, Clone)]
pub struct RideGroup {
    /// Where the rides stand among the operations, ascending by service. None leaves when full, none splits.
    pub rides: Vec<OpIndex>,
    /// The share of the shipments that each takes if all find room, as expected by the laws: for forecasts alone.
    pub shares: Vec<f64>,
}

/// When a shipment takes another way on from a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplanRule {
    /// When something on its own way on is closed.
    WhenClosed,
    /// Whenever another way on is quicker.
    AtHubs,
    /// When it is expected to be later than its itinerary promised by more than this, and another way on is quicker.
    WhenLate(Duration),
}

/// A way on from a hub to the delivery.
#[derive(Debug, Clone)]
pub struct WayOn {
    /// What closes it when it is closed, as for a whole itinerary. What lies behind the shipment is left out.
    pub closers: Vec<ActTarget>,
    /// The expected time from the hub to the delivery, by the laws of the input.
    pub time: Duration,
}

/// Another itinerary, whose steps up to a hub are those of the shipment's own.
#[derive(Debug, Clone)]
pub struct Switch {
    /// The itinerary.
    pub itinerary: ItineraryId,
    /// The operation at which a shipment goes on.
    pub at: OpIndex,
    /// The way on.
    pub way: WayOn,
    /// The expected time from the release to the hub.
    pub after: Duration,
    /// How much higher the numbers of the same charges are than on the shipment's own itinerary.
    pub charges: u32,
    /// How much higher the numbers of the same shared legs are, likewise.
    pub legs: u32,
}

/// Parameters of [`Op::Replan`].
#[derive(Debug, Clone)]
pub struct ReplanOp {
    /// When the shipment takes another way.
    pub rule: ReplanRule,
    /// The ride, or the choice between several, that follows.
    pub before: OpIndex,
    /// The shipment's own way on.
    pub own: WayOn,
    /// The expected time of the whole itinerary, from the release to the delivery.
    pub whole: Duration,
    /// The other ways on, in the order of the itineraries that they lead to.
    pub switches: Vec<Switch>,
}

/// All operations of a model and their side tables.
#[derive(Debug, Clone, Default)]
pub struct Programs {
    /// The operations of all programs, one after the other.
    pub ops: Vec<Op>,
    /// Parameters of work and seizing.
    pub works: Vec<WorkOp>,
    /// How long shipments wait before they give up, and the streams of that.
    pub patiences: Vec<(Law, StreamId)>,
    /// Parameters of delays and hauls.
    pub delays: Vec<DelayOp>,
    /// Parameters of regime waits.
    pub regimes: Vec<RegimeOp>,
    /// Parameters of choices.
    pub chooses: Vec<ChooseOp>,
    /// Parameters of loops.
    pub repeats: Vec<RepeatOp>,
    /// Parameters of forks.
    pub forks: Vec<ForkOp>,
    /// Parameters of batches.
    pub batches: Vec<BatchOp>,
    /// Parameters of rides.
    pub rides: Vec<RideOp>,
    /// Rides that shipments take whichever leaves first of.
    pub ride_groups: Vec<RideGroup>,
    /// Stages of the parts of rides.
    pub ride_parts: Vec<StageId>,
    /// Decisions at hubs.
    pub replans: Vec<ReplanOp>,
}

impl Programs {
    /// The operations of the program of an itinerary or a service that begins here, its end left out.
    pub fn from(&self, begin: OpIndex) -> impl Iterator<Item = Op> {
        let ops = self.ops[begin as usize..].iter().copied();
        ops.take_while(|op| !matches!(op, Op::Deliver | Op::Retire))
    }

    /// The rides of which a shipment before an operation takes one.
    pub fn rides_at(&self, op: Op) -> impl Iterator<Item = u32> {
        let (one, several) = match op {
            Op::Ride(ride) => (Some(ride), &[][..]),
            Op::RideAny(group) => (None, self.ride_groups[group as usize].rides.as_slice()),
            _ => (None, &[][..]),
        };
        one.into_iter().chain(several.iter().filter_map(|&at| match self.ops[at as usize] {
            Op::Ride(ride) => Some(ride),
            _ => None,
        }))
    }

    /// Whether a vehicle whose leg is the operation at this place unloads as soon as it has arrived at the stop behind it.
    pub fn unloads_at_once(&self, leg: usize, stop: u16) -> bool {
        self.ops.get(leg + 1..leg + 3) == Some(&[Op::Arrive(stop), Op::Unload(stop)])
    }

    /// Marks work that is all of a stage: directly followed by the stage's end, and directly preceded by another's.
    ///
    /// A quicker path to the same figures to the last bit; tests run both. `begins` are the first operations of
    /// programs, `is_plain` tells resources without hours and disruptions.
    pub fn fuse(&mut self, begins: &[OpIndex], is_plain: impl Fn(ResourceId) -> bool) {
        for place in 0..self.ops.len() {
            let (Op::Work(work), Some(Op::EndStage(stage))) = (self.ops[place], self.ops.get(place + 1))
            else {
                continue;
            };
            let alone = begins.contains(&(place as OpIndex))
                || place > 0 && matches!(self.ops[place - 1], Op::EndStage(_) | Op::Mark(_));
            let op = &mut self.works[work as usize];
            op.whole_stage = (alone && is_plain(op.resource)).then_some(*stage);
        }
    }

    /// Marks work that is followed at once by a request at a resource where one who finds no room `blocks`: such work keeps
    /// its servers until there is room (blocking after service).
    pub fn find_blocked(&mut self, blocks: impl Fn(ResourceId) -> bool) {
        for place in 0..self.ops.len() {
            let Op::Work(work) = self.ops[place] else { continue };
            let mut next = place + 1;
            let keeps = loop {
                match self.ops.get(next) {
                    Some(
                        Op::EndStage(_)
                        | Op::Mark(_)
                        | Op::Charge(_)
                        | Op::InspectionBegins
                        | Op::InspectionEnds,
                    ) => next += 1,
                    Some(Op::Jump(to)) if *to as usize > next => next = *to as usize,
                    Some(Op::Work(next) | Op::Seize(next)) => {
                        break blocks(self.works[*next as usize].resource);
                    }
                    _ => break false,
                }
            };
            self.works[work as usize].keeps = keeps;
        }
    }

    /// Takes the marks of [`Programs::fuse`] away.
    pub fn unfuse(&mut self) {
        self.works.iter_mut().for_each(|work| work.whole_stage = None);
    }
}

/// Most loops inside one another: one 32-bit counter of laps each.
pub const DEEPEST_LOOP: u8 = 4;

/// The threshold below which a uniform 64-bit word falls with probability `share`.
///
/// `share >= 1` gives `u64::MAX`; the one word in 2^64 that is not below it does not matter.
pub fn threshold(share: f64) -> u64 {
    if share >= 1.0 { u64::MAX } else { (share.max(0.0) * 18_446_744_073_709_551_616.0) as u64 }
}
