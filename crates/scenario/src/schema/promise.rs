//! Milestones, clocks and promises.
//!
//! Does not own how they are measured (`sanda_core`).

use sanda_units::{Duration, Share};

use crate::{
    decode::{Name, Positive, choice, record},
    schema::Text,
    source::Located,
};

choice! {
    /// An event in the life of a shipment.
    pub enum Milestone ("milestone") {
        /// The cargo is ready.
        Released,
        /// It is picked up.
        PickedUp,
        /// It enters the terminal of origin.
        GateIn,
        /// It departs on the first main leg.
        Departed,
        /// It arrives from the last main leg.
        Arrived,
        /// It leaves the terminal of destination.
        GateOut,
        /// It is delivered.
        Delivered,
        /// It departs on this service.
        DepartedBy(service: Located<Name>),
        /// It arrives by this service.
        ArrivedBy(service: Located<Name>),
        /// It passes a `Mark` step of this name.
        Mark(name: Located<Name>),
    }
}

record! {
    /// A pair of milestones between which time is measured. "door-to-door" (released to delivered) is built
    /// in.
    pub struct Clock ("clock") {
        /// The milestone at which the clock starts.
        from: Milestone,
        /// The milestone at which the clock stops.
        to: Milestone,
    }
}

record! {
    /// A promise about the time within which shipments arrive. Exactly one of `within` and `by_end_of_day`
    /// is given.
    pub struct Promise ("promise") {
        /// Name for reports.
        name: Option<Text>,
        /// The flows that have this promise.
        flows: Located<Vec<Located<Name>>>,
        /// The clock that measures the time.
        clock: Located<Name> = "door-to-door",
        /// The longest time that keeps the promise. Raising it makes the promise easier to keep.
        within: Option<Located<Positive<Duration>>>,
        /// Instead of `within`: the clock must stop by the end of this calendar day. Days are counted from
        /// the day on which the clock starts; 0 is the same day. Both days are local days of the place of
        /// delivery. A shipment released on Monday at 20:00 in Wuhan is released on Monday at 13:00 for a
        /// consignee in Berlin.
        by_end_of_day: Option<Located<u64>>,
        /// The share of shipments that must arrive in time for the promise to count as kept.
        target: Located<Share> = "90%",
    }
}
