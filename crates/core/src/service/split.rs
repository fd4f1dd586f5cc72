//! Shipments of several units that are split over departures.
//!
//! Where a service splits, of the shipment that no longer fits as many whole units board as fit, and the rest keeps its place.
//! From then on every part is an entity of its own, in the yard or aboard, and the shipment itself waits for them as it
//! waits for parallel branches (`waiting`): it goes on when the last part has come, with the times of that part. TEU and mass
//! are divided in proportion to the units, rounded down for those who go first, so that nothing is lost. A shipment has
//! boarded when its last unit has: waits and first departures are recorded then.

use crate::engine::entity::{Entity, Kind, Part, Pool, Slot};
use crate::model::program::LoadUnit;

/// How many of the units of a shipment, which does not fit as a whole, fit into so much room.
pub(crate) fn units_that_fit(entity: &Entity, unit: LoadUnit, room: i64) -> u32 {
    let units = i128::from(entity.units);
    let total = match unit {
        LoadUnit::Teu => entity.teu,
        LoadUnit::Mass => entity.mass,
        LoadUnit::Units => i64::from(entity.units),
        // Nothing smaller than a shipment: refused when the model is built.
        LoadUnit::Shipments => return 0,
    };
    if room <= 0 || total <= 0 {
        return 0;
    }
    // The most n with n * total / units, rounded down, not above the room.
    let most = ((i128::from(room) + 1) * units - 1) / i128::from(total);
    u32::try_from(most.min(units - 1)).unwrap_or(0)
}

/// Splits so many units off a shipment in a yard, or off the rest of one. Gives back these units and the rest.
pub(crate) fn split_off(pool: &mut Pool, slot: Slot, units: u32) -> (Slot, Slot) {
    let mut rest = pool[slot].clone();
    let shipment = if rest.part == Part::Whole { slot } else { rest.link };
    if shipment == slot {
        // Of a branch that rides by itself, the parts are branches of it.
        rest.root = if rest.kind == Kind::Branch { rest.root } else { slot };
        rest.kind = Kind::Branch;
        rest.link = slot;
        rest.part = Part::Rest;
        rest.clear_times();
        rest.accounted_to = 0;
        pool[shipment].n_branches = 1;
    }
    let share = |total: i64| (i128::from(total) * i128::from(units) / i128::from(rest.units)) as i64;
    let mut part = rest.clone();
    (part.units, part.teu, part.mass, part.part) = (units, share(rest.teu), share(rest.mass), Part::First);
    rest.units -= part.units;
    rest.teu -= part.teu;
    rest.mass -= part.mass;
    let rest = if shipment == slot {
        pool.add(rest)
    } else {
        pool[slot] = rest;
        slot
    };
    pool[shipment].n_branches += 1;
    (pool.add(part), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipment(units: u32, teu: i64) -> Entity {
        let mut entity = Entity::new(Kind::Shipment, 0, 0, 0, 0);
        (entity.units, entity.teu, entity.mass) = (units, teu, 7 * teu);
        entity
    }

    #[test]
    fn as_many_units_as_fit() {
        // Three units of 10 TEU: the first has 3.333.
        let entity = shipment(3, 10_000);
        for (room, fit) in [(0, 0), (3_332, 0), (3_333, 1), (6_665, 1), (6_666, 2), (9_999, 2)] {
            assert_eq!(units_that_fit(&entity, LoadUnit::Teu, room), fit, "room {room}");
        }
        assert_eq!(units_that_fit(&entity, LoadUnit::Units, 2), 2);
        assert_eq!(units_that_fit(&entity, LoadUnit::Shipments, 1), 0);
    }

    #[test]
    fn nothing_is_lost() {
        for teu in [1, 9_999, 10_000, 10_001] {
            let mut pool = Pool::default();
            let whole = pool.add(shipment(7, teu));
            let mut sum = (0, 0, 0);
            let mut rest = whole;
            for units in [2, 1, 3] {
                let room = teu * i64::from(units) / i64::from(7_u32);
                let part;
                (part, rest) = split_off(&mut pool, rest, units);
                let part = &pool[part];
                assert!(part.teu <= room + 1 && part.link == whole && part.kind == Kind::Branch);
                sum = (sum.0 + part.units, sum.1 + part.teu, sum.2 + part.mass);
            }
            let last = &pool[rest];
            assert_eq!((sum.0 + last.units, sum.1 + last.teu, sum.2 + last.mass), (7, teu, 7 * teu));
            assert_eq!((pool[whole].teu, pool[whole].n_branches), (teu, 4));
        }
    }
}
