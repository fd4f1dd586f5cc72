//! Checks of passages, disruptions and levers.

use super::{Checker, Kind};
use crate::{
    compose::trial::{excerpt, issues_of},
    decode::Name,
    path::ParameterPath,
    schema::{DatedSpan, Effect, Lever, LeverCost, Occurrence, Target},
    source::Located,
    suggest::expected_one_of,
    tree::{Tree, Value},
};

impl Checker<'_, '_> {
    pub(super) fn passages(&mut self) {
        let scenario = self.scenario;
        self.at("passages", |c| {
            for (id, passage) in &scenario.passages {
                for (index, user) in passage.used_by.iter().enumerate() {
                    if !c.knows(Kind::Connection, user.value.as_str()) {
                        c.at(id, |c| {
                            c.at("used_by", |c| c.at_index(index, |c| c.refer(Kind::Service, user)))
                        });
                    }
                }
            }
        });
    }

    pub(super) fn disruptions(&mut self) {
        let scenario = self.scenario;
        self.at("disruptions", |c| {
            for (id, disruption) in &scenario.disruptions {
                c.at(id, |c| {
                    if disruption.targets.is_empty() {
                        c.error(disruption.id.span, format!("disruption `{id}` has no targets"))
                            .label("expected `targets`");
                    }
                    for (index, target) in disruption.targets.iter().enumerate() {
                        c.at("targets", |c| c.at_index(index, |c| c.target(target)));
                    }
                    c.at("when", |c| c.occurrence(&disruption.when, &disruption.id));
                    if disruption.effect.is_empty() {
                        c.error(disruption.id.span, format!("disruption `{id}` has no effect"))
                            .label("expected an `effect`");
                    }
                    for (index, effect) in disruption.effect.with_paths() {
                        c.at(&format!("effect{index}"), |c| match effect {
                            Effect::Capacity(factor) if factor.value < 0.0 => {
                                c.error(factor.span, "a factor is negative").label("expected 0 or more");
                            }
                            Effect::Divert(itinerary) => c.some_itinerary(itinerary),
                            _ => {}
                        });
                    }
                });
            }
        });
    }

    fn target(&mut self, target: &Target) {
        let (kind, name) = match target {
            Target::Node(name) => (Kind::Node, name),
            Target::Resource(name) => (Kind::Resource, name),
            Target::Service(name) => (Kind::Service, name),
            Target::Connection(name) => (Kind::Connection, name),
            Target::Passage(name) => (Kind::Passage, name),
            Target::Leg { service, from } => {
                if self.refer_at("service", Kind::Service, service) {
                    self.leg(service, from);
                }
                return;
            }
        };
        self.refer(kind, name);
    }

    fn leg(&mut self, service: &Located<Name>, from: &Located<Name>) {
        let Some(service) = self.scenario.services.get(&service.value) else { return };
        let begins: Vec<&str> =
            service.stops.value.iter().rev().skip(1).rev().map(|stop| stop.value.as_str()).collect();
        if !begins.contains(&from.value.as_str()) {
            let message = format!("no leg of service `{}` begins at `{}`", service.id.value, from.value);
            self.at("from", |c| {
                c.error(from.span, message).label(expected_one_of(begins.iter().copied()));
            });
        }
    }

    fn occurrence(&mut self, when: &Occurrence, id: &Located<Name>) {
        match when {
            Occurrence::Dated(spans) => {
                if spans.is_empty() {
                    self.error(id.span, format!("disruption `{}` never happens", id.value))
                        .label("expected spans of time");
                }
                let zone = self.scenario.start.value.zone();
                let ends_first =
                    |span: &DatedSpan| span.to.value.unix_ms(zone) <= span.from.value.unix_ms(zone);
                for (index, span) in spans.iter().enumerate().filter(|(_, span)| ends_first(span)) {
                    self.at_index(index, |c| {
                        c.error(span.to.span, "the disruption ends before it begins")
                            .label(format!("expected a time after {}", span.from.value));
                    });
                }
            }
            Occurrence::Random { up, down } => {
                if up.compile().is_ok_and(|law| law.support().1 <= 0.0) {
                    self.at("up", |c| {
                        let only = down.span;
                        c.error(up.span, "the disruption is never absent")
                            .label("expected more than zero")
                            .note(only, "so this makes no difference");
                    });
                }
            }
            Occurrence::Strikes { length, profile, .. } => {
                self.at("length", |c| c.expect_above_zero(length, "else it makes no difference"));
                self.profile(profile.as_deref());
            }
            Occurrence::UnderWay { length, .. } => {
                self.at("length", |c| c.expect_above_zero(length, "else it makes no difference"));
            }
        }
    }

    pub(super) fn levers(&mut self) {
        let scenario = self.scenario;
        self.at("levers", |c| {
            for (id, lever) in &scenario.levers {
                c.at(id, |c| c.lever(lever, &lever.id));
            }
        });
    }

    fn lever(&mut self, lever: &Lever, id: &Located<Name>) {
        if let Some(LeverCost::PerUnit(budget) | LeverCost::Once(budget)) = &lever.cost {
            let currency = &budget.amount.currency;
            if !self.knows(Kind::Rate, currency) {
                self.at("cost", |c| {
                    c.error(id.span, format!("there is no rate for {currency}"))
                        .label(format!("expected `rates: {{ \"{currency}\": ... }}`"));
                });
            }
        }
        let mut trials: Vec<(String, &Tree)> = Vec::new();
        match (&lever.options, &lever.range) {
            (Some(options), None) => {
                if options.value.is_empty() {
                    self.error(options.span, format!("lever `{}` has no options", id.value))
                        .label("expected at least one value");
                }
                trials.extend(
                    options.value.iter().enumerate().map(|(at, tree)| (format!("options[{at}]"), tree)),
                );
            }
            (None, Some(range)) => {
                trials.push(("range.from".to_owned(), &range.from));
                trials.push(("range.to".to_owned(), &range.to));
            }
            (Some(_), Some(_)) => {
                self.error(id.span, format!("lever `{}` has both `options` and `range`", id.value))
                    .label("expected one of the two");
            }
            (None, None) => {
                self.error(id.span, format!("lever `{}` has no values", id.value))
                    .label("expected `options` or `range`");
            }
        }
        let path = match lever.path.value.parse::<ParameterPath>() {
            Ok(path) => path,
            Err(error) => {
                self.at("path", |c| {
                    c.error(lever.path.span, error.message).label(error.label).hint(error.hint);
                });
                return;
            }
        };
        // A parameter that is not written may be set too.
        let nothing = Tree::new(Value::Absent, lever.path.span);
        if path.follow(self.tree).is_err()
            && let Err(error) = path.put(&mut self.tree.clone(), nothing, lever.path.span)
        {
            self.at("path", |c| {
                c.error(lever.path.span, error.message).label(error.label).hint(error.hint);
            });
            return;
        }
        for (field, value) in trials {
            self.at(&field, |c| c.try_value(&path, value, lever));
        }
    }

    /// Types the parameter with another value. Only issues that this value causes are reported.
    fn try_value(&mut self, path: &ParameterPath, value: &Tree, lever: &Lever) {
        let before = excerpt(self.tree, path);
        for issue in issues_of(&before, path, value, self.cx.sources) {
            let added = self.error(issue.span, issue.message);
            added.hint = issue.hint;
            added.label = issue.label;
            added.note(lever.path.span, "as the value of this parameter");
        }
    }
}
