//! How numbers are written: in the file, in texts with a unit, and in `--set`.

use insta::assert_snapshot;
use sanda_scenario::load_text;

use crate::world::{bad_with, brief, good, world};

#[test]
fn underscores_part_groups_of_three() {
    assert_snapshot!(brief(&[("servers: 2", "servers: 1_0")]), @"resources.crane.servers: expected a whole number, 0 or more, found the number 1_0 | expected a whole number, 0 or more | underscores part groups of three digits, as in `12_000`");
    assert_snapshot!(brief(&[("mean: 8", "mean: 1_0.5")]), @"flows.boxes.arrivals.mean: expected a number, found the number 1_0.5 | expected a number | underscores part groups of three digits, as in `12_000`");
    assert_snapshot!(brief(&[("\"10 TEU\"", "\"1_0 TEU\"")]), @"services.train.capacity: `1_0` is not a number where container volume is due | expected a load, such as \"110 TEU\", \"100 t\", \"20 shipments\" or \"30 units\" | underscores part groups of three digits, as in `12_000`");
    let scenario = good(&world(&[("mean: 8", "mean: 12_000.5"), ("\"10 TEU\"", "\"12_000 TEU\"")])).scenario;
    let sanda_scenario::schema::Arrivals::Poisson { mean, .. } = &scenario.flows["boxes"].arrivals.value
    else {
        panic!("Poisson arrivals")
    };
    assert_eq!(mean.value.value().to_string(), "12000.5");
}

#[test]
fn exponents_are_read_wherever_a_number_with_a_fraction_is() {
    good(&world(&[("mean: 8", "mean: 8e0"), ("\"10 TEU\"", "\"1e1 TEU\""), ("\"60h\"", "\"6E+1 h\"")]));
    assert_snapshot!(brief(&[("servers: 2", "servers: 2e0")]), @"resources.crane.servers: expected a whole number, 0 or more, found the number 2e0 | expected a whole number, 0 or more");
    assert_snapshot!(brief(&[("\"10 TEU\"", "\"1e300 TEU\"")]), @"services.train.capacity: `1e300 TEU` is too large for container volume | expected a load, such as \"110 TEU\", \"100 t\", \"20 shipments\" or \"30 units\"");
    assert_snapshot!(brief(&[("mean: 8", "mean: 1e400")]), @"flows.boxes.arrivals.mean: expected a number, found the number 1e400 | expected a number");
}

#[test]
fn counts_of_things_are_whole() {
    // Not rounded to 10 shipments.
    assert_snapshot!(brief(&[("\"10 TEU\"", "\"9.5 shipments\"")]), @"services.train.capacity: `9.5` is not a whole number of shipments | expected a load, such as \"110 TEU\", \"100 t\", \"20 shipments\" or \"30 units\"");
    good(&world(&[("\"10 TEU\"", "\"1e1 shipments\"")]));
}

#[test]
fn arguments_are_read_as_the_file_is() {
    let text = world(&[]);
    let seed =
        |set: &str| load_text("my.ron", &text, &[set.to_owned()]).expect("a good argument").scenario.run.seed;
    assert_eq!(seed("run.seed=12_000"), 12_000);
    assert_eq!(seed("run.seed=18446744073709551615"), u64::MAX);
    let start = |set: &str| {
        load_text("my.ron", &text, &[set.to_owned()]).map(|loaded| loaded.scenario.start.value.to_string())
    };
    assert_eq!(
        start("start=2025-03-03T06:00[Europe/Berlin]").expect("a start"),
        "2025-03-03T06:00[Europe/Berlin]"
    );
    let contradicts =
        start("start=2025-03-03T06:00+08:00[Europe/Berlin]").expect_err("it contradicts its zone");
    assert!(contradicts.to_string().contains("contradicts itself"), "{contradicts}");
    let refused = bad_with(&text, &["run.seed=1_0", "flows.boxes.arrivals.mean=1__0"]);
    assert!(
        refused.contains("found the number 1_0") && refused.contains("found the number 1__0"),
        "{refused}"
    );
}
