//! The claims of the page, section by section.

use std::collections::BTreeSet;

use sanda_results::{Figure, Promise, Verdict, paths};

use super::{
    Page, between, is_percent, lane_share, link, number, rounds_to, rounds_up_to, rows, said, sums_up, time,
    verdict, zh,
};

const VERDICTS: [(&str, Verdict); 3] =
    [("达标", Verdict::Kept), ("未达标", Verdict::Broken), ("不确定", Verdict::Uncertain)];

fn word(verdict: Verdict) -> &'static str {
    VERDICTS.into_iter().find(|(_, other)| *other == verdict).map_or("", |(word, _)| word)
}

/// Names of what has the largest of some values, and of all that have any.
fn largest<'a>(ids: &BTreeSet<&'a str>, value: impl Fn(&str) -> Option<f64>) -> (Vec<&'a str>, f64) {
    let values: Vec<(&str, f64)> =
        ids.iter().filter_map(|id| Some((*id, value(id).filter(|value| value.is_finite())?))).collect();
    let most = values.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
    let alike = values.iter().filter(|(_, value)| *value >= most * (1.0 - 1e-9));
    (alike.map(|(id, _)| *id).collect(), most)
}

/// The name of an id in Chinese.
fn name_of(names: &std::collections::BTreeMap<String, sanda_results::Text>, id: &str) -> String {
    match names.get(id).map(|name| name.zh.clone()) {
        Some(name) if name != id => name,
        _ => id.replace("--", " – ").replace(['-', '_'], " ").replace('.', ": "),
    }
}

/// The words that stand over a table: of a fold, or before it.
fn title_of(table: roxmltree::Node<'_, '_>) -> String {
    let scroll = table.parent().expect("what holds a table");
    let mut before = scroll.prev_siblings().filter(|node| {
        ["h4", "summary", "p"].contains(&node.tag_name().name()) && !super::has_class(*node, "en")
    });
    before.find(|node| !node.has_tag_name("p")).map(zh).unwrap_or_default()
}

impl<'a> Page<'a> {
    /// The sentence on all promises counts them as they are judged.
    pub(super) fn overall(&self) {
        let Some(overall) = self.elements("div", "overall").next() else { return };
        let text = zh(overall);
        let promises = &self.results.promises;
        let leading: Vec<&Promise> =
            promises.values().filter(|one| !promises.values().any(|sum| sums_up(sum, one))).collect();
        let count = |verdict: Verdict| leading.iter().filter(|promise| promise.verdict == verdict).count();
        if text.contains("口径") || !text.contains("项承诺") {
            return;
        }
        self.ensure(text.starts_with(&format!("{}项承诺", leading.len())), &text);
        if text.contains("全部达标") {
            self.ensure(count(Verdict::Kept) == leading.len(), &text);
        } else if text.contains("均未达标") {
            self.ensure(count(Verdict::Broken) == leading.len(), &text);
        } else {
            for (word, verdict) in VERDICTS {
                self.ensure(said(&text, word) == count(verdict), &text);
            }
        }
    }

    /// The sentence of each promise on its card: verdict, share, interval, target, and the time that 90 % keep.
    pub(super) fn sentences(&self) {
        for sentence in self.elements("p", "sentence") {
            let Some(card) = sentence.parent() else { continue };
            if !super::has_class(sentence, "zh") {
                continue;
            }
            let Some(promise) = link(card, "#promise-").and_then(|id| self.results.promises.get(id)) else {
                panic!("a sentence without its promise")
            };
            let text = zh(sentence);
            self.ensure(text.starts_with(&format!("{}。", word(promise.verdict))), &text);
            let Some(share) = promise.share.value() else {
                self.ensure(text.contains("没有可供判定的货物"), &text);
                continue;
            };
            let printed = between(&text, "。", "%的货物").unwrap_or_default().trim();
            self.ensure(is_percent(printed, share), &format!("{share} as {text}"));
            if (share - promise.target).abs() > 1e-9 {
                let target = format!("{}", (promise.target * 1e5).round() / 1e3);
                self.ensure(
                    printed != target || printed.contains('.'),
                    &format!("{share} reads as the target: {text}"),
                );
            }
            if let Some(ends) = between(&text, "置信区间", "%）") {
                let (low, high) = promise.share.interval().expect("an interval");
                let (low_printed, high_printed) = ends.split_once('–').expect("two ends");
                self.ensure(
                    is_percent(low_printed, low.max(0.0)) && is_percent(high_printed, high.min(1.0)),
                    &format!("{low} to {high}: {text}"),
                );
            }
            // A target of all is not proven by any number of replications.
            self.ensure(!text.contains("须增加重复次数") || promise.target < 1.0, &text);
            self.ensure(!text.contains("都无法证实") || promise.target >= 1.0, &text);
            if text.contains("区间包含目标") {
                let (low, high) = promise.share.interval().expect("an interval");
                self.ensure(low < promise.target && promise.target <= high, &text);
            }
            self.arrival(&text, promise.achievable_at(0.9));
        }
    }

