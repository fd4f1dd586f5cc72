//! Laws of the language made into laws of the kernel.

use sanda_core::kernel::law::Law as KernelLaw;

use super::Builder;
use crate::schema::{Law, LawValue};

impl Builder<'_> {
    /// The kernel's law; `None` if an issue was added.
    pub(super) fn law<Q: LawValue>(&mut self, law: &Law<Q>, path: &str) -> Option<KernelLaw> {
        match law.compile() {
            Ok(compiled) => Some(compiled),
            Err(error) => {
                self.issues.error(law.span, error.to_string()).path(path).hint(error.hint());
                None
            }
        }
    }
}
