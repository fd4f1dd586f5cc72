//! `sanda schema`.

use anyhow::anyhow;

use crate::args::Schema;
use crate::exit;
use crate::talk;

/// Prints the language, or one entry of it.
pub(crate) fn schema(arguments: &Schema) -> u8 {
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
