//! The key of a piece: all inputs that determine its content. Does not own the content (`piece`).

use std::fmt;
use std::str::FromStr;

/// Digest of the sources that determine what a replication returns. A changed engine finds no piece of its predecessor. The layout of
/// random-number keys is part of these sources.
pub const ENGINE: &str = env!("SANDA_ENGINE");

/// Number of characters of a model's digest in the name of its folder.
const SHORT: usize = 16;

/// The part of a replication that a piece holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The whole outcome.
    Whole,
    /// The counts of the promises alone, as kept for a point of the inputs.
    Promises,
    /// The ideal time of every shipment.
    Ideal,
}

impl Part {
    /// Returns the name in keys and in file names.
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

/// The key of a piece: a replication of a model, simulated by this engine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PieceKey {
    /// SHA-256 of the compiled model, in hexadecimal. A point of the inputs, or a changed parameter, is another model.
    pub model: String,
    /// The seed.
    pub seed: u64,
    /// The replication.
    pub replication: u64,
    /// The part of the replication.
    pub part: Part,
}

impl PieceKey {
    /// Returns the path of the piece within a study folder, with `/` between names.
    pub fn path(&self) -> String {
        let Self { model, seed, replication, part } = self;
        let short = model.get(..SHORT).unwrap_or(model);
        format!("{ENGINE}/{short}/{seed:x}-{replication}.{}", part.name())
    }
}

impl fmt::Display for PieceKey {
    /// Formats the key as in the header of a piece.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, seed, replication, part } = self;
        write!(f, "{ENGINE} {model} {seed} {replication} {}", part.name())
    }
}
