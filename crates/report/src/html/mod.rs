//! The report of one run: a single HTML file in Chinese and English that needs no network, no server, no script and no font of its own.
//!
//! The page leads with the verdicts in words. Then follow lanes against promises, each promise, times of each lane, cost and CO2e, resources
//! and services, and how to read all this. Each section has a file of its own here. The page estimates nothing.
//!
//! Figures are those of `figure`, drawn again for the page, and colours come from `draw::palette`. All text is set in the reader's own fonts,
//! for which `style.css` names a stack for Chinese.
//!
//! The only script unfolds everything for printing, which some browsers cannot do by style alone. The choice of a language is style. The
//! policy in the head forbids every request.

mod assumptions;
mod costs;
mod flow;
mod lanes;
mod parts;
mod promise;
mod reading;
mod resources;
mod verdicts;
mod ways;
mod words;

use std::fmt::Write as _;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use plotters::style::RGBColor;
use sanda_results::{Results, Text};

use crate::draw::palette::{BASE, BLUE, DEEP_BLUE, GREY, GRID, INK, OCHRE, RED, TINT, TRACK};
use crate::words::names;
use crate::words::number;
pub(crate) use parts::{both, head, paragraphs, row_head, say};

const STYLE: &str = include_str!("style.css");

/// Content policy: the page may fetch nothing and use only the styles and the script inside it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Unfolds everything before printing, for browsers that do not do so by style.
const SCRIPT: &str = "addEventListener('beforeprint', function () { \
    document.querySelectorAll('details').forEach(function (part) { part.open = true; }); });";

/// Writes the report of a run as a whole HTML document.
///
/// The same results give the same bytes. It cannot fail: templates are compiled, and a section without results is left out or says so.
pub fn report_html(results: &Results) -> String {
    let lanes = lanes::Lanes::of(results);
    let promises = promise::sections(results, &lanes);
    let flows = flow::sections(results, &lanes);
    let title = names::title(results);
    let tab = if title.zh == title.en { title.zh.clone() } else { format!("{} · {}", title.zh, title.en) };
    let body = html! {
        (top(results, &title))
        main {
            (verdicts::section(results, &lanes))
            (contents(results, &lanes))
            (lanes::section(results, &lanes))
            (promises)
            (flows)
            (costs::section(results))
            (resources::resources(results))
            (resources::services(results))
            (reading::unfinished(results))
            (assumptions::section(results))
            (reading::guide(results))
            (reading::checks(results))
        }
        (reading::provenance(results))
        script { (PreEscaped(SCRIPT)) }
    };
    document(&tab, "", &body)
}

/// Writes a whole page from its title, its additions to the shared style sheet, and its body.
pub(crate) fn document(tab: &str, style: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="zh-Hans" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="sanda";
                title { (tab) }
                style { (PreEscaped(colours())) (PreEscaped(STYLE)) (PreEscaped(style)) }
            }
            body { (body) }
        }
    };
    page.into_string()
}

/// Writes the colours of the figures as variables of the style sheet.
fn colours() -> String {
    let colours: [(&str, RGBColor); 10] = [
        ("ink", INK),
        ("grey", GREY),
        ("grid", GRID),
        ("base", BASE),
        ("in-time", BLUE),
        ("kept", DEEP_BLUE),
        ("broken", RED),
        ("uncertain", OCHRE),
        ("tint", TINT),
        ("track", TRACK),
    ];
    let mut out = ":root {".to_owned();
    for (name, RGBColor(red, green, blue)) in colours {
        let _ = write!(out, " --{name}: #{red:02x}{green:02x}{blue:02x};");
    }
    out + " }\n"
}

fn top(results: &Results, title: &Text) -> Markup {
    let scenario = &results.scenario;
    let window = &scenario.window;
    let n = number::count(u64::from(scenario.replications));
    let plural = if scenario.replications == 1 { "" } else { "s" };
    html! {
        header {
            (masthead("三达 · 时效仿真报告", "sanda · transit-time simulation report"))
            h1 { (both(title)) }
            p .run {
                @if !window.from.is_empty() {
                    (say("统计期", "window")) " " (civil(&window.from)) " – " (civil(&window.until))
                    @if !scenario.zone.is_empty() { " (" (scenario.zone) ")" }
                    " · "
                }
                (both(&Text::new(format!("{n}次独立重复"), format!("{n} independent replication{plural}"))))
            }
        }
    }
}

/// Writes the first line of a page: the kind of page, and the choice of language.
pub(crate) fn masthead(zh: &str, en: &str) -> Markup {
    html! {
        div .masthead {
            p .kind { (say(zh, en)) }
            fieldset .languages {
                legend .unseen { "语言 language" }
                @for (id, label, checked) in [("both", "中文 + English", true), ("zh", "中文", false), ("en", "English", false)] {
                    input type="radio" name="language" id={ "language-" (id) } checked=[checked.then_some("checked")];
                    label for={ "language-" (id) } { (label) }
                }
            }
        }
    }
}

/// Writes an instant as people do: without the zone in brackets, and without the time of midnight.
fn civil(instant: &str) -> String {
    let local = instant.split('[').next().unwrap_or_default();
    local.strip_suffix("T00:00").unwrap_or(local).replacen('T', " ", 1)
}

/// Writes the links to the sections.
fn contents(results: &Results, lanes: &lanes::Lanes) -> Markup {
    let sections = [
        (lanes.is_matrix(), "lanes", "线路", "Lanes"),
        (!results.promises.is_empty(), "promises", "承诺", "Promises"),
        (!lanes.all().is_empty(), "flows", "用时构成", "Where the time goes"),
        (costs::has_costs(results), "costs", "成本与碳排放", "Cost and CO2e"),
        (resources::has_resources(results), "resources", "资源", "Resources"),
        (resources::has_services(results), "services", "班次", "Services"),
        (true, "unfinished", "未送达", "Not delivered"),
        (results.basis.is_some(), "assumptions", "依据与假设", "What this rests on"),
        (true, "reading", "阅读说明", "How to read this"),
        (true, "checks", "检验", "Checks"),
    ];
    html! {
        nav .contents aria-label="目录 contents" {
            @for (_, id, zh, en) in sections.into_iter().filter(|(shown, ..)| *shown) {
                a href={ "#" (id) } { (say(zh, en)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_shown_as_people_write_them() {
        let check = |instant: &str, expected: &str| assert_eq!(civil(instant), expected);
        check("2025-01-01T00:00", "2025-01-01");
        check("2025-02-05T06:30[Asia/Shanghai]", "2025-02-05 06:30");
        check("128d", "128d");
        check("", "");
    }
}
