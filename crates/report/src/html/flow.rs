//! A folded part for each flow: how long it takes, where the hours go, and the tables with the details.

use std::collections::BTreeSet;

use maud::{Markup, PreEscaped, html};
use sanda_results::{Figure, Language, Results, Text, paths};
use sanda_units::Category;

use super::costs;
use super::lanes::{Lanes, within_head};
use super::parts::{
    asterisk_note, both, head, leaves_out, nothing, paragraphs, rounded, row_head, say, share_cell,
    time_cell, within_cell,
};
use super::ways::ways;
use super::words;
use crate::draw::svg;
use crate::figure::input;
use crate::figure::stages::{self, StagesFigure};
use crate::words::category;
use crate::words::names;
use crate::words::number::{self, Estimate, TimeUnit};
use crate::words::phrase;

/// Number of lanes up to which all are unfolded on the screen. On paper every lane is.
const OPEN: usize = 4;

/// Writes all flows: those with promises in the order of the matrix, then the others.
pub(super) fn sections(results: &Results, lanes: &Lanes) -> Markup {
    let is_open = lanes.promised().len() <= OPEN;
    html! {
        @if !lanes.all().is_empty() {
            section #flows {
                h2 { (say("用时构成", "Where the time goes")) }
                @for id in lanes.promised() { (flow(results, id, is_open)) }
                @if !lanes.others().is_empty() {
                    @if !lanes.promised().is_empty() {
                        h3 { (say("不计入承诺的其他货流", "Other traffic, which counts in no promise")) }
                    }
                    @for id in lanes.others() {
                        (flow(results, id, lanes.promised().is_empty() && lanes.others().len() <= OPEN))
                    }
                }
            }
        }
    }
}

fn flow(results: &Results, id: &str, is_open: bool) -> Markup {
    let clocks = clocks(results, id);
    let main = clocks.first().map(String::as_str);
    let stages = input::stages_figure(results, id).map(|mut figure| {
        figure.notes.clear();
        figure
    });
    // A figure of one bar would only repeat its sentence.
    let figure = stages.as_ref().filter(|figure| figure.stages.len() > 1);
    let figure = figure.map(|figure| svg::inline(&stages::stages(figure)));
    let brief = main.and_then(|clock| words::arrival(clock_figure(results, id, clock, "p90")?, 0.9));
    html! {
        details .flow open=[is_open.then_some("open")] {
            summary {
                span .name { (both(&names::flow_name(results, id))) }
                @if let Some(brief) = brief { span .brief { (both(&brief)) } }
            }
            div id={ "flow-" (id) } {
                (paragraphs(&overview(results, id, main, stages.as_ref())))
                (ways(results, id))
                @if let Some(figure) = figure { (PreEscaped(figure)) }
                (clock_table(results, id, &clocks))
                (itineraries(results, id))
                (stage_table(results, id))
                (connections(results, id))
                (costs::by_stage(results, id))
            }
        }
    }
}

/// Lists the clocks of a flow that have figures, door to door first.
fn clocks(results: &Results, flow: &str) -> Vec<String> {
    let mut clocks: Vec<String> = names(results, &paths::flow(flow, "clocks.")).into_iter().collect();
    clocks.sort_by_key(|clock| clock != "door-to-door");
    clocks
}

