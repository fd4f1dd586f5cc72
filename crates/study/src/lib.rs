//! Pieces of studies, and the folder that keeps them.
//!
//! A **piece** is what one replication of one model returned: integers only. Its key states the replication, the model and the engine. A
//! study is a set of pieces. Every question reads the pieces that exist and simulates the rest. An interrupted study therefore resumes
//! where it stopped, and several machines can share one. The results have the same bytes in every case.
//!
//! Owns: the key, the bytes of a piece, the folder, its size limit and the union of folders. Does not own: what a piece holds
//! (`sanda_core::record`), or which pieces a study needs (`sanda_experiment`).

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
