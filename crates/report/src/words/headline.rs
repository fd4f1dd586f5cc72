//! The order of promises for readers: first the aims of a run, then the promises of single lanes that an aim sums up.
//!
//! A hub has three aims, each measured on three or four clocks, and further promises for each of fifty lanes. Readers look for the aims
//! first. This module orders and names; it judges nothing and makes no markup.

use sanda_results::{Promise, Results, Text};

/// Marks that end the common part of the names of an aim: `一日达（门到门）`, `One day by air, door to door`.
const SEPARATORS: &[char] = &['（', '(', '，', ',', '：', ':', '–', '—'];

/// A promise with its id.
pub(crate) type Named<'a> = (&'a str, &'a Promise);

/// An aim: promises of one limit and target for the same flows, on one clock or several.
#[derive(Debug)]
pub(crate) struct Aim<'a> {
    /// Common part of the names of its promises; the whole name if it has one promise.
    pub(crate) name: Text,
    /// Door to door first, departure to arrival last, the others between them by id.
    pub(crate) promises: Vec<Named<'a>>,
}

impl Aim<'_> {
    /// Names what distinguishes a promise within the aim: `门到门`, `door to door`. A single promise has its full name.
    pub(crate) fn label(&self, promise: &Promise) -> Text {
        if self.promises.len() == 1 {
            return promise.name.clone();
        }
        let rest = |name: &str, common: &str| {
            let rest = name.strip_prefix(common).unwrap_or(name);
            let bare = rest.trim_matches(|c: char| SEPARATORS.contains(&c) || "）) ".contains(c));
            if bare.is_empty() { name.to_owned() } else { bare.to_owned() }
        };
        Text::new(rest(&promise.name.zh, &self.name.zh), rest(&promise.name.en, &self.name.en))
    }
}

/// Returns whether a promise covers a single lane and is summed up by a promise of the same clock, limit and target for several lanes.
pub(crate) fn is_of_a_lane(results: &Results, promise: &Promise) -> bool {
    let [lane] = promise.flows.as_slice() else { return false };
    results.promises.values().any(|sum| {
        sum.flows.len() > 1
            && sum.flows.contains(lane)
            && sum.clock == promise.clock
            && is_alike(sum, promise)
    })
}

/// Lists the leading promises by id: all but those of single lanes that another sums up.
pub(crate) fn leading(results: &Results) -> impl Iterator<Item = Named<'_>> {
    named(results).filter(|(_, promise)| !is_of_a_lane(results, promise))
}

/// Lists the promises of single lanes that a leading promise sums up, by id.
pub(crate) fn of_lanes(results: &Results) -> impl Iterator<Item = Named<'_>> {
    named(results).filter(|(_, promise)| is_of_a_lane(results, promise))
}

fn named(results: &Results) -> impl Iterator<Item = Named<'_>> {
    results.promises.iter().map(|(id, promise)| (id.as_str(), promise))
}

/// Groups the leading promises into aims: the same flows, limit and target, and names that begin alike. Aims are in the order of their first ids.
pub(crate) fn aims(results: &Results) -> Vec<Aim<'_>> {
    let mut aims: Vec<Aim<'_>> = Vec::new();
    for (id, promise) in leading(results) {
        let joined = aims.iter_mut().find_map(|aim| {
            let (_, first) = aim.promises.first()?;
            let is_same = first.flows == promise.flows && is_alike(first, promise);
            let name = is_same.then(|| common_name(&first.name, &promise.name)).flatten()?;
            // A third promise must share the whole name of the aim, or the second would lose part of its own.
            (aim.promises.len() == 1 || name == aim.name).then_some((aim, name))
        });
        match joined {
            Some((aim, name)) => {
                aim.name = name;
                aim.promises.push((id, promise));
            }
            None => aims.push(Aim { name: promise.name.clone(), promises: vec![(id, promise)] }),
        }
    }
    for aim in &mut aims {
        aim.promises.sort_by_key(|(_, promise)| match promise.clock.as_str() {
            "door-to-door" => 0,
            "departure-to-arrival" => 2,
            _ => 1,
        });
    }
    aims
}

/// Returns whether two promises have the same limit and target.
fn is_alike(one: &Promise, other: &Promise) -> bool {
    one.limit_hours == other.limit_hours
        && one.by_end_of_day == other.by_end_of_day
        && (one.target - other.target).abs() < 1e-9
}

/// Returns the common beginning of two names, in both languages.
fn common_name(one: &Text, other: &Text) -> Option<Text> {
    Some(Text::new(common(&one.zh, &other.zh)?, common(&one.en, &other.en)?))
}

/// Returns the common beginning of two different texts, up to a separator; `None` when there is none.
fn common(one: &str, other: &str) -> Option<String> {
    let alike = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let shared: usize = alike.map(|(character, _)| character.len_utf8()).sum();
    let head = &one[..one[..shared].rfind(SEPARATORS)?];
    let head = head.trim_end();
    (!head.is_empty()).then(|| head.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(promises: &[(&str, &str, &[&str], &str)]) -> Results {
        let mut results =
            Results::from_json(include_str!("../../tests/world.json")).expect("the test's results");
        let model = results.promises.values().next().expect("a promise").clone();
        results.promises = promises
            .iter()
            .map(|(id, clock, flows, en)| {
                let promise = Promise {
                    name: Text::new(en.replace(", ", "，"), *en),
                    flows: flows.iter().map(|&flow| flow.to_owned()).collect(),
                    clock: (*clock).to_owned(),
                    ..model.clone()
                };
                ((*id).to_owned(), promise)
            })
            .collect();
        results
    }

    #[test]
    fn an_aim_gathers_its_clocks_and_leaves_its_lanes_apart() {
        let results = results(&[
            ("air-carrier", "departure-to-arrival", &["a", "b"], "A day by air, departure to arrival"),
            ("air-door", "door-to-door", &["a", "b"], "A day by air, door to door"),
            ("air-lane", "door-to-door", &["a"], "A day by air, door to door, to A"),
            ("air-other-clock", "airport-to-airport", &["a"], "A day by air, airport to airport, to A"),
            ("rail", "door-to-door", &["c"], "Rail"),
        ]);
        let aims = aims(&results);
        let shown: Vec<String> = aims
            .iter()
            .map(|aim| {
                let labels: Vec<String> =
                    aim.promises.iter().map(|(_, promise)| aim.label(promise).en).collect();
                format!("{}: {}", aim.name.en, labels.join(" / "))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "A day by air: door to door / departure to arrival",
                "A day by air, airport to airport, to A: A day by air, airport to airport, to A",
                "Rail: Rail",
            ]
        );
        assert_eq!(of_lanes(&results).map(|(id, _)| id).collect::<Vec<_>>(), ["air-lane"]);
    }

    #[test]
    fn names_part_at_a_mark_and_not_within_a_word() {
        assert_eq!(common("A month, door", "A month, departure").as_deref(), Some("A month"));
        assert_eq!(common("一月达（门到门）", "一月达（站到站）").as_deref(), Some("一月达"));
        assert_eq!(common("Rail to Russia", "Rail to Poland"), None);
        assert_eq!(common(", a", ", b"), None);
    }
}
