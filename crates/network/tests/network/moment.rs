//! Dates with a time of day as texts state them.

use insta::assert_snapshot;
use proptest::prelude::*;
use sanda_network::{CivilDate, CivilDateTime, Epoch, Moment};

use crate::{epoch, utc, zone};

/// A text, and the instant in Greenwich that it means for a place that keeps the time of a zone.
#[track_caller]
fn check(text: &str, place: &str, expected: &str) {
    let moment: Moment = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(utc(moment.at(&epoch(), &zone(place))), expected, "{text} for {place}");
    let again: Moment = moment.to_string().parse().expect("what is printed is read");
    assert_eq!(again, moment, "{moment}");
}

#[test]
fn without_offset_and_zone_it_is_on_the_clock_of_its_place() {
    check("2025-01-08T10:00", "Asia/Shanghai", "2025-01-08T02:00");
    check("2025-01-08 10:00", "Europe/Berlin", "2025-01-08T09:00");
    check("2025-01-08t10:00:30", "Europe/Berlin", "2025-01-08T09:00:30");
    check("2025-01-08 10:00:00.250", "Europe/Berlin", "2025-01-08T09:00:00.250");
    check("2025-01-08 10:00:59.999500000", "Europe/Berlin", "2025-01-08T09:01");
    check("2025-01-08", "Europe/Berlin", "2025-01-07T23:00");
    check("2025-03-30T02:30", "Europe/Berlin", "2025-03-30T01:00");
    check("2025-10-26T02:30", "Europe/Berlin", "2025-10-26T00:30");
}

#[test]
fn an_offset_makes_it_an_instant_everywhere() {
    for place in ["Asia/Shanghai", "Europe/Berlin"] {
        for offset in ["Z", "z", " UTC", "+00:00", "-00:00", "+0000", "+00", " +00:00"] {
            check(&format!("2025-01-06 10:00:00{offset}"), place, "2025-01-06T10:00");
        }
        check("2025-01-06T10:00+08:00", place, "2025-01-06T02:00");
        check("2025-01-06T10:00-0530", place, "2025-01-06T15:30");
        // The two passes of a repeated hour.
        check("2025-10-26T02:30+02:00", place, "2025-10-26T00:30");
        check("2025-10-26T02:30+01:00", place, "2025-10-26T01:30");
    }
}

#[test]
fn a_zone_is_that_of_the_clock() {
    check("2025-01-08T10:00[Europe/Berlin]", "Asia/Shanghai", "2025-01-08T09:00");
    check("2025-01-08[Europe/Berlin]", "Asia/Shanghai", "2025-01-07T23:00");
    check("2025-10-26T02:30[Europe/Berlin]", "Asia/Shanghai", "2025-10-26T00:30");
    check("2025-10-26T02:30+02:00[Europe/Berlin]", "Asia/Shanghai", "2025-10-26T00:30");
    check("2025-10-26T02:30+01:00[Europe/Berlin]", "Asia/Shanghai", "2025-10-26T01:30");
    check("2025-01-08T10:00Z[Europe/London]", "Asia/Shanghai", "2025-01-08T10:00");
}

#[test]
fn a_start_may_be_in_the_second_pass() {
    let first: Epoch = "2025-10-26T02:30+02:00[Europe/Berlin]".parse().expect("a start");
    let second: Epoch = "2025-10-26T02:30+01:00[Europe/Berlin]".parse().expect("a start");
    assert_eq!(second.unix_ms() - first.unix_ms(), 3_600_000);
    assert_eq!(first, "2025-10-26T02:30[Europe/Berlin]".parse().expect("a start"));
    assert_eq!(first.to_string(), "2025-10-26T02:30[Europe/Berlin]");
    assert_eq!(second.to_string(), "2025-10-26T02:30+01:00[Europe/Berlin]");
    assert_eq!(second.to_string().parse(), Ok(second));
}

