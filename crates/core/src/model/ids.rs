//! The dense ids of a compiled model. Each is an index into one table of [`super::Model`].
//!
//! Ids are assigned in sorted-name order when the model is built, so that the order of declaration in a file never
//! reaches a result. They are not stable between models: names are what keys and outputs use.

pub use sanda_units::NodeId;
use sanda_units::id_type;

id_type!(
    /// A group of like servers at a node.
    pub struct ResourceId;
);
id_type!(
    /// An opening calendar.
    pub struct CalendarId;
);
id_type!(
    /// A regime process of a border crossing.
    pub struct RegimeId;
);
id_type!(
    /// A recurring service: a train, flight, barge or ship line.
    pub struct ServiceId;
);
id_type!(
    /// A flow of like shipments.
    pub struct FlowId;
);
id_type!(
    /// One candidate itinerary of one flow.
    pub struct ItineraryId;
);
id_type!(
    /// One stage of one flow: an entry of its itinerary as declared.
    pub struct StageId;
);
id_type!(
    /// A promise on one or several flows.
    pub struct PromiseId;
);
id_type!(
    /// A connection on demand.
    pub struct ConnectionId;
);
id_type!(
    /// A disruption.
    pub struct DisruptionId;
);
id_type!(
    /// A keyed random stream: one purpose of one owner.
    pub struct StreamId;
);
