//! Disruptions that are switched off, that have several effects, or whose strikes follow a season.
//!
//! Does not own single effects (`effects`).

use std::sync::atomic::AtomicBool;

use sanda_core::record::observer::{Delivery, Observer, ServiceStart};
use sanda_core::replicate_observed;
use sanda_experiment::{InputPlan, Pieces, Plan, add_basis, add_inputs, assemble, run, try_inputs};
use sanda_scenario::{LoadedModel, load_model_text};

/// Hours in milliseconds.
const HOUR: i64 = 3_600_000;

fn load(text: &str, sets: &[&str]) -> LoadedModel {
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    load_model_text("world.ron", text, &sets).unwrap_or_else(|failure| panic!("{failure}"))
}

/// A year of trains on two ways, with a desk; `disruptions` is the whole section.
fn world(disruptions: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "world", start: "2025-01-06T00:00[Asia/Shanghai]",
    run: (warm_up: "10d", measure: "200d", drain: "60d", replications: 3, input_points: 8),
    nodes: {{ "yard": (), "away": () }},
    resources: {{ "desk": (at: "yard", servers: 3) }},
    services: {{
        "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), capacity: "20 TEU", running: [LogNormal(mean: "10h", cv: 0.2)]),
        "ship": (mode: River, stops: ["yard", "away"], departs: Every(period: "36h"), capacity: "20 TEU", running: ["30h"]),
    }},
    flows: {{
        "boxes": (
            arrivals: Poisson(mean: 8, per: "24h"),
            itineraries: {{
                "rail": (steps: [Work(resource: "desk", time: Exponential(mean: "3h")), Ride(service: "train")], share: 0.7),
                "river": (steps: [Ride(service: "ship")], share: 0.3),
            }},
            sources: {{ "arrivals.mean": (from: "assumed", range: [7, 9]) }},
        ),
    }},
    promises: {{ "quick": (flows: ["boxes"], within: "30h", target: "90%") }},
    {disruptions}
)"#
    )
}

/// Everything a run says: its figures, what it rests on, its input ranges and its fingerprint.
fn everything(loaded: &LoadedModel) -> String {
    let stop = AtomicBool::new(false);
    let plan = Plan { seed: 11, n_replications: 3, n_threads: Some(2) };
    let gathered = run(&loaded.built, plan, &Pieces::none(), &stop, &mut ()).expect("a sound run");
    let mut results = assemble(&loaded.built, 11, &gathered);
    add_basis(&mut results, loaded);
    let plan = InputPlan { seed: 11, n_points: 8, n_threads: Some(2) };
    let outcomes = try_inputs(&loaded.inputs, plan, &Pieces::none(), &stop, &mut ())
        .unwrap_or_else(|error| panic!("{error}"));
    add_inputs(&mut results, &loaded.built.model, &gathered, &outcomes);
    results.to_json().expect("results can be written")
}

#[test]
fn a_disruption_that_takes_no_part_leaves_no_trace() {
    let without = everything(&load(&world(""), &[]));
    for (body, changes_something) in [
        (
            r#"targets: [Resource("desk")], when: Strikes(mean: 1, per: "5d", length: "20h"), effect: Close"#,
            true,
        ),
        (
            r#"targets: [Service("train")], when: Random(up: "6d", down: "2d"), effect: [Capacity(0.2), TimeAdd(Exponential(mean: "9h"))]"#,
            true,
        ),
        (r#"targets: [Service("train")], when: UnderWay(per_hour: 0.1, length: "8h"), effect: Close"#, true),
        (
            r#"targets: [Service("train")], when: Dated([(from: "2025-03-01T00:00", to: "2025-04-01T00:00")]), effect: Divert("river")"#,
            true,
        ),
        // Within the run, but none of the times that it would scale begins meanwhile.
        (
            r#"targets: [Service("ship")], when: Dated([(from: "2025-03-01T05:00", to: "2025-03-01T05:01")]), effect: TimeScale(2)"#,
            false,
        ),
    ] {
        let section = format!(
            r#"disruptions: {{ "trouble": ({body}, sources: {{ "when": (from: "assumed", confidence: Low) }}) }},"#
        );
        let active = load(&world(&section), &[]);
        let inactive = load(&world(&section), &["disruptions.trouble.active=false"]);
        assert_eq!(inactive.built.digest, load(&world(""), &[]).built.digest, "{body}");
        assert!(everything(&inactive) == without, "{body}: the results differ");
        assert_ne!(active.built.digest, inactive.built.digest, "{body}");
        let fingerprint = |loaded: &LoadedModel| {
            let plan = Plan { seed: 11, n_replications: 3, n_threads: Some(2) };
            let gathered = run(&loaded.built, plan, &Pieces::none(), &AtomicBool::new(false), &mut ())
                .expect("a sound run");
            assemble(&loaded.built, 11, &gathered).fingerprint
        };
        assert_eq!(fingerprint(&active) != fingerprint(&inactive), changes_something, "{body}");
    }
}

/// A range of a disruption that takes no part is no input: the other points are the same.
#[test]
fn an_inactive_range_moves_no_point() {
    let section = r#"disruptions: { "trouble": (
        active: false, targets: [Service("train")], when: Random(up: "6d", down: "2d"), effect: Capacity(0.2),
        sources: { "effect": (from: "assumed", range: [Capacity(0.1), Capacity(0.3)]) },
    ) },"#;
    let inactive = load(&world(section), &[]);
    assert_eq!(inactive.inputs.unknowns().len(), 1);
    assert_eq!(load(&world(&section.replace("false", "true")), &[]).inputs.unknowns().len(), 2);
    assert!(everything(&inactive) == everything(&load(&world(""), &[])), "the results differ");
}