/// Lists the names after a prefix in the paths of metrics, up to the next full stop, sorted.
fn names(results: &Results, prefix: &str) -> BTreeSet<String> {
    results
        .metrics
        .keys()
        .filter_map(|path| path.strip_prefix(prefix)?.split_once('.'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn clock_figure<'a>(results: &'a Results, flow: &str, clock: &str, statistic: &str) -> Option<&'a Figure> {
    results.metrics.get(&paths::flow_clock(flow, clock, statistic))
}

/// Describes a flow in sentences: how long it takes, what takes the time, the longest wait, and its volume.
fn overview(results: &Results, id: &str, clock: Option<&str>, stages: Option<&StagesFigure>) -> Text {
    let sentences: Vec<Text> = [
        clock.and_then(|clock| times(results, id, clock)),
        stages.and_then(composition),
        stages.and_then(longest_wait),
        volume(results, id),
    ]
    .into_iter()
    .flatten()
    .collect();
    let join = |parts: Vec<&str>, space: &str| parts.join(space);
    Text::new(
        join(sentences.iter().map(|text| text.zh.as_str()).collect(), ""),
        join(sentences.iter().map(|text| text.en.as_str()).collect(), " "),
    )
}

fn times(results: &Results, id: &str, clock: &str) -> Option<Text> {
    let mean = clock_figure(results, id, clock, paths::MEAN)?;
    let time = Estimate::from_figure(mean)?;
    let (words, name) = (words::duration(&time), phrase::clock(clock));
    let (note_zh, note_en) = if leaves_out(mean) {
        ("（不含未送达的货物）", " (without what had not arrived)")
    } else {
        ("", "")
    };
    let arrival = clock_figure(results, id, clock, "p90").and_then(|p90| words::arrival(p90, 0.9));
    let (more_zh, more_en) =
        arrival.map(|text| (format!("；{}", text.zh), format!("; {}", text.en))).unwrap_or_default();
    Some(Text::new(
        format!("{}平均为{}{note_zh}{more_zh}。", name.zh, words.zh),
        format!("The {} is {} on average{note_en}{more_en}.", name.en, words.en),
    ))
}

/// Returns a positive number of hours. Anything else counts as zero, as in the figure.
fn positive(hours: f64) -> f64 {
    if hours.is_finite() && hours > 0.0 { hours } else { 0.0 }
}

/// Names the categories that take most of the time.
fn composition(figure: &StagesFigure) -> Option<Text> {
    let mut hours = Category::ALL.map(|category| {
        let of_category =
            figure.stages.iter().flat_map(|row| &row.hours).filter(|(other, _)| *other == category);
        (category, of_category.map(|(_, hours)| positive(*hours)).sum::<f64>())
    });
    let total: f64 = hours.iter().map(|(_, hours)| hours).sum();
    if total <= 0.0 {
        return None;
    }
    hours.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let unit = TimeUnit::for_hours(total);
    let decimals = number::common_decimals(total, unit);
    let shares = number::parts(&hours.map(|(_, hours)| hours / total));
    let is_named = |(place, (_, hours)): &(usize, (Category, f64))| *place < 4 && hours / total >= 0.03;
    let named = hours.into_iter().enumerate().filter(is_named);
    let is_all = named.clone().count() == hours.iter().filter(|(_, hours)| *hours > 0.0).count();
    let parts: Vec<Text> = named
        .map(|(place, (category, hours))| {
            let (name, time) = (
                category::name(category),
                phrase::quantity(&number::time_fixed(hours, unit, decimals), unit),
            );
            let share = &shares[place];
            Text::new(
                format!("{}{}（{share}%）", name.zh, time.zh),
                format!("{} {} ({share} %)", name.en, time.en),
            )
        })
        .collect();
    let parts = phrase::list(&parts);
    Some(if is_all {
        Text::new(format!("用时构成：{}。", parts.zh), format!("The time goes to: {}.", parts.en))
    } else {
        Text::new(format!("主要用时：{}。", parts.zh), format!("The time goes mainly to: {}.", parts.en))
    })
}

/// Names the longest wait: the stage and category, other than moving and work, with the most time.
fn longest_wait(figure: &StagesFigure) -> Option<Text> {
    let waits = figure
        .stages
        .iter()
        .flat_map(|row| row.hours.iter().map(move |(category, hours)| (row, *category, positive(*hours))));
    let total: f64 = waits.clone().map(|(.., hours)| hours).sum();
    let waits = waits.filter(|(_, category, _)| !matches!(category, Category::Moving | Category::Worked));
    let (row, category, hours) = waits
        .clone()
        // Among equals the first counts.
        .reduce(|longest, next| if next.2 > longest.2 { next } else { longest })?;
    if hours < 0.01 * total {
        return None;
    }
    let has_equals = waits.filter(|(.., other)| (other - hours).abs() < 1e-9 * hours).count() > 1;
    let unit = TimeUnit::for_hours(hours);
    let number = number::time_fixed(hours, unit, number::common_decimals(hours, unit));
    let time = phrase::quantity(&number, unit);
    let (stage_zh, stage_en) = (row.name.in_language(Language::Zh), row.name.in_language(Language::En));
    let wait = category::name(category);
    let (which_zh, which_en) = if has_equals {
        ("最长的等待之一", "One of the longest waits")
    } else {
        ("最长的等待", "The longest wait")
    };
    Some(Text::new(
        format!("{which_zh}是“{stage_zh}”的{}，平均每票{}。", wait.zh, time.zh),
        format!("{which_en} is at “{stage_en}” ({}): {} a shipment on average.", wait.en, time.en),
    ))
}

fn volume(results: &Results, id: &str) -> Option<Text> {
    let count = |name: &str| {
        results.metrics.get(&paths::flow(id, name)).and_then(Figure::value).filter(|n| n.is_finite())
    };
    let (released, delivered) = (count("released")?, count("delivered")?);
    let (is_one, shown) = ((released - 1.0).abs() < 1e-9, rounded(released));
    let mut text = Text::new(
        format!("每次重复平均发货{shown}票"),
        if is_one {
            "1 shipment is released in a replication".to_owned()
        } else {
            format!("{shown} shipments are released in a replication")
        },
    );
    if let Some(teu) = count("teu").filter(|teu| *teu > 0.0) {
        words::add(&mut text, &format!("（{} TEU）", rounded(teu)), &format!(" ({} TEU)", rounded(teu)));
    }
    words::add(
        &mut text,
        &format!("，送达{}票", rounded(delivered)),
        &format!(", {} delivered", rounded(delivered)),
    );
    Some(words::ended(text))
}

fn table(title: &Text, head: &Markup, rows: &Markup) -> Markup {
    html! {
        h4 { (both(title)) }
        div .scroll { table { thead { tr { (head) } } tbody { (rows) } } }
    }
}

/// Chooses the unit of a table by the longest of its times.
fn unit_of<'a>(figures: impl Iterator<Item = Option<&'a Figure>>) -> TimeUnit {
    let longest = figures.flatten().filter_map(Figure::value).filter(|hours| hours.is_finite());
    TimeUnit::for_hours(longest.fold(0.0, f64::max))
}

