//! Steps of axes that read well, and counts over stored bins. It draws nothing.

use sanda_results::Bin;

use crate::words::number::TimeUnit;

/// Returns the smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `least`; 1 when `least` is not a positive number.
pub(crate) fn round_step(least: f64) -> f64 {
    if !(least.is_finite() && least > 0.0) {
        return 1.0;
    }
    let mut power = 1.0;
    while power > least {
        power /= 10.0;
    }
    while power * 10.0 <= least {
        power *= 10.0;
    }
    // The tolerance keeps 0.1 + 0.2 from asking for the next step.
    [1.0, 2.0, 2.5, 5.0]
        .map(|m| m * power)
        .into_iter()
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// Steps in hours that suit a clock or a calendar.
const HOURS: [f64; 17] =
    [0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 120.0, 240.0, 480.0, 720.0, 1200.0, 2400.0];

/// Steps in minutes below an hour.
const MINUTES: [f64; 8] = [0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0];

/// Returns a step of at least `least` hours that reads well in hours.
fn label_hours(least: f64) -> f64 {
    if least.is_finite() && least <= HOURS[0] { round_step(least) } else { time_step(least) }
}

/// Returns the smallest step of a clock or calendar, in hours, that is at least `least` hours.
pub(crate) fn time_step(least: f64) -> f64 {
    if least.is_finite() && least <= HOURS[0] {
        return [TimeUnit::Minutes, TimeUnit::Seconds]
            .into_iter()
            .map(|unit| unit.hours() * round_step(least / unit.hours()))
            .find(|step| *step >= TimeUnit::Minutes.hours() * (1.0 - 1e-9))
            .unwrap_or_else(|| TimeUnit::Seconds.hours() * round_step(least / TimeUnit::Seconds.hours()));
    }
    HOURS
        .into_iter()
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or_else(|| 24.0 * round_step(least / 24.0))
}

/// Returns the step in hours for at most about `n` labels over a range of hours. It is a step of the clock or round in the unit of the labels.
pub(crate) fn label_step(hours: f64, n: f64, unit: TimeUnit) -> f64 {
    let least = hours / n;
    match unit {
        TimeUnit::Seconds => return unit.hours() * round_step(least / unit.hours()),
        TimeUnit::Minutes => {
            let minutes = least / unit.hours();
            let step = MINUTES.into_iter().find(|step| *step >= minutes * (1.0 - 1e-9));
            return unit.hours() * step.unwrap_or_else(|| round_step(minutes));
        }
        TimeUnit::Hours => return label_hours(least),
        TimeUnit::Days if least <= 12.0 => return time_step(least),
        TimeUnit::Days => {}
    }
    match round_step(least / 24.0) {
        // Half days are hard to read off whole ones.
        2.5 => 120.0,
        days => 24.0 * days,
    }
}

/// Lists the multiples of a step within a range, ends included.
pub(crate) fn multiples(step: f64, low: f64, high: f64) -> Vec<f64> {
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last.min(first + 200)).map(|n| n as f64 * step).collect()
}

/// Counts the observations of at most `t`. Those of a bin are spread evenly over it.
pub(crate) fn count_until(bins: &[Bin], t: f64) -> f64 {
    bins.iter()
        .map(|bin| {
            let width = bin.to - bin.from;
            let part =
                if width > 0.0 { ((t - bin.from) / width).clamp(0.0, 1.0) } else { f64::from(t >= bin.from) };
            bin.count as f64 * part
        })
        .sum()
}

/// Returns the time that a share of the finite observations does not exceed: the upper edge of its bin.
pub(crate) fn upper_edge_at(bins: &[Bin], share: f64) -> Option<f64> {
    let total: f64 = bins.iter().map(|bin| bin.count as f64).sum();
    let mut seen = 0.0;
    bins.iter()
        .find(|bin| {
            seen += bin.count as f64;
            seen >= share * total
        })
        .or(bins.last())
        .map(|bin| bin.to)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "round steps and counts are exact")]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!(
            [0.03, 0.2, 1.0, 1.1, 2.2, 3.0, 7.0, 12.0].map(round_step),
            [0.05, 0.2, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0]
        );
        assert_eq!([f64::NAN, 0.0, -1.0, f64::INFINITY].map(round_step), [1.0; 4]);
        assert_eq!([0.01, 0.3, 5.0, 13.0, 5000.0].map(time_step), [1.0 / 60.0, 0.5, 6.0, 24.0, 6000.0]);
        assert_eq!(multiples(0.1, 0.0, 0.3).len(), 4);
    }

    #[test]
    fn counting_spreads_within_a_bin_and_jumps_at_a_point() {
        let bins = [Bin { from: 0.0, to: 10.0, count: 10 }, Bin { from: 20.0, to: 20.0, count: 5 }];
        assert_eq!([5.0, 15.0, 20.0].map(|t| count_until(&bins, t)), [5.0, 10.0, 15.0]);
        assert_eq!(upper_edge_at(&bins, 0.5), Some(10.0));
        assert_eq!(upper_edge_at(&[], 0.5), None);
    }
}
