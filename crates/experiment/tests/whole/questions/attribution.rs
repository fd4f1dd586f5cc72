//! Attribution on chains whose hours are known: by arithmetic, by a planted bottleneck, and by laws of random worlds.
//!
//! Does not own ideal times of the engine (`sanda_core`).

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use crate::shared::compiled;
use crate::shared::world::world;
use sanda_core::model::Model;
use sanda_core::model::ids::{ResourceId, ServiceId};
use sanda_core::record::Outcome;
use sanda_core::record::observer::{Observer, ServiceStart};
use sanda_core::{replicate, replicate_observed};
use sanda_experiment::{Asked, Attributed, Cause, Pieces, Plan, attribute, causes, remove, run, try_ideal};
use sanda_results::{AttributedCause, Attribution, CauseKind, Figure};
use sanda_scenario::build::Built;

fn attributed(built: &Built, asked: Asked, n_replications: u64) -> Attribution {
    let stop = AtomicBool::new(false);
    let plan = Plan { seed: built.seed, n_replications, n_threads: Some(2) };
    let attributed = Attributed::new(built, asked);
    let observed: Vec<_> = (0..attributed.n_models())
        .map(|place| {
            let gathered = run(&attributed.model(place), plan, &Pieces::none(), &stop, &mut ());
            attributed.keep(&gathered.unwrap_or_else(|error| panic!("model {place}: {error}")))
        })
        .collect();
    let ideal = try_ideal(&attributed, plan, &Pieces::none(), &stop, &mut ());
    let ideal = ideal.unwrap_or_else(|error| panic!("{error}"));
    attribute(&attributed, plan.seed, &observed, &ideal, &[])
}

fn of_promise(built: &Built, name: &str, n_replications: u64) -> Attribution {
    let found = built.model.promises.iter_enumerated().find(|(_, promise)| promise.name == name);
    attributed(built, Asked::Promise(found.expect("the promise").0), n_replications)
}

fn cause<'a>(attribution: &'a Attribution, id: &str) -> &'a AttributedCause {
    let ids = || attribution.causes.iter().map(|cause| cause.id.as_str()).collect::<Vec<_>>();
    attribution.causes.iter().find(|cause| cause.id == id).unwrap_or_else(|| panic!("{id} of {:?}", ids()))
}

fn check(what: &str, figure: &Figure, expected: f64) {
    let value = figure.value().unwrap_or_else(|| panic!("{what} has no value"));
    assert!((value - expected).abs() < 1e-6, "{what}: {value} instead of {expected}");
}

/// Two boxes at eight each morning, a desk that takes two hours, a train at eleven that takes ten.
///
/// The first box is ready at ten and is there at 21:00, after 13 h. The second waits two hours at the desk, misses the train by one, and is
/// there a day later, after 37 h. Two hours at the desk have cost it 24.
fn cut_off(within: &str) -> Built {
    compiled(&format!(
        r#"(
    schema: 1, name: "cut-off", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "7d", measure: "28d", drain: "7d", replications: 4),
    nodes: {{ "yard": (), "away": () }},
    resources: {{ "desk": (at: "yard", servers: 1) }},
    services: {{
        "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h", offset: "11h"), capacity: "60 TEU", running: ["10h"]),
    }},
    flows: {{
        "boxes": (
            arrivals: Regular(every: "24h", offset: "8h", batch: 2),
            steps: [Work(resource: "desk", time: "2h"), Ride(service: "train")],
        ),
    }},
    promises: {{ "quick": (flows: ["boxes"], within: "{within}", target: "90%") }},
)"#
    ))
}

