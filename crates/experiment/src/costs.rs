//! The figures of cost and CO2e of a run, computed from the tariff and from counts of delivered shipments.
//!
//! All are ratios of sums over the shipments that were released in the window and delivered: per shipment, per TEU, per tonne. Stages,
//! kinds and elements are per shipment of the whole flow, whatever its itinerary, so that they add up to the flow's figure. Does not
//! own what is counted (`sanda_core::charge`) nor the tariff (`sanda_core::model::cost`).

use sanda_core::model::Model;
use sanda_core::model::cost::{Carried, CarriedRecord, CostKind, CostPlace, Element, FlowCosts};
use sanda_core::model::ids::{FlowId, ItineraryId};
use sanda_core::record::Outcome;
use sanda_results::paths;
use sanda_units::Duration;

use crate::metrics::{Item, Visit};

/// Millionths of a fen in a yuan.
const PER_YUAN: f64 = 1e8;
/// Thousandths of a milligram in a kilogram.
const PER_KG: f64 = 1e9;
/// Days of a year of capital cost.
const YEAR: Duration = Duration::from_days(365);

/// The sums that one item of the tariff came to in one replication.
struct Entry {
    place: CostPlace,
    kind: CostKind,
    /// Millionths of a fen.
    cost: i128,
    /// Micrograms.
    emission: i128,
    forcing: f64,
    /// Whether the tariff has a price here.
    pays: bool,
    /// Whether it has an emission here.
    emits: bool,
}

/// The counts of delivered shipments, and the measures by which sums are divided.
struct Account<'a> {
    flow: &'a FlowCosts,
    capital_a_year: f64,
    entries: Vec<Entry>,
    records: Vec<(ItineraryId, CarriedRecord)>,
}

/// Walks over the figures of cost and CO2e of a flow.
pub(crate) fn flow(model: &Model, outcome: &Outcome, id: FlowId, visit: &mut Visit<'_>) {
    if !model.costs.are_kept || !model.costs.flows[id].is_reported {
        return;
    }
    let name = model.flows[id].name.as_str();
    let account = Account::of(model, outcome, id);
    let carried = account.carried(None);
    account.measures(&carried, None, &mut |measure, sums, count| {
        let mut figure = |head: &str, sum: f64| {
            visit(&|| paths::flow(name, &format!("{head}.{measure}")), Item::Mean { sum, count });
        };
        if let Some(cost) = sums.cost {
            figure(paths::COST, cost);
            figure(paths::COST_WITHOUT_SUBSIDY, sums.without_subsidy);
        }
        if let Some(emission) = sums.emission {
            figure(paths::EMISSION, emission);
        }
        if account.flow.has_forcing {
            figure(paths::EMISSION_WITH_FORCING, sums.with_forcing);
        }
    });
    let count = carried.shipments as f64;
    let mut per_shipment =
        |figure: &str, sum: f64| visit(&|| paths::flow(name, figure), Item::Mean { sum, count });
    for kind in CostKind::ALL {
        let of_kind = account.entries.iter().filter(|entry| entry.kind == kind);
        let costs: Vec<i128> = of_kind.map(|entry| entry.cost).collect();
        if pays_for(model, id, kind) {
            let sum = costs.iter().sum::<i128>() as f64 / PER_YUAN;
            per_shipment(&format!("{}.by_kind.{}", paths::COST, kind.name()), sum);
        }
    }
    if !account.flow.value.is_zero() {
        per_shipment(&format!("{}.by_kind.{}", paths::COST, paths::INVENTORY), account.inventory(None));
    }
    for element in Element::ALL {
        if account.emits() {
            let sum = account.emission(|place| place.element == element);
            per_shipment(&format!("{}.by_element.{}", paths::EMISSION, element.name()), sum);
        }
    }
    for (stage, params) in model.stages.iter_enumerated().filter(|(_, stage)| stage.flow == id) {
        let here = |place: &CostPlace| place.stage == stage || place.part == Some(stage);
        let stage = params.name.as_str();
        if account.entries.iter().any(|entry| entry.pays && here(&entry.place)) {
            per_shipment(&format!("stages.{stage}.{}", paths::COST), account.cost(here));
        }
        if account.entries.iter().any(|entry| entry.emits && here(&entry.place)) {
            per_shipment(&format!("stages.{stage}.{}", paths::EMISSION), account.emission(here));
        }
    }
    if account.records.len() > 1 {
        for &(itinerary, record) in &account.records {
            let way = model.itineraries[itinerary].name.as_str();
            account.measures(&record.carried, Some(itinerary), &mut |measure, sums, count| {
                let mut figure = |head: &str, sum: f64| {
                    let path = || paths::flow(name, &format!("itineraries.{way}.{head}.{measure}"));
                    visit(&path, Item::Mean { sum, count });
                };
                if let Some(cost) = sums.cost {
                    figure(paths::COST, cost);
                    figure(paths::COST_WITHOUT_SUBSIDY, sums.without_subsidy);
                }
                if let Some(emission) = sums.emission {
                    figure(paths::EMISSION, emission);
                }
            });
        }
    }
}

