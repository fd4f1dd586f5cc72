//! The message for a bug of the program: a panic becomes a short message with the command that reproduces it.
//!
//! Does not own wrong input, which is answered by messages with a position.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::interrupt;

/// Whether any thread has panicked.
static HAPPENED: AtomicBool = AtomicBool::new(false);

/// Returns whether a bug has occurred. Nothing else that the program reports counts then.
pub(crate) fn has_happened() -> bool {
    HAPPENED.load(Ordering::Relaxed)
}

/// Replaces the panic message of the standard library, and asks all workers to stop.
pub(crate) fn install_hook() {
    panic::set_hook(Box::new(|info| {
        HAPPENED.store(true, Ordering::Relaxed);
        // Otherwise the other workers would finish all remaining replications first.
        interrupt::request_stop();
        let arguments: Vec<String> =
            std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
        let mut text = message(said(info), &place(info), &arguments);
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            let _ = write!(text, "{backtrace}");
        }
        // The reader of stderr may be gone.
        let _ = io::stderr().write_all(text.as_bytes());
    }));
}

fn said<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    info.payload_as_str().unwrap_or("no message")
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()))
}

fn message(said: &str, place: &str, arguments: &[String]) -> String {
    format!(
        "error: this is a bug of sanda {}: {said}{place}\nreproduce with: {}\nhint: please report it with the scenario; its output folder is as it was before\n",
        env!("CARGO_PKG_VERSION"),
        command_line(arguments.iter().map(String::as_str))
    )
}

/// Returns a command of this program that can be pasted into a shell.
pub(crate) fn command_line<'a>(arguments: impl IntoIterator<Item = &'a str>) -> String {
    arguments.into_iter().fold("sanda".to_owned(), |line, argument| line + " " + &quoted(argument))
}

/// Returns an argument, quoted for a shell if necessary.
fn quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_=./,:+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{command_line, message};

    #[test]
    fn a_bug_is_told_with_the_command_that_meets_it_again() {
        let arguments =
            ["run", "my file.ron", "--set", "flows.boxes.steps[0].time=\"2h\""].map(str::to_owned);
        let text = message("index out of bounds", " (src/a.rs:7)", &arguments);
        let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        assert_eq!(
            text,
            "error: this is a bug of sanda VERSION: index out of bounds (src/a.rs:7)\n\
             reproduce with: sanda run 'my file.ron' --set 'flows.boxes.steps[0].time=\"2h\"'\n\
             hint: please report it with the scenario; its output folder is as it was before\n"
        );
    }

    #[test]
    fn arguments_survive_a_shell() {
        let check = |argument: &str, expected: &str| {
            assert_eq!(command_line([argument]), format!("sanda {expected}"));
        };
        check("scenarios/a.ron", "scenarios/a.ron");
        check("run.seed=9", "run.seed=9");
        check("a b", "'a b'");
        check("it's", r"'it'\''s'");
        check("$HOME", "'$HOME'");
        check("", "''");
    }
}
