//! Shipments, their branches and vehicles: the life record that all of them share, and the pool of those alive.
//!
//! Does not own what happens to them (the handlers) or what they meet (`state`).

use crate::kernel::random::{Key, Stream, scramble};
use crate::model::category::{Category, CategoryTimes, N_CATEGORIES};
use crate::model::ids::StreamId;
use crate::model::program::{DEEPEST_LOOP, LoadUnit, OpIndex, Programs, RepeatOp};
use crate::model::{ClockEnd, N_MARKS};
use crate::plan::Ranks;
use sanda_units::IdVec;

/// Number of slots that an event can name: 134 million entities alive at once, which take some 50 GB.
pub(crate) const SLOT_LIMIT: usize = 1 << 27;

/// Index of an entity in the pool; reused after the entity has gone, and never part of a key or an output.
pub(crate) type Slot = u32;

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// A shipment.
    Shipment,
    /// One branch of a shipment, or of such a branch; `link` is the slot of what it is a branch of.
    Branch,
    /// A vehicle; `link` indexes the vehicle pool.
    Vehicle,
    /// One branch of what is done to a vehicle; `link` as for [`Kind::Branch`].
    VehicleBranch,
}

/// Whether an entity is some units of a shipment that was split over departures: `link` is the slot of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Part {
    /// It is not.
    Whole,
    /// Units that board before others.
    First,
    /// What is left over, after which nothing boards.
    Rest,
}

/// A shipment, a branch of one, or a vehicle: a program counter with a life record.
///
/// The order of the fields is that of their use, by lines of memory of 64 bytes: a hub has tens of thousands of these, and
/// fetching a line costs as much as a hundred instructions. Most steps touch the first two alone. What the further ones hold
/// is valid only where something in these says so, so that a new shipment need not write them.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(crate) struct Entity {
    /// Next operation, or the one under way.
    pub pc: OpIndex,
    /// See [`Kind`].
    pub kind: Kind,
    /// Released in the window.
    pub measured: bool,
    /// See [`Part`].
    pub part: Part,
    /// Whether it is inside an inspection, and what of the further lines holds something: [`INSPECTED`], [`HAS_LAPS`], [`DIVERTED`].
    flags: u8,
    /// Flow of a shipment or branch, service of a vehicle.
    pub owner: u32,
    /// Makes stale events recognisable.
    pub generation: u32,
    /// Number within the flow or service: the lasting identity.
    pub number: u64,
    /// Request at the present resource, or readiness at the present yard.
    pub entered_at: i64,
    /// Since when the present wait or work counts.
    pub since: i64,
    /// Beginning of the present stage.
    pub stage_from: i64,
    /// Running fold of its milestones, for the fingerprint.
    pub fold: u64,
    /// Up to here all time of its life has been put into a category. Of a branch: from 0, how much of its own time.
    pub accounted_to: i64,

    /// Release of a shipment, departure of a vehicle.
    pub released_at: i64,
    /// Thousandths of a TEU.
    pub teu: i64,
    /// Kilograms.
    pub mass: i64,
    /// Time in the first categories that have any; see [`Entity::spend`].
    few_times: [i64; N_FEW],
    /// Its candidate itinerary.
    pub itinerary: u32,
    /// Units of the shipment, or of the part of it.
    pub units: u32,
    /// Piece of the calendar of release.
    pub period: u16,
    /// Class in priority queues.
    pub class: u8,
    /// Stamped milestones, one bit each; [`IS_LATE`] if `late` holds something.
    marked: u8,
    /// The categories of `few_times`, in the order in which they came.
    few: [Category; N_FEW],
    /// How many of `few` hold something; one more than there are if `times` does as well.
    n_few: u8,

    /// When the milestones were stamped; see `marked`.
    marks: [i64; N_MARKS],
    /// Lap counters of the loops around the present operation, [`LAP_BITS`] each; see `flags`.
    laps: u128,
    /// See [`Kind`].
    pub link: u32,
    /// Where all branching began: its own slot's unless it is a branch.
    pub root: Slot,

    /// How many of its branches are still under way; none of a new shipment, whose slot had none left.
    pub n_branches: u32,
    /// Of a branch, its place among the branches of the whole, as ranks tell them apart.
    pub branch: u8,
    /// How often it was diverted from a full room; see `flags`.
    n_diverted: u8,
    /// Work at a resource is under way (or paused); not at a desk.
    pub serving: bool,
    /// Its work here was begun and interrupted: `due` is the work left, or [`ANEW`].
    pub interrupted: bool,
    /// Work left when paused; due instant of the present work while it runs.
    pub due: i64,
    /// The resource's closed time at the request.
    pub closed_before: i64,
    /// The resource's disrupted time at the request.
    pub disrupted_before: i64,
    /// How long after its planned arrival the vehicle came that brought a shipment here; see `marked`.
    late: i64,
    /// Milliseconds in categories beyond the first few.
    times: CategoryTimes,
}

