//! The compilation of `Customs` steps: which case applies to the shipments of a flow.
//!
//! If all shipments of a flow have the same attributes, the case is chosen when the model is built.
//! Otherwise one random number per shipment decides. It is the same at every step, so that a shipment is
//! the same kind of cargo all the way.

use sanda_core::model::program::{ChooseOp, Op, threshold};

use super::scope::Scope;
use crate::build::builder::Builder;
use crate::schema::{CustomsCase, Step};
use crate::source::Span;

impl Builder<'_> {
    /// Compiles a `Customs` step.
    pub(in crate::build) fn customs(
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
                .hint(Some("cargo has customs attributes, vehicles do not".to_owned()));
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
        // The shares sum to one except for rounding.
        let choice = &mut self.model.programs.chooses[index];
        if let Some(last) = choice.branches.last_mut() {
            last.0 = u64::MAX;
            choice.otherwise = last.1;
        }
    }
}
