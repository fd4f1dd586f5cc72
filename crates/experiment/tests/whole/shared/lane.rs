//! A small lane that has a little of everything: the subject of `laws::invariance`.
//!
//! It is held as sections of entries, so that tests may reorder, rename and add before it becomes text. Does not own random worlds
//! (`world`).

use std::fmt::Write as _;

/// Id and body of one thing.
type Entry = (String, String);

/// The lane, not yet text.
#[derive(Clone)]
pub(crate) struct Lane {
    pub(crate) title: String,
    pub(crate) start: String,
    pub(crate) run: String,
    pub(crate) sections: Vec<(String, Vec<Entry>)>,
}

const SECTIONS: &[(&str, &[(&str, &str)])] = &[
    (
        "nodes",
        &[
            ("away", r#"(zone: "Europe/Berlin")"#),
            ("border", r#"(zone: "Asia/Shanghai")"#),
            ("post-office", "()"),
            ("yard", "()"),
        ],
    ),
    (
        "resources",
        &[
            ("bay", r#"(at: "border")"#),
            ("counter", r#"(at: "post-office", servers: 2, room: 5)"#),
            ("crane", r#"(at: "yard", servers: 2, discipline: Priority)"#),
            (
                "customs",
                r#"(at: "yard", open: Weekly(["Mon-Fri 08:00-18:00", "Sat 22:00-02:00"]), at_closing: Pause)"#,
            ),
            ("depot", r#"(at: "post-office")"#),
            ("import", r#"(at: "away", servers: 2, open: Daily("06:00-20:00"), at_closing: Fit)"#),
        ],
    ),
    ("regimes", &[("weather", "(persistence: 0.8, states: { \"fair\": 0.75, \"foul\": 0.25 })")]),
    (
        "procedures",
        &[(
            "arrival",
            r#"(steps: [
                Parallel([[Work(resource: "import", time: Triangular(min: "10min", mode: "20min", max: "1h"))], [Delay(time: "2h")]]),
                Gate(open: Weekly(["Mon-Sat 06:00-22:00"]), at: "away"),
            ])"#,
        )],
    ),
    (
        "services",
        &[
            // Runs empty and so long that it is under way when all cargo has come through.
            (
                "empties",
                r#"(mode: Rail, stops: ["away", "yard"], departs: Every(period: "2d"), capacity: "9 TEU", running: [Gamma(mean: "20d", cv: 0.3)])"#,
            ),
            (
                "feeder",
                r#"(mode: Road, stops: ["yard", "border"], departs: WhenFull(longest_wait: "1d"), capacity: "6 TEU", running: [Gamma(mean: "1d", cv: 0.3)])"#,
            ),
            (
                "train",
                r#"(
                mode: Rail,
                stops: ["yard", "border", "away"],
                departs: Weekly(["Tue 09:00", "Thu 09:00", "Sat 23:30"]),
                cutoff: "3h",
                capacity: "40 TEU",
                running: [Uniform(min: "20h", max: "30h"), LogNormal(mean: "2d", cv: 0.2)],
                at_stop: { "border": [
                    Regime(regime: "weather", times: { "fair": "1h", "foul": Exponential(mean: "12h") }),
                    Work(resource: "bay", time: Uniform(min: "1h", max: "3h"), per: Vehicle),
                ] },
                cancelled: "5%",
                delay: Exponential(mean: "30min"),
            )"#,
            ),
        ],
    ),
    (
        "flows",
        &[
            (
                "boxes",
                r#"(
                arrivals: Poisson(mean: 0.2, per: "1h", profile: (weekday: [1, 1, 1, 1, 1, 0.3, 0])),
                size: Discrete([(value: "1 TEU", weight: 2), (value: "4 TEU", weight: 1)]),
                priority: 3,
                steps: [
                    Work(resource: "customs", time: Exponential(mean: "40min")),
                    Inspect(id: "inspect", share: "6%", steps: [Delay(time: Uniform(min: "6h", max: "2d"))]),
                    Work(resource: "crane", time: Exponential(mean: "1h"), per: Teu),
                    Ride(service: "train"),
                    Procedure("arrival"),
                ],
            )"#,
            ),
            (
                "letters",
                r#"(
                arrivals: Renewal(gap: Gamma(mean: "2h", cv: 0.5)),
                steps: [Work(resource: "counter", time: LogNormal(mean: "3h", cv: 1)), Delay(time: "5h")],
            )"#,
            ),
            (
                "old",
                // Released before the window, at work in it and beyond the delivery of everything else.
                r#"(arrivals: At(["5d", "10d"]), steps: [Delay(time: "95d"), Work(resource: "depot", time: "20d")])"#,
            ),
            (
                "parts",
                r#"(
                arrivals: Regular(every: "11h", batch: Discrete([(value: 1, weight: 1), (value: 3, weight: 1)])),
                itineraries: {
                    "direct": (share: 0.6, steps: [Work(resource: "crane", time: "30min"), Ride(service: "train"), Procedure("arrival")]),
                    "feeder": (share: 0.4, steps: [
                        Work(resource: "crane", time: "30min"),
                        Ride(service: "feeder"),
                        Ride(service: "train", from: "border"),
                        Procedure("arrival"),
                    ]),
                },
            )"#,
            ),
        ],
    ),
    ("clocks", &[("on-rails", "(from: Departed, to: Arrived)")]),
    (
        "promises",
        &[
            ("door-06", r#"(flows: ["boxes", "parts"], within: "6d")"#),
            ("door-08", r#"(flows: ["boxes", "parts"], within: "8d")"#),
            ("door-10", r#"(flows: ["boxes", "parts"], within: "10d")"#),
            ("door-14", r#"(flows: ["boxes", "parts"], within: "14d")"#),
            ("post", r#"(flows: ["letters"], by_end_of_day: 0)"#),
            ("rails", r#"(flows: ["boxes"], clock: "on-rails", within: "84h")"#),
        ],
    ),
];

impl Lane {
    /// The lane as it is.
    pub(crate) fn new() -> Self {
        let entry = |&(id, body): &(&str, &str)| (id.to_owned(), body.to_owned());
        Self {
            title: "A small lane".to_owned(),
            start: "2025-03-03T00:00[Asia/Shanghai]".to_owned(),
            run: r#"warm_up: "28d", measure: "84d", drain: "60d", replications: 5, seed: 4"#.to_owned(),
            sections: SECTIONS
                .iter()
                .map(|(name, entries)| ((*name).to_owned(), entries.iter().map(entry).collect()))
                .collect(),
        }
    }

    /// The entries of a section.
    pub(crate) fn section(&mut self, name: &str) -> &mut Vec<Entry> {
        &mut self.sections.iter_mut().find(|(section, _)| section == name).expect("a section of that name").1
    }

    /// Adds a thing to a section.
    pub(crate) fn add(&mut self, section: &str, id: &str, body: &str) {
        self.section(section).push((id.to_owned(), body.to_owned()));
    }

    /// Replaces a part of the body of a thing.
    pub(crate) fn replace(&mut self, section: &str, id: &str, from: &str, to: &str) {
        let (_, body) =
            self.section(section).iter_mut().find(|(other, _)| other == id).expect("a thing of that id");
        assert!(body.contains(from), "`{id}` has no `{from}`");
        *body = body.replace(from, to);
    }

    /// The text of the scenario.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "(schema: 1, name: \"lane\", title: \"{}\", start: \"{}\", run: ({}),\n",
            self.title, self.start, self.run
        );
        for (section, entries) in &self.sections {
            let _ = writeln!(text, "{section}: {{");
            for (id, body) in entries {
                let _ = writeln!(text, "    \"{id}\": {body},");
            }
            text.push_str("},\n");
        }
        text.push_str(")\n");
        text
    }
}
