//! The cases as data: distinct names, accepted by the language, and failing when theory is wrong.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use sanda_scenario::load_model_text;
use sanda_verify::{Case, Depth, FALSE_ALARM, Limits, Plan, Verdict, all, run_case, table, to_json};

fn case(id: &str) -> Case {
    all(Depth::Quick).into_iter().find(|case| case.id == id).unwrap()
}

fn plan(n_figures: usize, n_threads: usize) -> Plan {
    Plan { seed: 4, n_threads: Some(n_threads), limits: Limits::together(FALSE_ALARM, n_figures) }
}

fn stop() -> AtomicBool {
    AtomicBool::new(false)
}

#[test]
fn every_case_is_named_apart_and_has_a_scenario_that_loads() {
    for depth in [Depth::Quick, Depth::Full] {
        let mut ids = BTreeSet::new();
        for case in all(depth) {
            assert!(ids.insert(case.id), "two cases `{}`", case.id);
            assert!(!case.figures.is_empty() && !case.title.zh.is_empty() && !case.title.en.is_empty());
            assert!(case.figures.iter().all(|figure| figure.theory.is_finite()), "{}", case.id);
            if let Err(failure) = load_model_text(case.id, &case.text(1), &[]) {
                panic!("{failure}");
            }
        }
    }
    // Every case of the quick set is in the full one.
    let full: BTreeSet<_> = all(Depth::Full).iter().map(|case| case.id).collect();
    assert!(all(Depth::Quick).iter().all(|case| full.contains(case.id)));
}

#[test]
fn a_wrong_theory_is_seen() {
    let mut case = case("gate-daily");
    let limits = plan(case.figures.len(), 2);
    let right = run_case(&case, &[], limits, &stop(), &mut ()).unwrap();
    assert!(right.agrees());
    // An error of one and a half times the visible one is reported, in either direction.
    for sign in [-1.0, 1.0] {
        for (figure, row) in case.figures.iter_mut().zip(&right.rows) {
            figure.theory = row.simulated * (1.0 + sign * 1.5 * row.half_width / row.simulated);
        }
        let wrong = run_case(&case, &[], limits, &stop(), &mut ()).unwrap();
        assert!(
            wrong.rows.iter().all(|row| row.verdict == Verdict::Disagrees),
            "{}",
            table(&case, &wrong, None)
        );
        assert!(!wrong.agrees());
    }
    case.figures[0].path = "flows.boxes.stages.hours.nothing".into();
    let missing = run_case(&case, &[], limits, &stop(), &mut ()).unwrap();
    assert_eq!(missing.rows[0].verdict, Verdict::Missing);
    assert!(!missing.agrees() && table(&case, &missing, None).contains("missing"));
}

/// The trace is deterministic: a millisecond more over sixty waits is detected.
#[test]
fn the_trace_is_exact() {
    let mut case = case("trace");
    let longest = case.figures.iter().position(|figure| figure.path.starts_with("flows.n")).unwrap();
    case.figures[longest].theory += 1.5 / 3_600_000.0;
    let findings = run_case(&case, &[], plan(1, 1), &stop(), &mut ()).unwrap();
    for (place, row) in findings.rows.iter().enumerate() {
        assert_eq!(row.verdict == Verdict::Agrees, place != longest, "{}", row.path);
    }
}

#[test]
fn threads_leave_no_trace() {
    let case = case("gate-weekdays");
    let printed = |n_threads| {
        let findings = run_case(&case, &[], plan(7, n_threads), &stop(), &mut ()).unwrap();
        to_json(&[(&case, findings)], 4).unwrap()
    };
    assert_eq!(printed(1), printed(2));
}

#[test]
fn limits_share_the_false_alarms() {
    // Student's t with 39 degrees of freedom: 3.558 leaves 0.0005 beyond each end.
    assert!((Limits::together(1e-3, 1).standard_errors(40) - 3.558).abs() < 1e-3);
    let together = Limits::together(1e-3, 300).standard_errors(40);
    assert!((5.3..5.9).contains(&together), "{together}");
}
