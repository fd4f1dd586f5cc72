//! Cutting circles: an order of things of which some lead to others, some of them only after a while.

use std::collections::BTreeMap;

use sanda_network::{Knot, knots};

/// Cuts circles where it takes longest to go on: orders things so that from each one comes to those before it (or to itself again)
/// only after some time. That time, the longest for which there is such an order; [`i64::MAX`] if there is no circle. Nothing is
/// cut that takes less than the shortest; none if that leaves a circle.
pub(super) fn cut<T: Copy + Ord>(
    leads: &BTreeMap<T, Vec<(T, i64)>>,
    shortest: i64,
) -> Option<(Vec<Knot<T>>, i64)> {
    // What takes at least so long is cut.
    let cut = |time: i64| {
        let kept =
            |to: &[(T, i64)]| to.iter().filter(|&&(_, takes)| takes < time).map(|&(to, _)| to).collect();
        knots(leads.iter().map(|(&from, to)| (from, kept(to))))
    };
    let is_in_order = |knots: &[Knot<T>]| knots.iter().all(|knot| !knot.is_circle);
    let uncut = cut(i64::MAX);
    if is_in_order(&uncut) {
        return Some((uncut, i64::MAX));
    }
    let mut times: Vec<i64> = leads.values().flatten().map(|&(_, time)| time).collect();
    times.retain(|&time| time >= shortest);
    times.sort_unstable();
    times.dedup();
    // The less is cut, the more circles are left.
    let n_enough = times.partition_point(|&time| is_in_order(&cut(time)));
    let longest = times[..n_enough].last().copied()?;
    Some((cut(longest), longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_of(leads: &[(u8, u8, i64)]) -> Option<(Vec<u8>, i64)> {
        let mut by_thing: BTreeMap<u8, Vec<(u8, i64)>> = BTreeMap::new();
        for &(from, to, time) in leads {
            by_thing.entry(from).or_default().push((to, time));
        }
        let (knots, time) = cut(&by_thing, 10)?;
        Some((knots.into_iter().flat_map(|knot| knot.members).collect(), time))
    }

    #[test]
    fn a_circle_is_cut_where_it_takes_longest_to_go_on() {
        assert_eq!(cut_of(&[(1, 2, 0), (2, 3, 20), (3, 1, 30)]), Some((vec![1, 2, 3], 30)));
        assert_eq!(cut_of(&[(1, 2, 0), (2, 3, 40), (3, 1, 30)]), Some((vec![3, 1, 2], 40)));
        // Two circles: the least of what each can be cut at, and what takes longer is cut as well.
        let (order, time) = cut_of(&[(1, 2, 50), (2, 1, 0), (3, 3, 20), (2, 3, 0)]).expect("both can be cut");
        let place = |thing| order.iter().position(|&other| other == thing);
        assert_eq!((time, order.len()), (20, 3));
        assert!(place(2) < place(1) && place(2) < place(3), "{order:?}");
    }

    #[test]
    fn what_is_no_circle_is_not_cut_and_what_takes_too_little_cannot_be() {
        assert_eq!(cut_of(&[(2, 1, 0), (3, 2, 99), (3, 1, 5)]), Some((vec![3, 2, 1], i64::MAX)));
        assert_eq!(cut_of(&[(1, 2, 9), (2, 1, 9)]), None);
    }
}
