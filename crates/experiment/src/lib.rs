//! Replications, estimates and intervals.
