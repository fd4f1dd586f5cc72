//! The tables of resources and of services, each below a sentence that sums it up.

use maud::{Markup, html};
use sanda_results::{Figure, Results, Text, paths};

use super::parts::{
    bar, both, count_cell, head, judged_share, nothing, number_cell, paragraphs, row_head, say, share_cell,
    share_text, time_cell, within_cell,
};
use super::words;
use crate::words::names;
use crate::words::number::{self, Estimate, TimeUnit};
use crate::words::phrase;

/// Number of rows that are unfolded. The others are folded, so that the next section stays near.
const OPEN: usize = 20;
/// Utilisation from which a resource is named as busy, a fraction of one. Waits grow steeply beyond it.
const BUSY: f64 = 0.9;
/// Share of shipments left behind from which a service is named for it, a fraction of one.
const ROLLED: f64 = 0.05;

pub(super) fn has_resources(results: &Results) -> bool {
    !names::ids(results, paths::RESOURCES).is_empty()
}

pub(super) fn has_services(results: &Results) -> bool {
    !names::ids(results, paths::SERVICES).is_empty()
}

/// Look-ups in one section of the metrics.
#[derive(Clone, Copy)]
struct Part<'a> {
    results: &'a Results,
    section: &'static str,
}

impl<'a> Part<'a> {
    fn figure(self, id: &str, rest: &str) -> Option<&'a Figure> {
        self.results.metrics.get(&paths::join(self.section, id, rest))
    }

    fn estimate(self, id: &str, rest: &str) -> Option<Estimate> {
        self.figure(id, rest).and_then(Estimate::from_figure)
    }

    fn name(self, id: &str) -> Text {
        match self.section {
            paths::RESOURCES => names::resource_name(self.results, id),
            _ => names::service_name(self.results, id),
        }
    }

    /// Lists the ids, the largest value first. Ids without a value come last; ties keep the order of ids.
    fn sorted(self, value: impl Fn(&str) -> Option<f64>) -> Vec<&'a str> {
        let key = |id: &str| value(id).filter(|value| !value.is_nan()).unwrap_or(f64::NEG_INFINITY);
        let mut ids: Vec<&str> = names::ids(self.results, self.section).into_iter().collect();
        ids.sort_by(|a, b| key(b).total_cmp(&key(a)));
        ids
    }
}

/// Writes a table of many rows: the first ones, then the others folded under the same heads.
fn rows(ids: &[&str], columns: &Markup, row: impl Fn(&str) -> Markup) -> Markup {
    let table = |ids: &[&str]| {
        html! { div .scroll { table .dense { thead { tr { (columns) } } tbody { @for id in ids { (row(id)) } } } } }
    };
    let (open, folded) = ids.split_at(ids.len().min(OPEN));
    html! {
        (table(open))
        @if !folded.is_empty() {
            details {
                summary { (both(&Text::new(format!("其余{}项", folded.len()), format!("{} more", folded.len())))) }
                (table(folded))
            }
        }
    }
}

/// Returns the utilisation of a resource while it is open; over all time where the former is not known.
fn busy(part: Part, id: &str) -> Option<Estimate> {
    part.estimate(id, "utilisation_available").or_else(|| part.estimate(id, "utilisation"))
}

