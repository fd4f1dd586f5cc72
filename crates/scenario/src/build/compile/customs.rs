//! How shipments stand with customs, and which case of a `Customs` step that means.
//!
//! Where all shipments of a flow stand alike the case is chosen when the model is built. Where shares of it stand otherwise,
//! one word decides for each shipment, the same at every step, so that a shipment is the same kind of cargo all the way.

use sanda_core::freight::program::{ChooseOp, Op, threshold};

use super::Builder;
use super::steps::Scope;
use crate::schema::{CustomsAttributes, CustomsCase, Flow, Step};
use crate::source::Span;

/// The ways in which the shipments of a flow stand with customs, with their shares.
#[derive(Debug, Clone)]
pub(super) struct Standings(Vec<(f64, CustomsAttributes)>);

impl Standings {
    /// Of a flow.
    pub(super) fn of(flow: &Flow) -> Self {
        let mut standings: Vec<(f64, CustomsAttributes)> =
            flow.customs_shares.iter().map(|part| (part.share.as_f64(), part.customs.clone())).collect();
        let rest = 1.0 - standings.iter().map(|(share, _)| share).sum::<f64>();
        standings.push((rest.max(0.0), flow.customs.clone()));
        Self(standings)
    }

    /// The share of the shipments that each of the cases fits, by its place, or none of them; in the order in which shares are
    /// declared. One entry where the case is certain.
    pub(super) fn cases(&self, cases: &[CustomsCase]) -> Vec<(f64, Option<usize>)> {
        let mut fitting: Vec<(f64, Option<usize>)> = Vec::new();
        for (share, attributes) in self.0.iter().filter(|(share, _)| *share > 0.0) {
            let case = case_of(cases, attributes);
            match fitting.last_mut() {
                Some((sum, last)) if *last == case => *sum += share,
                _ => fitting.push((*share, case)),
            }
        }
        fitting
    }

    /// As [`Self::cases`], with the steps that are done.
    pub(super) fn steps<'s>(
        &self,
        cases: &'s [CustomsCase],
        otherwise: &'s [Step],
    ) -> impl Iterator<Item = (f64, &'s [Step])> {
        self.cases(cases)
            .into_iter()
            .map(move |(share, case)| (share, case.map_or(otherwise, |case| cases[case].steps.as_slice())))
    }
}

fn case_of(cases: &[CustomsCase], attributes: &CustomsAttributes) -> Option<usize> {
    cases.iter().position(|case| {
        case.mode.is_none_or(|mode| mode == attributes.mode)
            && case.declaration.is_none_or(|declaration| declaration == attributes.declaration)
            && case.operator.is_none_or(|operator| operator == attributes.operator)
            && case.transit.is_none_or(|transit| transit == attributes.transit)
    })
}

impl Builder<'_> {
    /// Compiles a `Customs` step.
    pub(super) fn customs(
        &mut self,
        cases: &[CustomsCase],
        otherwise: &[Step],
        name: &str,
        path: &str,
        span: Span,
        scope: &Scope,
    ) {
        let Some(standings) = &scope.customs else {
            self.issues
                .error(span, "customs attributes of a vehicle")
                .path(path)
                .label("expected in the steps of a flow")
                .hint(Some("cargo has customs attributes, vehicles have not".to_owned()));
            return;
        };
        let steps_of = |case: Option<usize>| match case {
            Some(place) => (cases[place].steps.as_slice(), format!("{path}.cases[{place}].steps")),
            None => (otherwise, format!("{path}.otherwise")),
        };
        let fitting = standings.cases(cases);
        if let [(_, case)] = fitting[..] {
            let (steps, path) = steps_of(case);
            self.inner_steps(steps, &scope.inside(name, path));
            return;
        }
        let stream = self.stream("customs", &scope.owner);
        let index = self.model.programs.chooses.len();
        let choice = ChooseOp { stream, branches: Vec::new(), otherwise: 0, by_shipment: true };
        self.model.programs.chooses.push(choice);
        self.emit(Op::Choose(index as u32));
        let mut sum = 0.0;
        let mut jumps = Vec::new();
        for (share, case) in fitting {
            sum += share;
            let begin = self.here();
            self.model.programs.chooses[index].branches.push((threshold(sum), begin));
            let (steps, path) = steps_of(case);
            self.inner_steps(steps, &scope.by_chance(name, path));
            jumps.push(self.emit(Op::Jump(0)));
        }
        let end = self.here();
        for jump in jumps {
            self.model.programs.ops[jump as usize] = Op::Jump(end);
        }
        // All of them together are one, but for rounding.
        let choice = &mut self.model.programs.chooses[index];
        if let Some(last) = choice.branches.last_mut() {
            last.0 = u64::MAX;
            choice.otherwise = last.1;
        }
    }
}
