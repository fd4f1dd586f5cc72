//! Checks of prices and emission factors: currencies, distances, and factors that exclude or need each
//! other.
//!
//! Does not own which flows need a mass (`build::price`), which depends on their ways.

use sanda_units::Basis;

use super::{Checker, Kind};
use crate::{
    decode::{Entry, Name},
    schema::{Connection, Prices, Service},
    source::Located,
};

impl Checker<'_, '_> {
    pub(super) fn prices(&mut self) {
        let scenario = self.scenario;
        for (id, resource) in &scenario.resources {
            self.at("resources", |c| c.at(id, |c| c.at("fee", |c| c.currencies(&resource.fee))));
        }
        for (id, service) in &scenario.services {
            self.at("services", |c| c.at(id, |c| c.service_prices(service)));
        }
        for (id, connection) in &scenario.connections {
            self.at("connections", |c| c.at(id, |c| c.connection_prices(connection)));
        }
        for (id, flow) in &scenario.flows {
            self.at("flows", |c| {
                c.at(id, |c| {
                    c.at("value", |c| c.currencies(&flow.value.value));
                    if let (Some(per_teu), Some(_)) = (&flow.mass_per_teu, &flow.mass) {
                        c.at("mass_per_teu", |c| {
                            c.error(per_teu.span, "both `mass` and `mass_per_teu` are given")
                                .label("expected one of the two");
                        });
                    }
                });
            });
        }
    }

    /// Checks that every currency has a rate.
    pub(super) fn currencies<const MOVES: bool>(&mut self, prices: &Prices<MOVES>) {
        for price in &prices.0 {
            let currency = &price.value.currency;
            if !self.knows(Kind::Rate, currency) {
                self.error(price.span, format!("no exchange rate for `{currency}`"))
                    .label("expected CNY, or a currency in `rates`")
                    .hint(Some(format!("add `rates: {{ \"{currency}\": \"... CNY\" }}`, yuan for one unit")));
            }
        }
    }

    fn service_prices(&mut self, service: &Entry<Service>) {
        self.at("freight", |c| c.currencies(&service.freight));
        self.at("subsidy", |c| c.currencies(&service.subsidy));
        let basis = service.emission.map(|factor| factor.value.0.basis);
        if let Some(load) = &service.reference_load
            && basis != Some(Basis::TonneKilometre)
        {
            self.at("reference_load", |c| {
                c.error(load.span, "a reference load without an emission factor per tkm")
                    .label("expected `emission` such as \"34.7 g/tkm\" beside it");
            });
        }
        if let Some(forcing) = &service.radiative_forcing
            && basis != Some(forcing.value.0.basis)
        {
            self.at("radiative_forcing", |c| {
                c.error(forcing.span, "a factor with radiative forcing beside none of the same measure")
                    .label(format!("expected `emission` per {} too", forcing.value.0.basis.unit()));
            });
        }
        let stops = &service.stops.value;
        let is_by_distance = by_distance(&service.freight)
            || by_distance(&service.subsidy)
            || basis.is_some_and(Basis::is_by_distance);
        if is_by_distance && service.distance.is_none() {
            self.expect_positions(&service.id, stops.iter());
        }
    }

    fn connection_prices(&mut self, connection: &Entry<Connection>) {
        self.at("freight", |c| c.currencies(&connection.freight));
        self.at("subsidy", |c| c.currencies(&connection.subsidy));
        let is_by_distance = by_distance(&connection.freight)
            || by_distance(&connection.subsidy)
            || connection.emission.is_some_and(|factor| factor.value.0.basis.is_by_distance());
        if is_by_distance && connection.distance.is_none() {
            self.expect_positions(&connection.id, [&connection.from, &connection.to].into_iter());
        }
    }

    /// Checks that nodes have positions where distances are not stated.
    fn expect_positions<'n>(
        &mut self,
        id: &Located<Name>,
        mut nodes: impl Iterator<Item = &'n Located<Name>>,
    ) {
        let scenario = self.scenario;
        let unknown =
            nodes.find(|node| scenario.nodes.get(&node.value).is_some_and(|node| node.position.is_none()));
        if let Some(node) = unknown {
            self.at("distance", |c| {
                c.error(id.span, format!("`{}` pays or emits by distance, which is not known", id.value))
                    .label(format!("expected `distance`, or a `position` of node `{}`", node.value));
            });
        }
    }
}

fn by_distance(prices: &Prices<true>) -> bool {
    prices.0.iter().any(|price| price.value.basis.is_by_distance())
}
