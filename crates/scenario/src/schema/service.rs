//! Services that run repeatedly, and transport on demand.
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
    /// A train, vessel, flight or line-haul truck that runs repeatedly along fixed stops.
    pub struct Service ("service") {
        /// Means of transport.
        mode: Mode,
        /// Name for reports.
        name: Option<Text>,
        /// The nodes where it stops, in this order; at least two.
        stops: Located<Vec<Located<Name>>>,
        /// When it leaves its first stop.
        departs: Located<Departs>,
        /// How long before the scheduled departure a shipment must be ready. Raising it makes more
        /// shipments wait for the next departure.
        cutoff: Duration = "0h",
        /// The capacity of one departure. Raising it leaves fewer shipments behind.
        capacity: Located<Capacity>,
        /// Running time of each leg, from one stop to the next.
        running: Located<Vec<Law<Duration>>>,
        /// Time at each stop between the first and the last. Zero by default.
        dwell: Option<Located<Vec<Law<Duration>>>>,
        /// Planned arrival at each stop after the first, counted from the departure. By default the sums of
        /// medians of `running` and `dwell`.
        planned: Option<Located<Vec<Duration>>>,
        /// Work on the vehicle at a stop: a procedure, or steps. It is done at the first stop after
        /// loading, and at the others before unloading. The cargo aboard waits with the vehicle.
        at_stop: BTreeMap<Name, Keyed<AtStop>>,
        /// Share of departures that are cancelled, singly or in runs.
        cancelled: Cancelled = 0,
        /// Delay of the departure from the first stop. None by default.
        delay: Option<Law<Duration>>,
        /// Time added to each arrival at a stop, after the running time. The plan does not foresee it: the
        /// vehicle is late, and the time counts as moving. None by default.
        slip: Option<Law<Duration>>,
        /// Which shipment boards first.
        boarding: Boarding = Readiness,
        /// Whether smaller shipments may board if one ahead of them does not fit.
        overtake: bool = false,
        /// Whether a shipment of several `units` that does not fit boards with as many whole units as fit,
        /// while the rest keeps its place. It continues when its last unit has come, and its times are
        /// those of that unit. Otherwise it boards as a whole or not at all.
        split: bool = false,
        /// Whether it runs without any load. If not, it runs only if something waits at one of its stops
        /// when it is due to leave the first.
        run_empty: bool = true,
        /// Number of vehicles. A vehicle is taken from the departure, its delay included, to the end of the
        /// run and of the `turnaround`. A departure without a vehicle waits for the first to return, in the
        /// order of the timetable. Its cut-off is still that of the timetable, and the wait of its
        /// shipments counts as waiting for the timetable. Unlimited by default.
        fleet: Option<Located<Positive<u64>>>,
        /// Time from the end of a run at the last stop until the vehicle can leave the first stop again,
        /// the return trip included. Zero by default. Only with a `fleet`.
        turnaround: Option<Law<Duration>>,
        /// Space taken by traffic that is not simulated. It is drawn for each departure, lasts from the
        /// first stop to the last, and is at most the capacity. It counts in the load factor and bears its
        /// share of the vehicle's emissions. None by default.
        background: Option<Law<Load>>,
        /// Length of each leg, for emissions and cost. By default the great circle.
        distance: Option<Located<Vec<Distance>>>,
        /// The longest time behind plan at which an arrival is still punctual. 24 h by default, 15 min by
        /// air.
        punctual: Option<Duration>,
        /// The price of a ride: per shipment, TEU or t for any ride, or by the distance ridden. Zero by
        /// default.
        freight: Freight,
        /// The part of it that a third party pays. Costs are reported with and without it.
        subsidy: Freight,
        /// Its emissions, well to wheel. A factor per km is that of the vehicle, shared among its load by
        /// mass.
        emission: Option<Located<Factor<true>>>,
        /// The load that the factor per tkm assumes. A leg then emits the factor times this load, shared
        /// among the load aboard by mass, so that an emptier train emits more per tonne. By default the
        /// factor holds for any load.
        reference_load: Option<Located<Positive<Mass>>>,
        /// The same factor with radiative forcing, for aircraft. It is reported separately, as a note.
        radiative_forcing: Option<Located<Factor<true>>>,
    }
}

