//! Reference values computed with forty digits by an independent library, for formulas and fits.

use super::*;
use crate::kernel::special::{beta_share, gamma_share, normal_cdf};

fn close(name: &str, found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{name}: {found:e} for {expected:e}");
}

#[test]
fn normal_quantiles() {
    let cases = [
        (0.6, 0.253_347_103_135_799_7),
        (0.9, 1.281_551_565_544_600_6),
        (0.925, 1.439_531_470_938_456_1),
        (0.93, 1.475_791_028_179_171),
        (0.975, 1.959_963_984_540_053_8),
        (0.999, 3.090_232_306_167_813),
        (0.001, -3.090_232_306_167_813_6),
        (1e-9, -5.997_807_015_007_687),
        (1e-13, -7.348_796_102_800_677),
        (1.0 / (1_u64 << 53) as f64, -8.209_536_151_601_387),
    ];
    for (p, expected) in cases {
        close(&format!("normal quantile of {p}"), normal_quantile(p), expected, 1e-15);
        close(&format!("normal share at {expected}"), normal_cdf(expected), p, 2e-14);
    }
    assert_eq!(normal_quantile(0.5).to_bits(), 0);
}

#[test]
fn shares_of_gamma_and_beta_laws() {
    let gamma = [
        (0.1, 0.01, 0.662_621_259_954_479_8),
        (0.5, 2.0, 0.954_499_736_103_641_6),
        (3.0, 2.0, 0.323_323_583_816_936_54),
        (3.0, 9.0, 0.993_767_804_893_622_7),
        (4.0, 0.3, 0.000_265_811_190_021_739_7),
        (50.0, 60.0, 0.915_593_318_906_308_2),
        (1_000.0, 950.0, 0.055_054_686_230_738_03),
        (100_000.0, 100_300.0, 0.828_636_311_251_207_6),
    ];
    for (shape, x, expected) in gamma {
        close(&format!("gamma share {shape} {x}"), gamma_share(shape, x), expected, 1e-15 * shape.max(100.0));
    }
    let beta = [
        (0.3, 0.7, 0.2, 0.537_596_647_746_509_7),
        (2.0, 4.0, 0.25, 0.367_187_5),
        (2.0, 4.0, 0.9, 0.999_54),
        (50.0, 20.0, 0.7, 0.382_509_248_381_233_24),
        (5.0, 1.0, 0.99, 0.950_990_049_9),
        (1_000.0, 3_000.0, 0.26, 0.927_023_956_600_494_7),
    ];
    for (a, b, x, expected) in beta {
        close(&format!("beta share {a} {b} {x}"), beta_share(a, b, x), expected, 1e-15 * (a + b).max(100.0));
    }
}

#[test]
fn moments_of_truncated_laws() {
    let log_normal = || Law::log_normal_median_sigma(std::f64::consts::E, 0.5).unwrap();
    let truncated = |law: Law, min, max| Law::truncated(law, min, max).unwrap();
    let cases = [
        (truncated(log_normal(), 1.0, 10.0), 3.091_280_547_757_563, 2.272_817_751_500_270_3),
        (truncated(log_normal(), 2.0, f64::INFINITY), 3.658_060_599_340_081_4, 2.411_140_857_230_186),
        (
            truncated(Law::exponential(2.0).unwrap(), 1.0, 5.0),
            2.373_929_429_001_337_5,
            1.103_753_356_134_758_1,
        ),
        (
            truncated(Law::weibull_shape_scale(0.7, 3.0).unwrap(), 0.0, 4.0),
            1.245_576_371_005_641_3,
            1.232_115_844_261_136_4,
        ),
        (
            truncated(Law::log_logistic_shape_median(3.0, 2.0).unwrap(), 0.0, 6.0),
            2.172_189_507_586_696,
            1.239_782_867_386_670_7,
        ),
        (
            truncated(Law::triangular(1.0, 2.0, 5.0).unwrap(), 1.5, 4.0),
            2.601_626_016_260_162_5,
            0.433_777_843_875_999_7,
        ),
        (
            truncated(Law::gamma_shape_scale(2.5, 2.0).unwrap(), 1.0, 8.0),
            4.106_473_244_698_609,
            3.333_561_305_566_615_6,
        ),
        (
            truncated(Law::beta(10.0, 20.0, 2.0, 4.0).unwrap(), 11.0, 16.0),
            13.226_899_178_192_022,
            1.742_091_198_121_765_5,
        ),
        (
            Law::truncated_normal(3.0, 2.0, 0.0, 4.0).unwrap(),
            2.287_454_231_645_880_6,
            1.120_992_600_604_900_5,
        ),
        (
            Law::truncated_normal(3.0, 2.0, 0.0, f64::INFINITY).unwrap(),
            3.277_579_500_917_701_3,
            3.090_211_117_917_175,
        ),
        // Of a truncation, cut again: the same as cutting once.
        (
            truncated(truncated(Law::exponential(2.0).unwrap(), 0.5, 5.0), 1.0, 9.0),
            2.373_929_429_001_337_5,
            1.103_753_356_134_758_1,
        ),
    ];
    for (law, mean, variance) in cases {
        close(&format!("mean of {law:?}"), law.mean(), mean, 1e-11);
        close(&format!("variance of {law:?}"), law.variance(), variance, 1e-10);
    }
}

