//! The measured window, as handlers and stations ask for it.

/// The window in plain milliseconds, as the handlers ask for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub from: i64,
    pub to: i64,
}

impl Measured {
    /// Whether an instant is measured.
    #[inline]
    pub(crate) fn contains(self, at: i64) -> bool {
        self.from <= at && at < self.to
    }

    /// Length of `[from, to)` inside the window.
    #[inline]
    pub(crate) fn clip(self, from: i64, to: i64) -> i64 {
        (to.min(self.to) - from.max(self.from)).max(0)
    }
}
