//! Itineraries chosen by expected cost: two of them worked out by hand to the fen, and expected costs against simulated ones.
//!
//! Does not own the figures of cost (`figures::costs`).

use sanda_scenario::{Style, load_model_text};

use crate::shared::{Agreement, compiled, results_of, results_of_built};

/// From `yard` to `away` by a fast dear train or a slow cheap barge. A box is 2 TEU and 24 t on average; it is worth 10,950 CNY a
/// tonne, so that an hour costs 24 * 10,950 * 10 % / 8,760 = 3 CNY.
///
/// By rail: 12 h for the train and 24 h aboard; 900 CNY/TEU, 0.5 CNY/tkm over 200 + 300 km, the border 100 CNY a shipment,
/// less 400 CNY/TEU: 1,800 + 6,000 + 100 - 800 = 7,100. With 36 h of capital 7,208.
///
/// By river: a truck of 4 h at 5 CNY/TEU-km over 40 km, a crane of 2 h at 30 CNY/TEU, 12 h for the barge and 150 h aboard at
/// 75 CNY/t: 400 + 60 + 1,800 = 2,260. With 168 h of capital 2,764.
///
/// The river is 132 h slower and 4,840 CNY cheaper, 4,444 with capital.
fn world(flow: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "money", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "60d", replications: 1),
    money: (capital: "10%"),
    nodes: {{ "yard": (), "border": (kind: Border), "quay": (), "away": () }},
    resources: {{
        "crane": (at: "quay", servers: Unlimited, fee: "30 CNY/TEU"),
        "bay": (at: "border", servers: Unlimited, fee: "100 CNY/shipment", fee_as: Customs),
    }},
    connections: {{ "truck": (from: "yard", to: "quay", time: "4h", distance: "40 km", freight: "5 CNY/TEU-km") }},
    services: {{
        "train": (
            mode: Rail, stops: ["yard", "border", "away"], departs: Every(period: "24h"), capacity: Unlimited,
            running: ["10h", "13h"], distance: ["200 km", "300 km"], at_stop: {{ "border": [Work(resource: "bay", time: "1h")] }},
            freight: ["900 CNY/TEU", "0.5 CNY/tkm"], subsidy: "400 CNY/TEU",
        ),
        "barge": (
            mode: River, stops: ["quay", "away"], departs: Every(period: "24h"), capacity: Unlimited, running: ["150h"],
            freight: "75 CNY/t",
        ),
    }},
    procedures: {{ "loading": (at: "quay", turn: Transfer(from: Road, to: River), steps: [Work(resource: "crane", time: "2h")]) }},
    flows: {{ "boxes": (
        from: "yard", to: "away", arrivals: Regular(every: "6h", offset: "1h"),
        size: Discrete([(value: "1 TEU", weight: 1), (value: "3 TEU", weight: 1)]), mass_per_teu: "12 t/TEU",
        {flow}
    ) }},
)"#
    )
}

const VALUE: &str = r#"value: "10950 CNY/t""#;

/// Names and shares of the ways of the only flow, and what they are expected to cost in fen.
fn ways(text: &str) -> Vec<(String, f64, i64)> {
    let built = compiled(text);
    let names = built.model.itineraries.iter().map(|way| way.name.clone());
    names.zip(&built.routes).map(|(name, way)| (name, way.share, way.expected.money.as_fen())).collect()
}

/// The way that is searched and taken.
fn taken(choice: &str) -> String {
    let one = ways(&world(choice));
    let two = ways(&world(&format!("ways: 2, {choice}")));
    assert_eq!((one.len(), two.len()), (1, 2));
    let best = two.iter().find(|way| way.1 > 0.5).expect("a way that all take");
    // The search goes by what the choice goes by.
    assert_eq!(one[0], *best);
    best.0.clone()
}

