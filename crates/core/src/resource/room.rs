//! Finite waiting rooms and patience: who is lost, sent another way, kept outside, or gives up.
//!
//! A room counts those who wait, not those in service. Who finds it full and cannot start at once is lost, goes on at the
//! beginning of another itinerary, or waits outside: it keeps what it holds, the server of the work it just ended included
//! (blocking after service), and comes in, by class and then in the order of coming, when a place is free. Waiting outside
//! is waiting for a server: it belongs to the wait here, and the number waiting here counts it. Who gives up leaves without
//! having been served and does its next step; patience ends with the first start of work. Does not own queues (`resource`).

use crate::engine::Simulation;
use crate::engine::entity::{Kind, Slot, gives_up_at};
use crate::engine::event::{Event, What};
use crate::model::WhenFull;
use crate::model::ids::{FlowId, ItineraryId, ResourceId};
use crate::record::observer::Observer;

/// Who has been diverted so often goes round in a circle of full rooms, and is lost.
const MOST_DIVERSIONS: u8 = 100;

impl<O: Observer> Simulation<'_, O> {
    /// Books a request. False if the entity does not join the queue: it found no room.
    pub(crate) fn enter_or_turn_away(&mut self, slot: Slot, work: u32) -> bool {
        let resource = self.env.model.programs.works[work as usize].resource;
        let params = &self.env.model.resources[resource];
        if let Some(room) = params.room.places
            && self.world.resources[resource].n_waiting >= room
            && !self.may_start(slot, work)
            && !self.preempts_on_entry(slot, work)
        {
            self.turn_away(slot, work);
            return false;
        }
        self.enter(slot, resource);
        if params.room.when_full == WhenFull::Block {
            self.give_back_kept(slot);
        }
        true
    }

    /// Makes room for a newcomer with nobody ahead by interrupting somebody. False, and nothing done, if that cannot be.
    fn preempts_on_entry(&mut self, slot: Slot, work: u32) -> bool {
        let resource = self.env.model.programs.works[work as usize].resource;
        let class = self.class_at(slot, work);
        let is_first =
            self.world.resources[resource].queues[..=class].iter().all(std::collections::VecDeque::is_empty);
        is_first && self.preempt_for(slot, work, class)
    }

    #[cold]
    fn turn_away(&mut self, slot: Slot, work: u32) {
        let resource = self.env.model.programs.works[work as usize].resource;
        let counted = u64::from(self.is_measured(self.clock.now));
        let entity = &mut self.world.pool[slot];
        match &self.env.model.resources[resource].room.when_full {
            WhenFull::Block => {
                self.enter(slot, resource);
                let class = self.class_at(slot, work);
                let state = &mut self.world.resources[resource];
                state.blocked[class].push_back(slot);
                state.n_blocked += 1;
                let record = &mut self.books.out.resources[resource];
                record.blocked += counted;
                record.queue.change(self.clock.now, 1);
                self.be_patient(slot, work);
            }
            WhenFull::Divert(ways)
                if entity.kind == Kind::Shipment && entity.divert_again(MOST_DIVERSIONS) =>
            {
                let to = ways.get(&FlowId::new(entity.owner as usize)).copied();
                let record = &mut self.books.out.resources[resource];
                record.arrivals += counted;
                record.diverted += counted;
                match to {
                    Some(to) => self.divert(slot, to),
                    None => self.lose(slot),
                }
            }
            WhenFull::Lose | WhenFull::Divert(_) => {
                let record = &mut self.books.out.resources[resource];
                record.arrivals += counted;
                record.lost += counted;
                self.lose(slot);
            }
        }
    }

    /// A shipment goes on at the beginning of another itinerary. The stage under way ends here.
    fn divert(&mut self, slot: Slot, to: ItineraryId) {
        self.free_all(slot);
        self.end_present_stage(slot);
        self.take_itinerary(slot, to, (self.env.model.itineraries[to].program, 0));
        let entity = &mut self.world.pool[slot];
        entity.leave_loops();
        entity.set_inspected(false);
        self.advance(slot, false);
    }

    /// Lets the first of those outside in, if there is a place or it can start at once. False if nobody came in.
    pub(crate) fn let_in(&mut self, resource: ResourceId) -> bool {
        let blocked = self.world.resources[resource].blocked.iter().enumerate();
        let Some((class, slot)) =
            { blocked }.find_map(|(class, list)| list.front().map(|&slot| (class, slot)))
        else {
            return false;
        };
        let Some(work) = self.work_of(slot) else { return false };
        let room = self.env.model.resources[resource].room.places.unwrap_or(u32::MAX);
        if self.world.resources[resource].n_waiting >= room && !self.may_start(slot, work) {
            return false;
        }
        let state = &mut self.world.resources[resource];
        state.blocked[class].pop_front();
        state.n_blocked -= 1;
        state.queues[class].push_back(slot);
        state.n_waiting += 1;
        self.give_back_kept(slot);
        true
    }

    /// Gives back the servers that a shipment kept for want of room.
    fn give_back_kept(&mut self, slot: Slot) {
        let held = self.world.held.get(slot as usize).map_or(&[][..], |held| held);
        if let Some(place) = held.iter().position(|held| held.kept) {
            self.give_back(slot, place);
        }
    }

    /// Begins to count the patience of who has begun to wait, if it has any limit.
    #[inline]
    pub(crate) fn be_patient(&mut self, slot: Slot, work: u32) {
        let op = &self.env.model.programs.works[work as usize];
        let Some(patience) = op.patience else { return };
        let entity = &self.world.pool[slot];
        let at = gives_up_at(&self.env.model.programs, &self.env.keys, entity, patience, self.clock.now);
        // Its own act, after all that could still let it start at this instant.
        let rank =
            self.env.ranks.request_at(op.resource, self.class_at(slot, work), self.env.ranks.of(entity));
        self.clock.calendar.push(at, rank, Event::new(What::GivesUp, slot, entity.generation));
    }

    /// Patience is at its end, and work has not begun: the entity leaves and does its next step.
    pub(crate) fn give_up(&mut self, slot: Slot) {
        let Some(work) = self.work_of(slot) else { return };
        let resource = self.env.model.programs.works[work as usize].resource;
        let class = self.class_at(slot, work);
        let state = &mut self.world.resources[resource];
        if let Some(place) = state.queues[class].iter().position(|&other| other == slot) {
            state.queues[class].remove(place);
            state.n_waiting -= 1;
        } else if let Some(blocked) = state.blocked.get_mut(class) {
            blocked.retain(|&other| other != slot);
            state.n_blocked -= 1;
        }
        let entered_at = self.world.pool[slot].entered_at;
        let counted = u64::from(self.env.window.contains(entered_at));
        let record = &mut self.books.out.resources[resource];
        record.queue.change(self.clock.now, -1);
        record.patience_lost += counted;
        self.divide_wait(slot, work);
        self.leave_resource(slot, resource, 0, entered_at, 0);
        self.give_back_kept(slot);
        let entity = &mut self.world.pool[slot];
        entity.fold(self.clock.now);
        entity.pc += 1;
        // It may have been what kept others from starting, or their place.
        self.serve(resource);
        self.advance(slot, false);
    }
}
