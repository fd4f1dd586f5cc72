//! Flows: which shipments are released, when, how large, and by which way they go.
//!
//! Does not own what is done to them (`step`) or promised (`promise`).

use std::collections::BTreeMap;

use sanda_units::{Duration, Mass, MassPerTeu, Money, Share, Teu};

use crate::{
    decode::{Keyed, Name, Positive, choice, record},
    schema::{DateSpan, Decimal, Fees, Law, Load, Mode, OneOrMany, Step, Text},
    source::Located,
};

record! {
    /// A stream of shipments that are released again and again. Their way is given by `steps`, by
    /// `itineraries`, or by a search from `from` to `to`: exactly one of the three. A searched way is named
    /// after its services (`barge--ocean-ship`). Its stages are named by their role, so that the ways of a
    /// flow can be compared: `collection`, `delivery`, `train`, `flight`, `ocean`, `river`, `truck`, and
    /// those of the procedures at its turns.
    pub struct Flow ("flow") {
        /// Name for reports.
        name: Option<Text>,
        /// The node where its shipments begin.
        from: Option<Located<Name>>,
        /// The node where its shipments end.
        to: Option<Located<Name>>,
        /// Everything that is done to each shipment, in this order.
        steps: Option<Vec<Step>>,
        /// Several ways, by name.
        itineraries: BTreeMap<Name, Keyed<Itinerary>>,
        /// Steps done where its shipments begin, before any way: booking, packing, a collection round.
        before: Vec<Step> = [],
        /// Steps done where its shipments end, after any way: the opening hours of the consignee,
        /// unpacking.
        after: Vec<Step> = [],
        /// How each shipment chooses between several ways. By default the shares of the itineraries decide
        /// if they have any, else the fastest way is taken.
        choice: Option<Located<RouteChoice>>,
        /// What is known, at the choice, of the wait for the first service on each way. With shares and
        /// `Queue`, a shipment keeps the way it draws if the first departure there has room behind the
        /// bookings. Otherwise it takes another way with room, by chance in proportion to the shares, if
        /// there is one.
        sees: Located<Sight> = Laws,
        /// Number of ways that are searched, from the best on. They are the options of the choice. The
        /// default is 4 if a choice by chance, a queue, a closure or `replan` could lead to a way other than
        /// the best, else 1.
        ways: Option<Located<Positive<u64>>>,
        /// The means of transport that a searched way may use. All by default.
        modes: Option<Vec<Mode>>,
        /// Largest number of changes on a searched way from one service or connection to the next. 4 by
        /// default.
        transfers: Option<Located<u64>>,
        /// Nodes that a searched way must pass, and services and connections that it must use, in this
        /// order. For several services, `via: [["a", "b"]]`, it takes whichever leaves first, as by
        /// `Ride(service: ["a", "b"])`.
        via: Option<Vec<OneOrMany<Located<Name>>>>,
        /// What a shipment does that is released while something on its way is closed, or its service
        /// cancelled.
        when_closed: WhenClosed = Wait,
        /// What a shipment does at a hub on its way: keep its way, or take another way of its flow from
        /// there. A hub is a node where both ways board a service in a step of their own, not in one inside
        /// `Choose`, `Parallel`, `Repeat`, `Hold` or a procedure. A shipment decides when it is about to
        /// wait for a service at a hub. While it waits there for a single service, it decides again
        /// whenever a disruption begins or ends, if its way is closed. Aboard, it decides at the next hub.
        /// It takes another way once at most. At the hub it does what the other way does there after its
        /// arrival, except for steps that it has done there already. What lies behind it does not count as
        /// closed. Ways are compared by the expected time from the hub, with the mean wait for departures
        /// and without queues. A way from one to another is an itinerary of results, named
        /// `one--at-hub--other`.
        replan: Located<Replan> = Never,
        /// When shipments are released.
        arrivals: Located<Arrivals>,
        /// Size of each shipment. Raising it fills vehicles sooner. For cargo that is not a container, such
        /// as pallets by air, use "0 TEU". A flow that goes by air and states no size causes a warning.
        size: Law<Teu> = "1 TEU",
        /// Mass of each shipment. Without it, nothing that measures mass can be used.
        mass: Option<Law<Mass>>,
        /// Mass by size, instead of `mass`: the mass of one TEU of a shipment.
        mass_per_teu: Option<Located<MassPerTeu>>,
        /// Units (pallets, unit load devices) of each shipment, at least 1. They share its TEU and mass
        /// evenly. Capacities, batches, volumes and work may count units, and services with `split` may
        /// separate them.
        units: Law<u64> = 1,
        /// Priority from 1, the most urgent, to 9.
        priority: Located<Positive<u64>> = 5,
        /// The customs attributes of its shipments.
        customs: CustomsAttributes = (),
        /// Shares of the flow with other customs attributes, by chance. A shipment has the same attributes
        /// at every `Customs` step. The rest has those of `customs`.
        customs_shares: Vec<CustomsShare> = [],
        /// Value of its cargo. The capital bound in it under way costs `money.capital` a year.
        value: Fees,
        /// Whether the flow only occupies resources and vehicles. It then counts in no promise.
        background: bool = false,
    }
}