#[test]
fn two_hours_late_at_the_cut_off_cost_a_day() {
    let attribution = of_promise(&cut_off("24h"), "quick", 4);
    for (what, times, expected) in [
        ("ideal", attribution.ideal, [12.0, 12.0, 12.0]),
        ("freed", attribution.freed, [13.0, 13.0, 13.0]),
        ("actual", attribution.actual, [25.0, 13.0, 37.0]),
    ] {
        for (figure, expected) in [times.mean, times.p50, times.p90].iter().zip(expected) {
            check(what, figure, expected);
        }
    }
    let ids: Vec<&str> = attribution.causes.iter().map(|cause| cause.id.as_str()).collect();
    assert_eq!(ids, ["resource.desk", "full.train"]);
    let desk = cause(&attribution, "resource.desk");
    for gain in [&desk.single, &desk.cumulative] {
        check("mean", &gain.mean, 12.0);
        check("p50", &gain.p50, 0.0);
        check("p90", &gain.p90, 24.0);
        check("share", &gain.share.expect("a promise"), 0.5);
    }
    // Nothing is by chance: the interval is a point.
    assert_eq!(desk.single.mean.interval().map(|(low, high)| high - low < 1e-9), Some(true));
    let found = desk.amplification.as_ref().expect("stages");
    check("at the stage", &found.at_stage, 1.0);
    check("from door to door", &found.door_to_door, 12.0);
    check("beyond", &found.beyond, 11.0);
    assert!(found.factor.is_some_and(|factor| (factor - 12.0).abs() < 1e-6), "{found:?}");
    assert_eq!(found.missed.as_ref().map(|missed| missed.en.as_str()), Some("train"));
    let full = cause(&attribution, "full.train");
    check("the train is never full", &full.single.mean, 0.0);
    check("remainder", &attribution.remainder.gain.mean, 1.0);
    let waits: Vec<&str> = attribution.remainder.categories.keys().map(String::as_str).collect();
    assert_eq!(waits, ["timetable"]);
    check("timetable", &attribution.remainder.categories["timetable"], 1.0);
    check("interaction", &attribution.interaction.mean, 0.0);
    check("interaction", &attribution.interaction.p90, 0.0);
    assert_eq!(attribution.ranking, ["resource.desk", "full.train"]);
    let bound = attribution.bound.expect("a promise");
    check("bound", &bound.share, 1.0);
    assert!(!bound.is_out_of_reach);
}

#[test]
fn a_limit_below_the_ideal_time_is_out_of_reach() {
    let bound = of_promise(&cut_off("12h"), "quick", 4).bound.expect("a promise");
    check("bound", &bound.share, 1.0);
    let attribution = of_promise(&cut_off("11h"), "quick", 4);
    let bound = attribution.bound.expect("a promise");
    check("bound", &bound.share, 0.0);
    assert!(bound.is_out_of_reach, "{bound:?}");
}

/// Two desks in a row that each make the train be missed: either alone gains nothing, both together a day. The rows of the waterfall add up
/// for every statistic, and the interaction says what single removals miss.
#[test]
fn causes_that_hide_each_other_interact() {
    let built = compiled(
        r#"(
    schema: 1, name: "two-gates", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "7d", measure: "28d", drain: "7d", replications: 3),
    nodes: { "yard": (), "away": () },
    resources: {
        "papers": (at: "yard", servers: Unlimited, open: Weekly(["Mon-Sun 11:30-24:00"])),
        "seals": (at: "yard", servers: Unlimited, open: Weekly(["Mon-Sun 12:00-24:00"])),
    },
    services: {
        "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h", offset: "11h"), capacity: Unlimited, running: ["10h"]),
    },
    flows: {
        "boxes": (
            arrivals: Regular(every: "24h", offset: "8h"),
            steps: [Work(resource: "papers", time: "1h"), Work(resource: "seals", time: "1h"), Ride(service: "train")],
        ),
    },
    promises: { "quick": (flows: ["boxes"], within: "24h", target: "90%") },
)"#,
    );
    let attribution = of_promise(&built, "quick", 3);
    let gains = |id: &str| {
        let cause = cause(&attribution, id);
        (cause.single.mean.value(), cause.cumulative.mean.value())
    };
    let near = |(one, other): (Option<f64>, Option<f64>), expected: (f64, f64)| {
        let is_near =
            |value: Option<f64>, expected: f64| value.is_some_and(|value| (value - expected).abs() < 1e-6);
        is_near(one, expected.0) && is_near(other, expected.1)
    };
    // Either alone: the other still opens after the train has left.
    assert!(near(gains("resource.papers"), (0.0, 0.0)), "{:?}", gains("resource.papers"));
    assert!(near(gains("resource.seals"), (0.0, 24.0)), "{:?}", gains("resource.seals"));
    check("interaction", &attribution.interaction.mean, -24.0);
    check("interaction of the share", &attribution.interaction.share.expect("a promise"), -1.0);
    let sum: f64 = attribution.causes.iter().filter_map(|cause| cause.cumulative.mean.value()).sum();
    let rest = attribution.remainder.gain.mean.value().expect("a value");
    let ideal = attribution.ideal.mean.value().expect("a value");
    check("actual", &attribution.actual.mean, ideal + rest + sum);
}

