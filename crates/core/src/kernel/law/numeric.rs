//! Numerical inversion and integration, for quantiles, fits and moments of laws: build time, not the hot loop.
//!
//! Portable like the rest: `libm` and plain arithmetic only. Does not own special functions (`kernel::special`).

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