impl Flow {
    /// Every list of steps that the flow states, with those of its itineraries. Searched ways are not
    /// included.
    pub fn stated_steps(&self) -> impl Iterator<Item = &[Step]> {
        let ways = self.itineraries.values().filter_map(|way| way.value.steps.as_deref());
        [self.before.as_slice(), self.steps.as_deref().unwrap_or_default()]
            .into_iter()
            .chain(ways)
            .chain([self.after.as_slice()])
    }

    /// Whether shipments have a mass.
    pub fn has_mass(&self) -> bool {
        let is_observed = matches!(self.arrivals.value, Arrivals::Trace { mass: Some(_), .. });
        self.mass.is_some() || self.mass_per_teu.is_some() || is_observed
    }

    /// The mean mass of a shipment in kilograms. `None` without a mass or with an invalid law.
    pub fn mean_mass(&self) -> Option<f64> {
        match (&self.mass, &self.mass_per_teu) {
            (Some(mass), _) => Some(mass.compile().ok()?.mean()),
            (None, Some(per_teu)) => {
                Some(self.size.compile().ok()?.mean() / 1000.0 * per_teu.value.as_kg() as f64)
            }
            (None, None) => None,
        }
    }

    /// The smallest mass of a shipment in kilograms, as [`Self::mean_mass`].
    pub fn lowest_mass(&self) -> Option<f64> {
        match (&self.mass, &self.mass_per_teu) {
            (Some(mass), _) => Some(mass.compile().ok()?.support().0),
            (None, Some(per_teu)) => {
                Some(self.size.compile().ok()?.support().0 / 1000.0 * per_teu.value.as_kg() as f64)
            }
            (None, None) => None,
        }
    }
}

record! {
    /// One way of a flow: all its steps, or the nodes that a searched way passes.
    pub struct Itinerary ("itinerary") {
        /// Everything that is done, in this order.
        steps: Option<Vec<Step>>,
        /// Where a searched way begins. By default where the flow begins.
        from: Option<Located<Name>>,
        /// Where a searched way ends. By default where the flow ends.
        to: Option<Located<Name>>,
        /// Nodes that a searched way must pass, and services and connections that it must use, in this
        /// order. The best of these ways is taken. For several services, `via: [["a", "b"]]`, the shipment
        /// takes whichever leaves first.
        via: Option<Vec<OneOrMany<Located<Name>>>>,
        /// Share of the flow that goes this way. The shares of a flow sum to 1.
        share: Option<Located<Share>>,
    }
}

choice! {
    /// How a shipment chooses between several ways. It chooses once, when it is released. The choice uses
    /// the laws of the input and, if the flow `sees` the queue, the bookings.
    #[derive(Copy)]
    pub enum RouteChoice ("choice of way") {
        /// By chance, with the shares of the itineraries.
        Shares,
        /// The least expected time.
        Fastest,
        /// The least expected cost: freight less subsidy, handling, customs, and, if the flow has a
        /// `value`, the capital bound in the cargo for the expected time. It is the cost of a shipment of
        /// mean size. A step without a price is free.
        Cheapest,
        /// The least generalised cost: the cost of `Cheapest`, and the expected time at a price. The
        /// capital bound in the cargo is part of the cost.
        Generalised {
            /// The price of an hour.
            value_of_time: Located<Positive<Money>>,
        },
        /// By chance; better ways are more likely (multinomial logit). The share of a way is proportional
        /// to `exp(-(time * hours + spread * hours of standard deviation + cost * yuan))`. The yuan are
        /// those of `Cheapest`.
        Logit {
            /// Weight of one hour of expected time. Raising it shifts shipments to the faster ways.
            time: Located<f64> = 1.0,
            /// Weight of one hour of standard deviation. Raising it shifts shipments to the more reliable
            /// ways.
            spread: Located<f64> = 0.0,
            /// Weight of one yuan of expected cost. Raising it shifts shipments to the cheaper ways.
            cost: Located<f64> = 0.0,
        },
    }
}

