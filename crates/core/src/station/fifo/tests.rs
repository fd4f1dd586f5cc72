//! FIFO stations against the recursion as it is written, one by one and in batches.

use crate::kernel::random::{Key, Stream};
use crate::kernel::tally::LevelTally;
use crate::kernel::week::Shifts;
use crate::record::ResourceRecord;

use super::*;

const SHIFTS: &Shifts = &[(0, 0)];

/// Serves a batch and returns the beginnings.
fn serve(fifo: &mut Fifo, jobs: &[(i64, i64)], record: &mut ResourceRecord) -> Vec<i64> {
    let (arrivals, works): (Vec<i64>, Vec<i64>) = jobs.iter().copied().unzip();
    let mut begins = Vec::new();
    let levels = &mut Levels::of(record, SHIFTS);
    fifo.serve(&arrivals, &works, &mut begins, levels, &mut FifoSpace::default());
    begins
}

/// The server that is free first is taken. The number waiting, which is read off the number present, against the beginnings themselves.
/// Whole units of time, so that many jobs arrive, begin and leave at one instant.
#[test]
fn jobs_begin_as_the_recursion_says() {
    for n in [1, 2, 3, 7, 40] {
        for size in [1, 3, 17] {
            let mut fifo = Fifo::new(Some(n));
            let mut record = ResourceRecord::new(0, 10_000);
            let mut free_at = vec![0; n as usize];
            let mut stream = Stream::new(Key::new(1, 2, 3, 4), u64::from(n), 0);
            let (mut now, mut waits, mut queue) = (0, Vec::new(), LevelTally::new(0, 10_000));
            for _ in 0..3_000 / size {
                let (mut jobs, mut expected) = (Vec::new(), Vec::new());
                for _ in 0..size {
                    now += (stream.word() % 4) as i64;
                    // A load of about nine tenths, with jobs that take no time.
                    let work = (stream.word() % (27 * u64::from(n) / 10)) as i64;
                    let first = free_at.iter_mut().min().expect("a server");
                    let begin = now.max(*first);
                    *first = begin + work;
                    if begin > now {
                        // Of one instant, what begins has arrived before.
                        waits.extend([(now, 1), (begin, -1)]);
                    }
                    jobs.push((now, work));
                    expected.push(begin);
                }
                assert_eq!(serve(&mut fifo, &jobs, &mut record), expected, "{n} servers at {now}");
            }
            fifo.settle(i64::MAX, &mut Levels::of(&mut record, SHIFTS));
            assert_eq!(record.present.level(), 0);
            record.present.finish(10_000, SHIFTS);
            assert!(waits.len() > 500, "{} waits at {n} servers show little", waits.len() / 2);
            waits.sort_unstable();
            for (at, delta) in waits {
                queue.change(at, delta);
            }
            queue.finish(10_000);
            assert_eq!(&record.present.times().above(n as usize), queue.times(), "waiting at {n} servers");
        }
    }
}

/// Batches at stations where all begin at once now and then, and where a job waits.
#[test]
fn batches_are_served_as_one_by_one() {
    for n in [1, 2, 4, 8, 9, 17, 40, 700, 3_000] {
        let [mut one, mut many] = [(); 2].map(|()| Fifo::new(Some(n)));
        let [mut of_one, mut of_many] = [(); 2].map(|()| ResourceRecord::new(0, 1 << 40));
        let mut stream = Stream::new(Key::new(4, 3, 2, 1), u64::from(n), 0);
        let (mut now, mut n_at_once, mut n_waiting) = (0, 0, 0);
        for _ in 0..if n > 1_000 { 60 } else { 400 } {
            let mut jobs = Vec::new();
            // A load of about nine tenths, with jobs that take no time, and many at one instant.
            for _ in 0..=stream.word() % (2 * u64::from(n)) {
                now += (stream.word() % 3) as i64;
                jobs.push((now, (stream.word() % (1 + 19 * u64::from(n) / 10)) as i64));
            }
            let begins = serve(&mut many, &jobs, &mut of_many);
            let expected: Vec<i64> =
                jobs.iter().flat_map(|&job| serve(&mut one, &[job], &mut of_one)).collect();
            assert_eq!(begins, expected, "{n} servers at {now}");
            let waits = jobs.iter().zip(&begins).any(|((now, _), begin)| begin > now);
            (n_at_once, n_waiting) = (n_at_once + u64::from(!waits), n_waiting + u64::from(waits));
        }
        for (fifo, record) in [(&mut one, &mut of_one), (&mut many, &mut of_many)] {
            fifo.settle(i64::MAX, &mut Levels::of(record, SHIFTS));
            record.present.finish(now, SHIFTS);
        }
        assert_eq!(of_one.present, of_many.present, "{n} servers");
        assert!(
            n > 1_000 || n_waiting > 20,
            "{n_waiting} batches of which a job waits at {n} servers show little"
        );
        assert!(n == 1 || n > 1_000 || n_at_once > 20, "{n_at_once} batches at once at {n} servers");
    }
}

/// Any number of servers: every job begins at once, and leaves come in any order.
#[test]
fn without_a_limit_nothing_waits() {
    let mut fifo = Fifo::new(None);
    let mut record = ResourceRecord::new(0, 100);
    let jobs = [(1, 50), (1, 0), (2, 3), (2, 60), (9, 1), (9, 1), (10, 0), (10, 5)];
    let arrivals: Vec<i64> = jobs.iter().map(|&(at, _)| at).collect();
    assert_eq!(serve(&mut fifo, &jobs, &mut record), arrivals);
    fifo.settle(100, &mut Levels::of(&mut record, SHIFTS));
    record.present.finish(100, SHIFTS);
    assert_eq!(record.present.times().area(), jobs.iter().map(|&(_, work)| i128::from(work)).sum::<i128>());
}
