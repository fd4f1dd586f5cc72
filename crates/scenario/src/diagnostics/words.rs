//! The words of messages. Quoted texts are shortened, and characters that act on a terminal are replaced.
//!
//! Does not own the messages (`issue`) nor how they are laid out (`render`).

use std::borrow::Cow;

/// Longest quotation in a message, in characters. The line at the place shows the rest.
const LONGEST_QUOTATION: usize = 60;

/// Longest message, in characters. Our longest message, with eight names of full length, is shorter.
const LONGEST_MESSAGE: usize = 1_000;

/// Shortens the quotations of a message between backquotes, and the message as a whole.
pub(crate) fn shortened(words: String) -> String {
    // A text within the limit in bytes is also within it in characters.
    if words.len() <= LONGEST_QUOTATION {
        return words;
    }
    let mut text = String::new();
    let mut left = LONGEST_MESSAGE;
    for (place, piece) in words.split('`').enumerate() {
        if place > 0 {
            if left == 0 {
                text.push('…');
                return text;
            }
            text.push('`');
            left -= 1;
        }
        let is_quotation = place % 2 == 1;
        let most = if is_quotation { LONGEST_QUOTATION.min(left) } else { left };
        match piece.char_indices().nth(most) {
            None => {
                text.push_str(piece);
                left -= piece.chars().count();
            }
            Some((end, _)) => {
                text.push_str(&piece[..end]);
                text.push('…');
                left -= most;
                if left == 0 {
                    return text;
                }
            }
        }
    }
    text
}

/// Shortens a parameter path.
pub(crate) fn shortened_path(mut path: String) -> String {
    /// Longest path that is shown in full, in characters: four ids of full length.
    const LONGEST_PATH: usize = 256;
    if let Some((end, _)) = path.char_indices().nth(LONGEST_PATH) {
        path.truncate(end);
        path.push('…');
    }
    path
}

/// Whether a character acts on a terminal or a page instead of showing something: control characters,
/// characters that reorder text, line separators, invisible tags.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// A text in which every unprintable character is replaced by `U+FFFD`.
pub fn printable(words: &str) -> Cow<'_, str> {
    if words.contains(is_unprintable) {
        Cow::Owned(words.replace(is_unprintable, "\u{FFFD}"))
    } else {
        Cow::Borrowed(words)
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_MESSAGE, LONGEST_QUOTATION, is_unprintable, printable, shortened};

    #[test]
    fn long_quotations_are_shortened_and_their_surroundings_stay() {
        let text = shortened(format!("`{}` is no name, `x` is", "a".repeat(100_000)));
        assert_eq!(text, format!("`{}…` is no name, `x` is", "a".repeat(LONGEST_QUOTATION)));
        let chinese = shortened(format!("`{}` is no name", "三".repeat(200)));
        assert_eq!(chinese.chars().count(), "`` is no name".len() + LONGEST_QUOTATION + 1);
    }

    #[test]
    fn a_message_has_an_end_whatever_it_quotes() {
        for text in ["a".repeat(100_000), "`a".repeat(100_000), "`".repeat(100_000)] {
            // An ellipsis may replace the rest of a quotation and the rest of the message.
            assert!(shortened(text).chars().count() <= LONGEST_MESSAGE + 2);
        }
        assert_eq!(shortened("a".repeat(300)), "a".repeat(300));
    }

    #[test]
    fn characters_that_act_are_replaced_and_all_others_stay() {
        assert_eq!(printable("\u{1b}[31mred\u{7}\u{0}\u{9b}2J"), "\u{FFFD}[31mred\u{FFFD}\u{FFFD}\u{FFFD}2J");
        assert_eq!(printable("\u{202e}txt\u{2066}\u{61c}\u{200f}"), "\u{FFFD}txt\u{FFFD}\u{FFFD}\u{FFFD}");
        assert_eq!(printable("武汉 Małaszewicze ½ –“x” 👩‍🚀"), "武汉 Małaszewicze ½ –“x” 👩‍🚀");
        assert!(!is_unprintable('\u{200d}'), "joins emoji");
    }
}
