//! The last sections of the page: shipments not delivered, how to read the numbers, checks, and the identity of the run.

use maud::{Markup, html};
use sanda_results::{Figure, Results, Text, paths};

use super::parts::{both, count_cell, head, paragraphs, row_head, say, share_text};
use crate::words::assumptions;
use crate::words::few;
use crate::words::names;
use crate::words::number::{self, Estimate};
use crate::words::phrase;

/// Writes the section on shipments not delivered, by flow.
pub(super) fn unfinished(results: &Results) -> Markup {
    let figure = |id: &str, name: &str| results.metrics.get(&paths::flow(id, name));
    let value = |id: &str, name: &str| figure(id, name).and_then(Figure::value);
    let missing = |id: &str| match (value(id, "under_way"), value(id, "lost")) {
        (None, None) => None,
        (under_way, lost) => Some(under_way.unwrap_or(0.0) + lost.unwrap_or(0.0)),
    };
    // Background flows are not deliveries.
    let mut flows = names::ids(results, paths::FLOWS);
    flows.retain(|id| !results.background.contains(*id));
    let short: Vec<&str> = flows.iter().copied().filter(|id| missing(id).is_some_and(|n| n > 0.0)).collect();
    let by_promises = results.promises.values().any(|promise| promise.unfinished + promise.lost > 0);
    let released = |id: &&str| value(id, "released").is_some_and(|n| n > 0.0);
    let is_any = flows.iter().any(released) || results.promises.values().any(|promise| promise.of > 0);
    let words = match (is_any, short.is_empty() && !by_promises) {
        (false, _) if results.background.iter().any(|id| released(&id.as_str())) => Text::new(
            "统计期内除背景货流外没有发货；背景货流是否送达不作统计。",
            "Only background traffic was released in the window; its arrival is not followed.",
        ),
        (false, _) => Text::new("统计期内没有发货。", "Nothing was released in the window."),
        (true, true) => Text::new(
            "统计期内发出的货物全部送达：没有在途，没有灭失。",
            "Everything that was released in the window arrived: nothing is still under way and nothing was lost.",
        ),
        (true, false) => Text::new(
            "到仿真结束仍有货物未送达。这些货物在所属承诺中计为未按时送达，在“90%的货物在……内送达”这类表述中视为始终未送达，均值不含这些货物。",
            "Some shipments had not arrived when the simulation ended. They count as not kept in every promise that covers them, and as never arriving in “90 % arrive within ...”. Means leave them out.",
        ),
    };
    html! {
        section #unfinished {
            h2 { (say("未送达的货物", "What was not delivered")) }
            (paragraphs(&words))
            @if !short.is_empty() {
                div .scroll {
                    table {
                        thead {
                            tr {
                                (head("货流（每次重复的平均票数）", "Flow (mean shipments a replication)"))
                                (head("发货", "Released")) (head("送达", "Delivered"))
                                (head("在途", "Under way")) (head("灭失", "Lost")) (head("未送达比例", "Share not delivered"))
                            }
                        }
                        tbody {
                            @for id in &short {
                                tr {
                                    (row_head(&names::flow_name(results, id)))
                                    @for name in ["released", "delivered", "under_way", "lost"] { (count_cell(figure(id, name))) }
                                    td .number {
                                        @if let (Some(n), Some(of)) = (missing(id), value(id, "released").filter(|of| *of > 0.0)) {
                                            (share_text(&Estimate::plain((n / of).min(1.0))))
                                        } @else { "–" }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Writes the section on how to read the numbers.
pub(super) fn guide(results: &Results) -> Markup {
    let n = results.scenario.replications;
    let level = number::percentile_number(results.confidence);
    let luck = if n < 2 {
        Text::new(
            "本情景只运行了一次，没有置信区间。至少重复两次，才能看出结果受偶然性影响的程度。",
            "The scenario was run once, so there are no confidence intervals. At least two replications are needed to tell how much of a result is due to chance.",
        )
    } else {
        Text::new(
            format!(
                "同一情景用不同的随机数独立重复了{n}次。{level}%置信区间表示：若无限次重复，结果大致落在什么范围。它只反映仿真内部的偶然性，例如是否恰好遇上查验或拥堵；不反映输入参数本身的不确定性，也不反映模型未描述的因素。"
            ),
            format!(
                "The same scenario was repeated {n} times with independent random numbers. The {level} % confidence interval says where the result would about lie if it were repeated without end. It covers chance inside the simulation only, such as meeting an inspection or a congested week. It covers neither the uncertainty of the inputs nor what the model leaves out."
            ),
        )
    };
    let inputs = results.promises.values().any(|promise| promise.inputs.is_some()).then(|| {
        (
            Text::new("参数抽样", "Draws of the inputs"),
            Text::new(
                "取值不确定的参数各有一个区间。按拉丁超立方从这些区间中抽取若干组取值，每组用同一份随机数仿真一次，得到若干个按时送达率。抽样满20次时，列出其第5至第95百分位；不足20次时，一次抽样的比重已超过5%，百分位没有意义，故列出最低值和最高值。“24次抽样中3次达标”仅就这些抽样而言：抽样次数远少于参数个数，不能说明整个区间内的情形。抽样结果反映结论在多大程度上取决于假设，与置信区间无关；增加重复次数不会使它变窄，只有更好的数据才会。出自同一假设的参数（如各航班的截载时间）一起变动；按货量配置的运力随货量变动，因为实际中不会减去一半航班、却承运多出两成的货物。",
                "Inputs that are not known have a range each. Sets of values are drawn from all ranges at once (a Latin hypercube), and each set is simulated once with the same luck, which gives as many shares. Of 20 draws or more the 5th to the 95th percentile is given; of fewer, where one draw is more than 5 % of them, the lowest and the highest. “Kept in 3 of 24 draws” means just that: there are far fewer draws than inputs, and they do not show what holds everywhere in the ranges. Draws tell how far a conclusion depends on assumptions and have nothing to do with the confidence interval. More replications do not narrow their range; better data do. Inputs that rest on one assumption (the cut-offs of all flights) move together, and capacities that suit the cargo move with it, for no year would leave half of the flights to a fifth more cargo.",
            ),
        )
    });
    let mix = results.promises.values().any(|promise| assumptions::mix_ends(promise).is_some()).then(|| {
        (
            Text::new("货量比例", "Mix of lanes"),
            Text::new(
                "合计的按时送达率按各线路的货量加权。货量没有可靠来源的（标为假设、可信度低或未注明来源），各线路的比例即属假设；比例不同，合计结果也不同，因此同时列出分线路的最低值和最高值。",
                "The share of several lanes together weighs each by its volume. Where volumes are assumed, of low confidence or without a source, the mix is an assumption: another mix gives another share. So the lowest and the highest share of a lane stand beside it.",
            ),
        )
    });
    let points = [
        (Text::new("区间", "Intervals"), luck),
        (
            Text::new("判定", "Verdicts"),
            Text::new(
                "置信区间全部不低于目标，判为达标；全部低于目标，判为未达标；否则为不确定，须增加重复次数。各线路、各月份分别判定；判定多达数十项时，个别结论可能出于偶然。",
                "A promise is kept when its whole interval reaches the target and not kept when all of it lies below; otherwise it is uncertain and needs more replications. Lanes and months are judged one by one; among dozens of verdicts, a few may be due to chance.",
            ),
        ),
        (
            Text::new("时间", "Times"),
            Text::new(
                "“90%的货物在14天内送达”是指：每100票货物中，至少有90票用时不超过14天，其余用时更长。它既不是平均时间，也不是最长时间。",
                "“90 % arrive within 14 days” means that of 100 shipments at least 90 take 14 days or less and the others longer. It is neither the mean nor the longest time.",
            ),
        ),
        (
            Text::new("位数", "Digits"),
            Text::new(
                "数字保留的位数取决于区间的宽窄；百分比至少保留到个位，容易与目标混淆时再增加位数。",
                "How many digits are printed follows from the width of the interval. Shares are printed to whole per cent at least, and further where they would read as the target.",
            ),
        ),
        (
            Text::new("波动与误差", "Spread and error"),
            Text::new(
                "各票货物快慢不一，属于风险，见分布图；比例或均值估计得不够准确，属于误差，见置信区间。增加重复次数只能减小误差。",
                "Some shipments are fast and others slow: that is risk, shown by the distributions. A share or mean is known only approximately: that is error, shown by the intervals. More replications reduce the error only.",
            ),
        ),
    ];
    html! {
        section #reading {
            h2 { (say("阅读说明", "How to read this")) }
            dl .guide {
                @for (term, words) in points.iter().chain(&inputs).chain(&mix) {
                    dt { (both(term)) }
                    dd { (paragraphs(words)) }
                }
                @if few::any(results) {
                    dt { (say("重复次数", "Number of replications")) }
                    dd { (paragraphs(&few::guide())) }
                }
            }
        }
    }
}

/// Words an invariant. One without words is shown by its name.
fn invariant(name: &str) -> Text {
    let (zh, en) = match name {
        "conservation" => (
            "货物守恒：发出的等于送达、灭失与在途之和",
            "shipments are conserved: released equals delivered, lost and under way",
        ),
        "categories" => (
            "每票货物各类用时之和等于全程时间",
            "the categories of every shipment's time add up to its whole life",
        ),
        "capacity" => ("装载不超过运力", "no load exceeds its capacity"),
        "opening-hours" => ("不在开放时间之外作业", "no work starts outside opening hours"),
        "cut-off" => ("截载之后不再装车", "nothing boards that was not ready by the cut-off"),
        "time" => ("时间不倒流", "time does not run backwards"),
        "little" => ("利特尔法则在每个资源上精确成立", "Little's law holds exactly at every resource"),
        _ => return Text::same(phrase::id_in_words(name)),
    };
    Text::new(zh, en)
}

/// Writes the section on the checks made during the simulation.
pub(super) fn checks(results: &Results) -> Markup {
    let n_checked: u64 = results.invariants.values().map(|outcome| outcome.checked).sum();
    let violated: Vec<&str> = results.violated_invariants().collect();
    let words = if results.invariants.is_empty() {
        Text::new("结果中没有检验记录。", "The results hold no record of checks.")
    } else if violated.is_empty() {
        let n = number::count(n_checked);
        let en = match n_checked {
            0 => "No check arose while simulating.".to_owned(),
            1 => "1 check was made while simulating, and it held.".to_owned(),
            _ => format!("{n} checks were made while simulating, and all of them held."),
        };
        let zh = if n_checked == 0 {
            "仿真过程中未出现需要检验的情形。".to_owned()
        } else {
            format!("仿真过程中共检验{n}次，全部通过。")
        };
        Text::new(zh, en)
    } else {
        let names: Vec<Text> = violated.iter().map(|name| invariant(name)).collect();
        let names = phrase::list(&names);
        Text::new(
            format!("以下检验未通过（{}）：结果不可信，请勿使用。", names.zh),
            format!("Checks failed ({}): these results are wrong, do not use them.", names.en),
        )
    };
    html! {
        section #checks {
            h2 { (say("检验", "Checks")) }
            div .broken-text[!violated.is_empty()] { (paragraphs(&words)) }
            @if !results.invariants.is_empty() {
                details {
                    summary { (say("逐项", "One by one")) }
                    div .scroll {
                        table {
                            thead { tr { (head("检验", "Check")) (head("次数", "Times")) (head("未通过", "Failed")) } }
                            tbody {
                                @for (name, outcome) in &results.invariants {
                                    tr {
                                        (row_head(&invariant(name)))
                                        td .number {
                                            @if outcome.checked == 0 { (say("未涉及", "did not arise")) } @else { (number::count(outcome.checked)) }
                                        }
                                        td .number { (number::count(outcome.violated)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Writes the footer, which identifies the run.
pub(super) fn provenance(results: &Results) -> Markup {
    let scenario = &results.scenario;
    let rows = [
        ("情景", "scenario", scenario.name.clone()),
        ("起始时间", "start", scenario.start.clone()),
        ("预热、统计、清空", "warm-up, window, drain", {
            let window = &scenario.window;
            format!("{}, {}, {}", window.warm_up, window.measure, window.drain)
        }),
        ("种子", "seed", scenario.seed.to_string()),
        ("独立重复", "replications", number::count(u64::from(scenario.replications))),
        ("模型摘要", "model digest", results.digest.clone()),
        ("轨迹指纹", "fingerprint", results.fingerprint.total.to_string()),
        ("随机数键版本", "random-key layout", results.key_layout.to_string()),
        ("结果格式", "results schema", results.schema.to_string()),
    ];
    html! {
        footer {
            h2 { (say("运行信息", "Provenance")) }
            dl .provenance {
                @for (zh, en, value) in &rows {
                    div { dt { (say(zh, en)) } dd { code { (value) } } }
                }
            }
            p {
                (say(
                    "同一情景、同一种子得到同一指纹。引擎版本、时区数据库与运行用时见同一文件夹的 provenance.json，全部数字见 results.json。",
                    "The same scenario and seed give the same fingerprint. Engine version, time-zone database and run time are in provenance.json beside this file, all numbers in results.json.",
                ))
            }
            p {
                (say(
                    "本文件自成一体，不访问网络，可直接打印。文字使用本机字体；figures/ 中的单幅图不依赖字体。",
                    "This file is complete in itself, asks nothing of any network, and prints as it is. Text is set in the reader's own fonts; the single figures in figures/ need none.",
                ))
            }
        }
    }
}
