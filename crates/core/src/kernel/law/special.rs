//! Special functions and numerical inversion, for distribution functions, quantiles and fits: build time, not
//! the hot loop.
//!
//! Portable like the rest: `libm` and plain arithmetic only.

/// More terms than any shape up to 1e6 needs (about ten times its square root).
const MOST_TERMS: u32 = 100_000;
/// Stands for zero in the continued fractions (modified Lentz method).
const TINY: f64 = 1e-300;

/// Regularised lower incomplete gamma function P(a, x): the share of a Gamma law of shape `a` and scale 1 at
/// or below `x`.
///
/// Series below a + 1, continued fraction above: NIST Digital Library of Mathematical Functions 8.11.4 and
/// 8.9.2. Error about 1e-14 for moderate shapes and 1e-9 at a = 1e6.
pub(super) fn gamma_share(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x == f64::INFINITY {
        return 1.0;
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for n in 1..MOST_TERMS {
            term *= x / (a + f64::from(n));
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        (front * sum).min(1.0)
    } else {
        let fraction = continued_fraction(x + 1.0 - a, |n| (-n * (n - a), x + 2.0 * n + 1.0 - a));
        (1.0 - front / fraction).max(0.0)
    }
}

/// Regularised incomplete beta function I_x(a, b): the share of a Beta law on [0, 1] at or below `x`.
///
/// Continued fraction DLMF 8.17.22, on the side where it converges quickly.
pub(super) fn beta_share(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_share_left(b, a, 1.0 - x);
    }
    beta_share_left(a, b, x)
}

fn beta_share_left(a: f64, b: f64, x: f64) -> f64 {
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - log_beta) / a;
    let fraction = continued_fraction(1.0, |n| {
        let m = libm::floor(n / 2.0);
        let numerator = if n % 2.0 == 0.0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        (numerator, 1.0)
    });
    (front / fraction).clamp(0.0, 1.0)
}

/// Evaluates b0 + a1 / (b1 + a2 / (b2 + ...)) by the modified Lentz method; `term(n)` gives (a_n, b_n), n =
/// 1, 2, ...
fn continued_fraction(b0: f64, term: impl Fn(f64) -> (f64, f64)) -> f64 {
    let away_from_zero = |x: f64| if x.abs() < TINY { TINY } else { x };
    let mut value = away_from_zero(b0);
    let (mut c, mut d) = (value, 0.0);
    for n in 1..MOST_TERMS {
        let (a, b) = term(f64::from(n));
        d = 1.0 / away_from_zero(b + a * d);
        c = away_from_zero(b + a / c);
        let change = c * d;
        value *= change;
        // Nearer than that it may swing from one side to the other for ever.
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

/// Finds where a falling function passes zero in `[low, high]`, by bisection to the last bit; an end if it
/// does not.
pub(super) fn falling_root(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if f(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// Finds the smallest number in `[low, high]` at which `share` reaches `p`, for a share that never falls:
/// bisection over the representable numbers, at most 64 steps. Returns `high` if the share never gets there.
pub(super) fn first_with_share(share: impl Fn(f64) -> f64, low: f64, high: f64, p: f64) -> f64 {
    let (mut before, mut reached) = (rank(low.max(-f64::MAX)), rank(high.min(f64::MAX)));
    if share(low.max(-f64::MAX)) >= p {
        return low.max(-f64::MAX);
    }
    // Invariant: the share at `before` is below p, and at `reached` it is not (or that is the end).
    while before.abs_diff(reached) > 1 {
        let middle = before.midpoint(reached);
        if share(from_rank(middle)) >= p {
            reached = middle;
        } else {
            before = middle;
        }
    }
    from_rank(reached)
}

/// Numbers the finite floating-point numbers in their order.
fn rank(x: f64) -> i64 {
    let bits = x.to_bits() as i64;
    if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
}

fn from_rank(rank: i64) -> f64 {
    f64::from_bits(if rank < 0 { i64::MIN.wrapping_sub(rank) } else { rank } as u64)
}

/// Integrates `f(u)` over the shares from 0 to `p`, where `f` may rise or fall without bound towards 0 or
/// vary sharply at either end: tanh-sinh rule of H. Takahasi and M. Mori, 1974
/// (doi:10.2977/prims/1195192451), in the form u = p / (1 + exp(-2 s)) with s = (pi/2) sinh t.
pub(super) fn integral_up_to(p: f64, f: impl Fn(f64) -> [f64; 2]) -> [f64; 2] {
    const STEP: f64 = 1.0 / 32.0;
    const HALF_PI: f64 = std::f64::consts::FRAC_PI_2;
    let mut sum = [0.0; 2];
    for i in -200..=110 {
        let t = f64::from(i) * STEP;
        let stretched = HALF_PI * libm::sinh(t);
        // Both shares of the way from exp, so that neither cancels near an end.
        let from_low = 1.0 / (1.0 + libm::exp(-2.0 * stretched));
        let from_high = 1.0 / (1.0 + libm::exp(2.0 * stretched));
        let weight = 2.0 * from_low * from_high * HALF_PI * libm::cosh(t) * STEP * p;
        let share = from_low * p;
        if weight > 0.0 && share > 0.0 {
            let value = f(share);
            sum = [sum[0] + weight * value[0], sum[1] + weight * value[1]];
        }
    }
    sum
}
