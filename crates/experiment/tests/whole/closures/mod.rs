//! Disruptions: their effects, several at once or switched off, and the recovery from a dated one.
//!
//! Does not own failures of single servers (`queues::servers`).

mod effects;
mod recovery;
mod switches;
