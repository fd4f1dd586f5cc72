//! Re-planning under way: miniatures worked out by hand, and an independent simulation of two ways that foresees every delivery.
//!
//! A feeder leads to a hub, from which two trains go on, by the north and by the south. Instants are hours.

use std::collections::BTreeMap;

use sanda_core::model::category::Category;
use sanda_core::record::observer::{Delivery, Observer, Replanned};
use sanda_core::replicate_observed;
use sanda_scenario::load_model_text;

use crate::shared::dice::Dice;
use crate::shared::watch::{Watched, watch};
use crate::shared::{check_exactly, compiled, events_saved, results_of};

const HOUR: i64 = 3_600_000;

/// A daily feeder of 10 h leaves at 24 h. From the hub the north train leaves at 12, 36, 60 h and runs 10 h; the south train leaves at 13, 37,
/// 61 h and runs 20 h. One box is released at 1 h. It goes by the north, which is quicker.
struct World {
    /// Fields of the flow.
    flow: &'static str,
    /// Fields of the north and of the south train.
    trains: [&'static str; 2],
    /// Steps before the ride of either way at the hub.
    at_hub: [&'static str; 2],
    /// Closures of trains: from one hour to another.
    closed: Vec<(&'static str, i64, i64)>,
}

impl World {
    fn new(flow: &'static str, closed: &[(&'static str, i64, i64)]) -> Self {
        Self { flow, trains: ["", ""], at_hub: ["", ""], closed: closed.to_vec() }
    }

    fn text(&self) -> String {
        let Self { flow, trains: [north, south], at_hub: [before_north, before_south], closed } = self;
        let date = |hour: i64| format!("2025-01-{:02}T{:02}:00", 6 + hour / 24, hour % 24);
        let disruption = |(place, &(train, from, to)): (usize, &(&str, i64, i64))| {
            format!(
                r#""closed-{place}": (targets: [Service("{train}")], when: Dated([(from: "{}", to: "{}")]), effect: Close),"#,
                date(from),
                date(to)
            )
        };
        let disruptions: String = closed.iter().enumerate().map(disruption).collect();
        format!(
            r#"(
    schema: 1, name: "replanning", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "60d", replications: 1),
    nodes: {{ "origin": (), "hub": (), "end": () }},
    resources: {{ "crane": (at: "hub", servers: 1, fee: "7 CNY/shipment") }},
    services: {{
        "feeder": (mode: Rail, stops: ["origin", "hub"], departs: Every(period: "24h"), capacity: Unlimited, running: ["10h"], freight: "100 CNY/shipment"),
        "north": (mode: Rail, stops: ["hub", "end"], departs: Every(period: "24h", offset: "12h"), capacity: Unlimited, running: ["10h"], freight: "300 CNY/shipment", {north}),
        "south": (mode: Rail, stops: ["hub", "end"], departs: Every(period: "24h", offset: "13h"), capacity: Unlimited, running: ["20h"], freight: "500 CNY/shipment", {south}),
    }},
    flows: {{ "boxes": (
        arrivals: At(times: ["1h"]), {flow},
        itineraries: {{
            "north": (steps: [Ride(service: "feeder"), {before_north} Ride(service: "north")]),
            "south": (steps: [Ride(service: "feeder"), {before_south} Ride(service: "south")]),
        }},
    ) }},
    disruptions: {{ {disruptions} }},
)"#
        )
    }

    fn watch(&self) -> Watched {
        watch(&self.text())
    }
}

const WHEN_CLOSED: &str = "replan: WhenClosed";

/// The hour of the only delivery, and whether the shipment took another way.
fn delivery(world: &World) -> (f64, bool) {
    let watched = world.watch();
    let [(_, _, at)] = watched.seen.delivered[..] else { panic!("{:?}", watched.seen.delivered) };
    (at, watched.outcome.flows.as_slice()[0].replanned == 1)
}

/// Hours of a category in the stages of one name.
fn hours(watched: &Watched, stage: &str, category: Category) -> i64 {
    let stages =
        watched.model.stages.iter().zip(&watched.outcome.stages).filter(|(params, _)| params.name == stage);
    stages.map(|(_, record)| record.categories[category as usize]).sum::<i64>() / HOUR
}

