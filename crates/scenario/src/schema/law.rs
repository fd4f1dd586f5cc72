//! Probability laws as they are written, and their soundness. Generic over the quantity, so that units are judged
//! where they stand.
//!
//! Does not own sampling or the mathematics of laws (`sanda_core::kernel::law`).

use sanda_units::{Duration, Mass, Quantity, Share, Teu};

use crate::{
    data::{Faults, Reading, Table, is_unit_of, listed_lines, value},
    decode::{Context, Decode, Positive, Schema, choice, record},
    schema::Load,
    source::{Located, Span},
    tree::Tree,
};

/// A quantity that laws can be over.
pub trait LawValue: Decode + Copy + PartialEq + std::fmt::Debug {
    /// In base units: milliseconds, thousandths of TEU, kilograms, pieces.
    fn base(self) -> f64;
    /// What it is measured in, where one type holds several measures.
    fn measure(self) -> &'static str;
    /// Whether values below zero have a meaning.
    const MAY_BE_NEGATIVE: bool = false;
    /// Whether values are written with a unit.
    const HAS_UNIT: bool = true;
}

macro_rules! law_values {
    ($($type:ident),*) => {$(
        impl LawValue for $type {
            fn base(self) -> f64 {
                Quantity::base(self) as f64
            }

            fn measure(self) -> &'static str {
                <$type as Quantity>::NAME
            }
        }
    )*};
}
law_values!(Duration, Teu, Mass);

impl LawValue for u64 {
    const HAS_UNIT: bool = false;

    fn base(self) -> f64 {
        self as f64
    }

    fn measure(self) -> &'static str {
        "count"
    }
}

impl LawValue for f64 {
    const MAY_BE_NEGATIVE: bool = true;
    const HAS_UNIT: bool = false;

    fn base(self) -> f64 {
        self
    }

    fn measure(self) -> &'static str {
        "number"
    }
}

impl LawValue for Load {
    fn base(self) -> f64 {
        Load::base(self) as f64
    }

    fn measure(self) -> &'static str {
        Load::measure(self)
    }
}

/// A law over a quantity, with the place where it is written. Equality looks at the law alone.
#[derive(Clone, Debug)]
pub struct Law<Q: LawValue> {
    /// The law. The values of a file are read into it.
    pub spec: LawSpec<Q>,
    /// Where it is written: the value, or the name of the variant.
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
            cx.error(law.span, format!("these parameters make no law: {problem}")).hint(problem.hint());
            return None;
        }
        Some(law)
    }

    fn describe(schema: &mut Schema) -> String {
        LawSpec::<Q>::describe(schema);
        format!("law of {}", Q::describe(schema))
    }
}

/// Reads the cells of a column as values. Rows with an empty cell there are left out, and said.
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
    /// What stands before the decimals in the numbers of a CSV file.
    #[derive(Eq, Copy)]
    pub enum Decimal ("decimal sign") {
        /// A point: 1.5.
        Point,
        /// A comma: 1,5.
        Comma,
    }
}

