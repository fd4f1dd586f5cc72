//! Two berths before one crane without waiting places: a ship keeps its berth while it waits for the crane.

use super::markov::stationary;

/// Largest number of ships present that the chain distinguishes.
const MOST_PRESENT: usize = 200;

/// Two berths and one crane: Poisson arrivals, exponential mooring in the berth, then exponential service at the crane. A ship that has
/// moored while the crane is busy is blocked, and holds its berth.
///
/// The number present and the number of moored ships in berths form a Markov chain, which is solved numerically.
#[derive(Clone, Debug)]
pub struct HeldBerths {
    arrival: f64,
    mooring: f64,
    /// Probabilities by number present and number moored (0 to 2).
    shares: Vec<[f64; 3]>,
}

impl HeldBerths {
    /// Solves the chain for the rates of arrival, of mooring and of the crane.
    pub fn new(arrival: f64, mooring: f64, crane: f64) -> Self {
        let place = |present: usize, moored: usize| 3 * present + moored;
        let n_states = 3 * (MOST_PRESENT + 1);
        let mut rates = vec![vec![0.0; n_states]; n_states];
        for present in 0..=MOST_PRESENT {
            let in_berths = present.min(2);
            for moored in 0..3 {
                let from = &mut rates[place(present, moored)];
                if moored > in_berths {
                    // This state does not exist; it leads to one that does.
                    from[0] = 1.0;
                    continue;
                }
                if present < MOST_PRESENT {
                    from[place(present + 1, moored)] = arrival;
                }
                if moored < in_berths {
                    from[place(present, moored + 1)] = mooring * (in_berths - moored) as f64;
                }
                if moored > 0 {
                    from[place(present - 1, moored - 1)] = crane;
                }
            }
        }
        let shares = stationary(rates).chunks(3).map(|three| [three[0], three[1], three[2]]).collect();
        Self { arrival, mooring, shares }
    }

    /// Returns the mean number present.
    pub fn present(&self) -> f64 {
        self.shares.iter().enumerate().map(|(n, moored)| n as f64 * moored.iter().sum::<f64>()).sum()
    }

    /// Returns the share of ships that find the crane busy when they have moored: one of two ships in berths has moored already.
    pub fn blocked(&self) -> f64 {
        let rate: f64 = self.shares.iter().skip(2).map(|moored| self.mooring * moored[1]).sum();
        rate / self.arrival
    }
}