choice! {
    /// The capacity of one departure.
    pub enum Capacity ("capacity", bare Fixed) {
        /// The same at each departure, written as a plain load: "110 TEU", "100 t", "20 shipments", "30
        /// ULD".
        Fixed(load: Load),
        /// Drawn for each departure.
        Random(law: Law<Load>),
        /// By season, for example because low water limits the draught.
        Seasonal {
            /// The load at a factor of 1. A law is drawn for each departure.
            load: Law<Load>,
            /// Factors of the months, January first, by the local time of the first stop at departure. They are not scaled;
            /// the product is rounded down.
            month: Located<[f64; 12]>,
        },
        /// Everything that is ready.
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
        /// Every week at these local times of the first stop: "Wed 10:20", "Mon-Fri 08:00". A time that is
        /// named twice is one departure.
        Weekly(times: Vec<Located<String>>),
        /// At these local times of the first stop: "2025-03-01T10:20". A time that is listed twice, in any
        /// spelling or zone, is one departure. Times outside the run have no effect; at least one must lie
        /// within it.
        Dates(times: Vec<Located<Moment>>),
        /// At intervals that are drawn independently. The first departure is one interval after the start.
        Headway(interval: Law<Duration>),
        /// When no waiting shipment fits any more, when the quantity is reached, or when the oldest
        /// shipment has waited the longest time.
        WhenFull {
            /// The longest wait of the oldest shipment. Unlimited by default.
            longest_wait: Option<Located<Positive<Duration>>>,
            /// The quantity at which it leaves. By default the capacity.
            quantity: Option<Located<Positive<Load>>>,
        },
    }
}

choice! {
    /// Work on a vehicle at a stop.
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
        /// Each departure independently with this probability, written as a plain share.
        Singly(share: Share),
        /// In runs of consecutive departures.
        Runs {
            /// The long-run share of departures that are cancelled, less than 1.
            share: Located<Share>,
            /// The mean number of departures in a run, at least 1.
            mean_length: Located<f64>,
        },
    }
}

choice! {
    /// Which shipment boards first.
    #[derive(Eq, Copy)]
    pub enum Boarding ("order of boarding") {
        /// The shipment that was ready first.
        Readiness,
        /// The most urgent class, and within a class the shipment that was ready first.
        Priority,
    }
}

record! {
    /// Transport on demand. It leaves when the shipment is ready.
    pub struct Connection ("connection") {
        /// Means of transport.
        mode: Mode = Road,
        /// Name for reports.
        name: Option<Text>,
        /// Where it begins.
        from: Located<Name>,
        /// Where it ends.
        to: Located<Name>,
        /// The time of a haul. By default distance divided by speed.
        time: Option<Law<Duration>>,
        /// The distance. By default the great circle.
        distance: Option<Located<Positive<Distance>>>,
        /// The speed, if no `time` is given.
        speed: Option<Located<Positive<Speed>>>,
        /// Number of vehicles, for both directions together. A haul without a vehicle waits for a server,
        /// first come, first served. Unlimited by default.
        fleet: Option<Located<Positive<u64>>>,
        /// The time until a vehicle of the `fleet` is back after a haul. By default it is free at once.
        return_time: Option<Law<Duration>>,
        /// Whether it also runs in the opposite direction, on the same terms.
        both_ways: bool = false,
        /// The price of a haul.
        freight: Freight,
        /// The part of it that a third party pays.
        subsidy: Freight,
        /// Its emissions, well to wheel. A factor per km is that of one truck for each shipment.
        emission: Option<Located<Factor<true>>>,
    }
}