#[test]
fn two_ways_by_hand() {
    let costs = |flow: &str| -> Vec<(String, i64)> {
        ways(&world(flow)).into_iter().map(|(name, _, fen)| (name, fen)).collect()
    };
    let both = |barge: i64, train: i64| vec![("barge".to_owned(), barge), ("train".to_owned(), train)];
    assert_eq!(costs("ways: 2, choice: Cheapest"), both(226_000, 710_000));
    // Of 36 and 168 h of capital.
    assert_eq!(costs(&format!("ways: 2, choice: Cheapest, {VALUE}")), both(276_400, 720_800));
    // What is expected does not depend on what is chosen by.
    assert_eq!(costs(&format!("ways: 2, choice: Fastest, {VALUE}")), both(276_400, 720_800));
    // Mass by size is foreseen: the same two hours at the crane, by the tonne.
    let by_tonne =
        world(&format!("ways: 2, {VALUE}")).replace(r#"time: "2h""#, r#"time: "5min", per: Tonne"#);
    assert_eq!(ways(&by_tonne)[0].2, 276_400);
    let results = results_of(&world(&format!("ways: 2, choice: Cheapest, {VALUE}")));
    let route = &results.routes["boxes"]["train"];
    assert!((route.expected_cost.expect("a price") - 7_208.0).abs() < 1e-9);
}

#[test]
fn the_cheapest_way_is_taken_until_capital_is_dear() {
    assert_eq!(taken("choice: Fastest"), "train");
    assert_eq!(taken("choice: Cheapest"), "barge");
    // 132 h of capital make up for 4,840 CNY from 36.67 CNY an hour on: a value of 133,833.33 CNY/t.
    assert_eq!(taken(r#"choice: Cheapest, value: "133833 CNY/t""#), "barge");
    assert_eq!(taken(r#"choice: Cheapest, value: "133834 CNY/t""#), "train");
}

#[test]
fn generalised_cost_switches_where_time_pays() {
    let generalised = |yuan: &str| format!(r#"choice: Generalised(value_of_time: "{yuan} CNY")"#);
    // 4,840 / 132 = 36.666...
    assert_eq!(taken(&generalised("36.66")), "barge");
    assert_eq!(taken(&generalised("36.67")), "train");
    // Capital is 3 of it.
    assert_eq!(taken(&format!("{}, {VALUE}", generalised("33.66"))), "barge");
    assert_eq!(taken(&format!("{}, {VALUE}", generalised("33.67"))), "train");
}

#[test]
fn logit_weighs_money() {
    let share = |choice: &str| ways(&world(choice))[1].1;
    let check = |got: f64, utility: f64| {
        let expected = 1.0 / (1.0 + libm::exp(-utility));
        assert!((got - expected).abs() < 1e-12, "{got} instead of {expected}");
    };
    // For the train speak 132 h at 0.03, against it 4,840 CNY at 0.001; with capital 4,444.
    check(share("choice: Logit(time: 0.03, cost: 0.001)"), 3.96 - 4.84);
    check(share(&format!("choice: Logit(time: 0.03, cost: 0.001), {VALUE}")), 3.96 - 4.444);
    check(share("choice: Logit(time: 0, cost: 0.0001)"), -0.484);
}

#[test]
fn a_subsidy_above_the_freight_brings_money_in() {
    let text =
        world("ways: 2, choice: Cheapest").replace(r#"subsidy: "400 CNY/TEU""#, r#"subsidy: "9000 CNY/TEU""#);
    // 1,800 + 6,000 + 100 - 18,000.
    let all = ways(&text);
    assert_eq!((all[1].0.as_str(), all[1].2), ("train", -1_010_000));
    assert!((all[1].1 - 1.0).abs() < 1e-12);
}

#[test]
fn without_any_price_there_is_nothing_to_choose_by() {
    let bare = |choice: &str| {
        let text = world(&format!("choice: {choice}"));
        [
            r#", fee: "30 CNY/TEU""#,
            r#", fee: "100 CNY/shipment", fee_as: Customs"#,
            r#", freight: "5 CNY/TEU-km""#,
            r#"freight: ["900 CNY/TEU", "0.5 CNY/tkm"], subsidy: "400 CNY/TEU","#,
            r#"freight: "75 CNY/t","#,
        ]
        .iter()
        .fold(text, |text, price| text.replace(price, ""))
    };
    let refusal = |text: &str| {
        load_model_text("ways.ron", text, &[]).expect_err("this was expected to be refused").to_string()
    };
    insta::assert_snapshot!(refusal(&bare("Cheapest")), @r"
    error: flow `boxes` chooses by cost, but nothing on its ways has a price
      --> ways.ron:26:17
       |
    26 |         choice: Cheapest
       |                 ^^^^^^^^ expected prices on its ways, or a choice by time
       |
       = path: flows.boxes.choice
    hint: give services and connections `freight`, and resources a `fee`, or choose `Fastest`
    ");
    for choice in [r#"Generalised(value_of_time: "50 CNY")"#, "Logit(time: 0.1, cost: 0.01)"] {
        assert!(refusal(&bare(choice)).contains("path: flows.boxes.choice"));
    }
    let results = results_of(&bare("Logit(time: 0.1)"));
    assert!(results.routes["boxes"].values().all(|way| way.expected_cost.is_none()));
}

#[test]
fn a_way_without_a_price_is_free_and_said_to_be() {
    let text = world("ways: 2, choice: Cheapest")
        .replace(r#", fee: "100 CNY/shipment", fee_as: Customs"#, "")
        .replace(r#"freight: ["900 CNY/TEU", "0.5 CNY/tkm"], subsidy: "400 CNY/TEU","#, "");
    let loaded = load_model_text("ways.ron", &text, &[]).expect("a sound scenario");
    insta::assert_snapshot!(loaded.render_remarks(Style::default()), @r"
    warning: way `train` of flow `boxes` has no price: it counts as free
      --> ways.ron:26:26
       |
    26 |         ways: 2, choice: Cheapest
       |                          ^^^^^^^^ expected a price on each way, as the choice is by cost
       |
       = path: flows.boxes.choice
    ");
    assert!((loaded.built.routes.iter().last().expect("two ways").share - 1.0).abs() < 1e-12);
}

/// Expected against simulated cost where nobody queues: fees by chance, by customs, again and again, in branches, at a held
/// resource and at a vehicle's stop; size and mass by chance, capital. Seed 5, 30
/// replications; z is that of `FALSE_ALARM`, and an error of 2 % is seen.
#[test]
fn what_is_expected_is_what_is_paid_without_queues() {
    let text = r#"(
    schema: 1, name: "expected", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "60d", measure: "1000d", drain: "120d", replications: 30, seed: 5),
    money: (capital: "20%"),
    rates: { "USD": "7.2 CNY" },
    nodes: { "shop": (), "yard": (), "border": (kind: Border), "away": () },
    resources: {
        "desk": (at: "yard", servers: Unlimited, fee: "40 CNY/TEU"),
        "bond": (at: "yard", servers: Unlimited, fee: "70 CNY/shipment"),
        "bay": (at: "border", servers: Unlimited, fee: ["50 CNY/shipment", "3 CNY/t"], fee_as: Customs),
    },
    connections: { "cart": (from: "shop", to: "yard", time: Gamma(mean: "5h", cv: 0.7), distance: "30 km", freight: ["2 CNY/tkm", "90 CNY/shipment"], subsidy: "10 CNY/TEU") },
    services: { "train": (
        mode: Rail, stops: ["yard", "border", "away"], departs: Every(period: "24h"), cutoff: "6h", capacity: Unlimited,
        running: [LogNormal(mean: "30h", cv: 0.3), "15h"], distance: ["400 km", "500 km"],
        at_stop: { "border": [Work(resource: "bay", time: Exponential(mean: "4h"))] },
        freight: ["300 USD/FEU", "0.1 CNY/tkm"], subsidy: "0.2 CNY/TEU-km",
    ) },
    flows: { "boxes": (
        from: "shop", to: "away", arrivals: Poisson(mean: 12, per: "1d"), value: "300000 CNY/TEU",
        size: Discrete([(value: "1 TEU", weight: 1), (value: "4 TEU", weight: 1)]), mass: Uniform(min: "5 t", max: "25 t"),
        steps: [
            Haul("cart"),
            Hold(resource: "bond", steps: [
                Inspect(share: 0.1, steps: [Delay(time: "20h"), Charge(fee: "2000 CNY/shipment", as: Customs)]),
            ]),
            Customs(cases: [(operator: Authorised, steps: [])], otherwise: [Charge(fee: "11 CNY/t", as: Customs)]),
            Repeat(share: 0.3, steps: [Work(resource: "desk", time: Exponential(mean: "2h"))]),
            Repeat(share: 0.5, at_most: 2, steps: [Charge(fee: "200 CNY/TEU")]),
            Choose([(share: 0.25, steps: [Charge(fee: "900 CNY/shipment")])]),
            Parallel([[Charge(fee: "60 CNY/shipment"), Delay(time: "1h")], [Work(resource: "desk", time: "3h")]]),
            Ride(service: "train"),
        ],
    ) },
)"#;
    let built = compiled(text);
    let results = results_of_built(&built, 2);
    let cost = results.routes["boxes"].values().next().and_then(|way| way.expected_cost).expect("a price");
    Agreement::of(&results).check("flows.boxes.cost.per_shipment", cost, 0.02).conclude();
}
