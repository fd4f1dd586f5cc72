//! What the language can express and this version does not simulate yet. It is refused, never ignored.

use crate::build::builder::Builder;
use crate::decode::Name;
use crate::issue::Issues;
use crate::schema::Scenario;
use crate::source::{Located, Span};

impl Builder<'_> {
    /// Refuses a closed node or passage on a way, even on a declared one.
    pub(in crate::build) fn refuse_closed(&mut self, user: &Located<Name>, touched: &[&Name], path: &str) {
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
        .label("leave it out for now")
        .hint(Some("to try a measure, write a scenario with `base` and `changes`".to_owned()));
}

/// Adds an issue for everything that is expressed but cannot be simulated yet.
pub(in crate::build) fn refuse_unsupported(scenario: &Scenario, issues: &mut Issues) {
    for (name, lever) in &scenario.levers {
        refuse(issues, lever.id.span, &format!("levers.{name}"), "levers");
    }
}
