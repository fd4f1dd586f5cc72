//! Changes that must not change a result, and sums that must hold in every result, on the lane of `shared`.
//!
//! Changes that say nothing new (order of declaration, another title, another spelling of a duration, threads) leave the text of
//! `results.json` as it is, but for the title. What is added or renamed leaves every number of everything else as it is. Does not own
//! random scenarios (`worlds`).

use crate::shared::lane::Lane;
use crate::shared::{
    assert_same, compiled, json, numbers_without, results_of, results_of_built, results_on, step_by_step,
    value,
};

#[test]
fn the_lane_has_something_of_everything() {
    // Else the laws below would hold of nothing.
    let results = results_of(&Lane::new().text());
    for category in
        ["moving", "worked", "server", "hours", "timetable", "rolled", "disruption", "inspection", "vehicle"]
    {
        assert!(value(&results, &format!("flows.boxes.categories.{category}")) > 0.0, "{category}");
    }
    assert!(value(&results, "flows.parts.categories.cargo") > 0.0);
    assert!(value(&results, "flows.letters.lost") > 0.0);
    assert!(value(&results, "services.train.cancelled") > 0.0);
    assert!(value(&results, "services.train.left_behind.mean") > 0.0);
    let share = value(&results, "promises.door-08.share");
    assert!((0.05..0.95).contains(&share), "a share of {share} says little");
    assert!(results.invariants.values().all(|outcome| outcome.checked > 0 && outcome.violated == 0));
}

#[test]
fn threads_and_repetition_change_nothing() {
    let text = Lane::new().text();
    let once = json(&results_on(&text, 1));
    for n_threads in [1, 2, 8] {
        assert!(once == json(&results_on(&text, n_threads)), "{n_threads} threads");
    }
}

#[test]
fn the_quicker_path_changes_nothing() {
    let built = compiled(&Lane::new().text());
    assert!(
        built.model.programs.works.iter().any(|work| work.whole_stage.is_some()),
        "nothing takes the quicker path"
    );
    assert!(json(&results_of_built(&built, 2)) == json(&step_by_step(&built)));
}

