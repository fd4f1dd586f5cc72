//! Mutations of scenario texts: bytes, tokens, numbers, texts, lines. A mutation is a pure function of its seed.

/// A stream of random words (SplitMix64): the same seed always gives the same mutation, on every machine.
pub(crate) struct Luck(u64);

impl Luck {
    pub(crate) fn new(seed: u64) -> Self {
        // Neighbouring seeds begin far from each other.
        let mut luck = Self(seed.wrapping_mul(0xD129_0B26_17C8_A6F5));
        luck.word();
        luck
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// Returns a number below `n`; 0 if there is none.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.word()) * n as u128) >> 64) as usize
    }

    pub(crate) fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// Numbers at the edges of types, and some that are only large, small or odd.
const NUMBERS: [&str; 44] = [
    "0",
    "1",
    "2",
    "-1",
    "7",
    "0.5",
    "1.5",
    "100",
    "1000",
    "65535",
    "65536",
    "100000",
    "1000000",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "1073741823",
    "1073741824",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "1e9",
    "1e18",
    "1e19",
    "1e300",
    "1e308",
    "1e309",
    "1e-9",
    "1e-300",
    "1e-320",
    "5e-324",
    "NaN",
    "inf",
    "-inf",
    "-0",
    "0.0000000000000000000000000001",
    "0.9999999999999999",
    "1.0000000000000002",
    "1_000",
    "+1",
];

const UNITS: [&str; 24] = [
    "ms",
    "s",
    "min",
    "h",
    "d",
    "w",
    "y",
    "",
    " ms",
    " h",
    "TEU",
    " t",
    "kg",
    " kt",
    "km",
    " CNY",
    " CNY/TEU",
    " USD/t",
    "%",
    " TEU/h",
    "km/h",
    " g/tkm",
    " shipments",
    " units",
];

/// Texts that have caused trouble somewhere.
const TEXTS: [&str; 30] = [
    "",
    " ",
    "-",
    "-x",
    "con",
    "nul",
    "..",
    "../../etc/passwd",
    "/dev/zero",
    "a\\u{0}b",
    "\\u{1b}[31m",
    "\\u{202e}x",
    "\\n\\n",
    "三",
    "👩‍🚀",
    "e\\u{301}",
    "2025-02-30",
    "2025-01-06T00:00",
    "2025-03-30T02:30[Europe/Berlin]",
    "0000-00-00",
    "9999-12-31T23:59",
    "-9999-01-01",
    "Mon-Sun 00:00-24:00",
    "Mon 25:30",
    "24:00-00:00",
    "2025-01-01..2024-01-01",
    "[0]",
    "a.b.c",
    "A",
    "Infinity",
];

/// Beginnings that are repeated to make a long text.
const LONG: [&str; 18] = [
    "1", "a", "-", "1h ", "1d 1h ", "Mon,", "Mon-", "1.", "0", " ", "\\n", "三", "a.", "[", "1e", "9 ", "`",
    "./",
];

/// Lengths of long texts, in characters.
const LENGTHS: [usize; 4] = [300, 3_000, 100_000, 100_000];

/// Splits a text into pieces: numbers, words, quoted texts, marks, white space.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let length = if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |end| end + 2)
        } else if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if first.is_whitespace() {
            rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len())
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn is_number(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_digit())
}

fn is_text(token: &str) -> bool {
    token.len() >= 2 && token.starts_with('"') && token.ends_with('"')
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic())
}

fn long_text(luck: &mut Luck) -> String {
    let length = *luck.one_of(&LENGTHS);
    let piece = *luck.one_of(&LONG);
    let mut text = piece.repeat(length / piece.len() + 1);
    if luck.below(2) == 0 {
        let unit: &&str = luck.one_of(&UNITS);
        text.push_str(unit);
    }
    text
}

/// Replaces a number inside a quoted text or standing alone.
fn another_number(token: &str, luck: &mut Luck) -> String {
    let number = *luck.one_of(&NUMBERS);
    if !is_text(token) {
        return number.to_owned();
    }
    let inside = &token[1..token.len() - 1];
    let unit = if luck.below(4) == 0 {
        *luck.one_of(&UNITS)
    } else {
        inside.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_'))
    };
    format!("\"{number}{unit}\"")
}

