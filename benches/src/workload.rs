//! The benchmark models: loading one of `benches/models`, running the engine on it, and generating a scenario of any size.
//!
//! Does not own what is measured (`contest`, the benches).

use std::fmt::Write as _;
use std::path::PathBuf;

use sanda_core::model::Model;
use sanda_core::record::Outcome;
use sanda_core::replicate;
use sanda_scenario::{Style, load_model, load_model_text, render};

/// The seed of every bench.
pub const SEED: u64 = 1;

/// Loads `benches/models/NAME.ron`, with overrides as on the command line (`run.measure="100h"`).
///
/// # Panics
///
/// If the file is not a valid scenario, with its issues.
pub fn model(name: &str, sets: &[&str]) -> Model {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models").join(format!("{name}.ron"));
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    match load_model(&path, &sets) {
        Ok(loaded) => loaded.built.model,
        Err(failure) => panic!("{}", render(&failure.issues, &failure.sources, Style::default())),
    }
}

/// Runs one replication of the engine.
///
/// # Panics
///
/// If an invariant breaks, which is a bug.
pub fn engine(model: &Model, replication: u64) -> Outcome {
    match replicate(model, SEED, replication) {
        Ok(outcome) => outcome,
        Err(violation) => panic!("{violation}"),
    }
}

/// Returns the 50th, 95th and 99th percentile of the time from release to delivery of the only flow, in milliseconds: what every
/// program here ends with.
pub fn percentiles(outcome: &Outcome) -> [Option<i64>; 3] {
    let flow = outcome.flows.as_slice().first();
    let door_to_door = flow.and_then(|flow| flow.clocks.first());
    SHARES.map(|share| door_to_door.and_then(|tally| tally.histogram().rank_quantile(0, share)))
}

/// The percentiles that every program here computes at the end.
pub const SHARES: [f64; 3] = [0.5, 0.95, 0.99];

/// The topology of a [`Network`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Each service has its own places, desks and flow, and shares nothing with the others.
    Lanes,
    /// All services begin at one port, whose two desks grow with their number.
    Star,
    /// The services join terminals, a fifth as many, each with two desks for all shipments that leave or arrive.
    Pairs,
}

/// A network of services with one flow each. A shipment passes both desks of the place where its service begins, rides, and passes the
/// first desk of the place where it ends.
#[derive(Debug, Clone)]
pub struct Network {
    /// The places where each service begins and ends.
    pub ends: Vec<(usize, usize)>,
    /// Servers of each desk; place `i` has desks `2 i` and `2 i + 1`.
    pub servers: Vec<u32>,
}

impl Network {
    /// Creates a network of `n` services.
    pub fn new(shape: Shape, n: usize) -> Self {
        let n_terminals = (n / 5).max(3);
        let ends = |i: usize| match shape {
            Shape::Lanes => (2 * i, 2 * i + 1),
            Shape::Star => (0, i + 1),
            Shape::Pairs => {
                let from = i % n_terminals;
                (from, (from + 1 + i * 7 % (n_terminals - 1)) % n_terminals)
            }
        };
        let (n_places, at_first) = match shape {
            Shape::Lanes => (2 * n, 2),
            Shape::Star => (n + 1, (n / 8).max(2)),
            Shape::Pairs => (n_terminals, 4),
        };
        let servers = (0..2 * n_places).map(|i| if i < 2 { at_first } else { 2 + i % 3 } as u32);
        Self { ends: (0..n).map(ends).collect(), servers: servers.collect() }
    }

    /// Returns the hours between departures of a service.
    pub fn period(service: usize) -> usize {
        6 + service % 19
    }

    /// Returns the mean number of shipments that a flow releases a day.
    pub fn per_day(flow: usize) -> usize {
        4 + flow % 7
    }

