//! Prices and emission factors compiled into the tariff of the model.
//!
//! While a step of an itinerary is compiled, what it pays and emits is drafted; when the step is through, its stage is known and the
//! drafts become items of the itinerary. Where chance decides whether a step is done, a draft also becomes an operation, which
//! counts. What a vehicle goes through at a stop is kept for those who ride past it.
//!
//! Does not own whether prices make sense (`check::price`).

use sanda_core::freight::cost::{CostItem, CostKind, CostPlace, Element, FlowCosts, LegEmission, Linear};
use sanda_core::freight::ids::{FlowId, ItineraryId, StageId};
use sanda_core::freight::program::Op;
use sanda_units::{Basis, EmissionRate, Price, Quantity};

use super::Builder;
use super::steps::Scope;
use crate::decode::{Entry, Name};
use crate::schema::{Factor, FeeKind, Fees, Flow, Law, LawValue, Prices, Scenario, Service};
use crate::source::{Located, Span};

/// Something paid and emitted together, whose stage is not known yet.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    kind: CostKind,
    element: Element,
    cost: Linear,
    emission: Linear,
    forcing: f64,
    /// Place among the parts of the ride: leg and stop in turn.
    part: Option<usize>,
    role: Role,
}

/// What a draft becomes.
#[derive(Debug, Clone, Copy)]
enum Role {
    /// An item that is certain.
    Item,
    /// The charge of this number.
    Charge(usize),
    /// The shared leg of this number.
    Leg(usize),
}

