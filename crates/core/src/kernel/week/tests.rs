//! Hour-of-week profiles against a minute-by-minute account, through changes of the clock.

use proptest::prelude::*;

use super::*;
use crate::kernel::random::{Key, Stream};
use crate::kernel::tally::LevelTally;

const MINUTE: i64 = 60_000;

/// Returns the hour of the local week of an instant, straight from the definition.
fn hour_at(instant: i64, shifts: &Shifts) -> usize {
    let shift = shifts.iter().rev().find(|entry| entry.0 <= instant).unwrap_or(&shifts[0]).1;
    ((instant + shift).div_euclid(HOUR)).rem_euclid(168) as usize
}

#[test]
fn time_is_split_at_local_hours() {
    // Simulation time 0 is Monday 23:30 local, at level 2 from the beginning.
    let shifts = [(0, 23 * HOUR + 30 * MINUTE)];
    let mut tally = WeekTally::new(0, 1000 * HOUR);
    tally.set(0, 2, &shifts);
    tally.set(45 * MINUTE, 5, &shifts);
    tally.finish(2 * HOUR, &shifts);
    let minutes = |hour: usize| {
        (tally.profile().time()[hour] / MINUTE, tally.profile().area()[hour] / i128::from(MINUTE))
    };
    assert_eq!(
        [22, 23, 24, 25, 26].map(minutes),
        [(0, 0), (30, 60), (60, 15 * 2 + 45 * 5), (30, 150), (0, 0)]
    );
    assert_eq!(
        (tally.profile().mean(23), tally.profile().mean(24), tally.profile().mean(22)),
        (Some(2.0), Some(4.25), None)
    );
}

#[test]
fn a_repeated_hour_counts_twice_and_a_skipped_one_not_at_all() {
    // Local Monday 00:00 at 0; the clock goes back by an hour at 03:00, and forward a week later at 02:00.
    let week = 168 * HOUR;
    let shifts = [(0, 0), (3 * HOUR, -HOUR), (week + 3 * HOUR, 0)];
    let mut tally = WeekTally::new(0, 2 * week);
    tally.set(0, 1, &shifts);
    tally.finish(3 * week, &shifts);
    let hours = |hour: usize| tally.profile().time()[hour] / HOUR;
    assert_eq!([0, 1, 2, 3, 4].map(hours), [2, 2, 2, 2, 2]);
    // Two hours of 02:00 in the first week, none in the second.
    assert_eq!(tally.profile().time().iter().sum::<i64>(), 2 * week);
    assert_eq!((hours(2), hours(167)), (2, 2));
}

#[test]
fn merging_adds() {
    let shifts = [(0, 0)];
    let mut one = WeekTally::new(0, 10 * HOUR);
    one.set(0, 3, &shifts);
    one.finish(2 * HOUR, &shifts);
    let mut both = one.profile().clone();
    both.merge(one.profile());
    assert_eq!((both.time()[1], both.area()[1], both.mean(1)), (2 * HOUR, 6 * i128::from(HOUR), Some(3.0)));
}

/// Whole steps over windows that begin late and end early, in small batches: following many changes equals making each of them.
#[test]
fn many_changes_are_followed_as_single_ones() {
    let shifts = [(0, 0), (200 * HOUR + 7, HOUR)];
    let mut hours = Hours::default();
    // Over few hours, and over too many to be followed at once.
    for (trial, hour) in (0..80).zip([1, HOUR, HOUR / 7, 40 * HOUR].into_iter().cycle()) {
        let mut stream = Stream::new(Key::new(5, 6, 7, 8), trial, 0);
        let mut below = |n: u64| (stream.word() % n) as i64;
        let (from, to) = (50 * hour, 50 * hour + below(900) * hour);
        let (mut one, mut many) = (WeekTally::new(from, to), WeekTally::new(from, to));
        let (mut now, mut falls) = (0, Vec::<i64>::new());
        for _ in 0..60 {
            let mut rises = Vec::new();
            for _ in 0..below(12) {
                now += below(3) * hour;
                rises.push(now);
                falls.push(now + below(30) * hour);
            }
            falls.sort_unstable();
            let n_falls = many.follow(&rises, &falls, &shifts, &mut hours);
            assert!(falls[..n_falls].iter().all(|&at| at <= now));
            let mut changes: Vec<(i64, i32)> = rises.iter().map(|&at| (at, 1)).collect();
            changes.extend(falls.drain(..n_falls).map(|at| (at, -1)));
            // At one instant, rises first.
            changes.sort_by_key(|&(at, delta)| (at, -delta));
            for (at, delta) in changes {
                one.change(at, delta, &shifts);
            }
            assert!(rises.last().is_none_or(|last| falls.first().is_none_or(|fall| fall > last)));
            assert_eq!(one.level(), many.level(), "trial {trial} at {now}");
        }
        one.finish(now + hour, &shifts);
        many.finish(now + hour, &shifts);
        assert_eq!(one, many, "trial {trial}");
    }
}

proptest! {
    #[test]
    fn profiles_are_those_of_every_minute(
        changes in prop::collection::vec((0..4_000_i64, 0..9_u32), 1..40),
        from in 0..3_000_i64,
        length in 0..30_000_i64,
        first_shift in -20_000..20_000_i64,
        moves in prop::collection::vec((1..8_000_i64, prop_oneof![Just(-60_i64), Just(60), Just(-30), Just(345)]), 0..4),
    ) {
        let mut shifts = vec![(0, first_shift * MINUTE)];
        for (after, by) in moves {
            let (at, shift) = shifts[shifts.len() - 1];
            shifts.push((at + after * MINUTE, shift + by * MINUTE));
        }
        let (window_from, window_to) = (from * MINUTE, (from + length) * MINUTE);
        let mut tally = WeekTally::new(window_from, window_to);
        let mut level_tally = LevelTally::new(window_from, window_to);
        let (mut time, mut area) = ([0; N_HOURS], [0; N_HOURS]);
        let (mut now, mut level) = (0, 0);
        for (gap, next) in changes {
            for minute in (now / MINUTE..now / MINUTE + gap).map(|m| m * MINUTE) {
                if (window_from..window_to).contains(&minute) {
                    let hour = hour_at(minute, &shifts);
                    time[hour] += MINUTE;
                    area[hour] += i128::from(level) * i128::from(MINUTE);
                }
            }
            now += gap * MINUTE;
            level = next;
            tally.set(now, level, &shifts);
            level_tally.set(now, level);
        }
        tally.finish(now, &shifts);
        prop_assert_eq!(tally.profile().time(), &time);
        prop_assert_eq!(tally.profile().area(), &area);
        level_tally.finish(now);
        prop_assert_eq!(tally.times(), level_tally.times());
        prop_assert_eq!(tally.profile().area().iter().sum::<i128>(), level_tally.times().area());
        prop_assert_eq!(tally.profile().time().iter().sum::<i64>(), level_tally.times().total());
    }
}
