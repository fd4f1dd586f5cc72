//! CSV files: what is read, and how all that is wrong with one is said at once.

use insta::assert_snapshot;
use sanda_scenario::schema::StepKind;
use sanda_scenario::{LoadedModel, Severity, load_model};
use sanda_units::Duration;

use crate::world::numbered;

/// The law of a column of hours, and a trace of arrivals.
const WORLD: &str = r#"(
    schema: 1, name: "data", start: "2025-01-06T00:00[Asia/Shanghai]",
    run: (measure: "10d", replications: 1, arrivals_until: MeasureEnd, drain: "30d"),
    nodes: { "a": (zone: "Europe/Berlin") },
    flows: { "f": (from: "a", arrivals: ARRIVALS, steps: [Delay(time: TIME)]) },
)
"#;

/// Loads a scenario beside `data.csv`; what people see has the folder left out.
fn load(arrivals: &str, time: &str, csv: impl AsRef<[u8]>) -> Result<LoadedModel, String> {
    load_world(WORLD, arrivals, time, csv)
}

/// As [`load`], of another world.
fn load_world(world: &str, arrivals: &str, time: &str, csv: impl AsRef<[u8]>) -> Result<LoadedModel, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.ron");
    std::fs::write(&path, world.replace("ARRIVALS", arrivals).replace("TIME", time)).unwrap();
    std::fs::write(folder.path().join("data.csv"), csv).unwrap();
    let clean = |text: String| text.replace(&format!("{}/", folder.path().display()), "");
    let mut loaded = load_model(&path, &[]).map_err(|failure| clean(failure.to_string()))?;
    let mut issues = sanda_scenario::Issues::new();
    for issue in loaded.issues.iter() {
        let copy = issues.warning(issue.span, clean(issue.message.clone()));
        copy.hint(issue.hint.clone());
        for quote in &issue.quotes {
            copy.quote(sanda_scenario::Quote { file: clean(quote.file.clone()), ..quote.clone() });
        }
    }
    loaded.issues = issues;
    Ok(loaded)
}

/// The values in hours of the law that `Empirical(file: "data.csv", MORE)` reads, or what people see.
fn law(more: &str, csv: impl AsRef<[u8]>) -> Result<LoadedModel, String> {
    load("Regular(every: \"1h\")", &format!("Empirical(file: \"data.csv\", {more})"), csv)
}

/// The mean of the law that a file gives, in hours.
#[track_caller]
fn check_mean(more: &str, csv: impl AsRef<[u8]>, hours: f64) {
    let loaded = law(more, &csv).unwrap_or_else(|said| panic!("{said}"));
    assert_eq!(loaded.issues.iter().count(), 0, "{:?}", loaded.issues);
    let text = String::from_utf8_lossy(csv.as_ref()).into_owned();
    let mean = mean(more, &csv);
    assert!((mean - hours).abs() < 1e-9, "{mean} instead of {hours} of {text:?}");
}

/// The mean in hours, whatever remarks there are.
fn mean(more: &str, csv: impl AsRef<[u8]>) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.ron");
    let time = format!("Empirical(file: \"data.csv\", {more})");
    let text = WORLD.replace("ARRIVALS", "Regular(every: \"1h\")").replace("TIME", &time);
    std::fs::write(&path, text).unwrap();
    std::fs::write(folder.path().join("data.csv"), csv).unwrap();
    let loaded = sanda_scenario::load(&path, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let StepKind::Delay { time, .. } = &loaded.scenario.flows["f"].steps.as_ref().unwrap()[0].kind else {
        panic!("a delay")
    };
    time.compile().unwrap().mean() / Duration::from_hours(1).as_ms() as f64
}

/// What people see of a column of hours that must be refused.
fn bad(more: &str, csv: impl AsRef<[u8]>) -> String {
    law(more, csv).expect_err("expected to be refused")
}

