//! Services that recur, and transport on demand.
//!
//! Does not own the calendar arithmetic of timetables (`sanda_network`).

use sanda_network::Moment;
use sanda_units::{Distance, Duration, Mass, Share, Speed};

use crate::{
    decode::{Keyed, Name, Positive, choice, record},
    schema::{Factor, Freight, Law, Load, Mode, Step, Text},
    source::Located,
};
use std::collections::BTreeMap;

record! {
    /// A train, vessel, flight or line-haul truck that recurs along fixed stops.
    pub struct Service ("service") {
        /// Means of transport.
        mode: Mode,
        /// Name for reports.
        name: Option<Text>,
        /// The nodes it calls at, in this order; two at least.
        stops: Located<Vec<Located<Name>>>,
        /// When it leaves its first stop.
        departs: Located<Departs>,
        /// How long before the scheduled departure a shipment must be ready. Raising it makes more shipments wait for
        /// the next one.
        cutoff: Duration = "0h",
        /// What one departure carries. Raising it leaves fewer behind.
        capacity: Located<Capacity>,
        /// Running time of each leg, from one stop to the next.
        running: Located<Vec<Law<Duration>>>,
        /// Time at each stop between the first and the last; none when left out.
        dwell: Option<Located<Vec<Law<Duration>>>>,
        /// Planned arrival at each stop after the first, counted from the departure. Sums of medians of `running` and
        /// `dwell` when left out.
        planned: Option<Located<Vec<Duration>>>,
        /// What is done to the vehicle at a stop: a procedure, or steps. At the first stop after it has loaded, at the others
        /// before it unloads; what is aboard waits with it.
        at_stop: BTreeMap<Name, Keyed<AtStop>>,
        /// Share of departures that are cancelled, one by one or in runs.
        cancelled: Cancelled = 0,
        /// Delay of the departure from the first stop; none when left out.
        delay: Option<Law<Duration>>,
        /// Time added to each arrival at a stop, after the running time. The plan does not foresee it: the vehicle is late, and
        /// counts as moving. None when left out.
        slip: Option<Law<Duration>>,
        /// Who boards first.
        boarding: Boarding = Readiness,
        /// Whether a shipment that does not fit lets smaller ones behind it board.
        overtake: bool = false,
        /// Whether a shipment of several `units` that does not fit boards with as many whole units as fit, while the rest keeps
        /// its place. It goes on when its last unit has come, and its times are those of that unit. Otherwise it boards as a
        /// whole or not at all.
        split: bool = false,
        /// Whether it runs without any load. If not, it only does when somebody waits at one of its stops as it is due to leave
        /// the first.
        run_empty: bool = true,
        /// How many vehicles there are. One is taken from the departure, its delay included, to the end of the run and of the
        /// `turnaround`. A departure that finds none waits for the first to come back, in the order of the timetable: its cut-off
        /// still counts from the timetable, and its shipments wait for the timetable. Without bound when left out.
        fleet: Option<Located<Positive<u64>>>,
        /// Time from the end of a run at the last stop until the vehicle can leave the first one again, the way back included;
        /// none when left out. Only with a `fleet`.
        turnaround: Option<Law<Duration>>,
        /// Space taken by traffic that is not simulated, drawn for each departure and taken from the first stop to the last; at
        /// most the capacity. It counts as loaded in the load factor and bears its share of the vehicle's emissions, and nothing
        /// else is done to it. None when left out.
        background: Option<Law<Load>>,
        /// Length of each leg, for emissions and cost; the great circle when left out.
        distance: Option<Located<Vec<Distance>>>,
        /// The most an arrival may be behind plan and still be punctual; 24 h, by air 15 min, when left out.
        punctual: Option<Duration>,
        /// What a ride costs: per shipment, TEU or t whatever the stretch, or by the distance ridden. What is not stated costs
        /// nothing.
        freight: Freight,
        /// What of it somebody else pays. Costs are reported with it and without.
        subsidy: Freight,
        /// What it emits, well to wheel. Per km it is that of the vehicle, shared among what is aboard by mass.
        emission: Option<Located<Factor<true>>>,
        /// The load that the factor per tkm assumes: then a leg emits factor times this load, shared among what is aboard by
        /// mass, so that an empty train is dirtier for each tonne. The factor holds for any load when left out.
        reference_load: Option<Located<Positive<Mass>>>,
        /// The same factor with radiative forcing, for aircraft: reported apart, as a note.
        radiative_forcing: Option<Located<Factor<true>>>,
    }
}

