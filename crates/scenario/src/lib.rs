//! The RON scenario language: from text to a typed scenario, with every issue at its place.
//!
//! Owns reading, composing (`base`, `network`, `changes`, `--set`), typing and checking of scenarios, and the building of
//! the model from them. Does not own running anything, nor the meaning of what is simulated (`sanda_core`).

pub mod build;
mod check;
mod compose;
mod data;
pub mod decode;
mod differences;
pub mod inputs;
pub mod issue;
pub mod load;
pub mod model;
pub mod parse;
pub mod path;
pub mod print;
mod read;
pub mod render;
mod scan;
pub mod schema;
mod schema_entry;
mod schema_json;
pub mod schema_text;
pub mod source;
pub mod suggest;
pub mod tree;
mod trial;
pub mod words;

pub use differences::{Difference, differences};
pub use inputs::{Basis, InputSpace};
pub use issue::{Issue, Issues, Quote, Severity};
pub use load::{LoadFailure, Loaded, load, load_text, reload};
pub use model::{LoadedModel, compile, load_model, load_model_text};
pub use path::ParameterPath;
pub use print::{print, print_inline};
pub use render::{Style, render};
pub use schema_entry::schema_entry;
pub use schema_json::json_schema;
pub use schema_text::{schema_json, schema_text};
pub use source::{FileId, Located, SourceMap, Span};
pub use tree::{Key, Tree, Value};
