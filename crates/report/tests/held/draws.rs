//! The claims about inputs that are not known and about mixes of lanes: on the page, in both languages, and in the summary.

use sanda_results::{Figure, InputShares, Promise, RangeEnds, ShareRange};

use super::{Page, between, en, has_class, is_percent, lane_share, link, rows, zh};

/// Whether the share at the stated inputs lies above the range, below it or within.
fn side(share: Option<&Figure>, range: ShareRange) -> std::cmp::Ordering {
    match share.and_then(|share| share.estimate) {
        Some(share) if share > range.high => std::cmp::Ordering::Greater,
        Some(share) if share < range.low => std::cmp::Ordering::Less,
        _ => std::cmp::Ordering::Equal,
    }
}

/// Whether the share lies there by the values of the inputs, not by the luck of the one replication of the draws.
fn is_by_inputs(side: std::cmp::Ordering, range: ShareRange) -> bool {
    side.is_gt() && range.stated > range.high || side.is_lt() && range.stated < range.low
}

/// In how many draws the target is reached, in both languages.
fn counted(kept: u32, points: u32) -> (String, String) {
    match (kept, points) {
        (0, 1) => ("该次抽样未达标。".into(), "; not kept in that draw.".into()),
        (_, 1) => ("该次抽样达标。".into(), "; kept in that draw.".into()),
        (0, n) => (format!("{n}次抽样中无一达标。"), format!("; kept in none of {n} draws.")),
        (kept, n) if kept == n => (format!("{n}次抽样全部达标。"), format!("; kept in all {n} draws.")),
        (kept, n) => (format!("{n}次抽样中{kept}次达标。"), format!("; kept in {kept} of {n} draws.")),
    }
}

/// The numbers before signs of per cent, one dash apart or not: `12%`, `12%—41%`, `12 to 41 %`.
fn numbers(claim: &str) -> Vec<String> {
    let is_of_number = |c: char| c.is_ascii_digit() || ['.', '<', '>'].contains(&c);
    let parts = claim.split(|c| !is_of_number(c)).filter(|part| part.contains(|c: char| c.is_ascii_digit()));
    parts.map(str::to_owned).collect()
}

/// Whether a printed end is the value and does not read as the target when it is not.
fn is_end(printed: &str, value: f64, target: f64) -> bool {
    let reads_as_target = printed.parse().is_ok_and(|printed: f64| (printed - target * 100.0).abs() < 1e-9);
    is_percent(printed, value) && (!reads_as_target || (value - target).abs() < 5e-6)
}

/// Whether the lanes of an assumed mix differ by so much that any way of printing them shows it.
fn has_mix(promise: &Promise) -> bool {
    promise.assumed_mix.as_ref().is_some_and(|mix| mix.high - mix.low > 0.01)
}

