//! Nodes, the resources at them, and opening hours.
//!
//! Does not own what is done at a node (`step`).

use std::collections::BTreeMap;

use crate::{
    decode::{Name, Positive, choice, record},
    schema::{DateSpan, Factor, FeeKind, Fees, Law, Text, Zone},
    source::Located,
};
use sanda_units::Duration;

record! {
    /// A place where shipments are handled or services stop.
    pub struct Node ("node") {
        /// Name for reports.
        name: Option<Text>,
        /// The kind of place.
        kind: Option<NodeKind>,
        /// Its time zone, in which its timetables and opening hours are read. By default the zone of the
        /// scenario's start.
        zone: Option<Zone>,
        /// Its position, for maps and distances.
        position: Option<Position>,
        /// Codes by scheme, such as `"unlocode": "CNWUH"`.
        codes: BTreeMap<String, String>,
        /// Whether it is closed for the whole run. No way begins, changes, stops or ends at a closed node.
        closed: bool = false,
    }
}

choice! {
    /// The kind of a node.
    #[derive(Eq, Copy, PartialOrd, Ord)]
    pub enum NodeKind ("kind of node") {
        /// An airport.
        Airport,
        /// A rail freight terminal.
        RailTerminal,
        /// A port on a river.
        RiverPort,
        /// A seaport.
        SeaPort,
        /// A border crossing.
        Border,
        /// A container depot or warehouse.
        Depot,
        /// A free trade zone.
        FreeZone,
        /// A bonded zone.
        BondedZone,
        /// A place of origin or destination.
        Market,
    }
}

record! {
    /// A point on the earth.
    pub struct Position ("position") {
        /// Degrees north of the equator, from -90 to 90.
        lat: Located<f64>,
        /// Degrees east of Greenwich, from -180 to 180.
        lon: Located<f64>,
    }
}

record! {
    /// Servers at a node that shipments or vehicles queue for: lanes, cranes, bays, berths, officers.
    pub struct Resource ("resource") {
        /// The node of the resource.
        at: Located<Name>,
        /// Name for reports.
        name: Option<Text>,
        /// Number of jobs it works on at a time. Raising it shortens the queue.
        servers: Servers = 1,
        /// Which waiting job is served first.
        discipline: Discipline = Fifo,
        /// Number of waiting places, not counting jobs in service. 0 makes it a loss system. Unlimited by
        /// default.
        room: Option<u64>,
        /// What happens to a job that finds no waiting place.
        when_full: WhenFull = Lost,
        /// Number of jobs that must wait before idle servers begin; they then work until none is left (an
        /// N-policy). By default they begin with the first job. Raising it makes the first jobs wait longer
        /// and makes starts rarer.
        begins_with: Option<Located<Positive<u64>>>,
        /// Opening hours in the local time of the node.
        open: Open = Always,
        /// What happens at closing time to work that has begun.
        at_closing: Closing = Finish,
        /// Failures of single servers.
        breakdowns: Option<Breakdowns>,
        /// What a shipment pays each time that it, or the vehicle it is aboard, is worked on here.
        fee: Fees,
        /// What the fee is paid for.
        fee_as: FeeKind = Handling,
        /// What is emitted each time, under the same rule as the fee.
        emission: Option<Factor<false>>,
    }
}

choice! {
    /// A number of servers.
    pub enum Servers ("number of servers", bare Count) {
        /// A fixed number, written as a plain number.
        Count(count: Positive<u64>),
        /// As many as there are jobs: nothing ever waits.
        Unlimited,
        /// The servers of all shifts on duty. Work that has begun is finished after the end of a shift.
        Shifts(shifts: Vec<Shift>),
    }
}

record! {
    /// Servers that begin and end duty together.
    pub struct Shift ("shift") {
        /// Number of servers.
        servers: Positive<u64>,
        /// When they are on duty, in the local time of the resource's node.
        on: Open = Always,
        /// Days on which this shift exists, for seasons: "2025-06-01..2025-09-30". All days by default. Of
        /// hours over midnight, only the part on these days counts. Days outside the run have no effect.
        dates: Vec<Located<DateSpan>> = [],
    }
}

