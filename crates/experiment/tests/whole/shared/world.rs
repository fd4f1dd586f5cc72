//! Random sound scenarios: small worlds that use whatever the language can say and the engine simulates.
//!
//! A world is made by [`Dice`] from a number, as a [`Lane`] of sections, so that tests may reorder, rename and add. Every
//! second world is coarse: all times are whole hours and nothing is drawn from a continuous law, so that many events fall on one
//! instant. What is rare is added by `rare`. Not used: traces (they want a file) and what the engine refuses. Does not own the count of
//! what worlds use (`laws::exercised`).

use super::dice::Dice;
use super::forward::add_forward;
use super::lane::Lane;
use super::rare::add_rare;

/// One world being made.
struct Maker {
    dice: Dice,
    coarse: bool,
}

/// What a list of steps may hold.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// The steps of a flow.
    Flow,
    /// A branch of `Parallel`: nobody is lost, rides or joins a batch.
    Branch,
    /// Done to a vehicle.
    Vehicle,
}

/// The world of a number.
pub(crate) fn world(number: u64) -> Lane {
    let mut maker = Maker { dice: Dice::new(number), coarse: number.is_multiple_of(2) };
    let seed = maker.dice.whole(1, 1_000_000);
    let until = maker.dice.one(&["MeasureEnd", "DrainEnd", "At(\"9d\")"]);
    let n_flows = maker.dice.whole(1, 3);
    let searched = maker.dice.percent(35);
    let mut flows: Vec<(String, String)> = (0..n_flows).map(|n| (format!("f{n}"), maker.flow())).collect();
    flows.extend(searched.then(|| maker.searched()));
    let ids: Vec<String> = flows.iter().map(|(id, _)| format!("\"{id}\"")).collect();
    let promises =
        ["within: \"1d\"", "within: \"3d\"", "within: \"9d\"", "by_end_of_day: 0", "by_end_of_day: 3"]
            .iter()
            .enumerate()
            .map(|(n, limit)| (format!("p{n}"), format!("(flows: [{}], {limit})", ids.join(", "))));
    let promises: Vec<_> = promises.collect();
    let entries = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|&(id, body)| (id.to_owned(), body.to_owned())).collect()
    };
    let mut lane = Lane {
        title: "A random world".to_owned(),
        start: "2025-03-24T00:00[Europe/Berlin]".to_owned(),
        run: format!(
            r#"warm_up: "2d", measure: "8d", drain: "30d", arrivals_until: {until}, replications: 2, input_points: 0, seed: {seed}"#
        ),
        sections: vec![
            (
                "nodes",
                entries(&[
                    ("n0", r#"(zone: "Europe/Berlin")"#),
                    ("n1", r#"(zone: "Asia/Shanghai")"#),
                    ("n2", "()"),
                    ("n3", r#"(zone: "America/Los_Angeles")"#),
                ]),
            ),
            ("resources", maker.resources()),
            (
                "calendars",
                entries(&[("office", r#"(open: Hours(weekly: ["Mon-Fri 08:00-17:00", "Sat 22:00-04:00"], closed: ["2025-03-27"]))"#)]),
            ),
            (
                "procedures",
                vec![("handling".to_owned(), format!("(steps: [{}])", maker.steps(0, 2, Place::Branch)))],
            ),
            ("regimes", entries(&[("g", r#"(period: "2d", persistence: 0.5, states: { "x": 0.6, "y": 0.4 })"#)])),
            ("services", maker.services()),
            (
                "connections",
                vec![("c0".to_owned(), format!(r#"(from: "n2", to: "n3", both_ways: true, freight: "900 CNY/TEU", time: {})"#, maker.law()))],
            ),
            ("flows", flows),
            (
                "clocks",
                entries(&[
                    ("before", r#"(from: Released, to: Mark("half-way"))"#),
                    ("after", r#"(from: Mark("half-way"), to: Delivered)"#),
                ]),
            ),
            ("promises", promises),
            ("passages", entries(&[("strait", r#"(used_by: ["s2", "c0"])"#)])),
            ("disruptions", maker.disruptions(n_flows)),
        ]
        .into_iter()
        .map(|(name, entries)| (name.to_owned(), entries))
        .collect(),
    };
    add_rare(&mut lane, number);
    add_forward(&mut lane, number);
    lane
}

impl Maker {
    /// A law of a duration of some hours.
    fn law(&mut self) -> String {
        let (short, long) = (self.dice.whole(1, 3), self.dice.whole(4, 9));
        if self.coarse {
            return match self.dice.whole(0, 3) {
                0 => format!(
                    "Discrete([(value: \"{}min\", weight: 2), (value: \"{}min\", weight: 1)])",
                    60 * short,
                    60 * long
                ),
                1 => "\"0min\"".to_owned(),
                _ => format!("\"{}min\"", 60 * short),
            };
        }
        let (short, long) = (20 * short, 30 * long);
        match self.dice.whole(0, 9) {
            0 => format!("\"{short}min\""),
            1 => format!("Uniform(min: \"{short}min\", max: \"{long}min\")"),
            2 => format!("LogNormal(mean: \"{short}min\", cv: 1.2)"),
            3 => format!("Gamma(mean: \"{long}min\", cv: 0.5)"),
            4 => format!("Weibull(shape: 0.8, mean: \"{short}min\")"),
            5 => format!("Triangular(min: \"0min\", mode: \"{short}min\", max: \"{long}min\")"),
            6 => format!(
                "Quantiles([(p: 0, value: \"0min\"), (p: \"60%\", value: \"{short}min\"), (p: 1, value: \"{long}min\")])"
            ),
            7 => format!(
                "Mixture([(weight: 3, law: \"{short}min\"), (weight: 1, law: Exponential(mean: \"{long}min\"))])"
            ),
            8 => format!("Shifted(by: \"{short}min\", law: Erlang(shape: 2, mean: \"{long}min\"))"),
            _ => format!("Exponential(mean: \"{long}min\")"),
        }
    }

    fn open(&mut self) -> String {
        self.dice
            .one(&[
                "Always",
                "Always",
                "Daily(\"08:00-18:00\")",
                "Daily(\"21:00-05:00\")",
                "Weekly([\"Mon-Fri 22:00-04:00\", \"Sun 02:30-05:00\"])",
                "Calendar(\"office\")",
            ])
            .to_owned()
    }

    /// `r0` to `r2` let anybody in; `r3` loses who finds it full, `r4` sends a shipment another way.
    fn resources(&mut self) -> Vec<(String, String)> {
        (0..5)
            .map(|n| {
                let servers = match self.dice.whole(0, 5) {
                    _ if n == 0 => "2".to_owned(),
                    0 => "Shifts([(servers: 2, on: Daily(\"06:00-14:00\")), (servers: 1, dates: [\"2025-03-25..2025-04-20\"])])".to_owned(),
                    1 if n < 3 => "Unlimited".to_owned(),
                    n => n.min(3).to_string(),
                };
                let room = match n {
                    1 | 2 => self.dice.maybe(50, |dice| format!(", room: {}, when_full: Block", dice.whole(0, 2))),
                    3 => format!(", room: {}", self.dice.whole(0, 3)),
                    4 => format!(", room: {}, when_full: Divert(\"other\")", self.dice.whole(0, 2)),
                    _ => String::new(),
                };
                let breakdowns = if servers != "Unlimited" && !servers.starts_with('S') && self.dice.percent(30) {
                    let clock = self.dice.one(&["Operating", "Calendar"]);
                    let work = self.dice.one(&["Resume", "Restart"]);
                    let (up, down) = if self.coarse {
                        (format!("\"{}min\"", 60 * self.dice.whole(5, 30)), "\"120min\"".to_owned())
                    } else {
                        ("Exponential(mean: \"1200min\")".to_owned(), self.law())
                    };
                    format!(", breakdowns: (clock: {clock}, up: {up}, down: {down}, work: {work})")
                } else {
                    String::new()
                };
                let discipline = self.dice.one(&["Fifo", "Fifo", "Priority", "Preemptive"]);
                let closing = self.dice.one(&["Finish", "Pause", "Fit"]);
                let body = format!(
                    r#"(at: "n{}", servers: {servers}, discipline: {discipline}, open: {}, at_closing: {closing}{room}{breakdowns})"#,
                    self.dice.whole(0, 3),
                    self.open(),
                );
                (format!("r{n}"), body)
            })
            .collect()
    }

    fn work(&mut self, place: Place) -> String {
        let resource = match (place, self.dice.whole(0, 7)) {
            (Place::Flow, 7) => 3,
            (Place::Flow, 6) => 4,
            (_, n) => n % 3,
        };
        let law = self.law();
        let units = if resource == 0 && self.dice.percent(30) { ", units: 2" } else { "" };
        let more = if place == Place::Vehicle {
            self.dice.one(&["", ", per: Vehicle", ", per: Vehicle, priority: 2"]).to_owned()
        } else {
            let patience =
                self.dice.maybe(25, |dice| format!(", patience: \"{}min\"", 60 * dice.whole(0, 9)));
            let rest = ["", "", ", priority: 1", ", priority: 8", ", per: Teu", ", inspection: true"];
            format!("{patience}{}", self.dice.one(&rest))
        };
        format!("Work(resource: \"r{resource}\", time: {law}{units}{more})")
    }

    /// So many steps at most, with steps inside steps so deep.
    fn steps(&mut self, deep: u64, most: u64, place: Place) -> String {
        let n = self.dice.whole(1, most);
        let steps: Vec<String> = (0..n).map(|_| self.step(deep, place)).collect();
        steps.join(", ")
    }

    fn step(&mut self, deep: u64, place: Place) -> String {
        if deep > 0 && self.dice.percent(45) {
            return self.composite(deep - 1, place);
        }
        match self.dice.whole(0, 15) {
            7 => format!(
                "Delay(time: {}, as: {})",
                self.law(),
                self.dice.one(&["Worked", "Moving", "Cargo", "Disruption"])
            ),
            8 => format!(
                "Gate(open: {}, at: \"n{}\")",
                self.open().replace("Always", "Daily(\"09:00-15:00\")"),
                self.dice.whole(0, 3)
            ),
            9 => format!("Regime(regime: \"g\", times: {{ \"x\": {}, \"y\": \"420min\" }})", self.law()),
            10 if place != Place::Vehicle => "Haul(\"c0\")".to_owned(),
            11..=13 if place == Place::Flow => self
                .dice
                .one(&[
                    "Ride(service: \"s0\")",
                    "Ride(service: \"s1\")",
                    "Ride(service: \"s1\", from: \"n1\")",
                    "Ride(service: \"s1\", to: \"n1\")",
                    "Ride(service: \"s2\")",
                ])
                .to_owned(),
            14 if place == Place::Flow => {
                let longest =
                    self.dice.maybe(80, |dice| format!(", longest_wait: \"{}min\"", 60 * dice.whole(1, 20)));
                let group = self.dice.maybe(50, |_| ", group: \"together\"".to_owned());
                if group.is_empty() {
                    format!("Batch(size: \"{} shipments\"{longest})", self.dice.whole(1, 4))
                } else {
                    "Batch(size: \"5 TEU\", longest_wait: \"900min\", group: \"together\")".to_owned()
                }
            }
            15 if place == Place::Flow => "Charge(fee: \"50 CNY/TEU\")".to_owned(),
            _ => self.work(place),
        }
    }

    fn composite(&mut self, deep: u64, place: Place) -> String {
        let inner = self.steps(deep, 2, place);
        match self.dice.whole(0, 7) {
            0 => format!("Inspect(share: \"{}%\", steps: [{inner}])", self.dice.whole(0, 100)),
            1 => format!("Repeat(share: \"{}%\", at_most: 4, steps: [{inner}])", self.dice.whole(0, 60)),
            2 => {
                let other = self.steps(deep, 2, place);
                format!("Choose([(share: 0.4, steps: [{inner}]), (share: 0.3, steps: [{other}])])")
            }
            3 | 4 => {
                let inside = if place == Place::Vehicle { place } else { Place::Branch };
                let (one, other) = (self.steps(deep, 2, inside), self.steps(deep, 2, inside));
                format!("Parallel([[{one}], [{other}]])")
            }
            5 => {
                // Held below and worked on above, so that no two wait for each other in a circle.
                format!(
                    "Hold(resource: \"r0\", steps: [Delay(time: {}), Gate(open: Daily(\"10:00-16:00\"), at: \"n1\")])",
                    self.law()
                )
            }
            6 if place != Place::Vehicle => {
                format!(
                    "Customs(cases: [(mode: Cb9710, steps: [{inner}]), (declaration: TwoStep, steps: [])], otherwise: [Delay(time: {})])",
                    self.law()
                )
            }
            6 => inner,
            _ if place == Place::Vehicle => inner,
            _ => format!("Hold(resource: \"r2\", steps: [{}])", self.hold_free(inner)),
        }
    }

    /// Steps that hold nothing themselves, inside of a `Hold`.
    fn hold_free(&mut self, inner: String) -> String {
        if inner.contains("\"r2\"") || inner.contains("Hold") {
            format!("Delay(time: {})", self.law())
        } else {
            inner
        }
    }

    fn services(&mut self) -> Vec<(String, String)> {
        let law = self.law();
        let full = format!(
            r#"(mode: Road, stops: ["n0", "n1"], departs: WhenFull(longest_wait: "{}min"{}), capacity: "{} TEU", running: [{law}])"#,
            60 * self.dice.whole(1, 30),
            self.dice.one(&["", "", ", quantity: \"5 TEU\""]),
            self.dice.whole(6, 9),
        );
        let departs = match self.dice.whole(0, 4) {
            0 | 1 => format!("Every(period: \"{}min\", offset: \"180min\")", 60 * self.dice.whole(3, 40)),
            2 => "Weekly([\"Mon 10:20\", \"Tue-Sat 16:00\", \"Sun 02:30\"])".to_owned(),
            3 if self.coarse => "Headway(Discrete([(value: \"360min\", weight: 1), (value: \"1200min\", weight: 1)]))".to_owned(),
            3 => format!("Headway(Exponential(mean: \"{}min\"))", 60 * self.dice.whole(3, 30)),
            _ => "Dates([\"2025-03-25T10:00\", \"2025-03-30T02:30\", \"2025-04-03T16:00\", \"2025-04-20T08:00\"])".to_owned(),
        };
        let capacity = match self.dice.whole(0, 3) {
            0 => {
                "Random(Discrete([(value: \"6 TEU\", weight: 1), (value: \"15 TEU\", weight: 1)]))".to_owned()
            }
            1 => format!("\"{} shipments\"", self.dice.whole(1, 6)),
            2 => "\"90 t\"".to_owned(),
            _ => format!("\"{} TEU\"", self.dice.whole(6, 20)),
        };
        let cancelled = match self.dice.whole(0, 2) {
            0 => "Runs(share: 0.3, mean_length: 2.5)".to_owned(),
            _ => format!("\"{}%\"", self.dice.whole(0, 25)),
        };
        let train = format!(
            r#"(
        mode: Rail, stops: ["n0", "n1", "n2"], departs: {departs}, cutoff: "{}min", capacity: {capacity},
        running: [{}, {}], dwell: [{}], cancelled: {cancelled}, at_stop: {{ "n1": [{}], "n2": [{}] }},
        overtake: {}, run_empty: {}, boarding: {}{},
    )"#,
            60 * self.dice.whole(0, 20),
            self.law(),
            self.law(),
            self.law(),
            self.steps(1, 2, Place::Vehicle),
            self.steps(0, 1, Place::Vehicle),
            self.dice.one(&["true", "false"]),
            self.dice.one(&["true", "false"]),
            self.dice.one(&["Readiness", "Priority"]),
            if self.dice.percent(40) { format!(", delay: {}", self.law()) } else { String::new() },
        );
        let ship = format!(
            r#"(mode: Sea, stops: ["n1", "n3"], departs: Every(period: "{}min"), capacity: Unlimited, running: [{}])"#,
            60 * self.dice.whole(4, 30),
            self.law(),
        );
        vec![("s0".to_owned(), full), ("s1".to_owned(), train), ("s2".to_owned(), ship)]
    }

    fn arrivals(&mut self) -> String {
        let batch =
            self.dice.one(&["", "", ", batch: Discrete([(value: 1, weight: 3), (value: 3, weight: 1)])"]);
        let profile = self.dice.one(&[
            "",
            ", profile: (weekday: [1, 1, 1, 2, 1, 0.3, 0], dates: { \"2025-03-28..2025-03-29\": 0.5 })",
            ", profile: (hour: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0])",
        ]);
        let gap = self.dice.whole(1, 12);
        match if self.coarse { self.dice.whole(0, 2) } else { self.dice.whole(0, 5) } {
            0 => format!("Regular(every: \"{}min\"{batch})", 60 * gap),
            1 => "At([\"0min\", \"3000min\", \"3000min\", \"3060min\", \"6000min\", \"6001min\"])".to_owned(),
            2 => format!(
                "Renewal(gap: Discrete([(value: \"{}min\", weight: 1), (value: \"360min\", weight: 1)]){batch})",
                60 * gap
            ),
            3 => format!("Volume(per_year: \"{} shipments\"{batch}{profile})", 8000 / gap),
            _ => format!("Poisson(mean: 1, per: \"{}min\"{batch}{profile})", 60 * gap),
        }
    }

    /// A flow whose steps are written down, in one way or two.
    fn flow(&mut self) -> String {
        let head = format!(
            "arrivals: {}, size: {}, mass_per_teu: \"12 t/TEU\", priority: {}, customs: (mode: {}, declaration: {})",
            self.arrivals(),
            self.dice.one(&[
                "\"1 TEU\"",
                "Discrete([(value: \"1 TEU\", weight: 2), (value: \"2 TEU\", weight: 1)])"
            ]),
            self.dice.whole(1, 9),
            self.dice.one(&["General0110", "Cb9710", "Bonded"]),
            self.dice.one(&["Normal", "TwoStep"]),
        );
        // Something that a disruption can befall, whatever the rest is.
        let first = format!(
            "Work(resource: \"r0\", time: {}), {}, Mark(\"half-way\"), {}",
            self.law(),
            self.steps(2, 3, Place::Flow),
            self.steps(2, 2, Place::Flow)
        );
        let other =
            format!("{}, Mark(\"half-way\")", self.steps(1, 2, Place::Flow).replace("\"r4\"", "\"r2\""));
        let rerouting = self.dice.one(&["Wait", "Reroute"]);
        format!(
            "({head}, when_closed: {rerouting}, itineraries: {{ \"one\": (share: 0.7, steps: [{first}]), \"other\": (share: 0.3, steps: [{other}]) }})"
        )
    }

    /// A flow whose ways are searched.
    fn searched(&mut self) -> (String, String) {
        let choice = self.dice.one(&["Fastest", "Logit(time: 0.1)", "Generalised(value_of_time: \"3 CNY\")"]);
        let body = format!(
            r#"(from: "n0", to: "n3", arrivals: {}, mass_per_teu: "9 t/TEU", ways: 3, choice: {choice}, when_closed: Reroute)"#,
            self.arrivals()
        );
        ("searched".to_owned(), body)
    }

    fn disruptions(&mut self, n_flows: u64) -> Vec<(String, String)> {
        let n = self.dice.whole(0, 3);
        (0..n)
            .map(|n| {
                // Every other one has several effects, or strikes with a season.
                let is_more = n % 2 == 1;
                let either = |plain: &str, more: &str| if is_more { more.to_owned() } else { plain.to_owned() };
                let (targets, effect) = match self.dice.whole(0, 7) {
                    0 => ("Resource(\"r0\")", either("Capacity(0.5)", "[Capacity(0.5), TimeScale(0.7)]")),
                    1 => ("Node(\"n1\")", either("Close", "[Close, TimeScale(0.8)]")),
                    2 => ("Resource(\"r1\"), Connection(\"c0\")", format!("TimeAdd({})", self.law())),
                    3 => (
                        "Service(\"s1\"), Resource(\"r0\")",
                        either("TimeScale(1.5)", "[TimeScale(1.5), TimeAdd(\"60min\"), TimeAdd(\"30min\")]"),
                    ),
                    4 => ("Service(\"s1\")", self.dice.one(&["Cancel", "Capacity(0.3)"]).to_owned()),
                    5 => ("Passage(\"strait\"), Leg(service: \"s1\", from: \"n1\")", "Close".to_owned()),
                    6 if n_flows > 0 => ("Service(\"s0\"), Service(\"s1\"), Resource(\"r0\"), Resource(\"r1\"), Resource(\"r2\"), Resource(\"r3\"), Resource(\"r4\"), Connection(\"c0\")", "Divert(\"other\")".to_owned()),
                    _ => ("Resource(\"r2\"), Service(\"s2\"), Connection(\"c0\")", "Close".to_owned()),
                };
                let when = match self.dice.whole(0, 2) {
                    0 => "Dated([(from: \"2025-03-27T06:00\", to: \"2025-03-28T00:00\"), (from: \"2025-03-30T02:30\", to: \"2025-03-30T12:00\")])".to_owned(),
                    1 if self.coarse => "Random(up: \"1800min\", down: \"300min\")".to_owned(),
                    1 => "Random(up: Exponential(mean: \"1800min\"), down: Exponential(mean: \"300min\"))".to_owned(),
                    _ => {
                        let profile = either("", ", profile: (weekday: [1, 1, 1, 1, 1, 3, 0])");
                        format!("Strikes(mean: 1, per: \"2400min\", length: Exponential(mean: \"400min\"){profile})")
                    }
                };
                if self.dice.percent(15) {
                    let storm = "(targets: [Service(\"s1\"), Service(\"s2\")], when: UnderWay(per_hour: 0.1, length: Exponential(mean: \"90min\")), effect: Close)";
                    return (format!("d{n}"), storm.to_owned());
                }
                (format!("d{n}"), format!("(targets: [{targets}], when: {when}, effect: {effect})"))
            })
            .collect()
    }
}
