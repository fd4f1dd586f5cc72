//! Cargo: what steps are done to, as expected amounts of a shipment or of a whole vehicle.
//!
//! Does not own how long steps take (`steps`) nor what they cost (`money`).

use sanda_core::model::cost::Linear;
use sanda_core::model::program::LoadUnit;

use super::moments::Moments;
use crate::build::compile::batch::{law_unit, load_unit};
use crate::build::compile::standings::Standings;
use crate::schema::{Capacity, Flow, Law, LawValue, Load, Service};

/// The cargo of expected steps: its mean amounts and its customs standings.
#[derive(Debug, Clone)]
pub(in crate::build) struct Cargo {
    pub teu: Moments,
    pub tonnes: Moments,
    pub units: Moments,
    /// The value in thousandths of a fen.
    value: Linear,
    customs: Option<Standings>,
}

impl Cargo {
    /// A shipment of a flow with the given value.
    pub(in crate::build) fn of(flow: &Flow, value: Linear) -> Self {
        let quantity = |moments: Option<Moments>, unit: f64| {
            let moments = moments.unwrap_or_default();
            Moments { mean: moments.mean / unit, variance: moments.variance / unit / unit }
        };
        let teu = quantity(amount(&flow.size), 1000.0);
        let tonnes = match (&flow.mass, &flow.mass_per_teu) {
            (None, Some(per_teu)) => {
                let tonnes = per_teu.value.as_kg() as f64 / 1000.0;
                Moments { mean: teu.mean * tonnes, variance: teu.variance * tonnes * tonnes }
            }
            (mass, _) => quantity(mass.as_ref().and_then(amount), 1000.0),
        };
        let units = amount(&flow.units).unwrap_or(ONE);
        Self { teu, tonnes, units, value, customs: Some(Standings::of(flow)) }
    }

    /// The mean of an amount for this cargo.
    pub(in crate::build) fn pays(&self, amount: Linear) -> f64 {
        amount.per_shipment as f64
            + amount.per_teu as f64 * self.teu.mean
            + amount.per_tonne as f64 * self.tonnes.mean
    }

    /// The mean value in thousandths of a fen.
    pub(in crate::build) fn worth(&self) -> f64 {
        self.pays(self.value)
    }

    /// The customs standings of a shipment; `None` for a vehicle.
    pub(in crate::build) fn customs(&self) -> Option<&Standings> {
        self.customs.as_ref()
    }

    /// A whole vehicle, assumed to be full.
    pub(in crate::build) fn aboard(service: &Service) -> Self {
        let mut cargo = Self { teu: ONE, tonnes: ONE, units: ONE, value: Linear::default(), customs: None };
        let mean = |law: &Law<Load>| law.compile().map_or(0.0, |law| law.mean());
        let (unit, mean) = match &service.capacity.value {
            Capacity::Fixed(load) => (load_unit(*load), load.base() as f64),
            Capacity::Random(law) => (law_unit(law), mean(law)),
            Capacity::Seasonal { load, month } => {
                (law_unit(load), mean(load) * month.value.iter().sum::<f64>() / 12.0)
            }
            Capacity::Unlimited => return cargo,
        };
        let full = |per: f64| Moments { mean: mean / per, variance: 0.0 };
        match unit {
            LoadUnit::Teu => cargo.teu = full(1000.0),
            LoadUnit::Mass => cargo.tonnes = full(1000.0),
            LoadUnit::Units => cargo.units = full(1.0),
            LoadUnit::Shipments => {}
        }
        cargo
    }
}

const ONE: Moments = Moments { mean: 1.0, variance: 0.0 };

/// The moments of a law. `None` if it is not valid, which is reported where it is used.
pub(in crate::build) fn amount<Q: LawValue>(law: &Law<Q>) -> Option<Moments> {
    law.compile().ok().map(|law| Moments::of(&law))
}
