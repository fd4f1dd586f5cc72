//! Fitting text into a width: cutting it with an ellipsis, and breaking it into lines.
//!
//! `unicode-linebreak` (UAX #14) finds the places where a line may end; this module chooses among them and adds two rules of Chinese
//! typesetting. It neither measures glyphs (`typeface`) nor draws (`picture`).

use unicode_linebreak::linebreaks;

use super::typeface::{self, Weight};

/// Marks that may not begin a line. UAX #14 allows a break before them, Chinese typesetting does not.
const NOT_FIRST: [char; 2] = ['—', '·'];

/// Quotation marks, and the brackets that stand for them in Chinese text while breaks are sought. Both take three bytes in UTF-8.
const QUOTATION_MARKS: [(char, char); 4] = [('“', '「'), ('”', '」'), ('‘', '『'), ('’', '』')];

/// Returns the text if it fits the width, else its longest beginning that fits with an ellipsis. Empty only if nothing fits.
pub(crate) fn fit(text: &str, size: f64, weight: Weight, width: f64) -> String {
    if typeface::width(text, size, weight) <= width {
        return text.to_owned();
    }
    let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let candidate = |n: usize| format!("{}…", text[..cuts[n]].trim_end());
    // The width grows with the number of characters: the first cut too many is found by halving.
    let fitting = |n: usize| typeface::width(&candidate(n), size, weight) <= width;
    let too_many = (0..cuts.len()).collect::<Vec<_>>().partition_point(|&n| fitting(n));
    if too_many == 0 { String::new() } else { candidate(too_many - 1) }
}

/// Breaks a text into at most `n_lines` lines of the given width. A last line that is too long is cut with an ellipsis.
///
/// A word wider than the line is cut. Returns at least one line, which may be empty.
pub(crate) fn wrap(text: &str, size: f64, weight: Weight, width: f64, n_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while lines.len() + 1 < n_lines && typeface::width(rest, size, weight) > width {
        let fitting = |end: &usize| typeface::width(rest[..*end].trim_end(), size, weight) <= width;
        let ends: Vec<usize> = breaks(rest);
        let n_fitting = ends.partition_point(fitting);
        let Some(&end) = n_fitting.checked_sub(1).and_then(|last| ends.get(last)) else { break };
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    lines.push(fit(rest, size, weight, width));
    lines
}

/// Returns the places, as byte offsets, at which a line may end before the end of the text.
fn breaks(text: &str) -> Vec<usize> {
    let places = linebreaks(&bracketed(text)).map(|(at, _)| at).collect::<Vec<_>>();
    places.into_iter().filter(|&at| at < text.len() && !text[at..].starts_with(NOT_FIRST)).collect()
}

/// Replaces quotation marks beside Chinese characters by brackets of the same length.
///
/// UAX #14 joins a quotation mark to the text on both sides, since it cannot tell opening from closing marks in all languages. In Chinese
/// text the marks are directed, so a line may break before an opening and after a closing one.
fn bracketed(text: &str) -> String {
    let mut before: Option<char> = None;
    let mut characters = text.chars().peekable();
    let mut bracketed = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        let is_in_chinese = [before, characters.peek().copied()].into_iter().flatten().any(typeface::is_wide);
        let bracket = QUOTATION_MARKS.into_iter().find(|(mark, _)| is_in_chinese && *mark == character);
        bracketed.push(bracket.map_or(character, |(_, bracket)| bracket));
        before = Some(character);
    }
    bracketed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_left_alone() {
        assert_eq!(fit("武汉", 20.0, Weight::Regular, 40.0), "武汉");
        assert_eq!(wrap(" 武汉 ", 20.0, Weight::Regular, 400.0, 2), ["武汉"]);
    }

    #[test]
    fn a_long_one_is_cut() {
        assert_eq!(fit("长江航运中心阳逻港", 20.0, Weight::Regular, 100.0), "长江航运…");
        assert_eq!(fit("长江", 20.0, Weight::Regular, 1.0), "");
    }

    #[test]
    fn lines_break_by_the_rules_of_both_scripts() {
        assert_eq!(
            wrap("武汉（吴家山）至Małaszewicze中转", 20.0, Weight::Regular, 130.0, 9),
            ["武汉（吴家", "山）至", "Małaszewicze", "中转"]
        );
        assert_eq!(
            wrap("from Wuhan to Duisburg", 20.0, Weight::Regular, 150.0, 2),
            ["from Wuhan to", "Duisburg"]
        );
        assert_eq!(wrap("", 20.0, Weight::Regular, 140.0, 2), [""]);
    }

    #[test]
    fn chinese_marks_stay_with_their_text() {
        let lines = |text: &str| wrap(text, 20.0, Weight::Regular, 100.0, 9);
        assert_eq!(lines("承诺书中“半月达”按时送达"), ["承诺书中", "“半月达”", "按时送达"]);
        assert_eq!(lines("莫斯科州·别雷拉斯特"), ["莫斯科州·", "别雷拉斯特"]);
        assert_eq!(lines("武汉吴家山—杜伊斯堡"), ["武汉吴家", "山—杜伊斯", "堡"]);
        assert_eq!(lines("按时送达率95%以上"), ["按时送达率", "95%以上"]);
        assert_eq!(lines("door-to-door time"), ["door-to-", "door time"]);
    }
}
