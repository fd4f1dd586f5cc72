//! Consolidation steps, in which shipments wait for each other, and the units of loads. Does not own other
//! steps (`steps`).

use sanda_core::model::program::{BatchGroup, BatchOp, LoadUnit, Op};
use sanda_units::{Duration, Quantity};

use super::scope::Scope;
use crate::build::builder::Builder;
use crate::decode::{Name, Positive};
use crate::schema::{Law, Load};
use crate::source::Located;

impl Builder<'_> {
    /// Compiles a step in which shipments of a group wait for each other.
    pub(in crate::build) fn batch(
        &mut self,
        size: &Located<Positive<Load>>,
        longest_wait: Option<Duration>,
        group: Option<&Located<Name>>,
        purpose: &str,
        path: &str,
        scope: &Scope,
    ) {
        if scope.is_vehicle {
            self.issues.error(size.span, "vehicles do not wait for other cargo").path(path);
            return;
        }
        let load = size.value.value();
        let unit = load_unit(load);
        if unit == LoadUnit::Mass && !scope.has_mass {
            self.issues
                .error(size.span, "a batch by mass for shipments without a mass")
                .path(path)
                .hint(Some("give the flow a `mass`".to_owned()));
        }
        let params = BatchGroup {
            quantity: load.base(),
            unit,
            longest_wait: longest_wait.map_or(i64::MAX, Quantity::base),
        };
        let known = group.and_then(|group| self.group_ids.get(&group.value)).copied();
        let id = match known {
            Some(id)
                if self.model.batch_groups[id as usize].quantity == params.quantity
                    && self.model.batch_groups[id as usize].unit == params.unit
                    && self.model.batch_groups[id as usize].longest_wait == params.longest_wait =>
            {
                id
            }
            Some(_) => {
                self.issues
                    .error(size.span, format!("batch `{purpose}` has another size elsewhere"))
                    .path(path)
                    .label("expected the same size and longest wait for all of the group");
                return;
            }
            None => {
                self.model.batch_groups.push(params);
                let id = (self.model.batch_groups.len() - 1) as u32;
                if let Some(group) = group {
                    self.group_ids.insert(group.value.clone(), id);
                }
                id
            }
        };
        self.model.programs.batches.push(BatchOp { group: id });
        self.emit(Op::Batch((self.model.programs.batches.len() - 1) as u32));
    }
}

/// The unit of a load.
pub(in crate::build) fn load_unit(load: Load) -> LoadUnit {
    match load {
        Load::Teu(_) => LoadUnit::Teu,
        Load::Mass(_) => LoadUnit::Mass,
        Load::Shipments(_) => LoadUnit::Shipments,
        Load::Units(_) => LoadUnit::Units,
    }
}

/// The unit of a law of loads.
pub(in crate::build) fn law_unit(law: &Law<Load>) -> LoadUnit {
    match law.measure().unwrap_or_default() {
        "TEU" => LoadUnit::Teu,
        "mass" => LoadUnit::Mass,
        "units" => LoadUnit::Units,
        _ => LoadUnit::Shipments,
    }
}
