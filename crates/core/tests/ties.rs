//! Ties: the order of several events at the same millisecond, pair by pair. Completions and releases come before changes of opening,
//! those before arrivals and requests, those before cut-offs and departures. Requests are ordered by place, flow and number.
//!
//! All times are constants and all expected instants are worked out by hand; no draw decides anything here. Does not own ties of waits
//! and causes in whole scenarios: `sanda_experiment` tests those.

mod worlds;

use sanda_core::kernel::law::Law;
use sanda_core::model::category::Category;
use sanda_units::Duration;
use worlds::{
    H, at, calendar, delay, empty, flow_at, here, node, resource, ride, spent, times, train, watch, work,
};

fn constant(ms: i64) -> Law {
    Law::constant(ms as f64).expect("a constant")
}

/// One train at 24 h and one at 48 h with a cut-off of four hours; shipments ready at these instants.
fn check_cutoff(ready_at: i64, expected_departure: i64) {
    let mut model = empty(0, 100, 100);
    let (away, yard) = (node(&mut model, "away"), node(&mut model, "yard"));
    let service = train(&mut model, "train", &[yard, away], at(&[24 * H, 48 * H]), &[H]);
    model.services[service].cutoff = Duration::from_hours(4);
    let program = here(&model);
    ride(&mut model, service);
    flow_at(&mut model, "boxes", yard, &[ready_at], program);
    let (_, log) = watch(&model);
    assert_eq!(log.boarded(), [(0, 0, expected_departure)], "ready at {ready_at}");
}

#[test]
fn ready_exactly_at_the_cut_off_makes_it() {
    check_cutoff(20 * H - 1, 24 * H);
    check_cutoff(20 * H, 24 * H);
    check_cutoff(20 * H + 1, 48 * H);
    check_cutoff(24 * H, 48 * H);
    check_cutoff(44 * H, 48 * H);
}

#[test]
fn work_done_exactly_at_the_cut_off_makes_it_and_so_does_a_delay() {
    for by_work in [true, false] {
        let mut model = empty(0, 100, 100);
        let (away, yard) = (node(&mut model, "away"), node(&mut model, "yard"));
        let desk = resource(&mut model, "desk", yard, 1);
        let service = train(&mut model, "train", &[yard, away], at(&[24 * H, 48 * H]), &[H]);
        let program = here(&model);
        if by_work {
            work(&mut model, "flow/boxes", desk, constant(4 * H));
        } else {
            delay(&mut model, "flow/boxes", 4 * H);
        }
        ride(&mut model, service);
        // The first is ready at the very instant of the departure, the second a millisecond later.
        let second = 20 * H + if by_work { 4 * H + 1 } else { 1 };
        flow_at(&mut model, "boxes", yard, &[20 * H, second], program);
        let (_, log) = watch(&model);
        assert_eq!(log.boarded(), [(0, 0, 24 * H), (0, 1, 48 * H)], "by work: {by_work}");
    }
}

#[test]
fn released_exactly_at_the_departure_makes_it() {
    let mut model = empty(0, 100, 100);
    let (away, yard) = (node(&mut model, "away"), node(&mut model, "yard"));
    let service = train(&mut model, "train", &[yard, away], at(&[0, 24 * H]), &[H]);
    let program = here(&model);
    ride(&mut model, service);
    flow_at(&mut model, "boxes", yard, &[0, 24 * H], program);
    let (_, log) = watch(&model);
    assert_eq!(log.boarded(), [(0, 0, 0), (0, 1, 24 * H)]);
}

#[test]
fn cargo_of_an_arriving_train_makes_the_one_that_departs_at_that_instant() {
    // Whichever of the two services comes first by name, and wherever their stops stand among the nodes.
    for (feeder, main) in [("a", "z"), ("z", "a")] {
        let mut model = empty(0, 200, 200);
        let nodes = [node(&mut model, "away"), node(&mut model, "hub"), node(&mut model, "yard")];
        let [away, hub, yard] = nodes;
        let (mut first, mut second) = (None, None);
        for name in [feeder.min(main), feeder.max(main)] {
            if name == feeder {
                first = Some(train(&mut model, name, &[yard, hub], at(&[10 * H]), &[14 * H]));
            } else {
                second = Some(train(&mut model, name, &[hub, away], at(&[24 * H, 48 * H]), &[H]));
            }
        }
        let program = here(&model);
        ride(&mut model, first.expect("a feeder"));
        ride(&mut model, second.expect("a main leg"));
        flow_at(&mut model, "boxes", yard, &[9 * H], program);
        let (_, log) = watch(&model);
        assert_eq!(log.boarded(), [(0, 0, 10 * H), (0, 0, 24 * H)], "feeder {feeder}, main {main}");
    }
}

