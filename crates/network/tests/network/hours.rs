//! Opening hours and the intervals they open.

use insta::assert_snapshot;
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZoneDatabase};
use proptest::prelude::*;
use sanda_network::{ClosedDates, OpenIntervals, OpeningHours, OpeningRule};
use sanda_units::{Duration, Time};

use crate::{at, epoch, utc, zone};

/// The open intervals in Greenwich of rules and closed dates in a zone, from one local midnight to another.
#[track_caller]
fn check(rules: &[&str], closed: &[&str], zone_name: &str, from: &str, to: &str, expected: &[&str]) {
    let hours = OpeningHours::parse(rules).and_then(|hours| hours.closed_on(closed)).expect("opening hours");
    let (from, to) = (at(&format!("{from}T00:00"), zone_name), at(&format!("{to}T00:00"), zone_name));
    let open = hours.expand(&epoch(), &zone(zone_name), from, to);
    let shown: Vec<String> =
        open.as_slice().iter().map(|(open, close)| format!("{}/{}", utc(*open), utc(*close))).collect();
    assert_eq!(shown, expected, "{rules:?} {closed:?} {zone_name}");
}

#[test]
fn weekly_rules() {
    check(
        &["Mon-Wed 08:00-18:00", "Tue 07:30-09:00", "Wed 18:00-19:00"],
        &[],
        "Asia/Shanghai",
        "2025-01-06",
        "2025-01-13",
        &[
            "2025-01-06T00:00/2025-01-06T10:00",
            "2025-01-06T23:30/2025-01-07T10:00",
            "2025-01-08T00:00/2025-01-08T11:00",
        ],
    );
    check(
        &["Mon, Wed 08:00 - 12:00"],
        &[],
        "UTC",
        "2025-01-06",
        "2025-01-08",
        &["2025-01-06T08:00/2025-01-06T12:00"],
    );
    // All day every day is one interval, clipped at both ends.
    check(
        &["Mon-Sun 00:00-24:00"],
        &[],
        "UTC",
        "2025-01-06",
        "2025-01-20",
        &["2025-01-06T00:00/2025-01-20T00:00"],
    );
    // The Sunday night before the range reaches into it.
    check(
        &["Sun 22:00-06:00"],
        &[],
        "UTC",
        "2025-01-06",
        "2025-01-12",
        &["2025-01-06T00:00/2025-01-06T06:00"],
    );
    check(
        &["Sat 20:00-00:00"],
        &[],
        "UTC",
        "2025-01-06",
        "2025-01-13",
        &["2025-01-11T20:00/2025-01-12T00:00"],
    );
    check(&[], &[], "UTC", "2025-01-06", "2025-01-13", &[]);
}

#[test]
fn over_midnight_on_the_nights_of_change() {
    // March: 22:00 to 04:00 with an hour missing, five hours. A closing at 02:30 waits for the end of the
    // gap.
    let march = |rule, expected: &[&str]| {
        check(&[rule], &[], "Europe/Berlin", "2025-03-29", "2025-03-31", expected);
    };
    march("Sat 22:00-04:00", &["2025-03-29T21:00/2025-03-30T02:00"]);
    march("Sat 22:00-02:30", &["2025-03-29T21:00/2025-03-30T01:00"]);
    march("Sun 02:30-10:00", &["2025-03-30T01:00/2025-03-30T08:00"]);
    // All of it skipped.
    march("Sun 02:00-03:00", &[]);
    march("Sun 02:15-02:45", &[]);
    // October: 22:00 to 04:00 with an hour twice, seven hours. Opening and closing at 02:30 are both of the
    // first pass.
    let october = |rule, expected: &[&str]| {
        check(&[rule], &[], "Europe/Berlin", "2025-10-25", "2025-10-27", expected);
    };
    october("Sat 22:00-04:00", &["2025-10-25T20:00/2025-10-26T03:00"]);
    october("Sat 22:00-02:30", &["2025-10-25T20:00/2025-10-26T00:30"]);
    october("Sun 02:30-10:00", &["2025-10-26T00:30/2025-10-26T09:00"]);
    october("Sun 02:15-02:45", &["2025-10-26T00:15/2025-10-26T00:45"]);
    // Los Angeles changes on other nights; China not at all.
    check(
        &["Sat 22:00-04:00"],
        &[],
        "America/Los_Angeles",
        "2025-03-08",
        "2025-03-10",
        &["2025-03-09T06:00/2025-03-09T11:00"],
    );
    check(
        &["Sat 22:00-04:00"],
        &[],
        "Asia/Shanghai",
        "2025-03-29",
        "2025-03-31",
        &["2025-03-29T14:00/2025-03-29T20:00"],
    );
}

