//! Several exponential servers: Erlang's formulas B and C, M/M/c.
//!
//! A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges", 1917.

use super::numeric::{mean_count, sd_count};

/// Returns the share of arrivals lost where `servers` face an offered load `a` (in servers) and nobody waits: Erlang's formula B, `(a^c /
/// c!) / sum (a^n / n!)`, by the recursion `B_n = a B_(n-1) / (n + a B_(n-1))`. It holds for every law of service.
pub fn loss(servers: u32, offered: f64) -> f64 {
    (1..=servers).fold(1.0, |lost, n| offered * lost / (f64::from(n) + offered * lost))
}

/// Returns the probability of waiting where nobody is lost: Erlang's formula C, `B / (1 - rho (1 - B))`.
pub fn delay(servers: u32, offered: f64) -> f64 {
    let lost = loss(servers, offered);
    lost / (1.0 - offered / f64::from(servers) * (1.0 - lost))
}

/// M/M/c, first come first served.
#[derive(Clone, Copy, Debug)]
pub struct Servers {
    /// Servers.
    pub servers: u32,
    /// Rate of arrival.
    pub arrival: f64,
    /// Rate of service of one server.
    pub service: f64,
}

impl Servers {
    /// Returns the offered load, `a = lambda / mu`.
    pub fn offered(&self) -> f64 {
        self.arrival / self.service
    }

    /// Returns the load, `rho = a / c`.
    pub fn load(&self) -> f64 {
        self.offered() / f64::from(self.servers)
    }

    /// Returns the probability of waiting.
    pub fn waits(&self) -> f64 {
        delay(self.servers, self.offered())
    }

    /// Returns the rate `c mu - lambda` of the wait of jobs that wait, which is exponential.
    fn rate(&self) -> f64 {
        f64::from(self.servers) * self.service - self.arrival
    }

    /// Returns the mean wait, `C / (c mu - lambda)`.
    pub fn wait(&self) -> f64 {
        self.waits() / self.rate()
    }

    /// Returns the standard deviation of the wait, `sqrt(C (2 - C)) / (c mu - lambda)`.
    pub fn wait_sd(&self) -> f64 {
        let waits = self.waits();
        (waits * (2.0 - waits)).sqrt() / self.rate()
    }

    /// Returns the quantile of the wait: `P(W > t) = C exp(-(c mu - lambda) t)`.
    pub fn wait_quantile(&self, share: f64) -> f64 {
        (libm::log(self.waits() / (1.0 - share)) / self.rate()).max(0.0)
    }

    /// Returns the mean time in system.
    pub fn time(&self) -> f64 {
        self.wait() + 1.0 / self.service
    }

    /// Returns the mean number present, by Little's law.
    pub fn present(&self) -> f64 {
        self.arrival * self.time()
    }

    /// Returns the mean number waiting, by Little's law.
    pub fn queue(&self) -> f64 {
        self.arrival * self.wait()
    }

    /// Returns the standard deviation of the number present, from its law: `p_n` is proportional to `a^n / n!` up to `c`, and to `rho^n`
    /// from there.
    pub fn present_sd(&self) -> f64 {
        let mut shares = vec![1.0];
        let mut total = 1.0;
        while shares.len() < 1_000_000 {
            let n = shares.len();
            let busy = n.min(self.servers as usize) as f64;
            let share = shares[n - 1] * self.offered() / busy;
            if n > self.servers as usize && share < 1e-17 * total {
                break;
            }
            total += share;
            shares.push(share);
        }
        for share in &mut shares {
            *share /= total;
        }
        debug_assert!((mean_count(&shares) - self.present()).abs() < 1e-6 * self.present());
        sd_count(&shares)
    }
}
