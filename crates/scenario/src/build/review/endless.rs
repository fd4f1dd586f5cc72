//! Work that can never end: longer than any opening that it must fit into, or than any time between two
//! failures after which it restarts. It is an error if every job is like that, a warning if some jobs may
//! be.
//!
//! Only laws and sizes are examined. Longer times by disruptions are not foreseen; after a run, work that
//! never ended is reported.

use std::collections::BTreeMap;

use sanda_core::kernel::law::Law;
use sanda_core::model::ids::ResourceId;
use sanda_core::model::program::{Op, Per, WorkOp};
use sanda_core::model::{FlowParams, Model, ResourceParams};
use sanda_units::{Duration, IdVec};

use crate::build::builder::Builder;
use crate::build::load::offered::Size;
use crate::source::Span;

/// Probability of jobs that are longer than the length taken as the longest.
const RARE: f64 = 1e-6;

/// The least and the greatest length in milliseconds, rare cases excluded.
#[derive(Debug, Clone, Copy)]
struct Extent {
    least: f64,
    most: f64,
}

impl Extent {
    fn of(law: &Law) -> Self {
        Self { least: law.support().0.max(0.0), most: law.quantile(1.0 - RARE) }
    }
}

/// The cause that limits the length of work.
#[derive(Debug, Clone, Copy)]
enum Limit {
    Opening,
    UpTime,
}

impl Builder<'_> {
    /// Reports all work that can never end at its place.
    pub(in crate::build) fn refuse_endless_work(&mut self) {
        // Several itineraries may do one step. It is reported once, with the longest work.
        let mut found: BTreeMap<(Span, String), (Limit, Extent, Extent)> = BTreeMap::new();
        let longest: IdVec<ResourceId, _> =
            self.model.resources.iter().map(|params| longest(&self.model, params)).collect();
        for (work, extent) in extents(&self.model, |id| longest[id].is_some()) {
            let Some((limit, longest)) = longest[self.model.programs.works[work].resource] else { continue };
            if extent.most <= longest.most + 0.5 {
                continue;
            }
            let Some((span, path)) = self.work_places.get(work).cloned() else { continue };
            let entry = found.entry((span, path)).or_insert((limit, extent, longest));
            entry.1.least = entry.1.least.max(extent.least);
            entry.1.most = entry.1.most.max(extent.most);
        }
        for ((span, path), (limit, work, longest)) in found {
            let is_certain = work.least > longest.least + 0.5;
            let (label, hint) = match limit {
                Limit::Opening => (
                    "`at_closing: Fit` begins only work that ends by closing time",
                    "keep it open longer, let work pause (`at_closing: Pause`), or give shorter times",
                ),
                Limit::UpTime => (
                    "`work: Restart` begins interrupted work anew, with the same length",
                    "let interrupted work resume (`work: Resume`), or give shorter times",
                ),
            };
            let than = match limit {
                Limit::Opening => "the longest opening",
                Limit::UpTime => "the longest time between two failures",
            };
            let (most, longest) = (shown(work.most), shown(longest.most));
            let issue = if is_certain {
                let least = shown(work.least);
                let message = format!("work of at least {least} can never be done: {than} is {longest}");
                self.issues.error(span, message)
            } else {
                let message = format!(
                    "some work may never be done: one job in a million takes {most} or more, {than} is {longest}"
                );
                self.issues.warning(span, message)
            };
            issue.path(path).label(label).hint(Some(hint.to_owned()));
        }
    }
}

/// The longest work that a resource allows, if there is a limit.
fn longest(model: &Model, params: &ResourceParams) -> Option<(Limit, Extent)> {
    if let Some(calendar) = params.calendar.filter(|_| params.fits()) {
        let longest = model.calendars[calendar].longest(model.window.end);
        let longest = if longest == i64::MAX { f64::INFINITY } else { longest as f64 };
        return Some((Limit::Opening, Extent { least: longest, most: longest }));
    }
    let breakdowns = params.breakdowns.as_ref().filter(|breakdowns| breakdowns.restarts)?;
    let up = &breakdowns.up.0;
    // Only work longer than the greatest time of all is certain to restart for ever. Work longer than a
    // rare time may do so.
    Some((Limit::UpTime, Extent { least: up.support().1, most: up.quantile(1.0 - RARE) }))
}

/// The length of each work at the resources in question, by itinerary. For vehicles, if it does not depend
/// on their cargo.
fn extents(model: &Model, is_asked: impl Fn(ResourceId) -> bool) -> Vec<(usize, Extent)> {
    let programs = &model.programs;
    let mut extents = Vec::new();
    for itinerary in &model.itineraries {
        let flow = &model.flows[itinerary.flow];
        for op in programs.from(itinerary.program) {
            if let Op::Work(work) = op {
                let op = &programs.works[work as usize];
                if is_asked(op.resource) {
                    extents.push((work as usize, of_shipment(op, flow)));
                }
            }
        }
    }
    for service in &model.services {
        for op in programs.from(service.program) {
            if let Op::Work(work) = op {
                let op = &programs.works[work as usize];
                if op.per == Per::Job && is_asked(op.resource) {
                    extents.push((work as usize, Extent::of(&op.time)));
                }
            }
        }
    }
    extents
}

fn of_shipment(op: &WorkOp, flow: &FlowParams) -> Extent {
    let time = Extent::of(&op.time);
    let least = Size::by(flow, |law| law.support().0.max(0.0), |values| ends(values).0);
    let most = Size::by(flow, |law| law.quantile(1.0 - RARE), |values| ends(values).1);
    Extent { least: time.least * least.times(op.per), most: time.most * most.times(op.per) }
}

fn ends(values: &[i64]) -> (f64, f64) {
    let (least, most) = (values.iter().min(), values.iter().max());
    (least.map_or(0.0, |&least| least as f64), most.map_or(0.0, |&most| most as f64))
}

/// A time as messages print it: in whole seconds, or in milliseconds if it is shorter.
fn shown(ms: f64) -> String {
    let ms = sanda_core::kernel::law::to_whole(ms.min(9e15));
    let rounded = if ms < 10_000 { ms } else { ms / 1000 * 1000 };
    Duration::from_ms(rounded).to_string()
}
