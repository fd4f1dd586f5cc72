//! The expected cost of steps for a shipment. Links, turns and whole ways all get their cost here.
//!
//! Owns the mean of what a shipment of a flow pays: freight less subsidy, fees, and the capital bound in
//! its cargo for the expected time. Prices are linear in TEU and tonnes, so their mean is the price of a
//! mean shipment. Of the value only the mean counts, as if size and time were independent. Does not own
//! amounts (`price::amount`), nor the costs of a run (`price::tariff`).

use sanda_core::model::cost::{ExpectedMoney, Linear};
use sanda_units::Money;

use super::cargo::Cargo;
use super::moments::{Moments, repeated};
use crate::build::builder::Builder;
use crate::schema::{Step, StepKind};

/// The expected cost of steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::build) struct Expense {
    /// Freight less subsidy, fees, and capital.
    pub money: Money,
    /// Whether anything has a price. Without a price the money is the capital alone.
    pub has_price: bool,
}

/// A sum of expected payments, in thousandths of a fen.
#[derive(Clone, Copy, Default)]
struct Bill {
    amount: f64,
    has_price: bool,
}

impl Bill {
    fn plus(self, other: Self) -> Self {
        Self { amount: self.amount + other.amount, has_price: self.has_price || other.has_price }
    }

    /// The bill times a probability or a mean number of repetitions.
    fn times(self, n: f64) -> Self {
        Self { amount: self.amount * n, ..self }
    }
}

impl Builder<'_> {
    /// The expected cost of steps with a known expected time.
    pub(in crate::build) fn expense(&self, steps: &[Step], cargo: &Cargo, time: Moments) -> Expense {
        let bill = self.bill(steps, cargo);
        let money = self.money_by_time(bill, cargo).after(time.mean);
        Expense { money, has_price: bill.has_price }
    }

    /// The money of a bill and of the capital bound in a shipment, as a function of the time under way.
    fn money_by_time(&self, bill: Bill, cargo: &Cargo) -> ExpectedMoney {
        ExpectedMoney::new(bill.amount, cargo.worth(), self.model.costs.capital_a_year)
    }

    /// The expected cost of steps, as a function of the time under way.
    pub(in crate::build) fn expense_by_time(&self, steps: &[Step], cargo: &Cargo) -> ExpectedMoney {
        self.money_by_time(self.bill(steps, cargo), cargo)
    }

    /// The expected cost of a piece of a way, for the search. The search adds up pieces and cannot handle
    /// negative costs. So a subsidy above the freight counts as a price of zero. Whole ways count it in
    /// full.
    pub(in crate::build) fn expense_of_piece(&self, steps: &[Step], cargo: &Cargo, time: Moments) -> Money {
        self.expense(steps, cargo, time).money.max(Money::from_fen(0))
    }

    fn bill(&self, steps: &[Step], cargo: &Cargo) -> Bill {
        steps.iter().fold(Bill::default(), |total, step| total.plus(self.bill_of(step, cargo)))
    }

    fn bill_of(&self, step: &Step, cargo: &Cargo) -> Bill {
        let scenario = self.scenario;
        let one = |amount: Linear| Bill { amount: cargo.pays(amount), has_price: !amount.is_zero() };
        let all = |amounts: &[Linear]| amounts.iter().fold(Bill::default(), |sum, next| sum.plus(one(*next)));
        match &step.kind {
            StepKind::Work { resource, .. } => scenario
                .resources
                .get(&resource.value)
                .map_or_else(Bill::default, |at| one(self.fees(&at.fee))),
            StepKind::Hold { resource, steps, .. } => {
                let inside = self.bill(steps, cargo);
                let at = scenario.resources.get(&resource.value);
                at.map_or(inside, |at| one(self.fees(&at.fee)).plus(inside))
            }
            StepKind::Charge { fee, .. } => one(self.fees(fee)),
            StepKind::Choose(cases) => cases.iter().fold(Bill::default(), |sum, case| {
                sum.plus(self.bill(&case.steps, cargo).times(case.share.as_f64()))
            }),
            StepKind::Inspect { share, steps } => self.bill(steps, cargo).times(share.as_f64()),
            StepKind::Customs { cases, otherwise } => {
                let Some(standings) = cargo.customs() else { return self.bill(otherwise, cargo) };
                standings.steps(cases, otherwise).fold(Bill::default(), |sum, (share, steps)| {
                    sum.plus(self.bill(steps, cargo).times(share))
                })
            }
            // All branches are paid, whichever ends last.
            StepKind::Parallel(branches) => {
                branches.iter().fold(Bill::default(), |sum, branch| sum.plus(self.bill(branch, cargo)))
            }
            StepKind::Repeat { share, steps, at_most } => {
                let lap = Moments { mean: 1.0, variance: 0.0 };
                let laps = repeated(lap, share.value.as_f64(), at_most.map(|most| most.value.value()));
                self.bill(steps, cargo).times(laps.mean)
            }
            StepKind::Procedure(name) => {
                let procedure = scenario.procedures.get(&name.value);
                procedure.map_or_else(Bill::default, |procedure| self.bill(&procedure.steps, cargo))
            }
            StepKind::Haul(connection) => {
                let entry = scenario.connections.get(&connection.value);
                entry.map_or_else(Bill::default, |entry| all(&self.haul_prices(entry)))
            }
            StepKind::Ride { service, from, to } => {
                let lines = self.lines_of(service, from.as_ref(), to.as_ref());
                let shares = self.first_to_leave(&lines).1;
                lines.iter().zip(shares).fold(Bill::default(), |sum, (line, share)| {
                    let boarding = all(&self.boarding_prices(line.entry));
                    let bill = (line.from..line.to).fold(boarding, |sum, leg| {
                        // The cargo aboard pays for the work on the vehicle at the stop.
                        let at_stop = self.stop_drafts.get(&(line.id, leg as u16 + 1));
                        let at_stop: Vec<Linear> = at_stop
                            .into_iter()
                            .flatten()
                            .map(crate::build::price::draft::Draft::cost)
                            .collect();
                        sum.plus(all(&self.leg_prices(line.entry, leg))).plus(all(&at_stop))
                    });
                    sum.plus(bill.times(share))
                })
            }
            StepKind::Delay { .. }
            | StepKind::Gate { .. }
            | StepKind::Regime { .. }
            | StepKind::Batch { .. }
            | StepKind::Mark(_) => Bill::default(),
        }
    }
}
