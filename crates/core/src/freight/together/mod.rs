//! Many shipments at once: what `ahead` does for one, done for all that stand before one operation, operation by operation.
//!
//! Releases of a flow, all who come to a desk in a stretch of time (`upstream`) and the cargo of a vehicle go the same way. So
//! they are taken along it as a column: the law, the stage and the tally of an operation are looked up once, and each step
//! is a short loop of its own over the column. Where ways part, so does the column; what is left of a few goes on one by one,
//! by `ahead`. The figures are the same to the bit, for they do not depend on the order in which they are recorded: twins and
//! tests hold the ways against each other.
//!
//! Here is the walk from operation to operation; desks are in `desk`, deliveries in `delivery`, releases in `release`.

mod delivery;
mod desk;
mod release;

use crate::freight::ahead::Ahead;
use crate::freight::category::Category;
use crate::freight::charge::{Noted, note};
use crate::freight::entity::Slot;
use crate::freight::ids::{StageId, StreamId};
use crate::freight::observer::Observer;
use crate::freight::program::{Op, OpIndex, Per};
use crate::freight::simulation::Simulation;
use crate::freight::upstream::Cause;
use crate::freight::waiting::regime_state_at;
use crate::kernel::law::Law;
use crate::kernel::order::Sorter;
use crate::kernel::random::Stream;

/// Somebody who is, or will be, somewhere: at a station, or before an operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comer {
    pub at: i64,
    /// As in ranks.
    pub identity: u64,
    pub slot: Slot,
    /// What brought them without any time in between.
    pub cause: Cause,
}

impl Comer {
    /// Puts who comes in order: by instant, cause and identity.
    pub(super) fn sort(comers: &mut [Self], sorter: &mut Sorter<Self>) {
        let is_before = |one: &Self, other: &Self| {
            one.at < other.at
                || one.at == other.at && (one.cause, one.identity) < (other.cause, other.identity)
        };
        sorter.sort(comers, |comer| comer.at, is_before);
    }
}

/// Fewer than these are not worth a column.
pub(super) const FEW: usize = 6;

/// The places in a list of those who stand before the same operation.
#[derive(Debug, Default)]
pub(super) struct ByOp {
    /// Before which each stands.
    ops: Vec<OpIndex>,
    /// The operations that anybody stands before, in order, and where the places of each end.
    ends: Vec<(OpIndex, u32)>,
    places: Vec<u32>,
    /// The places where all stand before the same: one after the other, as many as there ever were.
    in_turn: Vec<u32>,
    /// By operation: how many stand before it, or where the next place goes. All zero between uses.
    counts: Vec<u32>,
}

impl ByOp {
    /// Sorts a list, given by the operations of who stands in it: they are counted, for they are few beside those who stand before them.
    fn sort(&mut self, ops: impl ExactSizeIterator<Item = OpIndex> + Clone) {
        let Self { ops: of_each, ends, places, in_turn, counts } = self;
        ends.clear();
        let Some(first) = ops.clone().next() else { return };
        if ops.clone().all(|pc| pc == first) {
            let n = ops.len() as u32;
            ends.push((first, n));
            in_turn.extend(in_turn.len() as u32..n);
            return;
        }
        of_each.clear();
        for pc in ops {
            let known = counts.len();
            if pc as usize >= known {
                counts.resize(pc as usize + 1, 0);
            }
            let count = &mut counts[pc as usize];
            if *count == 0 {
                ends.push((pc, 0));
            }
            *count += 1;
            of_each.push(pc);
        }
        ends.sort_unstable();
        let mut begin = 0;
        for &(pc, _) in &*ends {
            begin += std::mem::replace(&mut counts[pc as usize], begin);
        }
        places.resize(of_each.len(), 0);
        for (place, &pc) in (0..).zip(&*of_each) {
            let next = &mut counts[pc as usize];
            places[*next as usize] = place;
            *next += 1;
        }
        for (pc, end) in ends {
            *end = std::mem::take(&mut counts[*pc as usize]);
        }
    }

