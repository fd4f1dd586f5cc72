//! The time axis of the distribution figure: the part that is shown, its unit and its bars. It draws nothing.

use super::input::{DistributionFigure, SHOWN};
use crate::figure::axis;
use crate::words::number::TimeUnit;
use crate::words::phrase::Deadline;
use sanda_results::Bin;

/// The part of the time axis that is shown, and its division into bars. Times are hours.
pub(super) struct View {
    pub(super) unit: TimeUnit,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) bin_width: f64,
    /// Share of all shipments whose finite time lies beyond the axis.
    pub(super) beyond: f64,
    /// The limit, if the axis shows it.
    pub(super) limit: Option<f64>,
}

impl View {
    /// Returns the position of a time along the axis, from 0 to 1. A time beyond the axis is put at its end.
    pub(super) fn part(&self, hours: f64) -> f64 {
        ((hours - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// Chooses what to show; `None` when no shipment arrived.
pub(super) fn choose(figure: &DistributionFigure) -> Option<View> {
    let bins = &figure.bins;
    let (first, last) = (bins.first()?, bins.last()?);
    let n_finite: f64 = bins.iter().map(|bin| bin.count as f64).sum();
    // Times that no clock can show (ten millennia and more) are not drawn.
    let is_time = |bin: &Bin| bin.from >= 0.0 && bin.from <= bin.to && bin.to < 1e8;
    if n_finite <= 0.0 || !bins.iter().all(is_time) {
        return None;
    }
    // A tail of one in two hundred is cut when it would take more than a third of the axis; the footnote says so.
    let bulk = axis::upper_edge_at(bins, 0.995)?;
    let shown =
        |share: f64| figure.percentiles.iter().find(|(s, _)| (s - share).abs() < 1e-6).map(|(_, t)| t.value);
    let bulk = SHOWN.into_iter().filter_map(shown).filter(|time| time.is_finite()).fold(bulk, f64::max);
    let mut high = if last.to <= first.from + 1.5 * (bulk - first.from) { last.to } else { bulk };
    let limit = match figure.promise.map(|promise| promise.deadline) {
        // A limit far beyond all data would squeeze them into a corner.
        Some(Deadline::Within { hours })
            if hours.is_finite() && hours >= 0.0 && hours <= 6.0 * high.max(1.0) =>
        {
            Some(hours)
        }
        _ => None,
    };
    let mut low = first.from.min(limit.unwrap_or(f64::INFINITY));
    let furthest = high.max(limit.unwrap_or(0.0));
    // The axis begins early enough for the lines of labels to clear the title of the left axis.
    if let Some(median) = shown(0.5).filter(|median| median.is_finite()) {
        low = low.min(median - 0.2 * (furthest - median));
    }
    if low < 0.35 * furthest {
        low = 0.0;
    }
    // The region beyond the limit and the title of the right axis need room to the right of the limit.
    high = high.max(limit.map_or(0.0, |limit| low + (limit - low) / 0.86));
    // A constant time still gets an axis.
    let least_span = (0.2 * high.abs()).max(0.1);
    if high - low < least_span {
        let middle = f64::midpoint(low, high);
        (low, high) = ((middle - least_span / 2.0).max(0.0), middle + least_span / 2.0);
    }
    let unit = TimeUnit::for_hours(furthest);
    // Bars narrower than the stored bins would show detail that the data do not have.
    let stored: f64 = bins.iter().map(|bin| bin.count as f64 * (bin.to - bin.from)).sum::<f64>() / n_finite;
    let bin_width = axis::time_step(((high - low) / 80.0).max(stored));
    // Bars and points keep clear of the left end of the axis, unless that is zero.
    let low = ((low / bin_width - 1e-9).floor() * bin_width).max(0.0);
    let high = ((high / bin_width - 1e-9).ceil() * bin_width).max(low + bin_width);
    let beyond =
        (n_finite - axis::count_until(bins, high)).max(0.0) / (figure.n_shipments as f64).max(n_finite);
    Some(View { unit, low, high, bin_width, beyond: if beyond < 1e-9 { 0.0 } else { beyond }, limit })
}

/// Returns the points of the cumulative curve: the edges of the stored bins, or a grid if there are many.
pub(super) fn cumulative(figure: &DistributionFigure, view: &View) -> Vec<(f64, f64)> {
    let total = figure.n_shipments.max(1) as f64;
    let mut places: Vec<f64> = figure.bins.iter().flat_map(|bin| [bin.from, bin.to]).collect();
    places.retain(|place| *place >= view.low && *place < view.high);
    places.dedup();
    if places.len() > 500 {
        places = (1..500).map(|n| view.low + (view.high - view.low) * f64::from(n) / 500.0).collect();
    }
    let points_at = |bin: &Bin| (bin.from >= bin.to).then_some(bin.from);
    let jumps: Vec<f64> = figure.bins.iter().filter_map(points_at).collect();
    let first = figure.bins.first().map_or(view.low, |bin| bin.from.max(view.low));
    let mut points = vec![(first, 0.0)];
    for place in places.into_iter().chain([view.high]) {
        let after = axis::count_until(&figure.bins, place) / total;
        if jumps.contains(&place) {
            let before = points.last().map_or(0.0, |point| point.1);
            points.push((place, before));
        }
        points.push((place, after));
    }
    points
}
