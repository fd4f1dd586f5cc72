//! Parallel steps and repeated steps. Elementary.

/// Returns the mean of the longest of `n` independent exponential times: `m (1 + 1/2 + ... + 1/n)`.
pub fn longest(n: u32, mean: f64) -> f64 {
    (1..=n).map(|k| mean / f64::from(k)).sum()
}

/// Returns the standard deviation of the longest: `m sqrt(1 + 1/4 + ... + 1/n^2)`.
pub fn longest_sd(n: u32, mean: f64) -> f64 {
    (1..=n).map(|k| mean * mean / f64::from(k * k)).sum::<f64>().sqrt()
}

/// Returns the quantile of the longest: `P(M <= t) = (1 - exp(-t / m))^n`.
pub fn longest_quantile(n: u32, mean: f64, share: f64) -> f64 {
    -mean * libm::log1p(-libm::pow(share, 1.0 / f64::from(n)))
}

/// Returns the mean number of laps that are repeated with probability `again`, up to `at_most`.
pub fn laps(again: f64, at_most: Option<u32>) -> f64 {
    match at_most {
        None => 1.0 / (1.0 - again),
        Some(most) => (1.0 - libm::pow(again, f64::from(most))) / (1.0 - again),
    }
}

/// Returns the quantile of the time of exponential laps repeated with probability `again`: exponential with mean `m / (1 - p)`.
pub fn repeated_quantile(again: f64, mean: f64, share: f64) -> f64 {
    -libm::log1p(-share) * mean / (1.0 - again)
}
