//! Costs and CO2e of whole runs against worlds worked out by hand, to the fen and to the gram.
//!
//! Nothing here is left to chance but where stated. Laws of every run (bytes by threads, fingerprints) are checked on the lane of
//! `shared`. Does not own expected costs (`routes::money`).

use crate::shared::lane::Lane;
use crate::shared::{assert_same, json, numbers_without, results_of, results_on, value};
use sanda_results::Results;

/// Forty feet a day: a truck, a crane, papers by chance that is none, a train of two legs. Ten days from door to door.
const ONE_BOX: &str = r#"(
    schema: 1,
    name: "one-box",
    run: (warm_up: "20d", measure: "50d", replications: 3),
    money: (capital: "10%"),
    rates: { "USD": "7.2 CNY" },
    nodes: { "yard": (), "hub": (), "border": (), "away": () },
    resources: { "crane": (at: "hub", servers: 2, fee: "200 CNY/TEU", emission: "15 kg/TEU") },
    connections: {
        "truck": (from: "yard", to: "hub", time: "12h", distance: "100 km", freight: "8 CNY/TEU-km", emission: "95 g/tkm"),
    },
    services: {
        "train": (
            mode: Rail,
            stops: ["hub", "border", "away"],
            departs: Every(period: "24h", offset: "13h"),
            capacity: "100 TEU",
            running: ["100h", "126h"],
            distance: ["1000 km", "2000 km"],
            at_stop: { "border": [Work(resource: "bay", time: "1h")] },
            freight: "3600 USD/FEU",
            subsidy: "1000 CNY/TEU",
            emission: "25 g/tkm",
        ),
    },
    flows: {
        "boxes": (
            arrivals: Regular(every: "24h"),
            size: "2 TEU",
            mass_per_teu: "12 t/TEU",
            value: "40000 USD/TEU",
            steps: [
                Haul("truck"),
                Work(resource: "crane", time: "1h"),
                Choose([(share: 1.0, steps: [Charge(fee: "300 CNY/shipment", as: Customs)])]),
                Choose([(share: 0.0, steps: [Charge(fee: "999 CNY/shipment", as: Customs, emission: "1 t/shipment")])]),
                Ride(service: "train"),
            ],
        ),
    },
)"#;

fn one_box() -> Results {
    let bay = r#"resources: { "bay": (at: "border", servers: Unlimited, fee: ["50 CNY/shipment", "10 CNY/t"], fee_as: Customs), "#;
    results_of(&ONE_BOX.replace("resources: { ", bay))
}

#[track_caller]
fn check(results: &Results, path: &str, expected: f64) {
    let got = value(results, path);
    // A tenth of a fen, a tenth of a gram.
    assert!((got - expected).abs() < 1e-4, "{path}: {got} instead of {expected}");
}

#[test]
fn a_box_costs_what_its_bills_say() {
    let results = one_box();
    check(&results, "flows.boxes.clocks.door-to-door.mean", 240.0);
    // 8 CNY * 100 km * 2 TEU and 1,800 USD * 7.2 * 2 TEU.
    check(&results, "flows.boxes.cost.by_kind.freight", 1_600.0 + 25_920.0);
    check(&results, "flows.boxes.cost.by_kind.handling", 400.0);
    // Papers for all, and at the border 50 and 10 for each of 24 t.
    check(&results, "flows.boxes.cost.by_kind.customs", 300.0 + 290.0);
    check(&results, "flows.boxes.cost.by_kind.subsidy", -2_000.0);
    // 2 * 40,000 USD * 7.2, at 10 % a year, for 10 of 365 days.
    let inventory = 576_000.0 * 0.1 * 10.0 / 365.0;
    check(&results, "flows.boxes.cost.by_kind.inventory", inventory);
    let total = 26_510.0 + inventory;
    check(&results, "flows.boxes.cost.per_shipment", total);
    check(&results, "flows.boxes.cost.per_teu", total / 2.0);
    check(&results, "flows.boxes.cost.per_tonne", total / 24.0);
    check(&results, "flows.boxes.cost_without_subsidy.per_teu", 28_510.0 / 2.0 + inventory / 2.0);
}

#[test]
fn a_box_emits_leg_by_leg_and_hub_by_hub() {
    let results = one_box();
    // 24 t over 100 km at 95 g, over 1,000 and 2,000 km at 25 g; 15 kg for each of 2 TEU at the crane.
    check(&results, "flows.boxes.stages.truck.emission", 228.0);
    check(&results, "flows.boxes.stages.crane.emission", 30.0);
    check(&results, "flows.boxes.stages.train.legs.hub--border.emission", 600.0);
    check(&results, "flows.boxes.stages.train.legs.border--away.emission", 1_200.0);
    check(&results, "flows.boxes.stages.train.emission", 1_800.0);
    check(&results, "flows.boxes.emission.by_element.transport", 2_028.0);
    check(&results, "flows.boxes.emission.by_element.hub", 30.0);
    check(&results, "flows.boxes.emission.per_shipment", 2_058.0);
    check(&results, "flows.boxes.emission.per_teu", 1_029.0);
    check(&results, "flows.boxes.emission.per_tonne", 85.75);
    // Nothing flies: no figure with radiative forcing.
    assert!(results.figure("flows.boxes.emission_with_forcing.per_teu").is_none());
}