/// A bit of `marked` beside those of the milestones.
const IS_LATE: u8 = 1 << 7;
const _: () = assert!(N_MARKS < 8, "a bit is left for lateness");

/// Categories whose times stand at hand: hardly any stage has more.
const N_FEW: usize = 3;

/// Flags of an entity: inside an inspection; `laps` holds something; `n_diverted` holds something.
const INSPECTED: u8 = 1;
const HAS_LAPS: u8 = 2;
const DIVERTED: u8 = 4;

/// Bits of one lap counter. The loops of an itinerary count apart, up to [`DEEPEST_LOOP`] of them.
const LAP_BITS: u32 = u128::BITS / DEEPEST_LOOP as u32;

impl Entity {
    pub(crate) fn new(kind: Kind, owner: u32, number: u64, pc: OpIndex, now: i64) -> Self {
        Self {
            pc,
            kind,
            measured: false,
            part: Part::Whole,
            flags: 0,
            owner,
            generation: 0,
            number,
            entered_at: now,
            since: now,
            stage_from: now,
            fold: 0,
            accounted_to: now,
            released_at: now,
            teu: 0,
            mass: 0,
            few_times: [0; N_FEW],
            itinerary: 0,
            units: 1,
            period: 0,
            class: 0,
            marked: 0,
            few: [Category::Moving; N_FEW],
            n_few: 0,
            marks: [0; N_MARKS],
            laps: 0,
            link: 0,
            root: 0,
            n_branches: 0,
            branch: 0,
            n_diverted: 0,
            serving: false,
            interrupted: false,
            due: 0,
            closed_before: 0,
            disrupted_before: 0,
            late: 0,
            times: [0; N_CATEGORIES],
        }
    }

    /// Adds time to a category, or to inspection while inside one: milliseconds of the present stage for a shipment, since
    /// departure for a vehicle.
    #[inline]
    pub(crate) fn spend(&mut self, category: Category, time: i64) {
        if time != 0 {
            let category = if self.is_inspected() { Category::Inspection } else { category };
            self.accounted_to += time;
            self.add_time(category, time);
        }
    }

    /// Adds a wait for a server, and work.
    #[inline]
    pub(crate) fn spend_on_work(&mut self, wait: i64, work: i64) {
        self.spend(Category::Server, wait);
        self.spend(Category::Worked, work);
    }

    /// Adds the wait in a yard until now. What it waits for follows from the first cancelled or held departure that it could have made,
    /// the first that left it behind, and, where a service leaves when full, when a vehicle was wanted.
    pub(crate) fn spend_in_yard(
        &mut self,
        now: i64,
        cancelled_at: i64,
        rolled_at: i64,
        wanted_at: Option<i64>,
    ) {
        let ready_at = self.entered_at;
        let cancelled_at = cancelled_at.min(now);
        let first_until = rolled_at.min(cancelled_at);
        // It waits for other cargo until the service would leave, from then on for a vehicle.
        let cargo_until = wanted_at.map_or(ready_at, |wanted_at| wanted_at.max(ready_at).min(first_until));
        self.spend(Category::Cargo, cargo_until - ready_at);
        self.spend(Category::Timetable, first_until - cargo_until);
        self.spend(Category::Rolled, cancelled_at - first_until);
        self.spend(Category::Disruption, now - cancelled_at);
    }

