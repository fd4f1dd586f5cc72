//! Limits on the events of one run: shipments, departures, failures, strikes and changes of regimes. Beyond
//! them a run would take days or overflow its counters.
//!
//! Does not own how many exist at a time (`load::forecast`).

use sanda_core::kernel::law::Law as KernelLaw;
use sanda_core::model::{ArrivalRule, DepartureRule, ProfileParams};
use sanda_units::Time;

use crate::build::builder::Builder;
use crate::build::load::offered::mean_level;
use crate::decode::Entry;
use crate::schema::{Flow, Service};
use crate::source::Span;

/// Largest number of shipments of a flow in one run: about an hour on one core, and within 32 bits.
const MOST_SHIPMENTS: f64 = 4e9;

/// Largest number of departures of a service in one run: one every second for three years. A departure
/// costs a hundred times as much as a shipment that only passes.
const MOST_DEPARTURES: f64 = 1e8;

/// Largest number of spontaneous events of one kind in one run: failures of a resource's servers, strikes
/// of a disruption, changes of a regime.
const MOST_EVENTS: f64 = 1e8;

impl Builder<'_> {
    /// Refuses a flow with more shipments than can be simulated.
    pub(in crate::build) fn check_shipments(
        &mut self,
        arrivals: &ArrivalRule,
        profile: Option<&ProfileParams>,
        batch: Option<&KernelLaw>,
        flow: &Entry<Flow>,
        path: &str,
    ) {
        let run_ms = self.window.end.as_ms() as f64;
        let n_arrivals = match arrivals {
            ArrivalRule::Renewal(law, _) => run_ms / law.mean(),
            ArrivalRule::Regular { period, .. } => run_ms / period.as_ms() as f64,
            ArrivalRule::Dates(dates) => dates.len() as f64,
        };
        // The mean is one only over a whole year and without dates.
        let level = profile.map_or(1.0, |profile| mean_level(&profile.rates, [Time::ZERO, self.window.end]));
        let expected = n_arrivals * level * batch.map_or(1.0, KernelLaw::mean);
        let hint = "let one shipment stand for several, or shorten the run";
        self.check_number(
            expected,
            MOST_SHIPMENTS,
            "shipments",
            flow.arrivals.span,
            &format!("{path}.arrivals"),
            hint,
        );
    }

    /// Refuses a service with more departures than can be simulated.
    pub(in crate::build) fn check_departures(
        &mut self,
        departs: &DepartureRule,
        service: &Entry<Service>,
        path: &str,
    ) {
        let run_ms = self.window.end.as_ms() as f64;
        let expected = match departs {
            DepartureRule::Every { period, .. } => run_ms / period.as_ms() as f64,
            DepartureRule::Headway(law, _) => run_ms / law.mean(),
            DepartureRule::Dates(dates) => dates.len() as f64,
            // The load decides how many there are.
            DepartureRule::WhenFull { .. } => 0.0,
        };
        let hint = "let one departure stand for several, use a connection, or shorten the run";
        self.check_number(
            expected,
            MOST_DEPARTURES,
            "departures",
            service.departs.span,
            &format!("{path}.departs"),
            hint,
        );
    }

    /// Refuses spontaneous events that are more frequent than can be simulated. There are `n` sources, each
    /// with this mean time between events.
    pub(in crate::build) fn check_events(&mut self, n: u32, gap_ms: f64, what: &str, span: Span, path: &str) {
        let expected = f64::from(n) * self.window.end.as_ms() as f64 / gap_ms;
        self.check_number(
            expected,
            MOST_EVENTS,
            what,
            span,
            path,
            "lengthen the time between two events, or shorten the run",
        );
    }

    fn check_number(&mut self, expected: f64, most: f64, what: &str, span: Span, path: &str, hint: &str) {
        // A law without a mean gives not-a-number here. It is refused elsewhere.
        if expected > most {
            self.issues
                .error(span, format!("about {expected:.1e} {what} in one run"))
                .path(path)
                .label(format!("expected fewer than {most:.0e}"))
                .hint(Some(hint.to_owned()));
        }
    }
}
