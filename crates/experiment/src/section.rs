//! Sections: the moments and a distribution curve that one replication keeps of a tally or a level.
//!
//! Percentile intervals ask of every replication which share of its values lies at or below the pooled percentile. The whole
//! histogram of every replication would answer that exactly and cost too much memory; a [`Curve`] answers it to within far less than the
//! spread between replications that the interval measures. The point estimate never uses the curve.

use sanda_core::kernel::histogram::Count;
use sanda_core::kernel::tally::{LevelTimes, PooledTally, Tally, TallyOf};

/// Equal parts that the middle of a distribution is cut into.
const PARTS: u32 = 64;
/// Parts at either end that are cut further: below 1/16 and above 15/16.
const END_PARTS: u32 = 4;
/// Points for each halving of an end. Between two of them a share beyond is known to 0.4 % of itself where the distribution bends as an
/// exponential one does.
const POINTS_A_HALVING: u32 = 4;
/// Halvings of an end: down to a share of 1 / 2048 beyond.
const HALVINGS: u32 = 7;
/// A single value with this share of all is an atom, and the curve a step there.
const ATOM: f64 = 1.0 / 128.0;

/// Largest error of a stored share: that of an `f32` below one.
const SHARE_ERROR: f64 = 1e-7;

/// The shares that a curve has points at, rising.
fn shares() -> Vec<f64> {
    let end = f64::from(END_PARTS) / f64::from(PARTS);
    let n = HALVINGS * POINTS_A_HALVING;
    let tail = |point: u32| end * libm::exp2(-f64::from(point) / f64::from(POINTS_A_HALVING));
    let low = (1..=n).rev().map(tail);
    let middle = (END_PARTS..=PARTS - END_PARTS).map(|part| f64::from(part) / f64::from(PARTS));
    low.chain(middle).chain((1..=n).map(|point| 1.0 - tail(point))).collect()
}

/// Values that are equal or nearly equal.
struct Group {
    bottom: i64,
    top: i64,
    count: u64,
}

/// A distribution by some of its points: exact at these, linear between them.
pub(crate) struct Curve {
    /// Values, rising.
    values: Box<[i64]>,
    /// The share of all at or below each. 24 bits tell 16 million values apart; intervals need fewer.
    shares: Box<[f32]>,
}

impl Curve {
    /// The curve of `n_all` values, of which rising groups are given; what these lack is infinite.
    fn of(groups: impl Iterator<Item = Group>, n_all: u64) -> Self {
        let wanted = shares();
        let (mut values, mut at) = (Vec::new(), Vec::new());
        let mut keep = |value: i64, upto: u64| {
            if values.last().is_none_or(|&kept| kept < value) {
                values.push(value);
                at.push((upto as f64 / n_all as f64) as f32);
            }
        };
        let (mut next, mut upto, mut last) = (0, 0, None);
        for group in groups {
            let before = upto;
            upto += group.count;
            let share = upto as f64 / n_all as f64;
            let is_atom = group.count as f64 >= ATOM * n_all as f64;
            if is_atom {
                keep(group.bottom - 1, before);
            }
            if is_atom || wanted.get(next).is_some_and(|&wanted| share >= wanted) {
                keep(group.top, upto);
                next += wanted[next..].partition_point(|&wanted| share >= wanted);
            }
            last = Some(group.top);
        }
        if let Some(last) = last {
            keep(last, upto);
        }
        Self { values: values.into(), shares: at.into() }
    }

    /// The value at a share: infinite where fewer values are finite, `None` where there are no values.
    fn value_at(&self, share: f64) -> Option<f64> {
        let reaches = |place: usize| f64::from(self.shares[place]) >= share - SHARE_ERROR;
        let (&last, n) = (self.values.last()?, self.values.len());
        if !reaches(n - 1) {
            return Some(f64::INFINITY);
        }
        let place = (0..n).position(reaches).unwrap_or(n - 1);
        let upper = self.values.get(place).copied().unwrap_or(last) as f64;
        let Some(before) = place.checked_sub(1) else { return Some(upper) };
        let (low, high) = (f64::from(self.shares[before]), f64::from(self.shares[place]));
        let lower = self.values[before] as f64;
        // Values are whole numbers: between two neighbours there is nothing.
        Some((lower + (share - low) / (high - low) * (upper - lower)).ceil().min(upper))
    }

    /// The share at or below a value.
    fn share_at(&self, value: f64) -> f64 {
        let n_below = self.values.partition_point(|&point| point as f64 <= value);
        let share = |place: usize| f64::from(self.shares[place]);
        match (n_below.checked_sub(1), self.values.get(n_below)) {
            (None, _) => 0.0,
            (Some(last), None) => share(last),
            (Some(last), Some(&above)) => {
                let below = self.values[last] as f64;
                let within = (value - below) / (above as f64 - below);
                share(last) + within * (share(n_below) - share(last))
            }
        }
    }
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
    curve: Curve,
}