    /// The operation that all stand before, if it is one.
    fn only(&self) -> Option<OpIndex> {
        match self.ends[..] {
            [(pc, _)] => Some(pc),
            _ => None,
        }
    }

    /// The operations, and who stands before each, in the order of the list.
    fn runs(&self) -> impl Iterator<Item = (OpIndex, impl ExactSizeIterator<Item = usize> + Clone)> {
        let begins = std::iter::once(0).chain(self.ends.iter().map(|&(_, end)| end));
        let all = if self.only().is_some() { &self.in_turn } else { &self.places };
        self.ends.iter().zip(begins).map(|(&(pc, end), begin)| {
            let places = &all[begin as usize..end as usize];
            (pc, places.iter().map(|&place| place as usize))
        })
    }
}

/// Work space. Its lists are empty between uses.
#[derive(Debug, Default)]
pub(super) struct Space {
    releases: Vec<i64>,
    by_op: ByOp,
    drawn: Vec<i64>,
    pub times: Vec<i64>,
    pub values: Vec<i64>,
    runs: Vec<delivery::Run>,
    desk: desk::Space,
    spare: Vec<Vec<Comer>>,
}

impl Space {
    /// An empty column.
    pub(super) fn column(&mut self) -> Vec<Comer> {
        self.spare.pop().unwrap_or_default()
    }

    /// Takes a column back.
    pub(super) fn give_back(&mut self, mut column: Vec<Comer>) {
        column.clear();
        self.spare.push(column);
    }
}

