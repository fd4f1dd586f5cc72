//! A year of the rail corridor: the cost of the engine beside its twin and the bare yardstick. Does not own the programs (`twin`,
//! `yardstick`).

use criterion::{Criterion, Throughput};
use sanda_benches::twin;
use sanda_benches::workload::{self, SEED};
use sanda_benches::{contest, yardstick};

/// Number of rounds of the contest after the single measurements.
const N_ROUNDS: u64 = 15;

/// The allocator of `sanda`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    bench(&mut criterion);
    criterion.final_summary();
    if contest::is_asked_for() {
        println!("{}", contest::corridor(N_ROUNDS));
    }
}

fn bench(criterion: &mut Criterion) {
    let model = workload::model("rail-corridor", &[]);
    let n_shipments = workload::engine(&model, 0).shipments;
    let mut group = criterion.benchmark_group("corridor, one year");
    group.throughput(Throughput::Elements(n_shipments)).sample_size(20);
    group.bench_function("engine", |bencher| {
        bencher.iter(|| workload::percentiles(&workload::engine(&model, 0)));
    });
    group.bench_function("twin", |bencher| {
        bencher.iter(|| twin::corridor::run(SEED, 0, twin::corridor::YEAR).percentiles());
    });
    group.bench_function("yardstick", |bencher| {
        let mut times = Vec::new();
        bencher.iter(|| {
            times.clear();
            yardstick::corridor::run(SEED, 8760.0, &mut times);
            yardstick::percentiles(&mut times)
        });
    });
    group.finish();
}
