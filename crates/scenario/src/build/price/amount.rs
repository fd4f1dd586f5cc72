//! Prices and emission factors as amounts per shipment, TEU and tonne, in thousandths of a fen and
//! milligrams.
//!
//! Owns exchange, distances and rounding, and the price of a ride, a leg, a haul and a server. Both the
//! tariff (`tariff`) and expected costs (`expect::money`) use these amounts, so that the two cannot differ.
//! Does not own who pays, nor whether prices are consistent (`check::price`).

use sanda_core::model::cost::Linear;
use sanda_units::{Basis, EmissionRate, Price, Quantity as _};

use crate::build::builder::Builder;
use crate::decode::Entry;
use crate::schema::{Connection, Fees, Prices, Scenario, Service};
use crate::source::Located;

/// An amount per shipment, TEU and tonne. It is rounded once, at the end.
#[derive(Default)]
struct Sum([f64; 3]);

impl Sum {
    /// Adds an amount per unit of a basis, over a number of kilometres.
    fn add(&mut self, amount: f64, basis: Basis, kilometres: f64) {
        let (place, times) = match basis {
            Basis::Shipment => (0, 1.0),
            Basis::Kilometre => (0, kilometres),
            Basis::Teu => (1, 1.0),
            Basis::TeuKilometre => (1, kilometres),
            Basis::Tonne => (2, 1.0),
            Basis::TonneKilometre => (2, kilometres),
        };
        self.0[place] += amount * times;
    }

    fn rounded(&self) -> Linear {
        let [per_shipment, per_teu, per_tonne] = self.0.map(|amount| amount.round() as i64);
        Linear { per_shipment, per_teu, per_tonne }
    }
}

/// The emission of a factor over a distance, in milligrams.
pub(in crate::build) fn emitted(rate: EmissionRate, kilometres: f64) -> Linear {
    let mut sum = Sum::default();
    sum.add(rate.as_mg_f64(), rate.basis, kilometres);
    sum.rounded()
}

fn negated(cost: Linear) -> Linear {
    Linear { per_shipment: -cost.per_shipment, per_teu: -cost.per_teu, per_tonne: -cost.per_tonne }
}

/// Yuan for one unit of a currency.
fn yuan_for_one(scenario: &Scenario, currency: &str) -> Option<f64> {
    if currency == "CNY" {
        return Some(1.0);
    }
    scenario.rates.iter().find(|(code, _)| code.as_str() == currency).map(|(_, rate)| rate.0)
}

/// All amounts are in thousandths of a fen. A subsidy is negative.
impl Builder<'_> {
    /// The amount of prices over a distance: either those by distance or the others. The checks find a
    /// currency without a rate.
    fn money(&self, prices: &[Located<Price>], by_distance: bool, kilometres: f64) -> Linear {
        let mut sum = Sum::default();
        for price in prices.iter().filter(|price| price.value.basis.is_by_distance() == by_distance) {
            let rate = yuan_for_one(self.scenario, &price.value.currency).unwrap_or(0.0);
            sum.add(price.value.to_fen(rate) * 1000.0, price.value.basis, kilometres);
        }
        sum.rounded()
    }

    /// The amount of fees.
    pub(in crate::build) fn fees(&self, fees: &Fees) -> Linear {
        self.money(&fees.0, false, 0.0)
    }

    /// Freight and subsidy of a haul.
    pub(in crate::build) fn haul_prices(&self, connection: &Connection) -> [Linear; 2] {
        let kilometres = self.haul_kilometres(connection);
        let both = |prices: &Prices<true>| {
            let mut sum = self.money(&prices.0, false, 0.0);
            let by_distance = self.money(&prices.0, true, kilometres);
            sum.per_shipment += by_distance.per_shipment;
            sum.per_teu += by_distance.per_teu;
            sum.per_tonne += by_distance.per_tonne;
            sum
        };
        [both(&connection.freight), negated(both(&connection.subsidy))]
    }

    /// Freight and subsidy of a ride that do not depend on its legs.
    pub(in crate::build) fn boarding_prices(&self, service: &Service) -> [Linear; 2] {
        [self.money(&service.freight.0, false, 0.0), negated(self.money(&service.subsidy.0, false, 0.0))]
    }

    /// Freight and subsidy of a leg by its distance.
    pub(in crate::build) fn leg_prices(&self, service: &Entry<Service>, leg: usize) -> [Linear; 2] {
        let kilometres = self.leg_kilometres(service, leg).unwrap_or(0.0);
        let by_distance = |prices: &Prices<true>| self.money(&prices.0, true, kilometres);
        [by_distance(&service.freight), negated(by_distance(&service.subsidy))]
    }

    /// Kilometres of a haul: stated, else the great circle between its ends, else zero.
    pub(in crate::build) fn haul_kilometres(&self, connection: &Connection) -> f64 {
        let stated = connection.distance.map(|distance| distance.value.value().base() as f64);
        let metres = stated.or_else(|| self.great_circle(&connection.from.value, &connection.to.value));
        metres.unwrap_or(0.0) / 1000.0
    }

    /// Kilometres of a leg: stated, else the great circle between its ends.
    pub(in crate::build) fn leg_kilometres(&self, service: &Service, leg: usize) -> Option<f64> {
        if let Some(distance) = &service.distance {
            return distance.value.get(leg).map(|distance| distance.base() as f64 / 1000.0);
        }
        let (from, to) = (service.stops.value.get(leg)?, service.stops.value.get(leg + 1)?);
        self.great_circle(&from.value, &to.value).map(|metres| metres / 1000.0)
    }
}
