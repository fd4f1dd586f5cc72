//! Small numerical tools: integrals, roots, probabilities of counts. Portable arithmetic throughout.

/// Nodes of the five-point rule of Gauss and Legendre on [-1, 1] (Abramowitz and Stegun, table 25.4).
const NODES: [f64; 5] =
    [-0.906_179_845_938_664, -0.538_469_310_105_683_1, 0.0, 0.538_469_310_105_683_1, 0.906_179_845_938_664];
/// Their weights.
const WEIGHTS: [f64; 5] = [
    0.236_926_885_056_189_1,
    0.478_628_670_499_366_5,
    0.568_888_888_888_888_9,
    0.478_628_670_499_366_5,
    0.236_926_885_056_189_1,
];
/// Probabilities below this are left out of tails.
pub const NEGLIGIBLE: f64 = 1e-16;

/// Returns the integral of `f` over [`from`, `to`] by the five-point rule on `n` equal pieces: exact for polynomials to degree nine
/// on each. Kinks belong on the ends of pieces.
pub fn integral(from: f64, to: f64, n: usize, mut f: impl FnMut(f64) -> f64) -> f64 {
    let half = (to - from) / (2.0 * n as f64);
    let mut sum = 0.0;
    for piece in 0..n {
        let middle = from + (2.0 * piece as f64 + 1.0) * half;
        sum += NODES.iter().zip(WEIGHTS).map(|(node, weight)| weight * f(middle + half * node)).sum::<f64>();
    }
    sum * half
}

/// Returns the root of a rising function between `low` and `high`, by bisection to the last bit or so.
pub fn root_of_rising(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if f(middle) < 0.0 { low = middle } else { high = middle }
    }
    high
}

/// Returns the smallest value that at least `share` of a law does not exceed, by its distribution function on [0, infinity).
pub fn quantile(share: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    if cdf(0.0) >= share {
        return 0.0;
    }
    let mut high = 1.0;
    while cdf(high) < share && high < 1e12 {
        high *= 2.0;
    }
    root_of_rising(0.0, high, |value| cdf(value) - share)
}

/// Returns the probabilities of 0, 1, ... of a Poisson law, up to a negligible tail.
pub fn poisson(mean: f64) -> Vec<f64> {
    compound_poisson(mean, &[0.0, 1.0])
}

/// Returns the probabilities of the number of shipments in a Poisson number of batches with this mean, up to a negligible tail. `batch[n]`
/// is the probability of a batch of n, and `batch[0]` is 0.
///
/// `g_0 = exp(-m)`, `g_n = (m / n) sum_j j f_j g_(n-j)` (H. H. Panjer, "Recursive evaluation of a family of compound
/// distributions", ASTIN Bulletin 12, 1981).
pub fn compound_poisson(mean: f64, batch: &[f64]) -> Vec<f64> {
    let mut shares = vec![libm::exp(-mean)];
    let mean_count: f64 = mean * batch.iter().enumerate().map(|(n, share)| n as f64 * share).sum::<f64>();
    loop {
        let n = shares.len();
        let largest = batch.len().min(n + 1);
        let sum: f64 = (1..largest).map(|j| j as f64 * batch[j] * shares[n - j]).sum();
        let share = mean / n as f64 * sum;
        // A gap between the sizes of batches causes single zeros.
        let recent = &shares[n.saturating_sub(batch.len())..];
        let is_over = share < NEGLIGIBLE && recent.iter().all(|&share| share < NEGLIGIBLE);
        if (n as f64 > mean_count && is_over) || n > 100_000 {
            return shares;
        }
        shares.push(share);
    }
}

/// Returns the law of the sum of two independent counts.
pub fn convolve(left: &[f64], right: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; (left.len() + right.len()).saturating_sub(1)];
    for (n, a) in left.iter().enumerate() {
        for (m, b) in right.iter().enumerate() {
            sum[n + m] += a * b;
        }
    }
    sum
}

/// Returns the mean of a law of counts.
pub fn mean_count(shares: &[f64]) -> f64 {
    shares.iter().enumerate().map(|(n, share)| n as f64 * share).sum()
}

/// Returns the standard deviation of a law of counts.
pub fn sd_count(shares: &[f64]) -> f64 {
    let mean = mean_count(shares);
    shares
        .iter()
        .enumerate()
        .map(|(n, share)| (n as f64 - mean) * (n as f64 - mean) * share)
        .sum::<f64>()
        .sqrt()
}

/// Returns the smallest count that at least `share` of a law does not exceed.
pub fn quantile_count(shares: &[f64], share: f64) -> f64 {
    let mut sum = 0.0;
    for (n, part) in shares.iter().enumerate() {
        sum += part;
        if sum >= share {
            return n as f64;
        }
    }
    shares.len() as f64
}

/// Returns the probability that a sum of `n` exponential parts with this rate exceeds `time`: fewer than n events happen by then.
pub fn erlang_tail(n: usize, rate: f64, time: f64) -> f64 {
    let mut term = libm::exp(-rate * time);
    let mut sum = 0.0;
    for k in 0..n {
        sum += term;
        term *= rate * time / (k + 1) as f64;
    }
    sum
}

/// Returns the probability that a standard normal variable stays below `z`.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}