    /// A clause such as `90%的货物在14.2天内送达`.
    fn arrival(&self, text: &str, time_of: Option<&Figure>) {
        let value = time_of.and_then(Figure::value);
        if text.contains("送达的货物不足90%") {
            self.ensure(value == Some(f64::INFINITY), text);
        } else if let Some(claim) = text.split("；90%的货物在").nth(1) {
            let (printed, unit) = time(claim).unwrap_or_else(|| panic!("no time in {claim}"));
            let value = value.unwrap_or(f64::NAN);
            self.ensure(rounds_up_to(&printed, value / unit), &format!("{value} h as {text}"));
        }
    }

    /// A cell that judges a share: its mark and its number.
    fn judged(&self, cell: roxmltree::Node<'_, '_>, share: Option<&Figure>, target: f64) {
        let printed = number(cell);
        let Some((figure, value)) = share.and_then(|share| Some((share, share.value()?))) else {
            return self.ensure(printed == "–", &printed);
        };
        self.ensure(is_percent(printed.trim_end_matches('%'), value), &format!("{value} as {printed}"));
        let mark = match verdict(figure, target) {
            Verdict::Kept => "✓",
            Verdict::Broken => "✗",
            Verdict::Uncertain => "?",
        };
        self.ensure(
            cell.descendants().any(|inner| inner.text() == Some(mark)),
            &format!("{printed} without {mark}"),
        );
    }

    /// Rows are in the order of the first column's share, and every cell shows its lane's.
    pub(super) fn matrices(&self) {
        for table in self.elements("table", "matrix") {
            let heads = table.descendants().filter(|node| node.has_tag_name("thead"));
            let ids: Vec<&str> = heads
                .flat_map(|head| head.descendants().collect::<Vec<_>>())
                .filter_map(|node| node.attribute("href")?.strip_prefix("#promise-"))
                .collect();
            let promises: Vec<&Promise> = ids.iter().map(|id| &self.results.promises[*id]).collect();
            let mut last = f64::NEG_INFINITY;
            for row in rows(table) {
                let lane = link(row[0], "#flow-").expect("a lane");
                for (place, promise) in promises.iter().enumerate() {
                    let covers =
                        promise.flows.iter().any(|flow| flow == lane) || promise.by_flow.contains_key(lane);
                    if covers {
                        self.judged(row[1 + 2 * place], lane_share(promise, lane), promise.target);
                    }
                }
                let covers = promises[0].flows.iter().any(|flow| flow == lane);
                let share = lane_share(promises[0], lane).filter(|_| covers).and_then(Figure::value);
                let share = share.unwrap_or(f64::INFINITY);
                self.ensure(share >= last, &format!("{lane} keeps {share}, the one before {last}"));
                last = share;
            }
        }
    }

    /// The table of a promise's lanes: sorted, counted, judged.
    pub(super) fn lanes_of_promises(&self) {
        for (id, promise) in &self.results.promises {
            let Some(section) = self.by_id(&format!("promise-{id}")) else { continue };
            let is_of_lanes = |table: &roxmltree::Node<'_, '_>| {
                table.has_tag_name("table") && link(*table, "#flow-").is_some()
            };
            let Some(table) = section.descendants().find(is_of_lanes) else { continue };
            let mut last = f64::NEG_INFINITY;
            let mut count = [0, 0, 0, 0];
            let rows = rows(table);
            for row in &rows {
                let lane = link(row[0], "#flow-").expect("a lane");
                let share = lane_share(promise, lane);
                self.judged(row[1], share, promise.target);
                let value = share.and_then(Figure::value).unwrap_or(f64::INFINITY);
                self.ensure(value >= last, &format!("{lane} keeps {value} of {id}, the one before {last}"));
                last = value;
                let place = match share.filter(|share| share.value().is_some()) {
                    None => 3,
                    Some(share) => verdict(share, promise.target) as usize,
                };
                count[place] += 1;
            }
            let title = title_of(table);
            self.ensure(title.contains(&format!("{}条中", rows.len())), &title);
            let expected = VERDICTS.map(|(word, verdict)| (word, count[verdict as usize]));
            for (word, n) in expected.into_iter().chain([("无发货", count[3])]) {
                self.ensure(said(&title, word) == n, &format!("{n} {word}: {title}"));
            }
        }
    }

