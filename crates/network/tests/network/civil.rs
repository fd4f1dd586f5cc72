//! Dates, local times and the epoch.

use insta::assert_snapshot;
use jiff::civil::Date;
use proptest::prelude::*;
use sanda_network::{CivilDate, CivilDateTime, Epoch, Zone, tz_version};
use sanda_units::{Duration, Time};

use crate::{at, epoch, utc, zone};

#[test]
fn every_date_is_that_of_jiff() {
    let mut date = Date::new(1900, 1, 1).expect("a date");
    let (first, last) = (CivilDate::FIRST.days(), CivilDate::LAST.days());
    for days in first..=last {
        let ours = CivilDate::from_days(days);
        let (year, month, day) = ours.ymd();
        assert_eq!(
            (year, month, day),
            (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()))
        );
        assert_eq!(CivilDate::from_ymd(year, month, day), Some(ours));
        assert_eq!(ours.weekday().index(), date.weekday().to_monday_zero_offset() as usize);
        date = date.tomorrow().expect("a next day");
    }
    assert_eq!(date, Date::new(2200, 1, 1).expect("a date"));
}

#[test]
fn the_epoch_is_a_civil_instant() {
    let epoch = epoch();
    // 2025-01-05T16:00Z.
    assert_eq!(epoch.unix_ms(), 1_736_092_800_000);
    assert_eq!(epoch.to_string(), "2025-01-06T00:00[Asia/Shanghai]");
    assert_eq!(epoch.time_at_unix_ms(epoch.unix_ms() + 5), Time::from_ms(5));
    assert_eq!(epoch.unix_ms_at(Time::from_ms(-5)), epoch.unix_ms() - 5);
    assert_eq!(epoch.local(Time::ZERO, &zone("Europe/Warsaw")).to_string(), "2025-01-05T17:00+01:00");
    assert_eq!(
        epoch.local(Time::from_ms(61_001), &zone("Asia/Shanghai")).to_string(),
        "2025-01-06T00:01:01.001+08:00"
    );
    // A date alone is its midnight.
    assert_eq!("2025-01-06[Asia/Shanghai]".parse(), Ok(epoch.clone()));
    // A start in a skipped hour is the end of the gap too.
    let skipped: Epoch = "2025-03-30T02:30[Europe/Berlin]".parse().expect("a start");
    assert_eq!(skipped.to_string(), "2025-03-30T03:00[Europe/Berlin]");
    // Nothing overflows at the ends of the clock.
    assert!(epoch.local(Time::MAX, epoch.zone()).to_string().len() > 10);
    assert!(epoch.local(Time::MIN, epoch.zone()).to_string().len() > 10);
}

/// A local time and the instant in Greenwich that it becomes.
#[track_caller]
fn check(local: &str, zone_name: &str, expected: &str) {
    assert_eq!(utc(at(local, zone_name)), expected, "{local} {zone_name}");
}

#[test]
fn skipped_and_repeated_hours() {
    check("2025-03-30T01:59", "Europe/Berlin", "2025-03-30T00:59");
    check("2025-03-30T02:00", "Europe/Berlin", "2025-03-30T01:00");
    check("2025-03-30T02:30", "Europe/Berlin", "2025-03-30T01:00");
    check("2025-03-30T02:59", "Europe/Berlin", "2025-03-30T01:00");
    check("2025-03-30T03:00", "Europe/Berlin", "2025-03-30T01:00");
    check("2025-03-30T03:01", "Europe/Berlin", "2025-03-30T01:01");
    check("2025-10-26T01:59", "Europe/Berlin", "2025-10-25T23:59");
    check("2025-10-26T02:00", "Europe/Berlin", "2025-10-26T00:00");
    check("2025-10-26T02:30", "Europe/Berlin", "2025-10-26T00:30");
    check("2025-10-26T03:00", "Europe/Berlin", "2025-10-26T02:00");
    check("2025-03-09T02:30", "America/Los_Angeles", "2025-03-09T10:00");
    check("2025-11-02T01:30", "America/Los_Angeles", "2025-11-02T08:30");
    check("2025-11-02T02:00", "America/Los_Angeles", "2025-11-02T10:00");
    // China keeps one time all year.
    check("2025-03-30T02:30", "Asia/Shanghai", "2025-03-29T18:30");
    check("2025-10-26T02:30", "Asia/Shanghai", "2025-10-25T18:30");
    // Long after the last change the database lists, by its rule for ever: 2099-03-29 is the last Sunday of
    // March.
    check("2099-03-29T02:30", "Europe/Berlin", "2099-03-29T01:00");
    // Changes of half an hour, at midnight, and of a whole day.
    check("2025-10-05T02:15", "Australia/Lord_Howe", "2025-10-04T15:30");
    check("2018-11-04T00:30", "America/Sao_Paulo", "2018-11-04T03:00");
    check("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00");
}

