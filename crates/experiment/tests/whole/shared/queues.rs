//! Closed forms of queues for the tests against theory. Rates are per hour, times in hours.
//!
//! Does not own the closed forms of `sanda verify` (`sanda_verify::theory`).

/// Poisson arrivals, one exponential server: rates of arrival and of service.
pub(crate) struct SingleServer {
    pub(crate) arrival: f64,
    pub(crate) service: f64,
}

impl SingleServer {
    pub(crate) fn load(&self) -> f64 {
        self.arrival / self.service
    }

    /// Mean time in system.
    pub(crate) fn time(&self) -> f64 {
        1.0 / (self.service - self.arrival)
    }

    /// Mean wait.
    pub(crate) fn wait(&self) -> f64 {
        self.load() * self.time()
    }

    /// The time in system is exponential.
    pub(crate) fn time_quantile(&self, share: f64) -> f64 {
        -libm::log1p(-share) * self.time()
    }

    /// Standard deviation of the number present, which is geometric.
    pub(crate) fn present_sd(&self) -> f64 {
        self.load().sqrt() / (1.0 - self.load())
    }
}

/// Probability that all of `servers` are busy at an offered load, arrivals that find them so being lost (Erlang's B formula).
pub(crate) fn erlang_b(servers: u32, offered: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, n| offered * blocked / (f64::from(n) + offered * blocked))
}

/// Probability of waiting where nobody is lost (Erlang's C formula).
pub(crate) fn erlang_c(servers: u32, offered: f64) -> f64 {
    let blocked = erlang_b(servers, offered);
    let load = offered / f64::from(servers);
    blocked / (1.0 - load * (1.0 - blocked))
}

/// Mean wait with one server, Poisson arrivals and any service time of this mean and coefficient of variation (Pollaczek and
/// Khinchine).
pub(crate) fn single_server_wait(arrival: f64, mean: f64, cv: f64) -> f64 {
    let load = arrival * mean;
    load * mean * (1.0 + cv * cv) / (2.0 * (1.0 - load))
}

/// A train with a fixed number of places at fixed intervals, boarded first come first served by Poisson arrivals: Bailey's queue
/// with bulk service (N. T. J. Bailey, "On queueing processes with bulk service", 1954).
pub(crate) struct BulkTrain {
    /// Places.
    pub(crate) places: usize,
    /// Mean number of arrivals between two trains.
    pub(crate) arrivals: f64,
    /// Time between two trains.
    pub(crate) period: f64,
    /// Stationary probabilities of the number left behind.
    left: Vec<f64>,
    /// Probabilities of the number of arrivals between two trains.
    poisson: Vec<f64>,
}

impl BulkTrain {
    /// Iterates the chain of the number left behind, max(left + arrivals - places, 0), to convergence.
    pub(crate) fn new(places: usize, arrivals: f64, period: f64) -> Self {
        const N_STATES: usize = 300;
        let mut poisson = vec![libm::exp(-arrivals)];
        while poisson.len() < 120 {
            let previous = poisson[poisson.len() - 1];
            poisson.push(previous * arrivals / poisson.len() as f64);
        }
        let mut left = vec![0.0; N_STATES];
        left[0] = 1.0;
        loop {
            let mut next = vec![0.0; N_STATES];
            for (n, share) in left.iter().enumerate() {
                for (more, probability) in poisson.iter().enumerate() {
                    let stays = (n + more).saturating_sub(places).min(N_STATES - 1);
                    next[stays] += share * probability;
                }
            }
            let change: f64 = left.iter().zip(&next).map(|(old, new)| (old - new).abs()).sum();
            left = next;
            if change < 1e-15 {
                return Self { places, arrivals, period, left, poisson };
            }
        }
    }

    /// Mean number left behind by a train.
    pub(crate) fn left_behind(&self) -> f64 {
        self.left.iter().enumerate().map(|(n, share)| n as f64 * share).sum()
    }

    /// The same from the zeros of z^s = exp(a (z - 1)) inside the unit circle: with Poisson arrivals the mean number just before a
    /// train leaves is a / (2 (s - a)) + a / 2 - (s - 1) / 2 + sum of 1 / (1 - z_k).
    pub(crate) fn left_behind_by_roots(&self) -> f64 {
        let (s, a) = (self.places as f64, self.arrivals);
        let mut sum = 0.0;
        for k in 1..self.places {
            // The k-th s-th root of both sides, z = w_k exp(a (z - 1) / s), is a contraction inside the circle.
            let angle = 2.0 * std::f64::consts::PI * k as f64 / s;
            let (mut re, mut im) = (0.0, 0.0);
            for _ in 0..2_000 {
                let length = libm::exp(a * (re - 1.0) / s);
                let turn = angle + a * im / s;
                (re, im) = (length * libm::cos(turn), length * libm::sin(turn));
            }
            // Zeros come in conjugate pairs: the imaginary parts of 1 / (1 - z) cancel.
            sum += (1.0 - re) / ((1.0 - re) * (1.0 - re) + im * im);
        }
        a / (2.0 * (s - a)) + a / 2.0 - (s - 1.0) / 2.0 + sum - a
    }

    /// Mean wait from ready to departure: half a period, and by Little's law what those left behind wait more.
    pub(crate) fn wait(&self) -> f64 {
        self.period / 2.0 + self.left_behind() * self.period / self.arrivals
    }

    /// Share that boards one of the first `trains` trains after being ready.
    pub(crate) fn boards_within(&self, trains: usize) -> f64 {
        let mut boarded = 0.0;
        for (n, share) in self.left.iter().enumerate() {
            for (more, probability) in self.poisson.iter().enumerate() {
                boarded += share * probability * more.min((trains * self.places).saturating_sub(n)) as f64;
            }
        }
        boarded / self.arrivals
    }
}
