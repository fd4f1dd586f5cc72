//! One file per command.

pub(crate) mod completions;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod validate;
