//! The standard normal law: its distribution function and the inverse.
//!
//! Does not own truncation or scaling, which `law` puts around it.

use crate::kernel::portable::ln_of_share;

/// Returns the probability that a standard normal variate is at most `x`; exact to about 1e-16 of the smaller
/// tail.
pub(super) fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// Returns the density of the standard normal law at `x`.
pub(super) fn normal_density(x: f64) -> f64 {
    const INVERSE_SQRT_TWO_PI: f64 = 0.398_942_280_401_432_7;
    INVERSE_SQRT_TWO_PI * libm::exp(-0.5 * x * x)
}

/// Returns the `p` quantile of the standard normal law, `p` in (0, 1), to about one part in 10^15.
///
/// Source: M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied
/// Statistics 37, 1988, 477-484, routine PPND16. It takes one uniform number a variate, so that common random
/// numbers stay in step.
///
/// Determinism: multiplications, divisions, one logarithm and one square root (exact by IEEE 754) in the
/// tails.
#[inline]
pub(super) fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE_ABOVE, &CENTRE_BELOW);
    }
    tail_quantile(p, q)
}

/// Returns the quantile in the outer 15 %. A function of its own keeps the centre small enough to be inlined.
fn tail_quantile(p: f64, q: f64) -> f64 {
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-ln_of_share(tail)).sqrt();
    let z = if r <= 5.0 {
        ratio(r - 1.6, &MIDDLE_ABOVE, &MIDDLE_BELOW)
    } else {
        ratio(r - 5.0, &FAR_ABOVE, &FAR_BELOW)
    };
    if q < 0.0 { -z } else { z }
}

/// Returns the quotient of two polynomials of degree seven, lowest power first.
#[inline]
fn ratio(r: f64, above: &[f64; 8], below: &[f64; 8]) -> f64 {
    polynomial(r, above) / polynomial(r, below)
}

/// Evaluates a polynomial by Horner's rule in pairs (Estrin): shorter chains of dependent operations, the same on every platform.
#[inline]
fn polynomial(r: f64, c: &[f64; 8]) -> f64 {
    let r2 = r * r;
    let low = (c[0] + c[1] * r) + (c[2] + c[3] * r) * r2;
    let high = (c[4] + c[5] * r) + (c[6] + c[7] * r) * r2;
    low + high * (r2 * r2)
}

const CENTRE_ABOVE: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const CENTRE_BELOW: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const MIDDLE_ABOVE: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    0.000_774_545_014_278_341_4,
];
const MIDDLE_BELOW: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    0.000_547_593_808_499_534_5,
    1.050_750_071_644_416_9e-9,
];
const FAR_ABOVE: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_BELOW: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    0.000_786_869_131_145_613_3,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_7e-15,
];

/// A normal law truncated to an interval: its inverse between two shares of the whole normal law.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TruncatedNormal {
    /// Mean of the normal law before cutting.
    pub(super) mean: f64,
    /// Standard deviation before cutting.
    pub(super) sd: f64,
    pub(super) min: f64,
    pub(super) max: f64,
    /// Share of the normal law below `min`.
    pub(super) from: f64,
    /// Share of the normal law below `max`.
    pub(super) to: f64,
}

impl TruncatedNormal {
    pub(super) fn inverse(&self, p: f64) -> f64 {
        let z = normal_quantile(self.from + (self.to - self.from) * p);
        (self.mean + self.sd * z).clamp(self.min, self.max)
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        ((normal_cdf((x - self.mean) / self.sd) - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// Returns the mean and variance after cutting (N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate
    /// Distributions, volume 1, second edition, 1994, section 13.10.1).
    pub(super) fn moments(&self) -> (f64, f64) {
        let (a, b) = ((self.min - self.mean) / self.sd, (self.max - self.mean) / self.sd);
        let kept = self.to - self.from;
        let (at_a, at_b) = (normal_density(a), normal_density(b));
        // At an infinite end the density is zero, and so is its product with the end.
        let times = |z: f64, density: f64| if z.is_finite() { z * density } else { 0.0 };
        let shift = (at_a - at_b) / kept;
        let ratio = 1.0 + (times(a, at_a) - times(b, at_b)) / kept - shift * shift;
        (self.mean + self.sd * shift, self.sd * self.sd * ratio.max(0.0))
    }
}