    /// How many months keep a promise, and which keep it least and most.
    pub(super) fn months(&self) {
        for (id, promise) in &self.results.promises {
            let Some(section) = self.by_id(&format!("promise-{id}")) else { continue };
            let sentence = section.descendants().find(|node| {
                node.has_tag_name("p") && super::has_class(*node, "zh") && zh(*node).contains("个月中")
            });
            let Some(text) = sentence.map(zh) else { continue };
            let months = &promise.by_month;
            self.ensure(text.starts_with(&format!("{}个月中", months.len())), &text);
            for (word, expected) in VERDICTS {
                let of = months.values().filter(|share| share.value().is_some());
                let n = of.filter(|share| verdict(share, promise.target) == expected).count();
                self.ensure(said(&text, word) == n, &format!("{n} {word}: {text}"));
            }
            let values: Vec<(&String, f64)> =
                months.iter().filter_map(|(month, share)| Some((month, share.value()?))).collect();
            for (claim, is_least) in [("最低的是", true), ("最高的是", false)] {
                let Some(said) = between(&text, claim, "%）") else { continue };
                let (name, printed) = said.split_once('（').expect("a month and its share");
                let all = values.iter().map(|(_, share)| *share);
                let end = if is_least { all.fold(f64::MAX, f64::min) } else { all.fold(f64::MIN, f64::max) };
                self.ensure(is_percent(printed, end), &text);
                let alike: Vec<&String> = values
                    .iter()
                    .filter(|(_, share)| share.total_cmp(&end).is_eq())
                    .map(|(month, _)| *month)
                    .collect();
                let (year, month) = alike[0].split_once('-').expect("a month");
                let first = format!("{year}年{}月", month.trim_start_matches('0'));
                let expected =
                    if alike.len() == 1 { first } else { format!("{first}等{}个月", alike.len()) };
                self.ensure(name == expected, &format!("{expected}: {text}"));
            }
        }
    }

    /// Of each flow: means, what the time goes to, the fastest way and the slowest.
    pub(super) fn flows(&self) {
        for id in self.ids(paths::FLOWS) {
            let Some(flow) = self.by_id(&format!("flow-{id}")) else { continue };
            for text in flow.children().filter(|node| node.has_tag_name("p")).map(zh) {
                if let Some(claim) = between(&text, "用时构成：", "。").or(between(&text, "主要用时：", "。"))
                {
                    self.composition(claim, text.contains("用时构成"));
                }
            }
            let titles = flow.children().filter(|node| node.has_tag_name("h4")).map(zh);
            for title in titles.filter(|title| title.starts_with("按路径：")) {
                let p90s = self.results.metrics.iter().filter_map(|(path, figure)| {
                    let rest = path.strip_prefix(&format!("flows.{id}.itineraries."))?;
                    rest.ends_with(".door-to-door.p90").then(|| figure.value()).flatten()
                });
                let p90s: Vec<f64> = p90s.collect();
                let (least, most) = (
                    p90s.iter().copied().fold(f64::MAX, f64::min),
                    p90s.iter().copied().fold(f64::MIN, f64::max),
                );
                self.ensure(least < most, &title);
                for (claim, value) in [("最快的是", least), ("最慢的是", most)] {
                    let claim =
                        title.split(claim).nth(1).and_then(|rest| rest.split('；').next()).expect("a claim");
                    match claim.split("90%的货物在").nth(1).and_then(time) {
                        Some((printed, unit)) => self.ensure(rounds_up_to(&printed, value / unit), &title),
                        None => self.ensure(claim.contains("不足90%") && value.is_infinite(), &title),
                    }
                }
            }
        }
    }

    /// The parts are in order, and no more than all; all of it where it is said to be.
    fn composition(&self, claim: &str, is_all: bool) {
        let shares: Vec<f64> =
            claim.split('、').filter_map(|part| between(part, "（", "%）")?.parse().ok()).collect();
        let sum: f64 = shares.iter().sum();
        self.ensure(shares.is_sorted_by(|a, b| a >= b), claim);
        self.ensure(sum < 100.005 && (!is_all || sum > 99.995), &format!("{sum} %: {claim}"));
    }

