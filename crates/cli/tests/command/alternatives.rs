//! Every alternative to the baseline of the hub, run with the same luck: it moves the intended flows and nothing else.
//!
//! A flow that an alternative does not reach, through a service, a resource or a yard, must have the same life shipment by shipment: the
//! same fingerprint. The run is one replication of the whole year, so that it contains every dated event.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::world::{World, repository};

/// The flows that an alternative moves, and those that it must leave alone, by beginnings of their ids.
struct Alternative {
    name: &'static str,
    /// At least one flow of each beginning differs.
    moves: &'static [&'static str],
    /// Every flow of each beginning is unchanged.
    leaves: &'static [&'static str],
}

const AIR: &str = "air-";
const RAIL_IN: &str = "rail-in-";
const OTHERS: &str = "other-trains-";
const DIRECT: &str = "sea-direct-";
const RIVER: &str = "sea-river-";
const QINZHOU: &str = "sea-rail-out-qinzhou";
const YANTIAN: &str = "sea-rail-out-yantian";

const ALTERNATIVES: &[Alternative] = &[
    Alternative {
        name: "ambitious-package",
        moves: &["air-ezhou-", "rail-out-", RAIL_IN, DIRECT, RIVER, QINZHOU],
        leaves: &["express-in-"],
    },
    Alternative {
        name: "central-land-sea-corridor",
        moves: &[QINZHOU, "sea-river-out-south-east-asia"],
        leaves: &[AIR],
    },
    Alternative {
        name: "customs-regimes",
        moves: &["air-ezhou-in-", "sea-river-in-", "express-in-", RAIL_IN],
        leaves: &["express-out-", "other-trains-alashankou-east"],
    },
    Alternative {
        name: "daily-full-timetable-trains",
        moves: &["rail-out-germany"],
        leaves: &[AIR, RAIL_IN, "rail-out-russia", "sea-"],
    },
    Alternative {
        name: "ezhou-night-bank",
        moves: &["air-ezhou-out-", "air-ezhou-in-"],
        leaves: &["air-tianhe-in-", "rail-", "sea-", OTHERS],
    },
    Alternative { name: "near-sea-direct", moves: &[DIRECT], leaves: &[AIR, "rail-", OTHERS, "sea-rail-"] },
    Alternative {
        name: "polish-border-open",
        moves: &["rail-out-germany", "rail-in-germany", "rail-out-poland"],
        leaves: &[AIR, DIRECT, RIVER],
    },
    Alternative { name: "relief-supplies", moves: &["air-tianhe-in-"], leaves: &[DIRECT, RIVER, OTHERS] },
    Alternative { name: "spring-festival", moves: &[AIR, "rail-out-", DIRECT, RIVER], leaves: &[] },
    Alternative {
        name: "suez-open",
        moves: &["sea-river-out-north-europe", "sea-river-in-mediterranean"],
        // Imports by Ningbo come to Wujiashan at other times and share its cranes with all trains.
        leaves: &[AIR, "express-", "ecommerce-"],
    },
    Alternative {
        name: "yangtze-low-water",
        moves: &[DIRECT, RIVER],
        leaves: &[AIR, "rail-", OTHERS, QINZHOU, YANTIAN],
    },
];

const BASELINE: &str = "wuhan-baseline-2025";

/// Scenarios that stand alone.
const ALONE: [&str; 2] = ["medical-rescue-circle", "wujiashan-duisburg"];

#[test]
fn every_alternative_moves_what_it_should_and_nothing_else() {
    let folder = repository().join("scenarios");
    let on_disk: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ron"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let names = ALTERNATIVES.iter().map(|alternative| alternative.name);
    let known = names.chain([BASELINE]).chain(ALONE).map(str::to_owned).collect();
    assert_eq!(on_disk, known, "every scenario is held against the baseline here");

    let world = World::new();
    let lives = |name: &str| -> BTreeMap<String, Value> {
        let path = folder.join(format!("{name}.ron"));
        let options = ["--replications", "1", "--inputs", "0", "--no-report", "--quiet"];
        world.succeeds(&[&["run", path.to_str().unwrap()][..], &options].concat());
        let text = world.read(&format!("output/{name}/results.json"));
        let results: Value = serde_json::from_str(&text).unwrap();
        fs::remove_dir_all(world.path(&format!("output/{name}"))).unwrap();
        let flows = results["fingerprint"]["flows"].as_object().unwrap();
        flows.iter().map(|(flow, print)| (flow.clone(), print.clone())).collect()
    };
    let base = lives(BASELINE);
    for alternative in ALTERNATIVES {
        let name = alternative.name;
        let other = lives(name);
        let of = |beginning: &'static str| base.iter().filter(move |(flow, _)| flow.starts_with(beginning));
        for beginning in alternative.moves {
            assert!(
                of(beginning).any(|(flow, print)| other.get(flow) != Some(print)),
                "{name} should move `{beginning}...`, but all live as in the baseline"
            );
        }
        for beginning in alternative.leaves {
            assert!(of(beginning).next().is_some(), "no flow begins with `{beginning}`");
            let moved: Vec<&str> = of(beginning)
                .filter(|(flow, print)| other.get(*flow) != Some(*print))
                .map(|(flow, _)| flow.as_str())
                .collect();
            assert!(moved.is_empty(), "{name} should leave `{beginning}...` alone, but moves {moved:?}");
        }
    }
}
