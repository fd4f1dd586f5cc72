//! The output of `sanda check` and `sanda bless`: English sentences with the Chinese verdict beside them.
//!
//! Owns the words that all reports share. Does not own the findings.

use std::fmt::Write as _;

use crate::bless::Blessing;
use crate::compare::{Moved, MovedKind};
use crate::findings::{Cause, Finding, Findings, Move, MoveVerdict, Verdict};

/// Largest number of moves listed; the others are counted.
pub(crate) const MOST_MOVES: usize = 10;

/// Largest number of names listed of anything else.
pub(crate) const MOST_NAMES: usize = 10;

/// Returns the sign and both words of a verdict.
pub(crate) fn verdict_words(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Pass => ("✓", "通过", "PASS"),
        Verdict::Changed => ("~", "有变化，未超限", "CHANGED"),
        Verdict::Inconclusive => ("?", "无法判定", "INCONCLUSIVE"),
        Verdict::Incomparable => ("✗", "无法比较", "NOT COMPARED"),
        Verdict::Fail => ("✗", "未通过", "FAIL"),
        Verdict::Broken => ("✗", "模拟器出错", "BROKEN"),
    }
}

/// Returns a count with its noun, such as `2 replications`.
pub(crate) fn counted(n: u64, one: &str) -> String {
    if n == 1 { format!("{n} {one}") } else { format!("{n} {one}s") }
}

/// Returns the sentence that gives the reason of a verdict.
pub(crate) fn reason(finding: &Finding) -> String {
    let counts = finding.counts;
    let replications = counted(finding.replications, "replication");
    let n_metrics =
        counts.identical + counts.pass + counts.changed + counts.inconclusive + counts.fail + counts.unjudged;
    let metrics = counted(n_metrics as u64, "metric");
    match finding.cause {
        Cause::Identical => format!("the same events and the same {metrics} in {replications}"),
        Cause::StatisticsChanged => format!(
            "the same events, but other numbers for {}: the statistics code has changed",
            counted(finding.statistics_changed.len() as u64, "metric")
        ),
        Cause::QuickTierOnly if finding.moved.is_empty() => format!(
            "the same events, but another model and other numbers in {replications}; --full judges whether that matters"
        ),
        Cause::QuickTierOnly => format!(
            "other events in {} of {replications}; --full judges whether that matters",
            finding.moved.iter().map(|moved| moved.replications).max().unwrap_or(0)
        ),
        Cause::MetricsVanished => format!(
            "{} of the baseline no longer exist or no longer observe anything",
            counted(finding.vanished.len() as u64, "metric")
        ),
        Cause::Drift => format!(
            "since the ledger began, {} moved beyond the margin, step by step",
            counted(finding.drifted().count() as u64, "metric")
        ),
        Cause::Baseline => "no comparison with the baseline is possible".to_owned(),
        Cause::Invariant => "an invariant of the simulator does not hold".to_owned(),
        Cause::Margins => {
            let look =
                finding.look.map_or_else(String::new, |[number, of]| format!(" (look {number} of {of})"));
            let what = match finding.verdict {
                Verdict::Fail => format!("{} of {metrics} moved beyond the margin", counts.fail),
                Verdict::Inconclusive if counts.inconclusive == 0 => {
                    format!("none of {metrics} that moved has a margin")
                }
                Verdict::Inconclusive => {
                    format!("for {} of {metrics} the replications prove nothing", counts.inconclusive)
                }
                Verdict::Changed => format!("{} of {metrics} moved, within the margins", counts.changed),
                _ if counts.identical == n_metrics => format!("all {metrics} have the same numbers"),
                _ => format!("all {metrics} lie within their margins"),
            };
            format!("{what}, in {replications}{look}")
        }
    }
}

/// Formats a number of hours or a share.
pub(crate) fn amount(value: Option<f64>, is_share: bool) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if is_share => format!("{:.2} %", value * 100.0),
        Some(value) => format!("{value:.2} h"),
    }
}

