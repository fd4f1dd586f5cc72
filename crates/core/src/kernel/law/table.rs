//! Laws given by tables: weighted values, and a piecewise linear quantile function.
//!
//! Entries are sorted and their shares summed once, so that a draw is one search. The constructors own the checks.

use crate::kernel::histogram::quantile_rank;

/// Values with their cumulative shares, both rising; the last share is 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Discrete {
    values: Box<[f64]>,
    cumulative: Box<[f64]>,
}

impl Discrete {
    /// Creates a law from pairs of (value, weight above zero), sorted by value, not empty.
    pub(super) fn new(pairs: &[(f64, f64)]) -> Self {
        Self {
            values: pairs.iter().map(|p| p.0).collect(),
            cumulative: cumulative_shares(pairs.iter().map(|p| p.1)),
        }
    }

    /// Returns the smallest value that at least a share `p` does not exceed.
    #[inline]
    pub(super) fn inverse(&self, p: f64) -> f64 {
        self.values[first_reaching(&self.cumulative, p)]
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        self.share_of_first(self.values.partition_point(|&value| value <= x))
    }

    pub(super) fn share_below(&self, x: f64) -> f64 {
        self.share_of_first(self.values.partition_point(|&value| value < x))
    }

    fn share_of_first(&self, n: usize) -> f64 {
        if n == 0 { 0.0 } else { self.cumulative[n - 1] }
    }

    pub(super) fn ends(&self) -> (f64, f64) {
        (self.values[0], self.values[self.values.len() - 1])
    }

    /// Returns the values with their own shares.
    pub(super) fn shares(&self) -> impl Iterator<Item = (f64, f64)> {
        self.values.iter().zip(steps(&self.cumulative)).map(|(&value, share)| (value, share))
    }
}

/// Returns the running sums of the weights divided by their total; the last is set to exactly 1. At least one weight is above zero.
pub(super) fn cumulative_shares(weights: impl Iterator<Item = f64>) -> Box<[f64]> {
    let mut cumulative: Box<[f64]> = weights
        .scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect();
    let total = cumulative[cumulative.len() - 1];
    for share in &mut cumulative {
        *share /= total;
    }
    cumulative
}

/// Returns the index of the first cumulative share that is at least `p`, for `p` at most 1.
#[inline]
pub(super) fn first_reaching(cumulative: &[f64], p: f64) -> usize {
    n_below(cumulative, |&share| share, p).min(cumulative.len() - 1)
}

/// Largest number of entries that are searched one by one. A processor would mispredict the branches of a binary search.
const FEW: usize = 12;

/// Returns the number of entries whose share is below `p`; shares are ascending.
#[inline]
fn n_below<T>(entries: &[T], share: impl Fn(&T) -> f64, p: f64) -> usize {
    if entries.len() <= FEW {
        entries.iter().map(|entry| usize::from(share(entry) < p)).sum()
    } else {
        entries.partition_point(|entry| share(entry) < p)
    }
}

/// Returns the smallest of the sorted values that at least a share `p` of them does not exceed.
pub(super) fn ranked(values: &[f64], p: f64) -> f64 {
    let rank = quantile_rank(p, values.len() as u64).expect("constructors see to at least one value");
    values[rank as usize - 1]
}

/// Returns the differences of cumulative shares, beginning from 0.
pub(super) fn steps(cumulative: &[f64]) -> impl Iterator<Item = f64> {
    cumulative.iter().scan(0.0, |before, &share| {
        let step = share - *before;
        *before = share;
        Some(step)
    })
}

/// Points of a quantile function, joined by straight lines: shares rise strictly from 0 to 1, values never
/// fall.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PiecewiseLinear {
    points: Box<[(f64, f64)]>,
}

impl PiecewiseLinear {
    /// Creates a law from at least two points (share, value), checked by the caller.
    pub(super) fn new(points: &[(f64, f64)]) -> Self {
        Self { points: points.into() }
    }

    #[inline]
    pub(super) fn inverse(&self, p: f64) -> f64 {
        let above = n_below(&self.points, |point| point.0, p).clamp(1, self.points.len() - 1);
        let ((p0, x0), (p1, x1)) = (self.points[above - 1], self.points[above]);
        // Rounding must not lead past the end of the piece.
        (x0 + (x1 - x0) * ((p - p0) / (p1 - p0))).min(x1)
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        self.share_where(self.points.partition_point(|point| point.1 <= x), x)
    }

    pub(super) fn share_below(&self, x: f64) -> f64 {
        self.share_where(self.points.partition_point(|point| point.1 < x), x)
    }

    /// Returns the share at `x`, given how many points lie below (or at) it.
    fn share_where(&self, n: usize, x: f64) -> f64 {
        if n == 0 {
            return 0.0;
        }
        let (p0, x0) = self.points[n - 1];
        // The next point lies above (or at) x; at a level piece both give the same share.
        match self.points.get(n) {
            Some(&(p1, x1)) if x1 > x0 => p0 + (p1 - p0) * ((x - x0) / (x1 - x0)),
            _ => p0,
        }
    }

    pub(super) fn ends(&self) -> (f64, f64) {
        (self.points[0].1, self.points[self.points.len() - 1].1)
    }

    /// Pieces up to the share `p`, each as (share of it, value at its beginning, value at its end).
    pub(super) fn pieces_up_to(&self, p: f64) -> impl Iterator<Item = (f64, f64, f64)> {
        self.points.windows(2).filter(move |pair| pair[0].0 < p).map(move |pair| {
            let ((p0, x0), (p1, x1)) = (pair[0], pair[1]);
            if p1 <= p { (p1 - p0, x0, x1) } else { (p - p0, x0, x0 + (x1 - x0) * ((p - p0) / (p1 - p0))) }
        })
    }
}
