//! Reading, checking and compiling a scenario of 10,000 objects. Does not own its text (`workload`).

use criterion::{Criterion, Throughput};
use sanda_benches::workload::{large_scenario, load_text};
use sanda_scenario::load_text as read_text;

/// The allocator of `sanda`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    bench(&mut criterion);
    criterion.final_summary();
}

fn bench(criterion: &mut Criterion) {
    let text = large_scenario(10_000);
    let mut group = criterion.benchmark_group("10,000 objects");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    group.bench_function("read and checked", |bencher| {
        bencher.iter(|| read_text("large", &text, &[]).is_ok());
    });
    group.bench_function("read, checked and compiled", |bencher| {
        bencher.iter(|| load_text(&text).flows.len());
    });
    group.finish();
}
