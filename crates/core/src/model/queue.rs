//! Queues that a choice sees: watched stops of services, bookings there, and what a flow makes of them.

use sanda_units::Cost;
use sanda_units::Duration;

use crate::model::choice::Policy;
use crate::model::cost::ExpectedMoney;
use crate::model::ids::ServiceId;
use crate::model::program::OpIndex;

/// A stop of a service whose queue some flow sees when it chooses its way.
///
/// Every shipment that is sure to ride the service from this stop is booked here from its release until it boards.
#[derive(Debug, Clone)]
pub struct WatchParams {
    /// The service.
    pub service: ServiceId,
    /// The stop of boarding, by its place in the service.
    pub stop: u16,
    /// Mean capacity of a departure at the first stop, in the service's unit; `i64::MAX` without limit. The season comes on
    /// top of it.
    pub capacity: i64,
    /// Mean of what the background takes of it.
    pub background: i64,
    /// What is known of departures to come.
    pub outlook: Outlook,
}

/// What is known at a release of the departures to come.
#[derive(Debug, Clone, Copy)]
pub enum Outlook {
    /// The timetable. Which departures will be cancelled, or be late, is not known.
    Timetable,
    /// Headways: from any instant to the next departure, and from one departure to the next, on average.
    Headways {
        /// To the next one.
        first: Duration,
        /// To each further one.
        each: Duration,
    },
    /// The service leaves when full: so much cargo comes, in its unit, per millisecond.
    Fills {
        /// By the laws of the input.
        demand: f64,
    },
}

/// A ride that shipments on an itinerary are booked for at their release.
#[derive(Debug, Clone)]
pub struct Booking {
    /// Where the ride stands among the operations.
    pub at: OpIndex,
    /// The watched stops, by their places in the model: one, or one for each service of which it takes whichever leaves first. Then
    /// it is booked where it is expected to.
    pub watches: Vec<u32>,
    /// From the release until it is ready there, as expected by the laws.
    pub ready_after: Duration,
}

/// How a flow that sees the queue chooses: its policy, and what it expects of each of its ways, in their order.
#[derive(Debug, Clone)]
pub struct Sight {
    /// How it weighs what it sees; `None` if it goes by its shares as long as there is room on the first departure, and by the other
    /// ways with room, in the proportion of their shares, where there is none.
    pub policy: Option<Policy>,
    /// Its ways.
    pub ways: Vec<SeenWay>,
}

/// What is expected of a way but for the wait that is seen.
#[derive(Debug, Clone)]
pub struct SeenWay {
    /// The first ride on it, whose wait is seen; `None` if it uses no service.
    pub first: Option<Booking>,
    /// The time of all but that wait.
    pub time: Duration,
    /// The variance of that time, in square hours.
    pub variance: f64,
    /// What a shipment pays, by how long it is under way.
    pub money: ExpectedMoney,
}

impl SeenWay {
    /// What the way is expected to take with such a wait, in milliseconds; `i64::MAX` for a wait without end.
    pub fn with_wait(&self, wait: i64) -> Cost {
        let time = self.time.saturating_add(Duration::from_ms(wait));
        Cost { time, variance: self.variance, money: self.money.after(time.as_ms() as f64) }
    }
}
