//! JSON Schemas of the files, made of the types that write them and their documentation.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::{Comparison, Provenance, Results, Settling, Sweep};

/// The files that have a schema here, by their names without folders.
pub const FILES: [&str; 5] =
    ["results.json", "provenance.json", "compare.json", "sweep.json", "warm-up.json"];

/// The JSON Schema (draft 2020-12) of a file; `None` for a file that is not among [`FILES`].
pub fn file_schema(file: &str) -> Option<String> {
    match file {
        "results.json" => Some(text_of::<Results>()),
        "provenance.json" => Some(text_of::<Provenance>()),
        "compare.json" => Some(text_of::<Comparison>()),
        "sweep.json" => Some(text_of::<Sweep>()),
        "warm-up.json" => Some(text_of::<Settling>()),
        _ => None,
    }
}

/// The JSON Schema of a type as it is written, for readers.
pub fn text_of<T: JsonSchema>() -> String {
    let schema: Schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    // Maps of text and numbers alone: there is nothing in a schema that cannot be written.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
