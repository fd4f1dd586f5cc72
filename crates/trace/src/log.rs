//! The log of a replication: small entries of equal size, chained backwards for each shipment.
//!
//! Entries are appended in the order of events, for whichever shipment. A life therefore needs no growing list of its own. Does not own the
//! meaning of entries (`recorder` writes them, `life` reads them).

/// The chain of a shipment that has no entry yet.
pub(crate) const NOTHING: u32 = u32::MAX;

/// Number of entries per chunk of memory: 24 MB. Chunks are never moved, so a growing log is never copied.
const CHUNK: usize = 1 << 20;

/// Number of bits of a code that hold an id; the others hold the kind.
const ID_BITS: u32 = 27;

/// The meaning of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// A stage by its id, from `a` to `b`.
    Stage,
    /// Of the stage before: milliseconds `a` in the category of the lower byte of the id, `b` in that of the upper.
    Spent,
    /// A start of service at a resource: requested at `a`, started at `b`.
    Started,
    /// An end of service at a resource: requested at `a`, ended at `b`.
    Ended,
    /// Of the end before: the last start at `a`.
    EndedFrom,
    /// A boarding of a service: ready at `a`, departed at `b`.
    Boarded,
    /// Of the boarding before: the departure is `a`, the stops are the halves of `b`'s upper half, its lower half the units.
    BoardedAs,
    /// Of the boarding before: one of the services of the group of this id.
    BoardedOf,
    /// The end of a ride on a service: arrived at `a`, unloaded at `b`.
    Unloaded,
    /// Of the unloading before: the departure is `a`, `b` the units.
    UnloadedAs,
    /// A mark by its number, stamped at `a`.
    Mark,
    /// The itinerary of this id is left at a hub at `a`, for another; `b` is when the ride that is given up was waited for from, or no time.
    Replanned,
}

impl Kind {
    const ALL: [Self; 12] = [
        Self::Stage,
        Self::Spent,
        Self::Started,
        Self::Ended,
        Self::EndedFrom,
        Self::Boarded,
        Self::BoardedAs,
        Self::BoardedOf,
        Self::Unloaded,
        Self::UnloadedAs,
        Self::Mark,
        Self::Replanned,
    ];
}

/// One entry. Instants and times in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    before: u32,
    code: u32,
    pub(crate) a: i64,
    pub(crate) b: i64,
}

impl Entry {
    pub(crate) fn kind(self) -> Kind {
        Kind::ALL[(self.code >> ID_BITS) as usize]
    }

    pub(crate) fn id(self) -> usize {
        (self.code & ((1 << ID_BITS) - 1)) as usize
    }
}

/// All entries of a replication.
#[derive(Debug, Default)]
pub(crate) struct Log {
    chunks: Vec<Vec<Entry>>,
}

impl Log {
    /// Appends an entry to a chain, which is identified by its last entry.
    pub(crate) fn push(&mut self, last: &mut u32, kind: Kind, id: usize, (a, b): (i64, i64)) {
        if self.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let number = (self.chunks.len() - 1) * CHUNK;
        let Some(chunk) = self.chunks.last_mut() else { return };
        let code = (kind as u32) << ID_BITS | id as u32;
        chunk.push(Entry { before: *last, code, a, b });
        *last = (number + chunk.len() - 1) as u32;
    }

    /// Returns the entries of a chain, the first one first.
    pub(crate) fn chain(&self, last: u32) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut at = last;
        while at != NOTHING {
            let entry = self.chunks[at as usize / CHUNK][at as usize % CHUNK];
            entries.push(entry);
            at = entry.before;
        }
        entries.reverse();
        entries
    }
}
