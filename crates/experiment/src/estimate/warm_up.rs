//! How long a model warms up: MSER-5 on one series, and the averages of Welch's plot over replications.
//!
//! Owns the offers from which a warm-up is chosen. Does not own the choice, which the scenario states, nor where series come from. Time
//! series here are observations in order of time, at equal distances or one per shipment.

/// Observations in a batch: the 5 of MSER-5.
const BATCH: usize = 5;

/// Batches at the end where MSER is not evaluated: it is small there by chance, because few values remain.
const LAST_BATCHES: usize = 5;

/// Batches of the shortest series that is judged.
const FEWEST_BATCHES: usize = 2 * LAST_BATCHES;

/// Where a warm-up ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarmUp {
    /// After this many observations, a multiple of five.
    EndsAfter(usize),
    /// The run is too short to tell: the best truncation lies in its second half, or it has fewer than fifty observations.
    RunTooShort,
}

/// Finds the end of the warm-up by MSER-5: the truncation that minimises the squared standard error of what remains, on means of five
/// observations each.
///
/// Source: K. P. White, M. J. Cobb and S. C. Spratt, "A comparison of five steady-state truncation heuristics for simulation" (Winter
/// Simulation Conference, 2000). A truncation in the second half means that the run is too short, as there and in K. Hoad, S. Robinson
/// and R. Davies, "Automating warm-up length estimation", Journal of the Operational Research Society 61 (2010). Observations after the
/// last whole batch are left out. `None` for a series with numbers that are not finite.
///
/// One series is noisy: the mean over replications ([`welch`] with a half-window of 0) is a better one.
pub fn mser_5(series: &[f64]) -> Option<WarmUp> {
    if !series.iter().all(|value| value.is_finite()) {
        return None;
    }
    let batches: Vec<f64> =
        series.chunks_exact(BATCH).map(|batch| batch.iter().sum::<f64>() / BATCH as f64).collect();
    if batches.len() < FEWEST_BATCHES {
        return Some(WarmUp::RunTooShort);
    }
    // Mean and squares of what remains, from the end on (B. P. Welford, Technometrics 4, 1962).
    let (mut n, mut mean, mut squares) = (0.0, 0.0, 0.0);
    let mut best = (f64::INFINITY, 0);
    for (start, batch) in batches.iter().enumerate().rev() {
        n += 1.0;
        let off = batch - mean;
        mean += off / n;
        squares += off * (batch - mean);
        let error = squares / (n * n);
        // Of equal ones the earliest.
        if batches.len() - start > LAST_BATCHES && error <= best.0 {
            best = (error, start);
        }
    }
    let is_too_late = 2 * best.1 > batches.len();
    Some(if is_too_late { WarmUp::RunTooShort } else { WarmUp::EndsAfter(BATCH * best.1) })
}

/// Averages replications at each point of time, and smooths them by a moving average of 2 `half_window` + 1 points: the curve of
/// Welch's plot. The warm-up ends where it becomes flat.
///
/// Near the beginning the window shrinks so as to stay symmetric; the last `half_window` points have no average. The shortest replication
/// sets the length. Source: P. D. Welch, "The statistical analysis of simulation results", in S. Lavenberg (ed.), The Computer
/// Performance Modeling Handbook, 1983.
pub fn welch(replications: &[Vec<f64>], half_window: usize) -> Vec<f64> {
    let length = replications.iter().map(Vec::len).min().unwrap_or(0);
    let means: Vec<f64> = (0..length)
        .map(|at| replications.iter().map(|values| values[at]).sum::<f64>() / replications.len() as f64)
        .collect();
    (0..length.saturating_sub(half_window))
        .map(|at| {
            let half = half_window.min(at);
            means[at - half..=at + half].iter().sum::<f64>() / (2 * half + 1) as f64
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise without a trend, of mean zero over each batch but the batch's own -1 or 1.
    fn steady(batch: usize) -> f64 {
        if batch.is_multiple_of(2) { 1.0 } else { -1.0 }
    }

    fn series(batches: impl Iterator<Item = f64>) -> Vec<f64> {
        batches.flat_map(|mean| [mean - 2.0, mean + 2.0, mean, mean - 1.0, mean + 1.0]).collect()
    }

    /// Four batches far too high, then forty steady ones: truncating less than four leaves huge squares, more only makes n smaller.
    #[test]
    fn a_step_is_found() {
        let values = series((0..44).map(|batch| if batch < 4 { 50.0 } else { steady(batch) }));
        assert_eq!(mser_5(&values), Some(WarmUp::EndsAfter(20)));
        let longer: Vec<f64> = values.iter().copied().chain([1e9; 4]).collect();
        assert_eq!(mser_5(&longer), Some(WarmUp::EndsAfter(20)), "an unfinished batch is left out");
    }

    #[test]
    fn a_steady_series_has_no_warm_up() {
        assert_eq!(mser_5(&series((0..40).map(steady))), Some(WarmUp::EndsAfter(0)));
        assert_eq!(mser_5(&[3.0; 60]), Some(WarmUp::EndsAfter(0)));
    }

    #[test]
    fn a_run_that_never_settles_is_too_short() {
        assert_eq!(mser_5(&series((0..60).map(f64::from))), Some(WarmUp::RunTooShort));
        assert_eq!(mser_5(&[1.0; 49]), Some(WarmUp::RunTooShort));
        assert_eq!(mser_5(&[1.0, f64::INFINITY]), None);
    }

    /// Means 2, 4, 6, 8, 10; a window of three shrinks to one at the beginning.
    #[test]
    fn welch_by_hand() {
        let replications = [vec![1.0, 3.0, 5.0, 7.0, 9.0, 11.0], vec![3.0, 5.0, 7.0, 9.0, 11.0]];
        assert_eq!(welch(&replications, 0), [2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(welch(&replications, 1), [2.0, 4.0, 6.0, 8.0]);
        let bent = [vec![0.0, 9.0, 0.0, 3.0, 0.0]];
        assert_eq!(welch(&bent, 1), [0.0, 3.0, 4.0, 1.0]);
        assert_eq!(welch(&bent, 2), [0.0, 3.0, 2.4]);
        assert!(welch(&[], 1).is_empty() && welch(&bent, 9).is_empty());
    }
}
