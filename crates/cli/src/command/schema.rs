//! `sanda schema`. Does not own the language (`sanda_scenario`).

use anyhow::anyhow;

use crate::args::Schema;
use crate::exit;
use crate::talk;

/// Prints the language, or one entry of it.
pub(crate) fn schema(arguments: &Schema) -> u8 {
    if let Some(file) = &arguments.file {
        return schema_of_file(file);
    }
    let text = match &arguments.name {
        Some(name) => match sanda_scenario::schema_entry(name) {
            Ok(text) => text,
            Err(hint) => {
                let name: String = name.chars().take(60).collect();
                let hint = hint.unwrap_or_else(|| "`sanda schema` prints the whole language".to_owned());
                talk::complain(&anyhow!("the language has no `{name}`\nhint: {hint}"));
                return exit::USAGE;
            }
        },
        None if arguments.json => sanda_scenario::schema_json(),
        None if arguments.for_editors => sanda_scenario::json_schema(),
        None => sanda_scenario::schema_text(),
    };
    talk::print(&(text.trim_end().to_owned() + "\n"))
}

/// Prints the JSON Schema of a file that some command writes.
fn schema_of_file(file: &str) -> u8 {
    let schema = match file {
        "check.json" => Some(sanda_results::text_of::<sanda_gate::Findings>()),
        "baseline.json" => Some(sanda_results::text_of::<sanda_gate::Baseline>()),
        file => sanda_results::file_schema(file),
    };
    let Some(schema) = schema else {
        let known = sanda_results::FILES.into_iter().chain(["check.json", "baseline.json"]);
        let known: Vec<&str> = known.collect();
        let file: String = file.chars().take(60).collect();
        talk::complain(&anyhow!(
            "there is no schema of `{file}`\nhint: expected one of {}",
            known.join(", ")
        ));
        return exit::USAGE;
    };
    talk::print(&schema)
}