/// Returns one position among those that fit; `None` if none does.
fn place(tokens: &[&str], fits: impl Fn(&str) -> bool, luck: &mut Luck) -> Option<usize> {
    let places: Vec<usize> = (0..tokens.len()).filter(|&place| fits(tokens[place])).collect();
    (!places.is_empty()).then(|| *luck.one_of(&places))
}

/// Changes a token, or the order of two.
fn mutate_tokens(text: &str, others: &[&str], luck: &mut Luck) -> String {
    let old = tokens(text);
    let mut new: Vec<String> = old.iter().map(|&token| token.to_owned()).collect();
    let has_number = |token: &str| {
        is_number(token) || is_text(token) && token[1..].starts_with(|c: char| c.is_ascii_digit())
    };
    let is_something = |token: &str| !token.trim().is_empty() && !token.starts_with("//");
    match luck.below(10) {
        0..=3 => {
            if let Some(at) = place(&old, has_number, luck) {
                new[at] = another_number(old[at], luck);
            }
        }
        4 => {
            if let Some(at) = place(&old, is_text, luck) {
                new[at] = match luck.below(3) {
                    0 => format!("\"{}\"", long_text(luck)),
                    _ => format!("\"{}\"", *luck.one_of(&TEXTS)),
                };
            }
        }
        5 => {
            // A text from another position: a name of the wrong kind, a duration for a mass.
            if let (Some(at), Some(from)) = (place(&old, is_text, luck), place(&old, is_text, luck)) {
                old[from].clone_into(&mut new[at]);
            }
        }
        6 => {
            let other = tokens(others[luck.below(others.len())]);
            if let (Some(at), Some(from)) = (place(&old, is_word, luck), place(&other, is_word, luck)) {
                other[from].clone_into(&mut new[at]);
            }
        }
        7 => {
            if let Some(at) = place(&old, is_something, luck) {
                new[at] = String::new();
            }
        }
        8 => {
            if let Some(at) = place(&old, is_something, luck) {
                let again = new[at].clone();
                new.insert(at, again);
            }
        }
        _ => {
            if let (Some(a), Some(b)) = (place(&old, is_something, luck), place(&old, is_something, luck)) {
                new.swap(a, b);
            }
        }
    }
    new.concat()
}

fn mutate_lines(text: &str, others: &[&str], luck: &mut Luck) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (a, b) = (luck.below(lines.len()), luck.below(lines.len()));
    match luck.below(4) {
        0 => {
            lines.remove(a);
        }
        1 => lines.insert(a, lines[b]),
        2 => lines.swap(a, b),
        _ => {
            let other: Vec<&str> = others[luck.below(others.len())].split_inclusive('\n').collect();
            lines.insert(a, *luck.one_of(&other));
        }
    }
    lines.concat()
}

fn mutate_bytes(bytes: &mut Vec<u8>, luck: &mut Luck) {
    if bytes.is_empty() {
        return;
    }
    let at = luck.below(bytes.len());
    match luck.below(6) {
        0 => bytes[at] ^= 1 << luck.below(8),
        1 => bytes[at] = luck.below(256) as u8,
        2 => {
            bytes.remove(at);
        }
        3 => bytes.insert(at, *luck.one_of(b"()[]{}:,\"'\\/#-+0e \n\x00\x1b\xff")),
        4 => bytes.truncate(at),
        _ => {
            let end = (at + luck.below(200)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = luck.below(bytes.len());
            bytes.splice(to..to, piece);
        }
    }
}

/// Returns a text with one to four mutations. `others` are texts to take pieces from.
pub(crate) fn mutate(text: &str, others: &[&str], luck: &mut Luck) -> Vec<u8> {
    let mut text = text.to_owned();
    let n = [1, 1, 1, 2, 2, 3, 4][luck.below(7)];
    for _ in 0..n {
        match luck.below(10) {
            0..=6 => text = mutate_tokens(&text, others, luck),
            7 => text = mutate_lines(&text, others, luck),
            _ => {
                let mut bytes = text.into_bytes();
                mutate_bytes(&mut bytes, luck);
                match String::from_utf8(bytes) {
                    Ok(good) => text = good,
                    Err(error) => return error.into_bytes(),
                }
            }
        }
        if text.is_empty() {
            break;
        }
    }
    text.into_bytes()
}