#[test]
fn what_people_see_when_it_is_wrong() {
    let refusal = |text: &str| {
        let error = text.parse::<Moment>().expect_err(text);
        error.hint().map_or(error.to_string(), |hint| format!("{error}\nhint: {hint}"))
    };
    assert_snapshot!(refusal("2025-01-06T00:00+00:00[Asia/Shanghai]"), @r"
    `2025-01-06T00:00+00:00[Asia/Shanghai]` contradicts itself: the clocks of `Asia/Shanghai` are at +08:00 then
    hint: write +08:00, or leave the offset out
    ");
    assert_snapshot!(refusal("2025-01-06T00:00Z[Asia/Shanghai]"), @r"
    `2025-01-06T00:00Z[Asia/Shanghai]` contradicts itself: the clocks of `Asia/Shanghai` are at +08:00 then
    hint: write +08:00, or leave the offset out
    ");
    assert_snapshot!(refusal("2025-10-26T02:30+03:00[Europe/Berlin]"), @r"
    `2025-10-26T02:30+03:00[Europe/Berlin]` contradicts itself: the clocks of `Europe/Berlin` are at +02:00 or +01:00 then
    hint: write +02:00 or +01:00, or leave the offset out
    ");
    assert_snapshot!(refusal("2025-03-30T02:30+01:00[Europe/Berlin]"), @"`2025-03-30T02:30+01:00[Europe/Berlin]` contradicts itself: the clocks of `Europe/Berlin` skip that time");
    assert_snapshot!(refusal("2025-03-30T02:30+02:00[Europe/Berlin]"), @"`2025-03-30T02:30+02:00[Europe/Berlin]` contradicts itself: the clocks of `Europe/Berlin` skip that time");
    assert_snapshot!(refusal("2025-01-08T25:30"), @r"
    `2025-01-08T25:30` has a time of day past 23:59
    hint: did you mean `2025-01-09T01:30`?
    ");
    assert_snapshot!(refusal("2025-12-31T24:00"), @r"
    `2025-12-31T24:00` has a time of day past 23:59
    hint: did you mean `2026-01-01T00:00`?
    ");
    assert_snapshot!(refusal("2025-01-08T9:30"), @r"
    `9:30` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: did you mean `09:30`?
    ");
    assert_snapshot!(refusal("2025-01-08T10"), @r"
    `10` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: write for example `09:30`
    ");
    assert_snapshot!(refusal("2025-01-08T"), @r"
    `` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: write for example `09:30`
    ");
    assert_snapshot!(refusal("2025-01-08 10:00 CST"), @r"
    `CST` is not an offset from UTC: expected `Z` or one such as `+08:00`
    hint: a zone is written in brackets, as in `[Asia/Shanghai]`
    ");
    assert_snapshot!(refusal("2025-01-08 10:00 PM"), @r"
    `PM` is not an offset from UTC: expected `Z` or one such as `+08:00`
    hint: write the time of day from 00:00 to 23:59
    ");
    assert_snapshot!(refusal("2025-01-08T10:00+24:00"), @r"
    `+24:00` is not an offset from UTC: expected `Z` or one such as `+08:00`
    hint: a zone is written in brackets, as in `[Asia/Shanghai]`
    ");
    assert_snapshot!(refusal("2025-01-08T10:00 Asia/Shanghai"), @r"
    `Asia/Shanghai` is not an offset from UTC: expected `Z` or one such as `+08:00`
    hint: a zone is written in brackets, as in `[Asia/Shanghai]`
    ");
    assert_snapshot!(refusal("2025-01-08T10:00[Berlin]"), @r"
    unknown time zone `Berlin`: expected a name of the IANA database such as `Asia/Shanghai`
    hint: did you mean `Europe/Berlin`?
    ");
    assert_snapshot!(refusal("2025-01-08T10:00[+08:00]"), @"unknown time zone `+08:00`: expected a name of the IANA database such as `Asia/Shanghai`");
    assert_snapshot!(refusal("2025/1/8 10:00"), @r"
    `2025/1/8` is not a date: expected YYYY-MM-DD
    hint: did you mean `2025-01-08`?
    ");
    assert_snapshot!(refusal("20250108T1000"), @r"
    `20250108` is not a date: expected YYYY-MM-DD
    hint: did you mean `2025-01-08`?
    ");
    assert_snapshot!(refusal("08.01.2025 10:00"), @r"
    `08.01.2025` is not a date: expected YYYY-MM-DD
    hint: write for example `2025-01-28`
    ");
    assert_snapshot!(refusal("2025-02-29 10:00"), @"`2025-02-29` is not in the calendar: expected a date from 1900-01-01 to 2199-12-31");
    assert_snapshot!(refusal("1825-02-28 10:00"), @"`1825-02-28` is not in the calendar: expected a date from 1900-01-01 to 2199-12-31");
    assert_snapshot!(refusal("2025-01-08T10:00:60"), @r"
    `10:00:60` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: write for example `09:30`
    ");
    assert_snapshot!(refusal("2025-01-08T10:00:00.1234567891"), @r"
    `10:00:00.1234567891` is not a time of day: expected HH:MM from 00:00 to 23:59
    hint: write for example `09:30`
    ");
    assert_snapshot!(refusal("2025-01-08+08:00"), @r"
    `2025-01-08+08:00` is not a local date and time: expected YYYY-MM-DDTHH:MM
    hint: write for example `2025-03-01T10:20`
    ");
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,30}", date in "[0-9-]{8,11}", clock in "[0-9:.]{3,12}", offset in "[0-9:+Z-]{0,7}") {
        let _ = text.parse::<Moment>().map_err(|error| (error.to_string(), error.hint()));
        let text = format!("{date} {clock}{offset}");
        let _ = text.parse::<Moment>().map_err(|error| (error.to_string(), error.hint()));
        let text = format!("2025-10-26 {clock}{offset}[Europe/Berlin]");
        let _ = text.parse::<Moment>().map_err(|error| (error.to_string(), error.hint()));
    }

    /// A local time with the offset that its zone shows is the instant of that offset.
    #[test]
    fn what_a_clock_shows_with_its_offset_is_read_back(minutes in 0_i64..6_000_000, name in prop::sample::select(vec!["Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe"])) {
        let local = CivilDateTime::new(CivilDate::from_days(16_071), minutes * 60_000);
        let at = epoch().time_of(local, &zone(name));
        let shown = format!("{}[{name}]", epoch().local(at, &zone(name)));
        let moment: Moment = shown.parse().expect("what a clock shows");
        prop_assert_eq!(moment.at(&epoch(), &zone("UTC")), at, "{}", shown);
    }
}
