//! The `sanda` command: arguments, progress, exit codes.
//!
//! Data go to stdout, remarks to stderr. Every command is a file under `command/`. Does not own simulation, estimates or figures.

mod allocator;
mod args;
mod bug;
mod command;
mod exit;
mod folder;
mod interrupt;
mod memory;
mod progress;
mod simulation;
mod talk;

use std::panic;
use std::process::ExitCode;

use crate::args::Command;
use crate::talk::Talk;

#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

fn main() -> ExitCode {
    bug::install_hook();
    // The hook has reported the panic.
    let code = panic::catch_unwind(command).unwrap_or(exit::INTERNAL);
    ExitCode::from(if bug::has_happened() { exit::INTERNAL } else { code })
}

/// Reads the command line and executes it; returns the exit code.
fn command() -> u8 {
    let arguments = match args::parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap prints help to stdout with success, and usage errors to stderr with code 2, as documented.
            let code = if error.use_stderr() { exit::USAGE } else { exit::SUCCESS };
            // A closed pipe is not an error.
            let _ = error.print();
            return code;
        }
    };
    let talk = Talk::new(arguments.quiet, arguments.no_color);
    match arguments.command {
        Command::Run(run) => command::run::run(&run, talk),
        Command::Sweep(sweep) => command::sweep::sweep(&sweep, talk),
        Command::WarmUp(warm_up) => command::warm_up::warm_up(&warm_up, talk),
        Command::Validate(validate) => command::validate::validate(&validate, talk),
        Command::Schema(schema) => command::schema::schema(&schema),
        Command::Trace(trace) => command::trace::trace(&trace, talk),
        Command::Verify(verify) => command::verify::verify(&verify, talk),
        Command::Compare(compare) => command::compare::compare(&compare, talk),
        Command::Attribution(attribution) => command::attribution::attribution(&attribution, talk),
        Command::Check(check) => command::check::check(&check, talk),
        Command::Bless(bless) => command::bless::bless(&bless, talk),
        Command::Shard(shard) => command::shard::shard(&shard, talk),
        Command::Merge(merge) => command::merge::merge(&merge),
        Command::Reproduce(reproduce) => command::reproduce::reproduce(&reproduce, talk),
        Command::Completions { shell } => command::completions::completions(shell),
    }
}
