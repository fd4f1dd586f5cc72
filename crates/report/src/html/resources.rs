//! The tables of resources and of services, each under a sentence that says what they come to.

use maud::{Markup, html};
use sanda_results::{Figure, Language, Results, Text, paths};

use super::parts::{
    bar, both, count_cell, head, nothing, number_cell, paragraphs, row_head, say, share_cell, share_text,
    time_cell,
};
use super::words;
use crate::adapter;
use crate::wording::{self, Estimate, TimeUnit};

/// Rows that are shown openly; the rest is folded.
const OPEN: usize = 20;
/// From this utilisation on waits grow without warning.
const BUSY: f64 = 0.9;
/// From this share of shipments left behind on a service is said to leave them behind.
const ROLLED: f64 = 0.05;

pub(super) fn has_resources(results: &Results) -> bool {
    !adapter::ids(results, paths::RESOURCES).is_empty()
}

pub(super) fn has_services(results: &Results) -> bool {
    !adapter::ids(results, paths::SERVICES).is_empty()
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
        let texts = &self.results.texts;
        let name = |language| match self.section {
            paths::RESOURCES => texts.resource(id, language).to_owned(),
            _ => texts.service(id, language).to_owned(),
        };
        Text::new(name(Language::Zh), name(Language::En))
    }

    /// The ids, those with the largest value first; those without one last, in the order of ids.
    fn sorted(self, value: impl Fn(&str) -> Option<f64>) -> Vec<&'a str> {
        let key = |id: &str| value(id).filter(|value| !value.is_nan()).unwrap_or(f64::NEG_INFINITY);
        let mut ids: Vec<&str> = adapter::ids(self.results, self.section).into_iter().collect();
        ids.sort_by(|a, b| key(b).total_cmp(&key(a)));
        ids
    }
}

/// A table of many rows: the first ones, and the rest folded under the same heads.
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

/// Share of the time in which it is open, where that is known.
fn busy(part: Part, id: &str) -> Option<Estimate> {
    part.estimate(id, "utilisation_available").or_else(|| part.estimate(id, "utilisation"))
}

/// The section of resources; nothing without any.
pub(super) fn resources(results: &Results) -> Markup {
    let part = Part { results, section: paths::RESOURCES };
    let ids = part.sorted(|id| busy(part, id).map(|share| share.value));
    if ids.is_empty() {
        return html! {};
    }
    let any_lost =
        ids.iter().any(|id| part.figure(id, "lost").and_then(Figure::value).is_some_and(|n| n > 0.0));
    let columns = html! {
        (head("资源", "Resource"))
        th .wide scope="col" {}
        (head("利用率（占开放时间）", "Utilisation while open"))
        (head("无须等待", "Do not wait"))
        (head("平均等待（小时）", "Mean wait (hours)"))
        (head("95%的等待不超过（小时）", "95 % wait at most (hours)"))
        (head("平均排队数", "Mean queue"))
        @if any_lost { (head("流失", "Turned away")) }
    };
    let row = |id: &str| {
        html! {
            tr {
                (row_head(&part.name(id)))
                (utilisation_cells(busy(part, id)))
                (share_cell(part.figure(id, "no_wait_share")))
                (time_cell(part.figure(id, "wait.mean"), TimeUnit::Hours))
                (time_cell(part.figure(id, "wait.p95"), TimeUnit::Hours))
                (number_cell(part.figure(id, "queue.mean")))
                @if any_lost { (share_cell(part.figure(id, "lost_share"))) }
            }
        }
    };
    html! {
        section #resources {
            h2 { (say("资源", "Resources")) }
            (paragraphs(&resources_in_words(part, &ids)))
            (rows(&ids, &columns, row))
        }
    }
}

/// Two cells: a bar and its number.
fn utilisation_cells(share: Option<Estimate>) -> Markup {
    let Some(share) = share.filter(|share| share.value.is_finite()) else {
        return html! { td .wide {} (nothing()) };
    };
    html! { td .wide { (bar(&Estimate::plain(share.value), None)) } td .number { (share_text(&share)) } }
}