/// One server with an hour of work for everyone; shipments at these instants start at those.
fn check_desk(room: Option<u32>, servers: u32, released: &[i64], started: &[i64]) {
    let mut model = empty(0, 100, 100);
    let gate = node(&mut model, "gate");
    let desk = resource(&mut model, "desk", gate, servers);
    model.resources[desk].room.places = room;
    let program = here(&model);
    work(&mut model, "flow/boxes", desk, constant(H));
    flow_at(&mut model, "boxes", gate, released, program);
    let (outcome, log) = watch(&model);
    let starts: Vec<i64> = log.starts.iter().map(|start| start.started_at).collect();
    assert_eq!(starts, started, "released at {released:?}");
    let record = &outcome.resources[desk];
    let waits: i64 = log.starts.iter().map(|start| start.started_at - start.requested_at).sum();
    assert_eq!(record.wait.sum(), i128::from(waits));
    assert_eq!(record.lost as usize, released.len() - started.len());
}

#[test]
fn a_completion_frees_the_server_for_an_arrival_of_that_instant() {
    check_desk(None, 1, &[0, H], &[0, H]);
    check_desk(None, 2, &[0, 0, H, H], &[0, 0, H, H]);
    // Who waits goes before who comes.
    check_desk(None, 1, &[0, H / 2, H], &[0, H, 2 * H]);
}

#[test]
fn an_arrival_at_the_instant_of_a_completion_is_not_lost() {
    check_desk(Some(0), 1, &[0, H], &[0, H]);
    check_desk(Some(0), 1, &[0, H - 1], &[0]);
    // One place to wait: at H it empties before the third and the fourth come, of whom the latter finds it full.
    check_desk(Some(1), 1, &[0, 1, H, H, 2 * H], &[0, H, 2 * H, 3 * H]);
}

#[test]
fn requests_of_one_instant_are_served_by_flow_then_number() {
    let mut model = empty(0, 100, 100);
    let gate = node(&mut model, "gate");
    let desk = resource(&mut model, "desk", gate, 1);
    for (name, released) in [("a", [5 * H, 5 * H]), ("b", [5 * H, 5 * H]), ("c", [H / 2, 5 * H])] {
        let program = here(&model);
        work(&mut model, &format!("flow/{name}"), desk, constant(H));
        flow_at(&mut model, name, gate, &released, program);
    }
    let (_, log) = watch(&model);
    let expected = [
        (2, 0, H / 2, H / 2),
        (0, 0, 5 * H, 5 * H),
        (0, 1, 5 * H, 6 * H),
        (1, 0, 5 * H, 7 * H),
        (1, 1, 5 * H, 8 * H),
        (2, 1, 5 * H, 9 * H),
    ];
    assert_eq!(log.started(), expected);
}

#[test]
fn how_a_request_came_about_does_not_decide_its_turn() {
    // At 5 h flow `c` ends a delay and flow `b` ends work elsewhere, both completions; flow `a` is released, which is
    // executed after them. All three ask for the desk at 5 h, so the order is a, b, c.
    let mut model = empty(0, 100, 100);
    let gate = node(&mut model, "gate");
    let (desk, other) = (resource(&mut model, "desk", gate, 1), resource(&mut model, "other", gate, 1));
    for (name, released) in [("a", 5 * H), ("b", 3 * H), ("c", 4 * H)] {
        let program = here(&model);
        let owner = format!("flow/{name}");
        match name {
            "b" => work(&mut model, &owner, other, constant(2 * H)),
            "c" => delay(&mut model, &owner, H),
            _ => {}
        }
        work(&mut model, &owner, desk, constant(H));
        flow_at(&mut model, name, gate, &[released], program);
    }
    let (_, log) = watch(&model);
    let at_desk: Vec<_> =
        log.starts.iter().filter(|s| s.resource == desk).map(|s| (s.owner, s.started_at)).collect();
    assert_eq!(at_desk, [(0, 5 * H), (1, 6 * H), (2, 7 * H)]);
}

