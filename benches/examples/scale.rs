//! The growth of the cost of a shipment: with the length of a run, the size of the network, the demand of the hub, two threads, and the
//! figures that are kept.
//!
//! `scale length`, `scale network`, `scale threads`, `scale figures`, `scale hub [REPLICATIONS]`; without an argument all of them. Each
//! line states the cost of a shipment relative to the first line of its table, and the peak memory until then.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use sanda_benches::workload::{self, Network, SEED, Shape, load_text, model};
use sanda_benches::yardstick;
use sanda_core::Prepared;
use sanda_core::model::{Capacity, Model, ProfileParams};
use sanda_units::Time;

/// Factor on the demand, the capacities and the servers of the hub: about three million shipments a year.
const HUB: u32 = 5;

/// The allocator of `sanda`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |table: &str| arguments.first().is_none_or(|argument| argument == table);
    if is_asked("length") {
        length();
    }
    if is_asked("network") {
        network();
    }
    if is_asked("threads") {
        threads();
    }
    if is_asked("figures") {
        figures();
    }
    if is_asked("hub") {
        hub(arguments.get(1).and_then(|n| n.parse().ok()).unwrap_or(4));
    }
}

/// Measures the corridor from ten thousand shipments to seventy million, the largest number that a run's limit allows.
fn length() {
    println!("the corridor, longer and longer");
    let mut first = None;
    for (hours, times) in [(1_250, 300), (12_500, 30), (125_000, 5), (1_250_000, 1), (8_700_000, 1)] {
        let model = model("rail-corridor", &[&format!("run.measure=\"{hours}h\"")]);
        let prepared = Prepared::new(&model);
        let (cost, shipments) = median((0..times).map(|round| cost_of(&prepared, round)).collect());
        line(&format!("{shipments} shipments"), cost, &mut first);
    }
}

/// Measures networks from 10 to 2,000 services, each with the same number of shipments.
fn network() {
    println!(
        "networks, larger and larger: services in a ring of desks, each of which passes shipments on to the next"
    );
    let mut first = None;
    for n_objects in [50, 500, 10_000] {
        let text = workload::large_scenario(n_objects)
            .replace("measure: \"24h\"", &format!("measure: \"{}h\"", 1_200_000 / n_objects));
        grown(&text, &mut first);
    }
    for (shape, what) in [
        (Shape::Lanes, "lanes that have nothing in common"),
        (Shape::Star, "all from one port"),
        (Shape::Pairs, "between terminals, five from each"),
    ] {
        println!("{what}; then the same by hand");
        let (mut first, mut first_by_hand) = (None, None);
        for n in [10, 100, 2_000] {
            let (network, hours) = (Network::new(shape, n), 2_000_000 / n);
            grown(&network.scenario(hours), &mut first);
            let by_hand = (0..5).map(|round| by_hand(&network, hours, round)).collect();
            let (cost, shipments) = median(by_hand);
            line(&format!("  by hand, {shipments} shipments"), cost, &mut first_by_hand);
        }
    }
}

/// Prints the line of a network.
fn grown(text: &str, first: &mut Option<f64>) {
    let model = load_text(text);
    let prepared = Prepared::new(&model);
    let (cost, shipments) = median((0..5).map(|round| cost_of(&prepared, round)).collect());
    line(&format!("{} services, {shipments} shipments", model.services.len()), cost, first);
}

/// Returns the nanoseconds per shipment of the bare program for a network, and its shipments.
fn by_hand(network: &Network, hours: usize, seed: u64) -> (f64, u64) {
    let begin = Instant::now();
    let mut times = Vec::new();
    yardstick::network::run(network, seed, hours as f64, &mut times);
    std::hint::black_box(yardstick::percentiles(&mut times));
    (begin.elapsed().as_nanos() as f64 / times.len() as f64, times.len() as u64)
}

