//! Parameters that affect shipments: all except money and greenhouse gas, which are calculated afterwards.
//!
//! Owns the names of the fields that are only calculated. Does not own what they mean (`schema`), nor how
//! they are shown.

use crate::path::ParameterPath;

/// Fields of money.
const MONEY: [&str; 3] = ["fee", "freight", "subsidy"];

/// Distance counts for prices and emissions, and for the time of a connection that states none.
const DISTANCE: &str = "distance";

/// Fields that are calculated afterwards and do not influence the choice of ways.
const RECKONED: [&str; 2] = ["emission", "radiative_forcing"];

/// Whether the value at a path can change what happens to shipments.
///
/// Money can if some flow chooses its way by cost. The value of the goods cannot: it is no part of the cost
/// of a way. Distance can if money can, and if the entry `goes_by_distance`, which is a connection without
/// a time of its own.
pub(super) fn is_felt(path: &ParameterPath, choose_by_cost: bool, goes_by_distance: bool) -> bool {
    let is_flow = path.first_two().0 == "flows";
    let is_price = |field: &str| MONEY.contains(&field) || field == DISTANCE && !goes_by_distance;
    // Only fields of an entry or of a step count. Names within a map are not fields.
    !path.fields_of_entry_and_steps().any(|field| {
        RECKONED.contains(&field) || is_price(field) && !choose_by_cost || is_flow && field == "value"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_gas_are_not_felt() {
        let check = |path: &str, choose_by_cost, expected| {
            let place: ParameterPath = path.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(is_felt(&place, choose_by_cost, false), expected, "{path}");
        };
        for path in ["services.train.freight", "resources.crane.fee", "procedures.turn.steps[1].fee[0]"] {
            check(path, false, false);
            check(path, true, true);
        }
        for path in ["services.train.emission", "connections.road.radiative_forcing", "flows.boxes.value"] {
            check(path, false, false);
            check(path, true, false);
        }
        // The value of a law, and names that look like fields.
        for path in
            ["procedures.turn.steps[0].time.value", "flows.fee.arrivals.mean", "regimes.way.states.fee"]
        {
            check(path, false, true);
        }
        check("flows.boxes.itineraries.value.share", false, true);
        // Distance is part of a price or a time.
        for path in ["connections.road.distance", "services.train.distance[1]"] {
            check(path, false, false);
            check(path, true, true);
        }
        let road: ParameterPath =
            "connections.road.distance".parse().unwrap_or_else(|error| panic!("{error}"));
        assert!(is_felt(&road, false, true));
    }
}
