//! The `sanda` command.
fn main() {}
