//! The lanes of a run, and their matrix against the promises. A lane is a flow that some promise covers.
//!
//! A run of the whole hub has about sixty lanes. The matrix stays readable then, and links to the details of each lane.

use std::collections::BTreeSet;

use maud::{Markup, html};
use sanda_results::{Figure, Promise, Results, ShareRange, Text, paths};

use super::parts::{
    both, class, draws_note, draws_text, judged_share, nothing, say, small_badge, within_text,
};
use super::words::Count;
use crate::words::headline;
use crate::words::names;
use crate::words::number::{self, Estimate, TimeUnit};

/// Greatest number of promises beside each other, so that the matrix fits a sheet of A4.
const ABREAST: usize = 4;

/// The flows of a run: those that promises cover, and the others.
#[derive(Debug)]
pub(super) struct Lanes {
    promised: Vec<String>,
    others: Vec<String>,
}

impl Lanes {
    /// Sorts the flows by the first promise that covers them, the lowest share first.
    pub(super) fn of(results: &Results) -> Self {
        let mut promised: Vec<String> = Vec::new();
        for promise in results.promises.values() {
            let mut of_promise: Vec<&str> = covered(promise).into_iter().collect();
            of_promise.sort_by(|a, b| share_for_order(promise, a).total_cmp(&share_for_order(promise, b)));
            for id in of_promise {
                if !promised.iter().any(|known| known == id) {
                    promised.push(id.to_owned());
                }
            }
        }
        let others = names::ids(results, paths::FLOWS)
            .into_iter()
            .filter(|id| !promised.iter().any(|known| known == id))
            .map(str::to_owned)
            .collect();
        Self { promised, others }
    }

    /// Lists the flows that promises cover.
    pub(super) fn promised(&self) -> &[String] {
        &self.promised
    }

    /// Lists the flows that no promise covers.
    pub(super) fn others(&self) -> &[String] {
        &self.others
    }

    /// Lists all flows.
    pub(super) fn all(&self) -> Vec<&str> {
        self.promised.iter().chain(&self.others).map(String::as_str).collect()
    }

    /// Lists the lanes of a promise, the lowest share first. Lanes without shipments come last.
    pub(super) fn of_promise(&self, promise: &Promise) -> Vec<&str> {
        let covered = covered(promise);
        let mut lanes: Vec<&str> =
            self.promised.iter().map(String::as_str).filter(|id| covered.contains(id)).collect();
        lanes.sort_by(|a, b| share_for_order(promise, a).total_cmp(&share_for_order(promise, b)));
        lanes
    }

    /// Counts the verdicts of a promise on each of its lanes.
    pub(super) fn count(&self, promise: &Promise) -> Count {
        let lanes = self.of_promise(promise);
        Count::of_shares(lanes.into_iter().map(|id| lane_share(promise, id)), promise.target)
    }

    /// Returns whether there are several lanes. A single lane needs no matrix beside the verdicts.
    pub(super) fn is_matrix(&self) -> bool {
        self.promised.len() > 1
    }
}

fn covered(promise: &Promise) -> BTreeSet<&str> {
    promise.flows.iter().chain(promise.by_flow.keys()).map(String::as_str).collect()
}

/// Returns whether a promise covers this lane and no other.
fn is_alone(promise: &Promise, lane: &str) -> bool {
    covered(promise).into_iter().eq([lane])
}

/// Returns the share of a lane that keeps a promise; the share of the promise itself where it has one lane.
pub(super) fn lane_share<'a>(promise: &'a Promise, lane: &str) -> Option<&'a Figure> {
    promise.by_flow.get(lane).or_else(|| is_alone(promise, lane).then_some(&promise.share))
}

/// Returns the range of the share of a lane over the draws; the range of the promise itself where it has one lane.
pub(super) fn lane_draws(promise: &Promise, lane: &str) -> Option<ShareRange> {
    let inputs = promise.inputs.as_ref()?;
    inputs.by_flow.get(lane).copied().or_else(|| is_alone(promise, lane).then_some(inputs.share))
}

fn share_for_order(promise: &Promise, lane: &str) -> f64 {
    lane_share(promise, lane).and_then(Figure::value).unwrap_or(f64::INFINITY)
}

/// Promises connected by common lanes, directly or through other promises.
#[derive(Default)]
struct Group<'a> {
    lanes: BTreeSet<&'a str>,
    promises: Vec<(&'a str, &'a Promise)>,
}

/// Groups the leading promises by common lanes.
///
/// In one matrix, promises on different lanes would leave each other's columns empty. A promise of a single lane needs no column of its
/// own, because the promise that sums it up has one.
fn groups(results: &Results) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    for (id, promise) in headline::leading(results) {
        let mut joined = Group { lanes: covered(promise), ..Group::default() };
        groups.retain_mut(|group| {
            let is_apart = group.lanes.is_disjoint(&joined.lanes);
            if !is_apart {
                joined.lanes.append(&mut group.lanes);
                joined.promises.append(&mut group.promises);
            }
            is_apart
        });
        joined.promises.push((id, promise));
        groups.push(joined);
    }
    groups.retain(|group| !group.lanes.is_empty());
    groups
}

