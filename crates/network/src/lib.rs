//! Nodes, links, timetables, opening hours and ways of a freight network.
//!
//! Owns: places and what they are called; local time, where it becomes instants of the simulation's clock;
//! the graph of links and the search for the best ways. Does not own: what happens to a
//! shipment on the way (`core`), or the files that say all this (`scenario`). Pure: reads no file, clock or environment, prints
//! nothing, and the zone database is compiled in.
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
mod date;
mod distance;
mod graph;
mod hours;
mod k_best;
mod moment;
mod no_way;
mod node;
mod timetable;
mod week;

pub use civil::{Epoch, EpochError, LocalTime, Zone, ZoneError, tz_version};
pub use date::{CivilDate, CivilDateTime, CivilError, Weekday, Weekdays};
pub use distance::{EARTH_RADIUS_KM, Position, PositionError, path_length};
pub use graph::{Closed, Link, LinkId, LinkKind, Network, Search, Turn, Via};
pub use hours::{ClosedDates, OpenIntervals, OpeningHours, OpeningRule};
pub use k_best::{NoWays, Way};
pub use moment::{Moment, MomentError};
pub use no_way::NoWay;
pub use node::{Mode, Modes, Names, Node, NodeKind};
pub use sanda_units::{Cost, NodeId, Objective};
pub use timetable::{DatedTimes, Repeated, WeeklyTime, WeeklyTimes};
pub use week::{HOURS_PER_WEEK, WeekClock};
