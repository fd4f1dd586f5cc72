//! `sanda schema`.

use std::io::{self, Write};

use crate::args::Schema;
use crate::exit;

/// Prints the language.
pub(crate) fn schema(arguments: &Schema) -> u8 {
    let text =
        if arguments.json { sanda_scenario::schema_json() } else { sanda_scenario::schema_text() };
    // A reader that goes away (a pipe to `head`) is no failure of ours.
    let _ = writeln!(io::stdout(), "{}", text.trim_end());
    exit::SUCCESS
}
