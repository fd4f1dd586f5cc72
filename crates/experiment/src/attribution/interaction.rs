//! The interaction of causes: what single removals miss of the gain of removing all at once.
//!
//! Two causes that hide each other gain less alone than together, and two that each cause the same missed train gain it twice. Owns the
//! estimate of that difference alone.

use sanda_results::Figure;

use crate::estimate::ratio_values;
use crate::figure;
use crate::sample::Sample;

/// A figure and what each replication says of it.
struct Values {
    estimate: f64,
    own: Vec<f64>,
}

impl Values {
    fn of(sample: &Sample) -> Self {
        let own = match sample {
            Sample::Count(values) => values.clone(),
            Sample::Share(pairs) | Sample::Mean(pairs) => ratio_values(pairs),
            Sample::Quantile { own, .. } => own.iter().map(|value| value.unwrap_or(f64::NAN)).collect(),
        };
        Self { estimate: sample.estimate().unwrap_or(f64::NAN), own }
    }
}

/// The gains of single removals together minus the gain of all removals, with an interval over replications.
///
/// `sign` is 1 where less is gained, and -1 where more is. Without a value where one of the figures is infinite or was not observed.
pub(super) fn interaction(base: &Sample, singles: &[Sample], all: &Sample, sign: f64) -> Figure {
    let (base, all) = (Values::of(base), Values::of(all));
    let singles: Vec<Values> = singles.iter().map(Values::of).collect();
    let combined = |of: &dyn Fn(&Values) -> f64| {
        let gained: f64 = singles.iter().map(|single| of(&base) - of(single)).sum();
        sign * (gained - (of(&base) - of(&all)))
    };
    let pooled = combined(&|values| values.estimate);
    let own: Vec<f64> = (0..base.own.len())
        .map(|number| combined(&|values| values.own.get(number).copied().unwrap_or(f64::NAN)))
        .collect();
    if !pooled.is_finite() || own.iter().any(|value| !value.is_finite()) {
        return Figure::plain(pooled);
    }
    let own: Vec<Option<f64>> = own.into_iter().map(Some).collect();
    figure::sectioned(Some(pooled), &own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(values: [f64; 2]) -> Sample {
        Sample::Mean(values.map(|value| (value * 10.0, 10.0)).to_vec())
    }

    #[test]
    fn interaction_by_hand() {
        // Alone they gain 2 and 3 h; together 4 h: one hour is gained twice.
        let (base, all) = (mean([10.0, 12.0]), mean([6.0, 8.0]));
        let singles = [mean([8.0, 10.0]), mean([7.0, 9.0])];
        let figure = interaction(&base, &singles, &all, 1.0);
        assert!((figure.estimate.expect("a value") - 1.0).abs() < 1e-9, "{figure:?}");
        let figure = interaction(&base, &singles, &all, -1.0);
        assert!((figure.estimate.expect("a value") + 1.0).abs() < 1e-9, "{figure:?}");
    }
}