/// Whether some item of a flow is of a kind and has a price, whatever came of it: figures are the same in every replication.
fn pays_for(model: &Model, id: FlowId, kind: CostKind) -> bool {
    let items = model.costs.items.iter().chain(&model.costs.charges);
    items
        .filter(|item| model.itineraries[item.place.itinerary].flow == id)
        .any(|item| item.kind == kind && !item.cost.is_zero())
}

/// Sums over a flow or an itinerary: yuan and kilograms.
struct Sums {
    cost: Option<f64>,
    without_subsidy: f64,
    emission: Option<f64>,
    with_forcing: f64,
}

impl<'a> Account<'a> {
    fn of(model: &'a Model, outcome: &Outcome, id: FlowId) -> Self {
        let costs = &model.costs;
        let of_flow = |place: &CostPlace| model.itineraries[place.itinerary].flow == id;
        let record = &outcome.costs;
        let mut entries = Vec::new();
        let certain =
            costs.items.iter().map(|item| (item, &record.itineraries[item.place.itinerary].carried));
        let by_chance = costs.charges.iter().zip(&record.charges);
        for (item, carried) in certain.chain(by_chance).filter(|(item, _)| of_flow(&item.place)) {
            entries.push(Entry {
                place: item.place,
                kind: item.kind,
                cost: item.cost.of(carried),
                emission: item.emission.of(carried),
                forcing: item.forcing,
                pays: !item.cost.is_zero(),
                emits: !item.emission.is_zero(),
            });
        }
        for (leg, &emission) in costs.legs.iter().zip(&record.legs) {
            if of_flow(&leg.place) {
                let (place, forcing) = (leg.place, leg.forcing);
                entries.push(Entry {
                    place,
                    kind: CostKind::Freight,
                    cost: 0,
                    emission,
                    forcing,
                    pays: false,
                    emits: true,
                });
            }
        }
        let records = crate::metrics::ways(model, id)
            .map(|itinerary| (itinerary, record.itineraries[itinerary]))
            .collect();
        Self { flow: &costs.flows[id], capital_a_year: costs.capital_a_year, entries, records }
    }

    fn records(&self, only: Option<ItineraryId>) -> impl Iterator<Item = &CarriedRecord> {
        self.records
            .iter()
            .filter(move |(itinerary, _)| only.is_none_or(|only| only == *itinerary))
            .map(|(_, record)| record)
    }

    fn carried(&self, only: Option<ItineraryId>) -> Carried {
        self.records(only).fold(Carried::default(), |sum, record| Carried {
            shipments: sum.shipments + record.carried.shipments,
            teu: sum.teu + record.carried.teu,
            mass: sum.mass + record.carried.mass,
        })
    }

    fn pays(&self) -> bool {
        self.flow.has_cost
    }

    fn emits(&self) -> bool {
        self.flow.has_emission
    }

    /// Yuan of the items somewhere.
    fn cost(&self, here: impl Fn(&CostPlace) -> bool) -> f64 {
        let entries = self.entries.iter().filter(|entry| here(&entry.place));
        entries.map(|entry| entry.cost).sum::<i128>() as f64 / PER_YUAN
    }

    /// Kilograms of the items somewhere.
    fn emission(&self, here: impl Fn(&CostPlace) -> bool) -> f64 {
        let entries = self.entries.iter().filter(|entry| here(&entry.place));
        entries.map(|entry| entry.emission).sum::<i128>() as f64 / PER_KG
    }

    /// Yuan of capital bound while under way.
    fn inventory(&self, only: Option<ItineraryId>) -> f64 {
        let bound: i128 = self.records(only).map(|record| record.bound(&self.flow.value)).sum();
        bound as f64 / PER_YUAN * self.capital_a_year / YEAR.as_ms() as f64
    }

    /// Calls with each measure that the flow has, the sums, and how much of the measure there was.
    fn measures(
        &self,
        carried: &Carried,
        only: Option<ItineraryId>,
        figure: &mut dyn FnMut(&'static str, &Sums, f64),
    ) {
        let here = |place: &CostPlace| only.is_none_or(|only| only == place.itinerary);
        let inventory = self.inventory(only);
        let cost = self.cost(here) + inventory;
        let subsidies = self.entries.iter().filter(|entry| entry.kind == CostKind::Subsidy);
        let subsidy: i128 = subsidies.filter(|entry| here(&entry.place)).map(|entry| entry.cost).sum();
        let forced = self.entries.iter().filter(|entry| here(&entry.place));
        let sums = Sums {
            cost: self.pays().then_some(cost),
            without_subsidy: cost - subsidy as f64 / PER_YUAN,
            emission: self.emits().then(|| self.emission(here)),
            with_forcing: forced.map(|entry| entry.emission as f64 / PER_KG * entry.forcing).sum(),
        };
        figure(paths::PER_SHIPMENT, &sums, carried.shipments as f64);
        if self.flow.has_teu {
            figure(paths::PER_TEU, &sums, carried.teu as f64 / 1000.0);
        }
        if self.flow.has_mass {
            figure(paths::PER_TONNE, &sums, carried.mass as f64 / 1000.0);
        }
    }
}
