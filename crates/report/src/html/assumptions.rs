//! The section on sources: how many parameters have a source, how many are assumed, and a list of all of them.

use maud::{Markup, html};
use sanda_results::{Confidence, Results, Text};

use super::parts::{both, head, paragraphs, say};
use crate::words::assumptions;
use crate::words::number;

/// Writes the section; nothing where the results hold no sources.
pub(super) fn section(results: &Results) -> Markup {
    let Some(basis) = &results.basis else { return html! {} };
    let kinds = [Confidence::Assumed, Confidence::Low, Confidence::Medium, Confidence::High];
    html! {
        section #assumptions {
            h2 { (say("依据与假设", "What this rests on")) }
            (paragraphs(&assumptions::basis_words(basis)))
            p {
                (say(
                    "参数指网络、班次、作业与需求中写明的数值、分布、时刻表、开放时间与影响；不含承诺与口径。被本情景改动的参数，原有来源不再适用，计入未注明来源的参数。",
                    "A parameter is a number, law, timetable, opening hours or effect written for the network, its services, its work and its demand; promises and clocks do not count. A source no longer applies once this scenario changes the value; such a parameter counts as having none.",
                ))
            }
            @for kind in kinds {
                @let rows: Vec<_> = basis.sourced.iter().filter(|(_, one)| one.confidence == kind).collect();
                @if !rows.is_empty() {
                    details {
                        summary { (both(&title(kind, rows.len()))) }
                        div .scroll {
                            table .basis {
                                thead {
                                    tr {
                                        (head("参数", "Parameter")) (head("取值", "Value")) (head("区间", "Range"))
                                        (head("来源或假设", "Source or assumption")) (head("年份", "Year"))
                                    }
                                }
                                tbody {
                                    @for (path, one) in rows {
                                        tr {
                                            th scope="row" { code { (path) } }
                                            td { @if let Some(value) = &one.value { code { (value) } } @else { (say("缺省", "default")) } }
                                            td { @if let Some([low, high]) = &one.range { code { (low) } " … " code { (high) } } @else { "–" } }
                                            td { (both(&one.from)) }
                                            td .number { @if let Some(year) = one.year { (year) } @else { "–" } }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if !basis.without.is_empty() {
                details {
                    summary { (both(&without(basis.without.len()))) }
                    ul { @for path in &basis.without { li { code { (path) } } } }
                }
            }
        }
    }
}

fn title(kind: Confidence, n: usize) -> Text {
    let n = number::count(n as u64);
    match kind {
        Confidence::Assumed => Text::new(format!("假设：{n}条"), format!("Assumed: {n} entries")),
        Confidence::Low => Text::new(format!("可信度低：{n}条"), format!("Low confidence: {n} entries")),
        Confidence::Medium => {
            Text::new(format!("可信度中：{n}条"), format!("Medium confidence: {n} entries"))
        }
        Confidence::High => Text::new(format!("可信度高：{n}条"), format!("High confidence: {n} entries")),
    }
}

fn without(n: usize) -> Text {
    let n = number::count(n as u64);
    Text::new(format!("未注明来源：{n}个参数"), format!("Without a source: {n} parameters"))
}
