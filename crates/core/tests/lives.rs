//! What observers are told of the life of a shipment, worked out by hand.
//!
//! One lane: two hours on the road, a desk that works an hour and serves one at a time, then a train at 10, 20 and 30 h that takes two
//! shipments and an hour. Lives are told event by event only; the outcome is held against the run that users have. Does not own that all
//! random worlds add up: `sanda_experiment` tests that.

mod worlds;

use sanda_core::kernel::law::Law;
use sanda_core::model::category::Category;
use sanda_core::model::{Capacity, ClockEnd, ClockParams, Model};
use sanda_core::record::observer::{
    Boarding, Call, Delivery, Loading, Observer, Release, ServiceEnd, StageEnd, Unloading,
};
use sanda_core::replicate_observed;
use worlds::{
    H, HOUR, assert_same_outcome, at, delay, empty, flow_at, here, node, resource, ride, train, watch, work,
};

/// The lane, with a shipment at each of these hours.
fn lane(released: &[i64]) -> Model {
    let mut model = empty(0, 100, 100);
    let (away, yard) = (node(&mut model, "away"), node(&mut model, "yard"));
    let desk = resource(&mut model, "desk", yard, 1);
    let train = train(&mut model, "train", &[yard, away], at(&[10 * H, 20 * H, 30 * H]), &[H]);
    model.services[train].capacity = Capacity::Fixed(2);
    let program = here(&model);
    delay(&mut model, "boxes", 2 * H);
    work(&mut model, "boxes", desk, Law::constant(HOUR).expect("a time"));
    ride(&mut model, train);
    let released: Vec<i64> = released.iter().map(|hour| hour * H).collect();
    flow_at(&mut model, "boxes", yard, &released, program);
    model
}

/// Everything told of one shipment and of the vehicles, one line each, in hours.
struct Story {
    number: u64,
    lines: Vec<String>,
}

impl Story {
    fn of(model: &Model, number: u64) -> String {
        let observer = Self { number, lines: Vec::new() };
        let (watched, story) = replicate_observed(model, 1, 0, observer).expect("a sound run");
        let (users, _) = watch(model);
        assert_same_outcome(&users, &watched);
        story.lines.join("\n")
    }

    fn tell(&mut self, number: u64, line: String) {
        if number == self.number {
            self.lines.push(line);
        }
    }
}

impl Observer for Story {
    fn released(&mut self, at: &Release) {
        self.tell(
            at.number,
            format!("{} released, {} TEU/1000, measured {}", at.at / H, at.teu, at.measured),
        );
    }

    fn stage_ended(&mut self, at: &StageEnd) {
        let spent = Category::ALL.iter().zip(at.times).filter(|(_, time)| *time > 0);
        let spent: Vec<_> =
            spent.map(|(category, time)| format!("{} {}", category.name(), time / H)).collect();
        self.tell(at.number, format!("{}-{} stage: {}", at.from / H, at.to / H, spent.join(", ")));
    }

    fn service_ended(&mut self, at: &ServiceEnd) {
        let [requested, started, ended] = [at.requested_at, at.started_at, at.ended_at].map(|at| at / H);
        self.tell(at.number, format!("{ended} served: requested {requested}, started {started}"));
    }

    fn boarded(&mut self, at: &Boarding) {
        let Boarding { departure, stops, left_behind_by, ready_at, departed_at, .. } = *at;
        let (ready_at, departed_at) = (ready_at / H, departed_at / H);
        self.tell(
            at.number,
            format!("{departed_at} boards {departure} for {stops:?}: ready {ready_at}, left behind by {left_behind_by}"),
        );
    }

    fn unloaded(&mut self, at: &Unloading) {
        self.tell(at.number, format!("{} leaves {} at stop {}", at.at / H, at.departure, at.stop));
    }

    fn delivered(&mut self, at: &Delivery) {
        let from_release =
            ClockParams { name: "a".into(), from: ClockEnd::Released, to: ClockEnd::Delivered };
        let from_mark = ClockParams { from: ClockEnd::Mark(0), ..from_release.clone() };
        let clock = at.clock(&from_release).map(|(from, to)| (from / H, to / H));
        assert_eq!(at.clock(&from_mark), None, "a clock runs from a milestone that was never reached");
        self.tell(at.number, format!("{} delivered: {clock:?}", at.delivered_at / H));
    }

    fn vehicle_loaded(&mut self, at: &Loading) {
        let Loading { departure, n_eligible, n_left, .. } = *at;
        self.lines.push(format!("{} train {departure} leaves {n_left} of {n_eligible}", at.at / H));
    }

    fn vehicle_arrived(&mut self, at: &Call) {
        let moving = at.times[Category::Moving as usize] / H;
        self.lines.push(format!("{} train {} arrives after {moving} h", at.at / H, at.departure));
    }
}

#[test]
fn a_life_with_a_queue_and_a_full_train() {
    let expected = "\
2 released, 1000 TEU/1000, measured true
2-4 stage: moving 2
6 served: requested 4, started 5
4-6 stage: worked 1, server 1
10 train 0 leaves 1 of 3
11 train 0 arrives after 1 h
20 boards 1 for (0, 1): ready 6, left behind by 1
20 train 1 leaves 0 of 1
21 train 1 arrives after 1 h
21 leaves 1 at stop 1
6-21 stage: moving 1, timetable 4, rolled 10
21 delivered: Some((2, 21))
30 train 2 leaves 0 of 0
31 train 2 arrives after 1 h";
    assert_eq!(Story::of(&lane(&[1, 2, 2]), 2), expected);
}