#[test]
fn a_border_closes_while_the_train_is_between_two_hubs() {
    // The box comes to the hub at 34 h; the south train leaves at 37 h.
    assert_eq!(delivery(&World::new(WHEN_CLOSED, &[("north", 30, 100)])), (57.0, true));
    // It is late whatever comes: the trains of 36, 60 and 84 h leave at 100 h.
    assert_eq!(delivery(&World::new("replan: Never", &[("north", 30, 100)])), (110.0, false));
    // Over before it comes, or at the very instant: changes come before decisions.
    assert_eq!(delivery(&World::new(WHEN_CLOSED, &[("north", 26, 33)])), (46.0, false));
    assert_eq!(delivery(&World::new(WHEN_CLOSED, &[("north", 26, 34)])), (46.0, false));
    assert_eq!(delivery(&World::new(WHEN_CLOSED, &[("north", 34, 100)])), (57.0, true));
    // What lies behind it does not count.
    assert_eq!(delivery(&World::new(WHEN_CLOSED, &[("feeder", 30, 100)])), (46.0, false));
    // Nor does a way that is closed as well.
    assert_eq!(delivery(&World::new(WHEN_CLOSED, &[("north", 30, 40), ("south", 30, 100)])), (50.0, false));
}

#[test]
fn a_border_closes_while_the_shipment_waits_in_the_yard() {
    let world = World::new(WHEN_CLOSED, &[("north", 35, 100)]);
    assert_eq!(delivery(&world), (57.0, true));
    let watched = world.watch();
    // An hour in the yard of the north, two in that of the south; the stage of the north ends with the hour.
    assert_eq!(hours(&watched, "north", Category::Timetable), 1);
    assert_eq!(hours(&watched, "south", Category::Timetable), 2);
    assert_eq!(hours(&watched, "south", Category::Moving), 20);
    let services: BTreeMap<&str, _> = watched
        .model
        .services
        .iter()
        .map(|params| params.name.as_str())
        .zip(&watched.outcome.services)
        .collect();
    assert_eq!((services["north"].waiting_time, services["south"].waiting_time), (HOUR, 2 * HOUR));
    assert_eq!((services["north"].wait.count(), services["south"].wait.count()), (0, 1));
    // Closed as the train leaves: changes come before departures.
    assert_eq!(delivery(&World::new(WHEN_CLOSED, &[("north", 36, 100)])), (57.0, true));
    // It has left.
    assert_eq!(delivery(&World::new(WHEN_CLOSED, &[("north", 37, 100)])), (46.0, false));
    assert_eq!(delivery(&World::new("replan: Never", &[("north", 35, 100)])), (110.0, false));
}

#[test]
fn closed_and_open_again() {
    // It keeps to its second way, once taken, though the first opens again and the second closes.
    let closed = [("north", 30, 36), ("south", 35, 80)];
    assert_eq!(delivery(&World::new(WHEN_CLOSED, &closed)), (100.0, true));
    // Both are closed; the south opens at 50 h. Until 36 h the box waits for the timetable, then it is held.
    let world = World::new(WHEN_CLOSED, &[("north", 30, 100), ("south", 30, 50)]);
    assert_eq!(delivery(&world), (81.0, true));
    let watched = world.watch();
    assert_eq!(hours(&watched, "north", Category::Timetable), 2);
    assert_eq!(hours(&watched, "north", Category::Disruption), 14);
    assert_eq!(hours(&watched, "south", Category::Timetable), 11);
}