/// Writes the section of resources; nothing without any.
pub(super) fn resources(results: &Results) -> Markup {
    let part = Part { results, section: paths::RESOURCES };
    let ids = part.sorted(|id| busy(part, id).map(|share| share.value));
    if ids.is_empty() {
        return html! {};
    }
    let any = |figure: &str| {
        ids.iter().any(|id| part.figure(id, figure).and_then(Figure::value).is_some_and(|n| n > 0.0))
    };
    let (any_lost, any_left) = (any("lost"), any("patience_lost"));
    let columns = html! {
        (head("资源", "Resource"))
        th .wide scope="col" {}
        (head("利用率（占开放时间）", "Utilisation while open"))
        (head("无需等待", "Do not wait"))
        (head("平均等待（小时）", "Mean wait (hours)"))
        (head("95%的等待不超过（小时）", "95 % wait at most (hours)"))
        (head("平均排队数", "Mean queue"))
        @if any_lost { (head("因容量已满被拒", "Turned away")) }
        @if any_left { (head("放弃等待", "Gave up waiting")) }
    };
    let row = |id: &str| {
        html! {
            tr {
                (row_head(&part.name(id)))
                (utilisation_cells(busy(part, id)))
                (share_cell(part.figure(id, "no_wait_share")))
                (time_cell(part.figure(id, "wait.mean"), TimeUnit::Hours))
                (within_cell(part.figure(id, "wait.p95"), TimeUnit::Hours))
                (number_cell(part.figure(id, "queue.mean")))
                @if any_lost { (share_cell(part.figure(id, "lost_share"))) }
                @if any_left { (share_cell(part.figure(id, "patience_lost_share"))) }
            }
        }
    };
    html! {
        section #resources {
            h2 { (say("资源", "Resources")) }
            (paragraphs(&resources_in_words(part, &ids)))
            (rows(&ids, &columns, row))
            @if any_lost || any_left {
                p .note {
                    (say(
                        "等待时间与“无需等待”只统计接受服务的；因容量已满被拒、放弃等待的另行统计。",
                        "Waits and “do not wait” cover only those served. Those turned away and those that gave up have shares of their own.",
                    ))
                }
            }
        }
    }
}

/// Writes two cells: a bar and its number.
fn utilisation_cells(share: Option<Estimate>) -> Markup {
    let Some(share) = share.filter(|share| share.value.is_finite()) else {
        return html! { td .wide {} (nothing()) };
    };
    // A utilisation below the limit in the sentence above must not read as that limit.
    html! { td .wide { (bar(&Estimate::plain(share.value), None, None)) } td .number { (judged_share(&share, BUSY)) } }
}

fn resources_in_words(part: Part, ids: &[&str]) -> Text {
    let at_limit: Vec<Text> = ids
        .iter()
        .filter(|id| busy(part, id).is_some_and(|share| share.value >= BUSY))
        .map(|id| part.name(id))
        .collect();
    let limit = number::percentile_number(BUSY);
    let is_known = ids.iter().any(|id| busy(part, id).is_some());
    let first = if !is_known {
        Text::default()
    } else if at_limit.is_empty() {
        Text::new(
            format!("没有资源的利用率达到{limit}%。"),
            format!("No resource is used {limit} % of its open time or more. "),
        )
    } else {
        let names = phrase::list(&at_limit);
        Text::new(
            format!(
                "{}个资源的利用率达到{limit}%，业务量稍增，等待时间就可能陡增：{}。",
                at_limit.len(),
                names.zh
            ),
            format!(
                "Used {limit} % of the open time or more, where a little more work can make waits soar: {}. ",
                names.en
            ),
        )
    };
    let waits: Vec<(&str, Estimate)> = ids
        .iter()
        .filter_map(|id| Some((*id, part.estimate(id, "wait.mean").filter(|time| time.value.is_finite())?)))
        .collect();
    let longest = waits.iter().map(|(_, time)| time.value).fold(f64::NEG_INFINITY, f64::max);
    // Resources with the same wait are named together.
    let alike: Vec<&(&str, Estimate)> =
        waits.iter().filter(|(_, time)| time.value >= longest * (1.0 - 1e-9)).collect();
    let second = match alike.as_slice() {
        [] => Text::default(),
        _ if longest <= 0.0 => Text::new("接受服务的均无需等待。", "Nothing that was served had to wait."),
        [(id, time)] => {
            let (name, time) = (part.name(id), words::duration(time));
            let busy = busy(part, id).map(|share| number::judged(&share, BUSY).0);
            let (busy_zh, busy_en) = busy
                .map(|share| {
                    (format!("，利用率{share}%"), format!("; it is used {share} % of its open time"))
                })
                .unwrap_or_default();
            if waits.len() == 1 {
                Text::new(
                    format!("{}平均等待{}{busy_zh}。", name.zh, time.zh),
                    format!("The mean wait for {} is {}{busy_en}.", name.en, time.en),
                )
            } else {
                Text::new(
                    format!("等待最久的是{}：平均{}{busy_zh}。", name.zh, time.zh),
                    format!("The longest mean wait is for {}: {}{busy_en}.", name.en, time.en),
                )
            }
        }
        several @ [(_, time), ..] => {
            let time = words::duration(time);
            let names: Vec<Text> = several.iter().map(|(id, _)| part.name(id)).collect();
            let names = phrase::list(&names);
            Text::new(
                format!("等待最久的是{}：平均均为{}。", names.zh, time.zh),
                format!("The longest mean wait is for {}: {} each.", names.en, time.en),
            )
        }
    };
    Text::new(first.zh + &second.zh, first.en + &second.en)
}