impl RouteChoice {
    /// Whether cost matters to the choice.
    pub fn weighs_money(&self) -> bool {
        match self {
            Self::Shares | Self::Fastest => false,
            Self::Cheapest | Self::Generalised { .. } => true,
            Self::Logit { cost, .. } => cost.value > 0.0,
        }
    }
}

choice! {
    /// What is known, when a shipment is released, of the wait for the first service on each way.
    #[derive(Eq, Copy)]
    pub enum Sight ("knowledge of queues") {
        /// The mean wait for a departure from a random instant.
        Laws,
        /// The bookings: all cargo that has chosen the service at that stop and has not boarded, on its way
        /// there or waiting. A booking counts at the first departure that it is expected to make; what does
        /// not fit moves to the next departure. A shipment expects to leave with the first departure after
        /// it is ready, cut-off included, that has room behind the bookings. Departures have their mean
        /// capacity of the season, less their mean background. Cancelled and late departures, closures, the
        /// order of boarding, and the load from earlier stops are not foreseen. With `Headway`, bookings
        /// fill one departure after the other, each a mean interval after the last. With `WhenFull`, the
        /// wait lasts until the vehicle fills at the mean rate of the cargo, or its oldest cargo has waited
        /// the longest time. The rest of a way is expected by the laws.
        ///
        /// A ride that is taken by chance, inside `Choose`, `Inspect`, `Customs` or `Repeat`, is not
        /// booked. A ride on whichever of several services leaves first is booked with the service that
        /// should have room first, and waits for the one that does.
        Queue,
    }
}

choice! {
    /// What a shipment does that is released while its way is closed.
    #[derive(Eq, Copy)]
    pub enum WhenClosed ("rule for a closed way") {
        /// It goes its way and waits where it is closed.
        Wait,
        /// It takes another open way of its flow, by chance in proportion to the shares. If the ways have
        /// no shares, it takes the best open way by `choice`. If no way is open, it goes its own way and
        /// waits.
        Reroute,
    }
}

choice! {
    /// When a shipment takes another way of its flow from a hub. If several other ways are open, it takes the
    /// one with the least expected time.
    #[derive(Eq, Copy)]
    pub enum Replan ("rule for re-planning") {
        /// Never: it goes the way that it chose when it was released.
        Never,
        /// When something on the rest of its way is closed or its service cancelled, and another way from
        /// the hub is open.
        WhenClosed,
        /// When another way from the hub is open, and its own is closed or expected to take longer.
        AtHubs,
        /// When it is late, and another way from the hub is open, and its own is closed or expected to take
        /// longer.
        WhenLate {
            /// A shipment is late if its expected time from release to delivery has grown by more than this
            /// since its release.
            by: Duration,
        },
    }
}

