//! The fonts of the figures: which font draws a character, how wide a text is, and the outlines of its glyphs.
//!
//! It breaks no lines (`typeset`), places no text on a page and draws nothing. The four files in `fonts/` are compiled in and no font of
//! the system is used, so every machine sets the same text at the same place.
//!
//! Two designs are needed because the Chinese one lacks ł, ź, č and ř. The Latin design draws every character that it has, and the Chinese
//! one draws the others. Quotation marks, dashes and the ellipsis follow the script beside them. A character in neither is an empty box.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, OutlineCurve};

/// Units to the em of all four fonts; asserted by a test.
pub(crate) const UNITS_PER_EM: f32 = 1000.0;

/// Space set between a Chinese character and a Latin letter or digit, in font units: the customary eighth to quarter of an em.
const SCRIPT_GAP: f32 = 150.0;

/// Weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// For nearly all text.
    Regular,
    /// For titles and verdicts.
    Bold,
}

/// The two designs of one weight.
struct Family {
    latin: FontRef<'static>,
    han: FontRef<'static>,
}

static REGULAR: LazyLock<Family> = LazyLock::new(|| Family {
    latin: parse(include_bytes!("../../fonts/NotoSans-Regular-subset.ttf")),
    han: parse(include_bytes!("../../fonts/NotoSansSC-Regular-subset.otf")),
});

static BOLD: LazyLock<Family> = LazyLock::new(|| Family {
    latin: parse(include_bytes!("../../fonts/NotoSans-Bold-subset.ttf")),
    han: parse(include_bytes!("../../fonts/NotoSansSC-Bold-subset.otf")),
});

fn parse(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the fonts compiled into the crate are well formed")
}

/// Which design draws a glyph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Design {
    Latin,
    Han,
}

/// A glyph and its place on the line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    weight: Weight,
    design: Design,
    glyph: GlyphId,
    /// Distance from the start of the line in font units.
    pub(crate) x: f32,
}

impl Placed {
    /// The curves of the glyph in font units, y upwards, relative to its own origin; none for a space.
    pub(crate) fn curves(self) -> Vec<OutlineCurve> {
        font(self.weight, self.design).outline(self.glyph).map(|outline| outline.curves).unwrap_or_default()
    }
}

/// A line of text with its glyphs in place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// Its glyphs from left to right.
    pub(crate) glyphs: Vec<Placed>,
    /// Its width in font units.
    pub(crate) advance: f32,
}

/// Sets a text on one line. Line breaks and tabs become spaces; characters without width are skipped.
///
/// The bold fonts hold common characters only. A text with a character that they lack is set in regular as a whole.
pub(crate) fn set(text: &str, weight: Weight) -> Line {
    let weight = if weight == Weight::Bold && !bold_has_all(text) { Weight::Regular } else { weight };
    let mut line = Line::default();
    let mut before: Option<char> = None;
    let mut characters = text.chars().filter(|&c| !is_invisible(c)).peekable();
    while let Some(raw) = characters.next() {
        let character = if raw.is_control() || raw == '\u{2028}' { ' ' } else { raw };
        if let Some(before) = before {
            line.advance += space_between(before, character);
        }
        let beside_han = [before, characters.peek().copied()].into_iter().flatten().any(is_wide);
        let design = design_of(character, beside_han, weight);
        let font = font(weight, design);
        let glyph = font.glyph_id(character);
        line.glyphs.push(Placed { weight, design, glyph, x: line.advance });
        line.advance += font.h_advance_unscaled(glyph);
        before = Some(character);
    }
    line
}

/// Returns the width of a text at a size, in the unit of the size.
pub(crate) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    f64::from(set(text, weight).advance) * size / f64::from(UNITS_PER_EM)
}

/// Returns whether a character is set like Chinese: an ideograph, a full-width form, or their punctuation.
pub(crate) fn is_wide(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' | '\u{20000}'..='\u{3FFFF}')
}

fn font(weight: Weight, design: Design) -> &'static FontRef<'static> {
    let family = match weight {
        Weight::Regular => &*REGULAR,
        Weight::Bold => &*BOLD,
    };
    match design {
        Design::Latin => &family.latin,
        Design::Han => &family.han,
    }
}

fn has(weight: Weight, design: Design, character: char) -> bool {
    font(weight, design).glyph_id(character) != GlyphId(0)
}

fn bold_has_all(text: &str) -> bool {
    text.chars().filter(|c| !c.is_control() && !is_invisible(*c)).all(|c| {
        let known = |weight| has(weight, Design::Latin, c) || has(weight, Design::Han, c);
        // What regular lacks as well is a box in either weight.
        known(Weight::Bold) || !known(Weight::Regular)
    })
}