/// Measures 64 replications of the corridor on one thread and on two.
fn threads() {
    println!("64 replications of the corridor");
    let model = model("rail-corridor", &[]);
    let mut first = None;
    for n in [1, 2] {
        let (cost, _) = on_threads(&model, n, 64);
        line(&format!("{n} threads"), cost, &mut first);
    }
}

/// Measures a year of the corridor with figures and one without, which is all warm-up. The shipments are the same, in turn.
fn figures() {
    println!("a year of the corridor, with figures and without");
    let with = model("rail-corridor", &[]);
    let without = model("rail-corridor", &["run.warm_up=\"8760h\"", "run.measure=\"1h\""]);
    let prepared = [&with, &without].map(Prepared::new);
    let mut costs = [Vec::new(), Vec::new()];
    for round in 0..61 {
        for (prepared, costs) in prepared.iter().zip(&mut costs) {
            costs.push(cost_of(prepared, round));
        }
    }
    let [with, without] = costs.map(|costs| median(costs).0);
    line("without", without, &mut None);
    line("with", with, &mut Some(without));
    println!("  figures cost {:.0} ns a shipment", with - without);
}

/// Measures the whole hub, scaled.
fn hub(replications: u64) {
    println!("the hub, {HUB} times");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/wuhan-baseline-2025.ron");
    let loaded = sanda_scenario::load_model(path.as_ref(), &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let mut model = loaded.built.model;
    for resource in &mut model.resources {
        resource.servers = resource.servers.map(|n| n * HUB);
    }
    for service in &mut model.services {
        if let Capacity::Fixed(capacity) = &mut service.capacity {
            *capacity *= i64::from(HUB);
        }
    }
    for flow in &mut model.flows {
        let level = || ProfileParams { rates: vec![(Time::ZERO, 1.0)] };
        for rate in &mut flow.profile.get_or_insert_with(level).rates {
            rate.1 *= f64::from(HUB);
        }
    }
    let begin = Instant::now();
    let (cost, shipments) = on_threads(&model, 2, replications);
    line(&format!("{} shipments a replication", shipments / replications), cost, &mut None);
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "  {replications} replications in {seconds:.1} s: {:.0} s for a hundred",
        seconds / replications as f64 * 100.0
    );
}

/// Returns the nanoseconds per shipment of one replication, and its shipments.
fn cost_of(prepared: &Prepared<'_>, replication: u64) -> (f64, u64) {
    let begin = Instant::now();
    let shipments = run(prepared, replication);
    (begin.elapsed().as_nanos() as f64 / shipments as f64, shipments)
}

/// Returns the median by cost.
fn median(mut costs: Vec<(f64, u64)>) -> (f64, u64) {
    costs.sort_by(|a, b| a.0.total_cmp(&b.0));
    costs[costs.len() / 2]
}

/// Returns the shipments of a replication.
fn run(prepared: &Prepared<'_>, replication: u64) -> u64 {
    match prepared.replicate(SEED, replication) {
        Ok(outcome) => outcome.shipments,
        Err(violation) => panic!("{violation}"),
    }
}

/// Returns the nanoseconds per shipment of replications on `n_threads` threads, and the shipments of all.
fn on_threads(model: &Model, n_threads: usize, replications: u64) -> (f64, u64) {
    let (next, shipments) = (AtomicU64::new(0), AtomicU64::new(0));
    let prepared = &Prepared::new(model);
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                loop {
                    let replication = next.fetch_add(1, Ordering::Relaxed);
                    if replication >= replications {
                        break;
                    }
                    shipments.fetch_add(run(prepared, replication), Ordering::Relaxed);
                }
            });
        }
    });
    let shipments = shipments.into_inner();
    (begin.elapsed().as_nanos() as f64 / shipments as f64, shipments)
}

fn line(what: &str, cost: f64, first: &mut Option<f64>) {
    let ratio = cost / *first.get_or_insert(cost);
    println!("  {what:<44} {cost:8.1} ns a shipment  {ratio:6.3}  {}", most_memory());
}

/// Returns the peak memory so far as Linux reports it; an empty text elsewhere.
fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(String::new, |size| size.trim().to_owned())
}
