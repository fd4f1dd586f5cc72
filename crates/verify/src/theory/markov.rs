//! The stationary law of a finite Markov chain.

/// Solves for the stationary probabilities of a Markov chain all of whose states lead to state 0. Rows hold probabilities (discrete time)
/// or rates (continuous time, the diagonal is not read).
///
/// By state reduction, which subtracts nothing and so keeps all digits: W. K. Grassmann, M. I. Taksar and D. P. Heyman,
/// "Regenerative analysis and steady state distributions for Markov chains", Operations Research 33, 1985.
pub fn stationary(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows.len();
    for k in (1..n).rev() {
        let (above, rest) = rows.split_at_mut(k);
        let last = &rest[0][..k];
        let out: f64 = last.iter().sum();
        for row in above {
            if row[k] == 0.0 {
                continue;
            }
            row[k] /= out;
            let weight = row[k];
            for (entry, step) in row[..k].iter_mut().zip(last) {
                *entry += weight * step;
            }
        }
    }
    let mut shares: Vec<f64> = vec![1.0; n.min(1)];
    while shares.len() < n {
        let k = shares.len();
        let share = shares.iter().zip(&rows).map(|(share, row)| share * row[k]).sum();
        shares.push(share);
    }
    let total: f64 = shares.iter().sum();
    shares.iter().map(|share| share / total).collect()
}
