//! Laws of the language compiled to laws of the kernel.

use sanda_core::kernel::law::Law as KernelLaw;

use crate::build::builder::Builder;
use crate::schema::{Law, LawValue};

impl Builder<'_> {
    /// Compiles a law. `None` if an issue was added.
    pub(in crate::build) fn law<Q: LawValue>(&mut self, law: &Law<Q>, path: &str) -> Option<KernelLaw> {
        match law.compile() {
            Ok(compiled) => Some(compiled),
            Err(error) => {
                self.issues.error(law.span, error.to_string()).path(path).hint(error.hint());
                None
            }
        }
    }
}
