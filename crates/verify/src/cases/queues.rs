//! Unbounded queues at one desk: Poisson and renewal arrivals, exponential, constant and general service, batches, a given trace.

use std::fmt::Write as _;

use super::{desk, exponential, poisson};
use crate::case::{Case, Depth};
use crate::theory::deterministic::Constant;
use crate::theory::erlang::Servers;
use crate::theory::lindley;
use crate::theory::moments::Moments;
use crate::theory::renewal::{Gap, Renewal};
use crate::theory::single::{Exponential, General, Hyperexponential};

pub(super) fn cases(depth: Depth) -> Vec<Case> {
    let mut cases = vec![
        trace(),
        one_exponential("m-m-1", 0.8, 1000.0, depth.hours(40_000.0, 600_000.0)),
        several_exponential("m-m-3", 3, 2.4, 1000.0, depth.hours(20_000.0, 200_000.0)),
        constant("m-d-1", 1, 0.8, 1000.0, depth.hours(40_000.0, 400_000.0)),
        constant("m-d-3", 3, 2.4, 1000.0, depth.hours(12_000.0, 150_000.0)),
        general(
            "m-ln-1",
            "LogNormal(mean: \"1h\", cv: 1.2)",
            0.6,
            Moments::log_normal(1.0, 1.2),
            depth.hours(60_000.0, 800_000.0),
        ),
        general(
            "m-e4-1",
            "Erlang(shape: 4, mean: \"1h\")",
            0.7,
            Moments::erlang(4, 1.0),
            depth.hours(30_000.0, 400_000.0),
        ),
        general(
            "m-inspect-1",
            "Mixture([(weight: 0.95, law: \"0.5h\"), (weight: 0.05, law: \"6h\")])",
            0.8,
            Moments::mixture(&[(0.95, Moments::constant(0.5)), (0.05, Moments::constant(6.0))]),
            depth.hours(50_000.0, 600_000.0),
        ),
        hyperexponential(depth),
        renewal(
            "d-m-1",
            "Regular(every: \"1.25h\")",
            Gap::Constant(1.25),
            ("定时到达", "arrivals on the clock"),
            depth.hours(40_000.0, 400_000.0),
        ),
        renewal(
            "u-m-1",
            "Renewal(gap: Uniform(min: \"0.5h\", max: \"2h\"))",
            Gap::Uniform(0.5, 2.0),
            ("均匀间隔", "uniform gaps"),
            depth.hours(40_000.0, 400_000.0),
        ),
        renewal(
            "h-m-1",
            "Renewal(gap: Mixture([(weight: 0.3, law: Exponential(mean: \"3h\")), (weight: 0.7, law: Exponential(mean: \"0.8h\"))]))",
            Gap::Hyperexponential(0.3, 3.0, 0.8),
            ("超指数间隔", "hyperexponential gaps"),
            depth.hours(60_000.0, 800_000.0),
        ),
        batches(
            "m-x-m-1",
            "Discrete([(value: 1, weight: 1), (value: 3, weight: 1)])",
            vec![0.0, 0.5, 0.0, 0.5],
            &exponential(1.0),
            Moments::exponential(1.0),
            depth.hours(40_000.0, 400_000.0),
        ),
        batches(
            "m-x-g-1",
            "Discrete([(value: 2, weight: 2), (value: 5, weight: 1)])",
            vec![0.0, 0.0, 2.0 / 3.0, 0.0, 0.0, 1.0 / 3.0],
            "Uniform(min: \"0.5h\", max: \"1.5h\")",
            Moments::uniform(0.5, 1.5),
            depth.hours(40_000.0, 400_000.0),
        ),
    ];
    if depth == Depth::Full {
        cases.extend([
            one_exponential("m-m-1-at-90", 0.9, 6_000.0, 800_000.0),
            one_exponential("m-m-1-at-95", 0.95, 20_000.0, 2_000_000.0),
            several_exponential("m-m-20-at-90", 20, 18.0, 3_000.0, 60_000.0),
            several_exponential("m-m-3-at-95", 3, 2.85, 8_000.0, 700_000.0),
            constant("m-d-1-at-95", 1, 0.95, 10_000.0, 1_500_000.0),
            constant("m-d-10-at-90", 10, 9.0, 3_000.0, 40_000.0),
        ]);
    }
    cases
}

