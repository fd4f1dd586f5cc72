//! Prices and emission factors: what is refused, as people meet it.

use insta::assert_snapshot;

use sanda_scenario::load_model_text;

use crate::world::{brief, world};

/// What people see of a text that must be refused, by the language or when it is compiled.
fn refused(text: &str) -> String {
    match load_model_text("my.ron", text, &[]) {
        Ok(_) => panic!("this scenario was expected to be refused:\n{text}"),
        Err(failure) => failure.to_string(),
    }
}

/// Compiles a text that must be good.
#[track_caller]
fn good(text: &str) {
    if let Err(failure) = load_model_text("my.ron", text, &[]) {
        panic!("{failure}");
    }
}

#[test]
fn a_currency_needs_a_rate() {
    assert_snapshot!(refused(&world(&[("running: [\"10h\"]", "running: [\"10h\"], freight: [\"800 CNY/TEU\", \"3250 USD/FEU\"]")])), @r#"
    error: no exchange rate for `USD`
      --> my.ron:13:56
       |
    13 |             running: ["10h"], freight: ["800 CNY/TEU", "3250 USD/FEU"],
       |                                                        ^^^^^^^^^^^^^^ expected CNY, or a currency in `rates`
       |
       = path: services.train.freight
    hint: add `rates: { "USD": "... CNY" }`, yuan for one unit
    "#);
}

/// Whether or not the head of the scenario could be read, and whether or not the rate could.
#[test]
fn a_rate_that_is_written_is_not_missing() {
    let issues = |from: &str, to: &str, rate: &str| {
        brief(&[
            ("running: [\"10h\"]", "running: [\"10h\"], freight: \"3250 USD/FEU\""),
            ("nodes:", &format!("rates: {{ \"USD\": \"{rate}\" }}, nodes:")),
            (from, to),
        ])
    };
    assert_snapshot!(issues("measure:", "mesure:", "7.2 CNY"), @"run.mesure: unknown field `mesure` in run | expected one of `measure`, `warm_up`, `drain`, `arrivals_until`, `replications`, `input_points`, `seed`, `matters` | did you mean `measure`?");
    assert_snapshot!(issues("servers: 2", "servers: 3", "7.2 yen"), @r#"rates.USD: expected a rate in yuan greater than zero, such as "7.2 CNY", found the text "7.2 yen" | expected a rate in yuan greater than zero, such as "7.2 CNY""#);
}

#[test]
fn a_currency_with_a_rate_is_good() {
    good(&world(&[
        ("running: [\"10h\"]", "running: [\"10h\"], freight: \"3250 USD/FEU\""),
        ("nodes:", "rates: { \"USD\": \"7.2 CNY\" }, nodes:"),
    ]));
}

#[test]
fn tonnes_need_a_mass() {
    assert_snapshot!(refused(&world(&[("servers: 2", "servers: 2, emission: \"1.2 kg/t\"")])), @r#"
    error: stage `crane` pays or emits by the tonne, but flow `boxes` has no mass
      --> my.ron:17:9
       |
    17 |         "boxes": (
       |         ^^^^^^^ expected `mass` or `mass_per_teu`
       |
       = path: flows.boxes.mass
    hint: for containers write `mass_per_teu: "12 t/TEU"`
    "#);
    good(&world(&[
        ("servers: 2", "servers: 2, emission: \"1.2 kg/t\""),
        ("arrivals: Poisson", "mass_per_teu: \"12 t/TEU\", arrivals: Poisson"),
    ]));
}

#[test]
fn distance_belongs_to_what_moves() {
    assert_snapshot!(refused(&world(&[("servers: 2", "servers: 2, fee: \"2 CNY/tkm\"")])), @r#"
    error: per tkm where nothing moves
     --> my.ron:6:57
      |
    6 |     resources: { "crane": (at: "yard", servers: 2, fee: "2 CNY/tkm") },
      |                                                         ^^^^^^^^^^^ expected an amount per shipment, TEU, FEU, t or kg
      |
      = path: resources.crane.fee
    hint: what grows with distance belongs to a service or connection
    "#);
}

#[test]
fn what_goes_by_distance_needs_one() {
    let emission = ("running: [\"10h\"]", "running: [\"10h\"], emission: \"25 g/tkm\"");
    assert_snapshot!(refused(&world(&[emission])), @r#"
    error: `train` pays or emits by distance, which is not known
     --> my.ron:8:9
      |
    8 |         "train": (
      |         ^^^^^^^ expected `distance`, or a `position` of node `yard`
      |
      = path: services.train.distance
    "#);
    good(&world(&[
        ("running: [\"10h\"]", "running: [\"10h\"], emission: \"25 g/tkm\", distance: [\"900 km\"]"),
        ("arrivals: Poisson", "mass: \"12 t\", arrivals: Poisson"),
    ]));
}

#[test]
fn units_that_do_not_fit() {
    let service = |text: &str| {
        let with = format!("running: [\"10h\"], distance: [\"9 km\"], {text}");
        brief(&[("running: [\"10h\"]", &with), ("arrivals: Poisson", "mass: \"12 t\", arrivals: Poisson")])
    };
    let cases = [
        r#"freight: "3250 USD""#,
        r#"freight: "3250 CNY/box""#,
        "freight: 3250",
        r#"freight: "34.7 g/tkm""#,
        r#"emission: "3250 CNY/TEU""#,
        r#"emission: "25 g/tonne-kilometre""#,
        r#"emission: "25 g/TEU", reference_load: "700 t""#,
        r#"emission: "25 g/tkm", radiative_forcing: "40 g/TEU-km""#,
        r#"emission: "25 g/tkm", reference_load: "110 TEU""#,
    ];
    let all: String = cases.iter().map(|case| service(case)).collect();
    assert_snapshot!(all, @r#"
    services.train.freight: `3250 USD` does not say per what | expected a price, such as "3250 USD/FEU" | write for example `3250 USD/FEU`
    services.train.freight: unknown measure `box` behind the stroke | expected a price, such as "3250 USD/FEU" | did you mean `TEU`?
    services.train.freight: `3250` does not say per what | expected a price, such as "3250 USD/FEU" | write for example `3250 USD/FEU`
    services.train.freight: unknown unit `g`: money is given in `CNY` | expected a price, such as "3250 USD/FEU"
    services.train.emission: unknown unit `CNY`: emission is given in `kg`, `g` or `t` | expected an emission factor, such as "34.7 g/tkm"
    services.train.emission: unknown measure `tonne-kilometre` behind the stroke | expected an emission factor, such as "34.7 g/tkm" | did you mean `tkm`?
    services.train.reference_load: a reference load without an emission factor per tkm | expected `emission` such as "34.7 g/tkm" beside it
    services.train.radiative_forcing: a factor with radiative forcing beside none of the same measure | expected `emission` per TEU-km too
    services.train.reference_load: unknown unit `TEU`: mass is given in `t`, `kg` or `kt` | expected mass with a unit
    "#);
}

#[test]
fn a_mass_is_said_once() {
    let twice = ("arrivals: Poisson", "mass: \"12 t\", mass_per_teu: \"12 t/TEU\", arrivals: Poisson");
    assert_snapshot!(brief(&[twice]), @r#"flows.boxes.mass_per_teu: both `mass` and `mass_per_teu` are given | expected one of the two"#);
}

#[test]
fn a_vehicle_pays_nothing_by_chance() {
    let by_chance = (
        "running: [\"10h\"]",
        "running: [\"10h\"], at_stop: { \"away\": [Inspect(share: 0.1, steps: [Charge(fee: \"9 CNY/TEU\")])] }",
    );
    assert_snapshot!(refused(&world(&[by_chance])), @r#"
    error: a price or emission of steps that a vehicle does by chance
      --> my.ron:13:79
       |
    13 |             running: ["10h"], at_stop: { "away": [Inspect(share: 0.1, steps: [Charge(fee: "9 CNY/TEU")])] },
       |                                                                               ^^^^^^ expected outside of `Choose`, `Inspect` and `Repeat` at a stop
       |
       = path: services.train.at_stop.away[0].steps[0]
    hint: let the shipments pay it before or after the ride
    "#);
}
