//! No memory is allocated in the event loop once it has warmed up.
//!
//! A run of twice the length may reach a new maximum somewhere (a longer queue, a new octave of a histogram). It also writes the lines of
//! the further months when the run ends. Apart from these lines, its allocations beyond those of the shorter run are fewer than one per
//! thousand shipments.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use sanda_benches::workload::{engine, model};
use sanda_core::model::Model;

/// An allocator that counts the requests of this thread.
struct Counting;

thread_local! {
    static N_ASKED: Cell<u64> = const { Cell::new(0) };
}

#[expect(unsafe_code, reason = "an allocator cannot be written otherwise; each call is handed on as it came")]
// SAFETY: every method passes its arguments on to the system's allocator unchanged and returns its result.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of this method, which is that of the one called.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Counts an allocation. A thread that is about to end no longer has a counter; its remaining requests do not matter.
fn count() {
    let _ = N_ASKED.try_with(|n| n.set(n.get() + 1));
}

/// Returns the allocations and shipments of a run.
fn cost_of(model: &Model) -> (u64, u64) {
    let before = N_ASKED.get();
    let shipments = engine(model, 0).shipments;
    (N_ASKED.get() - before, shipments)
}

fn check(name: &str, short: &str, long: &str) {
    let models = [short, long].map(|measure| model(name, &[&format!("run.measure=\"{measure}\"")]));
    let [(few, n_short), (many, n_long)] = models.each_ref().map(cost_of);
    // At the end of a run, every month has a line.
    let [months, more_months] = models.map(|model| model.periods.pieces.len() as u64);
    assert!(n_long > n_short + 40_000, "{name}: {n_long} and {n_short} shipments say nothing");
    assert!(few > 0, "nothing is counted");
    let more = many.saturating_sub(few).saturating_sub(more_months - months);
    assert!(
        1000 * more <= n_long - n_short,
        "{name}: {more} allocations for {} more shipments",
        n_long - n_short
    );
}

#[test]
fn the_event_loop_allocates_nothing_once_warm() {
    check("mm1", "100000h", "200000h");
    check("rail-corridor", "35040h", "70080h");
}