impl<O: Observer> Simulation<'_, O> {
    /// Takes shipments that are free, each at an instant of its own, now or later, through what concerns each of them alone.
    /// They stand before the same operation; their records do not say so yet. Empties the column.
    pub(super) fn walk_together(&mut self, mut pc: OpIndex, column: &mut Vec<Comer>) {
        let model = self.model;
        let programs = &model.programs;
        loop {
            if column.len() < FEW {
                return self.walk_one_by_one(pc, column);
            }
            match programs.ops[pc as usize] {
                Op::EndStage(stage) => self.end_stage_together(stage, column),
                Op::Delay(index) | Op::Haul(index) => {
                    let op = &programs.delays[index as usize];
                    if op.connection.is_some_and(|connection| self.connections[connection].is_shared) {
                        return self.walk_one_by_one(pc, column);
                    }
                    let mut times = std::mem::take(&mut self.space.times);
                    self.draw_times(column, &op.time, op.stream, op.per, &mut times);
                    self.space.times = times;
                    pc += u32::from(self.spend_together(pc, op.category, column));
                }
                Op::Regime(index) => {
                    let op = &programs.regimes[index as usize];
                    let params = &model.regimes[op.regime];
                    let Self { pool, keys, space, regimes, .. } = self;
                    let state = &mut regimes[op.regime];
                    for comer in &*column {
                        let state = regime_state_at(params, state, keys[params.stream], comer.at);
                        let entity = &pool[comer.slot];
                        let mut stream = Stream::new(keys[op.stream], entity.number, entity.laps());
                        space.times.push(op.times[usize::from(state)].sample_whole(&mut stream));
                    }
                    pc += u32::from(self.spend_together(pc, Category::REGIME_WAIT, column));
                }
                Op::Gate(calendar) => {
                    let calendar = &model.calendars[calendar];
                    let wait = |comer: &Comer| calendar.next_open(comer.at).saturating_sub(comer.at);
                    self.space.times.extend(column.iter().map(wait));
                    pc += u32::from(self.spend_together(pc, Category::Hours, column));
                }
                Op::Choose(index) => return self.part(index, column),
                Op::Jump(to) => {
                    pc = to;
                    continue;
                }
                Op::Mark(mark) => {
                    for comer in &*column {
                        self.pool[comer.slot].stamp(1 << mark, comer.at);
                    }
                }
                Op::Charge(charge) => {
                    if model.costs.are_kept {
                        for comer in &*column {
                            let entity = &self.pool[comer.slot];
                            note(&mut self.noted, comer.slot, entity, Noted::Charge(charge));
                        }
                    }
                }
                op @ (Op::InspectionBegins | Op::InspectionEnds) => {
                    for comer in &*column {
                        self.pool[comer.slot].set_inspected(op == Op::InspectionBegins);
                    }
                }
                op @ (Op::Ride(_) | Op::RideAny(_)) if !model.waits_to_fill(op) => {
                    for comer in &*column {
                        self.pool[comer.slot].pc = pc;
                    }
                    self.join_yard_together(op, column);
                    column.clear();
                    return;
                }
                op @ (Op::Work(_) | Op::Batch(_)) => {
                    let Some(knot) = self.upstream.plan.knot_of(op) else {
                        return self.walk_one_by_one(pc, column);
                    };
                    for comer in &*column {
                        self.pool[comer.slot].pc = pc;
                    }
                    self.upstream.come_together(knot, column);
                    column.clear();
                    return;
                }
                Op::Deliver => {
                    self.deliver_together(column);
                    column.clear();
                    return;
                }
                _ => return self.walk_one_by_one(pc, column),
            }
            pc += 1;
        }
    }

    /// As [`Self::walk_together`] for shipments that may stand before different operations, as their records say.
    pub(super) fn walk_all(&mut self, comers: &mut Vec<Comer>) {
        let mut by_op = std::mem::take(&mut self.space.by_op);
        by_op.sort(comers.iter().map(|comer| self.pool[comer.slot].pc));
        if let Some(pc) = by_op.only() {
            self.space.by_op = by_op;
            return self.walk_together(pc, comers);
        }
        for (pc, places) in by_op.runs() {
            if places.len() < FEW {
                for place in places {
                    self.walk_one(comers[place]);
                }
                continue;
            }
            let mut alike = self.space.column();
            alike.extend(places.map(|place| comers[place]));
            self.walk_together(pc, &mut alike);
            self.space.give_back(alike);
        }
        self.space.by_op = by_op;
        comers.clear();
    }

    /// Draws a time for each: as `draw_time` for a shipment.
    fn draw_times(&self, column: &[Comer], law: &Law, stream: StreamId, per: Per, times: &mut Vec<i64>) {
        law.sample_each(column.iter().map(|comer| self.stream(stream, comer.slot)), times);
        if per != Per::Job {
            for (time, comer) in times.iter_mut().zip(column) {
                let entity = &self.pool[comer.slot];
                *time = per.of(*time, entity.teu, entity.mass, i64::from(entity.units));
            }
        }
    }

    /// Takes the shipments of a column, who stand before an operation, on one by one.
    fn walk_one_by_one(&mut self, pc: OpIndex, column: &mut Vec<Comer>) {
        for comer in column.drain(..) {
            self.pool[comer.slot].pc = pc;
            self.walk_one(comer);
        }
    }

    fn walk_one(&mut self, comer: Comer) {
        let (now, cause) = (self.now, self.upstream.cause());
        // Whoever has come here in no time still comes of the same cause.
        self.now = comer.at;
        self.upstream.set_cause(comer.cause);
        if let Ahead::At(at, due_as) = self.walk_ahead(comer.slot, comer.at) {
            self.resume_at(at, due_as, comer.slot);
        }
        self.now = now;
        self.upstream.set_cause(cause);
    }

    /// Each goes the way that its draw leads.
    fn part(&mut self, index: u32, column: &mut Vec<Comer>) {
        let op = &self.model.programs.chooses[index as usize];
        let mut ways = op.branches.iter().map(|&(_, to)| to).chain([op.otherwise]);
        let (mut first_way, mut is_only) = (None, true);
        for comer in &*column {
            let entity = &mut self.pool[comer.slot];
            let word = Stream::new(self.keys[op.stream], entity.number, op.occurrence(entity.laps())).word();
            entity.pc = op.way(word);
            is_only &= *first_way.get_or_insert(entity.pc) == entity.pc;
        }
        // Few are inspected, or take a rare way.
        if let Some(way) = first_way.filter(|_| is_only) {
            return self.walk_together(way, column);
        }
        let mut rest = self.space.column();
        while !column.is_empty()
            && let Some(way) = ways.next()
        {
            let mut taken = self.space.column();
            for comer in column.drain(..) {
                let goes = self.pool[comer.slot].pc == way;
                if goes { taken.push(comer) } else { rest.push(comer) }
            }
            std::mem::swap(column, &mut rest);
            self.walk_together(way, &mut taken);
            self.space.give_back(taken);
        }
        self.space.give_back(rest);
    }

    /// The times in the work space pass, in a category. True if that was all of a stage for each, and the next operation, its
    /// end, is done too. Who would come to the end only after the run is left out of the column.
    fn spend_together(&mut self, pc: OpIndex, category: Category, column: &mut Vec<Comer>) -> bool {
        let mut times = std::mem::take(&mut self.space.times);
        let end = self.end;
        if column.iter().zip(&times).any(|(comer, &time)| comer.at.saturating_add(time) > end) {
            let mut n_kept = 0;
            for place in 0..column.len() {
                let (comer, time) = (column[place], times[place]);
                if comer.at.saturating_add(time) > end {
                    self.pool[comer.slot].pc = pc;
                } else {
                    (column[n_kept], times[n_kept]) = (comer, time);
                    n_kept += 1;
                }
            }
            column.truncate(n_kept);
            times.truncate(n_kept);
        }
        let stage = match self.model.programs.ops.get(pc as usize + 1) {
            Some(&Op::EndStage(stage)) => Some(stage).filter(|_| {
                column.iter().all(|comer| {
                    let entity = &self.pool[comer.slot];
                    entity.stage_from == comer.at && entity.accounted_to == comer.at && !entity.is_inspected()
                })
            }),
            _ => None,
        };
        let values = &mut self.space.values;
        for (comer, &time) in column.iter_mut().zip(&times) {
            let entity = &mut self.pool[comer.slot];
            if time > 0 {
                comer.at += time;
                comer.cause = 0;
                entity.fold(comer.at);
            }
            if stage.is_some() {
                (entity.accounted_to, entity.stage_from) = (comer.at, comer.at);
                if entity.measured {
                    values.push(time);
                }
            } else if time > 0 {
                entity.spend(category, time);
            }
        }
        if let Some(stage) = stage {
            self.accounts.stage_all(stage, values);
            self.out.stages[stage].spend_only(category, values.iter().sum());
            self.out.checks.categories += values.len() as u64;
            values.clear();
        }
        times.clear();
        self.space.times = times;
        stage.is_some()
    }

    /// All end a stage.
    fn end_stage_together(&mut self, stage: StageId, column: &mut Vec<Comer>) {
        let values = &mut self.space.values;
        let record = &mut self.out.stages[stage];
        let mut is_sound = true;
        for comer in &*column {
            let entity = &mut self.pool[comer.slot];
            is_sound &= entity.accounted_to == comer.at;
            if entity.measured {
                values.push(comer.at - entity.stage_from);
                entity.add_times_to(&mut record.categories);
            }
            entity.stage_from = comer.at;
            entity.clear_times();
        }
        self.accounts.stage_all(stage, values);
        self.out.checks.categories += values.len() as u64;
        values.clear();
        if !is_sound
            && let Some(odd) = column.iter().find(|comer| self.pool[comer.slot].accounted_to != comer.at)
        {
            self.violate_categories(odd.slot, odd.at);
        }
    }
}
