//! Scheduled and priority stations against a simulation that asks at every tick of the clock: random jobs, whole ticks, so that much happens
//! at one instant. A failure names the job.

use std::sync::Arc;

use sanda_units::Time;

use crate::engine::entity::NEVER;
use crate::kernel::random::{Key, Stream};
use crate::model::ids::{CalendarId, NodeId};
use crate::model::{AtClosing, CalendarParams, QueueOrder, ResourceParams, Room};
use crate::record::measured::Measured;

use super::*;

const END: i64 = 4_000;
const SHIFTS: &Shifts = &[(0, 0)];

/// A job as the tests make it.
#[derive(Debug, Clone, Copy)]
struct Made {
    job: Job,
    class: usize,
    gives_up_at: i64,
}

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// It began and ended.
    Served(i64, i64),
    /// It gave up.
    GaveUp(i64),
    Lost,
}

/// A resource with hours and shifts, and its timeline.
struct Place {
    params: ResourceParams,
    calendar: CalendarParams,
    timeline: Arc<Timeline>,
}

impl Place {
    fn new(mut params: ResourceParams, open: &[(i64, i64)]) -> Self {
        params.calendar = (!open.is_empty()).then(|| CalendarId::new(0));
        let at = |&(from, to): &(i64, i64)| (Time::from_ms(from), Time::from_ms(to));
        let calendar = CalendarParams { open: open.iter().map(at).collect() };
        let hours = (!open.is_empty()).then_some(&calendar.open);
        let timeline = Arc::new(Timeline::of(&params, hours));
        Self { params, calendar, timeline }
    }

    fn rules(&self) -> Rules<'_> {
        let calendar = (!self.calendar.open.is_empty()).then_some(&self.calendar);
        Rules { params: &self.params, calendar, window: Measured { from: 0, to: END } }
    }

    fn is_open(&self, at: i64) -> bool {
        let open = &self.calendar.open;
        open.is_empty() || open.iter().any(|(from, to)| from.as_ms() <= at && at < to.as_ms())
    }

    fn servers(&self, at: i64) -> i64 {
        let shift = self.params.shifts.iter().rfind(|(from, _)| from.as_ms() <= at);
        i64::from(shift.map_or(self.params.servers.unwrap_or(u32::MAX), |&(_, servers)| servers))
    }

    fn closes_at(&self, at: i64) -> i64 {
        let open = self.calendar.open.iter().find(|(from, to)| from.as_ms() <= at && at < to.as_ms());
        open.map_or(i64::MAX, |(_, to)| to.as_ms())
    }

    /// Returns when work that begins at an instant ends, as it is under `pause`: tick by tick.
    fn ends(&self, at: i64, work: i64) -> i64 {
        if self.params.at_closing != AtClosing::Pause {
            return at + work;
        }
        let (mut at, mut left) = (at, work);
        while left > 0 {
            left -= i64::from(self.is_open(at));
            at += 1;
            if at > 10 * END {
                return NEVER;
            }
        }
        at
    }
}

