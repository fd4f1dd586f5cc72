//! The choice among itineraries: by search, by expected money, by the queue seen, by customs, by whichever service leaves first,
//! and at hubs under way.
//!
//! Does not own what closures do to the choice beyond a detour (`closures`).

mod common_lines;
mod customs;
mod money;
mod replanning;
mod search;
mod seen_queues;
