//! Sweeps by hand: their figures lie on the sheet, their tables read back.

use sanda_results::{
    DesignKind, Figure, Measure, SCHEMA, ScenarioInfo, Sweep, SweepPoint, SweepValue, SweptMetric,
    SweptParameter, Text,
};

use super::*;

/// A sweep of one promise over the products of some values.
fn sweep(design: DesignKind, axes: &[(&str, Option<&str>, &[&str])]) -> Sweep {
    let mut values: Vec<Vec<String>> = vec![Vec::new()];
    for (_, _, texts) in axes {
        values = values
            .iter()
            .flat_map(|point| texts.iter().map(|text| [point.as_slice(), &[(*text).to_owned()]].concat()))
            .collect();
    }
    let points: Vec<SweepPoint> = values
        .into_iter()
        .map(|values| SweepPoint {
            numbers: values
                .iter()
                .map(|text| text.trim_end_matches(char::is_alphabetic).parse().ok())
                .collect(),
            values,
            digest: "d".to_owned(),
            replications: 20,
        })
        .collect();
    let share = |point: usize| 0.72 + 0.26 * point as f64 / points.len() as f64;
    let value = |point: usize| SweepValue {
        figure: Figure::from_parts(share(point), Some((share(point) - 0.013, share(point) + 0.012)), 20),
        difference: (point > 0).then(|| {
            let difference = share(point) - share(0);
            Figure::from_parts(difference, Some((difference - 0.004, difference + 0.004)), 20)
        }),
        is_same: false,
    };
    Sweep {
        schema: SCHEMA,
        key_layout: 1,
        confidence: 0.95,
        scenario: ScenarioInfo {
            name: "lanes".to_owned(),
            title: Text::new("三条查验通道", "Three customs lanes"),
            seed: 7,
            replications: 20,
            ..ScenarioInfo::default()
        },
        design,
        parameters: axes
            .iter()
            .map(|(path, unit, _)| SweptParameter { path: (*path).to_owned(), unit: unit.map(str::to_owned) })
            .collect(),
        metrics: vec![SweptMetric {
            path: "promises.quick.share".to_owned(),
            measure: Measure::Share,
            name: Text::new("国际铁路“半月达”", "International rail within half a month"),
            target: Some(0.9),
            is_leading: true,
            values: (0..points.len()).map(value).collect(),
        }],
        points,
        overrides: Vec::new(),
        notes: Vec::new(),
    }
}

const CUTOFF: (&str, Option<&str>, &[&str]) =
    ("services.train.cutoff", Some("h"), &["2h", "4h", "6h", "8h", "12h"]);
const SERVERS: (&str, Option<&str>, &[&str]) = ("resources.customs.servers", Some(""), &["3", "4", "5"]);
const POLICY: (&str, Option<&str>, &[&str]) = ("flows.boxes.sees", None, &["Queue", "Nothing"]);

#[test]
fn words_are_on_the_sheet_and_apart() {
    for (design, axes) in [
        (DesignKind::Grid, vec![CUTOFF]),
        (DesignKind::Grid, vec![("services.train.cutoff", Some("h"), &["2h"][..])]),
        (DesignKind::Grid, vec![CUTOFF, SERVERS]),
        (DesignKind::Grid, vec![POLICY]),
        (DesignKind::Latin, vec![CUTOFF]),
        (DesignKind::Grid, vec![CUTOFF, SERVERS, POLICY]),
    ] {
        let sweep = sweep(design, &axes);
        let figures = sweep_figures(&sweep);
        assert_eq!(figures.len(), 1);
        assert_eq!(figures[0].0, "sweep-quick");
        figures[0].1.check_layout();
    }
}

