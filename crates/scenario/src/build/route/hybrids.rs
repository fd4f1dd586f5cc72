//! Re-planning: the ways that lead from one way of a flow to another at a hub, and the decisions there.
//!
//! A hybrid has the steps of one way up to its ride at a hub, and from there on those of another. It is an itinerary like any other, with
//! a share of zero, so that costs, closures, stages and results need nothing of their own. It has no decisions itself, so a shipment
//! re-plans once at most. Does not own when a shipment decides (`sanda_core`), nor the compilation of a way (`compile`).

use sanda_core::model::ids::{FlowId, ItineraryId};
use sanda_core::model::program::{OpIndex, ReplanOp, ReplanRule, Switch, WayOn};
use sanda_network::Cost;
use sanda_units::Duration;

use super::passed::Replanned;
use super::ways::{StepPlace, Way};
use crate::build::builder::Builder;
use crate::build::compile::scope::Scope;
use crate::build::compile::standings::Standings;
use crate::build::expect::cargo::Cargo;
use crate::decode::{Entry, Name};
use crate::schema::{Flow, Replan, Step, StepKind};

/// A compiled itinerary.
pub(in crate::build) struct Compiled {
    pub id: ItineraryId,
    /// The first operation of each step.
    pub begins: Vec<OpIndex>,
    /// The numbers of its first charge and of its first shared leg.
    pub charges_from: usize,
    pub legs_from: usize,
}

/// Where shipments of an itinerary meet other itineraries at hubs, by the positions of steps.
#[derive(Debug, Clone, Default)]
pub(in crate::build) struct Meetings {
    /// The rides before which shipments decide, each with the number of the decision.
    pub decisions: Vec<(usize, u32)>,
    /// The step from which on shipments of other itineraries come in.
    pub joined_at: Option<usize>,
}

/// A way that leads from one way of a flow to another.
struct Hybrid {
    way: Way,
    /// The way that a shipment leaves, by its position.
    from: usize,
    /// The ride there that it gives up, by its position among the steps. The steps before it are those of the hybrid too.
    place: usize,
}

/// The decisions of a flow at hubs.
pub(in crate::build) struct Decisions {
    hybrids: Vec<Hybrid>,
    /// The number of the first decision of the flow.
    first: u32,
    /// The way and the ride of each decision.
    places: Vec<(usize, usize)>,
}

impl Decisions {
    /// Where shipments of each of the flow's ways decide.
    pub(in crate::build) fn meetings(&self, n_ways: usize) -> Vec<Meetings> {
        let mut meetings = vec![Meetings::default(); n_ways];
        for (number, &(way, place)) in (self.first..).zip(&self.places) {
            meetings[way].decisions.push((place, number));
        }
        meetings
    }
}

