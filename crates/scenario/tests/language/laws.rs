//! Laws as they are written: those that make a law, and the words for those that do not.

use insta::assert_snapshot;
use sanda_scenario::schema::StepKind;

use crate::world::{brief, good, world};

/// The mean of a law written as the time of a step, in hours.
fn mean_hours(law: &str) -> f64 {
    let scenario = good(&world(&[("Exponential(mean: \"30min\")", law)])).scenario;
    let steps = scenario.flows["boxes"].steps.clone().unwrap();
    let StepKind::Work { time, .. } = &steps[0].kind else { panic!("{steps:?}") };
    time.compile().unwrap().mean() / 3_600_000.0
}

fn check(law: &str, hours: f64) {
    let mean = mean_hours(law);
    assert!((mean - hours).abs() < 1e-6 * hours, "{law}: {mean} h, not {hours} h");
}

#[test]
fn every_law_has_the_mean_its_parameters_say() {
    check("\"2h\"", 2.0);
    check("Constant(\"2h\")", 2.0);
    check("Uniform(min: \"1h\", max: \"3h\")", 2.0);
    check("Triangular(min: \"1h\", mode: \"2h\", max: \"6h\")", 3.0);
    check("Pert(min: \"1h\", mode: \"2h\", max: \"9h\")", 3.0);
    check("Exponential(mean: \"90min\")", 1.5);
    check("Erlang(shape: 3, mean: \"2h\")", 2.0);
    check("Gamma(mean: \"2h\", cv: 0.7)", 2.0);
    check("LogNormal(mean: \"2h\", cv: 0.4)", 2.0);
    // exp(mu + sigma^2 / 2), where ln 2 is 1.6448536... sigmas.
    let sigma = libm::log(2.0) / 1.644_853_626_951_472_2;
    check("LogNormal(median: \"1h\", p95: \"2h\")", libm::exp(sigma * sigma / 2.0));
    // The mean of a log-normal law is its median times sqrt(1 + cv^2).
    check("LogNormal(median: \"1h\", cv: 0.75)", 1.25);
    check("Weibull(shape: 1, mean: \"2h\")", 2.0);
    check("Weibull(shape: 1, scale: \"2h\")", 2.0);
    // (pi / 2) / sin(pi / 2) times the median.
    check("LogLogistic(median: \"1h\", shape: 2)", std::f64::consts::FRAC_PI_2);
    check("Beta(min: \"0h\", max: \"4h\", mean: \"1h\", cv: 0.5)", 1.0);
    check("Beta(min: \"0h\", max: \"4h\", alpha: 1, beta: 1)", 2.0);
    check("TruncatedNormal(mean: \"10h\", sd: \"1h\", min: \"9h\", max: \"11h\")", 10.0);
    check("Empirical(values: [\"1h\", \"2h\", \"6h\"])", 3.0);
    check("Discrete([(value: \"1h\", weight: 3), (value: \"5h\", weight: 1)])", 2.0);
    check("Quantiles([(p: 0, value: \"0h\"), (p: \"50%\", value: \"2h\"), (p: 1, value: \"6h\")])", 2.5);
    check("Mixture([(weight: 1, law: \"1h\"), (weight: 1, law: Exponential(mean: \"3h\"))])", 2.0);
    check("Shifted(by: \"1h\", law: Exponential(mean: \"1h\"))", 2.0);
    check("Scaled(by: 1.5, law: Exponential(mean: \"2h\"))", 3.0);
    check("Truncated(law: Uniform(min: \"0h\", max: \"9h\"), max: \"4h\")", 2.0);
}

fn law(text: &str) -> String {
    brief(&[("Exponential(mean: \"30min\")", text)])
}

#[test]
fn what_makes_no_law_is_explained() {
    let mut said = String::new();
    for text in [
        "Exponential(mean: 3)",
        "Exponential(mean: \"3 TEU\")",
        "Exponential(mean: \"0h\")",
        "Triangular(min: \"3h\", mode: \"1h\", max: \"2h\")",
        "Gamma(mean: \"3h\", cv: 0)",
        "LogNormal(mean: \"3h\", p95: \"9h\")",
        "Weibull(shape: 2)",
        "Beta(min: \"0h\", max: \"1h\", mean: \"30min\", alpha: 2)",
        "Discrete([])",
        "Quantiles([(p: 0.1, value: \"1h\"), (p: 1, value: \"2h\")])",
        "Mixture([(weight: -1, law: \"1h\")])",
        "Truncated(law: \"1h\")",
        "Empirical()",
        "Empirical(file: \"nowhere.csv\")",
        "Shifted(by: \"1h\", law: Uniform(min: \"2h\", max: \"1h\"))",
        "Normal(mean: \"1h\")",
        "Exponential(\"1h\")",
    ] {
        said.push_str(&law(text));
    }
    assert_snapshot!(said, @r#"
    flows.boxes.steps[0].time.mean: `3` has no unit: duration is given in `h`, `d`, `w`, `min`, `s` or `ms` | expected a duration with a unit | write for example `2d 6h`
    flows.boxes.steps[0].time.mean: unknown unit `TEU`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms` | expected a duration with a unit
    flows.boxes.steps[0].time: these parameters are not a valid law: mean must be above zero
    flows.boxes.steps[0].time: these parameters are not a valid law: min must not exceed max
    flows.boxes.steps[0].time.cv: `0` is not greater than zero | expected more than zero
    flows.boxes.steps[0].time: these parameters are not a valid law: `LogNormal` is given by `mean` and `cv`, `median` and `p95`, or `median` and `cv`
    flows.boxes.steps[0].time: these parameters are not a valid law: `Weibull` is given by `shape` and either `mean` or `scale`
    flows.boxes.steps[0].time: these parameters are not a valid law: `Beta` is given by `min`, `max` and either `mean` and `cv` or `alpha` and `beta`
    flows.boxes.steps[0].time: these parameters are not a valid law: values must not be empty
    flows.boxes.steps[0].time: these parameters are not a valid law: the quantiles must begin at share 0 (the least value) and end at share 1 (the greatest)
    flows.boxes.steps[0].time[0].weight: `-1` is not greater than zero | expected more than zero
    flows.boxes.steps[0].time: these parameters are not a valid law: `Truncated` is given by `law` and at least one of `min` and `max`
    flows.boxes.steps[0].time: these parameters are not a valid law: `Empirical` is given by `values`, or `file` with `column` and `unit`
    flows.boxes.steps[0].time: `nowhere.csv`: no such file
    flows.boxes.steps[0].time.law: these parameters are not a valid law: min must not exceed max
    flows.boxes.steps[0].time: unknown law `Normal` | expected a duration, or one of `Uniform`, `Triangular`, `Pert`, `Exponential`, `Erlang`, `Gamma`, `LogNormal`, `Weibull`, ...
    flows.boxes.steps[0].time: the parts of law `Exponential` have names | expected `mean: ...`; the names are `mean`
    "#);
}

#[test]
fn loads_of_different_measures_do_not_mix() {
    let said = brief(&[("\"10 TEU\"", "Random(Uniform(min: \"10 TEU\", max: \"20 t\"))")]);
    assert_snapshot!(said, @"services.train.capacity: these parameters are not a valid law: TEU and mass do not mix in one law");
}
