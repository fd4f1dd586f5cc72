//! What a shipment's time is spent on, and the milestones of its life.
//!
//! Every millisecond between release and delivery belongs to exactly one [`Category`]; the run checks the sum for every
//! shipment. How waiting time is divided when several causes apply at once is decided where the wait ends
//! (`resource.rs`, `boarding.rs`), by the precedence of the model: disruption, opening hours, rolled over, timetable,
//! other cargo, server.

pub use sanda_units::{Category, N_CATEGORIES};

/// Milliseconds per category, in the order of [`Category::ALL`].
pub type CategoryTimes = [i64; N_CATEGORIES];

/// What a border's slot or wagon wait counts as: what keeps a shipment is the server beyond, not modelled one by one.
pub(crate) const REGIME_WAIT: Category = Category::Server;

/// Fixed milestones of a shipment. Further ones are marked by name in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Milestone {
    /// The cargo is ready.
    Released,
    /// Collected by the first haulage; at release where there is none.
    PickedUp,
    /// Enters the origin terminal.
    GateIn,
    /// Departs on the first main leg.
    Departed,
    /// Its vehicle arrives from the last main leg.
    Arrived,
    /// Leaves the destination terminal.
    GateOut,
    /// Delivered.
    Delivered,
    /// A milestone marked by the scenario, by its number in the model.
    Custom(u16),
}
