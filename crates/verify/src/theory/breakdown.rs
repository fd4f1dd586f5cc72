//! One server that fails and is repaired.
//!
//! B. Avi-Itzhak and P. Naor, "Some queuing problems with the service station subject to breakdown", Operations Research 11, 1963.

use super::moments::Moments;
use super::single::General;

/// Returns the law of the time from the beginning of a job to its end, for failures while serving only (the clock of operation) and resumed
/// work.
///
/// Failures in a job of length `S` are Poisson with mean `rate S`; each adds a repair `R`:
/// `E C = E S (1 + f E R)`, `E C^2 = E S^2 (1 + f E R)^2 + f E S E R^2`. The third moment,
/// `(1 + f E R)^3 E S^3 + 3 f E R^2 (1 + f E R) E S^2 + f E R^3 E S`, by the cumulants of a compound Poisson sum.
pub fn completion(service: Moments, failure: f64, repair: Moments) -> Moments {
    let stretch = 1.0 + failure * repair.mean;
    Moments {
        mean: service.mean * stretch,
        second: service.second * stretch * stretch + failure * service.mean * repair.second,
        third: service.third * stretch * stretch * stretch
            + 3.0 * failure * repair.second * stretch * service.second
            + failure * repair.third * service.mean,
    }
}

/// Returns mean and mean square of the time from the beginning of a job to its end, for failures while serving only, and constant work that
/// begins anew after each.
///
/// The number of failures is geometric, `P(N = n) = q^n (1 - q)` with `q = 1 - exp(-f D)`. Each costs a lost piece, exponential
/// below `D`, and a repair; then comes `D` whole. The third moment is not given.
pub fn completion_anew(length: f64, failure: f64, repair: Moments) -> (f64, f64) {
    let through = libm::exp(-failure * length);
    let fails = 1.0 - through;
    // Moments of the lost work: exponential, conditional on being below the length.
    let lost = 1.0 / failure - length * through / fails;
    let lost_square =
        2.0 / (failure * failure) - (length * length + 2.0 * length / failure) * through / fails;
    let cost = lost + repair.mean;
    let cost_square = lost_square + 2.0 * lost * repair.mean + repair.second;
    let n = fails / through;
    let n_pairs = 2.0 * fails * fails / (through * through);
    let sum_square = n * cost_square + n_pairs * cost * cost;
    (length + n * cost, length * length + 2.0 * length * n * cost + sum_square)
}

/// Returns a queue whose server fails while serving only and resumes its work: M/G/1 with the time to completion as service. The wait ends
/// at the first start.
pub fn operating(arrival: f64, service: Moments, failure: f64, repair: Moments) -> General {
    General::single(arrival, completion(service, failure, repair))
}

/// Returns the mean number present, for failures by the calendar, busy or idle: M/M/1 with exponential times up and down, `lambda ((r +
/// f)^2 + mu f) / ((r + f) (mu r - lambda (r + f)))` with rates of failure `f` and repair `r` (H. White and L. S. Christie, "Queuing with
/// preemptive priorities or with breakdown", Operations Research 6, 1958).
pub fn calendar_present(arrival: f64, service: f64, failure: f64, repair: f64) -> f64 {
    let both = repair + failure;
    arrival * (both * both + service * failure) / (both * (service * repair - arrival * both))
}
