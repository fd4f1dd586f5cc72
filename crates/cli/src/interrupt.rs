//! Ctrl-C and requests to terminate: the first asks the run to stop, the second ends the program at once.
//!
//! Signals that the parent process ignores (`nohup`, a background job) stay ignored. Does not own how a run stops (`sanda_experiment`).

use std::process;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::exit;

/// Whether to stop beginning replications. A signal belongs to the whole process, and so does this flag.
static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// The number of the last signal; 0 if there was none.
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// Time that a run has to write finished results after a request to stop. The sender of the signal may send a final one after that.
const GRACE: Duration = Duration::from_secs(10);

#[cfg(unix)]
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// Makes Ctrl-C, a closed terminal and a request to terminate set the flag that [`flag()`] returns.
pub(crate) fn listen() {
    for signal in SIGNALS.into_iter().filter(|&signal| !is_ignored(signal)) {
        // The order matters. The number is recorded from the beginning, the first signal finds the flag unset, and the second ends the
        // program. A signal without a handler ends the program at once, which leaves no partial results either.
        let _ = flag::register_usize(signal, Arc::clone(&SIGNAL), signal as usize);
        let _ = flag::register_conditional_shutdown(signal, code_of(signal), Arc::clone(&STOP));
        let _ = flag::register(signal, Arc::clone(&STOP));
    }
    let watch = || {
        while SIGNAL.load(Ordering::Relaxed) == 0 {
            thread::park_timeout(Duration::from_millis(200));
        }
        // A signal that arrives between the registrations has recorded only its number.
        request_stop();
        thread::park_timeout(GRACE);
        process::exit(i32::from(code()));
    };
    // Without this thread the program has no time limit for stopping.
    let _ = thread::Builder::new().spawn(watch);
}

/// Returns the flag that becomes true when the run should stop.
pub(crate) fn flag() -> &'static AtomicBool {
    &STOP
}

/// Returns whether the run should stop.
pub(crate) fn is_requested() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Asks the run to stop, as Ctrl-C does.
pub(crate) fn request_stop() {
    STOP.store(true, Ordering::Relaxed);
}

/// Returns the exit code of a stopped run: 128 plus the number of the signal, as in shells.
pub(crate) fn code() -> u8 {
    match SIGNAL.load(Ordering::Relaxed) {
        0 => exit::INTERRUPTED,
        signal => u8::try_from(code_of(signal as i32)).unwrap_or(exit::INTERRUPTED),
    }
}

fn code_of(signal: i32) -> i32 {
    128 + signal
}

/// Returns whether the parent process made this one ignore a signal.
#[cfg(unix)]
#[expect(unsafe_code, reason = "no safe function asks for the action of a signal without changing it")]
fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: a null pointer in place of a new action changes nothing, and the present one is written to memory of its type.
    let is_known = unsafe { libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) } == 0;
    // SAFETY: all zeros are a valid value of this plain C struct, and so is what the system has written.
    is_known && unsafe { action.assume_init() }.sa_sigaction == libc::SIG_IGN
}

#[cfg(not(unix))]
fn is_ignored(_: i32) -> bool {
    false
}
