//! Flows: which shipments come into being, when, how large, and by which way they go.
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
    /// Shipments that come into being again and again. Its way is given by `steps`, by `itineraries`, or searched
    /// from `from` to `to`: exactly one of the three. A searched way is named after its services
    /// (`barge--ocean-ship`), and its stages after their part in it, so that the ways of a flow can be compared:
    /// `collection`, `delivery`, `train`, `flight`, `ocean`, `river`, `truck`, and those of the procedures at its turns.
    pub struct Flow ("flow") {
        /// Name for reports.
        name: Option<Text>,
        /// Where its shipments begin.
        from: Option<Located<Name>>,
        /// Where its shipments end.
        to: Option<Located<Name>>,
        /// Everything that is done to each, in this order.
        steps: Option<Vec<Step>>,
        /// Several ways, by name.
        itineraries: BTreeMap<Name, Keyed<Itinerary>>,
        /// Steps done where its shipments begin, before whatever way they take: booking, packing, a round of collection.
        before: Vec<Step> = [],
        /// Steps done where its shipments end, after whatever way they took: the opening hours of the consignee, unpacking.
        after: Vec<Step> = [],
        /// How each shipment chooses among several ways. By the shares of the itineraries if they have any, else the
        /// fastest, when left out.
        choice: Option<Located<RouteChoice>>,
        /// What a choice knows of the wait for the first service on each way. With shares and `Queue` a shipment keeps the way
        /// it draws while its first departure has room behind what is booked; else it takes another way with room, in the
        /// proportion of their shares, if there is one.
        sees: Located<Sight> = Laws,
        /// How many ways are searched, the best ones: what there is to choose from. When left out 4 where a choice by
        /// chance, a queue or a closure could take another than the best, else 1.
        ways: Option<Located<Positive<u64>>>,
        /// The means of transport a searched way may use; all when left out.
        modes: Option<Vec<Mode>>,
        /// The most changes on a searched way, from one service or connection to the next. 4 when left out.
        transfers: Option<Located<u64>>,
        /// Nodes a searched way must pass, and services and connections it must use, in this order. Of several services,
        /// `via: [["a", "b"]]`, it takes whichever leaves first, as by `Ride(service: ["a", "b"])`.
        via: Option<Vec<OneOrMany<Located<Name>>>>,
        /// What becomes of a shipment that comes into being while something on its way is closed, or its service cancelled.
        when_closed: WhenClosed = Wait,
        /// When shipments come into being.
        arrivals: Located<Arrivals>,
        /// Size of each shipment. Raising it fills vehicles sooner. For cargo that is no container, such as pallets by air,
        /// "0 TEU"; a flow that goes by air and states none is remarked on.
        size: Law<Teu> = "1 TEU",
        /// Mass of each shipment. None when left out: then what counts mass cannot be used.
        mass: Option<Law<Mass>>,
        /// Mass by size, instead of `mass`: so much for each TEU of a shipment.
        mass_per_teu: Option<Located<MassPerTeu>>,
        /// Units (pallets, unit load devices) of each shipment; 1 at least. They share its TEU and mass evenly. Capacities,
        /// batches, volumes and work may count them, and services with `split` part them.
        units: Law<u64> = 1,
        /// Urgency from 1, the most urgent, to 9.
        priority: Located<Positive<u64>> = 5,
        /// How it stands with customs.
        customs: CustomsAttributes = (),
        /// Shares of it that stand otherwise, by chance, the same for a shipment at every `Customs` step; the rest stands as
        /// `customs` says.
        customs_shares: Vec<CustomsShare> = [],
        /// Worth of its cargo. Capital bound in it while it is under way costs `money.capital` a year.
        value: Fees,
        /// Whether it only occupies resources and vehicles and counts in no promise.
        background: bool = false,
    }
}

impl Flow {
    /// Every list of steps that the flow itself states, those of its itineraries included; without searched ways.
    pub fn stated_steps(&self) -> impl Iterator<Item = &[Step]> {
        let ways = self.itineraries.values().filter_map(|way| way.value.steps.as_deref());
        [self.before.as_slice(), self.steps.as_deref().unwrap_or_default()]
            .into_iter()
            .chain(ways)
            .chain([self.after.as_slice()])
    }

    /// Whether its shipments have a mass.
    pub fn has_mass(&self) -> bool {
        let is_observed = matches!(self.arrivals.value, Arrivals::Trace { mass: Some(_), .. });
        self.mass.is_some() || self.mass_per_teu.is_some() || is_observed
    }

    /// The mean mass of a shipment in kilograms; none without a mass or with a law that is not sound.
    pub fn mean_mass(&self) -> Option<f64> {
        match (&self.mass, &self.mass_per_teu) {
            (Some(mass), _) => Some(mass.compile().ok()?.mean()),
            (None, Some(per_teu)) => {
                Some(self.size.compile().ok()?.mean() / 1000.0 * per_teu.value.as_kg() as f64)
            }
            (None, None) => None,
        }
    }

