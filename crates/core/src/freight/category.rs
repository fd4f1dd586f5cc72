//! What a shipment's time is spent on, and the milestones of its life.
//!
//! Every millisecond between release and delivery belongs to exactly one [`Category`]; the run checks the sum for every
//! shipment. How waiting time is divided when several causes apply at once is decided where the wait ends
//! (`resource.rs`, `boarding.rs`), by the precedence of the model: disruption, opening hours, rolled over, timetable,
//! other cargo, server.

/// What one millisecond of a shipment's life was spent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Category {
    /// Under way on a running vehicle or on the road.
    Moving,
    /// Being worked on: handling, papers, customs, gauge change.
    Worked,
    /// Waiting for a free server of an open resource.
    Server,
    /// Waiting for a resource or gate to open.
    Hours,
    /// Waiting for the first departure it could have made by its cut-off.
    Timetable,
    /// Waiting after the first departure that was full.
    Rolled,
    /// Held by a closure, a breakdown or a cancelled departure.
    Disruption,
    /// Inside an inspection, its queue included.
    Inspection,
    /// Aboard a vehicle that neither runs nor is worked on.
    Vehicle,
    /// Waiting for other cargo: a batch, a consolidation, a parallel part.
    Cargo,
}

/// Number of categories.
pub const N_CATEGORIES: usize = 10;

/// Milliseconds per category, in the order of [`Category::ALL`].
pub type CategoryTimes = [i64; N_CATEGORIES];

impl Category {
    /// A border's slot or wagon wait counts as this: what keeps it is the server beyond, not modelled one by one.
    pub(super) const REGIME_WAIT: Self = Self::Server;

    /// Every category, in the order of their numbers.
    pub const ALL: [Self; N_CATEGORIES] = [
        Self::Moving,
        Self::Worked,
        Self::Server,
        Self::Hours,
        Self::Timetable,
        Self::Rolled,
        Self::Disruption,
        Self::Inspection,
        Self::Vehicle,
        Self::Cargo,
    ];

    /// Stable name, as in result paths.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Moving => "moving",
            Self::Worked => "worked",
            Self::Server => "server",
            Self::Hours => "hours",
            Self::Timetable => "timetable",
            Self::Rolled => "rolled",
            Self::Disruption => "disruption",
            Self::Inspection => "inspection",
            Self::Vehicle => "vehicle",
            Self::Cargo => "cargo",
        }
    }
}

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
