//! A million customers of one server at load 0.9: the cost of the engine beside its twin and the bare yardstick. Does not own the programs
//! (`twin`, `yardstick`).

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
        println!("{}", contest::mm1(N_ROUNDS));
    }
}

fn bench(criterion: &mut Criterion) {
    let model = workload::model("mm1", &[]);
    let n_customers = workload::engine(&model, 0).shipments;
    let mut group = criterion.benchmark_group("mm1, a million customers");
    group.throughput(Throughput::Elements(n_customers)).sample_size(10);
    group.bench_function("engine", |bencher| {
        bencher.iter(|| workload::percentiles(&workload::engine(&model, 0)));
    });
    group.bench_function("twin", |bencher| {
        bencher.iter(|| twin::mm1::run(SEED, 0, twin::mm1::WINDOW).percentiles());
    });
    group.bench_function("yardstick", |bencher| {
        let mut times = Vec::with_capacity(1_000_000);
        bencher.iter(|| {
            times.clear();
            yardstick::mm1::run(SEED, 1_000_000, &mut times);
            yardstick::percentiles(&mut times)
        });
    });
    group.finish();
}