impl Draft {
    fn new(kind: CostKind, element: Element) -> Self {
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

/// What amounts come to per shipment, TEU and tonne; rounded once, at the end.
#[derive(Default)]
struct Sum([f64; 3]);

impl Sum {
    /// Adds an amount per one of a basis, over so many kilometres.
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

    fn rate(rate: EmissionRate, kilometres: f64) -> Linear {
        let mut sum = Self::default();
        sum.add(rate.as_mg_f64(), rate.basis, kilometres);
        sum.rounded()
    }
}

fn negated(cost: Linear) -> Linear {
    Linear { per_shipment: -cost.per_shipment, per_teu: -cost.per_teu, per_tonne: -cost.per_tonne }
}

/// Yuan for one unit of a currency.
pub(crate) fn yuan_for_one(scenario: &Scenario, currency: &str) -> Option<f64> {
    if currency == "CNY" {
        return Some(1.0);
    }
    scenario.rates.iter().find(|(code, _)| code.as_str() == currency).map(|(_, rate)| rate.0)
}

impl Builder<'_> {
    /// What prices come to over a distance, in thousandths of a fen. A currency without a rate is found by the checks.
    fn money(&self, prices: &[Located<Price>], by_distance: bool, kilometres: f64) -> Linear {
        let mut sum = Sum::default();
        for price in prices.iter().filter(|price| price.value.basis.is_by_distance() == by_distance) {
            let rate = yuan_for_one(self.scenario, &price.value.currency).unwrap_or(0.0);
            sum.add(price.value.to_fen(rate) * 1000.0, price.value.basis, kilometres);
        }
        sum.rounded()
    }

    fn fees(&self, fees: &Fees) -> Linear {
        self.money(&fees.0, false, 0.0)
    }

    /// Takes a draft to the step under way.
    fn draft(&mut self, mut draft: Draft, span: Span, path: &str, scope: &Scope) {
        if draft.cost.is_zero() && draft.emission.is_zero() {
            return;
        }
        if scope.by_chance {
            if scope.is_vehicle {
                self.issues
                    .error(span, "a price or emission that a vehicle meets by chance")
                    .path(path)
                    .label("expected outside of `Choose`, `Inspect` and `Repeat` at a stop")
                    .hint(Some("let the shipments pay it, before they ride or after".to_owned()));
                return;
            }
            let number = self.model.costs.charges.len();
            let place = CostPlace {
                itinerary: ItineraryId::new(0),
                stage: StageId::new(0),
                part: None,
                element: draft.element,
            };
            self.model.costs.charges.push(CostItem {
                place,
                kind: draft.kind,
                cost: draft.cost,
                emission: draft.emission,
                forcing: draft.forcing,
            });
            self.emit(Op::Charge(number as u32));
            draft.role = Role::Charge(number);
        }
        self.drafts.push(draft);
    }

    /// Work at a resource.
    pub(super) fn pay_at(&mut self, resource: &Located<Name>, path: &str, scope: &Scope) {
        let Some(entry) = self.scenario.resources.get(&resource.value) else { return };
        let mut draft = Draft::new(kind(entry.fee_as), Element::Hub);
        draft.cost = self.fees(&entry.fee);
        draft.emission = entry.emission.map(|factor| Sum::rate(factor.0, 0.0)).unwrap_or_default();
        self.draft(draft, resource.span, path, scope);
    }

    /// A charge that takes no time.
    pub(super) fn pay_charge(
        &mut self,
        fee: &Fees,
        paid_for: FeeKind,
        emission: Option<Factor<false>>,
        span: Span,
        path: &str,
        scope: &Scope,
    ) {
        let mut draft = Draft::new(kind(paid_for), Element::Hub);
        draft.cost = self.fees(fee);
        draft.emission = emission.map(|factor| Sum::rate(factor.0, 0.0)).unwrap_or_default();
        self.draft(draft, span, path, scope);
    }

    /// A haul on a connection.
    pub(super) fn pay_haul(&mut self, connection: &Located<Name>, path: &str, scope: &Scope) {
        let scenario = self.scenario;
        let Some(entry) = scenario.connections.get(&connection.value) else { return };
        let stated = entry.distance.map(|distance| distance.value.value().base() as f64);
        let metres = stated.or_else(|| self.great_circle(&entry.from.value, &entry.to.value));
        let kilometres = metres.unwrap_or(0.0) / 1000.0;
        let both = |builder: &Self, prices: &Prices<true>| {
            let mut sum = builder.money(&prices.0, false, 0.0);
            let by_distance = builder.money(&prices.0, true, kilometres);
            sum.per_shipment += by_distance.per_shipment;
            sum.per_teu += by_distance.per_teu;
            sum.per_tonne += by_distance.per_tonne;
            sum
        };
        let mut draft = Draft::new(CostKind::Freight, Element::Transport);
        draft.cost = both(self, &entry.freight);
        draft.emission =
            entry.emission.map(|factor| Sum::rate(factor.value.0, kilometres)).unwrap_or_default();
        self.draft(draft, connection.span, path, scope);
        let mut subsidy = Draft::new(CostKind::Subsidy, Element::Transport);
        subsidy.cost = negated(both(self, &entry.subsidy));
        self.draft(subsidy, connection.span, path, scope);
    }

    /// The ride that was compiled last: the ride itself, each of its legs, and what is done to the vehicle at its stops.
    pub(super) fn pay_ride(&mut self, service: &Located<Name>, path: &str, scope: &Scope) {
        let scenario = self.scenario;
        let (Some(entry), Some(&ride)) =
            (scenario.services.get(&service.value), self.model.programs.rides.last())
        else {
            return;
        };
        let paid = |builder: &mut Self, by_distance: bool, kilometres: f64, part: Option<usize>| {
            for (kind, prices) in [(CostKind::Freight, &entry.freight), (CostKind::Subsidy, &entry.subsidy)] {
                let cost = builder.money(&prices.0, by_distance, kilometres);
                let mut draft = Draft::new(kind, Element::Transport);
                draft.cost = if kind == CostKind::Subsidy { negated(cost) } else { cost };
                draft.part = part;
                builder.draft(draft, service.span, path, scope);
            }
        };
        paid(self, false, 0.0, None);
        let is_shared = shares_emissions(entry);
        let forcing = forcing(entry);
        let emission = entry.emission.map(|factor| factor.value.0).filter(|_| !is_shared);
        if let Some(rate) = emission.filter(|rate| !rate.basis.is_by_distance()) {
            let mut draft = Draft::new(CostKind::Freight, Element::Transport);
            draft.emission = Sum::rate(rate, 0.0);
            draft.forcing = forcing;
            self.draft(draft, service.span, path, scope);
        }
        if is_shared {
            let legs_from = self.model.costs.legs.len() as u32;
            if let Some(ride) = self.model.programs.rides.last_mut() {
                ride.legs_from = Some(legs_from);
            }
        }
        for leg in ride.from..ride.to {
            let kilometres = self.leg_kilometres(entry, usize::from(leg)).unwrap_or(0.0);
            let part = 2 * usize::from(leg - ride.from);
            paid(self, true, kilometres, Some(part));
            let mut draft = Draft::new(CostKind::Freight, Element::Transport);
            draft.part = Some(part);
            draft.forcing = forcing;
            if is_shared {
                let number = self.model.costs.legs.len();
                let place = CostPlace {
                    itinerary: ItineraryId::new(0),
                    stage: StageId::new(0),
                    part: None,
                    element: Element::Transport,
                };
                self.model.costs.legs.push(LegEmission { place, forcing });
                draft.role = Role::Leg(number);
                self.drafts.push(draft);
            } else if let Some(rate) = emission.filter(|rate| rate.basis.is_by_distance()) {
                draft.emission = Sum::rate(rate, kilometres);
                self.draft(draft, service.span, path, scope);
            }
            // Cargo for a stop is aboard while the vehicle is worked on there.
            let at_stop = self.stop_drafts.get(&(ride.service, leg + 1)).cloned().unwrap_or_default();
            for mut draft in at_stop {
                draft.part = Some(part + 1);
                self.draft(draft, service.span, path, scope);
            }
        }
    }

    /// Kilometres of a leg: stated, else the great circle of its ends.
    fn leg_kilometres(&self, service: &Service, leg: usize) -> Option<f64> {
        if let Some(distance) = &service.distance {
            return distance.value.get(leg).map(|distance| distance.base() as f64 / 1000.0);
        }
        let (from, to) = (service.stops.value.get(leg)?, service.stops.value.get(leg + 1)?);
        self.great_circle(&from.value, &to.value).map(|metres| metres / 1000.0)
    }

    /// Milligrams of each leg of a service whose emissions are shared among what is aboard; none where they are not.
    pub(super) fn leg_emissions(&self, service: &Service) -> Vec<i64> {
        let Some(rate) = service.emission.map(|factor| factor.value.0).filter(|_| shares_emissions(service))
        else {
            return Vec::new();
        };
        // With a factor per tonne-kilometre, the load it assumes.
        let tonnes = service.reference_load.map_or(1.0, |load| load.value.value().as_tonnes_f64());
        (0..service.stops.value.len().saturating_sub(1))
            .map(|leg| {
                let kilometres = self.leg_kilometres(service, leg).unwrap_or(0.0);
                (rate.as_mg_f64() * kilometres * tonnes).round() as i64
            })
            .collect()
    }

    /// Keeps what was drafted at a stop of the service that is compiled.
    pub(super) fn keep_stop_drafts(&mut self, service: &Name, stop: u16) {
        let drafts = std::mem::take(&mut self.drafts);
        if let Some(&id) = self.service_ids.get(service).filter(|_| !drafts.is_empty()) {
            self.stop_drafts.insert((id, stop), drafts);
        }
    }

    /// The step is through: its drafts belong to this stage.
    pub(super) fn settle_drafts(&mut self, itinerary: ItineraryId, stage: StageId) {
        let drafts = std::mem::take(&mut self.drafts);
        // Of a step that is a ride, the last one compiled.
        let parts_from = self.model.stages[stage]
            .has_parts
            .then(|| self.model.programs.rides.last().and_then(|ride| ride.parts_from))
            .flatten();
        for draft in drafts {
            let part = parts_from
                .zip(draft.part)
                .and_then(|(from, part)| self.model.programs.ride_parts.get(from as usize + part).copied());
            let place = CostPlace { itinerary, stage, part, element: draft.element };
            match draft.role {
                Role::Charge(number) => self.model.costs.charges[number].place = place,
                Role::Leg(number) => self.model.costs.legs[number].place = place,
                Role::Item => self.model.costs.items.push(CostItem {
                    place,
                    kind: draft.kind,
                    cost: draft.cost,
                    emission: draft.emission,
                    forcing: draft.forcing,
                }),
            }
        }
    }

    /// What is known of each flow's costs; says which flows need a mass and have none.
    pub(super) fn build_flow_costs(&mut self) {
        let scenario = self.scenario;
        for (place, (name, flow)) in scenario.flows.iter().enumerate() {
            let id = FlowId::new(place);
            let costs = &self.model.costs;
            let of_flow = |at: &CostPlace| {
                self.model.itineraries.get(at.itinerary).is_some_and(|itinerary| itinerary.flow == id)
            };
            let items = || costs.items.iter().chain(&costs.charges).filter(|item| of_flow(&item.place));
            let shared = || costs.legs.iter().filter(|leg| of_flow(&leg.place));
            let by_tonne = items()
                .find(|item| item.cost.per_tonne != 0 || item.emission.per_tonne != 0)
                .map(|item| item.place.stage)
                // A share of what a vehicle emits goes by mass, even for those who are not reported.
                .filter(|_| !flow.background)
                .or_else(|| shared().next().map(|leg| leg.place.stage));
            let value = self.fees(&flow.value.value);
            let has_cost = !value.is_zero() || items().any(|item| !item.cost.is_zero());
            let has_emission = shared().next().is_some() || items().any(|item| !item.emission.is_zero());
            let forced = items().any(|item| item.forcing.to_bits() != 1.0_f64.to_bits())
                || shared().any(|leg| leg.forcing.to_bits() != 1.0_f64.to_bits());
            let stage = by_tonne.map(|stage| self.model.stages[stage].name.clone());
            self.model.costs.flows.push(FlowCosts {
                is_reported: (has_cost || has_emission) && !flow.background,
                value,
                has_cost,
                has_emission,
                has_teu: highest(&flow.size) > 0.0,
                has_mass: flow.has_mass(),
                has_forcing: forced,
            });
            self.require_mass(name, flow, stage.as_deref(), value.per_tonne != 0);
        }
        self.model.costs.are_kept = self.model.costs.flows.iter().any(|flow| flow.is_reported);
    }

    fn require_mass(&mut self, name: &Name, flow: &Entry<Flow>, stage: Option<&str>, value: bool) {
        if flow.has_mass() {
            return;
        }
        let what = match stage {
            Some(stage) => format!("stage `{stage}` pays or emits by the tonne"),
            None if value => "its value is by the tonne".to_owned(),
            None => return,
        };
        self.issues
            .error(flow.id.span, format!("{what}, but flow `{name}` has no mass"))
            .path(format!("flows.{name}.mass"))
            .label("expected `mass` or `mass_per_teu`")
            .hint(Some("for containers write `mass_per_teu: \"12 t/TEU\"`".to_owned()));
    }
}

/// Whether what a service emits is shared among what is aboard.
fn shares_emissions(service: &Service) -> bool {
    let basis = service.emission.map(|factor| factor.value.0.basis);
    service.reference_load.is_some() || basis == Some(Basis::Kilometre)
}

/// By what a service's emissions are multiplied with radiative forcing.
fn forcing(service: &Service) -> f64 {
    match (service.emission, service.radiative_forcing) {
        (Some(without), Some(with)) if without.value.0.micrograms > 0 => {
            with.value.0.micrograms as f64 / without.value.0.micrograms as f64
        }
        _ => 1.0,
    }
}

fn kind(paid_for: FeeKind) -> CostKind {
    match paid_for {
        FeeKind::Freight => CostKind::Freight,
        FeeKind::Handling => CostKind::Handling,
        FeeKind::Customs => CostKind::Customs,
    }
}

/// The largest value a law can give.
fn highest<Q: LawValue>(law: &Law<Q>) -> f64 {
    law.compile().map_or(0.0, |law| law.support().1)
}
