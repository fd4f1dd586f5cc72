//! The lives of a whole scenario of the repository: their times add up, and they keep the same promises as a run.

use std::path::Path;

use sanda_core::replicate;
use sanda_scenario::load_model;
use sanda_trace::{Ending, Lives, Rescue};

/// The corridor from Wuhan to Duisburg, shortened to a quarter of a year.
#[test]
fn lives_are_those_of_the_run() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/wujiashan-duisburg.ron");
    let loaded =
        load_model(&path, &["run.measure=13w".to_owned()]).unwrap_or_else(|failure| panic!("{failure}"));
    let model = &loaded.built.model;
    let lives = Lives::record(model, 2025, 3, &[]).expect("a sound run");
    let outcome = replicate(model, 2025, 3).expect("a sound run");
    let (mut released, mut delivered) = (0, 0);
    let mut kept = vec![0; model.promises.len()];
    for life in lives.iter() {
        released += 1;
        let Ending::Delivered(at) = life.ending else { continue };
        delivered += 1;
        assert_eq!(life.times().iter().sum::<i64>(), at - life.released_at, "shipment {}", life.number);
        let mut told_to = life.released_at;
        for stage in &life.stages {
            assert_eq!(stage.from, told_to, "shipment {}: a gap between stages", life.number);
            told_to = stage.to;
        }
        assert_eq!(told_to, at, "shipment {}", life.number);
        for promise in life.promises(model) {
            kept[promise.promise.index()] += u64::from(promise.is_kept);
            assert_eq!(promise.is_kept, promise.missed_by.is_some_and(|missed_by| missed_by <= 0));
            if let Some(Rescue::Ready(change)) = Rescue::of(&life, &promise, model, lives.departures()) {
                let ride = life.rides[change.ride];
                let loaded = lives.departures().at_stop(change.service, change.departure, ride.from);
                let loaded = loaded.and_then(|stop| stop.loaded.as_ref()).expect("it left that stop");
                let ready_at = ride.ready_at - change.saved;
                assert!(change.saved > 0 && ready_at >= life.released_at && ready_at <= loaded.ready_by);
                assert!(loaded.at < ride.departed_at && change.to_spare >= 0);
            }
        }
    }
    let counted: Vec<u64> =
        outcome.promises.iter().map(|flows| flows.iter().map(|record| record.kept).sum()).collect();
    assert_eq!(kept, counted);
    let sum = |count: fn(&sanda_core::record::FlowRecord) -> u64| -> u64 {
        model
            .flows
            .ids()
            .filter(|&flow| lives.numbers(flow).is_some())
            .map(|flow| count(&outcome.flows[flow]))
            .sum()
    };
    assert_eq!((released, delivered), (sum(|flow| flow.released), sum(|flow| flow.delivered)));
    assert!(released > 400, "{released} shipments show little");
}
