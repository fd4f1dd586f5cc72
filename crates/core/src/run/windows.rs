//! Windows: feed-forward regions are simulated lazily, a window of time after the other.
//!
//! This is a conservative scheme of parallel simulation (K. M. Chandy and J. Misra, 1979) run on one core. Where shipments meet others only
//! at stations before they stand in a yard, what happens follows from who arrives when: no event is needed, and nothing can tell when it was
//! worked out, as long as it is before a departure looks at the yard. So a partition (`plan::regions`) is left alone until a departure with
//! a cut-off past what is known looks at one of its yards, until a disruption is about to change which itineraries are taken, or until many
//! arrivals wait. Then it catches up to the present, and in its last window as far beyond it as its lookahead allows. In each window all
//! releases come first, flow by flow, then station by station all arrivals, each station before those that it leads to. So the state of
//! one station, and the code for it, stay at hand. The stations of a broken cycle are passed again and again, in windows no longer than the
//! lookahead at which the cycle is broken.
//!
//! The order is that of events (`event`): at a station by instant and, of one instant, by identity. A shipment that a departure, or a
//! batch that has waited its longest, brings without any time in between comes after those that none has, in the order of these
//! triggers ([`Trigger`]). Does not own what happens at a station (`serve`), to a batch (`waiting`), between stations (`walk`) or at a
//! release (`release`). The event-by-event plan has no windows.

use std::cmp::Reverse;

