//! Laws made of laws: shifted and scaled, mixed, truncated.

use super::table::{cumulative_shares, first_reaching, steps};
use super::{Law, Stream};

/// A law whose samples are multiplied by a factor above zero, then moved.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Affine {
    pub(super) law: Law,
    pub(super) factor: f64,
    pub(super) by: f64,
}

impl Affine {
    #[inline]
    pub(super) fn of(&self, x: f64) -> f64 {
        x * self.factor + self.by
    }

    pub(super) fn undone(&self, x: f64) -> f64 {
        (x - self.by) / self.factor
    }
}

/// A mixture: laws with cumulative shares.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mixture {
    laws: Box<[Law]>,
    cumulative: Box<[f64]>,
}

impl Mixture {
    /// Creates a mixture of at least one part (law, weight above zero).
    pub(super) fn new(parts: Vec<(Law, f64)>) -> Self {
        let cumulative = cumulative_shares(parts.iter().map(|part| part.1));
        Self { laws: parts.into_iter().map(|part| part.0).collect(), cumulative }
    }

    /// Draws one variate: the first word chooses the law, the next ones are the law's own.
    pub(super) fn sample(&self, s: &mut Stream) -> f64 {
        self.laws[first_reaching(&self.cumulative, s.uniform())].sample(s)
    }

    /// Returns the laws with their own shares.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&Law, f64)> {
        self.laws.iter().zip(steps(&self.cumulative))
    }

    /// Returns the sum of a figure of the laws, each weighed by its share.
    pub(super) fn weighed(&self, figure: impl Fn(&Law) -> f64) -> f64 {
        self.parts().map(|(law, share)| share * figure(law)).sum()
    }
}

/// A law conditional on the sample lying in an interval.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Truncated {
    pub(super) law: Law,
    pub(super) min: f64,
    pub(super) max: f64,
    /// Share of `law` below `min`.
    pub(super) from: f64,
    /// Share of `law` at or below `max`; exceeds `from` by at least `LEAST_KEPT`.
    pub(super) to: f64,
}

impl Truncated {
    /// Draws one variate, by the quantile function if the law takes one word, else by rejection.
    pub(super) fn sample(&self, s: &mut Stream) -> f64 {
        if self.law.takes_one_word() {
            return self.inverse(s.uniform());
        }
        // A draw is accepted with a probability of at least one in a thousand (`LEAST_KEPT`), so this many rejections have a probability
        // below 1e-43. The bound shows that the loop ends.
        for _ in 0..100_000 {
            let value = self.law.sample(s);
            if self.min <= value && value <= self.max {
                return value;
            }
        }
        self.inverse(0.5)
    }

    pub(super) fn inverse(&self, p: f64) -> f64 {
        // Strictly above `from`, even if the sum rounds to it: a single value that ends there lies outside.
        let share = (self.from + (self.to - self.from) * p).max(self.from.next_up()).min(self.to);
        self.law.inverse(share).clamp(self.min, self.max)
    }

    /// Returns the share of the truncated law that belongs to a share of the whole one.
    pub(super) fn rescaled(&self, share: f64) -> f64 {
        ((share - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// Returns the only value, if all samples are equal: a truncation may leave one of several discrete values.
    pub(super) fn only_value(&self) -> Option<f64> {
        const NEXT_TO_END: f64 = f64::EPSILON / 2.0;
        // Both ends of what `Stream::uniform` can return; the quantile function never falls in between.
        let (least, greatest) = (self.inverse(NEXT_TO_END), self.inverse(1.0 - NEXT_TO_END));
        (least >= greatest).then_some(least)
    }
}