/// Five desks in a row, one of them at a load of 0.97 and the others at 0.3.
#[test]
fn a_planted_bottleneck_is_ranked_first() {
    for (planted, seed) in [(2, 1), (0, 2), (4, 3)] {
        let time = |desk: usize| if desk == planted { "0.97h" } else { "0.3h" };
        let desks: Vec<String> =
            (0..5).map(|n| format!(r#""desk-{n}": (at: "yard", servers: 1), "#)).collect();
        let work = |n| format!(r#"Work(resource: "desk-{n}", time: Exponential(mean: "{}")), "#, time(n));
        let steps: Vec<String> = (0..5).map(work).collect();
        let (desks, steps) = (desks.concat(), steps.concat());
        let built = compiled(&format!(
            r#"(
    schema: 1, name: "bottleneck", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "28d", measure: "56d", drain: "28d", seed: {seed}),
    nodes: {{ "yard": () }},
    resources: {{ {desks} }},
    flows: {{ "boxes": (arrivals: Poisson(mean: 1, per: "1h"), steps: [{steps}]) }},
    promises: {{ "quick": (flows: ["boxes"], within: "10h", target: "90%") }},
)"#
        ));
        let attribution = of_promise(&built, "quick", 6);
        assert_eq!(attribution.ranking[0], format!("resource.desk-{planted}"), "{:?}", attribution.ranking);
        let first = cause(&attribution, &attribution.ranking[0]);
        let others = attribution.causes.iter().filter(|cause| cause.id != first.id);
        let most = others.filter_map(|cause| cause.single.mean.value()).fold(0.0, f64::max);
        assert!(first.single.mean.value().expect("a value") > 5.0 * most.max(0.1), "{first:?}");
        // What waits at no desk leaves nothing but the timetable, and there is none.
        check("remainder", &attribution.remainder.gain.mean, 0.0);
    }
}

/// The work of every customer at every resource.
#[derive(Default)]
struct Works(BTreeMap<(ResourceId, u32, bool, u64), Vec<i64>>);

impl Observer for Works {
    fn service_started(&mut self, at: &ServiceStart) {
        self.0.entry((at.resource, at.owner, at.is_vehicle, at.number)).or_default().push(at.work);
    }
}

/// A chain with everything that an edit can remove.
const CHAIN: &str = r#"(
    schema: 1, name: "chain", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "7d", measure: "28d", drain: "21d", replications: 2, seed: 11),
    nodes: { "yard": (), "border": (), "away": (), "door": () },
    resources: {
        "desk": (at: "yard", servers: 2, open: Weekly(["Mon-Sat 06:00-22:00"]), breakdowns: (up: Exponential(mean: "60h"), down: Exponential(mean: "3h"))),
        "bay": (at: "border", servers: 1),
    },
    regimes: { "border": (period: "1w", persistence: 0.5, states: { "normal": 0.6, "crisis": 0.4 }) },
    services: {
        "train": (
            mode: Rail, stops: ["yard", "border", "away"], departs: Every(period: "12h"), capacity: "14 TEU",
            running: [LogNormal(mean: "20h", cv: 0.2), "10h"], cancelled: 0.1, delay: Exponential(mean: "2h"),
            at_stop: {
                "border": [
                    Regime(regime: "border", times: { "normal": "2h", "crisis": "30h" }),
                    Work(resource: "bay", time: "5h"),
                ],
            },
        ),
    },
    connections: { "truck": (from: "away", to: "door", time: "4h", fleet: 4) },
    disruptions: { "strike": (targets: [Resource("bay")], when: Dated([(from: "2025-01-20T00:00", to: "2025-01-23T00:00")]), effect: Close) },
    flows: {
        "boxes": (
            arrivals: Poisson(mean: 0.9, per: "1h"),
            steps: [
                Work(resource: "desk", time: Exponential(mean: "1h")),
                Gate(open: Weekly(["Mon-Sun 08:00-20:00"]), at: "yard"),
                Ride(service: "train"),
                Haul("truck"),
            ],
        ),
    },
    promises: { "quick": (flows: ["boxes"], within: "60h", target: "90%") },
)"#;