/// Returns a case with a fixed trace: Lindley's recursion, exactly.
fn trace() -> Case {
    // A small linear congruential generator, for numbers without pattern.
    let mut state = 12_345_u64;
    let mut next = |below: u64| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        (state / 7 % below) as i64
    };
    let mut at = 0;
    let customers: Vec<(i64, i64)> = (0..60)
        .map(|_| {
            at += next(7_200_000);
            (at, 1 + next(6_900_000))
        })
        .collect();
    let waits = lindley::waits(&customers);
    let mut flows = String::new();
    for (n, (at, time)) in customers.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(
            flows,
            r#"    "n{n:02}": (arrivals: At(["{at}ms"]), steps: [Work(resource: "desk", time: "{time}ms")]),"#
        );
    }
    let hours = |sum: i64| sum as f64 / 3_600_000.0;
    let n = customers.len() as f64;
    let work: i64 = customers.iter().map(|(_, time)| time).sum();
    let total: i64 = waits.iter().sum();
    let longest = waits.iter().max().copied().unwrap_or_default();
    let place = waits.iter().position(|&wait| wait == longest).unwrap_or_default();
    Case::new(
        "trace",
        "给定轨迹，精确到毫秒（Lindley 递推）",
        "A given trace, to the millisecond (Lindley's recursion)",
        "Lindley 1952",
    )
    .scenario(format!(
        "nodes: {{ \"gate\": () }},\nresources: {{ \"desk\": (at: \"gate\") }},\nflows: {{\n{flows}}},"
    ))
    .hours(0.0, 400.0)
    .replications(2)
    .expect("resources.desk.wait.mean", hours(total) / n)
    .expect("resources.desk.in_system.mean", hours(total + work) / n)
    .expect("resources.desk.queue.mean", hours(total) / 400.0)
    .expect("resources.desk.utilisation", hours(work) / 400.0)
    .expect(format!("flows.n{place:02}.categories.server"), hours(longest))
    .expect("flows.n59.categories.server", hours(waits[59]))
}

fn one_exponential(id: &'static str, load: f64, warm_up: f64, measure: f64) -> Case {
    let theory = Exponential { arrival: load, service: 1.0 };
    Case::new(
        id,
        &format!("单服务台，指数服务，负荷 {load:.2}"),
        &format!("One exponential server at load {load:.2}, M/M/1"),
        "Kleinrock 1975",
    )
    .scenario(desk("servers: 1", &poisson(load), &exponential(1.0)))
    .hours(warm_up, measure)
    .expect_all(
        "resources.desk",
        &[
            ("wait.mean", theory.wait()),
            ("wait.sd", theory.wait_sd()),
            ("no_wait_share", 1.0 - load),
            ("in_system.mean", theory.time()),
            ("in_system.sd", theory.time()),
            ("present.mean", theory.present()),
            ("present.sd", theory.present_sd()),
            ("queue.mean", load * theory.wait()),
            ("utilisation", load),
        ],
    )
    .percentiles("resources.desk.wait", &[50, 75, 90, 95, 99], |share| theory.wait_quantile(share))
    .percentiles("resources.desk.in_system", &[5, 50, 95], |share| theory.time_quantile(share))
    .expect("flows.boxes.clocks.door-to-door.mean", theory.time())
}

fn several_exponential(id: &'static str, servers: u32, offered: f64, warm_up: f64, measure: f64) -> Case {
    let theory = Servers { servers, arrival: offered, service: 1.0 };
    Case::new(
        id,
        &format!("{servers} 个服务台，指数服务，负荷 {:.2}", theory.load()),
        &format!("{servers} exponential servers at load {:.2}, M/M/c", theory.load()),
        "Erlang 1917",
    )
    .scenario(desk(&format!("servers: {servers}"), &poisson(offered), &exponential(1.0)))
    .hours(warm_up, measure)
    .expect_all(
        "resources.desk",
        &[
            ("wait.mean", theory.wait()),
            ("wait.sd", theory.wait_sd()),
            ("no_wait_share", 1.0 - theory.waits()),
            ("in_system.mean", theory.time()),
            ("present.mean", theory.present()),
            ("present.sd", theory.present_sd()),
            ("queue.mean", theory.queue()),
            ("utilisation", theory.load()),
        ],
    )
    .percentiles("resources.desk.wait", &[75, 90, 95, 99], |share| theory.wait_quantile(share))
}

fn constant(id: &'static str, servers: usize, arrival: f64, warm_up: f64, measure: f64) -> Case {
    let theory = Constant::new(servers, arrival, 1.0);
    let load = arrival / servers as f64;
    Case::new(
        id,
        &format!("{servers} 个服务台，定长服务，负荷 {load:.2}"),
        &format!("Constant service, {servers} at a time, at load {load:.2}, M/D/{servers}"),
        "Crommelin 1932, Franx 2001",
    )
    .scenario(desk(&format!("servers: {servers}"), &poisson(arrival), "\"1h\""))
    .hours(warm_up, measure)
    .expect_all(
        "resources.desk",
        &[
            ("wait.mean", theory.wait()),
            ("wait.sd", theory.wait_sd()),
            ("no_wait_share", theory.no_wait()),
            ("queue.mean", theory.queue()),
            ("present.mean", theory.queue() + arrival),
        ],
    )
    .percentiles("resources.desk.wait", &[75, 90, 95, 99], |share| theory.wait_quantile(share))
}

