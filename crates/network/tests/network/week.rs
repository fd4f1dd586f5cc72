//! Local hours, months and days of instants.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use proptest::prelude::*;
use sanda_network::{CivilDate, WeekClock};
use sanda_units::{Duration, Time};

use crate::{at, epoch, utc, zone};

fn clock(zone_name: &str) -> WeekClock {
    let (from, to) = (Time::ZERO - Duration::from_days(365), Time::ZERO + Duration::from_days(3 * 365));
    WeekClock::new(&epoch(), &zone(zone_name), from, to)
}

#[test]
fn the_start_of_a_week() {
    let shanghai = clock("Asia/Shanghai");
    assert_eq!(shanghai.changes().count(), 0);
    assert_eq!(shanghai.hour_of_week(Time::ZERO), 0);
    assert_eq!(shanghai.hour_of_week(Time::from_ms(-1)), 167);
    assert_eq!(shanghai.hour_of_week(Time::ZERO + Duration::from_ms(3_600_000 - 1)), 0);
    assert_eq!((shanghai.year(Time::ZERO), shanghai.month(Time::ZERO)), (2025, 0));
    assert_eq!(
        (
            shanghai.year(at("2024-12-31T23:59", "Asia/Shanghai")),
            shanghai.month(at("2024-12-31T23:59", "Asia/Shanghai"))
        ),
        (2024, 11)
    );
    assert_eq!(shanghai.end_of_day(Time::ZERO), Time::ZERO + Duration::from_days(1));
    assert_eq!(shanghai.end_of_day(Time::from_ms(-1)), Time::ZERO);
    // Half an hour off the full hour in Greenwich.
    let kolkata = clock("Asia/Kolkata");
    assert_eq!(utc(kolkata.next_hour_at(at("2025-01-06T10:10", "UTC"))), "2025-01-06T10:30");
}

#[test]
fn the_nights_of_change_in_berlin() {
    let berlin = clock("Europe/Berlin");
    let changes: Vec<_> = berlin.changes().map(|(at, by)| (utc(at), by / 3_600_000)).take(4).collect();
    let expected = [
        ("2024-03-31T01:00", 1),
        ("2024-10-27T01:00", -1),
        ("2025-03-30T01:00", 1),
        ("2025-10-26T01:00", -1),
    ];
    assert_eq!(changes, expected.map(|(at, by)| (at.to_owned(), by)));
    // Sunday hours are 144 to 167. In March 02 is missing, in October it comes twice.
    let hours = |from: &str, n_hours: i64| {
        let from = at(from, "UTC");
        (0..n_hours)
            .map(|hour| berlin.hour_of_week(from + Duration::from_hours(hour)) - 144)
            .collect::<Vec<_>>()
    };
    assert_eq!(hours("2025-03-29T23:00", 4), [0, 1, 3, 4]);
    assert_eq!(hours("2025-10-25T22:00", 5), [0, 1, 2, 2, 3]);
    assert_eq!(utc(berlin.next_hour_at(at("2025-03-30T00:20", "UTC"))), "2025-03-30T01:00");
    assert_eq!(utc(berlin.next_hour_at(at("2025-10-26T00:20", "UTC"))), "2025-10-26T01:00");
    // The day of March has 23 hours, that of October 25.
    let day = |date: &str| {
        let begin = at(&format!("{date}T00:00"), "Europe/Berlin");
        berlin.end_of_day(begin) - begin
    };
    assert_eq!(day("2025-03-30"), Duration::from_hours(23));
    assert_eq!(day("2025-10-26"), Duration::from_hours(25));
    assert_eq!(day("2025-10-27"), Duration::from_hours(24));
}

#[test]
fn the_leap_day() {
    let clock =
        WeekClock::new(&epoch(), &zone("Europe/Berlin"), Time::ZERO, Time::ZERO + Duration::from_days(2000));
    let noon = at("2028-02-29T12:00", "Europe/Berlin");
    assert_eq!(clock.date(noon).to_string(), "2028-02-29");
    assert_eq!(clock.month(noon), 1);
    assert_eq!(clock.hour_of_week(noon), 36);
    assert_eq!(clock.date(clock.end_of_day(noon)).to_string(), "2028-03-01");
}

#[test]
fn a_midnight_that_is_skipped_or_comes_twice() {
    let from = at("2018-01-01T00:00", "UTC");
    let clock = WeekClock::new(&epoch(), &zone("America/Sao_Paulo"), from, from + Duration::from_days(730));
    // 2018-11-04 begins at 01:00, 03:00Z. 2018-02-17 has its last hour twice and ends at 03:00Z.
    assert_eq!(utc(clock.end_of_day(at("2018-11-03T12:00", "America/Sao_Paulo"))), "2018-11-04T03:00");
    assert_eq!(utc(clock.end_of_day(at("2018-02-17T12:00", "America/Sao_Paulo"))), "2018-02-18T03:00");
}

fn jiff_zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).expect("a zone")
}

proptest! {
    #[test]
    fn the_clock_shows_what_jiff_shows(
        ms in 0_i64..2 * 365 * 86_400_000,
        near_change in -7_200_000_i64..7_200_000,
        name in prop::sample::select(vec!["Europe/Berlin", "America/Los_Angeles", "Asia/Shanghai", "Australia/Lord_Howe", "Asia/Kolkata"]),
    ) {
        let (clock, rules) = (clock(name), jiff_zone(name));
        let changes: Vec<Time> = clock.changes().map(|(at, _)| at).collect();
        let near = changes.get(ms as usize % 5).map(|at| *at + Duration::from_ms(near_change));
        for at in [Some(Time::from_ms(ms)), near].into_iter().flatten() {
            let shown = |at: Time| {
                rules.to_datetime(Timestamp::from_millisecond(epoch().unix_ms_at(at)).expect("a timestamp"))
            };
            let hour_of_week = |at: Time| {
                shown(at).weekday().to_monday_zero_offset() as usize * 24 + shown(at).hour() as usize
            };
            prop_assert_eq!(clock.hour_of_week(at), hour_of_week(at));
            prop_assert_eq!(clock.month(at), shown(at).month() as usize - 1);
            prop_assert_eq!(clock.year(at), i64::from(shown(at).year()));
            let date = shown(at).date();
            prop_assert_eq!(clock.date(at), CivilDate::from_ymd(date.year().into(), date.month().into(), date.day().into()).expect("a date"));
            prop_assert_eq!(clock.local(at), epoch().local(at, &zone(name)).civil);

            // Until the next hour nothing changes; at it, the clock shows a full hour or has just been
            // changed.
            let next = clock.next_hour_at(at);
            prop_assert!(at < next && next - at <= Duration::from_hours(1));
            prop_assert_eq!(hour_of_week(next - Duration::from_ms(1)), hour_of_week(at));
            prop_assert!(shown(next).minute() == 0 || changes.contains(&next));

            let end = clock.end_of_day(at);
            prop_assert!(at < end && end - at <= Duration::from_hours(25));
            prop_assert_eq!(shown(end - Duration::from_ms(1)).date(), date);
            prop_assert_eq!(shown(end).date(), date.tomorrow().expect("a next day"));
        }
    }
}
