//! What one replication keeps of a tally: moments, and its distribution on a grid of shares.
//!
//! Percentile intervals ask of every replication which share of its values lies at or below the pooled percentile. The
//! whole histogram of every replication would answer that exactly and cost too much memory; a grid of
//! [`N_GRID`] quantiles answers it to within 1 / (2 [`N_GRID`]) of a share, interpolated between grid points, which is
//! far below the spread between replications that the interval measures. The point estimate never uses the grid.

use sanda_core::kernel::histogram::Count;
use sanda_core::kernel::tally::{PooledTally, Tally, TallyOf};

/// Quantiles kept.
const N_GRID: usize = 128;

/// The shares of the grid: the middles of equal parts.
fn shares() -> [f64; N_GRID] {
    std::array::from_fn(|place| (place as f64 + 0.5) / N_GRID as f64)
}

/// One replication's own tally, reduced.
pub(crate) struct TallySection {
    /// Sum of the finite values.
    pub(crate) sum: f64,
    /// Number of finite values.
    pub(crate) count: f64,
    /// Standard deviation of the finite values.
    pub(crate) sd: Option<f64>,
    /// All values, infinite ones included.
    n_all: f64,
    /// Ascending quantiles at [`shares`]; the infinite ones are left out. Empty without values.
    grid: Box<[i64]>,
}

impl TallySection {
    /// Reduces a tally beside which `n_infinite` values never came.
    pub(crate) fn of<C: Count>(tally: &TallyOf<C>, n_infinite: u64) -> Self {
        let grid = tally.histogram().rank_quantiles(n_infinite, &shares()).into_iter().flatten().collect();
        Self {
            sum: tally.sum() as f64,
            count: tally.count() as f64,
            sd: tally.variance().map(f64::sqrt),
            n_all: (tally.count() + n_infinite) as f64,
            grid,
        }
    }

    /// The same over several tallies taken together.
    pub(crate) fn of_all(tallies: &[&Tally], n_infinite: u64) -> Self {
        if let [one] = tallies {
            return Self::of(one, n_infinite);
        }
        let mut all = PooledTally::new();
        for tally in tallies {
            all.merge(tally);
        }
        Self::of(&all, n_infinite)
    }

    /// How many values are finite and at most `value`, and how many there are.
    pub(crate) fn at_or_below(&self, value: f64) -> (f64, f64) {
        let n_below = self.grid.partition_point(|&point| point as f64 <= value);
        let share = match (n_below.checked_sub(1).map(|last| self.grid[last]), self.grid.get(n_below)) {
            // Below the first point, and beyond the last: half a part is left open on either side.
            (None, _) => 0.0,
            (Some(_), None) => n_below as f64 / N_GRID as f64,
            (Some(low), Some(&high)) => {
                let within = (value - low as f64) / (high - low) as f64;
                (n_below as f64 - 0.5 + within) / N_GRID as f64
            }
        };
        (share * self.n_all, self.n_all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(values: impl Iterator<Item = i64>) -> Tally {
        let mut tally = Tally::new();
        values.for_each(|value| tally.record(value));
        tally
    }

    #[test]
    fn the_grid_knows_shares() {
        let section = TallySection::of(&tally(0..1000), 0);
        for value in [50_i64, 100, 499, 500, 900, 949] {
            let (below, all) = section.at_or_below(value as f64);
            assert!((below / all - (value + 1) as f64 / 1000.0).abs() < 0.005, "{value}: {below}");
        }
    }

    #[test]
    fn infinite_values_are_never_below() {
        let section = TallySection::of(&tally(0..500), 500);
        let (below, all) = section.at_or_below(1e12);
        assert!((all - 1000.0).abs() < 1e-9 && (below - 500.0).abs() < 5.0, "{below} of {all}");
    }

    #[test]
    fn a_constant_is_all_or_nothing() {
        let section = TallySection::of(&tally(std::iter::repeat_n(7, 100)), 0);
        assert_eq!(section.at_or_below(6.9), (0.0, 100.0));
        assert_eq!(section.at_or_below(7.0), (100.0, 100.0));
    }
}
