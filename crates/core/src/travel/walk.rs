//! The interpreter of private steps: what concerns a shipment alone and needs no clock.
//!
//! Delays, hauls that nothing can befall, waits for a gate or a regime, choices, ends of stages and the delivery itself neither see nor
//! are seen by anything else. A batch of shipments passes through them at one stroke, each at instants of its own, until the next
//! meeting: a station, a yard, or an operation that others see, which `meet` executes as an event. The text is written once for a list and
//! for a single shipment ([`Batch`]).
//!
//! A vehicle, whose cargo sees its steps, and any shipment while an observer wants things in the order of time
//! ([`Observer::IN_ORDER`]), stop after each step that takes time. Figures do not depend on the order in which they are recorded, so the
//! outcome is the same; tests hold the two against each other. A step that would end after the run is left undone.
//!
//! Does not own operations that others see (`meet`), stations (`serve`) or deliveries (`delivery`).

use crate::engine::Simulation;
use crate::engine::batch::{Arrival, Batch, Single};
use crate::engine::entity::{Kind, Slot};
use crate::engine::noted::{Noted, note};
use crate::engine::space::Space;
use crate::engine::state::regime_state_at;
use crate::engine::told::end_of_stage;
use crate::kernel::law::Law;
use crate::kernel::random::Stream;
use crate::model::category::{Category, REGIME_WAIT};
use crate::model::ids::{StageId, StreamId};
use crate::model::program::{Op, OpIndex, Per};
use crate::plan::Class;
use crate::record::observer::Observer;
use crate::station::FEW;

/// Where a walk ends.
pub(crate) enum Reached {
    /// Before an operation that others see, or after a step of a paced entity: at this instant, by an event of this class.
    Meeting(i64, Class),
    /// In a yard or at a station from an instant of its own on, delivered, or past the end of the run.
    Gone,
}

