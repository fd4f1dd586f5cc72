//! A comparison for the terminal: for each alternative the changed values, then promises, then lanes.

use sanda_results::{Alternative, Change, Comparison, Finding, Lead, MetricDifference, Ranking, Text};

use super::rows::{self, LaneRow, PromiseRow};
use super::words::{self, Quantity};
use crate::terminal::table::{both, finish, new_table};
use crate::words::number;
use crate::words::phrase;
use comfy_table::{ColumnConstraint, Width, presets};

/// Number of changed values that are listed. The others are counted.
const MOST_CHANGES: usize = 10;

/// Number of lanes up to which every lane is listed that differs at all.
const FEW_LANES: usize = 5;

/// Number of lanes that are listed. The page and the CSV file have the others.
const MOST_LANES: usize = 12;

/// Writes the comparison for a terminal of `width` columns.
pub fn comparison_text(comparison: &Comparison, width: u16) -> String {
    let mut text = head(comparison, width);
    for alternative in &comparison.alternatives {
        text.push('\n');
        text.push_str(&of_alternative(comparison, alternative, width));
    }
    if !comparison.rankings.is_empty() {
        text.push('\n');
        text.push_str(&rankings(comparison, width));
    }
    text
}

/// Writes paragraphs in both languages, broken at the width.
fn paragraphs(texts: &[Text], width: u16) -> String {
    let mut table = new_table(width);
    for text in texts {
        table.add_row(vec![both(&text.zh, &text.en)]);
    }
    finish(&table)
}

fn head(comparison: &Comparison, width: u16) -> String {
    let base = &comparison.base;
    let n = number::count(u64::from(base.replications));
    let draws = base.draws;
    let mut texts = vec![
        Text::new(
            format!("与基准情景“{}”比较", base.title.zh),
            format!("Compared with the base “{}”", base.title.en),
        ),
        Text::new(
            format!(
                "{n}次重复，各情景随机数相同；方括号内为95%置信区间。{}",
                if draws > 0 {
                    format!("参数抽样{draws}次，各情景取值相同。")
                } else {
                    String::new()
                }
            ),
            format!(
                "{n} replications with the same luck in every scenario; 95 % intervals in brackets.{}",
                if draws > 0 {
                    format!(" {draws} draws of the inputs, the same in every scenario.")
                } else {
                    String::new()
                }
            ),
        ),
    ];
    texts.extend(comparison.notes.iter().cloned());
    paragraphs(&texts, width)
}

fn of_alternative(comparison: &Comparison, alternative: &Alternative, width: u16) -> String {
    let title = &alternative.scenario.title;
    let mut text = format!("■ {}\n  {}\n", title.zh, title.en);
    text.push_str(&changes(alternative));
    if alternative.is_same {
        let words = Text::new(
            "完全相同：每一票货物、每一班次的每个时刻都与基准一致，所有差值恰为零。",
            "Exactly the same: every shipment and every departure met the same milestones; all differences are exactly zero.",
        );
        return text + &paragraphs(&[words], width);
    }
    if alternative.moves_alike {
        let words = Text::new(
            "货物和班次的运行完全相同，差别只在成本、时限或参数抽样。",
            "Shipments and departures move exactly as in the base; costs, limits or draws differ.",
        );
        text.push_str(&paragraphs(&[words], width));
    }
    let promises = rows::promises(comparison, alternative);
    let (same, differing): (Vec<_>, Vec<_>) = promises.into_iter().partition(PromiseRow::is_same);
    let (alike, moved): (Vec<_>, Vec<_>) =
        differing.into_iter().partition(|row| row.is_alike(comparison.margins));
    if !moved.is_empty() {
        text.push_str(&promise_table(comparison, &moved, width));
    }
    let mut remarks = Vec::new();
    if !same.is_empty() {
        let n = same.len();
        let is_all = moved.is_empty() && alike.is_empty();
        let rest = if is_all { ("全部", "all") } else { ("其余", "the other") };
        remarks.push(Text::new(
            format!("{}{n}项承诺完全不变。", rest.0),
            format!(
                "{} stay exactly the same.",
                phrase::capitalised(&format!("{} {}", rest.1, phrase::plural(n as u64, "promise")))
            ),
        ));
    }
    if !alike.is_empty() {
        // Names of promises may contain commas, so semicolons separate them.
        let join = |language: fn(&Text) -> &str, mark: &str| {
            alike.iter().map(|row| language(&row.promise.name)).collect::<Vec<_>>().join(mark)
        };
        remarks.push(Text::new(
            format!("按时送达率和平均用时均无实质差别：{}。", join(|name| &name.zh, "；")),
            format!(
                "No difference that matters, of the share and of the mean time: {}.",
                join(|name| &name.en, "; ")
            ),
        ));
    }
    for row in &moved {
        if let Some(flips) = row.flips.and_then(|flips| words::flips(flips, &comparison.flows)) {
            remarks.push(Text::new(
                format!("{}：{}。", row.promise.name.zh, flips.zh),
                format!("{}: {}.", row.promise.name.en, flips.en),
            ));
        }
        let draws = row.difference.draws.as_ref();
        if let Some(depends) = draws.and_then(|draws| words::depends(draws, row.difference.lead)) {
            remarks.push(Text::new(
                format!("{}：{}。", row.promise.name.zh, depends.zh),
                format!("{}: {}.", row.promise.name.en, depends.en),
            ));
        }
    }
    let all = rows::lanes(comparison, alternative);
    // A scenario with few lanes has room for every lane that differs at all.
    let is_small = all.len() <= FEW_LANES;
    let (lanes, still): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|lane| lane.is_moved(comparison.margins.hours) || is_small && !lane.is_same());
    if !lanes.is_empty() {
        text.push_str(&lane_table(&lanes, width));
    }
    let n_more = lanes.len().saturating_sub(MOST_LANES);
    let n_same = still.iter().filter(|lane| lane.is_same()).count();
    let n_still = still.len() - n_same;
    if n_more > 0 {
        let more = phrase::capitalised(&phrase::plural(n_more as u64, "more lane"));
        remarks.push(Text::new(
            format!("另有{n_more}条线路有差别，见compare.csv。"),
            format!("{more} with a difference: see compare.csv."),
        ));
    }
    if n_still > 0 || n_same > 0 {
        remarks.push(Text::new(
            format!("{n_same}条线路用时完全不变，{n_still}条未见超过限度的差别。"),
            format!(
                "{} exactly as before, {n_still} without a proven difference that matters.",
                phrase::plural(n_same as u64, "lane")
            ),
        ));
    }
    if let Some(factor) = rows::reduction(alternative) {
        let factor = number::number(factor, Some(factor / 10.0));
        remarks.push(Text::new(
            format!("采用相同随机数配对比较，差值的方差缩小到约{factor}分之一（中位数）。"),
            format!("Common luck divides the variance of a difference by about {factor} (median)."),
        ));
    }
    remarks.extend(lost_and_new(comparison, alternative));
    text + &paragraphs(&remarks, width)
}

