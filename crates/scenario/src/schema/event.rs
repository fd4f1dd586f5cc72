//! Events in the network: regimes, passages, disruptions; and the levers by which the network may be
//! changed.
//!
//! Does not own the search for the best levers (`sanda_experiment`).

use std::collections::BTreeMap;

use sanda_network::Moment;
use sanda_units::{Duration, Share};

use crate::{
    decode::{Keyed, Name, Positive, choice, record},
    schema::{Budget, Law, OneOrMany, Profile, Text},
    source::Located,
    tree::Tree,
};

record! {
    /// A state of the world that persists. After each period the state is kept with the given probability,
    /// else it is drawn again from the long-run shares.
    pub struct Regime ("regime") {
        /// Name for reports.
        name: Option<Text>,
        /// Length of a period, the shortest time that a state lasts.
        period: Located<Positive<Duration>> = "1w",
        /// The probability that the state of the last period is kept. Raising it makes states last longer.
        persistence: Located<Share>,
        /// The states with their long-run shares, which sum to 1.
        states: Located<BTreeMap<Name, Keyed<Share>>>,
    }
}

record! {
    /// A strait, canal or border that services pass.
    pub struct Passage ("passage") {
        /// Name for reports.
        name: Option<Text>,
        /// The services and connections that pass it.
        used_by: Vec<Located<Name>> = [],
        /// Whether it is closed for the whole run. Nothing that passes it is used then.
        closed: bool = false,
    }
}

record! {
    /// Something that goes wrong: where, when, and with what effect.
    pub struct Disruption ("disruption") {
        /// Name for reports.
        name: Option<Text>,
        /// Whether the disruption takes place. An inactive one is still checked, but the run is the same as
        /// without it.
        active: bool = true,
        /// What is affected.
        targets: Vec<Target>,
        /// When it happens.
        when: Occurrence,
        /// The effect, or several: `[Capacity(0.9), TimeScale(1.1)]`. Several effects begin and end
        /// together.
        effect: OneOrMany<Effect>,
    }
}

choice! {
    /// What a disruption affects.
    pub enum Target ("target") {
        /// A node with all its resources.
        Node(name: Located<Name>),
        /// One resource.
        Resource(name: Located<Name>),
        /// A service with all its legs.
        Service(name: Located<Name>),
        /// One leg of a service.
        Leg {
            /// The service.
            service: Located<Name>,
            /// The stop where the leg begins.
            from: Located<Name>,
        },
        /// A connection.
        Connection(name: Located<Name>),
        /// A strait, canal or border with everything that passes it.
        Passage(name: Located<Name>),
    }
}

choice! {
    /// When a disruption happens.
    pub enum Occurrence ("occurrence") {
        /// Between local times in the scenario's zone. Spans outside the run have no effect. At least one
        /// must overlap the run.
        Dated(spans: Vec<DatedSpan>),
        /// Alternately absent and present. Absent at the start.
        Random {
            /// Length of each absence. Raising it makes the disruption rarer.
            up: Law<Duration>,
            /// Length of each presence.
            down: Law<Duration>,
        },
        /// At random times. Strikes that overlap merge.
        Strikes {
            /// Mean number of strikes in the time `per`.
            mean: Located<Positive<f64>>,
            /// The time to which `mean` refers.
            per: Located<Positive<Duration>>,
            /// Length of each strike.
            length: Law<Duration>,
            /// How the rate varies by season, weekday and hour of the scenario's zone. Constant by default.
            /// `mean` is that of a whole year of whole days.
            profile: Option<Box<Profile>>,
        },
        /// On single vehicles while they are under way, such as storms or fog. The running time of the
        /// vehicle stops meanwhile.
        UnderWay {
            /// Mean number of strikes in one hour under way.
            per_hour: Located<Positive<f64>>,
            /// Length of each strike.
            length: Law<Duration>,
        },
    }
}

record! {
    /// A span from one local time to another in the scenario's zone.
    pub struct DatedSpan ("span of time") {
        /// The beginning: "2025-03-01T00:00".
        from: Located<Moment>,
        /// The end, not included.
        to: Located<Moment>,
    }
}

choice! {
    /// What a disruption does while it lasts.
    pub enum Effect ("effect") {
        /// Nothing begins or departs. What is under way continues.
        Close,
        /// Capacity (servers, or the load of departures) is multiplied and rounded down: half of one server
        /// is none, half of three is one. If several effects overlap, their factors are multiplied before
        /// rounding.
        Capacity(factor: Located<f64>),
        /// Times of work or running that begin meanwhile are multiplied.
        TimeScale(factor: Located<Positive<f64>>),
        /// Times of work or running that begin meanwhile are lengthened.
        TimeAdd(time: Law<Duration>),
        /// Departures are cancelled.
        Cancel,
        /// Shipments that are released meanwhile and would use a target take this itinerary of their flow,
        /// if the flow has one of this name. Of several such effects of one disruption, the first that fits
        /// the flow holds.
        Divert(itinerary: Located<Name>),
    }
}

record! {
    /// A measure for `sanda plan`: a parameter, its possible values, and their cost.
    pub struct Lever ("lever") {
        /// Name for reports.
        name: Option<Text>,
        /// The parameter: "resources.alashankou-gauge.servers".
        path: Located<String>,
        /// The possible values, with or without the present one.
        options: Option<Located<Vec<Tree>>>,
        /// Lowest and highest value, instead of `options`.
        range: Option<Range>,
        /// The cost of the measure.
        cost: Option<LeverCost>,
    }
}

record! {
    /// Values from a lowest to a highest, in equal steps.
    pub struct Range ("range") {
        /// The lowest value, written like the parameter.
        from: Tree,
        /// The highest value.
        to: Tree,
        /// Number of values, both ends included.
        points: Located<Positive<u64>> = 5,
    }
}

choice! {
    /// The cost of a lever.
    pub enum LeverCost ("cost of a lever") {
        /// For each unit (server, vehicle, weekly departure) above the present value.
        PerUnit(budget: Budget),
        /// Once, whatever the value.
        Once(budget: Budget),
    }
}