#[test]
fn closed_dates() {
    // Spring Festival: the night shift of Monday 27 January ends at midnight, and of that of 4 February the
    // part after midnight is left.
    check(
        &["Mon-Sun 22:00-02:00"],
        &["2025-01-28..2025-02-04"],
        "Asia/Shanghai",
        "2025-01-27",
        "2025-02-06",
        &[
            "2025-01-26T16:00/2025-01-26T18:00",
            "2025-01-27T14:00/2025-01-27T16:00",
            "2025-02-04T16:00/2025-02-04T18:00",
            "2025-02-05T14:00/2025-02-05T16:00",
        ],
    );
    // One day of continuous opening; ranges may overlap; the leap day exists.
    check(
        &["Mon-Sun 00:00-24:00"],
        &["2028-02-29", "2028-02-29..2028-03-01"],
        "UTC",
        "2028-02-28",
        "2028-03-04",
        &["2028-02-28T00:00/2028-02-29T00:00", "2028-03-02T00:00/2028-03-04T00:00"],
    );
    // A closed day of 23 and one of 25 hours.
    check(
        &["Mon-Sun 00:00-24:00"],
        &["2025-03-30"],
        "Europe/Berlin",
        "2025-03-29",
        "2025-04-01",
        &["2025-03-28T23:00/2025-03-29T23:00", "2025-03-30T22:00/2025-03-31T22:00"],
    );
    check(
        &["Mon-Sun 00:00-24:00"],
        &["2025-10-26"],
        "Europe/Berlin",
        "2025-10-25",
        "2025-10-28",
        &["2025-10-24T22:00/2025-10-25T22:00", "2025-10-26T23:00/2025-10-27T23:00"],
    );
}

/// Intervals in whole hours, within [0, 100).
fn open(intervals: &[(i64, i64)]) -> OpenIntervals {
    let intervals = intervals.iter().map(|(open, close)| (hour(*open), hour(*close))).collect();
    OpenIntervals::new(intervals, hour(0), hour(100))
}

fn hour(hours: i64) -> Time {
    Time::ZERO + Duration::from_hours(hours)
}