fn changes(alternative: &Alternative) -> String {
    let n = alternative.changes.len();
    let head = format!("  情景文件改动{n}处  {}\n", phrase::plural(n as u64, "changed value"));
    let line = |change: &Change| {
        let name = change.name.as_ref();
        let name = name.map_or_else(String::new, |name| format!("  （{} {}）", name.zh, name.en));
        format!("    {}{name}\n", words::change(change))
    };
    let lines = alternative.changes.iter().take(MOST_CHANGES).map(line);
    let n_more = n.saturating_sub(MOST_CHANGES);
    let more =
        (n_more > 0).then(|| format!("    … 另{n_more}处，见compare.json  {n_more} more in compare.json\n"));
    std::iter::once(head).chain(lines).chain(more).collect()
}

/// Names the flows that only one of the scenarios has.
fn lost_and_new(comparison: &Comparison, alternative: &Alternative) -> Vec<Text> {
    let names = |flows: &[String]| {
        let name =
            |flow: &String| comparison.flows.get(flow).cloned().unwrap_or_else(|| Text::same(flow.clone()));
        phrase::list(&flows.iter().map(name).collect::<Vec<_>>())
    };
    let mut texts = Vec::new();
    if !alternative.flows_of_base.is_empty() {
        let list = names(&alternative.flows_of_base);
        texts.push(Text::new(
            format!("仅基准有的货流：{}。", list.zh),
            format!("Flows of the base alone: {}.", list.en),
        ));
    }
    if !alternative.flows_of_alternative.is_empty() {
        let list = names(&alternative.flows_of_alternative);
        texts.push(Text::new(
            format!("本情景新增的货流：{}。", list.zh),
            format!("Flows of this scenario alone: {}.", list.en),
        ));
    }
    texts
}

