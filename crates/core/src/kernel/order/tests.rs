//! Sorters against the sort of the standard library.

use super::*;
use crate::kernel::random::{Key, Stream};
use proptest::prelude::*;

fn check(mut list: Vec<(i64, u64)>, sorter: &mut Sorter<(i64, u64)>) {
    let mut expected = list.clone();
    expected.sort_unstable();
    sorter.sort(&mut list, |one| one.0, |one, other| one < other);
    assert_eq!(list, expected);
}

/// Lists that are nearly sorted, evenly spread, or so clustered that distributing them does not help.
#[test]
fn lists_of_each_kind_are_sorted() {
    let mut sorter = Sorter::default();
    for n in [0, 1, 2, 3, 30, 1_000, 20_000] {
        let mut stream = Stream::new(Key::new(1, 2, 3, 4), n, 0);
        let mut some = |instant: &dyn Fn(u64, u64) -> i64| {
            let mut word = || stream.word();
            (0..n).map(|place| (instant(place, word()), word() % 3)).collect::<Vec<_>>()
        };
        let nearly = some(&|place, word| (10 * place + word % 30) as i64);
        let evenly = some(&|_, word| (word % 7_200_000) as i64);
        let heaped = some(&|place, word| if place % 100 == 0 { i64::MAX } else { (word % 1000) as i64 });
        let tied = some(&|_, word| (word % 2) as i64);
        let anywhere = some(&|_, word| word as i64);
        for list in [nearly, evenly, heaped, tied, anywhere] {
            check(list, &mut sorter);
        }
    }
}

proptest! {
    #[test]
    fn any_list_is_sorted(list in prop::collection::vec((any::<i64>(), 0..4_u64), 0..60), shift in 0..64_u32) {
        check(list.into_iter().map(|(at, other)| (at >> shift, other)).collect(), &mut Sorter::default());
    }
}
