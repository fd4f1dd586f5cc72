//! Steps without queues: in parallel, repeated, by chance.

use crate::case::{Case, Depth};
use crate::theory::steps::{laps, longest, longest_quantile, longest_sd, repeated_quantile};

pub(super) fn cases(depth: Depth) -> Vec<Case> {
    let hours = depth.hours(10_000.0, 100_000.0);
    vec![parallel(hours), repeat(hours)]
}

fn parallel(measure: f64) -> Case {
    let branch = r#"[Delay(time: Exponential(mean: "2h"))]"#;
    let second = branch.replace("Delay(", "Delay(id: \"second\", ");
    let third = branch.replace("Delay(", "Delay(id: \"third\", ");
    Case::new(
        "parallel",
        "三项并行，最后完成的算数",
        "Three branches at once: the longest counts",
        "elementary",
    )
    .scenario(format!(
        r#"
flows: {{
    "boxes": (
        arrivals: Poisson(mean: 1, per: "1h"),
        steps: [Parallel(id: "side-by-side", branches: [{branch}, {second}, {third}])],
    ),
}},
"#
    ))
    .hours(200.0, measure)
    .expect("flows.boxes.stages.side-by-side.mean", longest(3, 2.0))
    .expect("flows.boxes.stages.side-by-side.sd", longest_sd(3, 2.0))
    .percentiles("flows.boxes.stages.side-by-side", &[5, 50, 95, 99], |share| longest_quantile(3, 2.0, share))
}

fn repeat(measure: f64) -> Case {
    Case::new(
        "repeat",
        "以概率重做：几何和",
        "Steps repeated with a probability: geometric sums",
        "elementary",
    )
    .scenario(
        r#"
flows: {
    "boxes": (
        arrivals: Poisson(mean: 1, per: "1h"),
        steps: [
            Repeat(id: "rework", share: "40%", steps: [Delay(time: Exponential(mean: "3h"))]),
            Repeat(id: "retry", share: "50%", at_most: 3, steps: [Delay(id: "try", time: "1h")]),
        ],
    ),
},
"#,
    )
    .hours(200.0, measure)
    .expect("flows.boxes.stages.rework.mean", 3.0 * laps(0.4, None))
    .expect("flows.boxes.stages.rework.sd", 3.0 * laps(0.4, None))
    .percentiles("flows.boxes.stages.rework", &[50, 95], |share| repeated_quantile(0.4, 3.0, share))
    .expect("flows.boxes.stages.retry.mean", laps(0.5, Some(3)))
}