fn design_of(character: char, beside_han: bool, weight: Weight) -> Design {
    let shared = matches!(character, '“' | '”' | '‘' | '’' | '…' | '—' | '·');
    let han_first = is_wide(character) || (shared && beside_han);
    let han = match (has(weight, Design::Latin, character), has(weight, Design::Han, character)) {
        (true, true) => han_first,
        (true, false) => false,
        (false, true) => true,
        // The box for a missing character is as wide as its script.
        (false, false) => is_wide(character),
    };
    if han { Design::Han } else { Design::Latin }
}

/// Returns whether a character has no shape: joiners, direction marks and variation selectors, which act on their neighbours.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{AD}')
}

/// Returns the space to add between two neighbours, in font units.
///
/// There is a gap between the scripts. Two full-width marks stand half an em closer, because their blank halves would leave a hole.
fn space_between(left: char, right: char) -> f32 {
    let ideograph = |c: char| is_wide(c) && c.is_alphanumeric() && !matches!(c, '\u{FF00}'..='\u{FFEF}');
    let latin = |c: char| {
        (c.is_alphanumeric() && !is_wide(c)) || matches!(c, '%' | '‰' | '<' | '>' | '≤' | '≥' | '≈' | '°')
    };
    let blank_after = |c: char| "，。；：、）》」』】〕”’".contains(c);
    let blank_before = |c: char| "（《「『【〔“‘".contains(c);
    let mark = |c: char| blank_after(c) || blank_before(c);
    if (ideograph(left) && latin(right)) || (latin(left) && ideograph(right)) {
        SCRIPT_GAP
    } else if (blank_after(left) && mark(right)) || (blank_before(left) && blank_before(right)) {
        // Latin quotation marks are narrow already.
        if "“”‘’".contains(left) && "“”‘’".contains(right) {
            0.0
        } else {
            -UNITS_PER_EM / 2.0
        }
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn designs(text: &str) -> String {
        set(text, Weight::Regular)
            .glyphs
            .iter()
            .map(|g| if g.design == Design::Han { '汉' } else { 'a' })
            .collect()
    }

    #[test]
    fn all_fonts_have_a_thousand_units_to_the_em() {
        for weight in [Weight::Regular, Weight::Bold] {
            for design in [Design::Latin, Design::Han] {
                assert_eq!(font(weight, design).units_per_em(), Some(UNITS_PER_EM));
            }
        }
    }

    #[test]
    fn a_latin_word_comes_from_one_font() {
        assert_eq!(designs("Małaszewicze Łódź Wrocław Dvůr č ř"), "a".repeat(34));
        assert_eq!(designs("武汉“光谷”a"), "汉汉汉汉汉汉a");
        assert_eq!(designs("a“b”—c"), "aaaaaa");
        assert_eq!(designs("武—a—汉"), "汉汉a汉汉");
    }

    #[test]
    fn everything_promised_has_a_shape() {
        let wanted = "武汉鄂州花湖阳逻吴家山泸州瀛漢鹍≤≥→←↑↓±×−²³₂…–—“”·°№€£¥，。；：（）《》「」、！？％āčďęłńřśťůźžÄÖÜßåøñçЖДяΩμ按时送达率未标不确定";
        for character in wanted.chars() {
            assert!(
                has(Weight::Regular, Design::Latin, character)
                    || has(Weight::Regular, Design::Han, character),
                "{character}"
            );
        }
    }

    #[test]
    fn bold_is_all_or_nothing() {
        let weights = |text| set(text, Weight::Bold).glyphs.iter().map(|g| g.weight).collect::<Vec<_>>();
        assert_eq!(weights("武汉"), [Weight::Bold; 2]);
        assert_eq!(
            weights("武汉龘"),
            [Weight::Bold; 3],
            "a character in neither weight is a box in the wanted one"
        );
        assert_eq!(weights("武汉鼯"), [Weight::Regular; 3], "a rare character of GB 2312");
    }

    #[test]
    fn chinese_and_digits_are_set_apart() {
        let apart = set("在15天", Weight::Regular).advance;
        let spaced = ["在", "15", "天"].iter().map(|t| set(t, Weight::Regular).advance).sum::<f32>();
        assert!((apart - spaced - 2.0 * SCRIPT_GAP).abs() < 0.5);
        assert!((set("）。", Weight::Regular).advance - 1500.0).abs() < 0.5, "neighbouring marks close up");
        assert!(
            (set("（1）", Weight::Regular).advance - set("（）", Weight::Regular).advance - 572.0).abs()
                < 1.0
        );
    }

    #[test]
    fn no_text_panics() {
        for text in ["", "\n\t", "🚂", "\u{301}", "العربية", "e\u{301}", "\u{200D}\u{FE0F}", "\u{10FFFF}"]
        {
            let line = set(text, Weight::Bold);
            assert!(line.advance >= 0.0);
            line.glyphs.iter().for_each(|glyph| drop(glyph.curves()));
        }
    }
}
