//! Weekly and listed departures.

use insta::assert_snapshot;
use sanda_network::{CivilError, DatedTimes, Moment, Repeated, WeeklyTime, WeeklyTimes};
use sanda_units::{Duration, Time};

use crate::{at, epoch, utc, zone};

/// The instants in Greenwich of a weekly timetable in a zone, from one local midnight to another.
#[track_caller]
fn check(entries: &[&str], zone_name: &str, from: &str, to: &str, expected: &[&str]) {
    let times = WeeklyTimes::parse(entries).expect("weekly times");
    let (from, to) = (at(&format!("{from}T00:00"), zone_name), at(&format!("{to}T00:00"), zone_name));
    let instants = times.expand(&epoch(), &zone(zone_name), from, to);
    assert_eq!(instants.into_iter().map(utc).collect::<Vec<_>>(), expected, "{entries:?} {zone_name}");
}

#[test]
fn weekly_departures() {
    check(
        &["Sat 10:20", "Wed 10:20"],
        "Asia/Shanghai",
        "2025-01-06",
        "2025-01-20",
        &["2025-01-08T02:20", "2025-01-11T02:20", "2025-01-15T02:20", "2025-01-18T02:20"],
    );
    check(
        &["Fri-Mon,Wed 23:59"],
        "UTC",
        "2025-01-06",
        "2025-01-13",
        &["2025-01-06T23:59", "2025-01-08T23:59", "2025-01-10T23:59", "2025-01-11T23:59", "2025-01-12T23:59"],
    );
    check(&["Tue 00:00"], "UTC", "2025-01-07", "2025-01-14", &["2025-01-07T00:00"]);
    check(&[], "UTC", "2025-01-07", "2025-01-14", &[]);
    assert_eq!(
        WeeklyTimes::parse(&["Mon-Fri 06:00", "Sat,Sun 09:00"]).map(|times| times.n_per_week()),
        Ok(7)
    );
}

#[test]
fn a_sunday_half_past_two_on_the_nights_of_change() {
    // Skipped in March: leaves at 03:00 summer time, 01:00Z. Repeated in October: leaves in the first pass,
    // summer time, 00:30Z.
    check(
        &["Sun 02:30"],
        "Europe/Berlin",
        "2025-03-17",
        "2025-04-07",
        &["2025-03-23T01:30", "2025-03-30T01:00", "2025-04-06T00:30"],
    );
    check(
        &["Sun 02:30"],
        "Europe/Berlin",
        "2025-10-13",
        "2025-11-03",
        &["2025-10-19T00:30", "2025-10-26T00:30", "2025-11-02T01:30"],
    );
    check(
        &["Sun 02:30"],
        "America/Los_Angeles",
        "2025-03-03",
        "2025-03-17",
        &["2025-03-09T10:00", "2025-03-16T09:30"],
    );
    check(
        &["Sun 01:30"],
        "America/Los_Angeles",
        "2025-10-27",
        "2025-11-10",
        &["2025-11-02T08:30", "2025-11-09T09:30"],
    );
    check(
        &["Sun 02:30"],
        "Asia/Shanghai",
        "2025-03-24",
        "2025-04-07",
        &["2025-03-29T18:30", "2025-04-05T18:30"],
    );
}

#[test]
fn departures_that_meet_at_the_end_of_a_gap_stay_two() {
    check(
        &["Sun 03:00", "Sun 02:10", "Sun 02:50"],
        "Europe/Berlin",
        "2025-03-30",
        "2025-03-31",
        &["2025-03-30T01:00", "2025-03-30T01:00", "2025-03-30T01:00"],
    );
}

#[test]
fn the_leap_day_has_its_departure() {
    // 2028-02-29 is a Tuesday.
    check(
        &["Tue 10:00"],
        "Asia/Shanghai",
        "2028-02-22",
        "2028-03-14",
        &["2028-02-22T02:00", "2028-02-29T02:00", "2028-03-07T02:00"],
    );
    check(&["Mon,Wed 10:00"], "UTC", "2028-02-28", "2028-03-02", &["2028-02-28T10:00", "2028-03-01T10:00"]);
}

#[test]
fn the_range_includes_its_beginning_alone() {
    let times = WeeklyTimes::parse(&["Mon-Sun 12:00"]).expect("weekly times");
    let shanghai = zone("Asia/Shanghai");
    let noon = Time::ZERO + Duration::from_hours(12);
    let expand = |from, to| times.expand(&epoch(), &shanghai, from, to);
    assert_eq!(expand(noon, noon + Duration::from_days(1)), [noon]);
    assert_eq!(expand(noon + Duration::from_ms(1), noon + Duration::from_days(1)), []);
    assert_eq!(expand(noon, noon), []);
    assert_eq!(expand(noon, Time::ZERO), []);
    // Before the start as well.
    assert_eq!(expand(noon - Duration::from_days(2), noon).len(), 2);
    // A range without end stops where dates do.
    assert!(expand(noon, Time::MAX).len() > 60_000);
}

/// A timetable of listed departures.
fn dated(texts: &[&str]) -> DatedTimes {
    DatedTimes::new(texts.iter().map(|text| text.parse::<Moment>().expect("a departure")).collect())
}

