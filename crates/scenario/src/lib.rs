//! The RON scenario language: from text to a typed scenario, with every issue at its place.
//!
//! Owns reading, composing (`base`, `network`, `changes`, `--set`), typing and checking of scenarios, and the building of
//! the model from them. Does not own running anything, nor the meaning of what is simulated (`sanda_core`).

pub mod build;
mod compose;
pub mod data;
pub mod decode;
pub mod issue;
pub mod load;
pub mod parse;
pub mod path;
mod read;
pub mod render;
pub mod schema;
pub mod source;
pub mod suggest;
pub mod tree;

pub use issue::{Issue, Issues, Severity};
pub use load::{LoadFailure, Loaded, load, load_text, reload};
pub use path::ParameterPath;
pub use render::{Style, render};
pub use source::{FileId, Located, SourceMap, Span};
pub use tree::{Key, Tree, Value};
