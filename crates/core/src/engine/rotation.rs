//! Vehicles of which there is a limited number, in one replication.
//!
//! Does not own when they are taken and come back (`service::fleet`).

use std::collections::VecDeque;

use crate::engine::entity::{NEVER, Slot};
use crate::engine::state::RunningTotal;

/// A departure that waits for a vehicle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delayed {
    pub number: u64,
    pub scheduled_at: i64,
    /// Since when a closure holds it, beside the want of a vehicle or alone; [`NEVER`] if none does.
    pub held_at: i64,
}

/// The vehicles of a service.
#[derive(Debug)]
pub(crate) struct Rotation {
    /// Vehicles that can leave.
    pub free: u32,
    /// Since when a service that leaves when full would have left; [`NEVER`] while there is no need or a vehicle.
    pub wanted_at: i64,
    /// Vehicles that turn round.
    pub turning: u32,
    /// Departures without a vehicle, in the order of their schedule.
    pub waiting: VecDeque<Delayed>,
}

impl Rotation {
    pub(crate) fn new(vehicles: u32) -> Self {
        Self { free: vehicles, wanted_at: NEVER, turning: 0, waiting: VecDeque::new() }
    }
}

impl Rotation {
    /// Whether departures wait for a vehicle, or a vehicle turns round.
    pub(crate) fn has_more_to_do(&self) -> bool {
        self.turning > 0 || !self.waiting.is_empty()
    }
}

/// The vehicles of a connection.
#[derive(Debug)]
pub(crate) struct Trucks {
    pub free: u32,
    pub queue: VecDeque<Slot>,
    /// Time closed by disruption.
    pub closed: RunningTotal,
}

impl Trucks {
    pub(crate) fn new(vehicles: u32) -> Self {
        Self { free: vehicles, queue: VecDeque::new(), closed: RunningTotal::default() }
    }
}