choice! {
    /// When shipments are released.
    pub enum Arrivals ("rule of arrivals") {
        /// At random, independently of each other.
        Poisson {
            /// Mean number of arrivals in the time `per`. Raising it raises the load.
            mean: Located<Positive<f64>>,
            /// The time to which `mean` refers.
            per: Located<Positive<Duration>>,
            /// Number of shipments in one arrival.
            batch: Law<u64> = 1,
            /// How the rate varies by season, weekday and hour. Constant by default.
            profile: Option<Profile>,
        },
        /// At equal intervals.
        Regular {
            /// The interval. Raising it lowers the load.
            every: Located<Positive<Duration>>,
            /// The first arrival, counted from the start. One interval by default.
            offset: Option<Duration>,
            /// Number of shipments in one arrival.
            batch: Law<u64> = 1,
            /// How the rate varies by season, weekday and hour, which stretches and shrinks intervals.
            /// Constant by default.
            profile: Option<Profile>,
        },
        /// At intervals that are drawn independently. The first arrival is one interval after the start.
        Renewal {
            /// The interval. Raising it lowers the load.
            gap: Law<Duration>,
            /// Number of shipments in one arrival.
            batch: Law<u64> = 1,
            /// How the rate varies by season, weekday and hour, which stretches and shrinks intervals.
            /// Constant by default.
            profile: Option<Profile>,
        },
        /// At these times after the start.
        At(times: Vec<Duration>),
        /// One shipment for each row of a CSV file. A column has the times. A time is a date with a time of
        /// day at the place where the flow begins ("2025-03-01 10:20"), with an offset or zone if wanted.
        /// It may also be a duration after the start ("36h"). The header line decides whether cells are
        /// separated by commas, semicolons or tabs. Rows before the start and after the last arrivals of
        /// the run are left out and counted. At least one row must remain.
        Trace {
            /// The file, relative to this one.
            file: Located<String>,
            /// The column of times. The first column by default.
            column: Option<Located<String>>,
            /// The unit of times that are plain numbers, which are then durations after the start. Without
            /// it a plain number is an error, since it may be a date that a spreadsheet wrote as a number.
            unit: Option<Located<String>>,
            /// The column of sizes, in TEU unless it states another unit. By default the `size` of the
            /// flow.
            size: Option<Column>,
            /// The column of masses. It states its unit unless each cell does. By default the `mass` of the
            /// flow.
            mass: Option<Column>,
            /// The column of units. By default the `units` of the flow.
            units: Option<Located<String>>,
            /// Whether the numbers of the file have a decimal point or a decimal comma.
            decimal: Decimal = Point,
        },
        /// At random, with a rate that gives a yearly volume at the mean size of shipments.
        Volume {
            /// The volume of a year: "420 kt", "20000 TEU" or "5000 shipments".
            per_year: Located<Positive<Load>>,
            /// Number of shipments in one arrival.
            batch: Law<u64> = 1,
            /// How the rate varies by season, weekday and hour. Constant by default.
            profile: Option<Profile>,
        },
    }
}

record! {
    /// A column of a CSV file with the unit of its numbers: `(column: "weight_kg", unit: "kg")`. The name
    /// may be written alone: `"weight"`. A cell with its own unit keeps it.
    pub struct Column ("column", alone column) {
        /// The name in the header line.
        column: Located<String>,
        /// The unit of cells without one.
        unit: Option<Located<String>>,
    }
}

record! {
    /// How a rate varies. The factors are multiplied with each other and scaled to a mean of one.
    pub struct Profile ("profile") {
        /// Factors of the months, January first.
        month: Option<Located<[f64; 12]>>,
        /// Factors of the days of the week, Monday first.
        weekday: Option<Located<[f64; 7]>>,
        /// Factors of the hours of the day, beginning at midnight.
        hour: Option<Located<[f64; 24]>>,
        /// Factors of single days and spans of days, which multiply the scaled factors:
        /// `"2025-01-28..2025-02-10": 0.65`. Days outside the run have no effect.
        dates: BTreeMap<DateSpan, Located<f64>>,
    }
}

record! {
    /// The customs attributes of shipments.
    pub struct CustomsAttributes ("customs attributes") {
        /// The supervision mode.
        mode: CustomsMode = General0110,
        /// The kind of declaration.
        declaration: Declaration = Normal,
        /// The status of the operator.
        operator: Operator = Ordinary,
        /// Whether the cargo is in transit.
        transit: bool = false,
    }
}

record! {
    /// A share of a flow with its own customs attributes.
    pub struct CustomsShare ("customs share") {
        /// The share of the shipments.
        share: Share,
        /// Their customs attributes.
        customs: CustomsAttributes,
    }
}

choice! {
    /// Supervision mode of Chinese customs.
    #[derive(Eq, Copy, PartialOrd, Ord)]
    pub enum CustomsMode ("supervision mode") {
        /// General trade.
        General0110,
        /// Through a bonded zone.
        Bonded,
        /// Cross-border e-commerce from a bonded warehouse.
        Cb1210,
        /// Cross-border e-commerce by direct parcel.
        Cb9610,
        /// Cross-border e-commerce, business to business, export.
        Cb9710,
        /// Cross-border e-commerce through an overseas warehouse, export.
        Cb9810,
    }
}

choice! {
    /// Kind of customs declaration.
    #[derive(Eq, Copy, PartialOrd, Ord)]
    pub enum Declaration ("kind of declaration") {
        /// On arrival, complete.
        Normal,
        /// A summary first, the rest later.
        TwoStep,
        /// Before arrival.
        PreDeclared,
    }
}

choice! {
    /// Customs status of the operator.
    #[derive(Eq, Copy, PartialOrd, Ord)]
    pub enum Operator ("status of the operator") {
        /// An authorised economic operator.
        Authorised,
        /// Any other.
        Ordinary,
    }
}