choice! {
    /// A probability law. A plain value is a constant. Described here for durations; laws of loads, counts and masses
    /// are written in the same way with their own values.
    pub enum LawSpec<Q: LawValue> ("law", bare Constant) {
        /// Always the same.
        Constant(value: Q),
        /// Every value between two bounds is as likely.
        Uniform {
            /// The lowest value.
            min: Q,
            /// The highest value.
            max: Q,
        },
        /// Most likely at one value, falling off in straight lines to two bounds.
        Triangular {
            /// The lowest value.
            min: Q,
            /// The most likely value.
            mode: Q,
            /// The highest value.
            max: Q,
        },
        /// Most likely at one value, falling off smoothly to two bounds: a beta law with mean (min + 4 mode + max) / 6.
        Pert {
            /// The lowest value.
            min: Q,
            /// The most likely value.
            mode: Q,
            /// The highest value.
            max: Q,
        },
        /// Without memory: the time to the next chance event.
        Exponential {
            /// The mean.
            mean: Q,
        },
        /// The sum of `shape` exponential parts.
        Erlang {
            /// How many parts. Raising it makes the law narrower.
            shape: Positive<u64>,
            /// The mean of the whole.
            mean: Q,
        },
        /// Skewed to the right, with a light tail.
        Gamma {
            /// The mean.
            mean: Q,
            /// Standard deviation over mean.
            cv: Positive<f64>,
        },
        /// Skewed to the right, with a heavy tail. Given by `mean` and `cv`, `median` and `p95`, or `median` and `cv`.
        LogNormal {
            /// The mean.
            mean: Option<Q>,
            /// Standard deviation over mean.
            cv: Option<Positive<f64>>,
            /// The value half of all draws stay below.
            median: Option<Q>,
            /// The value 95 % of all draws stay below.
            p95: Option<Q>,
        },
        /// The time to failure. Given by `shape` and either `mean` or `scale`.
        Weibull {
            /// Below 1 failures become rarer with age, above 1 more frequent.
            shape: Positive<f64>,
            /// The mean.
            mean: Option<Q>,
            /// The value 63.2 % of all draws stay below.
            scale: Option<Q>,
        },
        /// Skewed to the right, with a very heavy tail.
        LogLogistic {
            /// The value half of all draws stay below.
            median: Q,
            /// The higher, the narrower; the mean is finite above 1.
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
            /// Standard deviation over mean.
            cv: Option<Positive<f64>>,
            /// First shape.
            alpha: Option<Positive<f64>>,
            /// Second shape.
            beta: Option<Positive<f64>>,
        },
        /// The bell curve, cut off at two bounds.
        TruncatedNormal {
            /// Mean of the uncut curve.
            mean: Q,
            /// Standard deviation of the uncut curve.
            sd: Q,
            /// The lowest value; zero when left out.
            min: Option<Q>,
            /// The highest value; none when left out.
            max: Option<Q>,
        },
        /// Observed values, each as likely: `values`, or a `column` of a CSV `file` in a `unit`. The header line of the file
        /// decides whether it is cut at commas, semicolons or tabs.
        Empirical {
            /// The values.
            values: Option<Vec<Q>>,
            /// A CSV file, relative to this one.
            file: Option<Located<String>>,
            /// The column; the first when left out.
            column: Option<Located<String>>,
            /// The unit of the column, such as "h": of the cells that have none of their own.
            unit: Option<Located<String>>,
            /// Whether its numbers have a decimal point or comma.
            decimal: Decimal = Point,
        },
        /// Some values, each with its weight: `[(value: "1h", weight: 3), (value: "2h", weight: 1)]`.
        Discrete(values: Vec<Weighted<Q>>),
        /// Straight lines between given percentiles: `[(p: 0, value: "1h"), (p: "50%", value: "2h"), (p: 1, value: "9h")]`.
        Quantiles(points: Vec<Point<Q>>),
        /// One of several laws by weight.
        Mixture(parts: Vec<Part<Q>>),
        /// A law moved to the right.
        Shifted {
            /// By how much.
            by: Q,
            /// The law.
            law: Box<Law<Q>>,
        },
        /// A law multiplied.
        Scaled {
            /// The factor.
            by: Positive<f64>,
            /// The law.
            law: Box<Law<Q>>,
        },
        /// A law cut off at one or two bounds: what falls outside is drawn from within.
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
        /// How likely it is in comparison with the others.
        weight: Positive<f64>,
    }
}

record! {
    /// One percentile of `Quantiles`.
    pub struct Point<Q: LawValue> ("percentile") {
        /// The share of draws that stay at or below the value; the first is 0 and the last 1.
        p: Share,
        /// The value.
        value: Q,
    }
}

record! {
    /// One law of `Mixture`.
    pub struct Part<Q: LawValue> ("part") {
        /// How likely it is in comparison with the others.
        weight: Positive<f64>,
        /// The law.
        law: Law<Q>,
    }
}
