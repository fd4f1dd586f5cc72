//! Precision on request: the rule that decides when there are enough replications.
//!
//! Owns the stopping rule. Does not own the figures, whose half-widths it is fed, nor the running of replications.
//!
//! The rule replicates until every figure has the half-width that was asked for, and then looks ahead: stopping at the first success
//! would stop too often by luck, where the spread happens to look small, so that intervals cover less than they say. The precision must
//! last for some replications more: five, or 5 % of the number where that is larger. Source: K. Hoad, S. Robinson and R. Davies,
//! "Automated selection of the number of replications for a discrete-event simulation", Journal of the Operational Research Society 61
//! (2010); there the five are called `kLimit`. They begin at three replications; here it is ten, as the estimates of spread want.

/// Replications before precision is believed.
const FEWEST: u64 = 10;

/// Replications that the precision must last for; in per cent of the number from a hundred on.
const LOOK_AHEAD: u64 = 5;

/// The half-width that is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// In the unit of the figure: for shares.
    Absolute(f64),
    /// Relative error: for times and costs. The half-width may be gamma / (1 + gamma) of the estimate, so that the relative error against
    /// the truth is gamma (A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015, section 9.4.1).
    Relative(f64),
}

impl Target {
    /// The half-width that an estimate of this value needs.
    pub fn half_width(self, value: f64) -> f64 {
        match self {
            Self::Absolute(half_width) => half_width,
            Self::Relative(gamma) => gamma / (1.0 + gamma) * value.abs(),
        }
    }
}

/// A figure after some replications.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// Point estimate.
    pub value: f64,
    /// Half-width of its interval; `None` where there is none.
    pub half_width: Option<f64>,
}

/// The next action of a run under the stopping rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// All figures are precise enough, and have been during the look-ahead. Holds the number of replications.
    Enough(u64),
    /// Run this many replications more, at least one, and ask again.
    Go(u64),
    /// The budget is used up; the precision is not reached.
    NotReached {
        /// Replications that would be needed in all, if values and spreads stay as they are; `None` where a figure has no interval or its
        /// target is zero.
        needed: Option<u64>,
    },
}

/// The stopping rule, fed with figures after more and more replications.
#[derive(Clone, Debug)]
pub struct Precision {
    targets: Vec<Target>,
    budget: u64,
    /// Replications at which the present unbroken success began.
    since: Option<u64>,
}

impl Precision {
    /// The rule for figures with these targets, within a budget of replications.
    pub fn new(targets: Vec<Target>, budget: u64) -> Self {
        Self { targets, budget, since: None }
    }

    /// Takes the figures after `n` replications, in the order of the targets, and says what to do. `n` must rise from call to call.
    ///
    /// During the look-ahead it asks for single replications. Whoever runs several at once feeds the figures of every number in
    /// between: skipping numbers skips checks.
    ///
    /// # Panics
    ///
    /// If there are not as many figures as targets.
    pub fn feed(&mut self, n: u64, figures: &[Reached]) -> Next {
        assert_eq!(figures.len(), self.targets.len(), "one figure for each target");
        let is_reached = n >= FEWEST && self.excesses(figures).all(|excess| excess <= 1.0);
        self.since = if is_reached { self.since.or(Some(n)) } else { None };
        if let Some(since) = self.since {
            let lasting = LOOK_AHEAD.max(since * LOOK_AHEAD / 100);
            if n - since >= lasting {
                return Next::Enough(n);
            }
        }
        let left = self.budget.saturating_sub(n);
        if left == 0 {
            return Next::NotReached { needed: self.needed(n, figures) };
        }
        if n < FEWEST {
            return Next::Go((FEWEST - n).min(left));
        }
        if self.since.is_some() {
            return Next::Go(1);
        }
        // Half of what seems to be missing, and no more than as many again: spreads seen early are uncertain.
        let missing = self.needed(n, figures).map_or(n, |needed| needed.saturating_sub(n).div_ceil(2));
        Next::Go(missing.clamp(1, n).min(left))
    }

