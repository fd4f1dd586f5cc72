//! Customs standings of a flow: which shares of its shipments have which customs attributes.
//!
//! Does not own the compilation of a `Customs` step (`customs`).

use crate::schema::{CustomsAttributes, CustomsCase, Flow, Step};

/// The customs standings of a flow: sets of attributes, each with the share of shipments that has it.
#[derive(Debug, Clone)]
pub(in crate::build) struct Standings(Vec<(f64, CustomsAttributes)>);

impl Standings {
    /// The standings of a flow.
    pub(in crate::build) fn of(flow: &Flow) -> Self {
        let mut standings: Vec<(f64, CustomsAttributes)> =
            flow.customs_shares.iter().map(|part| (part.share.as_f64(), part.customs.clone())).collect();
        let rest = 1.0 - standings.iter().map(|(share, _)| share).sum::<f64>();
        standings.push((rest.max(0.0), flow.customs.clone()));
        Self(standings)
    }

    /// For each case, by position, the share of shipments to which it applies; `None` stands for no case.
    /// The order is that in which the shares are declared. There is one entry if the case is certain.
    pub(in crate::build) fn cases(&self, cases: &[CustomsCase]) -> Vec<(f64, Option<usize>)> {
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

    /// The shares of [`Self::cases`] with the steps of each case.
    pub(in crate::build) fn steps<'s>(
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
