//! The rows of a comparison: which promises and lanes are shown, and in which order. It words and draws nothing.

use sanda_results::{
    Alternative, ComparedPromise, Comparison, DrawCount, Finding, Margins, MetricDifference,
    PromiseDifference, PromiseFlips, Text, paths,
};

/// Least relative change of a cost or an emission that brings a lane into the table.
const LEAST_PART: f64 = 0.01;

/// A promise of an alternative beside that of the base.
pub(super) struct PromiseRow<'c> {
    pub(super) promise: &'c ComparedPromise,
    pub(super) share: &'c MetricDifference,
    pub(super) time: Option<&'c MetricDifference>,
    pub(super) difference: &'c PromiseDifference,
    /// Shipments that keep it in one scenario alone, if single shipments were followed.
    pub(super) flips: Option<&'c PromiseFlips>,
}

impl PromiseRow<'_> {
    /// Returns whether neither the share nor the mean time has changed by more than the margin. This must be proven, and no draw may differ.
    pub(super) fn is_alike(&self, margins: Margins) -> bool {
        let is_within = |count: DrawCount, margin: f64| count.low >= -margin && count.high <= margin;
        let are_draws = self.difference.draws.as_ref().is_none_or(|draws| {
            is_within(draws.share, margins.share) && is_within(draws.time, margins.hours)
        });
        let is_alike = |metric: &MetricDifference| {
            matches!(
                metric.finding,
                Finding::Same | Finding::Equivalent | Finding::BetterInside | Finding::WorseInside
            )
        };
        are_draws && is_alike(self.share) && self.time.is_none_or(is_alike)
    }

    /// Returns whether neither the share nor the mean time differs in any replication or draw.
    pub(super) fn is_same(&self) -> bool {
        let are_draws = self.difference.draws.as_ref().is_none_or(|draws| {
            [draws.share, draws.time].iter().all(|count| count.better + count.worse == 0)
        });
        are_draws
            && self.share.finding == Finding::Same
            && self.time.is_none_or(|time| time.finding == Finding::Same)
    }
}

/// Lists the promises that both scenarios have, by id. Promises of single lanes that another sums up are left out.
pub(super) fn promises<'c>(comparison: &'c Comparison, alternative: &'c Alternative) -> Vec<PromiseRow<'c>> {
    let row = |(id, promise): (&'c String, &'c ComparedPromise)| {
        let metric = |figure: &str| alternative.metrics.get(&paths::promise(id, figure));
        Some(PromiseRow {
            promise,
            share: metric("share")?,
            time: metric("time.mean"),
            difference: alternative.promises.get(id)?,
            flips: alternative.flips.get(id),
        })
    };
    comparison.promises.iter().filter(|(_, promise)| !promise.is_of_a_lane).filter_map(row).collect()
}

/// A lane of an alternative beside that of the base: its first clock, its cost and its emission.
pub(super) struct LaneRow<'c> {
    pub(super) flow: &'c str,
    pub(super) name: Text,
    pub(super) mean: &'c MetricDifference,
    pub(super) p50: Option<&'c MetricDifference>,
    pub(super) p90: Option<&'c MetricDifference>,
    /// Cost per TEU, else per tonne, else per shipment.
    pub(super) cost: Option<&'c MetricDifference>,
    pub(super) emission: Option<&'c MetricDifference>,
}

impl LaneRow<'_> {
    /// Returns whether nothing of the lane differs in any replication.
    pub(super) fn is_same(&self) -> bool {
        let all = [Some(self.mean), self.p50, self.p90, self.cost, self.emission];
        all.into_iter().flatten().all(|metric| metric.finding == Finding::Same)
    }

    /// Returns whether the lane changes enough to be shown.
    ///
    /// This is so if a time is proven to differ and the difference is, or seems to be, as large as the margin. A difference of cost or
    /// emission counts from [`LEAST_PART`] on.
    pub(super) fn is_moved(&self, margin_hours: f64) -> bool {
        let times = [Some(self.mean), self.p50, self.p90];
        let matters = |metric: &MetricDifference| match metric.finding {
            Finding::Better | Finding::Worse => true,
            // Among many lanes some seem to differ by luck. A difference not proven to exceed the margin must at least seem to exceed it.
            Finding::BetterOpen | Finding::WorseOpen => {
                metric.difference.value().is_some_and(|value| value.abs() >= margin_hours)
            }
            _ => false,
        };
        let is_dearer = |metric: &MetricDifference| {
            let part = metric.difference.value().zip(metric.base).map(|(value, base)| (value / base).abs());
            metric.finding.is_proven() && part.is_some_and(|part| part >= LEAST_PART)
        };
        times.into_iter().flatten().any(matters)
            || [self.cost, self.emission].into_iter().flatten().any(is_dearer)
    }

    /// Returns the size of the difference of the mean, in hours.
    fn size(&self) -> f64 {
        self.mean.difference.value().map_or(0.0, f64::abs)
    }
}

/// Lists the flows that both scenarios have, by the difference of the mean from door to door, the largest first.
pub(super) fn lanes<'c>(comparison: &'c Comparison, alternative: &'c Alternative) -> Vec<LaneRow<'c>> {
    let mut rows: Vec<LaneRow<'c>> = comparison
        .flows
        .iter()
        .filter_map(|(flow, name)| {
            let metric = |figure: &str| alternative.metrics.get(&paths::flow(flow, figure));
            let widest = |head: &str| {
                [paths::PER_TEU, paths::PER_TONNE, paths::PER_SHIPMENT]
                    .into_iter()
                    .find_map(|measure| metric(&format!("{head}.{measure}")))
            };
            let clock = |statistic: &str| metric(&format!("clocks.door-to-door.{statistic}"));
            Some(LaneRow {
                flow,
                name: name.clone(),
                mean: clock("mean")?,
                p50: clock("p50"),
                p90: clock("p90"),
                cost: widest(paths::COST),
                emission: widest(paths::EMISSION),
            })
        })
        .collect();
    rows.sort_by(|a, b| b.size().total_cmp(&a.size()).then_with(|| a.flow.cmp(b.flow)));
    rows
}

/// Returns the median factor by which common random numbers reduce the variance of differences; `None` where none varies.
pub(super) fn reduction(alternative: &Alternative) -> Option<f64> {
    let of_interest =
        |path: &str| path.rsplit('.').next().is_some_and(|last| ["share", paths::MEAN].contains(&last));
    let mut factors: Vec<f64> = alternative
        .metrics
        .iter()
        .filter(|(path, _)| of_interest(path))
        .filter_map(|(_, metric)| metric.variance_reduction)
        .collect();
    factors.sort_by(f64::total_cmp);
    factors.get(factors.len() / 2).copied()
}
