//! The tariff of the model: prices and emission factors, each assigned to an itinerary and a stage.
//!
//! While a step of an itinerary is compiled, its payments and emissions become drafts. After the step its
//! stage is known, and the drafts become items of the itinerary. If chance decides whether a step is done,
//! a draft also becomes an operation, which counts. Drafts of a vehicle at a stop are kept for the
//! shipments that ride past it.
//!
//! Does not own how an amount follows from a price (`amount`), nor whether prices are consistent
//! (`check::price`).

use sanda_core::model::cost::{CostItem, CostKind, CostPlace, Element, FlowCosts, LegEmission, Linear};
use sanda_core::model::ids::{FlowId, ItineraryId, StageId};
use sanda_core::model::program::Op;
use sanda_units::Basis;

use super::amount::emitted;
use super::draft::{Draft, Role};
use crate::build::builder::Builder;
use crate::build::compile::scope::Scope;
use crate::decode::{Entry, Name};
use crate::schema::{Factor, FeeKind, Fees, Flow, Law, LawValue, Service};
use crate::source::{Located, Span};

impl Builder<'_> {
    /// Adds a draft to the current step.
    fn draft(&mut self, mut draft: Draft, span: Span, path: &str, scope: &Scope) {
        if draft.cost.is_zero() && draft.emission.is_zero() {
            return;
        }
        if scope.by_chance {
            if scope.is_vehicle {
                self.issues
                    .error(span, "a price or emission of steps that a vehicle does by chance")
                    .path(path)
                    .label("expected outside of `Choose`, `Inspect` and `Repeat` at a stop")
                    .hint(Some("let the shipments pay it before or after the ride".to_owned()));
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

    /// Drafts the fees of work at a resource.
    pub(in crate::build) fn pay_at(&mut self, resource: &Located<Name>, path: &str, scope: &Scope) {
        let Some(entry) = self.scenario.resources.get(&resource.value) else { return };
        let mut draft = Draft::new(kind(entry.fee_as), Element::Hub);
        draft.cost = self.fees(&entry.fee);
        draft.emission = entry.emission.map(|factor| emitted(factor.0, 0.0)).unwrap_or_default();
        self.draft(draft, resource.span, path, scope);
    }

    /// Drafts a charge that takes no time.
    pub(in crate::build) fn pay_charge(
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
        draft.emission = emission.map(|factor| emitted(factor.0, 0.0)).unwrap_or_default();
        self.draft(draft, span, path, scope);
    }

    /// Drafts the price of a haul on a connection.
    pub(in crate::build) fn pay_haul(&mut self, connection: &Located<Name>, path: &str, scope: &Scope) {
        let scenario = self.scenario;
        let Some(entry) = scenario.connections.get(&connection.value) else { return };
        let kilometres = self.haul_kilometres(entry);
        let [freight, subsidy] = self.haul_prices(entry);
        let mut draft = Draft::new(CostKind::Freight, Element::Transport);
        draft.cost = freight;
        draft.emission = entry.emission.map(|factor| emitted(factor.value.0, kilometres)).unwrap_or_default();
        self.draft(draft, connection.span, path, scope);
        let mut draft = Draft::new(CostKind::Subsidy, Element::Transport);
        draft.cost = subsidy;
        self.draft(draft, connection.span, path, scope);
    }

    /// Drafts the ride that was compiled last: the ride itself, each of its legs, and the work on the
    /// vehicle at its stops.
    pub(in crate::build) fn pay_ride(&mut self, service: &Located<Name>, path: &str, scope: &Scope) {
        let scenario = self.scenario;
        let (Some(entry), Some(&ride)) =
            (scenario.services.get(&service.value), self.model.programs.rides.last())
        else {
            return;
        };
        let paid = |builder: &mut Self, prices: [Linear; 2], part: Option<usize>| {
            for (kind, cost) in [CostKind::Freight, CostKind::Subsidy].into_iter().zip(prices) {
                let mut draft = Draft::new(kind, Element::Transport);
                draft.cost = cost;
                draft.part = part;
                builder.draft(draft, service.span, path, scope);
            }
        };
        paid(self, self.boarding_prices(entry), None);
        let is_shared = shares_emissions(entry);
        let forcing = forcing(entry);
        let emission = entry.emission.map(|factor| factor.value.0).filter(|_| !is_shared);
        if let Some(rate) = emission.filter(|rate| !rate.basis.is_by_distance()) {
            let mut draft = Draft::new(CostKind::Freight, Element::Transport);
            draft.emission = emitted(rate, 0.0);
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
            paid(self, self.leg_prices(entry, usize::from(leg)), Some(part));
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
                draft.emission = emitted(rate, kilometres);
                self.draft(draft, service.span, path, scope);
            }
            // Cargo for a stop is aboard while the vehicle is worked on there. The first leg includes the
            // work at the first stop.
            let first = if leg == 0 { self.stop_drafts.get(&(ride.service, 0)).cloned() } else { None };
            let next = self.stop_drafts.get(&(ride.service, leg + 1)).cloned();
            for (place, drafts) in [(part, first), (part + 1, next)] {
                for mut draft in drafts.unwrap_or_default() {
                    draft.part = Some(place);
                    self.draft(draft, service.span, path, scope);
                }
            }
        }
    }

    /// Milligrams of each leg of a service whose emissions are shared among the load; empty if they are not
    /// shared.
    pub(in crate::build) fn leg_emissions(&self, service: &Service) -> Vec<i64> {
        let Some(rate) = service.emission.map(|factor| factor.value.0).filter(|_| shares_emissions(service))
        else {
            return Vec::new();
        };
        // A factor per tonne-kilometre assumes a reference load.
        let tonnes = service.reference_load.map_or(1.0, |load| load.value.value().as_tonnes_f64());
        (0..service.stops.value.len().saturating_sub(1))
            .map(|leg| {
                let kilometres = self.leg_kilometres(service, leg).unwrap_or(0.0);
                (rate.as_mg_f64() * kilometres * tonnes).round() as i64
            })
            .collect()
    }

    /// Keeps the drafts of a stop of the service that is being compiled.
    pub(in crate::build) fn keep_stop_drafts(&mut self, service: &Name, stop: u16) {
        let drafts = std::mem::take(&mut self.drafts);
        if let Some(&id) = self.service_ids.get(service).filter(|_| !drafts.is_empty()) {
            self.stop_drafts.insert((id, stop), drafts);
        }
    }

    /// Assigns the drafts of a finished step to its stage.
    pub(in crate::build) fn settle_drafts(&mut self, itinerary: ItineraryId, stage: StageId) {
        let drafts = std::mem::take(&mut self.drafts);
        // If the step is a ride, it is the last one compiled.
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

    /// Compiles the costs of each flow, and reports flows that need a mass and have none.
    pub(in crate::build) fn build_flow_costs(&mut self) {
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
                // A share of a vehicle's emissions goes by mass, but it is not reported for background
                // flows.
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

/// Whether the emissions of a service are shared among its load.
fn shares_emissions(service: &Service) -> bool {
    let basis = service.emission.map(|factor| factor.value.0.basis);
    service.reference_load.is_some() || basis == Some(Basis::Kilometre)
}

/// The factor of radiative forcing on a service's emissions.
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

/// The largest value of a law.
fn highest<Q: LawValue>(law: &Law<Q>) -> f64 {
    law.compile().map_or(0.0, |law| law.support().1)
}
