//! What must hold between the parts of a scenario.

use insta::assert_snapshot;

use crate::world::{brief, good, world};

#[test]
fn counts_that_must_agree() {
    assert_snapshot!(brief(&[
        ("running: [\"10h\"]", "running: [], dwell: [\"1h\"], planned: [\"9h\", \"8h\"], distance: [\"1 km\", \"2 km\"]"),
    ]), @r#"
    services.train.running: `running` has 0 items, but 1 is due | expected 1 item: one for each leg
    services.train.dwell: `dwell` has 1 item, but 0 are due | expected 0 items: one for each stop between the first and the last
    services.train.planned: `planned` has 2 items, but 1 is due | expected 1 item: one for each stop after the first
    services.train.planned: a planned arrival is earlier than the one before | expected times from the departure on, each after the one before
    services.train.distance: `distance` has 2 items, but 1 is due | expected 1 item: one for each leg
    "#);
    assert_snapshot!(brief(&[("stops: [\"yard\", \"away\"]", "stops: [\"yard\"]"), ("running: [\"10h\"]", "running: []")]), @"services.train.stops: service `train` has fewer than two stops | expected two stops at least");
    assert_snapshot!(brief(&[("stops: [\"yard\", \"away\"]", "stops: [\"yard\", \"yard\"]")]), @"services.train.stops[1]: `yard` is called at twice in a row | expected another node");
}

#[test]
fn timetables_that_never_run_or_cannot_be_read() {
    assert_snapshot!(brief(&[("Every(period: \"24h\")", "Weekly([])")]), @r#"services.train.departs: a timetable without departures | expected times such as "Wed 10:20""#);
    assert_snapshot!(brief(&[("Every(period: \"24h\")", "Weekly([\"Mon 25:00\", \"Wedn 10:20\", \"10:20\"])")]), @r#"
    services.train.departs[0]: `25:00` is not a time of day: expected HH:MM from 00:00 to 23:59 | expected a time such as "Wed 10:20" | did you mean `Tue 01:00`?
    services.train.departs[1]: `Wedn` is not a weekday: expected `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat` or `Sun` | expected a time such as "Wed 10:20" | did you mean `Wed`?
    services.train.departs[2]: `10:20` is not a weekly time: expected weekdays and a time of day | expected a time such as "Wed 10:20" | write for example `Wed 10:20`
    "#);
    assert_snapshot!(brief(&[("Every(period: \"24h\")", "Dates([\"2025-02-30T10:00\"])")]), @r#"services.train.departs[0]: `2025-02-30` is not in the calendar: expected a date from 1900-01-01 to 2199-12-31 | expected a local date and time, such as "2025-03-01T10:20""#);
    assert_snapshot!(brief(&[("Every(period: \"24h\")", "Headway(\"0h\")")]), @"services.train.departs: always zero | expected more than zero: else departures never end");
    assert_snapshot!(brief(&[("mode: Rail", "mode: Rail, cancelled: 1")]), @"services.train.cancelled: every departure is cancelled | expected `cancelled` below 1");
    assert_snapshot!(brief(&[("mode: Rail", "mode: Rail, cancelled: Runs(share: 0.1, mean_length: 0.5)")]), @"services.train.cancelled.mean_length: a run of cancellations has one departure at least | expected 1 or more");
}

#[test]
fn capacities_that_are_none_or_do_not_fit() {
    assert_snapshot!(brief(&[("\"10 TEU\"", "\"0 TEU\"")]), @"services.train.capacity: a capacity of zero | expected more than zero");
    assert_snapshot!(brief(&[("\"10 TEU\"", "\"10 TEU\", background: \"3 t\"")]), @"services.train.background: counted in mass, but the capacity in TEU | expected TEU");
    assert_snapshot!(brief(&[("\"10 TEU\"", "Unlimited"), ("Every(period: \"24h\")", "WhenFull()")]), @"services.train.departs: an unlimited service is never full and never departs | expected `quantity` or `longest_wait`");
    assert_snapshot!(brief(&[("Every(period: \"24h\")", "WhenFull(quantity: \"3 shipments\")")]), @"services.train.departs.quantity: counted in shipments, but the capacity in TEU | expected TEU");
}

#[test]
fn fleets_units_and_seasons_that_make_no_sense() {
    let service = |said: &str| brief(&[("\"10 TEU\"", said)]);
    assert_snapshot!(service("\"10 shipments\", split: true"), @"services.train.split: the capacity counts whole shipments, so there is nothing to split | expected a capacity in TEU, t or units, or no `split`");
    assert_snapshot!(service("Unlimited, split: true"), @"services.train.split: the capacity is unlimited, so there is nothing to split | expected a capacity in TEU, t or units, or no `split`");
    assert_snapshot!(service("\"10 TEU\", fleet: 0"), @"services.train.fleet: `0` is not greater than zero | expected more than zero");
    assert_snapshot!(service("\"10 TEU\", turnaround: \"3h\""), @"services.train.turnaround: a turnaround without a fleet | expected a `fleet`, or no `turnaround`");
    assert_snapshot!(service("\"10 TEU\", background: Uniform(min: \"10 TEU\", max: \"12 TEU\")"), @"services.train.background: background traffic always takes the whole capacity | expected less than the capacity, at least at times");
    assert_snapshot!(service("Unlimited, background: \"3 TEU\""), @"services.train.background: background traffic on a service of unlimited capacity | expected no `background`, or a `capacity`");
    assert_snapshot!(service("Seasonal(load: \"10 TEU\", month: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1])"), @"services.train.capacity.month: a factor is negative | expected factors of 0 or more");
    assert_snapshot!(service("Seasonal(load: \"10 TEU\", month: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])"), @"services.train.capacity.month: all factors are zero | expected at least one above zero");
    assert_snapshot!(service("Seasonal(load: \"0 TEU\", month: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])"), @"services.train.capacity.load: always zero | expected more than zero: else nothing ever boards");
    assert_snapshot!(brief(&[("arrivals: Poisson", "units: 0, arrivals: Poisson")]), @"flows.boxes.units: always zero | expected more than zero: a shipment is one unit at least");
    let truck = "connections: { \"truck\": (from: \"yard\", to: \"away\", time: \"3h\", return_time: \"2h\") },\n    promises:";
    assert_snapshot!(brief(&[("promises:", truck)]), @"connections.truck.return_time: a return time without a fleet | expected a `fleet`, or no `return_time`");
    good(&world(&[(
        "\"10 TEU\"",
        "Seasonal(load: \"10 TEU\", month: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]), fleet: 3, turnaround: \"1d\", split: true, slip: \"1h\"",
    )]));
}

#[test]
fn opening_hours_are_read() {
    let open = |hours: &str| brief(&[("servers: 2", &format!("servers: 2, open: {hours}"))]);
    assert_snapshot!(open("Daily(\"8 to 6\")"), @r#"resources.crane.open: `8 to 6` is not an opening time: expected weekdays, opening and closing | expected hours such as "08:00-18:00""#);
    assert_snapshot!(open("Weekly([\"Mon-Fri 08:00-18:00\", \"Sun 08:00\"])"), @r#"resources.crane.open[1]: `Sun 08:00` is not an opening time: expected weekdays, opening and closing | expected hours such as "Mon-Fri 08:00-18:00" | write for example `Mon-Fri 08:00-18:00`"#);
    assert_snapshot!(open("Hours(weekly: [\"Mo 08:00-09:00\"], closed: [\"2025-02-04..2025-01-28\"])"), @"resources.crane.open.closed[0]: the days `2025-02-04..2025-01-28` end before they begin | expected the earlier day first");
    assert_snapshot!(open("Calendar(\"office\")"), @"resources.crane.open: there is no calendar `office` | the scenario has no calendars");
    good(&world(&[("servers: 2", "servers: 2, open: Daily(\"22:00-06:00\")")]));
}

#[test]
fn steps_refer_to_what_exists() {
    let steps = |steps: &str| brief(&[("Ride(service: \"train\"),", steps)]);
    assert_snapshot!(steps("Ride(service: \"tarin\")"), @"flows.boxes.steps[1].service: there is no service `tarin` | expected `train` | did you mean `train`?");
    assert_snapshot!(steps("Ride(service: \"train\", from: \"away\", to: \"yard\")"), @"flows.boxes.steps[1]: service `train` does not go that way | expected a stop where it boards and a later one where it leaves");
    assert_snapshot!(steps("Ride(service: \"train\", from: \"gate\")"), @"flows.boxes.steps[1].from: service `train` does not call at `gate` | expected one of `yard`, `away`");
    assert_snapshot!(steps("Hold(resource: \"crane\", steps: [Haul(\"truck\"), Procedure(\"papers\")])"), @r#"
    flows.boxes.steps[1].steps[0]: there is no connection `truck` | the scenario has no connections
    flows.boxes.steps[1].steps[1]: there is no procedure `papers` | the scenario has no procedures
    "#);
    assert_snapshot!(steps("Choose([(share: 0.7, steps: []), (share: 0.4, steps: [Work(resource: \"x\", time: \"1h\")])])"), @r#"
    flows.boxes.steps[1]: the shares of the cases sum to 1.1 | expected a sum of 1 at most
    flows.boxes.steps[1][1].steps[0].resource: there is no resource `x` | expected `crane`
    "#);
    assert_snapshot!(steps("Repeat(share: 1, steps: [])"), @"flows.boxes.steps[1].share: the steps are repeated without end | expected less than 1, or `at_most`");
    assert_snapshot!(steps("Delay(time: \"1h\", per: Tonne)"), @r#"flows.boxes: a step counts tonnes, but flow `boxes` has no `mass` | expected `mass`, such as "14 t""#);
    assert_snapshot!(steps("Gate(open: Calendar(\"x\"), at: \"y\")"), @r#"
    flows.boxes.steps[1].open: there is no calendar `x` | the scenario has no calendars
    flows.boxes.steps[1].at: there is no node `y` | expected one of `away`, `yard`
    "#);
    assert_snapshot!(steps("Parallel([])"), @"flows.boxes.steps[1]: no branches | expected lists of steps `[[...], [...]]`");
}

#[test]
fn regimes_and_their_waits_agree() {
    let regimes =
        "regimes: { \"west\": (persistence: 0.9, states: { \"calm\": 0.7, \"busy\": 0.2 }) },\n    promises:";
    let step = "Regime(regime: \"west\", times: { \"clam\": \"1h\", \"busy\": \"2h\" })";
    assert_snapshot!(brief(&[("promises:", regimes), ("Ride(service: \"train\"),", step)]), @r#"
    flows.boxes.steps[1].times: no wait is given for `calm` | expected one for each state of `west`
    flows.boxes.steps[1].times: regime `west` has no state `clam` | expected one of `busy`, `calm` | did you mean `calm`?
    regimes.west.states: the long-run shares sum to 0.9 | expected a sum of 1
    "#);
}

#[test]
fn procedures_do_not_come_back_to_themselves() {
    let procedures = r#"procedures: {
        "a": (steps: [Inspect(share: 0.5, steps: [Procedure("b")])]),
        "b": (steps: [Procedure("c")]),
        "c": (turn: Origin, steps: [Procedure("a")]),
    },
    promises:"#;
    assert_snapshot!(brief(&[("promises:", procedures)]), @r#"
    procedures.c: procedure `c` has a turn, but no node | expected `at`, the node where it applies by itself
    procedures.c: the procedure calls itself: a -> b -> c -> a | this closes the cycle | to do steps again, use `Repeat`
    "#);
}

#[test]
fn ways_and_their_choice_agree() {
    let steps = "steps: [\n                Work(resource: \"crane\", time: Exponential(mean: \"30min\")),\n                Ride(service: \"train\"),\n            ],";
    let way = |way: &str| brief(&[(steps, &format!("from: \"yard\", to: \"away\", {way},"))]);
    assert_snapshot!(brief(&[(steps, &format!("{steps} choice: Fastest, ways: 2, when_closed: Reroute,"))]), @r#"
    flows.boxes: flow `boxes` has `steps`, so `ways` has no effect | expected `from` and `to` instead of `steps`, for a way to be searched
    flows.boxes: flow `boxes` has `steps`, so `choice` has no effect | expected `from` and `to` instead of `steps`, for a way to be searched
    flows.boxes.when_closed: flow `boxes` has only one way, so it cannot take another | expected more `ways` or `itineraries`, or `Wait`
    "#);
    assert_snapshot!(way("ways: 1, when_closed: Reroute"), @"flows.boxes.when_closed: flow `boxes` has only one way, so it cannot take another | expected more `ways` or `itineraries`, or `Wait`");
    assert_snapshot!(way("via: [\"train\", \"trian\"]"), @"flows.boxes.via[1]: there is no node, service or connection `trian` | expected a node, service or connection | did you mean `train`?");
    assert_snapshot!(way("choice: Logit(time: -1, cost: -0.5)"), @r#"
    flows.boxes.choice.time: a weight is negative | expected 0 or more: a larger weight makes a worse way less likely
    flows.boxes.choice.cost: a weight is negative | expected 0 or more: a larger weight makes a worse way less likely
    "#);
    assert_snapshot!(way("choice: Shares"), @"flows.boxes.choice: flow `boxes` chooses by shares, but has none | expected itineraries with a `share` each");
    assert_snapshot!(way("ways: 3, via: [\"away\"], choice: Fastest, itineraries: { \"a\": (share: 1), \"b\": (share: 0, from: \"x\", steps: []) }"), @r#"
    flows.boxes: flow `boxes` has `itineraries`, so `via` has no effect | expected no such field: each itinerary is one way
    flows.boxes: flow `boxes` has `itineraries`, so `ways` has no effect | expected no such field: each itinerary is one way
    flows.boxes.choice: flow `boxes` does not choose by the shares it has | expected `Shares`, or itineraries without `share`
    flows.boxes.itineraries.b: an itinerary has `steps` or ends of its own, not both | expected one of the two
    flows.boxes.itineraries.b.from: there is no node `x` | expected one of `away`, `yard`
    "#);
    good(&world(&[(
        steps,
        "from: \"yard\", to: \"away\", via: [\"train\"], choice: Logit(time: 0.1), when_closed: Reroute,",
    )]));
}

#[test]
fn turns_name_nodes_that_exist() {
    let procedures = r#"procedures: {
        "a": (at: ["yard", "gate"], turn: Transfer(from: Rail, to: [Road, Sea]), steps: []),
        "b": (at: "door", turn: Border(from: "yard", to: "x"), steps: []),
    },
    promises:"#;
    assert_snapshot!(brief(&[("promises:", procedures)]), @r#"
    procedures.a.at[1]: there is no node `gate` | expected one of `away`, `yard`
    procedures.b.at: there is no node `door` | expected one of `away`, `yard`
    procedures.b.turn.to: there is no node `x` | expected one of `away`, `yard`
    "#);
}

#[test]
fn a_flow_has_exactly_one_way() {
    let arrivals = "arrivals: Poisson(mean: 8, per: \"24h\"),";
    let flow = |more: &str| brief(&[(arrivals, &format!("{arrivals} {more}"))]);
    assert_snapshot!(flow("itineraries: { \"a\": (steps: []) },"), @"flows.boxes: flow `boxes` has both `steps` and `itineraries` | expected one of the two");
    assert_snapshot!(flow("from: \"yrad\", via: [\"away\"],"), @r#"
    flows.boxes: flow `boxes` has `steps`, so `via` has no effect | expected `from` and `to` instead of `steps`, for a way to be searched
    flows.boxes.from: there is no node `yrad` | expected one of `away`, `yard` | did you mean `yard`?
    "#);
    assert_snapshot!(brief(&[("steps: [\n", "mass: \"1 t\", itineraries: { \"a\": (via: [\"away\"], share: 0.5, steps: []), \"b\": (), \"c\": (share: 0.2, steps: [\n"),
        ("Ride(service: \"train\"),\n            ],", "Ride(service: \"train\")]) },")]), @"
    flows.boxes.itineraries: some itineraries of flow `boxes` have no share: `b` | expected a share for each, or for none
    flows.boxes.itineraries.a: an itinerary has `steps` or `via`, not both | expected one of the two
    flows.boxes.itineraries.b: itinerary `b` has no way | expected `steps`, or `from` and `to` of the flow
    ");
    assert_snapshot!(brief(&[("steps: [\n", "itineraries: { \"a\": (share: 0.5, steps: []), \"c\": (share: 0.2, steps: [\n"),
        ("Ride(service: \"train\"),\n            ],", "Ride(service: \"train\")]) },")]), @"flows.boxes.itineraries: the shares of the itineraries sum to 0.7 | expected a sum of 1");
}

#[test]
fn arrivals_come_at_all() {
    let arrivals = |arrivals: &str| brief(&[("Poisson(mean: 8, per: \"24h\")", arrivals)]);
    assert_snapshot!(arrivals("Poisson(mean: 0, per: \"24h\")"), @"flows.boxes.arrivals.mean: `0` is not greater than zero | expected more than zero");
    assert_snapshot!(arrivals("Renewal(gap: \"0h\", batch: 0)"), @r#"
    flows.boxes.arrivals.gap: always zero | expected more than zero: else arrivals never end
    flows.boxes.arrivals.batch: always zero | expected more than zero: else nothing ever comes
    "#);
    assert_snapshot!(arrivals("Volume(per_year: \"420 kt\")"), @"flows.boxes.arrivals.per_year: the volume counts mass, which shipments have none of | expected `mass` of flow `boxes` greater than zero");
    assert_snapshot!(arrivals("Poisson(mean: 1, per: \"1h\", profile: (weekday: [1, 1, 1, 1, 1, -1, 0], hour: [1, 2], dates: { \"2025-01-40\": 1 }))"), @r#"
    flows.boxes.arrivals.profile.hour: expected 24 items, found 2 | expected a list of 24
    flows.boxes.arrivals.profile.dates.2025-01-40: `2025-01-40` is not in the calendar: expected a date from 1900-01-01 to 2199-12-31 | expected "2025-05-01" or "2025-01-28..2025-02-04"
    "#);
}

#[test]
fn promises_can_be_judged() {
    let within = |limit: &str| brief(&[("within: \"60h\"", limit)]);
    assert_snapshot!(within("within: \"200d\""), @"promises.quick.within: the run ends before promise `quick` can be judged | expected less than the drain of 120d | raise `run.drain` above the longest promise");
    assert_snapshot!(within("by_end_of_day: 120"), @"promises.quick.by_end_of_day: the run ends before promise `quick` can be judged | expected less than the drain of 120d | raise `run.drain` above the longest promise");
    assert_snapshot!(within("within: \"60h\", by_end_of_day: 3"), @"promises.quick: promise `quick` has two limits | expected one of `within` and `by_end_of_day`");
    assert_snapshot!(within("clock: \"rail\", target: 0"), @r#"
    promises.quick: promise `quick` has no limit | expected `within` or `by_end_of_day`
    promises.quick.clock: there is no clock `rail` | expected `door-to-door`
    promises.quick.target: the target share is zero | expected a share above 0
    "#);
}

#[test]
fn clocks_stop_at_marks_that_exist() {
    let clocks = "clocks: { \"c\": (from: Released, to: Mark(\"sealed\")), \"door-to-door\": (from: Departed, to: Departed) },\n    promises:";
    assert_snapshot!(brief(&[("promises:", clocks)]), @r#"
    clocks.c.to: no step marks `sealed` | expected a step `Mark("sealed")` somewhere
    clocks.door-to-door: the clock `door-to-door` is built in | expected another id
    clocks.door-to-door: clock `door-to-door` starts and stops at the same milestone | expected two milestones
    "#);
    good(&world(&[
        ("promises:", "clocks: { \"c\": (from: Released, to: Mark(\"sealed\")) },\n    promises:"),
        ("Ride(service: \"train\"),", "Mark(\"sealed\"), Ride(service: \"train\"),"),
    ]));
}

#[test]
fn connections_say_how_long_they_take() {
    let connection = |more: &str| {
        brief(&[(
            "promises:",
            &format!("connections: {{ \"truck\": (from: \"yard\", {more}) }},\n    promises:"),
        )])
    };
    assert_snapshot!(connection("to: \"away\""), @"connections.truck: connection `truck` has no time | expected `time` or `speed`");
    assert_snapshot!(connection("to: \"away\", speed: \"60 km/h\""), @"connections.truck: connection `truck` has no distance | expected `distance`, or a `position` of node `yard`");
    assert_snapshot!(connection("to: \"yard\", time: \"2h\", speed: \"60 km/h\""), @r#"
    connections.truck.to: a connection from a node to itself | expected another node
    connections.truck.speed: both `time` and `speed` are given | expected one of the two
    "#);
}

#[test]
fn disruptions_befall_what_exists() {
    let text = r#"disruptions: {
        "storm": (
            targets: [Service("tram"), Leg(service: "train", from: "away"), Passage("suez")],
            when: Dated([(from: "2025-03-02T00:00", to: "2025-03-01T00:00")]),
            effect: Capacity(-1),
        ),
    },
    promises:"#;
    assert_snapshot!(brief(&[("promises:", text)]), @r"
    disruptions.storm.targets[0]: there is no service `tram` | expected `train`
    disruptions.storm.targets[1].from: no leg of service `train` begins at `away` | expected `yard`
    disruptions.storm.targets[2]: there is no passage `suez` | the scenario has no passages
    disruptions.storm.when[0]: the disruption ends before it begins | expected a time after 2025-03-02T00:00
    disruptions.storm.effect: a factor is negative | expected 0 or more
    ");
}

#[test]
fn effects_and_seasons_of_disruptions_are_checked() {
    let text = r#"disruptions: {
        "none": (targets: [Service("train")], when: Random(up: "9d", down: "1d"), effect: []),
        "list": (targets: [Service("train")], when: Random(up: "9d", down: "1d"), effect: [Capacity(0.5), Capacity(-1)], active: no),
        "fog": (targets: [Service("train")], when: Strikes(mean: 1, per: "9d", length: "1h", profile: (month: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], weekday: [1, -1, 1, 1, 1, 1, 1])), effect: [Close, Capacity(-2)]),
    }, promises"#;
    assert_snapshot!(brief(&[("promises", text)]), @r"
    disruptions.none: disruption `none` has no effect | expected an `effect`
    disruptions.list.active: expected `true` or `false`, found `no` | expected `true` or `false`
    disruptions.fog.when.profile.month: all factors are zero | expected at least one above zero
    disruptions.fog.when.profile.weekday: a factor is negative | expected factors of 0 or more
    disruptions.fog.effect[1]: a factor is negative | expected 0 or more
    ");
}

/// The switch of a disruption is a parameter like any other, for levers and on the command line.
#[test]
fn a_lever_may_throw_the_switch_of_a_disruption() {
    let text = |options: &str| {
        format!(
            r#"disruptions: {{ "storm": (targets: [Service("train")], when: Random(up: "9d", down: "1d"), effect: Close) }},
            levers: {{ "storm": (path: "disruptions.storm.active", options: {options}) }}, promises"#
        )
    };
    good(&world(&[("promises", &text("[true, false]"))]));
    assert_snapshot!(brief(&[("promises", &text("[true, 1]"))]), @"levers.storm.options[1]: expected `true` or `false`, found the number 1 | expected `true` or `false`");
    let sets = ["disruptions.storm.active=false".to_owned()];
    let loaded = sanda_scenario::load_text("my.ron", &world(&[("promises", &text("[true]"))]), &sets);
    assert!(!loaded.unwrap().scenario.disruptions["storm"].active);
}

#[test]
fn levers_are_tried_when_read() {
    let text = r#"levers: {
        "cranes": (path: "resources.crane.servers", options: [3, 0, "many"], cost: PerUnit("1 million EUR/year")),
        "ghost": (path: "resources.carne.servers", options: [3]),
        "none": (path: "resources.crane.servers"),
        "open": (path: "resources.crane.open", options: [Always, Daily("08:00-18:00")]),
    },
    promises:"#;
    assert_snapshot!(brief(&[("promises:", text)]), @r#"
    levers.cranes.cost: there is no rate for EUR | expected `rates: { "EUR": ... }`
    levers.cranes.options[1]: `0` is not greater than zero | expected more than zero
    levers.cranes.options[2]: expected a whole number, 0 or more, found the text "many" | expected a whole number, 0 or more
    levers.ghost.path: `resources` has no `carne` | expected `crane` | did you mean `resources.crane.servers`?
    levers.none: lever `none` has no values | expected `options` or `range`
    "#);
}

#[test]
fn sources_speak_of_fields_that_exist() {
    let said = brief(&[("servers: 2", "servers: 2, sources: { \"server\": (from: \"hearsay\") }")]);
    assert_snapshot!(said, @"resources.crane: resource `crane` has no field `server` to have a source | expected the name of a field | did you mean `servers`?");
}

#[test]
fn positions_and_zones_are_on_earth() {
    let said =
        brief(&[("\"yard\": ()", "\"yard\": (zone: \"Asia/Wuhan\", position: (lat: 114.3, lon: 30.6))")]);
    assert_snapshot!(said, @r#"nodes.yard.zone: unknown time zone `Asia/Wuhan` | expected an IANA time zone, such as "Asia/Shanghai" | all of China keeps the time of `Asia/Shanghai`"#);
    assert_snapshot!(brief(&[("schema: 1,", "schema: 1, start: \"2025-01-06T00:00[Shanghai]\",")]), @r#"start: unknown time zone `Shanghai` | expected an IANA time zone, such as "Asia/Shanghai" | did you mean `Asia/Shanghai`?"#);
    assert_snapshot!(brief(&[("schema: 1,", "schema: 1, start: \"2025-01-06\",")]), @r#"start: `2025-01-06` has no time zone in brackets: expected a local date and time with its zone | expected a local time with its zone, such as "2025-01-06T00:00[Asia/Shanghai]""#);
}

#[test]
fn cargo_by_air_states_its_size() {
    let remarks = |size: &str, mode: &str| {
        let text = crate::world::world(&[("mode: Rail", mode), ("arrivals:", &format!("{size} arrivals:"))]);
        let loaded = sanda_scenario::load_model_text("my.ron", &text, &[])
            .unwrap_or_else(|failure| panic!("{failure}"));
        loaded.issues.iter().map(|issue| issue.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(remarks("", "mode: Air"), ["flow `boxes` goes by air and states no `size`"]);
    assert_eq!(remarks("size: \"1 TEU\",", "mode: Air"), Vec::<String>::new());
    assert_eq!(remarks("size: \"0 TEU\",", "mode: Air"), Vec::<String>::new());
    assert_eq!(remarks("", "mode: Rail"), Vec::<String>::new());
}
