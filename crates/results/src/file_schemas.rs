//! JSON Schemas of the files, generated from the types that write them and from their documentation.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::{Comparison, Provenance, Results, Settling, Sweep};

/// Names of the files that have a schema here, without folders.
pub const FILES: [&str; 5] =
    ["results.json", "provenance.json", "compare.json", "sweep.json", "warm-up.json"];

/// Writes the JSON Schema (draft 2020-12) of a file; `None` for a file that is not among [`FILES`].
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

/// Writes the JSON Schema of a type as serialised.
pub fn text_of<T: JsonSchema>() -> String {
    let schema: Schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    // A schema holds only maps, text and numbers, so writing it cannot fail.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
