//! Opening hours and the three rules at closing time, with all instants and categories worked out by hand.
//!
//! One desk with one server, open 08-12 and 13-17 on the first day and 08-12 on the second, unless said otherwise. A wait is
//! divided into the time the desk was closed, or open too late for work that has to end by closing time (opening hours), and the rest
//! (waiting for a server). Does not own ties at opening (`ties.rs`).

mod worlds;

use sanda_core::kernel::law::Law;
use sanda_core::model::category::Category;
use sanda_core::model::{AtClosing, Model};
use worlds::{H, calendar, empty, flow_at, here, node, resource, spent, times, watch, work};

const MINUTE: i64 = H / 60;

/// Shipments as (released, work), each a flow of its own, named in the order of the list.
fn desk(at_closing: AtClosing, shipments: &[(i64, i64)]) -> Model {
    let mut model = empty(0, 40, 40);
    let gate = node(&mut model, "gate");
    let desk = resource(&mut model, "desk", gate, 1);
    let open = calendar(&mut model, &[(8 * H, 12 * H), (13 * H, 17 * H), (32 * H, 36 * H)]);
    model.resources[desk].calendar = Some(open);
    model.resources[desk].at_closing = at_closing;
    for (place, &(released, ms)) in shipments.iter().enumerate() {
        let program = here(&model);
        let name = format!("flow-{place}");
        work(&mut model, &format!("flow/{name}"), desk, Law::constant(ms as f64).expect("a time"));
        flow_at(&mut model, &name, gate, &[released], program);
    }
    model
}

/// What one shipment is expected to go through: start, delivery, hours closed, waiting for the server, worked.
struct Expected(i64, i64, i64, i64, i64);

fn check(at_closing: AtClosing, shipments: &[(i64, i64)], expected: &[Expected]) {
    let model = desk(at_closing, shipments);
    let (outcome, log) = watch(&model);
    for (flow, &Expected(starts, ends, hours, server, worked)) in model.flows.ids().zip(expected) {
        let start = log.starts.iter().find(|start| start.owner as usize == flow.index()).expect("a start");
        assert_eq!(start.started_at, starts, "{at_closing:?}: start of {}", flow.index());
        let delivery = log.deliveries.iter().find(|delivery| delivery.flow == flow).expect("a delivery");
        assert_eq!(delivery.delivered_at, ends, "{at_closing:?}: end of {}", flow.index());
        let by_category =
            times(&[(Category::Hours, hours), (Category::Server, server), (Category::Worked, worked)]);
        assert_eq!(
            spent(&model, &outcome, flow, "work/desk"),
            by_category,
            "{at_closing:?}: {}",
            flow.index()
        );
    }
    let work: i64 = shipments.iter().map(|&(_, ms)| ms).sum();
    let record = &outcome.resources.iter().next().expect("the desk");
    assert_eq!(record.busy, work, "the server is busy exactly while it works");
    assert_eq!(record.available, 12 * H);
}

#[test]
fn finish_ends_after_hours_what_was_begun() {
    check(
        AtClosing::Finish,
        &[(11 * H, 2 * H), (11 * H + 30 * MINUTE, H), (16 * H + 59 * MINUTE, 2 * H)],
        &[
            Expected(11 * H, 13 * H, 0, 0, 2 * H),
            // Closed 12-13 although the server is busy as well: opening hours outrank the server.
            Expected(13 * H, 14 * H, H, 30 * MINUTE, H),
            Expected(16 * H + 59 * MINUTE, 18 * H + 59 * MINUTE, 0, 0, 2 * H),
        ],
    );
}

#[test]
fn finish_beyond_the_next_opening_keeps_the_server() {
    check(
        AtClosing::Finish,
        &[(11 * H, 3 * H), (9 * H + 30 * MINUTE, H)],
        &[
            // Comes second, though first by name.
            Expected(11 * H, 14 * H, 0, 0, 3 * H),
            Expected(9 * H + 30 * MINUTE, 10 * H + 30 * MINUTE, 0, 0, H),
        ],
    );
    check(
        AtClosing::Finish,
        &[(11 * H, 3 * H), (12 * H, H)],
        &[Expected(11 * H, 14 * H, 0, 0, 3 * H), Expected(14 * H, 15 * H, H, H, H)],
    );
}

#[test]
fn pause_resumes_at_opening() {
    check(
        AtClosing::Pause,
        &[(11 * H, 2 * H), (11 * H + 30 * MINUTE, H), (16 * H, 2 * H)],
        &[
            Expected(11 * H, 14 * H, H, 0, 2 * H),
            Expected(14 * H, 15 * H, H, H + 30 * MINUTE, H),
            // 16-17 on the first day, 08-09 on the second.
            Expected(16 * H, 33 * H, 15 * H, 0, 2 * H),
        ],
    );
}

#[test]
fn pause_may_take_more_than_one_closing() {
    check(AtClosing::Pause, &[(11 * H, 6 * H)], &[Expected(11 * H, 33 * H, H + 15 * H, 0, 6 * H)]);
}

#[test]
fn work_that_ends_exactly_at_closing_is_neither_paused_nor_put_off() {
    for rule in [AtClosing::Finish, AtClosing::Pause, AtClosing::Fit] {
        check(
            rule,
            &[(10 * H, 2 * H), (13 * H, 4 * H)],
            &[Expected(10 * H, 12 * H, 0, 0, 2 * H), Expected(13 * H, 17 * H, 0, 0, 4 * H)],
        );
    }
}

#[test]
fn fit_begins_only_what_ends_by_closing_and_nobody_overtakes() {
    check(
        AtClosing::Fit,
        &[(10 * H + 1, 2 * H), (11 * H, 15 * MINUTE), (16 * H, H + 1)],
        &[
            // A millisecond too late for 12: begins at 13, and waits for nothing but opening hours.
            Expected(13 * H, 15 * H, 3 * H - 1, 0, 2 * H),
            // Would end by 11:15, but does not overtake the head of the queue. From 11:45 on it is too late as well.
            Expected(15 * H, 15 * H + 15 * MINUTE, H + 15 * MINUTE, 2 * H + 45 * MINUTE, 15 * MINUTE),
            Expected(32 * H, 33 * H + 1, 16 * H, 0, H + 1),
        ],
    );
}

#[test]
fn fit_starts_the_next_one_the_moment_the_head_is_gone() {
    check(
        AtClosing::Fit,
        &[(11 * H, 2 * H), (11 * H, 30 * MINUTE)],
        &[
            Expected(13 * H, 15 * H, 2 * H, 0, 2 * H),
            Expected(15 * H, 15 * H + 30 * MINUTE, H + 30 * MINUTE, 2 * H + 30 * MINUTE, 30 * MINUTE),
        ],
    );
}

#[test]
fn who_comes_while_it_is_closed_waits_for_the_hours() {
    for rule in [AtClosing::Finish, AtClosing::Pause, AtClosing::Fit] {
        check(
            rule,
            &[(0, H), (12 * H, H), (18 * H, H)],
            &[
                Expected(8 * H, 9 * H, 8 * H, 0, H),
                Expected(13 * H, 14 * H, H, 0, H),
                Expected(32 * H, 33 * H, 14 * H, 0, H),
            ],
        );
    }
}
