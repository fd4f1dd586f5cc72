//! What happens to the network: regimes, passages, disruptions; and the levers by which it may be changed.
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
    /// A state of the world that persists: each period it stays with the given probability, else it is drawn again
    /// from the long-run shares.
    pub struct Regime ("regime") {
        /// Name for reports.
        name: Option<Text>,
        /// How long each state lasts at least.
        period: Located<Positive<Duration>> = "1w",
        /// The probability that a period keeps the state of the one before. Raising it makes spells longer.
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
        /// Whether it is closed throughout: then what passes it is never used.
        closed: bool = false,
    }
}

record! {
    /// Something that goes wrong: where, when, and what it does.
    pub struct Disruption ("disruption") {
        /// Name for reports.
        name: Option<Text>,
        /// Whether it takes part. One that does not is checked all the same, and a run is the same as without it.
        active: bool = true,
        /// What it befalls.
        targets: Vec<Target>,
        /// When it happens.
        when: Occurrence,
        /// What it does: one effect or several, `[Capacity(0.9), TimeScale(1.1)]`, which begin and end together.
        effect: OneOrMany<Effect>,
    }
}

choice! {
    /// What a disruption befalls.
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
        /// A strait, canal or border with all that passes it.
        Passage(name: Located<Name>),
    }
}

choice! {
    /// When a disruption happens.
    pub enum Occurrence ("occurrence") {
        /// Between local times of the scenario's zone. Spans outside the run have no effect; one at least must reach into
        /// it.
        Dated(spans: Vec<DatedSpan>),
        /// Alternately absent and present, beginning absent.
        Random {
            /// How long it stays away. Raising it makes it rarer.
            up: Law<Duration>,
            /// How long it lasts.
            down: Law<Duration>,
        },
        /// At random times; strikes that overlap merge.
        Strikes {
            /// Mean number in the time `per`.
            mean: Located<Positive<f64>>,
            /// The time that `mean` counts.
            per: Located<Positive<Duration>>,
            /// How long one lasts.
            length: Law<Duration>,
            /// How the rate varies by season, weekday and hour of the scenario's zone; not at all when left out. `mean` is
            /// that of a whole year of whole days.
            profile: Option<Box<Profile>>,
        },
        /// On single vehicles while they are under way, whose running time stops meanwhile: storms, fog.
        UnderWay {
            /// Mean number in one hour under way.
            per_hour: Located<Positive<f64>>,
            /// How long one lasts.
            length: Law<Duration>,
        },
    }
}

record! {
    /// From one local time to another of the scenario's zone.
    pub struct DatedSpan ("span of time") {
        /// Its beginning: "2025-03-01T00:00".
        from: Located<Moment>,
        /// Its end, not included.
        to: Located<Moment>,
    }
}

choice! {
    /// What a disruption does while it lasts.
    pub enum Effect ("effect") {
        /// Nothing begins or departs; what is under way goes on.
        Close,
        /// Capacity (servers, or the load of departures) is multiplied and rounded down: half of one server is none, half of three
        /// is one. Of several that last at a time the factors are multiplied first.
        Capacity(factor: Located<f64>),
        /// Times (of work, or of running) that begin meanwhile are multiplied.
        TimeScale(factor: Located<Positive<f64>>),
        /// Times (of work, or of running) that begin meanwhile are lengthened.
        TimeAdd(time: Law<Duration>),
        /// Departures are cancelled.
        Cancel,
        /// Shipments that come into being meanwhile and would use a target go by this itinerary of their flow, if it has one of
        /// that name. Of several such effects of one disruption the first that fits the flow holds.
        Divert(itinerary: Located<Name>),
    }
}

record! {
    /// A measure that `sanda plan` may take: a parameter, the values it may have instead, and what they cost.
    pub struct Lever ("lever") {
        /// Name for reports.
        name: Option<Text>,
        /// The parameter: "resources.alashankou-gauge.servers".
        path: Located<String>,
        /// The values it may have, the present one included or not.
        options: Option<Located<Vec<Tree>>>,
        /// Instead of `options`: lowest and highest value.
        range: Option<Range>,
        /// What it costs.
        cost: Option<LeverCost>,
    }
}

record! {
    /// Values from a lowest to a highest, in equal steps.
    pub struct Range ("range") {
        /// The lowest value, written as the parameter is.
        from: Tree,
        /// The highest value.
        to: Tree,
        /// How many values, both ends included.
        points: Located<Positive<u64>> = 5,
    }
}

choice! {
    /// What a lever costs.
    pub enum LeverCost ("cost of a lever") {
        /// For each unit (server, vehicle, departure a week) above the present value.
        PerUnit(budget: Budget),
        /// Once, whatever the value.
        Once(budget: Budget),
    }
}
