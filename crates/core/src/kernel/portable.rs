//! A fast exponential and a fast logarithm of shares with the same bits on every platform: only + - * and bit operations.
//!
//! `libm` is just as portable, but its `exp` takes three times as long, and its `log` waits for a division. A lognormal draw needs the
//! exponential, an exponential draw the logarithm. Does not own any other function of `libm`.
//!
//! Method of the exponential: table look-up with a short polynomial (P. T. P. Tang, "Table-driven implementation of the
//! exponential function in IEEE floating-point arithmetic", ACM TOMS 15, 1989, doi:10.1145/63522.214389).
//! With k the whole number nearest to x 64 / ln 2 and r = x - k ln 2 / 64, so |r| < 0.00542, the result is
//! 2^(k/64) (1 + r + r^2/2 + ... + r^5/120); the first term left out is below 4e-17. One rounding of the
//! table and one of the last sum remain: the error is at most 1.1 units in the last place, where the tests
//! allow two.

/// 1.5 * 2^52: adding it leaves the nearest whole number in the low bits.
const ROUND_SHIFT: f64 = 6_755_399_441_055_744.0;
const STEPS_PER_UNIT: f64 = 92.332_482_616_893_66; // 64 / ln 2
/// The upper 33 bits of ln 2 / 64: times a whole number below 2^17 it is exact.
const STEP_HIGH: f64 = f64::from_bits(0x3F86_2E42_FEF0_0000);
/// ln 2 / 64 - `STEP_HIGH`.
const STEP_LOW: f64 = f64::from_bits(0x3D74_73DE_6AF2_78ED);

/// Returns e to the power `x`, with an error of at most 2 units in the last place.
///
/// Outside [-700, 700], and for NaN, it calls `libm::exp`.
///
/// Determinism: the same bits on every platform.
#[inline]
pub fn exp(x: f64) -> f64 {
    if !(-700.0..=700.0).contains(&x) {
        return libm::exp(x);
    }
    let shifted = x * STEPS_PER_UNIT + ROUND_SHIFT;
    let steps = shifted - ROUND_SHIFT;
    let k = shifted.to_bits() as i64;
    let r = (x - steps * STEP_HIGH) - steps * STEP_LOW;
    let r2 = r * r;
    let tail = r + r2 * ((0.5 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0)));
    // The low six bits choose the entry; the rest, added to the exponent field, is the power of two. Bits of
    // `shifted` above the twelfth of `k` leave by the left of the shift; |x| <= 700 keeps the exponent in
    // range.
    let power = f64::from_bits(POWERS[(k & 63) as usize].wrapping_add(((k >> 6) as u64) << 52));
    power + power * tail
}

/// 2^(j/64) for j = 0..64, correctly rounded.
#[rustfmt::skip]
const POWERS: [u64; 64] = [
    0x3FF0_0000_0000_0000, 0x3FF0_2C9A_3E77_8061, 0x3FF0_59B0_D315_8574, 0x3FF0_8745_1875_9BC8,
    0x3FF0_B558_6CF9_890F, 0x3FF0_E3EC_32D3_D1A2, 0x3FF1_1301_D012_5B51, 0x3FF1_429A_AEA9_2DE0,
    0x3FF1_72B8_3C7D_517B, 0x3FF1_A35B_EB6F_CB75, 0x3FF1_D487_3168_B9AA, 0x3FF2_063B_8862_8CD6,
    0x3FF2_387A_6E75_6238, 0x3FF2_6B45_65E2_7CDD, 0x3FF2_9E9D_F51F_DEE1, 0x3FF2_D285_A6E4_030B,
    0x3FF3_06FE_0A31_B715, 0x3FF3_3C08_B264_16FF, 0x3FF3_71A7_373A_A9CB, 0x3FF3_A7DB_34E5_9FF7,
    0x3FF3_DEA6_4C12_3422, 0x3FF4_160A_21F7_2E2A, 0x3FF4_4E08_6061_892D, 0x3FF4_86A2_B5C1_3CD0,
    0x3FF4_BFDA_D536_2A27, 0x3FF4_F9B2_769D_2CA7, 0x3FF5_342B_569D_4F82, 0x3FF5_6F47_36B5_27DA,
    0x3FF5_AB07_DD48_5429, 0x3FF5_E76F_15AD_2148, 0x3FF6_247E_B03A_5585, 0x3FF6_6238_8255_2225,
    0x3FF6_A09E_667F_3BCD, 0x3FF6_DFB2_3C65_1A2F, 0x3FF7_1F75_E8EC_5F74, 0x3FF7_5FEB_5642_67C9,
    0x3FF7_A114_73EB_0187, 0x3FF7_E2F3_36CF_4E62, 0x3FF8_2589_994C_CE13, 0x3FF8_68D9_9B44_92ED,
    0x3FF8_ACE5_422A_A0DB, 0x3FF8_F1AE_9915_7736, 0x3FF9_3737_B0CD_C5E5, 0x3FF9_7D82_9FDE_4E50,
    0x3FF9_C491_82A3_F090, 0x3FFA_0C66_7B5D_E565, 0x3FFA_5503_B23E_255D, 0x3FFA_9E6B_5579_FDBF,
    0x3FFA_E89F_995A_D3AD, 0x3FFB_33A2_B84F_15FB, 0x3FFB_7F76_F2FB_5E47, 0x3FFB_CC1E_904B_C1D2,
    0x3FFC_199B_DD85_529C, 0x3FFC_67F1_2E57_D14B, 0x3FFC_B720_DCEF_9069, 0x3FFD_072D_4A07_897C,
    0x3FFD_5818_DCFB_A487, 0x3FFD_A9E6_03DB_3285, 0x3FFD_FC97_337B_9B5F, 0x3FFE_502E_E78B_3FF6,
    0x3FFE_A4AF_A2A4_90DA, 0x3FFE_FA1B_EE61_5A27, 0x3FFF_5076_5B6E_4540, 0x3FFF_A7C1_819E_90D8,
];

