//! Boarding: which shipment takes which departure, and the category of its wait. All instants and categories are worked out by hand.
//!
//! Unless said otherwise: one train from `yard` to `away`, an hour each way, at 10, 20, 30 and 40 h, no cut-off. Does not own ties with
//! other events (`ties.rs`).

mod worlds;

use sanda_core::kernel::law::Law;
use sanda_core::model::category::Category;
use sanda_core::model::ids::{FlowId, NodeId, ServiceId};
use sanda_core::model::program::LoadUnit;
use sanda_core::model::{Amount, Cancellation, Capacity, DepartureRule, Model};
use sanda_units::Duration;
use worlds::{H, at, empty, flow_at, here, node, ride, spent, stream, times, train, watch};

const TIMETABLE: [i64; 4] = [10 * H, 20 * H, 30 * H, 40 * H];

struct World {
    model: Model,
    yard: NodeId,
    train: ServiceId,
}

impl World {
    fn new(departs: DepartureRule) -> Self {
        Self::over(100, departs)
    }

    /// Over so many hours.
    fn over(hours: i64, departs: DepartureRule) -> Self {
        let mut model = empty(0, hours, hours);
        let (away, yard) = (node(&mut model, "away"), node(&mut model, "yard"));
        let train = train(&mut model, "train", &[yard, away], departs, &[H]);
        Self { model, yard, train }
    }

    fn with_capacity(capacity: i64, unit: LoadUnit) -> Self {
        let mut world = Self::new(at(&TIMETABLE));
        world.model.services[world.train].capacity = Capacity::Fixed(capacity);
        world.model.services[world.train].unit = unit;
        world
    }

    /// Shipments of this size that are ready at these instants.
    fn flow(&mut self, teu: i64, ready: &[i64]) -> FlowId {
        let program = here(&self.model);
        ride(&mut self.model, self.train);
        let name = format!("flow-{}", self.model.flows.len());
        let flow = flow_at(&mut self.model, &name, self.yard, ready, program);
        self.model.flows[flow].teu = Amount::Fixed(teu * 1000);
        flow
    }

    /// The pattern of cancellations: a two-state chain with certain transitions.
    fn cancel(&mut self, first: bool, after_run: bool, after_cancelled: bool) {
        let stream = stream(&mut self.model, "cancelled", "service/train");
        let certain = |yes: bool| if yes { u64::MAX } else { 0 };
        self.model.services[self.train].cancellation = Cancellation::Runs {
            enter: certain(after_run),
            stay: certain(after_cancelled),
            first: certain(first),
            stream,
        };
    }

    /// Checks boardings as (flow, number, departure), and the time in the ride's stage of each flow by category.
    fn check(&self, boarded: &[(usize, u64, i64)], by_flow: &[(FlowId, &[(Category, i64)])]) {
        let (outcome, log) = watch(&self.model);
        assert_eq!(log.boarded(), boarded);
        for &(flow, spent_on) in by_flow {
            assert_eq!(
                spent(&self.model, &outcome, flow, "train"),
                times(spent_on),
                "categories of flow {}",
                flow.index()
            );
        }
    }
}

use Category::{Cargo, Disruption, Moving, Rolled, Timetable};

#[test]
fn who_does_not_fit_is_rolled_over_and_keeps_its_place() {
    let mut world = World::with_capacity(2, LoadUnit::Shipments);
    let flow = world.flow(1, &[H, 2 * H, 3 * H, 4 * H, 5 * H, 12 * H]);
    let boarded =
        [(0, 0, 10 * H), (0, 1, 10 * H), (0, 2, 20 * H), (0, 3, 20 * H), (0, 4, 30 * H), (0, 5, 30 * H)];
    // Until 10 h (the last: until 20 h) the timetable, from then on rolled over.
    let timetable = 9 * H + 8 * H + 7 * H + 6 * H + 5 * H + 8 * H;
    let rolled = 10 * H + 10 * H + 20 * H + 10 * H;
    world.check(&boarded, &[(flow, &[(Timetable, timetable), (Rolled, rolled), (Moving, 6 * H)])]);
    let (outcome, _) = watch(&world.model);
    let record = &outcome.services[world.train];
    assert_eq!((record.boarded_first, record.boarded_within_two, record.wait.count()), (2, 5, 6));
    assert_eq!(record.wait.sum(), i128::from(timetable + rolled));
    // Left behind: three at 10 h; at 20 h the fifth and the sixth; nobody at 30 h and 40 h.
    assert_eq!((record.run, record.left_behind.count(), record.left_behind.sum()), (4, 4, 5));
}

