//! An attribution for the terminal: the bound, the waterfall in route order, then the ranking of causes by their single gain.

use comfy_table::{ColumnConstraint, Width, presets};
use sanda_results::{Attribution, Text, Times};
use sanda_units::Category;

use super::{rows, words};
use crate::terminal::table::{both, finish, new_table};
use crate::words::category;
use crate::words::number;
use crate::words::phrase;

/// Number of causes listed in the ranking. The CSV file has the others.
const MOST_RANKED: usize = 10;

/// Writes the attribution for a terminal of `width` columns.
pub fn attribution_text(attribution: &Attribution, width: u16) -> String {
    let mut text = paragraphs(&head(attribution), width);
    text.push('\n');
    text.push_str(&waterfall(attribution, width));
    text.push_str(&paragraphs(&remarks(attribution), width));
    if !rows::ranked(attribution).is_empty() {
        text.push('\n');
        text.push_str(&ranking(attribution, width));
    }
    let amplified: Vec<Text> = rows::ranked(attribution).into_iter().filter_map(words::amplified).collect();
    text + &paragraphs(&amplified, width)
}

/// Writes paragraphs in both languages, broken at the width.
fn paragraphs(texts: &[Text], width: u16) -> String {
    if texts.is_empty() {
        return String::new();
    }
    let mut table = new_table(width);
    for text in texts {
        table.add_row(vec![both(&text.zh, &text.en)]);
    }
    finish(&table)
}

fn head(attribution: &Attribution) -> Vec<Text> {
    let subject = &attribution.subject;
    let clock = phrase::clock(&subject.clock);
    let n = number::count(u64::from(attribution.scenario.replications));
    let mut texts = vec![
        Text::new(
            format!("用时归因：{}（{}）", subject.name.zh, clock.zh),
            format!("Where the hours come from: {} ({})", subject.name.en, clock.en),
        ),
        Text::new(
            format!("{n}次重复，{}个模型，每票货物的随机数相同；方括号内为95%置信区间。", attribution.models),
            format!(
                "{n} replications of {}; every shipment meets the same luck in each. 95 % intervals in brackets.",
                phrase::plural(u64::from(attribution.models), "model")
            ),
        ),
    ];
    if let Some((share, promise)) = attribution.share.as_ref().zip(subject.promise.as_ref()) {
        let target = number::percentile_number(promise.target);
        let (actual, freed) = (words::share(&share.actual), words::share(&share.freed));
        texts.push(Text::new(
            format!(
                "“{}”：当前按时送达率{}；去除下列全部原因后为{}；目标{target}%。",
                promise.name.zh, actual.zh, freed.zh
            ),
            format!(
                "“{}”: {} keep it now, {} with all causes below removed; the target is {target} %.",
                promise.name.en, actual.en, freed.en
            ),
        ));
    }
    texts.extend(words::bound(attribution));
    texts.extend(attribution.notes.iter().cloned());
    texts
}

fn waterfall(attribution: &Attribution, width: u16) -> String {
    let unit = words::unit(attribution);
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(vec![
        format!("按运输顺序（{}）\nin route order ({})", unit.zh(), unit.en()),
        "平均\nmean".to_owned(),
        "中位\np50".to_owned(),
        "90%\np90".to_owned(),
    ]);
    let level = |zh: &str, en: &str, times: &Times| {
        let time = |figure| words::time(figure, unit);
        vec![both(zh, en), time(&times.mean), time(&times.p50), time(&times.p90)]
    };
    table.add_row(level("理想：等待全部为零", "ideal: every wait at zero", &attribution.ideal));
    let scale = 1.0 / unit.hours();
    for step in rows::steps(attribution) {
        let mut cells = vec![both(&step.name.zh, &step.name.en)];
        cells.extend(step.adds.iter().map(|figure| words::signed(figure, scale)));
        table.add_row(cells);
    }
    table.add_row(level("实际", "actual", &attribution.actual));
    let gain = &attribution.interaction;
    let mut cells = vec![both("另列：相互作用", "beside it: interaction")];
    cells.extend([gain.mean, gain.p50, gain.p90].iter().map(|figure| words::signed(figure, scale)));
    table.add_row(cells);
    table.set_constraints([ColumnConstraint::LowerBoundary(Width::Fixed(24))]);
    finish(&table)
}

fn remarks(attribution: &Attribution) -> Vec<Text> {
    let mut texts = vec![Text::new(
        "各行自上而下相加即为实际用时，各原因按运输顺序逐一去除。分位数不可相加：逐项单独去除的效果之和，超出一并去除效果的部分，另列为相互作用。",
        "The rows add up to the actual time: causes are removed one after the other in route order. Percentiles do not add, so what single removals gain together beyond removing all at once stands apart as interaction.",
    )];
    let unit = words::unit(attribution);
    let categories = &attribution.remainder.categories;
    let parts: Vec<Text> = Category::ALL
        .into_iter()
        .filter_map(|category| {
            let figure = categories.get(category.name())?;
            let number = words::time(figure, unit);
            let name = category::name(category);
            Some(Text::new(
                format!("{}{number}{}", name.zh, unit.zh()),
                format!("{} {number} {}", name.en, unit.en()),
            ))
        })
        .collect();
    if !parts.is_empty() {
        let list = phrase::list(&parts);
        texts.push(Text::new(
            format!("去除全部原因后仍存在的等待（门到门平均）：{}。", list.zh),
            format!("Waits that stay without all causes (mean from door to door): {}.", list.en),
        ));
    }
    texts
}

fn ranking(attribution: &Attribution, width: u16) -> String {
    let unit = words::unit(attribution);
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let has_share = attribution.share.is_some();
    let mut header = vec!["单独去除一项\none cause removed".to_owned()];
    if has_share {
        header.push("按时送达率（百分点）\nshare (points)".to_owned());
    }
    header.push(format!("平均缩短（{}）\nmean saved ({})", unit.zh(), unit.en()));
    header.push("门到门/环节内\ndoor per stage".to_owned());
    table.set_header(header);
    let ranked = rows::ranked(attribution);
    for (number, cause) in ranked.iter().take(MOST_RANKED).enumerate() {
        let name = words::cause(cause);
        let mut cells = vec![both(&format!("{}. {}", number + 1, name.zh), &name.en)];
        if has_share {
            cells.push(
                cause
                    .single
                    .share
                    .as_ref()
                    .map_or_else(|| "–".to_owned(), |share| words::signed(share, 100.0)),
            );
        }
        cells.push(words::signed(&cause.single.mean, 1.0 / unit.hours()));
        let factor = cause.amplification.as_ref().and_then(|found| found.factor);
        cells.push(factor.map_or_else(
            || "–".to_owned(),
            |factor| format!("×{}", number::number(factor, Some((factor / 10.0).abs()))),
        ));
        table.add_row(cells);
    }
    table.set_constraints([ColumnConstraint::LowerBoundary(Width::Fixed(24))]);
    let mut text = finish(&table);
    let n_more = ranked.len().saturating_sub(MOST_RANKED);
    if n_more > 0 {
        let more = Text::new(
            format!("另有{n_more}项，见attribution.csv。"),
            format!("{}: see attribution.csv.", phrase::plural(n_more as u64, "more cause")),
        );
        text.push_str(&paragraphs(&[more], width));
    }
    text
}