fn full_chain() -> Built {
    compiled(CHAIN)
}

/// The chain written without a cause.
fn chain_with(from: &str, to: &str) -> Built {
    assert!(CHAIN.contains(from), "{from}");
    compiled(&CHAIN.replace(from, to))
}

/// The model without the cause of a kind, and what came of it.
fn without(model: &Model, kind: IsKind) -> (Model, Outcome, Works) {
    let flows: Vec<_> = model.flows.ids().collect();
    let found = causes(model, &flows).into_iter().map(|placed| placed.cause).find(kind).expect("the cause");
    let mut edited = model.clone();
    remove(&mut edited, found);
    let (outcome, works) = replicate_observed(&edited, 11, 0, Works::default()).expect("a sound run");
    (edited, outcome, works)
}

/// Every work that was begun in both runs took as long.
fn assert_same_work(one: &Works, other: &Works) {
    let both = one.0.iter().filter_map(|(customer, works)| Some((customer, works, other.0.get(customer)?)));
    let mut n = 0;
    for (customer, works, again) in both {
        assert_eq!(works.first(), again.first(), "{customer:?}");
        n += 1;
    }
    assert!(n > 500, "{n} works say nothing");
}

#[test]
fn each_edit_removes_what_it_says_and_moves_no_draw() {
    let built = full_chain();
    let model = &built.model;
    let (base, works) = replicate_observed(model, 11, 0, Works::default()).expect("a sound run");
    let plain = replicate(model, 11, 0).expect("a sound run");
    let (desk, train) = (ResourceId::new(1), ServiceId::new(0));
    assert_eq!(model.resources[desk].name, "desk");
    assert!(base.resources[desk].wait.max() > Some(0) && base.services[train].cancelled > 0);
    assert!(
        base.services[train].left_behind.max() > Some(0)
            && base.connections.iter().any(|one| one.wait.max() > Some(0))
    );
    assert_eq!(plain.services[train].cancelled, base.services[train].cancelled);

    let (_, freed, works_of) =
        without(model, |cause| matches!(cause, Cause::Resource(id) if id.index() == 1));
    let wait = &freed.resources[desk].wait;
    assert!(wait.count() > 100 && wait.sum() == 0 && wait.max() == Some(0), "{wait:?}");
    assert_eq!(freed.resources[desk].without_wait, wait.count());
    assert_eq!(freed.resources[desk].interruptions, 0);
    assert_same_work(&works, &works_of);

    let (_, freed, works_of) = without(model, |cause| matches!(cause, Cause::Full(_)));
    assert_eq!(freed.services[train].left_behind.max(), Some(0));
    assert_eq!(freed.services[train].cancelled, base.services[train].cancelled);
    assert_same_work(&works, &works_of);

    let (_, freed, works_of) = without(model, |cause| matches!(cause, Cause::Unpunctual(_)));
    assert_eq!(freed.services[train].cancelled, 0);
    // Every departure at its time: all gaps are those of the timetable.
    let gaps = &freed.services[train].gaps;
    assert_eq!((gaps.min(), gaps.max()), (Some(12 * 3_600_000), Some(12 * 3_600_000)));
    assert_same_work(&works, &works_of);

    let (edited, _, works_of) = without(model, |cause| matches!(cause, Cause::Regime(_)));
    assert!(
        edited
            .programs
            .regimes
            .iter()
            .all(|op| op.times.iter().all(|law| (law.mean() - 7_200_000.0).abs() < 1.0))
    );
    assert_same_work(&works, &works_of);

    let (_, freed, works_of) = without(model, |cause| matches!(cause, Cause::Fleet(_)));
    assert!(freed.connections.iter().all(|one| one.wait.max().unwrap_or(0) == 0));
    assert_same_work(&works, &works_of);
}

/// Tells causes of one kind.
type IsKind = fn(&Cause) -> bool;