choice! {
    /// Which waiting job is served first.
    #[derive(Eq, Copy)]
    pub enum Discipline ("discipline") {
        /// First come, first served.
        Fifo,
        /// The most urgent class first (1 before 2), and within a class first come, first served. Work that
        /// has begun is finished.
        Priority,
        /// As `Priority`, but a more urgent job interrupts the newest job of the least urgent class. The
        /// interrupted job resumes later where it stopped, at the head of its class.
        Preemptive,
        /// Two queues in turn, such as the two directions at a single track: one for priority 1, one for all other
        /// priorities. A server that becomes free takes the first job of the queue that was not served last, or
        /// of the other queue if none waits there. Of one instant, priority 1 asks first.
        Alternating,
    }
}

choice! {
    /// What happens to a job that finds the waiting room full.
    pub enum WhenFull ("rule for a full waiting room") {
        /// The shipment is lost and breaks its promise.
        Lost,
        /// It waits where it is until a place is free, and keeps what it holds, even the server that has
        /// just finished its work. Places go by priority, then in the order of arrival. Its wait here
        /// begins at once.
        Block,
        /// It continues at the beginning of another itinerary of its flow, at the cost of that itinerary.
        Divert(itinerary: Located<Name>),
    }
}

choice! {
    /// Opening hours: intervals from opening to closing, without the instant of closing.
    pub enum Open ("opening hours") {
        /// Day and night.
        Always,
        /// The same hours every day: "08:00-18:00". Hours may run over midnight. "00:00-24:00" is the whole
        /// day.
        Daily(hours: Located<String>),
        /// Hours by day of the week: "Mon-Fri 08:00-18:00", "Sat 22:00-02:00".
        Weekly(hours: Vec<Located<String>>),
        /// The hours of a calendar of the scenario.
        Calendar(name: Located<Name>),
        /// Hours by day of the week, with closed days.
        Hours {
            /// Hours by day of the week: "Mon-Fri 08:00-18:00".
            weekly: Vec<Located<String>>,
            /// Days on which it is closed from midnight to midnight: "2025-05-01",
            /// "2025-01-28..2025-02-04". Hours over midnight keep the part on the other day. If they began
            /// the evening before, they end at the midnight that begins the closed day. If they would begin
            /// on the closed day, they open at the midnight that ends it. Days outside the run have no
            /// effect.
            closed: Vec<Located<DateSpan>> = [],
        },
    }
}

choice! {
    /// What happens at closing time to work that has begun.
    #[derive(Eq, Copy)]
    pub enum Closing ("rule at closing time") {
        /// It is finished after hours.
        Finish,
        /// It pauses and continues at the next opening.
        Pause,
        /// Work begins only if it ends by closing time. The head of the queue is not overtaken. A job that
        /// comes too late waits for opening hours, not for a server. Work that is certain to be longer than
        /// any opening is refused.
        Fit,
    }
}

record! {
    /// Failures of single servers, independent of each other. All servers are up at the start. Interrupted
    /// work heads the queue of its class and continues at the first free server. A server in a `Hold` fails
    /// when it is released.
    pub struct Breakdowns ("breakdowns") {
        /// Which time counts towards the next failure.
        clock: BreakdownClock = Operating,
        /// Time from a repair to the next failure. Raising it makes failures rarer.
        up: Law<Duration>,
        /// Time of a repair, in calendar time.
        down: Law<Duration>,
        /// What happens to the interrupted work.
        work: Interrupted = Resume,
    }
}

choice! {
    /// Which time counts towards the next failure.
    #[derive(Eq, Copy)]
    pub enum BreakdownClock ("clock of breakdowns") {
        /// Time in service only: an idle server does not fail.
        Operating,
        /// All time.
        Calendar,
    }
}

choice! {
    /// What happens to interrupted work.
    #[derive(Eq, Copy)]
    pub enum Interrupted ("rule for interrupted work") {
        /// It continues where it stopped.
        Resume,
        /// It starts again, with the same length.
        Restart,
    }
}
