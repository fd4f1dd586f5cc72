//! The load of departures: units, split shipments, traffic in the background, seasons of the capacity; arrivals that slip, and traces.
//! Worked out by hand.
//!
//! Does not own random loads (`laws::loads`).
#![expect(clippy::float_cmp, reason = "hours worked out by hand are exact")]

use crate::shared::watch::watch;
use crate::shared::{check_exactly, results_of, results_on, value};
use sanda_core::model::category::Category::{Cargo, Moving, Rolled, Timetable, Worked};

/// A train every ten hours from hour 10 on, an hour under way.
fn world(service: &str, flows: &str, more: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "loads", start: "2025-01-06T00:00[UTC]",
    run: (measure: "50h", drain: "60d", arrivals_until: MeasureEnd, replications: 1),
    nodes: {{ "yard": (), "halt": (), "away": () }},
    services: {{ "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "10h", offset: "10h"), running: ["1h"], {service}) }},
    flows: {{ {flows} }},
    {more}
)"#
    )
}

/// Shipments ready at these hours that ride the train.
fn flow(name: &str, ready: &str, what: &str) -> String {
    format!(r#""{name}": (arrivals: At([{ready}]), {what} steps: [Ride(service: "train")]),"#)
}

#[test]
fn a_split_shipment_goes_on_when_its_last_unit_has_come() {
    let text = world(
        r#"capacity: "2 pallets", split: true"#,
        &(flow("lot", r#""1h""#, "units: 5,") + &flow("single", r#""2h""#, "")),
        "",
    );
    let run = watch(&text);
    // Two of five units, two more, and the last beside the single pallet, which came after it.
    let boarded = [("lot", 0, 10.0), ("lot", 0, 20.0), ("lot", 0, 30.0), ("single", 0, 30.0)];
    assert_eq!(run.boarded(), boarded);
    assert_eq!(run.units(), [(2, 10.0), (2, 20.0), (1, 30.0), (1, 30.0)]);
    assert_eq!((run.delivered("lot"), run.delivered("single")), (vec![31.0], vec![31.0]));
    let lot = |category| run.hours("lot", "train", category);
    assert_eq!((lot(Timetable), lot(Rolled), lot(Moving)), (9.0, 20.0, 1.0));
    let record = run.service("train");
    // One wait for each shipment, to the departure of its last unit: not the first that it could have made.
    assert_eq!((record.wait.count(), record.boarded_first, record.boarded_within_two), (2, 0, 0));
    assert_eq!(record.wait.sum(), i128::from((29 + 28) * 3_600_000));
    // Left behind at 10 and 20 h: the rest of the lot, and the single.
    assert_eq!((record.left_behind.sum(), record.load.sum()), (2 + 2, 1 + 1 + 2));
    assert_eq!((record.loaded, record.offered), (6, 8));
    let results = results_of(&text);
    check_exactly(&results, "flows.lot.units", 5.0);
    assert!(results.figure("flows.single.units").is_none(), "who has no units has no figure of them");
}

#[test]
fn without_splitting_a_shipment_boards_whole() {
    let text = world(
        r#"capacity: "4 units""#,
        &(flow("lot", r#""1h", "2h""#, "units: 3,") + &flow("single", r#""3h""#, "")),
        "",
    );
    let run = watch(&text);
    assert_eq!(run.boarded(), [("lot", 0, 10.0), ("lot", 1, 20.0), ("single", 0, 20.0)]);
    let overtaking = watch(&text.replace(r#""4 units""#, r#""4 units", overtake: true"#));
    assert_eq!(overtaking.boarded(), [("lot", 0, 10.0), ("single", 0, 10.0), ("lot", 1, 20.0)]);
}

#[test]
fn teu_and_mass_are_divided_in_proportion() {
    // Three units of 10 TEU, 3.333 each: two fit into 7 TEU, and a box of 1 TEU that overtakes does not fit beside them.
    let run = watch(&world(
        r#"capacity: "7 TEU", split: true, overtake: true"#,
        &(flow("lot", r#""1h""#, r#"units: 3, size: "10 TEU","#) + &flow("box", r#""2h""#, "")),
        "",
    ));
    assert_eq!(run.boarded(), [("lot", 0, 10.0), ("lot", 0, 20.0), ("box", 0, 20.0)]);
    assert_eq!(run.units(), [(2, 10.0), (1, 20.0), (1, 20.0)]);
    assert_eq!(run.service("train").loaded, 11_000, "not a thousandth is lost");
    // 700 kg in seven units, 250 kg at a time: two, two, two and one.
    let run = watch(&world(
        r#"capacity: "250 kg", split: true"#,
        &flow("lot", r#""1h""#, r#"units: 7, mass: "700 kg","#),
        "",
    ));
    assert_eq!(run.units(), [(2, 10.0), (2, 20.0), (2, 30.0), (1, 40.0)]);
    assert_eq!(run.service("train").loaded, 700);
    assert_eq!(run.delivered("lot"), [41.0]);
}

#[test]
fn of_a_split_shipment_the_unit_that_comes_last_counts() {
    // The train of 10 h takes 31 hours, that of 20 h one: the first unit comes last, at 41 h.
    let slow = r#"disruptions: { "snow": (targets: [Service("train")], when: Dated([(from: "2025-01-06T09:00", to: "2025-01-06T11:00")]), effect: TimeAdd("30h")) },
    clocks: { "rails": (from: Departed, to: Arrived) },"#;
    let run = watch(&world(
        r#"capacity: "1 unit", split: true"#,
        &(flow("lot", r#""1h""#, "units: 2,") + &flow("next", r#""2h""#, "")),
        slow,
    ));
    assert_eq!(run.boarded(), [("lot", 0, 10.0), ("lot", 0, 20.0), ("next", 0, 30.0)]);
    assert_eq!((run.delivered("lot"), run.delivered("next")), (vec![41.0], vec![31.0]));
    let lot = |category| run.hours("lot", "train", category);
    assert_eq!((lot(Timetable), lot(Rolled), lot(Moving)), (9.0, 0.0, 31.0));
    let rails = &run.outcome.flows.iter().next().expect("the lot").clocks[1];
    assert_eq!(rails.sum(), 31 * 3_600_000, "from the departure to the arrival of that unit");
    // Its last unit boarded the second run.
    let record = run.service("train");
    assert_eq!((record.boarded_first, record.boarded_within_two), (0, 1));
}

#[test]
fn parts_pay_and_emit_for_themselves_alone() {
    // A tonne in four units; each train emits 8 kg, shared by mass. Two units beside 500 kg, then two alone: 4 + 8 kg.
    let run = results_of(&world(
        r#"capacity: "1 t", split: true, distance: ["100 km"], emission: "80 g/km""#,
        &(flow("first", r#""0h""#, r#"mass: "500 kg","#)
            + &flow("lot", r#""1h""#, r#"units: 4, mass: "1 t","#)),
        "",
    ));
    check_exactly(&run, "flows.first.emission.per_shipment", 4.0);
    check_exactly(&run, "flows.lot.emission.per_shipment", 12.0);
    check_exactly(&run, "flows.lot.emission.per_tonne", 12.0);
}

#[test]
fn splitting_conserves_units_and_gives_the_same_bytes_on_any_number_of_threads() {
    let text = world(
        r#"capacity: Random(Uniform(min: "8 TEU", max: "26 TEU")), split: true, overtake: true, background: Uniform(min: "0 TEU", max: "4 TEU"), slip: Exponential(mean: "5h"), cancelled: "10%""#,
        r#""lots": (arrivals: Poisson(mean: 0.3, per: "1h"), units: Uniform(min: 1, max: 9), size: Uniform(min: "0.5 TEU", max: "6 TEU"), steps: [
            Delay(time: Exponential(mean: "3h"), per: Unit), Ride(service: "train"), Delay(id: "on", time: "1h")]),
        "boxes": (arrivals: Poisson(mean: 0.2, per: "1h"), priority: 2, steps: [Ride(service: "train")]),"#,
        "",
    )
    .replace(r#"measure: "50h""#, r#"measure: "900h""#)
    .replace("replications: 1", "replications: 4");
    let run = watch(&text);
    let flow = run.model.flows.iter_enumerated().find(|(_, flow)| flow.name == "lots").expect("lots").0;
    let record = &run.outcome.flows[flow];
    assert!(record.under_way() == 0 && record.released > 200, "{} under way", record.under_way());
    // Every unit that was released has boarded once.
    let of_lots = || run.seen.boarded.iter().filter(|(name, ..)| name == "lots");
    let units: u64 = of_lots().map(|&(_, _, units, _)| u64::from(units)).sum();
    assert_eq!(i128::from(units), record.units);
    let n_parts = |number: u64| of_lots().filter(|&&(_, n, ..)| n == number).count();
    let most = (0..record.released).map(n_parts).max();
    assert!(most >= Some(3), "too little is split for this to show anything: {most:?}");
    let [one, two] = [1, 2].map(|n| results_on(&text, n));
    assert_eq!(one.figures(), two.figures());
    assert_eq!(one.fingerprint, two.fingerprint);
}

#[test]
fn the_background_takes_what_there_is_and_counts_as_loaded() {
    let text = |background: &str| {
        world(
            &format!(r#"capacity: "10 TEU", background: {background}"#),
            &flow("box", r#""1h", "2h", "3h""#, ""),
            "",
        )
    };
    // All but one place: one box a train. Nine, or ten with a box, of ten.
    let run = watch(&text(r#""9 TEU""#));
    assert_eq!(run.boarded(), [("box", 0, 10.0), ("box", 1, 20.0), ("box", 2, 30.0)]);
    assert_eq!(run.hours("box", "train", Rolled), 10.0 + 20.0);
    check_exactly(&results_of(&text(r#""9 TEU""#)), "services.train.load_factor", 39.0 / 40.0);
    // More than there is: nobody boards but where there is none.
    let run = watch(&text(r#"Discrete([(value: "25 TEU", weight: 1), (value: "0 TEU", weight: 1)])"#));
    let record = run.service("train");
    assert!(record.loaded <= record.offered && record.offered == 40_000);
    let trains: std::collections::BTreeSet<i64> = run.boarded().iter().map(|b| b.2 as i64).collect();
    assert_eq!((run.boarded().len(), trains.len()), (3, 1), "all three by the first train with room");
    assert_eq!(record.left_behind.sum(), i128::from(3 * (trains.iter().sum::<i64>() / 10 - 1)));
}

#[test]
fn the_background_bears_its_share_of_emissions() {
    // 8 kg a train; a box of 1 TEU beside nine, as heavy each.
    let run = results_of(&world(
        r#"capacity: "10 TEU", background: "9 TEU", distance: ["100 km"], emission: "80 g/km""#,
        &flow("box", r#""1h""#, r#"mass: "10 t","#),
        "",
    ));
    check_exactly(&run, "flows.box.emission.per_shipment", 0.8);
}

#[test]
fn a_service_is_full_beside_the_background() {
    let text = world(
        r#"capacity: "10 ULD", background: "7 ULD""#,
        &flow("lot", r#""1h", "2h", "3h", "4h""#, "units: 2,"),
        "",
    )
    .replace(r#"Every(period: "10h", offset: "10h")"#, "WhenFull(longest_wait: \"1d\")");
    // Two lots are more than the three places left: one goes at 2 h, one at 3 h, one at 4 h, the last after a day.
    let run = watch(&text);
    assert_eq!(run.boarded(), [("lot", 0, 2.0), ("lot", 1, 3.0), ("lot", 2, 4.0), ("lot", 3, 28.0)]);
    let by_quantity = text.replace("WhenFull(", "WhenFull(quantity: \"2 ULD\", ");
    let at: Vec<f64> = watch(&by_quantity).boarded().iter().map(|b| b.2).collect();
    assert_eq!(at, [1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn work_and_batches_count_units() {
    let run = watch(&world(
        r#"capacity: "10 TEU""#,
        r#""lot": (arrivals: At(["1h", "2h", "3h"]), units: 4, steps: [Work(resource: "crane", time: "15min", per: Unit), Batch(size: "7 units"), Ride(service: "train")]),"#,
        r#"resources: { "crane": (at: "yard") },"#,
    ));
    assert_eq!(run.hours("lot", "crane", Worked), 3.0);
    // Two lots are eight units: the first waits an hour for the second. The third waits for a fourth that never comes.
    assert_eq!(run.hours("lot", "batch", Cargo), 1.0);
    assert_eq!(run.delivered("lot"), [11.0, 11.0]);
}

#[test]
fn a_volume_in_units_brings_so_many() {
    // 8760 pallets a year in lots of four on average: a lot every four hours. 2000 lots are known to 2.2 %.
    let results = results_of(
        &world(
            r#"capacity: "1000 pallets""#,
            r#""lot": (arrivals: Volume(per_year: "8760 pallets"), units: Uniform(min: 1, max: 7), steps: [Ride(service: "train")]),"#,
            "",
        )
        .replace(r#"measure: "50h""#, r#"measure: "8000h""#),
    );
    let pallets = value(&results, "flows.lot.units");
    assert!((pallets / 8000.0 - 1.0).abs() < 0.12, "{pallets}");
}

#[test]
fn the_capacity_follows_the_month_of_the_first_stop() {
    // January ends at the yard, in Berlin, seven hours later than where the clock of the run is read.
    let text = world(
        r#"capacity: Seasonal(load: "10 TEU", month: [0.35, 0.2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])"#,
        &flow("box", &vec![r#""0h""#; 20].join(", "), ""),
        "",
    )
    .replace("2025-01-06T00:00[UTC]", "2025-01-31T19:00[Asia/Shanghai]")
    .replace(r#""yard": ()"#, r#""yard": (zone: "Europe/Berlin")"#);
    let run = watch(&text);
    let aboard = |at: f64| run.boarded().iter().filter(|boarded| boarded.2 == at).count();
    // 10 h is 22:00 of 31 January in Berlin, 05:00 of 1 February in China: 3.5 TEU, so three boxes.
    assert_eq!((aboard(10.0), aboard(20.0), aboard(30.0)), (3, 2, 2));
    assert_eq!(run.service("train").offered, 3_500 + 3 * 2_000);
    // A law of the load is drawn and multiplied.
    let drawn = watch(&text.replace(
        r#"load: "10 TEU""#,
        r#"load: Discrete([(value: "10 TEU", weight: 1), (value: "20 TEU", weight: 1)])"#,
    ));
    let first = drawn.boarded().iter().filter(|boarded| boarded.2 == 10.0).count();
    assert!(first == 3 || first == 7, "{first}");
}

#[test]
fn arrivals_slip_and_the_plan_does_not_know() {
    let text = world(
        r#"capacity: "10 TEU", slip: "3h", punctual: "2h""#,
        &(flow("box", r#""5h""#, "")
            + r#""halted": (arrivals: At(["9h", "9h 1min"]), steps: [Ride(service: "train", from: "halt")]),"#),
        "",
    )
    .replace(r#"stops: ["yard", "away"]"#, r#"stops: ["yard", "halt", "away"], cutoff: "2h""#)
    .replace(r#"running: ["1h"]"#, r#"running: ["1h", "1h"]"#);
    let run = watch(&text);
    // At the halt three hours late, at the end six. The cut-off there counts from the plan: 9 h for the train planned at 11 h.
    assert_eq!(run.boarded(), [("box", 0, 10.0), ("halted", 0, 14.0), ("halted", 1, 24.0)]);
    assert_eq!((run.delivered("box"), run.delivered("halted")), (vec![18.0], vec![18.0, 28.0]));
    assert_eq!((run.hours("box", "train", Moving), run.hours("halted", "train", Moving)), (8.0, 8.0));
    let record = run.service("train");
    assert_eq!((record.arrivals, record.punctual), (8, 0));
    assert_eq!(record.late.sum(), i128::from(4 * (3 + 6) * 3_600_000));
}

#[test]
fn the_slip_of_an_arrival_is_its_own() {
    // Drawn by departure and stop: with one law the two arrivals of a run slip differently, and nothing else changes its luck.
    let text = |slip: &str| {
        world(
            &format!(r#"capacity: "10 TEU", delay: Exponential(mean: "1h"), {slip}"#),
            &flow("box", r#""5h", "15h", "25h""#, ""),
            "",
        )
        .replace(r#"stops: ["yard", "away"]"#, r#"stops: ["yard", "halt", "away"]"#)
        .replace(r#"running: ["1h"]"#, r#"running: [Exponential(mean: "9h"), "1h"]"#)
    };
    let (with, without) = (watch(&text(r#"slip: Exponential(mean: "4h"),"#)), watch(&text("")));
    assert_eq!(with.boarded(), without.boarded());
    let slips: Vec<f64> = with
        .delivered("box")
        .iter()
        .zip(without.delivered("box"))
        .map(|(late, plain)| late - plain)
        .collect();
    assert!(slips.iter().all(|&slip| slip > 0.0) && slips[0] != slips[1], "{slips:?}");
    let single = watch(
        &text(r#"slip: Exponential(mean: "4h"),"#)
            .replace("running: [Exponential(mean: \"9h\"), \"1h\"]", "running: [\"0h\", \"0h\"]"),
    );
    let late = &single.service("train").late;
    assert!(late.sum() > 0 && late.count() == 8);
}

#[test]
fn what_can_never_board_is_refused() {
    let refused = |service: &str, what: &str| {
        let text = world(service, &flow("lot", r#""1h""#, what), "");
        sanda_scenario::load_model_text("test.ron", &text, &[]).err().map(|failure| failure.to_string())
    };
    let never = |service: &str, what: &str| {
        let said = refused(service, what).unwrap_or_default();
        assert!(said.contains("no shipment fits aboard `train`"), "{service}, {what}: {said}");
    };
    never(r#"capacity: "2 units""#, "units: 5,");
    never(r#"capacity: "2 TEU""#, r#"units: 5, size: "10.5 TEU","#);
    never(r#"capacity: "2 TEU", split: true"#, r#"units: 5, size: "10.5 TEU","#);
    never(
        r#"capacity: Seasonal(load: "20 TEU", month: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])"#,
        r#"size: "2.1 TEU","#,
    );
    assert_eq!(refused(r#"capacity: "2 TEU", split: true"#, r#"units: 5, size: "10 TEU","#), None);
    assert_eq!(refused(r#"capacity: "2 units", split: true"#, "units: 5,"), None);
}

/// A scenario beside a trace of arrivals, in a folder of its own.
fn with_trace(csv: &str, trace: &str, more: &str) -> Result<sanda_scenario::LoadedModel, String> {
    static N: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let n = N.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("sanda-trace-{}-{n}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let text = world(
        r#"capacity: "10 t""#,
        &format!(
            r#""lot": (from: "yard", arrivals: Trace(file: "trace.csv", {trace}), {more} steps: [Ride(service: "train")]),"#
        ),
        "",
    )
    .replace(r#""yard": ()"#, r#""yard": (zone: "Europe/Berlin")"#);
    std::fs::write(folder.join("trace.csv"), csv).expect("a trace");
    std::fs::write(folder.join("world.ron"), text).expect("a scenario");
    let loaded = sanda_scenario::load_model(&folder.join("world.ron"), &[]);
    std::fs::remove_dir_all(&folder).expect("a folder of its own");
    loaded.map_err(|failure| failure.to_string())
}

#[test]
fn a_trace_brings_its_rows_with_their_sizes() {
    // Local times in Berlin, an hour before the start's UTC; in no order; one before the start.
    let csv = "when,pieces,weight,room\n\
        2025-01-06T13:30,2,5 t,1.5\n\
        2025-01-06 02:00:30,3,4000 kg,2\n\
        2025-01-06T00:30,9,99,9\n\
        2025-01-06T13:30,1,5.5,0.5 TEU\n";
    let columns = r#"column: "when", size: "room", mass: (column: "weight", unit: "t"), units: "pieces""#;
    let loaded = with_trace(csv, columns, "").unwrap_or_else(|failure| panic!("{failure}"));
    let model = &loaded.built.model;
    let outcome = sanda_core::replicate(model, 1, 0).expect("a sound run");
    let record = outcome.flows.iter().next().expect("the flow");
    assert_eq!((record.released, record.units, record.teu, record.mass), (3, 6, 4_000, 14_500));
    // The train of 10 h takes the first, which came at 01:00:30 UTC; that of 20 h the second alone, the third would be too heavy.
    let service = outcome.services.iter().next().expect("the train");
    let second = 1_000;
    let waits = (9 * 3600 - 30) + (7 * 3600 + 1800) + (17 * 3600 + 1800);
    assert_eq!(service.wait.sum(), i128::from(waits * second));
    assert_eq!((service.loaded, service.boarded_first), (14_500, 2));
    // Hours and durations after the start.
    let loaded =
        with_trace("at\n2.5\n90min\n1d 2h\n", r#"unit: "h""#, r#"mass: "1 t","#).expect("a sound trace");
    let outcome = sanda_core::replicate(&loaded.built.model, 1, 0).expect("a sound run");
    let wait = outcome.services.iter().next().expect("the train").wait.sum();
    assert_eq!(wait, i128::from((7 * 60 + 30 + 8 * 60 + 30 + 4 * 60) * 60 * second));
}

#[test]
fn what_is_wrong_with_a_trace_is_said() {
    let refused = |csv: &str, trace: &str, more: &str, expected: &str| {
        let said = with_trace(csv, trace, more).expect_err("not sound");
        assert!(said.contains(expected), "{said}");
    };
    let mass = r#"mass: "1 t","#;
    refused("at\n1h\nnoon\n", "", mass, "line 3 of");
    refused("at\n2025-13-06T10:00\n", "", mass, "is not in the calendar");
    refused("at\n2024-01-06T10:00\n", "", mass, "no row of");
    refused("at\n1h\n", r#"column: "when""#, mass, "has no column `when`");
    refused("at,w\n1h,2 t\n3h,\n", r#"mass: "w""#, "", "line 3 of");
    refused("at,w\n1h,2 t\n", r#"mass: "w""#, mass, "the mass of shipments is given twice");
    refused("at,w\n1h,2 TEU\n", r#"mass: "w""#, "", "line 2 of");
    refused("at,w\n1h,12 t\n", r#"mass: "w""#, "", "no shipment fits aboard `train`");
}

#[test]
fn a_train_that_would_be_empty_runs_for_those_at_later_stops() {
    let text = world(
        r#"capacity: "10 TEU", run_empty: false"#,
        r#""box": (arrivals: At(["5h", "25h"]), steps: [Ride(service: "train", from: "halt")]),"#,
        "",
    )
    .replace(r#"stops: ["yard", "away"]"#, r#"stops: ["yard", "halt", "away"], cutoff: "2h""#)
    .replace(r#"running: ["1h"]"#, r#"running: ["1h", "1h"]"#);
    let run = watch(&text);
    assert_eq!(run.boarded(), [("box", 0, 11.0), ("box", 1, 31.0)]);
    assert_eq!(run.service("train").run, 2);
}

#[test]
fn regular_arrivals_follow_a_profile() {
    // Twice as many in the first half of the day, none in the second.
    let half = format!("[{}]", [["1"; 12], ["0"; 12]].concat().join(", "));
    let text = world(
        r#"capacity: "100 TEU""#,
        &format!(
            r#""box": (arrivals: Regular(every: "4h", profile: (hour: {half})), steps: [Ride(service: "train")]),"#
        ),
        "",
    );
    let run = watch(&text);
    let ready = run.service("train");
    // At 2, 4, ..., 12 h, at 26, ..., 36 h, and at 50 h, which is out of the window.
    assert_eq!(run.outcome.flows.iter().next().expect("the flow").released, 12);
    let waits = [8, 6, 4, 2, 0, 8, 4, 2, 0, 8, 6, 4];
    assert_eq!(ready.wait.sum(), i128::from(waits.iter().sum::<i64>() * 3_600_000));
}
