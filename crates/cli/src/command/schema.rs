//! `sanda schema`.

use crate::args::Schema;
use crate::talk;

/// Prints the language.
pub(crate) fn schema(arguments: &Schema) -> u8 {
    let text = if arguments.json { sanda_scenario::schema_json() } else { sanda_scenario::schema_text() };
    talk::print(&(text.trim_end().to_owned() + "\n"))
}
