//! The first section of the page: the verdict on all promises in one sentence, then each aim with its clocks, in words with a bar.
//!
//! Promises of single lanes are only counted here; `promise` lists them.

use maud::{Markup, html};
use sanda_results::{Promise, Results, Text};

use super::lanes::Lanes;
use super::parts::{badge, bar, both, class, paragraphs, say};
use super::words::{self, Count};
use crate::words::assumptions;
use crate::words::few;
use crate::words::headline::{self, Aim};
use crate::words::number::{self, Estimate};
use crate::words::phrase;

/// Number of remarks that are unfolded. More would push the rest of the page away.
const OPEN_NOTES: usize = 4;

/// Writes the section of verdicts.
pub(super) fn section(results: &Results, lanes: &Lanes) -> Markup {
    html! {
        section #findings {
            h2 { (say("结论", "Findings")) }
            div .overall { (paragraphs(&words::overall(results))) }
            @for aim in headline::aims(results) { (card(results, &aim, lanes)) }
            (single_lanes(results))
            @if !results.promises.is_empty() {
                div .caution { (paragraphs(&caution(results))) }
                @if let Some(words) = few::words(results) { div .caution { (paragraphs(&words)) } }
            }
            (notes(&results.notes))
        }
    }
}

/// Writes the remarks of the run, the first few unfolded.
fn notes(notes: &[Text]) -> Markup {
    let list = |notes: &[Text]| html! { @for note in notes { div .caution { (paragraphs(note)) } } };
    let (open, folded) = notes.split_at(notes.len().min(OPEN_NOTES));
    html! {
        (list(open))
        @if !folded.is_empty() {
            details {
                summary { (both(&Text::new(format!("另有{}条提示", folded.len()), format!("{} more remarks", folded.len())))) }
                (list(folded))
            }
        }
    }
}

/// Counts the verdicts on promises of single lanes, in a sentence.
fn single_lanes(results: &Results) -> Markup {
    let count: Count = headline::of_lanes(results).map(|(_, promise)| promise.verdict).collect();
    let n = count.total();
    if n == 0 {
        return html! {};
    }
    let words = count.words();
    let text = Text::new(
        format!("另有{n}项针对单条线路的承诺：{}。", words.zh),
        format!("Besides, {} of single lanes: {}.", words::plural(n, "promise"), words.en),
    );
    html! { div .single-lanes { (paragraphs(&text)) p { a href="#lanes" { (say("逐条见“线路与承诺”", "Lane by lane below")) } } } }
}

fn card(results: &Results, aim: &Aim<'_>, lanes: &Lanes) -> Markup {
    let [(_, first), others @ ..] = aim.promises.as_slice() else { return html! {} };
    let count: Count = aim.promises.iter().map(|(_, promise)| promise.verdict).collect();
    let is_unanimous = others.iter().all(|(_, promise)| promise.verdict == first.verdict);
    let colour = if is_unanimous { class(first.verdict) } else { "mixed" };
    let n = aim.promises.len();
    let words = count.words();
    let tally = Text::new(format!("{n}个口径：{}", words.zh), format!("{n} clocks: {}", words.en));
    html! {
        article class={ "card " (colour) } {
            @if others.is_empty() {
                @for (id, promise) in &aim.promises { (judged(results, aim, id, promise)) }
                p .scope { (both(&scope(results, first, lanes, true))) }
            } @else {
                div .title { h3 { (both(&aim.name)) } span .count { (both(&tally)) } }
                @for (id, promise) in &aim.promises {
                    div .clock {
                        (judged(results, aim, id, promise))
                        p .scope { (both(&scope(results, promise, lanes, false))) }
                    }
                }
            }
        }
    }
}

