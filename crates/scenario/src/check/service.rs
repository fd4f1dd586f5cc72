//! Checks of services and connections.

use sanda_network::WeeklyTime;

use super::{Checker, Kind, keyed};
use crate::{
    decode::{Entry, Name},
    schema::{AtStop, Cancelled, Capacity, Connection, Departs, OneOrMany, Service},
    source::{Located, Span},
    suggest::{did_you_mean, expected_one_of},
};

impl Checker<'_, '_> {
    pub(super) fn services(&mut self) {
        let scenario = self.scenario;
        self.at("services", |c| {
            for (id, service) in &scenario.services {
                c.at(id, |c| c.service(service));
            }
        });
    }

    fn service(&mut self, service: &Entry<Service>) {
        let stops = &service.stops.value;
        self.at("stops", |c| {
            if stops.len() < 2 {
                c.error(
                    service.stops.span,
                    format!("service `{}` has fewer than two stops", service.id.value),
                )
                .label("expected two stops at least");
            }
            for (index, stop) in stops.iter().enumerate() {
                c.at_index(index, |c| {
                    c.refer(Kind::Node, stop);
                    if index > 0 && stops[index - 1].value == stop.value {
                        c.error(stop.span, format!("`{}` is called at twice in a row", stop.value))
                            .label("expected another node");
                    }
                });
            }
        });
        if stops.len() >= 2 {
            let n_legs = stops.len() - 1;
            self.expect_length("running", &service.running, n_legs, "one for each leg");
            if let Some(dwell) = &service.dwell {
                self.expect_length(
                    "dwell",
                    dwell,
                    n_legs - 1,
                    "one for each stop between the first and the last",
                );
            }
            if let Some(distance) = &service.distance {
                self.expect_length("distance", distance, n_legs, "one for each leg");
            }
            if let Some(planned) = &service.planned {
                self.expect_length("planned", planned, n_legs, "one for each stop after the first");
                if planned.value.windows(2).any(|pair| pair[1] < pair[0]) {
                    self.at("planned", |c| {
                        c.error(planned.span, "a planned arrival is earlier than the one before")
                            .label("expected times from the departure on, each after the one before");
                    });
                }
            }
        }
        self.at("at_stop", |c| {
            for rule in keyed(&service.at_stop) {
                let names = || stops.iter().map(|stop| stop.value.as_str());
                if !stops.iter().any(|stop| stop.value == rule.id.value) {
                    let message =
                        format!("service `{}` does not call at `{}`", service.id.value, rule.id.value);
                    c.error(rule.id.span, message)
                        .label(expected_one_of(names()))
                        .hint(did_you_mean(&rule.id.value, names()));
                }
                c.at(&rule.id.value, |c| match &rule.value {
                    AtStop::Procedure(name) => {
                        c.refer(Kind::Procedure, name);
                    }
                    AtStop::Steps(steps) => c.steps(steps),
                });
            }
        });
        self.capacity(service);
        self.departures(service);
        self.at("cancelled", |c| c.cancelled(&service.cancelled, service.id.span));
    }

