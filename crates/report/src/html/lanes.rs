//! The lanes of a run, which are the flows that some promise covers, and their matrix against the promises.
//!
//! A run of the whole hub has about sixty: the matrix is what stays readable then, and links to the details of each.

use std::collections::BTreeSet;

use maud::{Markup, html};
use sanda_results::{Figure, Promise, Results, ShareRange, Text, paths};

use super::parts::{
    both, class, draws_note, draws_text, judged_share, nothing, say, small_badge, within_text,
};
use super::words::{self, Count};
use crate::adapter;
use crate::headline;
use crate::wording::{self, Estimate, TimeUnit};

/// More promises than this do not fit beside each other on a sheet of A4.
const ABREAST: usize = 4;

/// The flows of a run: those that promises cover, and the rest.
#[derive(Debug)]
pub(super) struct Lanes {
    promised: Vec<String>,
    others: Vec<String>,
}

impl Lanes {
    /// Sorts the flows: by the first promise that covers them, those that keep it least first.
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
        let others = adapter::ids(results, paths::FLOWS)
            .into_iter()
            .filter(|id| !promised.iter().any(|known| known == id))
            .map(str::to_owned)
            .collect();
        Self { promised, others }
    }

    /// The flows that promises cover.
    pub(super) fn promised(&self) -> &[String] {
        &self.promised
    }

    /// The flows that no promise covers.
    pub(super) fn others(&self) -> &[String] {
        &self.others
    }

    /// All flows.
    pub(super) fn all(&self) -> Vec<&str> {
        self.promised.iter().chain(&self.others).map(String::as_str).collect()
    }

    /// The lanes of a promise, those that keep it least first; those without shipments come last.
    pub(super) fn of_promise(&self, promise: &Promise) -> Vec<&str> {
        let covered = covered(promise);
        let mut lanes: Vec<&str> =
            self.promised.iter().map(String::as_str).filter(|id| covered.contains(id)).collect();
        lanes.sort_by(|a, b| share_for_order(promise, a).total_cmp(&share_for_order(promise, b)));
        lanes
    }

    /// How many lanes keep a promise and how many do not.
    pub(super) fn count(&self, promise: &Promise) -> Count {
        let lanes = self.of_promise(promise);
        Count::of_shares(lanes.into_iter().map(|id| lane_share(promise, id)), promise.target)
    }

    /// Whether there are lanes to compare: with one, the verdicts say it all.
    pub(super) fn is_matrix(&self) -> bool {
        self.promised.len() > 1
    }
}

fn covered(promise: &Promise) -> BTreeSet<&str> {
    promise.flows.iter().chain(promise.by_flow.keys()).map(String::as_str).collect()
}

/// Whether a promise covers this lane and no other.
fn is_alone(promise: &Promise, lane: &str) -> bool {
    covered(promise).into_iter().eq([lane])
}

/// The share of a lane that keeps a promise; that of the promise itself where it has one lane.
pub(super) fn lane_share<'a>(promise: &'a Promise, lane: &str) -> Option<&'a Figure> {
    promise.by_flow.get(lane).or_else(|| is_alone(promise, lane).then_some(&promise.share))
}

/// The range of the share of a lane over the draws of the inputs; that of the promise itself where it has one lane.
pub(super) fn lane_draws(promise: &Promise, lane: &str) -> Option<ShareRange> {
    let inputs = promise.inputs.as_ref()?;
    inputs.by_flow.get(lane).copied().or_else(|| is_alone(promise, lane).then_some(inputs.share))
}

fn share_for_order(promise: &Promise, lane: &str) -> f64 {
    lane_share(promise, lane).and_then(Figure::value).unwrap_or(f64::INFINITY)
}

/// Promises that have lanes in common, directly or through others.
#[derive(Default)]
struct Group<'a> {
    lanes: BTreeSet<&'a str>,
    promises: Vec<(&'a str, &'a Promise)>,
}

/// The groups of the promises that lead; that of a single lane is in the column of the one that sums it up. Promises on different lanes, such as one a mode of transport, would only leave each other's columns empty.
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

/// The matrices; nothing for fewer than two lanes.
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
                        "每条线路单独判定：整个置信区间达到目标为达标（✓），整个低于目标为未达标（✗），否则为不确定（?）。各表按第一栏的按时送达率由低到高排列，该栏没有数值的排在最后。",
                        "Each lane is judged by itself: kept (✓) when its whole interval reaches the target, not kept (✗) when all of it lies below, else uncertain (?). The rows of each table are in the order of the share in its first column, the lowest first; lanes without one follow.",
                    ))
                }
            }
        }
    }
}

fn matrix(results: &Results, lanes: &Lanes, promises: &[(&str, &Promise)]) -> Markup {
    // By the first promise; lanes that it does not cover follow by the next.
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
                            th scope="row" { a href={ "#flow-" (lane) } { (both(&adapter::flow_name(results, lane))) } }
                            @for (_, promise) in promises { (cells(results, promise, lane)) }
                        }
                    }
                }
            }
        }
    }
}

/// Whether some lane of the matrices has no finite time that 90 % keep.
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
    let target = wording::percentile_number(promise.target);
    Text::new(format!("按时送达率（目标{target}%）"), format!("share kept (target {target} %)"))
}

/// The head of a column of 90th percentiles.
pub(super) fn within_head(unit: TimeUnit) -> Text {
    Text::new(
        format!("90%在此时间内送达（{}）", unit.zh()),
        format!("90 % arrive within ({})", unit.en_long()),
    )
}

/// Times of a promise are shown in the unit of its limit.
pub(super) fn time_unit(promise: &Promise) -> TimeUnit {
    promise.limit_hours.map_or(TimeUnit::Hours, wording::limit_unit)
}

/// The time that 90 % of a lane keep by the clock of a promise.
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
            @let verdict = words::judge(figure, promise.target);
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