impl TallySection {
    /// Reduces a tally beside which `n_infinite` values never came.
    pub(crate) fn of<C: Count>(tally: &TallyOf<C>, n_infinite: u64) -> Self {
        let n_all = tally.count() + n_infinite;
        let max = tally.max().unwrap_or_default();
        let groups = tally.histogram().iter().map(|bucket| Group {
            bottom: bucket.bottom(),
            top: bucket.top.min(max),
            count: bucket.count,
        });
        Self {
            sum: tally.sum() as f64,
            count: tally.count() as f64,
            sd: tally.variance().map(f64::sqrt),
            n_all: n_all as f64,
            curve: Curve::of(groups, n_all),
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

    /// Reduces a level: its values are the levels, each as many as the milliseconds it stood there.
    pub(crate) fn of_level(level: &LevelTimes) -> Self {
        let levels = (0..).zip(level.at()).filter(|&(_, &time)| time > 0);
        let groups = levels.map(|(level, &time)| Group { bottom: level, top: level, count: time as u64 });
        let total = level.total() as u64;
        Self {
            sum: level.area() as f64,
            count: total as f64,
            sd: level.standard_deviation(),
            n_all: total as f64,
            curve: Curve::of(groups, total),
        }
    }

    /// This replication's own quantile, to within the distance of two points of the curve: infinite among the values that never
    /// came, `None` without any value.
    pub(crate) fn quantile(&self, level: f64) -> Option<f64> {
        if self.curve.values.is_empty() && self.n_all > 0.0 {
            return Some(f64::INFINITY);
        }
        self.curve.value_at(level)
    }

    /// How many values are finite and at most `value`, and how many there are.
    pub(crate) fn at_or_below(&self, value: f64) -> (f64, f64) {
        (self.curve.share_at(value) * self.n_all, self.n_all)
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

    fn share_at(section: &TallySection, value: f64) -> f64 {
        let (below, all) = section.at_or_below(value);
        below / all
    }

    #[test]
    fn shares_rise_and_mirror_each_other() {
        let shares = shares();
        assert!(shares.is_sorted_by(|a, b| a < b));
        assert!(shares.iter().zip(shares.iter().rev()).all(|(a, b)| (a + b - 1.0).abs() < 1e-12));
        assert!((shares[0] - 1.0 / 2048.0).abs() < 1e-12);
    }

    #[test]
    fn a_curve_knows_shares() {
        let section = TallySection::of(&tally(0..100_000), 0);
        for value in [50, 100, 5_000, 20_000, 49_999, 90_000, 98_999, 99_900, 99_999] {
            let exact = f64::from(value + 1) / 100_000.0;
            let found = share_at(&section, f64::from(value));
            // Values share buckets of 0.2 % at most.
            let tolerance = 0.004 * exact.min(1.0 - exact).max(0.001);
            assert!((found - exact).abs() <= tolerance, "{value}: {found} instead of {exact}");
        }
    }

    /// The far end of a long tail, where an even grid of 128 points knew nothing beyond 99.6 %.
    #[test]
    fn a_curve_knows_the_far_end() {
        // Exponential values by rank: beyond the value at rank r there are n - r.
        let n = 20_000;
        let value = |rank: i64| (-1e6 * libm::log(1.0 - (rank as f64 - 0.5) / n as f64)) as i64;
        let section = TallySection::of(&tally((1..=n).map(value)), 0);
        for beyond in [200, 100, 50, 20] {
            let found = (1.0 - share_at(&section, value(n - beyond) as f64)) * n as f64;
            assert!((found - beyond as f64).abs() <= 0.03 * beyond as f64 + 0.5, "{beyond} beyond: {found}");
        }
    }

    #[test]
    fn infinite_values_are_never_below() {
        let section = TallySection::of(&tally(0..500), 500);
        let (below, all) = section.at_or_below(1e12);
        assert!((all - 1000.0).abs() < 1e-9 && (below - 500.0).abs() < 1e-9, "{below} of {all}");
    }

    /// Between atoms nothing lies, however far they are apart.
    #[test]
    fn atoms_are_exact() {
        let section = TallySection::of(
            &tally((0..1000).map(|n| {
                if n < 20 {
                    1
                } else if n < 950 {
                    75
                } else {
                    999
                }
            })),
            0,
        );
        for (value, exact) in
            [(0.0, 0.0), (1.0, 0.02), (74.0, 0.02), (75.0, 0.95), (998.0, 0.95), (999.0, 1.0)]
        {
            let found = share_at(&section, value);
            assert!((found - exact).abs() < 1e-6, "{value}: {found} instead of {exact}");
        }
        let section = TallySection::of(&tally(std::iter::repeat_n(7, 100)), 0);
        assert_eq!((section.at_or_below(6.0), section.at_or_below(7.0)), ((0.0, 100.0), (100.0, 100.0)));
    }

    /// The own quantile agrees with the sorted values, lies among the unfinished where they are, and on an atom.
    #[test]
    fn own_quantiles_are_read_off_the_curve() {
        let section = TallySection::of(&tally(0..100_000), 0);
        for level in [0.05, 0.5, 0.9, 0.95, 0.99] {
            let found = section.quantile(level).expect("there are values");
            assert!((found - 100_000.0 * level).abs() <= 400.0, "{level}: {found}");
        }
        let half = TallySection::of(&tally(0..500), 500);
        assert!(half.quantile(0.4).is_some_and(f64::is_finite));
        assert_eq!(half.quantile(0.9), Some(f64::INFINITY));
        assert_eq!(TallySection::of(&tally(0..0), 7).quantile(0.5), Some(f64::INFINITY));
        assert_eq!(TallySection::of(&tally(0..0), 0).quantile(0.5), None);
        let atom = TallySection::of(&tally(std::iter::repeat_n(75, 200)), 0);
        assert_eq!(atom.quantile(0.9), Some(75.0));
    }

    #[test]
    fn few_values_are_exact() {
        let section = TallySection::of(&tally((1..=20).map(|n| 1000 * n)), 0);
        for n in 1..=20 {
            assert!((share_at(&section, 1000.0 * f64::from(n)) - f64::from(n) / 20.0).abs() < 1e-6);
        }
    }
}
