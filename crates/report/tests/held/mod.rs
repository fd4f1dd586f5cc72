//! Holds a page against the results it was made of: every claim that its sentences and tables make about the data is read from
//! the page and worked out anew from the figures, independently of the code that made it.
//!
//! Used on pages of hand-made results here, and of small real runs by the tests of the command.

mod draws;
mod sections;

use std::cell::RefCell;
use std::collections::BTreeSet;

use roxmltree::{Document, Node};
use sanda_report::report_html;
use sanda_results::{Figure, Promise, Results, Verdict};

/// Holds the page of some results against them; panics with the claims that are not so.
pub(crate) fn hold(results: &Results, context: &str) {
    let found = false_claims(&report_html(results), results, context);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The claims of a page, and of the summary of the same results, that are not so.
pub(crate) fn false_claims(page: &str, results: &Results, context: &str) -> Vec<String> {
    false_claims_of(page, &sanda_report::summary_text(results), results, context)
}

/// The claims of a page and of a summary that are not so of some results.
pub(crate) fn false_claims_of(page: &str, summary: &str, results: &Results, context: &str) -> Vec<String> {
    let xml = as_xml(page);
    let document = Document::parse(&xml).unwrap_or_else(|error| panic!("{context}: {error}"));
    let page = Page { document: &document, results, context, found: RefCell::default() };
    page.no_table_is_empty();
    page.no_id_is_prose();
    page.english_has_its_numbers();
    page.words_that_are_wrong();
    page.languages_agree();
    page.overall();
    page.sentences();
    page.matrices();
    page.lanes_of_promises();
    page.months();
    page.flows();
    page.resources();
    page.services();
    page.undelivered();
    page.disruptions();
    page.draws();
    page.draws_in_tables();
    page.mixes();
    page.summary(summary);
    page.found.into_inner()
}

/// The page as XML: HTML's void elements are closed and its document type, which XML reads otherwise, is dropped.
pub(crate) fn as_xml(page: &str) -> String {
    let mut xml = page.strip_prefix("<!DOCTYPE html>").expect("a document type").to_owned();
    for element in ["meta", "input"] {
        let mut closed = String::new();
        for (n, part) in xml.split(&format!("<{element} ")).enumerate() {
            if n == 0 {
                closed.push_str(part);
            } else {
                closed.extend(["<", element, " ", &part.replacen('>', "/>", 1)]);
            }
        }
        xml = closed;
    }
    xml
}

/// A page with the results it was made of.
pub(crate) struct Page<'a> {
    document: &'a Document<'a>,
    pub(crate) results: &'a Results,
    context: &'a str,
    found: RefCell<Vec<String>>,
}

impl<'a> Page<'a> {
    pub(crate) fn ensure(&self, holds: bool, claim: &str) {
        if !holds {
            self.found.borrow_mut().push(format!("{}: {claim}", self.context));
        }
    }

    pub(crate) fn elements(&self, tag: &'static str, class: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
        self.document.descendants().filter(move |node| node.has_tag_name(tag) && has_class(*node, class))
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<Node<'a, 'a>> {
        self.document.descendants().find(|node| node.attribute("id") == Some(id))
    }

    pub(crate) fn value(&self, path: &str) -> Option<f64> {
        self.results.figure(path).and_then(Figure::value)
    }

    /// The ids that have figures in a section.
    pub(crate) fn ids(&self, section: &str) -> BTreeSet<&'a str> {
        let results: &'a Results = self.results;
        let split = results.metrics.keys().filter_map(|path| sanda_results::paths::split(path));
        split.filter(|(of, _, _)| *of == section).map(|(_, id, _)| id).collect()
    }

    fn no_table_is_empty(&self) {
        for body in self.elements("tbody", "") {
            self.ensure(body.children().any(|row| row.has_tag_name("tr")), "a table has no rows");
        }
    }

    /// Every id of more than one word is told by a name, or in words, outside of the lists of parameters and the provenance.
    fn no_id_is_prose(&self) {
        let results = self.results;
        let mut ids: BTreeSet<&str> = BTreeSet::new();
        for path in results.metrics.keys() {
            if let Some((_, id, _)) = sanda_results::paths::split(path) {
                ids.insert(id);
            }
        }
        ids.extend(results.promises.keys().map(String::as_str));
        ids.extend(results.disruptions.keys().map(String::as_str));
        ids.extend(results.stage_order.values().flatten().map(String::as_str));
        for ways in results.routes.values() {
            ids.extend(ways.keys().map(String::as_str));
            ids.extend(
                ways.values().flat_map(|way| way.nodes.iter().chain(&way.borders)).map(String::as_str),
            );
        }
        ids.retain(|id| id.contains(['-', '.']));
        let is_prose = |node: &Node<'_, '_>| {
            !node
                .ancestors()
                .any(|above| ["code", "style", "script", "footer"].contains(&above.tag_name().name()))
        };
        for text in self.document.descendants().filter(Node::is_text).filter(is_prose) {
            let text = text.text().unwrap_or_default();
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'));
            for word in words.map(|word| word.trim_matches('.')) {
                self.ensure(!ids.contains(word), &format!("the id `{word}` stands in “{text}”"));
            }
        }
    }