#[test]
fn questions_of_intervals() {
    let hours = open(&[(30, 40), (10, 20), (90, 200), (20, 25), (-10, 5), (50, 50)]);
    assert_eq!(
        hours.as_slice(),
        [(0, 5), (10, 25), (30, 40), (90, 100)].map(|(open, close)| (hour(open), hour(close)))
    );
    let instants = [-1, 0, 4, 5, 9, 10, 24, 25, 40, 89, 90, 99, 100, 101];
    let opens: Vec<_> = instants.iter().filter(|at| hours.is_open(hour(**at))).collect();
    assert_eq!(opens, [&0, &4, &10, &24, &90, &99]);
    for (at, expected) in [
        (-1, Some(0)),
        (0, Some(0)),
        (4, Some(4)),
        (5, Some(10)),
        (39, Some(39)),
        (40, Some(90)),
        (99, Some(99)),
        (100, None),
    ] {
        assert_eq!(hours.next_open_at(hour(at)), expected.map(hour), "open after {at}");
    }
    for (at, expected) in
        [(-1, Some(5)), (4, Some(5)), (5, Some(25)), (24, Some(25)), (25, Some(40)), (40, None), (95, None)]
    {
        assert_eq!(hours.next_close_at(hour(at)), expected.map(hour), "close after {at}");
    }
    for (from, to, expected) in
        [(0, 100, 40), (4, 11, 2), (5, 10, 0), (12, 13, 1), (24, 31, 2), (-50, 200, 40), (11, 4, 0)]
    {
        assert_eq!(hours.open_within(hour(from), hour(to)), Duration::from_hours(expected), "{from} to {to}");
    }
    // Work that pauses at closing, and ends exactly at closing if it can.
    for (from, work, expected) in [
        (0, 5, Some(5)),
        (0, 6, Some(11)),
        (6, 15, Some(25)),
        (6, 16, Some(31)),
        (7, 0, Some(7)),
        (95, 5, Some(100)),
        (95, 6, None),
        (0, 41, None),
    ] {
        assert_eq!(
            hours.after_open(hour(from), Duration::from_hours(work)),
            expected.map(hour),
            "{work} h from {from}"
        );
    }
    let always = OpenIntervals::always(Time::ZERO, Time::MAX);
    assert_eq!((always.is_open(hour(5)), always.next_close_at(hour(5))), (true, None));
    assert_eq!(always.after_open(hour(5), Duration::from_hours(1)), Some(hour(6)));
    assert!(open(&[]).is_never() && open(&[]).next_open_at(hour(0)).is_none());
}