#[test]
fn a_missed_cut_off_is_timetable_wait() {
    let mut world = World::new(at(&TIMETABLE));
    world.model.services[world.train].cutoff = Duration::from_hours(2);
    let (in_time, late) = (world.flow(1, &[8 * H]), world.flow(1, &[9 * H]));
    world.check(
        &[(0, 0, 10 * H), (1, 0, 20 * H)],
        &[(in_time, &[(Timetable, 2 * H), (Moving, H)]), (late, &[(Timetable, 11 * H), (Moving, H)])],
    );
}

#[test]
fn the_cut_off_counts_from_the_schedule_whatever_the_delay() {
    let mut world = World::new(at(&TIMETABLE));
    let stream = stream(&mut world.model, "delay", "service/train");
    let three_hours = Law::constant((3 * H) as f64).expect("a delay");
    world.model.services[world.train].delay = Some((three_hours, stream));
    world.model.services[world.train].cutoff = Duration::from_hours(2);
    let (in_time, late) = (world.flow(1, &[8 * H]), world.flow(1, &[8 * H + 1]));
    world.check(
        &[(0, 0, 13 * H), (1, 0, 23 * H)],
        &[(in_time, &[(Timetable, 5 * H), (Moving, H)]), (late, &[(Timetable, 15 * H - 1), (Moving, H)])],
    );
}

#[test]
fn a_cancelled_departure_is_disruption_from_then_on() {
    let mut world = World::new(at(&TIMETABLE));
    world.cancel(true, false, false);
    let (before, after) = (world.flow(1, &[4 * H]), world.flow(1, &[11 * H]));
    world.check(
        &[(0, 0, 20 * H), (1, 0, 20 * H)],
        &[
            (before, &[(Timetable, 6 * H), (Disruption, 10 * H), (Moving, H)]),
            (after, &[(Timetable, 9 * H), (Moving, H)]),
        ],
    );
    let (outcome, _) = watch(&world.model);
    let record = &outcome.services[world.train];
    assert_eq!((record.run, record.cancelled), (3, 1));
    // A cancelled departure is no run: both boarded the first run that they could have made.
    assert_eq!(record.boarded_first, 2);
}

#[test]
fn who_missed_the_cut_off_of_a_cancelled_departure_waits_for_the_timetable() {
    let mut world = World::new(at(&TIMETABLE));
    world.model.services[world.train].cutoff = Duration::from_hours(2);
    world.cancel(true, false, false);
    let flow = world.flow(1, &[8 * H + 1]);
    world.check(&[(0, 0, 20 * H)], &[(flow, &[(Timetable, 12 * H - 1), (Moving, H)])]);
}

#[test]
fn disruption_outranks_being_rolled_over() {
    // 10 h full, 20 h cancelled, 30 h runs: rolled over until 20 h, then disruption.
    let mut world = World::with_capacity(1, LoadUnit::Shipments);
    world.cancel(false, true, false);
    let (first, second) = (world.flow(1, &[H]), world.flow(1, &[2 * H]));
    world.check(
        &[(0, 0, 10 * H), (1, 0, 30 * H)],
        &[
            (first, &[(Timetable, 9 * H), (Moving, H)]),
            (second, &[(Timetable, 8 * H), (Rolled, 10 * H), (Disruption, 10 * H), (Moving, H)]),
        ],
    );
    // 10 h cancelled, 20 h full, 30 h runs for the second: disruption all along from 10 h on.
    let mut world = World::with_capacity(1, LoadUnit::Shipments);
    world.cancel(true, false, false);
    let (first, second) = (world.flow(1, &[H]), world.flow(1, &[2 * H]));
    world.check(
        &[(0, 0, 20 * H), (1, 0, 30 * H)],
        &[
            (first, &[(Timetable, 9 * H), (Disruption, 10 * H), (Moving, H)]),
            (second, &[(Timetable, 8 * H), (Disruption, 20 * H), (Moving, H)]),
        ],
    );
}

#[test]
fn the_head_of_the_queue_holds_back_those_behind_it() {
    // 10 TEU; 6, 6 and 4 TEU ready in this order.
    let mut world = World::with_capacity(10_000, LoadUnit::Teu);
    let flows = [world.flow(6, &[H]), world.flow(6, &[2 * H]), world.flow(4, &[3 * H])];
    world.check(
        &[(0, 0, 10 * H), (1, 0, 20 * H), (2, 0, 20 * H)],
        &[
            (flows[0], &[(Timetable, 9 * H), (Moving, H)]),
            (flows[1], &[(Timetable, 8 * H), (Rolled, 10 * H), (Moving, H)]),
            (flows[2], &[(Timetable, 7 * H), (Rolled, 10 * H), (Moving, H)]),
        ],
    );
}

