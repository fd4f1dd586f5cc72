//! Whether a simulated figure agrees with theory.

use sanda_experiment::estimate::student_t;
use sanda_results::{Figure, Results};

use crate::case::{Expected, Unit};

/// Largest probability that a run of all cases reports a disagreement although the simulator is right.
pub const FALSE_ALARM: f64 = 1e-3;
/// Probability beyond each end of the intervals in results, whose confidence is 95 %.
const TAIL: f64 = 0.025;
/// Resolution of percentiles of times: the relative width of a bucket of their histograms.
const BUCKET: f64 = 1.0 / 512.0;
/// A millisecond in hours. Durations are rounded to it.
const MILLISECOND: f64 = 1.0 / 3_600_000.0;

/// The permitted distance of figures from theory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Probability of a false alarm beyond each end of the interval of one figure.
    tail: f64,
}

impl Limits {
    /// Returns limits by which `n_figures` together raise a false alarm with this probability at most, whatever their dependence.
    pub fn together(false_alarm: f64, n_figures: usize) -> Self {
        Self { tail: false_alarm / (2.0 * n_figures.max(1) as f64) }
    }

    /// Returns the limit in standard errors, for a number of replications.
    pub fn standard_errors(&self, replications: u32) -> f64 {
        student_t(self.tail, f64::from(replications.max(2) - 1))
    }
}

/// The verdict on a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Theory lies in the interval.
    Agrees,
    /// Theory lies outside the interval.
    Disagrees,
    /// The results have no such figure, or one without an interval.
    Missing,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Path of the figure.
    pub path: String,
    /// Its unit.
    pub unit: Unit,
    /// Its value by theory.
    pub theory: f64,
    /// Its simulated value; NaN if there is none.
    pub simulated: f64,
    /// Half the length of the simultaneous interval around the simulated value; NaN if there is none.
    pub half_width: f64,
    /// Number of standard errors between theory and simulation; 0 for a deterministic figure that agrees.
    pub z: f64,
    /// The verdict.
    pub verdict: Verdict,
}

impl Row {
    /// Judges a figure of results.
    pub(crate) fn of(expected: &Expected, results: &Results, limits: Limits) -> Self {
        let Expected { path, theory, unit } = expected.clone();
        let missing = Self {
            path,
            unit,
            theory,
            simulated: f64::NAN,
            half_width: f64::NAN,
            z: f64::NAN,
            verdict: Verdict::Missing,
        };
        let Some(figure) = results.figure(&expected.path) else { return missing };
        let (Some(simulated), Some((low, high))) = (figure.estimate, figure.interval()) else {
            return missing;
        };
        // If an interval is not symmetric (shares, percentiles), the longer half counts.
        let half = (high - simulated).max(simulated - low);
        let error = half / student_t(TAIL, f64::from(figure.replications.max(2) - 1));
        let half_width = limits.standard_errors(figure.replications) * error + resolution(expected, figure);
        let distance = simulated - theory;
        let verdict = if distance.abs() <= half_width { Verdict::Agrees } else { Verdict::Disagrees };
        let z = if error > 0.0 { distance / error } else { 0.0 };
        Self { simulated, half_width, z, verdict, ..missing }
    }

    /// Returns the relative difference of the simulated value from theory.
    pub fn relative_error(&self) -> f64 {
        (self.simulated - self.theory) / self.theory
    }

    /// Returns the smallest relative error that would be detected.
    pub fn visible(&self) -> f64 {
        self.half_width / self.theory.abs()
    }
}

/// Returns the resolution of a figure: a millisecond for times, a bucket for percentiles of times, rounding for others.
fn resolution(expected: &Expected, figure: &Figure) -> f64 {
    let value = figure.estimate.unwrap_or_default().abs();
    let last = expected.path.rsplit('.').next().unwrap_or_default();
    let is_percentile = last.strip_prefix('p').is_some_and(|rest| rest.parse::<f64>().is_ok());
    match expected.unit {
        Unit::Hours if is_percentile => MILLISECOND + BUCKET * value,
        Unit::Hours => MILLISECOND,
        Unit::Share | Unit::Number => 1e-9 * (1.0 + value),
    }
}
