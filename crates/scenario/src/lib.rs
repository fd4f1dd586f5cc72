//! The RON scenario language: from text to a typed scenario, with every issue at its place.
//!
//! Owns: reading (`text`), composing (`compose`: `base`, `network`, `changes`, `--set`), typing (`decode`,
//! `schema`), checking (`check`) and compiling of scenarios to models (`build`). Does not own: running
//! anything, nor the meaning of what is simulated (`sanda_core`).

pub mod build;
mod check;
mod compose;
mod data;
pub mod decode;
mod diagnostics;
pub mod inputs;
pub mod load;
mod reference;
pub mod schema;
mod text;

pub use compose::path;
pub use compose::path::ParameterPath;
pub use diagnostics::issue::{Issue, Issues, Quote, Severity};
pub use diagnostics::render::{Style, render};
pub use diagnostics::{issue, render, suggest, words};
pub use inputs::{Basis, InputSpace};
pub use load::differences::{Difference, differences};
pub use load::model;
pub use load::model::{LoadedModel, compile, load_model, load_model_text};
pub use load::{LoadFailure, Loaded, load, load_text, reload};
pub use reference::text as schema_text;
pub use reference::{json_schema, schema_entry, schema_json, schema_text};
pub use text::print::{print, print_inline};
pub use text::source::{FileId, Located, SourceMap, Span};
pub use text::tree::{Key, Tree, Value};
pub use text::{parse, print, source, tree};
