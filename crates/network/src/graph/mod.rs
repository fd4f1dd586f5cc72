//! The graph of a freight network: nodes with positions, links, and the search for the best ways through them.
//!
//! Owns: everything that names a type of petgraph. Does not own: civil time (`civil`), except that a node names its zone.

mod distance;
mod k_best;
mod network;
mod no_way;
mod node;

pub use distance::{EARTH_RADIUS_KM, Position, PositionError, path_length};
pub use k_best::{NoWays, Way};
pub use network::{Closed, Link, LinkId, LinkKind, Network, Search, Turn, Via};
pub use no_way::NoWay;
pub use node::{Mode, Modes, Names, Node, NodeKind};
