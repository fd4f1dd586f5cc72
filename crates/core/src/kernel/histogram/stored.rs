//! The stored form of a tally: its values in ascending order while they are listed, else its buckets with the sums.
//!
//! Both forms are exact: a tally that is read back equals the one that was written. Everything read is checked, since a file may contain
//! anything. Owns the form alone; the serialiser owns the bytes.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::list::List;
use super::span::{Span, StoredBucket};
use super::{Buckets, Count, Counts, FEW};
use crate::kernel::tally::TallyOf;

/// A tally as stored.
#[derive(Serialize, Deserialize)]
enum Stored {
    /// Differences of consecutive values, ascending. Count, ends and sums follow from them.
    Values(Vec<u64>),
    /// Buckets that are not empty, ascending; the smallest and the largest value; the sums of values and squares.
    Buckets { buckets: Vec<StoredBucket>, ends: (i64, i64), sums: (i128, i128) },
}

impl<C: Count> Serialize for TallyOf<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let histogram = self.histogram();
        let stored = match &histogram.counts {
            Counts::Listed(list) => {
                let mut values = list.values();
                values.sort_unstable();
                let mut last = 0;
                let differences = values.into_iter().map(|value| {
                    let difference = (value - last) as u64;
                    last = value;
                    difference
                });
                Stored::Values(differences.collect())
            }
            Counts::Counted(span) => Stored::Buckets {
                buckets: span.stored(),
                ends: (histogram.min, histogram.max),
                sums: (self.sum(), self.sum_of_squares()),
            },
        };
        stored.serialize(serializer)
    }
}

impl<'de, C: Count> Deserialize<'de> for TallyOf<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Stored::deserialize(deserializer)? {
            Stored::Values(differences) => {
                if differences.len() > FEW {
                    return Err(Error::custom("more values than a list holds"));
                }
                let mut list = List::new();
                let (mut min, mut last) = (i64::MAX, 0_i64);
                let (mut sum, mut squares) = (0_i128, 0_i128);
                for difference in &differences {
                    let value = i64::try_from(*difference).ok().and_then(|more| last.checked_add(more));
                    last = value.ok_or_else(|| Error::custom("a value out of range"))?;
                    min = min.min(last);
                    list.add(last, 1);
                    sum += i128::from(last);
                    squares += i128::from(last) * i128::from(last);
                }
                let max = if differences.is_empty() { i64::MIN } else { last };
                let count = differences.len() as u64;
                Ok(Self::of_parts(sum, squares, Buckets { counts: Counts::Listed(list), count, min, max }))
            }
            Stored::Buckets { buckets, ends: (min, max), sums: (sum, squares) } => {
                let (span, count) =
                    Span::restored(&buckets).ok_or_else(|| Error::custom("buckets that cannot be"))?;
                if count <= FEW as u64 || min < 0 || max < min {
                    return Err(Error::custom("buckets that cannot be"));
                }
                Ok(Self::of_parts(sum, squares, Buckets { counts: Counts::Counted(span), count, min, max }))
            }
        }
    }
}
