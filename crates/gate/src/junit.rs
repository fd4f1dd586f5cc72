//! JUnit XML: one suite per baseline, one test per family of metrics and per exact comparison.
//!
//! The names of tests do not depend on the findings, so that servers can track them. The file contains no times: equal findings give equal
//! files.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::family::Family;
use crate::findings::{Cause, Finding, Findings, Move, MoveVerdict, Verdict};
use crate::text::{advice, difference, move_word, moved_line, reason};

/// Returns the findings as JUnit XML.
///
/// # Errors
/// Those of the XML writer.
pub fn junit(findings: &Findings) -> Result<String, SerializeError> {
    let mut report = Report::new("sanda check");
    report.add_test_suites(findings.findings.iter().map(|finding| suite(finding, findings.strict)));
    report.to_string()
}

fn suite(finding: &Finding, strict: bool) -> TestSuite {
    let mut suite = TestSuite::new(finding.name());
    let mut add = |name: &str, status: TestCaseStatus| {
        let mut case = TestCase::new(name, status);
        case.set_classname(format!("sanda.{}", finding.name()));
        suite.add_test_case(case);
    };
    let is_compared = !matches!(finding.verdict, Verdict::Incomparable | Verdict::Broken);
    add("comparison", comparison(finding, is_compared));
    if !is_compared {
        return suite;
    }
    let listed = |names: &[String]| (!names.is_empty()).then(|| names.join("\n"));
    let quick_only = finding.cause == Cause::QuickTierOnly;
    add("statistics", status("statistics-changed", finding, listed(&finding.statistics_changed)));
    add("metrics-present", status("metrics-vanished", finding, listed(&finding.vanished)));
    for family in Family::ALL {
        let of_family: Vec<&Move> = finding.moves.iter().filter(|one| one.family == family).collect();
        add(family.rule(), family_status(&of_family, strict));
    }
    let drifted: Vec<&Move> = finding.drifted().collect();
    add("drift", status("drift", finding, (!drifted.is_empty()).then(|| lines(&drifted))));
    let moved: Vec<String> = finding.moved.iter().map(moved_line).collect();
    let mut trajectory = TestCaseStatus::success();
    if quick_only {
        trajectory = TestCaseStatus::non_success(NonSuccessKind::Error);
        trajectory.set_type("inconclusive").set_message(reason(finding)).set_description(moved.join("\n"));
    }
    add("trajectory", trajectory);
    suite
}

/// Returns the status of the comparison itself.
fn comparison(finding: &Finding, is_compared: bool) -> TestCaseStatus {
    if is_compared {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type(finding.verdict.name()).set_message(reason(finding));
    status.set_description(finding.message.clone().unwrap_or_default());
    status
}

fn status(kind: &str, finding: &Finding, failed: Option<String>) -> TestCaseStatus {
    let Some(failed) = failed else { return TestCaseStatus::success() };
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let advice = advice(finding);
    let message = reason(finding);
    status.set_type(kind).set_message(if advice.is_empty() {
        message
    } else {
        format!("{message}; {advice}")
    });
    status.set_description(failed);
    status
}

/// Returns the status of a family, which its most severe move decides.
fn family_status(moves: &[&Move], strict: bool) -> TestCaseStatus {
    let of = |verdict: MoveVerdict| -> Vec<&Move> {
        moves.iter().copied().filter(|one| one.verdict == verdict).collect()
    };
    let (fail, open, changed) =
        (of(MoveVerdict::Fail), of(MoveVerdict::Inconclusive), of(MoveVerdict::Changed));
    let (kind, name, moves) = if !fail.is_empty() {
        (NonSuccessKind::Failure, "beyond-margin", fail)
    } else if !open.is_empty() {
        (NonSuccessKind::Error, "inconclusive", open)
    } else if strict && !changed.is_empty() {
        (NonSuccessKind::Failure, "changed", changed)
    } else {
        return TestCaseStatus::success();
    };
    let mut status = TestCaseStatus::non_success(kind);
    let first = moves.first().map(|one| one.path.clone()).unwrap_or_default();
    status.set_type(name).set_message(format!("{} of its metrics, first {first}", moves.len()));
    status.set_description(lines(&moves));
    status
}

fn lines(moves: &[&Move]) -> String {
    let line = |one: &&Move| {
        format!("{}: {}, {}", one.path, difference(one.difference, one.is_share), move_word(one))
    };
    moves.iter().map(line).collect::<Vec<_>>().join("\n")
}
