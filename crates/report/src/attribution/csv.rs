//! An attribution as rows for a spreadsheet: one row for each bar and statistic.

use sanda_results::{Attribution, Figure, Gain, Times};

use crate::error::ReportError;

/// The columns in order.
const HEADER: [&str; 8] = ["row", "cause", "statistic", "value", "ci_low", "ci_high", "unit", "replications"];

/// Writes the attribution as CSV with a header. Times are hours, shares fractions of one, and a missing value is empty.
///
/// # Errors
/// [`ReportError::Rows`]. None is known to occur when writing into memory.
pub fn attribution_csv(attribution: &Attribution) -> Result<String, ReportError> {
    let mut rows = Rows(Vec::new());
    rows.times("ideal", &attribution.ideal);
    rows.gain("remainder", "", &attribution.remainder.gain);
    for cause in &attribution.causes {
        rows.gain("cumulative", &cause.id, &cause.cumulative);
    }
    rows.times("actual", &attribution.actual);
    rows.times("freed", &attribution.freed);
    rows.gain("interaction", "", &attribution.interaction);
    for cause in &attribution.causes {
        rows.gain("single", &cause.id, &cause.single);
        if let Some(found) = &cause.amplification {
            rows.add("saved-at-stage", &cause.id, "mean", &found.at_stage, "h");
            rows.add("saved-door-to-door", &cause.id, "mean", &found.door_to_door, "h");
        }
    }
    for (category, figure) in &attribution.remainder.categories {
        rows.add("remainder-by-category", category, "mean", figure, "h");
    }
    if let Some(share) = &attribution.share {
        rows.add("actual", "", "share", &share.actual, "1");
        rows.add("freed", "", "share", &share.freed, "1");
    }
    if let Some(bound) = &attribution.bound {
        rows.add("bound", "", "share", &bound.share, "1");
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for row in rows.0 {
        writer.write_record(row)?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

struct Rows(Vec<[String; 8]>);

impl Rows {
    fn add(&mut self, row: &str, cause: &str, statistic: &str, figure: &Figure, unit: &str) {
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        self.0.push([
            row.to_owned(),
            cause.to_owned(),
            statistic.to_owned(),
            number(figure.estimate),
            number(figure.ci_low),
            number(figure.ci_high),
            unit.to_owned(),
            figure.replications.to_string(),
        ]);
    }

    fn times(&mut self, row: &str, times: &Times) {
        for (statistic, figure) in [("mean", &times.mean), ("p50", &times.p50), ("p90", &times.p90)] {
            self.add(row, "", statistic, figure, "h");
        }
    }

    fn gain(&mut self, row: &str, cause: &str, gain: &Gain) {
        if let Some(share) = &gain.share {
            self.add(row, cause, "share", share, "1");
        }
        for (statistic, figure) in [("mean", &gain.mean), ("p50", &gain.p50), ("p90", &gain.p90)] {
            self.add(row, cause, statistic, figure, "h");
        }
    }
}
