//! What shipments cost and emit: the tariff of a model, and what a replication keeps of it.
//!
//! Almost everything a shipment costs is certain once its itinerary is: so much a shipment, a TEU, a tonne. The scenario crate sums
//! that into [`CostItem`]s, and a replication keeps nothing but how many shipments, TEU and tonnes came through each itinerary, and
//! how long they took ([`Carried`]). Only two things are counted on the way: items in a branch taken by chance
//! ([`Op::Charge`](crate::model::program::Op::Charge)), and emissions that depend on what else is aboard ([`LegEmission`]).
//! Products are made after the merge (`sanda_experiment`), from integers.
//!
//! The structure is that of ISO 14083:2023: a transport chain is made of transport operations (rides, hauls) and hub operations (what
//! is done at a place), and the emissions of each are its own. Does not own handlers (`charge`) or prices as written (`scenario`).

use sanda_units::{Duration, IdVec, Money};
use serde::{Deserialize, Serialize};

use crate::kernel::law::to_whole;
use crate::model::ids::{FlowId, ItineraryId, StageId};

/// An amount that is linear in shipments, TEU and mass.
///
/// Units: thousandths of a fen, or milligrams of CO2e; per shipment, per TEU and per tonne. Rounded once, when the model is built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Linear {
    /// For each shipment.
    pub per_shipment: i64,
    /// For each TEU.
    pub per_teu: i64,
    /// For each tonne.
    pub per_tonne: i64,
}

impl Linear {
    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// What so much comes to, exactly, in thousandths of the unit.
    pub fn of(&self, carried: &Carried) -> i128 {
        i128::from(self.per_shipment) * 1000 * i128::from(carried.shipments)
            + i128::from(self.per_teu) * carried.teu
            + i128::from(self.per_tonne) * carried.mass
    }
}

/// What a shipment is expected to pay on a way: a bill, and the capital bound in it while it is under way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedMoney {
    bill: f64,
    worth: f64,
    capital_a_year: f64,
}

impl ExpectedMoney {
    /// Of a bill and a worth, each a mean in thousandths of a fen, and the share of the worth that a year costs.
    pub fn new(bill: f64, worth: f64, capital_a_year: f64) -> Self {
        Self { bill, worth, capital_a_year }
    }

    /// The whole cost of a shipment whose time under way is `time`, in milliseconds.
    pub fn after(&self, time: f64) -> Money {
        // A worth of nothing binds no capital, be the time infinite.
        let capital = if self.worth > 0.0 {
            self.worth * self.capital_a_year * time / Duration::from_days(365).as_ms() as f64
        } else {
            0.0
        };
        Money::from_fen(to_whole((self.bill + capital) / 1000.0))
    }
}

/// What money is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CostKind {
    /// Carriage.
    Freight,
    /// Work at terminals.
    Handling,
    /// Customs.
    Customs,
    /// What somebody else pays: counted below zero.
    Subsidy,
}

impl CostKind {
    /// All, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Freight, Self::Handling, Self::Customs, Self::Subsidy];

    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Freight => "freight",
            Self::Handling => "handling",
            Self::Customs => "customs",
            Self::Subsidy => "subsidy",
        }
    }
}

/// An element of a transport chain in the sense of ISO 14083.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// A transport operation: something is moved.
    Transport,
    /// A hub operation: something is done at a place.
    Hub,
}

impl Element {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Transport, Self::Hub];

    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Hub => "hub",
        }
    }
}

/// Where in an itinerary something is paid or emitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostPlace {
    /// The itinerary.
    pub itinerary: ItineraryId,
    /// The stage.
    pub stage: StageId,
    /// The leg or stop of a ride, where it is told apart.
    pub part: Option<StageId>,
    /// The element of the transport chain.
    pub element: Element,
}

/// Something that is paid and emitted together.
#[derive(Debug, Clone, PartialEq)]
pub struct CostItem {
    /// Where.
    pub place: CostPlace,
    /// What is paid for.
    pub kind: CostKind,
    /// Thousandths of a fen; below zero for a subsidy.
    pub cost: Linear,
    /// Milligrams of CO2e.
    pub emission: Linear,
    /// By what the emission is multiplied to count radiative forcing too; 1 but for aircraft.
    pub forcing: f64,
}