#[test]
fn cross_zone_arithmetic_worked_by_hand() {
    let hours = |from: Time, to: Time| to - from;
    // Noon in Wuhan is 04:00Z; noon in Almaty 07:00Z since 1 March 2024, 06:00Z before.
    let noon = |date: &str, zone_name: &str| at(&format!("{date}T12:00"), zone_name);
    assert_eq!(
        hours(noon("2025-01-06", "Asia/Shanghai"), noon("2025-01-06", "Asia/Almaty")),
        Duration::from_hours(3)
    );
    assert_eq!(
        hours(noon("2024-02-29", "Asia/Shanghai"), noon("2024-02-29", "Asia/Almaty")),
        Duration::from_hours(2)
    );
    // Wednesday 10:20 in Wuhan is 02:20Z, Sunday 04:00 in Warsaw after the clocks went forward 02:00Z: 20 min
    // short of four days.
    let wuhan = at("2025-03-26T10:20", "Asia/Shanghai");
    let warsaw = at("2025-03-30T04:00", "Europe/Warsaw");
    assert_eq!(hours(wuhan, warsaw).to_string(), "3d 23h 40min");
    // Warsaw 01:00 is 00:00Z, Los Angeles 03:30 on the day its clocks went forward 10:30Z; Europe changes
    // three weeks later.
    let los_angeles = at("2025-03-09T03:30", "America/Los_Angeles");
    assert_eq!(hours(at("2025-03-09T01:00", "Europe/Warsaw"), los_angeles).to_string(), "10h 30min");
    // An aircraft that leaves Wuhan on Saturday 1 November 13:00 (05:00Z) and flies 12 h 30 min lands at
    // 17:30Z, 10:30 in Los Angeles; a day later, after the clocks went back, it lands at 09:30.
    let lands = |departs: &str| {
        let landed = at(departs, "Asia/Shanghai") + Duration::from_mins(750);
        epoch().local(landed, &zone("America/Los_Angeles")).to_string()
    };
    assert_eq!(lands("2025-11-01T13:00"), "2025-11-01T10:30-07:00");
    assert_eq!(lands("2025-11-02T13:00"), "2025-11-02T09:30-08:00");
}

