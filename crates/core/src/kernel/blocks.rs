//! Draws made in blocks.
//!
//! One draw waits for the one before it through a chain of multiplications, a logarithm or an exponential; sixteen draws
//! for neighbouring entities do not wait for each other, and cost together little more than three. As a draw is a pure
//! function of its key and entity, it may be made early, twice, or never: what comes out is the same to the bit. So a
//! site of drawing keeps the blocks of entities that passed lately, and makes a new one when entities arrive in order, or when two
//! of one block ask.
//!
//! Does not own what a draw is (`random`, `law`). Entities in a loop (occurrence above zero) draw one by one.

use super::law::Law;
use super::random::{Key, Stream};

/// Entities in a block.
const LENGTH: usize = 16;
/// Blocks that a stream keeps, by the block's number modulo this.
const N_KEPT: usize = 8;
/// No block.
const NONE: u64 = u64::MAX;

/// The blocks of one site.
#[derive(Debug, Clone)]
struct Blocks {
    tags: [u64; N_KEPT],
    /// One past the last block made in order.
    next: u64,
    /// The block last asked for in vain.
    missed: u64,
    values: [[i64; LENGTH]; N_KEPT],
}

/// Whole-number draws at many sites, each of one stream and one law.
#[derive(Debug, Clone, Default)]
pub struct BlockDraws {
    /// Made on first use: many sites of a model are never used, or rarely.
    sites: Vec<Option<Box<Blocks>>>,
}

impl BlockDraws {
    /// Room for sites numbered from 0.
    pub fn new(n_sites: usize) -> Self {
        Self { sites: vec![None; n_sites] }
    }

    /// The first draw of an entity: `law.sample_whole` on the stream of `key`, entity and occurrence 0.
    ///
    /// A site must always come with the same key and law: a stream that is drawn from by several laws has a site for each.
    #[inline]
    pub fn draw(&mut self, site: usize, key: Key, law: &Law, entity: u64) -> i64 {
        let block = entity / LENGTH as u64;
        let place = (block % N_KEPT as u64) as usize;
        if let Some(blocks) = &self.sites[site]
            && blocks.tags[place] == block
        {
            return blocks.values[place][(entity % LENGTH as u64) as usize];
        }
        self.draw_rarer(site, key, law, entity)
    }

    /// An entity whose block is not kept.
    #[inline(never)]
    fn draw_rarer(&mut self, site: usize, key: Key, law: &Law, entity: u64) -> i64 {
        let block = entity / LENGTH as u64;
        let blocks = self.sites[site].get_or_insert_with(|| {
            Box::new(Blocks { tags: [NONE; N_KEPT], next: 0, missed: NONE, values: [[0; LENGTH]; N_KEPT] })
        });
        if block < blocks.next && block != blocks.missed {
            // A straggler; if it has company the next one makes the block.
            blocks.missed = block;
            return law.sample_whole(&mut Stream::new(key, entity, 0));
        }
        let place = (block % N_KEPT as u64) as usize;
        let first = block * LENGTH as u64;
        for (value, entity) in blocks.values[place].iter_mut().zip(first..) {
            *value = law.sample_whole(&mut Stream::new(key, entity, 0));
        }
        blocks.tags[place] = block;
        blocks.next = blocks.next.max(block + 1);
        blocks.values[place][(entity - first) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_give_what_single_draws_give() {
        let law = Law::log_normal_mean_cv(5e6, 0.8).expect("a law");
        let key = Key::new(7, 3, 11, 13);
        let mut draws = BlockDraws::new(2);
        // In order, then stragglers, neighbours, jumps ahead and back again.
        let asked =
            (0..500).chain([3, 77, 78, 79, 10_000, 10_001, 9_990, 9_991, 9_992, 5, 6, 7]).chain(480..520);
        for entity in asked {
            let single = law.sample_whole(&mut Stream::new(key, entity, 0));
            assert_eq!(draws.draw(1, key, &law, entity), single, "entity {entity}");
        }
    }
}