    /// Adds time to a category that is accounted for already.
    #[inline]
    pub(crate) fn add_time(&mut self, category: Category, time: i64) {
        for place in 0..N_FEW {
            if place == usize::from(self.n_few) {
                self.few[place] = category;
                self.few_times[place] = time;
                self.n_few += 1;
                return;
            }
            if self.few[place] == category {
                self.few_times[place] += time;
                return;
            }
        }
        self.add_further(category, time);
    }

    #[cold]
    fn add_further(&mut self, category: Category, time: i64) {
        if usize::from(self.n_few) == N_FEW {
            self.times = [0; N_CATEGORIES];
            self.n_few += 1;
        }
        self.times[category as usize] += time;
    }

    /// Adds its times to those of the categories.
    #[inline]
    pub(crate) fn add_times_to(&self, times: &mut CategoryTimes) {
        let n = usize::from(self.n_few);
        for (&category, time) in self.few.iter().zip(self.few_times).take(n) {
            times[category as usize] += time;
        }
        if n > N_FEW {
            self.add_further_to(times);
        }
    }

    #[cold]
    fn add_further_to(&self, times: &mut CategoryTimes) {
        for (time, more) in times.iter_mut().zip(self.times) {
            *time += more;
        }
    }

    /// All of them, by category.
    pub(crate) fn category_times(&self) -> CategoryTimes {
        let mut times = [0; N_CATEGORIES];
        self.add_times_to(&mut times);
        times
    }

    /// Forgets all times: a stage has ended.
    #[inline]
    pub(crate) fn clear_times(&mut self) {
        self.n_few = 0;
    }

    /// Whether it is inside an inspection.
    #[inline]
    pub(crate) fn is_inspected(&self) -> bool {
        self.flags & INSPECTED != 0
    }

    /// An inspection begins or ends.
    #[inline]
    pub(crate) fn set_inspected(&mut self, is_inspected: bool) {
        self.set_flag(INSPECTED, is_inspected);
    }

    #[inline]
    fn set_flag(&mut self, flag: u8, is_set: bool) {
        self.flags = if is_set { self.flags | flag } else { self.flags & !flag };
    }

    /// Counts a diversion from a full room. False if there have been this many already.
    pub(crate) fn divert_again(&mut self, most: u8) -> bool {
        let n_before = if self.flags & DIVERTED != 0 { self.n_diverted } else { 0 };
        if n_before >= most {
            return false;
        }
        self.n_diverted = n_before + 1;
        self.set_flag(DIVERTED, true);
        true
    }

    /// The occurrence of its draws, by the lap counters of the loops around the present operation: 16 bits of each, the outermost
    /// in the lowest, as long as all fit; a mix of the whole counters beyond that.
    #[inline]
    pub(crate) fn laps(&self) -> u64 {
        if self.flags & HAS_LAPS == 0 { 0 } else { occurrence(self.laps) }
    }

    /// Leaves all loops.
    pub(crate) fn leave_loops(&mut self) {
        self.set_laps(0);
    }

    #[inline]
    fn set_laps(&mut self, laps: u128) {
        self.laps = laps;
        self.set_flag(HAS_LAPS, laps != 0);
    }

    /// Counts a lap if a draw says that a loop is repeated. A loop without a limit counts 2^32 laps and begins anew.
    #[inline]
    pub(crate) fn repeats(&mut self, op: &RepeatOp, word: u64) -> bool {
        const ALL: u128 = u32::MAX as u128;
        let shift = LAP_BITS * u32::from(op.depth);
        let laps = if self.flags & HAS_LAPS == 0 { 0 } else { self.laps };
        let lap = (laps >> shift & ALL) as u32;
        let others = laps & !(ALL << shift);
        let may = op.at_most == 0 || u64::from(lap) + 1 < u64::from(op.at_most);
        let repeats = word < op.threshold && may;
        self.set_laps(if repeats { others | u128::from(lap.wrapping_add(1)) << shift } else { others });
        repeats
    }

    /// Stamps marks, one bit each.
    #[inline]
    pub(crate) fn stamp(&mut self, marks: u8, at: i64) {
        let mut left = marks;
        while left != 0 {
            self.marks[left.trailing_zeros() as usize] = at;
            left &= left - 1;
        }
        self.marked |= marks;
    }

