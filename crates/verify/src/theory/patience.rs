//! Shipments that give up waiting: M/M/c+M, Erlang's model A.
//!
//! C. Palm, "Research on telephone traffic carried by full availability groups", Tele, 1957; O. Garnett, A. Mandelbaum and M. Reiman,
//! "Designing a call center with impatient customers", Manufacturing & Service Operations Management 4, 2002.

use super::numeric::mean_count;

/// Poisson arrivals, exponential servers, exponential patience.
#[derive(Clone, Debug)]
pub struct Impatient {
    servers: usize,
    arrival: f64,
    service: f64,
    giving_up: f64,
    /// Probabilities of the number present.
    present: Vec<f64>,
}

impl Impatient {
    /// Solves the birth-and-death process: `n` present leave at the rate `min(n, c) mu + max(n - c, 0) theta`.
    pub fn new(servers: usize, arrival: f64, service: f64, giving_up: f64) -> Self {
        let mut present = vec![1.0];
        let mut total = 1.0;
        while present.len() < 100_000 {
            let n = present.len();
            let out = n.min(servers) as f64 * service + n.saturating_sub(servers) as f64 * giving_up;
            let share = present[n - 1] * arrival / out;
            if n > servers && share < 1e-18 * total {
                break;
            }
            total += share;
            present.push(share);
        }
        for share in &mut present {
            *share /= total;
        }
        Self { servers, arrival, service, giving_up, present }
    }

    /// Returns the mean number waiting.
    pub fn queue(&self) -> f64 {
        let shares = self.present.iter().enumerate();
        shares.map(|(n, share)| n.saturating_sub(self.servers) as f64 * share).sum()
    }

    /// Returns the mean number present.
    pub fn present(&self) -> f64 {
        mean_count(&self.present)
    }

    /// Returns the share that gives up, `theta E Q / lambda`.
    pub fn gives_up(&self) -> f64 {
        self.giving_up * self.queue() / self.arrival
    }

    /// Returns the load that is served, per server.
    pub fn utilisation(&self) -> f64 {
        self.arrival * (1.0 - self.gives_up()) / (self.service * self.servers as f64)
    }

    /// Returns the mean wait of served jobs.
    ///
    /// An arrival that finds `n` jobs waiting and all servers busy needs `n + 1` steps forward, the `j`-th at the rate `c mu + j theta`. It
    /// is served if their sum `V` is shorter than its patience: probability `E exp(-theta V)`. Its wait contributes `E V exp(-theta V)`.
    pub fn wait_of_served(&self) -> f64 {
        let rate = self.servers as f64 * self.service;
        let (mut served, mut waited) = (self.present[..self.servers].iter().sum::<f64>(), 0.0);
        let (mut transform, mut slope) = (1.0, 0.0);
        for (n, share) in self.present[self.servers..].iter().enumerate() {
            let step = rate + n as f64 * self.giving_up;
            transform *= step / (step + self.giving_up);
            slope += 1.0 / (step + self.giving_up);
            served += share * transform;
            waited += share * transform * slope;
        }
        waited / served
    }

    /// Returns the share of served jobs that do not wait.
    pub fn no_wait(&self) -> f64 {
        self.present[..self.servers].iter().sum::<f64>() / (1.0 - self.gives_up())
    }
}
