//! The tests of whole runs, in one binary so that the crate is linked once: from the text of a scenario to its results.
//!
//! Each folder holds a subject. Tests know nothing of each other: they run in parallel and in any order, and every scenario states its
//! seed. Does not own the coverage of intervals, which takes minutes and has a binary of its own (`tests/coverage`).
//!
//! | folder | what is held |
//! |---|---|
//! | `laws` | what must hold of every run, over random worlds and over the quicker paths of the engine |
//! | `queues` | who waits at a resource, for how long, and who goes first |
//! | `services` | departures, what boards them, fleets, consolidation |
//! | `routes` | the choice among itineraries: by search, by money, by queues, by customs |
//! | `closures` | disruptions and the recovery from them |
//! | `time` | time zones, nights on which clocks change, calendars |
//! | `figures` | estimates, percentiles, costs and remarks; simulation against theory |
//! | `questions` | attribution, comparison, input ranges |
//! | `shared` | what tests share: worlds, observers, closed forms |

mod closures;
mod figures;
mod laws;
mod questions;
mod queues;
mod routes;
mod services;
mod shared;
mod time;