/// Returns the share of shipments that their first departure left behind.
fn rolled(part: Part, id: &str) -> Option<Estimate> {
    part.estimate(id, "rollover_share").or_else(|| {
        let first = part.estimate(id, "first_departure_share")?;
        Some(Estimate {
            value: 1.0 - first.value,
            interval: first.interval.map(|(low, high)| (1.0 - high, 1.0 - low)),
        })
    })
}

/// Writes the section of services; nothing without any.
pub(super) fn services(results: &Results) -> Markup {
    let part = Part { results, section: paths::SERVICES };
    let ids = part.sorted(|id| rolled(part, id).map(|share| share.value));
    if ids.is_empty() {
        return html! {};
    }
    let any_fleet = ids.iter().any(|id| part.figure(id, "fleet.utilisation").is_some());
    let columns = html! {
        (head("班次", "Service"))
        (head("开行班数", "Departures"))
        (head("满载率", "Load factor"))
        (head("赶上首班", "Board their first departure"))
        (head("被甩货", "Left behind at least once"))
        (head("每班甩货（票）", "Left behind by a departure"))
        (head("平均候班（小时）", "Mean wait (hours)"))
        (head("90%的候班不超过（小时）", "90 % wait at most (hours)"))
        (head("准点到达", "Arrive on time"))
        @if any_fleet { (head("运力利用率", "Fleet in use")) }
    };
    let row = |id: &str| {
        let cancelled = part.figure(id, "cancelled").and_then(Figure::value).filter(|n| *n > 0.0);
        html! {
            tr {
                (row_head(&part.name(id)))
                @match cancelled {
                    Some(n) => td .number {
                        (part.figure(id, "departures").and_then(Figure::value).map_or_else(|| "–".to_owned(), super::parts::rounded))
                        span .interval { (both(&Text::new(format!("停运{}", super::parts::rounded(n)), format!("{} cancelled", super::parts::rounded(n))))) }
                    },
                    None => (count_cell(part.figure(id, "departures"))),
                }
                (share_cell(part.figure(id, "load_factor")))
                (share_cell(part.figure(id, "first_departure_share")))
                @match rolled(part, id) {
                    Some(share) => td .number { (share_text(&share)) },
                    None => (nothing()),
                }
                (number_cell(part.figure(id, "left_behind.mean")))
                (time_cell(part.figure(id, "wait.mean"), TimeUnit::Hours))
                (within_cell(part.figure(id, "wait.p90"), TimeUnit::Hours))
                (share_cell(part.figure(id, "punctual_share")))
                @if any_fleet { (share_cell(part.figure(id, "fleet.utilisation"))) }
            }
        }
    };
    html! {
        section #services {
            h2 { (say("班次", "Services")) }
            (paragraphs(&services_in_words(part, &ids)))
            (rows(&ids, &columns, row))
            p .note {
                (say(
                    "班数与票数为每次重复的平均。候班时间从货物备妥算到开行；甩货与候班只计已装运的货物。",
                    "Departures and shipments are means over replications. The wait runs from ready to departure. Waits and shares left behind cover only shipments that boarded.",
                ))
            }
            (departures(part, &ids))
        }
    }
}

