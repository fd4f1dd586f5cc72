//! Dates and times of day: offsets and zones, days, timetables that name a departure twice, dates outside the run.

use insta::assert_snapshot;
use sanda_core::model::{DepartureRule, OccurrenceRule};
use sanda_scenario::{LoadedModel, load_model_text};

use crate::world::{brief, world};

/// Loads the world after replacements, for ten days and thirty of drain from Monday 6 January.
fn load(replacements: &[(&str, &str)]) -> Result<LoadedModel, String> {
    let text =
        world(replacements).replace("run: (measure: \"100d\")", "run: (measure: \"10d\", drain: \"30d\")");
    load_model_text("my.ron", &text, &[]).map_err(|failure| failure.to_string())
}

/// The remarks on the world after replacements.
#[track_caller]
fn remarks(replacements: &[(&str, &str)]) -> Vec<String> {
    let loaded = load(replacements).unwrap_or_else(|said| panic!("{said}"));
    let messages = loaded.issues.iter().map(|issue| issue.message.clone());
    messages.filter(|message| !message.contains("overloaded")).collect()
}

const DEPARTS: &str = "Every(period: \"24h\")";

/// Hours after the start at which the train leaves.
#[track_caller]
fn departures(departs: &str) -> Vec<f64> {
    let loaded = load(&[(DEPARTS, departs)]).unwrap_or_else(|said| panic!("{said}"));
    match &loaded.built.model.services.iter().next().expect("the train").departs {
        DepartureRule::Dates(dates) => dates.iter().map(|at| at.as_hours_f64()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_start_may_state_its_offset() {
    let start = |start: &str| brief(&[("schema: 1,", &format!("schema: 1, start: \"{start}\","))]);
    assert_snapshot!(start("2025-01-06T00:00+00:00[Asia/Shanghai]"), @r#"start: `2025-01-06T00:00+00:00[Asia/Shanghai]` contradicts itself: the clocks of `Asia/Shanghai` are at +08:00 then | expected a local time with its zone, such as "2025-01-06T00:00[Asia/Shanghai]" | write +08:00, or leave the offset out"#);
    assert_snapshot!(start("2025-01-06T00:00Z[Asia/Shanghai]"), @r#"start: `2025-01-06T00:00Z[Asia/Shanghai]` contradicts itself: the clocks of `Asia/Shanghai` are at +08:00 then | expected a local time with its zone, such as "2025-01-06T00:00[Asia/Shanghai]" | write +08:00, or leave the offset out"#);
    assert_snapshot!(start("2025-03-30T02:30+01:00[Europe/Berlin]"), @r#"start: `2025-03-30T02:30+01:00[Europe/Berlin]` contradicts itself: the clocks of `Europe/Berlin` skip that time | expected a local time with its zone, such as "2025-01-06T00:00[Asia/Shanghai]""#);
    assert_snapshot!(start("2025-01-06T00:00+08:00"), @r#"start: `2025-01-06T00:00+08:00` has no time zone in brackets: expected a local date and time with its zone | expected a local time with its zone, such as "2025-01-06T00:00[Asia/Shanghai]""#);
    assert_snapshot!(start("2025-01-06T24:00[Asia/Shanghai]"), @r#"start: `2025-01-06T24:00[Asia/Shanghai]` has a time of day past 23:59 | expected a local time with its zone, such as "2025-01-06T00:00[Asia/Shanghai]" | did you mean `2025-01-07T00:00`?"#);
    assert_snapshot!(start("2025/1/6 00:00[Asia/Shanghai]"), @r#"start: `2025/1/6` is not a date: expected YYYY-MM-DD | expected a local time with its zone, such as "2025-01-06T00:00[Asia/Shanghai]" | did you mean `2025-01-06`?"#);
    let label = |start: &str| {
        let loaded = load(&[("schema: 1,", &format!("schema: 1, start: \"{start}\","))]);
        loaded.unwrap_or_else(|said| panic!("{said}")).built.labels.start
    };
    assert_eq!(label("2025-01-06T00:00+08:00[Asia/Shanghai]"), "2025-01-06T00:00[Asia/Shanghai]");
    assert_eq!(label("2025-01-06 00:00:30[Asia/Shanghai]"), "2025-01-06T00:00:30[Asia/Shanghai]");
    assert_eq!(label("2025-10-26T02:30+02:00[Europe/Berlin]"), "2025-10-26T02:30[Europe/Berlin]");
    assert_eq!(label("2025-10-26T02:30+01:00[Europe/Berlin]"), "2025-10-26T02:30+01:00[Europe/Berlin]");
}

#[test]
fn dated_departures_honour_offset_and_zone() {
    assert_eq!(departures("Dates([\"2025-01-08T10:00\"])"), [58.0]);
    assert_eq!(departures("Dates([\"2025-01-08T10:00[Europe/Berlin]\"])"), [65.0]);
    assert_eq!(departures("Dates([\"2025-01-08 10:00Z\"])"), [66.0]);
    assert_eq!(departures("Dates([\"2025-01-08T10:00:30+01:00\"])"), [65.0 + 30.0 / 3600.0]);
    assert_eq!(departures("Dates([\"2025-01-08T10:00+01:00[Europe/Berlin]\"])"), [65.0]);
    assert_snapshot!(brief(&[(
        DEPARTS,
        "Dates([\"2025-01-08T10:00+08:00[Europe/Berlin]\", \"2025-01-08T25:30\", \"2025-01-08T10:00[Berlin]\", \"20250108T1000\"])"
    )]), @r#"
    services.train.departs[0]: `2025-01-08T10:00+08:00[Europe/Berlin]` contradicts itself: the clocks of `Europe/Berlin` are at +01:00 then | expected a local date and time, such as "2025-03-01T10:20" | write +01:00, or leave the offset out
    services.train.departs[1]: `2025-01-08T25:30` has a time of day past 23:59 | expected a local date and time, such as "2025-03-01T10:20" | did you mean `2025-01-09T01:30`?
    services.train.departs[2]: unknown time zone `Berlin` | expected an IANA time zone, such as "Asia/Shanghai" | did you mean `Europe/Berlin`?
    services.train.departs[3]: `20250108` is not a date: expected YYYY-MM-DD | expected a local date and time, such as "2025-03-01T10:20" | did you mean `2025-01-08`?
    "#);
}

#[test]
fn dated_disruptions_honour_offset_and_zone() {
    let storm = |from: &str, to: &str| {
        let storm = format!(
            "disruptions: {{ \"storm\": (targets: [Service(\"train\")], when: Dated([(from: \"{from}\", to: \"{to}\")]), effect: Close) }}, promises:"
        );
        load(&[("promises:", &storm)]).map(|loaded| {
            let OccurrenceRule::Dated(spans) = &loaded.built.model.disruptions.iter().next().unwrap().when
            else {
                panic!("dated")
            };
            spans.iter().map(|(from, to)| (from.as_hours_f64(), to.as_hours_f64())).collect::<Vec<_>>()
        })
    };
    assert_eq!(storm("2025-01-07", "2025-01-07T10:00Z"), Ok(vec![(24.0, 42.0)]));
    assert_eq!(storm("2025-01-07T10:00[Europe/Berlin]", "2025-01-07T18:00+08:00"), Ok(vec![(41.0, 42.0)]));
    // On the clocks alone the end is later than the beginning.
    let backwards = storm("2025-01-07T10:00[Europe/Berlin]", "2025-01-07T16:00").unwrap_err();
    assert!(backwards.contains("the disruption ends before it begins"), "{backwards}");
}

#[test]
fn what_recurs_and_whole_days_carry_no_zone() {
    assert_snapshot!(brief(&[(
        DEPARTS,
        "Weekly([\"Wed 10:20Z\", \"Wed 10:20+08:00\", \"Wed 10:20[Europe/Berlin]\"])"
    )]), @r#"
    services.train.departs[0]: `10:20Z` has an offset or zone: what recurs is on the local clock of its place | expected a time such as "Wed 10:20" | leave it out: the place is a node, which may have a `zone`
    services.train.departs[1]: `10:20+08:00` has an offset or zone: what recurs is on the local clock of its place | expected a time such as "Wed 10:20" | leave it out: the place is a node, which may have a `zone`
    services.train.departs[2]: `Wed 10:20[Europe/Berlin]` has an offset or zone: what recurs is on the local clock of its place | expected a time such as "Wed 10:20" | leave it out: the place is a node, which may have a `zone`
    "#);
    let open = |open: &str| brief(&[("servers: 2", &format!("servers: 2, open: {open}"))]);
    assert_snapshot!(open("Weekly([\"Mon-Fri 08:00-18:00+08:00\"])"), @r#"resources.crane.open[0]: `18:00+08:00` has an offset or zone: what recurs is on the local clock of its place | expected hours such as "Mon-Fri 08:00-18:00" | leave it out: the place is a node, which may have a `zone`"#);
    assert_snapshot!(open("Daily(\"08:00-18:00[Europe/Berlin]\")"), @r#"resources.crane.open: `08:00-18:00[Europe/Berlin]` has an offset or zone: what recurs is on the local clock of its place | expected hours such as "08:00-18:00""#);
    assert_snapshot!(open(
        "Hours(weekly: [\"Mon 08:00-18:00\"], closed: [\"2025-05-01T00:00\", \"2025-05-01Z\", \"2025-05-01..2025-05-02[Asia/Shanghai]\", \"20250501\", \"2025/5/1\"])"
    ), @r#"
    resources.crane.open.closed[0]: `2025-05-01T00:00` is more than a date: a whole local day is due, without time of day, offset or zone | expected "2025-05-01" or "2025-01-28..2025-02-04" | write `2025-05-01`
    resources.crane.open.closed[1]: `2025-05-01Z` is more than a date: a whole local day is due, without time of day, offset or zone | expected "2025-05-01" or "2025-01-28..2025-02-04" | write `2025-05-01`
    resources.crane.open.closed[2]: `2025-05-02[Asia/Shanghai]` is more than a date: a whole local day is due, without time of day, offset or zone | expected "2025-05-01" or "2025-01-28..2025-02-04" | write `2025-05-02`
    resources.crane.open.closed[3]: `20250501` is not a date: expected YYYY-MM-DD | expected "2025-05-01" or "2025-01-28..2025-02-04" | did you mean `2025-05-01`?
    resources.crane.open.closed[4]: `2025/5/1` is not a date: expected YYYY-MM-DD | expected "2025-05-01" or "2025-01-28..2025-02-04" | did you mean `2025-05-01`?
    "#);
    assert_snapshot!(brief(&[(
        "per: \"24h\"",
        "per: \"24h\", profile: (dates: { \"2025-05-01T00:00+08:00\": 2 })"
    )]), @r#"flows.boxes.arrivals.profile.dates.2025-05-01T00:00+08:00: `2025-05-01T00:00+08:00` is more than a date: a whole local day is due, without time of day, offset or zone | expected "2025-05-01" or "2025-01-28..2025-02-04" | write `2025-05-01`"#);
}

#[test]
fn hours_past_midnight_hint_at_the_next_day() {
    assert_snapshot!(brief(&[(
        DEPARTS,
        "Weekly([\"Mon 25:30\", \"Sun 24:30\", \"Mon-Fri 24:00\", \"Mon 7:05\"])"
    )]), @r#"
    services.train.departs[0]: `25:30` is not a time of day: expected HH:MM from 00:00 to 23:59 | expected a time such as "Wed 10:20" | did you mean `Tue 01:30`?
    services.train.departs[1]: `24:30` is not a time of day: expected HH:MM from 00:00 to 23:59 | expected a time such as "Wed 10:20" | did you mean `Mon 00:30`?
    services.train.departs[2]: `24:00` is not a time of day: expected HH:MM from 00:00 to 23:59 | expected a time such as "Wed 10:20" | did you mean `Tue-Sat 00:00`?
    services.train.departs[3]: `7:05` is not a time of day: expected HH:MM from 00:00 to 23:59 | expected a time such as "Wed 10:20" | did you mean `Mon 07:05`?
    "#);
    let open = |open: &str| brief(&[("servers: 2", &format!("servers: 2, open: {open}"))]);
    assert_snapshot!(open("Weekly([\"Mon 22:00-26:00\", \"Sun 24:30-28:00\"])"), @r#"
    resources.crane.open[0]: `26:00` is not a time of day: expected HH:MM from 00:00 to 24:00 | expected hours such as "Mon-Fri 08:00-18:00" | did you mean `Mon 22:00-02:00`?
    resources.crane.open[1]: `24:30` is not a time of day: expected HH:MM from 00:00 to 23:59 | expected hours such as "Mon-Fri 08:00-18:00" | did you mean `Mon 00:30-04:00`?
    "#);
    assert_snapshot!(open("Daily(\"20:00-25:30\")"), @r#"resources.crane.open: `25:30` is not a time of day: expected HH:MM from 00:00 to 24:00 | expected hours such as "08:00-18:00" | did you mean `20:00-01:30`?"#);
}

#[test]
fn a_departure_named_twice_runs_once() {
    let weekly = "Weekly([\"Mon 08:00\", \"Mon-Fri 08:00\"])";
    assert_eq!(departures(weekly)[..3], [8.0, 32.0, 56.0]);
    assert_eq!(remarks(&[(DEPARTS, weekly)]), ["`Mon 08:00` is named twice and runs once"]);
    let dates = "Dates([\"2025-01-08T10:00\", \"2025-01-07T10:00\", \"2025-01-08 03:00[Europe/Berlin]\", \"2025-01-07T02:00Z\"])";
    assert_eq!(departures(dates), [34.0, 58.0]);
    assert_eq!(
        remarks(&[(DEPARTS, dates)]),
        [
            "departures are named more than once and run once each: `2025-01-08T03:00[Europe/Berlin]`, `2025-01-07T02:00+00:00`"
        ]
    );
    assert_eq!(
        remarks(&[(DEPARTS, "Weekly([\"Mon 08:00\", \"Tue-Fri 08:00\", \"Mon 08:01\"])")]),
        Vec::<String>::new()
    );
}

#[test]
fn dates_outside_the_run_are_named_in_one_remark() {
    let closed = "servers: Shifts([(servers: 2), (servers: 1, dates: [\"2025-06-01..2025-06-30\", \"2025-01-01..2025-01-10\"])]), open: Hours(weekly: [\"Mon-Sun 00:00-24:00\"], closed: [\"2024-05-01\", \"2025-01-08\"])";
    let profile = "per: \"24h\", profile: (dates: { \"2025-01-05\": 2, \"2025-02-15..2025-02-20\": 2, \"2025-02-14\": 2 })";
    let departs = "Dates([\"2025-01-05T23:59\", \"2025-01-06T00:00\", \"2025-02-15T00:00\"])";
    let storm = "disruptions: { \"storm\": (targets: [Service(\"train\")], when: Dated([(from: \"2024-01-01\", to: \"2024-02-01\"), (from: \"2025-01-05\", to: \"2025-01-07\")]), effect: Close) }, promises:";
    let changes =
        [("servers: 2", closed), ("per: \"24h\"", profile), (DEPARTS, departs), ("promises:", storm)];
    let loaded = load(&changes).unwrap_or_else(|said| panic!("{said}"));
    let said: Vec<_> =
        loaded.issues.iter().filter(|issue| issue.message.contains("outside the run")).collect();
    assert_eq!(said.len(), 1);
    assert_snapshot!(loaded.render_remarks(sanda_scenario::Style::default()), @r#"
    warning: 7 dates lie outside the run and have no effect: `2025-06-01..2025-06-30`, `2024-05-01`, `2025-01-05T23:59`, `2025-02-15T00:00`, `2025-01-05` and 2 more
      --> my.ron:6:92
       |
     6 |     resources: { "crane": (at: "yard", servers: Shifts([(servers: 2), (servers: 1, dates: ["2025-06-01..2025-06-30", "2025-01-01..20...
       |                                                                                            ^^^^^^^^^^^^^^^^^^^^^^^^ after the run
       |
      ::: my.ron:6:202
       |
     6 | ...ekly: ["Mon-Sun 00:00-24:00"], closed: ["2024-05-01", "2025-01-08"])) },
       |                                            ------------ this too, of `resources.crane.open`
       |
      ::: my.ron:11:29
       |
    11 |             departs: Dates(["2025-01-05T23:59", "2025-01-06T00:00", "2025-02-15T00:00"]),
       |                             ------------------ this too, of `services.train.departs[0]`
       |
      ::: my.ron:11:69
       |
    11 |             departs: Dates(["2025-01-05T23:59", "2025-01-06T00:00", "2025-02-15T00:00"]),
       |                                                                     ------------------ this too, of `services.train.departs[2]`
       |
      ::: my.ron:18:85
       |
    18 | ...   arrivals: Poisson(mean: 8, per: "24h", profile: (dates: { "2025-01-05": 2, "2025-02-15..2025-02-20": 2, "2025-02-14": 2 })),
       |                                                                               - this too, of `flows.boxes.arrivals.profile.dates`
       |
       = path: resources.crane.servers[1].dates
    hint: the run lasts from 2025-01-06T00:00 to 2025-02-15T00:00 in Asia/Shanghai, the drain included

    warning: service `train` is overloaded: cargo comes at 800 % of its capacity
     --> my.ron:8:9
      |
    8 |         "train": (
      |         ^^^^^^^ the cargo left behind grows without end, and waits depend on the length of the run
      |
      = path: services.train
    hint: its load comes from flow `boxes` (100 %)
    "#);
    // Nothing of a timetable or a disruption is left.
    let all = |changes: &[(&str, &str)]| load(changes).err().unwrap();
    assert!(
        all(&[(DEPARTS, "Dates([\"2024-01-05T23:59\"])")])
            .contains("no departure between the start and the end")
    );
    let storm = "disruptions: { \"storm\": (targets: [Service(\"train\")], when: Dated([(from: \"2024-01-01\", to: \"2024-02-01\")]), effect: Close) }, promises:";
    assert!(all(&[("promises:", storm)]).contains("the disruption is not within the run"));
}

#[test]
fn a_day_counts_where_its_node_is() {
    // In Berlin the run begins on the evening of the 5th.
    let desk = |at: &str| {
        format!(
            "\"away-desk\": (at: \"{at}\", open: Hours(weekly: [\"Mon-Sun 00:00-24:00\"], closed: [\"2025-01-05\"])), \"crane\""
        )
    };
    // Nothing comes to the desk, which is said as well.
    let unused = "resource `away-desk` is used by no flow or vehicle";
    assert_eq!(remarks(&[("\"crane\": (at", &format!("{}: (at", desk("away")))]), [unused]);
    assert_eq!(
        remarks(&[("\"crane\": (at", &format!("{}: (at", desk("yard")))]),
        [unused, "a date lies outside the run and has no effect: `2025-01-05`"]
    );
}

#[test]
fn arrivals_after_the_run_are_counted() {
    let at = |times: &str| remarks(&[("Poisson(mean: 8, per: \"24h\")", &format!("At([{times}])"))]);
    assert_eq!(at("\"1h\", \"1h\", \"40d\""), Vec::<String>::new());
    assert_eq!(at("\"1h\", \"41d\", \"50d\""), ["2 of 3 arrivals of flow `boxes` never happen"]);
}