#[test]
fn at_hubs_the_quicker_way_is_taken() {
    let by_shares = |policy: &str, way: &str| {
        let (north, south) = if way == "north" { (1, 0) } else { (0, 1) };
        World::new("", &[])
            .text()
            .replace("times: [\"1h\"]), ,", &format!("times: [\"1h\"]), {policy},"))
            .replace(r#""north": (steps"#, &format!(r#""north": (share: {north}, steps"#))
            .replace(r#""south": (steps"#, &format!(r#""south": (share: {south}, steps"#))
    };
    let delivered = |text: &str| {
        let watched = watch(text);
        (watched.seen.delivered[0].2, watched.outcome.flows.as_slice()[0].replanned)
    };
    assert_eq!(delivered(&by_shares("replan: Never", "south")), (57.0, 0));
    assert_eq!(delivered(&by_shares("replan: AtHubs", "south")), (46.0, 1));
    assert_eq!(delivered(&by_shares("replan: AtHubs", "north")), (46.0, 0));
    // By the south it is expected to take 12 + 10 + 12 + 20 = 54 h. At 34 h, after 33 h, 32 h are left: it is 11 h late.
    assert_eq!(delivered(&by_shares(r#"replan: WhenLate(by: "10h")"#, "south")), (46.0, 1));
    assert_eq!(delivered(&by_shares(r#"replan: WhenLate(by: "11h")"#, "south")), (57.0, 0));
    // The north is the quicker way even if it is late.
    assert_eq!(delivered(&by_shares(r#"replan: WhenLate(by: "0h")"#, "north")), (46.0, 0));
}

#[test]
fn a_switched_shipment_pays_for_what_it_used() {
    let mut world = World::new(WHEN_CLOSED, &[("north", 35, 100)]);
    // Handling at the hub is the same on both ways and done once; on the way by the south one more follows.
    world.at_hub = [
        r#"Work(id: "lift", resource: "crane", time: "30min"), Choose([(share: 1, steps: [Charge(fee: "11 CNY/shipment")])]),"#,
        r#"Work(id: "lift", resource: "crane", time: "30min"), Work(id: "turn", resource: "crane", time: "90min"),"#,
    ];
    let results = results_of(&world.text());
    // Lifted until 34:30; from the closure at 35 h on turned until 36:30, for the south train of 37 h.
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 56.0);
    // What chance makes it pay at the hub before it leaves its way belongs to its new way.
    check_exactly(&results, "flows.boxes.cost.per_shipment", 100.0 + 7.0 + 11.0 + 7.0 + 500.0);
    check_exactly(&results, "flows.boxes.replanned_share", 1.0);
    let way = "flows.boxes.itineraries.north--at-hub--south";
    check_exactly(&results, &format!("{way}.share"), 1.0);
    check_exactly(&results, &format!("{way}.cost.per_shipment"), 625.0);
    check_exactly(&results, "flows.boxes.itineraries.north.share", 0.0);
    assert!(results.routes["boxes"].contains_key("north--at-hub--south"));
    // The other way round nobody went: it is not in the results.
    assert!(!results.metrics.keys().any(|path| path.contains("south--at-hub--north")));
    assert!(!results.routes["boxes"].contains_key("south--at-hub--north"));
}

#[test]
fn what_cannot_be_re_planned_is_refused() {
    let refusal = |text: &str| {
        load_model_text("test.ron", text, &[]).err().map(|failure| failure.to_string()).unwrap_or_default()
    };
    let world = World::new(WHEN_CLOSED, &[]).text();
    let only = world.replace(r#""south": (steps: [Ride(service: "feeder"),  Ride(service: "south")]),"#, "");
    assert!(
        refusal(&only).contains("flow `boxes` has only one way, so it cannot re-plan"),
        "{}",
        refusal(&only)
    );
    let nested = world.replace(r#"Ride(service: "south")]"#, r#"Parallel([[Ride(service: "south")]])]"#);
    let said = refusal(&nested);
    assert!(said.contains("its ways share no hub") && said.contains("board at no hub"), "{said}");
}

/// A train of the independent simulation: first departure, period, cut-off and running time, and when it is closed.
struct Train {
    offset: i64,
    period: i64,
    cutoff: i64,
    run: i64,
    closed: Vec<(i64, i64)>,
}

impl Train {
    fn throw(dice: &mut Dice) -> Self {
        let mut closed = Vec::new();
        let mut at = 0;
        while dice.percent(70) && at < 200 {
            let from = at + dice.whole(1, 60) as i64;
            at = from + dice.whole(1, 60) as i64;
            closed.push((from, at));
        }
        let even = |dice: &mut Dice, most| 2 * dice.whole(1, most) as i64;
        Self {
            offset: dice.whole(0, 12) as i64,
            period: even(dice, 15),
            cutoff: dice.whole(0, 5) as i64,
            run: dice.whole(1, 40) as i64,
            closed,
        }
    }

    /// The closure in force at an instant ends then.
    fn closed_until(&self, at: i64) -> Option<i64> {
        self.closed.iter().find(|&&(from, to)| from <= at && at < to).map(|&(_, to)| to)
    }

    /// When a shipment leaves that is ready at an instant.
    fn leaves(&self, ready: i64) -> i64 {
        let mut at = self.offset;
        while at - self.cutoff < ready {
            at += self.period;
        }
        self.closed_until(at).unwrap_or(at)
    }

    fn expected(&self) -> i64 {
        self.period / 2 + self.cutoff + self.run
    }

    fn text(&self, name: &str, stops: &str) -> String {
        format!(
            r#""{name}": (mode: Rail, stops: [{stops}], departs: Every(period: "{}h", offset: "{}h"), cutoff: "{}h", capacity: Unlimited, running: ["{}h"]),"#,
            self.period, self.offset, self.cutoff, self.run
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Policy {
    Never,
    WhenClosed,
    AtHubs,
    WhenLate(i64),
}

/// The way and the ready time that a shipment has at last, which came to the hub at an instant.
fn way_on(
    policy: Policy,
    ways: [&Train; 2],
    (released, whole): (i64, i64),
    own: usize,
    came: i64,
) -> (usize, i64) {
    let other = 1 - own;
    let decides = |at: i64| {
        let (is_own_open, is_other_open) =
            (ways[own].closed_until(at).is_none(), ways[other].closed_until(at).is_none());
        let seeks = match policy {
            Policy::Never => false,
            Policy::WhenClosed => !is_own_open,
            Policy::AtHubs => true,
            Policy::WhenLate(by) => at - released + ways[own].expected() > whole + by,
        };
        seeks && is_other_open && (!is_own_open || ways[other].expected() < ways[own].expected())
    };
    if decides(came) {
        return (other, came);
    }
    let leaves = ways[own].leaves(came);
    let changes = ways.iter().flat_map(|way| way.closed.iter().flat_map(|&(from, to)| [from, to]));
    let mut changes: Vec<i64> = changes.filter(|&at| came < at && at <= leaves).collect();
    changes.sort_unstable();
    let switches_at = changes.into_iter().find(|&at| ways[own].closed_until(at).is_some() && decides(at));
    switches_at.map_or((own, came), |at| (other, at))
}

#[derive(Default)]
struct Seen {
    delivered: BTreeMap<(String, u64), i64>,
    replanned: Vec<(String, u64)>,
    names: Vec<String>,
}

impl Observer for Seen {
    fn delivered(&mut self, at: &Delivery) {
        self.delivered.insert((self.names[at.flow.index()].clone(), at.number), at.delivered_at);
    }

    fn replanned(&mut self, at: &Replanned) {
        self.replanned.push((self.names[at.flow.index()].clone(), at.number));
    }
}

#[test]
fn every_delivery_is_as_an_independent_simulation_foresees() {
    let mut n_replanned = BTreeMap::new();
    for number in 0..300 {
        let mut dice = Dice::new(number);
        let feeder = Train { closed: Vec::new(), ..Train::throw(&mut dice) };
        let ways = [Train::throw(&mut dice), Train::throw(&mut dice)];
        let by = dice.whole(0, 40) as i64;
        let policies = [
            ("never", Policy::Never),
            ("closed", Policy::WhenClosed),
            ("hubs", Policy::AtHubs),
            ("late", Policy::WhenLate(by)),
        ];
        let mut times: Vec<i64> = (0..12).map(|_| dice.whole(0, 220) as i64).collect();
        times.sort_unstable();
        let mut flows = Vec::new();
        for (name, policy) in policies {
            let policy = match policy {
                Policy::WhenLate(by) => format!(r#"WhenLate(by: "{by}h")"#),
                other => format!("{other:?}"),
            };
            let list: Vec<_> = times.iter().map(|at| format!(r#""{at}h""#)).collect();
            for own in 0..2 {
                flows.push(format!(
                    r#""{name}-{own}": (arrivals: At(times: [{}]), replan: {policy}, itineraries: {{
                        "a": (share: {}, steps: [Ride(service: "feeder"), Ride(service: "a")]),
                        "b": (share: {}, steps: [Ride(service: "feeder"), Ride(service: "b")]),
                    }}),"#,
                    list.join(","),
                    1 - own,
                    own
                ));
            }
        }
        let flows = flows.concat();
        // Closures begin and end within January.
        let date = |hour: i64| format!("2025-01-{:02}T{:02}:00", 1 + hour / 24, hour % 24);
        let closures = |name: &str, train: &Train| {
            let spans: Vec<_> = train
                .closed
                .iter()
                .map(|&(from, to)| format!(r#"(from: "{}", to: "{}")"#, date(from), date(to)))
                .collect();
            if spans.is_empty() {
                return String::new();
            }
            format!(
                r#""closed-{name}": (targets: [Service("{name}")], when: Dated([{}]), effect: Close),"#,
                spans.join(",")
            )
        };
        let text = format!(
            r#"(
    schema: 1, name: "random", start: "2025-01-01T00:00[UTC]", run: (measure: "10d", drain: "90d", replications: 1),
    nodes: {{ "origin": (), "hub": (), "end": () }},
    services: {{ {} {} {} }},
    flows: {{ {flows} }},
    disruptions: {{ {} {} }},
)"#,
            feeder.text("feeder", r#""origin", "hub""#),
            ways[0].text("a", r#""hub", "end""#),
            ways[1].text("b", r#""hub", "end""#),
            closures("a", &ways[0]),
            closures("b", &ways[1]),
        );
        let model = compiled(&text).model;
        let names = model.flows.iter().map(|flow| flow.name.clone()).collect();
        let (outcome, seen) =
            replicate_observed(&model, number, 0, Seen { names, ..Seen::default() }).expect("a sound run");
        for (name, policy) in policies {
            for own in 0..2 {
                let flow = format!("{name}-{own}");
                let mut switched = 0;
                for (shipment, &released) in (0..).zip(&times) {
                    let came = feeder.leaves(released) + feeder.run;
                    let whole = feeder.expected() + ways[own].expected();
                    let (way, ready) = way_on(policy, [&ways[0], &ways[1]], (released, whole), own, came);
                    let foreseen = ways[way].leaves(ready) + ways[way].run;
                    let delivered =
                        seen.delivered.get(&(flow.clone(), shipment)).map(|at| *at as f64 / HOUR as f64);
                    assert_eq!(
                        delivered,
                        Some(foreseen as f64),
                        "{flow}/{shipment} of number {number}\n{text}"
                    );
                    switched += u64::from(way != own);
                }
                let told = seen.replanned.iter().filter(|(name, _)| *name == flow).count() as u64;
                let place = model.flows.iter().position(|params| params.name == flow).expect("a flow");
                let counted = outcome.flows.as_slice()[place].replanned;
                assert_eq!((told, counted), (switched, switched), "{flow} of number {number}");
                *n_replanned.entry(name).or_insert(0) += switched;
            }
        }
        // Ahead of the clock and in the order of time it comes to the same.
        events_saved("random", &model, number);
    }
    assert_eq!(n_replanned["never"], 0);
    for policy in ["closed", "hubs", "late"] {
        assert!(n_replanned[policy] > 100, "{n_replanned:?}");
    }
}

/// Full trains, split shipments, trains that leave when full, cancelled ones, a common line, bookings and a queue at the hub: nothing is
/// lost, categories add up, what is booked is what shipments have booked, and the order of time changes nothing. Broken invariants fail a
/// replication.
#[test]
fn nothing_is_lost_on_the_way_to_another_way() {
    let mut n_replanned = 0;
    for number in 0..60 {
        let mut dice = Dice::new(1000 + number);
        let departs = |dice: &mut Dice| match dice.whole(0, 2) {
            0 => format!(r#"Every(period: "{}h", offset: "{}h")"#, dice.whole(6, 30), dice.whole(0, 9)),
            1 => format!(r#"Headway(Exponential(mean: "{}h"))"#, dice.whole(6, 30)),
            _ => format!(r#"WhenFull(longest_wait: "{}h")"#, dice.whole(10, 40)),
        };
        let train = |dice: &mut Dice, may_fill: bool| {
            let departs = loop {
                let departs = departs(dice);
                if may_fill || !departs.starts_with("WhenFull") {
                    break departs;
                }
            };
            let split = dice.maybe(40, |_| "split: true,".to_owned());
            let cancelled = dice.maybe(20, |_| "cancelled: \"10%\",".to_owned());
            let cancelled = if departs.starts_with("WhenFull") { String::new() } else { cancelled };
            format!(
                r#"stops: ["hub", "end"], mode: Rail, departs: {departs}, {split} {cancelled} capacity: "{} TEU", cutoff: "{}h", running: [Exponential(mean: "9h")]"#,
                dice.whole(4, 12),
                if departs.starts_with("WhenFull") { 0 } else { dice.whole(0, 4) },
            )
        };
        let sees_queue = dice.percent(50);
        let [a, b] = [train(&mut dice, !sees_queue), train(&mut dice, !sees_queue)];
        let closure = |dice: &mut Dice, service: &str| {
            format!(
                r#""closed-{service}": (targets: [Service("{service}")], when: Random(up: Exponential(mean: "{}h"), down: Exponential(mean: "{}h")), effect: {}),"#,
                dice.whole(20, 80),
                dice.whole(5, 50),
                dice.one(&["Close", "Close", "Cancel"]),
            )
        };
        let disruptions = closure(&mut dice, "a") + &closure(&mut dice, "b");
        let mut flows = Vec::new();
        for policy in ["WhenClosed", "AtHubs", r#"WhenLate(by: "5h")"#] {
            let sees = if sees_queue { "sees: Queue," } else { "" };
            let second = if dice.percent(30)
                && !sees_queue
                && !format!("{a}{b}").contains("WhenFull")
                && !format!("{a}{b}").contains("split")
            {
                r#"Ride(service: ["a", "c"])"#
            } else {
                r#"Ride(service: "a")"#
            };
            flows.push(format!(
                r#""flow-{}": (arrivals: Poisson(mean: 1, per: "9h"), size: "3 TEU", units: 3, replan: {policy}, {sees} itineraries: {{
                    "a": (share: 0.5, steps: [Ride(service: "feeder"), Work(resource: "crane", time: Exponential(mean: "2h")), {second}]),
                    "b": (share: 0.5, steps: [Ride(service: "feeder"), Work(resource: "crane", time: Exponential(mean: "2h")), Ride(service: "b"), Delay(time: "1h")]),
                }}),"#,
                ["closed", "hubs", "late"][flows.len()],
            ));
        }
        let flows = flows.concat();
        let text = format!(
            r#"(
    schema: 1, name: "random", start: "2025-01-01T00:00[UTC]",
    run: (warm_up: "5d", measure: "20d", drain: "200d", replications: 1, arrivals_until: MeasureEnd),
    nodes: {{ "origin": (), "hub": (), "end": () }},
    resources: {{ "crane": (at: "hub", servers: 2) }},
    services: {{
        "feeder": (mode: Rail, stops: ["origin", "hub"], departs: Every(period: "12h"), capacity: "30 TEU", running: [Exponential(mean: "8h")]),
        "a": ({a}), "b": ({b}),
        "c": (mode: Rail, stops: ["hub", "end"], departs: Every(period: "40h"), capacity: "12 TEU", running: ["20h"]),
    }},
    flows: {{ {flows} "other": (arrivals: Poisson(mean: 1, per: "30h"), size: "1 TEU", steps: [Ride(service: "c")]) }},
    disruptions: {{ {disruptions} }},
)"#
        );
        let model = compiled(&text).model;
        events_saved(&text, &model, number);
        let outcome = sanda_core::replicate(&model, 3, number)
            .unwrap_or_else(|violation| panic!("{violation}\n{text}"));
        for (flow, record) in model.flows.iter().zip(&outcome.flows) {
            assert_eq!(record.released, record.delivered + record.under_way(), "{}\n{text}", flow.name);
            n_replanned += record.replanned;
        }
        // Whoever is through came by one itinerary.
        let chosen: u64 = outcome.itineraries.iter().map(|record| record.chosen).sum();
        assert_eq!(chosen, outcome.flows.iter().map(|record| record.released).sum::<u64>());
    }
    assert!(n_replanned > 500, "{n_replanned}");
}