    /// `1 shipments`, and the like.
    fn english_has_its_numbers(&self) {
        let plurals = [
            "shipments",
            "replications",
            "lanes",
            "promises",
            "days",
            "hours",
            "minutes",
            "seconds",
            "months",
            "parameters",
            "combinations",
            "checks",
            "assumptions",
            "clocks",
            "inputs",
            "others",
            "ones",
            "were",
            "have",
        ];
        for text in self.document.descendants().filter_map(|node| node.text()) {
            for plural in plurals {
                for (at, _) in text.match_indices(&format!("1 {plural}")) {
                    let before = text[..at].chars().next_back();
                    let is_whole = before.is_none_or(|c| !(c.is_ascii_digit() || c == '.' || c == ','));
                    let ends =
                        text[at + 2 + plural.len()..].chars().next().is_none_or(|c| !c.is_alphabetic());
                    self.ensure(!(is_whole && ends), &format!("“{text}”"));
                }
            }
        }
    }

    /// Every percentage of an English text stands in the Chinese beside it.
    fn languages_agree(&self) {
        for english in self.document.descendants().filter(|node| has_class(*node, "en")) {
            let before = english.prev_siblings().skip(1).find(Node::is_element);
            let Some(chinese) = before.filter(|node| has_class(*node, "zh")) else { continue };
            let (english, chinese) = (en(english), zh(chinese));
            let of_chinese = percentages(&chinese);
            for percent in percentages(&english) {
                self.ensure(
                    of_chinese.contains(&percent),
                    &format!("{percent} % in “{english}”, but “{chinese}”"),
                );
            }
        }
    }

    fn words_that_are_wrong(&self) {
        for node in self.document.descendants().filter(Node::is_text) {
            let is_script = |above: Node<'_, '_>| ["style", "script"].contains(&above.tag_name().name());
            if node.ancestors().any(is_script) {
                continue;
            }
            let text = node.text().unwrap_or_default();
            for wrong in ["放货", "时钟", "NaN", "Infinity", "：。", "，。", "；。", "  %"] {
                self.ensure(!text.contains(wrong), &format!("`{wrong}` in “{text}”"));
            }
        }
    }
}

pub(crate) fn has_class(node: Node<'_, '_>, class: &str) -> bool {
    class.is_empty()
        || node.attribute("class").is_some_and(|names| names.split(' ').any(|name| name == class))
}

/// What a reader of Chinese sees of an element; a figure apart.
pub(crate) fn zh(node: Node<'_, '_>) -> String {
    text_without(node, "en")
}

/// What a reader of English sees.
pub(crate) fn en(node: Node<'_, '_>) -> String {
    text_without(node, "zh")
}