#[test]
fn a_line_of_many_points_is_not_written_at() {
    let texts: Vec<String> = (1..=60).map(|n| n.to_string()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let sweep = sweep(DesignKind::Grid, &[("resources.customs.servers", Some(""), &texts)]);
    sweep_figures(&sweep)[0].1.check_layout();
}

#[test]
fn the_tidy_table_reads_back() {
    let sweep = sweep(DesignKind::Grid, &[CUTOFF, POLICY]);
    let text = sweep_csv(&sweep);
    let mut lines = text.lines();
    insta::assert_snapshot!(lines.next().unwrap(), @"point,services.train.cutoff,services.train.cutoff [h],flows.boxes.sees,metric,unit,estimate,ci_low,ci_high,difference,difference_low,difference_high,replications");
    insta::assert_snapshot!(lines.next().unwrap(), @"1,2h,2,Queue,promises.quick.share,,0.72,0.707,0.732,,,,20");
    insta::assert_snapshot!(lines.next().unwrap(), @"2,2h,2,Nothing,promises.quick.share,,0.746,0.733,0.758,0.026000000000000023,0.022000000000000023,0.030000000000000023,20");
    assert_eq!(lines.count(), 8);
}

/// Every column of the Parquet file holds what the CSV does.
#[test]
fn parquet_reads_back() {
    use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
    use ::parquet::record::Field;

    let sweep = sweep(DesignKind::Grid, &[CUTOFF, SERVERS]);
    let bytes = sweep_parquet(&sweep).unwrap();
    assert_eq!(bytes, sweep_parquet(&sweep).unwrap());
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let csv = sweep_csv(&sweep);
    let rows: Vec<String> = reader
        .get_row_iter(None)
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            let fields = row.get_column_iter().map(|(_, field)| match field {
                Field::Null => String::new(),
                Field::Str(text) => text.clone(),
                Field::Long(number) => number.to_string(),
                Field::Double(number) => number.to_string(),
                other => panic!("{other:?}"),
            });
            fields.collect::<Vec<_>>().join(",")
        })
        .collect();
    assert_eq!(rows, csv.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn the_terminal_table() {
    insta::assert_snapshot!(sweep_table(&sweep(DesignKind::Grid, &[CUTOFF]), 100), @"
    三条查验通道 Three customs lanes
    网格 grid: 5个参数点 points, 每点20次重复 replications a point, 种子 seed 7

    国际铁路“半月达” International rail within half a month  目标 target 90%
    ───────────────────────────────────────────────────────────────────────
     #   services.train.cutoff       按时送达率                与第1点之差
                                     share kept                 to point 1
    ═══════════════════════════════════════════════════════════════════════
     1                      2h   ✗ 72% [71–73%]                          –
     2                      4h   ✗ 77% [76–78%]      +5.2 pp [+4.8 … +5.6]
     3                      6h   ✗ 82% [81–84%]   +10.4 pp [+10.0 … +10.8]
     4                      8h   ✗ 88% [86–89%]   +15.6 pp [+15.2 … +16.0]
     5                     12h   ✓ 93% [91–94%]   +20.8 pp [+20.4 … +21.2]
    ───────────────────────────────────────────────────────────────────────

     方括号内为95%置信区间，只反映偶然性；差值为与第1点之差，各点用同一组随机数
     in brackets 95 % intervals, of chance alone; differences are to point 1, under the same luck
    ");
}

#[test]
fn differences_have_no_more_digits_than_their_interval_supports() {
    let check = |value: f64, reach: f64, measure, expected: &str| {
        let difference = Some(Figure::from_parts(value, Some((value - reach, value + reach)), 20));
        let shown = super::words::difference(&SweepValue { difference, ..SweepValue::default() }, measure);
        let (number, ends) = shown.unwrap();
        assert_eq!(format!("{number} [{}]", ends.unwrap_or_default()), expected);
    };
    check(0.1234, 0.02, Measure::Share, "+12 pp [+10 … +14]");
    check(-0.0123, 0.002, Measure::Share, "−1.2 pp [−1.4 … −1.0]");
    check(-30.0, 1.5, Measure::Hours, "−30 h [−32 … −29]");
    check(0.0, 0.002, Measure::Share, "0 pp [−0.2 … +0.2]");
    let same = SweepValue {
        difference: Some(Figure::from_parts(0.0, Some((0.0, 0.0)), 20)),
        is_same: true,
        ..SweepValue::default()
    };
    assert_eq!(super::words::difference(&same, Measure::Share), Some(("0".to_owned(), None)));
}
