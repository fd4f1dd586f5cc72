//! The network crate from outside, one file per subject, in one binary because linking takes longer than the
//! tests.

mod civil;
mod distance;
mod graph;
mod hours;
mod k_best;
mod moment;
mod timetable;
mod week;

use sanda_network::{Epoch, Zone};
use sanda_units::Time;

fn zone(name: &str) -> Zone {
    name.parse().expect("a zone of the database")
}

/// Shanghai midnight before Monday 2025-01-06.
fn epoch() -> Epoch {
    "2025-01-06T00:00[Asia/Shanghai]".parse().expect("a start")
}

/// The instant of a local time, such as `at("2025-03-30T02:30", "Europe/Berlin")`.
fn at(local: &str, zone_name: &str) -> Time {
    epoch().time_of(local.parse().expect("a local time"), &zone(zone_name))
}

/// What a clock in Greenwich shows.
fn utc(at: Time) -> String {
    epoch().local(at, &zone("UTC")).civil.to_string()
}