/// The messages and hints of a file that must be refused, a line each.
fn brief(result: Result<LoadedModel, String>) -> String {
    let said = result.expect_err("expected to be refused");
    let lines = said.lines().filter(|line| line.starts_with("error: ") || line.starts_with("hint: "));
    lines.collect::<Vec<_>>().join("\n")
}

const HOURS: &str = "column: \"h\", unit: \"h\"";

#[test]
fn the_header_line_decides_what_a_file_is_cut_at() {
    check_mean(HOURS, "h\n1\n2\n6\n", 3.0);
    check_mean(HOURS, "id,h\na,1\nb,5\n", 3.0);
    check_mean(HOURS, "id;h\na;1\nb;5\n", 3.0);
    check_mean(HOURS, "id\th\na b\t1\nc\t5\n", 3.0);
    // The first column, when none is named.
    check_mean("unit: \"h\"", "h;id\n1;a\n5;b\n", 3.0);
    // A name with a comma in a file that is cut at semicolons, where the names asked for decide.
    check_mean(HOURS, "who, and where;h\na, b;1\nc;5\n", 3.0);
    check_mean(HOURS, "\"who, and where\",h\n\"a;b\",1\nc,5\n", 3.0);
    assert_snapshot!(brief(law("unit: \"h\"", "a,b;c\n1,2;3\n")), @r"
    error: the header of `data.csv` may be cut at commas or at semicolons
    hint: put a name of a column that holds a delimiter in quotes
    ");
}

#[test]
fn quotes_line_ends_and_marks_are_normal() {
    check_mean(HOURS, "\u{FEFF}id,h\r\na,1\r\n\r\nb,5\r\n\r\n\r\n", 3.0);
    check_mean(HOURS, "id,h\r\"a\nb\", 1 \r\"\"\"c\"\"\",\"5\"", 3.0);
    check_mean(HOURS, "\n\nid,h\na,1\nb,5\n,\n,,\n \n", 3.0);
}

#[test]
fn numbers_as_software_writes_them() {
    check_mean(HOURS, "h\n1e0\n2E0\n3.0e+00\n", 2.0);
    check_mean(HOURS, "h\n1e-300\n2\n", 1.0);
    check_mean(HOURS, "h\n+1\n.5\n3.\n-0.0\n", 1.125);
    // A cell with a unit of its own keeps it.
    check_mean(HOURS, "h\n90min\n2.5\n0d 5h\n", 3.0);
    check_mean("column: \"h\"", "h\n1h\n5 h\n", 3.0);
}

#[test]
fn decimal_commas_are_declared() {
    let comma = "column: \"h\", unit: \"h\", decimal: Comma";
    check_mean(comma, "id;h\na;1,5\nb;2,5\nc;3,5\n", 2.5);
    check_mean(comma, "h\n1,5\n2,5\n3,5e0\n", 2.5);
    check_mean(comma, "id,h\na,\"1,5\"\nb,\"3,5\"\n", 2.5);
    check_mean("column: \"h\", decimal: Comma", "id;h\na;1,5h\nb;3,5 h\n", 2.5);
    assert_snapshot!(brief(law(comma, "h\n1.5h\n2,5h\n")), @r"
    error: line 2 of `data.csv`, column `h`: `1.5h` has a point, and this file is declared to have decimal commas
    hint: leave separators of thousands out, and write decimals with a comma, as declared
    ");
    assert_snapshot!(brief(law(HOURS, "id;h\na;1,5h\nb;2h\n")), @r"
    error: line 2 of `data.csv`, column `h`: `1,5h` holds a comma
    hint: for a decimal comma, declare `decimal: Comma` beside the `file`; leave separators of thousands out
    ");
    assert_snapshot!(bad(HOURS, "id;h\na;1,5\nb;2\nc;3,5\n"), @r#"
    error: 2 cells of `data.csv`, column `h`, hold a comma: lines 2 and 4
     --> my.ron:5:99
      |
    5 |     flows: { "f": (from: "a", arrivals: Regular(every: "1h"), steps: [Delay(time: Empirical(file: "data.csv", column: "h", unit: "h")...
      |                                                                                                   ^^^^^^^^^^
      |
     ::: data.csv:2:3
      |
    2 | a;1,5
      |   --- `1,5` holds a comma
      |
     ::: data.csv:4:3
      |
    4 | c;3,5
      |   --- `3,5` holds a comma
      |
      = path: flows.f.steps[0].time
    hint: for a decimal comma, declare `decimal: Comma` beside the `file`; leave separators of thousands out
    "#);
    assert_snapshot!(brief(law(HOURS, "h\n1\n1,200\n3\n")), @r"
    error: line 3 of `data.csv`: 2 cells where the header has 1 cell
    hint: a number with a comma is two cells here: leave separators of thousands out; for decimal commas, declare `decimal: Comma`, and put them in quotes where the file is cut at commas
    ");
    assert_snapshot!(brief(law(comma, "id;h\na;1.5\nb;1.234,5\nc;1,2,3\n")), @r"
    error: 2 cells of `data.csv`, column `h`, hold a decimal point: lines 2 and 3
    hint: leave separators of thousands out, and write decimals with a comma, as declared
    error: line 4 of `data.csv`, column `h`: `1,2,3` is not a number
    hint: write digits with at most one decimal point, and no separators of thousands
    ");
    assert_snapshot!(brief(law(HOURS, "id;h\na;1.234,5\nb;1 234\nc;1'234\nd;1_0\ne;1_000\n")), @r"
    error: 5 cells of `data.csv`, column `h`, are not numbers: lines 2, 3, 4, 5 and 6
    hint: write digits with at most one decimal point, and no separators of thousands
    ");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    assert_snapshot!(bad(HOURS, "h\n1\nN/A\n-2\n-\n"), @r#"
    error: 2 cells of `data.csv`, column `h`, hold no value: lines 3 and 5
     --> my.ron:5:99
      |
    5 |     flows: { "f": (from: "a", arrivals: Regular(every: "1h"), steps: [Delay(time: Empirical(file: "data.csv", column: "h", unit: "h")...
      |                                                                                                   ^^^^^^^^^^
      |
     ::: data.csv:3:1
      |
    3 | N/A
      | --- `N/A` is no value
      |
     ::: data.csv:5:1
      |
    5 | -
      | - `-` is no value
      |
      = path: flows.f.steps[0].time
    hint: fill the cell, or leave the row out of the file

    error: line 4 of `data.csv`, column `h`: `-2` is negative
     --> my.ron:5:99
      |
    5 |     flows: { "f": (from: "a", arrivals: Regular(every: "1h"), steps: [Delay(time: Empirical(file: "data.csv", column: "h", unit: "h")...
      |                                                                                                   ^^^^^^^^^^
      |
     ::: data.csv:4:1
      |
    4 | -2
      | -- `-2` is negative
      |
      = path: flows.f.steps[0].time
    "#);
    let many = numbered(1000, |n| format!("{}x\n", n + 1));
    assert_snapshot!(bad(HOURS, format!("h\n{many}")), @r#"
    error: 1000 cells of `data.csv`, column `h`, cannot be read: lines 2, 3, 4, 5, 6, 7, 8, 9 and 992 more
     --> my.ron:5:99
      |
    5 |     flows: { "f": (from: "a", arrivals: Regular(every: "1h"), steps: [Delay(time: Empirical(file: "data.csv", column: "h", unit: "h")...
      |                                                                                                   ^^^^^^^^^^
      |
     ::: data.csv:2:1
      |
    2 | 1x
      | -- `1x`: unknown unit `x`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
      |
     ::: data.csv:3:1
      |
    3 | 2x
      | -- `2x`: unknown unit `x`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
      |
     ::: data.csv:4:1
      |
    4 | 3x
      | -- `3x`: unknown unit `x`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
      |
     ::: data.csv:5:1
      |
    5 | 4x
      | -- `4x`: unknown unit `x`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
      |
      = path: flows.f.steps[0].time
    "#);
    assert_snapshot!(brief(law(
        HOURS,
        "id,h\na,1,2\nb\nc,inf\nd,NaN\ne,1e300\nx\nf,２\ng,#N/A\nh,soon\ni,3 days\n"
    )), @r"
    error: line 2 of `data.csv`: 3 cells where the header has 2 cells
    hint: a number with a comma is two cells here: leave separators of thousands out; for decimal commas, declare `decimal: Comma`, and put them in quotes where the file is cut at commas
    error: 2 rows of `data.csv` have fewer cells than the header: lines 3 and 7
    hint: cells that are empty keep their delimiter
    error: 3 cells of `data.csv`, column `h`, hold no value: lines 4, 5 and 9
    hint: fill the cell, or leave the row out of the file
    error: 4 cells of `data.csv`, column `h`, cannot be read: lines 6, 8, 10 and 11
    hint: use the digits and letters of ASCII, for example `2d 6h`
    ");
}

#[test]
fn headers_that_cannot_be_right() {
    assert_snapshot!(bad(HOURS, "h,h\n1,2\n"), @r#"
    error: `data.csv` has two columns named `h`
     --> my.ron:5:119
      |
    5 | ...(time: Empirical(file: "data.csv", column: "h", unit: "h"))]) },
      |                                               ^^^ expected a column with a name of its own
      |
     ::: data.csv:1:3
      |
    1 | h,h
      |   - again here
      |
      = path: flows.f.steps[0].time
    "#);
    assert_snapshot!(brief(law(HOURS, "hours,id\n1,a\n")), @r"
    error: `data.csv` has no column `h`
    hint: the columns are `hours`, `id`
    ");
    assert_snapshot!(brief(law("unit: \"h\"", "1\n2\n3\n")), @r"
    error: `data.csv` has no header: its first line looks like data
    hint: write a line with the names of the columns above the data
    ");
    assert_snapshot!(brief(law("unit: \"h\"", "1,5\n2,5\n")), @r"
    error: `data.csv` has no header: its first line looks like data
    hint: write a line with the names of the columns above the data
    ");
    assert_snapshot!(brief(law(HOURS, "1;a\n2;b\n")), @r"
    error: `data.csv` has no column `h`
    hint: the first line looks like data: a CSV file begins with a line that names its columns
    ");
    assert_snapshot!(brief(law(HOURS, "")), @"error: `data.csv` holds no data");
    assert_snapshot!(brief(law(HOURS, "\n \n")), @"error: `data.csv` holds no data");
    assert_snapshot!(brief(law(HOURS, "h\n\n")), @"error: `data.csv` holds no data");
    assert_snapshot!(brief(law(HOURS, "id,h\na,\nb,\n")), @"error: column `h` of `data.csv` holds no data");
    assert_snapshot!(brief(law(HOURS, "id,h\na,1\n\"b,2\nc,3\n")), @"error: line 3 of `data.csv` opens a quotation that is never closed");
    assert_snapshot!(brief(law(HOURS, "sep=;\nid;h\na;1\n")), @r"
    error: `data.csv` has no column `h`
    hint: leave out the first line, which speaks to spreadsheets alone
    ");
    assert_snapshot!(brief(law(HOURS, "id,h\na;1\nb,2\n")), @r"
    error: line 2 of `data.csv`: 1 cell where the header has 2 cells
    hint: one delimiter holds for the whole file, and the header line decides which
    ");
    assert_snapshot!(brief(law(HOURS, "h\n1e999\n1e30\n")), @"error: 2 cells of `data.csv`, column `h`, cannot be read: lines 2 and 3");
    // Columns that nobody asks for may share a name.
    check_mean(HOURS, "x,h,x\n,1,\n,5,\n", 3.0);
}

#[test]
fn a_row_without_a_value_is_left_out_and_said() {
    let csv = "id,h\na,1\nb,\nc,5\nd, \n";
    let loaded = law(HOURS, csv).unwrap_or_else(|said| panic!("{said}"));
    let said: Vec<_> = loaded.issues.iter().map(|issue| (issue.severity, issue.message.clone())).collect();
    let expected = "2 rows of `data.csv` without a value in `h` left out (lines 3 and 5)";
    assert_eq!(said, [(Severity::Warning, expected.to_owned())]);
    assert!((mean(HOURS, csv) - 3.0).abs() < 1e-9);
}

#[test]
fn units_of_columns() {
    assert_snapshot!(brief(law("column: \"h\"", "h\n1\n2\n")), @r#"
    error: 2 cells of `data.csv`, column `h`, have no unit: lines 2 and 3
    hint: state the unit of the column: `unit: "h"`
    "#);
    assert_snapshot!(brief(law("column: \"h\", unit: \"hours\"", "h\n1\n2\n")), @r"
    error: unknown unit `hours`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
    hint: did you mean `h`?
    ");
    let trace =
        |mass: &str, csv: &str| load(&format!("Trace(file: \"data.csv\", mass: {mass})"), "\"1h\"", csv);
    let csv = "t,kg\n2025-01-06 10:00,500\n2025-01-06 11:00,13037\n";
    let loaded = trace("(column: \"kg\", unit: \"kg\")", csv).unwrap_or_else(|said| panic!("{said}"));
    let flow = loaded.built.model.flows.iter().next().expect("the flow");
    assert!(format!("{:?}", flow.mass).contains("[500, 13037]"), "{:?}", flow.mass);
    assert_snapshot!(brief(trace("\"kg\"", csv)), @r#"
    error: 2 cells of `data.csv`, column `kg`, have no unit: lines 2 and 3
    hint: state the unit of the column: `(column: "kg", unit: "kg")`
    "#);
    assert_snapshot!(brief(trace("(column: \"kg\", unit: \"TEU\")", csv)), @"error: unknown unit `TEU`: mass is given in `t`, `kg` or `kt`");
    trace("\"kg\"", "t,kg\n2025-01-06 10:00,500 kg\n2025-01-06 11:00,13 t\n")
        .unwrap_or_else(|said| panic!("{said}"));
}

/// A trace beside columns of sizes and units.
fn trace(more: &str, csv: impl AsRef<[u8]>) -> Result<LoadedModel, String> {
    load(&format!("Trace(file: \"data.csv\", {more})"), "\"1h\"", csv)
}

/// The hours after the start at which shipments of a trace come.
#[track_caller]
fn check_times(more: &str, csv: &str, hours: &[f64]) {
    let loaded = trace(more, csv).unwrap_or_else(|said| panic!("{said}"));
    let flow = loaded.built.model.flows.iter().next().expect("the flow");
    let sanda_core::model::ArrivalRule::Dates(times) = &flow.arrivals else { panic!("times") };
    let times: Vec<f64> = times.iter().map(|at| at.as_hours_f64()).collect();
    assert_eq!(times, hours, "{csv}");
}

#[test]
fn times_are_local_unless_they_say_otherwise() {
    // Berlin is 7 h behind Shanghai.
    check_times(
        "column: \"t\"",
        "t\n2025-01-06 10:00\n2025-01-06T11:30:30\n2025-01-07\n",
        &[17.0, 18.0 + 30.5 / 60.0, 31.0],
    );
    check_times("", "t\n2025-01-06 10:00:00+00:00\n", &[18.0]);
    check_times("", "t\n2025-01-06 10:00:00Z\n2025-01-06 10:00:00 UTC\n", &[18.0, 18.0]);
    check_times("", "t\n2025-01-06T10:00[Asia/Shanghai]\n2025-01-06T10:00+09:00\n", &[9.0, 10.0]);
    // Durations after the start, and plain numbers in the unit of their column.
    check_times("", "t\n36h\n1d 2h\n0.5e1 h\n", &[5.0, 26.0, 36.0]);
    check_times("unit: \"h\"", "t\n2.5\n1e0\n90min\n2025-01-06 10:00\n", &[1.0, 1.5, 2.5, 17.0]);
    check_times("unit: \"min\", decimal: Comma", "t;x\n90,0;\n120;\n", &[1.5, 2.0]);
}

#[test]
fn a_flow_without_an_origin_begins_where_its_first_step_is_done() {
    let trace = "Trace(file: \"data.csv\")";
    let steps = "\"1h\"), Haul(\"road\")";
    for (first, hours) in [("Haul(\"road\"), ", 17.0), ("", 10.0)] {
        let world = WORLD
            .replace("from: \"a\", ", "")
            .replace("nodes:", "connections: { \"road\": (from: \"a\", to: \"b\", time: \"1h\") }, nodes:")
            .replace("\"Europe/Berlin\")", "\"Europe/Berlin\"), \"b\": ()")
            .replace("[Delay(time: TIME)]", &format!("[{first}Delay(time: {steps}]"));
        let loaded =
            load_world(&world, trace, "", "t\n2025-01-06 10:00\n").unwrap_or_else(|said| panic!("{said}"));
        let flow = loaded.built.model.flows.iter().next().expect("the flow");
        let sanda_core::model::ArrivalRule::Dates(times) = &flow.arrivals else { panic!("times") };
        assert!((times[0].as_hours_f64() - hours).abs() < 1e-9, "{first} {times:?}");
    }
}

#[test]
fn numbers_where_a_time_is_due_are_named_for_what_they_are() {
    assert_snapshot!(trace("size: \"teu\"", "t,teu\n45663.0416666667,1\n45663.5,2\n").err().unwrap(), @r#"
    error: 2 cells of `data.csv`, column `t`, are dates as a spreadsheet counts them: lines 2 and 3
     --> my.ron:5:53
      |
    5 |     flows: { "f": (from: "a", arrivals: Trace(file: "data.csv", size: "teu"), steps: [Delay(time: "1h")]) },
      |                                                     ^^^^^^^^^^
      |
     ::: data.csv:2:1
      |
    2 | 45663.0416666667,1
      | ---------------- `45663.0416666667` is a number without a unit where a time is due
      |
     ::: data.csv:3:1
      |
    3 | 45663.5,2
      | ------- `45663.5` is a number without a unit where a time is due
      |
      = path: flows.f.arrivals
    hint: `45663.0416666667` looks like 2025-01-06T01:00:00 as a spreadsheet counts days: give the column the format yyyy-mm-dd hh:mm before it is saved as CSV
    "#);
    assert_snapshot!(brief(trace("", "t\n1736128800\n1736132400\n")), @r"
    error: 2 cells of `data.csv`, column `t`, are counts since 1970: lines 2 and 3
    hint: `1736128800` looks like seconds since 1970, 2025-01-06T02:00:00Z: write dates as 2025-03-01T10:20Z
    ");
    assert_snapshot!(brief(trace("", "t\n1736128800000\n")), @r"
    error: line 2 of `data.csv`, column `t`: `1736128800000` is a number without a unit where a time is due
    hint: `1736128800000` looks like milliseconds since 1970, 2025-01-06T02:00:00Z: write dates as 2025-03-01T10:20Z
    ");
    assert_snapshot!(brief(trace("", "t\n1.7361288e18\n")), @r"
    error: line 2 of `data.csv`, column `t`: `1.7361288e18` is a number without a unit where a time is due
    hint: `1.7361288e18` looks like nanoseconds since 1970, 2025-01-06T02:00:00Z: write dates as 2025-03-01T10:20Z
    ");
    assert_snapshot!(brief(trace("", "t\n20250106\n")), @r"
    error: line 2 of `data.csv`, column `t`: `20250106` is a number without a unit where a time is due
    hint: `20250106` looks like 2025-01-06 00:00:00: write dates as 2025-03-01 10:20
    ");
    assert_snapshot!(brief(trace("", "t\n202501061000\n")), @r"
    error: line 2 of `data.csv`, column `t`: `202501061000` is a number without a unit where a time is due
    hint: `202501061000` looks like 2025-01-06 10:00:00: write dates as 2025-03-01 10:20
    ");
    assert_snapshot!(brief(trace("", "t\n5\n7.5\n")), @r#"
    error: 2 cells of `data.csv`, column `t`, are numbers without a unit: lines 2 and 3
    hint: write `unit: "h"` beside the `column` for hours after the start, or dates as 2025-03-01 10:20
    "#);
    assert_snapshot!(brief(trace("", "t\n0930\n")), @r#"
    error: line 2 of `data.csv`, column `t`: `0930` is a number without a unit where a time is due
    hint: write `unit: "h"` beside the `column` for hours after the start, or dates as 2025-03-01 10:20
    "#);
}

#[test]
fn rows_that_no_shipment_can_be_made_of() {
    assert_snapshot!(
        trace(
            "size: \"teu\", units: \"n\"",
            "t,teu,n\n2025-01-06 10:00,1,2\n,2,1\n2025-01-06 11:00,,1\n2025-01-06 12:00,1,0\n"
        )
        .err()
        .unwrap(), @r#"
    error: line 3 of `data.csv`, column `t`: no time
     --> my.ron:5:53
      |
    5 |     flows: { "f": (from: "a", arrivals: Trace(file: "data.csv", size: "teu", units: "n"), steps: [Delay(time: "1h")]) },
      |                                                     ^^^^^^^^^^
      |
     ::: data.csv:3:1
      |
    3 | ,2,1
      | - no time
      |
      = path: flows.f.arrivals
    hint: give the row a time, or leave it out of the file

    error: line 4 of `data.csv`, column `teu`: a time, but no value
     --> my.ron:5:53
      |
    5 |     flows: { "f": (from: "a", arrivals: Trace(file: "data.csv", size: "teu", units: "n"), steps: [Delay(time: "1h")]) },
      |                                                     ^^^^^^^^^^
      |
     ::: data.csv:4:18
      |
    4 | 2025-01-06 11:00,,1
      |                  - a time, but no value
      |
      = path: flows.f.arrivals
    hint: fill the cell, or leave the row out of the file

    error: line 5 of `data.csv`, column `n`: `0`: a shipment is one unit at least
     --> my.ron:5:53
      |
    5 |     flows: { "f": (from: "a", arrivals: Trace(file: "data.csv", size: "teu", units: "n"), steps: [Delay(time: "1h")]) },
      |                                                     ^^^^^^^^^^
      |
     ::: data.csv:5:20
      |
    5 | 2025-01-06 12:00,1,0
      |                    - `0`: a shipment is one unit at least
      |
      = path: flows.f.arrivals
    "#);
    assert_snapshot!(brief(trace(
        "size: \"teu\", units: \"n\"",
        "t,teu,n\n2025/1/6 10:00,1,1\n06.01.2025 10:00,x,1.5\n2025-01-06 25:30,-1,2.0\nfoo,1,-1\nN/A,1,1\n-5h,1,1\n2025-01-06 1:30 PM,1,1\n"
    )), @r"
    error: 4 cells of `data.csv`, column `t`, are not dates with a time of day: lines 2, 3, 4 and 8
    hint: did you mean `2025-01-06`?
    error: line 5 of `data.csv`, column `t`: `foo` is not a time
    hint: write a local time such as 2025-03-01 10:20, or a duration after the start such as 36h
    error: line 6 of `data.csv`, column `t`: `N/A` is no value
    hint: fill the cell, or leave the row out of the file
    error: line 7 of `data.csv`, column `t`: `-5h` is negative, and duration cannot be
    error: line 3 of `data.csv`, column `teu`: `x` is not a number where container volume is due
    hint: write for example `55 TEU`
    error: line 4 of `data.csv`, column `teu`: `-1` is negative
    error: line 3 of `data.csv`, column `n`: `1.5` is not a whole number
    error: line 5 of `data.csv`, column `n`: `-1` is negative
    ");
    assert_snapshot!(brief(trace("units: \"n\"", "t,n\n2025-01-06 10:00,1e400\n99999999999999999999 h,1\n")), @r"
    error: line 3 of `data.csv`, column `t`: `99999999999999999999 h` is too large for duration
    error: line 2 of `data.csv`, column `n`: `1e400` is not a whole number
    ");
    // Whole numbers with a decimal point are whole.
    trace("units: \"n\"", "t,n\n2025-01-06 10:00,2.0\n2025-01-06 11:00,3e0\n")
        .unwrap_or_else(|said| panic!("{said}"));
}

#[test]
fn rows_outside_the_run_are_counted() {
    let csv = "t\n2024-12-31 10:00\n2025-01-06 10:00\n2025-01-05 10:00\n2025-01-20 10:00\n";
    let loaded = trace("", csv).unwrap_or_else(|said| panic!("{said}"));
    let issue = loaded.issues.iter().next().expect("a remark");
    let quotes: Vec<_> = issue
        .quotes
        .iter()
        .map(|quote| format!("{}:{} {}: {}", quote.file, quote.line, quote.text, quote.label))
        .collect();
    assert_snapshot!(format!(
        "{}\n{}\nhint: {}",
        issue.message,
        quotes.join("\n"),
        issue.hint.as_deref().unwrap()
    ), @r"
    3 of 4 rows of `data.csv` lie outside the run and are left out: 2 before its start (the first on line 2), 1 after its last arrivals (the first on line 5)
    data.csv:2 2024-12-31 10:00: before the start: 2024-12-31T17:00 in Asia/Shanghai
    data.csv:5 2025-01-20 10:00: after the last arrivals: 2025-01-20T17:00 in Asia/Shanghai
    hint: the run starts at 2025-01-06T00:00, and its last arrivals are at 2025-01-15T23:59:59.999 in Asia/Shanghai
    ");
    check_times("", csv, &[17.0]);
    assert_snapshot!(brief(trace("", "t\n2024-01-06 10:00\n2024-01-07 10:00\n")), @r"
    error: no row of `data.csv` lies within the run: 2 before its start (the first on line 2)
    hint: the run starts at 2025-01-06T00:00, and its last arrivals are at 2025-01-15T23:59:59.999 in Asia/Shanghai
    ");
    assert_snapshot!(brief(trace("", "t\n2026-01-06 10:00\n")), @r"
    error: no row of `data.csv` lies within the run: 1 after its last arrivals (the first on line 2)
    hint: the run starts at 2025-01-06T00:00, and its last arrivals are at 2025-01-15T23:59:59.999 in Asia/Shanghai
    ");
    assert_snapshot!(brief(trace("", "t\n2024-01-06 10:00\n2026-01-07 10:00\n")), @r"
    error: no row of `data.csv` lies within the run: 1 before its start (the first on line 2), 1 after its last arrivals (the first on line 3)
    hint: the run starts at 2025-01-06T00:00, and its last arrivals are at 2025-01-15T23:59:59.999 in Asia/Shanghai
    ");
    // What is wrong outside the run is wrong all the same.
    assert_snapshot!(brief(trace("size: \"teu\"", "t,teu\n2024-01-06 10:00,x\n2025-01-06 10:00,1\n")), @r"
    error: line 2 of `data.csv`, column `teu`: `x` is not a number where container volume is due
    hint: write for example `55 TEU`
    ");
}

#[test]
fn encodings_are_named() {
    assert_snapshot!(brief(law(HOURS, b"id,h\n\xce\xe4\xba\xba,1\n")), @r"
    error: `data.csv`: the file is not UTF-8 text (line 2)
    hint: save it as UTF-8; text from older Chinese software is often GB 18030
    ");
    assert_snapshot!(brief(law(HOURS, b"\xff\xfeh\x00\n\x00")), @r"
    error: `data.csv`: the file is not UTF-8 but UTF-16
    hint: save it as UTF-8
    ");
}