#[test]
fn listed_departures() {
    let listed = dated(&["2025-04-01T08:00", "2025-03-30T02:30", "2025-03-30T03:00", "2024-12-31T23:00"]);
    let year = Time::ZERO + Duration::from_days(365);
    let instants = listed.expand(&epoch(), &zone("Europe/Berlin"), Time::ZERO, year);
    assert_eq!(
        instants.into_iter().map(utc).collect::<Vec<_>>(),
        ["2025-03-30T01:00", "2025-03-30T01:00", "2025-04-01T06:00"]
    );
    // Two that meet at the end of a gap are not the same.
    assert_eq!(listed.repeated(&epoch(), &zone("Europe/Berlin")), []);
}

#[test]
fn a_departure_that_is_named_again_is_one() {
    check(
        &["Mon 08:00", "Mon-Fri 08:00", "Tue,Fri 08:00"],
        "UTC",
        "2025-01-06",
        "2025-01-11",
        &["2025-01-06T08:00", "2025-01-07T08:00", "2025-01-08T08:00", "2025-01-09T08:00", "2025-01-10T08:00"],
    );
    let weekly = WeeklyTimes::parse(&["Mon 08:00", "Mon-Fri 08:00", "Mon 09:00", "Sun-Tue 08:00"]);
    let weekly = weekly.expect("weekly times");
    assert_eq!(weekly.n_per_week(), 7);
    let repeated: Vec<_> = weekly
        .repeated()
        .into_iter()
        .map(|(again, days)| (again.entry, again.first, days.to_string()))
        .collect();
    assert_eq!(repeated, [(1, 0, "Mon".to_owned()), (3, 0, "Mon".to_owned()), (3, 1, "Tue".to_owned())]);
    // The same instant in four spellings; 09:00 in Berlin is 16:00 in Shanghai.
    let listed = dated(&[
        "2025-01-08T16:00",
        "2025-01-07T16:00",
        "2025-01-08 09:00:00[Europe/Berlin]",
        "2025-01-08T08:00Z",
        "2025-01-08T16:00+08:00[Asia/Shanghai]",
    ]);
    let (shanghai, year) = (zone("Asia/Shanghai"), Time::ZERO + Duration::from_days(365));
    let instants = listed.expand(&epoch(), &shanghai, Time::ZERO, year);
    assert_eq!(instants.into_iter().map(utc).collect::<Vec<_>>(), ["2025-01-07T08:00", "2025-01-08T08:00"]);
    let again = |entry| Repeated { entry, first: 0 };
    assert_eq!(listed.repeated(&epoch(), &shanghai), [again(2), again(3), again(4)]);
}

#[test]
fn what_people_see_when_a_weekly_time_is_wrong() {
    let refusal = |text: &str| {
        let error = text.parse::<WeeklyTime>().expect_err(text);
        error.hint().map_or(error.to_string(), |hint| format!("{error}\nhint: {hint}"))
    };
    assert_snapshot!(refusal("Wed"), @r"
    `Wed` is not a weekly time: expected weekdays and a time of day
    hint: write for example `Wed 10:20`
    ");
    assert_snapshot!(refusal("Wednesday 10:20"), @r"
    `Wednesday` is not a weekday: expected `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat` or `Sun`
    hint: did you mean `Wed`?
    ");
    assert_snapshot!(refusal("周三 10:20"), @r"
    `周三` is not a weekday: expected `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat` or `Sun`
    hint: did you mean `Wed`?
    ");
    assert_snapshot!(refusal("Wes 10:20"), @"`Wes` is not a weekday: expected `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat` or `Sun`");
    assert_snapshot!(refusal("Wed 10.20"), @r"
    `10.20` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `Wed 10:20`?
    ");
    assert_snapshot!(refusal("Wed 24:00"), @r"
    `24:00` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `Thu 00:00`?
    ");
    assert_snapshot!(refusal("Mon 25:30"), @r"
    `25:30` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `Tue 01:30`?
    ");
    assert_snapshot!(refusal("Sun 24:30"), @r"
    `24:30` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `Mon 00:30`?
    ");
    assert_snapshot!(refusal("Fri-Sun 49:05"), @r"
    `49:05` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `Mon,Tue,Sun 01:05`?
    ");
    assert_snapshot!(refusal("Mon-Fri 8:05:00"), @r"
    `8:05:00` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `Mon-Fri 08:05`?
    ");
    assert_snapshot!(refusal("Mon-Fri 23:60"), @r"
    `23:60` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: write for example `09:30`
    ");
    for zoned in [
        "Wed 10:20Z",
        "Wed 10:20+08:00",
        "Wed 10:20 +08:00",
        "Wed 10:20[Europe/Berlin]",
        "Wed 10:20 [Europe/Berlin]",
        "Wed 10:20 UTC",
        "Wed 10:20-05:00",
    ] {
        let refused = refusal(zoned);
        assert!(
            refused.contains(
                "has an offset or zone: what recurs is on the local clock of its place\nhint: leave it out"
            ),
            "{refused}"
        );
    }
    assert_snapshot!(refusal("Wed, 10:20"), @"`` is not a weekday: expected `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat` or `Sun`");
    let errors = WeeklyTimes::parse(&["Wed 10:20", "x", "Wed 1:00"]).expect_err("two are wrong");
    assert_eq!(errors.iter().map(|(position, _)| *position).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        errors[1].1,
        CivilError::Clock { text: "1:00".to_owned(), last: "23:59", near: Some("Wed 01:00".to_owned()) }
    );
}