/// Writes the matrices; nothing for fewer than two lanes.
pub(super) fn section(results: &Results, lanes: &Lanes) -> Markup {
    html! {
        @if lanes.is_matrix() {
            section #lanes {
                h2 { (say("线路与承诺", "Lanes against promises")) }
                div .matrices {
                    @for group in groups(results) {
                        @for promises in group.promises.chunks(ABREAST) { (matrix(results, lanes, promises)) }
                    }
                }
                @if has_infinite(results, lanes) {
                    p .note {
                        (say(
                            "∞：到仿真结束，送达的货物不足90%。",
                            "∞: fewer than 90 % had arrived when the simulation ended.",
                        ))
                    }
                }
                @if let Some(note) = headline::leading(results).find_map(|(_, promise)| draws_note(promise)) {
                    p .note { (both(&note)) }
                }
                p .note {
                    (say(
                        "各线路单独判定：置信区间全部不低于目标为达标（✓），全部低于目标为未达标（✗），其余为不确定（?）。各表按第一栏的按时送达率由低到高排列，该栏没有数值的排在最后。",
                        "Each lane is judged by itself: kept (✓) when its whole interval reaches the target, not kept (✗) when all of it lies below, else uncertain (?). The rows of each table are in the order of the share in its first column, the lowest first; lanes without one follow.",
                    ))
                }
            }
        }
    }
}

fn matrix(results: &Results, lanes: &Lanes, promises: &[(&str, &Promise)]) -> Markup {
    // The first promise orders its lanes. Lanes that it does not cover follow in the order of the next.
    let mut shown: Vec<&str> = Vec::new();
    for (_, promise) in promises {
        for lane in lanes.of_promise(promise) {
            if !shown.contains(&lane) {
                shown.push(lane);
            }
        }
    }
    html! {
        div .scroll.whole[promises.len() > 1] {
            table .matrix {
                thead {
                    @let alone = promises.len() == 1;
                    tr {
                        @if !alone { th scope="col" rowspan="2" { (say("线路", "Lane")) } }
                        @for (id, promise) in promises {
                            th .group scope="colgroup" colspan=(if alone { 3 } else { 2 }) {
                                a href={ "#promise-" (id) } { (both(&promise.name)) }
                                (tally(lanes, promise))
                            }
                        }
                    }
                    tr {
                        @if alone { th scope="col" { (say("线路", "Lane")) } }
                        @for (_, promise) in promises {
                            th .group scope="col" { (both(&kept_head(promise))) }
                            th scope="col" { (both(&within_head(time_unit(promise)))) }
                        }
                    }
                }
                tbody {
                    @for lane in shown {
                        tr {
                            th scope="row" { a href={ "#flow-" (lane) } { (both(&names::flow_name(results, lane))) } }
                            @for (_, promise) in promises { (cells(results, promise, lane)) }
                        }
                    }
                }
            }
        }
    }
}

/// Returns whether some lane of the matrices has no finite time within which 90 % arrive.
fn has_infinite(results: &Results, lanes: &Lanes) -> bool {
    headline::leading(results).any(|(_, promise)| {
        let lanes = lanes.of_promise(promise);
        lanes.into_iter().any(|lane| lane_p90(results, promise, lane).is_some_and(|time| time.infinite))
    })
}

fn tally(lanes: &Lanes, promise: &Promise) -> Markup {
    html! { span .tally { (both(&lanes.count(promise).words())) } }
}

fn kept_head(promise: &Promise) -> Text {
    let target = number::percentile_number(promise.target);
    Text::new(format!("按时送达率（目标{target}%）"), format!("share kept (target {target} %)"))
}

/// Words the head of a column of 90th percentiles.
pub(super) fn within_head(unit: TimeUnit) -> Text {
    Text::new(
        format!("90%在此时间内送达（{}）", unit.zh()),
        format!("90 % arrive within ({})", unit.en_long()),
    )
}

/// Returns the unit for times of a promise, which is that of its limit.
pub(super) fn time_unit(promise: &Promise) -> TimeUnit {
    promise.limit_hours.map_or(TimeUnit::Hours, number::limit_unit)
}

/// Returns the time within which 90 % of a lane arrive, on the clock of a promise.
pub(super) fn lane_p90<'a>(results: &'a Results, promise: &Promise, lane: &str) -> Option<&'a Figure> {
    results.metrics.get(&paths::flow_clock(lane, &promise.clock, "p90"))
}

fn cells(results: &Results, promise: &Promise, lane: &str) -> Markup {
    if !covered(promise).contains(lane) {
        return html! { td .group .blank {} td .blank {} };
    }
    let share = lane_share(promise, lane);
    html! {
        @if let Some((figure, share)) = share.and_then(|figure| Some((figure, Estimate::from_figure(figure)?))) {
            @let verdict = figure.verdict(promise.target);
            td class={ "group number " (class(verdict)) } {
                (small_badge(verdict)) " " (judged_share(&share, promise.target))
                @if let Some(range) = lane_draws(promise, lane) {
                    span .draws { (say("抽样", "draws")) " " (draws_text(promise, Some(figure), range)) }
                }
            }
        } @else {
            td .group .number { "–" }
        }
        @match lane_p90(results, promise, lane).and_then(Estimate::from_figure) {
            Some(time) => td .number { (within_text(&time, time_unit(promise))) },
            None => (nothing()),
        }
    }
}