fn percentile_head(percent: u32, unit: TimeUnit) -> Markup {
    let text = Text::new(
        format!("{percent}%在此时间内送达（{}）", unit.zh()),
        format!("{percent} % arrive within ({})", unit.en_long()),
    );
    html! { th scope="col" { (both(&text)) } }
}

fn mean_head(unit: TimeUnit) -> Markup {
    html! { th scope="col" { (both(&Text::new(format!("平均（{}）", unit.zh()), format!("mean ({})", unit.en_long())))) } }
}

fn clock_table(results: &Results, id: &str, clocks: &[String]) -> Markup {
    let figure = |clock: &str, statistic: &str| clock_figure(results, id, clock, statistic);
    let unit = unit_of(clocks.iter().map(|clock| figure(clock, "p90")));
    let columns = html! {
        (head("口径", "Clock")) (mean_head(unit))
        @for percent in [50, 90, 95] { (percentile_head(percent, unit)) }
    };
    let rows = html! {
        @for clock in clocks {
            tr {
                (row_head(&phrase::clock(clock)))
                (time_cell(figure(clock, paths::MEAN), unit))
                @for statistic in ["p50", "p90", "p95"] { (within_cell(figure(clock, statistic), unit)) }
            }
        }
    };
    let any_left_out = clocks.iter().any(|clock| figure(clock, paths::MEAN).is_some_and(leaves_out));
    html! {
        @if !clocks.is_empty() {
            (table(&Text::new("各口径的用时", "Times by clock"), &columns, &rows))
            @if any_left_out { (asterisk_note()) }
        }
    }
}

fn itineraries(results: &Results, id: &str) -> Markup {
    let ways: Vec<String> = names(results, &paths::flow(id, "itineraries.")).into_iter().collect();
    let figure =
        |way: &str, rest: &str| results.metrics.get(&paths::flow(id, &format!("itineraries.{way}.{rest}")));
    let time = |way: &str, statistic: &str| figure(way, &format!("door-to-door.{statistic}"));
    let unit = unit_of(ways.iter().map(|way| time(way, "p90")));
    let columns = html! {
        (head("路径", "Itinerary")) (head("选用比例", "Share of shipments"))
        (mean_head(unit))
        th scope="col" { (both(&within_head(unit))) }
    };
    let way_names = crate::words::itineraries::names(results, id);
    let name =
        |way: &str| way_names.get(way).cloned().unwrap_or_else(|| Text::same(phrase::id_in_words(way)));
    let rows = html! {
        @for way in &ways {
            tr {
                (row_head(&name(way)))
                (share_cell(figure(way, "share")))
                (time_cell(time(way, paths::MEAN), unit))
                (within_cell(time(way, "p90"), unit))
            }
        }
    };
    let mut by_time: Vec<(f64, Text, Text)> = ways
        .iter()
        .filter_map(|way| {
            let p90 = time(way, "p90")?;
            Some((p90.value()?, name(way), words::arrival_in(p90, 0.9, unit)?))
        })
        .collect();
    by_time.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Itineraries with times that read the same are named together.
    let alike = |hours: f64, words: &Text| -> Text {
        let is_alike = |(other, _, read): &&(f64, Text, Text)| {
            read == words
                || (other - hours).abs() <= 1e-9 * hours
                || other.is_infinite() && hours.is_infinite()
        };
        let names = by_time.iter().filter(is_alike).map(|(_, name, _)| name.clone());
        phrase::list(&names.collect::<Vec<_>>())
    };
    let title = match by_time.as_slice() {
        [(least, _, fast), .., (most, _, slow)] if fast != slow && *most > least * (1.0 + 1e-9) => {
            let (fastest, slowest) = (alike(*least, fast), alike(*most, slow));
            Text::new(
                format!("按路径：最快的是{}，{}；最慢的是{}，{}", fastest.zh, fast.zh, slowest.zh, slow.zh),
                format!(
                    "By itinerary: fastest {}, {}; slowest {}, {}",
                    fastest.en, fast.en, slowest.en, slow.en
                ),
            )
        }
        _ => Text::new("按路径", "By itinerary"),
    };
    html! { @if !ways.is_empty() { (table(&title, &columns, &rows)) } }
}

