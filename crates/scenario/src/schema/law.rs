//! Probability laws as written, and their validity. Generic over the quantity, so that units are checked
//! where they are written.
//!
//! Does not own sampling or the mathematics of laws (`sanda_core::kernel::law`).

use sanda_units::Share;

use crate::{
    data::{Faults, Reading, Table, is_unit_of, listed_lines, value},
    decode::{Context, Decode, Positive, Schema, choice, record},
    schema::{Decimal, LawValue},
    source::{Located, Span},
    tree::Tree,
};

/// A law over a quantity, with its place. Equality compares the law alone.
#[derive(Clone, Debug)]
pub struct Law<Q: LawValue> {
    /// The law. Values from a file are read into it.
    pub spec: LawSpec<Q>,
    /// The place of the value, or of the name of the variant.
    pub span: Span,
}

impl<Q: LawValue> PartialEq for Law<Q> {
    fn eq(&self, other: &Self) -> bool {
        self.spec == other.spec
    }
}

impl<Q: LawValue> Decode for Law<Q> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let mut law = Self { spec: LawSpec::decode(tree, cx)?, span: tree.headline() };
        if let LawSpec::Empirical { values: values @ None, file: Some(file), column, unit, decimal } =
            &mut law.spec
        {
            *values = Some(read_values(file, column.as_ref(), unit.as_ref(), *decimal, cx)?);
        }
        if let Err(problem) = law.compile() {
            cx.error(law.span, format!("these parameters are not a valid law: {problem}"))
                .hint(problem.hint());
            return None;
        }
        Some(law)
    }

    fn describe(schema: &mut Schema) -> String {
        LawSpec::<Q>::describe(schema);
        format!("law of {}", Q::describe(schema))
    }
}

/// Reads the cells of a column as values. Rows with an empty cell are left out, with a warning.
fn read_values<Q: LawValue>(
    file: &Located<String>,
    column: Option<&Located<String>>,
    unit: Option<&Located<String>>,
    decimal: Decimal,
    cx: &mut Context<'_>,
) -> Option<Vec<Q>> {
    if unit.is_some_and(|unit| !is_unit_of::<Q>(unit, cx)) {
        return None;
    }
    let path = cx.sources.resolve(file.span.file, &file.value);
    let mut faults = Faults::default();
    let table = Table::read(&path, file.span, &[column], decimal, &mut faults, cx)?;
    let reading = Reading { decimal, unit: unit.map(|unit| unit.value.as_str()), how: "`unit: \"h\"`" };
    let mut values = Vec::with_capacity(table.rows.len());
    let mut empty = Vec::new();
    for row in &table.rows {
        if row.cells[0].is_empty() {
            empty.push(row.line);
            continue;
        }
        match value::<Q>(&row.cells[0], reading, file.span, cx) {
            Ok(value) => values.push(value),
            Err(fault) => faults.add_cell(&table, row, 0, fault),
        }
    }
    if faults.report(&table.name, file.span, cx) {
        return None;
    }
    let (name, column) = (&table.name, &table.columns[0]);
    if values.is_empty() {
        cx.error(file.span, format!("column `{column}` of `{name}` holds no data"));
        return None;
    }
    if !empty.is_empty() {
        let rows = if empty.len() == 1 { "1 row".to_owned() } else { format!("{} rows", empty.len()) };
        let lines = listed_lines(&empty);
        cx.warning(file.span, format!("{rows} of `{name}` without a value in `{column}` left out ({lines})"))
            .label(format!("{} values are read", values.len()));
    }
    Some(values)
}