/// Entries of the table of logarithms: one for each value of the upper bits of the significand.
const N_LOGS: usize = 128;

/// ln 2.
const LN_2: f64 = std::f64::consts::LN_2;

/// One part [1 + j/128, 1 + (j+1)/128) of the significands: its middle, the inverse and the logarithm of that.
#[derive(Clone, Copy)]
struct LogEntry {
    middle: f64,
    inverse: f64,
    log: f64,
}

static LOGS: [LogEntry; N_LOGS] = log_table();

const fn log_table() -> [LogEntry; N_LOGS] {
    let mut table = [LogEntry { middle: 1.0, inverse: 1.0, log: 0.0 }; N_LOGS];
    let mut j = 0;
    while j < N_LOGS {
        let middle = 1.0 + (j as f64 + 0.5) / N_LOGS as f64;
        // ln c = 2 artanh s with s = (c - 1) / (c + 1) <= 1/3: s^37 / 37 is below 1e-19.
        let s = (middle - 1.0) / (middle + 1.0);
        let mut sum = 0.0;
        let mut term = 35;
        while term > 0 {
            sum = sum * s * s + 1.0 / term as f64;
            term -= 2;
        }
        table[j] = LogEntry { middle, inverse: 1.0 / middle, log: 2.0 * s * sum };
        j += 1;
    }
    table
}

/// Returns the natural logarithm of a normal number in (0, 1], with an absolute error of at most 3e-16 times the number of
/// octaves below 1 (at least one). For draws: what comes of it is rounded to whole milliseconds.
///
/// Method: the middle of the significand's 128th part from a table, and ln(1 + r) of the small rest by its series to
/// the sixth power (P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point
/// arithmetic", ACM TOMS 16, 1990, doi:10.1145/98267.98294); the first term left out is below 3e-18.
///
/// Determinism: the same bits on every platform.
#[inline]
pub fn ln_of_share(x: f64) -> f64 {
    let bits = x.to_bits();
    let octave = (bits >> 52) as i64 - 1023;
    let entry = &LOGS[(bits >> 45) as usize & (N_LOGS - 1)];
    let significand = f64::from_bits(bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000);
    // Exact: the significand and the middle differ by less than a 256th.
    let r = (significand - entry.middle) * entry.inverse;
    let r2 = r * r;
    let series = r2 * ((-0.5 + r * (1.0 / 3.0)) + r2 * ((-0.25 + r * 0.2) - r2 * (1.0 / 6.0)));
    // Just below 1 the error could carry it above zero, where no logarithm of a share is.
    ((octave as f64 * LN_2 + entry.log) + (r + series)).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ln_of_share_stays_close_to_libm() {
        let grid = (1..=1_000_000_u32).map(|i| f64::from(i) / 1e6);
        let near_zero = (1..=300).map(|i| libm::exp2(-f64::from(i) * 0.17));
        let near_one = (0..=50).map(|i| 1.0 - libm::exp2(-f64::from(i)));
        for x in grid.chain(near_zero).chain(near_one).filter(|&x| x > 0.0) {
            let octaves = (-libm::log2(x)).max(1.0);
            let error = (ln_of_share(x) - libm::log(x)).abs();
            assert!(error <= 3e-16 * octaves, "at {x}: {error}");
        }
        assert!(ln_of_share(1.0).abs() < 1e-16);
    }

    /// Returns the distance, in representable numbers, between two positive finite ones.
    fn ulps(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    #[test]
    fn exp_stays_within_two_units_in_the_last_place_of_libm() {
        // 400,001 points over the fast range, at a step that is no fraction of ln 2, and as many near zero.
        let grid = (-200_000..=200_000).map(|i| f64::from(i) * 0.003_499_9);
        let fine = (-200_000..=200_000).map(|i| f64::from(i) * 0.000_010_1);
        let worst = grid.chain(fine).map(|x| ulps(exp(x), libm::exp(x))).max();
        assert!(worst <= Some(2), "worst error {worst:?} units");
    }

    #[test]
    fn exp_is_exact_where_it_can_be_and_hands_over_at_the_ends() {
        assert_eq!(exp(0.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(exp(-0.0).to_bits(), 1.0_f64.to_bits());
        for x in [701.0, -701.0, 710.0, -746.0, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(exp(x).to_bits(), libm::exp(x).to_bits(), "at {x}");
        }
        assert!(exp(f64::NAN).is_nan());
    }

    #[test]
    fn exp_gives_these_bits() {
        let bits: Vec<u64> = [1.0, -1.0, 0.1, 20.7, -333.3].iter().map(|&x| exp(x).to_bits()).collect();
        assert_eq!(
            bits,
            [
                0x4005_BF0A_8B14_5769,
                0x3FD7_8B56_362C_EF38,
                0x3FF1_AEC7_B35A_00D3,
                0x41CD_1DF0_72E9_D81A,
                0x21E1_BFFC_932F_FE0C
            ]
        );
    }

    #[test]
    fn table_holds_the_powers() {
        for (j, &bits) in (0_u32..).zip(&POWERS) {
            assert!(ulps(f64::from_bits(bits), libm::exp2(f64::from(j) / 64.0)) <= 1, "entry {j}");
        }
    }
}
