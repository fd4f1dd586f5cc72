//! Finite waiting rooms: an arrival at a full room is lost.

use super::{desk, exponential, poisson};
use crate::case::{Case, Depth};
use crate::theory::erlang;
use crate::theory::loss::FiniteRoom;

pub(super) fn cases(depth: Depth) -> Vec<Case> {
    let hours = depth.hours(10_000.0, 100_000.0);
    vec![
        finite("m-m-1-5", FiniteRoom { servers: 1, room: 4, arrival: 0.9, service: 1.0 }, 2.0 * hours),
        finite("m-m-3-8", FiniteRoom { servers: 3, room: 5, arrival: 3.0, service: 1.0 }, hours),
        blocked("m-m-3-3", &exponential(1.0), ("指数", "exponential"), hours),
        blocked("m-d-3-3", "\"1h\"", ("定长", "constant"), hours),
        blocked("m-ln-3-3", "LogNormal(mean: \"1h\", cv: 2)", ("对数正态", "lognormal"), 2.0 * hours),
        blocked("m-u-3-3", "Uniform(min: \"0h\", max: \"2h\")", ("均匀", "uniform"), hours),
    ]
}

fn finite(id: &'static str, theory: FiniteRoom, measure: f64) -> Case {
    let FiniteRoom { servers, room, arrival, .. } = theory;
    Case::new(
        id,
        &format!("{servers} 个服务台，{room} 个候位，满则流失"),
        &format!("{room} waiting places, {servers} served at a time, M/M/{servers}/{}", servers + room),
        "Gross & Harris 1998",
    )
    .scenario(desk(&format!("servers: {servers}, room: {room}"), &poisson(arrival), &exponential(1.0)))
    .hours(200.0, measure)
    .expect_all(
        "resources.desk",
        &[
            ("lost_share", theory.lost()),
            ("wait.mean", theory.wait()),
            ("no_wait_share", theory.no_wait()),
            ("present.mean", theory.present_mean()),
            ("present.sd", theory.present_sd()),
            ("queue.mean", theory.queue()),
            ("busy.mean", theory.busy()),
        ],
    )
    .percentiles("resources.desk.wait", &[75, 95], |share| theory.wait_quantile(share))
}

fn blocked(id: &'static str, time: &str, law: (&str, &str), measure: f64) -> Case {
    let (servers, offered) = (3, 2.4);
    let lost = erlang::loss(servers, offered);
    Case::new(
        id,
        &format!("损失制，{}服务：爱尔朗 B 公式不依赖分布", law.0),
        &format!("No waiting place, {} service: Erlang B for any law", law.1),
        "Erlang 1917",
    )
    .scenario(desk(&format!("servers: {servers}, room: 0"), &poisson(offered), time))
    .hours(200.0, measure)
    .expect_all(
        "resources.desk",
        &[
            ("lost_share", lost),
            ("busy.mean", offered * (1.0 - lost)),
            ("no_wait_share", 1.0),
            ("present.mean", offered * (1.0 - lost)),
        ],
    )
}
