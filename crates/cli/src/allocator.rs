//! The allocator, and the end of a program that gets no memory: a message and an exit code instead of an abort.

#![expect(unsafe_code, reason = "an allocator is an unsafe trait; every call is handed on as it came")]

use std::alloc::{GlobalAlloc, Layout};
use std::io::{self, Write as _};

use mimalloc::MiMalloc;

use crate::exit;

/// [`MiMalloc`], which asks less of the system and takes huge pages, with an end of its own where memory is exhausted.
pub(crate) struct Allocator;

// SAFETY: every call is handed on unchanged, and what comes back is handed back unchanged; a null pointer ends the program.
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

/// Says what happened and ends the process. Nothing here asks for memory.
#[cold]
fn end(size: usize) -> ! {
    let _ = writeln!(
        io::stderr(),
        "error: out of memory: {size} more bytes are not to be had; output folders are as they were before\n\
         hint: shorten the run, let a shipment stand for a lot, relieve what is overloaded, or take fewer --threads"
    );
    signal_hook::low_level::exit(i32::from(exit::INTERNAL))
}
