//! Drafts: amounts paid and emitted together while a step is compiled, before their stage is known.
//!
//! Does not own the tariff that is made of them (`tariff`).

use sanda_core::model::cost::{CostKind, Element, Linear};

/// An amount paid and emitted together, whose stage is not known yet.
#[derive(Debug, Clone)]
pub(in crate::build) struct Draft {
    pub kind: CostKind,
    pub element: Element,
    pub cost: Linear,
    pub emission: Linear,
    pub forcing: f64,
    /// Position among the parts of the ride, where legs and stops alternate.
    pub part: Option<usize>,
    pub role: Role,
}

impl Draft {
    /// The payment in thousandths of a fen.
    pub(in crate::build) fn cost(&self) -> Linear {
        self.cost
    }

    pub(in crate::build) fn new(kind: CostKind, element: Element) -> Self {
        Self {
            kind,
            element,
            cost: Linear::default(),
            emission: Linear::default(),
            forcing: 1.0,
            part: None,
            role: Role::Item,
        }
    }
}

/// What a draft becomes in the tariff.
#[derive(Debug, Clone, Copy)]
pub(in crate::build) enum Role {
    /// An item that is certain.
    Item,
    /// The charge with this index.
    Charge(usize),
    /// The shared leg with this index.
    Leg(usize),
}