fn promise_table(comparison: &Comparison, rows: &[PromiseRow<'_>], width: u16) -> String {
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let has_draws = rows.iter().any(|row| row.difference.draws.is_some());
    let mut header =
        vec!["承诺\npromise", "基准 → 本情景\nbase → this", "差值（百分点）\npoints", "判定\nverdict"];
    if has_draws {
        header.push("参数抽样\ndraws");
    }
    table.set_header(header);
    for row in rows {
        let name = &row.promise.name;
        let words = words::leading(row.share, row.time, row.difference.lead, comparison);
        let levels = format!(
            "{} → {}",
            words::share_level(row.share.base, row.share),
            words::share_level(row.share.alternative, row.share)
        );
        let mut cells = vec![
            both(&name.zh, &name.en),
            levels,
            words::signed(row.share, Quantity::Share),
            both(&words.zh, &words.en),
        ];
        if has_draws {
            cells.push(row.difference.draws.as_ref().map_or_else(
                || "–".to_owned(),
                |draws| {
                    let words = words::over_draws(draws, row.difference.lead);
                    both(&words.zh, &words.en)
                },
            ));
        }
        table.add_row(cells);
    }
    table.set_constraints([ColumnConstraint::LowerBoundary(Width::Fixed(16))]);
    finish(&table)
}

fn lane_table(rows: &[LaneRow<'_>], width: u16) -> String {
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let has_cost = rows.iter().any(|row| row.cost.is_some());
    let mut header = vec![
        "线路（门到门，天）\nlane (door to door, days)",
        "平均\nmean",
        "差值\ndifference",
        "中位\np50",
        "90%\np90",
    ];
    if has_cost {
        header.extend(["成本\ncost", "碳排放\nCO2e"]);
    }
    table.set_header(header);
    for row in rows.iter().take(MOST_LANES) {
        let signed = |metric: Option<&MetricDifference>| {
            metric.map_or_else(
                || "–".to_owned(),
                |metric| words::signed(metric, Quantity::Time).replace(" [", "\n["),
            )
        };
        let levels = format!(
            "{} → {}",
            words::days_level(row.mean.base, row.mean),
            words::days_level(row.mean.alternative, row.mean)
        );
        let mut cells = vec![
            both(&row.name.zh, &row.name.en),
            levels,
            signed(Some(row.mean)),
            signed(row.p50),
            signed(row.p90),
        ];
        if has_cost {
            cells.extend([percent(row.cost), percent(row.emission)]);
        }
        table.add_row(cells);
    }
    finish(&table)
}

/// Writes a difference relative to the base: `+3%`, with its half-width where it is not proven.
fn percent(metric: Option<&MetricDifference>) -> String {
    let Some(metric) = metric else { return "–".to_owned() };
    let (Some(base), Some(difference)) = (metric.base, metric.difference.value()) else {
        return "–".to_owned();
    };
    if metric.finding == Finding::Same || base == 0.0 {
        return "0".to_owned();
    }
    let scale = 100.0 / base.abs();
    let half = metric.difference.half_width.map(|half| half * scale);
    let decimals = number::decimals(half, 1);
    let shown = difference * scale;
    if let Some(half) = half.filter(|half| shown.abs() <= *half) {
        // The difference is not proven, so its half-width is shown with it.
        return format!("{shown:+.decimals$}% ±{half:.decimals$}").replace('-', "−");
    }
    format!("{shown:+.decimals$}%").replace('-', "−")
}

/// Says which scenarios may be the best for each promise.
fn rankings(comparison: &Comparison, width: u16) -> String {
    let title = |name: &str| -> Text {
        if name == comparison.base.name {
            return Text::new(
                format!("{}（基准）", comparison.base.title.zh),
                format!("{} (base)", comparison.base.title.en),
            );
        }
        comparison
            .alternatives
            .iter()
            .find(|alternative| alternative.scenario.name == name)
            .map_or_else(|| Text::same(name), |alternative| alternative.scenario.title.clone())
    };
    let mut texts = vec![Text::new(
        "最优情景（95%置信度，多重比较）：",
        "Which scenario is best (95 % confidence, multiple comparisons with the best):",
    )];
    for (id, ranking) in &comparison.rankings {
        let Some(promise) = comparison.promises.get(id).filter(|promise| !promise.is_of_a_lane) else {
            continue;
        };
        texts.push(ranking_words(&promise.name, ranking, &title));
    }
    paragraphs(&texts, width)
}

fn ranking_words(promise: &Text, ranking: &Ranking, title: &dyn Fn(&str) -> Text) -> Text {
    let candidates: Vec<Text> =
        ranking.order.iter().filter(|one| one.may_be_best).map(|one| title(&one.name)).collect();
    let by = match ranking.by {
        Lead::Share => Text::new("按时送达率", "share kept"),
        _ => Text::new("平均用时", "mean time"),
    };
    let list = phrase::list(&candidates);
    let chance = ranking.chance_of_first.map_or_else(Text::default, |chance| {
        // Ten thousand resamples support no more digits, and there is more than chance inside the simulation.
        let percent = if chance > 0.999 { ">99.9".to_owned() } else { number::percent(chance, 0) };
        Text::new(
            format!("；仅就仿真内部的偶然性而言，排在第一的情景确为最优的概率为{percent}%"),
            format!("; as far as chance inside the simulation goes, the first is the best with probability {percent} %"),
        )
    });
    let (zh, en) =
        if candidates.len() == 1 { ("最优", "best") } else { ("可能最优", "may be the best") };
    Text::new(
        format!("{}（{}）：{}{zh}{}。", promise.zh, by.zh, list.zh, chance.zh),
        format!("{} ({}): {en}: {}{}.", promise.en, by.en, list.en, chance.en),
    )
}
