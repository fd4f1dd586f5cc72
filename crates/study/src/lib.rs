//! Pieces of studies, and the folder that keeps them.
//!
//! A **piece** is what one replication of one model returned: integers only, under a key that says exactly which replication of
//! which model by which engine it is. A study is a set of pieces; every question asked of it reads the pieces that are there and
//! simulates the rest. So an interrupted study goes on where it stopped, several machines can share one, and results have the same
//! bytes whichever way the pieces came.
//!
//! Owns: the key, the bytes of a piece, the folder, its size limit and the union of folders. Does not own what a piece holds
//! (`sanda_core::record`), nor which pieces a study needs (`sanda_experiment`).

mod folder;
mod key;
mod manifest;
mod merge;
mod piece;

pub use folder::{Folder, Trimmed, write_whole};
pub use key::{ENGINE, Part, PieceKey};
pub use manifest::{Entry, MANIFEST, Manifest, ManifestError};
pub use merge::{MergeError, Merged, Refusal};
pub use piece::{Damage, decode, encode};
