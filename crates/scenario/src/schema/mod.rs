//! The types of the language, version 1. `sanda schema` prints their doc comments.
//!
//! Owns what the language can express. Does not own how it is read (`decode`), what must hold between its
//! parts (`check`), or the model it becomes (`build`).

mod common;
mod event;
mod flow;
mod law;
mod law_compile;
mod law_value;
mod money;
mod place;
mod price;
mod promise;
mod service;
mod step;

pub use common::{Confidence, DateSpan, Load, OneOrMany, Provenance, Text, Zone};
pub use event::{
    DatedSpan, Disruption, Effect, Lever, LeverCost, Occurrence, Passage, Range, Regime, Target,
};
pub use flow::{
    Arrivals, Column, CustomsAttributes, CustomsMode, CustomsShare, Declaration, Flow, Itinerary, Operator,
    Profile, Replan, RouteChoice, Sight, WhenClosed,
};
pub use law::{Law, LawSpec, Part, Point, Weighted};
pub use law_compile::LawProblem;
pub use law_value::{Decimal, LawValue};
pub use money::{Budget, Currency, CurrencyRate};
pub use place::{
    BreakdownClock, Breakdowns, Closing, Discipline, Interrupted, Node, NodeKind, Open, Position, Resource,
    Servers, Shift, WhenFull,
};
pub use price::{Factor, FeeKind, Fees, Freight, MoneyTerms, Prices};
pub use promise::{Clock, Milestone, Promise};
pub use service::{AtStop, Boarding, Cancelled, Capacity, Connection, Departs, Service};
pub use step::{Category, ChooseCase, CustomsCase, Mode, Per, Procedure, Step, StepKind, Turn};

use std::collections::BTreeMap;

use sanda_network::Epoch;
use sanda_units::{Duration, Share};

use crate::{
    decode::{Context, Decode, Name, Positive, Schema, Section, choice, record},
    source::Located,
    tree::{Tree, Value},
};

record! {
    /// How a file builds on others. These fields are used up when the files are composed.
    pub struct Composition ("scenario") {
        /// The scenario on which this one builds, as a path relative to this file. Everything in it holds
        /// unless changed.
        base: Option<Located<String>>,
        /// One or several files that contain only sections (nodes, services, ...). Their entries are added
        /// to those of this file.
        network: Option<OneOrMany<Located<String>>>,
        /// New values for parameters of the base, by path: `"services.train.capacity": "120 TEU"`. `[i]` is
        /// the item of a list with index i, counted from 0. A whole new entry of a section may be added.
        /// The value `None` removes what was there.
        changes: Changes,
    }
}

/// Changes by path, in the order written, each with the place of its path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes(pub Vec<(Located<String>, Tree)>);

impl Decode for Changes {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let Value::Map(entries) = &tree.value else {
            cx.wrong_kind(tree, "a map `{ \"path\": value, }`");
            return None;
        };
        let mut changes = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            match &key.value {
                Value::Text(path) => changes.push((Located::new(path.clone(), key.span), value.clone())),
                _ => cx.wrong_kind(key, "a path in quotes"),
            }
        }
        Some(Self(changes))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn describe(_: &mut Schema) -> String {
        "{ path: value }".to_owned()
    }
}

