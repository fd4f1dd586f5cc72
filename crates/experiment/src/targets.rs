//! The words of `--precision`: the half-width asked of each metric, and whether it was reached.
//!
//! Owns the small language `rail-half-month: 0.5pp, p90: 6h, mean: 2%`. Does not own the stopping rule (`estimate::Precision`) nor the
//! running (`until`).

use std::collections::{BTreeMap, BTreeSet};

use sanda_core::model::Model;
use sanda_results::{Figure, Measure, PrecisionEntry, PrecisionReport, Results, Text, paths};
use sanda_units::{Duration, parse_number, parse_quantity};

use crate::argument::ArgumentIssue;
use crate::catalogue::{Metric, catalogue, model_clock, select, unknown};
use crate::estimate::{Precision, Reached, Target};

/// Replications allowed unless another number is given.
pub const DEFAULT_BUDGET: u64 = 1000;

/// A half-width asked of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionTarget {
    /// Path of the metric.
    pub metric: String,
    /// What was asked for, as written.
    pub asked: String,
    /// The half-width.
    pub target: Target,
}

/// All half-widths that were asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// In the order in which they were asked for.
    pub targets: Vec<PrecisionTarget>,
    /// Most replications.
    pub budget: u64,
}

impl Wanted {
    /// Reads `NAME: AMOUNT` between commas. A name is a promise, the path of a metric (with `*` for any part of it), or a statistic of the
    /// clocks of all flows (`mean`, `p90`). An amount is in percentage points for shares (`0.5pp`), a time for times (`6h`), a number
    /// for anything else, or relative (`2%`).
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(text: &str, budget: u64, model: &Model) -> Result<Self, Vec<ArgumentIssue>> {
        // One-sided bounds have no half-width.
        let metrics: Vec<Metric> =
            catalogue(model).into_iter().filter(|metric| !metric.path.contains(".achievable.")).collect();
        let (mut targets, mut issues, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for part in text.split(',').map(str::trim) {
            let Some((name, asked)) = part.rsplit_once(':').map(|(name, asked)| (name.trim(), asked.trim()))
            else {
                issues.push(ArgumentIssue::new(
                    format!("`{part}` asks for nothing; expected NAME: HALF-WIDTH"),
                    "for example `rail-half-month: 0.5pp, p90: 6h`",
                ));
                continue;
            };
            let named = match named(name, model, &metrics) {
                Ok(named) => named,
                Err(more) => {
                    issues.extend(more);
                    continue;
                }
            };
            for metric in named {
                match amount(asked, metric.measure) {
                    Ok(target) if seen.insert(metric.path.clone()) => {
                        targets.push(PrecisionTarget {
                            metric: metric.path,
                            asked: asked.to_owned(),
                            target,
                        });
                    }
                    // Named before: the first holds.
                    Ok(_) => {}
                    Err(issue) => {
                        issues
                            .push(ArgumentIssue { message: format!("`{part}`: {}", issue.message), ..issue });
                        break;
                    }
                }
            }
        }
        if issues.is_empty() { Ok(Self { targets, budget }) } else { Err(issues) }
    }

    /// What was asked for, again as words.
    pub fn words(&self) -> String {
        let words = self.targets.iter().map(|target| format!("{}: {}", target.metric, target.asked));
        words.collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn rule(&self) -> Precision {
        Precision::new(self.targets.iter().map(|target| target.target).collect(), self.budget)
    }

    /// The paths whose figures are to be known.
    pub(crate) fn paths(&self) -> BTreeSet<String> {
        self.targets.iter().map(|target| target.metric.clone()).collect()
    }

    /// What the rule is fed with.
    pub(crate) fn reached(&self, figures: &BTreeMap<String, Figure>) -> Vec<Reached> {
        let of = |target: &PrecisionTarget| {
            let figure = figures.get(&target.metric).copied().unwrap_or_default();
            Reached { value: figure.value().unwrap_or(f64::NAN), half_width: figure.half_width }
        };
        self.targets.iter().map(of).collect()
    }

    /// What came of it after `n` replications.
    pub fn report(&self, n: u64, figures: &BTreeMap<String, Figure>, is_reached: bool) -> PrecisionReport {
        let entries = self.targets.iter().zip(self.reached(figures)).map(|(target, found)| {
            let alone = Precision::new(vec![target.target], self.budget);
            let wanted = Some(target.target.half_width(found.value)).filter(|width| width.is_finite());
            let is_reached = found.half_width.zip(wanted).is_some_and(|(found, wanted)| found <= wanted);
            PrecisionEntry {
                metric: target.metric.clone(),
                asked: target.asked.clone(),
                wanted,
                half_width: found.half_width,
                is_reached,
                needed: if is_reached { None } else { alone.needed(n, &[found]) },
            }
        });
        PrecisionReport { is_reached, budget: self.budget, entries: entries.collect() }
    }
}

/// The metrics that a name stands for.
fn named(name: &str, model: &Model, metrics: &[Metric]) -> Result<Vec<Metric>, Vec<ArgumentIssue>> {
    let share = paths::promise_share(name);
    if let Some(metric) = metrics.iter().find(|metric| metric.path == share) {
        return Ok(vec![metric.clone()]);
    }
    if name == paths::MEAN || paths::share_of(name).is_some() {
        let wanted: BTreeSet<String> = model
            .flows
            .iter()
            .filter(|flow| !flow.background)
            .filter_map(|flow| Some(paths::flow_clock(&flow.name, model_clock(flow)?, name)))
            .collect();
        let found: Vec<Metric> =
            metrics.iter().filter(|metric| wanted.contains(&metric.path)).cloned().collect();
        return if found.is_empty() { Err(vec![unknown(name, metrics)]) } else { Ok(found) };
    }
    select(metrics, &[name.to_owned()])
}

/// Reads a half-width for a metric of this measure.
fn amount(text: &str, measure: Measure) -> Result<Target, ArgumentIssue> {
    let positive = |number: &str| parse_number(number.trim()).filter(|value| *value > 0.0);
    let (expected, example) = match measure {
        Measure::Share => ("percentage points, or a relative half-width in per cent", "`0.5pp` or `2%`"),
        Measure::Hours => ("a time, or a relative half-width in per cent", "`6h`, `0.5d` or `2%`"),
        Measure::Yuan => ("yuan, or a relative half-width in per cent", "`50` or `2%`"),
        Measure::Kilograms => ("kilograms of CO2e, or a relative half-width in per cent", "`5` or `2%`"),
        Measure::Number => ("a number, or a relative half-width in per cent", "`10` or `2%`"),
    };
    let target = match (text.strip_suffix("pp"), text.strip_suffix('%'), measure) {
        (Some(points), _, Measure::Share) => positive(points).map(|points| Target::Absolute(points / 100.0)),
        (None, Some(percent), _) => positive(percent).map(|percent| Target::Relative(percent / 100.0)),
        (None, None, Measure::Hours) => parse_quantity::<Duration>(text)
            .ok()
            .filter(|time| time.as_ms() > 0)
            .map(|time| Target::Absolute(time.as_hours_f64())),
        (None, None, Measure::Yuan | Measure::Kilograms | Measure::Number) => {
            positive(text).map(Target::Absolute)
        }
        _ => None,
    };
    target.ok_or_else(|| {
        ArgumentIssue::new(
            format!("`{text}` is no half-width of this metric; expected {expected}, above zero"),
            format!("for example {example}"),
        )
    })
}

/// What is said of a precision that was asked for: that it is reached with `n` replications, or what is missing.
pub fn precision_note(report: &PrecisionReport, n: u32) -> Text {
    let missed: Vec<String> = report
        .entries
        .iter()
        .filter(|entry| !entry.is_reached)
        .map(|entry| match entry.needed {
            Some(needed) => format!("{} (≈{needed})", entry.metric),
            None => entry.metric.clone(),
        })
        .collect();
    if report.is_reached {
        Text::new(
            format!("要求的精度已全部达到，共{n}次重复。"),
            format!("The precision asked for is reached, with {n} replications."),
        )
    } else if missed.is_empty() {
        Text::new(
            format!("要求的精度在第{n}次重复时达到，但运行就此结束，未能确认其稳定。"),
            format!(
                "The precision asked for is reached with {n} replications, but the run ended before it had lasted."
            ),
        )
    } else {
        Text::new(
            format!(
                "{n}次重复后，以下指标未达到要求的精度（括号内为估计所需的重复次数）：{}。",
                missed.join("、")
            ),
            format!(
                "After {n} replications the precision asked for is not reached for (in brackets: about how many it would take): {}.",
                missed.join(", ")
            ),
        )
    }
}

/// Puts into the results what precision was asked for, with a note on what became of it.
pub fn add_precision(results: &mut Results, report: PrecisionReport) {
    let note = precision_note(&report, results.scenario.replications);
    results.notes.insert(0, note);
    results.precision = Some(report);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_fit_their_measure() {
        let check = |text: &str, measure, expected: Option<Target>| {
            assert_eq!(amount(text, measure).ok(), expected, "{text}");
        };
        check("0.5pp", Measure::Share, Some(Target::Absolute(0.005)));
        check("2 %", Measure::Share, Some(Target::Relative(0.02)));
        check("6h", Measure::Hours, Some(Target::Absolute(6.0)));
        check("0.25d", Measure::Hours, Some(Target::Absolute(6.0)));
        check("50", Measure::Yuan, Some(Target::Absolute(50.0)));
        for (text, measure) in [
            ("6h", Measure::Share),
            ("0.5pp", Measure::Hours),
            ("6", Measure::Hours),
            ("0%", Measure::Hours),
            ("-1", Measure::Number),
            ("", Measure::Yuan),
        ] {
            check(text, measure, None);
        }
    }
}