/// Every edit of the compiled model gives the hours that the scenario gives when it is written without the cause.
#[test]
fn an_edit_is_what_the_language_would_say() {
    let desk = CHAIN.lines().find(|line| line.contains(r#""desk": ("#)).expect("the desk");
    let gate = CHAIN.lines().find(|line| line.contains("Gate(")).expect("the gate");
    let strike = CHAIN.lines().find(|line| line.contains("disruptions:")).expect("the strike");
    let cases: [(IsKind, &str, &str); 8] = [
        (
            |cause| matches!(cause, Cause::Resource(id) if id.index() == 1),
            desk,
            r#""desk": (at: "yard", servers: Unlimited),"#,
        ),
        (
            |cause| matches!(cause, Cause::Resource(id) if id.index() == 0),
            r#""border", servers: 1"#,
            r#""border", servers: Unlimited"#,
        ),
        (|cause| matches!(cause, Cause::Gate(_)), gate, ""),
        (|cause| matches!(cause, Cause::Full(_)), r#"capacity: "14 TEU""#, "capacity: Unlimited"),
        (
            |cause| matches!(cause, Cause::Unpunctual(_)),
            r#"cancelled: 0.1, delay: Exponential(mean: "2h"),"#,
            "",
        ),
        (|cause| matches!(cause, Cause::Regime(_)), r#""crisis": "30h""#, r#""crisis": "2h""#),
        (|cause| matches!(cause, Cause::Fleet(_)), ", fleet: 4", ""),
        (|cause| matches!(cause, Cause::Disruptions), strike, ""),
    ];
    let built = full_chain();
    let hours = |outcome: &Outcome| {
        let flow = &outcome.flows[sanda_core::model::ids::FlowId::new(0)];
        (flow.released, flow.delivered, flow.clocks[0].sum(), flow.clocks[0].sum_of_squares())
    };
    let base = hours(&replicate(&built.model, 11, 0).expect("a sound run"));
    for (kind, from, to) in cases {
        let (_, edited, _) = without(&built.model, kind);
        let written = replicate(&chain_with(from, to).model, 11, 0).expect("a sound run");
        assert_eq!(hours(&edited), hours(&written), "{from}");
        assert_ne!(hours(&edited), base, "{from} makes no difference, so this shows nothing");
    }
}

#[test]
fn causes_stand_in_route_order() {
    let built = full_chain();
    let flows: Vec<_> = built.model.flows.ids().collect();
    let order: Vec<String> =
        causes(&built.model, &flows).iter().map(|placed| format!("{:?}", placed.cause)).collect();
    let kinds: Vec<&str> = order.iter().map(|one| one.split('(').next().unwrap_or_default()).collect();
    assert_eq!(
        kinds,
        ["Resource", "Gate", "Full", "Unpunctual", "Regime", "Resource", "Fleet", "Disruptions"],
        "{order:?}"
    );
}

/// The bound is no less than the share that was simulated, as it is and without any cause; and the waterfall adds up.
#[test]
fn the_bound_is_never_below_a_simulated_share() {
    let (mut n_bounds, mut n_sharp) = (0, 0);
    for number in 4001..4041 {
        let built = compiled(&world(number).text());
        let promises: Vec<_> = built.model.promises.ids().collect();
        for promise in promises {
            let attribution = attributed(&built, Asked::Promise(promise), 2);
            let (Some(shares), Some(bound)) = (attribution.share, attribution.bound) else { continue };
            let Some(bound) = bound.share.value() else { continue };
            let actual = shares.actual.value().unwrap_or(0.0);
            let single = attribution.causes.iter().filter_map(|cause| cause.single.share?.value());
            for share in single.map(|gain| actual + gain).chain([actual, shares.freed.value().unwrap_or(0.0)])
            {
                assert!(
                    bound >= share - 1e-9,
                    "world {number}: a share of {share} above the bound of {bound}"
                );
            }
            n_bounds += 1;
            n_sharp += u32::from(bound < 1.0);
            let sum: f64 = attribution.causes.iter().filter_map(|cause| cause.cumulative.mean.value()).sum();
            let (freed, actual) = (attribution.freed.mean.value(), attribution.actual.mean.value());
            if let (Some(freed), Some(actual)) = (freed, actual) {
                let off = (freed + sum - actual).abs();
                assert!(off < 1e-6 * actual.max(1.0), "world {number}: the waterfall is off by {off} h");
            }
            assert!(
                attribution
                    .causes
                    .iter()
                    .all(|cause| cause.kind != CauseKind::Gate || cause.id.starts_with("gate."))
            );
        }
    }
    assert!(n_bounds >= 40 && n_sharp >= 5, "{n_bounds} bounds, {n_sharp} of them below one, say nothing");
}