record! {
    /// A whole scenario: the run, the network, the traffic and the promises.
    pub struct Scenario ("scenario") {
        /// Version of the language. The only version so far is 1.
        schema: Located<u64>,
        /// Id of the scenario. It is also the name of its output folder.
        name: Located<Name>,
        /// Title for reports.
        title: Option<Text>,
        /// The question this scenario answers, for reports.
        question: Option<Text>,
        /// The civil instant at which simulated time begins, with its time zone. The zone is also the
        /// default zone of nodes, and the zone of months and weeks in reports. An offset before the zone
        /// tells the two passes of a repeated hour apart, and must be one that the zone has then:
        /// "2025-10-26T02:30+01:00[Europe/Berlin]".
        start: Located<Epoch> = "2025-01-06T00:00[Asia/Shanghai]",
        /// How long to simulate, how often, and with which seed.
        run: Run,
        /// Places where shipments are handled.
        nodes: Section<Node>,
        /// Servers that shipments or vehicles queue for.
        resources: Section<Resource>,
        /// Named opening hours, for use in several places.
        calendars: Section<Calendar>,
        /// Named lists of steps. A step calls them, or they apply by their `turn` at a node.
        procedures: Section<Procedure>,
        /// States of the world that persist (normal, busy, crisis). Waits can depend on them.
        regimes: Section<Regime>,
        /// Trains, vessels, flights and line-haul trucks that run repeatedly.
        services: Section<Service>,
        /// Road haulage and other transport on demand.
        connections: Section<Connection>,
        /// Streams of shipments that are released again and again.
        flows: Section<Flow>,
        /// Pairs of milestones between which time is measured, besides the built-in "door-to-door".
        clocks: Section<Clock>,
        /// Promises about the time within which shipments arrive.
        promises: Section<Promise>,
        /// Straits, canals and borders that services use and that may be closed.
        passages: Section<Passage>,
        /// Closures, slow-downs and cancellations, by date or at random.
        disruptions: Section<Disruption>,
        /// Measures for `sanda plan`. The command does not exist yet and levers are refused; use `changes`
        /// instead.
        levers: Section<Lever>,
        /// The terms on which costs are calculated.
        money: MoneyTerms = (),
        /// Exchange rates, as yuan for one unit of the currency: `"USD": "7.2 CNY"`.
        rates: BTreeMap<Currency, CurrencyRate>,
    }
}

record! {
    /// The length of a run and its repetition.
    pub struct Run ("run") {
        /// Time at the beginning that is simulated but not measured. Raising it removes the bias of an
        /// empty start and costs computing time.
        warm_up: Duration = "0h",
        /// Length of the measurement window. Raising it narrows the intervals.
        measure: Located<Positive<Duration>>,
        /// Longest time after the window for its shipments to arrive. It must exceed the longest promise. A
        /// shipment that is still under way after it has broken its promise.
        drain: Located<Duration> = "120d",
        /// Until when shipments are released.
        arrivals_until: ArrivalsUntil = DrainEnd,
        /// Number of independent replications. Raising it narrows the intervals, by its square root.
        replications: Located<Positive<u64>> = 20,
        /// Number of points of the declared input ranges that are tried, with one replication each. They
        /// give the range of each promise over the inputs. From 20 points on, the range is the 5th to the
        /// 95th percentile of the points; with fewer points it is the lowest to the highest. 0 tries none.
        /// The default is two points for every three replications, 24 at most, and none if that is less
        /// than 8.
        input_points: Option<u64>,
        /// The seed of all random numbers. The same seed gives the same results to the last bit.
        seed: u64 = 1,
        /// Which differences matter when another scenario is compared with this one.
        matters: Option<Margins>,
    }
}

record! {
    /// The smallest differences that matter. Smaller differences are reported as no difference.
    pub struct Margins ("margins") {
        /// Smallest difference of the share that keeps a promise: `"1%"` is one percentage point. Raising
        /// it makes more scenarios count as equal.
        share: Located<Share> = "1%",
        /// Smallest difference of times (means and percentiles). Raising it makes more scenarios count as
        /// equal.
        time: Located<Positive<Duration>> = "6h",
    }
}

choice! {
    /// When arrivals stop.
    #[derive(Eq, Copy)]
    pub enum ArrivalsUntil ("end of arrivals") {
        /// At the end of the drain, so that late shipments meet the same traffic.
        DrainEnd,
        /// At the end of the measurement window, so that the system empties.
        MeasureEnd,
        /// At this time after the start.
        At(after: Duration),
    }
}

record! {
    /// Named opening hours. They may be written alone: `"office": Daily("08:00-18:00")`.
    pub struct Calendar ("calendar", alone open) {
        /// The hours, in the local time of the node where they are used.
        open: Open,
    }
}
