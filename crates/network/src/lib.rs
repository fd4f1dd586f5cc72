//! Civil time and the graph of a freight network.
//!
//! Owns: `civil`, local times and the instants of the simulation's clock that they mean; `graph`, places, links and the
//! search for the best ways. Does not own: what happens to a shipment on the way (`core`), or the files that state all
//! this (`scenario`). The crate is pure: it reads no file, clock or environment, prints nothing, and has the zone
//! database compiled in.
//!
//! # Examples
//!
//! ```
//! use sanda_network::{Epoch, WeeklyTimes, Zone};
//! use sanda_units::{Duration, Time};
//!
//! let epoch: Epoch = "2025-01-06T00:00[Asia/Shanghai]".parse()?;
//! let times = WeeklyTimes::parse(&["Wed 10:20"]).expect("a weekly time");
//! let week = Time::ZERO + Duration::from_days(7);
//! let departures = times.expand(&epoch, &Zone::named("Europe/Berlin")?, Time::ZERO, week);
//! // Wednesday 10:20 in Berlin is 17:20 in Shanghai, where the clock started at Monday midnight.
//! assert_eq!(departures, [Time::ZERO + "2d 17h 20min".parse::<Duration>()?]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod civil;
mod graph;

pub use civil::{
    CivilDate, CivilDateTime, CivilError, ClosedDates, DatedTimes, Epoch, EpochError, HOURS_PER_WEEK,
    LocalTime, Moment, MomentError, OpenIntervals, OpeningHours, OpeningRule, Repeated, WeekClock, Weekday,
    Weekdays, WeeklyTime, WeeklyTimes, Zone, ZoneError, tz_version,
};
pub use graph::{
    Closed, EARTH_RADIUS_KM, Link, LinkId, LinkKind, Mode, Modes, Names, Network, NoWay, NoWays, Node,
    NodeKind, Position, PositionError, Search, Turn, Via, Way, path_length,
};
pub use sanda_units::{Cost, NodeId, Objective};
