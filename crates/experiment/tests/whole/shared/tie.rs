//! Worlds for ties: small enough to be said in a line, with what happened in them as words such as `b0 desk 5`.
//!
//! All begin on a Monday at midnight, UTC, and count in hours. Does not own any expectation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sanda_core::model::Model;
use sanda_core::record::observer::{Boarding, Delivery, Observer, ServiceStart};
use sanda_core::replicate_observed;

use super::{compiled, results_of_built, value};

/// Sections of a scenario, each a list of entries.
#[derive(Clone, Default)]
pub(crate) struct Tie {
    resources: String,
    services: String,
    connections: String,
    flows: String,
    disruptions: String,
}

impl Tie {
    /// A resource with one server, unless `more` says otherwise.
    pub(crate) fn resource(mut self, id: &str, more: &str) -> Self {
        let comma = if more.is_empty() { "" } else { ", " };
        let _ = write!(self.resources, "\"{id}\": (at: \"yard\"{comma}{more}), ");
        self
    }

    /// A daily train from `yard` to `away`, an hour under way.
    pub(crate) fn train(self, first: u32, more: &str) -> Self {
        self.service("train", r#""yard", "away""#, first, more)
    }

    /// A daily service, an hour under way.
    pub(crate) fn service(mut self, id: &str, stops: &str, first: u32, more: &str) -> Self {
        let capacity = if more.contains("capacity") { "" } else { ", capacity: \"9 TEU\"" };
        let comma = if more.is_empty() { "" } else { ", " };
        let _ = write!(
            self.services,
            "\"{id}\": (mode: Rail, stops: [{stops}], departs: Every(period: \"24h\", offset: \"{first}h\"), running: [\"1h\"]{capacity}{comma}{more}), "
        );
        self
    }

    /// A road of an hour.
    pub(crate) fn road(mut self) -> Self {
        self.connections += r#""road": (from: "yard", to: "away", time: "1h"), "#;
        self
    }

    /// Shipments at these times, `"0h 30min, 4h"`, with these steps.
    pub(crate) fn flow(mut self, id: &str, at: &str, steps: &str) -> Self {
        let at: Vec<String> = at.split(", ").map(|time| format!("\"{time}\"")).collect();
        let _ = write!(self.flows, "\"{id}\": (arrivals: At([{}]), steps: [{steps}]), ", at.join(", "));
        self
    }

    /// A disruption of the first day, from one hour to another.
    pub(crate) fn disruption(mut self, target: &str, from: u32, to: u32, effect: &str) -> Self {
        let _ = write!(
            self.disruptions,
            "\"trouble\": (targets: [{target}], when: Dated([(from: \"2025-01-06T{from:02}:00\", to: \"2025-01-06T{to:02}:00\")]), effect: {effect}), "
        );
        self
    }

    fn text(&self) -> String {
        format!(
            r#"(schema: 1, name: "tie", start: "2025-01-06T00:00[UTC]",
            run: (measure: "10d", drain: "10d", arrivals_until: MeasureEnd, replications: 1),
            nodes: {{ "away": (), "home": (), "yard": () }}, resources: {{ {} }}, services: {{ {} }},
            connections: {{ {} }}, flows: {{ {} }}, disruptions: {{ {} }})"#,
            self.resources, self.services, self.connections, self.flows, self.disruptions
        )
    }

    /// What happens: `a0 desk 5` for the start of work, `a0 train 5` for boarding, `a0 done 6` for delivery.
    ///
    /// # Panics
    ///
    /// If the world is not sound, breaks an invariant, or comes out otherwise ahead of the clock.
    pub(crate) fn story(&self) -> BTreeSet<String> {
        let built = compiled(&self.text());
        let teller = Teller { model: &built.model, words: BTreeSet::new(), life: 0 };
        let (_, teller) = replicate_observed(&built.model, built.seed, 0, teller)
            .unwrap_or_else(|broken| panic!("{broken:?}"));
        let quick = results_of_built(&built, 1);
        let lives = built.model.flows.iter().map(|flow| {
            let figure = |what: &str| value(&quick, &format!("flows.{}.{what}", flow.name));
            figure("delivered") * figure("clocks.door-to-door.mean")
        });
        let (quick, told) = (lives.sum::<f64>(), teller.life as f64 / 3_600_000.0);
        assert!(
            (quick - told).abs() < 1e-6,
            "{quick} h of life ahead of the clock, {told} h in order\n{}",
            self.text()
        );
        teller.words
    }
}

/// Writes down what happens.
struct Teller<'m> {
    model: &'m Model,
    words: BTreeSet<String>,
    life: i64,
}

impl Teller<'_> {
    fn tell(&mut self, who: &str, number: u64, what: &str, at: i64) {
        self.words.insert(format!("{who}{number} {what} {}", at as f64 / 3_600_000.0));
    }
}

impl Observer for Teller<'_> {
    fn service_started(&mut self, at: &ServiceStart) {
        let owner = at.owner as usize;
        let who = if at.is_vehicle {
            self.model.services.iter().nth(owner).map(|service| &service.name)
        } else {
            self.model.flows.iter().nth(owner).map(|flow| &flow.name)
        };
        let what = &self.model.resources[at.resource].name;
        self.tell(who.expect("an owner"), at.number, what, at.started_at);
    }

    fn boarded(&mut self, at: &Boarding) {
        let model = self.model;
        self.tell(&model.flows[at.flow].name, at.number, &model.services[at.service].name, at.departed_at);
    }

    fn delivered(&mut self, at: &Delivery) {
        self.life += at.delivered_at - at.released_at;
        let model = self.model;
        self.tell(&model.flows[at.flow].name, at.number, "done", at.delivered_at);
    }
}