    /// Returns the text of a scenario that measures `hours` hours.
    pub fn scenario(&self, hours: usize) -> String {
        let mut text = head("network", hours);
        section(&mut text, "nodes", self.servers.len() / 2, |_| "(zone: \"UTC\")".to_owned());
        section(&mut text, "resources", self.servers.len(), |i| {
            format!("(at: \"nodes-{}\", servers: {})", i / 2, self.servers[i])
        });
        section(&mut text, "services", self.ends.len(), |i| {
            let (from, to) = self.ends[i];
            format!(
                "(mode: Rail, stops: [\"nodes-{from}\", \"nodes-{to}\"], departs: Every(period: \"{}h\"), cutoff: \"2h\", \
                 capacity: \"55 TEU\", running: [LogNormal(mean: \"84h\", cv: 0.10)])",
                Self::period(i)
            )
        });
        section(&mut text, "flows", self.ends.len(), |i| {
            let (from, to) = self.ends[i];
            format!(
                "(arrivals: Poisson(mean: {}, per: \"24h\"), steps: [\
                 Work(resource: \"resources-{}\", time: LogNormal(mean: \"0.40h\", cv: 0.8)), \
                 Work(resource: \"resources-{}\", time: Exponential(mean: \"0.20h\")), Ride(service: \"services-{i}\"), \
                 Delay(time: Uniform(min: \"1h\", max: \"5h\")), Work(resource: \"resources-{}\", time: Exponential(mean: \"12min\"))])",
                Self::per_day(i),
                2 * from,
                2 * from + 1,
                2 * to
            )
        });
        text.push_str(")\n");
        text
    }
}

/// Tenths of [`large_scenario`] that are nodes, resources, services and flows.
const PARTS: [usize; 4] = [2, 3, 2, 3];

/// Returns the text of a scenario of about `n_objects`: two parts nodes, three parts resources, two parts services, three parts
/// flows of six steps each. About 300 bytes an object.
pub fn large_scenario(n_objects: usize) -> String {
    let [n_nodes, n_resources, n_services, n_flows] = PARTS.map(|part| n_objects * part / 10);
    let mut text = head("large", 24);
    section(&mut text, "nodes", n_nodes, |i| {
        format!("(zone: \"UTC\", name: (zh: \"第{i}站\", en: \"Station {i}\"))")
    });
    section(&mut text, "resources", n_resources, |i| {
        format!(
            "(at: \"nodes-{}\", servers: {}, name: (zh: \"第{i}台吊机\", en: \"Crane {i}\"))",
            i % n_nodes,
            1 + i % 4
        )
    });
    section(&mut text, "services", n_services, |i| {
        let [a, b, c] = [i, i + 1, i + 2].map(|stop| stop % n_nodes);
        format!(
            "(mode: Rail, stops: [\"nodes-{a}\", \"nodes-{b}\", \"nodes-{c}\"], departs: Every(period: \"{}h\"), \
             capacity: \"55 TEU\", running: [LogNormal(mean: \"84h\", cv: 0.10), \
             Triangular(min: \"20h\", mode: \"30h\", max: \"55h\")])",
            6 + i % 19
        )
    });
    section(&mut text, "flows", n_flows, |i| {
        let [a, b, c] = [i, i + 1, i + 2].map(|resource| resource % n_resources);
        format!(
            "(arrivals: Poisson(mean: {}, per: \"24h\"), steps: [\
             Work(resource: \"resources-{a}\", time: LogNormal(mean: \"0.40h\", cv: 0.8)), \
             Inspect(share: 0.05, steps: [Delay(time: LogNormal(mean: \"24h\", cv: 0.5))]), \
             Work(resource: \"resources-{b}\", time: Exponential(mean: \"0.20h\")), \
             Ride(service: \"services-{}\"), \
             Delay(time: Uniform(min: \"1h\", max: \"5h\")), \
             Work(resource: \"resources-{c}\", time: Exponential(mean: \"12min\"))])",
            1 + i % 7,
            i % n_services
        )
    });
    text.push_str(")\n");
    text
}

/// Returns the beginning of a scenario that measures `hours` hours.
fn head(name: &str, hours: usize) -> String {
    format!(
        "(\n    schema: 1,\n    name: \"{name}\",\n    start: \"2025-01-06T00:00[UTC]\",\n    \
         run: (measure: \"{hours}h\", replications: 2, seed: 1),\n"
    )
}

fn section(text: &mut String, name: &str, n: usize, object: impl Fn(usize) -> String) {
    let _ = writeln!(text, "    {name}: {{");
    for i in 0..n {
        let _ = writeln!(text, "        \"{name}-{i}\": {},", object(i));
    }
    let _ = writeln!(text, "    }},");
}

/// Reads and checks a text, and compiles it.
///
/// # Panics
///
/// If it is no valid scenario: with its issues.
pub fn load_text(text: &str) -> Model {
    match load_model_text("large", text, &[]) {
        Ok(loaded) => loaded.built.model,
        Err(failure) => panic!("{}", render(&failure.issues, &failure.sources, Style::default())),
    }
}