fn resources_in_words(part: Part, ids: &[&str]) -> Text {
    let at_limit: Vec<Text> = ids
        .iter()
        .filter(|id| busy(part, id).is_some_and(|share| share.value >= BUSY))
        .map(|id| part.name(id))
        .collect();
    let limit = wording::percentile_number(BUSY);
    let first = if at_limit.is_empty() {
        Text::new(
            format!("没有资源的利用率达到{limit}%。"),
            format!("No resource is used {limit} % of the time or more. "),
        )
    } else {
        let names = words::list(&at_limit);
        Text::new(
            format!("{}个资源的利用率达到{limit}%，再忙一点，等待就会猛增：{}。", at_limit.len(), names.zh),
            format!(
                "Used {limit} % of the time or more, where a little more work makes waits soar: {}. ",
                names.en
            ),
        )
    };
    let wait = |id: &str| part.estimate(id, "wait.mean").filter(|time| time.value.is_finite());
    let longest = ids
        .iter()
        .filter_map(|id| Some((*id, wait(id)?)))
        .reduce(|longest, next| if next.1.value > longest.1.value { next } else { longest });
    let second = match longest {
        Some((id, time)) if time.value > 0.0 => {
            let (name, time) = (part.name(id), words::duration(&time));
            let busy = busy(part, id).map(|share| wording::share_number(&share));
            let (busy_zh, busy_en) = busy
                .map(|share| (format!("，利用率{share}%"), format!("; it is used {share} % of the time")))
                .unwrap_or_default();
            Text::new(
                format!("等待最久的是{}：平均{}{busy_zh}。", name.zh, time.zh),
                format!("The longest wait is for {}: {} on average{busy_en}.", name.en, time.en),
            )
        }
        Some(_) => Text::new("没有货物需要排队等待。", "Nothing has to wait for any of them."),
        None => Text::default(),
    };
    Text::new(first.zh + &second.zh, first.en + &second.en)
}

/// Share of shipments that their first departure left behind.
fn rolled(part: Part, id: &str) -> Option<Estimate> {
    part.estimate(id, "rollover_share").or_else(|| {
        let first = part.estimate(id, "first_departure_share")?;
        Some(Estimate {
            value: 1.0 - first.value,
            interval: first.interval.map(|(low, high)| (1.0 - high, 1.0 - low)),
        })
    })
}

/// The section of services; nothing without any.
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
        (head("被甩", "Left behind at least once"))
        (head("每班甩下（票）", "Left behind by a departure"))
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
                (time_cell(part.figure(id, "wait.p90"), TimeUnit::Hours))
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
                    "班数与票数为每次重复的平均。候班从货物备妥到开行。",
                    "Departures and shipments are means over replications. The wait is from ready to departure.",
                ))
            }
        }
    }
}

fn services_in_words(part: Part, ids: &[&str]) -> Text {
    let worst = ids.iter().find_map(|id| Some((*id, rolled(part, id)?)));
    let Some((id, share)) = worst else { return Text::default() };
    let name = part.name(id);
    let number = wording::share_number(&share);
    let (wait_zh, wait_en) = part
        .estimate(id, "wait.mean")
        .filter(|time| time.value.is_finite())
        .map(|time| {
            let time = words::duration(&time);
            (
                format!("；从备妥到开行平均等{}", time.zh),
                format!("; the mean wait from ready to departure is {}", time.en),
            )
        })
        .unwrap_or_default();
    if share.value >= ROLLED {
        Text::new(
            format!("最容易甩货的是{}：{number}%的货物没有赶上首班{wait_zh}。", name.zh),
            format!(
                "{} leaves most behind: {number} % of its shipments miss their first departure{wait_en}.",
                wording::capitalised(&name.en)
            ),
        )
    } else {
        Text::new(
            format!("几乎没有甩货：没赶上首班的货物最多占{number}%（{}）。", name.zh),
            format!(
                "Hardly anything is left behind: at most {number} % miss their first departure ({}).",
                name.en
            ),
        )
    }
}
