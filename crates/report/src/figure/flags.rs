//! The arrangement of labels above a chart. Each has a row of its own and a line down to its place, and no line may cross a label.
//!
//! It tries every arrangement of a few labels and takes the best. It draws nothing and knows no wording.

/// A label to place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag {
    /// Position of its line, in pixels.
    pub(crate) x: f64,
    /// Width of its text.
    pub(crate) width: f64,
    /// Whether a line leads down from it.
    pub(crate) has_line: bool,
}

/// Where a label goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Row, counted from the top.
    pub(crate) row: usize,
    /// Whether the text ends at its line instead of beginning there.
    pub(crate) to_left: bool,
}

/// Distance between a line and its text, in pixels.
pub(crate) const GAP: f64 = 7.0;

impl Flag {
    /// Returns the two ends of the text.
    pub(crate) fn ends(&self, to_left: bool) -> (f64, f64) {
        if to_left {
            (self.x - GAP - self.width, self.x - GAP)
        } else {
            (self.x + GAP, self.x + GAP + self.width)
        }
    }
}

/// Places the labels between two margins.
///
/// Three rules count, each more than the next: no text is cut off; lines cross as few texts as possible; texts run to the right of their
/// lines. Ties go to the first arrangement tried, so equal input gives equal output.
///
/// # Complexity
///
/// n! 2^n arrangements, so at most five labels.
pub(crate) fn arrange(flags: &[Flag], left: f64, right: f64) -> Vec<Slot> {
    debug_assert!(flags.len() <= 5, "every arrangement is tried");
    let mut best: (f64, Vec<Slot>) = (f64::INFINITY, vec![Slot { row: 0, to_left: false }; flags.len()]);
    for rows in permutations(flags.len()) {
        for sides in 0..1_u32 << flags.len() {
            let slots: Vec<Slot> =
                rows.iter().enumerate().map(|(n, &row)| Slot { row, to_left: sides >> n & 1 == 1 }).collect();
            let cost = cost(flags, &slots, left, right);
            if cost < best.0 {
                best = (cost, slots);
            }
        }
    }
    best.1
}

fn cost(flags: &[Flag], slots: &[Slot], left: f64, right: f64) -> f64 {
    let mut cost = 0.0;
    for (n, (flag, slot)) in flags.iter().zip(slots).enumerate() {
        let (start, end) = flag.ends(slot.to_left);
        cost += 1000.0 * ((left - start).max(0.0) + (end - right).max(0.0));
        cost += if slot.to_left { 1.0 } else { 0.0 };
        for (m, (other, other_slot)) in flags.iter().zip(slots).enumerate() {
            let passes = m != n && other.has_line && other_slot.row < slot.row;
            if passes && other.x > start - 3.0 && other.x < end + 3.0 {
                cost += 100.0;
            }
        }
        // Equal arrangements keep the order of the labels as given.
        cost += 0.01 * slot.row.abs_diff(n) as f64;
    }
    cost
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(n - 1) {
        for at in (0..n).rev() {
            let mut longer = shorter.clone();
            longer.insert(at, n - 1);
            all.push(longer);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(places: &[f64], expected: &[(usize, bool)]) {
        let flags: Vec<Flag> = places.iter().map(|&x| Flag { x, width: 200.0, has_line: true }).collect();
        let slots: Vec<_> =
            arrange(&flags, 0.0, 1000.0).into_iter().map(|slot| (slot.row, slot.to_left)).collect();
        assert_eq!(slots, expected, "{places:?}");
    }

    #[test]
    fn labels_run_to_the_right_while_they_fit() {
        check(&[100.0, 200.0, 300.0, 400.0], &[(0, false), (1, false), (2, false), (3, false)]);
        check(&[500.0; 3], &[(0, false), (1, false), (2, false)]);
    }

    #[test]
    fn at_the_right_margin_they_run_to_the_left() {
        check(&[850.0, 900.0, 950.0], &[(2, true), (1, true), (0, true)]);
        check(&[100.0, 950.0], &[(0, false), (1, true)]);
    }

    #[test]
    fn every_arrangement_is_tried_once() {
        let mut all = permutations(4);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 24);
        assert_eq!(arrange(&[], 0.0, 1.0), []);
    }
}
