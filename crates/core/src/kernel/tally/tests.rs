//! Tallies against plain sums, levels against a millisecond-by-millisecond account.

use proptest::prelude::*;

use super::*;

fn filled(values: &[i64]) -> Tally {
    let mut tally = Tally::new();
    for &value in values {
        tally.record(value);
    }
    tally
}

#[test]
fn a_tally_knows_its_moments() {
    let tally = filled(&[2, 4, 4, 4, 5, 5, 7, 9]);
    assert_eq!((tally.count(), tally.sum(), tally.sum_of_squares()), (8, 40, 232));
    assert_eq!((tally.min(), tally.max(), tally.histogram().quantile(0.5)), (Some(2), Some(9), 4));
    assert_eq!((tally.mean(), tally.variance()), (Some(5.0), Some(32.0 / 7.0)));
    assert_eq!((Tally::new().mean(), filled(&[3]).variance()), (None, None));
    // No digits cancel far from zero.
    let far = 3_000_000_000_000_000;
    assert_eq!(filled(&[far, far + 1, far + 2]).variance(), Some(1.0));
}

/// Levels set at instants, in a window [100, 200), finished at 250.
fn levels(changes: &[(i64, u32)]) -> LevelTally {
    let mut tally = LevelTally::new(100, 200);
    for &(now, level) in changes {
        tally.set(now, level);
    }
    tally.finish(250);
    tally
}

#[test]
fn levels_are_clipped_to_the_window() {
    let tally = levels(&[(10, 7), (40, 2), (120, 3), (150, 0), (210, 9)]);
    assert_eq!(tally.times().at(), [50, 0, 20, 30]);
    assert_eq!(
        (tally.times().area(), tally.times().area_of_squares(), tally.times().total()),
        (130, 350, 100)
    );
    assert_eq!((tally.times().mean(), tally.times().max(), tally.level()), (Some(1.3), Some(3), 0));
    assert!((tally.times().variance().unwrap() - 1.81).abs() < 1e-12);
    assert_eq!([0.5, 0.51, 0.7, 0.701, 1.0].map(|p| tally.times().quantile(p)), [0, 2, 2, 3, 3].map(Some));
    assert_eq!(levels(&[]).times().at(), [100]);
    let outside = LevelTally::new(5, 5);
    assert_eq!(
        (outside.times().mean(), outside.times().quantile(0.5), outside.times().max()),
        (None, None, None)
    );
}

#[test]
fn changes_add_up_and_never_go_below_zero() {
    let mut tally = LevelTally::new(0, 100);
    for (now, delta) in [(10, 1), (20, 2), (20, -1), (60, -2)] {
        tally.change(now, delta);
    }
    tally.finish(100);
    assert_eq!(tally.times().at(), [50, 10, 40]);
    assert!(std::panic::catch_unwind(|| LevelTally::new(0, 1).change(0, -1)).is_err());
}

#[test]
fn times_above_a_level_are_those_of_what_exceeds_it() {
    // Levels 0, 2, 3 and 5 for 10, 20, 30 and 40 ms; four servers leave one waiting for 40.
    let tally = levels(&[(0, 0), (110, 2), (130, 3), (160, 5)]);
    let above = |n| tally.times().above(n).at().to_vec();
    assert_eq!(above(0), tally.times().at());
    assert_eq!(above(2), [30, 30, 0, 40]);
    assert_eq!((above(4), above(5), above(usize::MAX)), (vec![60, 40], vec![100], vec![100]));
    assert!(LevelTimes::new().above(1).at().is_empty());
}

proptest! {
    #[test]
    fn order_and_merging_change_nothing(values in prop::collection::vec(0..1_i64 << 53, 0..100), cut in 0..100_usize) {
        let all = filled(&values);
        prop_assert_eq!(all.sum(), values.iter().map(|&v| i128::from(v)).sum::<i128>());
        prop_assert_eq!(all.sum_of_squares(), values.iter().map(|&v| i128::from(v) * i128::from(v)).sum::<i128>());
        let (first, second) = values.split_at(cut.min(values.len()));
        let mut merged = filled(second);
        merged.merge(&filled(first));
        prop_assert_eq!(&merged, &all);
        let mut pooled = PooledTally::new();
        pooled.merge(&all);
        pooled.merge(&all);
        prop_assert_eq!((pooled.count(), pooled.sum()), (2 * all.count(), 2 * all.sum()));
    }

    #[test]
    fn levels_are_those_of_every_millisecond(
        gaps in prop::collection::vec((0..30_i64, 0..6_u32), 0..30), from in 0..100_i64, length in 0..200_i64,
    ) {
        let mut tally = LevelTally::new(from, from + length);
        let mut by_millisecond = vec![];
        let mut level = 0;
        for (gap, next) in gaps {
            by_millisecond.extend((0..gap).map(|_| level));
            level = next;
            tally.set(by_millisecond.len() as i64, level);
        }
        tally.finish(by_millisecond.len() as i64);
        let window: Vec<u32> = by_millisecond.into_iter().skip(from as usize).take(length as usize).collect();
        let times = tally.times();
        prop_assert_eq!(times.total(), window.len() as i64);
        prop_assert_eq!(times.area(), window.iter().map(|&l| i128::from(l)).sum::<i128>());
        prop_assert_eq!(times.area_of_squares(), window.iter().map(|&l| i128::from(l * l)).sum::<i128>());
        prop_assert_eq!(times.max(), window.iter().max().copied());
        let mut sorted = window.clone();
        sorted.sort_unstable();
        for p in [0.1, 0.5, 0.95] {
            let exact = quantile_rank(p, sorted.len() as u64).map(|rank| sorted[rank as usize - 1]);
            prop_assert_eq!(times.quantile(p), exact);
        }
    }
}