use crate::engine::Simulation;
use crate::engine::batch::Arrival;
use crate::engine::entity::{NEVER, Slot};
use crate::engine::windows::{ALL_STEPS, SOON, STEPS_OF_EACH};
use crate::model::QueueOrder;
use crate::model::ids::ServiceId;
use crate::model::program::Op;
use crate::plan::{Ranks, Stage, StationId};
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    /// Advances every partition that feeds a yard far enough for a departure to look at what is ready there by an instant, now at the latest.
    /// At an event of the class of departures.
    #[inline]
    pub(crate) fn look_at_feeders(&mut self, service: ServiceId, stop: usize, ready_by: i64) {
        for place in 0..self.windows.plan().regions.feeds[service][stop].len() {
            let partition = self.windows.plan().regions.feeds[service][stop][place] as usize;
            if ready_by >= self.windows.partitions[partition].done_until {
                self.catch_up(partition, self.clock.now + 1);
            }
        }
    }

    /// Advances every partition of the component to an instant, and none beyond.
    #[inline(never)]
    pub(crate) fn catch_up_everywhere(&mut self, until: i64) {
        for place in 0..self.windows.of_component.len() {
            let partition = self.windows.of_component[place] as usize;
            while self.windows.partitions[partition].done_until < until {
                self.run_window(partition, until);
            }
        }
    }

    /// Advances partitions with crowded inboxes to the present.
    #[inline(never)]
    pub(crate) fn clear_inboxes(&mut self, now: i64) {
        while let Some(partition) = self.windows.crowded.pop() {
            self.catch_up(partition as usize, now);
            for station in self.windows.plan().regions.partitions[partition as usize].stations.clone() {
                self.windows.inboxes[station].allow_more(self.windows.pace.may_wait);
            }
        }
    }

    /// Runs one more window of each partition, where the next event comes after the measured window: the run may be over, unless something
    /// that counts is still to happen there. Returns false if there is nothing to be found.
    pub(crate) fn find_more(&mut self, next_at: i64) -> bool {
        let last = self.env.end.saturating_add(1);
        let window = self.env.model.window;
        let mut until = window.to.as_ms().min(last);
        self.windows.pace.is_through = self.windows.pace.is_through || !self.windows.is_behind(until);
        if self.windows.pace.is_through {
            // Now and then, for every look cuts a window short.
            if self.books.n_measured == 0 || next_at < last.min(self.windows.pace.look_again_at) {
                return false;
            }
            until = next_at.min(last);
            if !self.windows.is_behind(until) {
                self.windows.pace.look_again_at =
                    next_at.saturating_add((window.to - window.from).as_ms() / 1000);
                return false;
            }
        }
        for place in 0..self.windows.of_component.len() {
            self.run_window(self.windows.of_component[place] as usize, until);
        }
        true
    }

    /// Advances a partition to an instant, one after now at the latest, and in its last window as far beyond as its lookahead allows.
    fn catch_up(&mut self, partition: usize, until: i64) {
        let known_until =
            self.clock.now.saturating_add(self.windows.plan().regions.partitions[partition].lookahead);
        let horizon = known_until.min(self.windows.choices.change_at).min(self.env.window.to).max(until);
        while self.windows.partitions[partition].done_until < until {
            self.run_window(partition, horizon);
        }
    }

    /// Works out anew when choices change next: it may have changed itself.
    pub(crate) fn watch_choices(&mut self) {
        let changing = self.windows.choices.changing.iter();
        let next_at = changing.map(|&id| self.world.disruptions[id].next_at).min();
        self.windows.choices.change_at = next_at.unwrap_or(NEVER);
    }

    /// Runs one more window of a partition, up to an instant at the latest.
    fn run_window(&mut self, id: usize, until: i64) {
        let partition = &self.windows.partitions[id];
        if partition.done_until >= until {
            return;
        }
        let from = partition.done_until.max(self.windows.next_at(id));
        let to = from.saturating_add(partition.window).min(until);
        let (now, trigger) = (self.clock.now, self.windows.trigger);
        self.windows.partitions[id].soon_until = to.saturating_add(partition.window.saturating_mul(SOON));
        self.windows.window_until = Some(to);
        let mut n_steps = self.release_until(id, to);
        for stage in 0..self.windows.plan().regions.partitions[id].stages.len() {
            n_steps += self.pass_stage(id, stage, to);
        }
        (self.clock.now, self.windows.trigger) = (now, trigger);
        self.windows.window_until = None;
        let of_each = (STEPS_OF_EACH * self.windows.plan().regions.partitions[id].n_members).min(ALL_STEPS);
        let n_wanted = self.windows.pace.n_steps.max(of_each);
        let partition = &mut self.windows.partitions[id];
        partition.done_until = to;
        if n_steps > 2 * n_wanted {
            partition.window = (partition.window / 2).max(1);
        } else if n_steps < n_wanted && to < until {
            partition.window = partition.window.saturating_mul(2);
        }
    }

    /// Releases the shipments of a partition before an instant, flow by flow. Returns how many.
    fn release_until(&mut self, id: usize, until: i64) -> usize {
        let mut n_released = 0;
        self.windows.trigger = 0;
        while let Some(&Reverse((at, flow))) = self.windows.partitions[id].arrivals.peek()
            && at < until
        {
            let (n, next) = self.release_before(flow, at, until);
            n_released += n;
            let arrivals = &mut self.windows.partitions[id].arrivals;
            match (arrivals.peek_mut(), next) {
                (Some(mut first), Some(at)) => first.0.0 = at,
                (Some(first), None) => {
                    std::collections::binary_heap::PeekMut::pop(first);
                }
                (None, _) => {}
            }
        }
        n_released
    }

    /// Passes the stations of a stage up to an instant. Returns the number of arrivals. Of a broken cycle, a shipment that leaves it goes on
    /// at the end, with all others that do.
    fn pass_stage(&mut self, id: usize, stage: usize, until: i64) -> usize {
        let Stage { stations, longest } = self.windows.plan().regions.partitions[id].stages[stage].clone();
        let mut n_arrivals = 0;
        self.windows.is_in_cycle = longest < i64::MAX;
        loop {
            let first = self.windows.soonest[stations.clone()].iter().copied().min().unwrap_or(NEVER);
            if first >= until {
                break;
            }
            let to = first.saturating_add(longest).min(until);
            for station in stations.clone() {
                if self.windows.soonest[station] < to {
                    n_arrivals += self.pass_station(station, to);
                    debug_assert!(self.windows.soonest[station] >= to, "something is left there");
                }
            }
        }
        if std::mem::take(&mut self.windows.is_in_cycle) {
            self.let_held_go();
        }
        n_arrivals
    }

    /// Passes a station up to an instant. Returns the number of arrivals.
    fn pass_station(&mut self, number: usize, until: i64) -> usize {
        let mut arrivals = std::mem::take(&mut self.space.list);
        self.windows.soonest[number] = self.windows.inboxes[number].take(until, &mut arrivals);
        self.world.pool.fetch(arrivals.iter().map(|arrival| arrival.slot));
        let station = self.windows.plan().regions.stations[number];
        if let StationId::Resource(resource) = station
            && self.env.model.resources[resource].order != QueueOrder::Fifo
        {
            self.rank_by_class(&mut arrivals);
        }
        let n_arrivals = arrivals.len();
        Arrival::sort(&mut arrivals, &mut self.space.sorter);
        // When something happens there next, whether a shipment arrives or not.
        let next_at = match station {
            StationId::Resource(resource) => self.serve_station(resource, &mut arrivals, until),
            StationId::Batch(group) => self.pass_batch(group, &arrivals, until),
        };
        let soonest = &mut self.windows.soonest[number];
        *soonest = next_at.min(*soonest);
        arrivals.clear();
        self.space.list = arrivals;
        n_arrivals
    }

    /// Ranks arrivals by class: of one instant, the most urgent comes first to a priority resource.
    fn rank_by_class(&self, arrivals: &mut [Arrival]) {
        for arrival in arrivals {
            if let Op::Work(work) = self.env.model.programs.ops[self.world.pool[arrival.slot].pc as usize] {
                arrival.identity = Ranks::in_class(self.class_at(arrival.slot, work), arrival.identity);
            }
        }
    }

    /// Lets a batch fill and go on, up to an instant. Returns when it will have waited its longest.
    fn pass_batch(&mut self, group: u32, arrivals: &[Arrival], until: i64) -> i64 {
        let mut gone = self.space.lists.lend();
        for arrival in arrivals {
            if (self.windows.due_at[group as usize], group + 1) < (arrival.at, arrival.trigger) {
                self.let_batch_go(group, &mut gone);
            }
            (self.clock.now, self.windows.trigger) = (arrival.at, arrival.trigger);
            self.wait_in_batch(arrival.slot, group, &mut gone);
        }
        if self.windows.due_at[group as usize] < until {
            self.let_batch_go(group, &mut gone);
        }
        self.walk_all(&mut gone);
        self.space.lists.take_back(gone);
        self.windows.due_at[group as usize]
    }

    /// Adds a shipment to a batch now. Those that go on, because it is complete, are added to a list.
    fn wait_in_batch(&mut self, slot: Slot, group: u32, gone: &mut Vec<Arrival>) {
        let is_first = self.add_to_batch(slot, group);
        if self.is_complete(group) {
            self.windows.due_at[group as usize] = NEVER;
            self.leave_batch(group, gone);
        } else if is_first {
            let longest_wait = self.env.model.batch_groups[group as usize].longest_wait;
            self.windows.due_at[group as usize] = self.clock.now.saturating_add(longest_wait);
        }
    }

    /// Ends the wait of a batch that has waited its longest. Its members are added to a list.
    fn let_batch_go(&mut self, group: u32, gone: &mut Vec<Arrival>) {
        let due_at = std::mem::replace(&mut self.windows.due_at[group as usize], NEVER);
        (self.clock.now, self.windows.trigger) = (due_at, group + 1);
        self.leave_batch(group, gone);
    }

    fn leave_batch(&mut self, group: u32, gone: &mut Vec<Arrival>) {
        let (at, trigger) = (self.clock.now, self.windows.trigger);
        let members = self.end_batch(group);
        for &slot in &members {
            let identity = self.env.ranks.of(&self.world.pool[slot]);
            gone.push(Arrival { at, identity, slot, trigger });
        }
        self.give_back_members(members);
    }
}