    fn capacity(&mut self, service: &Entry<Service>) {
        let span = service.capacity.span;
        let measure = match &service.capacity.value {
            Capacity::Fixed(load) => {
                if load.is_zero() {
                    self.at("capacity", |c| {
                        c.error(span, "a capacity of zero").label("expected more than zero");
                    });
                }
                Some(load.measure())
            }
            Capacity::Random(law) => {
                self.at("capacity", |c| c.expect_above_zero(law, "else nothing ever boards"));
                law.measure().ok()
            }
            Capacity::Seasonal { load, month } => {
                self.at("capacity", |c| {
                    c.at("load", |c| c.expect_above_zero(load, "else nothing ever boards"));
                    c.at("month", |c| c.factors(&month.value, month.span));
                });
                load.measure().ok()
            }
            Capacity::Unlimited => None,
        };
        if service.split && matches!(measure, None | Some("shipments")) {
            let counted = measure.map_or("is unlimited", |_| "counts whole shipments");
            self.at("split", |c| {
                c.error(span, format!("the capacity {counted}, so there is nothing to split"))
                    .label("expected a capacity in TEU, t or units, or no `split`");
            });
        }
        if let Some(background) = &service.background {
            self.at("background", |c| match (measure, background.measure()) {
                (None, _) => {
                    c.error(background.span, "background traffic on a service of unlimited capacity")
                        .label("expected no `background`, or a `capacity`");
                }
                (Some(capacity), Ok(taken)) if capacity != taken => {
                    c.same_measure(capacity, taken, background.span);
                }
                (Some(_), Ok(_)) => {
                    let least = background.compile().map_or(0.0, |law| law.support().0);
                    if largest(&service.capacity.value).is_some_and(|largest| least >= largest) {
                        c.error(background.span, "background traffic always takes the whole capacity")
                            .label("expected less than the capacity, at least at times");
                    }
                }
                _ => {}
            });
        }
        if let (Some(turnaround), None) = (&service.turnaround, &service.fleet) {
            self.at("turnaround", |c| {
                c.error(turnaround.span, "a turnaround without a fleet")
                    .label("expected a `fleet`, or no `turnaround`");
            });
        }
        if let Departs::WhenFull { longest_wait, quantity } = &service.departs.value {
            self.at("departs", |c| match (measure, quantity) {
                (Some(capacity), Some(quantity)) => {
                    c.at("quantity", |c| c.same_measure(capacity, quantity.measure(), quantity.span));
                }
                (None, None) if longest_wait.is_none() => {
                    c.error(service.departs.span, "an unlimited service is never full and never departs")
                        .label("expected `quantity` or `longest_wait`");
                }
                _ => {}
            });
        }
    }

    /// Checks the factors of a season. At least one must not be zero.
    fn factors(&mut self, factors: &[f64], span: Span) {
        if factors.iter().any(|factor| *factor < 0.0) {
            self.error(span, "a factor is negative").label("expected factors of 0 or more");
        } else if factors.iter().all(|factor| *factor == 0.0) {
            self.error(span, "all factors are zero").label("expected at least one above zero");
        }
    }

    fn same_measure(&mut self, capacity: &str, other: &str, span: Span) {
        if capacity != other {
            self.error(span, format!("counted in {other}, but the capacity in {capacity}"))
                .label(format!("expected {capacity}"));
        }
    }

    fn departures(&mut self, service: &Entry<Service>) {
        let span = service.departs.span;
        self.at("departs", |c| match &service.departs.value {
            Departs::Weekly(times) => {
                if times.is_empty() {
                    c.error(span, "a timetable without departures")
                        .label("expected times such as \"Wed 10:20\"");
                }
                for (index, time) in times.iter().enumerate() {
                    if let Err(error) = time.value.parse::<WeeklyTime>() {
                        c.at_index(index, |c| {
                            c.error(time.span, error.to_string())
                                .label("expected a time such as \"Wed 10:20\"")
                                .hint(error.hint());
                        });
                    }
                }
            }
            Departs::Dates(times) if times.is_empty() => {
                c.error(span, "a timetable without departures")
                    .label("expected times such as \"2025-03-01T10:20\"");
            }
            Departs::Headway(law) => c.expect_above_zero(law, "else departures never end"),
            _ => {}
        });
    }

    fn cancelled(&mut self, cancelled: &Cancelled, span: Span) {
        let never = "every departure is cancelled";
        match cancelled {
            Cancelled::Singly(share) if share.as_f64() >= 1.0 => {
                self.error(span, never).label("expected `cancelled` below 1");
            }
            Cancelled::Singly(_) => {}
            Cancelled::Runs { share, mean_length } => {
                if share.value.as_f64() >= 1.0 {
                    self.at("share", |c| {
                        c.error(share.span, never).label("expected less than 1");
                    });
                }
                if mean_length.value < 1.0 {
                    self.at("mean_length", |c| {
                        c.error(mean_length.span, "a run of cancellations has one departure at least")
                            .label("expected 1 or more");
                    });
                }
            }
        }
    }