#[test]
fn what_is_switched_off_is_checked_all_the_same() {
    let wrong = |body: &str| {
        let section = format!(r#"disruptions: {{ "trouble": (active: false, {body}) }},"#);
        load_model_text("world.ron", &world(&section), &[]).expect_err("wrong").to_string()
    };
    let dated = r#"when: Dated([(from: "2025-03-01T00:00", to: "2025-04-01T00:00")])"#;
    let message = wrong(&format!(r#"targets: [Service("tram")], {dated}, effect: Close"#));
    assert!(message.contains("there is no service `tram`"), "{message}");
    let message = wrong(&format!(r#"targets: [Resource("desk")], {dated}, effect: [Close, Cancel]"#));
    assert!(message.contains("disruption `trouble` has no effect on its targets"), "{message}");
    assert!(message.contains("expected targets that `Cancel` can affect"), "{message}");
    let message = wrong(&format!(r#"targets: [Service("train")], {dated}, effect: Divert("road")"#));
    assert!(message.contains("`road`"), "{message}");
    // One that lies outside the run can be switched off, as when the run is shortened; on, it is wrong.
    let outside = |active: bool| {
        let when = r#"when: Dated([(from: "2015-03-01T00:00", to: "2015-04-01T00:00")])"#;
        let body = format!(r#"active: {active}, targets: [Service("train")], {when}, effect: Close"#);
        load_model_text("world.ron", &world(&format!(r#"disruptions: {{ "trouble": ({body}) }},"#)), &[])
    };
    assert!(outside(false).is_ok());
    let message = outside(true).expect_err("it is not within the run").to_string();
    assert!(message.contains("the disruption is not within the run"), "{message}");
    // What is doubtful is said too, once.
    let section = r#"resources: { "desk": (at: "yard"), "spare": (at: "yard") }, disruptions: { "trouble": (active: false, targets: [Resource("spare")], when: Random(up: "9d", down: "1d"), effect: Close) },"#;
    let text = world(section).replacen(r#"    resources: { "desk": (at: "yard", servers: 3) },"#, "", 1);
    let loaded = load(&text, &[]);
    let remarks: Vec<_> = loaded.issues.iter().map(|issue| issue.message.clone()).collect();
    assert_eq!(remarks.iter().filter(|said| **said == "disruption `trouble` affects no flow").count(), 1);
    assert_eq!(
        remarks.iter().filter(|said| **said == "resource `spare` is used by no flow or vehicle").count(),
        1
    );
}

#[test]
fn a_list_of_one_effect_is_the_effect() {
    for effect in [
        "Close",
        "Capacity(0.4)",
        "TimeScale(1.7)",
        r#"TimeAdd(Exponential(mean: "7h"))"#,
        "Cancel",
        r#"Divert("river")"#,
    ] {
        let digest = |effect: &str| {
            let section = format!(
                r#"disruptions: {{ "trouble": (targets: [Service("train")], when: Random(up: "6d", down: "2d"), effect: {effect}) }},"#
            );
            load(&world(&section), &[]).built.digest
        };
        assert_eq!(digest(effect), digest(&format!("[{effect}]")), "{effect}");
    }
}

/// A desk with two servers of 2 h each, then a truck of 3 h; four boxes at hour 1. Closures are from hour 2 to hour 10.
fn small(effect: &str, targets: &str) -> (Vec<i64>, Vec<i64>) {
    #[derive(Default)]
    struct Seen {
        started: Vec<i64>,
        delivered: Vec<i64>,
    }
    impl Observer for Seen {
        fn service_started(&mut self, at: &ServiceStart) {
            self.started.push(at.started_at / HOUR);
        }
        fn delivered(&mut self, at: &Delivery) {
            self.delivered.push(at.delivered_at / HOUR);
        }
    }
    let text = format!(
        r#"(
    schema: 1, name: "small", start: "2025-01-06T00:00[UTC]", run: (measure: "5d", drain: "20d", replications: 1),
    nodes: {{ "away": (), "home": () }},
    resources: {{ "desk": (at: "away", servers: 2) }},
    connections: {{ "truck": (from: "away", to: "home", time: "3h") }},
    flows: {{ "boxes": (arrivals: At(["1h", "1h", "1h", "1h"]), steps: [Work(resource: "desk", time: "2h"), Haul("truck")]) }},
    disruptions: {{ "trouble": (targets: [{targets}], when: Dated([(from: "2025-01-06T02:00", to: "2025-01-06T10:00")]), effect: {effect}) }},
)"#
    );
    let model = load(&text, &[]).built.model;
    let (_, seen) = replicate_observed(&model, 1, 0, Seen::default()).expect("a sound run");
    (seen.started, seen.delivered)
}

#[test]
fn several_effects_last_the_same_spell() {
    // One server from hour 2 on, on whom work that begins takes 4 h: begun at 1, 1, 3 and 7.
    let both = small("[Capacity(0.5), TimeScale(2)]", r#"Resource("desk")"#);
    assert_eq!(both, (vec![1, 1, 3, 7], vec![6, 6, 10, 14]));
    // Additions add up, and come after the factors: 2 x 2 + 1 + 2 = 7 h.
    let added = small(r#"[TimeAdd("1h"), TimeScale(2), TimeAdd("2h")]"#, r#"Resource("desk")"#);
    assert_eq!(added, (vec![1, 1, 3, 3], vec![6, 6, 13, 13]));
}

/// What a closure held goes on when it ends, with the times of after the disruption, in whatever order effects are written.
#[test]
fn what_a_closure_held_meets_no_effect_that_ends_with_it() {
    for effect in ["[Close, TimeScale(5)]", "[TimeScale(5), Close]"] {
        let (started, delivered) = small(effect, r#"Connection("truck")"#);
        assert_eq!(started, [1, 1, 3, 3]);
        assert_eq!(delivered, [13; 4], "{effect}");
        let (started, delivered) = small(effect, r#"Resource("desk")"#);
        assert_eq!((started, delivered), (vec![1, 1, 10, 10], vec![6, 6, 15, 15]), "{effect}");
    }
}

/// Two additions of one disruption are drawn independently: their sum of two exponentials of 1 h has variance 2 h^2, where
/// equal draws would give 4. Seed 5, 20,000 draws: the standard error of the variance is below 0.05, the tolerance 0.3.
#[test]
fn additions_of_one_disruption_have_draws_of_their_own() {
    #[derive(Default)]
    struct Added(Vec<f64>);
    impl Observer for Added {
        fn delivered(&mut self, at: &Delivery) {
            self.0.push((at.delivered_at - at.released_at) as f64 / HOUR as f64 - 1.0);
        }
    }
    let law = r#"TimeAdd(Exponential(mean: "1h"))"#;
    let text = format!(
        r#"(
    schema: 1, name: "small", start: "2025-01-06T00:00[UTC]", run: (measure: "20000h", drain: "20d", replications: 1),
    nodes: {{ "away": () }}, resources: {{ "desk": (at: "away", servers: Unlimited) }},
    flows: {{ "boxes": (arrivals: Regular(every: "1h"), steps: [Work(resource: "desk", time: "1h")]) }},
    disruptions: {{ "trouble": (targets: [Resource("desk")], when: Dated([(from: "2025-01-06T00:00", to: "2035-01-06T00:00")]), effect: [{law}, {law}]) }},
)"#
    );
    let model = load(&text, &[]).built.model;
    let (_, Added(added)) = replicate_observed(&model, 5, 0, Added::default()).expect("a sound run");
    let n = added.len() as f64;
    let mean = added.iter().sum::<f64>() / n;
    let variance = added.iter().map(|time| (time - mean) * (time - mean)).sum::<f64>() / n;
    assert!(n > 19_000.0 && (mean - 2.0).abs() < 0.1 && (variance - 2.0).abs() < 0.3, "{mean} {variance}");
}

/// Fog at night in winter. Closures of 6 min befall a desk where somebody asks every 6 min, so that a request is held if and
/// only if a closure began in the 6 min before it; these times are disjoint, so that the number held in a month is binomial.
///
/// With 4,000 strikes a year, months by the factors below and four times as many from midnight to six, the rate in an hour of
/// such a night is 4,000 / 8,760 h x 4 x factor / mean factor. Seed 5; |z| < 5.5 in each of 8 months over 24 replications (false
/// alarm below 4e-7), which sees errors of 5 to 15 % of a month's number. By day and in summer there is none at all.
#[test]
fn strikes_follow_month_and_hour() {
    const MONTHS: [f64; 12] = [3.0, 2.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 2.0, 3.0];
    const DAYS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    #[derive(Default)]
    struct Held {
        by_month: [u64; 12],
        by_day: u64,
        n: u64,
    }
    impl Observer for Held {
        fn service_started(&mut self, at: &ServiceStart) {
            self.n += 1;
            if at.started_at == at.requested_at {
                return;
            }
            let (day, hour) = (at.requested_at / (24 * HOUR), at.requested_at % (24 * HOUR));
            let ends = DAYS.iter().scan(0, |end, days| {
                *end += days;
                Some(*end)
            });
            self.by_month[ends.take_while(|end| *end <= day).count()] += 1;
            // A closure that began just before six.
            self.by_day += u64::from(hour > 6 * HOUR);
        }
    }
    let profile = |hour: &str| {
        format!(
            r#"(
    schema: 1, name: "fog", start: "2025-01-01T00:00[Asia/Shanghai]", run: (measure: "365d", drain: "1d", replications: 1),
    nodes: {{ "lock": () }}, resources: {{ "desk": (at: "lock", servers: Unlimited) }},
    flows: {{ "barges": (arrivals: Regular(every: "6min", offset: "0h"), steps: [Work(resource: "desk", time: "1min")]) }},
    disruptions: {{ "fog": (
        targets: [Resource("desk")], effect: Close,
        when: Strikes(mean: 4000, per: "365d", length: "6min", profile: (month: {MONTHS:?}, hour: {hour})),
    ) }},
)"#
        )
    };
    let hours: Vec<f64> = (0..24).map(|hour| if hour < 6 { 1.0 } else { 0.0 }).collect();
    let model = load(&profile(&format!("{hours:?}")), &[]).built.model;
    let mut held = Held::default();
    for replication in 0..24 {
        (_, held) = replicate_observed(&model, 5, replication, held).expect("a sound run");
    }
    // The factors of months are scaled by the days of a mean year.
    let weights = DAYS.map(|days| if days == 28 { 28.25 } else { days as f64 });
    let mean = MONTHS.iter().zip(weights).map(|(factor, days)| factor * days).sum::<f64>() / 365.25;
    for month in 0..12 {
        let rate = 4000.0 / 8760.0 * 4.0 * MONTHS[month] / mean;
        let probability = 1.0 - libm::exp(-rate * 0.1);
        let n = (24 * 60 * DAYS[month]) as f64;
        let (expected, spread) = (n * probability, (n * probability * (1.0 - probability)).sqrt());
        let z = (held.by_month[month] as f64 - expected) / spread.max(f64::MIN_POSITIVE);
        assert!(
            z.abs() < 5.5,
            "month {month}: {} held, expected {expected} +- {spread}",
            held.by_month[month]
        );
        assert!(5.5 * spread <= 0.15 * expected, "month {month}: the test sees too little");
    }
    assert_eq!(held.by_day, 0);
    assert!(held.n > 24 * 87_000);
}
