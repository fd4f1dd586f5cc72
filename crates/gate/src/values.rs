//! The numbers that a baseline keeps of a metric from each replication, exactly, and their conversion to and from a sample.
//!
//! Counts and sums of milliseconds are whole numbers. A sum in hours is stored in milliseconds if that reads back to the same bits, and
//! unchanged otherwise.

use sanda_experiment::Sample;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::number::Number;

/// Number of milliseconds in an hour.
pub(crate) const MILLISECONDS: f64 = 3_600_000.0;

/// The kind of a metric: how its replications make up the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// One count per replication.
    Count,
    /// A share: the ratio of two sums of counts.
    Share,
    /// A mean: the ratio of two sums.
    Mean,
    /// A quantile of all values together.
    Quantile,
}

/// The numbers of all replications of one metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Values {
    /// Divisor of the numbers that gives the metric's unit; 1 if omitted.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    scale: f64,
    /// For a quantile: the quantile of all replications together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pooled: Option<Number>,
    /// One number per replication: the count, the numerator, or the replication's own quantile.
    of: Vec<Number>,
    /// The denominators; empty if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    per: Vec<Number>,
}

fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_one(scale: &f64) -> bool {
    scale.to_bits() == 1.0_f64.to_bits()
}

impl Values {
    /// Returns the kind and the numbers of a sample.
    pub(crate) fn of(sample: &Sample) -> (Kind, Self) {
        let plain = |of: Vec<f64>, per: Vec<f64>| Self {
            scale: 1.0,
            pooled: None,
            of: of.into_iter().map(Number).collect(),
            per: per.into_iter().map(Number).collect(),
        };
        match sample {
            Sample::Count(values) => (Kind::Count, plain(values.clone(), Vec::new()).in_milliseconds()),
            Sample::Share(pairs) => {
                let (of, per) = pairs.iter().copied().unzip();
                (Kind::Share, plain(of, per))
            }
            Sample::Mean(pairs) => {
                let (of, per) = pairs.iter().copied().unzip();
                (Kind::Mean, plain(of, per).in_milliseconds())
            }
            Sample::Quantile { pooled, own } => {
                let own = own.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
                let values = Self { pooled: Some(Number(*pooled)), ..plain(own, Vec::new()) };
                (Kind::Quantile, values.in_milliseconds())
            }
        }
    }

    /// Converts the numbers to milliseconds, if that is exact and makes them whole.
    fn in_milliseconds(self) -> Self {
        let scaled = |number: &Number| {
            let whole = (number.0 * MILLISECONDS).round();
            // Infinite and missing numbers are unchanged.
            let is_same = whole / MILLISECONDS - number.0;
            let is_exact = !number.0.is_finite() || (is_same.to_bits() << 1 == 0);
            is_exact.then_some(Number(if number.0.is_finite() { whole } else { number.0 }))
        };
        if self.of.iter().chain(&self.pooled).all(|number| !number.0.is_finite() || number.0.fract() == 0.0) {
            return self;
        }
        let of: Option<Vec<Number>> = self.of.iter().map(scaled).collect();
        let pooled: Option<Option<Number>> = match &self.pooled {
            Some(pooled) => scaled(pooled).map(Some),
            None => Some(None),
        };
        match of.zip(pooled) {
            Some((of, pooled)) => Self { scale: MILLISECONDS, of, pooled, ..self },
            None => self,
        }
    }

    /// Returns the sample of these numbers; `None` if they do not form a sample of that kind.
    pub(crate) fn sample(&self, kind: Kind) -> Option<Sample> {
        if !(self.scale > 0.0 && self.scale.is_finite()) {
            return None;
        }
        let value = |number: &Number| number.0 / self.scale;
        let pairs = || -> Option<Vec<(f64, f64)>> {
            let is_sound =
                self.of.len() == self.per.len() && self.of.iter().chain(&self.per).all(|n| n.0.is_finite());
            is_sound.then(|| self.of.iter().map(value).zip(self.per.iter().map(|per| per.0)).collect())
        };
        match (kind, self.pooled) {
            (Kind::Count, None) if self.per.is_empty() => {
                Some(Sample::Count(self.of.iter().map(value).collect()))
            }
            (Kind::Share, None) => Some(Sample::Share(pairs()?)),
            (Kind::Mean, None) => Some(Sample::Mean(pairs()?)),
            (Kind::Quantile, Some(pooled)) if self.per.is_empty() => {
                let own = self.of.iter().map(|n| (!n.0.is_nan()).then(|| value(n))).collect();
                Some(Sample::Quantile { pooled: value(&pooled), own })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(sample: &Sample) -> String {
        let (kind, values) = Values::of(sample);
        let text = serde_json::to_string(&values).unwrap();
        let again: Values = serde_json::from_str(&text).unwrap();
        // Compared as text, since a missing number would differ from itself.
        assert_eq!(format!("{:?}", again.sample(kind).unwrap()), format!("{sample:?}"), "{text}");
        text
    }

    #[test]
    fn samples_read_back_to_the_same_bits() {
        let hours = |milliseconds: i64| milliseconds as f64 / 3_600_000.0;
        let mean = Sample::Mean(vec![(hours(123_456_789_012), 41.0), (hours(7), 1.0), (0.0, 0.0)]);
        insta::assert_snapshot!(round_trip(&mean), @r#"{"scale":3600000.0,"of":[123456789012,7,0],"per":[41,1,0]}"#);
        let share = Sample::Share(vec![(3.0, 4.0), (0.0, 0.0)]);
        insta::assert_snapshot!(round_trip(&share), @r#"{"of":[3,0],"per":[4,0]}"#);
        let own = vec![Some(hours(5)), None, Some(f64::INFINITY)];
        let quantile = Sample::Quantile { pooled: f64::INFINITY, own };
        insta::assert_snapshot!(round_trip(&quantile), @r#"{"scale":3600000.0,"pooled":"infinite","of":[5,null,"infinite"]}"#);
        // Not a whole number of milliseconds.
        let odd = Sample::Mean(vec![(0.123_456_789_123, 2.5)]);
        insta::assert_snapshot!(round_trip(&odd), @r#"{"of":[0.123456789123],"per":[2.5]}"#);
        round_trip(&Sample::Count(vec![1.0, 2.5]));
    }

    #[test]
    fn numbers_of_another_kind_are_refused() {
        let (_, values) = Values::of(&Sample::Share(vec![(1.0, 2.0)]));
        assert_eq!(values.sample(Kind::Quantile), None);
        assert_eq!(values.sample(Kind::Count), None);
        let cut = Values { per: Vec::new(), ..values };
        assert_eq!(cut.sample(Kind::Share), None);
    }

    /// Sums of a hub's replication: a million hours.
    #[test]
    fn large_sums_are_exact() {
        for milliseconds in [3_600_000_000_123_i64, 987_654_321_987_654, (1 << 51) - 1] {
            let sample = Sample::Mean(vec![(milliseconds as f64 / 3_600_000.0, 9.0)]);
            round_trip(&sample);
        }
    }
}