    /// When a mark was stamped; [`NEVER`] if it was not.
    #[inline]
    pub(crate) fn stamped(&self, mark: u8) -> i64 {
        if self.marked >> mark & 1 == 1 { self.marks[usize::from(mark)] } else { NEVER }
    }

    /// When each mark was stamped; [`NEVER`] for those that were not.
    #[inline]
    pub(crate) fn all_marks(&self) -> [i64; N_MARKS] {
        std::array::from_fn(|mark| self.stamped(mark as u8))
    }

    /// The beginning or end of a clock of a shipment that is delivered at an instant; [`NEVER`] if it has none.
    #[inline]
    pub(crate) fn at_end(&self, end: ClockEnd, delivered_at: i64) -> i64 {
        match end {
            ClockEnd::Released => self.released_at,
            ClockEnd::Delivered => delivered_at,
            ClockEnd::Mark(mark) => self.stamped(mark),
        }
    }

    /// Remembers how late the vehicle came that brought it; nothing if it came as planned or before.
    #[inline]
    pub(crate) fn come_late(&mut self, late: i64) {
        if late > 0 {
            self.late = late;
            self.marked |= IS_LATE;
        } else {
            self.marked &= !IS_LATE;
        }
    }

    /// How late the vehicle came that brought it.
    #[inline]
    pub(crate) fn late(&self) -> i64 {
        if self.marked & IS_LATE == 0 { 0 } else { self.late }
    }

    /// Takes over the marks and the lateness of a branch.
    pub(crate) fn take_marks(&mut self, branch: &Self) {
        if branch.late() > 0 {
            self.late = branch.late;
        }
        for mark in (0..N_MARKS).filter(|mark| branch.marked >> mark & 1 == 1) {
            self.marks[mark] = branch.marks[mark];
        }
        self.marked |= branch.marked;
    }