    /// Who is busy, who is not, and for whom one waits longest.
    pub(super) fn resources(&self) {
        let Some(section) = self.by_id("resources") else { return };
        let text = section.children().find(|node| node.has_tag_name("p")).map(zh).unwrap_or_default();
        let ids = self.ids(paths::RESOURCES);
        let figure = |id: &str, rest: &str| self.value(&paths::resource(id, rest));
        let busy = |id: &str| figure(id, "utilisation_available").or_else(|| figure(id, "utilisation"));
        let at_limit: Vec<&&str> =
            ids.iter().filter(|id| busy(id).is_some_and(|share| share >= 0.9)).collect();
        let names = &self.results.texts.resources;
        if text.contains("没有资源的利用率达到90%") {
            self.ensure(at_limit.is_empty(), &text);
        } else if text.contains("个资源的利用率达到90%") {
            self.ensure(text.starts_with(&format!("{}个资源", at_limit.len())), &text);
            for id in &at_limit {
                self.ensure(text.contains(&name_of(names, id)), &format!("{id}: {text}"));
            }
        }
        let (longest, hours) = largest(&ids, |id| figure(id, "wait.mean"));
        if text.contains("都没有排队等待") {
            self.ensure(hours <= 0.0, &text);
        }
        if let Some(claim) = text.split("等待最久的是").nth(1) {
            let (said, rest) = claim.split_once('：').expect("names and a time");
            let expected: BTreeSet<String> = longest.iter().map(|id| name_of(names, id)).collect();
            let said: BTreeSet<String> = said.split('、').map(str::to_owned).collect();
            self.ensure(said == expected, &format!("{expected:?}: {text}"));
            let rest = rest.trim_start_matches("平均").trim_start_matches("均为");
            let (printed, unit) = time(rest).expect("a time");
            self.ensure(rounds_to(&printed, hours / unit), &format!("{hours} h: {text}"));
        }
        let columns = [
            ("利用率", "utilisation"),
            ("无需等待", "no_wait_share"),
            ("平均等待", "wait.mean"),
            ("95%的等待", "wait.p95"),
            ("放弃等待", "patience_lost_share"),
        ];
        self.cells(section, paths::RESOURCES, &columns);
    }

    /// The cells of a section's tables under some heads show figures of what their rows are called after.
    fn cells(&self, section: roxmltree::Node<'a, 'a>, of: &str, columns: &[(&str, &str)]) {
        let texts = &self.results.texts;
        let names = if of == paths::RESOURCES { &texts.resources } else { &texts.services };
        for table in section.descendants().filter(|node| node.has_tag_name("table")) {
            let heads: Vec<String> = table
                .descendants()
                .filter(|node| {
                    node.has_tag_name("th") && node.ancestors().any(|above| above.has_tag_name("thead"))
                })
                .map(zh)
                .collect();
            for row in rows(table) {
                let name = zh(row[0]);
                let same: Vec<&str> =
                    self.ids(of).into_iter().filter(|id| name_of(names, id) == name).collect();
                // Rows of one name cannot be told apart.
                let [id] = same[..] else {
                    self.ensure(
                        same.len() > 1 || name.contains("  "),
                        &format!("`{name}` is nothing's name"),
                    );
                    continue;
                };
                for (head, cell) in heads.iter().zip(&row) {
                    let Some((_, rest)) = columns.iter().find(|(column, _)| head.starts_with(column)) else {
                        continue;
                    };
                    let value = self.value(&paths::join(of, id, rest));
                    let printed = number(*cell);
                    let claim = format!("{value:?} of {id} {rest} as {printed}");
                    match value {
                        None => self.ensure(printed == "–", &claim),
                        Some(share) if printed.ends_with('%') => {
                            self.ensure(is_percent(printed.trim_end_matches('%'), share), &claim);
                        }
                        Some(value) => {
                            let column = between(head, "（", "）").unwrap_or_default();
                            let timed = time(&printed).or_else(|| time(&format!("{printed}{column}")));
                            // A share arrives within a percentile: it is rounded up.
                            let is_within = timed.is_some() && rest.contains(".p");
                            let (number, unit) = timed.unwrap_or((printed.clone(), 1.0));
                            let value = value / unit;
                            let is_right = if is_within {
                                rounds_up_to(&number, value)
                            } else {
                                rounds_to(&number, value)
                            };
                            self.ensure(is_right, &claim);
                        }
                    }
                }
            }
        }
    }