    /// Replications that are needed in all, if values and spreads stay as they are: n times the square of the largest excess, and the
    /// look-ahead. `None` where a figure has no interval or its target is zero.
    pub fn needed(&self, n: u64, figures: &[Reached]) -> Option<u64> {
        let most = self.excesses(figures).fold(0.0, f64::max);
        let needed = ((n as f64 * most * most).ceil()).max(FEWEST as f64);
        let with_look_ahead = needed + (LOOK_AHEAD as f64).max(needed * LOOK_AHEAD as f64 / 100.0).floor();
        // Beyond this a number says no more than "not at all".
        (with_look_ahead < 1e12).then_some(with_look_ahead as u64)
    }

    /// Half-widths over those that are asked for; infinite where there is none.
    fn excesses(&self, figures: &[Reached]) -> impl Iterator<Item = f64> {
        self.targets.iter().zip(figures).map(|(target, figure)| {
            let (Some(found), wanted) = (figure.half_width, target.half_width(figure.value)) else {
                return f64::INFINITY;
            };
            // Zero of zero is reached.
            if found <= wanted && found <= 0.0 {
                return 0.0;
            }
            let excess = found / wanted;
            if excess.is_nan() { f64::INFINITY } else { excess }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(half_width: f64) -> [Reached; 1] {
        [Reached { value: 10.0, half_width: Some(half_width) }]
    }

    fn rule(budget: u64) -> Precision {
        Precision::new(vec![Target::Absolute(1.0)], budget)
    }

    #[test]
    fn success_must_last() {
        let mut rule = rule(100);
        assert_eq!(rule.feed(3, &at(0.1)), Next::Go(7));
        assert_eq!(rule.feed(10, &at(0.9)), Next::Go(1));
        assert_eq!(
            rule.feed(11, &at(1.1)),
            Next::Go(4),
            "11 x 1.21 and five to look ahead are 19: half of the missing 8"
        );
        for n in 15..20 {
            assert_eq!(rule.feed(n, &at(0.99)), Next::Go(1), "{n}");
        }
        assert_eq!(rule.feed(20, &at(0.99)), Next::Enough(20));
    }

    /// From a hundred on the look-ahead is 5 %: of 240 they are 12.
    #[test]
    fn the_look_ahead_grows() {
        let mut rule = rule(1000);
        for n in 240..252 {
            assert_eq!(rule.feed(n, &at(1.0)), Next::Go(1));
        }
        assert_eq!(rule.feed(252, &at(1.0)), Next::Enough(252));
    }

    #[test]
    fn the_budget_ends_it() {
        let mut rule = rule(50);
        assert_eq!(rule.feed(10, &at(4.0)), Next::Go(10), "no more than as many again");
        assert_eq!(rule.feed(40, &at(2.0)), Next::Go(10));
        // 50 x 1.5^2 = 112.5, and 5 % of 113.
        assert_eq!(rule.feed(50, &at(1.5)), Next::NotReached { needed: Some(113 + 5) });
        let none = [Reached { value: f64::INFINITY, half_width: None }];
        assert_eq!(rule.feed(51, &none), Next::NotReached { needed: None });
    }

    /// A relative error of a tenth of 11 allows 1.
    #[test]
    fn relative_targets() {
        let target = Target::Relative(0.1);
        assert!((target.half_width(-11.0) - 1.0).abs() < 1e-12);
        let mut rule = Precision::new(vec![target, Target::Absolute(0.0)], 15);
        let figures =
            [Reached { value: 11.0, half_width: Some(0.9) }, Reached { value: 1.0, half_width: Some(0.0) }];
        for n in 10..15 {
            assert_eq!(rule.feed(n, &figures), Next::Go(1));
        }
        assert_eq!(rule.feed(15, &figures), Next::Enough(15));
        assert_eq!(Precision::new(Vec::new(), 20).feed(10, &[]), Next::Go(1));
    }
}
