//! Fitting text into a width: cutting it with an ellipsis, and breaking it into lines by the rules of both scripts.
//!
//! It decides what is set where on a line of given width; it neither measures glyphs (`typeface`) nor draws (`picture`).

use crate::typeface::{self, Weight};

/// Marks that may not begin a line.
const NOT_FIRST: &str = "，。；：、！？）》」』】〕％…—·,.;:!?)]}%”’";
/// Marks that may not end a line.
const NOT_LAST: &str = "（《「『【〔([{“‘";

/// The text itself where it fits the width, else its longest beginning that fits with an ellipsis. Empty only if nothing fits.
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

/// Breaks a text into at most `n_lines` lines of the given width; what is left over is cut with an ellipsis on the last.
///
/// Breaks fall at spaces and between Chinese characters, never before closing punctuation or after opening punctuation. A word wider
/// than the line is cut. Returns at least one line, which may be empty.
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

/// The places, as byte offsets, at which a line may end.
fn breaks(text: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        if let Some(before) = before {
            let wide = typeface::is_wide(before) || typeface::is_wide(character);
            let at_space = before == ' ' && character != ' ';
            if at_space
                || (wide && !NOT_FIRST.contains(character) && !NOT_LAST.contains(before) && character != ' ')
            {
                places.push(at);
            }
        }
        before = Some(character);
    }
    places
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
}
