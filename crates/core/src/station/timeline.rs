//! How many servers of a station may begin work at which time: hours and shifts in one list, made once for all replications.

use sanda_units::Time;

use crate::engine::entity::NEVER;
use crate::model::ids::ResourceId;
use crate::model::{Model, ResourceParams};

/// Pieces of time, one behind the other, the first from the start on.
#[derive(Debug)]
pub(crate) struct Timeline {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    from: i64,
    /// How many may begin: none out of hours, and in a shift without any, both of which count as closed.
    servers: u32,
    /// Time closed before it.
    closed_before: i64,
}

impl Piece {
    #[inline]
    fn closed_until(&self, at: i64) -> i64 {
        self.closed_before + if self.servers == 0 { at - self.from } else { 0 }
    }
}

impl Timeline {
    /// Makes the timeline of a resource of a model.
    pub(crate) fn new(model: &Model, resource: ResourceId) -> Self {
        let params = &model.resources[resource];
        Self::of(params, params.calendar.map(|calendar| &model.calendars[calendar].open))
    }

    /// Makes the timeline of a resource with opening hours.
    pub(crate) fn of(params: &ResourceParams, hours: Option<&Vec<(Time, Time)>>) -> Self {
        let mut instants = vec![0];
        instants.extend(hours.into_iter().flatten().flat_map(|&(open, close)| [open.as_ms(), close.as_ms()]));
        instants.extend(params.shifts.iter().map(|(from, _)| from.as_ms()));
        instants.retain(|&at| at >= 0);
        instants.sort_unstable();
        instants.dedup();
        let servers_at = |at: i64| {
            let is_open = hours.is_none_or(|hours| {
                let next = hours.partition_point(|(_, close)| close.as_ms() <= at);
                hours.get(next).is_some_and(|(open, _)| open.as_ms() <= at)
            });
            let shift = params.shifts.partition_point(|(from, _)| from.as_ms() <= at).checked_sub(1);
            let servers = shift.map(|shift| params.shifts[shift].1).or(params.servers).unwrap_or(u32::MAX);
            if is_open { servers } else { 0 }
        };
        let mut pieces: Vec<Piece> = Vec::with_capacity(instants.len());
        for from in instants {
            let closed_before = pieces.last().map_or(0, |last| last.closed_until(from));
            pieces.push(Piece { from, servers: servers_at(from), closed_before });
        }
        Self { pieces }
    }

    /// Goes on from a piece to that of an instant which does not lie before it.
    #[inline]
    pub(crate) fn go_on(&self, piece: &mut usize, to: i64) {
        while self.pieces.get(*piece + 1).is_some_and(|next| next.from <= to) {
            *piece += 1;
        }
    }

    /// The servers of a piece, and when the next one begins.
    #[inline]
    pub(crate) fn servers(&self, piece: usize) -> (u32, i64) {
        (self.pieces[piece].servers, self.pieces.get(piece + 1).map_or(NEVER, |next| next.from))
    }

    /// For how long somebody may begin between two instants.
    pub(crate) fn open_within(&self, from: i64, to: i64) -> i64 {
        let closed = |at: i64| {
            let next = self.pieces.partition_point(|piece| piece.from <= at);
            self.pieces[next.saturating_sub(1)].closed_until(at)
        };
        (to - from) - (closed(to) - closed(from))
    }

    /// Time closed before an instant that does not lie before a piece.
    #[inline]
    pub(crate) fn closed_until(&self, mut piece: usize, at: i64) -> i64 {
        self.go_on(&mut piece, at);
        self.pieces[piece].closed_until(at)
    }
}