/// Asks at every tick: servers become free, waits end, jobs arrive in their order, and from the most urgent class on the first may begin.
fn tick_by_tick(place: &Place, jobs: &[Made]) -> Vec<Option<Fate>> {
    let mut fates = vec![None; jobs.len()];
    let (mut busy, mut waiting): (Vec<(i64, u32)>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut next = 0;
    for at in 0..10 * END {
        busy.retain(|&(until, _)| until > at);
        let serve = |busy: &mut Vec<(i64, u32)>, waiting: &mut Vec<usize>, fates: &mut Vec<Option<Fate>>| {
            while let Some(&first) = waiting.iter().min_by_key(|&&job| (jobs[job].class, job)) {
                let job = jobs[first].job;
                let taken: i64 = busy.iter().map(|&(_, units)| i64::from(units)).sum();
                let fits = place.params.at_closing != AtClosing::Fit || at + job.work <= place.closes_at(at);
                if !place.is_open(at) || place.servers(at) - taken < i64::from(job.units) || !fits {
                    return;
                }
                let end = place.ends(at, job.work);
                if end > at {
                    busy.push((end, job.units));
                }
                fates[first] = Some(Fate::Served(at, end));
                waiting.retain(|&other| other != first);
            }
        };
        serve(&mut busy, &mut waiting, &mut fates);
        // A wait ends after everything that could still let the job begin at the instant.
        waiting.retain(|&job| {
            let gives_up = jobs[job].gives_up_at <= at;
            if gives_up {
                fates[job] = Some(Fate::GaveUp(at));
            }
            !gives_up
        });
        while let Some(made) = jobs.get(next).filter(|made| made.job.at == at) {
            let room = place.params.room.places.unwrap_or(u32::MAX) as usize;
            let n_before = waiting.len();
            waiting.push(next);
            serve(&mut busy, &mut waiting, &mut fates);
            if fates[next].is_none() {
                if n_before >= room {
                    waiting.retain(|&job| job != next);
                    fates[next] = Some(Fate::Lost);
                } else if made.gives_up_at <= at {
                    waiting.retain(|&job| job != next);
                    fates[next] = Some(Fate::GaveUp(at));
                }
            }
            next += 1;
        }
        if next == jobs.len() && waiting.is_empty() {
            break;
        }
    }
    fates
}

fn params(stream: &mut Stream, classes: u8) -> ResourceParams {
    let kind = stream.word() % 4;
    let turns_away = classes == 1 && kind > 1;
    let at_closing = match stream.word() % 3 {
        0 if !turns_away => AtClosing::Fit,
        1 => AtClosing::Pause,
        _ => AtClosing::Finish,
    };
    let servers = 1 + (stream.word() % 3) as u32;
    let shifts = if stream.word().is_multiple_of(2) {
        Vec::new()
    } else {
        let shift = |n: i64| (Time::from_ms(n * 90), (stream.word() % u64::from(servers + 1)) as u32);
        let mut shifts: Vec<(Time, u32)> = (0..END / 90).map(shift).collect();
        shifts.push((Time::from_ms(END), servers));
        shifts
    };
    let room = Room {
        places: (turns_away && kind == 2).then_some((stream.word() % 3) as u32),
        has_patience: turns_away && kind == 3,
        ..Room::UNLIMITED
    };
    let plain = ResourceParams::fifo("station".into(), NodeId::new(0), Some(servers));
    let order = if classes > 1 { QueueOrder::Priority(classes) } else { QueueOrder::Fifo };
    ResourceParams { shifts, order, room, at_closing, ..plain }
}

fn made(stream: &mut Stream, params: &ResourceParams) -> Vec<Made> {
    let mut at = 0;
    let turns_away = params.room.places.is_some() || params.room.has_patience;
    let units = if turns_away { 1 } else { u64::from(params.servers.unwrap_or(1)) };
    let mut jobs = Vec::new();
    while at < END * 3 / 4 {
        let job = Job {
            at,
            // Short enough to fit into every opening.
            work: (stream.word() % 30) as i64,
            units: 1 + (stream.word() % units) as u32,
        };
        let gives_up_at = if params.room.has_patience { at + (stream.word() % 40) as i64 } else { NEVER };
        jobs.push(Made {
            job,
            class: (stream.word() % u64::from(params.order.n_queues())) as usize,
            gives_up_at,
        });
        at += (stream.word() % 24) as i64;
    }
    jobs
}

fn open(stream: &mut Stream) -> Vec<(i64, i64)> {
    if stream.word().is_multiple_of(3) {
        return Vec::new();
    }
    let (mut at, mut open) = ((stream.word() % 50) as i64, Vec::new());
    while at < 9 * END {
        let until = at + 40 + (stream.word() % 60) as i64;
        open.push((at, until));
        at = until + 1 + (stream.word() % 60) as i64;
    }
    open
}

#[test]
fn scheduled_stations_do_what_a_clock_sees() {
    let mut n_turned_away = 0;
    for number in 0..150 {
        let stream = &mut Stream::new(Key::new(7, 7, 7, 7), number, 0);
        let place = Place::new(params(stream, 1), &open(stream));
        let jobs = made(stream, &place.params);
        let expected = tick_by_tick(&place, &jobs);
        let mut station = Scheduled::new(&place.timeline);
        let mut record = ResourceRecord::new(0, END);
        for (n, (made, expected)) in jobs.iter().zip(expected).enumerate() {
            let levels = &mut Levels::of(&mut record, SHIFTS);
            let fate = match station.serve(made.job, &place.rules(), levels, || made.gives_up_at) {
                Outcome::Served(service) => Fate::Served(service.begin, service.end),
                Outcome::GivesUp { at, .. } => Fate::GaveUp(at),
                Outcome::Lost => Fate::Lost,
            };
            n_turned_away += u32::from(!matches!(fate, Fate::Served(..)));
            assert_eq!(Some(fate), expected, "job {n} of place {number}: {made:?} at {:?}", place.params);
        }
    }
    assert!(n_turned_away > 200, "{n_turned_away} jobs turned away show little");
}

#[test]
fn priority_stations_do_what_a_clock_sees() {
    let mut n_overtaken = 0;
    for number in 0..150 {
        let stream = &mut Stream::new(Key::new(8, 8, 8, 8), number, 0);
        let place = Place::new(params(stream, 3), &open(stream));
        let mut jobs = made(stream, &place.params);
        // Of one instant the most urgent arrives first.
        jobs.sort_by_key(|made| (made.job.at, made.class));
        let expected = tick_by_tick(&place, &jobs);
        let mut station: Priority<usize> = Priority::new(&place.timeline, 3);
        let mut record = ResourceRecord::new(0, END);
        let mut visits = Vec::new();
        let length = 1 + (stream.word() % 300) as i64;
        let mut next = 0;
        for window in 1..=20 * END / length {
            let levels = &mut Levels::of(&mut record, SHIFTS);
            while let Some(made) = jobs.get(next).filter(|made| made.job.at < window * length) {
                station.take((made.job, made.class, next), &place.rules(), levels, &mut visits);
                next += 1;
            }
            station.serve_until(window * length, &place.rules(), levels, &mut visits);
        }
        assert_eq!(visits.len(), jobs.len(), "place {number}: {:?}", place.params);
        for pair in visits.windows(2) {
            n_overtaken += u32::from(pair[1].ticket < pair[0].ticket);
        }
        for visit in visits {
            let fate = Fate::Served(visit.service.begin, visit.service.end);
            let made = jobs[visit.ticket];
            assert_eq!(Some(fate), expected[visit.ticket], "place {number}: {made:?} at {:?}", place.params);
        }
    }
    assert!(n_overtaken > 500, "{n_overtaken} jobs overtaken show little");
}
