//! Integer quantities with units, their text forms, typed ids.
//!
//! Owns: the base units (millisecond, thousandth of a TEU, kilogram, metre, fen, gram of CO2e); how people write quantities and how they
//! are printed; the list of categories that time is divided into; ids that cannot be confused with one another, and the vectors they index.
//!
//! Does not own: anything else about freight, calendars or time zones (`network`), exchange rates (`scenario`), or
//! floating-point results (`results`, `experiment`).
//!
//! # Examples
//!
//! ```
//! use sanda_units::{Duration, Mass, Time};
//!
//! let cutoff: Duration = "2d 6h".parse()?;
//! assert_eq!(cutoff, Duration::from_hours(54));
//! assert_eq!((Time::ZERO + cutoff) - Time::ZERO, cutoff);
//! assert_eq!("1.2 kt".parse::<Mass>()?.to_string(), "1200 t");
//! # Ok::<(), sanda_units::QuantityError>(())
//! ```

mod amounts;
mod category;
mod id;
mod integer;
mod money;
mod number;
mod quantity;
mod rate;
mod share;
mod time;
mod way;

#[doc(hidden)]
pub use serde;

pub use amounts::{Distance, Emission, Mass, Speed, Teu};
pub use category::{Category, N_CATEGORIES};
pub use id::{Id, IdVec};
pub use money::{CurrencyAmount, Money};
pub use number::{parse_decimal, parse_number, parse_whole};
pub use quantity::{Quantity, QuantityError, parse_quantity, split_number};
pub use rate::{Basis, EmissionRate, MassPerTeu, Price, RateError};
pub use share::{Share, ShareError};
pub use time::{Duration, Time};
pub use way::{Cost, NodeId, Objective};