#[test]
fn moments_of_laws_with_single_values() {
    let discrete = || Law::discrete([(1.0, 2.0), (4.0, 3.0), (9.0, 5.0)]).unwrap();
    let pieces = Law::quantiles([(0.0, 0.0), (0.5, 2.0), (1.0, 10.0)]).unwrap();
    let mixture =
        Law::mixture([(Law::constant(2.0).unwrap(), 1.0), (Law::exponential(3.0).unwrap(), 3.0)]).unwrap();
    let cases = [
        (discrete(), 5.9, 10.69),
        (
            Law::truncated(discrete(), 2.0, 20.0).unwrap(),
            57.0 / 8.0,
            453.0 / 8.0 - (57.0 / 8.0) * (57.0 / 8.0),
        ),
        (Law::empirical([1.0, 2.0, 2.0, 7.0]).unwrap(), 3.0, 5.5),
        // Pieces: uniform on [0, 2] and on [2, 10], half each.
        (pieces.clone(), 3.5, 64.0 / 3.0 - 12.25),
        (Law::truncated(pieces, 0.0, 2.0).unwrap(), 1.0, 1.0 / 3.0),
        (mixture, 2.75, (4.0 + 3.0 * 18.0) / 4.0 - 2.75 * 2.75),
    ];
    for (law, mean, variance) in cases {
        close(&format!("mean of {law:?}"), law.mean(), mean, 1e-13);
        close(&format!("variance of {law:?}"), law.variance(), variance, 1e-12);
    }
}

#[test]
fn fits_meet_what_was_asked() {
    for cv in [0.001, 0.05, 0.3, 1.0, 2.5, 10.0] {
        let fits = [
            Law::gamma_mean_cv(36e5, cv),
            Law::log_normal_mean_cv(36e5, cv),
            Law::weibull_mean_cv(36e5, cv),
            Law::log_logistic_mean_cv(36e5, cv),
        ];
        for law in fits.map(Result::unwrap) {
            close(&format!("mean of {law:?}"), law.mean(), 36e5, 1e-12);
            close(&format!("cv of {law:?}"), law.variance().sqrt() / law.mean(), cv, 1e-6);
        }
    }
    let (first, second) = ((0.5, 10.0), (0.95, 25.0));
    let fits = [
        Law::log_normal_quantiles(first, second),
        Law::weibull_quantiles(second, first),
        Law::log_logistic_quantiles(first, second),
    ];
    for law in fits.map(Result::unwrap) {
        close(&format!("median of {law:?}"), law.quantile(0.5), 10.0, 1e-13);
        close(&format!("p95 of {law:?}"), law.quantile(0.95), 25.0, 1e-13);
    }
    let law = Law::beta_mean_sd(2.0, 12.0, 5.0, 1.5).unwrap();
    close("beta mean", law.mean(), 5.0, 1e-13);
    close("beta sd", law.variance().sqrt(), 1.5, 1e-13);
    let law = Law::pert(2.0, 3.0, 10.0).unwrap();
    close("pert mean", law.mean(), 4.0, 1e-13);
    assert!(Law::log_logistic_shape_median(1.0, 5.0).unwrap().mean().is_infinite());
    assert!(Law::log_logistic_shape_median(1.5, 5.0).unwrap().variance().is_infinite());
}
