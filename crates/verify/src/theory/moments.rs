//! The first three moments of laws of duration.

/// `E S`, `E S^2`, `E S^3`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Mean.
    pub mean: f64,
    /// Mean of the square.
    pub second: f64,
    /// Mean of the cube.
    pub third: f64,
}

impl Moments {
    /// Returns the moments of a constant.
    pub fn constant(value: f64) -> Self {
        Self { mean: value, second: value * value, third: value * value * value }
    }

    /// Returns the moments of an exponential law: `E S^n = n! m^n`.
    pub fn exponential(mean: f64) -> Self {
        Self::erlang(1, mean)
    }

    /// Returns the moments of an Erlang law, the sum of `shape` exponential parts: `E S^n = m^n k (k + 1) ... (k + n - 1) / k^n`.
    pub fn erlang(shape: u32, mean: f64) -> Self {
        let k = f64::from(shape);
        let second = mean * mean * (k + 1.0) / k;
        Self { mean, second, third: second * mean * (k + 2.0) / k }
    }

    /// Returns the moments of a uniform law: `E S^n = (b^(n+1) - a^(n+1)) / ((n + 1) (b - a))`, written without the division.
    pub fn uniform(a: f64, b: f64) -> Self {
        Self {
            mean: f64::midpoint(a, b),
            second: (a * a + a * b + b * b) / 3.0,
            third: (a + b) * (a * a + b * b) / 4.0,
        }
    }

    /// Returns the moments of a lognormal law: `E S^n = m^n (1 + cv^2)^(n (n - 1) / 2)`.
    pub fn log_normal(mean: f64, cv: f64) -> Self {
        let spread = 1.0 + cv * cv;
        Self { mean, second: mean * mean * spread, third: mean * mean * mean * spread * spread * spread }
    }

    /// Returns the moments of a mixture of laws, by shares that sum to one.
    pub fn mixture(parts: &[(f64, Self)]) -> Self {
        let sum = |moment: fn(&Self) -> f64| parts.iter().map(|(share, part)| share * moment(part)).sum();
        Self { mean: sum(|part| part.mean), second: sum(|part| part.second), third: sum(|part| part.third) }
    }

    /// Returns the variance.
    pub fn variance(&self) -> f64 {
        self.second - self.mean * self.mean
    }
}
