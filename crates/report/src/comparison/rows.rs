//! What of a comparison is shown, and in which order.

use sanda_results::{
    Alternative, ComparedPromise, Comparison, DrawCount, Finding, Margins, MetricDifference,
    PromiseDifference, PromiseFlips, Text, paths,
};

/// Part of a cost or an emission below which a change of it brings no lane into the table.
const LEAST_PART: f64 = 0.01;

/// A promise beside that of the base.
pub(super) struct PromiseRow<'c> {
    pub(super) promise: &'c ComparedPromise,
    pub(super) share: &'c MetricDifference,
    pub(super) time: Option<&'c MetricDifference>,
    pub(super) difference: &'c PromiseDifference,
    /// Where single shipments were followed.
    pub(super) flips: Option<&'c PromiseFlips>,
}

impl PromiseRow<'_> {
    /// Whether it is proven, of the share and of the mean time, that nothing which matters has changed, and no draw says otherwise.
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

    /// Whether neither the share nor the mean time differs in any replication or draw.
    pub(super) fn is_same(&self) -> bool {
        let are_draws = self.difference.draws.as_ref().is_none_or(|draws| {
            [draws.share, draws.time].iter().all(|count| count.better + count.worse == 0)
        });
        are_draws
            && self.share.finding == Finding::Same
            && self.time.is_none_or(|time| time.finding == Finding::Same)
    }
}

/// The promises that both scenarios have and that are not those of single lanes, by id.
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

/// A lane beside that of the base: its first clock, its costs and emissions.
pub(super) struct LaneRow<'c> {
    pub(super) flow: &'c str,
    pub(super) name: Text,
    pub(super) mean: &'c MetricDifference,
    pub(super) p50: Option<&'c MetricDifference>,
    pub(super) p90: Option<&'c MetricDifference>,
    /// By the widest unit that the flow has: TEU, else tonne, else shipment.
    pub(super) cost: Option<&'c MetricDifference>,
    pub(super) emission: Option<&'c MetricDifference>,
}

impl LaneRow<'_> {
    /// Whether nothing of it differs in any replication.
    pub(super) fn is_same(&self) -> bool {
        let all = [Some(self.mean), self.p50, self.p90, self.cost, self.emission];
        all.into_iter().flatten().all(|metric| metric.finding == Finding::Same)
    }

    /// Whether a difference of a time is proven that is as large as the margin of what matters, or seems to be; or one of the cost or the
    /// emission that is as large as [`LEAST_PART`].
    pub(super) fn is_moved(&self, margin_hours: f64) -> bool {
        let times = [Some(self.mean), self.p50, self.p90];
        let matters = |metric: &MetricDifference| match metric.finding {
            Finding::Better | Finding::Worse => true,
            // Of many lanes some seem to differ by luck: what is not proven to matter has to look like it.
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

    /// The size of the difference of the mean, in hours.
    fn size(&self) -> f64 {
        self.mean.difference.value().map_or(0.0, f64::abs)
    }
}

/// The flows that both scenarios have, from door to door, the largest difference of the mean first.
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

/// The median factor by which common luck reduces the variance of the differences of promises and lanes; `None` where none varies.
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
