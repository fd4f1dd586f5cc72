//! The key of a piece: everything that decides what is in it.

use std::fmt;
use std::str::FromStr;

/// Digest of the sources that decide what a replication returns: a changed engine finds none of the pieces of the one before it.
/// The layout of random-number keys is part of these sources.
pub const ENGINE: &str = env!("SANDA_ENGINE");

/// Characters of a model's digest that a folder is named by.
const SHORT: usize = 16;

/// How much of a replication a piece holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The whole outcome.
    Whole,
    /// The counts of the promises alone: what is kept of a point of the inputs.
    Promises,
    /// The ideal time of every shipment.
    Ideal,
}

impl Part {
    /// Its name in keys and in file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Promises => "promises",
            Self::Ideal => "ideal",
        }
    }
}

impl FromStr for Part {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Whole, Self::Promises, Self::Ideal].into_iter().find(|part| part.name() == text).ok_or(())
    }
}

/// Which replication of which model a piece holds, by this engine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PieceKey {
    /// SHA-256 of the compiled model, in hexadecimal. A point of the inputs and a changed parameter are models of their own.
    pub model: String,
    /// The seed.
    pub seed: u64,
    /// The replication.
    pub replication: u64,
    /// How much of it.
    pub part: Part,
}

impl PieceKey {
    /// The path of the piece within a study folder, with `/` between names.
    pub fn path(&self) -> String {
        let Self { model, seed, replication, part } = self;
        let short = model.get(..SHORT).unwrap_or(model);
        format!("{ENGINE}/{short}/{seed:x}-{replication}.{}", part.name())
    }
}

impl fmt::Display for PieceKey {
    /// As in the head of a piece.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, seed, replication, part } = self;
        write!(f, "{ENGINE} {model} {seed} {replication} {}", part.name())
    }
}