/// Formats a difference with its sign; differences of shares are in percentage points.
pub(crate) fn difference(value: Option<f64>, is_share: bool) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if is_share => format!("{:+.2} pp", value * 100.0),
        Some(value) => format!("{value:+.2} h"),
    }
}

/// Formats a margin: a difference without a sign.
pub(crate) fn size(value: Option<f64>, is_share: bool) -> String {
    difference(value, is_share).trim_start_matches('+').to_owned()
}

/// Returns the words for the verdict on a metric.
pub(crate) fn move_word(one: &Move) -> &'static str {
    match (one.verdict, one.direction.as_deref()) {
        (MoveVerdict::Identical, _) => "identical",
        (MoveVerdict::Pass, _) => "within the margin",
        (MoveVerdict::Changed, Some("improvement")) => "better, within the margin",
        (MoveVerdict::Changed, _) => "worse, within the margin",
        (MoveVerdict::Inconclusive, _) => "not decided",
        (MoveVerdict::Fail, Some("improvement")) => "better, beyond the margin",
        (MoveVerdict::Fail, Some(_)) => "worse, beyond the margin",
        (MoveVerdict::Fail, None) => "observed in one of the two alone",
        (MoveVerdict::Unjudged, _) => "changed, has no margin",
    }
}

/// Returns a moved metric on one line.
fn move_line(one: &Move) -> String {
    let margins = one.in_margins.map_or_else(String::new, |size| format!(" = {size:.2} margins"));
    format!(
        "{}: {} -> {}, {}{margins}: {}",
        one.path,
        amount(one.baseline, one.is_share),
        amount(one.now, one.is_share),
        difference(one.difference, one.is_share),
        move_word(one)
    )
}

/// Returns a moved flow or service on one line.
pub(crate) fn moved_line(moved: &Moved) -> String {
    let kind = match moved.kind {
        MovedKind::Flow => "flow",
        MovedKind::Service => "service",
    };
    let mode = moved.mode.as_ref().map_or_else(String::new, |mode| format!(" ({mode})"));
    let Moved { name, replications, .. } = moved;
    match moved.first_replication {
        Some(first) => {
            format!("{kind} `{name}`{mode}: from replication {first} on, in {replications} of those compared")
        }
        None => format!("{kind} `{name}`{mode}: no longer exists"),
    }
}

/// Lists the first entries under a heading.
fn list(text: &mut String, heading: &str, lines: impl ExactSizeIterator<Item = String>, most: usize) {
    let n = lines.len();
    if n == 0 {
        return;
    }
    let _ = writeln!(text, "  {heading}");
    for line in lines.take(most) {
        let _ = writeln!(text, "    {line}");
    }
    if n > most {
        let _ = writeln!(text, "    ... and {} more", n - most);
    }
}

/// Returns advice on a finding; empty if nothing is to be done.
pub(crate) fn advice(finding: &Finding) -> &'static str {
    match (finding.verdict, finding.cause) {
        (_, Cause::StatisticsChanged) => {
            "mend the statistics, or bless the new numbers if the old ones were wrong"
        }
        (_, Cause::MetricsVanished) => "bring the metrics back, or bless the results without them",
        (_, Cause::Drift) => {
            "if the whole way is wanted, begin a new ledger: `sanda bless SCENARIO.ron --restart-ledger --reason TEXT` (with --baselines FOLDER where they are not in benches/baselines)"
        }
        (_, Cause::QuickTierOnly) => "the same command with --full instead of --quick",
        (Verdict::Fail, Cause::Margins) => {
            "if the change is wanted, an improvement as well: `sanda bless SCENARIO.ron --restart-ledger --reason TEXT` (with --baselines FOLDER where they are not in benches/baselines)"
        }
        (Verdict::Inconclusive, Cause::Margins) => {
            "`sanda check --power` says how many replications the margins need; bless with more, or widen a margin in the baseline"
        }
        _ => "",
    }
}