/// Writes the table of full departures, waiting shipments and gaps. It is folded, because few readers need it.
fn departures(part: Part, ids: &[&str]) -> Markup {
    if !ids.iter().any(|id| part.figure(id, "full_share").is_some()) {
        return html! {};
    }
    let gaps = ids.iter().filter_map(|id| part.figure(id, "gap.mean")?.value());
    let longest = gaps.filter(|hours| hours.is_finite());
    let unit = TimeUnit::for_hours(longest.fold(0.0, f64::max));
    let gap = |zh: &str, en: &str| {
        let text = Text::new(format!("{zh}（{}）", unit.zh()), format!("{en} ({})", unit.en_long()));
        html! { th scope="col" { (both(&text)) } }
    };
    let columns = html! {
        (head("班次", "Service"))
        (head("满载开出", "Leave full"))
        (head("全部装完", "Leave nothing behind"))
        (head("开行前候班票数：平均", "Waiting before departure: mean"))
        (head("95%的班次不超过", "95 % of departures at most"))
        (head("任一时刻候班票数", "Waiting at any time, mean"))
        (gap("班间隔平均", "Gap, mean"))
        (gap("标准差", "standard deviation"))
    };
    let row = |id: &str| {
        html! {
            tr {
                (row_head(&part.name(id)))
                (share_cell(part.figure(id, "full_share")))
                (share_cell(part.figure(id, "none_left_share")))
                (number_cell(part.figure(id, "waiting.mean")))
                (number_cell(part.figure(id, "waiting.p95")))
                (number_cell(part.figure(id, "queue.mean")))
                (time_cell(part.figure(id, "gap.mean"), unit))
                (time_cell(part.figure(id, "gap.sd"), unit))
            }
        }
    };
    html! {
        details {
            summary { (say("满载、候班与间隔", "Full departures, waiting shipments, gaps")) }
            div .scroll { table .dense { thead { tr { (columns) } } tbody { @for id in ids { (row(id)) } } } }
            p .note {
                (say(
                    "按每班每个装货的站计：满载指没有余位，或有备妥的货物装不下；候班票数只计截载前备妥的。间隔为首站相邻两次实际开行之间的时间，停运班次不计。",
                    "By departure and stop where it takes on cargo: full means that no room is left, or that something ready does not fit; those waiting were ready by the cut-off. Gaps are between actual departures from the first stop, cancelled ones left out.",
                ))
            }
        }
    }
}

fn services_in_words(part: Part, ids: &[&str]) -> Text {
    let known: Vec<(&str, Estimate)> = ids.iter().filter_map(|id| Some((*id, rolled(part, id)?))).collect();
    // The ids are sorted by this share.
    let Some(&(worst, share)) = known.first() else { return Text::default() };
    if share.value <= 0.0 {
        let left = |id: &&str| part.estimate(id, "left_behind.mean").is_some_and(|left| left.value > 0.0);
        return if ids.iter().any(left) {
            Text::new(
                "装运的货物都赶上了首班；被甩下的货物此后没有装运。",
                "All that boarded did so by their first departure; what was left behind has not boarded.",
            )
        } else {
            Text::new(
                "没有甩货：装运的货物都赶上了首班。",
                "Nothing is left behind: all that boarded did so by their first departure.",
            )
        };
    }
    let number = number::share_number(&share);
    let alike: Vec<Text> = known
        .iter()
        .filter(|(_, other)| other.value >= share.value * (1.0 - 1e-9))
        .map(|(id, _)| part.name(id))
        .collect();
    let names = phrase::list(&alike);
    if share.value < ROLLED {
        return Text::new(
            format!("很少甩货：没赶上首班的货物最多占{number}%（{}）。", names.zh),
            format!("Little is left behind: at most {number} % miss their first departure ({}).", names.en),
        );
    }
    let wait = part.estimate(worst, "wait.mean").filter(|time| time.value.is_finite() && alike.len() == 1);
    let (wait_zh, wait_en) = wait
        .map(|time| {
            let time = words::duration(&time);
            (
                format!("；从备妥到开行平均等{}", time.zh),
                format!("; the mean wait from ready to departure is {}", time.en),
            )
        })
        .unwrap_or_default();
    match (known.len(), alike.len()) {
        (1, _) => Text::new(
            format!("{}有{number}%的货物没有赶上首班{wait_zh}。", names.zh),
            format!("{number} % of the shipments of {} miss their first departure{wait_en}.", names.en),
        ),
        (_, 1) => Text::new(
            format!("甩货最多的是{}：{number}%的货物没有赶上首班{wait_zh}。", names.zh),
            format!(
                "The largest share is left behind by {}: {number} % of its shipments miss their first departure{wait_en}.",
                names.en
            ),
        ),
        _ => Text::new(
            format!("甩货最多的是{}：各有{number}%的货物没有赶上首班。", names.zh),
            format!(
                "The largest share is left behind by {}: {number} % of the shipments of each miss their first departure.",
                names.en
            ),
        ),
    }
}
