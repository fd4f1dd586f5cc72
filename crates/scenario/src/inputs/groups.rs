//! Shares that belong together: what one of them gains, others lose.
//!
//! Owns which shares of the language sum to one. Cases of a choice may sum to less; they are only kept from
//! summing to more.

use crate::{
    check::ROUNDING,
    path::ParameterPath,
    source::Span,
    tree::{Tree, Value},
};

use super::between::{decimal, split};

/// Parts of one in which shares are scaled.
const PARTS: i64 = 1_000_000_000;

/// Shares with a common sum, at least one of which has a range.
#[derive(Clone, Debug)]
pub(super) struct Group {
    members: Vec<Member>,
    /// Whether the sum may be less than one.
    may_be_less: bool,
}

#[derive(Clone, Debug)]
struct Member {
    path: ParameterPath,
    has_range: bool,
}

/// The groups to which some of the paths belong, each once.
pub(super) fn find(tree: &Tree, paths: &[&ParameterPath]) -> Vec<Group> {
    let mut roofs: Vec<(String, String, bool)> = Vec::new();
    for path in paths {
        let text = path.to_string();
        let Some((above, last)) = text.rsplit_once('.') else { continue };
        let roof = match above.rsplit_once('.') {
            Some((roof, _)) if last == "share" && roof.ends_with(".itineraries") => {
                (roof.to_owned(), ".share".to_owned(), false)
            }
            _ if last == "share" && above.ends_with(']') => {
                let Some((list, _)) = above.rsplit_once('[') else { continue };
                if !is_choice(tree, list) {
                    continue;
                }
                (list.to_owned(), ".share".to_owned(), true)
            }
            _ if text.starts_with("regimes.") && above.ends_with(".states") => {
                (above.to_owned(), String::new(), false)
            }
            _ => continue,
        };
        if !roofs.contains(&roof) {
            roofs.push(roof);
        }
    }
    let has_range = |path: &ParameterPath| paths.contains(&path);
    let member = |text: String| {
        let path: ParameterPath = text.parse().ok()?;
        let has_range = has_range(&path);
        path.follow(tree).is_ok().then_some(Member { path, has_range })
    };
    roofs
        .into_iter()
        .map(|(roof, end, may_be_less)| {
            let members =
                names(tree, &roof).into_iter().filter_map(|name| member(format!("{roof}{name}{end}")));
            Group { members: members.collect(), may_be_less }
        })
        .collect()
}

/// Whether a list of cases belongs to a `Choose`. Other lists may have steps with a share of their own.
fn is_choice(tree: &Tree, list: &str) -> bool {
    let above = list.parse::<ParameterPath>().ok().and_then(|path| path.follow(tree).ok().cloned());
    above.is_some_and(|tree| matches!(&tree.value, Value::Tuple { name: Some(name), .. } if name == "Choose"))
}

/// The path segments of the members of a map or list.
fn names(tree: &Tree, roof: &str) -> Vec<String> {
    let Some(tree) = roof.parse::<ParameterPath>().ok().and_then(|path| path.follow(tree).ok()) else {
        return Vec::new();
    };
    let count = |n: usize| (0..n).map(|index| format!("[{index}]")).collect();
    match &tree.value {
        Value::Map(entries) => entries
            .iter()
            .filter_map(|(key, _)| match &key.value {
                Value::Text(text) | Value::Ident(text) => Some(format!(".{text}")),
                _ => None,
            })
            .collect(),
        Value::List(items) => count(items.len()),
        Value::Tuple { items, .. } => match &items[0].value {
            Value::List(items) => count(items.len()),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

impl Group {
    /// Scales the shares so that they sum to one again. The shares without a range take the rest. If there
    /// are none, or if nothing is left for them, all shares with a range are scaled.
    pub(super) fn normalise(&self, tree: &mut Tree) {
        let value = |member: &Member| member.path.follow(tree).ok().and_then(share);
        let Some(shares) = self.members.iter().map(value).collect::<Option<Vec<f64>>>() else { return };
        let sum_of = |ranged: bool| {
            let chosen = self.members.iter().zip(&shares).filter(|(member, _)| member.has_range == ranged);
            chosen.map(|(_, share)| share).sum::<f64>()
        };
        let (ranged, fixed) = (sum_of(true), sum_of(false));
        // Shares that sum to one by the rule of the checks stay as written.
        let excess = ranged + fixed - 1.0;
        if excess.abs() <= ROUNDING || self.may_be_less && excess <= 0.0 {
            return;
        }
        let (by_ranged, by_fixed) = match 1.0 - ranged {
            rest if fixed > 0.0 && rest >= 0.0 => (1.0, rest / fixed),
            _ if ranged > 0.0 => (1.0 / ranged, 0.0),
            _ => return,
        };
        // Whole parts: the largest share takes all rounding, and the sum is exactly one.
        let parts = |share: f64| (share * PARTS as f64).round() as i64;
        let scaled = self
            .members
            .iter()
            .zip(shares)
            .map(|(member, share)| parts(share * if member.has_range { by_ranged } else { by_fixed }));
        let mut scaled: Vec<i64> = scaled.collect();
        let rest = PARTS - scaled.iter().sum::<i64>();
        if let Some(largest) = scaled.iter_mut().max() {
            *largest += rest;
        }
        for (member, parts) in self.members.iter().zip(scaled) {
            let text = Value::Number(decimal(parts as f64 / PARTS as f64));
            let span = member.path.follow(tree).map_or(Span::default(), |tree| tree.span);
            let _ = member.path.put(tree, Tree::new(text, span), span);
        }
    }
}

fn share(tree: &Tree) -> Option<f64> {
    match &tree.value {
        Value::Number(text) => text.parse().ok(),
        Value::Text(text) => match split(text) {
            Some((percent, "%")) => Some(percent / 100.0),
            Some(_) => None,
            None => text.parse().ok(),
        },
        _ => None,
    }
}
