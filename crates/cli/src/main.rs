//! The `sanda` command: arguments, progress, exit codes.
//!
//! Data goes to stdout, talk to stderr. Every command is a file under `command/`. Does not own what is simulated,
//! estimated or drawn.

mod args;
mod command;
mod exit;
mod files;
mod interrupt;
mod progress;
mod talk;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap prints help to stdout with success, and usage errors to stderr with 2, as the product states.
            let code = if error.use_stderr() { exit::USAGE } else { exit::SUCCESS };
            // A closed pipe is no reason to fail.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let talk = talk::Talk::new(arguments.quiet, arguments.no_color);
    let code = match arguments.command {
        Command::Run(run) => command::run::run(&run, &talk),
        Command::Validate(validate) => command::validate::validate(&validate, &talk),
        Command::Schema(schema) => command::schema::schema(&schema),
        Command::Completions { shell } => command::completions::completions(shell),
    };
    ExitCode::from(code)
}