impl Builder<'_> {
    /// The decisions of a flow at hubs, none unless it re-plans. It is an error if it does and no two of its ways share a hub.
    pub(in crate::build) fn decisions(&mut self, name: &Name, flow: &Entry<Flow>, ways: &[Way]) -> Decisions {
        let mut hybrids = Vec::new();
        if flow.replan.value != Replan::Never {
            for from in 0..ways.len() {
                for to in (0..ways.len()).filter(|&to| to != from) {
                    self.hybrids_between(flow, ways, (from, to), &mut hybrids);
                }
            }
            if hybrids.is_empty() {
                self.refuse_replanning(name, flow, ways.len());
            }
        }
        let mut places: Vec<_> = hybrids.iter().map(|hybrid| (hybrid.from, hybrid.place)).collect();
        places.sort_unstable();
        places.dedup();
        Decisions { hybrids, first: self.model.programs.replans.len() as u32, places }
    }

    fn refuse_replanning(&mut self, name: &Name, flow: &Entry<Flow>, n_ways: usize) {
        let (problem, label) = if n_ways < 2 {
            ("has only one way, so it cannot re-plan", "expected more `ways` or `itineraries`, or `Never`")
        } else {
            (
                "cannot re-plan: its ways share no hub from which they go on by different services",
                "expected a node where two ways board different services, or `Never`",
            )
        };
        let has_nested = flow.stated_steps().any(|steps| {
            let mut n_rides = 0;
            crate::build::compile::walk::walk(steps, &mut |step| n_rides += usize::from(is_ride(step)));
            n_rides > steps.iter().filter(|step| is_ride(step)).count()
        });
        let hint = "rides inside `Choose`, `Parallel`, `Repeat` or `Hold` board at no hub: write them as steps of their own";
        self.issues
            .error(flow.replan.span, format!("flow `{name}` {problem}"))
            .path(format!("flows.{name}.replan"))
            .label(label)
            .hint(has_nested.then(|| hint.to_owned()));
    }

    /// Adds the hybrids that lead from one way to another.
    fn hybrids_between(
        &mut self,
        flow: &Entry<Flow>,
        ways: &[Way],
        (from, to): (usize, usize),
        hybrids: &mut Vec<Hybrid>,
    ) {
        let (leaves, takes) = (self.boardings(&ways[from]), self.boardings(&ways[to]));
        for (nth, (place, hub)) in leaves.iter().enumerate() {
            // Of a hub that a way boards at twice, the first ride is given up and the last one taken.
            if leaves[..nth].iter().any(|(_, other)| other == hub) {
                continue;
            }
            let Some(&(ride, _)) = takes.iter().rev().find(|(_, other)| other == hub) else { continue };
            // Ways that leave by the same ride part later.
            if ways[from].steps[*place].kind == ways[to].steps[ride].kind {
                continue;
            }
            let way = self.hybrid(flow, (&ways[from], *place), (&ways[to], ride), hub);
            hybrids.push(Hybrid { way, from, place: *place });
        }
    }

    /// The rides of a way between its ends, each with the node of boarding.
    fn boardings(&self, way: &Way) -> Vec<(usize, Name)> {
        let own = way.outside.0..way.steps.len() - way.outside.1;
        let boarded = own.filter_map(|place| {
            let StepKind::Ride { service, from, to } = &way.steps[place].kind else { return None };
            let (stops, from, _) = self.stops_of_ride(service.first()?, from.as_ref(), to.as_ref())?;
            Some((place, stops[from].value.clone()))
        });
        boarded.collect()
    }

    /// The way that follows one way up to a ride and another from its arrival at the same hub on.
    fn hybrid(
        &mut self,
        flow: &Entry<Flow>,
        (left, place): (&Way, usize),
        (taken, ride): (&Way, usize),
        hub: &Name,
    ) -> Way {
        let came = arrival(left, place).unwrap_or(left.outside.0);
        let mut done: Vec<&Step> = left.steps[came..place].iter().collect();
        let mut list: Vec<(Step, Option<StepPlace>)> = (0..place).map(|at| step_at(left, at)).collect();
        for at in arrival(taken, ride).unwrap_or(ride)..taken.steps.len() {
            let step = &taken.steps[at];
            let same = |other: &&Step| other.kind == step.kind && other.id == step.id;
            match done.iter().position(same).filter(|_| at < ride) {
                Some(already) => drop(done.remove(already)),
                None => list.push(step_at(taken, at)),
            }
        }
        let (steps, places): (Vec<Step>, Vec<_>) = list.into_iter().unzip();
        let cargo = self.cargo_of(flow);
        let origin = flow.from.as_ref().map(|from| from.value.clone());
        let moments = self.quietly(|builder| builder.expected(&steps, &cargo, origin.as_ref()));
        let expense = self.expense(&steps, &cargo, moments);
        Way {
            name: format!("{}--at-{hub}--{}", left.name, taken.name),
            path: left.path.clone(),
            is_declared: left.is_declared && taken.is_declared,
            places,
            outside: (left.outside.0, taken.outside.1),
            share: 0.0,
            expected: Cost { money: expense.money, ..moments.cost() },
            has_cost: expense.has_price || cargo.worth() > 0.0,
            ahead: self.way_ahead(&steps, &cargo, origin.as_ref(), moments),
            replanned: Some(Replanned {
                from: left.name.clone(),
                at: hub.to_string(),
                to: taken.name.clone(),
            }),
            steps,
        }
    }

    fn cargo_of(&self, flow: &Flow) -> Cargo {
        Cargo::of(flow, self.fees(&flow.value))
    }

    /// Compiles the hybrids of a flow and its decisions. The flow's ways are compiled.
    pub(in crate::build) fn build_decisions(
        &mut self,
        (id, flow): (FlowId, &Entry<Flow>),
        scope: &Scope,
        (ways, compiled): (&[Way], &[Compiled]),
        decisions: Decisions,
    ) {
        let rule = match flow.replan.value {
            Replan::Never | Replan::WhenClosed => ReplanRule::WhenClosed,
            Replan::AtHubs => ReplanRule::AtHubs,
            Replan::WhenLate { by } => ReplanRule::WhenLate(by),
        };
        let Decisions { hybrids, places, .. } = decisions;
        for &(way, place) in &places {
            let own = self.way_on(flow, &ways[way].steps[place..]);
            self.model.programs.replans.push(ReplanOp {
                rule,
                before: compiled[way].begins[place],
                own,
                whole: ways[way].expected.time,
                switches: Vec::new(),
            });
        }
        let first = self.model.programs.replans.len() - places.len();
        for Hybrid { way, from, place } in hybrids {
            let meetings = Meetings { joined_at: Some(place), ..Meetings::default() };
            // What is wrong with a step is said of the way that it comes from.
            let hybrid = self.quietly(|builder| builder.way(flow, (id, &way), scope, &meetings));
            let left = &compiled[from];
            let switch = Switch {
                itinerary: hybrid.id,
                at: hybrid.begins[place],
                way: self.way_on(flow, &way.steps[place..]),
                after: self.way_on(flow, &way.steps[..place]).time,
                charges: (hybrid.charges_from - left.charges_from) as u32,
                legs: (hybrid.legs_from - left.legs_from) as u32,
            };
            if let Ok(number) = places.binary_search(&(from, place)) {
                self.model.programs.replans[first + number].switches.push(switch);
            }
        }
    }

    /// The closures and the expected time of some steps.
    fn way_on(&mut self, flow: &Flow, steps: &[Step]) -> WayOn {
        let cargo = self.cargo_of(flow);
        let origin = flow.from.as_ref().map(|from| from.value.clone());
        let moments = self.quietly(|builder| builder.expected(steps, &cargo, origin.as_ref()));
        WayOn {
            closers: self.closers(steps, &Standings::of(flow)),
            time: Duration::from_ms_f64(moments.mean),
        }
    }
}

fn is_ride(step: &Step) -> bool {
    matches!(step.kind, StepKind::Ride { .. })
}

/// The first step of a way at the hub where it boards a ride: after the ride or haul that leads there. `None` where the way begins.
fn arrival(way: &Way, ride: usize) -> Option<usize> {
    let leads_there = |step: &Step| matches!(step.kind, StepKind::Ride { .. } | StepKind::Haul(_));
    let before = &way.steps[way.outside.0..ride];
    before.iter().rposition(leads_there).map(|place| way.outside.0 + place + 1)
}

/// A step of a way, with the place where it is declared.
fn step_at(way: &Way, at: usize) -> (Step, Option<StepPlace>) {
    let declared = || StepPlace { path: format!("{}[{}]", way.path, at - way.outside.0), node: None };
    (way.steps[at].clone(), Some(way.places[at].clone().unwrap_or_else(declared)))
}
