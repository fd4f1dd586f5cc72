//! Notes that the builder takes while it compiles one part of a model, for use in another part.
//!
//! Does not own the notes on prices (`price::draft`), links (`route::passage`) or arrivals (`time::observed`).

use std::collections::BTreeMap;

use sanda_core::model::ActTarget;
use sanda_core::model::cost::ExpectedMoney;
use sanda_core::model::ids::DisruptionId;

use super::expect::moments::Moments;
use crate::decode::Name;
use crate::source::{Located, Span};

/// What is known of a way when a shipment is released.
#[derive(Debug, Clone, Default)]
pub(in crate::build) struct WayAhead {
    /// For each ride that is sure to be taken, the time from the release until the shipment is ready for
    /// it. The order is that of compilation.
    pub ready_after: Vec<Moments>,
    /// The time of the whole way without the wait for its first ride.
    pub rest: Moments,
    /// The expected cost; `None` if no flow sees queues.
    pub money: Option<ExpectedMoney>,
}

/// The place where a ride was compiled.
#[derive(Debug, Clone)]
pub(in crate::build) struct RidePlace {
    /// Whether chance decides if the ride is taken.
    pub by_chance: bool,
    /// Whether the ride is in a parallel branch.
    pub in_branch: bool,
    /// Where the step names the service.
    pub span: Span,
    /// The parameter path of the step.
    pub path: String,
}

/// A diversion whose itineraries are not compiled yet.
pub(in crate::build) struct Diversion {
    /// The disruption that has this effect.
    pub disruption: DisruptionId,
    /// The itinerary to divert to.
    pub wanted: Located<Name>,
    /// The targets of the disruption.
    pub targets: Vec<ActTarget>,
    /// The parameter path of the effect.
    pub path: String,
}

/// Dates met so far, by where they are written.
#[derive(Debug, Default)]
pub(in crate::build) struct Outside {
    pub dates: BTreeMap<Span, Dated>,
}

#[derive(Debug)]
pub(in crate::build) struct Dated {
    pub text: String,
    pub path: String,
    pub place: Place,
}

/// The position of a date relative to the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::build) enum Place {
    Before,
    After,
    /// At least partly within the run at one or more of the places that use the date.
    Within,
}
