//! What steps are expected to cost. The one place where ways meet prices: links, turns and whole ways ask here.
//!
//! The language has no prices yet: nothing is known, and whoever needs to know is refused (`choice`). Does not own prices.

use sanda_units::Money;

use super::Builder;
use super::expect::Cargo;
use crate::schema::Step;

impl Builder<'_> {
    /// The money that steps are expected to cost a shipment of mean size; `None` while prices are not known.
    #[expect(clippy::unused_self, reason = "prices will be the scenario's")]
    pub(super) fn expected_money(&self, _steps: &[Step], _cargo: &Cargo) -> Option<Money> {
        None
    }
}
