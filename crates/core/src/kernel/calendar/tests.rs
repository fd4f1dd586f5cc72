//! The calendar against sorting and against std's binary heap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use proptest::prelude::*;

use super::*;

/// An operation on a calendar.
#[derive(Clone, Debug)]
enum Deed {
    Push(i64),
    Pop,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    // Few distinct instants, so that many events share one and the rank decides; many instants; and the ends of time. Phases of growth and
    // of decline make the wheel appear and vanish.
    let at = || prop_oneof![0..20_i64, 0..100_000_i64, any::<i64>(), Just(i64::MAX), Just(i64::MIN)];
    let spell = |pushes: u32, pops: u32| {
        prop::collection::vec(
            prop_oneof![pushes => at().prop_map(Deed::Push), pops => Just(Deed::Pop)],
            0..500,
        )
    };
    (spell(4, 1), spell(2, 3), spell(4, 1), spell(1, 4))
        .prop_map(|(a, b, c, d)| [a, b, c, d].into_iter().flatten().collect())
}

fn drained<P: Copy>(calendar: &mut EventCalendar<P>) -> Vec<(i64, u64, P)> {
    std::iter::from_fn(|| calendar.pop()).collect()
}

#[test]
fn events_come_out_by_instant_then_rank() {
    let mut calendar = EventCalendar::new();
    for (at, rank, payload) in
        [(5, 2, 'd'), (5, 1, 'c'), (-3, 9, 'a'), (i64::MAX, 0, 'e'), (4, u64::MAX, 'b')]
    {
        calendar.push(at, rank, payload);
    }
    assert_eq!((calendar.next_key(), calendar.next_at(), calendar.len()), ((-3, 9), -3, 5));
    let order: String = drained(&mut calendar).into_iter().map(|event| event.2).collect();
    assert_eq!(order, "abcde");
    assert_eq!(
        (calendar.next_key(), calendar.next_at(), calendar.pop()),
        ((i64::MAX, u64::MAX), i64::MAX, None)
    );
}

proptest! {
    #[test]
    fn draining_sorts(instants in prop::collection::vec(prop_oneof![0..50_i64, any::<i64>()], 0..500)) {
        let mut calendar = EventCalendar::new();
        let mut expected: Vec<(i64, u64, usize)> = vec![];
        for (i, &at) in instants.iter().enumerate() {
            let rank = (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            calendar.push(at, rank, i);
            expected.push((at, rank, i));
        }
        expected.sort_unstable();
        prop_assert_eq!(drained(&mut calendar), expected);
    }

    #[test]
    fn any_course_of_deeds_is_that_of_a_binary_heap(deeds in deeds()) {
        let mut calendar = EventCalendar::new();
        let mut heap = BinaryHeap::new();
        let mut rank = 1_000_u64;
        for deed in deeds {
            rank = rank.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(1);
            match deed {
                Deed::Push(at) => {
                    calendar.push(at, rank, !rank);
                    heap.push(Reverse((at, rank, !rank)));
                }
                Deed::Pop => prop_assert_eq!(calendar.pop(), heap.pop().map(|Reverse(event)| event)),
            }
            prop_assert_eq!(calendar.len(), heap.len());
            let first = heap.peek().map_or((i64::MAX, u64::MAX), |Reverse(event)| (event.0, event.1));
            prop_assert_eq!(calendar.next_key(), first);
        }
    }

    /// The hold model of a simulation: an event that was taken out returns later, after delays of very different lengths.
    #[test]
    fn holding_is_that_of_a_binary_heap(
        n in 1..2000_usize,
        distances in prop::collection::vec(prop_oneof![0..3_i64, 0..1_000_i64, 0..1_000_000_i64, 0..1_000_000_000_i64], 1..50),
    ) {
        let mut calendar = EventCalendar::new();
        let mut heap = BinaryHeap::new();
        for i in 0..n as i64 {
            let at = distances[i as usize % distances.len()];
            calendar.push(at, i as u64, i);
            heap.push(Reverse((at, i as u64, i)));
        }
        for i in 0..4000 {
            let event = calendar.pop();
            prop_assert_eq!(event, heap.pop().map(|Reverse(event)| event));
            if let Some((at, rank, payload)) = event {
                let at = at + distances[i % distances.len()];
                calendar.push(at, rank, payload);
                heap.push(Reverse((at, rank, payload)));
            }
        }
        prop_assert_eq!(calendar.len(), heap.len());
    }

    #[test]
    fn equal_pairs_come_out_the_same_way_every_time(instants in prop::collection::vec(0..3_i64, 0..100)) {
        let run = || {
            let mut calendar = EventCalendar::new();
            instants.iter().enumerate().for_each(|(i, &at)| calendar.push(at, 0, i));
            drained(&mut calendar)
        };
        prop_assert_eq!(run(), run());
    }
}