impl Page<'_> {
    /// The sentences on the draws: on the card of each promise that leads and among the facts of every one.
    pub(super) fn draws(&self) {
        for (id, promise) in &self.results.promises {
            let Some(section) = self.by_id(&format!("promise-{id}")) else { continue };
            let facts = section.descendants().filter(|node| node.has_tag_name("li"));
            let facts: Vec<(String, String)> = facts
                .map(|node| (zh(node), en(node)))
                .filter(|(text, _)| text.contains("取值不确定的参数"))
                .collect();
            self.ensure(facts.len() == usize::from(promise.inputs.is_some()), &format!("{id}: {facts:?}"));
            if let (Some(inputs), Some((text, english))) = (&promise.inputs, facts.first()) {
                self.drawn(promise, inputs, text, english);
            }
        }
        for words in self.elements("p", "inputs") {
            if !has_class(words, "zh") || !zh(words).contains("取值不确定的参数") {
                continue;
            }
            let card = words.parent().expect("a card");
            let promise = link(card, "#promise-").and_then(|id| self.results.promises.get(id));
            let Some((promise, inputs)) = promise.and_then(|one| Some((one, one.inputs.as_ref()?))) else {
                self.ensure(false, &format!("nothing was drawn: {}", zh(words)));
                continue;
            };
            let english = words.next_siblings().skip(1).find(|node| has_class(*node, "en")).expect("English");
            self.drawn(promise, inputs, &zh(words), &en(english));
        }
    }

    /// What was drawn and how often, the ends of the range, the draws that reach the target, and on which side the stated values lie.
    fn drawn(&self, promise: &Promise, inputs: &InputShares, text: &str, english: &str) {
        let range = inputs.share;
        let parameters = text.split('个').next().unwrap_or_default().replace(',', "");
        self.ensure(parameters == inputs.parameters.to_string(), text);
        self.ensure(text.contains(&format!("抽样{}次，不计偶然性：", inputs.points)), text);
        let said = between(text, "出自", "个假设").and_then(|n| n.parse().ok());
        self.ensure(said.unwrap_or(inputs.parameters) == inputs.unknowns, text);
        let (claim, _) = text
            .split_once("：")
            .map(|(_, rest)| rest)
            .and_then(|rest| rest.split_once('；'))
            .unwrap_or_default();
        let english_claim = between(english, "chance left aside: ", "; ").unwrap_or_default();
        let is_of_percentiles = inputs.ends == RangeEnds::Percentiles;
        self.ensure(
            (inputs.points >= 20) == is_of_percentiles,
            &format!("{} draws, {:?}", inputs.points, inputs.ends),
        );
        self.ensure(claim.contains("百分位") == is_of_percentiles, text);
        self.ensure(english_claim.contains("percentile") == is_of_percentiles, english);
        for (claim, is_chinese) in [(claim, true), (english_claim, false)] {
            let mut ends = numbers(claim);
            if is_of_percentiles {
                // Fifth and ninety-fifth.
                self.ensure(ends.starts_with(&["5".to_owned(), "95".to_owned()]), claim);
                ends.drain(..2.min(ends.len()));
            }
            let (Some(first), Some(last)) = (ends.first(), ends.last()) else {
                self.ensure(
                    false,
                    &format!("no ends in `{claim}` of {text} {english}, Chinese {is_chinese}"),
                );
                continue;
            };
            self.ensure(
                is_end(first, range.low, promise.target) && is_end(last, range.high, promise.target),
                &format!("{} to {}: {claim}", range.low, range.high),
            );
        }
        let (zh, en) = counted(range.kept_points, inputs.points);
        self.ensure(
            text.contains(&format!("；{zh}")),
            &format!("{} of {}: {text}", range.kept_points, inputs.points),
        );
        self.ensure(english.contains(&en), &format!("{} of {}: {english}", range.kept_points, inputs.points));
        let side = side(Some(&promise.share), range);
        self.ensure(text.contains("高于这一范围") == side.is_gt(), text);
        self.ensure(text.contains("低于这一范围") == side.is_lt(), text);
        self.ensure(english.contains("lies above this range") == side.is_gt(), english);
        self.ensure(english.contains("lies below this range") == side.is_lt(), english);
        let by_inputs = is_by_inputs(side, range);
        self.ensure(text.contains("用时大多变长") == (by_inputs && side.is_gt()), text);
        self.ensure(text.contains("用时大多变短") == (by_inputs && side.is_lt()), text);
        self.ensure(text.contains("同一次重复") == (side.is_ne() && !by_inputs), text);
        // What a few draws cannot show is not claimed.
        for wrong in ["均未", "anywhere", "all of that range"] {
            self.ensure(!text.contains(wrong) && !english.contains(wrong), &format!("{text} {english}"));
        }
    }

    /// Every range in a table of lanes, and beside a folded promise.
    pub(super) fn draws_in_tables(&self) {
        for table in self.document.descendants().filter(|node| node.has_tag_name("table")) {
            let heads: Vec<&str> = table
                .descendants()
                .filter_map(|node| node.attribute("href")?.strip_prefix("#promise-"))
                .collect();
            let of_section = || {
                let mut sections = table.ancestors().filter_map(|node| node.attribute("id"));
                sections.find_map(|id| id.strip_prefix("promise-"))
            };
            for row in rows(table) {
                let Some(lane) = link(row[0], "#flow-") else { continue };
                if has_class(table, "matrix") {
                    for (place, id) in heads.iter().enumerate() {
                        self.lane_draws(&self.results.promises[*id], lane, row[1 + 2 * place]);
                    }
                } else if let Some(promise) = of_section().and_then(|id| self.results.promises.get(id))
                    && promise.inputs.is_some()
                {
                    self.lane_draws(promise, lane, row[2]);
                }
            }
        }
        for fold in self.elements("details", "lane") {
            let section = fold.descendants().find_map(|node| node.attribute("id")?.strip_prefix("promise-"));
            let Some(promise) = section.and_then(|id| self.results.promises.get(id)) else { continue };
            let brief = fold.descendants().find(|node| has_class(*node, "brief"));
            if let (Some(brief), Some(inputs)) = (brief, &promise.inputs) {
                self.draws_cell(&zh(brief), promise, Some(&promise.share), Some(inputs.share));
            }
        }
    }

    fn lane_draws(&self, promise: &Promise, lane: &str, cell: roxmltree::Node<'_, '_>) {
        let share = lane_share(promise, lane).filter(|share| share.value().is_some());
        let range = promise.inputs.as_ref().and_then(|inputs| {
            let is_alone = promise.flows.len() == 1 && promise.by_flow.keys().all(|flow| flow == lane);
            inputs.by_flow.get(lane).copied().or_else(|| is_alone.then_some(inputs.share))
        });
        let covers = promise.flows.iter().any(|flow| flow == lane) || promise.by_flow.contains_key(lane);
        self.draws_cell(&zh(cell), promise, share, range.filter(|_| covers && share.is_some()));
    }

    /// `12–41% ✓ 3/24`, with an arrow where the share lies beside it. In a cell of its own, or at the end of one.
    fn draws_cell(&self, text: &str, promise: &Promise, share: Option<&Figure>, range: Option<ShareRange>) {
        let claim = text.rsplit(['样', ']']).next().unwrap_or_default().trim();
        let Some((range, inputs)) = range.zip(promise.inputs.as_ref()) else {
            return self.ensure(!text.contains('/'), &format!("`{text}`, and nothing was drawn"));
        };
        let count = format!("✓ {}/{}", range.kept_points, inputs.points);
        self.ensure(claim.ends_with(&count), &format!("{count}: `{text}`"));
        let ends = numbers(claim.split('%').next().unwrap_or_default());
        let is_right = ends.first().is_some_and(|end| is_end(end, range.low, promise.target))
            && ends.last().is_some_and(|end| is_end(end, range.high, promise.target));
        self.ensure(is_right, &format!("{} to {}: `{text}`", range.low, range.high));
        let side = side(share, range);
        self.ensure(claim.contains('↑') == side.is_gt() && claim.contains('↓') == side.is_lt(), text);
    }

    /// That a sum rests on an assumed mix of lanes, among its facts and on its card, and what the lanes keep.
    pub(super) fn mixes(&self) {
        for (id, promise) in &self.results.promises {
            let Some(section) = self.by_id(&format!("promise-{id}")) else { continue };
            let facts = section.descendants().filter(|node| node.has_tag_name("li"));
            let texts = facts.map(|node| (zh(node), en(node))).filter(|(text, _)| text.contains("货量比例"));
            let texts: Vec<(String, String)> = texts.collect();
            self.ensure(texts.len() <= 1, &format!("{texts:?}"));
            match texts.first() {
                Some((text, english)) => self.mix(promise, text, english),
                None => self.ensure(!has_mix(promise), &format!("nothing is said of the mix of {id}")),
            }
        }
        for words in self.elements("p", "inputs").filter(|words| has_class(*words, "zh")) {
            let text = zh(words);
            let Some(promise) = words.parent().and_then(|card| link(card, "#promise-")) else { continue };
            if text.contains("货量比例") {
                let english = words.next_siblings().skip(1).find(|node| has_class(*node, "en")).map(en);
                self.mix(&self.results.promises[promise], &text, &english.unwrap_or_default());
            }
        }
    }

    fn mix(&self, promise: &Promise, text: &str, english: &str) {
        let Some(mix) = &promise.assumed_mix else {
            return self.ensure(false, &format!("no mix is assumed: {text}"));
        };
        let shares = promise.by_flow.values().filter_map(|share| share.estimate);
        let (low, high) =
            shares.clone().fold((f64::MAX, f64::MIN), |(a, b), share| (a.min(share), b.max(share)));
        self.ensure(
            (mix.low, mix.high) == (low, high) && mix.lanes as usize == shares.count(),
            &format!("{mix:?}"),
        );
        let is_whole = mix.assumed == mix.lanes;
        let counts = if is_whole {
            format!("（共{}条线路）", mix.lanes)
        } else {
            format!("部分为假设（{}条线路中的{}条）", mix.lanes, mix.assumed)
        };
        self.ensure(text.contains(&counts), &format!("{counts}: {text}"));
        let counts = if is_whole {
            format!("an assumed mix of {} lanes", mix.lanes)
        } else {
            format!("the volumes of {} of {}", mix.assumed, mix.lanes)
        };
        self.ensure(english.contains(&counts), &format!("{counts}: {english}"));
        for ends in [
            (between(text, "从", "%到"), between(text, "%到", "%不等")),
            (between(english, "keep from ", " % to"), between(english, " % to ", " %.")),
        ] {
            let (Some(first), Some(last)) = ends else {
                self.ensure(false, &format!("no ends: {text} {english}"));
                continue;
            };
            self.ensure(is_end(first, low, promise.target) && is_end(last, high, promise.target), text);
            self.ensure(first != last, &format!("a mix of one: {text}"));
        }
    }

    /// What the summary says of the same: as many counts as promises lead, and which of them lie beside their range or rest on a mix.
    pub(super) fn summary(&self, summary: &str) {
        let promises = &self.results.promises;
        let leading: Vec<&Promise> =
            promises.values().filter(|one| !promises.values().any(|sum| super::sums_up(sum, one))).collect();
        // Lines of a table break anywhere.
        let joined = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
        let table = summary.split("\n 参数抽样：").next().unwrap_or_default();
        let mut expected: Vec<String> = leading
            .iter()
            .filter_map(|promise| promise.inputs.as_ref())
            .map(|inputs| format!("{}/{}", inputs.share.kept_points, inputs.points))
            .collect();
        let said = table.split("✓ ").skip(1).filter_map(|rest| rest.split_whitespace().next());
        let mut said: Vec<String> = said.filter(|count| count.contains('/')).map(str::to_owned).collect();
        expected.sort();
        said.sort();
        self.ensure(said == expected, &format!("{expected:?}, but {said:?} in\n{table}"));
        let whole = joined(summary);
        if let Some(inputs) = leading.iter().find_map(|promise| promise.inputs.as_ref()) {
            self.ensure(whole.contains(&format!("抽样{}次，不计偶然性", inputs.points)), &whole);
            self.ensure(
                whole.contains("第5和第95百分位，✓") == (inputs.ends == RangeEnds::Percentiles),
                &whole,
            );
        }
        for (word, english, ordering) in [
            ("高于", "Abovetherangeofthedraws", std::cmp::Ordering::Greater),
            ("低于", "Belowtherangeofthedraws", std::cmp::Ordering::Less),
        ] {
            let claims: Vec<&str> = whole.split(&format!("结果{word}抽样范围：")).skip(1).collect();
            self.ensure(claims.is_empty() != whole.contains(english), &whole);
            let names: Vec<&str> = claims.iter().filter_map(|claim| claim.split("。原因").next()).collect();
            let mut expected: Vec<String> = Vec::new();
            for promise in &leading {
                let is_beside = promise
                    .inputs
                    .as_ref()
                    .is_some_and(|inputs| side(Some(&promise.share), inputs.share) == ordering);
                let name = joined(&promise.name.zh);
                if is_beside {
                    expected.push(name.clone());
                }
            }
            // Names may hold the mark between them: what is left of the claims without the names is nothing but marks.
            let mut rest = names.concat();
            expected.sort_by_key(|name| std::cmp::Reverse(name.len()));
            for name in &expected {
                self.ensure(rest.contains(name.as_str()), &format!("{name} lies beside its range: {rest}"));
                rest = rest.replacen(name.as_str(), "", 1);
            }
            self.ensure(rest.chars().all(|c| c == '、'), &format!("`{rest}` lies {word} no range"));
        }
        let said = whole.matches("分线路的按时送达率：").count();
        let of_mix = leading.iter().filter(|promise| has_mix(promise)).count();
        let at_most = leading.iter().filter(|promise| promise.assumed_mix.is_some()).count();
        self.ensure(said <= at_most && (of_mix == 0 || said > 0), &format!("{of_mix} mixes: {whole}"));
        for promise in leading.iter().filter(|promise| has_mix(promise)) {
            let ends =
                whole.split("分线路的按时送达率：").skip(1).filter_map(|claim| claim.split('。').next());
            let mix = promise.assumed_mix.as_ref().expect("a mix");
            let is_said = ends.flat_map(|claim| claim.split('，')).any(|claim| {
                let Some((low, high)) = claim.split_once("%—") else { return false };
                let low = numbers(low).pop().unwrap_or_default();
                is_end(&low, mix.low, promise.target)
                    && is_end(high.trim_end_matches('%'), mix.high, promise.target)
            });
            self.ensure(is_said, &format!("{mix:?} is not in {whole}"));
        }
    }
}
