//! Putting in order what happens in a stretch of time.
//!
//! Such a list is nearly in order already, or what happens is spread over the stretch: it is then dealt out by instant, and what
//! is left to do is little. Both beat a sort that knows nothing but how to compare.
//!
//! Owns no order: it is given the instants and who comes before whom.

#[cfg(test)]
mod tests;

/// So many places, for each in the list, may be moved by before it is dealt out, and then before it is sorted by comparing.
const MOVES: [usize; 2] = [3, 8];

/// Sorts lists. Holds work space only.
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
    /// Sorts by an order under which whoever has the earlier instant comes before. Of those of whom none comes before another, any
    /// may be first. At most 2^32 - 1 of them.
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

    /// Puts them in order of pieces of time, one or two for each.
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

/// Sorts by insertion, unless that takes more than so many moves for each. Whether it did not; else they are in some order.
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
