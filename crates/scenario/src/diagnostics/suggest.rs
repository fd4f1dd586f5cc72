//! "Did you mean": the nearest of a list of names.
//!
//! Does not own the origin of the names.

/// Largest number of candidates that are compared. A suggestion is not worth more time.
const MOST_CANDIDATES: usize = 2_000;

/// Largest number of pairs of characters that are compared for one suggestion: some milliseconds. It
/// suffices for 600 candidates of 40 characters.
const MOST_PAIRS: usize = 1_000_000;

/// Longest word that is compared, in characters. Time grows with the product of the lengths, and no name is
/// longer.
const LONGEST_WORD: usize = 100;

/// The candidate most similar to `written`, if one is similar enough to have been meant.
pub fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if !is_comparable(written) {
        return None;
    }
    let folded = fold(written);
    let length = folded.chars().count();
    let allowed = (length / 3).max(1);
    let mut pairs_left = MOST_PAIRS;
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| is_comparable(candidate))
        .map(|candidate| (distance(&folded, &fold(candidate), allowed, &mut pairs_left), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate)
}

fn is_comparable(word: &str) -> bool {
    word.len() <= LONGEST_WORD || word.chars().nth(LONGEST_WORD).is_none()
}

/// The hint naming the nearest candidate.
pub fn did_you_mean<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(written, candidates).map(|name| format!("did you mean `{name}`?"))
}

/// A few names in backquotes, joined by commas, with "..." for the rest.
pub fn list_names<'c>(names: impl IntoIterator<Item = &'c str>) -> String {
    const MOST: usize = 8;
    let mut quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if quoted.len() > MOST {
        quoted.truncate(MOST);
        quoted.push("...".to_owned());
    }
    quoted.join(", ")
}

/// The expectation that the text is one of these names.
pub fn expected_one_of<'c>(names: impl IntoIterator<Item = &'c str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [] => "expected nothing here".to_owned(),
        [name] => format!("expected `{name}`"),
        _ => format!("expected one of {}", list_names(names)),
    }
}

/// The name without case and separators: `LogNormal`, `log_normal` and `log-normal` are one name.
pub(crate) fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

/// The number of edits from one name to the other. If it is above `allowed`, or if no more pairs may be
/// compared, a number above `allowed`.
fn distance(a: &str, b: &str, allowed: usize, pairs_left: &mut usize) -> usize {
    let (a_length, b_length) = (a.chars().count(), b.chars().count());
    // An abbreviation or a longer form is near, however long the rest ("poisson" for "pois").
    if a != b && a_length.min(b_length) >= 3 && (a.starts_with(b) || b.starts_with(a)) {
        return 1;
    }
    let n_pairs = a_length * b_length;
    if a_length.abs_diff(b_length) > allowed || n_pairs > *pairs_left {
        return allowed + 1;
    }
    *pairs_left -= n_pairs;
    strsim::osa_distance(a, b)
}

/// Texts joined by commas. Of more than `most` the rest is counted: "a, b and 3 more".
pub(crate) fn first_of(texts: &[String], most: usize) -> String {
    let named = texts.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
    if texts.len() > most { format!("{named} and {} more", texts.len() - most) } else { named }
}
