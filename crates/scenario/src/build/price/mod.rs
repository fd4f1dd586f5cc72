//! Prices and emission factors as amounts and as the tariff of the model.
//!
//! Does not own what a shipment is expected to pay (`expect::money`).

pub(in crate::build) mod amount;
pub(in crate::build) mod draft;
mod tariff;