/// Writes the share that passes a stage. Its interval is left out, since the table of itineraries has it.
fn passing(share: Option<&Figure>) -> Markup {
    let Some(share) = share.and_then(Estimate::from_figure) else { return nothing() };
    html! { td .number { (number::share_number(&share)) "%" } }
}

fn stage_table(results: &Results, id: &str) -> Markup {
    let empty = Vec::new();
    let order = results.stage_order.get(id).unwrap_or(&empty);
    let figure = |stage: &str, statistic: &str| results.metrics.get(&paths::flow_stage(id, stage, statistic));
    let stages: Vec<&String> = order.iter().filter(|stage| figure(stage, paths::MEAN).is_some()).collect();
    let unit = unit_of(stages.iter().map(|stage| figure(stage, "p90")));
    let through = Text::new(
        format!("90%在此时间内完成（{}）", unit.zh()),
        format!("90 % are through within ({})", unit.en_long()),
    );
    let columns = html! {
        (head("阶段", "Stage")) (head("经过比例", "Share passing"))
        (mean_head(unit)) th scope="col" { (both(&through)) }
    };
    let rows = html! {
        @for stage in &stages {
            tr {
                (row_head(&names::stage_name(results, stage)))
                (passing(figure(stage, "share")))
                (time_cell(figure(stage, paths::MEAN), unit))
                (within_cell(figure(stage, "p90"), unit))
            }
        }
    };
    let title = Text::new("各阶段用时（只计经过该阶段的货物）", "Times by stage, of those that pass it");
    html! { @if stages.len() > 1 { (table(&title, &columns, &rows)) } }
}

/// Writes the table of missed connections of a flow, ride by ride.
fn connections(results: &Results, id: &str) -> Markup {
    let figure = |stage: &str, rest: &str| results.metrics.get(&paths::flow_stage(id, stage, rest));
    let mut rides: Vec<&str> = Vec::new();
    for stage in results.stage_order.get(id).into_iter().flatten() {
        let ride = stage.split_once('.').map_or(stage.as_str(), |(ride, _)| ride);
        let has_value = figure(ride, "missed_share").and_then(Figure::value).is_some();
        if has_value && !rides.contains(&ride) {
            rides.push(ride);
        }
    }
    let columns = html! {
        (head("阶段", "Stage"))
        (head("未能衔接", "Miss their connection"))
        (head("其中因首班满载被甩货", "Of them, left behind by full departures"))
    };
    let rows = html! {
        @for ride in &rides {
            tr {
                (row_head(&names::stage_name(results, ride)))
                (share_cell(figure(ride, "missed_share")))
                (share_cell(figure(ride, "rollover_share")))
            }
        }
    };
    html! {
        @if !rides.is_empty() {
            (table(&Text::new("衔接（占装运货物的比例）", "Connections, as shares of those that board"), &columns, &rows))
            p .note {
                (say(
                    "未能衔接：前一程按计划到达时本可赶上的班次没有赶上，无论是因为晚点还是满载。",
                    "A connection is missed when a shipment leaves later than by the first departure it could have made had its vehicle come as planned, be it late or the departure full.",
                ))
            }
        }
    }
}