    /// Folds an instant into the life.
    #[inline]
    pub(crate) fn fold(&mut self, at: i64) {
        self.fold = (self.fold.rotate_left(23) ^ at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// The occurrence of draws at these lap counters.
#[inline]
fn occurrence(laps: u128) -> u64 {
    const SHORT: u64 = 0xFFFF;
    if laps <= u128::from(SHORT) {
        return laps as u64;
    }
    let counters = [0, 1, 2, 3].map(|depth| u64::from((laps >> (LAP_BITS * depth)) as u32));
    if counters.iter().all(|&counter| counter <= SHORT) {
        return counters.iter().rev().fold(0, |packed, counter| packed << 16 | counter);
    }
    counters.iter().fold(0, |mixed, &counter| scramble(mixed ^ counter))
}

impl Ranks {
    /// The identity of an entity.
    #[inline]
    pub(crate) fn of(&self, entity: &Entity) -> u64 {
        match entity.kind {
            Kind::Shipment => Self::shipment(entity.owner, entity.number),
            Kind::Branch => Self::shipment(entity.owner, entity.number) | u64::from(entity.branch),
            Kind::Vehicle => self.departure(entity.owner, entity.number),
            Kind::VehicleBranch => self.departure(entity.owner, entity.number) | u64::from(entity.branch),
        }
    }
}

pub(crate) use crate::kernel::NEVER;

/// Work left of who begins anew.
pub(crate) const ANEW: i64 = -1;

/// The entities alive, in reusable slots.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    entities: Vec<Entity>,
    vacant: Vec<Slot>,
}

impl Pool {
    pub(crate) fn add(&mut self, mut entity: Entity) -> Slot {
        if let Some(slot) = self.vacant.pop() {
            let place = &mut self.entities[slot as usize];
            // The generation outlives the slot's tenants, so that an event for an earlier one stays stale.
            entity.generation = place.generation;
            *place = entity;
            slot
        } else {
            self.grow(entity)
        }
    }

    /// Adds an entity in a slot of its own. Panics beyond the slots that an event can name.
    fn grow(&mut self, entity: Entity) -> Slot {
        let slot = self.entities.len();
        assert!(slot < SLOT_LIMIT, "more than {SLOT_LIMIT} shipments and vehicles at the same time");
        self.entities.push(entity);
        slot as Slot
    }

    /// Adds a new shipment, and gives it back to be filled in: as [`Self::add`] of [`Entity::new`], without writing what
    /// nobody will read.
    #[inline]
    pub(crate) fn add_shipment(
        &mut self,
        owner: u32,
        number: u64,
        pc: OpIndex,
        now: i64,
    ) -> (Slot, &mut Entity) {
        let Some(slot) = self.vacant.pop() else {
            let slot = self.grow(Entity::new(Kind::Shipment, owner, number, pc, now));
            return (slot, &mut self.entities[slot as usize]);
        };
        let entity = &mut self.entities[slot as usize];
        debug_assert!(
            !entity.serving && !entity.interrupted && entity.n_branches == 0,
            "its last tenant was done"
        );
        (entity.pc, entity.kind, entity.owner, entity.number) = (pc, Kind::Shipment, owner, number);
        (entity.part, entity.flags) = (Part::Whole, 0);
        (entity.entered_at, entity.since, entity.stage_from) = (now, now, now);
        (entity.accounted_to, entity.released_at, entity.fold) = (now, now, 0);
        (entity.marked, entity.n_few) = (0, 0);
        (slot, entity)
    }

    pub(crate) fn remove(&mut self, slot: Slot) {
        let entity = &mut self.entities[slot as usize];
        entity.generation = entity.generation.wrapping_add(1);
        self.vacant.push(slot);
    }

    /// Reads the records of entities that are about to be needed one after the other, so that the waits for memory overlap.
    /// Changes nothing.
    #[inline]
    pub(crate) fn fetch(&self, slots: impl Iterator<Item = Slot>) {
        let mut word = 0;
        for slot in slots {
            // One word of each line of memory that most have use for.
            if let Some(entity) = self.entities.get(slot as usize) {
                word ^= entity.since ^ entity.released_at;
                if entity.marked != 0 {
                    word ^= entity.marks[0];
                }
            }
        }
        std::hint::black_box(word);
    }

    pub(crate) fn n_alive(&self) -> usize {
        self.entities.len() - self.vacant.len()
    }

    /// Slots, vacant ones included.
    pub(crate) fn n_slots(&self) -> usize {
        self.entities.len()
    }

    /// The entities in use, in slot order (which is not the order of anything else).
    pub(crate) fn alive(&self) -> impl Iterator<Item = &Entity> {
        self.alive_slots().map(|(_, entity)| entity)
    }

    /// The entities in use with their slots.
    pub(crate) fn alive_slots(&self) -> impl Iterator<Item = (Slot, &Entity)> {
        let mut vacant = vec![false; self.entities.len()];
        for &slot in &self.vacant {
            vacant[slot as usize] = true;
        }
        (0..).zip(&self.entities).zip(vacant).filter_map(|(entity, vacant)| (!vacant).then_some(entity))
    }
}

impl std::ops::Index<Slot> for Pool {
    type Output = Entity;
    #[inline]
    fn index(&self, slot: Slot) -> &Entity {
        &self.entities[slot as usize]
    }
}

impl std::ops::IndexMut<Slot> for Pool {
    #[inline]
    fn index_mut(&mut self, slot: Slot) -> &mut Entity {
        &mut self.entities[slot as usize]
    }
}

/// A shipment's quantity in a unit.
#[inline]
pub(crate) fn quantity_of(entity: &Entity, unit: LoadUnit) -> i64 {
    match unit {
        LoadUnit::Teu => entity.teu,
        LoadUnit::Mass => entity.mass,
        LoadUnit::Shipments => 1,
        LoadUnit::Units => i64::from(entity.units),
    }
}

/// When the patience of who begins to wait is at its end.
pub(crate) fn gives_up_at(
    programs: &Programs,
    keys: &IdVec<StreamId, Key>,
    entity: &Entity,
    patience: u32,
    now: i64,
) -> i64 {
    let (law, stream) = &programs.patiences[patience as usize];
    let mut stream = Stream::new(keys[*stream], entity.number, entity.laps());
    now.saturating_add(law.sample_whole(&mut stream).max(0))
}
