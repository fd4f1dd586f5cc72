//! The reference of the language, made from its types: as pages of text, by entry, and as JSON Schema.
//!
//! Does not own the descriptions (`decode::describe`, the documentation in `schema`).

mod entry;
mod json;
pub mod text;

pub use entry::schema_entry;
pub use json::json_schema;
pub use text::{schema_json, schema_text};
