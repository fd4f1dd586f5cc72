//! Order, reproducibility and words of the points of sweeps.

use super::*;

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn points(design: &Design) -> Vec<String> {
    design.points.iter().map(|point| point.join(" ")).collect()
}

#[test]
fn the_last_parameter_varies_fastest() {
    let design = Design::grid(&words(&["a.b=1,2", "c.d=2h..6h step 2h"])).unwrap();
    assert_eq!(points(&design), ["1 2h", "1 4h", "1 6h", "2 2h", "2 4h", "2 6h"]);
    assert_eq!(design.sets(4), ["a.b=2", "c.d=4h"]);
    assert_eq!(design.parameters[1].unit.as_deref(), Some("h"));
    assert_eq!(design.numbers()[5], [Some(2.0), Some(6.0)]);
}

#[test]
fn values_may_be_anything_of_the_language() {
    let design =
        Design::grid(&words(&["a.b=Poisson(mean: 2, per: \"1h\"),Trace(file: \"a,b.csv\")", "c=x,y"]))
            .unwrap();
    assert_eq!(design.points.len(), 4);
    assert_eq!(design.points[2][0], "Trace(file: \"a,b.csv\")");
    assert_eq!(design.parameters[0].unit, None);
    let rates = Design::grid(&words(&["r.x=3000 CNY/TEU..4000 CNY/TEU/3"])).unwrap();
    assert_eq!(points(&rates), ["3000 CNY/TEU", "3500 CNY/TEU", "4000 CNY/TEU"]);
}

#[test]
fn a_latin_hypercube_is_the_same_again_and_fills_every_stratum() {
    let ranges = words(&["a.b=0.0..1.0", "c.d=10..19"]);
    let design = Design::latin(&ranges, 10, 7).unwrap();
    assert_eq!(design, Design::latin(&ranges, 10, 7).unwrap());
    assert_ne!(design, Design::latin(&ranges, 10, 8).unwrap());
    let mut whole: Vec<String> = design.points.iter().map(|point| point[1].clone()).collect();
    whole.sort();
    assert_eq!(whole, (10..20).map(|n| n.to_string()).collect::<Vec<_>>());
    let alone = Design::latin(&ranges[..1], 10, 7).unwrap();
    let first = |design: &Design| design.points.iter().map(|point| point[0].clone()).collect::<Vec<_>>();
    assert_eq!(first(&alone), first(&design));
}

#[test]
fn points_are_read_from_a_table() {
    let design = Design::list("\u{feff}a.b, c.d\n1, 2h\n2,30min\n").unwrap();
    assert_eq!(points(&design), ["1 2h", "2 30min"]);
    assert_eq!(design.numbers()[1], [Some(2.0), Some(0.5)]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let said = |outcome: Result<Design, Vec<ArgumentIssue>>| {
        let issues = outcome.unwrap_err();
        let lines = issues.iter().map(|issue| match &issue.hint {
            Some(hint) => format!("{issue}\n  hint: {hint}"),
            None => issue.to_string(),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(said(Design::grid(&words(&[
        "servers", "a[x=1", "run.seed=1,2", "a.b=1,,2", "a.c=8h..2h step 1h", "a.d=2h..8", "a.e=1..2", "a.f=1..5 step 0", "a.g=1..5/1",
        "a.h=1,2", "a.h=3", "a.i=1,2,1"
    ]))), @"
    `servers` names no values; expected PATH=VALUES
      hint: for example `services.train.cutoff=2h,4h,8h` or `services.train.cutoff=2h..8h step 2h`
    `a[x` is not a path: `[` and `]` do not match; expected a path such as `flows.boxes.steps[0].time.mean`
    `run.seed` cannot vary
      hint: all points share one luck; give `--seed`
    `a.b=1,,2` leaves a value out; expected PATH=a,b,c
      hint: for example `services.train.cutoff=2h,4h,8h` or `services.train.cutoff=2h..8h step 2h`
    the range `8h..2h` of `a.c` is empty: its first end is not below its second
      hint: did you mean `a.c=2h..8h`?
    `2h..8` is no range of `a.d`; expected two numbers of one unit
      hint: for example `2h..8h`, `10..50` or `0.1..0.5`; list what is no number: `PATH=a,b`
    `0` is no step of `a.f`; expected a number above zero with the unit of the range
      hint: for example `a.f=1..5 step 1`
    `/1` is no number of values of `a.g`; expected 2 to 10000
      hint: `a.g=1..5/5` are five, both ends among them
    `a.h` is named twice
      hint: give all its values at once: `PATH=a,b,c`
    `a.i` has the value `1` twice
      hint: every value counts once
    `a.e` is a range without a step
      hint: add ` step S` or `/N` (N values), or `--latin N` for a Latin hypercube
    ");
    insta::assert_snapshot!(said(Design::latin(&words(&["a.b=1,2", "a.c=1..2 step 1"]), 4, 1)), @"
    `a.b` is a list of values, and a Latin hypercube takes ranges
      hint: write `a.b=min..max`, or leave `--latin` out
    `a.c` is a list of values, and a Latin hypercube takes ranges
      hint: write `a.c=min..max`, or leave `--latin` out
    ");
    insta::assert_snapshot!(said(Design::list("a.b,a.b\n1,\n")), @"
    `a.b` is named twice
      hint: give all its values at once: `PATH=a,b,c`
    line 2 has no value for `a.b`
      hint: every point needs every value
    ");
    insta::assert_snapshot!(said(Design::list("a.b,c\n1\n")), @"
    it is no table: CSV error: record 1 (line: 2, byte: 6): found record with 1 fields, but the previous record has 2 fields
      hint: the first line names the paths, each further line is a point
    ");
    insta::assert_snapshot!(said(Design::list("a.b\n")), @"
    it has no points
      hint: each line below the first is a point
    ");
    insta::assert_snapshot!(said(Design::grid(&words(&["a.b=1..200/200", "a.c=1..200/200"]))), @"
    the grid has 40000 points, more than 10000
      hint: vary fewer values, or take `--latin N` over ranges
    ");
}
