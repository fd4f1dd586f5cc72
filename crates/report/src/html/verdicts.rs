//! The first thing a reader sees: the verdict on all promises in one sentence, then each in its own words with a bar.

use maud::{Markup, html};
use sanda_results::{Promise, Results, Text};

use super::lanes::Lanes;
use super::parts::{badge, bar, both, class, paragraphs, say};
use super::words;
use crate::wording::{self, Estimate};

/// More remarks than this would push the rest of the page away.
const OPEN_NOTES: usize = 4;

/// The section of the verdicts.
pub(super) fn section(results: &Results, lanes: &Lanes) -> Markup {
    html! {
        section #findings {
            h2 { (say("结论", "Findings")) }
            div .overall { (paragraphs(&words::overall(results))) }
            @for (id, promise) in &results.promises { (card(results, id, promise, lanes)) }
            @if !results.promises.is_empty() {
                div .caution { (paragraphs(&caution(results))) }
            }
            (notes(&results.notes))
        }
    }
}

/// What the run says a reader must not miss; the first few openly.
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

fn card(results: &Results, id: &str, promise: &Promise, lanes: &Lanes) -> Markup {
    let words = wording::verdict(promise.verdict);
    let judgement = words::judgement(results, promise);
    let share = Estimate::from_figure(&promise.share);
    let target = wording::percentile_number(promise.target);
    html! {
        article class={ "card " (class(promise.verdict)) } {
            div .title {
                h3 { a href={ "#promise-" (id) } { (both(&promise.name)) } }
                (badge(promise.verdict))
            }
            p .zh .sentence lang="zh-Hans" { strong { (words.zh) "。" } (judgement.zh) }
            p .en .sentence lang="en" { strong { (wording::capitalised(&words.en)) ". " } (judgement.en) }
            @if let Some(share) = share {
                div .gauge {
                    (bar(&share, Some(promise.target)))
                    div .scale aria-hidden="true" {
                        span class=(if promise.target < 0.5 { "from" } else { "to" }) style={ "left:" (format!("{:.1}", promise.target * 100.0)) "%" } {
                            (both(&Text::new(format!("目标{target}%"), format!("target {target} %"))))
                        }
                    }
                }
            }
            @if let Some(inputs) = crate::assumptions::input_words(promise) {
                p .zh .inputs lang="zh-Hans" { (inputs.zh) }
                p .en .inputs lang="en" { (inputs.en) }
            }
            p .scope { (both(&scope(results, promise, lanes))) }
        }
    }
}

/// What a promise is about: its clock, its lanes, and how many of them keep it.
fn scope(results: &Results, promise: &Promise, lanes: &Lanes) -> Text {
    let clock = wording::clock(&promise.clock);
    let mut text = Text::new(format!("按{}计", clock.zh), format!("Measured by the {}", clock.en));
    let count = lanes.count(promise);
    match lanes.of_promise(promise).as_slice() {
        [] => {}
        [lane] => {
            let name = crate::adapter::flow_name(results, lane);
            words::add(&mut text, &format!("；线路：{}", name.zh), &format!("; lane: {}", name.en));
        }
        several => {
            let words = count.words();
            words::add(
                &mut text,
                &format!("；{}条线路：{}", several.len(), words.zh),
                &format!("; {}: {}", words::plural(several.len(), "lane"), words.en),
            );
        }
    }
    let missing = promise.unfinished + promise.lost;
    if missing > 0 {
        let (n, of) = (wording::count(missing), wording::count(promise.of));
        words::add(
            &mut text,
            &format!("；{of}票中有{n}票未送达，按未守住计"),
            &format!("; {n} of {of} shipments never arrived and count as not kept"),
        );
    }
    words::ended(text)
}

/// What the intervals do not hold, said where the verdicts stand.
fn caution(results: &Results) -> Text {
    if results.scenario.replications < 2 {
        return Text::new(
            "仅一次重复，无法给出置信区间，因此没有一项承诺可以判定。",
            "One replication gives no confidence interval, so that no promise can be judged.",
        );
    }
    let level = wording::percentile_number(results.confidence);
    if results.promises.values().any(|promise| promise.inputs.is_some()) {
        return Text::new(
            format!(
                "{level}%置信区间只反映仿真内部的偶然性；不确知的输入参数另以其区间给出，二者不合并（见“如何阅读”“依据与假设”）。"
            ),
            format!(
                "The {level} % confidence intervals cover chance inside the simulation only; how uncertain the inputs are is shown apart, as a range of its own, and the two are not mixed (see “How to read this” and “What this rests on”)."
            ),
        );
    }
    Text::new(
        format!("{level}%置信区间只反映仿真内部的偶然性；输入参数的不确定性不在其内（见“如何阅读”）。"),
        format!(
            "The {level} % confidence intervals cover chance inside the simulation only, not how uncertain its inputs are (see “How to read this”)."
        ),
    )
}
