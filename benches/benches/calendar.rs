//! The event calendar in the hold model. A fixed number of events is pending; the first is taken out, and another is inserted an
//! exponential time later. The contestants are the heap of the standard library and the best of another crate, with equal entries. Does not
//! own the measuring (`contest`).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use dary_heap::DaryHeap;
use sanda_benches::contest::{self, Contestant, Measured};
use sanda_core::kernel::calendar::EventCalendar;
use sanda_core::kernel::law::Law;
use sanda_core::kernel::random::{Key, Stream};

/// Number of holds in one measured turn.
const N_HOLDS: usize = 1 << 14;

/// Number of rounds of the contest after the single measurements.
const N_ROUNDS: u64 = 15;

/// The allocator of `sanda`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let distances = distances();
    bench(&mut criterion, &distances);
    criterion.final_summary();
    if contest::is_asked_for() {
        println!("{}", contest(100, "hold model, 100 pending", &distances));
        println!("{}", contest(10_000, "hold model, 10,000 pending", &distances));
        println!("{}", contest(1_000_000, "hold model, 1,000,000 pending", &distances));
    }
}

/// Measures all contestants in turn at one size.
fn contest(n: usize, work: &'static str, distances: &[i64]) -> Measured {
    fn contestant<'a>(
        name: &'static str,
        empty: impl Pending + 'a,
        n: usize,
        distances: &'a [i64],
    ) -> Contestant<'a> {
        let mut pending = filled(empty, n, distances);
        Contestant::new(name, move |_| {
            black_box(hold(&mut pending, 16 * N_HOLDS, distances));
            16 * N_HOLDS as u64
        })
    }
    let contestants = vec![
        contestant("calendar", EventCalendar::new(), n, distances),
        contestant("std, tuples", BinaryHeap::<Reverse<Entry>>::new(), n, distances),
        contestant("std, one number", BinaryHeap::<Keyed>::new(), n, distances),
        contestant("dary_heap, 4", DaryHeap::<Keyed, 4>::new(), n, distances),
    ];
    contest::measure(work, "hold", N_ROUNDS, contestants)
}

/// An entry in tuple order: instant, rank, payload.
type Entry = (i64, u64, u64);

/// An entry with one number that orders like instant and rank.
#[derive(Debug, Clone, Copy)]
struct Keyed {
    at: i64,
    rank: u64,
    payload: u64,
}

impl Keyed {
    #[inline]
    fn key(&self) -> i128 {
        i128::from(self.at) << 64 | i128::from(self.rank)
    }
}

impl PartialEq for Keyed {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
impl Eq for Keyed {}
impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Keyed {
    /// Reversed: these heaps have the greatest entry on top.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.key().cmp(&self.key())
    }
}

/// A set of pending events that supports the hold operation.
trait Pending {
    fn put(&mut self, entry: Entry);
    fn take(&mut self) -> Entry;
}

impl Pending for EventCalendar<u64> {
    fn put(&mut self, entry: Entry) {
        self.push(entry.0, entry.1, entry.2);
    }
    fn take(&mut self) -> Entry {
        self.pop().expect("never empty")
    }
}

impl Pending for BinaryHeap<Reverse<Entry>> {
    fn put(&mut self, entry: Entry) {
        self.push(Reverse(entry));
    }
    fn take(&mut self) -> Entry {
        self.pop().expect("never empty").0
    }
}

impl Pending for BinaryHeap<Keyed> {
    fn put(&mut self, (at, rank, payload): Entry) {
        self.push(Keyed { at, rank, payload });
    }
    fn take(&mut self) -> Entry {
        let Keyed { at, rank, payload } = self.pop().expect("never empty");
        (at, rank, payload)
    }
}

impl<const ARITY: usize> Pending for DaryHeap<Keyed, ARITY> {
    fn put(&mut self, (at, rank, payload): Entry) {
        self.push(Keyed { at, rank, payload });
    }
    fn take(&mut self) -> Entry {
        let Keyed { at, rank, payload } = self.pop().expect("never empty");
        (at, rank, payload)
    }
}

/// Returns the exponential distances, drawn beforehand: the draw is not what is measured.
fn distances() -> Vec<i64> {
    let law = Law::exponential(3.6e6).expect("a mean above zero");
    let key = Key::new(1, 0, 0, 0);
    (0..1 << 16).map(|entity| law.sample_whole(&mut Stream::new(key, entity, 0))).collect()
}

fn filled<P: Pending>(mut pending: P, n: usize, distances: &[i64]) -> P {
    for i in 0..n {
        pending.put((distances[i % distances.len()], i as u64, i as u64));
    }
    // Until the remaining times are those of a hold model in its steady state.
    hold(&mut pending, 3 * n, distances);
    pending
}

fn hold<P: Pending>(pending: &mut P, n_holds: usize, distances: &[i64]) -> i64 {
    let mut now = 0;
    for i in 0..n_holds {
        let (at, rank, payload) = pending.take();
        now = at;
        pending.put((at + distances[(payload as usize + i) % distances.len()], rank, payload));
    }
    now
}

fn bench(criterion: &mut Criterion, distances: &[i64]) {
    for n in [100, 10_000, 1_000_000] {
        let mut group = criterion.benchmark_group(format!("calendar, {N_HOLDS} holds"));
        group.sample_size(30);
        let mut calendar = filled(EventCalendar::new(), n, distances);
        group.bench_function(BenchmarkId::new("calendar", n), |bencher| {
            bencher.iter(|| hold(black_box(&mut calendar), N_HOLDS, distances));
        });
        let mut heap = filled(BinaryHeap::<Reverse<Entry>>::new(), n, distances);
        group.bench_function(BenchmarkId::new("std, tuples", n), |bencher| {
            bencher.iter(|| hold(black_box(&mut heap), N_HOLDS, distances));
        });
        let mut heap = filled(BinaryHeap::<Keyed>::new(), n, distances);
        group.bench_function(BenchmarkId::new("std, one number", n), |bencher| {
            bencher.iter(|| hold(black_box(&mut heap), N_HOLDS, distances));
        });
        let mut heap = filled(DaryHeap::<Keyed, 4>::new(), n, distances);
        group.bench_function(BenchmarkId::new("dary_heap, 4", n), |bencher| {
            bencher.iter(|| hold(black_box(&mut heap), N_HOLDS, distances));
        });
        group.finish();
    }
}