/// Writes a promise of an aim: its verdict in words and a bar, then the draws of the inputs and the mix of lanes.
fn judged(results: &Results, aim: &Aim<'_>, id: &str, promise: &Promise) -> Markup {
    let words = phrase::verdict(promise.verdict);
    let judgement = words::judgement(results, promise);
    let share = Estimate::from_figure(&promise.share);
    let target = number::percentile_number(promise.target);
    let label = aim.label(promise);
    // A name that is the same in both languages stays the same.
    let label =
        if label.zh == label.en { label } else { Text::new(label.zh, phrase::capitalised(&label.en)) };
    let name = html! { a href={ "#promise-" (id) } { (both(&label)) } };
    html! {
        div .title {
            @if aim.promises.len() > 1 { h4 { (name) } } @else { h3 { (name) } }
            (badge(promise.verdict))
        }
        p class={ "zh sentence " (class(promise.verdict)) } lang="zh-Hans" { strong { (words.zh) "。" } (judgement.zh) }
        p class={ "en sentence " (class(promise.verdict)) } lang="en" { strong { (phrase::capitalised(&words.en)) ". " } (judgement.en) }
        @if let Some(share) = share {
            div .gauge {
                (bar(&share, Some(promise.target), promise.inputs.as_ref().map(|inputs| inputs.share)))
                div .scale aria-hidden="true" {
                    span class=(if promise.target < 0.5 { "from" } else { "to" }) style={ "left:" (format!("{:.1}", promise.target * 100.0)) "%" } {
                        (both(&Text::new(format!("目标{target}%"), format!("target {target} %"))))
                    }
                }
            }
        }
        @for words in [assumptions::input_words(promise), assumptions::mix_words(promise)].into_iter().flatten() {
            p .zh .inputs lang="zh-Hans" { (words.zh) }
            p .en .inputs lang="en" { (words.en) }
        }
    }
}

/// Words the scope of a promise: its clock, its lanes, and how many of them keep it.
fn scope(results: &Results, promise: &Promise, lanes: &Lanes, is_one_clock: bool) -> Text {
    let clock = phrase::clock(&promise.clock);
    // With several clocks, the title of each promise names its clock already.
    let is_one_clock = is_one_clock || lanes.of_promise(promise).is_empty();
    let (mut text, zh, en) = if is_one_clock {
        (Text::new(format!("按{}计", clock.zh), format!("Measured by the {}", clock.en)), "；", "; ")
    } else {
        (Text::default(), "", "")
    };
    let count = lanes.count(promise);
    match lanes.of_promise(promise).as_slice() {
        [] => {}
        [lane] => {
            let name = crate::words::names::flow_name(results, lane);
            words::add(
                &mut text,
                &format!("{zh}线路：{}", name.zh),
                &format!("{en}{}: {}", if is_one_clock { "lane" } else { "Lane" }, name.en),
            );
        }
        several => {
            let words = count.words();
            words::add(
                &mut text,
                &format!("{zh}{}条线路：{}", several.len(), words.zh),
                &format!("{en}{}: {}", words::plural(several.len(), "lane"), words.en),
            );
        }
    }
    let missing = promise.unfinished + promise.lost;
    if missing > 0 {
        let (n, of) = (number::count(missing), number::count(promise.of));
        words::add(
            &mut text,
            &format!("；{of}票中有{n}票未送达，计为未按时送达"),
            &format!("; {n} of {of} shipments had not arrived and count as not kept"),
        );
    }
    words::ended(text)
}

/// Words the caution beside the verdicts: what the intervals do not cover.
fn caution(results: &Results) -> Text {
    if results.scenario.replications < 2 {
        return Text::new(
            "只有一次重复，无法给出置信区间，各项承诺均无法判定。",
            "One replication gives no confidence interval, so that no promise can be judged.",
        );
    }
    let level = number::percentile_number(results.confidence);
    if results.promises.values().any(|promise| promise.inputs.is_some()) {
        return Text::new(
            format!(
                "{level}%置信区间只反映仿真内部的偶然性；参数取值不确定的影响另以抽样结果列出，两者不合并（见“阅读说明”“依据与假设”）。条形图上的黑线为置信区间，下方的棕线为抽样范围。"
            ),
            format!(
                "The {level} % confidence intervals cover chance inside the simulation only. What is not known of the inputs is shown apart, by draws from their ranges; the two are never merged (see “How to read this” and “What this rests on”). On the bars the black line is the interval, the brown line below is the range of the draws."
            ),
        );
    }
    Text::new(
        format!("{level}%置信区间只反映仿真内部的偶然性，不反映输入参数的不确定性（见“阅读说明”）。"),
        format!(
            "The {level} % confidence intervals cover chance inside the simulation only, not how uncertain its inputs are (see “How to read this”)."
        ),
    )
}