#[test]
fn stages_add_up_to_the_whole() {
    let results = one_box();
    check(&results, "flows.boxes.stages.truck.cost", 1_600.0);
    check(&results, "flows.boxes.stages.crane.cost", 400.0);
    check(&results, "flows.boxes.stages.choose.cost", 300.0);
    check(&results, "flows.boxes.stages.choose-2.cost", 0.0);
    check(&results, "flows.boxes.stages.train.stops.border.cost", 290.0);
    check(&results, "flows.boxes.stages.train.cost", 25_920.0 - 2_000.0 + 290.0);
    let stages = ["truck", "crane", "choose", "choose-2", "train"];
    let sum: f64 =
        stages.iter().map(|stage| value(&results, &format!("flows.boxes.stages.{stage}.cost"))).sum();
    check(
        &results,
        "flows.boxes.cost.per_shipment",
        sum + value(&results, "flows.boxes.cost.by_kind.inventory"),
    );
}

/// Two shipments a day aboard one vehicle, 10 t and 30 t; the heavy one leaves at the first stop.
fn shared_vehicle(emission: &str) -> Results {
    results_of(&format!(
        r#"(
        schema: 1,
        name: "shared",
        run: (measure: "20d", replications: 2),
        nodes: {{ "a": (), "b": (), "c": () }},
        services: {{
            "barge": (mode: River, stops: ["a", "b", "c"], departs: Every(period: "24h"), capacity: "100 t",
                running: ["5h", "5h"], distance: ["100 km", "200 km"], {emission}),
        }},
        flows: {{
            "light": (arrivals: Regular(every: "24h"), mass: "10 t", steps: [Ride(service: "barge")]),
            "heavy": (arrivals: Regular(every: "24h"), mass: "30 t", steps: [Ride(service: "barge", to: "b")]),
        }},
    )"#
    ))
}

