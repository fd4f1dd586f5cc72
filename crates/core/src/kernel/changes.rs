//! Changes of a level, many at once: its rises and its falls, each in order, merged.
//!
//! A tally that follows merged changes ([`LevelTally::follow`](super::tally::LevelTally::follow),
//! [`WeekTally::follow`](super::week::WeekTally::follow)) holds what it would hold after each of them one by one, and several
//! tallies can follow the same.

/// From an instant on, a level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Milliseconds.
    pub at: i64,
    /// The level. Between changes of one instant it may be below zero, wrapped, which no time ever counts for.
    pub level: u32,
}

/// Merges a level's changes up to the last of its rises: by instant, falls before rises. Both lists ascend. Returns how
/// many of the falls belong there; the others are still to come.
pub fn merge(level: u32, rises: &[i64], falls: &[i64], changes: &mut Vec<Change>) -> usize {
    let n_falls = rises.last().map_or(0, |last| falls.partition_point(|at| at <= last));
    let falls = &falls[..n_falls];
    changes.clear();
    changes.resize(rises.len() + n_falls, Change::default());
    let (mut n_rises, mut n_falls, mut level) = (0, 0, level);
    for change in &mut *changes {
        // Which comes first is as good as random: arithmetic, where a branch would be guessed wrong half of the time.
        let rise = rises.get(n_rises).copied().unwrap_or(i64::MAX);
        let fall = falls.get(n_falls).copied().unwrap_or(i64::MAX);
        let falls_first = fall <= rise;
        n_falls += usize::from(falls_first);
        n_rises += usize::from(!falls_first);
        level = level.wrapping_add(1).wrapping_sub(2 * u32::from(falls_first));
        *change = Change { at: rise.min(fall), level };
    }
    falls.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::{Key, Stream};
    use crate::kernel::tally::LevelTally;
    use crate::kernel::week::WeekTally;

    /// Whole hours over windows that begin late and end early, in batches of a few: what followed is what was changed one by
    /// one, by instant, falls first.
    #[test]
    fn tallies_that_follow_hold_what_single_changes_give() {
        const HOUR: i64 = 3_600_000;
        let shifts = [(0, 0), (200 * HOUR + 7, HOUR)];
        for (trial, hour) in (0..40).zip([1, HOUR, HOUR / 7].into_iter().cycle()) {
            let mut stream = Stream::new(Key::new(5, 6, 7, 8), trial, 0);
            let mut below = |n: u64| (stream.word() % n) as i64;
            let (from, to) = (50 * hour, 50 * hour + below(900) * hour);
            let (mut one, mut many) = (LevelTally::new(from, to), LevelTally::new(from, to));
            let (mut one_week, mut many_week) = (WeekTally::new(from, to), WeekTally::new(from, to));
            let (mut now, mut falls, mut changes) = (0, Vec::<i64>::new(), Vec::new());
            for _ in 0..60 {
                let mut rises = Vec::new();
                for _ in 0..below(12) {
                    now += below(3) * hour;
                    rises.push(now);
                    falls.push(now + below(30) * hour);
                }
                falls.sort_unstable();
                let n_falls = merge(many.level(), &rises, &falls, &mut changes);
                many.follow(&changes);
                many_week.follow(&changes, &shifts);
                let mut ups = rises.iter().peekable();
                for &at in falls.iter().take(n_falls) {
                    while let Some(&up) = ups.next_if(|&&up| up <= at) {
                        one.change(up, 1);
                        one_week.change(up, 1, &shifts);
                    }
                    one.change(at, -1);
                    one_week.change(at, -1, &shifts);
                }
                for &up in ups {
                    one.change(up, 1);
                    one_week.change(up, 1, &shifts);
                }
                falls.drain(..n_falls);
                assert!(rises.last().is_none_or(|last| falls.first().is_none_or(|fall| fall > last)));
                assert_eq!(one, many, "trial {trial} at {now}");
            }
            for tally in [&mut one, &mut many] {
                tally.finish(now + hour);
            }
            for tally in [&mut one_week, &mut many_week] {
                tally.finish(now + hour, &shifts);
            }
            assert_eq!((one, one_week), (many, many_week), "trial {trial}");
        }
    }
}
