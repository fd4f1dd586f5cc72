//! Parts of a shipment that ride by themselves and wait for each other, and work on a vehicle before it leaves its first stop. Worked
//! out by hand.
//!
//! Does not own the splitting of shipments by units (`loads`).

use crate::shared::{check_exactly, results_of};

fn world(sections: &str) -> String {
    format!(
        r#"(schema: 1, name: "parts", start: "2025-01-06T00:00[UTC]",
        run: (measure: "10d", drain: "20d", arrivals_until: MeasureEnd, replications: 1),
        nodes: {{ "north": (), "south": (), "hub": (), "away": () }}, {sections})"#
    )
}

#[test]
fn a_consolidation_leaves_when_its_slowest_inbound_part_is_in() {
    // Ready at 1 h. By the northern train at 6 h, there at 10 h; by the southern at 12 h, at the hub at 20 h, worked on until 22 h.
    // The northern part waits; together they make the ship of 24 h, which arrives at 34 h.
    let results = results_of(&world(
        r#"resources: { "desk": (at: "hub") },
        services: {
            "northern": (mode: Rail, stops: ["north", "hub"], departs: Every(period: "24h", offset: "6h"), capacity: "9 TEU", running: ["4h"]),
            "southern": (mode: Rail, stops: ["south", "hub"], departs: Every(period: "24h", offset: "12h"), capacity: "9 TEU", running: ["8h"]),
            "ship": (mode: Sea, stops: ["hub", "away"], departs: Every(period: "24h"), capacity: "9 TEU", running: ["10h"]),
        },
        flows: { "boxes": (arrivals: At(["1h"]), steps: [
            Parallel([
                [Ride(service: "northern")],
                [Ride(service: "southern"), Work(resource: "desk", time: "2h")],
            ]),
            Ride(service: "ship"),
        ]) },"#,
    ));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 33.0);
    check_exactly(&results, "flows.boxes.stages.parallel.mean", 21.0);
    // Of the part that comes last: 11 h to its departure, 8 h under way, 2 h worked on.
    check_exactly(&results, "flows.boxes.stages.parallel.categories.timetable", 11.0);
    check_exactly(&results, "flows.boxes.stages.parallel.categories.moving", 8.0);
    check_exactly(&results, "flows.boxes.stages.parallel.categories.worked", 2.0);
    check_exactly(&results, "services.northern.wait.mean", 5.0);
    check_exactly(&results, "flows.boxes.stages.ship.categories.timetable", 2.0);
}

#[test]
fn a_part_that_rides_by_itself_may_be_split_again() {
    // Three units beside a delay; the train takes two at 6 h and one at 30 h, which is there at 34 h. Ready at 1 h.
    let results = results_of(&world(
        r#"services: { "northern": (mode: Rail, stops: ["north", "hub"], departs: Every(period: "24h", offset: "6h"), capacity: "2 pallets", running: ["4h"], split: true) },
        flows: { "boxes": (arrivals: At(["1h"]), units: 3, steps: [
            Parallel([[Ride(service: "northern"), Delay(time: "1h")], [Delay(time: "5h")]]),
        ]) },"#,
    ));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 34.0);
    check_exactly(&results, "flows.boxes.categories.moving", 4.0);
    check_exactly(&results, "services.northern.load_factor", 3.0 / 2.0 / 10.0);
}

#[test]
fn a_vehicle_queues_for_what_it_needs_before_it_leaves() {
    // Two flights depart at 6 h and need the one slot for 30 min each, 1 TEU takes 15 min to load; the second waits for the first.
    let flight = |to: &str| {
        format!(
            r#"(mode: Air, stops: ["hub", "{to}"], departs: Every(period: "10d", offset: "6h"), capacity: "9 TEU", running: ["2h"],
                at_stop: {{ "hub": [Work(resource: "ramp", time: "15min", per: Teu), Work(resource: "slot", time: "30min", id: "slot")] }})"#
        )
    };
    let results = results_of(&world(&format!(
        r#"resources: {{ "ramp": (at: "hub", servers: 2, fee: "40 CNY/TEU"), "slot": (at: "hub") }},
        services: {{ "east": {}, "west": {} }},
        flows: {{
            "a": (arrivals: At(["4h"]), size: "2 TEU", steps: [Ride(service: "east")]),
            "b": (arrivals: At(["5h"]), size: "2 TEU", steps: [Ride(service: "west")]),
        }},"#,
        flight("north"),
        flight("south"),
    )));
    // Two hours to the departure, half an hour of loading, half an hour of the slot, two hours in the air.
    check_exactly(&results, "flows.a.clocks.door-to-door.mean", 5.0);
    check_exactly(&results, "flows.b.clocks.door-to-door.mean", 4.5);
    check_exactly(&results, "flows.b.categories.vehicle", 0.5);
    check_exactly(&results, "flows.b.categories.worked", 1.0);
    check_exactly(&results, "resources.slot.wait.mean", 0.25);
    // What is done to the vehicle is paid by what is aboard.
    check_exactly(&results, "flows.a.cost.per_shipment", 80.0);
}

#[test]
fn clocks_run_between_any_departure_and_any_arrival() {
    // Ready at 1 h; feeder 6 to 9 h, ship 24 to 34 h, truck from 34 to 36 h.
    let results = results_of(&world(
        r#"services: {
            "feeder": (mode: River, stops: ["north", "hub"], departs: Every(period: "24h", offset: "6h"), capacity: "9 TEU", running: ["3h"]),
            "ship": (mode: Sea, stops: ["hub", "away"], departs: Every(period: "24h"), capacity: "9 TEU", running: ["10h"]),
        },
        clocks: {
            "carrier": (from: Departed, to: Arrived),
            "first": (from: DepartedBy("feeder"), to: ArrivedBy("feeder")),
            "transfer": (from: ArrivedBy("feeder"), to: DepartedBy("ship")),
            "to-ship": (from: Released, to: DepartedBy("ship")),
            "rest": (from: ArrivedBy("ship"), to: Delivered),
        },
        promises: { "swift-transfer": (flows: ["boxes"], clock: "transfer", within: "15h") },
        flows: {
            "boxes": (arrivals: At(["1h"]), steps: [Ride(service: "feeder"), Ride(service: "ship"), Delay(time: "2h")]),
            "others": (arrivals: At(["1h"]), steps: [Ride(service: "ship")]),
        },"#,
    ));
    for (clock, hours) in
        [("carrier", 28.0), ("first", 3.0), ("transfer", 15.0), ("to-ship", 23.0), ("rest", 2.0)]
    {
        check_exactly(&results, &format!("flows.boxes.clocks.{clock}.mean"), hours);
    }
    // A flow that never rides the feeder has no clock that asks for it.
    assert!(results.figure("flows.others.clocks.transfer.mean").is_none());
    check_exactly(&results, "flows.others.clocks.to-ship.mean", 23.0);
    assert_eq!(results.promises["swift-transfer"].kept, 1);
}