    /// The smallest mass of a shipment in kilograms; as [`Self::mean_mass`].
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
    /// One way of a flow: all its steps, or the nodes a searched way passes.
    pub struct Itinerary ("itinerary") {
        /// Everything that is done, in this order.
        steps: Option<Vec<Step>>,
        /// Where a searched way begins, if not where the flow does.
        from: Option<Located<Name>>,
        /// Where a searched way ends, if not where the flow does.
        to: Option<Located<Name>>,
        /// Nodes a searched way must pass, and services and connections it must use, in this order. Of the ways that do,
        /// the best is meant. Of several services, `via: [["a", "b"]]`, it takes whichever leaves first.
        via: Option<Vec<OneOrMany<Located<Name>>>>,
        /// Share of the flow that goes this way. All together are 1.
        share: Option<Located<Share>>,
    }
}

choice! {
    /// How a shipment chooses among several ways; once, when it comes into being, from the laws of the input and, if it `sees`
    /// the queue, from that.
    #[derive(Copy)]
    pub enum RouteChoice ("choice of way") {
        /// By chance, with the shares of the itineraries.
        Shares,
        /// The least expected time.
        Fastest,
        /// The least expected cost: freight less subsidy, handling, customs, and the capital bound in the cargo for the expected
        /// time if the flow has a `value`. Of a shipment of mean size, by the prices on its way; what has no price is free.
        Cheapest,
        /// The least generalised cost: that money, and expected time at a price. Capital bound in the cargo counts in the money.
        Generalised {
            /// What an hour is worth.
            value_of_time: Located<Positive<Money>>,
        },
        /// By chance, a way the likelier the better it is (multinomial logit): its share is proportional to
        /// `exp(-(time * hours + spread * hours of standard deviation + cost * yuan))`. Yuan are those of `Cheapest`.
        Logit {
            /// Weight of one hour of expected time. Raising it draws shipments to the faster ways.
            time: Located<f64> = 1.0,
            /// Weight of one hour of standard deviation. Raising it draws shipments to the more reliable ways.
            spread: Located<f64> = 0.0,
            /// Weight of one yuan of expected cost. Raising it draws shipments to the cheaper ways.
            cost: Located<f64> = 0.0,
        },
    }
}

impl RouteChoice {
    /// Whether what a way costs matters to the choice.
    pub fn weighs_money(&self) -> bool {
        match self {
            Self::Shares | Self::Fastest => false,
            Self::Cheapest | Self::Generalised { .. } => true,
            Self::Logit { cost, .. } => cost.value > 0.0,
        }
    }
}

choice! {
    /// What a choice knows, when a shipment comes into being, of the wait for the first service on each way.
    #[derive(Eq, Copy)]
    pub enum Sight ("knowledge of queues") {
        /// The mean wait until a departure, as from any instant.
        Laws,
        /// What is booked: the cargo of all flows that has chosen the service at that stop and has not boarded, on its way there
        /// or waiting. It counts at the first departure that it is expected to make, and what does not fit rolls over to the
        /// next. The shipment expects to leave with the first departure after it is ready, cut-off included, that has room
        /// behind what counts there. Departures carry their mean capacity of the season, less their mean background. Cancelled
        /// and late departures, closures, the order of boarding, and at a later stop what was loaded before it are not foreseen.
        /// `Headway`: what is booked fills one departure after the other, each a mean interval after the one before.
        /// `WhenFull`: until the vehicle fills at the mean rate at which the laws bring cargo, or its oldest cargo has waited
        /// its longest. The rest of a way is expected by the laws.
        ///
        /// A ride that is taken by chance, inside `Choose`, `Inspect`, `Customs` or `Repeat`, is not booked. One on whichever of
        /// several services leaves first is booked with the one that should, and waits for the one with room.
        Queue,
    }
}

choice! {
    /// What becomes of a shipment that comes into being while its way is closed.
    #[derive(Eq, Copy)]
    pub enum WhenClosed ("rule for a closed way") {
        /// It goes its way and waits where it is closed.
        Wait,
        /// It goes by another of its flow's ways that is open, by chance in the proportion of their shares; by the one expected
        /// to be best by `choice` if those have none. If none is open it goes its own way and waits.
        Reroute,
    }
}