fn general(id: &'static str, time: &str, arrival: f64, service: Moments, measure: f64) -> Case {
    let theory = General::single(arrival, service);
    let (zh, en) = match id {
        "m-ln-1" => ("单服务台，对数正态服务，M/G/1", "One server, lognormal service, M/G/1"),
        "m-e4-1" => ("单服务台，爱尔朗服务，M/G/1", "One server, Erlang service, M/G/1"),
        _ => ("单服务台，抽查混合服务，M/G/1", "One server, quick or inspected at length, M/G/1"),
    };
    Case::new(id, zh, en, "Pollaczek-Khinchine; Takács 1962")
        .scenario(desk("servers: 1", &poisson(arrival), time))
        .hours(1000.0, measure)
        .expect_all(
            "resources.desk",
            &[
                ("wait.mean", theory.wait()),
                ("wait.sd", theory.wait_sd()),
                ("no_wait_share", theory.no_wait()),
                ("in_system.mean", theory.time()),
                ("present.mean", theory.present()),
                ("utilisation", theory.load()),
            ],
        )
}

fn hyperexponential(depth: Depth) -> Case {
    let kinds = [(0.8, 0.5), (0.2, 3.0)];
    let theory = Hyperexponential { arrival: 0.7, kinds };
    let moments = General::single(0.7, theory.service());
    Case::new(
        "m-h2-1",
        "单服务台，超指数服务，等待的分布",
        "One server, hyperexponential service: the law of the wait",
        "Pollaczek-Khinchine",
    )
    .scenario(desk(
        "servers: 1",
        &poisson(0.7),
        "Mixture([(weight: 0.8, law: Exponential(mean: \"0.5h\")), (weight: 0.2, law: Exponential(mean: \"3h\"))])",
    ))
    .hours(1000.0, depth.hours(50_000.0, 600_000.0))
    .expect("resources.desk.wait.mean", moments.wait())
    .expect("resources.desk.wait.sd", moments.wait_sd())
    .percentiles("resources.desk.wait", &[50, 75, 90, 95, 99], |share| theory.wait_quantile(share))
}

fn renewal(id: &'static str, arrivals: &str, gap: Gap, title: (&str, &str), measure: f64) -> Case {
    let theory = Renewal::new(gap, 1.0);
    Case::new(
        id,
        &format!("单服务台，{}，GI/M/1", title.0),
        &format!("One exponential server, {}, GI/M/1", title.1),
        "Kleinrock 1975",
    )
    .scenario(desk("servers: 1", arrivals, &exponential(1.0)))
    .hours(1000.0, measure)
    .expect_all(
        "resources.desk",
        &[
            ("wait.mean", theory.wait()),
            ("wait.sd", theory.wait_sd()),
            ("no_wait_share", 1.0 - theory.sigma),
            ("present.mean", theory.present()),
            ("utilisation", theory.load),
        ],
    )
    .percentiles("resources.desk.wait", &[75, 90, 95], |share| theory.wait_quantile(share))
    .percentiles("resources.desk.in_system", &[50, 95], |share| theory.time_quantile(share))
}

fn batches(
    id: &'static str,
    batch: &str,
    shares: Vec<f64>,
    time: &str,
    service: Moments,
    measure: f64,
) -> Case {
    let arrival = 0.7 / (crate::theory::numeric::mean_count(&shares) * service.mean);
    let theory = General { arrival, service, batch: shares };
    let (zh, en) = if id == "m-x-m-1" {
        ("成批到达，指数服务", "Batches at one exponential server, M^X/M/1")
    } else {
        ("成批到达，均匀服务", "Batches at one server with uniform service, M^X/G/1")
    };
    Case::new(id, zh, en, "Chaudhry & Templeton 1983")
        .scenario(desk("servers: 1", &format!("Poisson(mean: {arrival}, per: \"1h\", batch: {batch})"), time))
        .hours(1000.0, measure)
        .expect_all(
            "resources.desk",
            &[
                ("wait.mean", theory.wait()),
                ("no_wait_share", theory.no_wait()),
                ("present.mean", theory.present()),
                ("utilisation", 0.7),
            ],
        )
}