#[test]
fn work_without_duration_takes_its_turn_too() {
    // Three shipments at once, no time at the first desk, an hour at the second: the order is kept.
    let mut model = empty(0, 100, 100);
    let gate = node(&mut model, "gate");
    let (first, second) = (resource(&mut model, "first", gate, 1), resource(&mut model, "second", gate, 1));
    let program = here(&model);
    work(&mut model, "flow/boxes", first, constant(0));
    work(&mut model, "flow/boxes", second, constant(H));
    flow_at(&mut model, "boxes", gate, &[H, H, H], program);
    let (outcome, log) = watch(&model);
    assert_eq!(log.delivered(), [(0, 0, 2 * H), (0, 1, 3 * H), (0, 2, 4 * H)]);
    assert_eq!(outcome.resources[first].wait.sum(), 0, "nobody waits where nothing takes time");
    assert_eq!(outcome.resources[second].wait.sum(), i128::from(3 * H));
}

#[test]
fn at_opening_who_waits_goes_before_who_comes() {
    let mut model = empty(0, 100, 100);
    let gate = node(&mut model, "gate");
    let desk = resource(&mut model, "desk", gate, 1);
    let open = calendar(&mut model, &[(8 * H, 12 * H), (32 * H, 36 * H)]);
    model.resources[desk].calendar = Some(open);
    let program = here(&model);
    work(&mut model, "flow/boxes", desk, constant(H));
    // The third comes at the closing instant, which is closed: [open, close).
    let flow = flow_at(&mut model, "boxes", gate, &[7 * H, 8 * H, 12 * H], program);
    let (outcome, log) = watch(&model);
    let expected = [(0, 0, 7 * H, 8 * H), (0, 1, 8 * H, 9 * H), (0, 2, 12 * H, 32 * H)];
    assert_eq!(log.started(), expected);
    let expected = times(&[(Category::Hours, H + 20 * H), (Category::Server, H), (Category::Worked, 3 * H)]);
    assert_eq!(spent(&model, &outcome, flow, "work/desk"), expected);
}

#[test]
fn an_arrival_at_opening_starts_without_a_wait() {
    let mut model = empty(0, 100, 100);
    let gate = node(&mut model, "gate");
    let desk = resource(&mut model, "desk", gate, 1);
    model.resources[desk].calendar = Some(calendar(&mut model, &[(8 * H, 12 * H)]));
    let program = here(&model);
    work(&mut model, "flow/boxes", desk, constant(H));
    flow_at(&mut model, "boxes", gate, &[8 * H, 12 * H - 1], program);
    let (outcome, log) = watch(&model);
    assert_eq!(log.started(), [(0, 0, 8 * H, 8 * H), (0, 1, 12 * H - 1, 12 * H - 1)]);
    assert_eq!(outcome.resources[desk].without_wait, 2);
}

#[test]
fn two_services_that_depart_together_board_in_order_of_their_names() {
    // One flow each; what one takes does not touch the other, and equal instants do not lose a departure.
    let mut model = empty(0, 100, 100);
    let (away, yard) = (node(&mut model, "away"), node(&mut model, "yard"));
    let services = ["a", "b"].map(|name| train(&mut model, name, &[yard, away], at(&[24 * H, 24 * H]), &[H]));
    for (name, service) in ["x", "y"].into_iter().zip([services[1], services[0]]) {
        let program = here(&model);
        ride(&mut model, service);
        flow_at(&mut model, name, yard, &[H, 2 * H], program);
    }
    let (outcome, log) = watch(&model);
    let boarded: Vec<_> = log.boardings.iter().map(|b| (b.service.index(), b.departure, b.number)).collect();
    assert_eq!(boarded, [(0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 0, 1)]);
    assert!(services.iter().all(|&service| outcome.services[service].run == 2));
}
