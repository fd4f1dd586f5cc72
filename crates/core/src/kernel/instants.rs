//! Instants in order, of which the first go as time goes on: what is still to come of many things that end.
//!
//! Does not own what ends then.

/// Instants in ascending order.
#[derive(Debug, Default)]
pub struct Instants {
    all: Vec<i64>,
    /// How many of them have gone.
    n_gone: usize,
}

impl Instants {
    /// Returns the instants to come.
    #[inline]
    pub fn pending(&self) -> &[i64] {
        &self.all[self.n_gone..]
    }

    /// Drops the first `n` instants.
    #[inline]
    pub fn drop_first(&mut self, n: usize) {
        self.n_gone += n;
        if self.n_gone == self.all.len() {
            self.all.clear();
            self.n_gone = 0;
        }
    }

    /// Takes the first instant if it is not later than `until`.
    #[inline]
    pub fn pop_until(&mut self, until: i64) -> Option<i64> {
        let first = *self.pending().first()?;
        (first <= until).then(|| {
            self.drop_first(1);
            first
        })
    }

    /// Drops the last `n` instants, as far as there are any, into the end of a slice of at least as many.
    pub fn move_last(&mut self, n: usize, to: &mut [i64]) {
        let kept = self.all.len() - n.min(self.pending().len());
        let from = to.len() - (self.all.len() - kept);
        to[from..].copy_from_slice(&self.all[kept..]);
        self.all.truncate(kept);
    }

    /// Adds `n` instants behind all others, to be filled in ascending order.
    pub fn add_last(&mut self, n: usize) -> &mut [i64] {
        let from = self.all.len();
        self.all.resize(from + n, 0);
        &mut self.all[from..]
    }

    /// Makes room for `n` more instants.
    #[inline]
    pub fn reserve(&mut self, n: usize) {
        if self.all.capacity() - self.all.len() < n {
            // Where those stood that have gone, if they are most.
            if self.n_gone > self.all.len() / 2 {
                self.all.drain(..self.n_gone);
                self.n_gone = 0;
            }
            self.all.reserve(n);
        }
    }

    /// Inserts an instant that belongs near the end; there is room for it.
    #[inline]
    pub fn insert(&mut self, at: i64) {
        if self.pending().last().is_none_or(|&last| last <= at) {
            self.all.push(at);
        } else {
            self.insert_before(at);
        }
    }

    /// Makes room for an instant that belongs near the end, and inserts it.
    #[inline]
    pub fn put(&mut self, at: i64) {
        self.reserve(1);
        self.insert(at);
    }

    /// Inserts ascending instants; there is room for all.
    pub fn insert_all(&mut self, more: &[i64]) {
        let (mut n_old, mut n_new) = (self.all.len(), more.len());
        self.all.resize(n_old + n_new, 0);
        // From the end on, without a branch.
        while n_new > 0 {
            let old = if n_old > self.n_gone { self.all[n_old - 1] } else { i64::MIN };
            let new = more[n_new - 1];
            self.all[n_old + n_new - 1] = old.max(new);
            let is_old = old > new;
            n_old -= usize::from(is_old);
            n_new -= usize::from(!is_old);
        }
    }

    fn insert_before(&mut self, at: i64) {
        /// Steps back before the place is searched for by halving.
        const STEPS: usize = 8;
        let pending = self.pending();
        let len = pending.len();
        let mut place = len;
        while place > 0 && pending[place - 1] > at {
            place -= 1;
            if len - place == STEPS {
                place = pending.partition_point(|&other| other <= at);
                break;
            }
        }
        self.all.insert(self.n_gone + place, at);
    }
}
