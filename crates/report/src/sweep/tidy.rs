//! The tidy table of a sweep: one row for each point and metric, for pandas, Polars, DuckDB and R.
//!
//! It owns the columns and their text as CSV. Numbers are written in full, so they read back to the same bits.

use sanda_results::Sweep;

/// A column of the table.
#[derive(Clone, Debug, PartialEq)]
pub enum SweepColumn {
    /// Whole numbers.
    Whole(String, Vec<i64>),
    /// Numbers; `None` where there is none.
    Number(String, Vec<Option<f64>>),
    /// Words.
    Text(String, Vec<String>),
}

impl SweepColumn {
    /// Returns the name of the column.
    pub fn name(&self) -> &str {
        match self {
            Self::Whole(name, _) | Self::Number(name, _) | Self::Text(name, _) => name,
        }
    }
}

/// Builds the columns: point, parameters, metric, unit, estimate with interval, difference to the first point with interval, replications.
///
/// A parameter with plain numbers is a column of numbers. Other values are written as given; those with a unit have a further column
/// `PATH [UNIT]` of numbers.
pub fn sweep_columns(sweep: &Sweep) -> Vec<SweepColumn> {
    let n_metrics = sweep.metrics.len();
    let by_point = |point: usize| std::iter::repeat_n(point, n_metrics);
    let points = || (0..sweep.points.len()).flat_map(by_point);
    let mut columns =
        vec![SweepColumn::Whole("point".to_owned(), points().map(|point| point as i64 + 1).collect())];
    for (place, parameter) in sweep.parameters.iter().enumerate() {
        let numbers = || points().map(|point| sweep.points[point].numbers[place]).collect();
        let texts = || points().map(|point| sweep.points[point].values[place].clone()).collect();
        match parameter.unit.as_deref() {
            Some("") => columns.push(SweepColumn::Number(parameter.path.clone(), numbers())),
            Some(unit) => {
                columns.push(SweepColumn::Text(parameter.path.clone(), texts()));
                columns.push(SweepColumn::Number(format!("{} [{unit}]", parameter.path), numbers()));
            }
            None => columns.push(SweepColumn::Text(parameter.path.clone(), texts())),
        }
    }
    let rows = || {
        (0..sweep.points.len())
            .flat_map(|point| sweep.metrics.iter().map(move |metric| (metric, &metric.values[point])))
    };
    let metric = rows().map(|(metric, _)| metric.path.clone()).collect();
    columns.push(SweepColumn::Text("metric".to_owned(), metric));
    let unit = rows().map(|(metric, _)| metric.measure.unit().to_owned()).collect();
    columns.push(SweepColumn::Text("unit".to_owned(), unit));
    let mut number = |name: &str, of: &dyn Fn(&sanda_results::SweepValue) -> Option<f64>| {
        columns.push(SweepColumn::Number(name.to_owned(), rows().map(|(_, value)| of(value)).collect()));
    };
    number("estimate", &|value| value.figure.value());
    number("ci_low", &|value| value.figure.ci_low);
    number("ci_high", &|value| value.figure.upper());
    number("difference", &|value| value.difference?.value());
    number("difference_low", &|value| value.difference?.ci_low);
    number("difference_high", &|value| value.difference?.upper());
    let replications = points().map(|point| i64::from(sweep.points[point].replications)).collect();
    columns.push(SweepColumn::Whole("replications".to_owned(), replications));
    columns
}

/// Writes the table as CSV (RFC 4180) in UTF-8. A missing value is an empty field, an infinite one is `inf`.
///
/// # Panics
///
/// Never: writing into memory does not fail.
pub fn sweep_csv(sweep: &Sweep) -> String {
    let columns = sweep_columns(sweep);
    let n_rows = sweep.points.len() * sweep.metrics.len();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut line = |fields: &mut dyn Iterator<Item = String>| {
        writer.write_record(fields).expect("rows of one length, written into memory");
    };
    line(&mut columns.iter().map(|column| column.name().to_owned()));
    for row in 0..n_rows {
        line(&mut columns.iter().map(|column| match column {
            SweepColumn::Whole(_, values) => values[row].to_string(),
            SweepColumn::Number(_, values) => values[row].map_or_else(String::new, |value| value.to_string()),
            SweepColumn::Text(_, values) => values[row].clone(),
        }));
    }
    let bytes = writer.into_inner().expect("bytes flushed into memory");
    String::from_utf8_lossy(&bytes).into_owned()
}
