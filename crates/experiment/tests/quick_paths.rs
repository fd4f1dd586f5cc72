//! The engine's quicker paths against its plain ones: the same outcome to the last bit.

use std::path::Path;

use sanda_core::freight::replicate;

fn check(file: &str, sets: &[&str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let loaded = sanda_scenario::load_model(&path, &sets).unwrap_or_else(|failure| panic!("{failure}"));
    let quick = loaded.built.model;
    let mut plain = quick.clone();
    plain.programs.unfuse();
    assert!(
        quick.programs.works.iter().any(|work| work.whole_stage.is_some()),
        "{file} has no work that is all of a stage, so this shows nothing"
    );
    for replication in 0..3 {
        let [quick, plain] =
            [&quick, &plain].map(|model| replicate(model, 5, replication).expect("a sound run"));
        assert_eq!(format!("{quick:?}"), format!("{plain:?}"), "{file}, replication {replication}");
    }
}

#[test]
fn whole_stage_work_gives_the_same_outcome() {
    check("benches/models/rail-corridor.ron", &["run.measure=2000h"]);
    check("benches/models/mm1.ron", &["run.measure=20000h", "run.warm_up=300h"]);
    check("scenarios/wujiashan-duisburg.ron", &[]);
}
