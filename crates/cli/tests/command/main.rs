//! The real `sanda` program, as people and scripts use it: its output, exit codes and files.

mod alternatives;
mod attribution;
mod check;
mod compare;
mod help;
mod help_of_studies;
#[cfg(unix)]
mod interruption;
#[cfg(target_os = "linux")]
mod memory;
mod output;
mod readme;
mod refusals;
mod study;
mod sweep;
mod trace;
mod verify;
mod warm_up;
mod world;