impl<O: Observer> Simulation<'_, O> {
    /// Advances an entity through private steps from now on. Returns true if it stands, now, before an operation that others see;
    /// else its next event, if there is one, is on the calendar.
    #[inline]
    pub(crate) fn walk_on(&mut self, slot: Slot) -> bool {
        match self.walk_single(slot, self.clock.now) {
            Reached::Meeting(at, _) if at == self.clock.now => true,
            Reached::Meeting(at, due_as) => {
                self.resume_at(at, due_as, slot);
                false
            }
            Reached::Gone => false,
        }
    }

    /// Advances an entity that is free at an instant, now or later, through private steps.
    #[inline]
    pub(crate) fn walk_single(&mut self, slot: Slot, from: i64) -> Reached {
        let entity = &self.world.pool[slot];
        let trigger = if from == self.clock.now { self.windows.trigger() } else { 0 };
        let arrival = Arrival { at: from, identity: self.env.ranks.of(entity), slot, trigger };
        self.walk(entity.pc, &mut Single::new(arrival))
    }

    /// Advances shipments that may stand before different operations, as their records say. Empties the list.
    pub(crate) fn walk_all(&mut self, arrivals: &mut Vec<Arrival>) {
        let mut by_op = std::mem::take(&mut self.space.by_op);
        by_op.sort(arrivals.iter().map(|arrival| self.world.pool[arrival.slot].pc));
        if let Some(pc) = by_op.only() {
            self.space.by_op = by_op;
            self.walk(pc, arrivals);
            return;
        }
        for (pc, places) in by_op.runs() {
            if places.len() < FEW {
                for place in places {
                    self.walk_alone(pc, arrivals[place]);
                }
                continue;
            }
            let mut alike = self.space.lists.lend();
            alike.extend(places.map(|place| arrivals[place]));
            self.walk(pc, &mut alike);
            self.space.lists.take_back(alike);
        }
        self.space.by_op = by_op;
        arrivals.clear();
    }

    /// Advances a batch through private steps, from an operation on. The records of the shipments need not say where they stand. Empties
    /// a list.
    pub(crate) fn walk<B: Batch>(&mut self, mut pc: OpIndex, batch: &mut B) -> Reached {
        let programs = &self.env.model.programs;
        let mut due_as = Class::Completion;
        loop {
            if batch.is_small() {
                self.walk_each(pc, batch);
                return Reached::Gone;
            }
            let op = programs.ops[pc as usize];
            let Some((category, class)) = self.draw_step(op, batch.arrivals()) else {
                match self.pass_at_once(pc, op, batch) {
                    Next::At(next) => {
                        pc = next;
                        continue;
                    }
                    Next::Gone => return Reached::Gone,
                    Next::Meeting => {}
                }
                if let [arrival] = *batch.arrivals() {
                    self.world.pool[arrival.slot].pc = pc;
                    return Reached::Meeting(arrival.at, due_as);
                }
                self.walk_each(pc, batch);
                return Reached::Gone;
            };
            let takes_time = self.space.times[0] > 0;
            let ends_stage = self.pass_time(pc, category, batch);
            self.space.times.clear();
            if batch.is_gone() {
                return Reached::Gone;
            }
            pc += 1 + OpIndex::from(ends_stage);
            if let [arrival] = *batch.arrivals()
                && takes_time
            {
                due_as = class;
                if O::IN_ORDER || self.is_vehicle(arrival.slot) {
                    self.world.pool[arrival.slot].pc = pc;
                    return Reached::Meeting(arrival.at, due_as);
                }
            }
        }
    }

    /// Works out how long a step takes each shipment, into the work space. Returns what the time counts as, and the class of the event that
    /// would end it; `None` for an operation that takes no time, or that others see.
    #[inline]
    fn draw_step(&mut self, op: Op, arrivals: &[Arrival]) -> Option<(Category, Class)> {
        let model = self.env.model;
        let programs = &model.programs;
        match op {
            Op::Delay(index) | Op::Haul(index) => {
                let op = &programs.delays[index as usize];
                if op.connection.is_some_and(|connection| self.world.connections[connection].is_shared) {
                    return None;
                }
                let mut times = std::mem::take(&mut self.space.times);
                self.draw_times(arrivals, &op.time, op.stream, op.per, &mut times);
                self.space.times = times;
                Some((op.category, Class::Completion))
            }
            Op::Regime(index) => {
                let op = &programs.regimes[index as usize];
                let params = &model.regimes[op.regime];
                for arrival in arrivals {
                    let state = &mut self.world.regimes[op.regime];
                    let state = regime_state_at(params, state, self.env.keys[params.stream], arrival.at);
                    let time =
                        op.times[usize::from(state)].sample_whole(&mut self.stream(op.stream, arrival.slot));
                    self.space.times.push(time);
                }
                Some((REGIME_WAIT, Class::Completion))
            }
            Op::Gate(calendar) => {
                let calendar = &model.calendars[calendar];
                let wait = |arrival: &Arrival| calendar.next_open(arrival.at).saturating_sub(arrival.at);
                self.space.times.extend(arrivals.iter().map(wait));
                Some((Category::Hours, Class::Change))
            }
            _ => None,
        }
    }

    /// Executes a private operation that takes no time, for a batch. Where shipments leave the walk, their records say where they stand.
    #[inline]
    fn pass_at_once<B: Batch>(&mut self, pc: OpIndex, op: Op, batch: &mut B) -> Next {
        let programs = &self.env.model.programs;
        let arrivals = batch.arrivals();
        match op {
            Op::EndStage(stage) => self.end_stage(stage, arrivals),
            Op::Jump(to) => return Next::At(to),
            Op::Choose(index) => {
                let op = &programs.chooses[index as usize];
                let (mut first_way, mut is_only) = (None, true);
                for arrival in arrivals {
                    let entity = &mut self.world.pool[arrival.slot];
                    let occurrence = op.occurrence(entity.laps());
                    let word = Stream::new(self.env.keys[op.stream], entity.number, occurrence).word();
                    entity.pc = op.way(word);
                    is_only &= *first_way.get_or_insert(entity.pc) == entity.pc;
                }
                // Rarely does any shipment of a batch take another way than the rest.
                match first_way.filter(|_| is_only) {
                    Some(way) => return Next::At(way),
                    None => self.part(index, batch),
                }
                return Next::Gone;
            }
            Op::Repeat(index) => {
                let [arrival] = *arrivals else { return Next::Meeting };
                let op = &programs.repeats[index as usize];
                let word = self.stream(op.stream, arrival.slot).word();
                let goes_back = self.world.pool[arrival.slot].repeats(op, word);
                return Next::At(if goes_back { op.back_to } else { pc + 1 });
            }
            Op::Mark(mark) => {
                for arrival in arrivals {
                    self.world.pool[arrival.slot].stamp(1 << mark, arrival.at);
                }
            }
            Op::Charge(charge) => {
                // Where no flow reports its costs nothing is booked, so nothing may be noted.
                if self.env.model.costs.are_kept {
                    for arrival in arrivals {
                        let entity = &self.world.pool[arrival.slot];
                        note(&mut self.books.noted, arrival.slot, entity, Noted::Charge(charge));
                    }
                }
            }
            Op::InspectionBegins | Op::InspectionEnds => {
                for arrival in arrivals {
                    self.world.pool[arrival.slot].set_inspected(op == Op::InspectionBegins);
                }
            }
            Op::Ride(_) | Op::RideAny(_) if !self.env.model.waits_to_fill(op) => {
                self.stand_before(pc, arrivals);
                self.join_yard(op, arrivals);
                batch.truncate(0);
                return Next::Gone;
            }
            Op::Work(_) | Op::Batch(_) if let Some(knot) = self.windows.plan().regions.station_of(op) => {
                self.stand_before(pc, arrivals);
                self.windows.arrive(knot, arrivals);
                batch.truncate(0);
                return Next::Gone;
            }
            Op::Deliver => {
                self.deliver(arrivals);
                batch.truncate(0);
                return Next::Gone;
            }
            _ => return Next::Meeting,
        }
        Next::At(pc + 1)
    }

    /// Notes the operation that shipments stand before.
    fn stand_before(&mut self, pc: OpIndex, arrivals: &[Arrival]) {
        for arrival in arrivals {
            self.world.pool[arrival.slot].pc = pc;
        }
    }

    /// Advances the shipments of a batch one by one. Empties a list.
    fn walk_each<B: Batch>(&mut self, pc: OpIndex, batch: &mut B) {
        for place in 0..batch.arrivals().len() {
            self.walk_alone(pc, batch.arrivals()[place]);
        }
        batch.truncate(0);
    }

    fn walk_alone(&mut self, pc: OpIndex, arrival: Arrival) {
        if let Reached::Meeting(at, due_as) = self.walk(pc, &mut Single::new(arrival)) {
            self.resume_at(at, due_as, arrival.slot);
        }
    }

    /// Sends each shipment the way that its record says, which its draw has led to.
    fn part<B: Batch>(&mut self, index: u32, batch: &mut B) {
        let op = &self.env.model.programs.chooses[index as usize];
        let mut left = self.space.lists.lend();
        left.extend_from_slice(batch.arrivals());
        batch.truncate(0);
        let mut rest = self.space.lists.lend();
        for way in op.branches.iter().map(|&(_, to)| to).chain([op.otherwise]) {
            let mut taken = self.space.lists.lend();
            for arrival in left.drain(..) {
                let goes = self.world.pool[arrival.slot].pc == way;
                if goes { taken.push(arrival) } else { rest.push(arrival) }
            }
            std::mem::swap(&mut left, &mut rest);
            self.walk(way, &mut taken);
            self.space.lists.take_back(taken);
            if left.is_empty() {
                break;
            }
        }
        self.space.lists.take_back(left);
        self.space.lists.take_back(rest);
    }

    /// Lets the time in the work space pass for each shipment, in a category. Returns true if it was all of a stage for each, and the next operation, the
    /// stage's end, is done too. A shipment whose time would end after the run is left out of the batch.
    #[inline]
    fn pass_time<B: Batch>(&mut self, pc: OpIndex, category: Category, batch: &mut B) -> bool {
        let end = self.env.end;
        let Space { times, values, .. } = &mut self.space;
        let arrivals = batch.arrivals_mut();
        if arrivals.iter().zip(&*times).any(|(arrival, &time)| arrival.at.saturating_add(time) > end) {
            let mut n_kept = 0;
            for place in 0..arrivals.len() {
                let (arrival, time) = (arrivals[place], times[place]);
                if arrival.at.saturating_add(time) > end {
                    self.world.pool[arrival.slot].pc = pc;
                } else {
                    (arrivals[n_kept], times[n_kept]) = (arrival, time);
                    n_kept += 1;
                }
            }
            batch.truncate(n_kept);
            times.truncate(n_kept);
        }
        if batch.is_gone() {
            return false;
        }
        let arrivals = batch.arrivals_mut();
        // An observer in the order of time hears of the stage when it ends.
        let stage = match self.env.model.programs.ops.get(pc as usize + 1) {
            Some(&Op::EndStage(stage)) if !O::IN_ORDER => Some(stage).filter(|_| {
                arrivals.iter().all(|arrival| {
                    let entity = &self.world.pool[arrival.slot];
                    entity.stage_from == arrival.at
                        && entity.accounted_to == arrival.at
                        && !entity.is_inspected()
                })
            }),
            _ => None,
        };
        for (arrival, &time) in arrivals.iter_mut().zip(&*times) {
            let entity = &mut self.world.pool[arrival.slot];
            if time > 0 {
                arrival.at += time;
                arrival.trigger = 0;
                entity.fold(arrival.at);
            }
            if stage.is_some() {
                (entity.accounted_to, entity.stage_from) = (arrival.at, arrival.at);
                if entity.measured {
                    values.push(time.max(0));
                }
            } else if time > 0 {
                entity.spend(category, time);
            }
        }
        if let Some(stage) = stage {
            self.books.accounts.stage_all(stage, values);
            self.books.out.stages[stage].spend_only(category, values.iter().sum());
            self.books.out.checks.categories += values.len() as u64;
            values.clear();
        }
        stage.is_some()
    }

    /// Ends a stage of shipments: the time of each, split by category, goes to the stage's record.
    #[inline]
    pub(crate) fn end_stage(&mut self, stage: StageId, arrivals: &[Arrival]) {
        let values = &mut self.space.values;
        let record = &mut self.books.out.stages[stage];
        let mut unsound = None;
        for arrival in arrivals {
            let entity = &mut self.world.pool[arrival.slot];
            if entity.accounted_to != arrival.at {
                unsound = Some(*arrival);
            }
            if entity.measured {
                values.push(arrival.at - entity.stage_from);
                entity.add_times_to(&mut record.categories);
            }
            if O::IN_ORDER {
                self.observer.stage_ended(&end_of_stage(entity, stage, arrival.at));
            }
            entity.stage_from = arrival.at;
            entity.clear_times();
        }
        self.books.accounts.stage_all(stage, values);
        self.books.out.checks.categories += values.len() as u64;
        values.clear();
        if let Some(arrival) = unsound {
            self.violate_categories(arrival);
        }
    }

    #[cold]
    fn violate_categories(&mut self, Arrival { slot, at, .. }: Arrival) {
        let entity = &self.world.pool[slot];
        let (sum, life) = (entity.accounted_to - entity.released_at, at - entity.released_at);
        let detail = format!("categories sum to {sum} ms of {life} ms of life");
        self.violate("categories", self.name_of(slot), detail);
    }

    /// Draws a time for each shipment of a batch and multiplies it as stated. Itineraries, alternatives and the states of a regime share a
    /// stream, so that a shipment has the same luck whichever it takes.
    #[inline]
    pub(crate) fn draw_times(
        &self,
        arrivals: &[Arrival],
        law: &Law,
        stream: StreamId,
        per: Per,
        times: &mut Vec<i64>,
    ) {
        if let [arrival] = arrivals {
            times.push(law.sample_whole(&mut self.stream(stream, arrival.slot)));
        } else {
            law.sample_each(arrivals.iter().map(|arrival| self.stream(stream, arrival.slot)), times);
        }
        if per != Per::Job {
            for (time, arrival) in times.iter_mut().zip(arrivals) {
                *time = self.multiplied(*time, arrival.slot, per);
            }
        }
    }

    fn is_vehicle(&self, slot: Slot) -> bool {
        matches!(self.world.pool[slot].kind, Kind::Vehicle | Kind::VehicleBranch)
    }
}

/// What comes after a private operation that takes no time.
enum Next {
    /// The operation at this place, for the whole batch.
    At(OpIndex),
    /// Nothing: every shipment has left the walk.
    Gone,
    /// The operation is one that others see.
    Meeting,
}