#[test]
fn what_a_vehicle_emits_is_shared_by_mass_leg_by_leg() {
    let results = shared_vehicle(r#"emission: "20 kg/km""#);
    // The first leg emits 2,000 kg: a quarter of it for 10 of 40 t. On the second the light one is alone with 4,000 kg.
    check(&results, "flows.light.stages.barge.legs.a--b.emission", 500.0);
    check(&results, "flows.light.stages.barge.legs.b--c.emission", 4_000.0);
    check(&results, "flows.light.emission.per_shipment", 4_500.0);
    check(&results, "flows.heavy.emission.per_shipment", 1_500.0);
    check(&results, "flows.heavy.emission.per_tonne", 50.0);
}

#[test]
fn a_factor_with_a_reference_load_grows_as_the_vehicle_empties() {
    let results = shared_vehicle(r#"emission: "25 g/tkm", reference_load: "80 t""#);
    // Half the reference load: twice the factor, 50 g over 100 km. Alone: eight times, 200 g over 200 km.
    check(&results, "flows.light.emission.per_tonne", 5.0 + 40.0);
    check(&results, "flows.heavy.emission.per_tonne", 5.0);
}

#[test]
fn radiative_forcing_is_apart() {
    let results = shared_vehicle(r#"emission: "666 g/tkm", radiative_forcing: "999 g/tkm""#);
    check(&results, "flows.light.emission.per_tonne", 666.0 * 0.3);
    check(&results, "flows.light.emission_with_forcing.per_tonne", 999.0 * 0.3);
    let shared = shared_vehicle(r#"emission: "20 kg/km", radiative_forcing: "30 kg/km""#);
    check(&shared, "flows.light.emission_with_forcing.per_shipment", 1.5 * 4_500.0);
}

/// What chance decides is counted: with seed 1, 3 replications of 4,000 shipments, a fee with a share of 30 % is paid by 30 % of
/// them within 5 standard errors (false-alarm rate 6e-7), which sees a share that is off by 2.1 points.
#[test]
fn a_fee_by_chance_is_paid_by_its_share_of_shipments_on_each_lap() {
    let results = results_of(
        r#"(
        schema: 1,
        name: "chance",
        run: (measure: "4000h", replications: 3),
        nodes: { "a": () },
        flows: {
            "boxes": (arrivals: Regular(every: "1h"), steps: [
                Inspect(share: "30%", steps: [Charge(fee: "100 CNY/shipment", as: Customs), Delay(time: "2h")]),
                Repeat(share: 1.0, at_most: 3, steps: [Parallel([[Charge(fee: "7 CNY/TEU")], [Delay(time: "1h")]])]),
            ]),
        },
    )"#,
    );
    let paid = value(&results, "flows.boxes.cost.by_kind.customs") / 100.0;
    let error = (0.3 * 0.7 / 12_000.0_f64).sqrt();
    assert!((paid - 0.3).abs() < 5.0 * error, "{paid} paid");
    assert!(5.0 * error < 0.021);
    check(&results, "flows.boxes.cost.by_kind.handling", 21.0);
}

/// The lane with prices on everything.
fn priced_lane() -> Lane {
    let mut lane = Lane::new();
    lane.sections.push(("rates".to_owned(), vec![("USD".to_owned(), r#""7.2 CNY""#.to_owned())]));
    lane.replace(
        "resources",
        "customs",
        "at_closing: Pause",
        r#"at_closing: Pause, fee: "80 CNY/shipment", fee_as: Customs"#,
    );
    lane.replace(
        "resources",
        "bay",
        r#"at: "border""#,
        r#"at: "border", fee: "120 USD/TEU", emission: "15 kg/TEU""#,
    );
    lane.replace("resources", "import", "servers: 2", r#"servers: 2, fee: "10 USD/t""#);
    lane.replace(
        "services",
        "train",
        "cutoff",
        r#"distance: ["1000 km", "2000 km"], freight: "1 CNY/tkm", subsidy: "0.2 CNY/tkm", emission: "25 g/tkm", reference_load: "90 t", cutoff"#,
    );
    lane.replace(
        "flows",
        "boxes",
        "priority: 3",
        r#"mass_per_teu: "12 t/TEU", value: "25000 USD/TEU", priority: 3"#,
    );
    lane.replace(
        "flows",
        "boxes",
        "[Delay(time: Uniform",
        r#"[Charge(fee: "600 CNY/shipment", as: Customs), Delay(time: Uniform"#,
    );
    lane.replace("flows", "parts", "arrivals", r#"mass: "9 t", value: "2 USD/kg", arrivals"#);
    lane
}

#[test]
fn prices_change_nothing_that_happens() {
    let without = Lane::new();
    // The mass is a number that is there or not, with prices or without.
    let mut massive = without.clone();
    massive.replace("flows", "boxes", "priority: 3", r#"mass_per_teu: "12 t/TEU", priority: 3"#);
    massive.replace("flows", "parts", "arrivals", r#"mass: "9 t", arrivals"#);
    let (plain, priced) = (results_of(&massive.text()), results_of(&priced_lane().text()));
    assert_eq!(plain.fingerprint, priced.fingerprint);
    let mut numbers = numbers_without(&priced, &[]);
    let n_before = numbers.len();
    let is_money = |path: &String| path.contains(".cost") || path.contains(".emission");
    numbers.retain(|path, _| !is_money(path));
    assert!(n_before > numbers.len() + 40, "prices gave only {} figures", n_before - numbers.len());
    assert_same(&numbers_without(&plain, &[]), &numbers);
    assert_ne!(plain.digest, priced.digest);
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let text = priced_lane().text();
    assert_eq!(json(&results_on(&text, 1)), json(&results_on(&text, 2)));
}

#[test]
fn ways_have_costs_of_their_own() {
    let results = results_of(&priced_lane().text());
    let cost = |way: &str| value(&results, &format!("flows.parts.itineraries.{way}.cost.per_shipment"));
    let share = |way: &str| value(&results, &format!("flows.parts.itineraries.{way}.share"));
    // By feeder the train is ridden for 2,000 of 3,000 km at 0.8 CNY/tkm net.
    assert!(cost("direct") > cost("feeder") + 5_000.0, "{} and {}", cost("direct"), cost("feeder"));
    let whole = value(&results, "flows.parts.cost.per_shipment");
    let mean = share("direct") * cost("direct") + share("feeder") * cost("feeder");
    assert!((whole / mean - 1.0).abs() < 0.01, "{whole} and {mean}");
}

/// What only occupies resources pays, but nobody asks what: nothing is kept, and nothing breaks.
#[test]
fn traffic_in_the_background_has_no_costs() {
    let results = results_of(
        r#"(
        schema: 1,
        name: "background",
        run: (measure: "100h", replications: 2),
        nodes: { "a": () },
        flows: {
            "others": (arrivals: Regular(every: "1h"), background: true, steps: [
                Repeat(share: 1.0, at_most: 2, steps: [Charge(fee: "7 CNY/t"), Delay(time: "3h")]),
            ]),
        },
    )"#,
    );
    assert!(results.figures().keys().all(|path| !path.contains(".cost")));
}