    pub(super) fn connections(&mut self) {
        let scenario = self.scenario;
        self.at("connections", |c| {
            for (id, connection) in &scenario.connections {
                c.at(id, |c| c.connection(connection));
            }
        });
    }

    fn connection(&mut self, connection: &Entry<Connection>) {
        let (from, to) = (&connection.from, &connection.to);
        self.refer_at("from", Kind::Node, from);
        if self.refer_at("to", Kind::Node, to) && from.value == to.value {
            self.at("to", |c| {
                c.error(to.span, "a connection from a node to itself").label("expected another node");
            });
        }
        if let (Some(way_back), None) = (&connection.return_time, &connection.fleet) {
            self.at("return_time", |c| {
                c.error(way_back.span, "a return time without a fleet")
                    .label("expected a `fleet`, or no `return_time`");
            });
        }
        let id = &connection.id;
        if connection.time.is_some() {
            if let Some(speed) = &connection.speed {
                self.at("speed", |c| {
                    c.error(speed.span, "both `time` and `speed` are given").label("expected one of the two");
                });
            }
            return;
        }
        if connection.speed.is_none() {
            self.error(id.span, format!("connection `{}` has no time", id.value))
                .label("expected `time` or `speed`");
        } else if connection.distance.is_none() {
            for node in [from, to] {
                let known = self.scenario.nodes.get(&node.value);
                if known.is_some_and(|node| node.position.is_none()) {
                    self.error(id.span, format!("connection `{}` has no distance", id.value))
                        .label(format!("expected `distance`, or a `position` of node `{}`", node.value));
                    break;
                }
            }
        }
    }

    /// Checks the `via` of ways: nodes, services and connections.
    pub(super) fn via_at(&mut self, via: Option<&[OneOrMany<Located<Name>>]>, span: Span) {
        let kinds = [Kind::Node, Kind::Service, Kind::Connection];
        for (index, wanted) in via.unwrap_or_default().iter().enumerate() {
            let Some(wanted) = wanted.only() else {
                self.at("via", |c| c.at_index(index, |c| c.via_any(wanted, span)));
                continue;
            };
            if kinds.iter().any(|&kind| self.knows(kind, wanted.value.as_str())) {
                continue;
            }
            let known: Vec<&str> =
                kinds.iter().flat_map(|kind| self.ids[kind.section()].iter().copied()).collect();
            let message = format!("there is no node, service or connection `{}`", wanted.value);
            let hint = did_you_mean(&wanted.value, known.iter().copied());
            self.at("via", |c| {
                c.at_index(index, |c| {
                    c.error(wanted.span, message).label("expected a node, service or connection").hint(hint);
                });
            });
        }
    }

    /// Checks the nodes in a list.
    pub(super) fn nodes_at(&mut self, field: &str, nodes: Option<&[crate::source::Located<Name>]>) {
        for (index, node) in nodes.unwrap_or_default().iter().enumerate() {
            self.at(field, |c| c.at_index(index, |c| c.refer(Kind::Node, node)));
        }
    }
}

/// The largest load of one departure in base units. `None` if it is unbounded or the law is not valid.
fn largest(capacity: &Capacity) -> Option<f64> {
    match capacity {
        Capacity::Fixed(load) => Some(load.base() as f64),
        Capacity::Random(law) => Some(law.compile().ok()?.support().1),
        Capacity::Seasonal { load, month } => {
            let highest = month.value.iter().copied().fold(0.0, f64::max);
            Some(load.compile().ok()?.support().1 * highest)
        }
        Capacity::Unlimited => None,
    }
}
