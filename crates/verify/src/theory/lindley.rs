//! One server and given arrivals and times of service, first come first served, to the millisecond.

/// Returns the wait of each job: `W_(n+1) = max(W_n + S_n - gap, 0)` (D. V. Lindley, "The theory of queues with a single server",
/// Proceedings of the Cambridge Philosophical Society 48, 1952). Takes (arrival, service) in the order of arrival, in any integer unit.
pub fn waits(trace: &[(i64, i64)]) -> Vec<i64> {
    let mut free_at = i64::MIN;
    let mut waits = Vec::with_capacity(trace.len());
    for &(arrival, service) in trace {
        let begin = free_at.max(arrival);
        waits.push(begin - arrival);
        free_at = begin + service;
    }
    waits
}
