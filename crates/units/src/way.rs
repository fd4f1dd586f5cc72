//! What `network` and `core` both say of ways: the id of a node, what a way is expected to take, and by what it is judged.
//!
//! Does not own nodes, links or the search for ways (`network`), nor the choice among them (`core`).

use std::ops::Add;

use crate::{Duration, Money, id_type};

id_type!(
    /// A node of the network; dense, in the order of the nodes' text ids.
    pub struct NodeId;
);

/// What a link, a turn or a whole way is expected to take. Adds up along a way; variances too, as stages are taken
/// to be independent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// Expected time.
    pub time: Duration,
    /// Variance of the time, in square hours. Never decides which way is better.
    pub variance: f64,
    /// Expected money.
    pub money: Money,
}

impl Cost {
    /// A time without spread that costs nothing.
    pub const fn of_time(time: Duration) -> Self {
        Self { time, variance: 0.0, money: Money::from_fen(0) }
    }

    /// The standard deviation of the time, in hours.
    pub fn sd_hours(&self) -> f64 {
        self.variance.sqrt()
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            // Saturating: "never" stays "never".
            time: self.time.saturating_add(other.time),
            variance: self.variance + other.variance,
            money: self.money.saturating_add(other.money),
        }
    }
}

/// By what a way is the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Objective {
    /// Less expected time.
    #[default]
    Time,
    /// Less money.
    Money,
    /// Less money, an hour counting as so much.
    Generalised {
        /// Money for an hour.
        value_of_time: Money,
    },
}

impl Objective {
    /// What is to be small. Whole numbers, so that equally good ways are equal: milliseconds, fen, or fen times the
    /// milliseconds of an hour.
    pub fn of(self, cost: &Cost) -> i128 {
        let (ms, fen) = (i128::from(cost.time.as_ms()), i128::from(cost.money.as_fen()));
        match self {
            Self::Time => ms,
            Self::Money => fen,
            Self::Generalised { value_of_time } => ms * i128::from(value_of_time.as_fen()) + fen * 3_600_000,
        }
    }
}
