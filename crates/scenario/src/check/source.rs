//! Checks of what is said about parameters under `sources`: that the paths exist, and that both ends of a range are values of
//! the parameter.

use super::Checker;
use crate::{
    inputs::{declarations, is_around_stated},
    path::ParameterPath,
    trial::{excerpt, issues_of, strip_remarks},
};

impl Checker<'_, '_> {
    pub(super) fn sources(&mut self) {
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
            // A parameter that is not written may be spoken of (its default is meant), but not a part of one.
            if let Err(error) = path.follow(self.tree)
                && !path.is_field_of_entry()
            {
                self.error(declared.span, error.message)
                    .label("this source speaks of nothing")
                    .hint(error.hint)
                    .path(declared.path);
                continue;
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
                    added.path.clone_from(&declared.path);
                    added.note(declared.span, "as an end of the range of this parameter");
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
}
