//! What the language can say and this version does not simulate yet: refused, never ignored.

use super::Builder;
use super::itinerary::walk;
use crate::decode::Name;
use crate::issue::Issues;
use crate::schema::{Discipline, Scenario, Step, StepKind, WhenFull};
use crate::source::{Located, Span};

impl Builder<'_> {
    /// A closed node or passage is never used: not by a way that somebody wrote down either.
    pub(super) fn refuse_closed(&mut self, user: &Located<Name>, touched: &[&Name], path: &str) {
        let node =
            touched.iter().find(|node| self.scenario.nodes.get(**node).is_some_and(|node| node.closed));
        let closed = node.map(|node| (node.to_string(), format!("nodes.{node}")));
        let passage = || {
            let passage = self.closed_passage(&user.value)?;
            Some((passage.to_string(), format!("passages.{passage}")))
        };
        if let Some((closed, place)) = closed.or_else(passage) {
            self.issues
                .error(user.span, format!("`{}` passes `{closed}`, which is closed", user.value))
                .path(path)
                .label("expected a way that is open")
                .hint(Some(format!("open `{place}`, or lead the flow another way")));
        }
    }
}

fn refuse(issues: &mut Issues, span: Span, path: &str, what: &str) {
    issues
        .error(span, format!("this version does not simulate {what} yet"))
        .path(path)
        .label("leave it out for now");
}

/// Adds an issue for everything that is said but cannot be simulated yet.
pub(super) fn refuse_unsupported(scenario: &Scenario, issues: &mut Issues) {
    for (name, resource) in &scenario.resources {
        let path = |field: &str| format!("resources.{name}.{field}");
        let span = resource.id.span;
        if resource.discipline == Discipline::Preemptive {
            refuse(issues, span, &path("discipline"), "preemptive priority");
        }
        match (&resource.when_full, resource.room) {
            (WhenFull::Lost, _) | (_, None) => {}
            (WhenFull::Block | WhenFull::Divert(..), Some(_)) => {
                refuse(issues, span, &path("when_full"), "blocking or diversion at a full waiting room");
            }
        }
        if resource.breakdowns.is_some() {
            refuse(issues, span, &path("breakdowns"), "breakdowns");
        }
    }
    for (name, service) in &scenario.services {
        let path = |field: &str| format!("services.{name}.{field}");
        for (stop, rule) in &service.at_stop {
            if let crate::schema::AtStop::Steps(steps) = &rule.value {
                refuse_steps(steps, &path(&format!("at_stop.{stop}")), issues);
            }
        }
    }
    for (name, flow) in &scenario.flows {
        let path = |field: &str| format!("flows.{name}.{field}");
        refuse_steps(flow.steps.as_deref().unwrap_or_default(), &path("steps"), issues);
        for (way, itinerary) in &flow.itineraries {
            let steps = itinerary.value.steps.as_deref().unwrap_or_default();
            refuse_steps(steps, &path(&format!("itineraries.{way}.steps")), issues);
        }
    }
    for (name, procedure) in &scenario.procedures {
        refuse_steps(&procedure.steps, &format!("procedures.{name}.steps"), issues);
    }
    for (name, lever) in &scenario.levers {
        refuse(issues, lever.id.span, &format!("levers.{name}"), "levers");
    }
}

fn refuse_steps(steps: &[Step], path: &str, issues: &mut Issues) {
    walk(steps, &mut |step| {
        if let StepKind::Work { patience: Some(patience), .. } = &step.kind {
            refuse(issues, patience.span, path, "patience");
        }
    });
}
