//! Ctrl-C: the first asks the run to stop after the replications under way, the second ends the program at once.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit;
use crate::talk;

/// Whether to begin no further replication. A signal belongs to the whole process, and so does this.
static STOP: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C, or a request to terminate, is a wish that [`flag`] shows.
pub(crate) fn listen() {
    // Without a handler Ctrl-C ends the program at once, which leaves no half results either.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            process::exit(i32::from(exit::INTERRUPTED));
        }
        talk::remark(
            "\ninterrupted: finishing the replications under way, then keeping what is finished (again to end at once)",
        );
    });
}

/// Becomes true when the run should stop.
pub(crate) fn flag() -> &'static AtomicBool {
    &STOP
}

/// Whether the run should stop.
pub(crate) fn is_requested() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Asks the run to stop, as Ctrl-C does.
pub(crate) fn request_stop() {
    STOP.store(true, Ordering::Relaxed);
}
