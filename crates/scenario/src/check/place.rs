//! Checks of nodes, resources and opening hours.

use sanda_network::OpeningRule;

use super::{Checker, Kind};
use crate::{
    schema::{Open, Servers, WhenFull},
    source::Located,
};

impl Checker<'_, '_> {
    pub(super) fn places(&mut self) {
        let scenario = self.scenario;
        self.at("nodes", |c| {
            for (id, node) in &scenario.nodes {
                if let Some(position) = &node.position {
                    c.at(id, |c| {
                        c.at("position", |c| {
                            c.at("lat", |c| c.degrees(position.lat, 90.0));
                            c.at("lon", |c| c.degrees(position.lon, 180.0));
                        });
                    });
                }
            }
        });
        self.at("calendars", |c| {
            for (id, calendar) in &scenario.calendars {
                c.at(id, |c| {
                    c.at("open", |c| {
                        if let Open::Calendar(name) = &calendar.open {
                            c.error(name.span, "a calendar cannot name another")
                                .label("expected opening hours");
                        } else {
                            c.open(&calendar.open);
                        }
                    });
                });
            }
        });
        self.at("resources", |c| {
            for (id, resource) in &scenario.resources {
                c.at(id, |c| {
                    c.refer_at("at", Kind::Node, &resource.at);
                    c.at("open", |c| c.open(&resource.open));
                    if let Servers::Shifts(shifts) = &resource.servers {
                        c.at("servers", |c| {
                            for (index, shift) in shifts.iter().enumerate() {
                                c.at_index(index, |c| c.at("on", |c| c.open(&shift.on)));
                            }
                        });
                    }
                    if let Some(breakdowns) = &resource.breakdowns {
                        c.at("breakdowns", |c| {
                            c.at("up", |c| c.expect_above_zero(&breakdowns.up, "else it never works"));
                        });
                    }
                    c.at("when_full", |c| match &resource.when_full {
                        WhenFull::Block | WhenFull::Divert(_) if resource.room.is_none() => {
                            c.error(
                                resource.id.span,
                                "the waiting room never fills, so `when_full` never applies",
                            )
                            .label("expected `room`, the number of waiting places");
                        }
                        WhenFull::Lost | WhenFull::Block => {}
                        WhenFull::Divert(itinerary) => c.some_itinerary(itinerary),
                    });
                });
            }
        });
    }

    fn degrees(&mut self, degrees: Located<f64>, most: f64) {
        if degrees.value.abs() > most {
            self.error(degrees.span, format!("{} degrees do not exist here", degrees.value))
                .label(format!("expected -{most} to {most}"));
        }
    }

    /// Checks that opening hours can be read, or that the named calendar exists.
    pub(super) fn open(&mut self, open: &Open) {
        match open {
            Open::Always => {}
            Open::Daily(hours) => {
                if let Err(error) = format!("Mon-Sun {}", hours.value).parse::<OpeningRule>() {
                    let hint = error.hint().filter(|hint| hint.starts_with("did you mean"));
                    self.error(hours.span, error.to_string().replace("Mon-Sun ", ""))
                        .label("expected hours such as \"08:00-18:00\"")
                        .hint(hint.map(|hint| hint.replace("Mon-Sun ", "")));
                }
            }
            Open::Weekly(hours) => self.opening_rules(hours),
            Open::Calendar(name) => {
                self.refer(Kind::Calendar, name);
            }
            Open::Hours { weekly, .. } => self.at("weekly", |c| c.opening_rules(weekly)),
        }
    }

    fn opening_rules(&mut self, rules: &[Located<String>]) {
        for (index, rule) in rules.iter().enumerate() {
            if let Err(error) = rule.value.parse::<OpeningRule>() {
                self.at_index(index, |c| {
                    c.error(rule.span, error.to_string())
                        .label("expected hours such as \"Mon-Fri 08:00-18:00\"")
                        .hint(error.hint());
                });
            }
        }
    }

    /// Checks that some flow has an itinerary of this name.
    pub(super) fn some_itinerary(&mut self, name: &Located<crate::decode::Name>) {
        let scenario = self.scenario;
        // The names of searched ways are known only after the search.
        let is_searched =
            scenario.flows.values().any(|flow| flow.steps.is_none() && flow.itineraries.is_empty());
        let is_declared = scenario.flows.values().any(|flow| flow.itineraries.contains_key(&name.value));
        if !is_searched && !is_declared {
            let names = scenario.flows.values().flat_map(|flow| flow.itineraries.keys());
            let hint = crate::suggest::did_you_mean(&name.value, names.map(crate::decode::Name::as_str));
            self.error(name.span, format!("no flow has an itinerary `{}`", name.value))
                .label("expected the name of an itinerary")
                .hint(hint);
        }
    }
}
