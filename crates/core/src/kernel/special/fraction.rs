//! Continued fractions by the modified Lentz method.
//!
//! Source: W. J. Lentz, Applied Optics 15, 1976, 668-671, with the change of I. J. Thompson and A. R. Barnett, Journal of
//! Computational Physics 64, 1986, 490-509. Owns the step and the usual loop; does not own the terms of any function.

/// Bound on the terms of a fraction. Shapes up to 1e6 need about ten times the square root of the shape.
pub(super) const MOST_TERMS: u32 = 100_000;
/// Stands for zero in a denominator, so that the next step can divide by it.
const TINY: f64 = 1e-300;

/// Returns `x`, or [`TINY`] if `x` is closer to zero.
pub(super) fn away_from_zero(x: f64) -> f64 {
    if x.abs() < TINY { TINY } else { x }
}

/// A continued fraction evaluated from the front, term by term.
pub(super) struct Fraction {
    /// Value of the terms so far.
    pub(super) value: f64,
    /// Ratio of the last two numerators.
    pub(super) c: f64,
    /// Ratio of the last two denominators, inverted.
    pub(super) d: f64,
}

impl Fraction {
    /// Appends the term `a / (b + ...)`. Returns the factor by which the value changed.
    pub(super) fn append(&mut self, a: f64, b: f64) -> f64 {
        self.d = 1.0 / away_from_zero(b + a * self.d);
        self.c = away_from_zero(b + a / self.c);
        let change = self.c * self.d;
        self.value *= change;
        change
    }
}

/// Evaluates b0 + a1 / (b1 + a2 / (b2 + ...)); `term(n)` gives (a_n, b_n), n = 1, 2, ...
pub(super) fn continued_fraction(b0: f64, term: impl Fn(f64) -> (f64, f64)) -> f64 {
    let first = away_from_zero(b0);
    let mut fraction = Fraction { value: first, c: first, d: 0.0 };
    for n in 1..MOST_TERMS {
        let (a, b) = term(f64::from(n));
        let change = fraction.append(a, b);
        // Closer than this the value may alternate between two neighbours for ever.
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction.value
}