choice! {
    /// A probability law. A plain value is a constant. The examples are durations; laws of loads, counts
    /// and masses are written in the same way with their own values.
    pub enum LawSpec<Q: LawValue> ("law", bare Constant) {
        /// Always the same value.
        Constant(value: Q),
        /// All values between two bounds are equally likely.
        Uniform {
            /// The lowest value.
            min: Q,
            /// The highest value.
            max: Q,
        },
        /// Most likely at one value, decreasing in straight lines to two bounds.
        Triangular {
            /// The lowest value.
            min: Q,
            /// The most likely value.
            mode: Q,
            /// The highest value.
            max: Q,
        },
        /// Most likely at one value, decreasing smoothly to two bounds: a beta law with mean (min + 4 mode
        /// + max) / 6.
        Pert {
            /// The lowest value.
            min: Q,
            /// The most likely value.
            mode: Q,
            /// The highest value.
            max: Q,
        },
        /// Memoryless: the time to the next random event.
        Exponential {
            /// The mean.
            mean: Q,
        },
        /// The sum of `shape` exponential parts.
        Erlang {
            /// Number of parts. Raising it makes the law narrower.
            shape: Positive<u64>,
            /// The mean of the sum.
            mean: Q,
        },
        /// Skewed to the right, with a light tail.
        Gamma {
            /// The mean.
            mean: Q,
            /// Standard deviation divided by the mean.
            cv: Positive<f64>,
        },
        /// Skewed to the right, with a heavy tail. Given by `mean` and `cv`, `median` and `p95`, or `median` and `cv`.
        LogNormal {
            /// The mean.
            mean: Option<Q>,
            /// Standard deviation divided by the mean.
            cv: Option<Positive<f64>>,
            /// Half of all draws are below this value.
            median: Option<Q>,
            /// 95 % of all draws are below this value.
            p95: Option<Q>,
        },
        /// Often used for the time to failure. Given by `shape` and either `mean` or `scale`.
        Weibull {
            /// Below 1, failures become rarer with age; above 1, more frequent.
            shape: Positive<f64>,
            /// The mean.
            mean: Option<Q>,
            /// 63.2 % of all draws are below this value.
            scale: Option<Q>,
        },
        /// Skewed to the right, with a very heavy tail.
        LogLogistic {
            /// Half of all draws are below this value.
            median: Q,
            /// Raising it makes the law narrower. The mean is finite above 1.
            shape: Positive<f64>,
        },
        /// Between two bounds, given by `mean` and `cv`, or by `alpha` and `beta`.
        Beta {
            /// The lowest value.
            min: Q,
            /// The highest value.
            max: Q,
            /// The mean.
            mean: Option<Q>,
            /// Standard deviation divided by the mean.
            cv: Option<Positive<f64>>,
            /// The first shape parameter.
            alpha: Option<Positive<f64>>,
            /// The second shape parameter.
            beta: Option<Positive<f64>>,
        },
        /// The normal law, truncated at two bounds.
        TruncatedNormal {
            /// Mean of the normal law before truncation.
            mean: Q,
            /// Standard deviation of the normal law before truncation.
            sd: Q,
            /// The lowest value. Zero by default.
            min: Option<Q>,
            /// The highest value. Unbounded by default.
            max: Option<Q>,
        },
        /// Observed values, all equally likely: `values`, or a `column` of a CSV `file` in a `unit`. The
        /// header line of the file decides whether cells are separated by commas, semicolons or tabs.
        Empirical {
            /// The values.
            values: Option<Vec<Q>>,
            /// A CSV file, relative to this file.
            file: Option<Located<String>>,
            /// The column. The first one by default.
            column: Option<Located<String>>,
            /// The unit of the column, such as "h", for cells without their own unit.
            unit: Option<Located<String>>,
            /// Whether the numbers have a decimal point or a decimal comma.
            decimal: Decimal = Point,
        },
        /// Several values, each with its weight: `[(value: "1h", weight: 3), (value: "2h", weight: 1)]`.
        Discrete(values: Vec<Weighted<Q>>),
        /// Straight lines between given percentiles: `[(p: 0, value: "1h"), (p: "50%", value: "2h"), (p: 1,
        /// value: "9h")]`.
        Quantiles(points: Vec<Point<Q>>),
        /// One of several laws by weight.
        Mixture(parts: Vec<Part<Q>>),
        /// A law plus a constant.
        Shifted {
            /// The constant.
            by: Q,
            /// The law.
            law: Box<Law<Q>>,
        },
        /// A law times a factor.
        Scaled {
            /// The factor.
            by: Positive<f64>,
            /// The law.
            law: Box<Law<Q>>,
        },
        /// A law truncated at one or two bounds. Draws outside the bounds are replaced by draws from
        /// within.
        Truncated {
            /// The law.
            law: Box<Law<Q>>,
            /// The lowest value.
            min: Option<Q>,
            /// The highest value.
            max: Option<Q>,
        },
    }
}

record! {
    /// One value of `Discrete`.
    pub struct Weighted<Q: LawValue> ("weighted value") {
        /// The value.
        value: Q,
        /// How likely the value is compared with the others.
        weight: Positive<f64>,
    }
}

record! {
    /// One percentile of `Quantiles`.
    pub struct Point<Q: LawValue> ("percentile") {
        /// The share of draws at or below the value. The first is 0 and the last is 1.
        p: Share,
        /// The value.
        value: Q,
    }
}

record! {
    /// One law of `Mixture`.
    pub struct Part<Q: LawValue> ("part") {
        /// How likely the law is compared with the others.
        weight: Positive<f64>,
        /// The law.
        law: Law<Q>,
    }
}