choice! {
    /// What one departure carries.
    pub enum Capacity ("capacity", bare Fixed) {
        /// The same every time, written as a plain load: "110 TEU", "100 t", "20 shipments", "30 ULD".
        Fixed(load: Load),
        /// Drawn for each departure.
        Random(law: Law<Load>),
        /// By season: low water limits the draught and so the load.
        Seasonal {
            /// The load where the factor is 1; a law is drawn for each departure.
            load: Law<Load>,
            /// Factors of the months, January first, by the local time of the first stop at departure. They are not scaled;
            /// the product is rounded down.
            month: Located<[f64; 12]>,
        },
        /// Whatever there is.
        Unlimited,
    }
}

choice! {
    /// When a service leaves its first stop.
    pub enum Departs ("departure rule") {
        /// At equal intervals of elapsed time.
        Every {
            /// The interval. Raising it makes departures rarer.
            period: Located<Positive<Duration>>,
            /// The first departure, counted from the start.
            offset: Duration = "0h",
        },
        /// Every week at these local times of the first stop: "Wed 10:20", "Mon-Fri 08:00". A time that is named twice is
        /// one departure.
        Weekly(times: Vec<Located<String>>),
        /// At these local times of the first stop: "2025-03-01T10:20". One that is listed twice, in whatever spelling or
        /// zone, is one departure. Those outside the run have no effect; one at least must lie within it.
        Dates(times: Vec<Located<Moment>>),
        /// At intervals drawn anew each time, beginning with a whole one.
        Headway(interval: Law<Duration>),
        /// When nothing that waits fits any more, or enough has come, or the oldest has waited long enough.
        WhenFull {
            /// The longest wait of the oldest; for ever when left out.
            longest_wait: Option<Located<Positive<Duration>>>,
            /// How much is enough; the capacity when left out.
            quantity: Option<Located<Positive<Load>>>,
        },
    }
}

choice! {
    /// What is done to a vehicle at a stop.
    pub enum AtStop ("rule at a stop", bare Steps) {
        /// A procedure of the scenario.
        Procedure(name: Located<Name>),
        /// Steps, written as a plain list.
        Steps(steps: Vec<Step>),
    }
}

choice! {
    /// How departures are cancelled.
    pub enum Cancelled ("rule of cancellation", bare Singly) {
        /// Each on its own with this probability, written as a plain share.
        Singly(share: Share),
        /// In runs of consecutive departures.
        Runs {
            /// The long-run share of departures that are cancelled, less than 1.
            share: Located<Share>,
            /// The mean number of departures in a run, 1 at least.
            mean_length: Located<f64>,
        },
    }
}

choice! {
    /// Who boards first.
    #[derive(Eq, Copy)]
    pub enum Boarding ("order of boarding") {
        /// Who was ready first.
        Readiness,
        /// The most urgent class, and within it who was ready first.
        Priority,
    }
}

record! {
    /// Transport on demand: it leaves when the shipment is ready.
    pub struct Connection ("connection") {
        /// Means of transport.
        mode: Mode = Road,
        /// Name for reports.
        name: Option<Text>,
        /// Where it begins.
        from: Located<Name>,
        /// Where it ends.
        to: Located<Name>,
        /// How long it takes; distance by speed when left out.
        time: Option<Law<Duration>>,
        /// How far it is; the great circle when left out.
        distance: Option<Located<Positive<Distance>>>,
        /// How fast it goes, where no `time` is given.
        speed: Option<Located<Positive<Speed>>>,
        /// How many vehicles there are, for both ways together. A haul that finds none waits for a server, first come first
        /// served. Without bound when left out.
        fleet: Option<Located<Positive<u64>>>,
        /// How long a vehicle of the `fleet` needs to be back after a haul; none when left out: it is free where the haul ends.
        return_time: Option<Law<Duration>>,
        /// Whether it also runs back, on the same terms.
        both_ways: bool = false,
        /// What a haul costs.
        freight: Freight,
        /// What of it somebody else pays.
        subsidy: Freight,
        /// What it emits, well to wheel. Per km it is that of a truck for each shipment.
        emission: Option<Located<Factor<true>>>,
    }
}