fn text_without(node: Node<'_, '_>, class: &str) -> String {
    let hidden = |above: Node<'_, '_>| {
        above.has_tag_name("svg") || has_class(above, class) || has_class(above, "unseen")
    };
    let texts = node.descendants().filter(|inner| inner.is_text() && !inner.ancestors().any(hidden));
    let text: String = texts.filter_map(|inner| inner.text()).collect();
    // Marks that isolate names from right to left are not read.
    let text = text.replace(['\u{2068}', '\u{2069}'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The numbers before signs of per cent.
fn percentages(text: &str) -> Vec<String> {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.' || c == '<' || c == '>';
    let before_signs = text.match_indices('%').map(|(at, _)| text[..at].trim_end());
    let numbers = before_signs.map(|before| {
        let start = before.trim_end_matches(is_of_number).len();
        before[start..].to_owned()
    });
    numbers.filter(|number| !number.is_empty()).collect()
}

/// The cells of the rows of a table's body, heads of rows included.
pub(crate) fn rows<'d>(table: Node<'d, 'd>) -> Vec<Vec<Node<'d, 'd>>> {
    let bodies = table.children().filter(|node| node.has_tag_name("tbody"));
    let rows =
        bodies.flat_map(|body| body.children().filter(|node| node.has_tag_name("tr")).collect::<Vec<_>>());
    rows.map(|row| row.children().filter(Node::is_element).collect()).collect()
}

/// The number before the interval in a cell, its marks left out.
pub(crate) fn number(cell: Node<'_, '_>) -> String {
    let hidden = |above: Node<'_, '_>| {
        ["draws", "interval", "mark", "unseen"].iter().any(|class| has_class(above, class))
    };
    let texts = cell.descendants().filter(|inner| inner.is_text() && !inner.ancestors().any(hidden));
    texts.filter_map(|inner| inner.text()).collect::<String>().trim().trim_end_matches('†').to_owned()
}

/// Where the first link of an element leads.
pub(crate) fn link<'d>(node: Node<'d, 'd>, prefix: &str) -> Option<&'d str> {
    node.descendants().find_map(|inner| inner.attribute("href")?.strip_prefix(prefix))
}

/// Whether a printed number is a value, rounded at its last digit, or at one of its zeros at the end.
pub(crate) fn rounds_to(printed: &str, value: f64) -> bool {
    is_printed(printed, value, |number, half| (number - value).abs() <= half * (1.0 + 1e-9) + 1e-9)
}

/// Whether a printed number is a value, rounded up at its last digit, or at one of its zeros at the end.
pub(crate) fn rounds_up_to(printed: &str, value: f64) -> bool {
    is_printed(printed, value, |number, half| {
        number >= value - value.abs().max(1.0) * 1e-8 && number - value <= 2.0 * half * (1.0 + 1e-9)
    })
}

/// `fits` says whether a number, with half of its last digit, is one for the value.
fn is_printed(printed: &str, value: f64, fits: impl Fn(f64, f64) -> bool) -> bool {
    if printed == "∞" {
        return value == f64::INFINITY;
    }
    if let Some(bound) = printed.strip_prefix('<') {
        return value > 0.0 && bound.parse().is_ok_and(|bound: f64| value < bound);
    }
    if let Some(bound) = printed.strip_prefix('>') {
        return bound.parse().is_ok_and(|bound: f64| value > bound);
    }
    let plain = printed.replace(',', "");
    let Ok(number) = plain.parse::<f64>() else { return false };
    let mut half = 0.5;
    match plain.split_once('.') {
        Some((_, decimals)) => decimals.bytes().for_each(|_| half /= 10.0),
        None if number != 0.0 => {
            plain.bytes().rev().take_while(|byte| *byte == b'0').for_each(|_| half *= 10.0);
        }
        None => {}
    }
    fits(number, half) && (number != 0.0 || value <= 1e-12)
}

/// Whether a printed percentage is a share; 100 is all of it and 0 is none.
pub(crate) fn is_percent(printed: &str, share: f64) -> bool {
    let whole = printed.trim_end_matches('0').trim_end_matches('.');
    let half_or_less = match printed.split_once('.') {
        Some((_, decimals)) => (0..decimals.len()).fold(0.5, |half, _| half / 10.0),
        None => 0.5,
    };
    let fits = match printed.strip_prefix(['<', '>']) {
        Some(_) => rounds_to(printed, share * 100.0),
        None => printed
            .parse()
            .is_ok_and(|number: f64| (number - share * 100.0).abs() <= half_or_less * (1.0 + 1e-6) + 1e-9),
    };
    fits && (printed != "100" || share >= 1.0) && (!whole.is_empty() || share <= 0.0)
}

/// A time such as `14.2天` or `90 min`, with what it stands before taken off; in hours, with the number as it is printed and the hours
/// of its unit.
pub(crate) fn time(text: &str) -> Option<(String, f64)> {
    let units = [
        ("分钟", 1.0 / 60.0),
        ("小时", 1.0),
        ("秒", 1.0 / 3600.0),
        ("天", 24.0),
        (" min", 1.0 / 60.0),
        (" h", 1.0),
        (" s", 1.0 / 3600.0),
        (" d", 24.0),
    ];
    let end = text.find(|c: char| !(c.is_ascii_digit() || ['.', ',', '<', '∞'].contains(&c)))?;
    let (number, rest) = text.split_at(end);
    let (_, hours) = units.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
    (!number.is_empty()).then(|| (number.to_owned(), hours))
}

/// What stands between two pieces of a text.
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let from = text.find(before)? + before.len();
    let to = text[from..].find(after)? + from;
    Some(&text[from..to])
}

/// The rule by which a share is judged.
pub(crate) fn verdict(share: &Figure, target: f64) -> Verdict {
    match share.interval() {
        Some((low, _)) if low >= target => Verdict::Kept,
        Some((_, high)) if high < target => Verdict::Broken,
        _ => Verdict::Uncertain,
    }
}

/// The count behind a word in `达标2，未达标24，不确定1`; 0 where it is not said.
pub(crate) fn said(text: &str, word: &str) -> usize {
    let clauses = text.split(['，', '：', '。', '；', ' ', '中']);
    let mut counts = clauses.filter_map(|clause| clause.strip_prefix(word)?.parse().ok());
    counts.next().unwrap_or(0)
}

/// The share of a lane that keeps a promise.
pub(crate) fn lane_share<'r>(promise: &'r Promise, lane: &str) -> Option<&'r Figure> {
    let is_alone = promise.flows.len() == 1 && promise.by_flow.keys().all(|flow| flow == lane);
    promise.by_flow.get(lane).or_else(|| is_alone.then_some(&promise.share))
}

/// Whether one promise is that of a lane which the other sums up.
pub(crate) fn sums_up(sum: &Promise, one: &Promise) -> bool {
    sum.flows.len() > 1
        && one.flows.len() == 1
        && sum.flows.contains(&one.flows[0])
        && (&sum.clock, sum.limit_hours, sum.by_end_of_day)
            == (&one.clock, one.limit_hours, one.by_end_of_day)
        && (sum.target - one.target).abs() < 1e-9
}
