//! Checks of `sources`: that the paths exist, that both ends of a range are values of the parameter, and
//! that the rules of drawing are consistent.

use std::collections::BTreeMap;

use super::Checker;
use crate::{
    compose::trial::{excerpt, issues_of, strip_remarks},
    inputs::{declarations, is_around_stated},
    path::ParameterPath,
    suggest::did_you_mean,
};

impl Checker<'_, '_> {
    pub(super) fn sources(&mut self) {
        self.drawn_together();
        for declared in declarations(self.scenario) {
            let path = match declared.path.parse::<ParameterPath>() {
                Ok(path) => path,
                Err(error) => {
                    self.error(declared.span, error.message)
                        .label(error.label)
                        .hint(error.hint)
                        .path(declared.path);
                    continue;
                }
            };
            if !declared.is_in_force(self.tree, &path) {
                continue;
            }
            // A parameter that is not written may have a source, which then is that of its default. A part
            // of it may not.
            if let Err(error) = path.follow(self.tree)
                && !path.is_field_of_entry()
            {
                self.error(declared.span, error.message)
                    .label("this source belongs to no parameter")
                    .hint(error.hint)
                    .path(declared.path);
                continue;
            }
            if declared.provenance.follows_load && !may_follow(&path) {
                self.error(declared.span, "this parameter is not a capacity and cannot follow a load")
                    .label("`follows_load` is for `servers` of resources and `capacity` of services")
                    .path(declared.path.clone());
            }
            let Some(ends) = &declared.provenance.range else { continue };
            let mut before = excerpt(self.tree, &path);
            strip_remarks(&mut before);
            let mut are_sound = true;
            for end in ends {
                for issue in issues_of(&before, &path, end, self.cx.sources) {
                    are_sound = false;
                    let added = self.error(issue.span, issue.message);
                    added.hint = issue.hint;
                    added.label = issue.label;
                    added
                        .path(declared.path.clone())
                        .note(declared.span, "as an end of the range of this parameter");
                }
            }
            if are_sound && !is_around_stated(ends, path.follow(self.tree).ok()) {
                self.cx
                    .warning(declared.span, "the value is not between the ends of its range")
                    .label("draws lie evenly between the ends, not around the value")
                    .hint(Some(
                        "write the ends as the value is written, the same variant with the same fields, on either side of it"
                            .to_owned(),
                    ))
                    .path(declared.path.clone());
            }
        }
    }

    /// Checks parameters that are drawn together: each has a range, and there are at least two of them.
    fn drawn_together(&mut self) {
        let scenario = self.scenario;
        let mut members: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for declared in declarations(scenario) {
            let Some(with) = &declared.provenance.with else { continue };
            if declared.provenance.range.is_none() {
                self.error(with.span, "a parameter without a range is not drawn")
                    .label("expected a `range` beside it")
                    .path(declared.path);
                continue;
            }
            members.entry(&with.value).or_default().push((with.span, declared.path));
        }
        // An entry that could not be read is missing here.
        if self.cx.has_errors() {
            return;
        }
        for (&name, alone) in &members {
            let [(span, path)] = &alone[..] else { continue };
            let others = members.keys().copied().filter(|&other| other != name);
            self.cx
                .warning(*span, format!("nothing else is drawn with `{name}`"))
                .label("expected a name that other parameters share")
                .hint(did_you_mean(name, others))
                .path(path.clone());
        }
    }
}

/// Whether a path is that of a capacity.
fn may_follow(path: &ParameterPath) -> bool {
    let of = match path.first_two().0 {
        "resources" => "servers",
        "services" => "capacity",
        _ => return false,
    };
    path.is_field_of_entry() && path.fields_of_entry_and_steps().eq([of])
}
