//! A comparison as rows for a spreadsheet: one row for each scenario and figure.

use sanda_results::{Comparison, Finding};

use crate::error::ReportError;

/// The columns in order.
const HEADER: [&str; 12] = [
    "scenario",
    "metric",
    "base",
    "alternative",
    "difference",
    "ci_low",
    "ci_high",
    "finding",
    "more_replications",
    "p_adjusted",
    "variance_reduction",
    "replications",
];

/// Writes the comparison as CSV with a header. Units are those of the paths in `compare.json`, and a missing value is empty.
///
/// # Errors
/// [`ReportError::Rows`]. None is known to occur when writing into memory.
pub fn comparison_csv(comparison: &Comparison) -> Result<String, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for alternative in &comparison.alternatives {
        for (path, metric) in &alternative.metrics {
            writer.write_record([
                alternative.scenario.name.clone(),
                path.clone(),
                number(metric.base),
                number(metric.alternative),
                number(metric.difference.estimate),
                number(metric.difference.ci_low),
                number(metric.difference.ci_high),
                name(metric.finding).to_owned(),
                metric.more_replications.map_or_else(String::new, |more| more.to_string()),
                number(metric.p_adjusted),
                number(metric.variance_reduction),
                metric.difference.replications.to_string(),
            ])?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the name of a finding, as in `compare.json`.
fn name(finding: Finding) -> &'static str {
    match finding {
        Finding::Same => "same",
        Finding::Better => "better",
        Finding::BetterOpen => "better-open",
        Finding::BetterInside => "better-inside",
        Finding::Worse => "worse",
        Finding::WorseOpen => "worse-open",
        Finding::WorseInside => "worse-inside",
        Finding::Equivalent => "equivalent",
        Finding::Undecided => "undecided",
    }
}