/// Returns the printed text of findings.
pub fn findings_text(findings: &Findings) -> String {
    let mut text = String::new();
    for finding in &findings.findings {
        let (sign, chinese, english) = verdict_words(finding.verdict);
        let _ = writeln!(text, "{sign} {chinese} {english}  {}: {}", finding.name(), reason(finding));
        if let Some(message) = &finding.message {
            for line in message.lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        list(
            &mut text,
            "no longer there, or observed before or after alone:",
            finding.vanished.iter().cloned(),
            MOST_NAMES,
        );
        list(&mut text, "other numbers for:", finding.statistics_changed.iter().cloned(), MOST_NAMES);
        list(&mut text, "other events in:", finding.moved.iter().map(moved_line), MOST_NAMES);
        list(
            &mut text,
            "metrics that moved, farthest first:",
            finding.moves.iter().map(move_line),
            MOST_MOVES,
        );
        if let Some(drift) = &finding.drift {
            let heading = format!(
                "since \"{}\", {} ago, in all:",
                drift.since,
                counted(drift.blessings as u64 - 1, "blessing")
            );
            list(&mut text, &heading, drift.moves.iter().map(move_line), MOST_MOVES);
        }
        list(&mut text, "new, and not compared:", finding.new.iter().cloned(), MOST_NAMES);
        let advice = advice(finding);
        if !advice.is_empty() {
            let _ = writeln!(text, "  hint: {advice}");
        }
    }
    let n = findings.findings.len();
    let n_good = findings.findings.iter().filter(|one| one.verdict == Verdict::Pass).count();
    if n > 1 {
        let (sign, chinese, english) = verdict_words(findings.verdict);
        let _ = writeln!(text, "{sign} {chinese} {english}  {n_good} of {n} baselines pass");
    }
    text
}

/// Returns the printed text of a blessing.
pub fn blessing_text(blessing: &Blessing, path: &str) -> String {
    let baseline = &blessing.baseline;
    let last = baseline.last();
    let mut text = format!(
        "{}: {} in {}, blessed in {path}\n",
        baseline.scenario.name,
        counted(baseline.metrics.len() as u64, "metric"),
        counted(last.replications, "replication")
    );
    if blessing.n_unjudged > 0 {
        let _ = writeln!(
            text,
            "  {} without a margin, for shipments that never arrive leave nothing to judge by",
            counted(blessing.n_unjudged as u64, "metric")
        );
    }
    let n = baseline.ledger.len();
    if blessing.is_first {
        let _ = writeln!(text, "  the ledger begins here");
    } else if blessing.is_same {
        let _ = writeln!(text, "  every number is as before; entry {n} of the ledger");
    } else {
        let _ = writeln!(text, "  entry {n} of the ledger, which began with \"{}\"", baseline.first().reason);
    }
    let heading = "metrics that moved, farthest first:";
    list(&mut text, heading, blessing.moves.iter().map(move_line), MOST_MOVES);
    if let Some(drift) = blessing.drift.as_ref().filter(|_| !blessing.is_same) {
        let n_beyond = drift.moves.iter().filter(|one| one.verdict == MoveVerdict::Fail).count();
        list(&mut text, "since the ledger began, in all:", drift.moves.iter().map(move_line), MOST_MOVES);
        if n_beyond > 0 {
            let metrics = counted(n_beyond as u64, "metric");
            let _ = writeln!(
                text,
                "  warning: since the ledger began, {metrics} moved beyond the margin; `sanda check` will fail until the ledger is restarted"
            );
        }
    }
    list(&mut text, "no longer there:", blessing.vanished.iter().cloned(), MOST_NAMES);
    list(&mut text, "new:", blessing.new.iter().cloned(), MOST_NAMES);
    text
}