#[test]
fn the_order_of_declaration_changes_nothing() {
    let lane = Lane::new();
    let mut reversed = lane.clone();
    reversed.sections.reverse();
    for (_, entries) in &mut reversed.sections {
        entries.reverse();
    }
    reversed.replace("promises", "door-08", r#"["boxes", "parts"]"#, r#"["parts", "boxes"]"#);
    assert_ne!(lane.text(), reversed.text());
    assert!(json(&results_of(&lane.text())) == json(&results_of(&reversed.text())));
}

#[test]
fn another_spelling_of_a_quantity_changes_nothing() {
    let lane = Lane::new();
    let mut spelt = lane.clone();
    spelt.run = r#"warm_up: "4w", measure: "2016h", drain: "1440h", replications: 5, seed: 4"#.to_owned();
    spelt.replace("services", "train", r#"cutoff: "3h""#, r#"cutoff: "180min""#);
    spelt.replace("services", "train", r#"cancelled: "5%""#, "cancelled: 0.05");
    spelt.replace("services", "train", r#"mean: "2d""#, r#"mean: "1d 24h""#);
    spelt.replace("services", "feeder", r#"longest_wait: "1d""#, r#"longest_wait: "24h""#);
    spelt.replace("flows", "parts", r#"every: "11h""#, r#"every: "10.5h 30min""#);
    spelt.replace("flows", "boxes", r#"value: "4 TEU""#, r#"value: "2 FEU""#);
    spelt.replace("promises", "door-08", r#""8d""#, r#""192h""#);
    assert!(json(&results_of(&lane.text())) == json(&results_of(&spelt.text())));
}

#[test]
fn another_title_changes_the_title_alone() {
    let lane = Lane::new();
    let mut titled = lane.clone();
    titled.title = "另一个名字".to_owned();
    titled.replace("resources", "bay", "(at:", r#"(note: "wide", sources: { "at": (from: "hearsay") }, at:"#);
    let mut other = results_of(&titled.text());
    let results = results_of(&lane.text());
    assert_ne!(json(&results), json(&other));
    other.scenario.title = results.scenario.title.clone();
    assert!(json(&results) == json(&other), "more than the title has changed");
}

#[test]
fn what_is_added_elsewhere_changes_no_other_number() {
    let lane = Lane::new();
    let base = numbers_without(&results_of(&lane.text()), &[]);
    // First and last in the order of names, and much slower than everything else, so that the run takes longer.
    for prefix in ["a", "zz"] {
        let id = |what: &str| format!("{prefix}-{what}");
        let (place, beyond, desk, line, flow) =
            (id("place"), id("beyond"), id("desk"), id("line"), id("flow"));
        let mut more = lane.clone();
        more.add("nodes", &place, "()");
        more.add("nodes", &beyond, r#"(zone: "Europe/Warsaw")"#);
        more.add("resources", &desk, &format!(r#"(at: "{place}", open: Daily("08:00-12:00"))"#));
        more.add("regimes", &id("regime"), "(persistence: 0.5, states: { \"one\": 0.5, \"two\": 0.5 })");
        more.add(
            "services",
            &line,
            &format!(
                r#"(mode: Sea, stops: ["{place}", "{beyond}"], departs: Every(period: "1d"), capacity: Unlimited, running: ["30d"])"#
            ),
        );
        more.add(
            "flows",
            &flow,
            &format!(
                r#"(arrivals: Poisson(mean: 1, per: "3h"), steps: [Work(resource: "{desk}", time: "5min"), Ride(service: "{line}")])"#
            ),
        );
        let ids = [place.as_str(), &beyond, &desk, &line, &flow];
        assert_same(&base, &numbers_without(&results_of(&more.text()), &ids));
    }
}

#[test]
fn another_name_changes_its_own_luck_alone() {
    let lane = Lane::new();
    let base = results_of(&lane.text());
    for name in ["aaa", "zzz"] {
        let mut renamed = lane.clone();
        renamed.section("flows").iter_mut().find(|(id, _)| id == "letters").expect("the letters").0 =
            name.to_owned();
        renamed.replace("promises", "post", "letters", name);
        let other = results_of(&renamed.text());
        // The counter and the promise are used by the renamed flow alone, and so are its own.
        let own = ["letters", name, "counter", "post"];
        assert_same(&numbers_without(&base, &own), &numbers_without(&other, &own));
        assert_ne!(
            base.fingerprint.flows["letters"], other.fingerprint.flows[name],
            "the luck goes by the name"
        );
    }
}

#[test]
fn another_seed_changes_the_luck() {
    let lane = Lane::new();
    let mut reseeded = lane.clone();
    reseeded.run = lane.run.replace("seed: 4", "seed: 5");
    let (one, other) = (results_of(&lane.text()), results_of(&reseeded.text()));
    assert_ne!(one.fingerprint.total, other.fingerprint.total);
    assert_ne!(one.fingerprint.flows["boxes"], other.fingerprint.flows["boxes"]);
}

#[test]
fn a_wider_promise_never_lowers_its_share() {
    let results = results_of(&Lane::new().text());
    let share = |id: &str| value(&results, &format!("promises.{id}.share"));
    let shares = ["door-06", "door-08", "door-10", "door-14"].map(share);
    assert!(shares.is_sorted() && shares[0] < shares[3], "{shares:?}");
    let by_flow = |id: &str| value(&results, &format!("promises.{id}.by_flow.parts"));
    assert!(["door-06", "door-08", "door-10", "door-14"].map(by_flow).is_sorted());
    // Over runs too: the limit is no part of what happens.
    let mut before = (0.0, None);
    for hours in [60, 72, 84, 96, 200] {
        let mut lane = Lane::new();
        lane.replace("promises", "rails", "84h", &format!("{hours}h"));
        let results = results_of(&lane.text());
        let share = value(&results, "promises.rails.share");
        assert!(share >= before.0, "{hours} h keep {share}, fewer hours {}", before.0);
        let print = Some(results.fingerprint.total);
        assert!(before.1.is_none() || before.1 == print, "the limit changed what happens");
        before = (share, print);
    }
}