#[test]
fn with_overtake_smaller_ones_fill_the_gap() {
    let mut world = World::with_capacity(10_000, LoadUnit::Teu);
    world.model.services[world.train].overtake = true;
    let flows = [
        world.flow(6, &[H]),
        world.flow(6, &[2 * H]),
        world.flow(4, &[3 * H]),
        world.flow(7, &[4 * H]),
        world.flow(3, &[12 * H]),
    ];
    // 10 h: 6 + 4. 20 h: the second 6, then 7 does not fit, then 3. 30 h: 7.
    world.check(
        &[(0, 0, 10 * H), (2, 0, 10 * H), (1, 0, 20 * H), (4, 0, 20 * H), (3, 0, 30 * H)],
        &[
            (flows[1], &[(Timetable, 8 * H), (Rolled, 10 * H), (Moving, H)]),
            (flows[2], &[(Timetable, 7 * H), (Moving, H)]),
            (flows[3], &[(Timetable, 6 * H), (Rolled, 20 * H), (Moving, H)]),
            (flows[4], &[(Timetable, 8 * H), (Moving, H)]),
        ],
    );
    let (outcome, _) = watch(&world.model);
    let record = &outcome.services[world.train];
    assert_eq!((record.boarded_first, record.boarded_within_two), (3, 4));
    assert_eq!((record.loaded, record.offered), (10_000 + 9_000 + 7_000, 40_000));
}

/// A yard that overflows, with sizes from 1 to 9 on trains of 10: each train takes, in order of readiness, whoever still fits.
#[test]
fn with_overtake_an_overflowing_yard_is_filled_as_by_hand() {
    let dates: Vec<i64> = (1..=40).map(|n| n * 10 * H).collect();
    let mut world = World::over(1_000, at(&dates));
    let params = &mut world.model.services[world.train];
    (params.capacity, params.unit, params.overtake) = (Capacity::Fixed(10_000), LoadUnit::Teu, true);
    // Ready every two hours, all instants different: 5 TEU in the mean, so half as much again as the trains take. In the end
    // nobody comes any more, and large ones are left.
    let sizes: Vec<i64> = (0..150).map(|n| 1 + (n * n + 3 * n) % 9).collect();
    for size in 1..=9 {
        let ready = (0..150).filter(|&n| sizes[n] == size).map(|n| n as i64 * 2 * H + 1);
        world.flow(size, &ready.collect::<Vec<_>>());
    }
    let mut waiting: Vec<(i64, i64)> =
        sizes.iter().zip(0..).map(|(&size, n)| (n * 2 * H + 1, size)).collect();
    let mut expected = Vec::new();
    for &date in &dates {
        let mut room = 10;
        waiting.retain(|&(ready_at, size)| {
            let boards = ready_at <= date && size <= room;
            if boards {
                room -= size;
                expected.push((ready_at, date));
            }
            !boards
        });
    }
    let (_, log) = watch(&world.model);
    let boarded: Vec<(i64, i64)> = log.boardings.iter().map(|b| (b.ready_at, b.departed_at)).collect();
    assert_eq!(boarded, expected);
    assert!(waiting.len() > 20 && expected.len() > 60, "{} left, {} taken", waiting.len(), expected.len());
}

#[test]
fn urgent_shipments_board_first_where_the_service_says_so() {
    for by_priority in [false, true] {
        let mut world = World::with_capacity(1, LoadUnit::Shipments);
        let (slow, urgent) = (world.flow(1, &[H]), world.flow(1, &[2 * H]));
        world.model.flows[urgent].class = 0;
        if by_priority {
            world.model.services[world.train].classes = 9;
            world.check(
                &[(1, 0, 10 * H), (0, 0, 20 * H)],
                &[(slow, &[(Timetable, 9 * H), (Rolled, 10 * H), (Moving, H)])],
            );
        } else {
            world.check(
                &[(0, 0, 10 * H), (1, 0, 20 * H)],
                &[(urgent, &[(Timetable, 8 * H), (Rolled, 10 * H), (Moving, H)])],
            );
        }
    }
}

#[test]
fn a_service_that_leaves_when_full_waits_for_other_cargo() {
    let departs = DepartureRule::WhenFull { longest_wait: Some(Duration::from_hours(24)), quantity: None };
    let mut world = World::new(departs);
    world.model.services[world.train].capacity = Capacity::Fixed(10_000);
    world.model.services[world.train].unit = LoadUnit::Teu;
    let six = world.flow(6, &[H, 5 * H, 50 * H]);
    let four = world.flow(4, &[30 * H]);
    // The second six does not fit beside the first: the train is full and leaves at 5 h without it. The second six waits for its
    // day, until 29 h, and leaves alone. The four would wait until 54 h, but at 50 h the last six fills the train.
    world.check(
        &[(0, 0, 5 * H), (0, 1, 29 * H), (1, 0, 50 * H), (0, 2, 50 * H)],
        &[
            (six, &[(Cargo, 4 * H), (Rolled, 24 * H), (Moving, 3 * H)]),
            (four, &[(Cargo, 20 * H), (Moving, H)]),
        ],
    );
}

