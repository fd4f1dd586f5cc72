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
        /// What kind of place it is.
        kind: Option<NodeKind>,
        /// Its time zone, in which its timetables and opening hours are read. The zone of the scenario's start when
        /// left out.
        zone: Option<Zone>,
        /// Where it lies, for maps and distances.
        position: Option<Position>,
        /// Codes by scheme, such as `"unlocode": "CNWUH"`.
        codes: BTreeMap<String, String>,
        /// Whether it is closed throughout: then no way begins, changes, stops or ends there.
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
        /// The node where it stands.
        at: Located<Name>,
        /// Name for reports.
        name: Option<Text>,
        /// How many jobs it works on at a time. Raising it shortens the queue.
        servers: Servers = 1,
        /// Who is served first.
        discipline: Discipline = Fifo,
        /// Waiting places, not counting those in service; 0 makes it a loss system. Without bound when left out.
        room: Option<u64>,
        /// What happens to who finds no waiting place.
        when_full: WhenFull = Lost,
        /// How many jobs must wait before idle servers begin; they then work until nobody is left (an N-policy). They begin with
        /// the first when it is left out. Raising it makes the first ones wait longer and starts rarer.
        begins_with: Option<Located<Positive<u64>>>,
        /// Opening hours in the local time of the node.
        open: Open = Always,
        /// What happens at closing time to work that was begun.
        at_closing: Closing = Finish,
        /// Failures of single servers.
        breakdowns: Option<Breakdowns>,
        /// What a shipment pays each time it, or the vehicle it is aboard of, is worked on here.
        fee: Fees,
        /// What the fee is paid for.
        fee_as: FeeKind = Handling,
        /// What is emitted each time, as the fee is paid.
        emission: Option<Factor<false>>,
    }
}

choice! {
    /// A number of servers.
    pub enum Servers ("number of servers", bare Count) {
        /// So many, written as a plain number.
        Count(count: Positive<u64>),
        /// As many as there are jobs: nobody ever waits.
        Unlimited,
        /// As many as the shifts have that are on duty. When a shift ends, what was begun is finished.
        Shifts(shifts: Vec<Shift>),
    }
}

record! {
    /// Servers that come and go together.
    pub struct Shift ("shift") {
        /// How many.
        servers: Positive<u64>,
        /// When they are on duty, in the local time of the resource's node.
        on: Open = Always,
        /// Days on which there is this shift, for seasons: "2025-06-01..2025-09-30"; all days when left out. Of hours over
        /// midnight only the part on these days counts. Days outside the run have no effect.
        dates: Vec<Located<DateSpan>> = [],
    }
}

choice! {
    /// Who is served first.
    #[derive(Eq, Copy)]
    pub enum Discipline ("discipline") {
        /// Who came first.
        Fifo,
        /// The most urgent class (1 before 2), and within it who came first. Work begun is finished.
        Priority,
        /// As `Priority`, but a more urgent job interrupts the newest job of the least urgent class, which resumes
        /// later where it stopped, at the head of its class.
        Preemptive,
    }
}

choice! {
    /// What happens to a job that finds the waiting room full.
    pub enum WhenFull ("rule for a full waiting room") {
        /// The shipment is lost and breaks its promise.
        Lost,
        /// It waits where it is and keeps what it holds, the server it was just worked on by included, until a place is
        /// free: by urgency, then in the order of coming. Its wait here begins at once.
        Block,
        /// It goes on at the beginning of another itinerary of its flow, and costs what that costs.
        Divert(itinerary: Located<Name>),
    }
}

choice! {
    /// Opening hours: intervals from opening to closing, the closing instant not included.
    pub enum Open ("opening hours") {
        /// Day and night.
        Always,
        /// The same hours every day: "08:00-18:00". They may run over midnight; "00:00-24:00" is the whole day.
        Daily(hours: Located<String>),
        /// Hours by day of the week: "Mon-Fri 08:00-18:00", "Sat 22:00-02:00".
        Weekly(hours: Vec<Located<String>>),
        /// The hours of a calendar of the scenario.
        Calendar(name: Located<Name>),
        /// Hours by day of the week, with days on which it stays closed.
        Hours {
            /// Hours by day of the week: "Mon-Fri 08:00-18:00".
            weekly: Vec<Located<String>>,
            /// Days on which it is closed from midnight to midnight: "2025-05-01", "2025-01-28..2025-02-04". Of hours over
            /// midnight the part on the other day stays: those of the evening before end at the midnight that begins the
            /// closed day, and those that would begin on the closed day open at the midnight that ends it. Days outside the
            /// run have no effect.
            closed: Vec<Located<DateSpan>> = [],
        },
    }
}

choice! {
    /// What happens at closing time to work that was begun.
    #[derive(Eq, Copy)]
    pub enum Closing ("rule at closing time") {
        /// It is finished after hours.
        Finish,
        /// It pauses and goes on at the next opening.
        Pause,
        /// Only work that ends by closing time is begun; nobody overtakes the head of the queue. A job that comes too late for that
        /// waits for opening hours, not for a server. Work longer than any opening is refused where that is certain.
        Fit,
    }
}

record! {
    /// Failures of single servers, independent of each other; all are up at the start. Interrupted work heads the queue of
    /// its class and goes on at the first free server. A server that is held fails when it is given back.
    pub struct Breakdowns ("breakdowns") {
        /// What the time between failures counts.
        clock: BreakdownClock = Operating,
        /// Time from a repair to the next failure. Raising it makes failures rarer.
        up: Law<Duration>,
        /// Time of a repair, in calendar time.
        down: Law<Duration>,
        /// What becomes of the interrupted work.
        work: Interrupted = Resume,
    }
}

choice! {
    /// What the time between failures counts.
    #[derive(Eq, Copy)]
    pub enum BreakdownClock ("clock of breakdowns") {
        /// Time in service only: who rests does not fail.
        Operating,
        /// All time.
        Calendar,
    }
}

choice! {
    /// What becomes of interrupted work.
    #[derive(Eq, Copy)]
    pub enum Interrupted ("rule for interrupted work") {
        /// It goes on where it stopped.
        Resume,
        /// It begins anew, with the same length.
        Restart,
    }
}