choice! {
    /// When shipments come into being.
    pub enum Arrivals ("rule of arrivals") {
        /// At random, independently of each other.
        Poisson {
            /// Mean number of arrivals in the time `per`. Raising it raises the load.
            mean: Located<Positive<f64>>,
            /// The time that `mean` counts.
            per: Located<Positive<Duration>>,
            /// Shipments in one arrival.
            batch: Law<u64> = 1,
            /// How the rate varies by season, weekday and hour; not at all when left out.
            profile: Option<Profile>,
        },
        /// At equal intervals.
        Regular {
            /// The interval. Raising it lowers the load.
            every: Located<Positive<Duration>>,
            /// The first arrival, counted from the start; one interval when left out.
            offset: Option<Duration>,
            /// Shipments in one arrival.
            batch: Law<u64> = 1,
            /// How the rate varies by season, weekday and hour, so that intervals stretch and shrink; not at all when left out.
            profile: Option<Profile>,
        },
        /// At intervals drawn anew each time, beginning with a whole one.
        Renewal {
            /// The interval. Raising it lowers the load.
            gap: Law<Duration>,
            /// Shipments in one arrival.
            batch: Law<u64> = 1,
            /// How the rate varies by season, weekday and hour, so that intervals stretch and shrink; not at all when left out.
            profile: Option<Profile>,
        },
        /// At these times after the start.
        At(times: Vec<Duration>),
        /// One shipment for each row of a CSV file, at the time in a column: a date with a time of day on the clock of the
        /// place where the flow begins ("2025-03-01 10:20"), the same with an offset or zone, or a duration after the start
        /// ("36h"). The header line decides whether the file is cut at commas, semicolons or tabs. Rows before the start
        /// and after the last arrivals of the run are left out and counted; one at least must lie between.
        Trace {
            /// The file, relative to this one.
            file: Located<String>,
            /// The column of times; the first when left out.
            column: Option<Located<String>>,
            /// The unit of times that are plain numbers: then they are durations after the start. Without it a plain number
            /// is an error, as it may be a date that a spreadsheet wrote as a number.
            unit: Option<Located<String>>,
            /// The column of sizes, in TEU unless it states another unit; the `size` of the flow when left out.
            size: Option<Column>,
            /// The column of masses, which states its unit unless each cell does; the `mass` of the flow when left out.
            mass: Option<Column>,
            /// The column of units; the `units` of the flow when left out.
            units: Option<Located<String>>,
            /// Whether the numbers of the file have a decimal point or comma.
            decimal: Decimal = Point,
        },
        /// At random, so that a yearly volume results from the mean size of shipments.
        Volume {
            /// What a year brings: "420 kt", "20000 TEU" or "5000 shipments".
            per_year: Located<Positive<Load>>,
            /// Shipments in one arrival.
            batch: Law<u64> = 1,
            /// How the rate varies by season, weekday and hour; not at all when left out.
            profile: Option<Profile>,
        },
    }
}

record! {
    /// A column of a CSV file with the unit of its numbers: `(column: "weight_kg", unit: "kg")`. The name may be written
    /// alone: `"weight"`. A cell with a unit of its own keeps it.
    pub struct Column ("column", alone column) {
        /// Its name in the header line.
        column: Located<String>,
        /// The unit of cells that have none.
        unit: Option<Located<String>>,
    }
}

record! {
    /// How a rate varies: factors that are multiplied with each other and scaled to a mean of one.
    pub struct Profile ("profile") {
        /// Factors of the months, January first.
        month: Option<Located<[f64; 12]>>,
        /// Factors of the days of the week, Monday first.
        weekday: Option<Located<[f64; 7]>>,
        /// Factors of the hours of the day, beginning at midnight.
        hour: Option<Located<[f64; 24]>>,
        /// Factors of single days and spans of days, on top of the scaled others: `"2025-01-28..2025-02-10": 0.65`. Days
        /// outside the run have no effect.
        dates: BTreeMap<DateSpan, Located<f64>>,
    }
}

record! {
    /// How a flow stands with customs.
    pub struct CustomsAttributes ("customs attributes") {
        /// The supervision mode.
        mode: CustomsMode = General0110,
        /// The kind of declaration.
        declaration: Declaration = Normal,
        /// The standing of the operator.
        operator: Operator = Ordinary,
        /// Whether the cargo only passes through.
        transit: bool = false,
    }
}

record! {
    /// A share of a flow that stands with customs in its own way.
    pub struct CustomsShare ("customs share") {
        /// Which share.
        share: Share,
        /// How it stands.
        customs: CustomsAttributes,
    }
}

choice! {
    /// Supervision mode of Chinese customs.
    #[derive(Eq, Copy, PartialOrd, Ord)]
    pub enum CustomsMode ("supervision mode") {
        /// General trade.
        General0110,
        /// By a bonded zone.
        Bonded,
        /// Cross-border e-commerce from a bonded warehouse.
        Cb1210,
        /// Cross-border e-commerce by direct parcel.
        Cb9610,
        /// Cross-border e-commerce, business to business, export.
        Cb9710,
        /// Cross-border e-commerce by an overseas warehouse, export.
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
    /// Standing of the operator with customs.
    #[derive(Eq, Copy, PartialOrd, Ord)]
    pub enum Operator ("standing of the operator") {
        /// An authorised economic operator.
        Authorised,
        /// Any other.
        Ordinary,
    }
}
