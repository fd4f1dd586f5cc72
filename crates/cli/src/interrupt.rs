//! Ctrl-C: the first asks the run to stop after the replications under way, the second ends the program at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that becomes true at the first Ctrl-C (or a request to terminate).
pub(crate) fn flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let shared = Arc::clone(&flag);
    // Without a handler Ctrl-C ends the program at once, which leaves no half results either.
    let _ = ctrlc::set_handler(move || {
        if shared.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(crate::exit::INTERRUPTED));
        }
        eprintln!("\ninterrupted: keeping the replications that are finished (again to end at once)");
    });
    flag
}
