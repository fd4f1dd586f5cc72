//! Draws made in blocks.
//!
//! One draw waits for the one before it through a chain of multiplications, a logarithm or an exponential; sixteen draws
//! for neighbouring entities do not wait for each other, and cost together little more than three. As a draw is a pure
//! function of its key and entity, it may be made early, twice, or never: what comes out is the same to the bit. So a
//! site of drawing keeps the blocks of entities that passed lately, and makes a new one when entities arrive in order, or when two
//! of one block ask.
//!
//! Does not own what a draw is (`random`, `law`). Entities in a loop (occurrence above zero) draw one by one.

use std::collections::BTreeMap;

use super::law::Law;
use super::random::{Key, Stream};

/// Entities in a block.
const LENGTH: usize = 16;
/// Blocks that a stream keeps, by the block's number modulo this.
const N_KEPT: usize = 8;
/// No block.
const NONE: u64 = u64::MAX;
/// A block is worth making where at least this many of its entities ask: a draw in company costs about a third of one alone.
const WORTH_MAKING: u32 = 5;

/// The blocks of one site.
#[derive(Debug, Clone)]
struct Blocks {
    tags: [u64; N_KEPT],
    /// One past the last block made, or passed over, in order.
    next: u64,
    /// The block last asked for in vain.
    missed: u64,
    /// How many have asked since the last block was made or passed over.
    n_asked: u32,
    values: [[i64; LENGTH]; N_KEPT],
}

/// Whole-number draws at many sites, each of one stream and one law.
#[derive(Debug, Clone, Default)]
pub struct BlockDraws {
    /// Where each site's blocks are: sites of the same stream and law share them.
    places: Vec<u32>,
    /// Made on first use: many sites of a model are never used, or rarely.
    blocks: Vec<Option<Box<Blocks>>>,
}

impl BlockDraws {
    /// Room for sites numbered from 0, each with blocks of its own.
    pub fn new(n_sites: u32) -> Self {
        Self { places: (0..n_sites).collect(), blocks: vec![None; n_sites as usize] }
    }

    /// Room for these sites, numbered from 0 in their order, each given by the number of its stream and its law.
    pub fn shared<'l>(sites: impl Iterator<Item = (usize, &'l Law)>) -> Self {
        let mut known: BTreeMap<usize, Vec<(u32, &Law)>> = BTreeMap::new();
        let mut n_places = 0;
        let places = sites
            .map(|(stream, law)| {
                let of_stream = known.entry(stream).or_default();
                if let Some(&(place, _)) = of_stream.iter().find(|(_, other)| *other == law) {
                    return place;
                }
                of_stream.push((n_places, law));
                n_places += 1;
                n_places - 1
            })
            .collect();
        Self { places, blocks: vec![None; n_places as usize] }
    }

    /// The first draw of an entity: `law.sample_whole` on the stream of `key`, entity and occurrence 0.
    ///
    /// A site must always come with the same key and law: a stream that is drawn from by several laws has a site for each.
    #[inline]
    pub fn draw(&mut self, site: usize, key: Key, law: &Law, entity: u64) -> i64 {
        let block = entity / LENGTH as u64;
        let place = (block % N_KEPT as u64) as usize;
        if let Some(blocks) = &mut self.blocks[self.places[site] as usize]
            && blocks.tags[place] == block
        {
            blocks.n_asked += 1;
            return blocks.values[place][(entity % LENGTH as u64) as usize];
        }
        self.draw_rarer(site, key, law, entity)
    }

    /// An entity whose block is not kept.
    #[inline(never)]
    fn draw_rarer(&mut self, site: usize, key: Key, law: &Law, entity: u64) -> i64 {
        let block = entity / LENGTH as u64;
        let blocks = self.blocks[self.places[site] as usize].get_or_insert_with(|| {
            Box::new(Blocks {
                tags: [NONE; N_KEPT],
                next: 0,
                missed: NONE,
                n_asked: WORTH_MAKING,
                values: [[0; LENGTH]; N_KEPT],
            })
        });
        blocks.n_asked += 1;
        if block >= blocks.next {
            blocks.next = block + 1;
            let few_asked = blocks.n_asked <= WORTH_MAKING;
            blocks.n_asked = 0;
            if few_asked {
                return law.sample_whole(&mut Stream::new(key, entity, 0));
            }
        } else if block != blocks.missed || blocks.n_asked <= WORTH_MAKING {
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
        let other = Law::constant(1.0).expect("a law");
        let mut draws = BlockDraws::shared([(0, &other), (1, &law), (1, &law), (1, &other)].into_iter());
        // In order, then stragglers, neighbours, jumps ahead and back again.
        let asked = (0..500)
            .chain([3, 77, 78, 79, 10_000, 10_001, 9_990, 9_991, 9_992, 5, 6, 7])
            .chain(480..520)
            .chain((520..2000).step_by(7))
            .chain(2000..2100);
        for entity in asked {
            let single = law.sample_whole(&mut Stream::new(key, entity, 0));
            assert_eq!(draws.draw(1 + (entity % 2) as usize, key, &law, entity), single, "entity {entity}");
        }
    }
}