#[test]
fn what_people_see_when_opening_hours_are_wrong() {
    let refusal = |text: &str| {
        let error = text.parse::<OpeningRule>().expect_err(text);
        error.hint().map_or(error.to_string(), |hint| format!("{error}\nhint: {hint}"))
    };
    assert_snapshot!(refusal("always"), @r"
    `always` is not an opening time: expected weekdays, opening and closing
    hint: write for example `Mon-Fri 08:00-18:00`
    ");
    assert_snapshot!(refusal("08:00-18:00"), @r"
    `08:00-18:00` is not an opening time: expected weekdays, opening and closing
    hint: write for example `Mon-Fri 08:00-18:00`
    ");
    assert_snapshot!(refusal("Mon-Fri 08:00"), @r"
    `Mon-Fri 08:00` is not an opening time: expected weekdays, opening and closing
    hint: write for example `Mon-Fri 08:00-18:00`
    ");
    assert_snapshot!(refusal("Mon-Fri 8:00-18:00"), @r"
    `8:00` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `Mon-Fri 08:00-18:00`?
    ");
    assert_snapshot!(refusal("Mon-Fri 24:00-06:00"), @r"
    `24:00` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `Tue-Sat 00:00-06:00`?
    ");
    assert_snapshot!(refusal("Sun 22:00-30:00"), @r"
    `30:00` is not a time of day: expected HH:MM from 00:00 to 24:00
    hint: did you mean `Sun 22:00-06:00`?
    ");
    assert_snapshot!(refusal("Sun 25:30-27:00"), @r"
    `25:30` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `Mon 01:30-03:00`?
    ");
    assert_snapshot!(refusal("Mon 08:00-34:00"), @r"
    `34:00` is not a time of day: expected HH:MM from 00:00 to 24:00
    hint: write for example `09:30`
    ");
    for zoned in [
        "Mon 08:00-18:00+08:00",
        "Mon 08:00Z-18:00Z",
        "Mon 08:00-18:00[Asia/Shanghai]",
        "Mon 08:00-18:00 UTC",
    ] {
        assert!(
            refusal(zoned).contains("has an offset or zone: what recurs is on the local clock of its place"),
            "{}",
            refusal(zoned)
        );
    }
    assert_snapshot!(refusal("Mon-Fri 08:00-24:30"), @r"
    `24:30` is not a time of day: expected HH:MM from 00:00 to 24:00
    hint: did you mean `Mon-Fri 08:00-00:30`?
    ");
    assert_snapshot!(refusal("Mon-Sun 00:00-00:00"), @r"
    `Mon-Sun 00:00-00:00` opens and closes at the same time
    hint: open all day is `Mon-Sun 00:00-24:00`
    ");
    assert_snapshot!(refusal("Monday-Fri 08:00-18:00"), @r"
    `Monday` is not a weekday: expected `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat` or `Sun`
    hint: did you mean `Mon`?
    ");
    assert_snapshot!(refusal("Mon-Fri 08:00–18:00"), @r"
    `Mon-Fri 08:00–18:00` is not an opening time: expected weekdays, opening and closing
    hint: write for example `Mon-Fri 08:00-18:00`
    ");
    let refusal = |text: &str| {
        let error = text.parse::<ClosedDates>().expect_err(text);
        error.hint().map_or(error.to_string(), |hint| format!("{error}\nhint: {hint}"))
    };
    assert_snapshot!(refusal("2025-02-04..2025-01-28"), @"`2025-02-04..2025-01-28` ends before it begins");
    assert_snapshot!(refusal("2027-02-29"), @"`2027-02-29` is not in the calendar: expected a date from 1900-01-01 to 2199-12-31");
    assert_snapshot!(refusal("春节"), @r"
    `春节` is not a date: expected YYYY-MM-DD
    hint: write for example `2025-01-28`
    ");
    let hours = OpeningHours::parse(&["Mon 08:00-09:00", "x"]).map_err(|errors| errors[0].0);
    assert_eq!(hours, Err(1));
}

/// A weekly rule as text, and as weekdays with minutes for the naive check.
#[derive(Debug, Clone)]
struct Rule {
    first_day: i64,
    n_days: i64,
    opens: i64,
    closes: i64,
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Rule {
    fn text(&self) -> String {
        let day = |day: i64| DAYS[(day % 7) as usize];
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        let (first, last) = (day(self.first_day), day(self.first_day + self.n_days - 1));
        format!("{first}-{last} {}-{}", clock(self.opens), clock(self.closes))
    }

    /// Whether it is open at a minute of the local week, by nothing but the clock face.
    fn shows_open(&self, weekday: i64, minute: i64) -> bool {
        let begins_on = |day: i64| (day - self.first_day).rem_euclid(7) < self.n_days;
        let over_midnight = self.closes < self.opens;
        let today = begins_on(weekday) && minute >= self.opens && (over_midnight || minute < self.closes);
        today || (over_midnight && begins_on(weekday - 1) && minute < self.closes)
    }
}

fn rule() -> impl Strategy<Value = Rule> {
    // Half of the times fall into the small hours, where clocks change.
    let minute = || prop_oneof![0..1440_i64, 0..240_i64];
    (0..7_i64, 1..=7_i64, minute(), minute())
        .prop_filter("not empty", |(_, _, opens, closes)| opens != closes)
        .prop_map(|(first_day, n_days, opens, closes)| Rule { first_day, n_days, opens, closes })
}

proptest! {
    // Each case looks at 3600 minutes.
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn opening_agrees_with_the_clock_face(
        rules in prop::collection::vec(rule(), 0..4),
        closed_after_days in prop::collection::vec(0_i64..4, 0..2),
        (zone_name, night) in prop::sample::select(vec![
            ("Europe/Berlin", "2025-03-29"), ("Europe/Berlin", "2025-10-25"), ("America/Los_Angeles", "2025-03-08"),
            ("America/Los_Angeles", "2025-11-01"), ("Asia/Shanghai", "2025-03-29"), ("Australia/Lord_Howe", "2025-04-05"),
            ("America/Sao_Paulo", "2018-02-17"), ("America/Sao_Paulo", "2018-11-03"), ("UTC", "2028-02-28"),
        ]),
        skipped_minutes in 0_i64..1440,
    ) {
        let rules_text: Vec<String> = rules.iter().map(Rule::text).collect();
        let first_date: sanda_network::CivilDate = night.parse().expect("a date");
        let closed: Vec<String> = closed_after_days.iter().map(|days| first_date.plus_days(*days).to_string()).collect();
        let from = at(&format!("{night}T00:00"), zone_name) + Duration::from_mins(skipped_minutes);
        let to = from + Duration::from_hours(60);
        let hours = OpeningHours::parse(&rules_text).and_then(|hours| hours.closed_on(&closed)).expect("opening hours");
        let open = hours.expand(&epoch(), &zone(zone_name), from, to);

        prop_assert!(open.as_slice().iter().all(|(open, close)| from <= *open && open < close && *close <= to));
        prop_assert!(open.as_slice().windows(2).all(|pair| pair[0].1 < pair[1].0), "sorted, disjoint, merged");

        let rules_of_zone = TimeZoneDatabase::bundled().get(zone_name).expect("a zone");
        // In the second pass of a repeated hour nothing opens or closes: it is as in the last minute of the
        // first.
        let mut before = None;
        let mut n_open_minutes = 0;
        for minute in 0..3600 {
            let now = from + Duration::from_mins(minute);
            let timestamp = Timestamp::from_millisecond(epoch().unix_ms_at(now)).expect("a timestamp");
            let shown = rules_of_zone.to_datetime(timestamp);
            let second_pass = match rules_of_zone.to_ambiguous_timestamp(shown).offset() {
                AmbiguousOffset::Fold { after, .. } => rules_of_zone.to_offset(timestamp) == after,
                _ => false,
            };
            let date = shown.date().to_string();
            let minute_of_day = i64::from(shown.hour()) * 60 + i64::from(shown.minute());
            let weekday = i64::from(shown.weekday().to_monday_zero_offset());
            let shows_open = rules.iter().any(|rule| rule.shows_open(weekday, minute_of_day));
            let expected = if second_pass { before } else { Some(shows_open && !closed.contains(&date)) };
            let is_open = open.is_open(now);
            if let Some(expected) = expected {
                prop_assert_eq!(is_open, expected, "{} {} {:?}", shown, zone_name, &rules_text);
            }
            before = Some(is_open);
            n_open_minutes += i64::from(is_open);
        }
        prop_assert_eq!(open.open_within(from, to), Duration::from_mins(n_open_minutes));
    }

}

proptest! {
    #[test]
    fn questions_agree_with_one_another(
        intervals in prop::collection::vec((-20_i64..120, 0_i64..20), 0..12),
        from in 0_i64..100,
        to in 0_i64..100,
        work in 1_i64..60,
    ) {
        let hours = open(&intervals.iter().map(|(open, length)| (*open, open + length)).collect::<Vec<_>>());
        let is_open = |at: i64| (0..100).contains(&at) && intervals.iter().any(|(open, length)| *open <= at && at < open + length);
        prop_assert_eq!(hours.is_open(hour(from)), is_open(from));
        prop_assert_eq!(hours.next_open_at(hour(from)), (from..100).find(|at| is_open(*at)).map(hour));
        let closes = |at: &i64| *at < 100 && is_open(at - 1) && !is_open(*at);
        prop_assert_eq!(hours.next_close_at(hour(from)), (from + 1..100).find(closes).map(hour));
        let n_open = (from..to).filter(|at| is_open(*at)).count() as i64;
        prop_assert_eq!(hours.open_within(hour(from), hour(to)), Duration::from_hours(n_open));
        match hours.after_open(hour(from), Duration::from_hours(work)) {
            Some(end) => {
                prop_assert_eq!(hours.open_within(hour(from), end), Duration::from_hours(work));
                prop_assert!(hours.is_open(end - Duration::from_ms(1)), "work ends at the end of open time");
            }
            None => prop_assert!(hours.open_within(hour(from), hour(100)) < Duration::from_hours(work)),
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}", rule in "[MonTueWd,-]{0,9} [0-9:]{0,6}[-–][0-9:]{0,6}", dates in "[0-9.-]{0,24}") {
        for text in [text, rule, dates] {
            let _ = text.parse::<OpeningRule>().map_err(|error| (error.to_string(), error.hint()));
            let _ = text.parse::<ClosedDates>().map_err(|error| (error.to_string(), error.hint()));
        }
    }
}