/// The emission of a vehicle on one leg, shared among what is aboard by mass.
#[derive(Debug, Clone, PartialEq)]
pub struct LegEmission {
    /// Where.
    pub place: CostPlace,
    /// As in [`CostItem`].
    pub forcing: f64,
}

/// What is known of a flow's costs beside the items.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent of each other; each decides on figures of its own"
)]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FlowCosts {
    /// Whether its costs are reported.
    pub is_reported: bool,
    /// Worth of its cargo, in thousandths of a fen.
    pub value: Linear,
    /// Whether it pays anything, or capital is bound in it.
    pub has_cost: bool,
    /// Whether it emits anything.
    pub has_emission: bool,
    /// Whether its shipments have TEU.
    pub has_teu: bool,
    /// Whether its shipments have a mass.
    pub has_mass: bool,
    /// Whether figures with radiative forcing differ from those without.
    pub has_forcing: bool,
}

/// All prices and emission factors of a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Costs {
    /// Whether there are any. Nothing is counted if not.
    pub are_kept: bool,
    /// What every shipment of an itinerary pays and emits.
    pub items: Vec<CostItem>,
    /// What is paid in branches, by the number in `Op::Charge`.
    pub charges: Vec<CostItem>,
    /// What is shared by those aboard, by ride and leg.
    pub legs: Vec<LegEmission>,
    /// Of each flow.
    pub flows: IdVec<FlowId, FlowCosts>,
    /// What capital costs in a year, as a share.
    pub capital_a_year: f64,
}

/// How much something was done to: shipments released in the window and delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Shipments.
    pub shipments: u64,
    /// Thousandths of TEU.
    pub teu: i128,
    /// Kilograms.
    pub mass: i128,
}

impl Carried {
    /// Adds one shipment.
    #[inline]
    pub fn add(&mut self, teu: i64, mass: i64) {
        self.shipments += 1;
        self.teu += i128::from(teu);
        self.mass += i128::from(mass);
    }
}

/// What came through one itinerary, and how long it took from release to delivery.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedRecord {
    /// How much.
    pub carried: Carried,
    /// Milliseconds, over all shipments.
    pub time: i128,
    /// Thousandths of TEU times milliseconds.
    pub teu_time: i128,
    /// Kilograms times milliseconds.
    pub mass_time: i128,
}

impl CarriedRecord {
    /// Adds one shipment that took so many milliseconds.
    pub(crate) fn add(&mut self, teu: i64, mass: i64, time: i64) {
        self.carried.add(teu, mass);
        self.time += i128::from(time);
        self.teu_time += i128::from(teu) * i128::from(time);
        self.mass_time += i128::from(mass) * i128::from(time);
    }

    /// The integral of a worth over the time it was bound, in thousandths of the unit of `worth` times milliseconds.
    pub fn bound(&self, worth: &Linear) -> i128 {
        i128::from(worth.per_shipment) * 1000 * self.time
            + i128::from(worth.per_teu) * self.teu_time
            + i128::from(worth.per_tonne) * self.mass_time
    }
}

/// What a replication keeps of costs and emissions; empty where [`Costs::are_kept`] is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostRecord {
    /// Of each itinerary.
    pub itineraries: IdVec<ItineraryId, CarriedRecord>,
    /// Of each charge: what paid it, counted each time.
    pub charges: Vec<Carried>,
    /// Of each leg with shared emissions: micrograms of CO2e.
    pub legs: Vec<i128>,
}

impl CostRecord {
    pub(crate) fn new(costs: &Costs, n_itineraries: usize) -> Self {
        if !costs.are_kept {
            return Self::default();
        }
        Self {
            itineraries: (0..n_itineraries).map(|_| CarriedRecord::default()).collect(),
            charges: vec![Carried::default(); costs.charges.len()],
            legs: vec![0; costs.legs.len()],
        }
    }
}