#[test]
fn a_stated_quantity_is_enough() {
    let departs = DepartureRule::WhenFull { longest_wait: None, quantity: Some(3) };
    let mut world = World::new(departs);
    world.model.services[world.train].capacity = Capacity::Fixed(10);
    world.flow(1, &[H, H, H, 2 * H, 7 * H]);
    // The last two never see a third: they are under way when the run ends.
    world.check(&[(0, 0, H), (0, 1, H), (0, 2, H)], &[]);
    let (outcome, _) = watch(&world.model);
    let record = outcome.flows.iter().next().expect("the flow");
    assert_eq!((record.released, record.delivered, record.under_way()), (5, 3, 2));
}

#[test]
fn later_stops_have_what_earlier_ones_left() {
    // yard - halt - away, an hour each; two places; the cut-off at the halt counts from the planned hour there.
    let mut model = empty(0, 100, 100);
    let nodes = ["away", "halt", "yard"].map(|name| node(&mut model, name));
    let [away, halt, yard] = nodes;
    let line = train(&mut model, "line", &[yard, halt, away], at(&[10 * H, 20 * H]), &[H, H]);
    model.services[line].capacity = Capacity::Fixed(2);
    model.services[line].cutoff = Duration::from_hours(2);
    for (name, from, to, ready) in
        [("a", 0, 1, [7 * H, 20 * H]), ("b", 0, 2, [8 * H, 20 * H]), ("c", 1, 2, [9 * H, 9 * H])]
    {
        let program = here(&model);
        ride(&mut model, line);
        let last = model.programs.rides.last_mut().expect("the ride");
        (last.from, last.to) = (from, to);
        flow_at(&mut model, name, [yard, halt][usize::from(from)], &ready, program);
    }
    let (outcome, log) = watch(&model);
    // At 10 h the first of `a` and of `b` board, the train is full. At the halt `a` leaves one place: of the two of `c`, both
    // ready exactly two hours before 11 h, the first takes it. The second goes ten hours later.
    let expected = [(0, 0, 10 * H), (1, 0, 10 * H), (2, 0, 11 * H), (2, 1, 21 * H)];
    assert_eq!(log.boarded(), expected);
    let last = model.flows.ids().last().expect("flow c");
    let by_category = times(&[(Timetable, 2 * H + 2 * H), (Rolled, 10 * H), (Moving, 2 * H)]);
    assert_eq!(spent(&model, &outcome, last, "line"), by_category);
}

#[test]
fn an_empty_train_runs_only_where_it_is_said() {
    for (run_empty, runs) in [(true, 4), (false, 1)] {
        let mut world = World::new(at(&TIMETABLE));
        world.model.services[world.train].run_empty = run_empty;
        world.flow(1, &[15 * H]);
        world.check(&[(0, 0, 20 * H)], &[]);
        let (outcome, _) = watch(&world.model);
        assert_eq!(outcome.services[world.train].run, runs, "empty trains run: {run_empty}");
    }
}

#[test]
fn where_trains_overtake_each_other_every_cut_off_still_holds() {
    // To the halt it takes one hour or nine, trains leave hourly: at the halt a later train often loads before an earlier one,
    // whose cut-off there has long passed.
    let mut model = empty(0, 100, 100);
    let nodes = ["away", "halt", "yard"].map(|name| node(&mut model, name));
    let [away, halt, yard] = nodes;
    let dates: Vec<i64> = (1..60).map(|n| n * H).collect();
    let line = train(&mut model, "line", &[yard, halt, away], at(&dates), &[H, H]);
    model.services[line].running[0].0 =
        Law::discrete([(H as f64, 1.0), ((9 * H) as f64, 1.0)]).expect("a law");
    for overtake in [false, true] {
        for capacity in [1, 3] {
            let mut model = model.clone();
            model.services[line].capacity = Capacity::Fixed(capacity);
            model.services[line].overtake = overtake;
            let program = here(&model);
            ride(&mut model, line);
            model.programs.rides.last_mut().expect("the ride").from = 1;
            let ready: Vec<i64> = (0..90).map(|n| n * H * 2 / 3).collect();
            flow_at(&mut model, "boxes", halt, &ready, program);
            // A broken cut-off would end the run; here it is also checked from outside, and that trains did overtake.
            let (_, log) = watch(&model);
            assert!(log.boardings.len() > 50);
            assert!(
                log.boardings.iter().all(|b| b.ready_at <= b.scheduled_at + H),
                "planned at the halt: an hour later"
            );
            assert!(
                log.boardings.windows(2).any(|pair| pair[0].departure > pair[1].departure),
                "nobody overtook"
            );
            assert!(log.boardings.is_sorted_by_key(|b| b.number), "like shipments keep their order");
        }
    }
}
