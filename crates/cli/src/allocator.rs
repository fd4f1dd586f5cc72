//! The allocator, and the end of the program when memory runs out: a message and an exit code instead of an abort.

#![expect(unsafe_code, reason = "an allocator is an unsafe trait; every call is handed on as it came")]

use std::alloc::{GlobalAlloc, Layout};
use std::io::{self, Write as _};

use mimalloc::MiMalloc;

use crate::exit;

/// [`MiMalloc`], which makes fewer system calls and uses huge pages, with a clean end when memory is exhausted.
pub(crate) struct Allocator;

// SAFETY: every call and every result is passed on unchanged; a null pointer ends the program.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of the trait.
        present(unsafe { MiMalloc.alloc(layout) }, layout.size())
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        present(unsafe { MiMalloc.alloc_zeroed(layout) }, layout.size())
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        present(unsafe { MiMalloc.realloc(pointer, layout, size) }, size)
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { MiMalloc.dealloc(pointer, layout) }
    }
}

#[inline]
fn present(pointer: *mut u8, size: usize) -> *mut u8 {
    if pointer.is_null() {
        end(size);
    }
    pointer
}

/// Reports the failure and ends the process. Nothing here allocates memory.
#[cold]
fn end(size: usize) -> ! {
    let _ = writeln!(
        io::stderr(),
        "error: out of memory: {size} more bytes are not to be had; output folders are as they were before\n\
         hint: shorten the run, let a shipment stand for a lot, relieve what is overloaded, or take fewer --threads"
    );
    signal_hook::low_level::exit(i32::from(exit::INTERNAL))
}