    /// Who leaves most behind, and every share of the table.
    pub(super) fn services(&self) {
        let Some(section) = self.by_id("services") else { return };
        let text = section.children().find(|node| node.has_tag_name("p")).map(zh).unwrap_or_default();
        let ids = self.ids(paths::SERVICES);
        let figure = |id: &str, rest: &str| self.value(&paths::service(id, rest));
        let rolled = |id: &str| {
            figure(id, "rollover_share").or_else(|| Some(1.0 - figure(id, "first_departure_share")?))
        };
        let (worst, share) = largest(&ids, rolled);
        let names: BTreeSet<String> =
            worst.iter().map(|id| name_of(&self.results.texts.services, id)).collect();
        if text.contains("没有甩货") || text.contains("装运的货物都赶上了首班") {
            self.ensure(share <= 0.0, &text);
        } else if let Some(claim) = text.strip_prefix("甩货最多的是") {
            let (said, rest) = claim.split_once('：').expect("names and a share");
            let said: BTreeSet<String> = said.split('、').map(str::to_owned).collect();
            self.ensure(said == names, &format!("{names:?}: {text}"));
            let printed = rest.trim_start_matches("各有").split('%').next().unwrap_or_default();
            self.ensure(is_percent(printed, share), &format!("{share}: {text}"));
        } else if let Some(printed) = between(&text, "最多占", "%") {
            self.ensure(is_percent(printed, share) && share < 0.05, &format!("{share}: {text}"));
        }
        let columns = [
            ("满载率", "load_factor"),
            ("赶上首班", "first_departure_share"),
            ("平均候班", "wait.mean"),
            ("满载开出", "full_share"),
            ("全部装完", "none_left_share"),
            ("班间隔平均", "gap.mean"),
            ("标准差", "gap.sd"),
        ];
        self.cells(section, paths::SERVICES, &columns);
        // The printed shares of who boards the first departure and who does not are of one whole.
        for table in section.descendants().filter(|node| node.has_tag_name("table")) {
            for row in rows(table).iter().filter(|row| row.len() >= 9) {
                let shares = [number(row[3]), number(row[4])];
                let parsed: Vec<f64> =
                    shares.iter().filter_map(|share| share.trim_end_matches('%').parse().ok()).collect();
                if let [first, rolled] = parsed[..] {
                    let claim = format!("{} and {} of {}", shares[0], shares[1], zh(row[0]));
                    self.ensure((first + rolled - 100.0).abs() < 0.01, &claim);
                }
            }
        }
    }

    /// Whether everything arrived.
    pub(super) fn undelivered(&self) {
        let section = self.by_id("unfinished").expect("what was not delivered");
        let text = section.children().find(|node| node.has_tag_name("p")).map(zh).unwrap_or_default();
        let counted = |id: &&str| !self.results.background.contains(*id);
        let flows: Vec<&str> = self.ids(paths::FLOWS).into_iter().filter(counted).collect();
        let sum = |what: &str| flows.iter().filter_map(|id| self.value(&paths::flow(id, what))).sum::<f64>();
        let promised =
            self.results.promises.values().map(|promise| promise.unfinished + promise.lost).sum::<u64>();
        let missing = sum("under_way") + sum("lost") + promised as f64;
        let released =
            sum("released") + self.results.promises.values().map(|promise| promise.of as f64).sum::<f64>();
        if text.contains("没有发货") {
            self.ensure(released <= 0.0, &text);
        } else if text.contains("全部送达") {
            self.ensure(missing <= 0.0 && released > 0.0, &text);
        } else {
            self.ensure(missing > 0.0, &text);
        }
    }

    /// When a promise was back.
    pub(super) fn disruptions(&self) {
        for (id, promise) in &self.results.promises {
            let Some(section) = self.by_id(&format!("promise-{id}")) else { continue };
            let texts: Vec<String> =
                section.descendants().filter(|node| node.has_tag_name("p")).map(zh).collect();
            for (disruption, recovery) in &promise.recovery {
                let Some(dated) = self.results.disruptions.get(disruption) else { continue };
                let text = texts.iter().find(|text| text.starts_with(&format!("“{}”", dated.name.zh)));
                let text = text.unwrap_or_else(|| panic!("nothing is said of {disruption}"));
                self.ensure(text.contains("没有低于平时") != recovery.is_felt, text);
                if !recovery.is_felt {
                    continue;
                }
                let share =
                    |before: &str, after: &str| between(text, before, after).unwrap_or_default().to_owned();
                self.ensure(is_percent(&share("从平时的", "%"), recovery.undisturbed), text);
                self.ensure(is_percent(&share("降到最低", "%"), recovery.lowest), text);
                let back = recovery.days.value().filter(|days| days.is_finite());
                match back {
                    None => self.ensure(text.contains("到统计期末仍未恢复"), text),
                    Some(days) if days < 0.05 => self.ensure(text.contains("中断结束当周即恢复"), text),
                    Some(days) => self.ensure(rounds_to(&share("中断结束后", "天恢复"), days), text),
                }
            }
        }
    }
}
