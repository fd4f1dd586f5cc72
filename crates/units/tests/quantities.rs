//! The text forms of all quantities and the laws of their arithmetic, from outside.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use insta::assert_snapshot;
use proptest::prelude::*;
use sanda_units::{
    CurrencyAmount, Distance, Duration, Emission, Id, IdVec, Mass, Money, Quantity, QuantityError, Share,
    ShareError, Speed, Teu, Time, id_type, parse_quantity,
};

/// Checks the base units of a text and how they are printed again.
#[track_caller]
fn check<Q: Quantity + Display + Debug>(text: &str, base: i64, printed: &str) {
    let quantity: Q = parse_quantity(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(quantity.base(), base, "{text}");
    assert_eq!(quantity.to_string(), printed, "{text}");
}

/// Returns the message and the hint for an invalid text.
#[track_caller]
fn refusal<Q: Quantity + Debug>(text: &str) -> String {
    let error = parse_quantity::<Q>(text).expect_err(text);
    match error.hint() {
        Some(hint) => format!("{error}\nhint: {hint}"),
        None => error.to_string(),
    }
}

#[test]
fn durations() {
    check::<Duration>("36h", 129_600_000, "1d 12h");
    check::<Duration>("2d 6h", 194_400_000, "2d 6h");
    check::<Duration>("2d6h", 194_400_000, "2d 6h");
    check::<Duration>(" 2 d  6 h ", 194_400_000, "2d 6h");
    check::<Duration>("1.5h", 5_400_000, "1h 30min");
    check::<Duration>("90min", 5_400_000, "1h 30min");
    check::<Duration>("45s", 45_000, "45s");
    check::<Duration>("500ms", 500, "500ms");
    check::<Duration>("90061001ms", 90_061_001, "1d 1h 1min 1s 1ms");
    check::<Duration>("1w", 604_800_000, "7d");
    check::<Duration>("1w 1d", 691_200_000, "8d");
    check::<Duration>("0h", 0, "0s");
    check::<Duration>("1e0h", 3_600_000, "1h");
    check::<Duration>("1.5E1 h 3e1min", 55_800_000, "15h 30min");
    check::<Duration>("1e-300 h", 0, "0s");
    check::<Duration>("-0.0h", 0, "0s");
    check::<Duration>("0.1ms", 0, "0s");
    check::<Duration>("0.5ms", 1, "1ms");
    check::<Duration>("0.1s", 100, "100ms");
    check::<Duration>("9223372036854775807ms", i64::MAX, "106751991167d 7h 12min 55s 807ms");
    assert_eq!(Duration::from_hours(-30).to_string(), "-1d 6h");
    assert_eq!(format!("{:>8}|{:<6}|", Duration::from_hours(6), Time::ZERO), "      6h|0s    |");
}

#[test]
fn amounts() {
    check::<Teu>("55 TEU", 55_000, "55 TEU");
    check::<Teu>("2.5 TEU", 2_500, "2.5 TEU");
    check::<Teu>("1 FEU", 2_000, "2 TEU");
    check::<Teu>("0.0005TEU", 1, "0.001 TEU");
    check::<Mass>("100 t", 100_000, "100 t");
    check::<Mass>("250 kg", 250, "250 kg");
    check::<Mass>("1.2 kt", 1_200_000, "1200 t");
    check::<Mass>("0.1 t", 100, "100 kg");
    check::<Mass>("1_000.5 t", 1_000_500, "1000.5 t");
    check::<Distance>("1200 km", 1_200_000, "1200 km");
    check::<Distance>("300 m", 300, "300 m");
    check::<Distance>("10 nm", 18_520, "18.52 km");
    check::<Mass>("1.2e3 kg", 1_200, "1.2 t");
    check::<Money>("3.25e3 CNY", 325_000, "3250 CNY");
    check::<Money>("3250 CNY", 325_000, "3250 CNY");
    check::<Money>("0.07 CNY", 7, "0.07 CNY");
    check::<Emission>("15 kg", 15_000, "15 kg");
    check::<Emission>("1.2 t", 1_200_000, "1.2 t");
    check::<Emission>("0 kg", 0, "0 g");
    check::<Speed>("60 km/h", 60_000, "60 km/h");
    check::<Speed>("12 kn", 22_224, "22.224 km/h");
    assert_eq!(Money::from_fen(-1205).to_string(), "-12.05 CNY");
}

#[test]
fn what_people_see_when_a_quantity_is_wrong() {
    assert_snapshot!(refusal::<Duration>("  "), @r"
    empty text where duration is due
    hint: write for example `2d 6h`
    ");
    assert_snapshot!(refusal::<Duration>("36"), @r"
    `36` has no unit: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
    hint: write for example `2d 6h`
    ");
    assert_snapshot!(refusal::<Duration>("2d 6"), @r"
    `2d 6` has no unit: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
    hint: write for example `2d 6h`
    ");
    assert_snapshot!(refusal::<Duration>("36 hours"), @r"
    unknown unit `hours`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
    hint: did you mean `h`?
    ");
    assert_snapshot!(refusal::<Duration>("36 H"), @r"
    unknown unit `H`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
    hint: did you mean `h`?
    ");
    assert_snapshot!(refusal::<Duration>("36 小时"), @r"
    unknown unit `小时`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
    hint: did you mean `h`?
    ");
    assert_snapshot!(refusal::<Duration>("３６ｈ"), @r"
    `３６` is not a number where duration is due
    hint: use the digits and letters of ASCII, for example `2d 6h`
    ");
    assert_snapshot!(refusal::<Duration>("三十六小时"), @r"
    `三十六小时` is not a number where duration is due
    hint: use the digits and letters of ASCII, for example `2d 6h`
    ");
    assert_snapshot!(refusal::<Duration>("36 parsecs"), @"unknown unit `parsecs`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`");
    assert_snapshot!(refusal::<Duration>("-5h"), @"`-5h` is negative, and duration cannot be");
    assert_snapshot!(refusal::<Duration>("1e400h"), @"`1e400h` is too large for duration");
    assert_snapshot!(refusal::<Duration>("1e-300"), @r"
    `1e-300` has no unit: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
    hint: write for example `2d 6h`
    ");
    assert_snapshot!(refusal::<Duration>("1_0h"), @r"
    `1_0` is not a number where duration is due
    hint: underscores part groups of three digits, as in `12_000`
    ");
    assert_snapshot!(refusal::<Duration>("6h 2d"), @r"
    `6h 2d` has parts that do not go together as duration
    hint: each unit once, the larger first, for example `2d 6h`
    ");
    assert_snapshot!(refusal::<Duration>("106751991168d"), @"`106751991168d` is too large for duration");
    assert_snapshot!(refusal::<Duration>("106751991167d 8h"), @"`106751991167d 8h` is too large for duration");
    assert_snapshot!(refusal::<Duration>("soon"), @r"
    `soon` is not a number where duration is due
    hint: write for example `2d 6h`
    ");
    assert_snapshot!(refusal::<Mass>("3,250 t"), @r"
    `3,250` is not a number where mass is due
    hint: write a decimal point, and no separators of thousands
    ");
    assert_snapshot!(refusal::<Mass>("1.2.3 t"), @r"
    `1.2.3` is not a number where mass is due
    hint: write for example `100 t`
    ");
    assert_snapshot!(refusal::<Mass>("2 t 300 kg"), @r"
    `2 t 300 kg` has parts that do not go together as mass
    hint: one number with one unit, for example `100 t`
    ");
    assert_snapshot!(refusal::<Emission>("15 kg CO2e"), @r"
    unknown unit `kg CO2e`: emission is given in `kg`, `g` or `t`
    hint: did you mean `kg`?
    ");
    assert_snapshot!(refusal::<Teu>("55 teu"), @r"
    unknown unit `teu`: container volume is given in `TEU` or `FEU`
    hint: did you mean `TEU`?
    ");
    assert_snapshot!(refusal::<Money>("100 USD"), @"unknown unit `USD`: money is given in `CNY`");
    assert_snapshot!(refusal::<Money>("¥100"), @r"
    `¥100` is not a number where money is due
    hint: write for example `3250 CNY`
    ");
    assert_snapshot!(refusal::<Speed>("60 kmh"), @r"
    unknown unit `kmh`: speed is given in `km/h`, `kn` or `m/h`
    hint: did you mean `km/h`?
    ");
    assert_snapshot!(refusal::<Speed>("60 km"), @"unknown unit `km`: speed is given in `km/h`, `kn` or `m/h`");
}

#[test]
fn the_error_can_be_matched() {
    let error = parse_quantity::<Mass>("5 tons");
    let expected = QuantityError::UnknownUnit {
        name: "mass",
        unit: "tons".to_owned(),
        units: vec!["t", "kg", "kt"],
        near: Some("t"),
    };
    assert_eq!(error, Err(expected));
}

#[test]
fn shares() {
    for (text, expected) in [
        ("0.05", 0.05),
        ("5%", 0.05),
        ("5 %", 0.05),
        ("0", 0.0),
        ("100%", 1.0),
        ("1", 1.0),
        ("-0", 0.0),
        ("5e-2", 0.05),
        ("5e0%", 0.05),
    ] {
        assert_eq!(text.parse::<Share>().map(Share::as_f64), Ok(expected), "{text}");
    }
    let refusal = |text: &str| {
        let error = text.parse::<Share>().expect_err(text);
        format!("{error}; {}", error.hint().unwrap_or_default())
    };
    assert_snapshot!(refusal(""), @"empty text where a share is due; write for example `0.05` or `5%`");
    assert_snapshot!(refusal("5"), @"share `5` lies outside 0 to 1 (0% to 100%); did you mean `5%`?");
    assert_snapshot!(refusal("101%"), @"share `101%` lies outside 0 to 1 (0% to 100%);");
    assert_snapshot!(refusal("-0.1"), @"share `-0.1` lies outside 0 to 1 (0% to 100%);");
    assert_snapshot!(refusal("NaN"), @"`NaN` is not a share; write for example `0.05` or `5%`");
    assert_snapshot!(refusal("五成"), @"`五成` is not a share; write for example `0.05` or `5%`");
    assert_snapshot!(refusal("1_0%"), @"`1_0%` is not a share; write for example `0.05` or `5%`");
    assert_snapshot!(refusal("1e0_0"), @"`1e0_0` is not a share; write for example `0.05` or `5%`");
    assert_snapshot!(refusal("%"), @"`%` is not a share; write for example `0.05` or `5%`");
    assert!(matches!(Share::new(f64::NAN), Err(ShareError::OutOfRange { .. })));
    assert!(Share::new(-0.0).is_ok_and(|share| share.as_f64().is_sign_positive()));
}

#[test]
fn currencies() {
    let amount =
        |text: &str| text.parse::<CurrencyAmount>().map(|amount| (amount.hundredths, amount.currency));
    assert_eq!(amount("12.50 USD"), Ok((1250, "USD".to_owned())));
    assert_eq!(amount("3250CNY"), Ok((325_000, "CNY".to_owned())));
    for junk in ["12", "12 dollars", "x USD", "-1 USD", "USD", "1.2.3 EUR", "元"] {
        assert!(amount(junk).is_err(), "{junk}");
    }
    let ten_dollars: CurrencyAmount = "10 USD".parse().expect("an amount");
    assert_eq!(ten_dollars.to_money(7.1234), Money::from_fen(7123));
    assert_eq!(ten_dollars.to_string(), "10 USD");
}

#[test]
fn speed_over_distance() {
    let hour = Speed::from_m_per_hour(60_000).time_over(Distance::from_km(60));
    assert_eq!(hour, Some(Duration::from_hours(1)));
    // 1 m at 7 m/h takes 514 285.714... ms.
    assert_eq!(Speed::from_m_per_hour(7).time_over(Distance::from_m(1)), Some(Duration::from_ms(514_286)));
    assert_eq!(Speed::ZERO.time_over(Distance::from_m(1)), None);
    assert_eq!(Speed::from_m_per_hour(1).time_over(Distance::MAX), None);
}

#[test]
fn hours_as_floats() {
    assert_eq!(Duration::from_hours_f64(1.5), Duration::from_mins(90));
    assert_eq!(Duration::from_hours_f64(1.0 / 7_000_000.0), Duration::from_ms(1));
    assert_eq!(Duration::from_hours_f64(f64::NAN), Duration::ZERO);
    assert_eq!(Duration::from_hours_f64(f64::INFINITY), Duration::MAX);
    assert_eq!(Time::from_ms(5_400_000).as_hours_f64().to_bits(), 1.5_f64.to_bits());
}

id_type!(
    /// A row of a table.
    struct RowId;
);

#[test]
fn ids_index_their_vector() {
    let mut rows: IdVec<RowId, char> = "ab".chars().collect();
    let third = rows.push('c');
    rows[third] = 'd';
    assert_eq!(third, RowId::new(2));
    assert_eq!(rows.as_slice(), ['a', 'b', 'd']);
    assert_eq!(rows.ids().map(RowId::index).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(rows.iter_enumerated().next_back(), Some((third, &'d')));
    assert_eq!(rows.get(RowId::from_index(3)), None);
    assert_eq!(rows.map(|c| c.is_alphabetic()), IdVec::filled(true, 3));
    assert_eq!(format!("{rows:?} {third:?}"), "['a', 'b', 'd'] RowId(2)");
}

fn read_back<Q>(base: i64) -> Result<(), TestCaseError>
where
    Q: Quantity + Display + Debug + FromStr<Err = QuantityError>,
{
    let quantity = Q::from_base(base);
    prop_assert_eq!(quantity.to_string().parse::<Q>(), Ok(quantity));
    Ok(())
}

/// Checks that `count` of every unit is exactly the number of base units in the table, or an error if that overflows.
fn unit_law<Q: Quantity + Debug>(count: i64) -> Result<(), TestCaseError> {
    for (unit, scale) in Q::UNITS {
        let read = parse_quantity::<Q>(&format!("{count} {unit}"));
        match count.checked_mul(*scale) {
            Some(base) => prop_assert_eq!(read, Ok(Q::from_base(base))),
            None => prop_assert!(matches!(read, Err(QuantityError::TooLarge { .. })), "{} {}", count, unit),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn printing_is_read_back(base in prop_oneof![0..=i64::MAX, 0..100_000_i64, Just(i64::MAX)]) {
        read_back::<Duration>(base)?;
        read_back::<Teu>(base)?;
        read_back::<Mass>(base)?;
        read_back::<Distance>(base)?;
        read_back::<Money>(base)?;
        read_back::<Emission>(base)?;
        read_back::<Speed>(base)?;
        let amount = CurrencyAmount { hundredths: base, currency: "EUR".to_owned() };
        prop_assert_eq!(amount.to_string().parse(), Ok(amount));
    }

    #[test]
    fn shares_are_read_back(value in 0.0..=1.0_f64) {
        let share = Share::new(value).expect("within range");
        prop_assert_eq!(share.to_string().parse(), Ok(share));
    }

    #[test]
    fn units_convert(count in prop_oneof![0..=i64::MAX, 0..1_000_000_000_i64]) {
        unit_law::<Duration>(count)?;
        unit_law::<Teu>(count)?;
        unit_law::<Mass>(count)?;
        unit_law::<Distance>(count)?;
        unit_law::<Money>(count)?;
        unit_law::<Emission>(count)?;
        unit_law::<Speed>(count)?;
    }

    #[test]
    fn parts_add_up(days in 0..1000_i64, hours in 0..1000_i64, ms in 0..1_000_000_i64) {
        let text = format!("{days}d {hours}h {ms}ms");
        let sum = Duration::from_days(days) + Duration::from_hours(hours) + Duration::from_ms(ms);
        prop_assert_eq!(text.parse::<Duration>(), Ok(sum));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,24}", number in "[0-9.,_-]{0,30}", unit in "(h|ms|TEU|小时|ｈ|％|%| |km/h|[a-z]){0,4}") {
        for text in [text.clone(), format!("{number}{unit}"), format!("{number} {unit}{number}{text}")] {
            let _ = parse_quantity::<Duration>(&text).map_err(|error| (error.to_string(), error.hint()));
            let _ = parse_quantity::<Teu>(&text).map_err(|error| (error.to_string(), error.hint()));
            let _ = parse_quantity::<Speed>(&text).map_err(|error| (error.to_string(), error.hint()));
            let _ = text.parse::<Share>().map_err(|error| (error.to_string(), error.hint()));
            let _ = text.parse::<CurrencyAmount>();
        }
    }

    #[test]
    fn sums_are_checked_not_wrapped(a in any::<i64>(), b in any::<i64>()) {
        let (x, y) = (Duration::from_ms(a), Duration::from_ms(b));
        prop_assert_eq!(x.checked_add(y).map(Duration::as_ms), a.checked_add(b));
        prop_assert_eq!(x.checked_sub(y).map(Duration::as_ms), a.checked_sub(b));
        prop_assert_eq!(x.checked_mul(b).map(Duration::as_ms), a.checked_mul(b));
        prop_assert_eq!(Time::from_ms(a).checked_add(y).map(Time::as_ms), a.checked_add(b));
        prop_assert_eq!(Time::from_ms(a).saturating_add(y).as_ms(), a.saturating_add(b));
        prop_assert!(!Time::from_ms(a).saturating_since(Time::from_ms(b)).is_negative());
    }

    #[test]
    fn instants_and_durations_are_a_line(at in -1_i64 << 60..1 << 60, by in -1_i64 << 60..1 << 60) {
        let (at, by) = (Time::from_ms(at), Duration::from_ms(by));
        prop_assert_eq!((at + by) - at, by);
        prop_assert_eq!((at + by) - by, at);
        prop_assert_eq!(at < at + by, by > Duration::ZERO);
    }
}