#[test]
fn what_people_see_when_a_start_is_wrong() {
    let refusal = |text: &str| {
        let error = text.parse::<Epoch>().expect_err(text);
        error.hint().map_or(error.to_string(), |hint| format!("{error}\nhint: {hint}"))
    };
    assert_snapshot!(refusal(""), @r"
    `` is not a date: expected YYYY-MM-DD
    hint: write for example `2025-01-28`
    ");
    assert_snapshot!(refusal("2025-01-06"), @r"
    `2025-01-06` has no time zone in brackets: expected a local date and time with its zone
    hint: write for example `2025-01-06T00:00[Asia/Shanghai]`
    ");
    assert_snapshot!(refusal("2025-01-06T00:00"), @r"
    `2025-01-06T00:00` has no time zone in brackets: expected a local date and time with its zone
    hint: write for example `2025-01-06T00:00[Asia/Shanghai]`
    ");
    assert_snapshot!(refusal("2025-01-06T00:00+08:00"), @r"
    `2025-01-06T00:00+08:00` has no time zone in brackets: expected a local date and time with its zone
    hint: write for example `2025-01-06T00:00[Asia/Shanghai]`
    ");
    assert_snapshot!(refusal("2025-01-06T00:00+00:00[Asia/Shanghai]"), @r"
    `2025-01-06T00:00+00:00[Asia/Shanghai]` contradicts itself: the clocks of `Asia/Shanghai` are at +08:00 then
    hint: write +08:00, or leave the offset out
    ");
    assert_snapshot!(refusal("2025-02-29T00:00[Asia/Shanghai]"), @"`2025-02-29` is not in the calendar: expected a date from 1900-01-01 to 2199-12-31");
    assert_snapshot!(refusal("0225-01-06T00:00[Asia/Shanghai]"), @"`0225-01-06` is not in the calendar: expected a date from 1900-01-01 to 2199-12-31");
    assert_snapshot!(refusal("2025-1-6T00:00[Asia/Shanghai]"), @r"
    `2025-1-6` is not a date: expected YYYY-MM-DD
    hint: did you mean `2025-01-06`?
    ");
    assert_snapshot!(refusal("2025-01-06T24:00[Asia/Shanghai]"), @r"
    `2025-01-06T24:00[Asia/Shanghai]` has a time of day past 23:59
    hint: did you mean `2025-01-07T00:00`?
    ");
    assert_snapshot!(refusal("2025-01-06T9:30[Asia/Shanghai]"), @r"
    `9:30` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `09:30`?
    ");
    assert_snapshot!(refusal("2025-01-06T00:00[Asia/Wuhan]"), @r"
    unknown time zone `Asia/Wuhan`: expected a name of the IANA database such as `Asia/Shanghai`
    hint: did you mean `Asia/Shanghai`?
    ");
    assert_snapshot!(refusal("2025-01-06T00:00[Berlin]"), @r"
    unknown time zone `Berlin`: expected a name of the IANA database such as `Asia/Shanghai`
    hint: did you mean `Europe/Berlin`?
    ");
    assert_snapshot!(refusal("2025-01-06T00:00[北京]"), @r"
    unknown time zone `北京`: expected a name of the IANA database such as `Asia/Shanghai`
    hint: did you mean `Asia/Shanghai`?
    ");
    assert_snapshot!(refusal("2025-01-06T00:00[Nowhere/Land]"), @"unknown time zone `Nowhere/Land`: expected a name of the IANA database such as `Asia/Shanghai`");
    assert_snapshot!(refusal("２０２５-01-06T00:00[Asia/Shanghai]"), @r"
    `２０２５-01-06` is not a date: expected YYYY-MM-DD
    hint: write for example `2025-01-28`
    ");
}

#[test]
fn zones() {
    assert_eq!(zone("asia/shanghai").name(), "Asia/Shanghai");
    assert_eq!(zone("Europe/Berlin"), zone("Europe/Berlin"));
    assert_ne!(zone("Europe/Berlin"), zone("Europe/Warsaw"));
    for junk in ["", "/", "Etc/Unknown", "Asia", "UTC+8", "../Europe/Berlin"] {
        assert!(Zone::named(junk).is_err(), "{junk}");
    }
    // A year and a letter: the form that provenance prints.
    assert!(tz_version().len() == 5 && tz_version().starts_with("20"), "{}", tz_version());
}

proptest! {
    #[test]
    fn local_times_are_read_back(minutes in -30_000_000_i64..100_000_000) {
        let days = CivilDate::from_days(minutes.div_euclid(1440));
        let local = CivilDateTime::new(days, minutes.rem_euclid(1440) * 60_000);
        prop_assert_eq!(local.to_string().parse(), Ok(local));
    }

    #[test]
    fn instants_never_run_backwards(
        minutes in 0_i64..6_000_000,
        step in 0_i64..3000,
        name in prop::sample::select(vec!["Europe/Berlin", "America/Los_Angeles", "Asia/Shanghai", "Australia/Lord_Howe", "America/Sao_Paulo"]),
    ) {
        // From 2014 on, eleven years.
        let local = |minutes: i64| CivilDateTime::new(CivilDate::from_days(16_071), minutes * 60_000);
        let (first, second) = (epoch().time_of(local(minutes), &zone(name)), epoch().time_of(local(minutes + step), &zone(name)));
        prop_assert!(first <= second);
        // Unless it was skipped, the clock shows at the instant what was asked for.
        let shown = epoch().local(first, &zone(name)).civil;
        prop_assert!(shown >= local(minutes));
        if shown > local(minutes) {
            let before = epoch().local(first - Duration::from_ms(1), &zone(name)).civil;
            prop_assert!(before < local(minutes), "the first instant after the gap");
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}", date in "[0-9-]{8,11}", clock in "[0-9:]{3,6}", name in "[A-Za-z/_]{0,20}") {
        let _ = text.parse::<Epoch>().map_err(|error| (error.to_string(), error.hint()));
        let _ = format!("{date}T{clock}[{name}]").parse::<Epoch>().map_err(|error| (error.to_string(), error.hint()));
        let _ = format!("{date}T{clock}").parse::<CivilDateTime>().map_err(|error| (error.to_string(), error.hint()));
    }
}
