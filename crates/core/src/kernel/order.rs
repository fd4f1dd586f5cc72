//! Sorting of what happens within a window of time.
//!
//! Such a list is either nearly sorted already, or its instants are spread over the window. In the second case it is first distributed by
//! instant, and little remains to be sorted. Both are faster than a general comparison sort.
//!
//! Does not own the order: the caller provides the instants and the comparison.

#[cfg(test)]
mod tests;

/// Largest mean number of moves per entry that insertion may take before the list is distributed by instant, and before it is sorted by
/// comparison afterwards.
const MOVES: [usize; 2] = [3, 8];

/// A sorter of lists. Its only state is work space.
#[derive(Debug)]
pub struct Sorter<T> {
    begins: Vec<u32>,
    dealt: Vec<T>,
}

impl<T> Default for Sorter<T> {
    fn default() -> Self {
        Self { begins: Vec::new(), dealt: Vec::new() }
    }
}

impl<T: Copy> Sorter<T> {
    /// Sorts by an order in which an earlier instant always comes first. Entries of which neither precedes the other may come in either
    /// order. The list holds at most 2^32 - 1 entries.
    pub fn sort(
        &mut self,
        list: &mut [T],
        at: impl Fn(&T) -> i64 + Copy,
        is_before: impl Fn(&T, &T) -> bool + Copy,
    ) {
        if insert_all(list, MOVES[0], is_before) {
            return;
        }
        self.deal(list, at);
        if !insert_all(list, MOVES[1], is_before) {
            list.sort_unstable_by(|one, other| is_before(other, one).cmp(&is_before(one, other)));
        }
    }

    /// Distributes the entries over intervals of time, one or two per entry.
    fn deal(&mut self, list: &mut [T], at: impl Fn(&T) -> i64 + Copy) {
        let ends = list.iter().map(at).fold(None, |ends: Option<(i64, i64)>, at| {
            Some(ends.map_or((at, at), |(first, last)| (first.min(at), last.max(at))))
        });
        let Some((first, last)) = ends else { return };
        let range = last.wrapping_sub(first) as u64;
        let shift = (u64::BITS - range.leading_zeros()).saturating_sub(list.len().ilog2() + 1);
        let piece = |item: &T| (at(item).wrapping_sub(first) as u64 >> shift) as usize;
        self.begins.clear();
        self.begins.resize((range >> shift) as usize + 1, 0);
        for item in &*list {
            self.begins[piece(item)] += 1;
        }
        let mut n = 0;
        for begin in &mut self.begins {
            n += std::mem::replace(begin, n);
        }
        if self.dealt.len() < list.len() {
            self.dealt.resize(list.len(), list[0]);
        }
        for item in &*list {
            let place = &mut self.begins[piece(item)];
            self.dealt[*place as usize] = *item;
            *place += 1;
        }
        list.copy_from_slice(&self.dealt[..list.len()]);
    }
}

/// Sorts by insertion, unless that takes more than `n_moves` moves per entry. Returns whether the list is sorted; if not, its order is
/// arbitrary.
fn insert_all<T: Copy>(list: &mut [T], n_moves: usize, is_before: impl Fn(&T, &T) -> bool) -> bool {
    let mut n_left = n_moves * list.len();
    for place in 1..list.len() {
        if !is_before(&list[place], &list[place - 1]) {
            continue;
        }
        let item = list[place];
        let mut to = place;
        while to > 0 && is_before(&item, &list[to - 1]) {
            list[to] = list[to - 1];
            to -= 1;
        }
        list[to] = item;
        let Some(left) = n_left.checked_sub(place - to) else { return false };
        n_left = left;
    }
    true
}
